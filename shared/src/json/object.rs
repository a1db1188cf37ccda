//! A JSON object, parsed one level deep.

use std::borrow::Cow;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error as _, ser::SerializeMap};
use serde_json::value::RawValue;

use super::{
    check::{NotAnObject, check, parse, without_mark},
    value::{is_null, is_object, kind, string, text, to_raw},
    walk::{Entries, each_entry},
};

/// Keys in their order, values as text. Of duplicate keys the last counts.
///
/// An entry takes 40 bytes, eight times its text at worst. So an object from outside that may be long is parsed with the
/// keys that matter: [`Self::parse_keys`].
#[derive(Debug, Clone, Default)]
pub struct Object<'a> {
    entries: Vec<(Cow<'a, str>, &'a RawValue)>,
    /// The keys that were kept; `None`: all.
    kept: Option<&'static [&'static str]>,
}

impl<'a> Object<'a> {
    /// Checks the whole text, in fewer passes than [`parse`] followed by [`Self::of`].
    pub fn parse(text: &'a str) -> Result<Self, NotAnObject> {
        Self::checked(without_mark(text), None)
    }

    /// Like [`Self::parse`], but keeps only `keys`. Ask it for no others.
    pub fn parse_keys(text: &'a str, keys: &'static [&'static str]) -> Result<Self, NotAnObject> {
        Self::checked(without_mark(text), Some(keys))
    }

    /// `None` if `raw` is not an object.
    #[must_use]
    pub fn of(raw: &'a RawValue) -> Option<Self> {
        is_object(raw).then(|| Self::read(raw.get(), None).ok()).flatten()
    }

    /// Like [`Self::of`], but keeps only `keys`. Ask it for no others.
    #[must_use]
    pub fn of_keys(raw: &'a RawValue, keys: &'static [&'static str]) -> Option<Self> {
        is_object(raw).then(|| Self::read(raw.get(), Some(keys)).ok()).flatten()
    }

    fn checked(text: &'a str, kept: Option<&'static [&'static str]>) -> Result<Self, NotAnObject> {
        match Self::read(text, kept) {
            Ok(object) => check(text).map(|()| object).map_err(NotAnObject::NotJson),
            // Parse once more to find the reason.
            Err(_) => Err(NotAnObject::Other(kind(parse(text)?))),
        }
    }

    fn read(text: &'a str, kept: Option<&'static [&'static str]>) -> Result<Self, serde_json::Error> {
        let mut object = Self { entries: Vec::new(), kept };
        each_entry(text, |key, value| {
            object.keep(key, value);
            Ok(())
        })?;
        Ok(object)
    }

    fn keep(&mut self, key: Cow<'a, str>, value: &'a RawValue) {
        match self.kept {
            None => self.entries.push((key, value)),
            Some(keys) if keys.contains(&&*key) => match self.entries.iter_mut().find(|(name, _)| *name == key) {
                Some((_, earlier)) => *earlier = value,
                None => self.entries.push((key, value)),
            },
            Some(_) => {}
        }
    }

    /// Null counts as absent.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<&'a RawValue> {
        self.last(key).filter(|value| !is_null(value))
    }

    /// Whether `key` is present, even if null.
    #[must_use]
    pub fn has(&self, key: &str) -> bool {
        self.last(key).is_some()
    }

    fn last(&self, key: &str) -> Option<&'a RawValue> {
        debug_assert!(self.kept.is_none_or(|kept| kept.contains(&key)), "{key} was not kept");
        self.entries.iter().rev().find(|(name, _)| name == key).map(|(_, value)| *value)
    }

    /// `None` if absent or not a string.
    #[must_use]
    pub fn string(&self, key: &str) -> Option<Cow<'a, str>> {
        self.get(key).and_then(string)
    }

    /// A string's content, or the JSON text of any other value.
    #[must_use]
    pub fn text(&self, key: &str) -> Option<Cow<'a, str>> {
        self.get(key).map(text)
    }

    /// In order, nulls included.
    pub fn entries(&self) -> impl Iterator<Item = (&str, &'a RawValue)> {
        self.entries.iter().map(|(key, value)| (&**key, *value))
    }
}

/// Sets each key of `defaults` that is absent or null. Writes a long object entry by entry.
pub fn with_defaults(
    object: Box<RawValue>,
    defaults: &[(&str, Box<RawValue>)],
) -> Result<Box<RawValue>, serde_json::Error> {
    // For each default, the place of the last entry with its key, and whether that is null.
    let mut places: Vec<Option<(usize, bool)>> = vec![None; defaults.len()];
    let mut at = 0;
    each_entry(object.get(), |key, value| {
        let place = defaults.iter().zip(&mut places).find(|((name, _), _)| key == *name);
        if let Some((_, place)) = place {
            *place = Some((at, is_null(value)));
        }
        at += 1;
        Ok(())
    })?;
    if places.iter().all(|place| matches!(place, Some((_, false)))) {
        return Ok(object);
    }
    to_raw(&Completed { object: object.get(), defaults, places: &places })
}

struct Completed<'a> {
    object: &'a str,
    defaults: &'a [(&'a str, Box<RawValue>)],
    places: &'a [Option<(usize, bool)>],
}

impl Serialize for Completed<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let set = || self.defaults.iter().zip(self.places);
        let mut map = serializer.serialize_map(None)?;
        let mut at = 0;
        each_entry(self.object, |key, value| {
            let default = set().find(|(_, place)| **place == Some((at, true)));
            at += 1;
            let value = default.map_or(value, |((_, default), _)| default);
            map.serialize_entry(&key, value).map_err(serde_json::Error::custom)
        })
        .map_err(serde::ser::Error::custom)?;
        for ((key, default), _) in set().filter(|(_, place)| place.is_none()) {
            map.serialize_entry(key, default)?;
        }
        map.end()
    }
}

impl<'de: 'a, 'a> Deserialize<'de> for Object<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let mut object = Object::default();
        deserializer.deserialize_map(Entries(|key, value| {
            object.keep(key, value);
            Ok(())
        }))?;
        Ok(object)
    }
}

impl Serialize for Object<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.entries.len()))?;
        for (key, value) in &self.entries {
            map.serialize_entry(key, value)?;
        }
        map.end()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::json::parse;

    fn raw(text: &str) -> &RawValue {
        parse(text).unwrap()
    }

    #[test]
    fn keys_keep_their_order_and_numbers_their_text() {
        let text = r#"{"b":1.0,"a":1e5,"c":12345678901234567890123,"d":1e999}"#;
        assert_eq!(serde_json::to_string(&Object::of(raw(text)).unwrap()).unwrap(), text);
    }

    #[test]
    fn a_person_learns_why_a_text_is_not_an_object() {
        assert_eq!(Object::parse("[1]").unwrap_err(), NotAnObject::Other("an array"));
        assert_eq!(Object::parse(" {} ").unwrap().entries().count(), 0);
        for text in
            ["{", "{} {}", "", r#"{"a":"\ud800"}"#, r#"{"\ud800":1}"#, &format!(r#"{{"a":{}}}"#, "[".repeat(200))]
        {
            assert_eq!(Object::parse(text).unwrap_err(), parse(text).unwrap_err().into(), "{text}");
        }
    }

    #[test]
    fn a_null_counts_as_absent_and_the_last_duplicate_wins() {
        let text = r#"{"a":1,"a":2,"n":null,"k\u0065y":"v"}"#;
        let object = Object::of(raw(text)).unwrap();
        assert_eq!(object.text("a").unwrap(), "2");
        assert!(object.get("n").is_none() && object.has("n"));
        assert_eq!(object.string("key").unwrap(), "v");
    }

    #[test]
    fn a_default_fills_only_an_absent_key_or_a_null() {
        let defaults = [("a", 1), ("b", 2), ("c", 2)].map(|(key, value)| (key, to_raw(&value).unwrap()));
        for (text, filled) in [
            (r#"{"a":null,"b":3}"#, r#"{"a":1,"b":3,"c":2}"#),
            (r#"{"a":null,"x":null,"a":null,"b":3,"c":4,"b":null}"#, r#"{"a":null,"x":null,"a":1,"b":3,"c":4,"b":2}"#),
            (r#"{ "a": 1.0, "c": {}, "b": [] }"#, r#"{ "a": 1.0, "c": {}, "b": [] }"#),
        ] {
            assert_eq!(with_defaults(raw(text).to_owned(), &defaults).unwrap().get(), filled);
        }
    }

    #[test]
    fn an_object_of_a_million_keys_keeps_only_those_that_are_asked_for() {
        let text = format!("{{{}\"a\":1,\"\\u0062\":[2],\"a\":null}}", "\"\":0,".repeat(1_000_000));
        let object = Object::parse_keys(&text, &["a", "b", "c"]).unwrap();
        assert_eq!(
            object.entries().map(|(key, value)| (key, value.get())).collect::<Vec<_>>(),
            [("a", "null"), ("b", "[2]")]
        );
        assert!(object.has("a") && object.get("a").is_none() && !object.has("c"));
    }
}
