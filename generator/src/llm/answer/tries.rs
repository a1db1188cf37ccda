//! Attempts to read JSON at many places of a text, at a cost that grows with its length alone.

use super::lenient::{self, Read, Stop};

/// Failed attempts may cost as many bytes as the text has, and this many more.
const FREE: usize = 64 * 1024;
/// What an attempt costs that fails at once, in bytes.
const TRY: usize = 16;

#[derive(Debug)]
pub(super) struct Tries<'a> {
    text: &'a str,
    left: usize,
}

impl<'a> Tries<'a> {
    pub(super) fn of(text: &'a str) -> Self {
        Self { text, left: FREE + text.len() }
    }

    /// `None` if the attempts that failed have cost too much.
    pub(super) fn read(&mut self, start: usize) -> Option<Result<Read, Stop>> {
        let read = (self.left > 0).then(|| lenient::read(self.text, start))?;
        if let Err(stop) = &read {
            self.left = self.left.saturating_sub(TRY + stop.at - start);
        }
        Some(read)
    }
}
