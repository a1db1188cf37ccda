//! Checks that a whole text is JSON.

use memchr::memchr2;
use serde_json::value::RawValue;

/// Deepest accepted nesting (CONTRACT 5.3).
pub const MAX_DEPTH: usize = 128;
/// Bytes of an escaped UTF-16 unit: `\u` and four digits.
const UNIT: usize = 6;

/// Why a text is not JSON, and at which position (counted from 1). Quotes nothing of the text.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{reason} at line {line}, column {column}")]
pub struct NotJson {
    pub reason: &'static str,
    pub line: usize,
    /// In bytes.
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

/// Checks the whole text: grammar, nesting and surrogate pairs.
pub fn parse(text: &str) -> Result<&RawValue, NotJson> {
    let raw = serde_json::from_str::<&RawValue>(text).map_err(|error| NotJson {
        reason: match error.classify() {
            serde_json::error::Category::Eof => "unexpected end",
            _ => "unexpected character",
        },
        line: error.line(),
        column: error.column(),
    })?;
    check(text)?;
    Ok(raw)
}

/// Checks what serde_json ignores when it skips a value: nesting and surrogate pairs. Allocates only on failure.
pub(super) fn check(text: &str) -> Result<(), NotJson> {
    let bytes = text.as_bytes();
    // Fast path for nearly every text, many bytes at a time: too few brackets to nest too deeply, and no `\u` escape.
    if bytes.iter().filter(|byte| matches!(byte, b'{' | b'[')).count() <= MAX_DEPTH && !text.contains("\\u") {
        return Ok(());
    }
    let (mut depth, mut at) = (0_usize, 0);
    while let Some(byte) = bytes.get(at) {
        at += 1;
        match byte {
            b'"' => at = end_of_string(bytes, at).map_err(|lone| fault(text, "lone surrogate", lone))?,
            b'{' | b'[' => depth += 1,
            b'}' | b']' => depth = depth.saturating_sub(1),
            _ => {}
        }
        if depth > MAX_DEPTH {
            return Err(fault(text, "nested deeper than 128 levels", at - 1));
        }
    }
    Ok(())
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
    NotJson { reason, line: before.matches('\n').count() + 1, column: at - line_start + 1 }
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
}
