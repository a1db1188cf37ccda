//! Whether a text is JSON, whole.

use memchr::memchr2;
use serde_json::value::RawValue;

/// Deeper nesting than this is not accepted as JSON (CONTRACT 5.3).
pub const MAX_DEPTH: usize = 128;
/// The bytes of an escaped UTF-16 unit: `\u` and four digits.
const UNIT: usize = 6;

/// Why a text is not JSON, and where (both counted from 1).
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{reason} at line {line}, column {column}")]
pub struct NotJson {
    /// What was found, without any of the text.
    pub reason: &'static str,
    /// The line.
    pub line: usize,
    /// The byte within the line.
    pub column: usize,
}

/// Why a text is no JSON object.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NotAnObject {
    /// It is no JSON.
    #[error(transparent)]
    NotJson(#[from] NotJson),
    /// It is JSON of this kind.
    #[error("{0} instead of an object")]
    Other(&'static str),
}

/// A JSON text of any kind, checked whole: the grammar, the nesting, and that every surrogate has its other half.
///
/// # Errors
/// What is wrong with the text, and where.
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

/// What serde_json does not look at when it only skips over a value: nesting and surrogates. No allocation.
pub(super) fn check(text: &str) -> Result<(), NotJson> {
    let bytes = text.as_bytes();
    // Nearly every text: too few brackets to be nested too deeply, and no escape that could be half a character. The processor
    // looks at many bytes at once here; below, at one.
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

/// Where the string ends whose content begins at `start`; the error is where half a character stands.
fn end_of_string(text: &[u8], start: usize) -> Result<usize, usize> {
    let mut at = start;
    // Where a high surrogate stands that the very next escape has to complete.
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

/// The UTF-16 unit that `text` begins with as an escape, if it does.
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
    fn what_stands_behind_a_string_still_counts_as_nesting() {
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
        /// What is let through here is read as text further on, and has to be text there.
        #[test]
        fn a_string_is_let_through_where_it_can_be_read(
            parts in vec(select(vec![r"\ud83d", r"\ude00", r"\u0041", r"\\", r#"\""#, r"\n", "[", "{", "u", "é"]), 0..8)
        ) {
            let text = format!("\"{}\"", parts.concat());
            prop_assert_eq!(parse(&text).is_ok(), serde_json::from_str::<String>(&text).is_ok(), "{}", text);
        }
    }

    #[test]
    fn a_person_learns_where_the_json_breaks() {
        let fault = parse("{\n  \"a\": nope\n}").unwrap_err();
        assert_eq!((fault.line, fault.reason), (2, "unexpected character"));
        assert_eq!(parse("{\"a\":").unwrap_err().reason, "unexpected end");
        assert!(parse("").is_err());
        assert!(parse("{} {}").is_err());
    }
}
