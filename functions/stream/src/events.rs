//! Server-Sent Events: <https://html.spec.whatwg.org/multipage/server-sent-events.html>.

use lifecycle::progress::Entry;

/// A client that is cut comes back after two seconds.
pub(crate) const BEGIN: &str = "retry: 2000\n\n";
/// A line that every client ignores.
pub(crate) const COMMENT: &str = ": nothing new\n\n";

pub(crate) fn event(entry: &Entry) -> String {
    // An entry can always be written: its keys are strings.
    let data = serde_json::to_string(entry).unwrap_or_default();
    format!("id: {}\nevent: {}\ndata: {data}\n\n", entry.seq, entry.told.name())
}
