//! The log of an operation: what has happened to it so far, for a caller who watches it.
//!
//! The first entry (`accepted`) and the last one are part of the operation's own record and are derived from it when
//! the log is read: neither costs a write, and neither can be missing. A worker tells the entries between them by
//! `Teller`, and a [`ProgressLog`] keeps them. [`watch`] answers the caller.

mod entry;
mod log;
mod teller;
mod watch;

pub(crate) use self::teller::Teller;
pub use self::{
    entry::{Entry, Told},
    log::ProgressLog,
    watch::{Watch, WatchAnswer, watch},
};
