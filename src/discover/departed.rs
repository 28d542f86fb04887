//! Hosts that have closed, repositories that have moved, and what to do where one of them was asked; pure.
//!
//! Facts that are well known, for hints in messages. Nothing is ever fetched from where they lead: that is for
//! the person to decide.

use crate::http::mask;

/// What an address tells of a failure to fetch from it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Advice {
    /// When it holds.
    pub when: When,
    /// One sentence for the person.
    pub hint: String,
}

/// When an advice holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum When {
    /// Whatever has failed: there is nothing to be had, and no other hint makes sense.
    Always,
    /// Where the host can be reached and has no such repository, or only the program for it is missing.
    Absent,
    /// Where the host cannot be reached.
    Unreached,
}

/// What is known of where somebody went.
enum Home {
    /// The same folders are there.
    Same(String),
    /// Folders or the package's name are others there.
    Changed(&'static str),
}

/// Hosts that have closed, with all below them, and how they are called.
const CLOSED: &[(&str, &str)] = &[
    ("code.google.com", "Google Code closed in 2016"),
    ("googlecode.com", "Google Code closed in 2016"),
    ("codehaus.org", "Codehaus closed in 2015"),
    ("gitorious.org", "Gitorious closed in 2015"),
    ("git.apache.org", "git.apache.org has closed"),
    ("hub.jazz.net", "hub.jazz.net has closed"),
];

/// Repositories that have the same folders elsewhere.
const MOVED: &[(&str, &str)] = &[
    (
        "bitbucket.org/kardianos/osext",
        "github.com/kardianos/osext",
    ),
    (
        "bitbucket.org/kardianos/service",
        "github.com/kardianos/service",
    ),
    (
        "bitbucket.org/tebeka/selenium",
        "github.com/tebeka/selenium",
    ),
    ("bitbucket.org/ww/goautoneg", "github.com/munnerz/goautoneg"),
    ("code.google.com/p/gcfg", "github.com/go-gcfg/gcfg"),
    (
        "code.google.com/p/go-charset",
        "github.com/rogpeppe/go-charset",
    ),
    ("code.google.com/p/gogoprotobuf", "github.com/gogo/protobuf"),
    (
        "code.google.com/p/gographviz",
        "github.com/awalterschulze/gographviz",
    ),
    ("code.google.com/p/gomock", "github.com/golang/mock"),
    (
        "code.google.com/p/google-api-go-client",
        "google.golang.org/api",
    ),
    ("code.google.com/p/goprotobuf", "github.com/golang/protobuf"),
    ("labix.org/v2/mgo", "gopkg.in/mgo.v2"),
    ("launchpad.net/tomb", "gopkg.in/tomb.v1"),
    ("launchpad.net/xmlpath", "gopkg.in/xmlpath.v1"),
];

/// Repositories whose packages go by other paths, or names, elsewhere.
const CHANGED: &[(&str, &str)] = &[
    (
        "code.google.com/p/freetype-go",
        "github.com/golang/freetype",
    ),
    ("code.google.com/p/go-uuid", "github.com/pborman/uuid"),
    ("code.google.com/p/leveldb-go", "github.com/golang/leveldb"),
    ("code.google.com/p/snappy-go", "github.com/golang/snappy"),
    ("launchpad.net/gocheck", "gopkg.in/check.v1"),
    ("launchpad.net/goyaml", "gopkg.in/yaml.v1"),
];

/// What is known of the host or repository at an address, if anything.
pub fn advice(address: &str) -> Option<Advice> {
    let (_, rest) = address.split_once("://")?;
    let rest = rest.trim_end_matches('/');
    let (host, path) = rest.split_once('/')?;
    let host = host.rsplit_once('@').map_or(host, |(_, host)| host);
    let name = name(host, path);
    let shown = mask(address);
    let moved = home(&name).map(|home| match home {
        Home::Same(to) => format!(
            "what was `{name}` is `{to}` now: import that or, where it is others who import it, \
             `glide-rs mirror set {shown} https://{to}`"
        ),
        Home::Changed(to) => format!(
            "what was `{name}` is `{to}` now, though not quite the same: who imports it has to change"
        ),
    });
    if let Some(closed) = closed(host) {
        let hint = match moved {
            Some(moved) => format!("{closed}; {moved}"),
            None => format!(
                "{closed}: if there is a copy elsewhere, `glide-rs mirror set {shown} URL`, or `repo:` in \
                 glide.yaml, leads there"
            ),
        };
        let when = When::Always;
        return Some(Advice { when, hint });
    }
    let (when, hint) = match (host, moved) {
        ("bitbucket.org", Some(moved)) => {
            (When::Absent, format!("Bitbucket has it no more; {moved}"))
        }
        (_, Some(moved)) => (When::Always, moved),
        ("bitbucket.org", None) => (
            When::Absent,
            format!(
                "is the name spelled right? If it was a Mercurial repository: Bitbucket removed all of these in 2020; `glide-rs mirror set \
                 {shown} URL`, or `repo:` in glide.yaml, leads to a copy"
            ),
        ),
        ("gopkg.in", _) if !has_major(path) => (
            When::Always,
            format!("names at gopkg.in end in the major version that is meant, as `gopkg.in/{path}.v1` does"),
        ),
        ("golang.org" | "go.googlesource.com", _) => (
            When::Unreached,
            "if it is only this host that cannot be reached: GitHub has copies, and `glide-rs mirror set \
             https://golang.org/x/NAME https://github.com/golang/NAME` fetches from there"
                .to_owned(),
        ),
        _ => return None,
    };
    Some(Advice { when, hint })
}

/// The name that a repository went by; those of Google Code had two.
fn name(host: &str, path: &str) -> String {
    let path = path.strip_suffix(".git").unwrap_or(path);
    match host.strip_suffix(".googlecode.com") {
        Some(project) => format!("code.google.com/p/{project}"),
        None => format!("{host}/{path}"),
    }
}

fn closed(host: &str) -> Option<&'static str> {
    let mut hosts = CLOSED.iter();
    let found = hosts.find(|(closed, _)| {
        let before = host.strip_suffix(closed);
        before.is_some_and(|before| before.is_empty() || before.ends_with('.'))
    });
    found.map(|(_, what)| *what)
}

fn home(name: &str) -> Option<Home> {
    let plain = |element: &&str| !element.is_empty() && !element.contains(['/', '.']);
    if let Some(part) = name.strip_prefix("code.google.com/p/go.").filter(plain) {
        return Some(Home::Same(format!("golang.org/x/{part}")));
    }
    if let Some(part) = name.strip_prefix("git.apache.org/").filter(plain) {
        return Some(Home::Same(format!("github.com/apache/{part}")));
    }
    let to = |table: &[(&str, &'static str)]| {
        let mut rows = table.iter();
        rows.find(|(old, _)| *old == name).map(|(_, to)| *to)
    };
    let same = to(MOVED).map(|to| Home::Same(to.to_owned()));
    same.or_else(|| to(CHANGED).map(Home::Changed))
}

/// Whether one of the first two elements ends in `.v1` or the like.
fn has_major(path: &str) -> bool {
    path.split('/').take(2).any(|element| {
        let major = element.rsplit_once(".v").map(|(_, major)| major);
        let digits = major.map(|major| major.strip_suffix("-unstable").unwrap_or(major));
        digits.is_some_and(|digits| {
            !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit())
        })
    })
}

#[cfg(test)]
mod tests {
    use super::{Advice, CHANGED, MOVED, When, advice};

    #[track_caller]
    fn check(address: &str, when: When, part: &str) {
        let advice = advice(address).unwrap_or_else(|| panic!("{address}"));
        assert_eq!(advice.when, when, "{address}");
        assert!(advice.hint.contains(part), "{}", advice.hint);
    }

    #[test]
    fn what_has_moved_is_told_with_the_command_that_leads_there() {
        for (address, part) in [
            (
                "https://code.google.com/p/go.net",
                "`glide-rs mirror set https://code.google.com/p/go.net https://golang.org/x/net`",
            ),
            (
                "https://code.google.com/p/go-uuid",
                "is `github.com/pborman/uuid` now, though",
            ),
            (
                "https://goprotobuf.googlecode.com/hg",
                "github.com/golang/protobuf",
            ),
            (
                "https://git.apache.org/thrift.git",
                "https://github.com/apache/thrift`",
            ),
            ("https://labix.org/v2/mgo", "`gopkg.in/mgo.v2`"),
            (
                "https://code.google.com/p/unheard-of",
                "code.google.com/p/unheard-of URL`",
            ),
            ("git://git.codehaus.org/x.git", "Codehaus"),
            ("https://me:secret@gitorious.org/a/b", "Gitorious"),
            ("https://gopkg.in/yaml", "`gopkg.in/yaml.v1`"),
            ("https://gopkg.in/go-playground/validator", "validator.v1`"),
        ] {
            check(address, When::Always, part);
        }
        let masked = advice("https://me:secret@gitorious.org/a/b").unwrap();
        assert!(!masked.hint.contains("secret"), "{}", masked.hint);
    }

    #[test]
    fn hosts_that_are_still_there_are_judged_by_what_they_say() {
        check("https://bitbucket.org/a/b", When::Absent, "in 2020");
        check(
            "https://bitbucket.org/ww/goautoneg",
            When::Absent,
            "munnerz",
        );
        check(
            "https://golang.org/x/net",
            When::Unreached,
            "github.com/golang/NAME",
        );
    }

    #[test]
    fn of_others_nothing_is_known() {
        for address in [
            "https://github.com/acme/log",
            "https://gopkg.in/yaml.v2",
            "https://gopkg.in/tomb.v2-unstable",
            "https://gopkg.in/go-playground/validator.v8/x",
            "https://notcodehaus.org/x",
            "https://code.google.com.evil.example/p/go.net",
            "https://launchpad.net/other",
            "git@bitbucket.org:a/b",
            "/srv/code.google.com/p/go.net",
            "",
        ] {
            assert_eq!(advice(address), None::<Advice>, "{address}");
        }
    }

    #[test]
    fn nobody_is_sent_to_a_host_that_has_closed_or_to_two_places() {
        let rows: Vec<_> = MOVED.iter().chain(CHANGED).collect();
        for (place, (old, new)) in rows.iter().enumerate() {
            assert_eq!(advice(&format!("https://{new}")), None, "{new}");
            assert!(rows[..place].iter().all(|(other, _)| other != old), "{old}");
        }
    }
}
