//! Checks that a whole text is JSON. Every JSON text from outside passes here before anything reads its values.

use memchr::{memchr, memchr2, memmem};
use serde_json::value::RawValue;

/// Deepest accepted nesting (CONTRACT 3).
pub const MAX_DEPTH: usize = 128;
/// Deepest nesting of an agent and of steps: an answer adds one level, an operation's status or a request another.
pub const MAX_RESULT_DEPTH: usize = MAX_DEPTH - 2;
/// serde_json turns an object with such a key into a number or into the JSON in its text. As a prefix, so that a key of
/// a later version is refused too.
const RESERVED: &str = "$serde_json::private::";
const BYTE_ORDER_MARK: char = '\u{feff}';
/// Bytes of an escaped UTF-16 unit: `\u` and four digits.
const UNIT: usize = 6;

/// Why a text is not JSON, and at which position (counted from 1). Quotes nothing of the text.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{reason} at line {line}, column {column}")]
pub struct NotJson {
    pub reason: &'static str,
    pub line: usize,
    /// In characters.
    pub column: usize,
}

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NotAnObject {
    #[error(transparent)]
    NotJson(#[from] NotJson),
    /// Another kind of JSON value, as [`super::kind`] names it.
    #[error("{0} instead of an object")]
    Other(&'static str),
}

/// Checks the whole text: grammar, nesting, surrogate pairs and reserved keys. A byte order mark before it is skipped.
pub fn parse(text: &str) -> Result<&RawValue, NotJson> {
    let text = without_mark(text);
    let raw = serde_json::from_str::<&RawValue>(text).map_err(|error| {
        let line = text.split('\n').nth(error.line().saturating_sub(1)).unwrap_or_default();
        NotJson {
            reason: match error.classify() {
                serde_json::error::Category::Eof => "unexpected end",
                _ => "unexpected character",
            },
            line: error.line(),
            column: characters(line.as_bytes(), error.column()),
        }
    })?;
    check(text)?;
    Ok(raw)
}

/// Windows tools write a byte order mark in front of UTF-8 (RFC 8259, section 8.1: a parser may ignore it).
#[must_use]
pub fn without_mark(text: &str) -> &str {
    text.strip_prefix(BYTE_ORDER_MARK).unwrap_or(text)
}

/// Whether a checked value is nested at most `levels` deep.
#[must_use]
pub fn nests_within(raw: &RawValue, levels: usize) -> bool {
    scan(raw.get(), levels).is_ok()
}

/// Checks what serde_json ignores when it skips a value: nesting, surrogate pairs, reserved keys. Allocates only for a key
/// that may be reserved, and on failure.
pub(super) fn check(text: &str) -> Result<(), NotJson> {
    scan(text, MAX_DEPTH)
}

fn scan(text: &str, levels: usize) -> Result<(), NotJson> {
    let bytes = text.as_bytes();
    // Fast path for nearly every text, many bytes at a time: too few brackets to nest too deeply, no `\u` escape, and no
    // dollar sign, with which a reserved key begins.
    if bytes.iter().filter(|byte| matches!(byte, b'{' | b'[')).count() <= levels
        && memmem::find(bytes, b"\\u").is_none()
        && memchr(b'$', bytes).is_none()
    {
        return Ok(());
    }
    let (mut depth, mut at) = (0_usize, 0);
    while let Some(byte) = bytes.get(at) {
        at += 1;
        match byte {
            b'"' => {
                let end = end_of_string(bytes, at).map_err(|lone| fault(text, "lone surrogate", lone))?;
                if is_reserved_key(text, at - 1, end) {
                    return Err(fault(text, "a key that begins with $serde_json::private::", at - 1));
                }
                at = end;
            }
            b'{' | b'[' => depth += 1,
            b'}' | b']' => depth = depth.saturating_sub(1),
            _ => {}
        }
        if depth > levels {
            return Err(fault(text, "nested deeper than 128 levels", at - 1));
        }
    }
    Ok(())
}

/// Whether the string from `start` to `end`, quotes included, is a key with the reserved prefix, escaped or not.
fn is_reserved_key(text: &str, start: usize, end: usize) -> bool {
    let may_be = matches!(text.as_bytes().get(start + 1), Some(b'$' | b'\\'));
    may_be
        && text.get(end..).is_some_and(|rest| rest.trim_ascii_start().starts_with(':'))
        && text
            .get(start..end)
            .and_then(|key| serde_json::from_str::<String>(key).ok())
            .is_some_and(|key| key.starts_with(RESERVED))
}

/// The end of the string whose content begins at `start`; the error is the position of a lone surrogate.
fn end_of_string(text: &[u8], start: usize) -> Result<usize, usize> {
    let mut at = start;
    // Position of a high surrogate that the very next escape has to complete.
    let mut high: Option<usize> = None;
    while let Some(found) = text.get(at..).and_then(|rest| memchr2(b'"', b'\\', rest)) {
        let unit = unit(text.get(at + found..).unwrap_or_default());
        high = match (high, unit) {
            (Some(_), Some(0xDC00..=0xDFFF)) if found == 0 => None,
            (Some(half), _) => return Err(half),
            (None, Some(0xD800..=0xDBFF)) => Some(at + found),
            (None, Some(0xDC00..=0xDFFF)) => return Err(at + found),
            (None, _) => None,
        };
        if text.get(at + found) == Some(&b'"') {
            return Ok(at + found + 1);
        }
        at += found + if unit.is_some() { UNIT } else { 2 };
    }
    Ok(text.len())
}

/// Parses a `\u` escape at the start of `text`.
fn unit(text: &[u8]) -> Option<u32> {
    let digits = text.get(..UNIT)?.strip_prefix(b"\\u")?;
    Some(digits.iter().fold(0, |unit, digit| unit * 16 + char::from(*digit).to_digit(16).unwrap_or_default()))
}

fn fault(text: &str, reason: &'static str, at: usize) -> NotJson {
    let before = text.get(..at).unwrap_or(text);
    let line_start = before.rfind('\n').map_or(0, |newline| newline + 1);
    let line = before.get(line_start..).unwrap_or_default();
    NotJson { reason, line: before.matches('\n').count() + 1, column: line.chars().count() + 1 }
}

/// The characters that begin within the first `bytes` of `line`.
fn characters(line: &[u8], bytes: usize) -> usize {
    line.iter().take(bytes).filter(|byte| **byte & 0b1100_0000 != 0b1000_0000).count()
}

#[cfg(test)]
mod tests {
    use proptest::{collection::vec, prelude::*, sample::select};

    use super::*;

    #[test]
    fn a_request_of_128_levels_is_served_and_one_of_129_is_refused() {
        assert!(parse(&("[".repeat(128) + &"]".repeat(128))).is_ok());
        let fault = parse(&("[".repeat(129) + &"]".repeat(129))).unwrap_err();
        assert_eq!((fault.reason, fault.line, fault.column), ("nested deeper than 128 levels", 1, 129));
    }

    #[test]
    fn brackets_in_strings_do_not_count_as_nesting() {
        assert!(parse(&format!("\"{}\\\"{}\"", "[".repeat(500), "{".repeat(500))).is_ok());
    }

    #[test]
    fn brackets_after_a_string_still_count_as_nesting() {
        let deep = format!(r#"["a\\", "\"[", {}{}]"#, "[".repeat(128), "]".repeat(128));
        assert_eq!(parse(&deep).unwrap_err().reason, "nested deeper than 128 levels");
        assert!(parse(&format!("[{}]", vec!["[]"; 500].join(","))).is_ok());
    }

    #[test]
    fn half_a_character_is_refused_and_a_whole_one_is_not() {
        for lone in [
            r#""\ud800""#,
            r#""\udc00""#,
            r#""\ud800x""#,
            r#""\ud800\n""#,
            r#""\ud800\ud800""#,
            r#"{"\ud800":1}"#,
            r#""\ud800 \udc00""#,
        ] {
            assert_eq!(parse(lone).unwrap_err().reason, "lone surrogate", "{lone}");
        }
        assert!(parse(r#""\ud83d\ude00 \u00e9 \\ud800""#).is_ok());
    }

    proptest! {
        /// Strings that pass are decoded later, which must not fail.
        #[test]
        fn a_string_passes_if_and_only_if_it_can_be_decoded(
            parts in vec(select(vec![r"\ud83d", r"\ude00", r"\u0041", r"\\", r#"\""#, r"\n", "[", "{", "u", "é"]), 0..8)
        ) {
            let text = format!("\"{}\"", parts.concat());
            prop_assert_eq!(parse(&text).is_ok(), serde_json::from_str::<String>(&text).is_ok(), "{}", text);
        }
    }

    #[test]
    fn a_person_learns_at_which_position_the_json_breaks() {
        let fault = parse("{\n  \"a\": nope\n}").unwrap_err();
        assert_eq!((fault.line, fault.reason), (2, "unexpected character"));
        assert_eq!(parse("{\"a\":").unwrap_err().reason, "unexpected end");
        assert!(parse("").is_err());
        assert!(parse("{} {}").is_err());
    }

    #[test]
    fn a_column_counts_characters_as_an_editor_does() {
        for (text, line, column) in [
            (r#"{"goal":"größer",}"#, 1, 18),
            ("{\n \"ö\": 1,\n \"日本語\": é}", 3, 9),
            (r#"["日本", "\ud800"]"#, 1, 9),
            ("[\n\"é\", {\"$serde_json::private::Number\": \"1\"}]", 2, 7),
            (&format!("[\"é\",{}", "[".repeat(128) + &"]".repeat(129)), 1, 133),
        ] {
            let fault = parse(text).unwrap_err();
            assert_eq!((fault.line, fault.column), (line, column), "{text}");
        }
    }

    #[test]
    fn a_byte_order_mark_before_the_text_is_skipped_and_counts_as_no_column() {
        assert_eq!(parse("\u{feff}{\"a\":1}").unwrap().get(), "{\"a\":1}");
        assert_eq!(parse("\u{feff}[,]").unwrap_err().column, 2);
        for elsewhere in ["\u{feff}\u{feff}{}", "{}\u{feff}", "[\u{feff}]"] {
            assert!(parse(elsewhere).is_err(), "{elsewhere:?}");
        }
    }

    #[test]
    fn a_key_that_would_turn_its_object_into_another_value_is_refused_however_it_is_spelt() {
        for key in [
            "$serde_json::private::Number",
            "$serde_json::private::RawValue",
            r"\u0024serde_json::private::Number",
            r"$serde\u005fjson::private::RawValue",
            r"\u0024\u0073erde_json\u003a:private::Number",
            "$serde_json::private::Later",
        ] {
            for text in [format!(r#"{{"{key}":"1"}}"#), format!("{{\"a\":[{{\"b\":2,\"{key}\" \n:\"1\"}}]}}")] {
                let fault = parse(&text).unwrap_err();
                assert_eq!(fault.reason, "a key that begins with $serde_json::private::", "{text}");
            }
        }
    }

    #[test]
    fn the_name_of_such_a_key_is_data_elsewhere() {
        for text in [
            r#"{"a":"$serde_json::private::Number","b":["$serde_json::private::RawValue"]}"#,
            r#"{"serde_json::private::Number":"$","$":"$serde_json","$serde_json":":"}"#,
            r#"["\"$serde_json::private::Number\":1", "\u0024serde_json::private::Number"]"#,
        ] {
            assert_eq!(parse(text).unwrap().get(), text);
        }
    }

    #[test]
    fn nesting_is_counted_for_a_part_as_for_the_whole() {
        for (text, levels) in [("7", 0), ("[]", 1), (r#"{"a":[{"$":"[[["}]}"#, 3)] {
            let raw = parse(text).unwrap();
            assert!(nests_within(raw, levels) && (levels == 0 || !nests_within(raw, levels - 1)), "{text}");
        }
    }
}
