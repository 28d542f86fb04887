//! Each judgement, from facts that are as they should be but for one thing.

use super::*;

/// A machine and a project with nothing wrong.
fn fine() -> Facts {
    Facts {
        certificates: Certificates {
            source: "the system".to_owned(),
            count: 140,
            now: 1_900_000_000,
            ..Certificates::default()
        },
        home: Home {
            path: "/home/me/.glide".into(),
            exists: true,
            trouble: None,
        },
        disks: vec![Disk {
            what: "the project and the cache",
            path: "/src/app".into(),
            free: Some(50 << 30),
            folds_case: Some(false),
        }],
        may_ask: true,
        go: Go {
            name: "go".to_owned(),
            program: Some("/usr/bin/go".into()),
            minor: Some(19),
            modules: Some("off".to_owned()),
            gopath: vec![("/home/me/go".into(), true)],
            ..Go::default()
        },
        project: Project {
            manifest: Some("/src/app/glide.yaml".into()),
            package: "github.com/me/app".to_owned(),
            lock: LockState::Fresh(3),
            ..Project::default()
        },
        ..Facts::default()
    }
}

fn of(topic: &str, facts: &Facts) -> Vec<Check> {
    let checks = examine(facts).into_iter();
    checks.filter(|check| check.topic == topic).collect()
}

/// With one thing changed, one thing is told, with a next step.
#[track_caller]
fn told(topic: &str, status: Status, words: &str, change: impl FnOnce(&mut Facts)) {
    let mut facts = fine();
    change(&mut facts);
    let checks = of(topic, &facts);
    let bad: Vec<_> = checks
        .iter()
        .filter(|check| check.status != Status::Ok)
        .collect();
    assert_eq!(bad.len(), 1, "{checks:?}");
    assert_eq!(bad[0].status, status, "{checks:?}");
    assert!(bad[0].said.contains(words), "{checks:?}");
    assert!(!bad[0].next.is_empty(), "{checks:?}");
    let others = examine(&facts);
    let mut others = others.iter().filter(|check| check.topic != topic);
    assert!(
        others.all(|check| check.status == Status::Ok),
        "only {topic} was changed"
    );
}

fn trouble(said: &str) -> Trouble {
    Trouble {
        said: said.to_owned(),
        next: String::new(),
    }
}

fn setting(what: &str) -> Setting {
    Setting {
        what: what.to_owned(),
        place: "`/home/me/.gitconfig`".to_owned(),
    }
}

#[test]
fn nothing_is_wrong_with_what_is_as_it_should_be() {
    let checks = examine(&fine());
    assert!(checks.len() > 10, "{checks:?}");
    for check in &checks {
        assert_eq!(
            (check.status, check.next.as_str()),
            (Status::Ok, ""),
            "{check:?}"
        );
    }
    // A machine with nothing on it but certificates: no project is no problem.
    let mut bare = fine();
    bare.project = Project::default();
    assert!(
        examine(&bare)
            .iter()
            .all(|check| check.status == Status::Ok)
    );
}

#[test]
fn git_is_judged() {
    use Status::{Problem, Warning};
    let helper = |found| Helper {
        setting: setting("manager"),
        found,
    };
    told("git", Problem, "bad line 3", |facts| {
        facts.git.trouble = Some(trouble("bad line 3"));
    });
    told("git", Warning, "/home/me/.gitconfig", |facts| {
        facts
            .git
            .unverified
            .push(setting("`http.sslverify` is off"));
    });
    told("git", Problem, "`manager`", |facts| {
        facts.git.helpers.push(helper(Some(false)));
    });
    told("git", Problem, "`ssh`", |facts| {
        facts.git.forbidden.push(setting("ssh"));
    });
    let mut facts = fine();
    facts.git.helpers = vec![helper(None), helper(Some(true))];
    facts.git.rewrites = (0..5).map(|n| setting(&format!("a{n} → b"))).collect();
    facts.git.files = 2;
    let checks = of("git", &facts);
    let said = "2 files of configuration; a0 → b; a1 → b; a2 → b; 2 more rewrites";
    assert_eq!((checks.len(), checks[0].said.as_str()), (1, said));
}

#[test]
fn the_way_to_servers_is_judged() {
    use Status::{Problem, Warning};
    let proxy = |variable: &str, trouble: Option<&str>| Proxy {
        variable: variable.to_owned(),
        address: "p:1".to_owned(),
        trouble: trouble.map(str::to_owned),
    };
    told("proxy", Problem, "https_proxy is `p:1`: no host", |facts| {
        facts.proxies.push(proxy("https_proxy", Some("no host")));
    });
    told("proxy", Warning, "https_proxy is not", |facts| {
        facts.proxies.push(proxy("http_proxy", None));
    });
    let mut facts = fine();
    facts.proxies = vec![proxy("http_proxy", None), proxy("https_proxy", None)];
    assert!(
        of("proxy", &facts)
            .iter()
            .all(|check| check.status == Status::Ok)
    );
    told("certificates", Problem, "there is none", |facts| {
        facts.certificates.count = 0;
    });
    told("certificates", Problem, "x.pem", |facts| {
        facts.certificates.trouble = Some(trouble("x.pem"));
    });
    told("certificates", Problem, "clock", |facts| {
        facts.certificates.now = 86_400;
    });
    told("certificates", Warning, "GIT_SSL_NO_VERIFY", |facts| {
        facts.certificates.unchecked_by = Some("GIT_SSL_NO_VERIFY");
    });
}

#[test]
fn folders_and_disks_are_judged() {
    use Status::{Problem, Warning};
    told("home", Problem, "Permission denied", |facts| {
        facts.home.trouble = Some("Permission denied".to_owned());
    });
    told("cache", Problem, "denied", |facts| {
        facts.cache.trouble = Some("denied".to_owned());
    });
    let left_over = |facts: &mut Facts| facts.cache.left_over = vec!["/c/.glide-rs-1.tmp".into()];
    told("cache", Warning, "/c/.glide-rs-1.tmp", left_over);
    told("disk", Problem, "99 MiB", |facts| {
        facts.disks[0].free = Some(99 << 20);
    });
    told("disk", Warning, "512 MiB", |facts| {
        facts.disks[0].free = Some(512 << 20);
    });
    told("disk", Warning, "case", |facts| {
        facts.disks[0].folds_case = Some(true);
    });
    let mut facts = fine();
    left_over(&mut facts);
    facts.cache.in_use = true;
    facts.cache.exists = true;
    let checks = of("cache", &facts);
    assert_eq!(
        (checks.len(), checks[0].status),
        (1, Status::Ok),
        "they are another run's"
    );
    facts.disks[0].free = None;
    assert!(of("disk", &facts).is_empty());
}

#[test]
fn go_is_judged() {
    use Status::{Problem, Warning};
    told("go", Warning, "`go` is not there", |facts| {
        facts.go.program = None;
    });
    told("go", Problem, "`go` is not there", |facts| {
        facts.go.program = None;
        facts.go.is_named = true;
    });
    told("go", Warning, "Go 1.4", |facts| facts.go.minor = Some(4));
    told("go", Warning, "GO111MODULE is `on`", |facts| {
        facts.go.modules = Some("on".to_owned());
    });
    told("go", Warning, "Go 1.19 builds with modules", |facts| {
        facts.go.modules = None;
    });
    told("go", Warning, "`-mod=vendor`", |facts| {
        facts.go.flags = Some("-v -mod=vendor".to_owned());
    });
    let mut facts = fine();
    facts.go.modules = None;
    facts.go.minor = Some(10);
    facts.go.flags = Some("-v -model=x".to_owned());
    assert!(
        of("go", &facts)
            .iter()
            .all(|check| check.status == Status::Ok)
    );
    told("GOPATH", Warning, "/gone", |facts| {
        facts.go.gopath = vec![("/gone".into(), false)];
        facts.go.gopath_is_set = true;
    });
    told("GOPATH", Warning, "a.b/c", |facts| {
        facts.project.place = Place::InGopath("a.b/c".to_owned());
    });
    let mut facts = fine();
    facts.project.place = Place::InGopath("github.com/me/app".to_owned());
    assert_eq!(of("GOPATH", &facts)[0].status, Status::Ok);
}

#[test]
fn the_project_is_judged() {
    use Status::{Problem, Warning};
    // Without its name nothing can be said of its place.
    told("project", Problem, "line 2", |facts| {
        facts.project.trouble = Some(trouble("line 2"));
    });
    told("project", Problem, "denied", |facts| {
        facts.project.closed = Some("denied".to_owned());
    });
    told("project", Warning, "not yours", |facts| {
        facts.project.repository = Some(trouble("not yours"));
    });
    told("project", Problem, "no folder", |facts| {
        facts.project.vendor_is = Some("no folder");
    });
    told("project", Warning, "go.mod", |facts| {
        facts.project.has_go_mod = true;
    });
    told("glide.lock", Warning, "none", |facts| {
        facts.project.lock = LockState::Missing;
    });
    told("glide.lock", Warning, "as it is now", |facts| {
        facts.project.lock = LockState::Stale;
    });
    told("glide.lock", Problem, "markers", |facts| {
        facts.project.lock = LockState::Broken(trouble("markers"));
    });
    told("mirrors", Problem, "line 7", |facts| {
        facts.mirrors = Some(trouble("line 7"));
    });
    told("mirrors", Problem, "/gone", |facts| {
        facts.mirror_targets = vec![MirrorTarget {
            original: "https://a/b".to_owned(),
            path: "/gone".into(),
            exists: false,
        }];
    });
    told("programs", Problem, "`hg`", |facts| {
        facts.programs = vec![Program {
            name: "hg",
            package: "mercurial",
            needed_by: "a.b/c".to_owned(),
            found: false,
        }];
    });
    told("repositories", Problem, "a.b/c: gone", |facts| {
        let answer = |name: &str, trouble| Answer {
            name: name.to_owned(),
            trouble,
        };
        facts.answers = Some(vec![
            answer("a.b/c", Some(trouble("gone"))),
            answer("a.b/d", None),
        ]);
    });
}

#[test]
fn sizes_are_for_people() {
    for (bytes, text) in [
        (0, "0 bytes"),
        (1023, "1023 bytes"),
        (1024, "1.0 KiB"),
        (1536, "1.5 KiB"),
        (10 << 10, "10 KiB"),
        (3 << 30, "3.0 GiB"),
        (5000 << 40, "5000 TiB"),
    ] {
        assert_eq!(places::size(bytes), text);
    }
}

#[test]
fn text_and_json_say_the_same() {
    let mut facts = fine();
    facts.certificates.trouble = Some(trouble("one\ntwo\u{1b}[2J"));
    let checks = examine(&facts);
    let text = text(&checks);
    assert!(!text.contains('\u{1b}'), "{text}");
    let problem = text
        .lines()
        .position(|line| line.starts_with("problem"))
        .unwrap();
    let lines: Vec<_> = text.lines().skip(problem).take(3).collect();
    assert_eq!(lines[0], "problem  certificates  one");
    assert_eq!(lines[1].trim_start(), "two\\u{1b}[2J");
    assert!(lines[2].trim_start().starts_with("next: "), "{text}");
    let page: serde_json::Value = serde_json::from_slice(&json(&checks).unwrap()).unwrap();
    assert_eq!(page["status"], "problem");
    assert_eq!(page["checks"].as_array().unwrap().len(), checks.len());
    for (row, check) in page["checks"].as_array().unwrap().iter().zip(&checks) {
        assert_eq!(row["said"], check.said.as_str());
        assert_eq!(row["next"].as_str().unwrap_or_default(), check.next);
    }
}
