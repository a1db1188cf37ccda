//! The outcome of one invocation.

use std::time::Duration;

use base64::{Engine, engine::general_purpose::STANDARD};
use serde_json::Value;

#[derive(Debug, Clone)]
pub struct Answer {
    /// `None` if the invocation failed.
    pub payload: Option<Value>,
    /// `errorType` and `errorMessage` of a failed invocation.
    pub error: Option<Value>,
    /// From sending the event to receiving the answer.
    pub elapsed: Duration,
    /// The invocation's id; empty under the emulator, which does not tell it.
    pub request_id: String,
}

impl Answer {
    /// `None` unless the event came over HTTP.
    pub fn status(&self) -> Option<u64> {
        self.payload.as_ref()?.get("statusCode")?.as_u64()
    }

    /// The HTTP body; without HTTP, the payload.
    ///
    /// # Panics
    /// If the body is marked as base64 and is not base64.
    pub fn text(&self) -> String {
        let Some(payload) = &self.payload else { return String::new() };
        match payload.get("body").filter(|_| self.status().is_some()) {
            Some(Value::String(text)) if payload.get("isBase64Encoded") == Some(&Value::Bool(true)) => {
                let bytes = STANDARD.decode(text).expect("a body in base64, as marked");
                String::from_utf8(bytes).expect("an answer in UTF-8")
            }
            Some(Value::String(text)) => text.clone(),
            Some(_) => String::new(),
            None => payload.to_string(),
        }
    }

    /// Null if it is not JSON.
    pub fn body(&self) -> Value {
        serde_json::from_str(&self.text()).unwrap_or_default()
    }

    /// The first value of a header; the case of its name does not matter.
    pub fn header(&self, name: &str) -> Option<String> {
        let payload = self.payload.as_ref()?;
        ["headers", "multiValueHeaders"].iter().find_map(|key| {
            let (_, value) = payload.get(key)?.as_object()?.iter().find(|(key, _)| key.eq_ignore_ascii_case(name))?;
            let value = value.get(0).unwrap_or(value);
            value.as_str().map(str::to_owned)
        })
    }

    /// `errorType` of a failed invocation.
    pub fn lambda_error_type(&self) -> Option<&str> {
        self.error.as_ref()?.get("errorType")?.as_str()
    }

    /// Status, headers, body and error as one text, to search for what must not be in it.
    pub fn everything(&self) -> String {
        let payload = self.payload.as_ref().map(Value::to_string).unwrap_or_default();
        let error = self.error.as_ref().map(Value::to_string).unwrap_or_default();
        format!("{payload}\n{error}\n{}", self.text())
    }
}
