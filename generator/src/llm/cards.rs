//! The blocks as the model sees them: the candidates for a request, with what it needs for wiring.

use std::collections::HashSet;

use serde::Serialize;
use serde_json::Value;

use crate::{
    catalogue::{
        Block, ERROR_OUTPUT,
        schema::{Additional, Schema},
        special,
    },
    knowledge::Knowledge,
    text::shortened,
};

/// Any agent may need these: inputs, outputs, and blocks that connect others.
const ALWAYS: [&str; 13] = [
    special::AGENT_INPUT,
    special::NUMBER_INPUT,
    special::FILE_INPUT,
    special::DRIVE_INPUT,
    special::AGENT_OUTPUT,
    special::AI_TEXT,
    special::TEMPLATE,
    special::CONVERTER,
    special::EACH_ITEM,
    special::ADD_TO_LIST,
    special::STORE_VALUE,
    special::CONDITION,
    special::AI_CONDITION,
];
/// At most this many blocks found by search: among more a model chooses worse, and each costs tokens.
const FOUND: usize = 24;
/// At most this many parts of a text are searched for by themselves.
const PARTS: usize = 32;
/// Up to `CHOICES` choices are listed, of a longer list only the first `FIRST_CHOICES`.
const CHOICES: usize = 24;
const FIRST_CHOICES: usize = 8;
/// In characters.
const DESCRIPTION: usize = 300;
const SHORT_DESCRIPTION: usize = 60;

/// How much a card says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Detail {
    /// Also the inputs that few people set.
    Whole,
    Usual,
    /// No descriptions and defaults of inputs and outputs, and no inputs that few people set.
    Short,
}

/// The blocks that any agent may need.
pub(super) fn always(knowledge: &Knowledge) -> impl Iterator<Item = &Block> {
    ALWAYS.iter().filter_map(|id| knowledge.catalogue.by_id(id))
}

/// The blocks that a search for `words` finds, the nearest first. Not those of `known`, and no other agent: the generator
/// knows none.
pub(super) fn found<'k>(knowledge: &'k Knowledge, words: &str, known: &HashSet<&str>) -> Vec<&'k Block> {
    let mut seen = known.clone();
    seen.insert(special::AGENT_EXECUTOR);
    let found = searched(knowledge, words, FOUND + seen.len()).into_iter();
    found.filter(|block| seen.insert(block.id.as_str())).take(FOUND).collect()
}

/// The blocks that a text is about, `most` of each of its parts at most: the nearest of each part, then the second of
/// each, and so on. The many blocks of one service would leave no room for the others.
fn searched<'k>(knowledge: &'k Knowledge, words: &str, most: usize) -> Vec<&'k Block> {
    let words = &apart(words);
    let sentences = words.split([',', '.', ';', '\n']);
    let clauses = sentences.clone().flat_map(|part| part.split(" and ")).flat_map(|part| part.split(" then "));
    let mut parts = vec![words.as_str()];
    for part in sentences.chain(clauses).map(str::trim) {
        if parts.len() < PARTS && !parts.contains(&part) {
            parts.push(part);
        }
    }
    let ranked: Vec<Vec<&Block>> = parts.into_iter().map(|part| knowledge.search(part, most)).collect();
    (0..most).flat_map(|place| ranked.iter().filter_map(move |blocks| blocks.get(place).copied())).collect()
}

/// Puts spaces between Latin words and the scripts that are written without: "RSSフィード".
fn apart(text: &str) -> String {
    // From the radicals on: Chinese, Japanese, Korean.
    let dense = |c: char| c >= '\u{2e80}';
    let mut spaced = String::with_capacity(text.len());
    let mut before = ' ';
    for c in text.chars() {
        if dense(c) && before.is_ascii_alphanumeric() || dense(before) && c.is_ascii_alphanumeric() {
            spaced.push(' ');
        }
        spaced.push(c);
        before = c;
    }
    spaced
}

/// A block without its id: the model uses names.
#[derive(Debug, Serialize)]
pub(crate) struct Card<'a> {
    block: &'a str,
    does: String,
    #[serde(skip_serializing_if = "is_false")]
    starts_agent: bool,
    #[serde(skip_serializing_if = "is_false")]
    keeps_value: bool,
    inputs: Vec<Field<'a>>,
    outputs: Vec<Field<'a>>,
}

#[derive(Debug, Serialize)]
struct Field<'a> {
    name: &'a str,
    #[serde(rename = "type")]
    kind: String,
    #[serde(skip_serializing_if = "is_false")]
    required: bool,
    #[serde(skip_serializing_if = "String::is_empty")]
    says: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    default: Option<&'a Value>,
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    choices: &'a [Value],
    #[serde(skip_serializing_if = "is_false")]
    more_choices: bool,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    parts: Vec<Field<'a>>,
    #[serde(skip_serializing_if = "is_false")]
    any_parts: bool,
}

pub(crate) fn card(block: &Block, detail: Detail) -> Card<'_> {
    let inputs = block.input_schema().properties.iter();
    let inputs =
        inputs.filter(|(name, schema)| !block.is_credential(name) && (detail == Detail::Whole || !schema.advanced));
    let outputs = block.output_schema().properties.iter().filter(|(name, _)| *name != ERROR_OUTPUT);
    let required = |name: &str| block.input_schema().required.iter().any(|required| required == name);
    let field = |name, schema| field(name, schema, detail, true);
    Card {
        block: &block.name,
        does: shortened(&block.description, if detail == Detail::Short { SHORT_DESCRIPTION } else { DESCRIPTION }),
        starts_agent: block.trigger,
        keeps_value: block.static_output,
        inputs: inputs.map(|(name, schema)| Field { required: required(name), ..field(name, schema) }).collect(),
        outputs: outputs.map(|(name, schema)| Field { default: None, ..field(name, schema) }).collect(),
    }
}

/// `whole` is false for a part of a field; parts of parts are left out.
fn field<'a>(name: &'a str, schema: &'a Schema, detail: Detail, whole: bool) -> Field<'a> {
    let short = detail == Detail::Short;
    let all = schema.choices.as_slice();
    let more_choices = all.len() > CHOICES || short && all.len() > FIRST_CHOICES;
    let listed = if more_choices { all.get(..FIRST_CHOICES).unwrap_or(all) } else { all };
    // A leading underscore marks the platform's internal parts.
    let parts = schema.properties.iter().filter(|(name, _)| whole && !name.starts_with('_'));
    Field {
        name,
        kind: schema.kind().to_string(),
        required: false,
        says: if short { String::new() } else { shortened(&schema.description, DESCRIPTION) },
        default: schema.default.as_ref().filter(|default| !short && !default.is_null()),
        choices: listed,
        more_choices,
        parts: parts.map(|(name, schema)| field(name, schema, detail, false)).collect(),
        any_parts: !matches!(schema.additional, Additional::Allowed(false)),
    }
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde passes a reference")]
fn is_false(value: &bool) -> bool {
    !value
}
