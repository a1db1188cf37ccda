//! The input, cleaned, with a folded copy for the detectors.

use crate::{
    fold::{fold, is_cjk},
    read::{GAP, Glyph, clean, folded},
};

/// The longest URL, path, token or value followed to its end; a longer one goes on to the next white space.
pub(crate) const LONGEST_RUN: usize = 4096;

/// A cleaned text and its folded copy. Positions count characters of the folded copy.
pub(crate) struct Text {
    clean: Vec<char>,
    glyphs: Vec<Glyph>,
    /// Whether the input was longer than the window.
    pub(crate) is_cut: bool,
    /// How many characters were looked at: what shows that the work is linear, on any machine.
    #[cfg(test)]
    pub(crate) looked: std::cell::Cell<usize>,
}

impl Text {
    /// Reads at most `window` characters.
    pub(crate) fn read(text: &str, window: usize) -> Self {
        let (clean, is_cut) = clean(text, window);
        let glyphs = folded(&clean);
        Self {
            clean,
            glyphs,
            is_cut,
            #[cfg(test)]
            looked: std::cell::Cell::default(),
        }
    }

    pub(crate) const fn len(&self) -> usize {
        self.glyphs.len()
    }

    /// The folded character at a position; NUL, which no cleaned text holds, beyond the end.
    pub(crate) fn at(&self, position: usize) -> char {
        #[cfg(test)]
        self.looked.set(self.looked.get() + 1);
        self.glyphs.get(position).map_or('\0', |glyph| glyph.ch)
    }

    /// The folded character before a position; NUL at the start.
    pub(crate) fn before(&self, position: usize) -> char {
        position.checked_sub(1).map_or('\0', |before| self.at(before))
    }

    /// How many cleaned characters a folded one stands for: more than one where it was written escaped.
    pub(crate) fn width(&self, position: usize) -> usize {
        self.glyphs.get(position).map_or(0, |glyph| glyph.end - glyph.start)
    }

    /// Whether a character was written like `%3C`: then it may be part of a password.
    pub(crate) fn is_encoded(&self, position: usize) -> bool {
        self.width(position) == 3
    }

    /// Whether something can begin here: anywhere but inside a run of letters, digits and underscores.
    pub(crate) fn is_boundary(&self, position: usize) -> bool {
        !(is_word(self.at(position)) && is_word(self.before(position)))
    }

    /// The first position at or behind `from` whose character does not fit, at most `most` characters on.
    pub(crate) fn skip(&self, from: usize, most: usize, fits: impl Fn(char) -> bool) -> usize {
        let mut end = from;
        while end - from < most && end < self.len() && fits(self.at(end)) {
            end += 1;
        }
        end
    }

    /// Behind the letters and digits of ASCII, and the signs in `more`, that begin at `from`.
    pub(crate) fn run(&self, from: usize, most: usize, more: &str) -> usize {
        self.skip(from, most, |c| c.is_ascii_alphanumeric() || more.contains(c))
    }

    /// Behind the digits that begin at `from`.
    pub(crate) fn digits(&self, from: usize, most: usize) -> usize {
        self.skip(from, most, |c| c.is_ascii_digit())
    }

    /// Behind any white space.
    pub(crate) fn skip_space(&self, from: usize) -> usize {
        self.skip(from, 16, is_space)
    }

    /// The end of a run that begins at `from` and has no white space, quote or angle bracket in it. A run in Latin
    /// letters ends where Chinese, Japanese or Korean prose goes on without a space.
    pub(crate) fn run_end(&self, from: usize) -> usize {
        let foreign = is_cjk(self.at(from));
        let end = self.skip(from, LONGEST_RUN, |c| {
            !c.is_whitespace() && !matches!(c, '"' | '`' | '<' | '>' | '|') && (foreign || !is_cjk(c))
        });
        let end = self.trimmed(from, end);
        if self.before(end) == '\'' && end > from { self.trimmed(from, end - 1) } else { end }
    }

    /// The digits of a port and where they end: 1 to 5 of them behind a colon, and nothing that makes them a time, a
    /// version or a position.
    pub(crate) fn port_behind(&self, colon: usize) -> Option<usize> {
        let end = self.digits(colon + 1, 6);
        let decimal = matches!(self.at(end), '.' | ':' | '-' | ',') && self.at(end + 1).is_ascii_digit();
        let port = self.at(colon) == ':' && (2..=6).contains(&(end - colon)) && !is_word(self.at(end)) && !decimal;
        port.then_some(end)
    }

    /// The folded text of a part, in lower case.
    pub(crate) fn lower(&self, start: usize, end: usize) -> String {
        self.exact(start, end).to_ascii_lowercase()
    }

    /// The folded text of a part.
    pub(crate) fn exact(&self, start: usize, end: usize) -> String {
        (start..end).map(|position| self.at(position)).collect()
    }

    /// Whether `expected` (ASCII) stands at a position, in any case.
    pub(crate) fn has(&self, position: usize, expected: &str) -> bool {
        expected.chars().enumerate().all(|(offset, c)| self.at(position + offset).eq_ignore_ascii_case(&c))
    }

    /// Whether one of `expected` stands at a position.
    pub(crate) fn has_any(&self, position: usize, expected: &[&str]) -> bool {
        expected.iter().any(|expected| self.has(position, expected))
    }

    /// Whether `expected` stands at a position, as folded itself, in lower case or with a capital.
    pub(crate) fn folds_to(&self, position: usize, expected: &str) -> bool {
        let same = |(offset, c): (usize, char)| self.at(position + offset).to_lowercase().eq(fold(c).to_lowercase());
        expected.chars().enumerate().all(same)
    }

    /// The position behind the word that begins at `from`: letters of any script, digits, `_` and `-`.
    pub(crate) fn word_end(&self, from: usize) -> usize {
        self.skip(from, 64, |c| c.is_alphanumeric() || matches!(c, '_' | '-'))
    }

    /// The word that ends before `position`, white space between, in lower case; empty where there is none.
    pub(crate) fn word_before(&self, position: usize) -> (usize, String) {
        let mut end = position;
        while position - end < 16 && is_space(self.before(end)) {
            end -= 1;
        }
        let mut start = end;
        while end - start < 24 && self.before(start).is_alphanumeric() {
            start -= 1;
        }
        (start, self.lower(start, end))
    }

    /// `end`, moved back over the punctuation that closes a sentence or a bracket rather than a value.
    pub(crate) fn trimmed(&self, start: usize, mut end: usize) -> usize {
        while end > start && ".,;:!?)]}>…".contains(self.before(end)) && !self.is_encoded(end - 1) {
            end -= 1;
        }
        end
    }

    /// The cleaned text that the folded characters from `start` to `end` stand for, on one line.
    pub(crate) fn shown(&self, start: usize, end: usize) -> impl Iterator<Item = char> {
        let glyphs = self.glyphs.get(start..end).unwrap_or_default();
        let ends = glyphs.first().zip(glyphs.last());
        let written = ends.and_then(|(first, last)| self.clean.get(first.start..last.end));
        written.unwrap_or_default().iter().map(|c| if *c == '\n' { ' ' } else { *c })
    }
}

/// Letters, digits and the underscore of ASCII: what a name in a program is made of.
pub(crate) const fn is_word(c: char) -> bool {
    c.is_ascii_alphanumeric() || c == '_'
}

/// White space, encoded or not.
fn is_space(c: char) -> bool {
    c.is_whitespace() || c == GAP
}

/// Quotation marks, as folded.
pub(crate) const fn is_quote(c: char) -> bool {
    matches!(c, '"' | '\'' | '`')
}
