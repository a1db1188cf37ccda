//! Addresses by their shape: URLs, IP and hardware addresses, ports.

use super::{
    Found, Kind,
    fold::is_cjk,
    host::port_behind,
    text::{MASKED, Text, is_quote, is_word},
    words::Words,
};

/// The longest URL or resource name followed to its end; longer ones go on as a path or a random token.
const LONGEST: usize = 4096;

/// Ports of two digits that services listen on.
const TWO_DIGIT_PORTS: Words = Words("21 22 23 25 53 80 88");

/// The end of a run that begins at `from` and has no white space, quote or angle bracket in it. A run in Latin
/// letters ends where Chinese, Japanese or Korean prose goes on without a space.
pub(super) fn run_end(text: &Text, from: usize) -> usize {
    let foreign = is_cjk(text.at(from));
    let end = text.skip(from, LONGEST, |c| {
        !c.is_whitespace() && !matches!(c, '"' | '`' | '<' | '>' | '|') && (foreign || !is_cjk(c))
    });
    let end = text.trimmed(from, end);
    if text.before(end) == '\'' && end > from { text.trimmed(from, end - 1) } else { end }
}

/// `scheme://…` of any scheme, `jdbc:…`, `data:…`, `www.…`, and `http:` with a slash lost.
pub(super) fn url(text: &Text, at: usize) -> Option<Found> {
    if !text.at(at).is_ascii_alphabetic() {
        return None;
    }
    let scheme = text.skip(at, 32, |c| c.is_ascii_alphanumeric() || matches!(c, '+' | '.' | '-' | '_'));
    let body = if text.has(scheme, "://") {
        scheme + 3
    } else if text.has(at, "jdbc:") || text.has(at, "www.") || text.has(at, "data:") && text.at(scheme + 1) != ' ' {
        scheme + 1
    } else if text.at(scheme) == ':' && matches!(text.lower(at, scheme).as_str(), "http" | "https") {
        // A slash lost or doubled on the way (`http:/host`).
        text.skip(scheme + 1, 4, |c| matches!(c, '/' | '\\'))
    } else {
        return None;
    };
    if matches!(text.at(body), '\0' | ')' | ']') || text.at(body).is_whitespace() || is_quote(text.at(body)) {
        return None;
    }
    Some(Found { start: at, end: run_end(text, body).max(body), kind: Kind::Url })
}

/// The end of four numbers of at most 255 with dots between; the last ones may be `x` or `*`.
fn dotted_quad(text: &Text, at: usize) -> Option<usize> {
    let mut position = at;
    for place in 0..4 {
        if place > 0 {
            if text.at(position) != '.' {
                return None;
            }
            position += 1;
        }
        let end = text.skip(position, 4, |c| c.is_ascii_digit());
        if end == position {
            if place < 2 || !matches!(text.at(position), 'x' | 'X' | '*') {
                return None;
            }
            position += 1;
            continue;
        }
        let octal = text.at(position) == '0' && end - position > 1;
        let value: u32 = text.exact(position, end).parse().ok()?;
        if !octal && (value > 255 || end - position > 3) {
            return None;
        }
        position = end;
    }
    Some(position)
}

/// An IPv4 address with its port and its prefix length. `version 1.2.3.4` and `v1.2.3.4` are none.
pub(super) fn ipv4(text: &Text, at: usize) -> Option<Found> {
    if !text.at(at).is_ascii_digit() || text.before(at) == '.' && text.before(at - 1).is_ascii_digit() {
        return None;
    }
    let end = dotted_quad(text, at)?;
    if is_word(text.at(end)) || text.at(end) == '.' && text.at(end + 1).is_ascii_digit() {
        return None;
    }
    if matches!(text.word_before(at).1.as_str(), "version" | "release") {
        return Some(Found { start: at, end, kind: Kind::Plain });
    }
    Some(Found { start: at, end: suffixed(text, end), kind: Kind::Ip })
}

/// An IPv4 address written as one number: one with a port is no other number.
pub(super) fn decimal(text: &Text, at: usize) -> Option<Found> {
    if matches!(text.before(at), '.' | '-' | ':') {
        return None;
    }
    let end = text.skip(at, 11, |c| c.is_ascii_digit());
    let port = port_behind(text, end).filter(|port| port - end > 2)?;
    let number: u32 = text.exact(at, end).parse().ok()?;
    (number > 0x00ff_ffff).then_some(Found { start: at, end: port, kind: Kind::Ip })
}

/// Behind `:8080`, `/24` and `#53`.
fn suffixed(text: &Text, end: usize) -> usize {
    if !matches!(text.at(end), ':' | '/' | '#') {
        return end;
    }
    let digits = text.skip(end + 1, 5, |c| c.is_ascii_digit());
    if digits == end + 1 { end } else { digits }
}

/// An IPv6 address, bare or in brackets, with zone, port and prefix length. A time of day has neither `::` nor
/// eight groups, a path of Rust or C++ has letters beyond `f` or no digit.
pub(super) fn ipv6(text: &Text, at: usize) -> Option<Found> {
    let bracket = text.at(at) == '[';
    let start = if bracket { at + 1 } else { at };
    let first = text.at(start);
    if !(first.is_ascii_hexdigit() || first == ':') || !bracket && matches!(text.before(at), ':' | '.' | ']') {
        return None;
    }
    let mut end = text.skip(start, 48, |c| c.is_ascii_hexdigit() || matches!(c, ':' | '.'));
    if text.at(end) != '\0' && text.at(end).is_ascii_alphanumeric() {
        return None;
    }
    end = start + text.exact(start, end).trim_end_matches('.').len();
    let address = text.exact(start, end);
    let colons = address.matches(':').count();
    let short = address.contains("::") && !address.contains(":::");
    let digit = address.contains(|c: char| c.is_ascii_digit()) || bracket && address == "::";
    let groups_fit = address.split(':').all(|group| group.len() <= 4 || group.contains('.'));
    let whole = colons == 7 || colons == 6 && address.contains('.');
    if !(digit && groups_fit && (short && colons <= 7 || whole)) {
        return None;
    }
    if text.at(end) == '%' {
        end = text.skip(end + 1, 16, |c| c.is_ascii_alphanumeric() || c == '.');
    }
    if bracket {
        if text.at(end) != ']' {
            return None;
        }
        end += 1;
    }
    Some(Found { start: at, end: suffixed(text, end), kind: Kind::Ip })
}

/// A hardware address: six pairs of hexadecimal digits.
pub(super) fn hardware(text: &Text, at: usize) -> Option<Found> {
    let mut position = at;
    for pair in 0..6 {
        if pair > 0 {
            if !matches!(text.at(position), ':' | '-') {
                return None;
            }
            position += 1;
        }
        if text.skip(position, 2, |c| c.is_ascii_hexdigit()) != position + 2 {
            return None;
        }
        position += 2;
    }
    let alone = !is_word(text.at(position)) && !matches!(text.at(position), ':' | '-') && text.before(at) != '-';
    alone.then_some(Found { start: at, end: position, kind: Kind::Ip })
}

/// A port without its host: `:8080`, `8080/tcp`, or `8080|` before a host that is hidden.
pub(super) fn port(text: &Text, at: usize) -> Option<Found> {
    let number = |from: usize| {
        let end = text.skip(from, 6, |c| c.is_ascii_digit());
        (2..=5).contains(&(end - from)).then_some(end)
    };
    if text.at(at) == ':' {
        let before = text.before(at);
        let free = before == '\0'
            || before.is_whitespace()
            || is_quote(before)
            || matches!(before, '(' | '[' | MASKED | '*' | '=');
        let end = number(at + 1)?;
        // `:15` and `:45` are minutes of an hour.
        if end == at + 3 && !TWO_DIGIT_PORTS.contains(&text.exact(at + 1, end)) {
            return None;
        }
        let next = text.at(end);
        let goes_on = next.is_alphanumeric() || matches!(next, '_' | '-') || next == ':' && is_word(text.at(end + 1));
        return (free && !goes_on).then_some(Found { start: at + 1, end, kind: Kind::Port });
    }
    let end = number(at)?;
    let protocol = ["/tcp", "/udp"].into_iter().any(|protocol| text.has(end, protocol) && !is_word(text.at(end + 4)));
    let bars = text.skip(end, 2, |c| c == '|');
    (protocol || bars > end && text.at(bars) == MASKED).then_some(Found { start: at, end, kind: Kind::Port })
}
