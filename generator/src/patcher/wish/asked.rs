//! Orders that are asked for: "could the page be summarised in German".

use std::ops::Range;

use super::{
    cut::{Said, begins},
    tables::{TABLES, is_in},
};
use crate::{knowledge::Knowledge, reading::Mark};

/// How far the verb stands from its beginning.
const NEAR: usize = 8;

/// What is asked for as an order, and whether it says another thing than the words that ask for it.
pub(super) fn turned(known: &Knowledge, said: &Said<'_>, span: &Range<usize>) -> Option<(String, bool)> {
    let passive = passive(known, said, span).map(|order| {
        let told = order.contains(" should be ");
        (order, told)
    });
    passive.or_else(|| which(said, span).map(|order| (order, true))).or_else(|| it_could(said, span))
}

/// "could it assign the bugs to X" as "assign the bugs to X".
fn it_could(said: &Said<'_>, span: &Range<usize>) -> Option<(String, bool)> {
    let lead = said.one_of(
        span,
        span.start,
        "could it|can it|would it|could the agent|can the agent|could the bot|can the bot",
    );
    let rest = span.start + lead..span.end;
    let other = is_in("be|have|happen|work|possible|help", said.word(rest.start));
    (lead > 0 && rest.len() > 1 && !other).then(|| (said.raw(&rest).to_owned(), false))
}

/// "could X be translated into French" as "translate X into French".
fn passive(known: &Knowledge, said: &Said<'_>, span: &Range<usize>) -> Option<String> {
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

/// Words of a question that is a case: "too long?"
const SHORT: usize = 6;

/// "nothing new? then don't mail me" as "if there is nothing new, don't mail me". `None` where no case is asked so.
pub(super) fn cases(known: &Knowledge, said: &Said<'_>) -> Option<String> {
    let mut text = String::new();
    let (mut start, mut written) = (0, 0);
    for at in 0..said.tokens.len() {
        if !matches!(said.mark(at), Some(Mark::Stop | Mark::Semicolon | Mark::Line)) {
            continue;
        }
        let clause = std::mem::replace(&mut start, at + 1)..at;
        if said.word(at) != "?" || clause.len() > 2 * SHORT {
            continue;
        }
        let clause = said.without_fillers(clause);
        let next = said.without_fillers(at + 1..said.tokens.len().min(at + 1 + 2 * NEAR));
        let first = said.word(clause.start);
        let asks =
            is_in(&TABLES.questions, first) || is_in("could|can|would|may|might|will|should|shall|or|ok|okay", first);
        let case = (1..=SHORT).contains(&clause.len())
            && !asks
            && !clause.clone().any(|at| said.mark(at).is_some())
            && !begins(known, said, clause.clone())
            && said.mark(at + 1) != Some(Mark::Line)
            && begins(known, said, next.clone());
        if !case {
            continue;
        }
        let subject = match first {
            _ if is_in("it|its|they|there|theres|this|that|the|my", first) => "",
            "no" | "nothing" | "nobody" | "any" | "anything" => "there is ",
            _ => "it is ",
        };
        text.push_str(said.raw(&(written..clause.start)));
        text.push_str(&format!(" if {subject}{}, ", said.raw(&clause)));
        written = next.start;
        start = next.start;
    }
    text.push_str(said.raw(&(written..said.tokens.len())));
    (written > 0).then(|| text.trim().to_owned())
}

/// "ask me which language the summary should be in" as "ask me for the language of the summary".
fn which(said: &Said<'_>, span: &Range<usize>) -> Option<String> {
    let lead = said.one_of(span, span.start, "ask me which|ask which|ask me what|ask the user which|let me say which");
    let noun = span.start + lead;
    if lead == 0 || span.len() > 3 * NEAR {
        return None;
    }
    let whose =
        (noun..span.end).find(|at| is_in("the|it|its|to|i|you|we|should|is|are|this|that|they|my", said.word(*at)))?;
    // "what the topic should be"
    if whose == noun {
        let modal = (noun..span.end).find(|at| is_in("should|is|to", said.word(*at)))?;
        let ends = modal + 2 == span.end && said.word(modal + 1) == "be" || modal + 1 == span.end;
        return ends.then(|| format!("ask me for {}", said.raw(&(noun..modal))));
    }
    let what = said.raw(&(noun..whose));
    let modal = (whose..span.end).find(|at| is_in("should|is|are|must|has", said.word(*at)));
    let of = modal.filter(|modal| is_in("the|my", said.word(whose)) && *modal > whose + 1);
    Some(match of {
        Some(modal) => format!("ask me for the {what} of {}", said.raw(&(whose..modal))),
        None => format!("ask me for the {what}"),
    })
}
