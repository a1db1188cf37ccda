//! The Model Context Protocol: message in, answer out, with everything in memory.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "in a test a panic is the report")]

mod agents;
mod assistant;
mod background;
mod http;
mod protocol;
mod schema;
mod size;
mod world;
