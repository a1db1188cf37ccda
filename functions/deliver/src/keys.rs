//! The keys that webhooks are signed with, after Standard Webhooks: one, or two while one replaces the other.

use std::fmt;

use base64::{Engine, engine::general_purpose::STANDARD};
use secrecy::{ExposeSecret, SecretString};
use shared::json::Object;
use standardwebhooks::Webhook;

/// A key's text begins so; it may be left out.
const PREFIX: &str = "whsec_";
/// The bytes of a key, by the standard.
const LENGTHS: std::ops::RangeInclusive<usize> = 24..=64;

/// The secret holds no keys. It is not quoted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the webhook secret must be a key of 24 to 64 bytes in base64, or a JSON object with such a key as `current`")]
pub struct BadKeys;

/// The keys.
pub(crate) struct SigningKeys {
    current: Webhook,
    previous: Option<Webhook>,
}

impl SigningKeys {
    /// The keys of a secret: `whsec_…`, or `{"current": "whsec_…", "previous": "whsec_…"}`.
    ///
    /// # Errors
    /// A key is missing, is no base64, or is too short or too long.
    pub(crate) fn parse(secret: &SecretString) -> Result<Self, BadKeys> {
        let secret = secret.expose_secret().trim();
        if !secret.starts_with('{') {
            return Ok(Self { current: key(secret)?, previous: None });
        }
        let keys = Object::parse(secret).map_err(|_| BadKeys)?;
        let previous = keys.string("previous").filter(|previous| !previous.is_empty());
        Ok(Self {
            current: key(&keys.string("current").ok_or(BadKeys)?)?,
            previous: previous.map(|previous| key(&previous)).transpose()?,
        })
    }

    /// The value of `webhook-signature`: one signature per key, the current one's first, so that a receiver with either
    /// key is satisfied.
    pub(crate) fn sign(&self, id: &str, timestamp: i64, body: &str) -> Result<String, BadKeys> {
        let keys = [Some(&self.current), self.previous.as_ref()];
        let signatures = keys.into_iter().flatten().map(|key| key.sign(id, timestamp, body.as_bytes()));
        let signatures: Vec<_> = signatures.collect::<Result<_, _>>().map_err(|_| BadKeys)?;
        Ok(signatures.join(" "))
    }
}

fn key(text: &str) -> Result<Webhook, BadKeys> {
    let bytes = STANDARD.decode(text.strip_prefix(PREFIX).unwrap_or(text)).map_err(|_| BadKeys)?;
    if !LENGTHS.contains(&bytes.len()) {
        return Err(BadKeys);
    }
    Webhook::from_bytes(bytes).map_err(|_| BadKeys)
}

/// Without the keys.
impl fmt::Debug for SigningKeys {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("SigningKeys").field("rotating", &self.previous.is_some()).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const KEY: &str = "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD";

    fn parse(secret: &str) -> Result<SigningKeys, BadKeys> {
        SigningKeys::parse(&SecretString::from(secret))
    }

    #[test]
    fn a_signature_is_the_one_of_the_standards_own_example() {
        let body = r#"{"email":"test@example.com","username":"test_user"}"#;
        let signature = parse(KEY).unwrap().sign("msg_27UH4WbU6Z5A5EzD8u03UvzRbpk", 1649367553, body).unwrap();
        assert_eq!(signature, "v1,tZ1I4/hDygAJgO5TYxiSd6Sd0kDW6hPenDe+bTa3Kkw=");
    }

    #[test]
    fn keys_are_read_as_they_are_kept() {
        let other = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
        for (secret, signatures) in [
            (KEY.to_owned(), 1),
            (format!(" {KEY}\n"), 1),
            // As Secrets Manager makes one: letters and digits.
            (r#"{"current":"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQR"}"#.to_owned(), 1),
            (format!(r#"{{"current":"{KEY}","previous":null}}"#), 1),
            (format!(r#"{{"current":"{KEY}","previous":""}}"#), 1),
            (format!(r#"{{"current":"{other}","previous":"{KEY}"}}"#), 2),
        ] {
            let signature = parse(&secret).unwrap().sign("msg_1", 1, "{}").unwrap();
            assert_eq!(signature.split(' ').count(), signatures, "{secret}");
        }
    }

    #[test]
    fn a_secret_that_is_no_key_signs_nothing_and_is_not_quoted() {
        let weak = STANDARD.encode([7; 23]);
        let long = STANDARD.encode([7; 65]);
        for secret in [
            "",
            "whsec_",
            "whsec_hunter2!",
            &weak,
            &long,
            "{}",
            "{hunter2",
            r#"{"previous":"whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD"}"#,
            r#"{"current":"whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD","previous":"hunter2"}"#,
        ] {
            let refusal = parse(secret).unwrap_err();
            assert!(!refusal.to_string().contains("hunter2"), "{refusal}");
        }
        assert_eq!(format!("{:?}", parse(KEY).unwrap()), "SigningKeys { rotating: false, .. }");
    }
}
