//! Headers that an operator adds to every request, such as those of a gateway.

use std::time::Duration;

use http_client::{
    HttpClient, HttpRequest,
    aws::Secret,
    secret::{CachedSecret, SecretSource},
};
use reqwest::header::HeaderMap;
use secrecy::ExposeSecret;
use shared::{error_type::ErrorType, failure::Failure};
use tokio::time::{Instant, timeout_at};

use crate::config::{ExtraHeaders as Configured, header_map};

/// Keep old values valid this long after a rotation.
const CACHED: Duration = Duration::from_secs(5 * 60);

#[derive(Debug)]
pub(super) enum ExtraHeaders {
    None,
    Given(HeaderMap),
    Stored(Box<CachedSecret<Secret>>),
}

impl ExtraHeaders {
    pub(super) fn new(configured: &Configured, client: &HttpClient) -> Self {
        match configured {
            Configured::None => Self::None,
            Configured::Given(headers) => Self::Given(headers.clone()),
            Configured::Stored(address) => {
                let secret = Secret::new(address.clone(), client.with_own_budget());
                Self::Stored(Box::new(CachedSecret::new(secret, CACHED)))
            }
        }
    }

    /// Fails with `service_unavailable` if the headers cannot be fetched or are not a JSON object of texts.
    pub(super) async fn add(&self, request: HttpRequest, deadline: Instant) -> Result<HttpRequest, Failure> {
        let unavailable = |why: &str| {
            let text = format!("the extra headers of the language model could not be fetched: {why}");
            Failure::new(ErrorType::ServiceUnavailable, text)
        };
        let headers = match self {
            Self::None => return Ok(request),
            Self::Given(headers) => headers.clone(),
            Self::Stored(stored) => match timeout_at(deadline, stored.read()).await {
                Ok(Ok(headers)) => header_map(headers.expose_secret())
                    .ok_or_else(|| unavailable("they are not a JSON object of names and texts"))?,
                Ok(Err(error)) => return Err(unavailable(&error.to_string())),
                Err(_) => return Err(unavailable("there was no answer in time")),
            },
        };
        Ok(headers.iter().fold(request, |request, (name, value)| request.with_header(name.clone(), value.clone())))
    }
}
