//! What only asks about the agent.

use std::ops::Range;

use super::{cut::Said, tables::TABLES};

/// "Explain …", "tell me what …"
pub(super) fn asks(said: &Said<'_>, span: &Range<usize>) -> bool {
    ["explain ", "tell me ", "can you explain ", "describe what "]
        .iter()
        .any(|opener| said.raw(span).to_lowercase().starts_with(opener))
        && said.one_of(span, span.start, &TABLES.questions) > 0
}

pub(super) fn is_question(said: &Said<'_>, span: &Range<usize>) -> bool {
    said.one_of(span, span.start, &TABLES.questions) > 0
}
