//! E-mail addresses: plain, with their owner's name, quoted, and spelt out.

use crate::{
    address::ipv4,
    fold::is_cjk,
    host::labels_end,
    kind::{Found, Kind, MASKED},
    text::{Text, is_quote},
    words::HOST_ENDINGS,
};

/// `local@host`: an e-mail address, a user at a host, or a user with a password.
pub(crate) fn address(text: &Text, at: usize) -> Option<Found> {
    if matches!(text.before(at), '.' | '-' | '+' | '/') || matches!(text.at(at), '/' | '\\' | ':' | '.' | '-') {
        return None;
    }
    let foreign = is_cjk(text.at(at));
    let fits = |c: char| !c.is_whitespace() && (foreign || !is_cjk(c)) && !"@<>([{,;\"'`".contains(c);
    // Prose without spaces may stand before a local part in Chinese or Japanese.
    let mut sign = text.skip(at, if foreign { 16 } else { 96 }, fits);
    if text.at(sign) == '\'' && text.before(sign).is_alphanumeric() && text.at(sign + 1).is_alphanumeric() {
        // `o'neil`.
        sign = text.skip(sign + 1, 96, fits);
    }
    let host = sign + 1;
    let begins = text.at(host).is_alphanumeric() || matches!(text.at(host), '[' | MASKED);
    if sign == at || text.at(sign) != '@' || !begins {
        return None;
    }
    // The last `@` of the run ends the user part: passwords have them too.
    let mut end = text.run_end(host);
    let has = |sign: char, from: usize, to: usize| (from..to).any(|position| text.at(position) == sign);
    let stop = text.skip(host, end - host, |c| !matches!(c, ',' | ';' | ')' | '(' | '}'));
    if !has('@', stop, end) {
        end = text.trimmed(host, stop);
    }
    let package = text.skip(host, end - host, |c| c.is_ascii_digit() || matches!(c, '.' | '^' | '~' | 'x')) == end;
    if package && ipv4(text, host).is_none() {
        return None;
    }
    let plain = !has(':', at, sign) && !has('/', at, sign) && !has('@', host, end);
    if plain { Kind::EMAIL } else { Kind::SECRET }.part(at, end)
}

/// An address in angle brackets with its owner before it, `Alice Smith <alice@example.com>`, `"Smith, Alice" <…>`, or
/// one with its local part in quotes: `"alice smith"@example.com`.
pub(crate) fn with_owner(text: &Text, at: usize) -> Option<Found> {
    let quote = text.at(at);
    let mut name = at;
    if is_quote(quote) {
        name = text.skip(at + 1, 64, |c| c != quote && c != '\n') + 1;
        let end = labels_end(text, name + 1);
        if text.before(name) == quote && text.at(name) == '@' && end > name + 1 {
            return Kind::EMAIL.part(at, end);
        }
    } else {
        while text.at(name).is_uppercase() && name < at + 96 {
            name = text.skip(text.skip(name, 32, |c| c.is_alphanumeric() || ".-'".contains(c)), 1, |c| c == ' ');
        }
    }
    let open = text.skip_space(name);
    if name == at || text.at(open) != '<' {
        return None;
    }
    let part = |c: char| !c.is_whitespace() && !matches!(c, '@' | '<' | '>');
    let sign = text.skip(open + 1, 96, part);
    let close = text.skip(sign + 1, 256, part);
    (text.at(sign) == '@' && text.at(close) == '>').then(|| Kind::EMAIL.part(at, close + 1))?
}

/// An address or a host in words: `alice at example dot com`, `gen dash 1 dot prod dot local`.
pub(crate) fn spelt(text: &Text, at: usize) -> Option<Found> {
    let label = |from: usize| text.run(from, 63, "_-.+");
    let mut end = label(at);
    let mut signs = Vec::new();
    while let Some(sign) = [" at ", " dot ", " dash "].into_iter().find(|sign| text.has(end, sign)) {
        let next = label(end + sign.len());
        if signs.len() > 7 || next == end + sign.len() {
            break;
        }
        signs.push(sign);
        end = next;
    }
    let ending = || text.word_before(end).1;
    let known = end > at && signs.len() > 1 && signs.contains(&" dot ") && HOST_ENDINGS.contains(&ending());
    known.then(|| if signs.contains(&" at ") { Kind::EMAIL } else { Kind::HOST }.part(at, end))?
}
