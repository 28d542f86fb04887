//! Repositories that are known under several names. A table of facts; order means nothing.

/// Whole repositories: each row is one of them.
const SAME: &[&[&str]] = &[
    &[
        "cloud.google.com/go",
        "github.com/googlecloudplatform/gcloud-golang",
        "github.com/googleapis/google-cloud-go",
    ],
    &["code.gitea.io/gitea", "github.com/go-gitea/gitea"],
    &["git.apache.org/thrift.git", "github.com/apache/thrift"],
    &[
        "github.com/argoproj/argo",
        "github.com/argoproj/argo-workflows",
    ],
    &["github.com/astaxie/beego", "github.com/beego/beego"],
    &["github.com/canonical/lxd", "github.com/lxc/lxd"],
    &["github.com/caddyserver/caddy", "github.com/mholt/caddy"],
    &["github.com/codegangsta/cli", "github.com/urfave/cli"],
    &[
        "github.com/codegangsta/martini",
        "github.com/go-martini/martini",
    ],
    &[
        "github.com/codegangsta/negroni",
        "github.com/urfave/negroni",
    ],
    &[
        "github.com/coreos/etcd",
        "github.com/etcd-io/etcd",
        "go.etcd.io/etcd",
    ],
    &[
        "github.com/coreos/bbolt",
        "github.com/etcd-io/bbolt",
        "go.etcd.io/bbolt",
    ],
    &[
        "github.com/distribution/distribution",
        "github.com/docker/distribution",
    ],
    &["github.com/docker/docker", "github.com/moby/moby"],
    &[
        "github.com/docker/notary",
        "github.com/theupdateframework/notary",
        "github.com/notaryproject/notary",
    ],
    &["github.com/docker/swarmkit", "github.com/moby/swarmkit"],
    &["github.com/go-jose/go-jose", "github.com/square/go-jose"],
    &["github.com/go-yaml/yaml", "gopkg.in/yaml"],
    &[
        "github.com/gogits/gogs",
        "github.com/gogs/gogs",
        "gogs.io/gogs",
    ],
    &["github.com/gohugoio/hugo", "github.com/spf13/hugo"],
    &["github.com/golang/protobuf", "code.google.com/p/goprotobuf"],
    &["github.com/grpc/grpc-go", "google.golang.org/grpc"],
    &[
        "github.com/helm/helm",
        "github.com/kubernetes/helm",
        "helm.sh/helm",
        "k8s.io/helm",
    ],
    &[
        "github.com/influxdata/influxdb",
        "github.com/influxdb/influxdb",
    ],
    &["github.com/istio/istio", "istio.io/istio"],
    &[
        "github.com/mattermost/mattermost",
        "github.com/mattermost/mattermost-server",
        "github.com/mattermost/platform",
    ],
    &[
        "github.com/mongodb/mongo-go-driver",
        "go.mongodb.org/mongo-driver",
    ],
    &[
        "github.com/nats-io/gnatsd",
        "github.com/nats-io/nats-server",
    ],
    &[
        "github.com/nats-io/go-nats",
        "github.com/nats-io/nats",
        "github.com/nats-io/nats.go",
    ],
    &[
        "github.com/open-policy-agent/opa",
        "github.com/openpolicyagent/opa",
    ],
    &[
        "github.com/protocolbuffers/protobuf-go",
        "google.golang.org/protobuf",
    ],
    &["github.com/rancher/k3s", "github.com/k3s-io/k3s"],
    &[
        "github.com/vitessio/vitess",
        "github.com/youtube/vitess",
        "vitess.io/vitess",
    ],
];

/// Names whose beginnings stand for one another: what follows is the same.
const SAME_BELOW: &[(&str, &str)] = &[
    ("go.uber.org/", "github.com/uber-go/"),
    ("golang.org/x/", "github.com/golang/"),
    ("k8s.io/", "github.com/kubernetes/"),
    ("knative.dev/", "github.com/knative/"),
    ("sigs.k8s.io/", "github.com/kubernetes-sigs/"),
];

/// The other names of a repository, in lower case; `name` is in lower case, without a major version.
pub(super) fn others(name: &str) -> Vec<String> {
    let mut found = Vec::new();
    for row in SAME.iter().filter(|row| row.contains(&name)) {
        let others = row.iter().filter(|other| **other != name);
        found.extend(others.map(|other| (*other).to_owned()));
    }
    for (one, other) in SAME_BELOW {
        for (from, to) in [(one, other), (other, one)] {
            let rest = name.strip_prefix(from);
            if let Some(rest) = rest.filter(|rest| !rest.is_empty() && !rest.contains('/')) {
                found.push(format!("{to}{rest}"));
            }
        }
    }
    found.extend(gopkg(name));
    found.sort();
    found.dedup();
    found
}

/// `gopkg.in/user/repo` is github.com/user/repo, `gopkg.in/repo` is github.com/go-repo/repo.
fn gopkg(name: &str) -> Option<String> {
    let parts: Vec<_> = name.split('/').collect();
    match parts.as_slice() {
        ["gopkg.in", repo] => Some(format!("github.com/go-{repo}/{repo}")),
        ["gopkg.in", user, repo] => Some(format!("github.com/{user}/{repo}")),
        ["github.com", user, repo] if user.strip_prefix("go-") == Some(repo) => {
            Some(format!("gopkg.in/{repo}"))
        }
        ["github.com", user, repo] => Some(format!("gopkg.in/{user}/{repo}")),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(name: &str, expected: &str) {
        assert_eq!(others(name).join(" "), expected, "{name}");
    }

    #[test]
    fn names_lead_to_one_another() {
        check("golang.org/x/net", "github.com/golang/net");
        check(
            "github.com/golang/net",
            "golang.org/x/net gopkg.in/golang/net",
        );
        check("gopkg.in/yaml", "github.com/go-yaml/yaml");
        check("gopkg.in/square/go-jose", "github.com/square/go-jose");
        check(
            "github.com/coreos/etcd",
            "github.com/etcd-io/etcd go.etcd.io/etcd gopkg.in/coreos/etcd",
        );
        check("example.com/x", "");
    }

    #[test]
    fn the_table_is_in_lower_case() {
        for name in SAME.iter().flat_map(|row| row.iter()) {
            assert_eq!(*name, name.to_ascii_lowercase());
            assert!(name.contains('/'));
        }
    }
}
