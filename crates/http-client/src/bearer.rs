//! In whose name a service is asked: a key that goes with every request, kept, and fetched again where it is refused.

use secrecy::{ExposeSecret, SecretString};
use shared::{
    error_type::ErrorType,
    failure::{Called, Failure},
    json::{self, Object},
    port_error::{PortError, PortFuture},
};
use tokio::time::{Instant, timeout_at};

use crate::{
    client::HttpClient,
    peer::Peer,
    repeat::Limits,
    request::HttpRequest,
    response::HttpResponse,
    secret::{CachedSecret, SecretSource},
};

/// The status of a request in the name of nobody that the service knows. It has not been processed.
const UNAUTHORISED: u16 = 401;

/// A key that requests are made with: `Authorization: Bearer`. No redirect is followed, so no other service gets it.
#[derive(Debug)]
pub struct Bearer {
    /// What it is called where it is not to be had.
    what: &'static str,
    kept: CachedSecret<KeyIn>,
}

impl Bearer {
    /// The key in the secret that `source` has, fetched at the start, else when it is first needed, and kept for the
    /// process: the secret is the key itself, or a JSON object with the key under one of `fields`, or as its only field. `what` is what it is called.
    #[must_use]
    pub fn new(what: &'static str, source: impl SecretSource + 'static, fields: &'static [&'static str]) -> Self {
        Self { what, kept: CachedSecret::for_ever(KeyIn { source: Box::new(source), fields }) }
    }

    /// Fetches the key, by `deadline` at the latest, so that no request has to wait for it. Where it is not to be had the
    /// first request tries again.
    pub async fn fetch(&self, deadline: Instant) {
        if let Err(failure) = self.by(deadline, self.kept.read()).await {
            tracing::warn!(reason = failure.service_error, "not fetched at the start");
        }
    }

    /// Asks `peer` in the name of the key; where that is refused and has been changed meanwhile, once more. A key that
    /// cannot be had is `service_unavailable`, without the secret's name or account.
    pub(super) async fn ask(
        &self,
        client: &HttpClient,
        peer: &Peer,
        request: &HttpRequest,
        limits: Limits,
    ) -> Called<HttpResponse> {
        let key = match self.by(limits.deadline, self.kept.read()).await {
            Ok(key) => key,
            Err(failure) => return Called { attempts: 0, ..Called::in_process(Err(failure)) },
        };
        let first = in_the_name_of(&key, client, peer, request, limits).await;
        if first.upstream_status != Some(UNAUTHORISED) {
            return first;
        }
        match self.by(limits.deadline, self.kept.instead_of(&key)).await {
            Ok(Some(newer)) => {
                let second = in_the_name_of(&newer, client, peer, request, limits).await;
                Called { attempts: first.attempts + second.attempts, ..second }
            }
            Ok(None) => first,
            Err(failure) => Called { result: Err(failure), ..first },
        }
    }

    /// Whatever keeps the key from us, the caller can but try again later.
    async fn by<T>(&self, deadline: Instant, read: impl Future<Output = Result<T, PortError>>) -> Result<T, Failure> {
        let why = match timeout_at(deadline, read).await {
            Ok(Ok(read)) => return Ok(read),
            Ok(Err(error)) => error.to_string(),
            Err(_) => "there was no answer in time".to_owned(),
        };
        Err(Failure::new(ErrorType::ServiceUnavailable, format!("{} is not to be had: {why}", self.what)))
    }
}

async fn in_the_name_of(
    key: &SecretString,
    client: &HttpClient,
    peer: &Peer,
    request: &HttpRequest,
    limits: Limits,
) -> Called<HttpResponse> {
    match request.clone().with_bearer(key) {
        Ok(request) => client.ask_without_token(peer, &request, limits).await,
        Err(error) => {
            let text = format!("Unexpected error calling {}: {error}", peer.name);
            Called { attempts: 0, ..Called::in_process(Err(Failure::new(ErrorType::UnexpectedError, text))) }
        }
    }
}

impl HttpClient {
    /// Asks `peer` within `limits`, in the name of `bearer` where there is one. An answer of an error status is an answer
    /// here.
    pub async fn ask(
        &self,
        peer: &Peer,
        request: &HttpRequest,
        bearer: Option<&Bearer>,
        limits: Limits,
    ) -> Called<HttpResponse> {
        match bearer {
            Some(bearer) => bearer.ask(self, peer, request, limits).await,
            None => self.ask_without_token(peer, request, limits).await,
        }
    }
}

/// The key in a secret.
#[derive(Debug)]
struct KeyIn {
    source: Box<dyn SecretSource>,
    fields: &'static [&'static str],
}

impl SecretSource for KeyIn {
    fn read(&self) -> PortFuture<'_, SecretString> {
        Box::pin(async {
            let none = || PortError { service: "AWS Secrets Manager", code: "the secret holds no key".to_owned() };
            key(self.source.read().await?.expose_secret(), self.fields).ok_or_else(none)
        })
    }
}

/// The key in a secret's text.
fn key(secret: &str, fields: &[&str]) -> Option<SecretString> {
    let key = match Object::parse(secret).ok() {
        Some(object) => named(&object, fields).or_else(|| only(&object))?,
        None => secret.to_owned(),
    };
    let key = key.trim();
    // It goes into a header.
    (!key.is_empty() && !key.contains(char::is_control)).then(|| key.into())
}

fn named(object: &Object<'_>, fields: &[&str]) -> Option<String> {
    fields.iter().find_map(|field| object.string(field)).map(std::borrow::Cow::into_owned)
}

fn only(object: &Object<'_>) -> Option<String> {
    let mut values = object.entries().map(|(_, value)| value);
    let only = values.next().filter(|_| values.next().is_none())?;
    json::string(only).map(std::borrow::Cow::into_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    const FIELDS: [&str; 2] = ["OPENAI_API_KEY", "api_key"];

    fn read(secret: &str) -> Option<String> {
        key(secret, &FIELDS).map(|key| key.expose_secret().to_owned())
    }

    #[test]
    fn a_key_is_found_however_the_console_or_a_script_has_stored_it() {
        for secret in [
            "sk-1",
            " sk-1\n",
            r#"{"OPENAI_API_KEY":"sk-1","organisation":"o"}"#,
            r#"{"organisation":"o","api_key":"sk-1"}"#,
            r#"{"whatever":"sk-1"}"#,
        ] {
            assert_eq!(read(secret).as_deref(), Some("sk-1"), "{secret}");
        }
    }

    #[test]
    fn what_cannot_be_a_key_is_not_sent_as_one() {
        for secret in ["", "  ", "{}", r#"{"a":"sk-1","b":"sk-2"}"#, r#"{"api_key":""}"#, r#"{"a":7}"#, "a\u{0}b"] {
            assert_eq!(read(secret), None, "{secret:?}");
        }
    }

    #[test]
    fn a_key_that_is_kept_shows_in_no_log() {
        let bearer = Bearer::new("the key", SecretString::from("hunter2"), &FIELDS);
        assert!(!format!("{bearer:?}").contains("hunter2"));
    }
}
