//! Work that outlives a request: CONTRACT 6 and 7.
//!
//! [`record`] is what is known of an operation, [`ports`] what operations need of a platform ([`memory`] is one for
//! tests). A change of state is one conditional write: of two that end an operation one is first, and the other learns
//! it.
//!
//! [`request_options`] is what a caller asks beside the work, [`start`] accepts it, [`work`] does it behind a queue and
//! [`remembered`] within the request, [`complete`] takes what a generator reports later, [`end`] announces the end, and
//! [`status`] answers the caller. The work itself is a [`job`]; [`durable`] turns it into a function. [`callback`] has
//! the rules for the addresses of webhooks.

pub mod breaker;
pub mod callback;
pub mod complete;
pub mod durable;
pub mod end;
mod fingerprint;
pub mod headers;
pub mod job;
mod job_message;
mod lease;
pub mod memory;
pub mod ports;
pub mod record;
pub mod remembered;
pub mod request_options;
pub mod settings;
pub mod start;
pub mod status;
mod transitions;
pub mod work;
