//! What a project that has no glide.yaml yet is called.

use super::Context;
use super::project::Project;
use crate::discover;
use crate::foreign::gomod;
use crate::fsx;
use crate::model::VendorPath;
use crate::vcs::git;

/// Glide's name for what it has no name for.
const NAMELESS: &str = "main";

/// The import path of a project: its place in GOPATH, and where it has none, a guess that is told. (There
/// Glide calls every project `.`.)
pub(super) fn name(context: &Context<'_>, project: &Project) -> String {
    if let Some(place) = project.place(context) {
        return place;
    }
    let (name, by) = of_module(project)
        .or_else(|| of_checkout(project))
        .unwrap_or_else(|| of_folder(project));
    context.reporter.warn(format!(
        "The project is in no GOPATH, so its name is a guess: {name} is {by}. Check `package:` in {}",
        context.settings.yaml
    ));
    name
}

/// The module that a go.mod says it is.
fn of_module(project: &Project) -> Option<(String, &'static str)> {
    let path = project.folder.join("go.mod");
    let is_file = fsx::stat(&path).ok()?.is_some_and(|found| found.is_file());
    let bytes = is_file.then(|| fsx::read_text(&path).ok())??;
    let name = gomod::module_path(&bytes)?;
    VendorPath::new(&name).ok()?;
    Some((name, "the module in go.mod"))
}

/// Where the checkout comes from that it is, or is in.
fn of_checkout(project: &Project) -> Option<(String, &'static str)> {
    let (address, root) = git::origin(&project.folder)?;
    let mut name = discover::name_of(&address)?;
    for below in project.folder.strip_prefix(root).ok()? {
        name.push('/');
        name.push_str(below.to_str()?);
    }
    VendorPath::new(&name).ok()?;
    Some((name, "where the remote `origin` of its git checkout leads"))
}

fn of_folder(project: &Project) -> (String, &'static str) {
    let name = project.folder.file_name().and_then(|name| name.to_str());
    match name.filter(|name| VendorPath::new(name).is_ok()) {
        Some(name) => (name.to_owned(), "what its folder is called"),
        None => (NAMELESS.to_owned(), "what Glide takes for want of a name"),
    }
}
