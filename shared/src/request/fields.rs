//! The fields of a request body, checked once, in the order of CONTRACT 5.3.

use std::borrow::Cow;

use serde_json::value::RawValue;

use crate::{
    bad_request::BadRequest,
    json::{self, Object},
    limits::{self, fits, limit},
    request_log::RequestLog,
};

/// The expected type of a field.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Of at most as many characters as [`TEXTS`](crate::limits::TEXTS) says.
    String,
    /// An object whose nodes and links are within their limits.
    Agent,
    /// An object whose steps and their inputs are within their limits.
    Instructions,
    Array,
    Boolean,
    Number,
}

impl Kind {
    fn name(self) -> &'static str {
        match self {
            Self::String => "a string",
            Self::Agent | Self::Instructions => "an object",
            Self::Array => "an array",
            Self::Boolean => "true or false",
            Self::Number => "a number",
        }
    }
}

/// A known field; others are ignored.
pub type Field = (&'static str, Kind);

/// Every key of a request that a function reads. A body keeps no others, however many it has.
const KEYS: [&str; 22] = [
    "agent_json",
    "wish",
    "agent_id",
    "version",
    "save",
    "if_match",
    "plan",
    "description",
    "context",
    "instructions",
    "current_agent_json",
    "changes",
    "library_agents",
    "session_id",
    "operation_id",
    "task_id",
    "callback_url",
    "owner",
    "route",
    "q",
    "limit",
    "fields",
];

/// Known to every function.
const COMMON: [Field; 2] = [("session_id", Kind::String), ("library_agents", Kind::Array)];

/// The agents that a request offers to the generator.
#[derive(Debug, Clone, Copy)]
pub enum LibraryAgents<'a> {
    /// A JSON array that is not empty; `None`: none shall be offered.
    Given(Option<&'a RawValue>),
    /// Those that the caller keeps may be offered.
    LeftOut,
}

impl<'a> LibraryAgents<'a> {
    #[must_use]
    pub fn given(self) -> Option<&'a RawValue> {
        match self {
            Self::Given(agents) => agents,
            Self::LeftOut => None,
        }
    }
}

/// A request body whose known fields have the right type and length.
#[derive(Debug)]
pub struct Fields<'a>(Object<'a>);

impl<'a> Fields<'a> {
    /// Parses a body as a JSON object and notes its session in `log`, unless that is too long; no field is checked yet.
    pub fn open(body: &'a str, log: &mut RequestLog) -> Result<Object<'a>, BadRequest> {
        if json::without_mark(body).trim_ascii().is_empty() {
            return Err(BadRequest::Empty);
        }
        let object = Object::parse_keys(body, &KEYS)?;
        let session_id = object.string("session_id").filter(|session_id| fits("session_id", session_id));
        log.session_id = session_id.map(Cow::into_owned);
        Ok(object)
    }

    /// Checks the function's `own` fields and the common ones: first every length and number (413), then every type (400).
    pub fn check(object: Object<'a>, own: &[Field]) -> Result<Self, BadRequest> {
        let known = || own.iter().chain(&COMMON).filter_map(|(name, kind)| Some((*name, *kind, object.get(name)?)));
        for (field, kind, value) in known() {
            match kind {
                Kind::String if is_too_long(field, value) => return Err(BadRequest::TextTooLong { field }),
                Kind::Agent => limits::check_agent(value)?,
                Kind::Instructions => limits::check_instructions(value)?,
                Kind::String | Kind::Array | Kind::Boolean | Kind::Number => {}
            }
        }
        for (field, kind, value) in known() {
            let fits = match kind {
                Kind::String => json::string(value).is_some(),
                Kind::Agent | Kind::Instructions => json::is_object(value),
                Kind::Array => json::is_array(value),
                Kind::Boolean => json::kind(value) == "a boolean",
                Kind::Number => json::kind(value) == "a number",
            };
            if !fits {
                return Err(BadRequest::WrongType { field, expected: kind.name(), found: json::kind(value) });
            }
        }
        Ok(Self(object))
    }

    /// The fields that any function knows, those of operations included.
    #[must_use]
    pub fn object(&self) -> &Object<'a> {
        &self.0
    }

    /// `None` if absent or null.
    #[must_use]
    pub fn text(&self, name: &str) -> Option<Cow<'a, str>> {
        self.0.string(name)
    }

    /// `None` if absent, null or empty.
    #[must_use]
    pub fn text_with_content(&self, name: &str) -> Option<Cow<'a, str>> {
        self.text(name).filter(|text| !text.is_empty())
    }

    #[must_use]
    pub fn raw(&self, name: &str) -> Option<&'a RawValue> {
        self.0.get(name)
    }

    /// Whether a boolean is there and true.
    #[must_use]
    pub fn flag(&self, name: &str) -> bool {
        self.raw(name).is_some_and(|value| value.get() == "true")
    }

    #[must_use]
    pub fn library_agents(&self) -> LibraryAgents<'a> {
        match self.raw("library_agents") {
            None => LibraryAgents::LeftOut,
            Some(agents) => LibraryAgents::Given(Some(agents).filter(|agents| json::count(agents) > 0)),
        }
    }
}

/// Compares bytes first, since most texts are short.
fn is_too_long(field: &str, value: &RawValue) -> bool {
    limit(field).is_some_and(|limit| value.get().len() > limit)
        && json::string(value).is_some_and(|text| !fits(field, &text))
}

#[cfg(test)]
mod tests {
    use super::*;

    const FIELDS: [Field; 2] = [("description", Kind::String), ("instructions", Kind::Instructions)];

    fn refusal(body: &str) -> BadRequest {
        Fields::open(body, &mut RequestLog::default()).and_then(|object| Fields::check(object, &FIELDS)).unwrap_err()
    }

    #[test]
    fn a_beginner_learns_what_is_wrong_with_the_body() {
        for (body, message) in [
            ("", "The request has no body. Send a JSON object."),
            ("[1]", "The request body must be a JSON object, not an array."),
            ("{\"a\": }", "The request body is not valid JSON: unexpected character at line 1, column 7."),
            (r#"{"description": 7}"#, "The field description must be a string, not a number."),
            (r#"{"instructions": "x"}"#, "The field instructions must be an object, not a string."),
            (r#"{"session_id": {}}"#, "The field session_id must be a string, not an object."),
            (r#"{"library_agents": {}}"#, "The field library_agents must be an array, not an object."),
        ] {
            assert_eq!(refusal(body).to_string(), message, "{body}");
        }
    }

    #[test]
    fn the_longest_text_is_served_however_many_bytes_it_has_and_a_longer_one_is_told_its_limit() {
        for (field, limit, told) in [("description", 20_000, "20,000"), ("session_id", 1_000, "1,000")] {
            let body = |length| format!(r#"{{"library_agents": [], "{field}": "{}"}}"#, "ü".repeat(length));
            let longest = body(limit);
            let mut log = RequestLog::default();
            assert!(Fields::open(&longest, &mut log).and_then(|object| Fields::check(object, &FIELDS)).is_ok());
            let refused = refusal(&body(limit + 1));
            assert_eq!(refused.error_type().row().status, 413);
            assert_eq!(refused.to_string(), format!("The field {field} is too long. The limit is {told} characters."));
        }
    }

    #[test]
    fn a_text_too_long_is_told_before_a_field_of_the_wrong_type() {
        let body = format!(r#"{{"library_agents": 7, "description": "{}"}}"#, "d".repeat(20_001));
        assert_eq!(refusal(&body), BadRequest::TextTooLong { field: "description" });
    }

    #[test]
    fn a_session_too_long_is_not_echoed() {
        let mut log = RequestLog::default();
        Fields::open(&format!(r#"{{"session_id": "{}"}}"#, "s".repeat(1_001)), &mut log).unwrap();
        assert_eq!(log.session_id, None);
    }

    #[test]
    fn a_body_that_begins_with_a_byte_order_mark_is_served() {
        assert!(Fields::open("\u{feff}{\"description\":\"x\"}", &mut RequestLog::default()).is_ok());
        assert_eq!(refusal("\u{feff} \n"), BadRequest::Empty);
    }

    #[test]
    fn an_empty_library_is_not_passed_on() {
        let of = |body| {
            Fields::check(Fields::open(body, &mut RequestLog::default()).unwrap(), &FIELDS)
                .unwrap()
                .library_agents()
                .given()
                .is_some()
        };
        assert!(!of(r#"{"library_agents": [ ]}"#) && !of("{}") && of(r#"{"library_agents": [{}]}"#));
    }
}
