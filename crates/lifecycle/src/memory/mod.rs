//! The ports in memory, for tests. Every adapter can be told to fail.

mod faults;
mod platform;
mod queues;
mod store;
mod table;

pub use faults::Call;
pub use platform::MemoryPlatform;
pub use queues::{MemoryEvents, MemoryQueue};
pub use store::MemoryStore;
