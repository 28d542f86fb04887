//! Requests: one method a step, from the address that was asked for to the answer.

use std::collections::HashMap;
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use reqwest::Method;
use reqwest::header::{AUTHORIZATION, HeaderMap, HeaderName, HeaderValue};
use url::Url;

use super::auth::{Auth, Offer};
use super::config::{UrlConfig, UrlOptions};
use super::error::Error;
use super::gate::Gates;
use super::mask::{DisplayUrl, mask};
use super::redirect;
use super::response::Response;
use super::retry;
use super::route::{Failure, Route};
use super::settings::{Clock, NetSettings, SystemClock};

/// The client. Cheap to clone; clones share connections, limits and credentials.
#[derive(Clone)]
pub struct Client {
    inner: Arc<Inner>,
}

struct Inner {
    settings: NetSettings,
    config: Arc<dyn UrlConfig>,
    clock: Arc<dyn Clock>,
    /// One pool of connections for each way of connecting that has been needed so far.
    pools: Mutex<HashMap<Route, reqwest::blocking::Client>>,
    gates: Gates,
    auth: Auth,
}

/// What the answer is for.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Purpose {
    /// Git's protocol: all of git's configuration holds.
    Git,
    /// A web page: extra headers and credential helpers, which the user set up for git, stay out.
    Page,
}

/// A request, as redirects change it.
struct Request<'a> {
    purpose: Purpose,
    url: Url,
    headers: &'a [(&'a str, &'a str)],
    /// Present for a POST.
    body: Option<&'a [u8]>,
    /// Whether the address is still at the origin that was asked for first.
    at_home: bool,
}

impl Client {
    /// A client that has connected to nothing yet.
    pub fn new(settings: NetSettings, config: Arc<dyn UrlConfig>) -> Self {
        Self::with_clock(settings, config, Arc::new(SystemClock))
    }

    /// The same with another clock.
    pub fn with_clock(
        settings: NetSettings,
        config: Arc<dyn UrlConfig>,
        clock: Arc<dyn Clock>,
    ) -> Self {
        Self {
            inner: Arc::new(Inner {
                config,
                clock,
                pools: Mutex::default(),
                gates: Gates::new(settings.connections_per_host),
                auth: Auth::new(&settings),
                settings,
            }),
        }
    }

    /// Fails where nobody is to be asked, which counts for other ways to `address` too.
    pub fn may_ask(&self, address: &str) -> Result<(), Error> {
        self.inner.offline(address)
    }

    /// Asks a git server for something. An answer with any status but 401 is `Ok`.
    pub fn get(&self, url: &str, headers: &[(&str, &str)]) -> Result<Response, Error> {
        self.inner.run(Purpose::Git, url, headers, None)
    }

    /// Sends a body to a git server, more than once if need be: the request must be one that may
    /// be repeated, as those to `git-upload-pack` are.
    pub fn post(
        &self,
        url: &str,
        headers: &[(&str, &str)],
        body: &[u8],
    ) -> Result<Response, Error> {
        self.inner.run(Purpose::Git, url, headers, Some(body))
    }

    /// Asks for a web page. Neither git's extra headers nor its credential helpers are used;
    /// an answer with any status is `Ok`.
    pub fn page(&self, url: &str) -> Result<Response, Error> {
        self.inner.run(Purpose::Page, url, &[], None)
    }

    /// The same with headers, as those that ask whether it has changed.
    pub fn page_with(&self, url: &str, headers: &[(&str, &str)]) -> Result<Response, Error> {
        self.inner.run(Purpose::Page, url, headers, None)
    }
}

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Client")
    }
}

impl Inner {
    fn offline(&self, address: &str) -> Result<(), Error> {
        if self.settings.offline {
            return Err(Error::Offline { url: mask(address) });
        }
        Ok(())
    }

    /// Follows redirects.
    fn run(
        &self,
        purpose: Purpose,
        address: &str,
        headers: &[(&str, &str)],
        body: Option<&[u8]>,
    ) -> Result<Response, Error> {
        self.offline(address)?;
        let first = checked(address)?;
        let mut request = Request {
            purpose,
            url: first.clone(),
            headers,
            body,
            at_home: true,
        };
        for _ in 0..=redirect::LIMIT {
            let response = self.authenticated(&request)?;
            let location = response.header("location");
            let next = redirect::next(&request.url, body.is_some(), response.status(), location)?;
            let Some(next) = next else {
                return refuse_encoding(response);
            };
            // Once away from home, a redirect back does not bring the secrets back: whoever
            // stands in between could choose the address they are sent to.
            request.at_home &= next.origin() == first.origin();
            response.discard();
            request.url = next;
        }
        Err(Error::TooManyRedirects {
            url: DisplayUrl::from(&first),
            limit: redirect::LIMIT,
        })
    }

    /// Answers the server's wish for a user and password.
    fn authenticated(&self, request: &Request<'_>) -> Result<Response, Error> {
        let helpers = match request.purpose {
            Purpose::Git => Some(self.config.as_ref()),
            Purpose::Page => None,
        };
        let options = self.config.options(&request.url);
        let mut tried = Vec::new();
        let mut offer = self.auth.at_once(&request.url);
        loop {
            let headers = request_headers(request, &options, offer.as_ref())?;
            let response = self.patient(request, &options, &headers)?;
            if response.status() != 401 {
                if let Some(offer) = &offer {
                    self.auth.accepted(&request.url, offer, helpers);
                }
                return Ok(response);
            }
            let obstacle = obstacle(&response, &headers, offer.is_some());
            tried.extend(offer.take());
            if obstacle.is_none() {
                offer = self.auth.after_refusal(&request.url, &tried, helpers)?;
            }
            if offer.is_none() {
                return give_up(request, response, obstacle, tried.len());
            }
            response.discard();
        }
    }

    /// Tries again what fails in passing.
    fn patient(
        &self,
        request: &Request<'_>,
        options: &UrlOptions,
        headers: &HeaderMap,
    ) -> Result<Response, Error> {
        let delays = &self.settings.retry_delays;
        let mut failures = 0;
        loop {
            let result = self.once(request, options, headers);
            failures += 1;
            let asked = match result {
                Ok(response) => {
                    if !retry::status_passes(response.status()) || failures > delays.len() {
                        return Ok(response);
                    }
                    let asked = self.asked_pause(&response)?;
                    response.discard();
                    asked
                }
                Err(failure) if failure.patience.allows(failures, delays.len()) => None,
                Err(failure) => return Err(failure.error),
            };
            let pause = asked.unwrap_or_else(|| retry::jittered(delays[failures - 1]));
            self.clock.sleep(pause);
        }
    }

    /// The pause that the server asks for, unless that is too long to wait.
    fn asked_pause(&self, response: &Response) -> Result<Option<Duration>, Error> {
        let asked = response
            .header("retry-after")
            .and_then(|value| retry::retry_after(value, self.clock.now()));
        match asked {
            Some(after) if after > self.settings.retry_after_limit => Err(Error::Busy {
                url: DisplayUrl::from(response.final_url()),
                status: response.status(),
                after,
            }),
            other => Ok(other),
        }
    }

    /// Sends the request once, over a connection of the right kind.
    fn once(
        &self,
        request: &Request<'_>,
        options: &UrlOptions,
        headers: &HeaderMap,
    ) -> Result<Response, Failure> {
        let url = &request.url;
        let route = Route::choose(&self.settings, options, url).map_err(Failure::lasting)?;
        let pool = self.pool(&route).map_err(Failure::lasting)?;
        let pass = self.gates.enter(&url.origin().ascii_serialization());
        let mut bare = url.clone();
        // What stands in the user info goes into a header of our making, or nowhere.
        let cleared = bare.set_username("").and_then(|()| bare.set_password(None));
        debug_assert!(
            cleared.is_ok(),
            "an address with a host takes any user info"
        );
        let method = match request.body {
            Some(_) => Method::POST,
            None => Method::GET,
        };
        let mut outgoing = pool.request(method, bare).headers(headers.clone());
        if let Some(body) = request.body {
            outgoing = outgoing.body(body.to_vec());
        }
        let stall = self.settings.stall_timeout;
        match outgoing.send() {
            Ok(response) => Ok(Response::new(response, url.clone(), pass, stall)),
            Err(error) => Err(Failure::explain(error, url, &route, stall)),
        }
    }

    /// The pool for the route, made when it is first needed.
    fn pool(&self, route: &Route) -> Result<reqwest::blocking::Client, Error> {
        let mut pools = self.pools.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(pool) = pools.get(route) {
            return Ok(pool.clone());
        }
        let pool = route.open(&self.settings)?;
        pools.insert(route.clone(), pool.clone());
        Ok(pool)
    }
}

/// The address as a URL, if it is one that can be asked over HTTP.
fn checked(address: &str) -> Result<Url, Error> {
    let refuse = |reason: &str| {
        Err(Error::Address {
            url: DisplayUrl::new(address),
            reason: reason.to_owned(),
        })
    };
    if address.starts_with('-') {
        return refuse("it begins with `-`");
    }
    // The URL standard drops tabs and line breaks without a word.
    if address.chars().any(char::is_control) {
        return refuse("it has a control character");
    }
    match Url::parse(address) {
        Err(error) => refuse(&error.to_string()),
        Ok(url) if !matches!(url.scheme(), "http" | "https") => {
            refuse(&format!("its scheme is `{}`", url.scheme()))
        }
        Ok(url) if url.host_str().is_none_or(str::is_empty) => refuse("it names no host"),
        Ok(url) => Ok(url),
    }
}

/// The caller's headers, then git's extra ones and the credentials, each only where it may go.
fn request_headers(
    request: &Request<'_>,
    options: &UrlOptions,
    offer: Option<&Offer>,
) -> Result<HeaderMap, Error> {
    let unsendable = || Error::Header {
        url: DisplayUrl::from(&request.url),
    };
    let mut headers = HeaderMap::new();
    for (name, value) in request.headers {
        let name = HeaderName::try_from(*name).map_err(|_| unsendable())?;
        let value = HeaderValue::try_from(*value).map_err(|_| unsendable())?;
        headers.append(name, value);
    }
    if request.purpose == Purpose::Git && request.at_home {
        for line in &options.extra_headers {
            let (name, value) = line.split_once(':').ok_or_else(unsendable)?;
            let name = HeaderName::try_from(name.trim()).map_err(|_| unsendable())?;
            let mut value = HeaderValue::try_from(value.trim()).map_err(|_| unsendable())?;
            value.set_sensitive(true);
            headers.append(name, value);
        }
    }
    if let Some(offer) = offer
        && !headers.contains_key(AUTHORIZATION)
    {
        headers.insert(AUTHORIZATION, offer.header());
    }
    Ok(headers)
}

/// Why a further credential would not help against this 401, if it would not.
fn obstacle(response: &Response, sent: &HeaderMap, offered: bool) -> Option<String> {
    if sent.contains_key(AUTHORIZATION) && !offered {
        return Some("the `Authorization` of git's `http.extraHeader` was refused".to_owned());
    }
    let challenges: Vec<&str> = response.header_values("www-authenticate").collect();
    let basic = |challenge: &&str| challenge.to_ascii_lowercase().contains("basic");
    if challenges.is_empty() || challenges.iter().any(basic) {
        return None;
    }
    let schemes: Vec<&str> = challenges
        .iter()
        .filter_map(|challenge| challenge.split_whitespace().next())
        .collect();
    Some(format!(
        "it takes {} only, which is not supported",
        schemes.join(", ")
    ))
}

/// A 401 to the end: an error for git, and just another page otherwise.
fn give_up(
    request: &Request<'_>,
    response: Response,
    obstacle: Option<String>,
    refusals: usize,
) -> Result<Response, Error> {
    if request.purpose == Purpose::Page {
        return Ok(response);
    }
    let tried = obstacle.unwrap_or_else(|| match refusals {
        0 => "neither the address, nor `.netrc`, nor a credential helper has any".to_owned(),
        1 => "the user and password at hand were refused".to_owned(),
        more => format!("{more} users and passwords were refused"),
    });
    Err(Error::Unauthorized {
        url: DisplayUrl::from(response.final_url()),
        tried,
        refused: refusals > 0,
    })
}

/// No encoding is ever asked for, so that what arrives is what was sent.
fn refuse_encoding(response: Response) -> Result<Response, Error> {
    match response.header("content-encoding") {
        None | Some("" | "identity") => Ok(response),
        Some(encoding) => Err(Error::Encoding {
            url: DisplayUrl::from(response.final_url()),
            encoding: encoding.to_owned(),
        }),
    }
}
