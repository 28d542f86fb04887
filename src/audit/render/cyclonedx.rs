//! A bill of materials in `CycloneDX` 1.5, with the known vulnerabilities that were found.

use cyclonedx_bom::external_models::uri::{Purl, Uri};
use cyclonedx_bom::models::bom::{Bom, SpecVersion, UrnUuid};
use cyclonedx_bom::models::component::{Classification, Component as Part, Components, Scope};
use cyclonedx_bom::models::dependency::{Dependencies, Dependency};
use cyclonedx_bom::models::external_reference::{
    ExternalReference, ExternalReferenceType, ExternalReferences,
};
use cyclonedx_bom::models::license::{LicenseChoice, Licenses};
use cyclonedx_bom::models::metadata::Metadata;
use cyclonedx_bom::models::property::{Properties, Property};
use cyclonedx_bom::models::tool::Tools;
use cyclonedx_bom::models::vulnerability::{Vulnerabilities, Vulnerability};
use cyclonedx_bom::models::vulnerability_rating::{
    Severity as Rated, VulnerabilityRating, VulnerabilityRatings,
};
use cyclonedx_bom::models::vulnerability_target::{VulnerabilityTarget, VulnerabilityTargets};
use cyclonedx_bom::prelude::{DateTime, NormalizedString, SpdxExpression};

use super::super::component::Component;
use super::super::finding::{Check, Finding, Severity};
use super::super::report::{ProjectReport, Report};
use super::{Facts, PROGRAM, RenderError, VERSION, text};

/// The name of the whole where there are several projects.
const WORKSPACE: &str = "workspace";

pub(super) fn cyclonedx(report: &Report, facts: &Facts) -> Result<Vec<u8>, RenderError> {
    let mut bom = bom(report, facts)?;
    let content = written(bom.clone())?;
    let id = format!("urn:uuid:{}", text::uuid(&content));
    bom.serial_number = UrnUuid::new(id).ok();
    let bytes = written(bom)?;
    let text = String::from_utf8_lossy(&bytes);
    Ok(text::unarmed(&format!("{text}\n")).into_bytes())
}

fn written(bom: Bom) -> Result<Vec<u8>, RenderError> {
    let mut bytes = Vec::new();
    bom.output_as_json_v1_5(&mut bytes)
        .map_err(|error| RenderError::Bom(error.to_string()))?;
    Ok(bytes)
}

fn bom(report: &Report, facts: &Facts) -> Result<Bom, RenderError> {
    let (mut parts, mut edges, mut known) = (Vec::new(), Vec::new(), Vec::new());
    let mut described = Vec::new();
    for (number, project) in report.projects.iter().enumerate() {
        let refs = Refs::new(number, project);
        let pairs = project.components.iter().zip(&refs.components);
        parts.extend(pairs.map(|(component, id)| part(component, id)));
        edges.extend(edges_of(project, &refs));
        known.extend(vulnerabilities(project, &refs));
        let title = NormalizedString::new(text::title(project));
        described.push(application(&title, refs.project));
    }
    let whole = if described.len() == 1 {
        described.remove(0)
    } else {
        let refs = described.iter().filter_map(|part| part.bom_ref.clone());
        let of_all = Dependency {
            dependency_ref: WORKSPACE.to_owned(),
            dependencies: refs.collect(),
        };
        edges.insert(0, of_all);
        parts.splice(0..0, described);
        application(WORKSPACE, WORKSPACE.to_owned())
    };
    let mut metadata = Metadata {
        timestamp: Some(
            DateTime::try_from(text::moment(facts.now))
                .map_err(|error| RenderError::Bom(error.to_string()))?,
        ),
        component: Some(whole),
        ..Metadata::default()
    };
    let tool = Part::new(Classification::Application, PROGRAM, VERSION, None);
    metadata.tools = Some(Tools::Object {
        services: None,
        components: Some(Components(vec![tool])),
    });
    Ok(Bom {
        spec_version: SpecVersion::V1_5,
        serial_number: None,
        metadata: Some(metadata),
        components: Some(Components(parts)),
        dependencies: Some(Dependencies(edges)),
        vulnerabilities: (!known.is_empty()).then_some(Vulnerabilities(known)),
        ..Bom::default()
    })
}

fn application(name: &str, bom_ref: String) -> Part {
    let mut part = Part::new(Classification::Application, name, "", Some(bom_ref));
    part.version = None;
    part
}

/// The references of a project's parts, each of which stands once in the document.
struct Refs {
    project: String,
    components: Vec<String>,
}

impl Refs {
    fn new(number: usize, project: &ProjectReport) -> Self {
        let components = project.components.iter().enumerate();
        Self {
            project: format!("{number}:{}", text::title(project)),
            components: components
                .map(|(at, component)| format!("{number}:{at}:{}", component.name()))
                .collect(),
        }
    }
}

/// Who depends on whom. What nobody is known to need is the project's own.
fn edges_of(project: &ProjectReport, refs: &Refs) -> Vec<Dependency> {
    let pairs = project.components.iter().zip(&refs.components);
    let required = |name: &str| {
        let mut all = project.components.iter().flat_map(|other| &other.requires);
        all.any(|other| other == name)
    };
    let own = pairs
        .clone()
        .filter(|(component, _)| component.direct || !required(component.name()));
    let mut edges = vec![Dependency {
        dependency_ref: refs.project.clone(),
        dependencies: own.map(|(_, id)| id.clone()).collect(),
    }];
    for (component, id) in pairs.clone() {
        let needed = pairs
            .clone()
            .filter(|(other, _)| component.requires.iter().any(|name| name == other.name()));
        edges.push(Dependency {
            dependency_ref: id.clone(),
            dependencies: needed.map(|(_, id)| id.clone()).collect(),
        });
    }
    edges
}

fn part(component: &Component, id: &str) -> Part {
    let pin = &component.pin;
    let mut part = Part::new(
        Classification::Library,
        component.name(),
        component.shown_version(),
        Some(id.to_owned()),
    );
    part.purl = text::purl(component).parse::<Purl>().ok();
    part.scope = Some(if pin.for_tests {
        Scope::Optional
    } else {
        Scope::Required
    });
    part.licenses = component.licence.as_deref().map(licences);
    let mut properties = vec![
        Property::new("glide:commit", &pin.entry.version),
        Property::new("glide:line", &pin.line.to_string()),
    ];
    if pin.for_tests {
        properties.push(Property::new("glide:test", "true"));
    }
    part.properties = Some(Properties(properties));
    // Addresses have a strict form; what has none (git@host:path) gets one, or is left out.
    let address = text::location(component).and_then(|location| {
        let (_, address) = location.split_once('+')?;
        let (address, _) = address.rsplit_once('@')?;
        Uri::try_from(address.to_owned()).ok()
    });
    part.external_references = address.map(|address| {
        let mut reference = ExternalReference::new(ExternalReferenceType::Vcs, address);
        reference.comment = Some(format!("commit {}", pin.entry.version));
        ExternalReferences(vec![reference])
    });
    part
}

fn licences(expression: &str) -> Licenses {
    let choice = match SpdxExpression::try_from(expression.to_owned()) {
        Ok(expression) => LicenseChoice::Expression(expression),
        Err(_) => LicenseChoice::license(expression),
    };
    Licenses(vec![choice])
}

/// The advisories among the findings.
fn vulnerabilities(project: &ProjectReport, refs: &Refs) -> Vec<Vulnerability> {
    let findings = project.findings.iter();
    let about =
        findings.filter(|it| it.rule.check == Check::Vulnerabilities && !it.subject.is_empty());
    about
        .map(|finding| vulnerability(project, refs, finding))
        .collect()
}

fn vulnerability(project: &ProjectReport, refs: &Refs, finding: &Finding) -> Vulnerability {
    let mut found = Vulnerability::new(None);
    found.id = Some(NormalizedString::new(&finding.subject));
    found.description = Some(finding.message.clone());
    found.detail = (!finding.details.is_empty()).then(|| finding.details.join("\n"));
    found.recommendation = (!finding.remedy.is_empty()).then(|| finding.remedy.clone());
    let severity = match finding.severity {
        Severity::Note => Rated::Info,
        Severity::Low => Rated::Low,
        Severity::Medium => Rated::Medium,
        Severity::High => Rated::High,
        Severity::Critical => Rated::Critical,
    };
    found.vulnerability_ratings = Some(VulnerabilityRatings(vec![VulnerabilityRating {
        vulnerability_source: None,
        score: None,
        severity: Some(severity),
        score_method: None,
        vector: None,
        justification: None,
    }]));
    let aliases = finding.aliases.iter();
    let aliases = aliases.map(|alias| Property::new("glide:alias", alias));
    found.properties = (!finding.aliases.is_empty()).then(|| Properties(aliases.collect()));
    let pairs = project.components.iter().zip(&refs.components);
    let hit = pairs.filter(|(component, _)| component.name() == finding.package);
    let hit: Vec<_> = hit
        .map(|(_, id)| VulnerabilityTarget::new(id.clone()))
        .collect();
    let of_project = || vec![VulnerabilityTarget::new(refs.project.clone())];
    found.vulnerability_targets = Some(VulnerabilityTargets(match hit.as_slice() {
        [] => of_project(),
        _ => hit,
    }));
    found
}
