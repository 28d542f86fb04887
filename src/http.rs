//! Stand-in until the real client lands.
#![allow(missing_docs)]
use std::io::Read;

use crate::error::Classify;

pub fn mask(url: &str) -> String {
    url.to_owned()
}

#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct Error(String);
impl Classify for Error {}

pub struct Client(reqwest::blocking::Client);

pub struct Response {
    pub status: u16,
    pub final_url: String,
    headers: reqwest::header::HeaderMap,
    pub body: Box<dyn Read + Send>,
}

impl Response {
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }
}

impl Client {
    pub fn new() -> Self {
        let _ = rustls::crypto::ring::default_provider().install_default();
        Self(
            reqwest::blocking::Client::builder()
                .timeout(None)
                .build()
                .expect("client"),
        )
    }
    pub fn get(&self, url: &str, headers: &[(&str, &str)]) -> Result<Response, Error> {
        let mut request = self.0.get(url);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        Self::send(request)
    }
    pub fn post(
        &self,
        url: &str,
        headers: &[(&str, &str)],
        body: &[u8],
    ) -> Result<Response, Error> {
        let mut request = self.0.post(url).body(body.to_vec());
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        Self::send(request)
    }
    fn send(request: reqwest::blocking::RequestBuilder) -> Result<Response, Error> {
        let response = request.send().map_err(|error| Error(error.to_string()))?;
        Ok(Response {
            status: response.status().as_u16(),
            final_url: response.url().to_string(),
            headers: response.headers().clone(),
            body: Box::new(response),
        })
    }
}
