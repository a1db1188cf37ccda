//! What must not reach a log line: control characters, escape sequences, and characters that nobody sees.

use std::{iter::Peekable, str::Chars};

use super::{
    fold::{fold, is_invisible, is_joiner},
    text::MASKED,
};

/// Removes escape sequences and what nobody sees, and makes one line break of any white space with a control
/// character in it. Says whether there was more than `window` characters.
pub(super) fn clean(text: &str, window: usize) -> (Vec<char>, bool) {
    let mut out: Vec<char> = Vec::new();
    let mut chars = text.trim().chars().peekable();
    while let Some(c) = chars.next() {
        if out.len() >= window {
            return (out, true);
        }
        match c {
            '\u{1b}' => skip_escape(&mut chars),
            '\u{9b}' => skip_control_sequence(&mut chars),
            _ if is_joiner(c) && out.last().is_some_and(|before| *before >= '\u{590}' && fold(*before) == *before) => {
                out.push(c);
            }
            _ if is_invisible(c) => {}
            _ if c.is_control() || matches!(c, '\u{2028}' | '\u{2029}') => {
                while out.last().is_some_and(|before| before.is_whitespace()) {
                    out.pop();
                }
                if !out.is_empty() {
                    out.push('\n');
                }
            }
            _ if c.is_whitespace() && out.last() == Some(&'\n') => {}
            MASKED => out.push('?'),
            _ => out.push(c),
        }
    }
    while out.last().is_some_and(|last| last.is_whitespace()) {
        out.pop();
    }
    (out, false)
}

/// Drops what follows an ESC: a control sequence, a string up to its terminator or the line's end, or one character.
fn skip_escape(chars: &mut Peekable<Chars<'_>>) {
    match chars.next_if(|c| matches!(c, ' '..='~')) {
        Some('[') => skip_control_sequence(chars),
        Some(']' | 'P' | 'X' | '^' | '_') => {
            while chars.next_if(|c| !matches!(c, '\u{7}' | '\u{1b}' | '\u{9c}' | '\n' | '\r')).is_some() {}
            if chars.next_if_eq(&'\u{1b}').is_some() {
                chars.next_if_eq(&'\\');
            }
        }
        _ => {}
    }
}

/// Drops parameters and the final byte of a control sequence.
fn skip_control_sequence(chars: &mut Peekable<Chars<'_>>) {
    while chars.next_if(|c| matches!(c, ' '..='?')).is_some() {}
    chars.next_if(|c| matches!(c, '@'..='~'));
}
