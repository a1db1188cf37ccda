//! Keys, tokens and numbers by their shape.

use crate::{
    kind::{Found, Kind, MASKED},
    text::{LONGEST_RUN, Text, is_word},
    words::{KEYS_OF_EIGHT, LONG_KEYS, RESOURCES, SHORT_KEYS, Words},
};

/// Characters of base64, base64url and hexadecimal tokens.
const fn is_token(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '+' | '/' | '_' | '-' | '=')
}

/// A block in PEM armour, to its last line or, where that is missing, to the end of what is read.
pub(crate) fn pem_block(text: &Text, at: usize) -> Option<Found> {
    if !text.has(at, "-----begin ") {
        return None;
    }
    let end = (at + 11..text.len()).find(|end| text.has(*end, "-----end ")).unwrap_or(text.len());
    Kind::SECRET.part(at, text.skip(end, 80, |c| c != '\n' && !c.is_ascii_lowercase()))
}

/// An Amazon resource name, which holds an account number, or an Oracle one.
pub(crate) fn resource_name(text: &Text, at: usize) -> Option<Found> {
    let named = text.has_any(at, &["arn:", "ocid1."]);
    Kind::SECRET.part(at, named.then(|| text.run_end(at + 4)).filter(|end| *end > at + 4)?)
}

/// The identifier of a machine, network or volume in a cloud, `vpc-0a1b2c3d`, or a name with a random part:
/// `gen-7d9f8b6c5d-x2x4z`.
pub(crate) fn resource(text: &Text, at: usize) -> Option<Found> {
    if !text.at(at).is_ascii_lowercase() || matches!(text.before(at), '-' | '.' | '/') {
        return None;
    }
    let end = text.run(at, 128, "-");
    let written = text.exact(at, end);
    let (prefix, rest) = written.split_once('-')?;
    let digits = |part: &str| part.chars().filter(char::is_ascii_digit).count();
    let small = |part: &str| part.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit());
    let known = RESOURCES.contains(prefix) && rest.len() >= 8 && small(rest) && digits(rest) >= 2;
    let random = |part: &str| part.len() >= 8 && small(part) && digits(part) >= 2 && changes(part) >= 3;
    (known || rest.split('-').any(random)).then(|| Kind::SECRET.part(at, end))?
}

/// The number of an Amazon account (twelve digits, or three groups of four), of a payment card or of a bank account.
pub(crate) fn number(text: &Text, at: usize) -> Option<Found> {
    let bank = text.skip(at, 3, |c| c.is_ascii_uppercase()) == at + 2;
    let group = |from: usize| text.skip(from, 34, |c| c.is_ascii_digit() || bank && c.is_ascii_uppercase());
    let mut end = group(at);
    if end < at + 4 {
        return None;
    }
    let mut groups = vec![end - at];
    while matches!(text.at(end), ' ' | '-') && matches!(groups.last(), Some(4 | 6)) && groups.len() < 9 {
        let next = group(end + 1);
        if next == end + 1 {
            break;
        }
        groups.push(next - end - 1);
        end = next;
    }
    let digits: Vec<u32> = text.exact(at, end).chars().filter_map(|c| c.to_digit(36)).collect();
    let hidden = match *groups {
        _ if bank => is_bank_account(&digits),
        [4, 4, 4] => text.at(at + 4) == '-',
        [15 | 16] => is_card(&digits),
        [12] | [4, 4, 4, 4] | [4, 6, 5] => true,
        _ => false,
    };
    let next = text.at(end);
    let goes_on = is_word(next) || next == '-' || next == '.' && text.at(end + 1).is_ascii_digit();
    (hidden && !goes_on && !".-+".contains(text.before(at))).then(|| Kind::SECRET.part(at, end))?
}

/// Whether the check digit of a payment card holds.
fn is_card(digits: &[u32]) -> bool {
    let weigh = |(place, digit): (usize, &u32)| if place % 2 == 0 { *digit } else { digit * 2 / 10 + digit * 2 % 10 };
    digits.iter().rev().enumerate().map(weigh).sum::<u32>().is_multiple_of(10)
}

/// Whether the check digits of an IBAN hold, which stand behind its country.
fn is_bank_account(digits: &[u32]) -> bool {
    let moved = digits.iter().skip(4).chain(digits.iter().take(4));
    let remainder = moved.fold(0, |rest, digit| (rest * if *digit > 9 { 100 } else { 10 } + digit) % 97);
    (15..=34).contains(&digits.len()) && remainder == 1
}

/// A UUID, kept: it helps to find a request again and opens nothing.
pub(crate) fn uuid(text: &Text, at: usize) -> Option<Found> {
    let end = text.run(at, if text.at(at + 8) == '-' && text.at(at) != '-' { 36 } else { 0 }, "-");
    let fits = |(part, length): (&str, usize)| part.len() == length && part.chars().all(|c| c.is_ascii_hexdigit());
    let written = text.exact(at, end);
    let whole = end == at + 36 && written.split('-').count() == 5 && written.split('-').zip([8, 4, 4, 4, 12]).all(fits);
    let dotted = text.at(end) == '.' && text.at(end + 1).is_alphanumeric();
    let alone = !dotted && !is_token(text.at(end)) && !matches!(text.before(at), '-' | '+' | '/' | '.');
    (whole && alone).then(|| Kind::PLAIN.part(at, end))?
}

/// A key that names its issuer by its first letters, and JSON web tokens. Asterisks count: services quote keys with
/// the middle starred out.
pub(crate) fn prefixed(text: &Text, at: usize) -> Option<Found> {
    if !text.at(at).is_ascii_alphabetic() {
        return None;
    }
    let known = |names: Words| names.each().find(|prefix| text.has(at, prefix));
    let (shortest, prefix) = [(3, SHORT_KEYS), (8, KEYS_OF_EIGHT), (16, LONG_KEYS)]
        .into_iter()
        .find_map(|(shortest, names)| Some((shortest, known(names)?)))?;
    let body = at + prefix.len();
    if text.exact(at, body) != prefix && prefix.contains(|c: char| c.is_ascii_uppercase()) {
        return None;
    }
    let end = text.skip(body, LONGEST_RUN, |c| is_token(c) || matches!(c, '*' | '.' | '~' | '…' | MASKED));
    let end = text.trimmed(body, end);
    let tail = text.exact(body, end);
    let telling = tail.contains(|c: char| c.is_ascii_digit() || c.is_ascii_uppercase() || matches!(c, '*' | '…'));
    (tail.len() >= shortest && (telling || tail.len() >= 16)).then(|| Kind::SECRET.part(at, end))?
}

/// A long run that no one would write: hexadecimal, base64, base32.
pub(crate) fn random(text: &Text, at: usize) -> Option<Found> {
    if is_token(text.before(at)) && text.before(at) != '=' || !text.at(at).is_ascii_alphanumeric() {
        return None;
    }
    let end = text.skip(at, LONGEST_RUN, is_token);
    (end - at >= 20 && is_random(&text.exact(at, end))).then(|| Kind::SECRET.part(at, end))?
}

/// Whether letters, digits and cases follow one another as chance has it and not as words do.
fn is_random(run: &str) -> bool {
    let digit = |c: char| c.is_ascii_digit();
    if !run.contains(digit) {
        // Small letters with capitals on both sides: `aBcD` has them, `ListBlock` has not.
        let island = |w: &&[u8]| matches!(w, [a, b, c] if a.is_ascii_uppercase() && b.is_ascii_lowercase() && c.is_ascii_uppercase());
        return run.as_bytes().windows(3).filter(island).count() >= 2 && !run.contains(['-', '_']);
    }
    let hexadecimal =
        |part: &str| part.len() >= 24 && part.contains(digit) && part.contains(|c: char| c.is_ascii_alphabetic());
    if run.split(|c: char| !c.is_ascii_hexdigit()).any(hexadecimal) {
        return true;
    }
    let longest = run.split(['-', '_', '/']).map(str::len).max().unwrap_or(0);
    // Long runs of both cases need less: names have fewer breaks the longer they are.
    let both = run.contains(|c: char| c.is_ascii_lowercase()) && run.contains(|c: char| c.is_ascii_uppercase());
    let share = if both && run.len() >= 32 { 6 } else { 5 };
    changes(run) * share >= run.len() && longest >= 8
}

/// How often a digit or a plus meets a letter, or a capital stands where no word begins.
pub(crate) fn changes(run: &str) -> usize {
    let small = |place: usize| run.as_bytes().get(place).is_some_and(u8::is_ascii_lowercase);
    let change = |(place, pair): &(usize, &[u8])| match pair {
        [b'+', b] | [b, b'+'] => b.is_ascii_alphanumeric(),
        [a, b] if a.is_ascii_digit() => b.is_ascii_alphabetic(),
        [a, b] if b.is_ascii_digit() => a.is_ascii_alphabetic(),
        [a, b] => a.is_ascii_lowercase() && b.is_ascii_uppercase() && !(small(place + 2) && small(place + 3)),
        _ => false,
    };
    run.as_bytes().windows(2).enumerate().filter(change).count()
}

/// Whether a short value looks like a password or key: letters with digits or signs among them, or an inner capital.
pub(crate) fn is_telling(value: &str) -> bool {
    let mixed = value.contains(|c: char| c.is_ascii_digit() || "!$%^&*+=@#~".contains(c));
    let inner_capital = |pair: &[u8]| matches!(pair, [a, b] if a.is_ascii_lowercase() && b.is_ascii_uppercase());
    mixed && value.contains(|c: char| c.is_ascii_alphabetic())
        || value.as_bytes().windows(2).any(inner_capital)
        || value.contains(MASKED) && value.chars().count() > 1
}

/// The end of a secret that was broken over lines: the next line belongs to it where it is no word of a sentence.
pub(crate) fn continued(text: &Text, mut end: usize) -> usize {
    while text.at(end) == '\n' && is_token(text.before(end)) {
        let next = text.skip(end + 1, LONGEST_RUN, |c| is_token(c) || c == '.');
        let part = text.exact(end + 1, text.trimmed(end + 1, next));
        let titled = part.chars().skip(1).all(|c| c.is_ascii_lowercase());
        let sealed = matches!(text.at(next), '\n' | '\0' | ' ' | '"' | '\'');
        let path = part.contains('/') && !part.contains(['+', '=']);
        if !sealed || path || part.len() < 4 || part.len() < 12 && (titled || !is_telling(&part)) {
            break;
        }
        end += 1 + part.len();
    }
    end
}
