//! Addresses by their shape: URLs, IP and hardware addresses, ports.

use std::net::Ipv6Addr;

use crate::{
    kind::{Found, Kind, MASKED},
    text::{Text, is_quote, is_word},
    words::Words,
};

/// Ports of fewer than four digits that services listen on.
const SHORT_PORTS: Words = Words("21 22 23 25 53 80 88 110 143 389 443 445 465 514 587 636 873 990 993 995");

/// Words that a port follows as a bare number.
const PROTOCOLS: Words =
    Words("amqp ftp imap kafka ldap mongodb mysql pop3 postgres redis sftp smtp smtps ssh tcp udp");

/// `scheme://…` of any scheme, `jdbc:…`, `data:…`, `www.…`, and `http:` with a slash lost.
pub(crate) fn url(text: &Text, at: usize) -> Option<Found> {
    if !text.at(at).is_ascii_alphabetic() {
        return None;
    }
    let scheme = text.run(at, 32, "+.-_");
    let body = if text.has(scheme, "://") {
        scheme + 3
    } else if text.has_any(at, &["jdbc:", "www."]) || text.has(at, "data:") && text.at(scheme + 1) != ' ' {
        scheme + 1
    } else if text.at(scheme) == ':' && matches!(text.lower(at, scheme).as_str(), "http" | "https") {
        text.skip(scheme + 1, 4, |c| matches!(c, '/' | '\\'))
    } else {
        return None;
    };
    if matches!(text.at(body), '\0' | ')' | ']') || text.at(body).is_whitespace() || is_quote(text.at(body)) {
        return None;
    }
    Kind::URL.part(at, text.run_end(body).max(body))
}

/// An IPv4 address with its port and its prefix length, its last numbers perhaps `x` or `*`. `version 1.2.3.4` and
/// `v1.2.3.4` are none.
pub(crate) fn ipv4(text: &Text, at: usize) -> Option<Found> {
    if !text.at(at).is_ascii_digit() || text.before(at) == '.' && text.before(at - 1).is_ascii_digit() {
        return None;
    }
    let end = text.trimmed(at, text.run(at, 24, ".*"));
    let written = text.exact(at, end);
    let based =
        |part: &str| part.len() > 1 && part.starts_with('0') && part.chars().all(|c| c.is_ascii_hexdigit() || c == 'x');
    let is_part = |part: &str| part.parse::<u8>().is_ok() || based(part) || matches!(part, "x" | "X" | "*");
    if written.split('.').count() != 4 || !written.split('.').all(is_part) {
        return None;
    }
    if matches!(text.word_before(at).1.as_str(), "version" | "release") {
        return Kind::PLAIN.part(at, end);
    }
    Kind::IP.part(at, suffixed(text, end))
}

/// An IPv4 address written as one number, with a port behind it or a word that announces it before.
pub(crate) fn number(text: &Text, at: usize) -> Option<Found> {
    if !text.at(at).is_ascii_digit() || matches!(text.before(at), '.' | '-' | ':') {
        return None;
    }
    let end = text.run(at, 12, "");
    let written = text.lower(at, end);
    let hexadecimal = written.strip_prefix("0x").filter(|digits| digits.len() == 8);
    let number = hexadecimal.map_or_else(|| written.parse(), |digits| u32::from_str_radix(digits, 16)).ok()?;
    let port = text.port_behind(end).filter(|port| port - end > 2);
    let words = Words("addr address host ip ipv4 peer to");
    let announced = || port.is_some() || text.has(end, " port ") || words.contains(&text.word_before(at).1);
    (number > 0x00ff_ffff && announced()).then(|| Kind::IP.part(at, port.unwrap_or(end)))?
}

/// Behind `:8080`, `/24` and `#53`.
fn suffixed(text: &Text, end: usize) -> usize {
    let digits = text.digits(end + 1, 5);
    if matches!(text.at(end), ':' | '/' | '#') && digits > end + 1 { digits } else { end }
}

/// An IPv6 address, bare or in brackets, with zone, port and prefix length. A bare one without a digit may be a path of
/// Rust or C++.
pub(crate) fn ipv6(text: &Text, at: usize) -> Option<Found> {
    let bracket = text.at(at) == '[';
    let start = if bracket { at + 1 } else { at };
    let first = text.at(start);
    if !(first.is_ascii_hexdigit() || first == ':') || !bracket && matches!(text.before(at), ':' | '.' | ']') {
        return None;
    }
    let mut end = text.skip(start, 48, |c| c.is_ascii_hexdigit() || matches!(c, ':' | '.'));
    if text.at(end).is_ascii_alphanumeric() {
        return None;
    }
    let written = text.exact(start, end);
    let mut address = written.trim_end_matches('.');
    if !address.ends_with("::") {
        address = address.trim_end_matches(':');
    }
    end = start + address.len();
    let digit = address.contains(|c: char| c.is_ascii_digit()) || bracket;
    if !digit || address.parse::<Ipv6Addr>().is_err() {
        return None;
    }
    if text.at(end) == '%' {
        end = text.run(end + 1, 16, ".");
    }
    let closed = !bracket || text.at(end) == ']';
    closed.then(|| Kind::IP.part(at, suffixed(text, end + usize::from(bracket))))?
}

/// A hardware address: six pairs of hexadecimal digits.
pub(crate) fn hardware(text: &Text, at: usize) -> Option<Found> {
    let end = text.run(at, if matches!(text.at(at + 2), ':' | '-') { 18 } else { 0 }, ":-");
    let end = if text.before(end) == ':' { end - 1 } else { end };
    let written = text.exact(at, end);
    let pair = |part: &str| part.len() == 2 && part.chars().all(|c| c.is_ascii_hexdigit());
    let pairs = end == at + 17 && written.split([':', '-']).all(pair);
    (pairs && text.before(at) != '-' && text.at(end) != '_').then(|| Kind::IP.part(at, end))?
}

/// A port without its host: `:8080`, `8080/tcp`, `smtp 587`, or `8080|` before a host that is hidden.
pub(crate) fn port(text: &Text, at: usize) -> Option<Found> {
    let start = if text.at(at) == ':' { at + 1 } else { at };
    let end = text.digits(start, 6);
    // `:15` and `:45` are minutes of an hour, and `smtp 550` says what is wrong.
    let usual = |fewest| end - start >= fewest || SHORT_PORTS.contains(&text.exact(start, end));
    if !(2..=5).contains(&(end - start)) {
        return None;
    }
    let next = text.at(end);
    let goes_on =
        next.is_alphanumeric() || matches!(next, '_' | '-') || matches!(next, ':' | '.') && is_word(text.at(end + 1));
    let is_port = if start > at {
        let before = text.before(at);
        let free =
            matches!(before, '\0' | '(' | '[' | MASKED | '*' | '=') || before.is_whitespace() || is_quote(before);
        free && !goes_on && usual(3)
    } else {
        let bars = text.skip(end, 2, |c| c == '|');
        text.has_any(end, &["/tcp", "/udp"]) && !is_word(text.at(end + 4))
            || bars > end && text.at(bars) == MASKED
            || text.before(at) == ' ' && !goes_on && usual(4) && PROTOCOLS.contains(&text.word_before(at).1)
    };
    is_port.then(|| Kind::PORT.part(start, end))?
}
