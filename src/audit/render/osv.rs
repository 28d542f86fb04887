//! A custom lock file for osv-scanner: each pin by its commit, and by its version where Go has one
//! for it.

use serde_json::{Value, json};

use super::super::report::{ProjectReport, Report};
use super::text;

pub(super) fn osv(report: &Report) -> Value {
    json!({"results": report.projects.iter().map(result).collect::<Vec<_>>()})
}

fn result(project: &ProjectReport) -> Value {
    let mut packages = Vec::new();
    for component in &project.components {
        let name = component.name();
        if let Some(commit) = component.commit() {
            packages.push(json!({"package": {"name": name, "commit": commit}}));
        }
        if let Some(version) = &component.version {
            let version = version.strip_prefix('v').unwrap_or(version);
            let package = json!({"name": name, "version": version, "ecosystem": "Go"});
            packages.push(json!({"package": package}));
        }
    }
    json!({
        "source": {"path": text::path(project, "glide.lock"), "type": "lockfile"},
        "packages": packages,
    })
}
