//! The blocks that agents are built from: looked up by id, by name and by meaning.

mod block;
mod derived;
mod embedded;
mod fields;
mod later;
mod lookup;
mod meaning;
mod meanings;
mod names;
mod nearest;
mod ranking;
mod reading;
pub mod schema;
mod search;
mod services;
mod shelf;
pub mod special;
mod verbs;

pub use self::{
    block::{Block, ERROR_OUTPUT},
    lookup::Catalogue,
    meaning::{Action, Meaning},
    reading::CatalogueError,
    schema::{ENTRY, NESTED, outer_field},
    shelf::Blocks,
};
pub(crate) use self::{
    names::{letters, singular, stem, words_of_name},
    search::Search,
    shelf::EMBEDDED,
};
