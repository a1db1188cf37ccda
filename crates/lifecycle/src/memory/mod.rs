//! The ports in memory, for tests. Every adapter can be told to fail.

mod faults;
mod platform;
mod queues;
mod sample;
mod store;
mod table;

pub use faults::Call;
pub use platform::MemoryPlatform;
pub use queues::{MemoryEvents, MemoryQueue};
pub use sample::new_operation;
pub use store::MemoryStore;
