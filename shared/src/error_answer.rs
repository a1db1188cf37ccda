//! Error responses: CONTRACT 5, as JSON and as problem details (RFC 9457).

use std::borrow::Cow;

use sanitise::sanitise;
use serde::{Serialize, Serializer, ser::SerializeMap};
use serde_json::value::RawValue;

use crate::{action::Action, error_type::ErrorType, json::Object, refusal::Refusal, request_log::RequestLog};

/// Longest `service_error` in a response, in characters.
const MAX_SERVICE_ERROR: usize = 200;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ErrorAnswer {
    pub error_type: ErrorType,
    pub status: u16,
    /// For the person.
    pub message: String,
    /// Header `Retry-After`, in seconds.
    pub retry_after: Option<u32>,
    /// Header `Allow`.
    pub allow: Option<String>,
    /// Header `ETag`.
    pub etag: Option<String>,
    code: String,
    retryable: bool,
    asked: Vec<(&'static str, Option<String>)>,
    service_error: Option<String>,
    attempts: Option<u32>,
    hint: Option<&'static str>,
    session_id: Option<String>,
    request_id: String,
    /// The operation that has ended: JSON text.
    operation: Option<String>,
    /// The rules that the caller's agent breaks.
    faults: Vec<String>,
    /// The body of an earlier answer to the same request.
    replayed: Option<String>,
}

impl ErrorAnswer {
    /// Builds the error response.
    #[must_use]
    pub fn new(refusal: &Refusal, action: Action, log: &RequestLog, request_id: &str) -> Self {
        let answer = |error_type: ErrorType, message: String, code: String| Self {
            status: error_type.row().status,
            retryable: error_type.is_retryable(None),
            retry_after: None,
            allow: None,
            etag: None,
            asked: log.asked.clone(),
            service_error: None,
            attempts: None,
            hint: None,
            session_id: log.session_id.clone(),
            request_id: request_id.to_owned(),
            operation: None,
            faults: Vec::new(),
            replayed: None,
            error_type,
            message,
            code,
        };
        match refusal {
            Refusal::Bad(bad) => {
                let [allow, etag] = [bad.allow(), bad.etag()].map(|text| text.map(str::to_owned));
                Self { allow, etag, ..answer(bad.error_type(), bad.to_string(), bad.code().to_owned()) }
            }
            Refusal::NotConfigured => {
                let class = ErrorType::ServiceNotConfigured;
                let message = class.message(action);
                let code = class.name().to_owned();
                let service_error = Some(action.words().missing.to_owned());
                Self { service_error, ..answer(class, message, code) }
            }
            Refusal::Failed { action, failure } => {
                let class = failure.error_type.clone();
                let message = failure.message(*action);
                let code = format!("{}:{class}", action.words().code);
                Self {
                    retryable: class.is_retryable(failure.upstream_status),
                    retry_after: failure.retry_after.or(class.retry_after()),
                    service_error: Some(sanitise(&failure.service_error, MAX_SERVICE_ERROR)),
                    attempts: log.upstream_time.map(|_| log.attempts),
                    ..answer(class, message, code)
                }
            }
            Refusal::Replayed { error_type, body } => {
                let text = |key| Object::parse_keys(body, &["message", "error"]).ok()?.string(key).map(Cow::into_owned);
                let message = text("message").unwrap_or_else(|| error_type.message(action));
                let code = text("error").unwrap_or_else(|| error_type.name().to_owned());
                Self { replayed: Some(body.clone()), ..answer(error_type.clone(), message, code) }
            }
            Refusal::Invalid { faults } => {
                let class = ErrorType::ValidationError;
                let (message, code) = (class.message(action), format!("{}:{class}", action.words().code));
                Self { faults: faults.clone(), ..answer(class, message, code) }
            }
            Refusal::Ended { message, operation } => {
                let class = ErrorType::AlreadyEnded;
                let code = class.name().to_owned();
                Self { operation: Some(operation.clone()), ..answer(class, (*message).to_owned(), code) }
            }
        }
    }

    /// Whether this repeats an earlier answer.
    #[must_use]
    pub fn is_replayed(&self) -> bool {
        self.replayed.is_some()
    }

    /// Adds `details.hint`: how to get more time for the work.
    #[must_use]
    pub fn with_hint(self, hint: &'static str) -> Self {
        Self { hint: Some(hint), ..self }
    }

    /// The body as JSON (CONTRACT 5).
    pub fn json(&self) -> Result<String, serde_json::Error> {
        self.replayed.as_ref().map_or_else(|| serde_json::to_string(&Json(self)), |body| Ok(body.clone()))
    }

    /// The body as problem details (RFC 9457).
    pub fn problem(&self) -> Result<String, serde_json::Error> {
        let json = self.json()?;
        serde_json::to_string(&Problem { error: self, fields: serde_json::from_str(&json)? })
    }
}

struct Json<'a>(&'a ErrorAnswer);

impl Serialize for Json<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("type", "error")?;
        map.serialize_entry("message", &self.0.message)?;
        map.serialize_entry("error", &self.0.code)?;
        map.serialize_entry("error_type", self.0.error_type.name())?;
        map.serialize_entry("retryable", &self.0.retryable)?;
        map.serialize_entry("details", &Details(self.0))?;
        map.serialize_entry("session_id", &self.0.session_id)?;
        map.serialize_entry("request_id", &self.0.request_id)?;
        if !self.0.faults.is_empty() {
            map.serialize_entry("faults", &self.0.faults)?;
        }
        if let Some(operation) = &self.0.operation {
            let operation: &RawValue = serde_json::from_str(operation).map_err(serde::ser::Error::custom)?;
            map.serialize_entry("operation", operation)?;
        }
        map.end()
    }
}

/// `fields` of the JSON body become extension members, except `type` and `message`.
struct Problem<'a> {
    error: &'a ErrorAnswer,
    fields: Object<'a>,
}

impl Serialize for Problem<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let error = self.error;
        let request_id = self.fields.string("request_id").unwrap_or_default();
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("type", &format!("urn:agent-generator:error:{}", error.error_type))?;
        map.serialize_entry("title", error.error_type.row().title)?;
        map.serialize_entry("status", &error.status)?;
        map.serialize_entry("detail", &error.message)?;
        map.serialize_entry("instance", &format!("urn:uuid:{request_id}"))?;
        for (name, value) in self.fields.entries().filter(|(name, _)| !matches!(*name, "type" | "message")) {
            map.serialize_entry(name, value)?;
        }
        map.end()
    }
}

struct Details<'a>(&'a ErrorAnswer);

impl Serialize for Details<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        for (name, value) in &self.0.asked {
            map.serialize_entry(name, value)?;
        }
        if let Some(service_error) = &self.0.service_error {
            map.serialize_entry("service_error", service_error)?;
        }
        map.serialize_entry("error_type", self.0.error_type.name())?;
        if let Some(attempts) = &self.0.attempts {
            map.serialize_entry("attempts", attempts)?;
        }
        if let Some(hint) = self.0.hint {
            map.serialize_entry("hint", hint)?;
        }
        map.end()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{bad_request::BadRequest, failure::Failure};

    fn log() -> RequestLog {
        let asked = RequestLog { attempts: 3, upstream_time: Some(Default::default()), ..RequestLog::default() };
        let mut log = RequestLog { session_id: Some("s".into()), ..asked };
        log.ask("description", Some("d".repeat(200).into()));
        log
    }

    fn timed_out() -> ErrorAnswer {
        ErrorAnswer::new(&Refusal::out_of_time(Action::Generate), Action::Generate, &log(), "r-1")
    }

    #[test]
    fn a_failed_call_reads_as_in_the_contract() {
        let answer = timed_out();
        let long = "d".repeat(100);
        assert_eq!(
            answer.json().unwrap(),
            format!(
                r#"{{"type":"error","message":"The request took too long. Please try again.","error":"generation_failed:timeout","error_type":"timeout","retryable":true,"details":{{"description":"{long}","service_error":"Agent Generator request timed out","error_type":"timeout","attempts":3}},"session_id":"s","request_id":"r-1"}}"#
            )
        );
        assert_eq!(answer.status, 504);
    }

    #[test]
    fn problem_details_carry_every_field_but_the_message() {
        let problem = timed_out().problem().unwrap();
        assert!(problem.starts_with(
            r#"{"type":"urn:agent-generator:error:timeout","title":"Timed out","status":504,"detail":"The request took too long. Please try again.","instance":"urn:uuid:r-1","error":"generation_failed:timeout","#
        ));
        assert!(!problem.contains("\"message\""));
    }

    #[test]
    fn a_replayed_error_reads_as_it_did_the_first_time_in_both_formats() {
        let first = timed_out();
        let replayed = Refusal::Replayed { error_type: ErrorType::named("timeout"), body: first.json().unwrap() };
        let again = ErrorAnswer::new(&replayed, Action::Generate, &RequestLog::default(), "r-2");
        assert_eq!(
            (again.json().unwrap(), again.problem().unwrap()),
            (first.json().unwrap(), first.problem().unwrap())
        );
        assert_eq!((again.status, again.is_replayed(), first.is_replayed()), (504, true, false));
        assert_eq!(again.message, first.message);
    }

    #[test]
    fn the_generators_retry_after_overrides_the_default() {
        let advised = |retry_after, error_type| {
            let failure = Failure { retry_after, ..Failure::new(error_type, "x") };
            let refusal = Refusal::Failed { action: Action::Patch, failure };
            ErrorAnswer::new(&refusal, Action::Patch, &RequestLog::default(), "r").retry_after
        };
        assert_eq!(advised(Some(7), ErrorType::RateLimit), Some(7));
        assert_eq!(advised(None, ErrorType::RateLimit), Some(5));
        assert_eq!(advised(None, ErrorType::ServiceUnavailable), Some(10));
        assert_eq!(advised(None, ErrorType::Timeout), None);
    }

    #[test]
    fn a_caller_who_cancels_too_late_gets_the_operation_in_both_formats() {
        let operation = r#"{"operation_id":"op","status":"completed","result":{"n":1.50}}"#;
        let refusal = Refusal::Ended { message: "It has completed.", operation: operation.to_owned() };
        let answer = ErrorAnswer::new(&refusal, Action::Operations, &RequestLog::default(), "r");
        assert_eq!(
            answer.json().unwrap(),
            format!(
                r#"{{"type":"error","message":"It has completed.","error":"already_ended","error_type":"already_ended","retryable":false,"details":{{"error_type":"already_ended"}},"session_id":null,"request_id":"r","operation":{operation}}}"#
            )
        );
        assert!(answer.problem().unwrap().ends_with(&format!(r#""operation":{operation}}}"#)));
        assert_eq!(answer.status, 409);
    }

    #[test]
    fn a_bad_request_says_nothing_about_the_generator() {
        let answer = ErrorAnswer::new(&BadRequest::MissingChanges.into(), Action::Patch, &RequestLog::default(), "r");
        assert_eq!(
            answer.json().unwrap(),
            r#"{"type":"error","message":"Please describe what changes you want to make.","error":"Missing changes parameter","error_type":"invalid_request","retryable":false,"details":{"error_type":"invalid_request"},"session_id":null,"request_id":"r"}"#
        );
    }
}
