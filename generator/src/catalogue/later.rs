//! A schema that is parsed when it is first used: a plan uses few of the embedded ones.

use std::sync::OnceLock;

use serde_json::value::RawValue;

use super::{fields::without_place, schema::Schema};

#[derive(Debug, Clone, Default)]
pub(super) struct Later {
    /// `None` once it is parsed.
    text: Option<&'static RawValue>,
    parsed: OnceLock<Schema>,
}

impl Later {
    pub(super) fn of(text: &'static RawValue) -> Self {
        Self { text: Some(text), parsed: OnceLock::new() }
    }

    /// Parses it now; fails with the reason if it is not a schema.
    pub(super) fn parsed(text: &RawValue) -> Result<Self, String> {
        Ok(Self { text: None, parsed: OnceLock::from(parse(text)?) })
    }

    /// Empty if the embedded text is not a schema, which a test would see.
    pub(super) fn get(&self) -> &Schema {
        self.parsed.get_or_init(|| self.text.and_then(|text| parse(text).ok()).unwrap_or_default())
    }
}

/// A schema must be an object: serde would also accept an array, field by field.
fn parse(text: &RawValue) -> Result<Schema, String> {
    let text = text.get();
    if !text.starts_with('{') {
        return Err(format!("the schema {} is not an object", text.chars().take(40).collect::<String>()));
    }
    serde_json::from_str(text).map_err(|error| without_place(&error))
}
