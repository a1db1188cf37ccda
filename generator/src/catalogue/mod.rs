//! The blocks that agents are built from: a typed view over `data/blocks.json`, looked up by id, name and meaning.

mod block;
mod fields;
mod lookup;
mod meaning;
mod names;
mod reading;
pub mod schema;
pub mod special;

pub(crate) use self::names::{letters, stem};
pub use self::{
    block::{Block, ERROR_OUTPUT},
    lookup::Catalogue,
    reading::CatalogueError,
    schema::{NESTED, outer_field},
};
