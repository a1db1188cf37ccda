//! A JSON object, parsed one level deep.

use std::{borrow::Cow, fmt};

use serde::{
    Deserialize, Deserializer, Serialize, Serializer,
    de::{MapAccess, Visitor},
    ser::SerializeMap,
};
use serde_json::value::RawValue;

use super::{
    check::{NotAnObject, check, parse},
    value::{Key, is_null, is_object, kind, string, text},
};

/// Keys in their order, values as text. Of duplicate keys the last counts.
#[derive(Debug, Clone, Default)]
pub struct Object<'a>(Vec<(Cow<'a, str>, &'a RawValue)>);

impl<'a> Object<'a> {
    /// Checks the whole text, in fewer passes than [`parse`] followed by [`Self::of`].
    pub fn parse(text: &'a str) -> Result<Self, NotAnObject> {
        match serde_json::from_str(text) {
            Ok(object) => check(text).map(|()| object).map_err(NotAnObject::NotJson),
            // Parse once more to find the reason.
            Err(_) => Err(NotAnObject::Other(kind(parse(text)?))),
        }
    }

    /// `None` if `raw` is not an object.
    #[must_use]
    pub fn of(raw: &'a RawValue) -> Option<Self> {
        is_object(raw).then(|| serde_json::from_str(raw.get()).ok()).flatten()
    }

    /// Null counts as absent.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<&'a RawValue> {
        self.0.iter().rev().find(|(name, _)| name == key).map(|(_, value)| *value).filter(|value| !is_null(value))
    }

    /// Whether `key` is present, even if null.
    #[must_use]
    pub fn has(&self, key: &str) -> bool {
        self.0.iter().any(|(name, _)| name == key)
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
        self.0.iter().map(|(key, value)| (&**key, *value))
    }

    /// Sets `key` only if it is absent or null.
    pub fn set_default(&mut self, key: &'static str, value: &'a RawValue) {
        if self.get(key).is_some() {
            return;
        }
        match self.0.iter_mut().rev().find(|(name, _)| name == key) {
            Some((_, null)) => *null = value,
            None => self.0.push((Cow::Borrowed(key), value)),
        }
    }
}

impl<'de: 'a, 'a> Deserialize<'de> for Object<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Entries<'a>(std::marker::PhantomData<&'a ()>);
        impl<'de: 'a, 'a> Visitor<'de> for Entries<'a> {
            type Value = Object<'a>;
            fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str("a JSON object")
            }
            fn visit_map<M: MapAccess<'de>>(self, mut map: M) -> Result<Object<'a>, M::Error> {
                let mut entries = Vec::new();
                while let Some(Key(key)) = map.next_key::<Key<'a>>()? {
                    entries.push((key, map.next_value::<&'a RawValue>()?));
                }
                Ok(Object(entries))
            }
        }
        deserializer.deserialize_map(Entries(std::marker::PhantomData))
    }
}

impl Serialize for Object<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.0.len()))?;
        for (key, value) in &self.0 {
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
        let text = r#"{"a":null,"b":3}"#;
        let (one, two) = (raw("1"), raw("2"));
        let mut object = Object::of(raw(text)).unwrap();
        object.set_default("a", one);
        object.set_default("b", two);
        object.set_default("c", two);
        assert_eq!(serde_json::to_string(&object).unwrap(), r#"{"a":1,"b":3,"c":2}"#);
    }
}
