//! Work that outlives a request: CONTRACT 6 and 7.
//!
//! [`record`] is what is known of an operation, [`ports`] what it needs of a platform. A change of state is one
//! conditional write, so that of two who end an operation one is the first, and the other learns it.
//!
//! [`wish`] is what a caller asks beside the work, [`start`] accepts it, [`work`] does it behind a queue and
//! [`remembered`] within the request, [`complete`] takes what a generator reports later, [`end`] tells the world, and
//! [`status`] the caller. The work itself is a [`job`].

#[cfg(feature = "aws")]
pub mod aws;
pub mod breaker;
pub mod complete;
pub mod durable;
pub mod end;
mod fingerprint;
pub mod headers;
pub mod job;
mod job_message;
mod lease;
#[cfg(feature = "testing")]
pub mod memory;
pub mod ports;
pub mod record;
pub mod remembered;
pub mod settings;
pub mod start;
pub mod status;
#[cfg(any(feature = "aws", feature = "testing"))]
mod transitions;
pub mod wish;
pub mod work;
