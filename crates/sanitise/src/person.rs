//! Names of people and accounts, by the words around them.

use crate::{
    kind::{Found, Kind, MASKED},
    text::{Text, is_quote},
    words::{ACTING, BELONGINGS, NOT_USERS, PEOPLE, PROSE, USER_VERBS, Words},
};

/// `logged in as alice`, `password for alice`, `home of alice.smith`, `role "alice"`.
pub(crate) fn announced(text: &Text, at: usize) -> Option<Found> {
    if !text.at(at).is_ascii_alphabetic() {
        return None;
    }
    let end = text.run(at, 16, "_-");
    let start = text.skip_space(end);
    if start == end || end < at + 2 {
        return None;
    }
    let word = text.lower(at, end);
    if !matches!(word.as_str(), "as" | "for" | "of" | "by") && !PEOPLE.contains(&word) {
        return None;
    }
    let (before, earlier) = text.word_before(at);
    let earliest = || text.word_before(before).1;
    let found = name(text, start)?;
    let telling = is_telling(text, found);
    let announced = match word.as_str() {
        "as" => ACTING.contains(&if matches!(earlier.as_str(), "in" | "on") { earliest() } else { earlier }),
        "for" if earlier.starts_with("pass") => true,
        "for" if matches!(earlier.as_str(), "failed" | "failure" | "denied") => {
            matches!(earliest().as_str(), "authentication" | "login" | "access" | "auth")
        }
        "of" | "for" | "by" => BELONGINGS.contains(&earlier) && (telling || acts(text, found)),
        _ => telling || is_quote(text.at(start)),
    };
    announced.then_some(found)
}

/// A name behind the word `user`, which stands before `start` with white space between. `key` is where it begins.
pub(crate) fn after_user(text: &Text, key: usize, start: usize) -> Option<Found> {
    let found = name(text, start)?;
    let before = Words("for by as of from to unknown invalid no db database os unix login");
    let announced = is_quote(text.at(start)) || before.contains(&text.word_before(key).1);
    (announced || is_telling(text, found) || acts(text, found)).then_some(found)
}

/// Whether a name is not a word: it has a digit or a sign in it.
fn is_telling(text: &Text, found: Found) -> bool {
    let written = text.exact(found.start, found.end);
    written.contains(|c: char| c.is_ascii_digit() || matches!(c, '.' | '_' | '\\')) && !written.ends_with(')')
}

/// Whether a verb stands behind a name in small letters.
fn acts(text: &Text, found: Found) -> bool {
    let next = text.skip_space(found.end);
    next > found.end
        && !text.at(found.start).is_uppercase()
        && USER_VERBS.contains(&text.lower(next, text.word_end(next)))
}

/// An account of a Windows domain: `ACME\\alice`. Any path that has another separator is left to the detectors of paths.
pub(crate) fn of_domain(text: &Text, at: usize) -> Option<Found> {
    let domain = text.skip(at, 15, |c| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '-');
    if domain < at + 2 || !text.at(at).is_ascii_uppercase() || text.at(domain) != '\\' {
        return None;
    }
    let end = text.trimmed(domain, text.run(domain + 1, 64, "_.-$"));
    let path =
        matches!(text.at(end), '\\' | '/' | '+' | '*' | '{') || matches!(text.before(at), '\\' | '/' | '.' | '-');
    (end > domain + 3 && !path).then(|| Kind::USER.part(at, end))?
}

/// A name in a directory, `CN=Alice Smith,OU=Sales,DC=acme`, to the end of its last part.
pub(crate) fn distinguished(text: &Text, at: usize) -> Option<Found> {
    const SURE: Words = Words("cn ou dc");
    const OTHERS: Words = Words("o uid l st c sn mail email emailaddress street serialnumber");
    let attribute = |from: usize| {
        let end = text.skip(from, 12, |c| c.is_ascii_alphabetic());
        let sign = text.skip(end, 1, |c| c == ' ');
        let name = text.lower(from, end);
        let known = text.at(sign) == '=' && (SURE.contains(&name) || OTHERS.contains(&name));
        known.then(|| (text.skip(sign + 1, 1, |c| c == ' '), SURE.contains(&name)))
    };
    let (mut value, mut sure) = attribute(at)?;
    for _ in 0..32 {
        // A value goes on over spaces, and over a comma that no attribute follows or that is written `\,`.
        let stop = text.skip(value, 128, |c| !",+/;\n\"')<>".contains(c));
        let next = attribute(text.skip_space(stop + 1)).filter(|_| ",+/;".contains(text.at(stop)));
        match next {
            _ if text.before(stop) == '\\' => value = stop + 1,
            Some((behind, certain)) => (value, sure) = (behind, sure || certain),
            None => break,
        }
    }
    // The last value: one word, and further ones with a capital.
    let word = |from: usize| text.skip(from, 128, |c| !c.is_whitespace() && !",;\"')<".contains(c));
    let mut end = word(value);
    while text.at(end) == ' ' && text.at(end + 1).is_uppercase() && end - value < 128 {
        end = word(end + 1);
    }
    let end = text.trimmed(value, end);
    (sure && end > value).then(|| Kind::USER.part(at, end))?
}

/// The name at a position, in quotes or not. Words that a sentence has there are none.
fn name(text: &Text, at: usize) -> Option<Found> {
    let quote = text.at(at);
    let is_prose = |word: &str| PROSE.contains(word) || NOT_USERS.contains(word);
    if is_quote(quote) {
        let end = text.skip(at + 1, 64, |c| c != quote && c != '\n');
        let inside = text.lower(at + 1, end);
        let known = is_prose(&inside) || inside.chars().eq([MASKED]);
        return (text.at(end) == quote && !known).then(|| Kind::USER.part(at + 1, end))?;
    }
    let word_end =
        |from: usize| text.trimmed(from, text.skip(from, 64, |c| c.is_alphanumeric() || "_-.\\+$".contains(c)));
    let mut end = word_end(at);
    let word = text.lower(at, end);
    let known = is_prose(&word) || word.split('-').next().is_some_and(is_prose);
    // `user foo@bar` is an address, and `user(s)` a plural.
    if known || word.chars().all(|c| c.is_ascii_digit()) || matches!(text.at(end), '@' | '(') {
        return None;
    }
    // `user Alice Smith`.
    let titled = |from: usize| text.at(from).is_uppercase() && text.at(from + 1).is_lowercase();
    if titled(at) && text.at(end) == ' ' && titled(end + 1) {
        end = word_end(end + 1);
    }
    Kind::USER.part(at, end)
}
