//! Agents that callers keep (CONTRACT 10): a head for each agent, its immutable versions, and their texts, each stored once.
//!
//! [`ports::Library`] is what a store must do; [`saver`] saves what a generator has made. [`memory`] does it for tests, the crate `agent-library-aws` on DynamoDB and S3; both
//! pass the same tests. Everything is kept under its owner, and nothing is found under another.

pub mod cursor;
pub mod head;
pub mod index;
pub mod interface;
pub mod memory;
pub mod ports;
pub mod profile;
pub mod saver;
pub mod search;
pub mod version;
