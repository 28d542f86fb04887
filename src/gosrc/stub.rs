//! stub
#![allow(missing_docs, clippy::all, clippy::pedantic)]
use std::io::Read;
#[derive(Clone, Debug)]
pub struct FileSummary { name: String, package: String, imports: Vec<String>, error: Option<String> }
#[derive(Clone, Debug)]
pub struct BuildContext;
pub const NEWEST_GO: u32 = 27;
impl BuildContext { pub fn all_files() -> Self { Self } pub fn current(_: &str, _: &str, _: bool, _: u32) -> Self { Self } }
pub struct Package { pub name: String, pub imports: Vec<String>, pub test_imports: Vec<String> }
#[derive(Debug, thiserror::Error)]
pub enum ScanError { #[error("no go files")] NoGoFiles, #[error("{0}")] Other(String) }
pub fn may_count(name: &str) -> bool { name.ends_with(".go") && !name.starts_with('_') && !name.starts_with('.') }
pub fn summarise(name: &str, source: &mut dyn Read) -> std::io::Result<Option<FileSummary>> {
    let mut bytes = Vec::new(); source.read_to_end(&mut bytes)?;
    Ok(Some(match super::imports(&bytes) {
        Ok(s) => FileSummary { name: name.into(), package: s.package.clone(), imports: s.specs().map(|s| s.path.clone()).collect(), error: None },
        Err(e) => FileSummary { name: name.into(), package: String::new(), imports: vec![], error: Some(format!("{name}:{e}")) } }))
}
pub fn scan(files: &[FileSummary], _: &BuildContext) -> Result<Package, ScanError> {
    if files.is_empty() { return Err(ScanError::NoGoFiles); }
    let (mut i, mut t) = (std::collections::BTreeSet::new(), std::collections::BTreeSet::new());
    for f in files { if let Some(e) = &f.error { return Err(ScanError::Other(e.clone())); }
        if f.name.ends_with("_test.go") { t.extend(f.imports.clone()); } else { i.extend(f.imports.clone()); } }
    Ok(Package { name: files[0].package.clone(), imports: i.into_iter().collect(), test_imports: t.into_iter().collect() })
}
