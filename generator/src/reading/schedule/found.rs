//! What is said of the time when something runs.

use super::{
    days::Days,
    every::{Part, Rhythm},
    hours::{Times, Window},
};
use crate::reading::Span;

/// How sure it is that a rhythm is the agent's.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Sure {
    /// A time of day and nothing else.
    Bare,
    /// "a weekly report": of something that the agent makes.
    Hint,
    /// "on weekdays": a rhythm, or a part of one.
    Days,
    Explicit,
}

#[derive(Debug, Clone, PartialEq)]
pub(super) enum What {
    Rhythm(Rhythm, Sure),
    Times(Times),
    Window(Window),
    /// "on Friday", "on the 15th": no rhythm, but a part of one.
    On(Option<Days>, Option<Part>, Vec<String>),
    /// "except on Sundays"
    Except(Days),
    Zone(String),
}

#[derive(Debug, Clone, PartialEq)]
pub(super) struct Found {
    pub(super) span: Span,
    pub(super) what: What,
    pub(super) sentence: usize,
}
