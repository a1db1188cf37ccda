//! Values that one look at a piece of the text tells: addresses, names with a sign in front, identifiers.

use crate::reading::{Value, work::looked};

/// The ends of the names of web sites that people write without "https://".
const DOMAINS: [&str; 34] = [
    "com", "org", "net", "io", "dev", "ai", "edu", "gov", "info", "app", "blog", "news", "co", "eu", "de", "fr", "uk",
    "es", "nl", "ch", "it", "at", "be", "ca", "us", "in", "jp", "br", "au", "me", "tv", "so", "xyz", "page",
];

/// The length of an address with a scheme ("https://…", "www.…") at the start of `rest`, without the punctuation after it.
pub(super) fn address(rest: &str) -> Option<usize> {
    let letters = rest.find(|c: char| !c.is_ascii_alphabetic()).unwrap_or(rest.len());
    let after = rest.get(letters..)?;
    let www = rest.get(..4).is_some_and(|start| start.eq_ignore_ascii_case("www."));
    if !(www || ((2..=12).contains(&letters) && after.starts_with("://"))) {
        return None;
    }
    let stops =
        |c: char| c.is_whitespace() || matches!(c, '<' | '>' | '"' | '“' | '”' | '|' | '，' | '。' | '、' | '`');
    let whole = rest.get(..rest.find(stops).unwrap_or(rest.len()))?;
    looked(whole.len());
    let length = trimmed(whole);
    (length > if www { 5 } else { letters + 3 }).then_some(length)
}

/// The length without closing punctuation. A bracket that the address opens itself stays.
fn trimmed(whole: &str) -> usize {
    let count = |c: char| whole.matches(c).count();
    let mut surplus =
        [(')', '('), (']', '['), ('}', '{')].map(|(close, open)| (close, count(close).saturating_sub(count(open))));
    let mut length = whole.len();
    for c in whole.chars().rev() {
        match surplus.iter_mut().find(|(close, _)| *close == c) {
            Some((_, more)) if *more > 0 => *more -= 1,
            None if matches!(c, '.' | ',' | ';' | ':' | '!' | '?' | '\'' | '’' | '*' | '…' | '_') => {}
            _ => break,
        }
        length -= c.len_utf8();
    }
    length
}

/// The length of "[name]", "{{topic}}", "<message>", "${x}" at the start of `rest`, and what stands in it.
pub(super) fn placeholder(rest: &str) -> Option<(usize, &str)> {
    let (open, close) = [("{{", "}}"), ("${", "}"), ("{", "}"), ("[", "]"), ("<", ">")]
        .into_iter()
        .find(|(open, _)| rest.starts_with(open))?;
    let inner = rest.get(open.len()..)?;
    let signs: &[char] = if open == "<" { &['_', '-', ' '] } else { &['_', '-', ' ', '.', '\'', '’', '/', '$'] };
    let length = inner.char_indices().take(48).find(|(_, c)| !(c.is_alphanumeric() || signs.contains(c)))?.0;
    let after = inner.get(length..)?.strip_prefix(close)?;
    let name = inner.get(..length)?.trim();
    // "[text](address)" is a link; "[x]" a box.
    let fits = name.chars().any(char::is_alphabetic)
        && !(open == "[" && (after.starts_with('(') || name.eq_ignore_ascii_case("x")))
        && !(open == "<" && inner.starts_with(' '));
    fits.then_some((rest.len() - after.len(), name))
}

/// What a piece without blanks and without punctuation around it names.
pub(super) fn named(piece: &str) -> Option<Value> {
    let name = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_' | '.');
    if let Some((user, domain)) = piece.split_once('@').filter(|(user, _)| !user.is_empty()) {
        let fits = is_host(domain) && user.chars().all(|c| name(c) || matches!(c, '+' | '%' | '\''));
        return fits.then(|| Value::Email(piece.to_owned()));
    }
    if let Some(channel) = piece.strip_prefix('#') {
        let fits = channel.chars().any(char::is_alphabetic) && channel.chars().all(name);
        return fits.then(|| Value::Channel(piece.to_owned()));
    }
    if let Some(handle) = piece.strip_prefix('@') {
        return (!handle.is_empty() && handle.chars().all(name)).then(|| Value::Handle(piece.to_owned()));
    }
    if let Some(subreddit) = piece.strip_prefix("r/").or_else(|| piece.strip_prefix("/r/")) {
        let subreddit = subreddit.trim_end_matches('/');
        return (subreddit.len() > 1 && subreddit.chars().all(name)).then(|| Value::Subreddit(subreddit.to_owned()));
    }
    if piece.starts_with('/') {
        let path = |c: char| name(c) || matches!(c, '/' | '?' | '=' | '&' | '%' | '~' | ':');
        let fits = piece.chars().any(char::is_alphabetic) && piece.chars().all(path);
        return fits.then(|| Value::Path(piece.to_owned()));
    }
    if is_domain(piece) {
        return Some(Value::Url(format!("https://{piece}")));
    }
    if piece.get(..10).is_some_and(|host| host.eq_ignore_ascii_case("localhost:")) {
        return Some(Value::Url(format!("http://{piece}")));
    }
    is_identifier(piece).then(|| Value::Identifier(piece.to_owned()))
}

/// "example.com/pricing"
fn is_domain(piece: &str) -> bool {
    let host = piece.split(['/', '?', '#']).next().unwrap_or_default();
    let host = host
        .split_once(':')
        .filter(|(_, port)| port.chars().all(|c| c.is_ascii_digit()))
        .map_or(host, |(host, _)| host);
    host.len() > 3
        && is_host(host)
        && host.rsplit('.').next().is_some_and(|end| {
            // "done.So": a sentence without a blank after it.
            DOMAINS.contains(&end) || (end.len() > 2 && DOMAINS.iter().any(|known| end.eq_ignore_ascii_case(known)))
        })
}

/// Labels of letters, digits and hyphens, at least two, the last of letters.
fn is_host(host: &str) -> bool {
    let label = |c: char| c.is_alphanumeric() || c == '-';
    host.contains('.')
        && host.split('.').all(|part| !part.is_empty() && part.chars().all(label))
        && host.rsplit('.').next().is_some_and(|end| end.len() > 1 && end.chars().all(char::is_alphabetic))
}

/// What only a machine writes: a document, a chat, a key.
fn is_identifier(piece: &str) -> bool {
    let fits = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_');
    if !piece.chars().all(fits) {
        return false;
    }
    let digits = piece.bytes().filter(u8::is_ascii_digit).count();
    let capitals = piece.bytes().filter(u8::is_ascii_uppercase).count();
    match piece.len() {
        // "appAbC123xyzDEF45"
        10..20 if ["app", "tbl", "rec", "viw"].iter().any(|kind| piece.starts_with(kind)) => digits > 0 && capitals > 0,
        20.. => digits > 0 && (digits > 2 || !piece.contains('-')),
        // "C0123ABCDEF"
        9.. => digits > 2 && capitals > 0 && digits + capitals == piece.len(),
        _ => false,
    }
}
