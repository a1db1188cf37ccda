//! Blocks to build with.

use std::borrow::Cow;

use generator::workbench::{BlockPage, Described, FindBlocks};
use serde::Serialize;
use serde_json::Value;
use shared::{action::Action, json, port::AgentGenerator, refusal::Refusal};

use super::{arguments::Arguments, making::failed_as, outcome::Outcome};
use crate::{Mcp, answer::written};

/// In bytes: a list of blocks that fills a context is of no use.
const PAGE: usize = 8 * 1024;
const DEFAULT_LIMIT: u32 = 10;

#[derive(Serialize)]
struct Found {
    blocks: Vec<Value>,
    found: usize,
    /// The cursor of the next page.
    next: Option<String>,
}

impl<G: AgentGenerator + ?Sized> Mcp<G> {
    pub(super) fn find_blocks(&self, arguments: &Arguments<'_>) -> Result<Outcome, Refusal> {
        let (query, cursor) = (arguments.text("query").unwrap_or_default(), arguments.text("cursor"));
        let after = cursor.map(|cursor| cursor.parse()).transpose();
        let after = after.map_err(|_| arguments.wrong("cursor has to be next of the page before"))?;
        let limit = usize::try_from(arguments.number("limit").unwrap_or(DEFAULT_LIMIT)).unwrap_or(usize::MAX);
        let fields = texts(arguments, "fields");
        let fields: Vec<&str> = fields.iter().map(|field| &**field).collect();
        let wanted = FindBlocks { query: &query, limit, after: after.unwrap_or(0), fields: &fields, most: PAGE };
        let page = self.workbench.find_blocks(&wanted).map_err(failed_as(Action::Catalog))?;
        let BlockPage { blocks, found, next } = page.map_err(|fault| arguments.wrong(fault.to_string()))?;
        Ok(Outcome::Done(written(&Found { blocks, found, next: next.map(|next| next.to_string()) })?))
    }

    pub(super) fn describe_blocks(&self, arguments: &Arguments<'_>) -> Result<Outcome, Refusal> {
        let names = texts(arguments, "names");
        let names: Vec<&str> = names.iter().map(|name| &**name).collect();
        let described: Described = self.workbench.describe_blocks(&names, PAGE).map_err(failed_as(Action::Catalog))?;
        Ok(Outcome::Done(written(&described)?))
    }
}

/// The texts of a list; empty without one.
fn texts<'a>(arguments: &Arguments<'a>, name: &str) -> Vec<Cow<'a, str>> {
    let elements = arguments.raw(name).and_then(json::elements).unwrap_or_default();
    elements.into_iter().filter_map(json::string).collect()
}
