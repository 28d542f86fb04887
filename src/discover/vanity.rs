//! Well-known names whose go-import answer is known by heart; pure.
//!
//! Roots stand here for every name that these hosts serve, repositories only where there is no
//! doubt: what is missing is asked for. The table speaks of names, so a mirror, `repo:` or
//! `insteadOf` still decides where the bytes come from; and where a repository from here cannot
//! be fetched, the host itself can be asked ([`Discover::ask_remote`]).
//!
//! [`Discover::ask_remote`]: super::Discover::ask_remote

use super::hosts::{is_element, leading};
use crate::model::is_at_or_below;

/// What the table knows of a name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Known<'a> {
    /// The root; the name itself where the host is known to serve no such name.
    pub(super) root: &'a str,
    /// The git repository, where it is known.
    pub(super) repository: Option<String>,
}

/// Roots of one fixed name each, which hold all below them, and their repositories. Of two that
/// fit, the longer one counts.
const FIXED: &[(&str, &str)] = &[
    ("9fans.net/go", "https://github.com/9fans/go"),
    (
        "cloud.google.com/go",
        "https://github.com/googleapis/google-cloud-go",
    ),
    (
        "go.mongodb.org/mongo-driver",
        "https://github.com/mongodb/mongo-go-driver",
    ),
    (
        "go.opencensus.io",
        "https://github.com/census-instrumentation/opencensus-go",
    ),
    (
        "go.opentelemetry.io/collector",
        "https://github.com/open-telemetry/opentelemetry-collector",
    ),
    (
        "go.opentelemetry.io/contrib",
        "https://github.com/open-telemetry/opentelemetry-go-contrib",
    ),
    (
        "go.opentelemetry.io/otel",
        "https://github.com/open-telemetry/opentelemetry-go",
    ),
    ("go.starlark.net", "https://github.com/google/starlark-go"),
    (
        "go.uber.org/net/metrics",
        "https://github.com/yarpc/metrics",
    ),
    (
        "go.uber.org/thriftrw",
        "https://github.com/thriftrw/thriftrw-go",
    ),
    ("go.uber.org/yarpc", "https://github.com/yarpc/yarpc-go"),
    ("go4.org", "https://github.com/go4org/go4"),
    ("go4.org/intern", "https://github.com/go4org/intern"),
    ("go4.org/mem", "https://github.com/go4org/mem"),
    ("go4.org/netipx", "https://github.com/go4org/netipx"),
    (
        "go4.org/unsafe/assume-no-moving-gc",
        "https://github.com/go4org/unsafe-assume-no-moving-gc",
    ),
    ("gocloud.dev", "https://github.com/google/go-cloud"),
    ("golang.org/dl", "https://go.googlesource.com/dl"),
    (
        "google.golang.org/api",
        "https://github.com/googleapis/google-api-go-client",
    ),
    (
        "google.golang.org/appengine",
        "https://github.com/golang/appengine",
    ),
    // The old name of cloud.google.com/go; where it leads has changed, so its host is asked.
    ("google.golang.org/cloud", ""),
    (
        "google.golang.org/genproto",
        "https://github.com/googleapis/go-genproto",
    ),
    ("google.golang.org/grpc", "https://github.com/grpc/grpc-go"),
    (
        "google.golang.org/protobuf",
        "https://go.googlesource.com/protobuf",
    ),
    ("honnef.co/go/tools", "https://github.com/dominikh/go-tools"),
    ("mvdan.cc/gofumpt", "https://github.com/mvdan/gofumpt"),
    ("mvdan.cc/sh", "https://github.com/mvdan/sh"),
    ("mvdan.cc/unparam", "https://github.com/mvdan/unparam"),
    ("mvdan.cc/xurls", "https://github.com/mvdan/xurls"),
    ("vitess.io/vitess", "https://github.com/vitessio/vitess"),
];

/// Hosts that serve one root for each element below a prefix: the prefix, and what goes before
/// the element in the repository's address (empty where that differs from name to name).
const FAMILIES: &[(&str, &str)] = &[
    ("go.etcd.io/", "https://github.com/etcd-io/"),
    ("go.uber.org/", ""),
    ("golang.org/x/", "https://go.googlesource.com/"),
    ("gonum.org/v1/", "https://github.com/gonum/"),
    ("k8s.io/", "https://github.com/kubernetes/"),
    ("rsc.io/", "https://github.com/rsc/"),
    ("sigs.k8s.io/", "https://github.com/kubernetes-sigs/"),
];

/// The names of go.uber.org that are repositories of the same name.
const UBER: &[&str] = &[
    "atomic",
    "automaxprocs",
    "cff",
    "config",
    "dig",
    "fx",
    "goleak",
    "gopatch",
    "mock",
    "multierr",
    "nilaway",
    "ratelimit",
    "sally",
    "tools",
    "zap",
];

/// What is known of an import path, if anything is.
pub(super) fn lookup(path: &str) -> Option<Known<'_>> {
    let (host, rest) = path.split_once('/').unwrap_or((path, ""));
    match host {
        "gopkg.in" => gopkg(path, rest),
        // Glide's own pattern takes care of all but a few odd spellings, as with a final slash.
        "github.com" => github(path, rest),
        _ => fixed(path).or_else(|| family(path)),
    }
}

fn fixed(path: &str) -> Option<Known<'_>> {
    let (root, repository) = FIXED
        .iter()
        .filter(|(root, _)| is_at_or_below(path, root))
        .max_by_key(|(root, _)| root.len())?;
    Some(Known {
        root: &path[..root.len()],
        repository: Some((*repository).to_owned()).filter(|known| !known.is_empty()),
    })
}

fn family(path: &str) -> Option<Known<'_>> {
    let (prefix, base) = FAMILIES
        .iter()
        .find(|(prefix, _)| path.starts_with(prefix))?;
    let element = path[prefix.len()..].split('/').next().unwrap_or_default();
    if !is_element(element) {
        return None;
    }
    let root = &path[..prefix.len() + element.len()];
    // This host answers no name that ends in a slash, which real locks show.
    if *prefix == "sigs.k8s.io/" && path.ends_with('/') {
        return Some(Known {
            root: path,
            repository: None,
        });
    }
    let base = match *prefix {
        "go.uber.org/" if UBER.contains(&element) => "https://github.com/uber-go/",
        _ => base,
    };
    Some(Known {
        root,
        repository: (!base.is_empty()).then(|| format!("{base}{element}")),
    })
}

fn github<'a>(path: &'a str, rest: &str) -> Option<Known<'a>> {
    let mut elements = rest.split('/');
    let fits = elements.next().is_some_and(is_element) && elements.next().is_some_and(is_element);
    fits.then(|| {
        let root = leading(path, rest, 2);
        Known {
            root,
            repository: Some(format!("https://{root}")),
        }
    })
}

/// `gopkg.in/name.vN` and `gopkg.in/user/name.vN`, where `-unstable` may follow; the host is the
/// repository's own server.
fn gopkg<'a>(path: &'a str, rest: &str) -> Option<Known<'a>> {
    if rest.ends_with('/') {
        return Some(Known {
            root: path,
            repository: None,
        });
    }
    let first_versioned = rest.split('/').take(2).position(is_versioned)?;
    if first_versioned == 1 && !rest.split('/').next().is_some_and(is_element) {
        return None;
    }
    let root = leading(path, rest, first_versioned + 1);
    Some(Known {
        root,
        repository: Some(format!("https://{root}")),
    })
}

fn is_versioned(element: &str) -> bool {
    let Some((name, version)) = element.rsplit_once(".v") else {
        return false;
    };
    let number = version.strip_suffix("-unstable").unwrap_or(version);
    let digits = !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit());
    is_element(name) && digits && (number == "0" || !number.starts_with('0'))
}

#[cfg(test)]
mod tests {
    use super::{FAMILIES, FIXED, lookup};

    #[track_caller]
    fn check(path: &str, expected: Option<(&str, &str)>) {
        let known = lookup(path);
        let known = known
            .as_ref()
            .map(|known| (known.root, known.repository.as_deref().unwrap_or_default()));
        assert_eq!(known, expected, "{path}");
    }

    #[test]
    fn the_go_projects_own_names() {
        let net = Some(("golang.org/x/net", "https://go.googlesource.com/net"));
        check("golang.org/x/net", net);
        check("golang.org/x/net/html/atom", net);
        check("golang.org/x/net/", net);
        check("golang.org/x", None);
        check("golang.org/x/", None);
        check("golang.org/pkg", None);
        check(
            "google.golang.org/grpc/codes",
            Some(("google.golang.org/grpc", "https://github.com/grpc/grpc-go")),
        );
        check(
            "google.golang.org/cloud/storage",
            Some(("google.golang.org/cloud", "")),
        );
        check("google.golang.org/new", None);
        check(
            "cloud.google.com/go/storage",
            Some((
                "cloud.google.com/go",
                "https://github.com/googleapis/google-cloud-go",
            )),
        );
        check("cloud.google.com/gone", None);
    }

    #[test]
    fn gopkg_in_with_and_without_a_user() {
        check(
            "gopkg.in/yaml.v2",
            Some(("gopkg.in/yaml.v2", "https://gopkg.in/yaml.v2")),
        );
        check(
            "gopkg.in/yaml.v2/x",
            Some(("gopkg.in/yaml.v2", "https://gopkg.in/yaml.v2")),
        );
        check(
            "gopkg.in/a/b.v3/c",
            Some(("gopkg.in/a/b.v3", "https://gopkg.in/a/b.v3")),
        );
        check(
            "gopkg.in/a/b.v0-unstable",
            Some((
                "gopkg.in/a/b.v0-unstable",
                "https://gopkg.in/a/b.v0-unstable",
            )),
        );
        check("gopkg.in/yaml.v2/", Some(("gopkg.in/yaml.v2/", "")));
        check("gopkg.in/yaml", None);
        check("gopkg.in/yaml.v02", None);
        check("gopkg.in/a/b/c.v1", None);
        check("gopkg.in/yaml.v", None);
    }

    #[test]
    fn families_and_their_exceptions() {
        check(
            "k8s.io/api/core/v1",
            Some(("k8s.io/api", "https://github.com/kubernetes/api")),
        );
        check(
            "sigs.k8s.io/yaml",
            Some((
                "sigs.k8s.io/yaml",
                "https://github.com/kubernetes-sigs/yaml",
            )),
        );
        check("sigs.k8s.io/yaml/", Some(("sigs.k8s.io/yaml/", "")));
        check(
            "go.uber.org/zap/zapcore",
            Some(("go.uber.org/zap", "https://github.com/uber-go/zap")),
        );
        check(
            "go.uber.org/net/metrics/push",
            Some((
                "go.uber.org/net/metrics",
                "https://github.com/yarpc/metrics",
            )),
        );
        check("go.uber.org/net/x", Some(("go.uber.org/net", "")));
        check(
            "go4.org/errorutil",
            Some(("go4.org", "https://github.com/go4org/go4")),
        );
        check(
            "go4.org/mem/x",
            Some(("go4.org/mem", "https://github.com/go4org/mem")),
        );
        check(
            "rsc.io/pdf",
            Some(("rsc.io/pdf", "https://github.com/rsc/pdf")),
        );
        check("honnef.co/go/js", None);
        check(
            "go.etcd.io/bbolt",
            Some(("go.etcd.io/bbolt", "https://github.com/etcd-io/bbolt")),
        );
        check(
            "gonum.org/v1/plot/x",
            Some(("gonum.org/v1/plot", "https://github.com/gonum/plot")),
        );
        check(
            "github.com/a/b/",
            Some(("github.com/a/b", "https://github.com/a/b")),
        );
        check("github.com/a/", None);
        check("example.com/x", None);
        check("", None);
    }

    #[test]
    fn the_table_is_sorted_and_leads_to_https_only() {
        let roots: Vec<&str> = FIXED.iter().map(|(root, _)| *root).collect();
        assert!(roots.is_sorted());
        assert!(FAMILIES.iter().map(|(prefix, _)| *prefix).is_sorted());
        let repositories = FIXED
            .iter()
            .chain(FAMILIES)
            .map(|(_, repository)| repository);
        for repository in repositories.filter(|repository| !repository.is_empty()) {
            assert!(repository.starts_with("https://"), "{repository}");
        }
    }
}
