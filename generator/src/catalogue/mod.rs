//! The blocks that agents are built from: a typed view over `data/blocks.json`, looked up by id, name and meaning.

mod meaning;
mod reading;
pub mod schema;
pub mod special;

use std::collections::HashMap;

use serde::Deserialize;

pub(crate) use self::meaning::stem;
pub use self::reading::CatalogueError;
use self::{
    meaning::Meanings,
    schema::{Schema, Types},
};

/// The name of the output on which every block reports a failure.
pub const ERROR_OUTPUT: &str = "error";
/// What stands between a field and a part of it in the ends of a link.
pub const NESTED: &str = "_#_";
/// How the outputs begin on which a block hands arguments to its tools.
const TOOL_OUTPUT: &str = "tools_^_";

/// One block.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Block {
    /// Its id: not always a UUID of version 4.
    pub id: String,
    /// Its name, such as `ReadRSSFeedBlock`.
    pub name: String,
    /// What it does, in a sentence.
    #[serde(default, deserialize_with = "reading::or_default")]
    pub description: String,
    /// Whether its outputs keep their value for the whole run.
    #[serde(default, deserialize_with = "reading::or_default")]
    pub static_output: bool,
    /// Whether it starts the agent by itself. The platform's own listing says so in `uiType`.
    #[serde(default, alias = "uiType", deserialize_with = "reading::trigger")]
    pub trigger: bool,
    /// Its inputs.
    #[serde(deserialize_with = "reading::schema")]
    pub input_schema: Schema,
    /// Its outputs.
    #[serde(deserialize_with = "reading::schema")]
    pub output_schema: Schema,
    /// The kinds of its connection; one field of the catalogue is written in snake case.
    #[serde(default, rename = "needs_credentials", deserialize_with = "reading::or_default")]
    pub needs_credentials: Vec<String>,
    /// Its categories: names, or, as the platform lists them, objects with a `category`.
    #[serde(default, deserialize_with = "reading::categories")]
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
        if self.id == special::ORCHESTRATOR && name.starts_with(TOOL_OUTPUT) {
            // One output for each argument of each tool that it may call.
            return Some(Types::ANY);
        }
        field_type(&self.output_schema, name).or_else(|| {
            // A dictionary of which nothing is declared may hold any part; a text has none.
            let parent = self.output_schema.properties.get(name.split_once(NESTED)?.0)?;
            let holds = parent.kind().is_any() || parent.kind().flows_into(Types::OBJECT);
            (holds && parent.properties.is_empty()).then_some(Types::ANY)
        })
    }

    /// Whether the person connects an account for this input in the platform, so that no graph sets it.
    pub fn is_credential(&self, input: &str) -> bool {
        Self::names_credential(input)
    }

    /// The same for a block that is not known: connections have names of their own.
    pub fn names_credential(input: &str) -> bool {
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

/// All blocks.
#[derive(Debug)]
pub struct Catalogue {
    blocks: Vec<Block>,
    by_id: HashMap<String, usize>,
    by_name: HashMap<String, usize>,
    meanings: Meanings,
}

impl Catalogue {
    /// Reads a catalogue: a JSON array of blocks, as the platform lists them or as `data/blocks.json` has them. Keys
    /// that are not known are passed over. Fails with the entry and the reason; a catalogue is taken whole or not at all.
    pub fn from_json(text: &str) -> Result<Self, CatalogueError> {
        let blocks = reading::blocks(text)?;
        let mut by_id = HashMap::with_capacity(blocks.len());
        let mut by_name = HashMap::with_capacity(blocks.len());
        for (index, block) in blocks.iter().enumerate() {
            by_id.insert(block.id.clone(), index);
            by_name.insert(key(&block.name), index);
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
