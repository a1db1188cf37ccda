//! Options of a request besides the work itself: async, idempotent, webhook.

use std::{borrow::Cow, fmt};

use lambda_http::http::HeaderMap;
use shared::{
    bad_request::BadRequest,
    caller::Owner,
    json::{self, Object},
    limits::fits,
    timestamp::Timestamp,
};
use uuid::Uuid;

use crate::{
    callback::{CallbackUrl, TrustedHosts},
    headers::{idempotency_key, prefers_async},
    record::{Fingerprint, NewOperation, Tool},
    settings::Settings,
};

const MAX_ID: usize = 128;

/// How a request is served.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    /// Within the request; nothing is stored.
    Direct,
    /// Within the request; a repeat gets the stored answer.
    Idempotent,
    /// Accepted now (202) and done by a worker.
    Async,
}

#[derive(Default)]
pub struct RequestOptions {
    operation_id: Option<String>,
    task_id: Option<String>,
    idempotency_key: Option<String>,
    prefers_async: bool,
    callback_url: Option<CallbackUrl>,
}

/// Leaves out the idempotency key and the webhook address, which may be secrets.
impl fmt::Debug for RequestOptions {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("RequestOptions")
            .field("operation_id", &self.operation_id)
            .field("task_id", &self.task_id)
            .field("mode", &self.mode())
            .finish_non_exhaustive()
    }
}

impl RequestOptions {
    /// For a trigger without headers, pass an empty map.
    ///
    /// # Errors
    /// An id, the idempotency key or the webhook address is invalid.
    pub fn parse(body: &Object<'_>, headers: &HeaderMap, trusted: &TrustedHosts) -> Result<Self, BadRequest> {
        let (operation_id, task_id) = parse_ids(body)?;
        Ok(Self {
            operation_id,
            task_id,
            idempotency_key: idempotency_key(headers)?,
            prefers_async: prefers_async(headers),
            callback_url: callback_url(body, trusted)?,
        })
    }

    /// The ids alone, for a request whose other options are invalid.
    pub(crate) fn with_ids(operation_id: String, task_id: String) -> Self {
        Self { operation_id: Some(operation_id), task_id: Some(task_id), ..Self::default() }
    }

    #[must_use]
    pub fn mode(&self) -> Mode {
        if self.prefers_async || (self.operation_id.is_some() && self.task_id.is_some()) {
            Mode::Async
        } else if self.idempotency_key.is_some() || self.operation_id.is_some() {
            Mode::Idempotent
        } else {
            Mode::Direct
        }
    }

    /// Whether it sent `Prefer: respond-async`.
    #[must_use]
    pub fn prefers_async(&self) -> bool {
        self.prefers_async
    }

    /// True if async is at most a preference: there is no webhook, and no id or key under which a result could be
    /// found.
    #[must_use]
    pub fn may_be_served_synchronously(&self) -> bool {
        let names = [&self.operation_id, &self.idempotency_key];
        self.callback_url.is_none() && names.iter().all(|name| name.is_none())
    }

    #[must_use]
    pub fn callback_url(&self) -> Option<&CallbackUrl> {
        self.callback_url.as_ref()
    }

    /// Builds the operation of a request. `body` is `text` parsed.
    #[must_use]
    pub fn operation(
        self,
        tool: Tool,
        owner: Option<Owner>,
        (text, body): (&str, &Object<'_>),
        settings: &Settings,
        now: Timestamp,
    ) -> NewOperation {
        let or_new = |id: Option<String>| id.unwrap_or_else(|| Uuid::new_v4().to_string());
        NewOperation {
            operation_id: or_new(self.operation_id),
            task_id: or_new(self.task_id),
            tool,
            owner,
            idempotency_key: self.idempotency_key,
            fingerprint: Fingerprint::from_request(tool, text),
            request: text.to_owned(),
            callback_url: self.callback_url.map(|url| url.as_str().to_owned()),
            // Too long in a whole request on a queue, whose body is checked only by its worker.
            session_id: body.string("session_id").filter(|text| fits("session_id", text)).map(Cow::into_owned),
            created_at: now,
            deadline: now.after(settings.timeout),
            expires_at: now.after(settings.retention),
        }
    }
}

/// Parses `operation_id` and `task_id`.
pub(crate) fn parse_ids(body: &Object<'_>) -> Result<(Option<String>, Option<String>), BadRequest> {
    Ok((id(body, "operation_id", "field operation_id")?, id(body, "task_id", "field task_id")?))
}

fn id(body: &Object<'_>, field: &'static str, what: &'static str) -> Result<Option<String>, BadRequest> {
    let form = "1 to 128 characters of A-Z a-z 0-9 . _ : -, and neither . nor ..";
    match string(body, field)? {
        Some(id) if !is_id(&id) => Err(BadRequest::WrongForm { what, form }),
        id => Ok(id),
    }
}

fn callback_url(body: &Object<'_>, trusted: &TrustedHosts) -> Result<Option<CallbackUrl>, BadRequest> {
    let url = string(body, "callback_url")?;
    Ok(url.map(|url| CallbackUrl::parse(&url, trusted)).transpose()?)
}

fn string(body: &Object<'_>, field: &'static str) -> Result<Option<String>, BadRequest> {
    let Some(raw) = body.get(field) else { return Ok(None) };
    let wrong = BadRequest::WrongType { field, expected: "a string", found: json::kind(raw) };
    json::string(raw).map(|text| Some(text.into_owned())).ok_or(wrong)
}

/// Whether a text can be an id: it must fit into a path segment, and must not look like another kind of key in the
/// table.
#[must_use]
pub fn is_id(id: &str) -> bool {
    (1..=MAX_ID).contains(&id.len())
        && !matches!(id, "." | "..")
        && id.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"._:-".contains(&byte))
}

#[cfg(test)]
mod tests {
    use lambda_http::http::HeaderValue;

    use super::*;

    fn parse(body: &str, headers: &HeaderMap) -> Result<RequestOptions, BadRequest> {
        RequestOptions::parse(&Object::parse(body).unwrap(), headers, &TrustedHosts::default())
    }

    fn header(name: &'static str, value: &'static str) -> HeaderMap {
        HeaderMap::from_iter([(name.parse().unwrap(), HeaderValue::from_static(value))])
    }

    #[test]
    fn the_mode_follows_from_ids_and_headers() {
        let none = HeaderMap::new();
        for (body, headers, mode) in [
            ("{}", &none, Mode::Direct),
            (r#"{"task_id":"t","operation_id":null}"#, &none, Mode::Direct),
            (r#"{"operation_id":"o","task_id":"t"}"#, &none, Mode::Async),
            ("{}", &header("prefer", "respond-async"), Mode::Async),
            ("{}", &header("idempotency-key", "k"), Mode::Idempotent),
            (r#"{"operation_id":"o"}"#, &none, Mode::Idempotent),
            (r#"{"operation_id":"o","task_id":"t"}"#, &header("idempotency-key", "k"), Mode::Async),
        ] {
            assert_eq!(parse(body, headers).unwrap().mode(), mode, "{body} {headers:?}");
        }
    }

    #[test]
    fn an_id_that_cannot_be_polled_is_refused() {
        for field in ["operation_id", "task_id"] {
            let with = |id: &str| parse(&serde_json::json!({ field: id }).to_string(), &HeaderMap::new());
            for id in ["", "a/b", "../x", ".", "..", "key#x", "a b", "a~b", "a\nb", "ü", &"a".repeat(129)] {
                let (refused, rule) =
                    (with(id).unwrap_err().to_string(), format!("The field {field} must be 1 to 128 "));
                assert!(refused.starts_with(&rule), "{id}: {refused}");
            }
            for id in ["8f6c2f0e-6b0f-4f43-9a53-0c7e1b3f7a11", "_op.1:2-3", "7", "...", &"a".repeat(128)] {
                assert!(with(id).is_ok(), "{id}");
            }
        }
        for body in [r#"{"task_id":7}"#, r#"{"operation_id":{}}"#] {
            assert!(parse(body, &HeaderMap::new()).is_err(), "{body}");
        }
    }

    #[test]
    fn a_webhook_into_a_private_network_is_refused_before_any_work() {
        for url in ["http://example.com", "https://127.0.0.1/x", "https://169.254.169.254"] {
            let refused = parse(&serde_json::json!({ "callback_url": url }).to_string(), &HeaderMap::new());
            assert!(refused.unwrap_err().to_string().contains("callback_url"), "{url}");
        }
        assert!(parse(r#"{"callback_url":7}"#, &HeaderMap::new()).is_err());
        assert!(parse(r#"{"callback_url":"https://example.com/hook"}"#, &HeaderMap::new()).is_ok());
    }
}
