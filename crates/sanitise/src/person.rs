//! Names of people and accounts, by the words around them.

use super::{
    Found, Kind,
    text::{MASKED, Text, is_quote, is_word},
    words::{ACTING, NOT_USERS, USER_VERBS},
};

/// `logged in as alice`, `password for alice`, `sudo: alice :`.
pub(super) fn acting_as(text: &Text, at: usize) -> Option<Found> {
    let end = if text.has(at, "as ") {
        let (start, before) = text.word_before(at);
        let earlier = if matches!(before.as_str(), "in" | "on") { text.word_before(start).1 } else { before };
        ACTING.contains(&earlier).then_some(at + 2)?
    } else if text.has(at, "for ") {
        let (start, before) = text.word_before(at);
        let earlier = text.word_before(start).1;
        let refused = matches!(before.as_str(), "failed" | "failure" | "denied")
            && matches!(earlier.as_str(), "authentication" | "login" | "access" | "auth");
        (refused || matches!(before.as_str(), "password" | "passphrase")).then_some(at + 3)?
    } else {
        return None;
    };
    let start = text.skip_space(end);
    name(text, start)
}

/// A name behind the word `user`, which stands before `start` with white space between. `key` is where it begins.
pub(super) fn after_user(text: &Text, key: usize, start: usize) -> Option<Found> {
    if is_quote(text.at(start)) {
        return name(text, start);
    }
    let (_, before) = text.word_before(key);
    let announced = matches!(
        before.as_str(),
        "for"
            | "by"
            | "as"
            | "of"
            | "from"
            | "to"
            | "unknown"
            | "invalid"
            | "no"
            | "db"
            | "database"
            | "os"
            | "unix"
            | "login"
    );
    let found = name(text, start)?;
    let written = text.exact(found.start, found.end);
    let telling =
        written.contains(|c: char| c.is_ascii_digit() || matches!(c, '.' | '_' | '\\')) && !written.ends_with(')');
    let next = text.skip_space(found.end);
    let acts = next > found.end && !written.starts_with(char::is_uppercase) && {
        let verb = text.lower(next, text.word_end(next));
        USER_VERBS.contains(&verb)
    };
    (announced || telling || acts).then_some(found)
}

/// An account of a Windows domain: `ACME\\alice`. Any path that has another separator is left to the detectors of paths.
pub(super) fn of_domain(text: &Text, at: usize) -> Option<Found> {
    let domain = text.skip(at, 15, |c| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '-');
    if domain < at + 2 || !text.at(at).is_ascii_uppercase() || text.at(domain) != '\\' {
        return None;
    }
    let end = text.trimmed(domain, text.skip(domain + 1, 64, |c| is_word(c) || matches!(c, '.' | '-' | '$')));
    let path =
        matches!(text.at(end), '\\' | '/' | '+' | '*' | '{') || matches!(text.before(at), '\\' | '/' | '.' | '-');
    (end > domain + 3 && !path).then_some(Found { start: at, end, kind: Kind::User })
}

/// The name at a position, in quotes or not. Words that a sentence has there are none.
fn name(text: &Text, at: usize) -> Option<Found> {
    let quote = text.at(at);
    if is_quote(quote) {
        let end = text.skip(at + 1, 64, |c| c != quote && c != '\n');
        let inside = text.lower(at + 1, end);
        let known = NOT_USERS.contains(&inside) || inside.contains(MASKED) && inside.chars().count() == 1;
        return (text.at(end) == quote && end > at + 1 && !known).then_some(Found {
            start: at + 1,
            end,
            kind: Kind::User,
        });
    }
    let end = text.skip(at, 64, |c| c.is_alphanumeric() || matches!(c, '_' | '-' | '.' | '\\' | '+' | '$'));
    let end = text.trimmed(at, end);
    let word = text.lower(at, end);
    let first = word.split('-').next().unwrap_or_default();
    let known = NOT_USERS.contains(&word) || NOT_USERS.contains(first);
    let digits = word.chars().all(|c| c.is_ascii_digit());
    // `user foo@bar` is an address, and `user(s)` a plural.
    (!known && !digits && !matches!(text.at(end), '@' | '(')).then_some(Found { start: at, end, kind: Kind::User })
}
