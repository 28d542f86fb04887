//! The client against a small internet on loopback.

pub(crate) mod world;

use std::io::Read as _;
use std::sync::{Arc, Condvar, Mutex};
use std::time::Duration;

use url::Url;

use super::{Client, Credential, Error, NetSettings, NoUrlConfig, UrlConfig, UrlOptions};
use crate::error::Classify as _;
use world::{Reply, Seen, World};

/// git's configuration as a test wants it.
#[derive(Default)]
struct Config {
    options: UrlOptions,
    /// What the helper answers.
    helper: Option<(&'static str, &'static str)>,
    /// `fill`, `approve` and `reject` in the order they were called.
    calls: Mutex<Vec<&'static str>>,
}

impl UrlConfig for Config {
    fn options(&self, _url: &Url) -> UrlOptions {
        self.options.clone()
    }

    fn fill(&self, _url: &Url) -> Option<Credential> {
        self.calls.lock().unwrap().push("fill");
        self.helper.map(|(username, password)| Credential {
            username: username.to_owned(),
            password: password.to_owned(),
        })
    }

    fn approve(&self, _url: &Url, _credential: &Credential) {
        self.calls.lock().unwrap().push("approve");
    }

    fn reject(&self, _url: &Url, _credential: &Credential) {
        self.calls.lock().unwrap().push("reject");
    }
}

fn plain() -> Arc<dyn UrlConfig> {
    Arc::new(NoUrlConfig)
}

fn text(client: &Client, url: &str) -> String {
    let bytes = client.get(url, &[]).unwrap().read_to_end(1000).unwrap();
    String::from_utf8(bytes).unwrap()
}

const SECRET: &str = "Basic bWU6cHc="; // me:pw

/// Asks for `me:pw` and repeats the path when it gets it.
fn guarded(seen: &Seen) -> Reply {
    if seen
        .headers
        .get("authorization")
        .is_some_and(|given| given == SECRET)
    {
        return Reply::ok("welcome");
    }
    Reply::status(401).with("WWW-Authenticate", "Basic realm=\"x\"")
}

#[test]
fn an_https_host_is_reached_through_the_proxy_with_the_authority_of_ssl_cert_file() {
    let world = World::new(&["h.example"], |seen| Reply::ok(&seen.url));
    let (client, _) = world.client(plain());
    assert_eq!(
        text(&client, "https://h.example/x?y"),
        "https://h.example/x?y"
    );
    assert!(world.seen()[0].proxied);
    assert!(world.seen()[0].headers["user-agent"].starts_with("git/"));
    assert!(!world.seen()[0].headers.contains_key("accept-encoding"));
}

#[test]
fn plain_http_goes_through_its_own_proxy() {
    let world = World::new(&[], |seen| Reply::ok(&seen.url));
    let (client, _) = world.client(plain());
    assert_eq!(text(&client, "http://h.example/x"), "http://h.example/x");
    assert!(world.seen()[0].proxied);
}

#[test]
fn a_host_in_no_proxy_is_asked_directly() {
    let world = World::new(&[], |_| Reply::ok("x"));
    let mut settings = world.settings();
    // This address leads to loopback without being one of its own addresses.
    let url = format!("http://0.0.0.0:{}/x", world.address.port());
    let (client, _) = world.client_with(settings.clone(), plain());
    text(&client, &url);
    settings.no_proxy = Some("a.example,0.0.0.0".to_owned());
    let (client, _) = world.client_with(settings, plain());
    text(&client, &url);
    let ways: Vec<bool> = world.seen().iter().map(|seen| seen.proxied).collect();
    assert_eq!(ways, [true, false]);
}

#[test]
fn a_socks_proxy_is_given_the_name_and_the_password() {
    let world = World::new(&["h.example"], |_| Reply::ok("x"));
    let mut settings = world.settings();
    settings.https_proxy = None;
    settings.all_proxy = Some(format!("socks5h://me:p%77@{}", world.address));
    let (client, _) = world.client_with(settings, plain());
    assert_eq!(text(&client, "https://h.example/x"), "x");
    assert!(world.seen()[0].proxied);
}

/// The first bytes that the client sends to open a TLS connection.
fn hello(options: UrlOptions) -> Vec<u8> {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("https://{}/", listener.local_addr().unwrap());
    let settings = NetSettings {
        git_ssl_no_verify: true,
        retry_delays: Vec::new(),
        ..NetSettings::default()
    };
    let config = Config {
        options,
        ..Config::default()
    };
    let client = Client::new(settings, Arc::new(config));
    std::thread::scope(|scope| {
        let server = scope.spawn(|| {
            let mut bytes = vec![0; 4096];
            let length = listener.accept().unwrap().0.read(&mut bytes).unwrap();
            bytes.truncate(length);
            bytes
        });
        assert!(client.get(&url, &[]).is_err());
        server.join().unwrap()
    })
}

#[test]
fn http_2_is_offered_unless_git_is_told_otherwise() {
    let offers = |bytes: &[u8], name: &[u8]| bytes.windows(name.len()).any(|part| part == name);
    let usual = hello(UrlOptions::default());
    assert!(offers(&usual, b"\x02h2") && offers(&usual, b"\x08http/1.1"));
    let old = hello(UrlOptions {
        http1_only: true,
        ..UrlOptions::default()
    });
    assert!(!offers(&old, b"\x02h2") && offers(&old, b"\x08http/1.1"));
}

#[test]
fn connections_are_kept_over_redirects_and_refusals() {
    let world = World::new(&["h.example"], |seen| match seen.url.as_str() {
        "https://h.example/old" => Reply {
            body: vec![b'x'; 9000],
            ..Reply::status(301).with("Location", "/new")
        },
        _ => guarded(seen),
    });
    let config = Config {
        helper: Some(("me", "pw")),
        ..Config::default()
    };
    let (client, _) = world.client(Arc::new(config));
    assert_eq!(text(&client, "https://h.example/old"), "welcome");
    assert_eq!((world.requests().len(), world.connections()), (3, 1));
}

#[test]
fn gits_http_proxy_goes_before_the_environments() {
    let world = World::new(&[], |_| Reply::ok("x"));
    let mut settings = world.settings();
    settings.http_proxy = Some("http://nowhere.invalid:1".to_owned());
    let config = Config {
        options: UrlOptions {
            proxy: Some(world.address.to_string()),
            ..UrlOptions::default()
        },
        ..Config::default()
    };
    let (client, _) = world.client_with(settings, Arc::new(config));
    assert_eq!(text(&client, "http://h.example/"), "x");
}

#[test]
fn an_unknown_authority_is_an_error_that_is_not_tried_again() {
    let world = World::new(&["h.example"], |_| Reply::ok("x"));
    let other = World::new(&[], |_| Reply::ok("x"));
    let mut settings = world.settings();
    settings.ssl_cert_file = Some(other.ca());
    let (client, pauses) = world.client_with(settings.clone(), plain());
    let error = client
        .get("https://me:pass-word@h.example/", &[])
        .unwrap_err();
    assert!(matches!(error, Error::Untrusted { .. }), "{error}");
    // Names made up for folders are shorter.
    assert!(!error.to_string().contains("pass-word") && !error.hints().is_empty());
    assert!(pauses.0.lock().unwrap().is_empty());

    let trusting = [
        NetSettings {
            git_ssl_cainfo: Some(world.ca()),
            ..settings.clone()
        },
        NetSettings {
            git_ssl_no_verify: true,
            ..settings.clone()
        },
        NetSettings {
            ssl_cert_file: None,
            ssl_cert_dir: Some(format!("/nowhere:{}", world.folder.path().display())),
            ..settings
        },
    ];
    for settings in trusting {
        let (client, _) = world.client_with(settings, plain());
        assert_eq!(text(&client, "https://h.example/"), "x");
    }
}

#[test]
fn a_certificate_file_without_certificates_is_named() {
    let world = World::new(&["h.example"], |_| Reply::ok("x"));
    let path = world.folder.path().join("empty.pem");
    crate::fsx::write_atomic(&path, b"nothing").unwrap();
    let mut settings = world.settings();
    settings.ssl_cert_file = Some(path);
    let (client, _) = world.client_with(settings, plain());
    let error = client.get("https://h.example/", &[]).unwrap_err();
    assert!(error.to_string().contains("empty.pem"), "{error}");
    // Where no certificate is looked at, none is missed.
    assert_eq!(text(&client, "http://h.example/"), "x");
}

#[test]
fn redirects_are_followed_and_the_last_address_is_told() {
    let world = World::new(&["a.example", "b.example"], |seen| {
        match seen.url.as_str() {
            "https://a.example/x" => Reply::status(301).with("Location", "/y"),
            "https://a.example/y" => Reply::status(302).with("Location", "https://b.example/z"),
            _ => Reply::ok("there"),
        }
    });
    let (client, _) = world.client(plain());
    let response = client.get("https://a.example/x", &[]).unwrap();
    assert_eq!(response.final_url().as_str(), "https://b.example/z");
    assert_eq!(response.status(), 200);
}

#[test]
fn a_post_is_sent_again_where_it_is_redirected_to() {
    let world = World::new(&["a.example", "b.example"], |seen| {
        if seen.url.starts_with("https://a.example") {
            return Reply::status(301).with("Location", "https://b.example/new/git-upload-pack");
        }
        Reply::ok("pack")
    });
    let (client, _) = world.client(plain());
    let headers = [("Git-Protocol", "version=2")];
    client
        .post("https://a.example/git-upload-pack", &headers, b"want")
        .unwrap();
    let last = &world.seen()[1];
    assert_eq!(
        (last.method.as_str(), last.body.as_slice()),
        ("POST", &b"want"[..])
    );
    assert_eq!(last.headers["git-protocol"], "version=2");
}

#[test]
fn a_redirect_to_plain_http_is_refused() {
    let world = World::new(&["a.example"], |_| {
        Reply::status(301).with("Location", "http://a.example/?token=abc")
    });
    let (client, _) = world.client(plain());
    let error = client
        .get("https://a.example/x", &[])
        .unwrap_err()
        .to_string();
    assert!(
        error.contains("unprotected") && !error.contains("abc"),
        "{error}"
    );
    assert_eq!(world.requests().len(), 1);
}

#[test]
fn redirects_in_a_circle_end() {
    let world = World::new(&["a.example"], |_| {
        Reply::status(302).with("Location", "/x")
    });
    let (client, _) = world.client(plain());
    let error = client.get("https://a.example/x", &[]).unwrap_err();
    assert!(matches!(error, Error::TooManyRedirects { .. }), "{error}");
    assert_eq!(world.requests().len(), 11);
}

#[test]
fn passwords_and_extra_headers_do_not_follow_to_another_host() {
    let world = World::new(&["a.example", "b.example"], |seen| {
        if seen.url.starts_with("https://a.example") {
            return Reply::status(302).with("Location", "https://b.example/");
        }
        Reply::ok("x")
    });
    let config = Config {
        options: UrlOptions {
            extra_headers: vec!["X-Secret: 1".to_owned()],
            ..UrlOptions::default()
        },
        ..Config::default()
    };
    let (client, _) = world.client(Arc::new(config));
    text(&client, "https://me:pw@a.example/");
    let seen = world.seen();
    assert_eq!(seen[0].headers["authorization"], SECRET);
    assert_eq!(seen[0].headers["x-secret"], "1");
    assert!(!seen[1].headers.contains_key("authorization"));
    assert!(!seen[1].headers.contains_key("x-secret"));
}

#[test]
fn netrc_is_used_when_the_server_asks_and_then_at_once() {
    let world = World::new(&["h.example", "other.example"], guarded);
    let netrc = world.folder.path().join(".netrc");
    crate::fsx::write_atomic(&netrc, b"machine h.example login me password pw").unwrap();
    let (client, _) = world.client(plain());
    assert_eq!(text(&client, "https://h.example/1"), "welcome");
    assert_eq!(text(&client, "https://h.example/2"), "welcome");
    let offers: Vec<bool> = world
        .seen()
        .iter()
        .map(|seen| seen.headers.contains_key("authorization"))
        .collect();
    assert_eq!(offers, [false, true, true]);

    let error = client.get("https://other.example/", &[]).unwrap_err();
    assert!(matches!(error, Error::Unauthorized { .. }), "{error}");
    assert!(!world.seen()[3].headers.contains_key("authorization"));
}

#[test]
fn a_credential_helper_is_asked_once_and_told_what_became_of_it() {
    let world = World::new(&["h.example"], guarded);
    let good = Arc::new(Config {
        helper: Some(("me", "pw")),
        ..Config::default()
    });
    let (client, _) = world.client(Arc::clone(&good) as _);
    assert_eq!(text(&client, "https://h.example/1"), "welcome");
    assert_eq!(text(&client, "https://h.example/2"), "welcome");
    assert_eq!(*good.calls.lock().unwrap(), ["fill", "approve"]);

    let bad = Arc::new(Config {
        helper: Some(("me", "wrong")),
        ..Config::default()
    });
    let (client, _) = world.client(Arc::clone(&bad) as _);
    let error = client
        .get("https://h.example/", &[])
        .unwrap_err()
        .to_string();
    assert!(
        error.contains("refused") && !error.contains("wrong"),
        "{error}"
    );
    assert_eq!(*bad.calls.lock().unwrap(), ["fill", "reject", "fill"]);
}

#[test]
fn a_page_is_a_page_whatever_its_status_and_asks_no_helper() {
    let world = World::new(&["h.example"], guarded);
    let config = Arc::new(Config {
        helper: Some(("me", "pw")),
        ..Config::default()
    });
    let (client, _) = world.client(Arc::clone(&config) as _);
    assert_eq!(client.page("https://h.example/").unwrap().status(), 401);
    assert!(config.calls.lock().unwrap().is_empty());
}

#[test]
fn a_lone_user_name_is_sent_as_a_token_when_the_server_asks() {
    let world = World::new(&["h.example"], |seen| {
        match seen.headers.get("authorization") {
            Some(given) if given == "Basic dG9rZW46" => Reply::ok("welcome"),
            _ => Reply::status(401),
        }
    });
    let (client, _) = world.client(plain());
    assert_eq!(text(&client, "https://token@h.example/"), "welcome");
}

#[test]
fn a_server_that_takes_no_passwords_gets_none() {
    let world = World::new(&["h.example"], |_| {
        Reply::status(401).with("WWW-Authenticate", "Negotiate")
    });
    let config = Arc::new(Config {
        helper: Some(("me", "pw")),
        ..Config::default()
    });
    let (client, _) = world.client(Arc::clone(&config) as _);
    let error = client
        .get("https://h.example/", &[])
        .unwrap_err()
        .to_string();
    assert!(error.contains("Negotiate"), "{error}");
    assert!(config.calls.lock().unwrap().is_empty());
}

/// Answers `first` until it has been asked `times` times, then 200.
fn fails(times: usize, first: Reply) -> (World, Client, Arc<world::Pauses>) {
    let count = Mutex::new(0);
    let world = World::new(&["h.example"], move |_| {
        let mut count = count.lock().unwrap();
        *count += 1;
        if *count <= times {
            first.clone()
        } else {
            Reply::ok("at last")
        }
    });
    let (client, pauses) = world.client(plain());
    (world, client, pauses)
}

#[test]
fn a_passing_failure_is_tried_again_after_the_pause_that_the_server_names() {
    let busy = Reply::status(503).with("Retry-After", "7");
    let (_world, client, pauses) = fails(1, busy);
    assert_eq!(text(&client, "https://h.example/"), "at last");
    assert_eq!(*pauses.0.lock().unwrap(), [Duration::from_secs(7)]);

    let dated = Reply::status(429).with("Retry-After", "Thu, 01 Jan 1970 00:00:09 GMT");
    let (_world, client, pauses) = fails(1, dated);
    assert_eq!(text(&client, "https://h.example/"), "at last");
    assert_eq!(*pauses.0.lock().unwrap(), [Duration::from_secs(9)]);

    let hangs_up = Reply {
        hangs_up: true,
        ..Reply::default()
    };
    let (_world, client, pauses) = fails(2, hangs_up);
    assert_eq!(text(&client, "https://h.example/"), "at last");
    let pauses = pauses.0.lock().unwrap();
    assert_eq!(pauses.len(), 2);
    assert!(pauses[0] < pauses[1] && pauses[1] < Duration::from_secs(2));
}

#[test]
fn three_failures_are_enough() {
    let (world, client, _) = fails(9, Reply::status(502));
    let response = client.get("https://h.example/", &[]).unwrap();
    let error = response.require_success().unwrap_err();
    assert!(
        matches!(error, Error::Status { status: 502, .. }),
        "{error}"
    );
    assert_eq!(world.requests().len(), 3);
}

#[test]
fn a_server_that_asks_for_too_long_a_pause_is_told_of() {
    let (_world, client, pauses) = fails(9, Reply::status(429).with("Retry-After", "3600"));
    let error = client
        .get("https://h.example/", &[])
        .unwrap_err()
        .to_string();
    assert!(error.contains("try again in 1 h only"), "{error}");
    assert!(pauses.0.lock().unwrap().is_empty());
}

#[test]
fn other_statuses_are_answers() {
    let (world, client, _) = fails(9, Reply::status(404));
    assert_eq!(client.get("https://h.example/", &[]).unwrap().status(), 404);
    assert_eq!(world.requests().len(), 1);
}

#[test]
fn a_proxy_that_refuses_is_asked_once_more_only() {
    let world = World::new(&[], |_| Reply::ok("x"));
    let mut settings = world.settings();
    settings.https_proxy = Some(format!("http://me:pw@{}", world.address));
    let (client, _) = world.client_with(settings, plain());
    let error = client
        .get("https://gone.example/", &[])
        .unwrap_err()
        .to_string();
    assert!(
        error.contains("refuses to connect") && !error.contains("pw"),
        "{error}"
    );
    assert_eq!(
        world.requests(),
        ["CONNECT gone.example:443", "CONNECT gone.example:443"]
    );
}

#[test]
fn a_body_that_stalls_is_given_up() {
    let world = World::new(&["h.example"], |_| Reply {
        stalls: true,
        ..Reply::ok("never sent")
    });
    let mut settings = world.settings();
    settings.stall_timeout = Duration::from_millis(200);
    let (client, _) = world.client_with(settings, plain());
    let mut body = client.get("https://h.example/", &[]).unwrap().into_body();
    let error = body.read(&mut [0; 10]).unwrap_err();
    assert_eq!(error.kind(), std::io::ErrorKind::TimedOut);
    assert!(error.to_string().contains("stalled"), "{error}");
}

#[test]
fn no_more_requests_than_allowed_are_under_way_at_one_host() {
    const LIMIT: usize = 2;
    /// Requests being answered now, the most there were, and all so far.
    #[derive(Default)]
    struct Count {
        now: usize,
        most: usize,
        all: usize,
    }
    let count = Arc::new((Mutex::new(Count::default()), Condvar::new()));
    let shared = Arc::clone(&count);
    let world = World::new(&[], move |_| {
        let (count, changed) = &*shared;
        let mut held = count.lock().unwrap();
        held.now += 1;
        held.all += 1;
        held.most = held.most.max(held.now);
        changed.notify_all();
        // Requests are answered in pairs, so that as many as may are under way.
        let pair = held.all.div_ceil(LIMIT) * LIMIT;
        let mut held = changed.wait_while(held, |count| count.all < pair).unwrap();
        held.now -= 1;
        Reply::ok("x")
    });
    let mut settings = world.settings();
    settings.connections_per_host = LIMIT;
    let (client, _) = world.client_with(settings, plain());
    std::thread::scope(|scope| {
        for _ in 0..8 {
            scope.spawn(|| text(&client, "http://h.example/"));
        }
    });
    assert_eq!(count.0.lock().unwrap().most, LIMIT);
}

#[test]
fn addresses_that_are_not_http_are_refused_before_anything_is_sent() {
    let client = Client::new(NetSettings::default(), plain());
    for address in [
        "-oProxyCommand=x",
        "--upload-pack=x",
        "https://h.example/\nX: y",
        "https://h\t.example/",
        "ftp://h.example/",
        "file:///etc/passwd",
        "ext::sh -c x",
        "https://",
        "git@h.example:x",
        "",
    ] {
        let error = client.get(address, &[]).unwrap_err();
        assert!(
            matches!(error, Error::Address { .. }),
            "{address:?}: {error}"
        );
        assert!(!error.to_string().contains(['\n', '\t']));
    }
}

#[test]
fn an_encoding_that_was_not_asked_for_is_an_error() {
    let world = World::new(&["h.example"], |_| {
        Reply::ok("x").with("Content-Encoding", "gzip")
    });
    let (client, _) = world.client(plain());
    let error = client.get("https://h.example/", &[]).unwrap_err();
    assert!(matches!(error, Error::Encoding { .. }), "{error}");
}

#[test]
fn a_body_longer_than_its_purpose_allows_is_refused_or_cut() {
    let world = World::new(&["h.example"], |_| Reply::ok("0123456789"));
    let (client, _) = world.client(plain());
    let get = || client.get("https://h.example/", &[]).unwrap();
    assert!(matches!(
        get().read_to_end(9),
        Err(Error::TooLong { limit: 9, .. })
    ));
    assert_eq!(get().read_to_end(10).unwrap().len(), 10);
    assert_eq!(get().read_start(3).unwrap(), (b"012".to_vec(), false));
}
