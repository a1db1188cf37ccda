//! From the cleaned text to the folded copy: look-alikes and encodings undone, character by character.

use super::{
    Kind,
    fold::{fold, is_invisible, is_joiner, is_mark},
    text::{GAP, Glyph, MASKED, is_quote, is_word},
};

/// Backslashes before one sign that are followed: text quoted five times has 31.
const LONGEST_ESCAPE: usize = 33;

/// Undoes look-alikes, percent signs, backslashes and HTML entities.
pub(super) fn folded(clean: &[char]) -> Vec<Glyph> {
    let mut glyphs: Vec<Glyph> = Vec::with_capacity(clean.len());
    let mut start = 0;
    // Inside a Windows path `\n` is a separator and a letter, not a line break.
    let mut windows = false;
    while let Some(rest) = clean.get(start..).filter(|rest| !rest.is_empty()) {
        windows |= begins_windows_path(&glyphs, rest);
        let (ch, width) = match rest {
            ['%', ..] => percent(rest),
            ['\\', ..] => backslash(rest, windows),
            ['&', ..] => entity(rest),
            ['[', '.', ']', ..] => Some(('.', 3)),
            ['[', ..] => placeholder(rest).map(|kind| (MASKED, kind.placeholder().len())).or_else(|| spelt(rest)),
            ['(' | '{' | ' ', ..] => spelt(rest),
            ['\n', ..] => Some(('\n', 1)),
            _ => None,
        }
        .unwrap_or_else(|| (rest.first().map_or(' ', |c| fold(*c)), 1));
        let end = start + width;
        match glyphs.last_mut() {
            Some(last) if is_mark(ch) || is_joiner(ch) => last.end = end,
            _ => {
                windows &= !ch.is_whitespace() && !is_quote(ch);
                glyphs.push(Glyph { ch, start, end });
            }
        }
        start = end;
    }
    glyphs
}

/// Whether a backslash behind these characters begins or goes on a Windows path: behind a drive, or behind another one
/// at the start of a word.
fn begins_windows_path(before: &[Glyph], rest: &[char]) -> bool {
    if rest.first() != Some(&'\\') {
        return false;
    }
    let share = rest.get(1) == Some(&'\\');
    match before {
        [] => share,
        [.., Glyph { ch, .. }] if ch.is_whitespace() || is_quote(*ch) => share,
        [.., Glyph { ch: word, .. }, Glyph { ch: drive, .. }, Glyph { ch: ':', .. }] => {
            drive.is_ascii_alphabetic() && !is_word(*word)
        }
        [Glyph { ch: drive, .. }, Glyph { ch: ':', .. }] => drive.is_ascii_alphabetic(),
        [.., Glyph { ch: '\\', .. }] => true,
        _ => false,
    }
}

/// `%3A`, however often the percent sign itself was encoded.
fn percent(rest: &[char]) -> Option<(char, usize)> {
    let mut digits = 1;
    while digits < 9
        && rest.get(digits..digits + 2) == Some(&['2', '5'])
        && rest.get(digits + 2).is_some_and(char::is_ascii_hexdigit)
    {
        digits += 2;
    }
    let code = hex(rest.get(digits..digits + 2)?)?;
    // Bytes from 0x80 on are parts of characters.
    if code < 0x80 { Some((visible(code)?, digits + 2)) } else { None }
}

/// `(at)`, `[at]`, `(dot)` and `[dot]`, as people write addresses that no machine is to find; spaces around them belong
/// to the sign.
fn spelt(rest: &[char]) -> Option<(char, usize)> {
    let space = usize::from(rest.first() == Some(&' '));
    let open = space + 1;
    let close = open + rest.get(open..)?.iter().take(4).position(|c| matches!(c, ')' | ']' | '}'))?;
    let bracketed = matches!(rest.get(space)?, '(' | '[' | '{');
    let word: String = rest.get(open..close)?.iter().map(char::to_ascii_lowercase).collect();
    let sign = match word.as_str() {
        "at" | "@" => '@',
        "dot" => '.',
        _ => return None,
    };
    let behind = usize::from(space == 1 && rest.get(close + 1) == Some(&' '));
    bracketed.then_some((sign, close + 1 + behind))
}

/// `\/`, `\"`, `\\`, `\u003a`, `\x3a` and, outside Windows paths, `\n`, `\r`, `\t`. Text that was quoted more than once
/// has several backslashes before the sign.
fn backslash(rest: &[char], windows: bool) -> Option<(char, usize)> {
    let nested = rest.iter().take(LONGEST_ESCAPE).position(|c| *c != '\\')?;
    if nested > 1 {
        let code = |length: usize| visible(hex(rest.get(nested + 1..nested + 1 + length)?)?);
        let undone = match rest.get(nested)? {
            c @ ('/' | '"' | '\'') => Some((*c, nested + 1)),
            'u' if !windows => code(4).map(|c| (c, nested + 5)),
            'x' if !windows => code(2).map(|c| (c, nested + 3)),
            _ => None,
        };
        return undone.or(Some(('\\', 2)));
    }
    match rest.get(1)? {
        c @ ('/' | '"' | '\'' | '\\') => Some((*c, 2)),
        'n' | 'r' | 't' if !windows => Some(('\n', 2)),
        'u' => Some((visible(hex(rest.get(2..6)?)?)?, 6)),
        'x' => Some((visible(hex(rest.get(2..4)?)?)?, 4)),
        _ => None,
    }
}

/// `&quot;`, `&#58;`, `&#x3a;`.
fn entity(rest: &[char]) -> Option<(char, usize)> {
    let length = rest.iter().take(9).position(|c| *c == ';')?;
    let name: String = rest.get(1..length)?.iter().collect();
    let c = match name.as_str() {
        "amp" => '&',
        "lt" => '<',
        "gt" => '>',
        "quot" => '"',
        "apos" => '\'',
        "nbsp" => ' ',
        "colon" => ':',
        "sol" => '/',
        "commat" => '@',
        "period" => '.',
        "equals" => '=',
        numeric => {
            let number = numeric.strip_prefix('#')?;
            match number.strip_prefix(['x', 'X']) {
                Some(digits) => visible(u32::from_str_radix(digits, 16).ok()?)?,
                None => visible(number.parse().ok()?)?,
            }
        }
    };
    Some((c, length + 1))
}

/// The number that hexadecimal digits write.
fn hex(digits: &[char]) -> Option<u32> {
    digits.iter().try_fold(0, |number, digit| Some(number * 16 + digit.to_digit(16)?))
}

/// The folded character of a code; controls and what stands for a placeholder become a gap.
fn visible(code: u32) -> Option<char> {
    let c = char::from_u32(code)?;
    let hidden = c.is_control() || c.is_whitespace() || is_invisible(c) || c == MASKED;
    Some(if hidden { GAP } else { fold(c) })
}

/// The kind whose placeholder stands at the beginning of `rest`.
pub(super) fn placeholder(rest: &[char]) -> Option<Kind> {
    Kind::HIDING.into_iter().find(|kind| {
        let text = kind.placeholder();
        rest.get(..text.len()).is_some_and(|written| written.iter().copied().eq(text.chars()))
    })
}
