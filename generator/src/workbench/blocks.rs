//! Blocks to choose from, in few bytes: an assistant's context has no room for all of them.

use std::collections::HashSet;

use serde::Serialize;
use serde_json::{Map, Value, json};
use thiserror::Error;

use super::{example, slips};
use crate::{
    catalogue::{Block, Catalogue, ERROR_OUTPUT, special},
    knowledge::Knowledge,
    llm::{
        cards::{self, Card, Detail},
        names,
    },
    problem::Problem,
    text::shortened,
};

/// How many characters of a description a list has.
const DESCRIPTION: usize = 160;

/// What a list can tell of a block.
pub const FIELDS: [&str; 8] =
    ["name", "description", "id", "service", "starts_agent", "inputs", "outputs", "credentials"];
const USUAL: [&str; 2] = ["name", "description"];

#[derive(Debug, Clone, Copy)]
pub struct FindBlocks<'a> {
    /// In English. Blank: all blocks, in the order of the catalogue.
    pub query: &'a str,
    /// At most this many.
    pub limit: usize,
    /// How many to pass over: `next` of the page before.
    pub after: usize,
    /// Of [`FIELDS`]; empty: the name and the description.
    pub fields: &'a [&'a str],
    /// At most this many bytes of JSON, but at least one block.
    pub most: usize,
}

#[derive(Debug, Serialize)]
pub struct BlockPage {
    pub blocks: Vec<Value>,
    /// How many blocks were found.
    pub found: usize,
    /// For the next page; `None` if this is the last.
    pub next: Option<usize>,
}

#[derive(Debug, PartialEq, Eq, Error)]
#[error("{field} is not a field of a block. The fields are {}.", FIELDS.join(", "))]
pub struct BlockFault {
    /// Cut.
    pub field: String,
}

pub(super) fn find(knowledge: &Knowledge, wanted: &FindBlocks<'_>) -> Result<BlockPage, BlockFault> {
    if let Some(field) = wanted.fields.iter().find(|field| !FIELDS.contains(*field)) {
        return Err(BlockFault { field: shortened(field, 60) });
    }
    let fields = if wanted.fields.is_empty() { &USUAL[..] } else { wanted.fields };
    let catalogue = &knowledge.catalogue;
    let found: Vec<&Block> = if wanted.query.trim().is_empty() {
        catalogue.blocks().iter().collect()
    } else {
        knowledge.search(wanted.query, catalogue.blocks().len())
    };
    let found: Vec<&Block> = found.into_iter().filter(|block| block.id != special::AGENT_EXECUTOR).collect();
    let mut room = Room::new(wanted.most);
    let page = found.iter().skip(wanted.after).take(wanted.limit.max(1)).map(|block| entry(catalogue, block, fields));
    let blocks: Vec<Value> = page.take_while(|entry| room.takes(entry)).collect();
    let next = wanted.after.saturating_add(blocks.len());
    Ok(BlockPage { blocks, found: found.len(), next: Some(next).filter(|next| *next < found.len()) })
}

fn entry(catalogue: &Catalogue, block: &Block, fields: &[&str]) -> Value {
    let mut entry = Map::new();
    for field in fields {
        let value = match *field {
            "name" => json!(block.name),
            "description" => json!(shortened(&block.description, DESCRIPTION)),
            "id" => json!(block.id),
            "service" => json!(catalogue.meaning_of(block).service),
            "starts_agent" => json!(block.starts_agent()),
            "inputs" => names_of(block.input_schema().properties.iter().map(|(name, _)| name), |name| {
                !block.is_credential(name)
            }),
            "outputs" => {
                names_of(block.output_schema().properties.iter().map(|(name, _)| name), |name| name != ERROR_OUTPUT)
            }
            _ => json!(block.needs_credentials),
        };
        entry.insert((*field).to_owned(), value);
    }
    Value::Object(entry)
}

fn names_of<'b>(names: impl Iterator<Item = &'b str>, is_shown: impl Fn(&str) -> bool) -> Value {
    names.filter(|name| is_shown(name)).collect::<Vec<_>>().into()
}

#[derive(Debug, Serialize)]
pub struct Described {
    pub blocks: Vec<Value>,
    /// Names that are no block's, each with the nearest.
    pub problems: Vec<Problem>,
    /// Blocks for which there was no room: ask for these again.
    pub left: Vec<String>,
}

/// A card as a plan's author needs it.
#[derive(Serialize)]
struct BlockCard<'a> {
    #[serde(flatten)]
    card: Card<'a>,
    id: &'a str,
    /// What the person connects: never an input of a plan.
    credentials: &'a [String],
    /// A step with all that is required.
    example: Value,
}

pub(super) fn describe(knowledge: &Knowledge, asked: &[&str], most: usize) -> Described {
    let mut described = Described { blocks: Vec::new(), problems: Vec::new(), left: Vec::new() };
    let mut room = Room::new(most);
    let mut seen = HashSet::new();
    for (at, name) in asked.iter().enumerate() {
        let Some(block) = names::block(&knowledge.catalogue, name) else {
            described.problems.push(Problem {
                rule: "known_blocks",
                path: format!("names[{at}]"),
                message: format!("{} is not the name of a block", shortened(name, 60)),
                fix: Some(slips::unknown(knowledge, name, "")),
            });
            continue;
        };
        if !seen.insert(block.id.as_str()) {
            continue;
        }
        let of = |detail| {
            let card = cards::card(block, detail);
            json!(BlockCard {
                card,
                id: &block.id,
                credentials: &block.needs_credentials,
                example: example::step(block)
            })
        };
        let fitting = [Detail::Whole, Detail::Usual, Detail::Short].into_iter().map(of).find(|card| room.fits(card));
        let card = fitting.or_else(|| described.blocks.is_empty().then(|| of(Detail::Short)));
        match card {
            Some(card) if room.takes(&card) => described.blocks.push(card),
            _ => described.left.push(block.name.clone()),
        }
    }
    described
}

/// Counts the bytes of an answer.
struct Room {
    left: usize,
    is_empty: bool,
}

impl Room {
    fn new(most: usize) -> Self {
        Self { left: most, is_empty: true }
    }

    fn fits(&self, entry: &Value) -> bool {
        entry.to_string().len() < self.left
    }

    /// The first entry is always taken: an answer of nothing would be asked for for ever.
    fn takes(&mut self, entry: &Value) -> bool {
        let takes = self.is_empty || self.fits(entry);
        if takes {
            self.left = self.left.saturating_sub(entry.to_string().len() + 1);
            self.is_empty = false;
        }
        takes
    }
}
