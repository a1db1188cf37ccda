//! The log of an operation: what has happened to it so far, for a caller who watches it.
//!
//! The first entry (`accepted`) and the last one are part of the operation's own record and are derived from it when
//! the log is read: neither costs a write, and neither can be missing. A worker tells the entries between them by
//! `Teller`, a generator that has taken the job over by [`report`], and a [`ProgressLog`] keeps them. [`watch`] answers
//! a caller who asks again and again, [`Follow`] serves one who listens.

/// The number of an entry before the end, at most. The last two of 200 are for the closing words and the end.
const LAST_TOLD: u32 = 198;

mod asked;
mod entry;
mod follow;
mod log;
mod read;
mod report;
mod teller;
mod watch;

pub(crate) use self::teller::Teller;
pub use self::{
    entry::{Entry, Told},
    follow::{Begun, Follow},
    log::{Appended, ProgressLog},
    read::LogReader,
    report::{Reported, parse_events, report},
    watch::{Watch, WatchAnswer, only_watch, watch},
};
