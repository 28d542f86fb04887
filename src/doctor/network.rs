//! The way to servers: git's configuration, proxies, certificates.

use super::facts::{Answer, Certificates, Facts, Git, Proxy, Trouble};
use super::notes::Notes;

/// No clock that is right shows an earlier moment than this: 1 January 2026, in seconds since 1970.
const EARLIEST: u64 = 1_767_225_600;

/// So many rewrites are told.
const SHOWN: usize = 3;

/// What to do about a failure that does not say so itself.
pub(super) fn next_of(trouble: &Trouble, otherwise: &str) -> String {
    if trouble.next.is_empty() {
        otherwise.to_owned()
    } else {
        trouble.next.clone()
    }
}

pub(super) fn git(git: &Git, notes: &mut Notes) {
    const TOPIC: &str = "git";
    if let Some(trouble) = &git.trouble {
        let next = next_of(
            trouble,
            "mend that file; `git config --list --show-origin` shows how git reads it",
        );
        return notes.problem(TOPIC, &*trouble.said, next);
    }
    for setting in &git.unverified {
        notes.warn(
            TOPIC,
            format!(
                "{} in {}: certificates are not checked there",
                setting.what, setting.place
            ),
            "name the authority in `http.sslCAInfo` or SSL_CERT_FILE instead, and remove it",
        );
    }
    for helper in git
        .helpers
        .iter()
        .filter(|helper| helper.found == Some(false))
    {
        notes.problem(
            TOPIC,
            format!(
                "the credential helper `{}` in {} is not there",
                helper.setting.what, helper.setting.place
            ),
            "install it, or take it out of `credential.helper`: private repositories get no password from it",
        );
    }
    for setting in &git.forbidden {
        notes.problem(
            TOPIC,
            format!(
                "the protocol `{}` is forbidden in {}",
                setting.what, setting.place
            ),
            "repositories with such addresses cannot be fetched; `protocol.<name>.allow` lets them",
        );
    }
    if notes.is_fine(TOPIC) {
        let files = match git.files {
            0 => "no configuration".to_owned(),
            1 => "1 file of configuration".to_owned(),
            count => format!("{count} files of configuration"),
        };
        let mut said = vec![files];
        said.extend(
            git.rewrites
                .iter()
                .take(SHOWN)
                .map(|rewrite| rewrite.what.clone()),
        );
        if git.rewrites.len() > SHOWN {
            said.push(format!("{} more rewrites", git.rewrites.len() - SHOWN));
        }
        notes.ok(TOPIC, said.join("; "));
    }
}

pub(super) fn proxies(named: &[Proxy], of_git: &[Proxy], notes: &mut Notes) {
    const TOPIC: &str = "proxy";
    for proxy in named.iter().chain(of_git) {
        match &proxy.trouble {
            Some(reason) => notes.problem(
                TOPIC,
                format!("{} is `{}`: {reason}", proxy.variable, proxy.address),
                "it has to be as http://host:port, or socks5h://host:port",
            ),
            None => notes.ok(TOPIC, format!("{} is {}", proxy.variable, proxy.address)),
        }
    }
    let has = |name: &str| named.iter().any(|proxy| proxy.variable == name);
    if has("http_proxy") && !has("https_proxy") && !has("all_proxy") && of_git.is_empty() {
        notes.warn(
            TOPIC,
            "http_proxy is set and https_proxy is not: nearly all repositories are asked by https, and so directly",
            "set https_proxy to the same address if the proxy takes both",
        );
    }
    if named.is_empty() && of_git.is_empty() {
        notes.ok(TOPIC, "none: servers are asked directly");
    }
}

pub(super) fn certificates(certificates: &Certificates, notes: &mut Notes) {
    const TOPIC: &str = "certificates";
    if certificates.now < EARLIEST {
        notes.problem(
            TOPIC,
            "the clock is wrong: by it this version has not been made yet, and no certificate is valid",
            "set the clock (`date` shows it)",
        );
    }
    if let Some(variable) = certificates.unchecked_by {
        notes.warn(
            TOPIC,
            format!("{variable} is set: no certificate is checked"),
            "name the authority in SSL_CERT_FILE instead, and unset it",
        );
    }
    if let Some(trouble) = &certificates.trouble {
        let next = next_of(
            trouble,
            "SSL_CERT_FILE and GIT_SSL_CAINFO have to name PEM files, as /etc/ssl/certs/ca-certificates.crt",
        );
        notes.problem(TOPIC, &*trouble.said, next);
    } else if certificates.count == 0 {
        notes.problem(
            TOPIC,
            format!("{}: there is none", certificates.source),
            "install them (Debian, Ubuntu, Alpine: the package `ca-certificates`), or name a file in SSL_CERT_FILE",
        );
    } else {
        let count = certificates.count;
        notes.ok(TOPIC, format!("{count} from {}", certificates.source));
    }
}

pub(super) fn prompts(facts: &Facts, notes: &mut Notes) {
    const TOPIC: &str = "questions";
    if facts.may_ask {
        notes.ok(TOPIC, "may be asked on a terminal");
    } else {
        notes.ok(
            TOPIC,
            "are not asked: CI is set, or messages are written as JSON",
        );
    }
}

pub(super) fn answers(answers: &[Answer], notes: &mut Notes) {
    const TOPIC: &str = "repositories";
    for answer in answers {
        if let Some(trouble) = &answer.trouble {
            let next = next_of(trouble, "`glide-rs update --debug` shows what is asked");
            notes.problem(TOPIC, format!("{}: {}", answer.name, trouble.said), next);
        }
    }
    if notes.is_fine(TOPIC) {
        let said = match answers.len() {
            0 => "none to ask".to_owned(),
            1 => "the one there is answers".to_owned(),
            count => format!("all {count} answer"),
        };
        notes.ok(TOPIC, said);
    }
}
