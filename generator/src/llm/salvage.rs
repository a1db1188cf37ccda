//! The JSON object in what a model said: it may stand alone, in a fence, or amid prose.

use serde_json::{Deserializer, Value};

/// What opens and closes a fence.
const FENCE: &str = "```";

/// The JSON object that can be read: the whole text, else what stands in a fence, else what begins with the first brace,
/// whatever follows it. The whole comes first, for a fence may stand within a value of it.
pub(super) fn object(text: &str) -> Option<Value> {
    let braced = || text.get(text.find('{')?..);
    let first = |text: &str| Deserializer::from_str(text).into_iter::<Value>().next()?.ok();
    let read = |text: &str| serde_json::from_str(text.trim()).ok().filter(Value::is_object);
    read(text).or_else(|| fenced(text).and_then(read)).or_else(|| braced().and_then(first))
}

/// What stands in the first fence, without the name of its language; one that is never closed reaches to the end.
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
    fn an_answer_is_found_however_a_model_wraps_it() {
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
