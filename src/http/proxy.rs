//! Which proxy, if any, a request goes through.

use std::net::IpAddr;

use url::{Host, Url};

use super::error::Error;
use super::mask::DisplayUrl;
use super::settings::NetSettings;

/// Schemes a proxy can be spoken to with. `socks5h` leaves resolving names to the proxy.
/// A proxy that a request goes through.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct Chosen {
    /// Its address, with a scheme.
    pub(super) address: String,
    /// The variable, or git's key, that names it.
    pub(super) named_by: &'static str,
}

const SCHEMES: &[&str] = &["http", "https", "socks4", "socks4a", "socks5", "socks5h"];

/// The proxy's URL for `url`, or `None` for a direct connection.
///
/// `from_git` is git's `http.proxy` for the address: it goes before the environment's, and an
/// empty one asks for a direct connection. `no_proxy` counts for either, as in git.
pub(super) fn choose(
    settings: &NetSettings,
    from_git: Option<&str>,
    url: &Url,
) -> Result<Option<Chosen>, Error> {
    let (by_scheme, variable) = match url.scheme() {
        "https" => (&settings.https_proxy, "https_proxy"),
        _ => (&settings.http_proxy, "http_proxy"),
    };
    let set = |value: &Option<String>| value.clone().filter(|value| !value.trim().is_empty());
    let named = |value: &Option<String>, name| set(value).map(|proxy| (proxy, name));
    let proxy = match from_git {
        Some(proxy) => named(&Some(proxy.to_owned()), "git's `http.proxy`"),
        None => named(by_scheme, variable).or_else(|| named(&settings.all_proxy, "all_proxy")),
    };
    match proxy {
        Some((proxy, named_by))
            if !is_direct(url, settings.no_proxy.as_deref().unwrap_or_default()) =>
        {
            let address = checked(proxy.trim(), url, named_by)?;
            Ok(Some(Chosen { address, named_by }))
        }
        _ => Ok(None),
    }
}

fn checked(proxy: &str, url: &Url, named_by: &'static str) -> Result<String, Error> {
    let full = with_scheme(proxy);
    match refused(&full) {
        None => Ok(full),
        Some(reason) => Err(Error::Proxy {
            proxy: DisplayUrl::new(&full),
            named_by,
            url: url.into(),
            reason,
        }),
    }
}

/// What is wrong with a proxy's address; `None` where it can be used.
pub fn wrong_with_proxy(proxy: &str) -> Option<String> {
    refused(&with_scheme(proxy.trim()))
}

fn with_scheme(proxy: &str) -> String {
    if proxy.contains("://") {
        proxy.to_owned()
    } else {
        format!("http://{proxy}")
    }
}

fn refused(full: &str) -> Option<String> {
    match Url::parse(full) {
        Err(error) => Some(error.to_string()),
        Ok(parsed) if !SCHEMES.contains(&parsed.scheme()) => {
            Some(format!("the scheme `{}` is not known", parsed.scheme()))
        }
        Ok(parsed) if parsed.host_str().is_none_or(str::is_empty) => {
            Some("it names no host".to_owned())
        }
        Ok(_) => None,
    }
}

/// Whether `no_proxy` names the host. This machine itself is never reached through a proxy
/// (Go's rule, and so Glide's for its own requests).
///
/// An entry is `*`, a domain (that and all below it; with a leading dot or `*.`, which curl
/// ignores, the same), an address, or a range of addresses (`10.0.0.0/8`), each with a port or
/// without.
fn is_direct(url: &Url, no_proxy: &str) -> bool {
    let Some(host) = url.host() else {
        return false;
    };
    let (name, address) = match host {
        Host::Domain(name) => (name.trim_end_matches('.').to_ascii_lowercase(), None),
        Host::Ipv4(address) => (address.to_string(), Some(IpAddr::V4(address))),
        Host::Ipv6(address) => (address.to_string(), Some(IpAddr::V6(address))),
    };
    if name == "localhost" || address.is_some_and(|address| address.is_loopback()) {
        return true;
    }
    let port = url.port_or_known_default();
    no_proxy
        .split([',', ' ', '\t'])
        .filter(|entry| !entry.is_empty())
        .any(|entry| entry_fits(&entry.to_ascii_lowercase(), &name, address, port))
}

fn entry_fits(entry: &str, name: &str, address: Option<IpAddr>, port: Option<u16>) -> bool {
    if entry == "*" {
        return true;
    }
    let (host, wanted_port) = split_port(entry);
    if wanted_port.is_some() && wanted_port != port {
        return false;
    }
    if let Some(address) = address {
        return in_range(host, address);
    }
    let domain = host.trim_start_matches('*').trim_matches('.');
    !domain.is_empty()
        && (name == domain
            || name
                .strip_suffix(domain)
                .is_some_and(|rest| rest.ends_with('.')))
}

/// `host:port`, `[v6]:port`, or no port at all.
fn split_port(entry: &str) -> (&str, Option<u16>) {
    if let Some(rest) = entry.strip_prefix('[')
        && let Some((host, port)) = rest.split_once(']')
    {
        return (
            host,
            port.strip_prefix(':').and_then(|port| port.parse().ok()),
        );
    }
    match entry.rsplit_once(':') {
        // Two colons are an address of version 6, not a port.
        Some((host, port)) if !host.contains(':') => match port.parse() {
            Ok(port) => (host, Some(port)),
            Err(_) => (entry, None),
        },
        _ => (entry, None),
    }
}

fn in_range(entry: &str, address: IpAddr) -> bool {
    let (network, bits) = match entry.split_once('/') {
        Some((network, bits)) => match bits.parse::<u32>() {
            Ok(bits) => (network, Some(bits)),
            Err(_) => return false,
        },
        None => (entry, None),
    };
    let Ok(network) = network.parse::<IpAddr>() else {
        return false;
    };
    match (network.to_canonical(), address.to_canonical()) {
        (IpAddr::V4(network), IpAddr::V4(address)) => {
            let bits = bits.unwrap_or(32);
            let mask = u32::MAX
                .checked_shl(32_u32.saturating_sub(bits))
                .unwrap_or(0);
            bits <= 32 && u32::from(network) & mask == u32::from(address) & mask
        }
        (IpAddr::V6(network), IpAddr::V6(address)) => {
            let bits = bits.unwrap_or(128);
            let mask = u128::MAX
                .checked_shl(128_u32.saturating_sub(bits))
                .unwrap_or(0);
            bits <= 128 && u128::from(network) & mask == u128::from(address) & mask
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use url::Url;

    use super::{choose, is_direct};
    use crate::http::NetSettings;

    #[track_caller]
    fn check_direct(url: &str, no_proxy: &str, direct: bool) {
        assert_eq!(
            is_direct(&Url::parse(url).unwrap(), no_proxy),
            direct,
            "{url} {no_proxy:?}"
        );
    }

    #[test]
    fn no_proxy_names_domains_addresses_and_ranges() {
        check_direct("https://a.example/", "", false);
        check_direct("https://a.example/", "*", true);
        check_direct("https://a.example/", "b.example, a.example", true);
        check_direct("https://A.Example./", "a.EXAMPLE", true);
        check_direct("https://x.a.example/", "a.example", true);
        check_direct("https://x.a.example/", ".a.example", true);
        check_direct("https://x.a.example/", "*.a.example", true);
        check_direct("https://a.example/", ".a.example", true);
        check_direct("https://xa.example/", "a.example", false);
        check_direct("https://a.example:8443/", "a.example:8443", true);
        check_direct("https://a.example/", "a.example:443", true);
        check_direct("https://a.example/", "a.example:80", false);
        check_direct("http://10.1.2.3/", "10.0.0.0/8", true);
        check_direct("http://11.1.2.3/", "10.0.0.0/8", false);
        check_direct("http://10.1.2.3/", "10.1.2.3", true);
        check_direct("http://10.1.2.3/", "0.0.0.0/0", true);
        check_direct("http://10.1.2.3/", "10.1.2.3/99", false);
        check_direct("http://10.1.2.3/", "10.1.2.3/x", false);
        check_direct("http://[fd00::1]/", "fd00::/8", true);
        check_direct("http://[fd00::1]:81/", "[fd00::1]:81", true);
        check_direct("http://[fe00::1]/", "fd00::/16", false);
        check_direct("https://a.example/", ".", false);
        check_direct("https://a.example/", ":443,/,[", false);
    }

    #[test]
    fn this_machine_is_never_reached_through_a_proxy() {
        for url in ["http://localhost/", "http://127.0.0.1:99/", "http://[::1]/"] {
            check_direct(url, "", true);
        }
        check_direct("http://localhost.example/", "", false);
    }

    #[track_caller]
    fn check(settings: &NetSettings, git: Option<&str>, url: &str, expected: Option<&str>) {
        let url = Url::parse(url).unwrap();
        let chosen = choose(settings, git, &url).unwrap();
        let address = chosen.as_ref().map(|chosen| chosen.address.as_str());
        assert_eq!(address, expected);
    }

    #[test]
    fn the_scheme_and_then_all_proxy_decide_and_git_goes_first() {
        let settings = NetSettings {
            https_proxy: Some("p.example:1".to_owned()),
            all_proxy: Some("socks5h://s.example".to_owned()),
            no_proxy: Some("direct.example".to_owned()),
            ..NetSettings::default()
        };
        check(
            &settings,
            None,
            "https://h.example/",
            Some("http://p.example:1"),
        );
        check(
            &settings,
            None,
            "http://h.example/",
            Some("socks5h://s.example"),
        );
        check(&settings, None, "https://direct.example/", None);
        check(&settings, Some(""), "https://h.example/", None);
        check(
            &settings,
            Some("https://g.example"),
            "https://h.example/",
            Some("https://g.example"),
        );
        check(
            &settings,
            Some("https://g.example"),
            "https://direct.example/",
            None,
        );
        check(&NetSettings::default(), None, "https://h.example/", None);
        let empty = NetSettings {
            https_proxy: Some(String::new()),
            ..settings
        };
        check(
            &empty,
            None,
            "https://h.example/",
            Some("socks5h://s.example"),
        );
    }

    #[test]
    fn a_proxy_that_makes_no_sense_is_an_error_without_its_password() {
        for proxy in [
            "ftp://u:pw@p.example",
            "http://u:pw@",
            "http://u:pw@p.example:x",
        ] {
            let error = choose(
                &NetSettings::default(),
                Some(proxy),
                &Url::parse("https://h.example/").unwrap(),
            )
            .unwrap_err();
            assert!(!error.to_string().contains("pw"), "{error}");
        }
    }
}
