//! Whether a text is JSON, whole.

use serde_json::value::RawValue;

/// Deeper nesting than this is not accepted as JSON (CONTRACT 5.3).
pub const MAX_DEPTH: usize = 128;

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

/// What serde_json does not look at when it only skips over a value: nesting and surrogates. One pass, no allocation.
fn check(text: &str) -> Result<(), NotJson> {
    let fault = |reason, at: usize| {
        let before = text.get(..at).unwrap_or(text);
        let line_start = before.rfind('\n').map_or(0, |newline| newline + 1);
        NotJson { reason, line: before.matches('\n').count() + 1, column: at - line_start + 1 }
    };
    let mut bytes = text.bytes().enumerate();
    let (mut depth, mut in_string) = (0_usize, false);
    // Where a high surrogate stands that the very next escape has to complete.
    let mut high: Option<usize> = None;
    while let Some((at, byte)) = bytes.next() {
        if in_string && byte == b'\\' {
            let escape = bytes.next().map(|(_, escape)| escape);
            let unit = (escape == Some(b'u')).then(|| {
                bytes
                    .by_ref()
                    .take(4)
                    .fold(0_u32, |unit, (_, digit)| unit * 16 + char::from(digit).to_digit(16).unwrap_or_default())
            });
            high = match (high, unit) {
                (None, Some(0xD800..=0xDBFF)) => Some(at),
                (Some(_), Some(0xDC00..=0xDFFF)) => None,
                (None, Some(0xDC00..=0xDFFF)) => return Err(fault("lone surrogate", at)),
                (Some(start), _) => return Err(fault("lone surrogate", start)),
                (None, _) => None,
            };
            continue;
        }
        if let Some(start) = high {
            return Err(fault("lone surrogate", start));
        }
        match byte {
            b'"' => in_string = !in_string,
            b'{' | b'[' if !in_string => {
                depth += 1;
                if depth > MAX_DEPTH {
                    return Err(fault("nested deeper than 128 levels", at));
                }
            }
            b'}' | b']' if !in_string => depth = depth.saturating_sub(1),
            _ => {}
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
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
    fn half_a_character_is_refused_and_a_whole_one_is_not() {
        for lone in
            [r#""\ud800""#, r#""\udc00""#, r#""\ud800x""#, r#""\ud800\n""#, r#""\ud800\ud800""#, r#"{"\ud800":1}"#]
        {
            assert_eq!(parse(lone).unwrap_err().reason, "lone surrogate", "{lone}");
        }
        assert!(parse(r#""\ud83d\ude00 \u00e9 \\ud800""#).is_ok());
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
