//! A bill of materials in SPDX 2.3.
//!
//! Written by hand: the crate for it (spdx-rs) rests since 2023 on versions of nom, chrono and syn that
//! nothing else here needs. Tests hold it against the schema.

use cyclonedx_bom::external_models::spdx::SpdxExpression;
use serde_json::{Value, json};

use super::super::component::Component;
use super::super::report::{ProjectReport, Report};
use super::{Facts, PROGRAM, VERSION, text};

const UNKNOWN: &str = "NOASSERTION";

pub(super) fn spdx(report: &Report, facts: &Facts) -> Value {
    let (mut packages, mut relations) = (Vec::new(), Vec::new());
    for (number, project) in report.projects.iter().enumerate() {
        let ids = Ids::new(number, project);
        relations.push(relation("SPDXRef-DOCUMENT", "DESCRIBES", &ids.project));
        packages.push(described(project, &ids.project));
        for (component, id) in project.components.iter().zip(&ids.components) {
            packages.push(package(component, id));
        }
        relations.extend(relations_of(project, &ids));
    }
    let name = match report.projects.as_slice() {
        [project] => text::title(project),
        _ => "workspace",
    };
    let created = text::moment(facts.now);
    let content = json!([name, created, packages, relations]).to_string();
    json!({
        "spdxVersion": "SPDX-2.3",
        "dataLicense": "CC0-1.0",
        "SPDXID": "SPDXRef-DOCUMENT",
        "name": name,
        "documentNamespace": format!(
            "https://spdx.org/spdxdocs/{}-{}",
            text::encoded(name, "/"),
            text::uuid(content.as_bytes())
        ),
        "creationInfo": {
            "created": created,
            "creators": [format!("Tool: {PROGRAM}-{VERSION}")],
        },
        "packages": packages,
        "relationships": relations,
    })
}

/// The ids of a project's packages in the document.
struct Ids {
    project: String,
    components: Vec<String>,
}

impl Ids {
    fn new(number: usize, project: &ProjectReport) -> Self {
        let id = |name: &str, at: usize| {
            let letter = |letter: char| match letter {
                'a'..='z' | 'A'..='Z' | '0'..='9' | '.' => letter,
                _ => '-',
            };
            let name: String = name.chars().map(letter).collect();
            format!("SPDXRef-{number}-{at}-{name}")
        };
        let components = project.components.iter().enumerate();
        Self {
            project: id(text::title(project), 0),
            components: components
                .map(|(at, component)| id(component.name(), at + 1))
                .collect(),
        }
    }
}

fn relation(from: &str, kind: &str, to: &str) -> Value {
    json!({"spdxElementId": from, "relationshipType": kind, "relatedSpdxElement": to})
}

/// Who depends on whom. What nobody is known to need is the project's own.
fn relations_of(project: &ProjectReport, ids: &Ids) -> Vec<Value> {
    let pairs = project.components.iter().zip(&ids.components);
    let mut relations = Vec::new();
    for (component, id) in pairs.clone() {
        if component.pin.for_tests {
            relations.push(relation(id, "TEST_DEPENDENCY_OF", &ids.project));
        } else if component.direct || !is_required(project, component) {
            relations.push(relation(&ids.project, "DEPENDS_ON", id));
        }
        for (other, to) in pairs.clone() {
            if component.requires.iter().any(|name| name == other.name()) {
                relations.push(relation(id, "DEPENDS_ON", to));
            }
        }
    }
    relations
}

fn is_required(project: &ProjectReport, component: &Component) -> bool {
    let mut all = project.components.iter().flat_map(|other| &other.requires);
    all.any(|name| name == component.name())
}

fn described(project: &ProjectReport, id: &str) -> Value {
    json!({
        "SPDXID": id,
        "name": text::title(project),
        "downloadLocation": UNKNOWN,
        "filesAnalyzed": false,
        "primaryPackagePurpose": "APPLICATION",
        "licenseConcluded": UNKNOWN,
        "licenseDeclared": UNKNOWN,
        "copyrightText": UNKNOWN,
    })
}

fn package(component: &Component, id: &str) -> Value {
    let mut references = vec![json!({
        "referenceCategory": "PACKAGE-MANAGER",
        "referenceType": "purl",
        "referenceLocator": text::purl(component),
    })];
    if let Some(commit) = component.commit().filter(|_| component.is_git()) {
        references.push(json!({
            "referenceCategory": "PERSISTENT-ID",
            "referenceType": "swh",
            "referenceLocator": format!("swh:1:rev:{}", commit.to_lowercase()),
        }));
    }
    let mut package = json!({
        "SPDXID": id,
        "name": component.name(),
        "versionInfo": component.shown_version(),
        "downloadLocation": text::location(component).unwrap_or_else(|| UNKNOWN.to_owned()),
        "filesAnalyzed": false,
        "primaryPackagePurpose": "LIBRARY",
        "licenseConcluded": licence(component).unwrap_or(UNKNOWN),
        "licenseDeclared": UNKNOWN,
        "copyrightText": UNKNOWN,
        "sourceInfo": format!("pinned to {} in glide.lock", component.pin.entry.version),
        "externalRefs": references,
    });
    if let (None, Some(words)) = (licence(component), &component.licence) {
        package["licenseComments"] = json!(format!("identified as {words}"));
    }
    package
}

/// The licence, if it is made of names on SPDX's list. (Others would have to come with their texts.)
fn licence(component: &Component) -> Option<&str> {
    let licence = component.licence.as_deref()?;
    let listed = !licence.contains("LicenseRef-") && !licence.contains("DocumentRef-");
    (listed && SpdxExpression::try_from(licence.to_owned()).is_ok()).then_some(licence)
}
