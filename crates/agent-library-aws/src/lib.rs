//! The library of agents on DynamoDB and S3.
//!
//! An agent is a partition: its head, an item for each version, and one for each text, which holds the text or, if that is
//! long, says where in the bucket it is. A save is one transaction of the three. A long text is in the bucket before that, under
//! a key that nobody has used before: whatever dies in between, no version lacks its text, and the sweep
//! finds a text that no version has.

mod faults;
mod items;
mod list;
mod shelf;
mod store;
mod sweep;
mod texts;
mod transfer;
mod wiring;
mod write;

pub use self::{
    shelf::Shelf,
    wiring::{library, store},
};
