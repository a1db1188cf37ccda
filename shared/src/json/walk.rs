//! Visits an object or an array one level deep, without a list of what is in it: a hostile one has a million entries.

use std::{borrow::Cow, fmt};

use serde::{
    Deserializer,
    de::{Error, MapAccess, SeqAccess, Visitor},
};
use serde_json::value::RawValue;

use super::value::Key;

/// Calls `each` with every entry of an object, in order. Fails if `text` is not an object, or `each` does.
pub fn each_entry<'a>(
    text: &'a str,
    each: impl FnMut(Cow<'a, str>, &'a RawValue) -> Result<(), serde_json::Error>,
) -> Result<(), serde_json::Error> {
    let mut deserializer = serde_json::Deserializer::from_str(text);
    deserializer.deserialize_map(Entries(each))?;
    deserializer.end()
}

/// Calls `each` with every element of an array, in order. Fails if `text` is not an array, or `each` does.
pub fn each_element<'a>(
    text: &'a str,
    each: impl FnMut(&'a RawValue) -> Result<(), serde_json::Error>,
) -> Result<(), serde_json::Error> {
    let mut deserializer = serde_json::Deserializer::from_str(text);
    deserializer.deserialize_seq(Elements(each))?;
    deserializer.end()
}

/// The entries of an object, for any deserializer.
pub(super) struct Entries<F>(pub(super) F);

impl<'de, F: FnMut(Cow<'de, str>, &'de RawValue) -> Result<(), serde_json::Error>> Visitor<'de> for Entries<F> {
    type Value = ();

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a JSON object")
    }

    fn visit_map<M: MapAccess<'de>>(mut self, mut map: M) -> Result<(), M::Error> {
        while let Some(Key(key)) = map.next_key::<Key<'de>>()? {
            let value = map.next_value::<&'de RawValue>()?;
            (self.0)(key, value).map_err(M::Error::custom)?;
        }
        Ok(())
    }
}

struct Elements<F>(F);

impl<'de, F: FnMut(&'de RawValue) -> Result<(), serde_json::Error>> Visitor<'de> for Elements<F> {
    type Value = ();

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a JSON array")
    }

    fn visit_seq<A: SeqAccess<'de>>(mut self, mut elements: A) -> Result<(), A::Error> {
        while let Some(element) = elements.next_element()? {
            (self.0)(element).map_err(A::Error::custom)?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_entry_and_element_is_visited_in_order_and_no_other_value_has_any() {
        let mut seen = Vec::new();
        let visited = each_entry(r#"{"b":[1, 2],"\u0061":1e5,"b":null}"#, |key, value| {
            seen.push(format!("{key}={}", value.get()));
            Ok(())
        });
        assert!(visited.is_ok());
        assert_eq!(seen, ["b=[1, 2]", "a=1e5", "b=null"]);
        seen.clear();
        let visited = each_element(r#"[{"a": 1},"x"]"#, |value| {
            seen.push(value.get().to_owned());
            Ok(())
        });
        assert!(visited.is_ok());
        assert_eq!(seen, [r#"{"a": 1}"#, "\"x\""]);
        for other in ["7", "\"x\"", "null"] {
            assert!(each_entry(other, |key, _| panic!("{key}")).is_err());
            assert!(each_element(other, |value| panic!("{value}")).is_err());
        }
    }
}
