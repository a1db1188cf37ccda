//! Finds the JSON object in an answer: alone, in a code fence, or in prose.

use serde_json::{Deserializer, Value};

const FENCE: &str = "```";

/// Tries the whole text, then the first fence, then the text from the first brace on. The whole text comes first because
/// a value in it may contain a fence.
pub(super) fn object(text: &str) -> Option<Value> {
    let braced = || text.get(text.find('{')?..);
    let first = |text: &str| Deserializer::from_str(text).into_iter::<Value>().next()?.ok();
    let read = |text: &str| serde_json::from_str(text.trim()).ok().filter(Value::is_object);
    read(text).or_else(|| fenced(text).and_then(read)).or_else(|| braced().and_then(first))
}

/// The content of the first fence, without its language. An unclosed fence ends with the text.
fn fenced(text: &str) -> Option<&str> {
    let (_, after) = text.split_once(FENCE)?;
    let inner = after.trim_start_matches(|c: char| c.is_alphanumeric());
    Some(inner.split_once(FENCE).map_or(inner, |(inner, _)| inner))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::object;

    #[test]
    fn an_answer_is_found_in_a_fence_and_in_prose() {
        for text in [
            r#"{"a":{"b":1}}"#,
            " \n{\"a\":{\"b\":1}}\n",
            "```json\n{\"a\":{\"b\":1}}\n```",
            "Here it is:\n```\n{\"a\":{\"b\":1}}\n```\nEnjoy {it}!",
            "Sure! {\"a\":{\"b\":1}} Anything else?",
            "{\"a\":{\"b\":1}}, in short {a}",
            "```json\n{\"a\":{\"b\":1}}",
        ] {
            assert_eq!(object(text), Some(json!({"a": {"b": 1}})), "{text}");
        }
        let code = json!({"format": "```\n{\"not\": \"this\"}\n```"});
        assert_eq!(object(&code.to_string()), Some(code));
        for text in ["", "no", "[1]", "{", "}{", "```json\n```"] {
            assert_eq!(object(text), None, "{text}");
        }
    }
}
