//! A key that AWS Secrets Manager has: fetched when it is first needed, and kept for the process.

use std::sync::{Mutex, PoisonError};

use reqwest::header::{CONTENT_TYPE, HeaderName, HeaderValue};
use secrecy::{ExposeSecret, SecretString};
use serde_json::json;
use tokio::time::{Duration, Instant};

use super::error_code;
use crate::{
    config::StoredKey,
    error_type::ErrorType,
    exchange::{Exchange, Peer, Reply, Request},
    generator::Failure,
    json::{self, Object},
};

/// Secrets Manager answers in milliseconds. Where no way leads to it, as in a private network without its endpoint, the
/// caller is told while there is time.
const FETCH_TIMEOUT: Duration = Duration::from_secs(5);
/// The fields of a secret that is a JSON object in which the key may stand, where it has several.
const FIELDS: [&str; 2] = ["OPENAI_API_KEY", "api_key"];

/// Whatever keeps the key from us, the caller can but try again later.
static SECRETS_MANAGER: Peer = Peer {
    name: "AWS Secrets Manager",
    timeout: ErrorType::ServiceUnavailable,
    rate_limit: ErrorType::ServiceUnavailable,
    rate_limit_statuses: &[429],
};

/// A key that AWS Secrets Manager has: the secret is the key itself, or a JSON object with the key under
/// `OPENAI_API_KEY` or `api_key`, or as its only field.
#[derive(Debug)]
pub struct Secret {
    stored: StoredKey,
    exchange: Exchange,
    kept: Mutex<Option<SecretString>>,
}

impl Secret {
    /// A key that is fetched over `exchange` when it is first asked for.
    #[must_use]
    pub fn new(stored: StoredKey, exchange: Exchange) -> Self {
        Self { stored, exchange, kept: Mutex::default() }
    }

    /// The key, by `deadline` at the latest.
    ///
    /// # Errors
    /// It cannot be fetched, or is none: `service_unavailable`, without the secret's name or account.
    pub async fn get(&self, deadline: Instant) -> Result<SecretString, Failure> {
        let kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner).clone();
        match kept {
            Some(key) => Ok(key),
            // Two requests at once may both fetch it, to no harm.
            None => self.fetch(deadline).await,
        }
    }

    /// The key that has taken the place of `refused`, which nobody takes any more; `None` where it has not changed.
    ///
    /// # Errors
    /// As [`Secret::get`].
    pub async fn renewed(&self, refused: &SecretString, deadline: Instant) -> Result<Option<SecretString>, Failure> {
        let key = self.fetch(deadline).await?;
        Ok((key.expose_secret() != refused.expose_secret()).then_some(key))
    }

    async fn fetch(&self, deadline: Instant) -> Result<SecretString, Failure> {
        let body = json!({"SecretId": self.stored.arn}).to_string().into_bytes();
        let service = &self.stored.secrets_manager;
        let request = Request::post(&service.endpoint, "/", body)
            .with_header(CONTENT_TYPE, HeaderValue::from_static("application/x-amz-json-1.1"))
            .with_header(TARGET, HeaderValue::from_static("secretsmanager.GetSecretValue"));
        let request = service.signed(request).map_err(|error| unavailable(error.to_string()))?;
        let exchanged = self.exchange.send(&request, deadline.min(Instant::now() + FETCH_TIMEOUT)).await;
        let reply = exchanged.result.map_err(|fault| unavailable(SECRETS_MANAGER.unanswered(fault).service_error))?;
        if !reply.is_success() {
            let failure = SECRETS_MANAGER.turned_away(&reply, error_code(&reply).as_deref());
            return Err(unavailable(failure.service_error));
        }
        let key =
            key(&reply).ok_or_else(|| unavailable("the secret in AWS Secrets Manager holds no key".to_owned()))?;
        *self.kept.lock().unwrap_or_else(PoisonError::into_inner) = Some(key.clone());
        Ok(key)
    }
}

const TARGET: HeaderName = HeaderName::from_static("x-amz-target");

fn unavailable(text: String) -> Failure {
    Failure::new(ErrorType::ServiceUnavailable, format!("the key of the language model is not to be had: {text}"))
}

/// The key in the answer of Secrets Manager.
fn key(reply: &Reply) -> Option<SecretString> {
    let secret = reply.body.json().and_then(Object::of)?.string("SecretString")?;
    let key = match json::parse(&secret).ok().and_then(Object::of) {
        Some(fields) => named(&fields).or_else(|| only(&fields))?,
        None => secret.into_owned(),
    };
    let key = key.trim();
    let is_key = !key.is_empty() && HeaderValue::from_str(key).is_ok();
    is_key.then(|| key.into())
}

fn named(fields: &Object<'_>) -> Option<String> {
    FIELDS.iter().find_map(|field| fields.string(field)).map(std::borrow::Cow::into_owned)
}

fn only(fields: &Object<'_>) -> Option<String> {
    let mut values = fields.entries().map(|(_, value)| value);
    let only = values.next().filter(|_| values.next().is_none())?;
    json::string(only).map(std::borrow::Cow::into_owned)
}

#[cfg(test)]
mod tests {
    use reqwest::header::HeaderMap;

    use super::*;
    use crate::exchange::Body;

    fn read(secret: &str) -> Option<String> {
        let body = json!({"ARN": "arn:aws:x", "SecretString": secret}).to_string();
        let reply = Reply { status: 200, headers: HeaderMap::new(), body: Body::Whole(body.into_bytes()) };
        key(&reply).map(|key| key.expose_secret().to_owned())
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
    fn an_answer_with_the_key_in_it_does_not_show_it_in_a_log() {
        let reply = Reply { status: 200, headers: HeaderMap::new(), body: Body::Whole(b"sk-hunter2".to_vec()) };
        assert!(!format!("{reply:?}").contains("hunter2"));
    }
}
