//! The facts that are judged. `Default` is a machine with nothing on it and nothing wrong.

use std::path::PathBuf;

/// Everything that was found.
#[derive(Clone, Debug, Default)]
pub struct Facts {
    /// git's configuration.
    pub git: Git,
    /// The proxies that the environment names.
    pub proxies: Vec<Proxy>,
    /// What servers are trusted by.
    pub certificates: Certificates,
    /// Glide's home.
    pub home: Home,
    /// The cache in it.
    pub cache: Cache,
    /// The disks that are written to.
    pub disks: Vec<Disk>,
    /// What is wrong with mirrors.yaml, if it cannot be read.
    pub mirrors: Option<Trouble>,
    /// Mirrors in folders of this machine.
    pub mirror_targets: Vec<MirrorTarget>,
    /// How many mirrors there are.
    pub mirror_count: usize,
    /// The programs that the project's repositories are fetched by.
    pub programs: Vec<Program>,
    /// Whether a person may be asked something.
    pub may_ask: bool,
    /// Go, and its folders.
    pub go: Go,
    /// The project that we are in.
    pub project: Project,
    /// What the repositories answered, where they were asked.
    pub answers: Option<Vec<Answer>>,
}

/// Something that failed as it was looked at.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Trouble {
    /// What, with its causes.
    pub said: String,
    /// What to do about it; empty where that is not known.
    pub next: String,
}

/// A setting, and where it stands.
#[derive(Clone, Debug, Default)]
pub struct Setting {
    /// The setting, secrets masked.
    pub what: String,
    /// The file, or the environment.
    pub place: String,
}

/// git's configuration.
#[derive(Clone, Debug, Default)]
pub struct Git {
    /// Why it cannot be read.
    pub trouble: Option<Trouble>,
    /// How many files it consists of.
    pub files: usize,
    /// `url.<base>.insteadOf`, as `https://a/ → ssh://b/`.
    pub rewrites: Vec<Setting>,
    /// `http.sslVerify=false`, with the addresses that it holds for.
    pub unverified: Vec<Setting>,
    /// `http.proxy`.
    pub proxies: Vec<Proxy>,
    /// `credential.helper`.
    pub helpers: Vec<Helper>,
    /// Protocols of the network that are forbidden.
    pub forbidden: Vec<Setting>,
}

/// A credential helper.
#[derive(Clone, Debug, Default)]
pub struct Helper {
    /// What is configured, and where.
    pub setting: Setting,
    /// Whether its program is there; `None` where only a shell can tell.
    pub found: Option<bool>,
}

/// A proxy.
#[derive(Clone, Debug, Default)]
pub struct Proxy {
    /// The variable or key that names it.
    pub variable: String,
    /// Its address, the password masked.
    pub address: String,
    /// What is wrong with it.
    pub trouble: Option<String>,
}

/// What servers are trusted by.
#[derive(Clone, Debug, Default)]
pub struct Certificates {
    /// Where they come from.
    pub source: String,
    /// How many roots there are.
    pub count: usize,
    /// Why they cannot be had.
    pub trouble: Option<Trouble>,
    /// Whether the environment turns the check off, and the variable that does.
    pub unchecked_by: Option<&'static str>,
    /// The machine's clock, in seconds since 1970.
    pub now: u64,
}

/// Glide's home.
#[derive(Clone, Debug, Default)]
pub struct Home {
    /// Where it is, or would be.
    pub path: PathBuf,
    /// Whether it is there.
    pub exists: bool,
    /// Why it cannot be written to.
    pub trouble: Option<String>,
}

/// The cache.
#[derive(Clone, Debug, Default)]
pub struct Cache {
    /// Where it is, or would be.
    pub path: PathBuf,
    /// Whether it is there.
    pub exists: bool,
    /// How many bytes its files have.
    pub bytes: u64,
    /// How many Git repositories it holds.
    pub repositories: usize,
    /// Whether other runs use it at this moment.
    pub in_use: bool,
    /// What broken-off runs have left in it or beside vendor/.
    pub left_over: Vec<PathBuf>,
    /// Why it cannot be looked through.
    pub trouble: Option<String>,
}

/// A disk that is written to.
#[derive(Clone, Debug, Default)]
pub struct Disk {
    /// What is written there: `the cache`, `the project`.
    pub what: &'static str,
    /// A folder on it.
    pub path: PathBuf,
    /// How many bytes are free; `None` where it cannot be told.
    pub free: Option<u64>,
    /// Whether it takes `README` and `readme` for one name; `None` where it cannot be told.
    pub folds_case: Option<bool>,
}

/// A mirror in a folder of this machine.
#[derive(Clone, Debug, Default)]
pub struct MirrorTarget {
    /// What it stands for.
    pub original: String,
    /// Where it is.
    pub path: PathBuf,
    /// Whether something is there.
    pub exists: bool,
}

/// A program that repositories are fetched by.
#[derive(Clone, Debug, Default)]
pub struct Program {
    /// Its name.
    pub name: &'static str,
    /// A package that has it.
    pub package: &'static str,
    /// The dependency that needs it.
    pub needed_by: String,
    /// Whether it is on PATH.
    pub found: bool,
}

/// Go, and its folders.
#[derive(Clone, Debug, Default)]
pub struct Go {
    /// The name that it is looked for by.
    pub name: String,
    /// Whether `GLIDE_GO_EXECUTABLE` gave that name.
    pub is_named: bool,
    /// Where it is.
    pub program: Option<PathBuf>,
    /// The `N` of Go 1.N, where its installation tells.
    pub minor: Option<u32>,
    /// `GO111MODULE`.
    pub modules: Option<String>,
    /// `GOFLAGS`.
    pub flags: Option<String>,
    /// The folders of GOPATH, and whether they are there.
    pub gopath: Vec<(PathBuf, bool)>,
    /// Whether `GOPATH` is set, or is Go's own choice.
    pub gopath_is_set: bool,
}

/// Where the project stands.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Place {
    /// Outside of GOPATH.
    #[default]
    Elsewhere,
    /// In GOPATH, where its import path would be this one.
    InGopath(String),
}

/// How glide.lock stands to glide.yaml.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum LockState {
    /// There is none.
    #[default]
    Missing,
    /// It was made from the glide.yaml at hand; so many pins.
    Fresh(usize),
    /// It was made from another one.
    Stale,
    /// It cannot be read.
    Broken(Trouble),
}

/// The project that we are in.
#[derive(Clone, Debug, Default)]
pub struct Project {
    /// Its glide.yaml; `None` where there is no project.
    pub manifest: Option<PathBuf>,
    /// Why that cannot be read.
    pub trouble: Option<Trouble>,
    /// Its import path.
    pub package: String,
    /// Its glide.lock.
    pub lock: LockState,
    /// Where it stands.
    pub place: Place,
    /// Why its folder cannot be written to.
    pub closed: Option<String>,
    /// Why the Git repository that it stands in cannot be opened.
    pub repository: Option<Trouble>,
    /// What stands in the place of vendor/ and is no folder.
    pub vendor_is: Option<&'static str>,
    /// Whether it has a go.mod.
    pub has_go_mod: bool,
}

/// What a repository answered.
#[derive(Clone, Debug, Default)]
pub struct Answer {
    /// The dependency.
    pub name: String,
    /// Why it cannot be had; `None` where it can.
    pub trouble: Option<Trouble>,
}
