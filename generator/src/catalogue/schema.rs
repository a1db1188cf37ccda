//! The part of JSON Schema that block schemas use: types, defaults, choices, nested properties.

use std::fmt;

use serde::{
    Deserialize, Deserializer,
    de::{MapAccess, Visitor},
};
use serde_json::Value;

/// The names of the JSON types, in the order of their bits in [`Types`].
const NAMES: [&str; 6] = ["string", "integer", "number", "boolean", "array", "object"];

/// A set of JSON types; empty means any type.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Types(u8);

impl Types {
    /// Any type at all.
    pub const ANY: Self = Self(0);
    /// Text.
    pub const STRING: Self = Self(1);
    /// A whole number.
    pub const INTEGER: Self = Self(2);
    /// Any number.
    pub const NUMBER: Self = Self(4);
    /// True or false.
    pub const BOOLEAN: Self = Self(8);
    /// A list.
    pub const ARRAY: Self = Self(16);
    /// A dictionary.
    pub const OBJECT: Self = Self(32);

    /// The type of this name; an unknown name is any type.
    pub fn named(name: &str) -> Self {
        NAMES.iter().position(|known| *known == name).map_or(Self::ANY, |bit| Self(1 << bit))
    }

    /// Whether nothing is said about the type.
    pub fn is_any(self) -> bool {
        self.0 == 0
    }

    /// Whether every value of it is of a type in `other`; any type is not.
    pub fn is_within(self, other: Self) -> bool {
        self.0 != 0 && self.0 & !other.0 == 0
    }

    /// Whether a value of this type may flow into `sink`: the same type, integer and number alike, or no type known.
    pub fn flows_into(self, sink: Self) -> bool {
        self.is_any() || sink.is_any() || self.with_numbers().0 & sink.with_numbers().0 != 0
    }

    /// Whether `value` is of this type. A whole number is a number too; null is of no named type.
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

/// A schema, as far as graphs need it.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct Schema {
    /// The types that it names.
    #[serde(rename = "type")]
    pub types: Types,
    /// What it is, for people.
    #[serde(deserialize_with = "super::reading::or_default")]
    pub description: String,
    /// The value that stands where none is set; an explicit null counts.
    #[serde(deserialize_with = "present")]
    pub default: Option<Value>,
    /// The only values allowed; empty: all.
    #[serde(rename = "enum")]
    pub choices: Vec<Value>,
    /// The named parts, in their order.
    pub properties: Properties,
    /// The parts that must be there.
    pub required: Vec<String>,
    /// Whether parts of other names may be there, and what they look like.
    #[serde(rename = "additionalProperties")]
    pub additional: Additional,
    /// What the entries of a list look like.
    pub items: Option<Box<Schema>>,
    /// Alternatives: the value is of one of them.
    #[serde(rename = "anyOf", alias = "oneOf")]
    pub alternatives: Vec<Schema>,
}

impl Schema {
    /// The types of a value: its own, or those of its alternatives.
    pub fn kind(&self) -> Types {
        if self.alternatives.is_empty() {
            return self.types;
        }
        let any = self.alternatives.iter().any(|one| one.types.is_any());
        if any { Types::ANY } else { self.alternatives.iter().fold(Types::ANY, |all, one| all.join(one.types)) }
    }

    /// The schema of the part called `name`; `None` where there can be no such part.
    pub fn part(&self, name: &str) -> Option<Types> {
        if let Some(schema) = self.properties.get(name) {
            return Some(schema.kind());
        }
        if let Some((parent, part)) = name.split_once(super::NESTED) {
            // A part of a part: `values_#_author_#_name`.
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

/// `additionalProperties`: a switch or a schema.
#[derive(Debug, Clone, Deserialize)]
#[serde(untagged)]
pub enum Additional {
    /// Other parts are allowed, or not.
    Allowed(bool),
    /// Other parts are allowed and look like this.
    Typed(Box<Schema>),
}

impl Default for Additional {
    fn default() -> Self {
        // JSON Schema's own default is `true`. Here a field that nobody declared cannot be linked to.
        Self::Allowed(false)
    }
}

/// Named schemas in the order of the text.
#[derive(Debug, Clone, Default)]
pub struct Properties(Vec<(String, Schema)>);

impl Properties {
    /// The schema of this name. Blocks have a dozen fields at most, so a walk beats a map.
    pub fn get(&self, name: &str) -> Option<&Schema> {
        self.0.iter().find(|(key, _)| key == name).map(|(_, schema)| schema)
    }

    /// All of them, in order.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &Schema)> {
        self.0.iter().map(|(name, schema)| (name.as_str(), schema))
    }

    /// Whether there are none.
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
