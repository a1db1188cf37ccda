//! Values that a key announces: `password=…`, `"host": "…"`, `Authorization: …`, `the API key provided is …`.

use super::{
    Found, Kind, person, secret,
    text::{MASKED, Text, is_quote},
    value::{Link, Value, header_end, link, value},
    words::{FOREIGN_PASSWORDS, KEYS, NOT_VALUES, Role, SCHEMES, TWO_WORD_KEYS, Words},
};

/// The value behind the key that begins at `at`, if it is one to hide.
pub(super) fn keyed(text: &Text, at: usize) -> Option<Found> {
    if !text.at(at).is_alphabetic() && text.at(at) != '_' {
        return None;
    }
    let (role, key_end) = key(text, at)?;
    let (link, start) = link(text, at, key_end)?;
    if role == Role::Scheme {
        return scheme(text, at, start, link);
    }
    if role == Role::User && link == Link::Space {
        return person::after_user(text, at, start);
    }
    if role == Role::Port {
        return ports(text, start);
    }
    let value = value(text, start, role, link)?;
    let written = text.exact(value.start, value.end);
    let masked = written.contains(MASKED) && written.chars().count() == 1;
    if masked || !is_hidden(role, link, value, &written, text) {
        return None;
    }
    let end = if role == Role::Header { header_end(text, value) } else { value.end };
    Some(Found { start: value.start, end, kind: role.kind() })
}

/// The role of the key at a position and where the key ends. `api key` and `user id` are keys of two words.
fn key(text: &Text, at: usize) -> Option<(Role, usize)> {
    if let Some(word) = FOREIGN_PASSWORDS.each().find(|word| text.folds_to(at, word)) {
        return Some((Role::Secret, at + word.chars().count()));
    }
    let end = text.skip(at, 64, |c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.'));
    let end = text.trimmed(at, end);
    if end < at + 3 {
        // The shortest keys have two letters, and two letters are nearly always something else.
        return text.has(at, "pw").then_some((Role::Secret, end)).filter(|_| end == at + 2);
    }
    if matches!(text.at(end), ' ' | '\n') {
        let next = text.skip(end + 1, 16, |c| c.is_ascii_alphanumeric());
        let both = text.lower(at, next);
        if let Some((_, role)) = TWO_WORD_KEYS.iter().find(|(words, _)| *words == both) {
            return Some((*role, next));
        }
    }
    let written = text.lower(at, end);
    let plain: String = written.chars().filter(|c| c.is_ascii_alphanumeric()).collect();
    let last = written.rsplit(['_', '-', '.']).next().unwrap_or_default();
    if written.starts_with("x-") && matches!(last, "key" | "token") {
        return Some((Role::Header, end));
    }
    // `PGHOST=` has no sign between its words, and in `dbUser` a capital is one.
    let exact = text.exact(at, end);
    let variable = text.at(end) == '=' && exact.len() > 4 && !exact.contains(|c: char| c.is_ascii_lowercase());
    let hump = exact.rfind(|c: char| c.is_ascii_uppercase()).and_then(|hump| written.get(hump..)).unwrap_or_default();
    let fits = |anywhere: bool, names: &Words| {
        if anywhere || variable {
            names.each().any(|name| plain.ends_with(name))
        } else {
            names.contains(last) || names.contains(hump)
        }
    };
    KEYS.iter().find(|(_, anywhere, names)| fits(*anywhere, names)).map(|(role, _, _)| (*role, end))
}

/// Whether a value stands for something that must not be seen, by the strength of its key and link.
fn is_hidden(role: Role, link: Link, value: Value, written: &str, text: &Text) -> bool {
    let lower = written.to_lowercase();
    let spaced = text.before(value.start).is_whitespace();
    let said = !value.quoted && (link != Link::Equals || spaced) && NOT_VALUES.contains(&lower);
    let identifier = role == Role::Weak && secret::uuid(text, value.start).is_some_and(|id| id.end == value.end);
    let long_enough = written.chars().count() >= 6;
    let number = written.chars().all(|c| c.is_ascii_digit() || matches!(c, '.' | ',' | '%'));
    if said || identifier || matches!(lower.as_str(), "null" | "none" | "true" | "false" | "undefined" | "***") {
        return false;
    }
    match (role, link) {
        (Role::Database | Role::Place, Link::Equals) => true,
        (Role::Place, Link::Colon) => value.quoted,
        (Role::Database | Role::Place, _) => false,
        (Role::Weak, Link::Equals) => !number,
        (Role::Weak, Link::Colon) => {
            value.quoted && !number && written.chars().count() > 3
                || secret::is_telling(written) && long_enough
                || written.len() >= 20
        }
        (Role::Weak | Role::Key, Link::Words | Link::Space) => {
            secret::changes(written) >= 2 && written.len() >= 8 && !written.contains('[')
        }
        (Role::Key, _) => {
            secret::changes(written) >= 2 && written.len() >= 8 && !written.contains('[')
                || written.len() >= 24 && !number && !written.contains([' ', '.', '_', '/'])
        }
        (Role::Host, Link::Colon | Link::Words) => value.quoted || !written.starts_with(char::is_uppercase),
        (Role::Host, Link::Space) => false,
        (Role::Secret | Role::Passphrase | Role::Header, Link::Space) => {
            value.quoted && written.chars().count() <= 128
                || (secret::is_telling(written) || number && written.len() >= 4)
                    && long_enough
                    && !written.contains(['[', '(', '_'])
        }
        _ => true,
    }
}

/// `Bearer …` and `Basic …` outside a header.
fn scheme(text: &Text, key: usize, start: usize, link: Link) -> Option<Found> {
    let value = value(text, start, Role::Scheme, link)?;
    let written = text.exact(value.start, value.end);
    let lower = written.to_lowercase();
    let basic = text.has(key, "basic");
    let titled = written.chars().skip(1).all(|c| c.is_ascii_lowercase() || c == '-');
    let plain = NOT_VALUES.contains(&lower)
        || SCHEMES.contains(&lower)
        || written.contains(MASKED) && written.chars().count() == 1;
    let hidden = if basic {
        !titled && written.len() >= 4 && secret::is_telling(&written)
    } else {
        !titled || written.len() >= 12 && !written.contains('-')
    };
    (!plain && hidden).then_some(Found { start: value.start, end: value.end, kind: Kind::Secret })
}

/// A credential behind what says whose it is: `the password for alice is "hunter2"`.
fn owner_before(text: &Text, at: usize) -> Option<usize> {
    let before = |length: usize| at.checked_sub(length);
    (4..64).map_while(before).take_while(|from| !matches!(text.at(*from), '\n' | '.' | ',' | ';' | ':')).find_map(
        |from| {
            let joined = text.has(from, " for ") || text.has(from, " of ");
            joined.then(|| text.word_before(from).0)
        },
    )
}

/// The value behind `is` or `was`, where a credential and its owner stand before.
pub(super) fn owned(text: &Text, at: usize) -> Option<Found> {
    if !(text.has(at, "is ") || text.has(at, "was ")) {
        return None;
    }
    let (role, _) = key(text, owner_before(text, at)?)?;
    let value = value(text, text.skip_space(text.word_end(at)), role, Link::Words)?;
    let telling = value.quoted || secret::is_telling(&text.exact(value.start, value.end));
    let credential = matches!(role, Role::Secret | Role::Passphrase);
    (telling && credential).then_some(Found { start: value.start, end: value.end, kind: Kind::Secret })
}

/// Numbers behind the word `port` or `ports`.
fn ports(text: &Text, start: usize) -> Option<Found> {
    let start = if is_quote(text.at(start)) { start + 1 } else { start };
    let mut end = start;
    let mut next = start;
    loop {
        let digits = text.skip(next, 6, |c| c.is_ascii_digit());
        if digits == next || digits - next > 5 || text.at(digits).is_alphanumeric() {
            break;
        }
        end = digits;
        next = [" and ", ", ", " or ", "-", ","]
            .into_iter()
            .find(|glue| text.has(end, glue))
            .map_or(end, |glue| end + glue.len());
        if next == end {
            break;
        }
    }
    (end > start).then_some(Found { start, end, kind: Kind::Port })
}

/// Options of command lines that take a name or a password: `-u alice:hunter2`, `-phunter2`, `-a hunter2`, `-h db`.
pub(super) fn option(text: &Text, at: usize) -> Option<Found> {
    if text.at(at) != '-' || !text.before(at).is_whitespace() {
        return None;
    }
    let kind = match text.at(at + 1) {
        'u' | 'U' => Kind::User,
        'p' | 'P' | 'a' => Kind::Secret,
        'h' => Kind::Host,
        _ => return None,
    };
    let start = text.skip_space(at + 2);
    let end = text.trimmed(start, text.skip(start, 256, |c| !c.is_whitespace() && !is_quote(c)));
    let written = text.exact(start, end);
    let plain = written.starts_with('-') || NOT_VALUES.contains(&written.to_lowercase());
    // `-unit` is a word of its own, `-phunter2` a password.
    let apart = start > at + 2;
    let telling = secret::is_telling(&written);
    let hidden = if kind == Kind::Secret { telling } else { apart };
    let kind = if written.contains(':') { Kind::Secret } else { kind };
    (hidden && !plain && end > start && written.chars().next().is_some_and(char::is_alphanumeric)).then_some(Found {
        start,
        end,
        kind,
    })
}
