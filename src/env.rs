//! The names of all environment variables that glide-rs reads; `settings` reads them.

/// The location of Glide's files; `--home` wins.
pub const GLIDE_HOME: &str = "GLIDE_HOME";
/// The folder for temporary files; `--tmp` wins. Accepted for compatibility: what glide-rs makes
/// on the way stands beside its final place, so that it can be renamed there.
pub const GLIDE_TMP: &str = "GLIDE_TMP";
/// Any value but the empty one turns colours off.
pub const NO_COLOR: &str = "NO_COLOR";
/// Terminals called `dumb` get neither colours nor progress.
pub const TERM: &str = "TERM";
/// Set by most build services, to anything but `false` and the like: nothing is asked, no progress is drawn.
pub const CI: &str = "CI";

/// The proxy for `https` addresses; each of these is also read in the other case.
pub const HTTPS_PROXY: &str = "https_proxy";
/// The proxy for `http` addresses.
pub const HTTP_PROXY: &str = "http_proxy";
/// The proxy for whatever has none of its own.
pub const ALL_PROXY: &str = "all_proxy";
/// Hosts that are reached without a proxy.
pub const NO_PROXY: &str = "no_proxy";
/// Marks a CGI process, in which `HTTP_PROXY` is an attacker's `Proxy:` header.
pub const REQUEST_METHOD: &str = "REQUEST_METHOD";
/// A file of certificates to trust instead of the system's.
pub const SSL_CERT_FILE: &str = "SSL_CERT_FILE";
/// Folders of certificates to trust instead of the system's.
pub const SSL_CERT_DIR: &str = "SSL_CERT_DIR";
/// The file of user names and passwords, where it is not `~/.netrc`.
pub const NETRC: &str = "NETRC";

/// Git: a file of certificates to trust.
pub const GIT_SSL_CAINFO: &str = "GIT_SSL_CAINFO";
/// Git: any value turns the check of certificates off.
pub const GIT_SSL_NO_VERIFY: &str = "GIT_SSL_NO_VERIFY";
/// Git: the shell command to run for `ssh`.
pub const GIT_SSH_COMMAND: &str = "GIT_SSH_COMMAND";
/// Git: the program to run for `ssh`.
pub const GIT_SSH: &str = "GIT_SSH";
/// Git: which options that command takes.
pub const GIT_SSH_VARIANT: &str = "GIT_SSH_VARIANT";
/// Git: the transports that may be used, with colons between them.
pub const GIT_ALLOW_PROTOCOL: &str = "GIT_ALLOW_PROTOCOL";
/// Git: 0 forbids prompts.
pub const GIT_TERMINAL_PROMPT: &str = "GIT_TERMINAL_PROMPT";
/// Git: passes over the system's configuration.
pub const GIT_CONFIG_NOSYSTEM: &str = "GIT_CONFIG_NOSYSTEM";
/// Git: the user's configuration file.
pub const GIT_CONFIG_GLOBAL: &str = "GIT_CONFIG_GLOBAL";
/// Git: the system's configuration file.
pub const GIT_CONFIG_SYSTEM: &str = "GIT_CONFIG_SYSTEM";
/// Git: how many `GIT_CONFIG_KEY_n` and `GIT_CONFIG_VALUE_n` there are.
pub const GIT_CONFIG_COUNT: &str = "GIT_CONFIG_COUNT";
/// Git: the repository's own folder, for programs that it starts.
pub const GIT_DIR: &str = "GIT_DIR";
/// Git: before the id of a commit that is being merged; the value is its name.
pub const GITHEAD: &str = "GITHEAD_";
/// Where Git's configuration stands besides `~/.gitconfig`.
pub const XDG_CONFIG_HOME: &str = "XDG_CONFIG_HOME";
/// Where programs keep their settings on Windows, Go among them.
pub const APPDATA: &str = "APPDATA";
/// Git: a folder of certificates to trust.
pub const GIT_SSL_CAPATH: &str = "GIT_SSL_CAPATH";
/// Subversion: the command to run for `svn+ssh` addresses.
pub const SVN_SSH: &str = "SVN_SSH";
/// The folders in whose `src` Go looks for packages.
pub const GOPATH: &str = "GOPATH";
/// The program to run for `go`.
pub const GLIDE_GO_EXECUTABLE: &str = "GLIDE_GO_EXECUTABLE";
/// The working folder as the shell knows it, links and all.
pub const PWD: &str = "PWD";
/// Where Go is installed.
pub const GOROOT: &str = "GOROOT";
/// The operating system that Go builds for.
pub const GOOS: &str = "GOOS";
/// The architecture that Go builds for.
pub const GOARCH: &str = "GOARCH";
/// Whether Go uses C.
pub const CGO_ENABLED: &str = "CGO_ENABLED";
/// The file in which `go env -w` keeps what it is told.
pub const GOENV: &str = "GOENV";
/// Go: `off` where packages are looked for in GOPATH and vendor/.
pub const GO111MODULE: &str = "GO111MODULE";
/// Flags for every run of `go`.
pub const GOFLAGS: &str = "GOFLAGS";
/// Where programs are looked for.
pub const PATH: &str = "PATH";
/// The moment that takes the place of now, in seconds since 1970.
pub const SOURCE_DATE_EPOCH: &str = "SOURCE_DATE_EPOCH";
/// GitHub Actions: the commit that is built.
pub const GITHUB_SHA: &str = "GITHUB_SHA";
/// GitHub Actions: the branch or tag, as `refs/heads/master`.
pub const GITHUB_REF: &str = "GITHUB_REF";
/// GitHub Actions: the id of the run.
pub const GITHUB_RUN_ID: &str = "GITHUB_RUN_ID";
/// GitHub Actions: the name of the workflow.
pub const GITHUB_WORKFLOW: &str = "GITHUB_WORKFLOW";
/// GitHub Actions: the name of the job.
pub const GITHUB_JOB: &str = "GITHUB_JOB";
/// GitHub Actions: the address of the server.
pub const GITHUB_SERVER_URL: &str = "GITHUB_SERVER_URL";
/// GitHub Actions: the repository, as `owner/name`.
pub const GITHUB_REPOSITORY: &str = "GITHUB_REPOSITORY";
