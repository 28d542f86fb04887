//! Finding and reading the project: glide.yaml upwards from the working folder, and what stands
//! beside it.

use std::path::{Path, PathBuf};

use super::Context;
use super::network::Network;
use crate::discover::{Offline, Policy};
use crate::error::{Failure, Place};
use crate::fsx;
use crate::manifest::{self, Config, Lock, Mirrors};
use crate::workspace::import_path;

/// The file that holds a project's pins, beside glide.yaml.
pub(super) const LOCK: &str = "glide.lock";
/// Glide's exit code where there is no glide.yaml.
const NO_MANIFEST: u8 = 2;
/// Glide's exit code where glide.yaml cannot be parsed.
const BAD_MANIFEST: u8 = 3;

/// A project on disk. What belongs to glide.yaml stands beside it, wherever below it we are.
/// (Glide looks for the lock in the working folder; see CHANGELOG.)
pub(crate) struct Project {
    /// The folder that holds glide.yaml.
    pub(crate) folder: PathBuf,
    /// glide.yaml, or what `--yaml` named.
    pub(crate) manifest: PathBuf,
}

/// A project whose glide.yaml has been read, with all that it is read for.
pub(super) struct Opened {
    pub(super) project: Project,
    pub(super) network: Network,
    /// The bytes of glide.yaml.
    pub(super) bytes: Vec<u8>,
    /// What it says, as it counts.
    pub(super) config: Config,
    pub(super) mirrors: Mirrors,
}

impl Project {
    /// Reads glide.yaml and mirrors.yaml; tells where the name is not that of the project's place.
    pub(super) fn open(self, context: &Context<'_>, policy: Policy) -> Result<Opened, Failure> {
        let network = Network::watched(context.settings, policy, context.reporter.traffic());
        let bytes = self.read()?;
        let config = self.config_of(&bytes, &network)?;
        self.opened(context, network, bytes, config)
    }

    /// The same for those who go by glide.lock. Its hash tells what the names in glide.yaml came to when it was
    /// made: where each was its own root, nobody is asked for it again.
    pub(super) fn open_as_locked(self, context: &Context<'_>) -> Result<Opened, Failure> {
        let traffic = context.reporter.traffic();
        let network = Network::watched(context.settings, Policy::Remember, traffic);
        let bytes = self.read()?;
        let config = match self.config_as_locked(&bytes) {
            Some(config) => {
                network.discover.take_for_roots(config.names());
                config
            }
            None => self.config_of(&bytes, &network)?,
        };
        self.opened(context, network, bytes, config)
    }

    /// glide.yaml by what its names tell, if glide.lock was made from just that.
    fn config_as_locked(&self, bytes: &[u8]) -> Option<Config> {
        let config = Config::read(bytes, &Offline).ok()?;
        let lock = Lock::parse(&fsx::read_text(&self.lock_path()).ok()?).ok()?;
        (lock.hash == config.hash()).then_some(config)
    }

    fn opened(
        self,
        context: &Context<'_>,
        network: Network,
        bytes: Vec<u8>,
        config: Config,
    ) -> Result<Opened, Failure> {
        self.warn_of_place(context, &config);
        for manifest::Misspelt { line, key, meant } in manifest::misspelt(&bytes) {
            context.reporter.warn(format!(
                "{}:{line}: `{key}` is no key that is known, and changes nothing: did you mean `{meant}`?",
                context.settings.yaml
            ));
        }
        Ok(Opened {
            project: self,
            network,
            bytes,
            config,
            mirrors: mirrors(&context.settings.home)?,
        })
    }

    /// Looks for glide.yaml from the working folder upwards.
    pub(crate) fn find(context: &Context<'_>) -> Result<Self, Failure> {
        Self::look(context).ok_or_else(|| {
            let name = &context.settings.yaml;
            let message = format!("Failed to find {name} file in directory tree"); // Glide text
            let here = context.settings.folder.display();
            Failure::user(message).with_code(NO_MANIFEST).with_hint(format!(
                "it was looked for in `{here}` and the folders above; `create` makes one, `--yaml` names another file"
            ))
        })
    }

    /// The same; `None` where there is no project.
    pub(crate) fn look(context: &Context<'_>) -> Option<Self> {
        let name = &context.settings.yaml;
        for folder in context.settings.folder.ancestors() {
            let manifest = folder.join(name);
            if fsx::exists(&manifest) {
                let folder = if Path::new(name).is_absolute() {
                    manifest.parent().unwrap_or(folder).to_owned()
                } else {
                    folder.to_owned()
                };
                context
                    .reporter
                    .debug(format!("the project is `{}`", manifest.display()));
                return Some(Self { folder, manifest });
            }
        }
        None
    }

    /// The bytes of glide.yaml.
    pub(crate) fn read(&self) -> Result<Vec<u8>, Failure> {
        fsx::read_text(&self.manifest).map_err(|error| Failure::from(error).with_code(NO_MANIFEST))
    }

    /// glide.yaml as it counts; the network is asked where a name needs it.
    pub(crate) fn config(&self, network: &Network) -> Result<Config, Failure> {
        self.config_of(&self.read()?, network)
    }

    /// The same of bytes that have been read.
    pub(crate) fn config_of(&self, bytes: &[u8], network: &Network) -> Result<Config, Failure> {
        let config =
            Config::read(bytes, &*network.discover).map_err(|error| self.malformed(error))?;
        network.settled()?;
        Ok(config)
    }

    /// glide.yaml is none.
    pub(crate) fn malformed(&self, error: manifest::Error) -> Failure {
        let bytes = self.read().unwrap_or_default();
        let place = Place::new(self.manifest.display(), error.line(&bytes));
        let what = format!("Failed to parse {place}"); // Glide text
        let failure = Failure::from(error).about(what).at(place);
        failure.with_code(BAD_MANIFEST)
    }

    /// Where glide.lock is.
    pub(crate) fn lock_path(&self) -> PathBuf {
        self.folder.join(LOCK)
    }

    /// Whether there is a glide.lock.
    pub(crate) fn has_lock(&self) -> bool {
        fsx::exists(&self.lock_path())
    }

    /// Whether glide.lock pins something and there is no vendor/ at all.
    pub(super) fn lacks_vendor(&self) -> bool {
        !fsx::exists(&self.folder.join("vendor"))
            && self.lock().is_ok_and(|lock| !lock.imports.is_empty())
    }

    /// Reads glide.lock.
    pub(crate) fn lock(&self) -> Result<Lock, Failure> {
        self.parse_lock(&fsx::read_text(&self.lock_path())?)
    }

    /// The same of bytes that have been read.
    pub(super) fn parse_lock(&self, bytes: &[u8]) -> Result<Lock, Failure> {
        Lock::parse(bytes).map_err(|error| {
            let place = Place::new(self.lock_path().display(), error.line(bytes));
            let is_merge = matches!(error, manifest::Error::ConflictMarkers { .. });
            let what = format!("Could not load {place}"); // Glide text
            let failure = Failure::from(error).about(what).at(place);
            if is_merge {
                return failure;
            }
            failure.with_hint(MEND_LOCK)
        })
    }

    /// The import path that the project's place in GOPATH gives it: as the shell calls it, else
    /// with all links followed.
    pub(crate) fn place(&self, context: &Context<'_>) -> Option<String> {
        let settings = context.settings;
        import_path(
            &self.folder,
            &settings.gopath,
            settings.go.goroot.as_deref(),
        )
    }

    /// Warns where the name in glide.yaml is not the one that the place in GOPATH gives.
    pub(crate) fn warn_of_place(&self, context: &Context<'_>, config: &Config) {
        let here = self.place(context);
        if let Some(here) = here.filter(|here| *here != config.package) {
            // Glide text
            context.reporter.warn(format!(
                "The name listed in the config file ({}) does not match the current location ({here})",
                config.package
            ));
        }
    }
}

/// What to do about a glide.lock that makes no sense.
pub(super) const MEND_LOCK: &str = "nobody writes glide.lock by hand: take an older one (`git checkout glide.lock`), or \
                                    remove it and run `glide-rs update`";

/// The same for commands whose answer hangs on no root: they work without a network, and where
/// nobody answers for a name.
pub(crate) fn config_offline(context: &Context<'_>) -> Result<(Project, Config), Failure> {
    let project = Project::find(context)?;
    let config = Config::read(&project.read()?, &Offline);
    let config = config.map_err(|error| project.malformed(error))?;
    Ok((project, config))
}

/// Reads glide.yaml of the project that we are in, for commands that need no more of it.
pub(crate) fn config(context: &Context<'_>) -> Result<Config, Failure> {
    let network = Network::new(context.settings, Policy::Remember);
    Project::find(context)?.config(&network)
}

/// Reads mirrors.yaml of Glide's home. Unlike Glide, which goes on without them, mirrors that
/// cannot be read are a failure: what they redirect must not be fetched from elsewhere.
pub(crate) fn mirrors(home: &Path) -> Result<Mirrors, Failure> {
    let path = home.join("mirrors.yaml");
    let read = fsx::read_text_if_exists(&path).map_err(|error| {
        let is_no_folder = error.is_below_a_file();
        let failure = Failure::from(error);
        if is_no_folder {
            return failure.with_hint("`--home` or `GLIDE_HOME` can name another folder for it");
        }
        failure
    });
    match read? {
        None => Ok(Mirrors::default()),
        Some(bytes) => Mirrors::parse(&bytes).map_err(|error| {
            let place = Place::new(path.display(), error.line(&bytes));
            let what = format!("Unable to load mirrors: {place}");
            Failure::from(error).about(what).at(place)
        }),
    }
}
