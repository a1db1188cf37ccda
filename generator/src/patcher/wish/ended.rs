//! "When it is done", "once everything has finished": an order in time, no condition.

use std::ops::Range;

use super::{
    cut::Said,
    tables::{TABLES, is_in},
};

/// Whether a clause only says that the agent has done all that it does.
pub(super) fn ends(said: &Said<'_>, span: &Range<usize>) -> bool {
    let opener = said.one_of(span, span.start, "when|once|after|right after|just after|as soon as|the moment");
    let mut end = span.end;
    for tail in ["with it", "with that", "with this", "with everything", "with all of it", "running", "working"] {
        let length = tail.split(' ').count();
        if end > span.start + opener + length && said.sequence(span, end - length, tail) > 0 {
            end -= length;
        }
    }
    let last = said.word(end.saturating_sub(1));
    opener > 0
        && end > span.start + opener
        && is_in(&TABLES.ended, last)
        && (span.start + opener..end - 1).all(|at| is_in(&TABLES.run, said.word(at)) && !said.is_value(at))
}
