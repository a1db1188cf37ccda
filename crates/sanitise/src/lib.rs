//! Masks addresses, credentials, paths and personal data in the error texts of an upstream generator, so that a caller
//! or a log can have them. [`sanitise`] puts short placeholders in their place and keeps the rest of the sentence.
//!
//! Three steps:
//! 1. `read` removes control characters, escape sequences and invisible characters, and makes a *folded* copy with
//!    encodings and full-width and look-alike characters undone. Detectors read the folded copy; the reader gets the
//!    original characters.
//! 2. At every start of a word or sign, `DETECTORS` are tried in order; the first match names the part to hide. Each
//!    looks a bounded number of characters ahead, so the time is linear in the input (`linear` counts the steps).
//! 3. The remaining parts and the placeholders are joined and cut to the limit.
//!
//! Masks what slips, not what is disguised on purpose. Not found: a password or name that looks like a word and has no
//! key before it (`login with alice / horse`). Hiding those would hide prose. No regex engine: its size and start-up
//! time would burden every function.

mod address;
mod fold;
mod host;
mod keyed;
mod kind;
#[cfg(test)]
mod linear;
mod mail;
mod path;
mod person;
mod read;
mod secret;
mod text;
mod value;
mod words;

use kind::{Found, Kind};
use text::Text;

/// Marks a cut; counts towards the limit.
const ELLIPSIS: char = '…';

/// At most `WINDOW_FACTOR` times the limit plus [`WINDOW_BASE`] characters are read. This bounds the work for megabytes
/// of text, and leaves enough to show after long tokens that become placeholders.
const WINDOW_FACTOR: usize = 4;
const WINDOW_BASE: usize = 4096;

/// What stands where the window ends may be half of something or lack the words that tell what it is: this many
/// characters are looked at and never shown.
const UNSHOWN_EDGE: usize = 512;

/// A part of this length or more is extended to the next white space, because most detectors look only 4,096 characters
/// ahead.
const LONGEST_PART: usize = 4_000;

/// Passes after which a text that still changes is replaced as a whole. The hostile corpus settles after two.
const PASSES: usize = 8;

/// Matches at a position. Must look only a bounded number of characters ahead and back, and return an `end` after the
/// position.
type Detector = fn(&Text, usize) -> Option<Found>;

/// In order of precedence: meaning (a key and its value) before shape, and shapes that contain others (a URL contains a
/// host, a path, perhaps a password) before those.
#[rustfmt::skip]
const DETECTORS: &[Detector] = &[
    keyed::keyed, keyed::option, person::announced, person::distinguished, person::of_domain,
    secret::pem_block, address::url, secret::resource_name,
    mail::with_owner, mail::address, mail::spelt,
    address::ipv6, address::hardware, address::ipv4, address::number,
    secret::uuid, secret::prefixed, secret::number, secret::resource, secret::random,
    path::windows, path::anchored, path::relative,
    host::after, host::before, host::of_account, host::dotted, host::single,
    address::port,
];

/// Masks `text` and returns one line of at most `limit` Unicode scalar values. Never fails; idempotent.
///
/// URLs, host names, IP addresses, ports, file paths, user names, e-mail addresses, tokens, keys and connection
/// strings become `[url]`, `[host]`, `[ip]`, `[port]`, `[path]`, `[user]`, `[email]` or `[secret]`. Escape sequences
/// and invisible characters are removed; control characters, line breaks included, become one space. Everything else
/// stays. If in doubt, a part in the place of a credential or an address is hidden, and prose is kept.
///
/// A cut text ends with `…`, never inside a placeholder. Of a very long text only the beginning is read, a few times
/// `limit`; the end of that is checked but not shown, because it may be half of a secret.
#[must_use]
pub fn sanitise(text: &str, limit: usize) -> String {
    let read = Text::read(text, limit.saturating_mul(WINDOW_FACTOR).saturating_add(WINDOW_BASE));
    // A placeholder can change how its neighbours match, so mask until nothing changes. Cut only after that: half of a
    // secret may match nothing. A cut can change how its neighbours match as well.
    let edge = read.len().saturating_sub(if read.is_cut { UNSHOWN_EDGE } else { 0 });
    settled(text, masked(&read, edge), usize::MAX)
        .and_then(|whole| settled(&whole, cut(whole.clone(), limit, read.is_cut), limit))
        .unwrap_or_else(|| cut(String::from(Kind::SECRET.0), limit, false))
}

/// Masks and cuts `seen`, which was made of `before`, until it no longer changes; `None` after [`PASSES`].
fn settled(before: &str, mut seen: String, limit: usize) -> Option<String> {
    if before == seen {
        return Some(seen);
    }
    for _ in 0..PASSES {
        let text = Text::read(&seen, usize::MAX);
        let again = cut(masked(&text, text.len()), limit, false);
        if again == seen {
            return Some(seen);
        }
        seen = again;
    }
    None
}

/// The text up to `edge`, or to the end of the part there, with placeholders.
fn masked(text: &Text, edge: usize) -> String {
    let mut out = String::new();
    let (mut written, mut position) = (0, 0);
    while position < edge {
        let begins = text.is_boundary(position);
        let found = DETECTORS.iter().filter(|_| begins).find_map(|detector| detector(text, position));
        position = found.map_or(position + 1, |part| part.end);
        let Some(part) = found.filter(|part| part.kind != Kind::PLAIN) else {
            continue;
        };
        if part.end - part.start >= LONGEST_PART {
            // The detector stopped at its bound, not at the end of the part.
            position = text.skip(position, text.len(), |c| !c.is_whitespace());
        }
        if part.kind == Kind::SECRET {
            position = secret::continued(text, position);
        }
        out.extend(text.shown(written, part.start));
        out.push_str(part.kind.0);
        written = position;
    }
    out.extend(text.shown(written, edge));
    out
}

/// The text in at most `limit` characters. One that is cut, or was (`is_cut`), ends with an ellipsis.
fn cut(mut text: String, limit: usize, is_cut: bool) -> String {
    let Some(room) = limit.checked_sub(1) else {
        return String::new();
    };
    let end = text.char_indices().nth(room).filter(|(last, c)| last + c.len_utf8() < text.len());
    if end.is_none() && !is_cut {
        return text;
    }
    let end = end.map_or(text.len(), |(end, _)| end);
    // Not inside a placeholder.
    let split = text.get(..end).and_then(|shown| shown.rfind('[')).filter(|open| {
        let rest = text.get(*open..).unwrap_or_default();
        Kind::HIDING.iter().any(|kind| rest.starts_with(kind.0) && open + kind.0.len() > end)
    });
    text.truncate(split.unwrap_or(end));
    text.truncate(text.trim_end_matches(|c: char| c.is_whitespace() || c == ELLIPSIS).len());
    text.push(ELLIPSIS);
    text
}
