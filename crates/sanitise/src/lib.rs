//! What an upstream Agent Generator said, made fit to leave the building.
//!
//! A generator's error text may quote its own insides: the address it runs at, a connection string, a stack trace, a
//! key, the name of a person. [`sanitise`] replaces those with short placeholders and leaves the sense of the sentence.
//!
//! Three steps, each in a room of its own:
//! 1. `clean` tidies the input (no control character, no escape sequence, nothing invisible survives) and `decode` lays
//!    a *folded* copy beside it, in which look-alikes and encodings are undone. Detectors read the folded copy; the
//!    reader gets the original characters.
//! 2. The detectors of `DETECTORS` are asked at every position where a word or a sign begins. The first one that
//!    knows what stands there names the part to hide. Every detector looks a bounded number of characters ahead, so
//!    the whole is linear in its input whatever that is (`linear` counts it).
//! 3. The parts that stay and the placeholders are joined and cut.
//!
//! A password or a name that nothing announces and whose shape is that of a word (`login with alice / horse`) is not found:
//! to hide it would be to hide prose.
//!
//! There is no regex engine here: it would add its size and its start-up to every function for one short text.

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

/// Ends a text that was cut. It counts towards the limit.
const ELLIPSIS: char = '…';

/// Characters read beyond `WINDOW_FACTOR` times the limit, so that one long token at the start hides nothing else.
const WINDOW_BASE: usize = 4096;

/// Masking shortens a text at most by turning a long token into a placeholder; four times the limit plus
/// [`WINDOW_BASE`] leaves enough behind such tokens, and bounds the work for an answer of megabytes.
const WINDOW_FACTOR: usize = 4;

/// From this length on a part is taken to go on to the next white space: most detectors look 4,096 characters ahead.
const LONGEST_PART: usize = 4_000;

/// Passes after which a text that still changes is given up. The hostile corpus settles after two.
const PASSES: usize = 8;

/// What a hidden part was. The reader sees [`Kind::placeholder`].
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
    /// Nothing to hide: a detector knows this part and saves it from the ones behind it.
    Plain,
}

impl Kind {
    /// Every kind that hides something.
    const HIDING: [Self; 8] =
        [Self::Url, Self::Host, Self::Ip, Self::Path, Self::Email, Self::User, Self::Secret, Self::Port];

    /// The text that stands for a hidden part; empty for [`Kind::Plain`].
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

/// A part of a [`Text`], in positions of its folded copy: `start` included, `end` not.
///
/// `start` may lie behind the position the detector was asked at: a key is kept and its value hidden.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Found {
    start: usize,
    end: usize,
    kind: Kind,
}

/// Says what begins at a position, or `None`. Must look only a bounded number of characters ahead and back, and
/// return an `end` behind the position.
type Detector = fn(&Text, usize) -> Option<Found>;

/// In the order they are asked: what a word *means* (a key and its value) before what a part *looks like*, and the
/// shapes that contain others (a URL holds a host, a path and perhaps a password) before those.
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

/// Returns `text` without what must not leave the building, in one line of at most `limit` characters.
///
/// URLs, host names, IP addresses, ports, file paths, user names, e-mail addresses, tokens, keys and connection
/// strings become `[url]`, `[host]`, `[ip]`, `[port]`, `[path]`, `[user]`, `[email]` or `[secret]`. Escape sequences
/// and invisible characters go; control characters, line breaks included, become one space. Everything else stays as
/// it was. `limit` counts Unicode scalar values; a text that is cut ends with `…`, within the limit, and is never cut
/// inside a placeholder. Applied to its own result, it changes nothing.
///
/// Never fails. Where it is in doubt, it hides what stands in the place of a credential or an address and keeps prose.
/// Of a very long text only the beginning is read, a few times `limit`, and what stands at the end of that is looked at
/// and not shown: it may be half of something.
#[must_use]
pub fn sanitise(text: &str, limit: usize) -> String {
    shown(text, limit).unwrap_or_else(|| join(&Text::read(Kind::Secret.placeholder(), WINDOW_BASE), &[], limit))
}

/// [`sanitise`], or `None` where the text does not settle.
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

    // A placeholder can make a neighbour look different, so one look follows another until nothing changes. Nothing is
    // cut before: half of something may look like nothing.
    let mut whole = settled(masked, |seen| again(seen, usize::MAX))?;
    if text.is_cut() {
        let unshown: usize = unshown.iter().map(text::Piece::len).sum();
        let end = unshown.checked_sub(1).and_then(|last| whole.char_indices().nth_back(last)).map(|(end, _)| end);
        whole.truncate(end.unwrap_or(if unshown == 0 { whole.len() } else { 0 }));
        // Half a placeholder is none.
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
    // A cut may change a neighbour as well. What is returned was found unchanged, so a second call changes nothing.
    settled(join(&Text::read(&whole, usize::MAX), &[], limit), |seen| again(seen, limit))
}

/// What `look` makes of a text and then leaves as it is.
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

/// Every part to hide, in order, none overlapping another.
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
                    // The detector stopped at its bound and not at an end.
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

/// The text from one position to another, with placeholders for what was found there.
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

/// Pieces as one text.
fn written(pieces: &[text::Piece]) -> String {
    pieces.iter().map(text::Piece::as_text).collect()
}

/// One look at a text that was read before, cut at `limit` characters.
fn again(seen: &str, limit: usize) -> String {
    let text = Text::read(seen, usize::MAX);
    let found = detect(&text);
    join(&text, &found, limit)
}

/// The text with placeholders for what was found, cut at `limit` characters.
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
    // A text that was cut before stays as it is: one mark, no space before it.
    out.truncate(out.trim_end_matches(|c: char| c.is_whitespace() || c == ELLIPSIS).len());
    out.push(ELLIPSIS);
    out
}
