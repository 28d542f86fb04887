//! Pins of which the database knows something, and pins of which it only seems to.

use serde_json::{Value, json};

use super::case::Case;

/// Records that say of a module from where to where it is affected, and in which of its packages.
fn record(id: &str, module: &str, ranges: &Value, imports: &[&str]) -> Value {
    let imports: Vec<_> = imports
        .iter()
        .map(|path| json!({"path": path, "symbols": ["F"]}))
        .collect();
    json!({
        "id": id,
        "modified": "2026-01-01T00:00:00Z",
        "summary": format!("Trouble in {module}"),
        "affected": [{
            "package": {"ecosystem": "Go", "name": module},
            "ranges": ranges,
            "ecosystem_specific": {"imports": imports},
        }],
    })
}

fn semver(events: &Value) -> Value {
    json!([{"type": "SEMVER", "events": events}])
}

/// The records of the database that all worlds are held against.
pub(super) fn records() -> Vec<Value> {
    const LIB: &str = "github.com/acme/lib";
    let upto = |fixed: &str| semver(&json!([{"introduced": "0"}, {"fixed": fixed}]));
    let mut withdrawn = record("GO-1003", LIB, &semver(&json!([{"introduced": "0"}])), &[]);
    withdrawn["withdrawn"] = json!("2026-01-02T00:00:00Z");
    let twice = semver(&json!([
        {"introduced": "1.0.0"}, {"fixed": "1.1.0"}, {"introduced": "1.2.0"}, {"fixed": "1.3.0"},
    ]));
    let git = json!([{
        "type": "GIT",
        "repo": "https://github.com/acme/bare",
        "events": [{"introduced": "{bare@bad}"}, {"fixed": "{bare@good}"}],
    }]);
    let mut listed = record("GO-1006", "github.com/acme/nest/api", &json!([]), &[]);
    listed["affected"][0]["versions"] = json!(["0.1.0"]);
    let mut critical = record("GO-1009", "github.com/Acme/Upper", &upto("1.1.0"), &[]);
    critical["severity"] =
        json!([{"type": "CVSS_V3", "score": "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H"}]);
    let last = semver(&json!([{"introduced": "0.9.0"}, {"last_affected": "1.0.0"}]));
    vec![
        record("GO-1001", LIB, &twice, &["github.com/acme/lib"]),
        record("GO-1002", LIB, &upto("1.1.0"), &["github.com/acme/lib/x"]),
        withdrawn,
        record("GO-1004", "github.com/acme/bare", &git, &[]),
        record("GO-1005", "github.com/acme/major/v2", &upto("2.1.0"), &[]),
        listed,
        record("GO-1007", "gopkg.in/acme/pkg.v2", &upto("2.1.0"), &[]),
        record("GO-1008", "golang.org/x/net", &upto("0.2.0"), &[]),
        critical,
        record(
            "GO-1010",
            "github.com/acme/odd",
            &semver(&json!([{"introduced": "0"}])),
            &[],
        ),
        record("GO-1011", "github.com/acme/last", &last, &[]),
        record(
            "GO-1012",
            "github.com/acme/untagged",
            &upto("{untagged@good/pseudo}"),
            &[],
        ),
        record("GO-2001", "stdlib", &upto("1.20.0"), &["net/http"]),
        record("GO-2002", "stdlib", &upto("1.20.0"), &["archive/zip"]),
        record("GO-2003", "toolchain", &upto("1.10.0"), &["cmd/go"]),
    ]
}

pub(super) fn cases() -> Vec<Case> {
    let mut cases = clean();
    cases.extend(versions());
    cases.extend(names());
    cases.extend(uses());
    cases.extend(go());
    cases.extend(databases());
    cases
}

const X: &str = "package main\n\nimport _ \"github.com/acme/lib/x\"\n";

fn clean() -> Vec<Case> {
    vec![
        Case::installed_of("the release that mends it", &["github.com/acme/lib@v1.3.0"]),
        Case::installed_of(
            "a release between two that are affected",
            &["github.com/acme/lib@v1.1.0"],
        ),
        Case::installed_of(
            "a commit behind the release that mends it",
            &["github.com/acme/lib@after"],
        )
        .write("x.go", X),
        Case::installed_of(
            "a commit before the one that brings it",
            &["github.com/acme/bare@first"],
        ),
        Case::installed_of("the commit that mends it", &["github.com/acme/bare@good"]),
        Case::installed_of(
            "the release after the last that is affected",
            &["github.com/acme/last@v1.0.1"],
        ),
        Case::installed_of(
            "a release before the first that is affected",
            &["github.com/acme/last@v0.8.0"],
        ),
        Case::installed_of(
            "version 1 where 2 is affected",
            &["github.com/acme/major@v1.0.0"],
        ),
        Case::installed_of(
            "the mended release of a name with a version",
            &["gopkg.in/acme/pkg.v2@v2.1.0"],
        ),
        Case::installed_of(
            "a version that is not listed",
            &["github.com/acme/nest@v1.1.0"],
        )
        .write(
            "api.go",
            "package main\n\nimport _ \"github.com/acme/nest/api\"\n",
        ),
        Case::installed_of(
            "a module in a folder that no code uses",
            &["github.com/acme/nest@v1.0.0"],
        ),
    ]
}

fn versions() -> Vec<Case> {
    let once = "high vulnerable github.com/acme/lib glide.lock:4 GO-1001";
    let unused = "low vulnerable github.com/acme/lib glide.lock:4 GO-1002";
    vec![
        Case::installed_of(
            "a release that is affected",
            &["github.com/acme/lib@v1.0.0"],
        )
        .finds(once)
        .finds(unused),
        Case::installed_of(
            "a commit between releases that is affected",
            &["github.com/acme/lib@between"],
        )
        .finds(once)
        .finds(unused),
        Case::installed_of(
            "a release in the second range",
            &["github.com/acme/lib@v1.2.0"],
        )
        .finds(once),
        Case::installed_of("the commit that brings it", &["github.com/acme/bare@bad"])
            .finds("high vulnerable github.com/acme/bare glide.lock:4 GO-1004"),
        Case::installed_of(
            "a commit after the one that brings it",
            &["github.com/acme/bare@worse"],
        )
        .finds("high vulnerable github.com/acme/bare glide.lock:4 GO-1004"),
        Case::installed_of("a version that is listed", &["github.com/acme/nest@v1.0.0"])
            .write(
                "api.go",
                "package main\n\nimport _ \"github.com/acme/nest/api\"\n",
            )
            .finds("high vulnerable github.com/acme/nest glide.lock:4 GO-1006"),
        Case::installed_of(
            "the last release that is affected",
            &["github.com/acme/last@v1.0.0"],
        )
        .finds("high vulnerable github.com/acme/last glide.lock:4 GO-1011"),
        Case::installed_of(
            "a commit without tags before the one that mends it",
            &["github.com/acme/untagged@bad"],
        )
        .finds("high vulnerable github.com/acme/untagged glide.lock:4 GO-1012"),
        Case::installed_of("what nobody has mended", &["github.com/acme/odd@v1.0.0"])
            .only(&["vulnerabilities"])
            .finds("high vulnerable github.com/acme/odd glide.lock:4 GO-1010"),
    ]
}

fn names() -> Vec<Case> {
    vec![
        Case::installed_of(
            "a module with its version in its path",
            &["github.com/acme/major@v2.0.0"],
        )
        .finds("high vulnerable github.com/acme/major glide.lock:4 GO-1005"),
        Case::installed_of("a name with a version", &["gopkg.in/acme/pkg.v2@v2.0.0"])
            .finds("high vulnerable gopkg.in/acme/pkg.v2 glide.lock:4 GO-1007"),
        Case::of("a name in another case", &["github.com/Acme/Upper@v1.0.0"])
            .yaml("github.com/Acme/Upper", "github.com/acme/upper")
            .lock("name: github.com/Acme/Upper", "name: github.com/acme/upper")
            .yaml("upper\n", "upper\n  repo: https://github.com/Acme/Upper\n")
            .lock(
                "v1.0.0}\n",
                "v1.0.0}\n  repo: https://github.com/Acme/Upper\n",
            )
            .replace("main.go", "Acme/Upper", "acme/upper")
            .run(&["--quiet", "install"])
            .finds("critical vulnerable github.com/acme/upper glide.lock:4 GO-1009"),
        Case::installed_of(
            "the same repository under its other name",
            &["github.com/golang/net@v0.1.0"],
        )
        .finds("high vulnerable github.com/golang/net glide.lock:4 GO-1008"),
        Case::of(
            "a fork of what is affected",
            &["github.com/acme/lib@v1.2.0"],
        )
        .yaml("lib\n", "lib\n  repo: https://github.com/fork/lib\n")
        .lock(
            "{github.com/acme/lib@v1.2.0}\n",
            "{github.com/fork/lib@v1.2.0}\n  repo: https://github.com/fork/lib\n",
        )
        .run(&["--quiet", "install"])
        .finds("high fork-vulnerable github.com/acme/lib glide.lock:4 GO-1001"),
    ]
}

fn uses() -> Vec<Case> {
    const UPPER: &[&str] = &["github.com/Acme/Upper@v1.0.0"];
    const IMPORT: &str = "import _ \"github.com/Acme/Upper\"\n";
    vec![
        Case::installed_of("a critical fault that the code uses", UPPER)
            .finds("critical vulnerable github.com/Acme/Upper glide.lock:4 GO-1009"),
        Case::installed_of("a critical fault that tests use", UPPER)
            .replace("main.go", IMPORT, "")
            .write("main_test.go", format!("package main\n\n{IMPORT}"))
            .finds("medium vulnerable github.com/Acme/Upper glide.lock:4 GO-1009"),
        Case::installed_of("a critical fault that nothing uses", UPPER)
            .replace("main.go", IMPORT, "")
            .finds("low vulnerable github.com/Acme/Upper glide.lock:4 GO-1009"),
        Case::installed_of(
            "an affected package that the code uses",
            &["github.com/acme/lib@v1.0.0"],
        )
        .replace("main.go", "acme/lib\"", "acme/lib/x\"")
        .finds("low vulnerable github.com/acme/lib glide.lock:4 GO-1001")
        .finds("high vulnerable github.com/acme/lib glide.lock:4 GO-1002"),
        Case::installed_of(
            "an affected package that tests use",
            &["github.com/acme/lib@v1.0.0"],
        )
        .replace("main.go", "import _ \"github.com/acme/lib\"\n", "")
        .write("x_test.go", X)
        .finds("low vulnerable github.com/acme/lib glide.lock:4 GO-1001")
        .finds("low vulnerable github.com/acme/lib glide.lock:4 GO-1002"),
    ]
}

fn go() -> Vec<Case> {
    vec![
        Case::installed("a version of Go that nobody told")
            .without_go()
            .finds("note go-not-checked - glide.lock:0"),
        Case::installed("a version of Go that is affected where nobody looks")
            .with(&["--go-version", "go1.19.3"])
            .finds("note vulnerable-go - glide.lock:0 unused"),
        Case::installed("a version of Go that is affected")
            .write("web.go", "package main\n\nimport _ \"net/http\"\n")
            .with(&["--go-version", "1.19.3"])
            .finds("high vulnerable-go - glide.lock:0 GO-2001")
            .finds("note vulnerable-go - glide.lock:0 unused"),
        Case::installed("a version of Go whose tools are affected")
            .with(&["--go-version", "1.9.0"])
            .finds("medium vulnerable-go - glide.lock:0 GO-2003")
            .finds("note vulnerable-go - glide.lock:0 unused"),
        Case::installed("a version of Go that mends it")
            .write("web.go", "package main\n\nimport _ \"net/http\"\n")
            .with(&["--go-version", "1.20.0"]),
    ]
}

/// A database of the project's own, with what every one has: records of Go.
fn with_database(case: Case, modified: &str, more: &str) -> Case {
    let record = record(
        "GO-2001",
        "stdlib",
        &semver(&json!([{"introduced": "0"}, {"fixed": "1.20.0"}])),
        &["net/http"],
    );
    case.write(
        "db/index/db.json",
        json!({"modified": modified}).to_string(),
    )
    .write(
        "db/index/modules.json",
        format!(r#"[{{"path": "stdlib", "vulns": [{{"id": "GO-2001"}}]}}{more}]"#),
    )
    .write("db/ID/GO-2001.json", record.to_string())
    .with(&["--db", "db"])
}

fn databases() -> Vec<Case> {
    vec![
        with_database(
            Case::installed("a database of years ago"),
            "2020-01-01T00:00:00Z",
            "",
        )
        .finds("note database-old - glide.lock:0"),
        Case::installed("a database by its address, which is a copy where there is no network")
            .with(&["--db", "https://vuln.go.dev"])
            .finds_offline("note database-copy - glide.lock:0"),
        Case::installed("no database")
            .with(&["--db", "nowhere"])
            .unchecked("vulnerabilities", "-", "there is no such file or folder"),
        Case::installed("a database that is none")
            .write("db/index/modules.json", "[{")
            .with(&["--db", "db"])
            .unchecked("vulnerabilities", "-", "index/modules.json"),
        with_database(
            Case::installed_of(
                "a record that is listed and not there",
                &["github.com/acme/spare@v1.0.0"],
            ),
            "2999-01-01T00:00:00Z",
            r#", {"path": "github.com/acme/spare", "vulns": [{"id": "GO-9"}]}"#,
        )
        .unchecked("vulnerabilities", "github.com/acme/spare", "GO-9"),
    ]
}
