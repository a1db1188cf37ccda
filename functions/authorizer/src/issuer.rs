//! Fetches the issuer's configuration (OpenID Connect Discovery), and then its keys.

use http_client::{Body, HttpClient, HttpRequest, HttpResponse, Limits, Peer};
use reqwest::Url;
use serde_json::value::RawValue;
use shared::{environment::BadConfig, error_type::ErrorType, failure::Failure, json::Object, request_log::RequestLog};
use tokio::time::Instant;

use crate::{key::Key, keys::KeySource, settings::ISSUER};

const CONFIGURATION: &str = "/.well-known/openid-configuration";
/// In bytes. Enough for a hundred keys with their certificates.
const MAX_DOCUMENT: usize = 64 * 1024;

static PEER: Peer = Peer {
    name: "the token issuer",
    timeout: ErrorType::Timeout,
    rate_limit: ErrorType::RateLimit,
    rate_limit_statuses: &[429],
};

#[derive(Debug)]
pub struct Issuer {
    name: String,
    address: Url,
    client: HttpClient,
}

impl Issuer {
    /// `name` must equal the configuration's `issuer`. Trusts the certificates in `certificate_file` in addition to the
    /// public ones; fails if that file is invalid.
    pub fn new(name: String, address: Url, certificate_file: Option<&str>) -> Result<Self, BadConfig> {
        Ok(Self { name, address, client: HttpClient::new(ISSUER, true, certificate_file)? })
    }

    async fn get(&self, request: &HttpRequest, deadline: Instant, log: &mut RequestLog) -> Result<Vec<u8>, Failure> {
        let begin = Instant::now();
        let asked = self.client.ask(&PEER, request, None, Limits::by(deadline)).await;
        *log.upstream_time.get_or_insert_default() += begin.elapsed();
        log.attempts += asked.attempts;
        log.upstream_status = asked.upstream_status;
        let reply = asked.result?;
        if !reply.is_success() {
            return Err(PEER.classify_status(&reply, None));
        }
        match reply {
            HttpResponse { body: Body::Whole(bytes), .. } if bytes.len() <= MAX_DOCUMENT => Ok(bytes),
            _ => Err(invalid("is too large")),
        }
    }

    /// Extracts `jwks_uri`.
    fn keys_address(&self, configuration: &[u8]) -> Result<Url, Failure> {
        let raw: &RawValue = serde_json::from_slice(configuration).map_err(|_| invalid("is not JSON"))?;
        let configuration = Object::of(raw).ok_or_else(|| invalid("is not a JSON object"))?;
        // Required by OpenID Connect Discovery, section 4.3: another issuer's keys must not be trusted.
        if configuration.string("issuer").as_deref() != Some(&*self.name) {
            return Err(invalid("names another issuer"));
        }
        let address = configuration.string("jwks_uri").and_then(|address| Url::parse(&address).ok());
        let is_safe = |url: &Url| url.scheme() == "https" && url.username().is_empty() && url.password().is_none();
        address.filter(is_safe).ok_or_else(|| invalid("has no https:// address as jwks_uri"))
    }
}

impl KeySource for Issuer {
    async fn fetch(&self, deadline: Instant, log: &mut RequestLog) -> Result<Vec<Key>, Failure> {
        let configuration = self.get(&HttpRequest::get(&self.address, CONFIGURATION), deadline, log).await?;
        let address = self.keys_address(&configuration)?;
        let keys = self.get(&HttpRequest::get_at(address), deadline, log).await?;
        Key::parse_set(&keys).ok_or_else(|| invalid("is not a key set"))
    }
}

fn invalid(what: &str) -> Failure {
    Failure::new(ErrorType::InvalidResponse, format!("What {} published {what}", PEER.name))
}
