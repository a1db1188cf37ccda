//! Finds the quoted texts of a text in one walk.

use std::ops::Range;

use crate::reading::work::looked;

/// A quoted text: with its marks, and without.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Quote {
    pub(super) all: Range<usize>,
    pub(super) inner: Range<usize>,
}

/// Marks that close each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Family {
    Straight,
    Curly,
    Single,
    Guillemet,
    Backtick,
    Fence,
    Corner,
    WhiteCorner,
}

struct Mark {
    start: usize,
    end: usize,
    family: Family,
    opens: bool,
    closes: bool,
}

/// Words that begin with an apostrophe.
const ELIDED: [&str; 6] = ["til", "cause", "em", "tis", "twas", "n"];

/// The quoted texts, in order; none lies in another. A mark without a partner opens nothing: the next mark of its
/// family has to close it.
pub(super) fn quotes(text: &str) -> Vec<Quote> {
    let marks = marks(text);
    // For each mark, the next one of its family.
    let mut next: Vec<Option<usize>> = vec![None; marks.len()];
    let mut seen: Vec<(Family, usize)> = Vec::new();
    for (at, mark) in marks.iter().enumerate().rev() {
        let last = seen.iter_mut().find(|(family, _)| *family == mark.family);
        if let Some(slot) = next.get_mut(at) {
            *slot = last.as_ref().map(|(_, index)| *index);
        }
        match last {
            Some((_, index)) => *index = at,
            None => seen.push((mark.family, at)),
        }
    }
    let mut found: Vec<Quote> = Vec::new();
    let mut done = 0;
    for (mark, next) in marks.iter().zip(next) {
        looked(1);
        if mark.start < done || !mark.opens {
            continue;
        }
        let Some(close) = next.and_then(|next| marks.get(next)).filter(|close| close.closes) else { continue };
        let inner = mark.end..close.start;
        if text.get(inner.clone()).is_some_and(|inner| !inner.trim().is_empty()) {
            found.push(Quote { all: mark.start..close.end, inner });
            done = close.end;
        }
    }
    found
}

fn marks(text: &str) -> Vec<Mark> {
    let mut marks = Vec::new();
    let mut previous = None;
    let mut skip = 0;
    for (start, c) in text.char_indices() {
        looked(1);
        if start < skip {
            continue;
        }
        let rest = text.get(start..).unwrap_or_default();
        let (family, opener, closer) = match c {
            '"' | '＂' => (Family::Straight, false, false),
            '“' | '„' | '‟' => (Family::Curly, true, false),
            '”' => (Family::Curly, false, true),
            '\'' => (Family::Single, false, false),
            '‘' | '‚' => (Family::Single, true, false),
            '’' => (Family::Single, false, false),
            '«' | '‹' => (Family::Guillemet, true, false),
            '»' | '›' => (Family::Guillemet, false, true),
            '`' if rest.starts_with("```") => (Family::Fence, true, true),
            '`' => (Family::Backtick, false, false),
            '「' => (Family::Corner, true, false),
            '」' => (Family::Corner, false, true),
            '『' => (Family::WhiteCorner, true, false),
            '』' => (Family::WhiteCorner, false, true),
            _ => {
                previous = Some(c);
                continue;
            }
        };
        let end = start + if family == Family::Fence { 3 } else { c.len_utf8() };
        skip = end;
        let after = text.get(end..).unwrap_or_default();
        let next = after.chars().next();
        let blank_before = previous.is_none_or(char::is_whitespace);
        let word_before = previous.is_some_and(char::is_alphanumeric);
        let word_after = next.is_some_and(char::is_alphanumeric);
        let line_after = next.is_some_and(|next| matches!(next, '\n' | '\r'));
        let line_before = previous.is_some_and(|previous| matches!(previous, '\n' | '\r'));
        let touching = next.is_some_and(|next| !next.is_whitespace());
        let (mut opens, mut closes) = (
            opener || (!word_before && (touching || (line_after && family != Family::Single))),
            closer || (!word_after && (!blank_before || (line_before && family != Family::Single))),
        );
        if family == Family::Single {
            let elided = ELIDED
                .iter()
                .any(|word| after.strip_prefix(word).is_some_and(|rest| !rest.starts_with(char::is_alphanumeric)));
            opens &= !elided
                && (opener || word_after || next.is_some_and(|next| matches!(next, '[' | '{' | '<' | '#' | '@')));
            closes &= !(word_before && word_after);
        }
        // An apostrophe within a word, an inch: neither.
        if opens
            || (closes
                && !(family == Family::Straight && previous.is_some_and(|c| c.is_ascii_digit()) && !pending(&marks)))
        {
            marks.push(Mark { start, end, family, opens, closes });
        }
        previous = Some(c);
    }
    marks
}

/// Whether a straight quotation mark is open: only then does one after a digit close, and mean no inch.
fn pending(marks: &[Mark]) -> bool {
    marks.iter().rev().take(4).find(|mark| mark.family == Family::Straight).is_some_and(|mark| mark.opens)
}
