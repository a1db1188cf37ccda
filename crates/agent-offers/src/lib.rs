//! The agents of a caller's own that are offered to the generator if the request names none (CONTRACT 3).
//!
//! [`Offering`] chooses them. [`offers::Offers`] is where they come from: [`index`] asks the library's table over this
//! workspace's own HTTP client, so that `decompose` links no AWS SDK; [`memory`] is for tests.

mod circle;
pub mod index;
pub mod memory;
mod offering;
pub mod offers;

pub use self::{circle::Editing, offering::Offering};
