//! Orders that are asked for: "could the page be summarised in German".

use std::ops::Range;

use super::{cut::Said, tables::is_in};
use crate::knowledge::Knowledge;

/// How far the verb stands from its beginning.
const NEAR: usize = 8;

/// "could X be translated into French" as "translate X into French".
pub(super) fn passive(known: &Knowledge, said: &Said<'_>, span: &Range<usize>) -> Option<String> {
    if !is_in("could|can|would|may|might", said.word(span.start)) {
        return None;
    }
    let be = (span.start + 2..span.end.min(span.start + NEAR)).find(|at| said.word(*at) == "be")?;
    let also = said.word(be + 1) == "also";
    let Some(verb) = known.vocabulary.participle(said.word(be + 1 + usize::from(also))) else {
        // "could the summary be three sentences at most"
        let subject = said.raw(&(span.start + 1..be));
        let there = is_in("the|its|my|our|all|every", said.word(span.start + 1));
        return there.then(|| format!("{subject} should be {}", said.raw(&(be + 1..span.end))));
    };
    let rest = be + 2 + usize::from(also)..span.end;
    let order = format!("{verb} {} {}", said.raw(&(span.start + 1..be)), said.raw(&rest));
    Some(if also { format!("also {order}") } else { order })
}
