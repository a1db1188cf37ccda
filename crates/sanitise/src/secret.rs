//! Keys and tokens by their shape.

use super::{
    Found, Kind,
    address::run_end,
    names::KEY_PREFIXES,
    text::{MASKED, Text, is_word},
};

/// The shortest run of characters that is hidden for its randomness alone.
const RANDOM_LENGTH: usize = 20;

/// From this length on fewer breaks between letters and digits are enough.
const LONG_RANDOM: usize = 32;

/// The shortest run of hexadecimal digits that is hidden.
const HEX_LENGTH: usize = 24;

/// Characters of base64, base64url and hexadecimal tokens.
const fn is_token(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '+' | '/' | '_' | '-' | '=')
}

/// A block in PEM armour, to its last line or, where that is missing, to the end of what is read.
pub(super) fn pem_block(text: &Text, at: usize) -> Option<Found> {
    const BEGIN: &str = "-----begin ";
    if !text.has(at, BEGIN) {
        return None;
    }
    let mut end = at + BEGIN.len();
    while end < text.len() && !text.has(end, "-----end ") {
        end += 1;
    }
    let end = text.skip(end, 80, |c| c != '\n' && !c.is_ascii_lowercase());
    Some(Found { start: at, end, kind: Kind::Secret })
}

/// An Amazon resource name, which holds an account number.
pub(super) fn resource_name(text: &Text, at: usize) -> Option<Found> {
    if !text.has(at, "arn:") || text.at(at + 4).is_whitespace() {
        return None;
    }
    let end = run_end(text, at + 4);
    (end > at + 4).then_some(Found { start: at, end, kind: Kind::Secret })
}

/// An Amazon account number: twelve digits, or three groups of four.
pub(super) fn account(text: &Text, at: usize) -> Option<Found> {
    if matches!(text.before(at), '.' | '-' | '+') {
        return None;
    }
    let digits = |from: usize| text.skip(from, 13, |c| c.is_ascii_digit());
    let mut end = digits(at);
    if end == at + 4 && text.at(end) == '-' && digits(end + 1) == end + 5 && text.at(end + 5) == '-' {
        end = digits(end + 6);
        if end != at + 14 {
            return None;
        }
    } else if end != at + 12 {
        return None;
    }
    let ends =
        !is_word(text.at(end)) && text.at(end) != '-' && !(text.at(end) == '.' && text.at(end + 1).is_ascii_digit());
    ends.then_some(Found { start: at, end, kind: Kind::Secret })
}

/// A UUID, kept: it helps to find a request again and opens nothing.
pub(super) fn uuid(text: &Text, at: usize) -> Option<Found> {
    let mut end = at;
    for (place, length) in [8, 4, 4, 4, 12].into_iter().enumerate() {
        if place > 0 {
            if text.at(end) != '-' {
                return None;
            }
            end += 1;
        }
        if text.skip(end, length, |c| c.is_ascii_hexdigit()) != end + length {
            return None;
        }
        end += length;
    }
    let alone = !is_token(text.at(end)) && !matches!(text.before(at), '-' | '+' | '/' | '.') && text.at(end) != '.';
    let sentence_end = text.at(end) == '.' && !text.at(end + 1).is_alphanumeric();
    (alone || sentence_end).then_some(Found { start: at, end, kind: Kind::Plain })
}

/// A key that names its issuer by its first letters, and JSON web tokens. Asterisks count: services quote keys with
/// the middle starred out.
pub(super) fn prefixed(text: &Text, at: usize) -> Option<Found> {
    if !text.at(at).is_ascii_alphabetic() {
        return None;
    }
    let (shortest, prefix) = KEY_PREFIXES.iter().find_map(|(shortest, prefixes)| {
        prefixes.each().find(|prefix| text.has(at, prefix)).map(|prefix| (*shortest, prefix))
    })?;
    let body = at + prefix.len();
    if text.exact(at, body) != prefix && prefix.chars().any(|c| c.is_ascii_uppercase()) {
        return None;
    }
    let end = text.skip(body, 4096, |c| is_token(c) || matches!(c, '*' | '.' | '~' | '…' | MASKED));
    let end = text.trimmed(body, end);
    let tail = text.exact(body, end);
    let telling = tail.contains(|c: char| c.is_ascii_digit() || c.is_ascii_uppercase() || matches!(c, '*' | '…'));
    (tail.len() >= shortest && (telling || tail.len() >= 16)).then_some(Found { start: at, end, kind: Kind::Secret })
}

/// A long run that no one would write: hexadecimal, base64, base32.
pub(super) fn random(text: &Text, at: usize) -> Option<Found> {
    if is_token(text.before(at)) && text.before(at) != '=' || !text.at(at).is_ascii_alphanumeric() {
        return None;
    }
    let end = text.skip(at, 4096, is_token);
    if end - at < RANDOM_LENGTH {
        return None;
    }
    is_random(text, at, end).then_some(Found { start: at, end, kind: Kind::Secret })
}

/// Whether letters, digits and cases follow one another as chance has it and not as words do.
fn is_random(text: &Text, start: usize, end: usize) -> bool {
    let run = text.exact(start, end);
    let digits = run.chars().filter(char::is_ascii_digit).count();
    if digits == 0 {
        return lone_small_letters(&run) >= 2 && !run.contains(['-', '_']) || letter_soup(&run);
    }
    let hexadecimal = |part: &str| {
        part.len() >= HEX_LENGTH
            && part.contains(|c: char| c.is_ascii_digit())
            && part.contains(|c: char| c.is_ascii_alphabetic())
    };
    if run.split(|c: char| !c.is_ascii_hexdigit()).any(hexadecimal) {
        return true;
    }
    let longest = run.split(['-', '_', '/']).map(str::len).max().unwrap_or(0);
    // Long runs of both cases need less: names have fewer breaks the longer they are.
    let both = run.contains(|c: char| c.is_ascii_lowercase()) && run.contains(|c: char| c.is_ascii_uppercase());
    let share = if both && run.len() >= LONG_RANDOM { 6 } else { 5 };
    changes(&run) * share >= run.len() && longest >= 8
}

/// How often a digit or a plus meets a letter, or a capital stands where no word begins.
pub(super) fn changes(run: &str) -> usize {
    let chars: Vec<char> = run.chars().collect();
    chars
        .windows(2)
        .enumerate()
        .filter(|(place, pair)| match pair {
            ['+', b] | [b, '+'] => b.is_ascii_alphanumeric(),
            [a, b] if a.is_ascii_digit() => b.is_ascii_alphabetic(),
            [a, b] if b.is_ascii_digit() => a.is_ascii_alphabetic(),
            [a, b] if a.is_ascii_lowercase() && b.is_ascii_uppercase() => {
                let follows = |n: usize| chars.get(place + n).is_some_and(char::is_ascii_lowercase);
                !(follows(2) && follows(3))
            }
            _ => false,
        })
        .count()
}

/// Small letters with capitals on both sides: `aBcD` has them, `ListBlock` has not.
fn lone_small_letters(run: &str) -> usize {
    let chars: Vec<char> = run.chars().collect();
    chars
        .windows(3)
        .filter(
            |w| matches!(w, [a, b, c] if a.is_ascii_uppercase() && b.is_ascii_lowercase() && c.is_ascii_uppercase()),
        )
        .count()
}

/// Thirty-two letters or more without the vowels or the breaks of a word.
fn letter_soup(run: &str) -> bool {
    let vowels = run.chars().filter(|c| matches!(c.to_ascii_lowercase(), 'a' | 'e' | 'i' | 'o' | 'u' | 'y')).count();
    let letters = run.chars().all(|c| c.is_ascii_alphabetic());
    let repeated = run.chars().zip(run.chars().skip(1)).filter(|(a, b)| a == b).count();
    letters && run.len() >= 32 && vowels * 4 < run.len() && repeated * 4 < run.len()
}

/// Whether a short value looks like a password or key: letters with digits, an inner capital, or signs among them.
pub(super) fn is_telling(value: &str) -> bool {
    let has = |test: fn(char) -> bool| value.contains(test);
    let letters = has(|c| c.is_ascii_alphabetic());
    let inner_capital =
        value.chars().zip(value.chars().skip(1)).any(|(a, b)| a.is_ascii_lowercase() && b.is_ascii_uppercase());
    letters
        && (has(|c| c.is_ascii_digit())
            || has(|c| matches!(c, '!' | '$' | '%' | '^' | '&' | '*' | '+' | '=' | '@' | '#' | '~')))
        || inner_capital
        || value.contains(MASKED) && value.chars().count() > 1
}

/// The end of a secret that was broken over lines: the next line belongs to it where it is no word of a sentence.
pub(super) fn continued(text: &Text, end: usize) -> usize {
    let mut end = end;
    while text.at(end) == '\n' && is_token(text.before(end)) {
        let next = text.skip(end + 1, 4096, |c| is_token(c) || c == '.');
        let part = text.exact(end + 1, text.trimmed(end + 1, next));
        let titled = part.chars().skip(1).all(|c| c.is_ascii_lowercase());
        let sealed = matches!(text.at(next), '\n' | '\0' | ' ' | '"' | '\'');
        if !sealed || part.len() < 4 || part.contains('/') && !part.contains(['+', '=']) || titled && part.len() < 12 {
            break;
        }
        if !is_telling(&part) && part.len() < 12 {
            break;
        }
        end = end + 1 + part.chars().count();
    }
    end
}
