//! E-mail addresses: plain, with their owner's name, quoted, and spelt out.

use super::{
    Found, Kind,
    address::{ipv4, run_end},
    fold::is_cjk,
    host::labels_end,
    names::HOST_ENDINGS,
    text::{MASKED, Text, is_quote, is_word},
};

/// `local@host`: an e-mail address, a user at a host, or a user with a password.
pub(super) fn address(text: &Text, at: usize) -> Option<Found> {
    if matches!(text.before(at), '.' | '-' | '+' | '/') || matches!(text.at(at), '/' | '\\' | ':' | '.' | '-') {
        return None;
    }
    let foreign = is_cjk(text.at(at));
    let fits = |c: char| {
        !c.is_whitespace()
            && !is_quote(c)
            && (foreign || !is_cjk(c))
            && !matches!(c, '@' | '<' | '>' | '(' | '[' | '{' | ',' | ';')
    };
    let dotted = |host: usize| {
        let labels = text.skip(host, 64, |c| c.is_alphanumeric() || c == '-');
        text.at(labels) == '.'
    };
    // Prose without spaces may stand before a local part in Chinese or Japanese.
    let mut sign = text.skip(at, if foreign { 16 } else { 96 }, fits);
    if text.at(sign) == '\'' && text.before(sign).is_alphanumeric() && text.at(sign + 1).is_alphanumeric() {
        // `o'neil`.
        sign = text.skip(sign + 1, 96, fits);
    }
    let host = sign + 1;
    if sign == at || text.at(sign) != '@' || !(text.at(host).is_alphanumeric() || matches!(text.at(host), '[' | MASKED))
    {
        return None;
    }
    if foreign && !dotted(host) {
        return None;
    }
    // The last `@` of the run ends the user part: passwords have them too.
    let mut end = run_end(text, host);
    let separator = |c: char| matches!(c, ',' | ';' | ')' | '(' | '}');
    let stop = text.skip(host, end - host, |c| !separator(c));
    if !(stop..end).any(|position| text.at(position) == '@') {
        end = text.trimmed(host, stop);
    }
    let package = text.skip(host, end - host, |c| c.is_ascii_digit() || matches!(c, '.' | '^' | '~' | 'x')) == end;
    let has = |sign: char, from: usize, to: usize| (from..to).any(|position| text.at(position) == sign);
    if package && ipv4(text, host).is_none() {
        return None;
    }
    let plain = !has(':', at, sign) && !has('/', at, sign) && !has('@', host, end);
    Some(Found { start: at, end, kind: if plain { Kind::Email } else { Kind::Secret } })
}

/// An address in angle brackets with its owner before it: `Alice Smith <alice@example.com>`, `"Smith, Alice" <…>`.
pub(super) fn with_owner(text: &Text, at: usize) -> Option<Found> {
    let mut name = at;
    if text.at(at) == '"' {
        name = text.skip(at + 1, 64, |c| c != '"' && c != '\n') + 1;
    } else {
        for _ in 0..4 {
            if !text.at(name).is_uppercase() {
                break;
            }
            name = text.skip(name, 32, |c| c.is_alphanumeric() || matches!(c, '.' | '-' | '\''));
            name = text.skip(name, 1, |c| c == ' ');
        }
    }
    let open = text.skip_space(name);
    if name == at || text.at(open) != '<' {
        return None;
    }
    let part = |c: char| !c.is_whitespace() && !matches!(c, '@' | '<' | '>');
    let sign = text.skip(open + 1, 96, part);
    let close = text.skip(sign + 1, 256, part);
    (text.at(sign) == '@' && text.at(close) == '>').then_some(Found { start: at, end: close + 1, kind: Kind::Email })
}

/// A local part in quotes: `"alice smith"@example.com`.
pub(super) fn quoted(text: &Text, at: usize) -> Option<Found> {
    let quote = text.at(at);
    if !is_quote(quote) {
        return None;
    }
    let close = text.skip(at + 1, 64, |c| c != quote && c != '\n');
    let end = labels_end(text, close + 2);
    let whole = text.at(close) == quote && text.at(close + 1) == '@' && end > close + 2;
    whole.then_some(Found { start: at, end, kind: Kind::Email })
}

/// An address in words: `alice at example dot com`.
pub(super) fn spelt(text: &Text, at: usize) -> Option<Found> {
    let local = text.skip(at, 64, |c| is_word(c) || matches!(c, '.' | '-' | '+'));
    if local == at || !text.has(local, " at ") {
        return None;
    }
    let mut label = local + 4;
    for _ in 0..4 {
        let end = text.skip(label, 63, |c| is_word(c) || c == '-');
        if text.has(end, " dot ") && end > label {
            label = end + 5;
        } else {
            let ending = text.lower(label, end);
            let whole = label > local + 4 && HOST_ENDINGS.contains(&ending);
            return whole.then_some(Found { start: at, end, kind: Kind::Email });
        }
    }
    None
}
