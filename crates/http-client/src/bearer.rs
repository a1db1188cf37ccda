//! Adds a bearer token to requests. The token is cached, and fetched again if the service refuses it.

use reqwest::header::HeaderName;
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

/// 401: token rejected; the request was not processed.
const UNAUTHORISED: u16 = 401;

/// A token from a secret. The client follows no redirects, so no other service gets it.
#[derive(Debug)]
pub struct Bearer {
    /// Names the token in errors.
    what: &'static str,
    /// `None` for `Authorization: Bearer`.
    header: Option<HeaderName>,
    cached: CachedSecret<TokenSource>,
}

impl Bearer {
    /// The secret is the token itself, or a JSON object with the token in one of `fields` or in its only field. It
    /// stays cached until it is refused. `what` names the token in errors.
    #[must_use]
    pub fn new(what: &'static str, source: impl SecretSource + 'static, fields: &'static [&'static str]) -> Self {
        let cached = CachedSecret::until_refused(TokenSource { source: Box::new(source), fields });
        Self { what, header: None, cached }
    }

    /// Sends the token in a header of its own, such as Azure's `api-key`.
    #[must_use]
    pub fn in_header(self, name: HeaderName) -> Self {
        Self { header: Some(name), ..self }
    }

    /// Call at start, so that no request has to wait for the token. If it fails, the first request tries again.
    pub async fn fetch(&self, deadline: Instant) {
        if let Err(failure) = self.fetched_by(deadline, self.cached.read()).await {
            tracing::warn!(reason = failure.service_error, "could not fetch the token at start");
        }
    }

    /// Asks once more if the token is refused and has changed meanwhile. Fails with `service_unavailable`, without the
    /// secret's name or account, if the token cannot be fetched.
    async fn ask(
        &self,
        client: &HttpClient,
        peer: &Peer,
        request: &HttpRequest,
        limits: Limits,
    ) -> Called<HttpResponse> {
        let token = match self.fetched_by(limits.deadline, self.cached.read()).await {
            Ok(token) => token,
            Err(failure) => return Called { attempts: 0, ..Called::in_process(Err(failure)) },
        };
        let first = self.ask_with_token(&token, client, peer, request, limits).await;
        if first.upstream_status != Some(UNAUTHORISED) {
            return first;
        }
        match self.fetched_by(limits.deadline, self.cached.replacement_for(&token)).await {
            Ok(Some(newer)) => {
                let second = self.ask_with_token(&newer, client, peer, request, limits).await;
                Called { attempts: first.attempts + second.attempts, ..second }
            }
            Ok(None) => first,
            Err(failure) => Called { result: Err(failure), ..first },
        }
    }

    /// Every failure is `service_unavailable`: the caller can only try again later.
    async fn fetched_by<T>(
        &self,
        deadline: Instant,
        fetch: impl Future<Output = Result<T, PortError>>,
    ) -> Result<T, Failure> {
        let why = match timeout_at(deadline, fetch).await {
            Ok(Ok(fetched)) => return Ok(fetched),
            Ok(Err(error)) => error.to_string(),
            Err(_) => "there was no answer in time".to_owned(),
        };
        Err(Failure::new(ErrorType::ServiceUnavailable, format!("{} could not be fetched: {why}", self.what)))
    }

    async fn ask_with_token(
        &self,
        token: &SecretString,
        client: &HttpClient,
        peer: &Peer,
        request: &HttpRequest,
        limits: Limits,
    ) -> Called<HttpResponse> {
        match request.clone().with_key(self.header.as_ref(), token) {
            Ok(request) => client.ask_without_token(peer, &request, limits).await,
            Err(error) => {
                let text = format!("Unexpected error calling {}: {error}", peer.name);
                Called { attempts: 0, ..Called::in_process(Err(Failure::new(ErrorType::UnexpectedError, text))) }
            }
        }
    }
}

impl HttpClient {
    /// Sends `request` with the token of `bearer`, if any. An answer with an error status is `Ok`.
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

/// Reads the token from a secret.
#[derive(Debug)]
struct TokenSource {
    source: Box<dyn SecretSource>,
    fields: &'static [&'static str],
}

impl SecretSource for TokenSource {
    fn read(&self) -> PortFuture<'_, SecretString> {
        Box::pin(async {
            let none = || PortError { service: "AWS Secrets Manager", code: "the secret holds no key".to_owned() };
            parse_token(self.source.read().await?.expose_secret(), self.fields).ok_or_else(none)
        })
    }
}

fn parse_token(secret: &str, fields: &[&str]) -> Option<SecretString> {
    let token = match Object::parse(secret).ok() {
        Some(object) => named_field(&object, fields).or_else(|| only_field(&object))?,
        None => secret.to_owned(),
    };
    let token = token.trim();
    // A header cannot hold control characters.
    (!token.is_empty() && !token.contains(char::is_control)).then(|| token.into())
}

fn named_field(object: &Object<'_>, fields: &[&str]) -> Option<String> {
    fields.iter().find_map(|field| object.string(field)).map(std::borrow::Cow::into_owned)
}

fn only_field(object: &Object<'_>) -> Option<String> {
    let mut values = object.entries().map(|(_, value)| value);
    let only = values.next().filter(|_| values.next().is_none())?;
    json::string(only).map(std::borrow::Cow::into_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    const FIELDS: [&str; 2] = ["OPENAI_API_KEY", "api_key"];

    fn parse(secret: &str) -> Option<String> {
        parse_token(secret, &FIELDS).map(|token| token.expose_secret().to_owned())
    }

    #[test]
    fn a_token_is_found_however_the_console_or_a_script_stored_it() {
        for secret in [
            "sk-1",
            " sk-1\n",
            r#"{"OPENAI_API_KEY":"sk-1","organisation":"o"}"#,
            r#"{"organisation":"o","api_key":"sk-1"}"#,
            r#"{"whatever":"sk-1"}"#,
        ] {
            assert_eq!(parse(secret).as_deref(), Some("sk-1"), "{secret}");
        }
    }

    #[test]
    fn a_secret_without_a_usable_token_is_not_sent() {
        for secret in ["", "  ", "{}", r#"{"a":"sk-1","b":"sk-2"}"#, r#"{"api_key":""}"#, r#"{"a":7}"#, "a\u{0}b"] {
            assert_eq!(parse(secret), None, "{secret:?}");
        }
    }

    #[test]
    fn a_token_does_not_show_in_debug() {
        let bearer = Bearer::new("the token", SecretString::from("hunter2"), &FIELDS);
        assert!(!format!("{bearer:?}").contains("hunter2"));
    }
}
