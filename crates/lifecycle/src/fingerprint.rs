//! Fingerprints of requests: two requests are the same if their JSON values are.

use ring::digest::{Context, SHA256};
use serde_json::{Value, value::RawValue};
use shared::json::Object;

use crate::record::{Fingerprint, Tool};

impl Fingerprint {
    /// Ignores the order of keys, white space, escapes and nulls. The text of a number counts; of a repeated key, the
    /// last value does.
    #[must_use]
    pub fn from_request(tool: Tool, body: &Object<'_>) -> Self {
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
    // `Object` has checked the JSON, at most 128 levels deep. This value is one level down, so it parses.
    match serde_json::from_str(raw.get()) {
        Ok(parsed) => value(hash, &parsed),
        Err(_) => text(hash, raw.get()),
    }
}

/// Hashes the kind and the length of each value first, so that different values never hash the same bytes.
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

    fn fingerprint(body: &str) -> Fingerprint {
        Fingerprint::from_request(Tool::GenerateAgent, &Object::parse(body).unwrap())
    }

    #[test]
    fn a_repeat_serialised_by_another_library_is_the_same_request() {
        let body = r#"{"description":"a/ü","instructions":{"b":[1,{"y":2,"x":3}],"a":1.50},"context":null}"#;
        for same in [
            r#"{ "instructions": {"a": 1.50, "b": [1, {"x": 3, "y": 2, "z": null}]}, "description": "a\/\u00fc" }"#,
            r#"{"description":"old","description":"a/ü","instructions":{"b":[1,{"y":2,"x":3}],"a":1.50}}"#,
        ] {
            assert_eq!(fingerprint(body), fingerprint(same), "{same}");
        }
        assert_eq!(fingerprint(body).0.len(), 64);
    }

    #[test]
    fn a_request_with_other_values_has_another_fingerprint() {
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
        let fingerprints: std::collections::HashSet<_> = bodies.iter().map(|body| fingerprint(body).0).collect();
        assert_eq!(fingerprints.len(), bodies.len());
        let empty = Object::default();
        assert_ne!(
            Fingerprint::from_request(Tool::GenerateAgent, &empty),
            Fingerprint::from_request(Tool::PatchAgent, &empty)
        );
    }

    #[test]
    fn a_request_of_the_deepest_nesting_is_told_from_another() {
        let deep = |inner: &str| format!("{{\"a\":{}{inner}{}}}", "[".repeat(127), "]".repeat(127));
        assert_ne!(fingerprint(&deep("1")), fingerprint(&deep("2")));
        assert_eq!(fingerprint(&deep("1")), fingerprint(&deep(" 1 ")));
    }
}
