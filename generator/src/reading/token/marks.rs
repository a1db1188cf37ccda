//! Punctuation: what it is, and how far it reaches.

use crate::reading::Mark;

/// The mark that `rest` begins with, and its length. `blank` tells whether a blank stands before it.
pub(super) fn mark(rest: &str, blank: bool) -> (Mark, usize) {
    let Some(first) = rest.chars().next() else { return (Mark::Other, 0) };
    for smile in [":-)", ":-(", ";-)", ":)", ":(", ";)", ":D", ":P", "<3"] {
        if let Some(after) = rest.strip_prefix(smile).filter(|_| blank)
            && !after.starts_with(char::is_alphanumeric)
        {
            return (Mark::Other, smile.len());
        }
    }
    let same = |of: &[char]| rest.find(|c: char| !of.contains(&c)).unwrap_or(rest.len());
    match first {
        ',' | '，' | '、' | '،' => (Mark::Comma, first.len_utf8()),
        '.' | '!' | '?' | '…' | '。' | '！' | '？' | '؟' | '｡' | '।' => {
            (Mark::Stop, same(&['.', '!', '?', '…', '。', '！', '？', '؟', '｡', '।']))
        }
        ':' | '：' => (Mark::Colon, first.len_utf8()),
        ';' | '；' => (Mark::Semicolon, first.len_utf8()),
        '(' | '[' | '{' | '（' | '【' => (Mark::Open, first.len_utf8()),
        ')' | ']' | '}' | '）' | '】' => (Mark::Close, first.len_utf8()),
        '|' if blank && rest.get(1..).is_some_and(|after| after.starts_with(' ')) => (Mark::Arrow, 1),
        '→' | '⇒' | '➡' | '➜' | '➔' | '⟶' | '➝' | '➞' | '»' => {
            let length = first.len_utf8();
            let emoji = rest.get(length..).is_some_and(|after| after.starts_with('\u{fe0f}'));
            (Mark::Arrow, length + if emoji { '\u{fe0f}'.len_utf8() } else { 0 })
        }
        '-' | '=' | '>' | '–' | '—' => stroke(rest, first, blank),
        _ => (Mark::Other, symbol(rest)),
    }
}

fn stroke(rest: &str, first: char, blank: bool) -> (Mark, usize) {
    let length = rest.find(|c: char| !matches!(c, '-' | '=' | '>' | '–' | '—')).unwrap_or(rest.len());
    let run = rest.get(..length).unwrap_or_default();
    let blank_after = rest.get(length..).is_none_or(|after| after.chars().next().is_none_or(char::is_whitespace));
    let dashes = run.chars().all(|c| matches!(c, '-' | '–' | '—'));
    if run.ends_with('>') && (length > 1 || (blank && blank_after)) {
        (Mark::Arrow, length)
    } else if dashes && (first == '—' || blank || blank_after || length > '–'.len_utf8()) {
        (Mark::Dash, length)
    } else if run == "=" && blank && blank_after {
        // "input = a topic"
        (Mark::Colon, length)
    } else {
        (Mark::Other, length)
    }
}

/// An emoji with what belongs to it, or one sign.
fn symbol(rest: &str) -> usize {
    let mut chars = rest.char_indices();
    let Some((_, first)) = chars.next() else { return 0 };
    let mut joined = false;
    for (at, c) in chars {
        let belongs = matches!(c, '\u{200d}' | '\u{fe0e}' | '\u{fe0f}' | '\u{20e3}' | '\u{1f3fb}'..='\u{1f3ff}')
            || joined
            || (c == first && !c.is_ascii());
        if !belongs || c.is_whitespace() {
            return at;
        }
        joined = c == '\u{200d}';
    }
    rest.len()
}

/// The length of what marks an entry of a list at the start of a line: "-", "1.", "[ ]", "- [x]", "##".
pub(super) fn bullet(line: &str) -> Option<usize> {
    let first = line.chars().next()?;
    let ends = |at: usize| line.get(at..).is_some_and(|after| after.chars().next().is_none_or(char::is_whitespace));
    let length = match first {
        '•' | '‣' | '◦' | '▪' | '●' | '○' | '☐' | '☑' | '✓' | '✔' | '□' | '■' | '·' | '▶' | '►' | '➤' => {
            first.len_utf8()
        }
        '-' | '*' | '+' | '>' if ends(1) => 1,
        // "-write it down"
        '-' if line.get(1..)?.starts_with(char::is_alphabetic) => 1,
        '–' | '—' if ends(first.len_utf8()) => first.len_utf8(),
        '#' => {
            let length = line.find(|c| c != '#')?;
            return (length <= 6 && ends(length)).then_some(length);
        }
        '[' => return boxed(line),
        _ => return numbered(line),
    };
    let after = line.get(length..)?;
    let blanks = after.len() - after.trim_start_matches([' ', '\t']).len();
    Some(length + boxed(after.get(blanks..)?).map_or(0, |boxed| blanks + boxed))
}

fn boxed(line: &str) -> Option<usize> {
    ["[ ]", "[x]", "[X]", "[]"].into_iter().find(|boxed| line.starts_with(boxed)).map(str::len)
}

/// "1.", "2)", "(3)", "a)", the keycap "1️⃣".
pub(super) fn numbered(line: &str) -> Option<usize> {
    let open = usize::from(line.starts_with('('));
    let inner = line.get(open..)?;
    let digits = inner.find(|c: char| !c.is_ascii_digit()).unwrap_or(inner.len());
    let label = match digits {
        0 if inner.starts_with(|c: char| c.is_ascii_alphabetic()) => 1,
        1..=3 => digits,
        _ => return None,
    };
    let after = inner.get(label..)?;
    if let Some(cap) = ["\u{fe0f}\u{20e3}", "\u{20e3}"].into_iter().find(|cap| after.starts_with(cap)) {
        return (open == 0).then_some(label + cap.len());
    }
    let closed = after.starts_with(')') || (digits > 0 && open == 0 && after.starts_with('.'));
    let blank = after.get(1..)?.chars().next().is_none_or(char::is_whitespace);
    (closed && blank).then_some(open + label + 1)
}
