//! From the input to the cleaned text and its folded copy, which has look-alikes and encodings undone.

use std::{iter::Peekable, str::Chars};

use crate::{
    fold::{fold, is_invisible, is_joiner, is_mark},
    kind::{Kind, MASKED},
};

/// Stands for a space that was written encoded. It parts words, but ends neither a URL nor a password.
pub(crate) const GAP: char = '␠';

/// One character of the folded copy and the part of the cleaned text it stands for.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Glyph {
    pub(crate) ch: char,
    pub(crate) start: usize,
    pub(crate) end: usize,
}

/// Removes escape sequences and what nobody sees, and makes one line break of any white space with a control
/// character in it. Says whether there was more than `window` characters.
pub(crate) fn clean(text: &str, window: usize) -> (Vec<char>, bool) {
    let mut out: Vec<char> = Vec::new();
    let mut chars = text.trim().chars().peekable();
    while let Some(c) = chars.next() {
        if out.len() >= window {
            return (out, true);
        }
        match c {
            '\u{1b}' => skip_escape(&mut chars),
            _ if is_joiner(c) && out.last().is_some_and(|before| *before >= '\u{590}' && fold(*before) == *before) => {
                out.push(c);
            }
            _ if is_invisible(c) => {}
            _ if c.is_control() || matches!(c, '\u{2028}' | '\u{2029}') => {
                while out.pop_if(|before| before.is_whitespace()).is_some() {}
                if !out.is_empty() {
                    out.push('\n');
                }
            }
            _ if c.is_whitespace() && out.last() == Some(&'\n') => {}
            MASKED => out.push('?'),
            _ => out.push(c),
        }
    }
    while out.pop_if(|last| last.is_whitespace()).is_some() {}
    (out, false)
}

/// Drops what follows an ESC: a control sequence, a string up to its terminator or the line's end, or one character.
fn skip_escape(chars: &mut Peekable<Chars<'_>>) {
    match chars.next_if(|c| matches!(c, ' '..='~')) {
        Some('[') => {
            while chars.next_if(|c| matches!(c, ' '..='?')).is_some() {}
            chars.next_if(|c| matches!(c, '@'..='~'));
        }
        Some(']' | 'P' | 'X' | '^' | '_') => {
            while chars.next_if(|c| !matches!(c, '\u{7}' | '\u{1b}' | '\u{9c}' | '\n' | '\r')).is_some() {}
        }
        _ => {}
    }
}

/// The folded copy of a cleaned text.
pub(crate) fn folded(clean: &[char]) -> Vec<Glyph> {
    let mut glyphs: Vec<Glyph> = Vec::with_capacity(clean.len());
    let mut start = 0;
    // Inside a Windows path `\n` is a separator and a letter, not a line break.
    let mut windows = false;
    let mut spread = false;
    while let Some(rest) = clean.get(start..).filter(|rest| !rest.is_empty()) {
        let before = glyphs.last().map_or(' ', |glyph| glyph.ch);
        let parted = before.is_whitespace() || matches!(before, '"' | '\'' | '`');
        windows = match rest {
            ['\\', '\\', ..] if parted => true,
            [c, ..] if c.is_whitespace() || matches!(c, '"' | '\'' | '`') => false,
            [drive, ':', '\\', ..] => windows || drive.is_ascii_alphabetic() && !before.is_alphanumeric(),
            _ => windows,
        };
        spread = is_spread(rest, if spread { 1 } else { 4 }) && (spread || !before.is_alphanumeric());
        let (ch, width) = match rest {
            ['%', ..] => percent(rest),
            ['\\', ..] => backslash(rest, windows),
            ['&', ..] => entity(rest),
            ['[', '.', ']', ..] => Some(('.', 3)),
            ['[', ..] => Kind::HIDING
                .into_iter()
                .find(|kind| begins(rest, kind.0))
                .map(|kind| (MASKED, kind.0.len()))
                .or_else(|| spelt(rest)),
            ['(' | '{' | ' ', ..] => spelt(rest),
            ['\n', ..] => Some(('\n', 1)),
            _ => None,
        }
        .unwrap_or_else(|| (rest.first().map_or(' ', |c| fold(*c)), if spread { 2 } else { 1 }));
        let end = start + width;
        match glyphs.last_mut() {
            Some(last) if is_mark(ch) || is_joiner(ch) => last.end = end,
            _ => glyphs.push(Glyph { ch, start, end }),
        }
        start = end;
    }
    glyphs
}

/// Whether single letters with spaces between begin here, as in `p a s s w o r d`: `most` and one more of them.
fn is_spread(rest: &[char], most: usize) -> bool {
    let single = |place: usize| rest.get(place).is_some_and(char::is_ascii_alphanumeric);
    let spaced = |n: usize| single(2 * n) && rest.get(2 * n + 1) == Some(&' ');
    (0..most).all(spaced) && single(2 * most) && !single(2 * most + 1)
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
    // Bytes from 0x80 on are parts of characters.
    let code = hex(rest, digits, 2).filter(|code| *code < 0x80)?;
    Some((visible(code)?, digits + 2))
}

/// `(at)` and `[dot]`, as people write addresses that no machine is to find; spaces around them belong to the sign.
fn spelt(rest: &[char]) -> Option<(char, usize)> {
    let space = usize::from(rest.first() == Some(&' '));
    let words = ["(at)", "[at]", "{at}", "(dot)", "[dot]", "{dot}"];
    let word = words.into_iter().find(|word| begins(rest.get(space..).unwrap_or_default(), word))?;
    let end = space + word.len();
    let behind = usize::from(space == 1 && rest.get(end) == Some(&' '));
    Some((if word.contains("at") { '@' } else { '.' }, end + behind))
}

/// `\/`, `\"`, `\\`, `\u003a`, `\x3a` and, outside Windows paths, `\n`, `\r`, `\t`. Text that was quoted more than once
/// has several backslashes before the sign: 31 after five times.
fn backslash(rest: &[char], windows: bool) -> Option<(char, usize)> {
    let nested = rest.iter().take(33).position(|c| *c != '\\')?;
    let code = |length: usize| Some((visible(hex(rest, nested + 1, length)?)?, nested + 1 + length));
    let undone = match rest.get(nested)? {
        c @ ('/' | '"' | '\'') => Some((*c, nested + 1)),
        'n' | 'r' | 't' if !windows && nested == 1 => Some(('\n', 2)),
        'u' if !windows || nested == 1 => code(4),
        'x' if !windows || nested == 1 => code(2),
        _ => None,
    };
    undone.or((nested > 1).then_some(('\\', 2)))
}

/// `&quot;`, `&#58;`, `&#x3a;`.
fn entity(rest: &[char]) -> Option<(char, usize)> {
    const NAMES: [(&str, char); 6] =
        [("amp", '&'), ("lt", '<'), ("gt", '>'), ("quot", '"'), ("apos", '\''), ("nbsp", ' ')];
    let length = rest.iter().take(9).position(|c| *c == ';')?;
    let name: String = rest.get(1..length)?.iter().collect();
    let known = NAMES.iter().find(|(known, _)| *known == name).map(|(_, c)| *c);
    let c = known.or_else(|| {
        let number = name.strip_prefix('#')?;
        let digits = number.strip_prefix(['x', 'X']);
        visible(digits.map_or_else(|| number.parse(), |digits| u32::from_str_radix(digits, 16)).ok()?)
    })?;
    Some((c, length + 1))
}

/// The number that hexadecimal digits write.
fn hex(rest: &[char], from: usize, length: usize) -> Option<u32> {
    rest.get(from..from + length)?.iter().try_fold(0, |number, digit| Some(number * 16 + digit.to_digit(16)?))
}

/// The folded character of a code; controls and what stands for a placeholder become a gap.
fn visible(code: u32) -> Option<char> {
    let c = char::from_u32(code)?;
    let hidden = c.is_control() || c.is_whitespace() || is_invisible(c) || c == MASKED;
    Some(if hidden { GAP } else { fold(c) })
}

/// Whether `word` stands at the beginning of `rest`, in any case.
fn begins(rest: &[char], word: &str) -> bool {
    rest.len() >= word.len() && rest.iter().zip(word.chars()).all(|(c, expected)| c.eq_ignore_ascii_case(&expected))
}
