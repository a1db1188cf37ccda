//! Fingerprints of requests: two requests are the same if their JSON values are.
//!
//! The text streams through the hash, and only objects are held: by key, each value as its own hash. So the cost is that of
//! reading the text once or twice and of sorting keys, and the memory that of the keys, however values are nested.

use std::{borrow::Cow, collections::BTreeMap, fmt};

use ring::digest::{Context, SHA256};
use serde::{
    Deserializer,
    de::{DeserializeSeed, MapAccess, SeqAccess, Visitor},
};
use shared::json::{each_entry, without_mark};

use crate::record::{Fingerprint, Tool};

/// serde_json hands a number that is not an integer of 64 bits over as an object with this one key. An object in a request
/// cannot have it: it is refused.
const NUMBER: &str = "$serde_json::private::Number";

/// SHA-256: nobody can find two values with the same one.
type Hash = [u8; 32];

impl Fingerprint {
    /// `body` is the text of a request, checked to be a JSON object. Ignores the order of keys, white space, escapes and
    /// nulls. The text of a number counts; of a repeated key, the last value does.
    #[must_use]
    pub fn from_request(tool: Tool, body: &str) -> Self {
        let mut hash = Context::new(&SHA256);
        text(&mut hash, tool.name());
        // The values of the body are parsed one by one, because serde_json reads a level less than a request may have.
        let mut entries = BTreeMap::new();
        let read = each_entry(without_mark(body), |key, value| {
            put(&mut entries, key, hashed(&mut serde_json::Deserializer::from_str(value.get()))?);
            Ok(())
        });
        match read {
            Ok(()) => object(&mut hash, &entries),
            Err(_) => text(&mut hash, body),
        }
        Self(hash.finish().as_ref().iter().map(|byte| format!("{byte:02x}")).collect())
    }
}

/// The hash of one value; `None` for null.
fn hashed<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Hash>, D::Error> {
    let mut hash = Context::new(&SHA256);
    let is_null = Update(&mut hash).deserialize(deserializer)?;
    Ok(hash.finish().as_ref().try_into().ok().filter(|_| !is_null))
}

fn put<'a>(entries: &mut BTreeMap<Cow<'a, str>, Hash>, key: Cow<'a, str>, value: Option<Hash>) {
    match value {
        Some(hash) => drop(entries.insert(key, hash)),
        None => drop(entries.remove(&key)),
    }
}

/// Adds a value to a hash, and returns whether it is null. Every value begins with its kind and shows its end, so that
/// different values never hash the same bytes.
struct Update<'h>(&'h mut Context);

impl<'de> DeserializeSeed<'de> for Update<'_> {
    type Value = bool;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<bool, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Update<'_> {
    type Value = bool;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a JSON value")
    }

    fn visit_unit<E>(self) -> Result<bool, E> {
        self.0.update(b"0");
        Ok(true)
    }

    fn visit_bool<E>(self, flag: bool) -> Result<bool, E> {
        self.0.update(if flag { b"t" } else { b"f" });
        Ok(false)
    }

    fn visit_u64<E>(self, integer: u64) -> Result<bool, E> {
        number(self.0, &integer.to_string());
        Ok(false)
    }

    fn visit_i64<E>(self, integer: i64) -> Result<bool, E> {
        number(self.0, &integer.to_string());
        Ok(false)
    }

    fn visit_str<E>(self, content: &str) -> Result<bool, E> {
        text(self.0, content);
        Ok(false)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut elements: A) -> Result<bool, A::Error> {
        self.0.update(b"[");
        while elements.next_element_seed(Update(self.0))?.is_some() {}
        self.0.update(b"]");
        Ok(false)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<bool, A::Error> {
        let mut entries = BTreeMap::new();
        while let Some(Key(key)) = map.next_key::<Key<'de>>()? {
            if key == NUMBER {
                number(self.0, &map.next_value::<String>()?);
                return Ok(false);
            }
            put(&mut entries, key, map.next_value_seed(Hashed)?);
        }
        object(self.0, &entries);
        Ok(false)
    }
}

/// [`hashed`] as a seed.
struct Hashed;

impl<'de> DeserializeSeed<'de> for Hashed {
    type Value = Option<Hash>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Option<Hash>, D::Error> {
        hashed(deserializer)
    }
}

/// Borrowed unless it has escapes.
#[derive(serde::Deserialize)]
#[serde(transparent)]
struct Key<'a>(#[serde(borrow)] Cow<'a, str>);

fn object(hash: &mut Context, entries: &BTreeMap<Cow<'_, str>, Hash>) {
    hash.update(b"{");
    length(hash, entries.len());
    for (key, value) in entries {
        text(hash, key);
        hash.update(value);
    }
}

fn number(hash: &mut Context, spelt: &str) {
    hash.update(b"n");
    text(hash, spelt);
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
