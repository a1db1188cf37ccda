//! Where a clause in front of an order ends when no comma says it: "if the tweet is too long don't post it".

use std::ops::Range;

use super::{
    cut::{Said, begins},
    tables::{TABLES, is_in},
};
use crate::knowledge::Knowledge;

/// How many words of a clause are looked at.
const AHEAD: usize = 40;

/// Where the order begins; `None` where nothing but an order, or no order, stands there.
pub(super) fn end(known: &Knowledge, said: &Said<'_>, span: &Range<usize>) -> Option<usize> {
    let opener = said.one_of(span, span.start, &TABLES.conditions).max(said.one_of(
        span,
        span.start,
        "after|once|as soon as|the moment",
    ));
    if opener == 0 {
        return None;
    }
    let mut told = false;
    let mut open = false;
    for at in span.start + opener + 1..span.end.min(span.start + AHEAD) {
        let rest = at..span.end;
        let forbids = || said.one_of(&rest, at, "dont|do not|never|no need to|please dont|please do not") > 0;
        // "is empty", "is open": what stands behind "is" tells how it is.
        if told && !open && !said.is_value(at) && (forbids() || begins(known, said, rest)) {
            return Some(at);
        }
        // "if the post is a draft": an auxiliary, or a verb behind its subject, tells something of it.
        open = is_in(&TABLES.tells, said.word(at));
        told |= open || known.vocabulary.is_finite(said.word(at));
    }
    None
}
