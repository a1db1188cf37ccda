//! The input, cleaned, with a folded copy for the detectors.

use super::{
    clean::clean,
    decode::{folded, placeholder},
    fold::fold,
};

/// Stands in the folded copy for a placeholder that is already in the text. No cleaned text holds it otherwise.
pub(super) const MASKED: char = '\u{fffc}';

/// Stands for a space that was written encoded. It parts words, but ends neither a URL nor a password.
pub(super) const GAP: char = '␠';

/// Characters of `%3C`.
pub(super) const PERCENT_ENCODED: usize = 3;

/// Where the window ends inside a text, what stands there may be half of something or lack the words that tell what it
/// is. This many characters are looked at and never shown.
const UNSHOWN_EDGE: usize = 512;

/// One character of the folded copy and the part of the cleaned text it stands for.
#[derive(Clone, Copy, Debug)]
pub(super) struct Glyph {
    pub(super) ch: char,
    pub(super) start: usize,
    pub(super) end: usize,
}

/// A piece of the result that is kept or left out as a whole.
pub(super) enum Piece {
    One(char),
    Whole(&'static str),
}

impl Piece {
    /// In characters; placeholders are ASCII.
    pub(super) const fn len(&self) -> usize {
        match self {
            Self::One(_) => 1,
            Self::Whole(text) => text.len(),
        }
    }

    /// The text of the piece. A line break inside the text becomes a space here, at the last moment.
    pub(super) fn as_text(&self) -> String {
        match self {
            Self::One('\n') => String::from(' '),
            Self::One(c) => String::from(*c),
            Self::Whole(text) => String::from(*text),
        }
    }
}

/// A cleaned text and its folded copy. Positions count characters of the folded copy.
pub(super) struct Text {
    clean: Vec<char>,
    glyphs: Vec<Glyph>,
    /// Where what may not be shown begins: before the end of a cut text, at the end of any other.
    edge: usize,
    /// How many characters were looked at: what shows that the work is linear, on any machine.
    #[cfg(test)]
    looked: std::cell::Cell<usize>,
}

impl Text {
    /// Reads at most `window` characters.
    pub(super) fn read(text: &str, window: usize) -> Self {
        let (clean, cut) = clean(text, window);
        let glyphs = folded(&clean);
        let edge = glyphs.len().saturating_sub(if cut { UNSHOWN_EDGE } else { 0 });
        Self {
            clean,
            glyphs,
            edge,
            #[cfg(test)]
            looked: std::cell::Cell::default(),
        }
    }

    /// How many characters were looked at so far, each time counted.
    #[cfg(test)]
    pub(super) fn looked(&self) -> usize {
        self.looked.get()
    }

    pub(super) const fn len(&self) -> usize {
        self.glyphs.len()
    }

    /// Where what is looked at and not shown begins.
    pub(super) const fn edge(&self) -> usize {
        self.edge
    }

    /// Whether the input was longer than the window.
    pub(super) const fn is_cut(&self) -> bool {
        self.edge < self.glyphs.len()
    }

    /// The folded character at a position; NUL, which no cleaned text holds, beyond the end.
    pub(super) fn at(&self, position: usize) -> char {
        #[cfg(test)]
        self.looked.set(self.looked.get() + 1);
        self.glyphs.get(position).map_or('\0', |glyph| glyph.ch)
    }

    /// The folded character before a position; NUL at the start.
    pub(super) fn before(&self, position: usize) -> char {
        position.checked_sub(1).map_or('\0', |before| self.at(before))
    }

    /// How many cleaned characters a folded one stands for: more than one where it was written escaped.
    pub(super) fn width(&self, position: usize) -> usize {
        self.glyphs.get(position).map_or(0, |glyph| glyph.end - glyph.start)
    }

    /// Whether something can begin here: anywhere but inside a run of letters, digits and underscores.
    pub(super) fn is_boundary(&self, position: usize) -> bool {
        !(is_word(self.at(position)) && is_word(self.before(position)))
    }

    /// The first position at or behind `from` whose character does not fit, at most `most` characters on.
    pub(super) fn skip(&self, from: usize, most: usize, fits: impl Fn(char) -> bool) -> usize {
        let mut end = from;
        while end - from < most && end < self.len() && fits(self.at(end)) {
            end += 1;
        }
        end
    }

    /// Behind any white space.
    pub(super) fn skip_space(&self, from: usize) -> usize {
        self.skip(from, 16, is_space)
    }

    /// The folded text of a part, in lower case.
    pub(super) fn lower(&self, start: usize, end: usize) -> String {
        (start..end).map(|position| self.at(position).to_ascii_lowercase()).collect()
    }

    /// The folded text of a part.
    pub(super) fn exact(&self, start: usize, end: usize) -> String {
        (start..end).map(|position| self.at(position)).collect()
    }

    /// Whether `expected` (ASCII) stands at a position, in any case.
    pub(super) fn has(&self, position: usize, expected: &str) -> bool {
        expected.chars().enumerate().all(|(offset, c)| self.at(position + offset).eq_ignore_ascii_case(&c))
    }

    /// Whether `expected` stands at a position, as folded itself, in lower case or with a capital.
    pub(super) fn folds_to(&self, position: usize, expected: &str) -> bool {
        let same = |(offset, c): (usize, char)| self.at(position + offset).to_lowercase().eq(fold(c).to_lowercase());
        expected.chars().enumerate().all(same)
    }

    /// The position behind the word that begins at `from`: letters of any script, digits, `_` and `-`.
    pub(super) fn word_end(&self, from: usize) -> usize {
        self.skip(from, 64, |c| c.is_alphanumeric() || matches!(c, '_' | '-'))
    }

    /// The word that ends before `position`, white space between, in lower case; empty where there is none.
    pub(super) fn word_before(&self, position: usize) -> (usize, String) {
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

    /// `end`, moved back over the punctuation that closes a sentence or a bracket rather than a value: none that was
    /// written as `%21`.
    pub(super) fn trimmed(&self, start: usize, mut end: usize) -> usize {
        let closes = |c: char| matches!(c, '.' | ',' | ';' | ':' | '!' | '?' | ')' | ']' | '}' | '>' | '…');
        while end > start && closes(self.before(end)) && self.width(end - 1) != PERCENT_ENCODED {
            end -= 1;
        }
        end
    }

    /// The cleaned characters that the folded ones from `start` to `end` stand for. A placeholder is one piece.
    pub(super) fn plain(&self, start: usize, end: usize) -> impl Iterator<Item = Piece> {
        let glyphs = self.glyphs.get(start..end).unwrap_or_default();
        glyphs.iter().flat_map(|glyph| {
            let written = self.clean.get(glyph.start..glyph.end).unwrap_or_default();
            let whole = if glyph.ch == MASKED { placeholder(written) } else { None };
            let single = if whole.is_some() { &[] } else { written };
            whole.map(|kind| Piece::Whole(kind.placeholder())).into_iter().chain(single.iter().map(|c| Piece::One(*c)))
        })
    }
}

/// Letters, digits and the underscore of ASCII: what a name in a program is made of.
pub(super) const fn is_word(c: char) -> bool {
    c.is_ascii_alphanumeric() || c == '_'
}

/// White space, encoded or not.
fn is_space(c: char) -> bool {
    c.is_whitespace() || c == GAP
}

/// Quotation marks, as folded.
pub(super) const fn is_quote(c: char) -> bool {
    matches!(c, '"' | '\'' | '`')
}
