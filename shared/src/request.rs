//! Parses request bodies: fields are checked once, in the order of CONTRACT 5.3, and become types that hold valid
//! values.

use std::borrow::Cow;

use serde_json::value::RawValue;

use crate::{
    bad_request::{BadRequest, MAX_CHARACTERS},
    json::{self, Object},
    port::{DecomposeCall, OperationIds},
    request_log::RequestLog,
};

/// The expected type of a field.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A string of at most [`MAX_CHARACTERS`] characters.
    Text,
    String,
    Object,
    Array,
}

impl Kind {
    fn name(self) -> &'static str {
        match self {
            Self::Text | Self::String => "a string",
            Self::Object => "an object",
            Self::Array => "an array",
        }
    }
}

/// A known field; others are ignored.
pub type Field = (&'static str, Kind);

/// Known to every function.
const COMMON: [Field; 2] = [("session_id", Kind::String), ("library_agents", Kind::Array)];

/// A request body whose known fields have the right type and length.
#[derive(Debug)]
pub struct Fields<'a>(Object<'a>);

impl<'a> Fields<'a> {
    /// Parses a body as a JSON object and notes its session in `log`; other fields are not checked yet.
    pub fn open(body: &'a str, log: &mut RequestLog) -> Result<Object<'a>, BadRequest> {
        if body.trim_ascii().is_empty() {
            return Err(BadRequest::Empty);
        }
        let object = Object::parse(body)?;
        log.session_id = object.string("session_id").map(Cow::into_owned);
        Ok(object)
    }

    /// Checks the function's `own` fields and the common ones: first every length (413), then every type (400).
    pub fn check(object: Object<'a>, own: &[Field]) -> Result<Self, BadRequest> {
        let known = || own.iter().chain(&COMMON).filter_map(|(name, kind)| Some((*name, *kind, object.get(name)?)));
        for (field, kind, value) in known() {
            if kind == Kind::Text && is_too_long(value) {
                return Err(BadRequest::TextTooLong { field });
            }
        }
        for (field, kind, value) in known() {
            let fits = match kind {
                Kind::Text | Kind::String => json::string(value).is_some(),
                Kind::Object => json::is_object(value),
                Kind::Array => json::is_array(value),
            };
            if !fits {
                return Err(BadRequest::WrongType { field, expected: kind.name(), found: json::kind(value) });
            }
        }
        Ok(Self(object))
    }

    /// The whole body, unknown fields included.
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

    /// `None` if absent or empty.
    #[must_use]
    pub fn library_agents(&self) -> Option<&'a RawValue> {
        self.raw("library_agents").filter(|agents| json::count(agents) > 0)
    }
}

/// Compares bytes first, since most texts are short.
fn is_too_long(value: &RawValue) -> bool {
    value.get().len() > MAX_CHARACTERS
        && json::string(value).is_some_and(|text| text.chars().nth(MAX_CHARACTERS).is_some())
}

/// What an agent should do, in the person's words: not blank, at most [`MAX_CHARACTERS`] characters.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Description<'a>(Cow<'a, str>);

impl<'a> Description<'a> {
    pub fn parse(text: Option<Cow<'a, str>>) -> Result<Self, BadRequest> {
        not_blank(text).map(Self).ok_or(BadRequest::MissingDescription)
    }

    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Input of decompose, and of generate if it has no instructions.
#[derive(Debug)]
pub struct Goal<'a> {
    description: Description<'a>,
    context: Option<Cow<'a, str>>,
    library_agents: Option<&'a RawValue>,
}

impl<'a> Goal<'a> {
    pub fn parse(fields: &Fields<'a>) -> Result<Self, BadRequest> {
        Ok(Self {
            description: Description::parse(fields.text("description"))?,
            context: fields.text_with_content("context"),
            library_agents: fields.library_agents(),
        })
    }

    #[must_use]
    pub fn library_agents(&self) -> Option<&'a RawValue> {
        self.library_agents
    }

    #[must_use]
    pub fn call<'b>(&'b self, operation: Option<OperationIds<'b>>) -> DecomposeCall<'b> {
        DecomposeCall {
            operation,
            description: self.description.as_str(),
            context: self.context.as_deref(),
            library_agents: self.library_agents,
        }
    }
}

/// What to change about an agent, in the person's words: not blank, at most [`MAX_CHARACTERS`] characters.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Changes<'a>(Cow<'a, str>);

impl<'a> Changes<'a> {
    pub fn parse(text: Option<Cow<'a, str>>) -> Result<Self, BadRequest> {
        not_blank(text).map(Self).ok_or(BadRequest::MissingChanges)
    }

    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

fn not_blank(text: Option<Cow<'_, str>>) -> Option<Cow<'_, str>> {
    text.filter(|text| !text.trim().is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    const FIELDS: [Field; 2] = [("description", Kind::Text), ("instructions", Kind::Object)];

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
    fn a_text_of_20000_characters_is_served_however_many_bytes_it_has() {
        let longest = format!(r#"{{"description": "{}"}}"#, "ü".repeat(MAX_CHARACTERS));
        assert!(
            Fields::open(&longest, &mut RequestLog::default())
                .and_then(|object| Fields::check(object, &FIELDS))
                .is_ok()
        );
        let body = format!(r#"{{"session_id": 7, "description": "{}"}}"#, "ü".repeat(MAX_CHARACTERS + 1));
        assert_eq!(refusal(&body), BadRequest::TextTooLong { field: "description" });
    }

    #[test]
    fn a_blank_text_counts_as_missing() {
        for blank in [None, Some(""), Some(" \n\t\u{3000}")] {
            assert!(Description::parse(blank.map(Cow::Borrowed)).is_err());
            assert!(Changes::parse(blank.map(Cow::Borrowed)).is_err());
        }
        assert_eq!(Description::parse(Some(" x ".into())).unwrap().as_str(), " x ");
    }

    #[test]
    fn an_empty_library_is_not_passed_on() {
        let of = |body| {
            Fields::check(Fields::open(body, &mut RequestLog::default()).unwrap(), &FIELDS)
                .unwrap()
                .library_agents()
                .is_some()
        };
        assert!(!of(r#"{"library_agents": [ ]}"#) && !of("{}") && of(r#"{"library_agents": [{}]}"#));
    }
}
