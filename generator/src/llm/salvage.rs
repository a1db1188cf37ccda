//! Finds the JSON object in an answer: alone, in a code fence, or in prose.

use serde_json::{Deserializer, Value, value::RawValue};
use shared::json;

/// In bytes. A tree takes many times its text, and no plan is that long.
const LONGEST: usize = 1024 * 1024;

const FENCE: &str = "```";

/// Tries the whole text, then the first fence, then the text from the first brace on. The whole text comes first because
/// a value in it may contain a fence.
pub(super) fn object<'a>(text: &'a str) -> Option<Value> {
    let braced = || text.get(text.find('{')?..);
    let first = |text: &'a str| Deserializer::from_str(text).into_iter::<&RawValue>().next()?.ok().and_then(tree);
    let read = |text: &'a str| json::parse(text.trim()).ok().and_then(tree);
    read(text).or_else(|| fenced(text).and_then(read)).or_else(|| braced().and_then(first))
}

fn tree(raw: &RawValue) -> Option<Value> {
    let raw = json::parse(raw.get()).ok().filter(|raw| json::is_object(raw) && raw.get().len() <= LONGEST)?;
    serde_json::from_str(raw.get()).ok()
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

    use super::{LONGEST, object};

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

    #[test]
    fn a_key_that_serde_json_would_interpret_is_refused_wherever_the_object_is_found() {
        let answer = r#"{"value":{"\u0024serde_json::private::RawValue":"[1]"}}"#;
        for text in [answer.to_owned(), format!("```json\n{answer}\n```"), format!("Sure! {answer} Anything else?")] {
            assert_eq!(object(&text), None, "{text}");
        }
    }

    #[test]
    fn an_answer_of_more_than_a_mebibyte_does_not_fill_the_memory() {
        let of = |length: usize| format!(r#"{{"a":"{}"}}"#, "x".repeat(length - 8));
        assert!(object(&of(LONGEST)).is_some());
        assert_eq!(object(&of(LONGEST + 1)), None);
    }
}
