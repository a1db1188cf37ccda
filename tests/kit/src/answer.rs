//! What a function gave back for one event.

use std::time::Duration;

use base64::{Engine, engine::general_purpose::STANDARD};
use serde_json::Value;

/// The outcome of one invocation.
#[derive(Debug, Clone)]
pub struct Answer {
    /// The JSON that the function answered with; `None` where the invocation failed.
    pub payload: Option<Value>,
    /// The Lambda error (`errorType`, `errorMessage`) of a failed invocation.
    pub error: Option<Value>,
    /// From handing over the event to the answer.
    pub elapsed: Duration,
    /// The id that Lambda gave the invocation; empty where the host does not tell.
    pub request_id: String,
}

impl Answer {
    /// The HTTP status of an answer to an HTTP event.
    pub fn status(&self) -> Option<u64> {
        self.payload.as_ref()?.get("statusCode")?.as_u64()
    }

    /// The text of the HTTP body; of a direct answer, the payload.
    ///
    /// # Panics
    /// Where the body claims to be base64 and is not.
    pub fn text(&self) -> String {
        let Some(payload) = &self.payload else { return String::new() };
        match payload.get("body").filter(|_| self.status().is_some()) {
            Some(Value::String(text)) if payload.get("isBase64Encoded") == Some(&Value::Bool(true)) => {
                let bytes = STANDARD.decode(text).expect("a body that claims to be base64");
                String::from_utf8(bytes).expect("an answer in UTF-8")
            }
            Some(Value::String(text)) => text.clone(),
            Some(_) => String::new(),
            None => payload.to_string(),
        }
    }

    /// The body as JSON; null where it is none.
    pub fn body(&self) -> Value {
        serde_json::from_str(&self.text()).unwrap_or_default()
    }

    /// The first value of a response header, whatever the case of its name.
    pub fn header(&self, name: &str) -> Option<String> {
        let payload = self.payload.as_ref()?;
        ["headers", "multiValueHeaders"].iter().find_map(|key| {
            let (_, value) = payload.get(key)?.as_object()?.iter().find(|(key, _)| key.eq_ignore_ascii_case(name))?;
            let value = value.get(0).unwrap_or(value);
            value.as_str().map(str::to_owned)
        })
    }

    /// The class of a failed invocation, as Lambda names it.
    pub fn lambda_error_type(&self) -> Option<&str> {
        self.error.as_ref()?.get("errorType")?.as_str()
    }

    /// Everything that left the function, as one text to search in: status, headers and body, or the error.
    pub fn everything(&self) -> String {
        let payload = self.payload.as_ref().map(Value::to_string).unwrap_or_default();
        let error = self.error.as_ref().map(Value::to_string).unwrap_or_default();
        format!("{payload}\n{error}\n{}", self.text())
    }
}
