//! A schema that is parsed when it is first used: a plan uses few of the embedded ones.

use std::sync::OnceLock;

use serde::Deserialize;
use serde_json::value::RawValue;

use super::{fields::without_place, schema::Schema};

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(transparent)]
pub(super) struct Later {
    text: Box<RawValue>,
    #[serde(skip)]
    parsed: OnceLock<Schema>,
}

impl Later {
    /// Empty if the text is not a schema: see [`Self::check`].
    pub(super) fn get(&self) -> &Schema {
        self.parsed.get_or_init(|| self.parse().unwrap_or_default())
    }

    /// Parses it now and lets go of its text; fails with the reason if it is not a schema.
    pub(super) fn check(&mut self) -> Result<(), String> {
        self.parsed = OnceLock::from(self.parse()?);
        self.text = Box::default();
        Ok(())
    }

    /// A schema must be an object: serde would also accept an array, field by field.
    fn parse(&self) -> Result<Schema, String> {
        let text = self.text.get();
        if !text.starts_with('{') {
            return Err(format!("the schema {} is not an object", text.chars().take(40).collect::<String>()));
        }
        serde_json::from_str(text).map_err(|error| without_place(&error))
    }
}
