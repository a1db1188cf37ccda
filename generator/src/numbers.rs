//! Restores the spelling of numbers: a parsed JSON tree keeps all digits, but writes the exponent `2e5` as `2e+5`.

use std::collections::{HashMap, VecDeque};

use serde_json::{Value, json};

/// A number as people write it: 100, not 100.0.
#[expect(clippy::cast_possible_truncation, reason = "only a whole number that an integer holds is turned into one")]
pub(crate) fn plain(number: f64) -> Value {
    if number.fract() == 0.0 && number.abs() < 1e15 { json!(number as i64) } else { json!(number) }
}

/// How the numbers of a text are spelt.
pub(crate) struct Spellings<'t>(HashMap<String, VecDeque<&'t str>>);

impl<'t> Spellings<'t> {
    /// `None` if `serde_json` writes every number of `original` as it is.
    pub(crate) fn of(original: &'t str) -> Option<Self> {
        let mut spellings: HashMap<String, VecDeque<&str>> = HashMap::new();
        let mut differ = false;
        for (start, end) in exponents(original) {
            let Some(number) = original.get(start..end) else { continue };
            let normal = normal(number);
            differ |= normal != number;
            spellings.entry(normal).or_default().push_back(number);
        }
        differ.then_some(Self(spellings))
    }

    /// Gives the numbers of `text` the spelling that they had.
    pub(crate) fn restored(mut self, text: &str) -> String {
        let mut out = String::with_capacity(text.len());
        let mut at = 0;
        for (start, end) in exponents(text) {
            let number = text.get(start..end).unwrap_or_default();
            // A number may be spelt in two ways: untouched numbers are in the same order on both sides.
            if let Some(spelling) = self.0.get_mut(number).and_then(VecDeque::pop_front) {
                out.push_str(text.get(at..start).unwrap_or_default());
                out.push_str(spelling);
                at = end;
            }
        }
        out.push_str(text.get(at..).unwrap_or_default());
        out
    }
}

/// A number as `serde_json` writes it.
fn normal(number: &str) -> String {
    let Some((digits, exponent)) = number.split_once(['e', 'E']) else { return number.to_owned() };
    let sign = if exponent.starts_with(['+', '-']) { "" } else { "+" };
    format!("{digits}e{sign}{exponent}")
}

/// The byte ranges of numbers with an exponent, outside of strings.
fn exponents(text: &str) -> Vec<(usize, usize)> {
    let mut found = Vec::new();
    let mut quoted = false;
    let mut escaped = false;
    let mut start: Option<usize> = None;
    let mut exponent = false;
    for (at, byte) in text.bytes().enumerate() {
        if quoted {
            match byte {
                _ if escaped => escaped = false,
                b'\\' => escaped = true,
                b'"' => quoted = false,
                _ => {}
            }
            continue;
        }
        match byte {
            b'0'..=b'9' | b'-' => start = start.or(Some(at)),
            b'e' | b'E' if start.is_some() => exponent = true,
            b'+' | b'.' if start.is_some() => {}
            _ => {
                found.extend(start.take().filter(|_| exponent).map(|start| (start, at)));
                exponent = false;
                quoted = byte == b'"';
            }
        }
    }
    found.extend(start.filter(|_| exponent).map(|start| (start, text.len())));
    found
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::Spellings;

    #[test]
    fn a_number_keeps_its_spelling() {
        for text in [r#"[1e5,2E-7,3.0,{"a":"1e5","b":1E+400,"c\"2e5":[2e5,2e+5]}]"#, "1e9", "true", r#"{"e":-1.50e10}"#]
        {
            let tree: Value = serde_json::from_str(text).unwrap();
            let written = tree.to_string();
            let restored =
                Spellings::of(text).map_or_else(|| written.clone(), |spellings| spellings.restored(&written));
            assert_eq!(restored, text);
        }
    }
}
