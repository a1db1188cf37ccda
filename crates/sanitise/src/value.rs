//! Where the value of a key begins and ends.

use crate::{
    text::{LONGEST_RUN, Text, is_quote},
    words::{FILLERS, Role, SCHEMES},
};

/// What stands between a key and its value.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Link {
    /// `=`, `=>`, an XML tag or a command-line option: a value follows.
    Equals,
    /// `:` or an arrow: a value, or a sentence about the key.
    Colon,
    /// `is`, `was`, `provided`: likewise.
    Words,
    /// White space.
    Space,
}

/// A value without its quotes.
#[derive(Clone, Copy)]
pub(crate) struct Value {
    pub(crate) start: usize,
    pub(crate) end: usize,
    pub(crate) quoted: bool,
}

/// What links the key to a value, and where the value begins.
pub(crate) fn link(text: &Text, key: usize, key_end: usize) -> Option<(Link, usize)> {
    let quote = text.before(key);
    let mut after = key_end;
    if is_quote(quote) {
        after = text.skip(after, 1, |c| c == quote);
        after = text.skip(after, 1, |c| c == ']');
    }
    if quote == '<' && text.at(after) == '>' {
        return Some((Link::Equals, after + 1));
    }
    let sign = text.skip_space(after);
    let behind = || text.skip_space(text.skip(sign, 3, |c| matches!(c, '=' | '>' | ':' | '→' | '-')));
    match (text.at(sign), text.at(sign + 1)) {
        ('=', _) | (':', '=' | '>') => {
            return Some((Link::Equals, text.skip_space(text.skip(sign, 3, |c| matches!(c, '=' | '>' | ':')))));
        }
        (':', ':') => return None,
        (':' | '→', _) | ('-', '>') => return Some((Link::Colon, behind())),
        _ if sign == after => return None,
        _ if quote == '-' && text.before(key - 1) == '-' => return Some((Link::Equals, sign)),
        _ => {}
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

/// The value that begins at a position. Passed over: opening brackets, two of three quotes, and the sign before a block
/// of YAML.
pub(crate) fn value(text: &Text, start: usize, role: Role, link: Link) -> Option<Value> {
    let mut start = text.skip(start, 3, |c| matches!(c, '(' | '[' | '<'));
    let block = text.skip(start, 3, |c| matches!(c, '|' | '>' | '-' | '+'));
    if block > start && text.at(block) == '\n' {
        start = block + 1;
    }
    if text.at(start) == '{' && link == Link::Equals {
        return braced(text, start + 1);
    }
    let quote = text.at(start);
    if is_quote(quote) {
        if text.skip(start, 3, |c| c == quote) == start + 3 {
            start += 2;
        }
        // A quote inside a quote is written with one backslash more than the one that opened.
        let closes = |end: usize| text.at(end) == quote && text.width(end) <= text.width(start);
        let reach = text.len().min(start + LONGEST_RUN);
        let end = (start + 1..reach).find(|end| closes(*end));
        start += 1;
        // A quote that is not closed within reach, or within what is read, is closed later.
        if end.is_some() || reach < text.len() || text.is_cut {
            let end = end.unwrap_or(reach);
            return (end > start).then_some(Value { start, end, quoted: true });
        }
    }
    if matches!(text.at(start), '{' | '}' | ']' | ')' | ',') {
        return None;
    }
    let passphrase = role == Role::Passphrase && link != Link::Space;
    let ends = |end: usize| {
        let c = text.at(end);
        let blank = c == '\n' || c.is_whitespace() && !passphrase;
        let mark = c == '<' || c == '"' && end > start || matches!(c, ';' | '&' | ',') && ends_value(text, end + 1);
        blank || mark && !text.is_encoded(end)
    };
    let reach = text.len().min(start + LONGEST_RUN);
    let end = (start..reach).find(|end| ends(*end)).unwrap_or(reach);
    let close = text.trimmed(start, end);
    let quote = text.before(close) == '\'' && close > start && !text.is_encoded(close - 1);
    let close = if quote { text.trimmed(start, close - 1) } else { close };
    // `***)` and `x!!` are values as well: what was trimmed away belongs to a value of nothing else.
    let end = if close == start { end } else { close };
    (end > start).then_some(Value { start, end, quoted: false })
}

/// A value in the braces of ODBC, in which a closing brace is written twice.
fn braced(text: &Text, start: usize) -> Option<Value> {
    let mut end = start;
    while end - start < LONGEST_RUN && !matches!(text.at(end), '\0' | '\n' | '{') {
        if text.at(end) == '}' && text.at(end + 1) != '}' {
            return (end > start).then_some(Value { start, end, quoted: true });
        }
        end += if text.at(end) == '}' { 2 } else { 1 };
    }
    None
}

/// Whether a value ends before the separator that stands before `next`: white space or another key follows.
fn ends_value(text: &Text, next: usize) -> bool {
    let c = text.at(next);
    let word = text.run(next, 32, "_- .");
    let shortest = if text.before(next) == ',' { 4 } else { 1 };
    let key = word >= next + shortest && matches!(text.at(word), '=' | ':') && !text.is_encoded(word);
    key || c == '\0' || c.is_whitespace() || (is_quote(c) || matches!(c, '}' | ']')) && !text.is_encoded(next)
}

/// The end of a header's value: behind the scheme's token and the `k=v` parts that follow it.
pub(crate) fn header_end(text: &Text, value: Value) -> usize {
    let mut end = value.end;
    if value.quoted {
        return end;
    }
    let quoted_end = |start: usize| text.skip(start, LONGEST_RUN, |c| c != '"' && c != '\n') + 1;
    let bare_end = |start: usize, ends: &str| {
        text.trimmed(start, text.skip(start, LONGEST_RUN, |c| !c.is_whitespace() && !ends.contains(c)))
    };
    if SCHEMES.contains(&text.lower(value.start, value.end)) {
        end = bare_end(text.skip_space(end), "\"`").max(end);
        if text.at(end) == '"' && text.before(end) == '=' {
            end = quoted_end(end + 1);
        }
    }
    loop {
        let next = text.skip(end, 3, |c| matches!(c, ',' | ';' | ' '));
        let name = text.run(next, 64, "_-.");
        if next == end || name == next || text.at(name) != '=' {
            return end.min(text.len());
        }
        end = if text.at(name + 1) == '"' { quoted_end(name + 2) } else { bare_end(name, ",;\"") };
    }
}
