//! Long-running work (CONTRACT 6 and 7): accepted at once, done in the background, ended exactly once.
//!
//! An operation is a [`record`] in a store. Every change of state is one conditional write, so if two parties end an
//! operation, the first wins and the second is told. [`ports`] lists what a platform provides; [`memory`] is the
//! adapter for tests, the crate `lifecycle-aws` the one for AWS.
//!
//! - [`durable`]: turns a [`job`] into a function and picks the mode of each request ([`request_options`], [`headers`])
//! - [`start`]: accepts an operation; [`work`]: a worker runs it, spared by the [`breaker`] while the generator is down
//! - [`idempotent`]: runs an operation within its request and replays the answer to a repeat
//! - [`sweep`]: looks after what nobody else looks after
//! - [`complete`]: applies what a generator reports later, [`save`] saves it; [`cancel`]: stops an operation for its caller
//! - [`end`]: stores the outcome and announces it
//! - [`progress`]: keeps what a worker tells meanwhile, for a caller who watches
//! - [`status`], [`task`] and [`list`]: answer the caller; [`callback`]: which webhook addresses are allowed; [`settings`]: times and limits

pub mod breaker;
pub mod callback;
pub mod cancel;
pub mod complete;
pub mod durable;
pub mod end;
mod fingerprint;
pub mod headers;
pub mod heads;
pub mod idempotent;
pub mod job;
mod job_message;
mod lease;
pub mod list;
pub mod memory;
pub mod ports;
pub mod progress;
pub mod record;
pub mod request_options;
pub mod save;
pub mod settings;
pub mod start;
pub mod status;
pub mod sweep;
pub mod task;
mod transitions;
pub mod work;
