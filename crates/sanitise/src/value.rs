//! Where the value of a key begins and ends.

use super::{
    text::{GAP, PERCENT_ENCODED, Text, is_quote, is_word},
    words::{FILLERS, Role, SCHEMES},
};

/// The longest value followed to its end.
const LONGEST: usize = 4096;

/// What stands between a key and its value.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Link {
    /// `=`, `=>`, an XML tag or a command-line option: a value follows.
    Equals,
    /// `:`: a value, or a sentence about the key.
    Colon,
    /// `is`, `was`, `provided`: likewise.
    Words,
    /// White space.
    Space,
}

/// A value without its quotes.
#[derive(Clone, Copy)]
pub(super) struct Value {
    pub(super) start: usize,
    pub(super) end: usize,
    pub(super) quoted: bool,
}

/// What links the key to a value, and where the value begins.
pub(super) fn link(text: &Text, key: usize, key_end: usize) -> Option<(Link, usize)> {
    let quote = text.before(key);
    let mut after = key_end;
    if is_quote(quote) && text.at(after) == quote {
        after += 1;
    }
    if text.at(after) == ']' && is_quote(quote) {
        after += 1;
    }
    if quote == '<' && text.at(after) == '>' {
        return Some((Link::Equals, after + 1));
    }
    let sign = text.skip_space(after);
    if text.at(sign) == '=' || text.at(sign) == ':' && matches!(text.at(sign + 1), '=' | '>') {
        return Some((Link::Equals, text.skip_space(text.skip(sign, 3, |c| matches!(c, '=' | '>' | ':')))));
    }
    if matches!(text.at(sign), ':' | '→') || text.at(sign) == '-' && text.at(sign + 1) == '>' {
        let value = text.skip_space(text.skip(sign, 2, |c| matches!(c, ':' | '→' | '-' | '>')));
        return Some((Link::Colon, value));
    }
    if sign == after {
        return None;
    }
    if quote == '-' && text.before(key - 1) == '-' {
        return Some((Link::Equals, sign));
    }
    let mut start = sign;
    for _ in 0..3 {
        let end = text.word_end(start);
        if !FILLERS.contains(&text.lower(start, end)) {
            break;
        }
        start = text.skip_space(end + usize::from(matches!(text.at(end), ':' | '=')));
    }
    Some((if start == sign { Link::Space } else { Link::Words }, start))
}

/// The value that begins at a position. Passed over: opening brackets, the letter before a Python string, two of three
/// quotes, and the sign before a block of YAML.
pub(super) fn value(text: &Text, start: usize, role: Role, link: Link) -> Option<Value> {
    let mut start = text.skip(start, 3, |c| matches!(c, '(' | '[' | '<'));
    if matches!(text.at(start), 'b' | 'u' | 'r' | 'f') && is_quote(text.at(start + 1)) {
        start += 1;
    }
    let block = text.skip(start, 3, |c| matches!(c, '|' | '>' | '-' | '+'));
    if block > start && text.at(block) == '\n' {
        start = block + 1;
    }
    if text.at(start) == '{' && link == Link::Equals {
        return braced(text, start + 1);
    }
    let quote = text.at(start);
    if is_quote(quote) && text.skip(start, 3, |c| c == quote) == start + 3 {
        start += 2;
    }
    if is_quote(quote) {
        // A quote inside a quote is written with one backslash more than the one that opened.
        let width = text.width(start);
        let mut end = start + 1;
        while end < text.len() && end - start < LONGEST && !(text.at(end) == quote && text.width(end) <= width) {
            end += 1;
        }
        // A quote that is not closed within reach, or within what is read, is closed later.
        if text.at(end) == quote || end - start >= LONGEST || end == text.len() && text.is_cut() {
            return (end > start + 1).then_some(Value { start: start + 1, end, quoted: true });
        }
        start += 1;
    }
    if matches!(text.at(start), '{' | '}' | ']' | ')' | ',') {
        return None;
    }
    let passphrase = role == Role::Passphrase && link != Link::Space;
    let sentence = text.before(start) == GAP;
    let mut end = start;
    while end < text.len() && end - start < LONGEST {
        let c = text.at(end);
        // A space that was written encoded may be one of the password's, unless the whole sentence is encoded.
        let encoded = c == GAP && sentence;
        let blank = c == '\n' || (c.is_whitespace() || encoded) && !passphrase;
        let mark = c == '<' || c == '"' && end > start || matches!(c, ';' | '&' | ',') && ends_value(text, end + 1);
        // So may a sign that was written as `%3C`.
        if blank || mark && text.width(end) != PERCENT_ENCODED {
            break;
        }
        end += 1;
    }
    let close = text.trimmed(start, end);
    let close = if text.before(close) == '\'' && close > start { text.trimmed(start, close - 1) } else { close };
    // `***)` and `x!!` are values as well: what was trimmed away belongs to a value of nothing else.
    let end = if close == start { end } else { close };
    (end > start).then_some(Value { start, end, quoted: false })
}

/// A value in the braces of ODBC, in which a closing brace is written twice.
fn braced(text: &Text, start: usize) -> Option<Value> {
    let mut end = start;
    while end - start < LONGEST && !matches!(text.at(end), '\0' | '\n' | '{') {
        if text.at(end) == '}' {
            if text.at(end + 1) != '}' {
                return (end > start).then_some(Value { start, end, quoted: true });
            }
            end += 1;
        }
        end += 1;
    }
    None
}

/// Whether a value ends before the separator that stands before `next`: white space or another key follows.
fn ends_value(text: &Text, next: usize) -> bool {
    let c = text.at(next);
    let word = text.skip(next, 32, |c| is_word(c) || matches!(c, '-' | ' ' | '.'));
    let shortest = if text.before(next) == ',' { 4 } else { 1 };
    let written = |position: usize| text.width(position) != PERCENT_ENCODED;
    c == '\0'
        || c.is_whitespace()
        || (is_quote(c) || matches!(c, '}' | ']')) && written(next)
        || word >= next + shortest && matches!(text.at(word), '=' | ':') && written(word)
}

/// The end of a header's value: behind the scheme's token and the `k=v` parts that follow it.
pub(super) fn header_end(text: &Text, value: Value) -> usize {
    let mut end = value.end;
    if value.quoted {
        return end;
    }
    if SCHEMES.contains(&text.lower(value.start, value.end)) {
        let token = text.skip_space(end);
        end =
            text.trimmed(token, text.skip(token, LONGEST, |c| !c.is_whitespace() && !matches!(c, '"' | '`'))).max(end);
        if text.at(end) == '"' && text.before(end) == '=' {
            end = text.skip(end + 1, 256, |c| c != '"' && c != '\n') + 1;
        }
    }
    loop {
        let next = text.skip(end, 3, |c| matches!(c, ',' | ';' | ' '));
        let name = text.skip(next, 64, |c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.'));
        if next == end || name == next || text.at(name) != '=' {
            return end.min(text.len());
        }
        end = match text.at(name + 1) {
            '"' => text.skip(name + 2, LONGEST, |c| c != '"' && c != '\n') + 1,
            _ => text.trimmed(name, text.skip(name, LONGEST, |c| !c.is_whitespace() && !matches!(c, ',' | ';' | '"'))),
        };
    }
}
