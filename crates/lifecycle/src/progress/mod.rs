//! The log of an operation: what has happened to it so far, for a caller who watches it.
//!
//! The first entry (`accepted`) and the last one are part of the operation's own record and are derived from it when
//! the log is read: neither costs a write, and neither can be missing. A worker tells the entries between them by
//! `Teller`, and a [`ProgressLog`] keeps them. [`watch`] answers a caller who asks again and again, [`Follow`]
//! serves one who listens.

mod asked;
mod entry;
mod follow;
mod log;
mod read;
mod teller;
mod watch;

pub(crate) use self::teller::Teller;
pub use self::{
    entry::{Entry, Told},
    follow::{Begun, Follow},
    log::ProgressLog,
    read::LogReader,
    watch::{Watch, WatchAnswer, only_watch, watch},
};
