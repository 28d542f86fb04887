//! Servers that refuse, and ways to them that are closed.

use std::fs;
use std::net::TcpListener;

use serde_json::json;

use super::{LOG, imports, lists, paged, plain, shown, told};
use crate::support::server::Twist;
use crate::support::world::World;

type Shown = Option<String>;

fn refusing() -> World {
    paged(401, &json!({"WWW-Authenticate": "Basic realm=\"x\""}))
}

pub(super) fn private_repository() -> Shown {
    shown(&refusing(), &["update"])
}

pub(super) fn password_refused() -> Shown {
    let world = refusing();
    let path = world.sandbox.home().join(".netrc");
    fs::write(path, "machine github.com login me password secret\n").unwrap();
    let shown = shown(&world, &["update"])?;
    assert!(!shown.contains("secret"), "{shown}");
    Some(shown)
}

pub(super) fn ssh_key_refused() -> Shown {
    let mut world = plain();
    let refuse = "f() { echo 'git@github.com: Permission denied (publickey).' >&2; exit 255; }; f";
    world.sandbox.set("GIT_SSH_COMMAND", refuse);
    let config = "[url \"ssh://git@github.com/\"]\n\tinsteadOf = https://github.com/\n";
    fs::write(world.sandbox.home().join(".gitconfig"), config).unwrap();
    shown(&world, &["update"])
}

fn by_proxy(proxy: &str) -> World {
    let mut world = plain();
    for name in ["https_proxy", "HTTPS_PROXY"] {
        world.sandbox.set(name, proxy);
    }
    world
}

pub(super) fn proxy_does_not_answer() -> Shown {
    // A port that nothing is given unless it asks for it, and nothing does.
    shown(&by_proxy("http://127.0.0.1:1"), &["update"])
}

pub(super) fn proxy_makes_no_sense() -> Shown {
    shown(&by_proxy("htpp://proxy.acme.example:3128"), &["update"])
}

pub(super) fn proxy_wants_a_password() -> Shown {
    let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
    let place = listener.local_addr().unwrap().to_string();
    std::thread::spawn(move || {
        use std::io::{Read as _, Write as _};
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            let mut head = Vec::new();
            let mut byte = [0];
            while !head.ends_with(b"\r\n\r\n") && stream.read_exact(&mut byte).is_ok() {
                head.push(byte[0]);
            }
            let answer = "HTTP/1.1 407 Proxy Authentication Required\r\n\
                Proxy-Authenticate: Basic realm=\"x\"\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";
            // A client that has gone is its own business.
            let _ = stream.write_all(answer.as_bytes());
        }
    });
    let world = by_proxy(&format!("http://{place}"));
    Some(shown(&world, &["update"])?.replace(&place, "PROXY"))
}

pub(super) fn certificate_not_trusted() -> Shown {
    let mut world = plain();
    let other = world.sandbox.root().join("other.pem");
    let key = rcgen::KeyPair::generate().unwrap();
    let params = rcgen::CertificateParams::new(vec!["other.example".to_owned()]).unwrap();
    fs::write(&other, params.self_signed(&key).unwrap().pem()).unwrap();
    for name in ["SSL_CERT_FILE", "GIT_SSL_CAINFO"] {
        world.sandbox.set(name, &other);
    }
    shown(&world, &["update"])
}

pub(super) fn certificates_missing() -> Shown {
    let mut world = plain();
    let none = world.sandbox.root().join("missing.pem");
    for name in ["SSL_CERT_FILE", "GIT_SSL_CAINFO"] {
        world.sandbox.set(name, &none);
    }
    shown(&world, &["update"])
}

pub(super) fn certificates_are_none() -> Shown {
    let mut world = plain();
    let none = world.sandbox.root().join("empty.pem");
    fs::write(&none, "not a certificate\n").unwrap();
    for name in ["SSL_CERT_FILE", "GIT_SSL_CAINFO"] {
        world.sandbox.set(name, &none);
    }
    shown(&world, &["update"])
}

pub(super) fn rate_limit() -> Shown {
    shown(&paged(429, &json!({"Retry-After": "5400"})), &["update"])
}

pub(super) fn server_is_down() -> Shown {
    shown(&paged(503, &json!({})), &["update"])
}

pub(super) fn connection_breaks() -> Shown {
    let world = plain();
    world.server.twist(Some(Twist::Cut(20)));
    shown(&world, &["update"])
}

pub(super) fn offline_and_not_in_the_cache() -> Shown {
    let world = plain();
    world.pin(&[(LOG, "0123456789012345678901234567890123456789")]);
    shown(&world, &["install", "--offline"])
}

pub(super) fn moved_elsewhere() -> Shown {
    let target = json!({"Location": "http://git.acme.example/log"});
    shown(&paged(301, &target), &["update"])
}

pub(super) fn no_repository_there() -> Shown {
    let world = plain();
    world.server.gone(&[LOG.to_owned()]);
    world.pin(&[(LOG, "0123456789012345678901234567890123456789")]);
    shown(&world, &["install"])
}

/// A repository of another kind, whose program is not installed.
pub(super) fn program_missing() -> Shown {
    let mut world = plain();
    let yaml = "package: github.com/me/app\nimport:\n- package: hg.acme.example/kit\n  \
                repo: https://hg.acme.example/kit\n  vcs: hg\n";
    world.sandbox.write("glide.yaml", yaml);
    imports(&world.sandbox, &[]);
    let empty = world.sandbox.root().join("no-programs");
    fs::create_dir(&empty).unwrap();
    world.sandbox.set("PATH", empty);
    let output = world.sandbox.run(&["update"]);
    told(&world, &["update"], &output)
}

/// Several libraries, none of which can be had.
fn many(world: &World) {
    let names: Vec<String> = (1..6).map(|n| format!("github.com/acme/lib{n}")).collect();
    let list: Vec<_> = names.iter().map(|name| (name.as_str(), "")).collect();
    lists(&world.sandbox, &list);
}

pub(super) fn many_by_a_dead_proxy() -> Shown {
    let world = by_proxy("http://127.0.0.1:1");
    many(&world);
    shown(&world, &["update"])
}

pub(super) fn many_offline() -> Shown {
    let world = plain();
    many(&world);
    shown(&world, &["update", "--offline"])
}
