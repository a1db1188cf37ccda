//! What each tool takes and gives, as clients are told it: `data/tools.json`.

use std::{collections::BTreeMap, sync::LazyLock};

use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use shared::refusal::Refusal;

use super::tool::Tool;
use crate::answer::embedded;

const TABLE: &str = include_str!("../../data/tools.json");

#[derive(Serialize)]
pub(crate) struct List {
    tools: &'static RawValue,
}

pub(crate) fn list() -> Result<List, Refusal> {
    Ok(List { tools: embedded(TABLE)? })
}

/// What the table says of a tool.
#[derive(Deserialize)]
pub(super) struct Entry<'a> {
    pub(super) name: &'a str,
    #[serde(rename = "inputSchema")]
    pub(super) input: Schema,
}

/// Reads the table once.
pub(super) fn entry(tool: Tool) -> Option<&'static Entry<'static>> {
    static ENTRIES: LazyLock<Vec<Entry<'static>>> = LazyLock::new(|| serde_json::from_str(TABLE).unwrap_or_default());
    ENTRIES.iter().find(|entry| entry.name == tool.name())
}

/// As far as `data/tools.json` makes use of JSON Schema.
#[derive(Deserialize)]
pub(super) struct Schema {
    pub(super) properties: BTreeMap<String, Property>,
    pub(super) required: Vec<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Property {
    pub(super) r#type: String,
    #[serde(default)]
    pub(super) description: String,
    pub(super) r#enum: Option<Vec<String>>,
    pub(super) minimum: Option<u32>,
    pub(super) maximum: Option<u32>,
    pub(super) max_length: Option<usize>,
    pub(super) min_items: Option<usize>,
    pub(super) max_items: Option<usize>,
    pub(super) items: Option<Box<Property>>,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tools::tool::TOOLS;

    #[test]
    fn every_tool_that_a_client_is_told_of_can_be_called_and_no_other() {
        let entries: Vec<Entry<'static>> = serde_json::from_str(TABLE).unwrap();
        let told: Vec<&str> = entries.iter().map(|entry| entry.name).collect();
        assert_eq!(told, TOOLS.map(|(name, _)| name));
    }

    #[test]
    fn the_list_of_tools_leaves_a_models_context_to_the_work() {
        assert!(TABLE.len() < 25 * 1024, "{}", TABLE.len());
    }
}
