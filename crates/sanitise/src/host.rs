//! Host names by their shape.

use super::{
    Found, Kind,
    names::{FIELDS, HOST_ENDINGS, HOST_EXCEPTIONS, INNER_LABELS, SERVICES, WORD_ENDINGS},
    text::{MASKED, Text, is_word},
    words::NOT_LABELS,
};

/// The longest host name there is.
const LONGEST: usize = 253;

/// The digits of a port and where they end: 2 to 5 of them behind a colon, and nothing that makes them a time, a
/// version or a position.
pub(super) fn port_behind(text: &Text, colon: usize) -> Option<usize> {
    if text.at(colon) != ':' {
        return None;
    }
    let end = text.skip(colon + 1, 6, |c| c.is_ascii_digit());
    let length = end - colon - 1;
    let decimal = matches!(text.at(end), '.' | ':' | '-' | ',') && text.at(end + 1).is_ascii_digit();
    ((1..=5).contains(&length) && !is_word(text.at(end)) && !decimal).then_some(end)
}

/// Behind the port and the path of a host.
pub(super) fn with_tail(text: &Text, end: usize) -> usize {
    let port = port_behind(text, end).unwrap_or(end);
    if matches!(text.at(port), '/' | '?') && !text.at(port + 1).is_whitespace() {
        super::address::run_end(text, port).max(port)
    } else {
        port
    }
}

/// The end of the labels that begin at a position.
pub(super) fn labels_end(text: &Text, at: usize) -> usize {
    let end =
        text.skip(at, LONGEST, |c| c.is_alphanumeric() && !super::fold::is_cjk(c) || matches!(c, '-' | '_' | '.'));
    let mut end = end;
    while end > at && matches!(text.before(end), '.' | '-' | '_') {
        end -= 1;
    }
    end
}

/// A name of several labels whose last one is a top-level domain or one that networks use inside.
pub(super) fn dotted(text: &Text, at: usize) -> Option<Found> {
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
        return Some(Found { start: at, end, kind: Kind::Plain });
    }
    // `failed.The`, `done.It`: a sentence ended without a space.
    let written_ending = written.rsplit('.').next().unwrap_or_default();
    let sentence = written_ending.starts_with(|c: char| c.is_ascii_uppercase())
        && written_ending.contains(|c: char| c.is_ascii_lowercase());
    let tail = port_behind(text, end).is_some() || text.at(end) == '/';
    let field = rest.split('.').next().is_some_and(|first| FIELDS.contains(first)) || rest.contains('_');
    let word = WORD_ENDINGS.contains(ending);
    let country = ending.len() == 2 && ending.chars().all(|c| c.is_ascii_alphabetic());
    let labels = rest.split('.').count();
    let beneath = rest.split('.').skip(1).any(|label| INNER_LABELS.contains(label));
    let known = if beneath && !field {
        true
    } else if HOST_ENDINGS.contains(ending) || ending.starts_with("xn--") {
        !sentence || labels > 1 || matches!(ending, "com" | "org" | "net")
    } else if word {
        !sentence && !field && text.at(end) != '(' && (labels > 1 || tail || rest.contains('-'))
    } else if country {
        !sentence
            && !field
            && text.at(end) != '('
            && rest.split('.').all(|label| label.len() > 1 || labels > 1)
            && rest.len() > 2
    } else {
        let numbered = port_behind(text, end).is_some_and(|port| port - end > 2);
        numbered && !field && !NOT_LABELS.contains(ending) && written.contains(|c: char| c.is_ascii_alphabetic())
    };
    known.then(|| Found { start: at, end: with_tail(text, end), kind: Kind::Host })
}

/// One label and a port: `redis:6379`. Two or three digits are a port behind a name that services have.
pub(super) fn with_port(text: &Text, at: usize) -> Option<Found> {
    if matches!(text.before(at), '.' | '-' | ':') || !text.at(at).is_ascii_alphanumeric() {
        return None;
    }
    let end = text.skip(at, 63, |c| is_word(c) || c == '-');
    let port = port_behind(text, end)?;
    let written = text.exact(at, end);
    let name = written.to_ascii_lowercase();
    let one_case = name == written || name.to_ascii_uppercase() == written;
    if !one_case || !written.contains(|c: char| c.is_ascii_alphabetic()) || NOT_LABELS.contains(&name) {
        return None;
    }
    let service = name.contains('-') || name.contains(|c: char| c.is_ascii_digit()) || SERVICES.contains(&name);
    let known = match port - end - 1 {
        4 | 5 => !name.contains('_') || service,
        2 | 3 => service && !text.exact(end + 1, port).starts_with('0'),
        _ => false,
    };
    known.then(|| Found { start: at, end: with_tail(text, end), kind: Kind::Host })
}

/// One label that is a host by itself: `localhost`, `ip-10-0-3-7`, names of cloud machines and pods.
pub(super) fn single(text: &Text, at: usize) -> Option<Found> {
    if matches!(text.before(at), '.' | '-') {
        return None;
    }
    let end = text.skip(at, 63, |c| is_word(c) || c == '-');
    let name = text.lower(at, end);
    let numbers = name
        .strip_prefix("ip-")
        .or_else(|| name.strip_prefix("ec2-"))
        .map(|numbers| numbers.split('-').collect::<Vec<_>>());
    let numbered = numbers.is_some_and(|numbers| {
        numbers.len() >= 4
            && numbers.iter().take(4).all(|n| (1..=3).contains(&n.len()) && n.chars().all(|c| c.is_ascii_digit()))
    });
    (numbered || name == "localhost").then(|| Found { start: at, end: with_tail(text, end), kind: Kind::Host })
}
