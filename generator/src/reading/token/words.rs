//! Where a word, or a piece without blanks, ends.

use super::numbers::written;

/// "u.s", "e.g"
pub(super) fn initials(word: &str) -> bool {
    word.contains('.') && word.split('.').all(|part| part.chars().count() == 1 && part.starts_with(char::is_alphabetic))
}

pub(super) fn is_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_' || matches!(c, '\u{300}'..='\u{36f}')
}

/// How far a piece may reach that is a value or several words with signs between them.
pub(super) fn reach(open: &str) -> usize {
    let mut chars = open.char_indices().peekable();
    let mut before = ' ';
    while let Some((at, c)) = chars.next() {
        let next = chars.peek().map_or(' ', |(_, next)| *next);
        let fits = is_word(c)
            || matches!(
                c,
                '-' | '.' | '@' | '#' | '/' | '\'' | '’' | ':' | '%' | '+' | '&' | '~' | '=' | '$' | '°' | '?'
            )
            || matches!(c, '€' | '£' | '¥' | '₹')
            || (c == ',' && before.is_ascii_digit() && next.is_ascii_digit());
        if !fits {
            return at;
        }
        if c == ':' && open.get(at..).is_some_and(|rest| rest.starts_with("://")) {
            // "from:https://…": the address begins before it.
            let before = open.get(..at).unwrap_or_default().trim_end_matches(|c: char| c.is_ascii_alphabetic()).len();
            return if before == 0 { at } else { before };
        }
        before = c;
    }
    open.len()
}

/// The length of the word at the start: letters, digits, and hyphens, apostrophes and full stops within it.
pub(super) fn word(rest: &str) -> usize {
    let mut chars = rest.char_indices().peekable();
    let mut before: Option<char> = None;
    while let Some((at, c)) = chars.next() {
        let next = chars.peek().map(|(_, next)| *next);
        let between = before.is_some_and(is_word) && next.is_some_and(is_word);
        let fits = is_word(c)
            || (between && matches!(c, '\'' | '’'))
            || (between && c == '-' && !(next.is_some_and(|c| c.is_ascii_digit()) && range(rest, at)))
            || (between && c == '.' && dotted(rest, at, before, next));
        if !fits {
            return at;
        }
        before = Some(c);
    }
    rest.len()
}

/// "3-5", "9am-5pm": two values, no word.
fn range(rest: &str, at: usize) -> bool {
    let left = rest.get(..at).unwrap_or_default();
    left.len() < 8 && written(left).is_some()
}

/// "node.js", "gpt-4.1", "report.pdf", not "done.Then".
fn dotted(rest: &str, at: usize, before: Option<char>, next: Option<char>) -> bool {
    let after = rest.get(at + 1..).unwrap_or_default();
    let length = after.find(|c: char| !c.is_alphanumeric()).unwrap_or(after.len());
    next.is_some_and(|next| next.is_ascii_digit())
        || before.is_some_and(|before| before.is_ascii_digit())
        || (length < 5 && next.is_some_and(|next| !next.is_uppercase()))
        || length == 1
}
