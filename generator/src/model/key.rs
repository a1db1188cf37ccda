//! The key of a language model, where AWS Secrets Manager has it: fetched when it is first needed, and kept for the process.

use std::time::Duration;

use secrecy::{ExposeSecret, SecretString};
use shared::{
    error_type::ErrorType,
    generator::Failure,
    json::{self, Object},
    operations::ports::{PortError, PortFuture},
    secret::{Kept, SecretSource},
};
use tokio::time::{Instant, timeout_at};

/// The fields of a secret that is a JSON object in which the key may stand, where it has several.
const FIELDS: [&str; 2] = ["OPENAI_API_KEY", "api_key"];

/// The key in a secret: the secret is the key itself, or a JSON object with the key under `OPENAI_API_KEY` or `api_key`, or
/// as its only field.
#[derive(Debug)]
struct KeyIn<S>(S);

impl<S: SecretSource> SecretSource for KeyIn<S> {
    fn read(&self) -> PortFuture<'_, SecretString> {
        Box::pin(async {
            let none = || PortError { service: "AWS Secrets Manager", code: "the secret holds no key".to_owned() };
            key(self.0.read().await?.expose_secret()).ok_or_else(none)
        })
    }
}

/// A key that is stored.
#[derive(Debug)]
pub(super) struct StoredKey<S>(Kept<KeyIn<S>>);

impl<S: SecretSource> StoredKey<S> {
    /// The key that `secret` holds.
    pub(super) fn new(secret: S) -> Self {
        Self(Kept::new(KeyIn(secret), Duration::MAX))
    }

    /// The key, by `deadline` at the latest.
    ///
    /// # Errors
    /// It cannot be fetched, or is none: `service_unavailable`, without the secret's name or account.
    pub(super) async fn get(&self, deadline: Instant) -> Result<SecretString, Failure> {
        by(deadline, self.0.read()).await
    }

    /// The key that has taken the place of `refused`, which nobody takes any more; `None` where it has not changed.
    ///
    /// # Errors
    /// As [`Self::get`].
    pub(super) async fn renewed(
        &self,
        refused: &SecretString,
        deadline: Instant,
    ) -> Result<Option<SecretString>, Failure> {
        let key = by(deadline, self.0.renewed()).await?;
        Ok((key.expose_secret() != refused.expose_secret()).then_some(key))
    }
}

/// Whatever keeps the key from us, the caller can but try again later.
async fn by(
    deadline: Instant,
    read: impl Future<Output = Result<SecretString, PortError>>,
) -> Result<SecretString, Failure> {
    let why = match timeout_at(deadline, read).await {
        Ok(Ok(key)) => return Ok(key),
        Ok(Err(error)) => error.to_string(),
        Err(_) => "there was no answer in time".to_owned(),
    };
    let text = format!("the key of the language model is not to be had: {why}");
    Err(Failure::new(ErrorType::ServiceUnavailable, text))
}

/// The key in a secret's text.
fn key(secret: &str) -> Option<SecretString> {
    let key = match json::parse(secret).ok().and_then(Object::of) {
        Some(fields) => named(&fields).or_else(|| only(&fields))?,
        None => secret.to_owned(),
    };
    let key = key.trim();
    // It goes into a header.
    (!key.is_empty() && !key.contains(char::is_control)).then(|| key.into())
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
    use super::*;

    fn read(secret: &str) -> Option<String> {
        key(secret).map(|key| key.expose_secret().to_owned())
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
        assert!(!format!("{:?}", StoredKey::new(SecretString::from("hunter2"))).contains("hunter2"));
    }
}
