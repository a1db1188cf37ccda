//! What plans look like to the people who asked for them.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "in a test a panic is the report")]

mod coverage;
mod wiring;
mod words;
