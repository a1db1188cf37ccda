//! Digests of JSON: two texts have the same one if their values are the same.
//!
//! The text streams through the hash, and only objects are held: by key, each value as its own hash. So the cost is that of
//! reading the text once or twice and of sorting keys, and the memory that of the keys, however values are nested.

use std::{borrow::Cow, collections::BTreeMap, fmt};

use ring::digest::{self, Context, Digest, SHA256};
use serde::{
    Deserializer,
    de::{DeserializeSeed, MapAccess, SeqAccess, Visitor},
};

use super::{check::without_mark, walk::each_entry};

/// serde_json hands a number that is not an integer of 64 bits over as an object with this one key. An object in a request
/// cannot have it: it is refused.
const NUMBER: &str = "$serde_json::private::Number";

/// SHA-256: nobody can find two values with the same one.
type Hash = [u8; 32];

/// The SHA-256 of `label` and of the values of `body`, checked to be a JSON object, in hexadecimal. Ignores the order of
/// keys, white space, escapes and nulls. The text of a number counts; of a repeated key, the last value does.
#[must_use]
pub fn digest(label: &str, body: &str) -> String {
    let mut hash = Context::new(&SHA256);
    text(&mut hash, label);
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
    hex(hash.finish())
}

/// The SHA-256 of bytes, in hexadecimal.
#[must_use]
pub fn hash_of(bytes: &[u8]) -> String {
    hex(digest::digest(&SHA256, bytes))
}

fn hex(hash: Digest) -> String {
    hash.as_ref().iter().map(|byte| format!("{byte:02x}")).collect()
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
