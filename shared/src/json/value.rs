//! Functions on a JSON value that is kept as text: kind, content, size.

use std::{borrow::Cow, fmt, io};

use serde::{
    Deserialize, Deserializer, Serialize,
    de::{IgnoredAny, SeqAccess, Visitor},
};
use serde_json::{Value, value::RawValue};

use super::check::{nests_within, parse};

/// Deepest nesting of a value that a text spells: it ends up some levels down in an agent.
const MAX_SPELT_DEPTH: usize = 100;

/// A key; borrowed unless it has escapes.
#[derive(Deserialize)]
pub(super) struct Key<'a>(#[serde(borrow)] pub(super) Cow<'a, str>);

#[must_use]
pub fn is_null(raw: &RawValue) -> bool {
    raw.get() == "null"
}

#[must_use]
pub fn is_object(raw: &RawValue) -> bool {
    raw.get().starts_with('{')
}

#[must_use]
pub fn is_array(raw: &RawValue) -> bool {
    raw.get().starts_with('[')
}

/// A string's content; `None` if the value is not a string.
#[must_use]
pub fn string(raw: &RawValue) -> Option<Cow<'_, str>> {
    serde_json::from_str::<Key<'_>>(raw.get()).ok().map(|Key(content)| content)
}

/// A string's content, or the JSON text of any other value.
#[must_use]
pub fn text(raw: &RawValue) -> Cow<'_, str> {
    string(raw).unwrap_or(Cow::Borrowed(raw.get()))
}

/// The JSON value that a text spells, such as a number in a string of an agent; `None` if it is not JSON from outside that
/// would be accepted, or is nested deeper than 100 levels.
#[must_use]
pub fn spelt(text: &str) -> Option<Value> {
    let raw = parse(text).ok().filter(|raw| nests_within(raw, MAX_SPELT_DEPTH))?;
    serde_json::from_str(raw.get()).ok()
}

/// `None` if the value is not an array.
#[must_use]
pub fn elements(raw: &RawValue) -> Option<Vec<&RawValue>> {
    serde_json::from_str(raw.get()).ok()
}

/// Counts an array's elements; 0 if the value is not an array.
#[must_use]
pub fn count(raw: &RawValue) -> usize {
    struct Elements;
    impl<'de> Visitor<'de> for Elements {
        type Value = usize;
        fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
            formatter.write_str("a JSON array")
        }
        fn visit_seq<A: SeqAccess<'de>>(self, mut sequence: A) -> Result<usize, A::Error> {
            let mut count = 0;
            while sequence.next_element::<IgnoredAny>()?.is_some() {
                count += 1;
            }
            Ok(count)
        }
    }
    serde_json::Deserializer::from_str(raw.get()).deserialize_seq(Elements).unwrap_or(0)
}

/// The kind of the value, for messages: `an object`, `a string`, …
#[must_use]
pub fn kind(raw: &RawValue) -> &'static str {
    match raw.get().bytes().next() {
        Some(b'{') => "an object",
        Some(b'[') => "an array",
        Some(b'"') => "a string",
        Some(b't' | b'f') => "a boolean",
        Some(b'n') => "null",
        _ => "a number",
    }
}

/// Fails if `value` cannot be JSON, such as a map with keys that are not strings.
pub fn to_raw<T: Serialize + ?Sized>(value: &T) -> Result<Box<RawValue>, serde_json::Error> {
    serde_json::value::to_raw_value(value)
}

/// Bytes of `value` as JSON text, counted without building the text.
pub fn size<T: Serialize + ?Sized>(value: &T) -> Result<usize, serde_json::Error> {
    struct Counter(usize);
    impl io::Write for Counter {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0 += bytes.len();
            Ok(bytes.len())
        }
        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }
    let mut counter = Counter(0);
    serde_json::to_writer(&mut counter, value)?;
    Ok(counter.0)
}

/// The first `limit` characters of `text`.
#[must_use]
pub fn first_chars(text: &str, limit: usize) -> &str {
    text.char_indices().nth(limit).and_then(|(end, _)| text.get(..end)).unwrap_or(text)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::json::parse;

    fn raw(text: &str) -> &RawValue {
        parse(text).unwrap()
    }

    #[test]
    fn only_an_array_has_elements() {
        assert_eq!((count(raw("[1,[2,3],{}]")), count(raw("{}")), count(raw("7"))), (3, 0, 0));
    }

    #[test]
    fn a_text_spells_a_value_only_if_it_could_be_sent() {
        assert_eq!(spelt(" [1.50] ").unwrap().to_string(), "[1.50]");
        for other in
            ["", "1 2", "nope", r#"{"$serde_json::private::Number":"1"}"#, &("[".repeat(101) + &"]".repeat(101))]
        {
            assert_eq!(spelt(other), None, "{other}");
        }
    }

    #[test]
    fn a_cut_never_splits_a_character() {
        assert_eq!(first_chars("äöü", 2), "äö");
        assert_eq!(first_chars("ä", 2), "ä");
    }
}
