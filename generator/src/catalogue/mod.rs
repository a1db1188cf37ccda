//! The blocks that agents are built from: a typed view over `data/blocks.json`, looked up by id, name and meaning.

mod meaning;
pub mod schema;
pub mod special;

use std::collections::HashMap;

use serde::Deserialize;
use thiserror::Error;

use self::{
    meaning::Meanings,
    schema::{Schema, Types},
};

/// The name of the output on which every block reports a failure.
pub const ERROR_OUTPUT: &str = "error";
/// What stands between a field and a part of it in the ends of a link.
pub const NESTED: &str = "_#_";

/// One block.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Block {
    /// Its id: not always a UUID of version 4.
    pub id: String,
    /// Its name, such as `ReadRSSFeedBlock`.
    pub name: String,
    /// What it does, in a sentence.
    #[serde(default)]
    pub description: String,
    /// Whether its outputs keep their value for the whole run.
    #[serde(default)]
    pub static_output: bool,
    /// Whether it starts the agent by itself.
    #[serde(default)]
    pub trigger: bool,
    /// Its inputs.
    pub input_schema: Schema,
    /// Its outputs.
    pub output_schema: Schema,
    /// The kinds of its connection; one field of the catalogue is written in snake case.
    #[serde(default, rename = "needs_credentials")]
    pub needs_credentials: Vec<String>,
    /// Its categories.
    #[serde(default)]
    pub categories: Vec<String>,
}

impl Block {
    /// The name for people: words, without the ending `Block`.
    pub fn title(&self) -> String {
        meaning::words_of_name(&self.name).join(" ")
    }

    /// The type of an input or of a part of one (`prompt_values_#_text`); `None` where there is no such input.
    pub fn input_type(&self, name: &str) -> Option<Types> {
        field_type(&self.input_schema, name)
    }

    /// The type of an output or of a part of one; `None` where there is no such output.
    pub fn output_type(&self, name: &str) -> Option<Types> {
        if self.id == special::AGENT_EXECUTOR {
            // Its outputs are those of the agent that it runs.
            return Some(Types::ANY);
        }
        field_type(&self.output_schema, name).or_else(|| {
            // A dictionary of which nothing is declared may hold any part.
            let parent = self.output_schema.properties.get(name.split_once(NESTED)?.0)?;
            parent.properties.is_empty().then_some(Types::ANY)
        })
    }

    /// Whether the person connects an account for this input in the platform, so that no graph sets it.
    pub fn is_credential(&self, input: &str) -> bool {
        input == "credentials" || input.ends_with("_credentials")
    }

    /// The inputs that must be set or linked.
    pub fn required_inputs(&self) -> impl Iterator<Item = &str> {
        self.input_schema.required.iter().map(String::as_str).filter(|name| !self.is_credential(name))
    }

    /// Whether it declares an input of the agent, or starts it.
    pub fn starts_agent(&self) -> bool {
        self.trigger || self.is_agent_input()
    }

    /// Whether it declares an input of the agent.
    pub fn is_agent_input(&self) -> bool {
        special::AGENT_INPUTS.contains(&self.id.as_str())
    }

    /// Whether it declares an output of the agent.
    pub fn is_agent_output(&self) -> bool {
        self.id == special::AGENT_OUTPUT
    }
}

fn field_type(schema: &Schema, name: &str) -> Option<Types> {
    match name.split_once(NESTED) {
        None => schema.properties.get(name).map(Schema::kind),
        Some((parent, part)) => {
            let parent = schema.properties.get(parent)?;
            // A value of any type may have any part; a list of parts is addressed by no name.
            if parent.kind().is_any() { Some(Types::ANY) } else { parent.part(part) }
        }
    }
}

/// Why a catalogue was refused.
#[derive(Debug, Error)]
pub enum CatalogueError {
    /// It is not a JSON array of blocks.
    #[error("the block catalogue cannot be read: {0}")]
    Unreadable(#[from] serde_json::Error),
    /// Two blocks have the same id.
    #[error("block {name} has the id {id}, which another block has already")]
    DuplicateId {
        /// The id.
        id: String,
        /// The name of the second block.
        name: String,
    },
    /// A block that every agent needs is missing.
    #[error("the block catalogue lacks the block {0}, which every agent needs")]
    Missing(&'static str),
    /// A required input is not among the inputs.
    #[error("block {name} requires the input {input}, which it does not have")]
    UnknownRequired {
        /// The block.
        name: String,
        /// The input.
        input: String,
    },
}

/// All blocks.
#[derive(Debug)]
pub struct Catalogue {
    blocks: Vec<Block>,
    by_id: HashMap<String, usize>,
    by_name: HashMap<String, usize>,
    meanings: Meanings,
}

impl Catalogue {
    /// Reads a catalogue: a JSON array of blocks. Fails with the entry and the reason.
    pub fn parse(text: &str) -> Result<Self, CatalogueError> {
        let blocks: Vec<Block> = serde_json::from_str(text)?;
        let mut by_id = HashMap::with_capacity(blocks.len());
        let mut by_name = HashMap::with_capacity(blocks.len());
        for (index, block) in blocks.iter().enumerate() {
            let schema = &block.input_schema;
            if let Some(input) = schema.required.iter().find(|name| schema.properties.get(name).is_none()) {
                return Err(CatalogueError::UnknownRequired { name: block.name.clone(), input: input.clone() });
            }
            if by_id.insert(block.id.clone(), index).is_some() {
                return Err(CatalogueError::DuplicateId { id: block.id.clone(), name: block.name.clone() });
            }
            by_name.entry(key(&block.name)).or_insert(index);
        }
        for id in [special::AGENT_INPUT, special::AGENT_OUTPUT, special::TEMPLATE] {
            if !by_id.contains_key(id) {
                return Err(CatalogueError::Missing(id));
            }
        }
        let meanings = Meanings::of(&blocks);
        Ok(Self { blocks, by_id, by_name, meanings })
    }

    /// The blocks, in the order of the catalogue.
    pub fn blocks(&self) -> &[Block] {
        &self.blocks
    }

    /// The block with this id.
    pub fn by_id(&self, id: &str) -> Option<&Block> {
        self.by_id.get(id).and_then(|index| self.blocks.get(*index))
    }

    /// The block of this name, however it is written: `ReadRSSFeedBlock`, `Read RSS Feed`, `read_rss_feed`.
    pub fn by_name(&self, name: &str) -> Option<&Block> {
        self.by_name.get(&key(name)).and_then(|index| self.blocks.get(*index))
    }

    /// The block that `text` comes nearest to, where it names more than half of what the block's name says.
    pub fn by_meaning(&self, text: &str) -> Option<&Block> {
        self.meanings.nearest(text).and_then(|index| self.blocks.get(index))
    }
}

fn key(name: &str) -> String {
    let plain: String = name.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect();
    plain.strip_suffix("block").map_or_else(|| plain.clone(), str::to_owned)
}
