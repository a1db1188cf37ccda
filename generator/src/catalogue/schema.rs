//! The part of JSON Schema that blocks use: types, defaults, choices, nested properties.

use std::fmt;

use serde::{
    Deserialize, Deserializer,
    de::{MapAccess, Visitor},
};
use serde_json::Value;

use super::fields::or_default;

/// Separates a field from a part of it in a link: `prompt_values_#_text`.
pub const NESTED: &str = "_#_";
/// Separates a list from an entry of it in a link: `items_$_0`.
pub const ENTRY: &str = "_$_";

/// The field that `name` addresses, without its parts: `prompt_values` for `prompt_values_#_text`.
pub fn outer_field(name: &str) -> &str {
    [NESTED, ENTRY].into_iter().filter_map(|mark| name.find(mark)).min().and_then(|at| name.get(..at)).unwrap_or(name)
}

/// The names of the JSON types, in the order of their bits in [`Types`].
const NAMES: [&str; 6] = ["string", "integer", "number", "boolean", "array", "object"];

/// A set of JSON types; empty means any type.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Types(u8);

impl Types {
    pub const ANY: Self = Self(0);
    pub const STRING: Self = Self(1);
    pub const INTEGER: Self = Self(2);
    /// Integers included.
    pub const NUMBER: Self = Self(4);
    pub const BOOLEAN: Self = Self(8);
    pub const ARRAY: Self = Self(16);
    pub const OBJECT: Self = Self(32);

    /// An unknown name is any type.
    pub fn named(name: &str) -> Self {
        NAMES.iter().position(|known| *known == name).map_or(Self::ANY, |bit| Self(1 << bit))
    }

    /// `None` for any type and for several.
    pub fn name(self) -> Option<&'static str> {
        NAMES.iter().enumerate().find(|(bit, _)| self.0 == 1 << bit).map(|(_, name)| *name)
    }

    pub fn is_any(self) -> bool {
        self.0 == 0
    }

    /// Every value of these types is of a type in `other`. False for any type.
    pub fn is_within(self, other: Self) -> bool {
        self.0 != 0 && self.0 & !other.0 == 0
    }

    /// A value of these types may flow into `sink`: they share a type (integer counts as number), or one is any type.
    pub fn flows_into(self, sink: Self) -> bool {
        self.is_any() || sink.is_any() || self.with_numbers().0 & sink.with_numbers().0 != 0
    }

    /// `value` is of one of these types. An integer is a number too; null is only of any type.
    pub fn admits(self, value: &Value) -> bool {
        if self.is_any() {
            return true;
        }
        let kind = match value {
            Value::Null => return false,
            Value::Bool(_) => Self::BOOLEAN,
            Value::Number(number) if number.is_i64() || number.is_u64() => Self(Self::INTEGER.0 | Self::NUMBER.0),
            Value::Number(_) => Self::NUMBER,
            Value::String(_) => Self::STRING,
            Value::Array(_) => Self::ARRAY,
            Value::Object(_) => Self::OBJECT,
        };
        self.0 & kind.0 != 0
    }

    fn with_numbers(self) -> Self {
        const BOTH: u8 = 2 | 4;
        if self.0 & BOTH == 0 { self } else { Self(self.0 | BOTH) }
    }

    fn join(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }
}

impl fmt::Display for Types {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.is_any() {
            return formatter.write_str("any type");
        }
        let mut first = true;
        for (_, name) in NAMES.iter().enumerate().filter(|(bit, _)| self.0 & (1 << bit) != 0) {
            formatter.write_str(if first { "" } else { " or " })?;
            formatter.write_str(name)?;
            first = false;
        }
        Ok(())
    }
}

impl<'de> Deserialize<'de> for Types {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        #[serde(untagged)]
        enum Names {
            One(String),
            Many(Vec<String>),
        }
        Ok(match Names::deserialize(deserializer)? {
            Names::One(name) => Self::named(&name),
            Names::Many(names) => {
                names.iter().filter(|name| *name != "null").fold(Self::ANY, |all, name| all.join(Self::named(name)))
            }
        })
    }
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct Schema {
    #[serde(rename = "type")]
    pub types: Types,
    #[serde(deserialize_with = "or_default")]
    pub description: String,
    /// Few people set it.
    #[serde(deserialize_with = "or_default")]
    pub advanced: bool,
    /// `Some(null)` if the schema says null.
    #[serde(deserialize_with = "present")]
    pub default: Option<Value>,
    /// The allowed values; empty if all are.
    #[serde(rename = "enum")]
    pub choices: Vec<Value>,
    pub properties: Properties,
    pub required: Vec<String>,
    #[serde(rename = "additionalProperties")]
    pub additional: Additional,
    pub items: Option<Box<Schema>>,
    #[serde(rename = "anyOf", alias = "oneOf")]
    pub alternatives: Vec<Schema>,
}

impl Schema {
    /// The types of its alternatives if it has any, else its own.
    pub fn kind(&self) -> Types {
        if self.alternatives.is_empty() {
            return self.types;
        }
        let any = self.alternatives.iter().any(|one| one.types.is_any());
        if any { Types::ANY } else { self.alternatives.iter().fold(Types::ANY, |all, one| all.join(one.types)) }
    }

    /// Whether `value` is among the choices; of a list, each of its entries.
    pub fn offers(&self, value: &Value) -> bool {
        let entries = self.items.as_ref().zip(value.as_array());
        let fits = |one: &Self| one.types.admits(value) && one.offers(value);
        (self.choices.is_empty() || self.choices.contains(value))
            && (self.alternatives.is_empty() || value.is_null() || self.alternatives.iter().any(fits))
            && entries.is_none_or(|(schema, entries)| entries.iter().all(|entry| schema.offers(entry)))
    }

    /// The type of an entry, for a schema whose fields `name` may be one of (`items_$_0`).
    pub(super) fn entry(&self, name: &str) -> Option<Types> {
        let (list, _) = name.split_once(ENTRY).filter(|(_, at)| at.bytes().all(|digit| digit.is_ascii_digit()))?;
        let list = self.properties.get(list).filter(|list| list.kind().flows_into(Types::ARRAY))?;
        Some(list.items.as_ref().map_or(Types::ANY, |items| items.kind()))
    }

    /// The type of the part called `name`; `None` if there can be no such part.
    pub fn part(&self, name: &str) -> Option<Types> {
        if let Some(schema) = self.properties.get(name) {
            return Some(schema.kind());
        }
        if let Some((parent, part)) = name.split_once(NESTED) {
            // `values_#_author_#_name`
            let parent = self.properties.get(parent).or(match &self.additional {
                Additional::Typed(schema) => Some(schema),
                Additional::Allowed(_) => None,
            });
            return match parent {
                Some(parent) if parent.kind().is_any() => Some(Types::ANY),
                Some(parent) => parent.part(part),
                None => matches!(self.additional, Additional::Allowed(true)).then_some(Types::ANY),
            };
        }
        match &self.additional {
            Additional::Typed(schema) => Some(schema.kind()),
            Additional::Allowed(true) => Some(Types::ANY),
            Additional::Allowed(false) => self.alternatives.iter().find_map(|one| one.part(name)),
        }
    }
}

fn present<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Value>, D::Error> {
    Value::deserialize(deserializer).map(Some)
}

/// `additionalProperties`.
#[derive(Debug, Clone, Deserialize)]
#[serde(untagged)]
pub enum Additional {
    Allowed(bool),
    Typed(Box<Schema>),
}

impl Default for Additional {
    fn default() -> Self {
        // JSON Schema's default is `true`; here an undeclared field cannot be linked to.
        Self::Allowed(false)
    }
}

/// Named schemas in the order of the JSON text.
#[derive(Debug, Clone, Default)]
pub struct Properties(Vec<(String, Schema)>);

impl Properties {
    /// A linear search: blocks have a dozen fields at most.
    pub fn get(&self, name: &str) -> Option<&Schema> {
        self.0.iter().find(|(key, _)| key == name).map(|(_, schema)| schema)
    }

    pub fn iter(&self) -> impl Iterator<Item = (&str, &Schema)> {
        self.0.iter().map(|(name, schema)| (name.as_str(), schema))
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl<'de> Deserialize<'de> for Properties {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Ordered;
        impl<'de> Visitor<'de> for Ordered {
            type Value = Properties;
            fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str("an object of schemas")
            }
            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Properties, A::Error> {
                let mut all = Vec::with_capacity(map.size_hint().unwrap_or(8));
                while let Some(entry) = map.next_entry()? {
                    all.push(entry);
                }
                Ok(Properties(all))
            }
        }
        deserializer.deserialize_map(Ordered)
    }
}
