//! Values that a key announces: `password=…`, `"host": "…"`, `Authorization: …`, `the API key provided is …`.

use crate::{
    kind::{Found, Kind, MASKED},
    person, secret,
    text::{Text, is_quote},
    value::{Link, Value, header_end, link, value},
    words::{FOREIGN_PASSWORDS, GIVING, KEYS, PARSING, PROSE, Role, SCHEMES, SERVICES, Words},
};

/// Values that say that there is none.
const NOTHING: Words = Words("null none true false undefined ***");

/// The value behind the key that begins at `at`, if it is one to hide.
pub(crate) fn keyed(text: &Text, at: usize) -> Option<Found> {
    if !text.at(at).is_alphabetic() && text.at(at) != '_' {
        return None;
    }
    let (role, key_end) = key(text, at)?;
    let (link, start) = link(text, at, key_end)?;
    match role {
        Role::User if link == Link::Space => return person::after_user(text, at, start),
        Role::Port => return ports(text, start),
        _ => {}
    }
    let value = value(text, start, role, link).filter(|value| is_hidden(text, at, role, link, *value));
    let Some(value) = value else {
        return told(text, key_end, role);
    };
    let end = if role == Role::Header { header_end(text, value) } else { value.end };
    role.kind().part(value.start, end)
}

/// The role of the key at a position and where the key ends. `api key` and `user id` are keys of two words.
fn key(text: &Text, at: usize) -> Option<(Role, usize)> {
    if let Some(word) = FOREIGN_PASSWORDS.each().find(|word| text.folds_to(at, word)) {
        return Some((Role::Secret, at + word.chars().count()));
    }
    let end = text.trimmed(at, text.run(at, 64, "_-."));
    if end < at + 3 {
        // The shortest keys have two letters, and two letters are nearly always something else.
        return (text.has(at, "pw") && end == at + 2).then_some((Role::Secret, end));
    }
    let exact = text.exact(at, end);
    let written = exact.to_ascii_lowercase();
    if matches!(text.at(end), ' ' | '\n') {
        let next = text.run(end + 1, 16, "");
        let both = written.clone() + text.lower(end, next).trim_start();
        let both = KEYS.iter().find(|(_, anywhere, names)| *anywhere && next > end + 1 && names.contains(&both));
        if let Some((role, ..)) = both {
            return Some((*role, next));
        }
    }
    let plain: String = written.chars().filter(char::is_ascii_alphanumeric).collect();
    let last = written.rsplit(['_', '-', '.']).next().unwrap_or_default();
    if written.starts_with("x-") && matches!(last, "key" | "token") {
        return Some((Role::Header, end));
    }
    // `PGHOST=` has no sign between its words, and in `dbUser` a capital is one.
    let shouted = !exact.contains(|c: char| c.is_ascii_lowercase());
    let variable = text.at(end) == '=' && exact.len() > 4 && shouted;
    let hump = exact.rfind(|c: char| c.is_ascii_uppercase()).and_then(|hump| written.get(hump..)).unwrap_or_default();
    let fits = |anywhere: bool, names: &Words| {
        if anywhere || variable {
            names.each().any(|name| plain.ends_with(name))
        } else {
            names.contains(last) || names.contains(hump)
        }
    };
    let (role, ..) = KEYS.iter().find(|(_, anywhere, names)| fits(*anywhere, names))?;
    // `SERVICE_TOKEN hunter2`: the name of a variable is not a word of a sentence.
    let strong =
        shouted && exact.contains('_') && text.at(end) == ' ' && matches!(role, Role::Weak | Role::Token | Role::Key);
    Some((if strong { Role::Secret } else { *role }, end))
}

/// Whether a value stands for something that must not be seen, by the strength of its key and link.
fn is_hidden(text: &Text, key: usize, role: Role, link: Link, value: Value) -> bool {
    let written = text.exact(value.start, value.end);
    let lower = written.to_lowercase();
    let spaced = text.before(value.start).is_whitespace();
    let said = !value.quoted && (link != Link::Equals || spaced) && PROSE.contains(&lower);
    let weak = matches!(role, Role::Weak | Role::Token);
    let identifier = weak && secret::uuid(text, value.start).is_some_and(|id| id.end == value.end);
    let nothing = NOTHING.contains(&lower) || written.chars().eq([MASKED]);
    if said || identifier || nothing {
        return false;
    }
    let length = written.chars().count();
    let number = written.chars().all(|c| c.is_ascii_digit() || matches!(c, '.' | ',' | '%'));
    let telling = secret::is_telling(&written);
    let mixed = secret::changes(&written) >= 2 && written.len() >= 8 && !written.contains('[');
    let titled = written.chars().skip(1).all(|c| c.is_ascii_lowercase() || c == '-');
    match (role, link) {
        (Role::Code, _) => length >= 3 && written.chars().all(|c| c.is_ascii_digit()),
        (Role::Database | Role::Place, Link::Equals) => true,
        (Role::Place, Link::Colon) => value.quoted,
        (Role::Database, _) => {
            let name = value.quoted && written == lower || !number && written.contains(['_', '-', '0', '1', '2', '3']);
            name && !written.contains(' ') && !SERVICES.contains(&lower)
        }
        (Role::Place, _) | (Role::Host, Link::Space) => false,
        (Role::Weak | Role::Token, Link::Equals) => !number,
        (Role::Weak | Role::Token, Link::Colon) => {
            let clause = "\0\n,;})\"'`".contains(text.at(value.end));
            let word = role == Role::Token && clause && written.chars().all(|c| c.is_alphanumeric() || c == '-');
            let hidden = word || value.quoted && length > 3 || telling && length >= 6 || length >= 20;
            hidden && !number && !PARSING.contains(&text.word_before(key).1)
        }
        (Role::Weak | Role::Token | Role::Key, Link::Words | Link::Space) => mixed,
        (Role::Key, _) => mixed || written.len() >= 24 && !number && !written.contains([' ', '.', '_', '/']),
        (Role::Host, Link::Colon | Link::Words) => value.quoted || !written.starts_with(char::is_uppercase),
        (Role::Secret | Role::Passphrase | Role::Header, Link::Space) => {
            value.quoted && length <= 128
                || (telling && length >= 6 || number && length >= 4) && !written.contains(['[', '(', '_'])
        }
        (Role::Scheme, _) if PROSE.contains(&lower) || SCHEMES.contains(&lower) => false,
        (Role::Scheme, _) if text.has(key, "basic") => !titled && length >= 4 && telling,
        (Role::Scheme, _) => !titled || length >= 12 && !written.contains('-'),
        _ => true,
    }
}

/// A credential further on in the sentence, behind `is`, `was` or a comma: `the password for alice is "hunter2"`,
/// `the password you sent, hunter2, is wrong`.
fn told(text: &Text, key_end: usize, role: Role) -> Option<Found> {
    if !matches!(role, Role::Secret | Role::Passphrase | Role::Token) {
        return None;
    }
    let end = text.skip(key_end, 64, |c| !matches!(c, '\n' | '.' | ';' | ':'));
    (key_end..end).find_map(|at| {
        let given = text.at(at) == ',' && GIVING.contains(&text.word_before(at).1);
        if !(given || role != Role::Token && text.has_any(at, &[" is ", " was "])) {
            return None;
        }
        let start = text.skip_space(if given { at + 1 } else { text.word_end(at + 1) });
        let value = value(text, start, role, Link::Words)?;
        let written = text.exact(value.start, value.end);
        let closed = given && matches!(text.at(value.end), ',' | '\0' | '\n');
        let telling = value.quoted || closed || secret::is_telling(&written);
        let said = PROSE.contains(&written.to_lowercase()) || written.chars().eq([MASKED]);
        (telling && !said).then(|| Kind::SECRET.part(value.start, value.end))?
    })
}

/// Numbers behind the word `port` or `ports`.
fn ports(text: &Text, start: usize) -> Option<Found> {
    let start = text.skip(start, 1, is_quote);
    let mut end = text.skip(start, 64, |c| c.is_ascii_digit() || ", -andor".contains(c));
    while end > start && !text.before(end).is_ascii_digit() {
        end -= 1;
    }
    text.at(start).is_ascii_digit().then(|| Kind::PORT.part(start, end))?
}

/// Options of command lines that take a name, a password or a port: `-u alice:hunter2`, `-phunter2`, `-a hunter2`,
/// `-h db`, `-p 2222`.
pub(crate) fn option(text: &Text, at: usize) -> Option<Found> {
    if text.at(at) != '-' || !text.before(at).is_whitespace() {
        return None;
    }
    let start = text.skip_space(at + 2);
    let end = text.trimmed(start, text.skip(start, 256, |c| !c.is_whitespace() && !is_quote(c)));
    let written = text.exact(start, end);
    // `-unit` is a word of its own, `-phunter2` a password.
    let apart = start > at + 2;
    let port = apart && (2..=5).contains(&written.len()) && text.digits(start, 5) == end;
    let kind = match text.at(at + 1) {
        'p' | 'P' if port => Kind::PORT,
        'p' | 'P' | 'a' if secret::is_telling(&written) => Kind::SECRET,
        'u' | 'U' if apart => Kind::USER,
        'h' if apart => Kind::HOST,
        _ => return None,
    };
    let kind = if written.contains(':') { Kind::SECRET } else { kind };
    let named = written.starts_with(char::is_alphanumeric) && !PROSE.contains(&written.to_lowercase());
    named.then(|| kind.part(start, end))?
}
