//! Parses request bodies.

mod fields;
mod goal;

pub use self::{
    fields::{Field, Fields, Kind, LibraryAgents},
    goal::{Changes, Description, Goal},
};
