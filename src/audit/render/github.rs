//! A snapshot for GitHub's dependency graph, which then warns of what it pins.

use serde_json::{Map, Value, json};

use super::super::component::Component;
use super::super::report::{ProjectReport, Report};
use super::{Facts, PROGRAM, VERSION, text};

/// Detectors must have a page: this is that of the files that are read.
const PAGE: &str = "https://github.com/Masterminds/glide";

/// Which build a snapshot belongs to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Snapshot {
    /// The commit that was built.
    pub sha: String,
    /// The branch or tag, as `refs/heads/master`.
    pub reference: String,
    /// The id of the run.
    pub job: String,
    /// What runs of the same job share; a later one replaces an earlier.
    pub correlator: String,
    /// The page of the run.
    pub page: Option<String>,
}

pub(super) fn github(report: &Report, snapshot: &Snapshot, facts: &Facts) -> Value {
    let mut job = json!({"id": snapshot.job, "correlator": snapshot.correlator});
    if let Some(page) = &snapshot.page {
        job["html_url"] = json!(page);
    }
    let mut manifests = Map::new();
    for project in &report.projects {
        let path = text::path(project, "glide.lock");
        manifests.insert(path.clone(), manifest(project, &path));
    }
    json!({
        "version": 0,
        "sha": snapshot.sha,
        "ref": snapshot.reference,
        "job": job,
        "detector": {
            "name": PROGRAM,
            "version": VERSION,
            "url": PAGE,
        },
        "scanned": text::moment(facts.now),
        "manifests": manifests,
    })
}

fn manifest(project: &ProjectReport, path: &str) -> Value {
    let mut resolved = Map::new();
    for component in &project.components {
        // Of one that stands twice the first is kept, as by `install`.
        let entry = resolved.entry(component.name());
        entry.or_insert_with(|| dependency(project, component));
    }
    json!({
        "name": path,
        "file": {"source_location": path},
        "resolved": resolved,
    })
}

fn dependency(project: &ProjectReport, component: &Component) -> Value {
    let required = project.components.iter();
    let required = required.filter(|other| component.requires.iter().any(|it| it == other.name()));
    let mut metadata = json!({"commit": component.pin.entry.version});
    if let Some(licence) = &component.licence {
        metadata["licence"] = json!(licence);
    }
    json!({
        "package_url": text::purl(component),
        "relationship": if component.direct { "direct" } else { "indirect" },
        "scope": if component.pin.for_tests { "development" } else { "runtime" },
        "dependencies": required.map(text::purl).collect::<Vec<_>>(),
        "metadata": metadata,
    })
}
