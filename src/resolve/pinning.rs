//! From what is asked for to a commit: Glide's `VcsVersion`.

use super::failure::Unmet;
use super::provider::Names;
use crate::model::Revision;
use crate::version::{self, Constraint};

/// What default branches were called before hosts chose another name.
const OLD_DEFAULT: &str = "master";
/// How many versions a message lists.
const NEAREST: usize = 5;

/// The commit that a reference, which is not empty, stands for in a repository; and the name that was
/// chosen for it.
pub fn choose(
    repository: &(impl Names + ?Sized),
    reference: &str,
) -> Result<(Revision, String), Unmet> {
    // Git takes `^x` for "not x", so a caret is a range whatever the repository has.
    let named =
        !reference.starts_with('^') && repository.is_reference(reference).map_err(Unmet::Fault)?;
    let name = if named {
        reference.to_owned()
    } else {
        match in_range(repository, reference) {
            Err(unmet @ Unmet::Neither { .. }) if reference == OLD_DEFAULT => {
                return renamed(repository).ok_or(unmet);
            }
            name => name?,
        }
    };
    match repository.checkout(&name).map_err(Unmet::Fault)? {
        Some(revision) => Ok((revision, name)),
        None => Err(Unmet::Missing { reference: name }),
    }
}

/// The tip of a default branch that was called `master` once, as very many were. (Glide fails.)
fn renamed(repository: &(impl Names + ?Sized)) -> Option<(Revision, String)> {
    let tip = repository.checkout("HEAD").ok().flatten()?;
    let name = format!("the default branch, there being no `{OLD_DEFAULT}` any more");
    Some((tip, name))
}

/// The newest branch or tag that meets the range.
fn in_range(repository: &(impl Names + ?Sized), range: &str) -> Result<String, Unmet> {
    let names = repository.names();
    let names = || names.iter().map(String::as_str);
    let nearest = |range: &Constraint| {
        let names = version::nearest(names(), range, NEAREST);
        names.into_iter().map(str::to_owned).collect()
    };
    let constraint = Constraint::parse(range).map_err(|reason| Unmet::Neither {
        reference: range.to_owned(),
        reason: reason.to_string(),
        nearest: Constraint::parse("*").map_or_else(|_| Vec::new(), |any| nearest(&any)),
    })?;
    match version::pick(names(), &constraint) {
        Some(name) => Ok(name.to_owned()),
        None => Err(Unmet::NoMatch {
            nearest: nearest(&constraint),
            range: range.to_owned(),
        }),
    }
}
