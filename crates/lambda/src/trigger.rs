//! Recognises what started the invocation by the event's keys: CONTRACT 1.

use std::borrow::Cow;

use lambda_http::http::{
    HeaderMap, HeaderName, HeaderValue,
    header::{AUTHORIZATION, COOKIE},
};
use serde::Deserialize;
use serde_json::value::RawValue;
use shared::{
    caller::Owner,
    json::{self, Object},
};

pub use crate::foreign::Ping;
use crate::{
    caller::{self, API_KEY},
    foreign,
    query::Query,
    queue::Batch,
};

#[derive(Debug)]
pub enum Event {
    Http(Box<HttpEvent>),
    /// The payload of a direct invocation: a request body.
    Direct(String),
    /// The `detail` of an EventBridge event: a request body.
    EventBridge(String),
    /// API Gateway asks a Lambda authorizer of type TOKEN.
    Authorizer(String),
    Queue(Batch),
    /// A warm-up, or a test of the console.
    Ping(Ping),
    /// Names a trigger that no function takes.
    Foreign(&'static str),
    /// Says why the event is not accepted.
    Unknown(&'static str),
}

/// Decides the format of the answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Gateway {
    /// API Gateway REST, payload format 1.0.
    Rest,
    /// API Gateway HTTP or Function URL, payload format 2.0.
    Http,
}

#[derive(Debug)]
pub struct HttpEvent {
    pub gateway: Gateway,
    pub method: String,
    /// May start with a stage or base path.
    pub path: String,
    /// The path as the caller sees it, with stage and base path. Empty on a Function URL, which leads to one function.
    pub seen_path: String,
    /// `None` for a caller whom the gateway does not name.
    pub owner: Option<Owner>,
    /// Empty if `has_too_many_headers`.
    pub headers: HeaderMap,
    pub has_too_many_headers: bool,
    pub query: Query,
    /// Still encoded if `is_base64_encoded`.
    pub body: String,
    pub is_base64_encoded: bool,
}

const NOT_AN_OBJECT: &str = "The event is not a JSON object.";
const NOT_A_REQUEST: &str = "The event has a requestContext, but no HTTP method.";
const BODY_NOT_A_STRING: &str = "The body of the event has to be a valid string: the JSON as text.";
const DETAIL_NOT_AN_OBJECT: &str = "The detail of the EventBridge event has to be a JSON object: the request.";
/// For each of `headers` and `multiValueHeaders`. A gateway takes 10 KB of them; a [`HeaderMap`] panics above 24,576.
pub(crate) const MAX_HEADERS: usize = 10_000;

impl Event {
    /// Never fails: what is not a JSON object becomes [`Event::Unknown`]. Ignores what follows the JSON value, as
    /// `lambda_runtime` does.
    #[must_use]
    pub fn parse(payload: &[u8]) -> Self {
        Object::deserialize(&mut serde_json::Deserializer::from_slice(payload))
            .map_or(Self::Unknown(NOT_AN_OBJECT), |event| Self::from_object(&event))
    }

    #[must_use]
    pub fn from_object(event: &Object<'_>) -> Self {
        if let Some(batch) = Batch::from_event(event) {
            return Self::Queue(batch);
        }
        if let Some(context) = event.get("requestContext") {
            let context = Object::of(context).unwrap_or_default();
            return match foreign::with_context(event, &context) {
                Some(trigger) => Self::Foreign(trigger),
                None => HttpEvent::parse(event, &context).map_or_else(Self::Unknown, |http| Self::Http(Box::new(http))),
            };
        }
        let detail = event.get("detail-type").and_then(|_| event.get("detail"));
        if let Some(detail) = detail.filter(|detail| json::is_object(detail) && !Ping::is_schedule(event)) {
            return Self::EventBridge(detail.get().to_owned());
        }
        if let Some(ping) = Ping::of(event) {
            return Self::Ping(ping);
        }
        if detail.is_some() {
            return Self::Unknown(DETAIL_NOT_AN_OBJECT);
        }
        if let Some(trigger) = foreign::without_context(event) {
            return Self::Foreign(trigger);
        }
        // Keeps every key and value; drops only whitespace.
        let body = serde_json::to_string(event);
        let kind = if foreign::is_token(event) { Self::Authorizer } else { Self::Direct };
        body.map_or(Self::Unknown(NOT_AN_OBJECT), kind)
    }
}

impl HttpEvent {
    /// Says what is wrong if the event has no method, or a body that is not a string.
    ///
    /// Does not use the types of `aws_lambda_events`: they reject the whole event for an unused field or one odd header, and
    /// cost a second pass over the body.
    fn parse(event: &Object<'_>, context: &Object<'_>) -> Result<Self, &'static str> {
        let (gateway, method, path, seen_path) =
            match context.get("http").map(|http| Object::of(http).unwrap_or_default()) {
                Some(http) => {
                    let path = event.string("rawPath").or(http.string("path"));
                    let is_url = context.string("domainName").is_some_and(|domain| domain.contains(".lambda-url."));
                    (Gateway::Http, http.string("method"), path.clone(), path.filter(|_| !is_url))
                }
                None => {
                    let path = event.string("path");
                    // Test tools may leave out the full path, which the gateway builds from the stage.
                    let staged = || Some(Cow::Owned(format!("/{}{}", context.string("stage")?, path.as_deref()?)));
                    let seen_path = context.string("path").or_else(staged).or_else(|| path.clone());
                    (Gateway::Rest, event.string("httpMethod"), path, seen_path)
                }
            };
        let method = method.ok_or(NOT_A_REQUEST)?.into_owned();
        let body = event.get("body").map_or(Some(Cow::Borrowed("")), json::string).ok_or(BODY_NOT_A_STRING)?;
        let headers = headers(event);
        let has_too_many_headers = headers.is_none();
        let headers = headers.unwrap_or_default();
        Ok(Self {
            gateway,
            method,
            path: path.unwrap_or_default().into_owned(),
            seen_path: seen_path.unwrap_or_default().into_owned(),
            owner: caller::owner(context, &headers),
            headers,
            has_too_many_headers,
            query: Query::of(event),
            body: body.into_owned(),
            is_base64_encoded: event.get("isBase64Encoded").is_some_and(|flag| flag.get() == "true"),
        })
    }
}

/// Merges `headers` and `multiValueHeaders`: gateways send both, test tools may send either. Skips invalid headers.
/// `None` if there are more than [`MAX_HEADERS`].
fn headers(event: &Object<'_>) -> Option<HeaderMap> {
    let given = |key| event.get(key).and_then(Object::of).unwrap_or_default();
    let (single, multiple) = (given("headers"), given("multiValueHeaders"));
    if single.entries().count().max(multiple.entries().count()) > MAX_HEADERS {
        return None;
    }
    let mut headers = HeaderMap::new();
    for (name, values) in multiple.entries() {
        for (name, value) in
            json::elements(values).unwrap_or_default().into_iter().filter_map(|value| header(name, value))
        {
            headers.append(name, value);
        }
    }
    let only_single: Vec<_> = single
        .entries()
        .filter_map(|(name, value)| header(name, value))
        .filter(|(name, _)| !headers.contains_key(name))
        .collect();
    // Not `extend`, which replaces a header of the same name.
    for (name, value) in only_single {
        headers.append(name, value);
    }
    Some(headers)
}

/// `None` if it is not a valid header.
fn header(name: &str, value: &RawValue) -> Option<(HeaderName, HeaderValue)> {
    let name = HeaderName::try_from(name).ok()?;
    let mut value = HeaderValue::from_str(&json::string(value)?).ok()?;
    // `Debug` then hides the value.
    value.set_sensitive([API_KEY, AUTHORIZATION, COOKIE].contains(&name));
    Some((name, value))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn event(text: &str) -> Event {
        Event::parse(text.as_bytes())
    }

    #[test]
    fn a_rest_api_event_is_an_http_request() {
        let Event::Http(http) = event(
            r#"{"path":"/decompose","httpMethod":"POST","headers":{"Accept":"a"},"multiValueHeaders":{"Accept":["a","b"],"X-Y":["1"]},
                "queryStringParameters":null,"body":"{}","isBase64Encoded":false,
                "requestContext":{"stage":"v1","path":"/v1/decompose","httpMethod":"POST","authorizer":{"n":1.5},"requestTimeEpoch":1795305600000}}"#,
        ) else {
            panic!("not an HTTP event")
        };
        assert_eq!(
            (http.gateway, http.method.as_str(), http.path.as_str(), http.body.as_str()),
            (Gateway::Rest, "POST", "/decompose", "{}")
        );
        assert_eq!(http.headers.get_all("accept").iter().count(), 2);
    }

    #[test]
    fn an_http_api_or_function_url_event_is_an_http_request() {
        let Event::Http(http) = event(
            r#"{"version":"2.0","rawPath":"/v1/patch","headers":{"content-type":"x"},"body":"e30=","isBase64Encoded":true,"requestContext":{"http":{"method":"POST","path":"/x"}}}"#,
        ) else {
            panic!("not an HTTP event")
        };
        assert_eq!((http.gateway, http.path.as_str(), http.is_base64_encoded), (Gateway::Http, "/v1/patch", true));
    }

    #[test]
    fn a_minimal_event_with_odd_headers_is_still_an_http_request() {
        let least = r#"{"httpMethod":"POST","path":"/patch","headers":{"a":"b\u0000","c":null,"d e":"f","g":"h"},"body":null,"requestContext":{}}"#;
        let Event::Http(http) = event(least) else { panic!("not an HTTP event") };
        assert_eq!((http.path.as_str(), http.body.as_str(), http.headers.len()), ("/patch", "", 1));
    }

    #[test]
    fn a_caller_is_sent_back_to_the_stage_it_called() {
        for (context, seen) in [
            (r#"{"stage":"v1","path":"/api/v1/generate"}"#, "/api/v1/generate"),
            (r#"{"stage":"v1"}"#, "/v1/generate"),
            ("{}", "/generate"),
        ] {
            let Event::Http(http) =
                event(&format!(r#"{{"httpMethod":"POST","path":"/generate","requestContext":{context}}}"#))
            else {
                panic!("not an HTTP event")
            };
            assert_eq!((http.path.as_str(), http.seen_path.as_str()), ("/generate", seen));
        }
    }

    #[test]
    fn any_other_object_is_a_request_body() {
        for text in [r#"{"description":"x"}"#, "{}", r#"{"detail":{}}"#] {
            assert!(matches!(event(text), Event::Direct(body) if body == text), "{text}");
        }
        assert!(
            matches!(event(r#"{"detail-type":"t","detail":{"a":1.0}}"#), Event::EventBridge(detail) if detail == r#"{"a":1.0}"#)
        );
    }

    #[test]
    fn an_sqs_batch_is_not_mistaken_for_a_request() {
        let event = event(r#"{"Records":[{"eventSource":"aws:sqs","messageId":"m","body":"{}"}]}"#);
        assert!(matches!(event, Event::Queue(_)), "{event:?}");
    }

    #[test]
    fn more_headers_than_a_gateway_sends_are_refused_instead_of_ending_the_process() {
        let with = |count: usize| {
            let headers: String = (0..count).map(|number| format!(r#","x-{number}":"1""#)).collect();
            let multiple = headers.replace(r#""1""#, r#"["1","2"]"#);
            event(&format!(
                r#"{{"httpMethod":"GET","requestContext":{{}},"headers":{{"a":"1"{headers}}},"multiValueHeaders":{{"b":["1"]{multiple}}}}}"#
            ))
        };
        for (count, kept) in [(MAX_HEADERS - 1, 2 * MAX_HEADERS), (MAX_HEADERS, 0), (40_000, 0)] {
            let Event::Http(http) = with(count) else { panic!("not an HTTP event") };
            assert_eq!((http.headers.len(), http.has_too_many_headers), (kept, kept == 0), "{count}");
        }
    }

    #[test]
    fn a_callers_key_does_not_show_in_a_log() {
        let event = event(
            r#"{"httpMethod":"GET","path":"/x","headers":{"X-Api-Key":"hunter2","Authorization":"hunter2"},"requestContext":{}}"#,
        );
        assert!(!format!("{event:?}").contains("hunter2"), "{event:?}");
    }

    #[test]
    fn an_unexpected_event_is_reported_instead_of_guessed() {
        for text in
            ["[1]", "7", "null", "\"x\"", r#"{"requestContext":{"http":7}}"#, r#"{"requestContext":[]}"#, "{nonsense"]
        {
            assert!(matches!(event(text), Event::Unknown(_)), "{text}");
        }
    }
}
