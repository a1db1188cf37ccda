//! A request that can be sent more than once.

use bytes::Bytes;
use http::{Request, Uri};
use http_body_util::Full;
use reqwest::{
    Method, Url,
    header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue, USER_AGENT},
};
use secrecy::{ExposeSecret, SecretString};

use crate::connect;

/// A request for JSON. No `Debug`, because its body is a person's text and its headers may hold a key.
#[derive(Clone)]
pub struct HttpRequest {
    method: Method,
    url: Url,
    headers: HeaderMap,
    body: Bytes,
    streamed: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a control character cannot be sent in a header")]
pub struct InvalidHeader;

impl HttpRequest {
    /// `GET`; appends `path`, which begins with a slash, to the path of `base`.
    #[must_use]
    pub fn get(base: &Url, path: &str) -> Self {
        let mut url = base.clone();
        url.set_path(&format!("{}{path}", base.path().trim_end_matches('/')));
        Self::get_at(url)
    }

    /// `GET` of `url` as it is.
    #[must_use]
    pub fn get_at(url: Url) -> Self {
        let headers = HeaderMap::from_iter([(ACCEPT, HeaderValue::from_static("application/json"))]);
        Self { method: Method::GET, url, headers, body: Bytes::new(), streamed: false }
    }

    /// `POST` of a JSON `body`; `base` and `path` as for [`Self::get`].
    #[must_use]
    pub fn post(base: &Url, path: &str, body: Vec<u8>) -> Self {
        let json = HeaderValue::from_static("application/json");
        Self { method: Method::POST, body: body.into(), ..Self::get(base, path) }.with_header(CONTENT_TYPE, json)
    }

    /// Sets a header; replaces one of the same name.
    #[must_use]
    pub fn with_header(mut self, name: HeaderName, value: HeaderValue) -> Self {
        self.headers.insert(name, value);
        self
    }

    /// Adds a parameter to the query.
    #[must_use]
    pub fn with_query(mut self, name: &str, value: &str) -> Self {
        self.url.query_pairs_mut().append_pair(name, value);
        self
    }

    /// The body of a success is handed over while it arrives, as [`Body::Open`](crate::Body::Open).
    #[must_use]
    pub fn streamed(self) -> Self {
        Self { streamed: true, ..self }
    }

    /// Adds `key` in the header `name`; without a name as `Authorization: Bearer`.
    pub(crate) fn with_key(self, name: Option<&HeaderName>, key: &SecretString) -> Result<Self, InvalidHeader> {
        let key = key.expose_secret();
        let text = if name.is_some() { key.to_owned() } else { format!("Bearer {key}") };
        let mut value = HeaderValue::from_str(&text).map_err(|_| InvalidHeader)?;
        value.set_sensitive(true);
        Ok(self.with_header(name.cloned().unwrap_or(AUTHORIZATION), value))
    }

    pub(crate) fn is_streamed(&self) -> bool {
        self.streamed
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

    /// `None` if the address is not one that HTTP can carry.
    pub(crate) fn to_http(&self) -> Option<Request<Full<Bytes>>> {
        let mut request = Request::new(Full::new(self.body.clone()));
        *request.method_mut() = self.method.clone();
        *request.uri_mut() = Uri::try_from(self.url.as_str()).ok()?;
        *request.headers_mut() = self.headers.clone();
        request.headers_mut().insert(USER_AGENT, HeaderValue::from_static(connect::USER_AGENT));
        Some(request)
    }
}
