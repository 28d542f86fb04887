//! One folder as Glide scans it. Pure: the files have been read.
//!
//! Answers to `Context.ImportDir` of Go 1.19's `go/build`, and to `IterativeScan` of Glide's
//! `dependency/scan.go`, to which Glide turns where the folder holds several packages.

use std::collections::HashSet;

use super::context::BuildContext;
use super::error::ScanError;
use super::platforms::{ARCHITECTURES, Named, SYSTEMS};
use super::summary::FileSummary;

/// What a folder imports.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Package {
    /// The package's name. Where there are several, that of the first that was found by a tag; empty
    /// where none was.
    pub name: String,
    /// What its files import: sorted, except where there are several packages; then in the order in
    /// which the tags brought it up.
    pub imports: Vec<String>,
    /// What its tests import, inside and outside of the package. Sorted; where there are several
    /// packages, in order of the tags, without what `imports` held by then, and a path may repeat.
    pub test_imports: Vec<String>,
}

/// Scans a folder, whose files are given in byte order of their names: all in one, and if there
/// are several packages, tag by tag.
pub fn scan(files: &[FileSummary], context: &BuildContext) -> Result<Package, ScanError> {
    match import_folder(files, context) {
        Err(ScanError::SeveralPackages { .. }) => scan_by_tags(files, context),
        other => other,
    }
}

/// Scans a folder as Go does, for which several packages are an error.
pub fn import_folder(files: &[FileSummary], context: &BuildContext) -> Result<Package, ScanError> {
    let found = Found::of(files, context)?;
    let mut tests = found.tests;
    tests.extend(&found.external_tests);
    sort(&mut tests);
    let owned = |paths: Vec<&str>| paths.into_iter().map(str::to_owned).collect();
    Ok(Package {
        name: found.name.to_owned(),
        imports: owned(found.imports),
        test_imports: owned(tests),
    })
}

fn sort(paths: &mut Vec<&str>) {
    paths.sort_unstable();
    paths.dedup();
}

/// What a folder holds in one build.
#[derive(Default)]
struct Found<'f> {
    name: &'f str,
    first_file: &'f str,
    /// Whether any file counted.
    any: bool,
    imports: Vec<&'f str>,
    tests: Vec<&'f str>,
    external_tests: Vec<&'f str>,
}

impl<'f> Found<'f> {
    /// The first file with a mistake decides.
    fn of(files: &'f [FileSummary], context: &BuildContext) -> Result<Self, ScanError> {
        let mut found = Self::default();
        for file in files {
            found.add(file, context)?;
        }
        if !found.any {
            return Err(ScanError::NoGoFiles);
        }
        for paths in [
            &mut found.imports,
            &mut found.tests,
            &mut found.external_tests,
        ] {
            sort(paths);
        }
        Ok(found)
    }

    fn add(&mut self, file: &'f FileSummary, context: &BuildContext) -> Result<(), ScanError> {
        let Some(source) = file.selected(context)? else {
            return Ok(());
        };
        let mut package = source.package.as_str();
        if package == "documentation" {
            return Ok(());
        }
        let is_test = file.is_test();
        let outside = package.strip_suffix("_test");
        let outside = outside.filter(|_| is_test && self.name != package);
        package = outside.unwrap_or(package);
        if self.name.is_empty() {
            self.name = package;
            self.first_file = file.name();
        } else if self.name != package {
            return Err(ScanError::SeveralPackages {
                packages: [self.name.to_owned(), package.to_owned()],
                files: [self.first_file.to_owned(), file.name().to_owned()],
            });
        }
        let uses_cgo = source.imports.iter().any(|path| path == "C");
        if uses_cgo && is_test {
            let file = file.name().to_owned();
            return Err(ScanError::CgoInTest { file });
        }
        for line in &source.cgo {
            super::cgo::check(line, context).map_err(|reason| ScanError::Cgo {
                file: file.name().to_owned(),
                reason,
            })?;
        }
        if uses_cgo && !context.cgo {
            return Ok(());
        }
        self.any = true;
        let list = match (is_test, outside) {
            (false, _) => &mut self.imports,
            (true, None) => &mut self.tests,
            (true, Some(_)) => &mut self.external_tests,
        };
        list.extend(source.imports.iter().map(String::as_str));
        Ok(())
    }
}

/// More work than this is not taken on for one folder: builds, times what each has to look at.
const MOST_WORK: usize = 100_000_000;

/// Scans a folder once for each tag that its files name, and once without any.
pub fn scan_by_tags(files: &[FileSummary], context: &BuildContext) -> Result<Package, ScanError> {
    let tags = tags(files);
    let weight: usize = files.iter().map(FileSummary::weight).sum();
    if tags.len().saturating_mul(weight) > MOST_WORK {
        return Err(ScanError::TooManyTags(tags.len() - 1));
    }
    let mut package = Package::default();
    let mut known = HashSet::new();
    for tag in tags {
        let found = match Found::of(files, &context_for(tag, context)) {
            Ok(found) => found,
            Err(ScanError::NoGoFiles | ScanError::SeveralPackages { .. }) => continue,
            Err(error) => return Err(error),
        };
        if package.name.is_empty() {
            found.name.clone_into(&mut package.name);
        }
        for path in found.imports {
            if known.insert(path) {
                package.imports.push(path.to_owned());
            }
        }
        // Glide looks for test imports among the imports only, so that they may repeat.
        let tests = found.tests.iter().chain(&found.external_tests);
        let new = tests.filter(|path| !known.contains(**path));
        package
            .test_imports
            .extend(new.map(|path| (*path).to_owned()));
    }
    Ok(package)
}

/// The tags to try, in the order of the files; last, none.
fn tags(files: &[FileSummary]) -> Vec<&str> {
    let mut tags = Vec::new();
    let mut seen = HashSet::new();
    for file in files {
        let Some(words) = file.tags() else {
            // Glide gives up all tags where one file cannot be opened.
            tags.clear();
            break;
        };
        let words = words.iter().map(String::as_str);
        tags.extend(words.filter(|word| seen.insert(*word)));
    }
    tags.push("");
    tags
}

/// The build for one word of a `// +build` line: the platform that it names, or another than the one
/// that it excludes, and its other tags. Where it names none there is none, so that files for a
/// platform by name are left out.
fn context_for(word: &str, context: &BuildContext) -> BuildContext {
    let (mut goos, mut goarch, mut tags) = ("", "", Vec::new());
    for literal in word.split(',') {
        let (tag, negated) = match literal.strip_prefix('!') {
            Some(tag) => (tag, true),
            None => (literal, false),
        };
        let known = |list: &'static [Named]| list.iter().filter(|known| known.in_glide);
        let is_known = |list| known(list).any(|known| known.name == tag);
        // Glide's own lists decide what is a platform, and which other one comes first.
        let meant = |list| {
            let another = known(list).find(|other| negated && other.name != tag);
            another.map_or(tag, |other| other.name)
        };
        if is_known(SYSTEMS) {
            goos = meant(SYSTEMS);
        } else if is_known(ARCHITECTURES) {
            goarch = meant(ARCHITECTURES);
        } else if !negated {
            tags.push(tag.to_owned());
        }
    }
    BuildContext {
        goos: goos.to_owned(),
        goarch: goarch.to_owned(),
        tags,
        use_all_files: false,
        ..context.clone()
    }
}
