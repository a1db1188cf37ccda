//! What is hidden, and what stands in its place.

/// Stands in the folded copy for a placeholder that is already in the text. No cleaned text holds it otherwise.
pub(crate) const MASKED: char = '\u{fffc}';

/// A placeholder.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Kind(pub(crate) &'static str);

impl Kind {
    pub(crate) const URL: Self = Self("[url]");
    pub(crate) const HOST: Self = Self("[host]");
    pub(crate) const IP: Self = Self("[ip]");
    pub(crate) const PATH: Self = Self("[path]");
    pub(crate) const EMAIL: Self = Self("[email]");
    pub(crate) const USER: Self = Self("[user]");
    pub(crate) const SECRET: Self = Self("[secret]");
    pub(crate) const PORT: Self = Self("[port]");
    /// Nothing to hide: keeps later detectors from matching this part.
    pub(crate) const PLAIN: Self = Self("");

    pub(crate) const HIDING: [Self; 8] =
        [Self::URL, Self::HOST, Self::IP, Self::PATH, Self::EMAIL, Self::USER, Self::SECRET, Self::PORT];

    /// A part of this kind, unless it is empty.
    pub(crate) fn part(self, start: usize, end: usize) -> Option<Found> {
        (end > start).then_some(Found { start, end, kind: self })
    }
}

/// A part of a text, in positions of its folded copy; `end` is exclusive. `start` may lie after the position that the
/// detector was called with, as when a key is kept and only its value hidden.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Found {
    pub(crate) start: usize,
    pub(crate) end: usize,
    pub(crate) kind: Kind,
}
