//! Which output of a block others go on with.

use crate::{
    catalogue::{Block, ERROR_OUTPUT, schema::Types},
    knowledge::{Knowledge, Knows},
    plan::wording::english::plural,
};

/// The output that holds everything, and the one that hands out entries.
pub(in crate::plan) fn outputs(
    known: &Knowledge,
    block: &Block,
    knows: Option<&Knows>,
) -> Option<(String, Option<String>)> {
    let each = knows.and_then(|knows| knows.each.clone());
    if let Some(all) = knows.and_then(|knows| knows.all.clone()) {
        return Some((all, each));
    }
    let all: Vec<(&str, Types)> = block
        .output_schema()
        .properties
        .iter()
        .filter(|(name, _)| *name != ERROR_OUTPUT)
        .map(|(name, schema)| (name, schema.kind()))
        .collect();
    // "posts" with "post" one by one.
    let pair = all.iter().find_map(|(name, _)| {
        let list = plural(name);
        all.iter()
            .any(|(other, types)| *other == list && other != name && types.is_within(Types::ARRAY))
            .then(|| (list, Some((*name).to_owned())))
    });
    let told = || {
        all.iter()
            .map(|(name, _)| *name)
            .filter_map(|name| Some((known.tells(name)?, name)))
            .min()
            .map(|(_, name)| name)
    };
    let first = || {
        all.iter().map(|(name, _)| *name).find(|name| !["id", "ids", "Id", "Ids"].iter().any(|end| name.ends_with(end)))
    };
    pair.or_else(|| told().or_else(first).or(all.first().map(|(name, _)| *name)).map(|name| (name.to_owned(), each)))
}
