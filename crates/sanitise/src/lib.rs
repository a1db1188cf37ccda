//! Masks addresses, credentials, paths and personal data in the error texts of an upstream generator, so that a caller
//! or a log can have them. [`sanitise`] puts short placeholders in their place and keeps the rest of the sentence.
//!
//! Three steps:
//! 1. `clean` removes control characters, escape sequences and invisible characters. `decode` makes a *folded* copy
//!    with look-alikes and encodings undone. Detectors read the folded copy; the reader gets the original characters.
//! 2. At every start of a word or sign, `DETECTORS` are tried in order; the first match names the part to hide. Each
//!    looks a bounded number of characters ahead, so the time is linear in the input (`linear` counts the steps).
//! 3. The remaining parts and the placeholders are joined and cut to the limit.
//!
//! Not found: a password or name that looks like a word and has no key before it (`login with alice / horse`). Hiding
//! those would hide prose. No regex engine: its size and start-up time would burden every function.

mod address;
mod clean;
mod decode;
mod fold;
mod host;
mod keyed;
#[cfg(test)]
mod linear;
mod mail;
mod names;
mod path;
mod person;
mod phrase;
mod secret;
mod text;
mod value;
mod words;

use text::Text;

/// Marks a cut; counts towards the limit.
const ELLIPSIS: char = '…';

/// At most `WINDOW_FACTOR` times the limit plus [`WINDOW_BASE`] characters are read. This bounds the work for megabytes
/// of text, and leaves enough to show after long tokens that become placeholders.
const WINDOW_FACTOR: usize = 4;
const WINDOW_BASE: usize = 4096;

/// A part of this length or more is extended to the next white space, because most detectors look only 4,096 characters
/// ahead.
const LONGEST_PART: usize = 4_000;

/// Passes after which a text that still changes is replaced as a whole. The hostile corpus settles after two.
const PASSES: usize = 8;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Url,
    Host,
    Ip,
    Path,
    Email,
    User,
    Secret,
    Port,
    /// Nothing to hide: keeps later detectors from matching this part.
    Plain,
}

impl Kind {
    const HIDING: [Self; 8] =
        [Self::Url, Self::Host, Self::Ip, Self::Path, Self::Email, Self::User, Self::Secret, Self::Port];

    /// Empty for [`Kind::Plain`].
    const fn placeholder(self) -> &'static str {
        match self {
            Self::Url => "[url]",
            Self::Host => "[host]",
            Self::Ip => "[ip]",
            Self::Path => "[path]",
            Self::Email => "[email]",
            Self::User => "[user]",
            Self::Secret => "[secret]",
            Self::Port => "[port]",
            Self::Plain => "",
        }
    }
}

/// A part of a [`Text`], in positions of its folded copy; `end` is exclusive. `start` may lie after the position that
/// the detector was called with, as when a key is kept and only its value hidden.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Found {
    start: usize,
    end: usize,
    kind: Kind,
}

/// Matches at a position. Must look only a bounded number of characters ahead and back, and return an `end` after the
/// position.
type Detector = fn(&Text, usize) -> Option<Found>;

/// In order of precedence: meaning (a key and its value) before shape, and shapes that contain others (a URL contains a
/// host, a path, perhaps a password) before those.
const DETECTORS: &[Detector] = &[
    keyed::keyed,
    keyed::owned,
    keyed::option,
    person::acting_as,
    person::of_domain,
    secret::pem_block,
    address::url,
    secret::resource_name,
    mail::with_owner,
    mail::quoted,
    mail::address,
    mail::spelt,
    address::ipv6,
    address::hardware,
    address::ipv4,
    address::decimal,
    secret::uuid,
    secret::prefixed,
    secret::account,
    secret::random,
    path::windows,
    path::anchored,
    path::relative,
    phrase::after,
    phrase::before,
    phrase::of_account,
    host::dotted,
    host::with_port,
    host::single,
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
    shown(text, limit).unwrap_or_else(|| join(&Text::read(Kind::Secret.placeholder(), WINDOW_BASE), &[], limit))
}

/// [`sanitise`], or `None` if the text does not settle.
fn shown(text: &str, limit: usize) -> Option<String> {
    let window = limit.saturating_mul(WINDOW_FACTOR).saturating_add(WINDOW_BASE);
    let text = Text::read(text, window);
    let found = detect(&text);
    let before_edge = found.partition_point(|part| part.start < text.edge());
    let (inside, behind) = found.split_at(before_edge);
    let edge = text.edge().max(inside.last().map_or(0, |part| part.end));
    let mut masked = written(&pieces(&text, inside, 0, edge));
    let unshown = pieces(&text, behind, edge, text.len());
    masked.push_str(&written(&unshown));

    // A placeholder can change how its neighbours match, so repeat until nothing changes. Cut only after that: half of
    // a secret may match nothing.
    let mut whole = settled(masked, |seen| again(seen, usize::MAX))?;
    if text.is_cut() {
        let unshown: usize = unshown.iter().map(text::Piece::len).sum();
        let end = unshown.checked_sub(1).and_then(|last| whole.char_indices().nth_back(last)).map(|(end, _)| end);
        whole.truncate(end.unwrap_or(if unshown == 0 { whole.len() } else { 0 }));
        // Drop half a placeholder.
        let open = whole.rfind('[').unwrap_or(whole.len());
        let last = whole.get(open..).unwrap_or_default();
        if !last.ends_with(']') && Kind::HIDING.iter().any(|kind| kind.placeholder().starts_with(last)) {
            whole.truncate(open);
        }
        whole.push(ELLIPSIS);
    }
    if !text.is_cut() && whole.chars().count() <= limit {
        return Some(whole);
    }
    // A cut can change how its neighbours match as well. Settle again, so that a second call changes nothing.
    settled(join(&Text::read(&whole, usize::MAX), &[], limit), |seen| again(seen, limit))
}

/// Applies `look` until the text no longer changes; `None` after [`PASSES`].
fn settled(mut seen: String, look: impl Fn(&str) -> String) -> Option<String> {
    for _ in 0..PASSES {
        let again = look(&seen);
        if again == seen {
            return Some(seen);
        }
        seen = again;
    }
    None
}

/// The parts to hide, in order and without overlaps.
fn detect(text: &Text) -> Vec<Found> {
    let mut found = Vec::new();
    let mut position = 0;
    while position < text.len() {
        let here = if text.is_boundary(position) {
            DETECTORS.iter().find_map(|detector| detector(text, position))
        } else {
            None
        };
        match here {
            Some(part) if part.end > position => {
                position = part.end;
                if part.kind != Kind::Plain && part.end - part.start >= LONGEST_PART {
                    // The detector stopped at its bound, not at the end of the part.
                    position = text.skip(position, text.len(), |c| !c.is_whitespace());
                }
                if part.kind == Kind::Secret {
                    position = secret::continued(text, position);
                }
                if part.kind != Kind::Plain {
                    found.push(Found { end: position, ..part });
                }
            }
            _ => position += 1,
        }
    }
    found
}

/// The text between two positions, with placeholders for the parts in `found`.
fn pieces(text: &Text, found: &[Found], from: usize, to: usize) -> Vec<text::Piece> {
    let mut pieces = Vec::new();
    let mut position = from;
    for part in found {
        pieces.extend(text.plain(position, part.start));
        pieces.push(text::Piece::Whole(part.kind.placeholder()));
        position = part.end;
    }
    pieces.extend(text.plain(position, to));
    pieces
}

fn written(pieces: &[text::Piece]) -> String {
    pieces.iter().map(text::Piece::as_text).collect()
}

/// Masks a text that is already clean, cut at `limit` characters.
fn again(seen: &str, limit: usize) -> String {
    let text = Text::read(seen, usize::MAX);
    let found = detect(&text);
    join(&text, &found, limit)
}

/// The text with placeholders, cut at `limit` characters.
fn join(text: &Text, found: &[Found], limit: usize) -> String {
    let pieces = pieces(text, found, 0, text.len());
    let length: usize = pieces.iter().map(text::Piece::len).sum();
    if length <= limit {
        return written(&pieces);
    }
    let Some(room) = limit.checked_sub(1) else {
        return String::new();
    };
    let mut out = String::new();
    let mut used = 0;
    for piece in &pieces {
        if used + piece.len() > room {
            break;
        }
        out.push_str(&piece.as_text());
        used += piece.len();
    }
    // A text that was cut before does not change: one ellipsis, no space before it.
    out.truncate(out.trim_end_matches(|c: char| c.is_whitespace() || c == ELLIPSIS).len());
    out.push(ELLIPSIS);
    out
}
