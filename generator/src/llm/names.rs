//! Blocks and their fields by the names that models give them. What may be two things is nothing.

use crate::catalogue::{Block, Catalogue, NESTED, letters, special};

/// A block by its id or by any spelling of its name, with or without `Block`; never an agent's own block, which needs an
/// agent to run.
pub(crate) fn block<'c>(catalogue: &'c Catalogue, name: &str) -> Option<&'c Block> {
    let name = name.trim().trim_matches(['`', '"', '\'']);
    let find = |name: &str| catalogue.by_id(name).or_else(|| catalogue.by_name(name));
    // "ReadRSSFeedBlock (Read RSS feed)"
    let found = find(name).or_else(|| find(name.split_once('(')?.0.trim()));
    found.filter(|block| block.id != special::AGENT_EXECUTOR)
}

/// An input as the block spells it; as given if the block has none like it.
pub(super) fn input(block: &Block, name: &str) -> String {
    let fields = block.input_schema().properties.iter().map(|(name, _)| name);
    spelt(name, |name| block.input_type(name).is_some(), fields)
}

/// Like [`input`], for an output.
pub(super) fn output(block: &Block, name: &str) -> String {
    let fields = block.output_schema().properties.iter().map(|(name, _)| name);
    spelt(name, |name| block.output_type(name).is_some(), fields)
}

/// The output of a block that has one, apart from its error.
pub(super) fn only_output(block: &Block) -> Option<String> {
    let mut outputs = block
        .output_schema()
        .properties
        .iter()
        .map(|(name, _)| name)
        .filter(|name| *name != crate::catalogue::ERROR_OUTPUT);
    let first = outputs.next()?;
    outputs.next().is_none().then(|| first.to_owned())
}

fn spelt<'b>(name: &str, is_field: impl Fn(&str) -> bool, fields: impl Iterator<Item = &'b str>) -> String {
    if is_field(name) {
        return name.to_owned();
    }
    let (whole, part) = name
        .split_once(NESTED)
        .or_else(|| name.split_once('.'))
        .map_or((name, None), |(whole, part)| (whole, Some(part)));
    let said = letters(whole);
    let mut same = fields.filter(|field| !said.is_empty() && letters(field) == said);
    let whole = match (same.next(), same.next()) {
        (Some(field), None) => field,
        _ => whole,
    };
    let right = part.map_or_else(|| whole.to_owned(), |part| format!("{whole}{NESTED}{}", part.replace('.', NESTED)));
    if is_field(&right) { right } else { name.to_owned() }
}
