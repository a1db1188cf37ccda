//! The tree of a text that is JSON, or nearly JSON, and nothing else.

use serde_json::Value;
use shared::json;

use super::lenient::{self, LONGEST};

/// Of a text that is JSON.
pub(super) fn strict(text: &str) -> Option<Value> {
    let text = text.trim_start_matches('\u{FEFF}').trim();
    (text.len() <= LONGEST).then(|| json::parse(text).ok()).flatten()?;
    serde_json::from_str(text).ok()
}

/// Of a text that is JSON or nearly JSON, and whole.
pub(super) fn tree(text: &str) -> Option<Value> {
    let whole = |read: &lenient::Read| read.unclosed.is_none() && read.end == text.len();
    strict(text).or_else(|| lenient::read(text, 0).ok().filter(whole).map(|read| read.value))
}
