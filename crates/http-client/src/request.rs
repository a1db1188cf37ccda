//! A request that can be sent more than once.

use bytes::Bytes;
use reqwest::{
    Client, Method, RequestBuilder, Url,
    header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue},
};
use secrecy::{ExposeSecret, SecretString};

/// A request for JSON. It has no `Debug`: its body is what a person wrote, and its headers may have a key in them.
#[derive(Clone)]
pub struct HttpRequest {
    method: Method,
    url: Url,
    headers: HeaderMap,
    body: Bytes,
}

/// What was to go into a header cannot stand there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a control character cannot be sent in a header")]
pub struct NoHeader;

impl HttpRequest {
    /// A `GET` of `path`, which begins with a slash, under `base`, whose own path is a prefix.
    #[must_use]
    pub fn get(base: &Url, path: &str) -> Self {
        let mut url = base.clone();
        url.set_path(&format!("{}{path}", base.path().trim_end_matches('/')));
        Self::get_at(url)
    }

    /// A `GET` of `url` as it is.
    #[must_use]
    pub fn get_at(url: Url) -> Self {
        let headers = HeaderMap::from_iter([(ACCEPT, HeaderValue::from_static("application/json"))]);
        Self { method: Method::GET, url, headers, body: Bytes::new() }
    }

    /// A `POST` of `body`, which is JSON.
    #[must_use]
    pub fn post(base: &Url, path: &str, body: Vec<u8>) -> Self {
        let json = HeaderValue::from_static("application/json");
        Self { method: Method::POST, body: body.into(), ..Self::get(base, path) }.with_header(CONTENT_TYPE, json)
    }

    /// The same request with this header, in place of one of its name.
    #[must_use]
    pub fn with_header(mut self, name: HeaderName, value: HeaderValue) -> Self {
        self.headers.insert(name, value);
        self
    }

    /// The same request in the name of whoever holds `key`.
    ///
    /// # Errors
    /// The key cannot stand in a header.
    pub fn with_bearer(self, key: &SecretString) -> Result<Self, NoHeader> {
        let mut value = HeaderValue::from_str(&format!("Bearer {}", key.expose_secret())).map_err(|_| NoHeader)?;
        value.set_sensitive(true);
        Ok(self.with_header(AUTHORIZATION, value))
    }

    pub(crate) fn method(&self) -> &Method {
        &self.method
    }

    pub(crate) fn url(&self) -> &Url {
        &self.url
    }

    pub(crate) fn headers(&self) -> &HeaderMap {
        &self.headers
    }

    pub(crate) fn body(&self) -> &[u8] {
        &self.body
    }

    /// The request as `client` sends it.
    pub(crate) fn on(&self, client: &Client) -> RequestBuilder {
        let request = client.request(self.method.clone(), self.url.clone()).headers(self.headers.clone());
        if self.method == Method::GET { request } else { request.body(self.body.clone()) }
    }
}
