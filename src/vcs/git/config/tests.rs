//! git's configuration, from files as users write them.

use std::path::Path;

use url::Url;

use super::{GitConfig, GitSettings};
use crate::fsx;
use crate::http::UrlConfig as _;

/// A home folder with this `.gitconfig`, and how to read it.
fn home(text: &str) -> (tempfile::TempDir, GitSettings) {
    let home = tempfile::tempdir().unwrap();
    fsx::write_atomic(&home.path().join(".gitconfig"), text.as_bytes()).unwrap();
    let settings = GitSettings {
        home: Some(home.path().to_owned()),
        no_system: true,
        ..GitSettings::default()
    };
    (home, settings)
}

fn config(text: &str) -> GitConfig {
    let (_home, settings) = home(text);
    GitConfig::load(&settings).unwrap()
}

fn url(text: &str) -> Url {
    Url::parse(text).unwrap()
}

#[test]
fn the_longest_instead_of_is_replaced_and_push_instead_of_is_not() {
    let config = config(
        "[url \"https://github.com/\"]\n\tinsteadOf = git@github.com:\n\tinsteadOf = gh:\n\
         [url \"https://a.example/\"]\n\tinsteadOf = https://x/\n\
         [url \"https://b.example/\"]\n\tinsteadOf = https://x/y/\n\
         [url \"https://p.example/\"]\n\tpushInsteadOf = https://github.com/\n",
    );
    for (from, to) in [
        ("git@github.com:a/b.git", "https://github.com/a/b.git"),
        ("gh:a/b", "https://github.com/a/b"),
        ("https://x/y/z", "https://b.example/z"),
        ("https://x/z", "https://a.example/z"),
        ("https://github.com/a/b", "https://github.com/a/b"),
        ("", ""),
    ] {
        assert_eq!(config.rewrite(from), to);
    }
}

#[test]
fn http_options_hold_where_their_url_fits_best() {
    let config = config(
        "[http]\n\tproxy = http://all\n\tsslCAInfo = ~/ca.pem\n\textraHeader = A: 1\n\
         [http \"https://a.example/\"]\n\tproxy =\n\tsslVerify = no\n\textraHeader = B: 2\n\
         [http \"https://a.example/deep\"]\n\tproxy = http://deep\n\textraHeader =\n\textraHeader = C: 3\n\
         [http \"https://*.b.example\"]\n\tversion = HTTP/1.1\n",
    );
    let a = config.options(&url("https://a.example/x"));
    assert_eq!(a.proxy.as_deref(), Some(""));
    assert_eq!(a.verify, Some(false));
    assert_eq!(a.extra_headers, ["A: 1", "B: 2"]);
    assert!(a.ca_file.unwrap().ends_with("ca.pem") && !a.http1_only);
    let deep = config.options(&url("https://a.example/deep/x"));
    assert_eq!(deep.proxy.as_deref(), Some("http://deep"));
    assert_eq!(deep.extra_headers, ["C: 3"]);
    let b = config.options(&url("https://x.b.example/"));
    assert_eq!(b.proxy.as_deref(), Some("http://all"));
    assert_eq!((b.verify, b.http1_only), (None, true));
    assert_eq!(b.extra_headers, ["A: 1"]);
}

#[test]
fn a_closer_setting_is_not_undone_by_a_later_general_one() {
    let config = config(
        "[http \"https://a.example\"]\n\tproxy = http://close\n[http]\n\tproxy = http://all\n",
    );
    let options = config.options(&url("https://a.example/x"));
    assert_eq!(options.proxy.as_deref(), Some("http://close"));
}

#[test]
fn a_key_alone_is_true() {
    let config = config("[http]\n\tsslVerify\n");
    assert_eq!(
        config.options(&url("https://a.example/")).verify,
        Some(true)
    );
}

#[test]
fn helpers_of_every_fitting_section_are_asked_until_an_empty_one_clears_the_list() {
    let config = config(
        "[credential]\n\thelper = store\n\
         [credential \"https://a.example\"]\n\thelper = !mine\n\tusername = me\n\
         [credential \"https://b.example\"]\n\thelper =\n\thelper = cache\n\tuseHttpPath\n",
    );
    let a = config.question(&url("https://a.example/x"));
    assert_eq!(a.helpers, ["store", "!mine"]);
    assert_eq!(a.username.as_deref(), Some("me"));
    let b = config.question(&url("https://you%40x@b.example/x"));
    assert_eq!(b.helpers, ["cache"]);
    assert_eq!((b.username.as_deref(), b.with_path), (Some("you@x"), true));
}

#[test]
fn protocols_are_allowed_as_git_does() {
    let none = GitConfig::default();
    for (protocol, by_user, by_repository) in [
        ("https", true, true),
        ("ssh", true, true),
        ("file", true, false),
        ("ext", false, false),
        ("foo", true, false),
    ] {
        assert_eq!(none.allows(protocol, true), by_user, "{protocol}");
        assert_eq!(none.allows(protocol, false), by_repository, "{protocol}");
    }
    let config = config("[protocol]\n\tallow = never\n[protocol \"file\"]\n\tallow = always\n");
    assert!(config.allows("file", false) && !config.allows("https", true));
    let settings = GitSettings {
        no_system: true,
        allow_protocol: Some("ssh:file".to_owned()),
        ..GitSettings::default()
    };
    let listed = GitConfig::load(&settings).unwrap();
    assert!(listed.allows("file", false) && !listed.allows("https", true));
}

#[test]
fn the_environments_pairs_come_last() {
    let (_home, mut settings) = home("[core]\n\tsshCommand = old\n[ssh]\n\tvariant = simple\n");
    settings.pairs = vec![("Core.SSHCommand".to_owned(), "new -v".to_owned())];
    let config = GitConfig::load(&settings).unwrap();
    assert_eq!(config.ssh_command().as_deref(), Some("new -v"));
    assert_eq!(config.ssh_variant().as_deref(), Some("simple"));
}

#[test]
fn included_files_count_where_they_are_included() {
    let (home, settings) =
        home("[core]\n\tsshCommand = one\n[include]\n\tpath = more\n[ssh]\n\tvariant = plink\n");
    let more = b"[core]\n\tsshCommand = two\n[ssh]\n\tvariant = simple\n";
    fsx::write_atomic(&home.path().join("more"), more).unwrap();
    let config = GitConfig::load(&settings).unwrap();
    assert_eq!(config.ssh_command().as_deref(), Some("two"));
    assert_eq!(config.ssh_variant().as_deref(), Some("plink"));
}

#[test]
fn each_level_has_its_file() {
    let (home, mut settings) = home("[core]\n\tsshCommand = user\n");
    let write = |path: &str, text: &str| {
        let path = home.path().join(path);
        fsx::create_dir_all(path.parent().unwrap()).unwrap();
        fsx::write_atomic(&path, text.as_bytes()).unwrap();
        path
    };
    let command = |settings: &GitSettings| GitConfig::load(settings).unwrap().ssh_command();
    write(".config/git/config", "[core]\n\tsshCommand = xdg\n");
    assert_eq!(command(&settings).as_deref(), Some("user"));
    settings.config_global = Some(write("global", "[ssh]\n\tvariant = ssh\n"));
    assert_eq!(command(&settings), None);
    settings.no_system = false;
    settings.config_system = Some(write("system", "[core]\n\tsshCommand = system\n"));
    assert_eq!(command(&settings).as_deref(), Some("system"));
    settings.config_global = Some(Path::new("/dev/null").to_owned());
    assert_eq!(command(&settings).as_deref(), Some("system"));
}

#[test]
fn a_broken_configuration_is_an_error_that_names_its_file() {
    for text in [
        "[core\n",
        "[http]\n\tsslVerify = perhaps\n",
        "[protocol]\n\tallow = some\n",
        "[url \"x]\n",
    ] {
        let (_home, settings) = home(text);
        let error = GitConfig::load(&settings).unwrap_err().to_string();
        assert!(error.contains(".gitconfig"), "{error}");
    }
}

#[test]
fn what_stands_out_is_told_with_its_place() {
    let (home, settings) = home(
        "[credential]\n\thelper = old\n\thelper =\n\thelper = store\n[http]\n\tsslVerify = no\n\
         [http \"https://a.example\"]\n\tproxy = http://p.example:1\n\tsslVerify = true\n\
         [url \"https://me:pw@b.example/\"]\n\tinsteadOf = https://c.example/\n\
         [protocol \"ssh\"]\n\tallow = never\n[protocol]\n\tallow = always\n",
    );
    let survey = GitConfig::load(&settings).unwrap().survey();
    let pairs = |list: &[super::Found]| -> Vec<String> {
        let place = format!("`{}`", home.path().join(".gitconfig").display());
        assert!(list.iter().all(|found| found.place == place), "{list:?}");
        list.iter()
            .map(|found| format!("{}={}", found.key, found.value))
            .collect()
    };
    assert_eq!(pairs(&survey.helpers), ["credential.helper=store"]);
    assert_eq!(pairs(&survey.unverified), ["http.sslverify=no"]);
    assert_eq!(
        pairs(&survey.proxies),
        ["http.https://a.example.proxy=http://p.example:1"]
    );
    assert_eq!(
        pairs(&survey.rewrites),
        ["https://me:***@b.example/=https://c.example/"]
    );
    assert_eq!(pairs(&survey.forbidden), ["ssh=never"]);
    assert_eq!(settings.files_there(), 1);
}
