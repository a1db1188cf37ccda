//! One message of JSON-RPC 2.0 in the body of a request.

use std::borrow::Cow;

use serde_json::value::RawValue;
use shared::json::{self, NotAnObject, Object};

use crate::fault::{Code, Fault};

const METHODS: [&str; 14] = [
    "initialize",
    "ping",
    "server/discover",
    "tools/list",
    "tools/call",
    "resources/list",
    "resources/templates/list",
    "resources/read",
    "prompts/list",
    "prompts/get",
    "tasks/get",
    "tasks/update",
    "tasks/cancel",
    "notifications/initialized",
];

/// A method's name for the log, which has no texts of callers.
pub(crate) fn logged_name(method: &str) -> &'static str {
    METHODS.into_iter().find(|known| *known == method).unwrap_or("another method")
}

#[derive(Debug)]
pub(crate) struct Message<'a> {
    /// `None`: a notification, which is not answered.
    pub(crate) id: Option<&'a RawValue>,
    pub(crate) method: Cow<'a, str>,
    /// Empty if there are none.
    pub(crate) params: Object<'a>,
}

impl<'a> Message<'a> {
    /// # Errors
    /// The body is not JSON, or not one request or notification: a batch, an answer, an id of another kind.
    pub(crate) fn parse(body: &'a str) -> Result<Self, Fault> {
        let invalid = || Fault::new(Code::InvalidRequest, "The body must be one JSON-RPC 2.0 request or notification.");
        let object = Object::parse(body).map_err(|reason| match reason {
            NotAnObject::NotJson(reason) => Fault::new(Code::Parse, format!("The body is not valid JSON: {reason}.")),
            NotAnObject::Other(_) => invalid(),
        })?;
        let method = object.string("method").filter(|_| object.string("jsonrpc").as_deref() == Some("2.0"));
        let method = method.ok_or_else(invalid)?;
        let params = match object.get("params") {
            Some(params) => Object::of(params).ok_or_else(invalid)?,
            None => Object::default(),
        };
        let id = match object.get("id") {
            Some(id) if is_id(id) => Some(id),
            None if !object.has("id") => None,
            _ => return Err(invalid()),
        };
        Ok(Self { id, method, params })
    }
}

/// A string or a whole number.
fn is_id(id: &RawValue) -> bool {
    json::string(id).is_some()
        || id.get().strip_prefix('-').unwrap_or(id.get()).bytes().all(|byte| byte.is_ascii_digit())
}

/// The text of a required parameter.
pub(crate) fn required<'a>(params: &Object<'a>, name: &str) -> Result<Cow<'a, str>, Fault> {
    params.string(name).ok_or_else(|| Fault::new(Code::InvalidParams, format!("params.{name} must be a string.")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_client_learns_which_message_is_not_one() {
        for (body, code) in [
            ("{\"jsonrpc\":", Code::Parse),
            ("", Code::Parse),
            ("[]", Code::InvalidRequest),
            (r#"[{"jsonrpc":"2.0","id":1,"method":"ping"}]"#, Code::InvalidRequest),
            (r#"{"id":1,"method":"ping"}"#, Code::InvalidRequest),
            (r#"{"jsonrpc":"1.0","id":1,"method":"ping"}"#, Code::InvalidRequest),
            (r#"{"jsonrpc":"2.0","id":1,"result":{}}"#, Code::InvalidRequest),
            (r#"{"jsonrpc":"2.0","id":null,"method":"ping"}"#, Code::InvalidRequest),
            (r#"{"jsonrpc":"2.0","id":1.5,"method":"ping"}"#, Code::InvalidRequest),
            (r#"{"jsonrpc":"2.0","id":{},"method":"ping"}"#, Code::InvalidRequest),
            (r#"{"jsonrpc":"2.0","id":1,"method":"ping","params":[]}"#, Code::InvalidRequest),
        ] {
            assert_eq!(Message::parse(body).map(|_| ()).map_err(|fault| fault.code), Err(code), "{body}");
        }
    }

    #[test]
    fn an_id_comes_back_as_it_was_sent() {
        for id in ["1", "-7", "\"a\\u0062\"", "\"\"", "90071992547409930"] {
            let body = format!(r#"{{"jsonrpc":"2.0","id":{id},"method":"ping"}}"#);
            assert_eq!(Message::parse(&body).unwrap().id.map(RawValue::get), Some(id));
        }
        let notification = Message::parse(r#"{"jsonrpc":"2.0","method":"notifications/initialized"}"#).unwrap();
        assert!(notification.id.is_none());
    }

    #[test]
    fn no_text_of_a_caller_gets_into_the_log_as_the_name_of_a_method() {
        assert_eq!((logged_name("tools/list"), logged_name("my secret")), ("tools/list", "another method"));
        assert!(METHODS.iter().all(|method| logged_name(method) == *method));
    }
}
