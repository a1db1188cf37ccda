//! Host names, by their shape and by the words around them.

use crate::{
    address::ipv6,
    fold::is_cjk,
    kind::{Found, Kind, MASKED},
    text::{Text, is_quote},
    words::{
        AFTER_HOST, AT_HOST, FIELDS, HOST_ENDINGS, HOST_EXCEPTIONS, HOST_FAILURES, HOST_SILENT, HOST_TRIGGERS,
        INNER_LABELS, NOT_HOSTS, NOT_LABELS, PROSE, SERVICES, TO_HOST, WORD_ENDINGS,
    },
};

/// Behind the port and the path of a host.
pub(crate) fn with_tail(text: &Text, end: usize) -> usize {
    let port = text.port_behind(end).unwrap_or(end);
    let path = matches!(text.at(port), '/' | '?') && !text.at(port + 1).is_whitespace();
    if path { text.run_end(port).max(port) } else { port }
}

/// The end of the labels that begin at a position: 253 characters at most.
pub(crate) fn labels_end(text: &Text, at: usize) -> usize {
    let mut end = text.skip(at, 253, |c| c.is_alphanumeric() && !is_cjk(c) || matches!(c, '-' | '_' | '.'));
    while end > at && matches!(text.before(end), '.' | '-' | '_') {
        end -= 1;
    }
    end
}

/// A name of several labels whose last one is a top-level domain or one that networks use inside.
pub(crate) fn dotted(text: &Text, at: usize) -> Option<Found> {
    let inside = match text.before(at) {
        // Behind a placeholder a name goes on; behind a word it was looked at before.
        '.' => text.before(at - 1) != MASKED,
        before => matches!(before, '-' | '/' | '\\' | '$'),
    };
    if inside || !text.at(at).is_alphanumeric() && text.at(at) != '_' {
        return None;
    }
    let end = labels_end(text, at);
    let written = text.exact(at, end);
    let name = written.to_lowercase();
    let (rest, ending) = name.rsplit_once('.')?;
    if HOST_EXCEPTIONS.contains(&name) {
        return Kind::PLAIN.part(at, end);
    }
    // `failed.The`, `done.It`: a sentence ended without a space.
    let sentence = written.rsplit('.').next().is_some_and(|ending| {
        ending.starts_with(|c: char| c.is_ascii_uppercase()) && ending.contains(|c: char| c.is_ascii_lowercase())
    });
    let port = text.port_behind(end);
    let field = rest.split('.').next().is_some_and(|first| FIELDS.contains(first)) || rest.contains('_');
    let labels = rest.split('.').count();
    let country = ending.len() == 2 && ending.chars().all(|c| c.is_ascii_alphabetic());
    let known = if !field && rest.split('.').skip(1).any(|label| INNER_LABELS.contains(label)) {
        true
    } else if HOST_ENDINGS.contains(ending) || ending.starts_with("xn--") {
        !sentence || labels > 1 || matches!(ending, "com" | "org" | "net")
    } else if WORD_ENDINGS.contains(ending) || country {
        let word = WORD_ENDINGS.contains(ending);
        let name = labels > 1
            || if word { port.is_some() || text.at(end) == '/' || rest.contains('-') } else { rest.len() > 2 };
        !sentence && !field && text.at(end) != '(' && name
    } else {
        let numbered = port.is_some_and(|port| port - end > 2);
        numbered && !field && !NOT_LABELS.contains(ending) && written.contains(|c: char| c.is_ascii_alphabetic())
    };
    known.then(|| Kind::HOST.part(at, with_tail(text, end)))?
}

/// One label and a port, `redis:6379`, or one that is a host by itself: `localhost`, `ip-10-0-3-7`. Two or three digits
/// are a port behind a name that services have.
pub(crate) fn single(text: &Text, at: usize) -> Option<Found> {
    let before = text.before(at);
    if matches!(before, '.' | '-') || text.has(at.saturating_sub(2), "::") || !text.at(at).is_ascii_alphanumeric() {
        return None;
    }
    let end = text.run(at, 63, "_-");
    let written = text.exact(at, end);
    let name = written.to_ascii_lowercase();
    let numbers = name.strip_prefix("ip-").or_else(|| name.strip_prefix("ec2-"));
    let numbered = numbers.is_some_and(|numbers| {
        numbers.split('-').count() >= 4 && numbers.split('-').take(4).all(|number| number.parse::<u8>().is_ok())
    });
    let one_case = name == written || name.to_ascii_uppercase() == written;
    let listens = |port: usize| {
        let service = name.contains(|c: char| c == '-' || c.is_ascii_digit()) || SERVICES.contains(&name);
        match port - end - 1 {
            4 | 5 => !name.contains('_') || service,
            2 | 3 => service && text.at(end + 1) != '0',
            _ => false,
        }
    };
    let with_port =
        before != ':' && one_case && written.contains(|c: char| c.is_ascii_alphabetic()) && !NOT_LABELS.contains(&name);
    let known = numbered || name == "localhost" || with_port && text.port_behind(end).is_some_and(listens);
    known.then(|| Kind::HOST.part(at, with_tail(text, end)))?
}

/// A host that the words before it announce: `ENOTFOUND db`, `connect to redis`, `host "db"`, `lookup db on`.
pub(crate) fn after(text: &Text, at: usize) -> Option<Found> {
    let end = text.run(at, 24, "_-");
    if !text.at(at).is_ascii_alphabetic() || end < at + 2 {
        return None;
    }
    let word = text.lower(at, end);
    let strong = HOST_TRIGGERS.contains(&word);
    let towards = match word.as_str() {
        "to" => TO_HOST.contains(&text.word_before(at).1),
        "at" | "on" => AT_HOST.contains(&text.word_before(at).1),
        "tcp" => text.word_before(at).1 == "dial",
        _ => false,
    };
    if !(strong || towards || AFTER_HOST.contains(&word)) {
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
    start += usize::from(quoted);
    let stop = labels_end(text, start);
    let written = text.exact(start, stop);
    // The beginning of a token, a URL or an IP address is looked at as a whole.
    let partial = matches!(text.at(stop), '+' | '=' | '@') || text.has_any(stop, &["://", "//"]);
    let named = written.contains(char::is_alphabetic) && !written.starts_with("0x") && !is_prose(&written);
    if partial || !named || ipv6(text, start).is_some() {
        return None;
    }
    let telling = written.contains(|c: char| c.is_ascii_digit())
        || written.contains(['-', '.']) && !quoted
        || quoted && is_quote(text.at(stop));
    let service = SERVICES.contains(&written.to_lowercase());
    let titled = written.starts_with(char::is_uppercase) && written != written.to_uppercase();
    let next = text.skip_space(stop);
    let silent = next > stop && text.has_any(next, HOST_SILENT);
    let known = if strong {
        !titled || telling
    } else if towards {
        let failed = matches!(text.at(stop), ':' | '.' | ',' | ';' | ')' | '\0') || silent;
        text.port_behind(stop).is_some() || !titled && (telling || service || failed)
    } else {
        telling || !titled && (service && word.starts_with("host") || silent)
    };
    known.then(|| Kind::HOST.part(start, with_tail(text, stop)))?
}

/// The host of a quoted account: `'root'@'db'`.
pub(crate) fn of_account(text: &Text, at: usize) -> Option<Found> {
    let account = text.at(at) == '@' && is_quote(text.before(at)) && is_quote(text.at(at + 1));
    account.then(|| Kind::HOST.part(at + 2, labels_end(text, at + 2)))?
}

/// A host that the words behind it give away: `db: no such host`, `db: Name or service not known`.
pub(crate) fn before(text: &Text, at: usize) -> Option<Found> {
    if matches!(text.before(at), '.' | '-') || !text.at(at).is_alphanumeric() {
        return None;
    }
    let end = labels_end(text, at);
    let after = end + usize::from(is_quote(text.at(end)));
    let phrase = text.skip_space(after + usize::from(text.at(after) == ':'));
    let lost = phrase > after && text.has_any(phrase, HOST_FAILURES) && !is_prose(&text.exact(at, end));
    lost.then(|| Kind::HOST.part(at, end))?
}

/// Whether a word that stands in the place of a host is one of a sentence.
fn is_prose(written: &str) -> bool {
    let name = written.to_lowercase();
    PROSE.contains(&name) || NOT_HOSTS.contains(&name)
}
