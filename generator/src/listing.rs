//! A list of blocks as a caller wants it: found by words, so many, with some of the fields.

use std::{borrow::Cow, collections::BTreeSet, fmt::Write};

use serde_json::value::RawValue;
use shared::json::{self, Object, first_chars};
use thiserror::Error;

use crate::catalogue::{Catalogue, CatalogueError, Search};

/// The fields of a block of the embedded catalogue.
const FIELDS: [&str; 10] = [
    "id",
    "name",
    "description",
    "categories",
    "staticOutput",
    "inputSchema",
    "outputSchema",
    "needs_credentials",
    "trigger",
    "uiType",
];
/// What a caller wants of a list.
#[derive(Debug, Clone, Copy, Default)]
pub struct Wanted<'a> {
    /// Only the blocks that these words are about, the nearest first.
    pub words: Option<&'a str>,
    /// At most this many.
    pub limit: Option<usize>,
    /// Only these fields, separated by commas, in this order.
    pub fields: Option<&'a str>,
}

/// Why there is no such list.
#[derive(Debug, Error)]
pub enum Unlisted {
    #[error("no block has the field {field}")]
    UnknownField {
        /// Cut.
        field: String,
        /// The fields that there are, separated by commas.
        known: String,
    },
    #[error(transparent)]
    Meanings(#[from] CatalogueError),
    #[error("the list cannot be written: {0}")]
    Unwritable(#[from] serde_json::Error),
}

/// What is wanted of `blocks`, a JSON array of whatever objects a generator calls blocks.
pub fn listed(blocks: &RawValue, wanted: &Wanted<'_>) -> Result<Box<RawValue>, Unlisted> {
    let mut entries = json::elements(blocks).unwrap_or_default();
    let fields = wanted.fields.filter(|fields| !fields.trim().is_empty());
    let fields = fields.map(|fields| known_fields(fields, &entries)).transpose()?;
    if let Some(words) = wanted.words.filter(|words| !words.trim().is_empty()) {
        let found = found(&entries, words)?;
        entries = found.into_iter().filter_map(|at| entries.get(at).copied()).collect();
    }
    entries.truncate(wanted.limit.unwrap_or(usize::MAX));
    let mut text = String::from("[");
    for entry in entries {
        text.push_str(if text.len() > 1 { "," } else { "" });
        match &fields {
            Some(fields) => write_fields(&mut text, entry, fields),
            None => text.push_str(entry.get()),
        }
    }
    text.push(']');
    Ok(RawValue::from_string(text)?)
}

/// The places of the entries that the words are about, the nearest first.
fn found(entries: &[&RawValue], words: &str) -> Result<Vec<usize>, CatalogueError> {
    let catalogue = Catalogue::of_names(entries.iter().map(|entry| {
        let block = Object::of(entry).unwrap_or_default();
        let text = |name| block.string(name).map(Cow::into_owned).unwrap_or_default();
        (text("name"), text("description"))
    }))?;
    Ok(Search::of(&catalogue, |_| Vec::new()).ranked(&catalogue, words))
}

/// The fields that are asked for, each once. Fails on one that no entry has.
fn known_fields<'a>(asked: &'a str, entries: &[&RawValue]) -> Result<Vec<&'a str>, Unlisted> {
    let mut fields: Vec<&str> = Vec::new();
    for field in asked.split(',').map(str::trim).filter(|field| !field.is_empty()) {
        if !fields.contains(&field) {
            fields.push(field);
        }
        // More than there are: one of them is unknown.
        if fields.len() > 1000 {
            break;
        }
    }
    if fields.iter().all(|field| FIELDS.contains(field)) {
        return Ok(fields);
    }
    let mut known: Vec<&str> = FIELDS.to_vec();
    let objects: Vec<Object<'_>> = entries.iter().filter_map(|entry| Object::of(entry)).collect();
    let others: BTreeSet<&str> = objects.iter().flat_map(Object::entries).map(|(name, _)| name).collect();
    known.extend(others.iter().filter(|name| !FIELDS.contains(name)));
    match fields.iter().find(|field| !FIELDS.contains(field) && !others.contains(*field)) {
        None => Ok(fields),
        Some(field) => {
            let field = field.chars().filter(|c| !c.is_control()).collect::<String>();
            let known = known.join(", ");
            Err(Unlisted::UnknownField {
                field: first_chars(&field, 60).to_owned(),
                known: first_chars(&known, 600).to_owned(),
            })
        }
    }
}

/// An entry with these fields, as far as it has them; one that is not an object stays as it is.
fn write_fields(text: &mut String, entry: &RawValue, fields: &[&str]) {
    let Some(block) = Object::of(entry) else { return text.push_str(entry.get()) };
    let start = text.len();
    for (name, value) in fields.iter().filter_map(|name| Some((name, block.get(name)?))) {
        let separator = if text.len() == start { '{' } else { ',' };
        // Writing into a string cannot fail.
        let _ = write!(text, "{separator}{}:{}", serde_json::Value::from(*name), value.get());
    }
    text.push_str(if text.len() == start { "{}" } else { "}" });
}
