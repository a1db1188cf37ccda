//! Host names by the words around them.

use super::{
    Found, Kind,
    host::{labels_end, port_behind, with_tail},
    names::SERVICES,
    text::{Text, is_quote, is_word},
    words::{AFTER_HOST, HOST_FAILURES, HOST_TRIGGERS, NOT_HOSTS, TO_HOST},
};

/// A host that the words before it announce: `ENOTFOUND db`, `connect to redis`, `host "db"`, `lookup db on`.
pub(super) fn after(text: &Text, at: usize) -> Option<Found> {
    if !text.at(at).is_ascii_alphabetic() {
        return None;
    }
    let end = text.skip(at, 24, |c| is_word(c) || c == '-');
    if end < at + 2 {
        return None;
    }
    let word = text.lower(at, end);
    let (_, earlier) = text.word_before(at);
    let strong = HOST_TRIGGERS.contains(&word);
    let towards = word == "to" && TO_HOST.contains(&earlier)
        || word == "at"
            && matches!(earlier.as_str(), "server" | "host" | "service" | "listening" | "running" | "hosted")
        || word == "on" && matches!(earlier.as_str(), "listening" | "running" | "hosted" | "host" | "server")
        || word == "tcp" && earlier == "dial";
    let thing = AFTER_HOST.contains(&word);
    if !(strong || towards || thing) {
        return None;
    }
    let colon = if strong && text.at(end) == ':' { end + 1 } else { end };
    let mut start = text.skip_space(colon);
    if start == colon && !is_quote(text.at(start)) {
        return None;
    }
    for filler in ["host ", "hostname ", "server ", "name ", "the "] {
        if text.has(start, filler) {
            start = text.skip_space(start + filler.len());
        }
    }
    let quoted = is_quote(text.at(start));
    if quoted {
        start += 1;
    }
    let stop = labels_end(text, start);
    let written = text.exact(start, stop);
    let name = written.to_lowercase();
    // The first letters of a token, and the scheme of an address, are no host: those are looked at as a whole.
    let partial = matches!(text.at(stop), '+' | '=' | '@') || text.has(stop, "://");
    if partial
        || name.is_empty()
        || NOT_HOSTS.contains(&name)
        || !written.contains(char::is_alphabetic)
        || text.at(stop) == '/' && text.at(stop + 1) == '/'
    {
        return None;
    }
    let telling = written.contains(|c: char| c.is_ascii_digit())
        || name.contains(['-', '.']) && !quoted
        || quoted && is_quote(text.at(stop));
    let service = SERVICES.contains(&name);
    let titled = written.starts_with(char::is_uppercase) && written != written.to_uppercase();
    let known = if strong {
        !titled || telling
    } else if towards {
        port_behind(text, stop).is_some()
            || telling && !titled
            || service && !titled
            || !titled && is_failure(text, stop)
    } else {
        telling || !titled && (service && word.starts_with("host") || is_lost(text, stop))
    };
    known.then(|| Found { start, end: with_tail(text, stop), kind: Kind::Host })
}

/// The host of a quoted account: `'root'@'db'`.
pub(super) fn of_account(text: &Text, at: usize) -> Option<Found> {
    if text.at(at) != '@' || !is_quote(text.before(at)) || !is_quote(text.at(at + 1)) {
        return None;
    }
    let end = labels_end(text, at + 2);
    (end > at + 2).then_some(Found { start: at + 2, end, kind: Kind::Host })
}

/// Whether what follows a name says that it was called in vain: ` failed`, ` refused`, `: …`.
fn is_failure(text: &Text, end: usize) -> bool {
    if matches!(text.at(end), ':' | '.' | ',' | ';' | ')' | '\0') {
        return true;
    }
    let next = text.skip_space(end);
    next > end
        && [
            "failed",
            "refused",
            "timed",
            "closed",
            "was refused",
            "was closed",
            "was reset",
            "has failed",
            "on port",
            "port",
        ]
        .iter()
        .any(|word| text.has(next, word))
}

/// Whether what follows a name says that it is not there: ` is down`, ` unreachable`, ` not found`.
fn is_lost(text: &Text, end: usize) -> bool {
    let next = text.skip_space(end);
    let words =
        ["unreachable", "not found", "is down", "is unreachable", "is not reachable", "did not", "refused", "timed"];
    next > end && words.iter().any(|word| text.has(next, word))
}

/// A host that the words behind it give away: `db: no such host`, `db: Name or service not known`.
pub(super) fn before(text: &Text, at: usize) -> Option<Found> {
    if matches!(text.before(at), '.' | '-') || !text.at(at).is_alphanumeric() {
        return None;
    }
    let end = labels_end(text, at);
    let after = end + usize::from(is_quote(text.at(end)));
    let phrase = text.skip_space(after + usize::from(text.at(after) == ':'));
    let named = phrase > after && HOST_FAILURES.iter().any(|failure| text.has(phrase, failure));
    let plain = NOT_HOSTS.contains(&text.lower(at, end));
    (named && !plain).then_some(Found { start: at, end, kind: Kind::Host })
}
