//! The issuer over HTTP: its configuration (OpenID Connect Discovery), and the keys that it names.

use http_client::{Body, HttpClient, HttpRequest, HttpResponse, Limits, Peer};
use reqwest::Url;
use serde_json::value::RawValue;
use shared::{environment::BadConfig, error_type::ErrorType, failure::Failure, json::Object, request_log::RequestLog};
use tokio::time::Instant;

use crate::{key::Key, keys::KeySource, settings::ISSUER};

const CONFIGURATION: &str = "/.well-known/openid-configuration";
/// A hundred keys with their certificates are less.
const MAX_DOCUMENT: usize = 64 * 1024;

static PEER: Peer = Peer {
    name: "the token issuer",
    timeout: ErrorType::Timeout,
    rate_limit: ErrorType::RateLimit,
    rate_limit_statuses: &[429],
};

/// The issuer whose tokens count.
#[derive(Debug)]
pub struct Issuer {
    name: String,
    address: Url,
    client: HttpClient,
}

impl Issuer {
    /// The issuer that calls itself `name`, whose configuration is under `address`. Beside the public certificates, those
    /// in `certificate_file` count.
    ///
    /// # Errors
    /// The certificate file does not hold, or no client can be built here.
    pub fn new(name: String, address: Url, certificate_file: Option<&str>) -> Result<Self, BadConfig> {
        Ok(Self { name, address, client: HttpClient::new(ISSUER, true, certificate_file)? })
    }

    /// A document of the issuer's, by `deadline` at the latest.
    async fn document(
        &self,
        request: &HttpRequest,
        deadline: Instant,
        log: &mut RequestLog,
    ) -> Result<Vec<u8>, Failure> {
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
            _ => Err(senseless("is too large")),
        }
    }

    /// Where its keys are.
    fn keys_address(&self, configuration: &[u8]) -> Result<Url, Failure> {
        let raw: &RawValue = serde_json::from_slice(configuration).map_err(|_| senseless("is not JSON"))?;
        let configuration = Object::of(raw).ok_or_else(|| senseless("is no object"))?;
        // Whoever else's configuration it is, his keys are not the issuer's.
        if configuration.string("issuer").as_deref() != Some(&*self.name) {
            return Err(senseless("is that of another issuer"));
        }
        let address = configuration.string("jwks_uri").and_then(|address| Url::parse(&address).ok());
        let is_safe = |url: &Url| url.scheme() == "https" && url.username().is_empty() && url.password().is_none();
        address.filter(is_safe).ok_or_else(|| senseless("names no https:// address of its keys"))
    }
}

impl KeySource for Issuer {
    async fn read(&self, deadline: Instant, log: &mut RequestLog) -> Result<Vec<Key>, Failure> {
        let configuration = self.document(&HttpRequest::get(&self.address, CONFIGURATION), deadline, log).await?;
        let address = self.keys_address(&configuration)?;
        let keys = self.document(&HttpRequest::get_at(address), deadline, log).await?;
        Key::set(&keys).ok_or_else(|| senseless("is no set of keys"))
    }
}

fn senseless(what: &str) -> Failure {
    Failure::new(ErrorType::InvalidResponse, format!("What {} published {what}", PEER.name))
}
