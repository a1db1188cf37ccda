//! Fingerprints of requests: two requests are the same if their JSON values are.

use shared::json::digest;

use crate::record::{Fingerprint, Tool};

impl Fingerprint {
    /// `body` is the text of a request, checked to be a JSON object: see [`digest`].
    #[must_use]
    pub fn from_request(tool: Tool, body: &str) -> Self {
        Self(digest(tool.name(), body))
    }
}

#[cfg(test)]
mod tests {
    use shared::json::Object;

    use super::*;

    fn fingerprint(body: &str) -> Fingerprint {
        assert!(Object::parse(body).is_ok(), "{body}");
        Fingerprint::from_request(Tool::GenerateAgent, body)
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
            r#"{"a":[[],[]]}"#,
            r#"{"a":[[[]]]}"#,
            r#"{"a":[{}]}"#,
            r#"{"a":{}}"#,
            r#"{"a":{"a":{}}}"#,
            r#"{"a":"$serde_json::private::Number"}"#,
            r#"{"a":1e1}"#,
            r#"{"a":10}"#,
            r#"{"a":12345678901234567890123}"#,
            r#"{"a":12345678901234567890124}"#,
            r#"{"a":[true]}"#,
            r#"{"a":false}"#,
            r#"{"a":{"b":1}}"#,
            r#"{"b":1}"#,
            r#"{"ab":"c"}"#,
            r#"{"a":"bc"}"#,
            "{}",
        ];
        let fingerprints: std::collections::HashSet<_> = bodies.iter().map(|body| fingerprint(body).0).collect();
        assert_eq!(fingerprints.len(), bodies.len());
        assert_ne!(
            Fingerprint::from_request(Tool::GenerateAgent, "{}"),
            Fingerprint::from_request(Tool::PatchAgent, "{}")
        );
    }

    #[test]
    fn a_repeated_key_counts_as_its_last_value_at_every_depth() {
        let body = r#"{"a":{"x":1,"y":[{"z":2}]}}"#;
        for same in [
            r#"{"a":7,"a":{"x":0,"x":1,"y":[{"z":null,"z":3,"z":2}],"n":5,"n":null}}"#,
            "\u{feff}{\"\\u0061\":{\"\\u0078\":1,\"y\":[{\"z\":2}]},\"b\":1,\"b\":null}",
        ] {
            assert_eq!(fingerprint(body), fingerprint(same), "{same}");
        }
        assert_ne!(fingerprint(body), fingerprint(r#"{"a":{"x":1,"x":null,"y":[{"z":2}]}}"#));
    }

    /// Comparing every key with every other would take minutes.
    #[test]
    fn a_request_of_a_hundred_thousand_keys_is_compared_in_a_moment() {
        let keys = |order: &mut dyn Iterator<Item = u32>| {
            let keys: Vec<_> = order.map(|key| format!("\"{key}\":0")).collect();
            format!("{{{}}}", keys.join(","))
        };
        assert_eq!(fingerprint(&keys(&mut (0..100_000))), fingerprint(&keys(&mut (0..100_000).rev())));
    }

    #[test]
    fn a_request_of_the_deepest_nesting_is_told_from_another() {
        let deep = |inner: &str| format!("{{\"a\":{}{inner}{}}}", "[".repeat(127), "]".repeat(127));
        assert_ne!(fingerprint(&deep("1")), fingerprint(&deep("2")));
        assert_eq!(fingerprint(&deep("1")), fingerprint(&deep(" 1 ")));
    }
}
