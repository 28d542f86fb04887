//! Which versions of Go modules the pins are, from the histories of their repositories.

use std::sync::Arc;

use super::past::Pasts;
use super::trees::Trees;
use crate::audit::advisories::{Confidence, GoMod, Version, Versions, tagged};
use crate::audit::{
    Histories as _, History, Look, ModulePath, ModuleRepository, NoVersion, Pinned, go_version,
};
use crate::foreign::gomod;
use crate::model::VcsKind;
use crate::resolve::join;

/// What histories and trees tell.
pub(super) struct PinnedVersions<'a> {
    pub(super) pasts: &'a Pasts<'a>,
    pub(super) trees: &'a Trees<'a>,
}

impl PinnedVersions<'_> {
    /// The version that the go command gives the pin, with its `v`.
    pub(super) fn of_go(&self, pin: &Pinned) -> Option<String> {
        let version = self.version(pin, "", None);
        let may_need_mark = !version.is_of(0) && !version.is_of(1);
        let Version::Known { text, .. } = version else {
            return None;
        };
        if !may_need_mark {
            return Some(format!("v{text}"));
        }
        let marked = format!("{text}+incompatible");
        match self.of_module(pin, &pin.entry.name) {
            Version::Known { text, .. } if text == marked => Some(format!("v{marked}")),
            _ => Some(format!("v{text}")),
        }
    }

    /// The tags that lead to the pinned commit. A pin may be a tag itself.
    fn at(&self, pin: &Pinned) -> Result<Vec<String>, String> {
        let history = self.pasts.of(pin)?;
        let commit = commit(pin, &*history);
        let here = history.tags().iter().filter(|(_, at)| *at == commit);
        Ok(here.map(|(tag, _)| tag.clone()).collect())
    }

    /// The version that a commit without a tag of its own has, by the tags before it.
    fn pseudo(&self, pin: &Pinned, folder: &str, major: Option<u64>) -> Version {
        let plain = join(&pin.entry.name, folder);
        let Some(major) = major.filter(|major| *major > 1) else {
            return self.of_module(pin, &plain);
        };
        match self.of_module(pin, &format!("{plain}/v{major}")) {
            // Before it had a go.mod it was the same code at the same version under a shorter path.
            Version::Elsewhere => match self.of_module(pin, &plain) {
                known @ Version::Known { .. } if known.is_of(major) => known,
                _ => Version::Elsewhere,
            },
            version => version,
        }
    }

    /// The version that the go command gives the pin as the module of that path.
    fn of_module(&self, pin: &Pinned, path: &str) -> Version {
        let history = match self.pasts.of(pin) {
            Ok(history) => history,
            Err(reason) => return Version::Unknown(reason),
        };
        let name = &pin.entry.name;
        let pinned = commit(pin, &*history);
        let look = |commit: &str, file: &str| {
            if commit == pinned {
                self.trees.look(pin, file)
            } else {
                Look::Unknown
            }
        };
        let repository = ModuleRepository {
            kind: VcsKind::parse(&pin.remote.vcs).unwrap_or(VcsKind::Git),
            history: &*history,
            look: &look,
        };
        let module = match ModulePath::new(name, path) {
            Ok(module) => module,
            Err(error) => return Version::Unknown(error.to_string()),
        };
        match go_version(&repository, &module, &pinned) {
            Ok(found) => Version::Known {
                text: found.version.trim_start_matches('v').to_owned(),
                confidence: Confidence::PseudoVersion,
            },
            Err(NoVersion::NoModule(_)) => Version::Elsewhere,
            Err(error) => Version::Unknown(error.to_string()),
        }
    }
}

/// The pinned commit's id, where a tag is pinned that of its commit.
fn commit(pin: &Pinned, history: &dyn History) -> String {
    let version = &pin.entry.version;
    let named = history.tags().iter().find(|(tag, _)| tag == version);
    named.map_or_else(
        || version.to_ascii_lowercase(),
        |(_, commit)| commit.clone(),
    )
}

impl Versions for PinnedVersions<'_> {
    fn version(&self, pin: &Pinned, folder: &str, major: Option<u64>) -> Version {
        match self.at(pin).map(|tags| tagged(&tags, folder, major)) {
            Ok(Version::Unknown(_)) => self.pseudo(pin, folder, major),
            Ok(version) => version,
            Err(reason) => Version::Unknown(reason),
        }
    }

    fn tags(&self, pin: &Pinned) -> Option<Vec<String>> {
        self.at(pin).ok()
    }

    fn has_tag(&self, pin: &Pinned, tag: &str) -> bool {
        let history = self.pasts.of(pin);
        history.is_ok_and(|history| history.tags().iter().any(|(name, _)| name == tag))
    }

    fn go_mod(&self, pin: &Pinned) -> GoMod {
        match self.trees.look(pin, "go.mod") {
            Look::Unknown => GoMod::Unknown,
            Look::Absent => GoMod::Absent,
            Look::Found(bytes) => gomod::module_path(&bytes).map_or(GoMod::Unknown, GoMod::Module),
        }
    }

    fn history(&self, pin: &Pinned) -> Option<Arc<dyn History>> {
        self.pasts.of(pin).ok()
    }
}
