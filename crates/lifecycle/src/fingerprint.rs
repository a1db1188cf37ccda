//! Whether two requests ask for the same.

use ring::digest::{Context, SHA256};
use serde_json::{Value, value::RawValue};
use shared::json::Object;

use super::record::{Fingerprint, Tool};

impl Fingerprint {
    /// The fingerprint of a request. The order of keys, white space, how a character is escaped and a null do not count;
    /// the text of a number does, and of a key given twice the last.
    #[must_use]
    pub fn of(tool: Tool, body: &Object<'_>) -> Self {
        let mut hash = Context::new(&SHA256);
        text(&mut hash, tool.name());
        let mut keys: Vec<_> = body.entries().map(|(key, _)| key).collect();
        keys.sort_unstable();
        keys.dedup();
        for key in keys {
            let Some(raw) = body.get(key) else { continue };
            text(&mut hash, key);
            field(&mut hash, raw);
        }
        Self(hash.finish().as_ref().iter().map(|byte| format!("{byte:02x}")).collect())
    }
}

fn field(hash: &mut Context, raw: &RawValue) {
    // A body is checked JSON by now, and one level below its 128 the reader can still go.
    match serde_json::from_str(raw.get()) {
        Ok(parsed) => value(hash, &parsed),
        Err(_) => text(hash, raw.get()),
    }
}

/// Every value begins with its kind and its length, so that no two are written alike.
fn value(hash: &mut Context, it: &Value) {
    match it {
        Value::Null => hash.update(b"0"),
        Value::Bool(flag) => hash.update(if *flag { b"t" } else { b"f" }),
        Value::Number(number) => {
            hash.update(b"n");
            text(hash, &number.to_string());
        }
        Value::String(content) => text(hash, content),
        Value::Array(elements) => {
            hash.update(b"[");
            length(hash, elements.len());
            elements.iter().for_each(|element| value(hash, element));
        }
        Value::Object(object) => {
            let mut entries: Vec<_> = object.iter().filter(|(_, value)| !value.is_null()).collect();
            entries.sort_unstable_by_key(|(key, _)| *key);
            hash.update(b"{");
            length(hash, entries.len());
            for (key, inner) in entries {
                text(hash, key);
                value(hash, inner);
            }
        }
    }
}

fn text(hash: &mut Context, text: &str) {
    hash.update(b"s");
    length(hash, text.len());
    hash.update(text.as_bytes());
}

fn length(hash: &mut Context, length: usize) {
    hash.update(&(length as u64).to_be_bytes());
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(body: &str) -> Fingerprint {
        Fingerprint::of(Tool::GenerateAgent, &Object::parse(body).unwrap())
    }

    #[test]
    fn a_repeat_that_another_library_has_written_is_the_same_request() {
        let body = r#"{"description":"a/ü","instructions":{"b":[1,{"y":2,"x":3}],"a":1.50},"context":null}"#;
        for same in [
            r#"{ "instructions": {"a": 1.50, "b": [1, {"x": 3, "y": 2, "z": null}]}, "description": "a\/\u00fc" }"#,
            r#"{"description":"old","description":"a/ü","instructions":{"b":[1,{"y":2,"x":3}],"a":1.50}}"#,
        ] {
            assert_eq!(of(body), of(same), "{same}");
        }
        assert_eq!(of(body).0.len(), 64);
    }

    #[test]
    fn a_request_for_something_else_is_another() {
        let bodies = [
            r#"{"a":"1"}"#,
            r#"{"a":1}"#,
            r#"{"a":1.0}"#,
            r#"{"a":true}"#,
            r#"{"a":[1]}"#,
            r#"{"a":[[1]]}"#,
            r#"{"a":[1,null]}"#,
            r#"{"a":{"b":1}}"#,
            r#"{"b":1}"#,
            r#"{"ab":"c"}"#,
            r#"{"a":"bc"}"#,
            "{}",
        ];
        let fingerprints: std::collections::HashSet<_> = bodies.iter().map(|body| of(body).0).collect();
        assert_eq!(fingerprints.len(), bodies.len());
        let empty = Object::default();
        assert_ne!(Fingerprint::of(Tool::GenerateAgent, &empty), Fingerprint::of(Tool::PatchAgent, &empty));
    }

    #[test]
    fn a_request_as_deep_as_can_be_has_a_fingerprint_of_its_own() {
        let deep = |inner: &str| format!("{{\"a\":{}{inner}{}}}", "[".repeat(127), "]".repeat(127));
        assert_ne!(of(&deep("1")), of(&deep("2")));
        assert_eq!(of(&deep("1")), of(&deep(" 1 ")));
    }
}
