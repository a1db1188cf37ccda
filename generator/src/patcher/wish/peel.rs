//! What stands beside the order itself: where, if what, instead of what.

use std::ops::Range;

use super::{
    Place, against,
    cut::{Said, begins},
    ended, lead,
    tables::{TABLES, is_in},
};
use crate::{
    knowledge::Knowledge,
    reading::{Mark, Value},
};

/// What was said beside an order.
#[derive(Debug, Clone, Default)]
pub(super) struct Beside {
    pub(super) place: Option<Place>,
    /// "In step X, …"
    pub(super) scope: Option<String>,
    pub(super) condition: Option<String>,
    pub(super) failure: Option<String>,
    pub(super) instead: Option<String>,
    /// "…, not with the web search": what the order is not about.
    pub(super) contrast: Option<String>,
    pub(super) also: bool,
    pub(super) only: bool,
    /// "put a step between A and B that …": what it does.
    pub(super) relative: Option<String>,
}

impl Beside {
    /// Takes what stands in front of the order and behind it; what is left is the order.
    pub(super) fn peel(&mut self, known: &Knowledge, said: &Said<'_>, span: Range<usize>) -> Range<usize> {
        let mut span = self.front(known, said, span);
        self.purpose(known, said, &mut span);
        // Nobody says more than a few such things of one order.
        for _ in 0..8 {
            let Some(shorter) = self.back(known, said, span.clone()) else { break };
            span = said.without_fillers(shorter);
        }
        if said.word(span.start) == "only" && span.len() > 1 {
            self.only = true;
            span.start += 1;
        }
        self.also |= span.clone().any(|at| is_in("another|additional|further|second", said.word(at)));
        said.without_fillers(span)
    }

    /// "When it fails, …", "Before sending, …", "25 minutes later, …"
    fn front(&mut self, known: &Knowledge, said: &Said<'_>, span: Range<usize>) -> Range<usize> {
        self.also |= said.word(span.start) == "also";
        let bare = said.without_fillers(span.clone());
        self.also |= (span.start..bare.start).any(|at| is_in("also|too|additionally|addition", said.word(at)));
        let mut span = bare;
        if said.word(span.start) == "first" && begins(known, said, span.start + 1..span.end) {
            self.place = Some(Place::First);
            span.start += 1;
            return said.without_fillers(span);
        }
        if let Some((old, rest)) = lead::instead(known, said, &span) {
            self.instead = Some(said.raw(&old).to_owned());
            return said.without_fillers(rest);
        }
        let comma =
            span.clone().find(|at| said.mark(*at) == Some(Mark::Comma) || said.word(*at) == "then" && *at > span.start);
        // "On every run, …", "In the end, …"
        if let Some(comma) = comma.filter(|comma| *comma > span.start && comma + 1 < span.end) {
            let lead = span.start..comma;
            // "if it is positive post it to #wins, …": the order begins before the comma.
            if let Some(end) = lead::end(known, said, &lead)
                && self.subordinate(said, &(span.start..end))
            {
                return said.without_fillers(end..span.end);
            }
            if self.subordinate(said, &lead) || self.where_to(said, &lead) {
                span.start = comma + 1;
                let bare = said.without_fillers(span.clone());
                self.also |= (span.start..bare.start).any(|at| said.word(at) == "also");
                return bare;
            }
        }
        if comma.is_none()
            && let Some(end) = lead::later(said, &span).or_else(|| lead::end(known, said, &span))
            && self.subordinate(said, &(span.start..end))
        {
            return said.without_fillers(end..span.end);
        }
        // "At the end send …"
        let ends = span.clone().skip(2).take(3).find(|at| begins(known, said, *at..span.end));
        if let Some(end) = ends.filter(|_| comma.is_none_or(|comma| comma > span.start + 5))
            && self.where_to(said, &(span.start..end))
        {
            return said.without_fillers(end..span.end);
        }
        // "between 'A' and 'B' let me …": what is quoted ends by itself.
        if let Some(end) = quoted_lead(said, &span)
            && self.subordinate(said, &(span.start..end))
        {
            return said.without_fillers(end..span.end);
        }
        span
    }

    /// "so that …", "because …": the order stands before it.
    fn purpose(&mut self, known: &Knowledge, said: &Said<'_>, span: &mut Range<usize>) {
        // "change the trigger so that it fires at 9": no purpose.
        let timed = |at: usize| is_in("trigger|schedule|timer|timing", said.word(at - 1));
        let found = (span.start + 1..span.end)
            .find(|at| said.one_of(span, *at, &TABLES.purposes) > 0 && said.word(*at - 1) != "do" && !timed(*at));
        if let Some(at) = found.or_else(|| precaution(known, said, span)) {
            span.end = at;
            *span = said.without_fillers(span.clone());
        }
    }

    /// One thing at the end of the order, taken away from it.
    fn back(&mut self, known: &Knowledge, said: &Said<'_>, span: Range<usize>) -> Option<Range<usize>> {
        let cut = |end: usize| (end > span.start).then_some(span.start..end);
        let last = said.word(span.end.checked_sub(1)?);
        if span.len() > 1 && is_in("too|again|now|anymore|afterwards", last) {
            self.also |= last == "too";
            if last == "afterwards" {
                self.place.get_or_insert(Place::End);
            }
            return cut(span.end - 1);
        }
        for (words, also) in [
            ("as well", true),
            ("any more", false),
            ("any longer", false),
            ("from now on", false),
            ("for now", false),
            ("in addition", true),
            ("if possible", false),
            ("every time", false),
            ("each time", false),
            ("at the same time", true),
            ("right away", false),
            ("by default", false),
        ] {
            let length = words.split(' ').count();
            if span.len() > length && said.sequence(&span, span.end - length, words) > 0 {
                self.also |= also;
                return cut(span.end - length);
            }
        }
        for (words, place) in [
            ("at the end", Place::End),
            ("at the very end", Place::End),
            ("to the end", Place::End),
            ("as the last step", Place::End),
            ("as a last step", Place::End),
            ("as a final step", Place::End),
            ("as the final step", Place::End),
            ("at the start", Place::Start),
            ("at the beginning", Place::Start),
            ("at the very beginning", Place::Start),
            ("as the first step", Place::Start),
            ("as a first step", Place::Start),
            ("first", Place::First),
            ("beforehand", Place::First),
            ("before that", Place::First),
        ] {
            let length = words.split(' ').count();
            if span.len() > length && said.sequence(&span, span.end - length, words) > 0 {
                self.place.get_or_insert(place);
                return cut(span.end - length);
            }
        }
        if last == "only" && span.len() > 2 {
            self.only = true;
            return cut(span.end - 1);
        }
        if last == "instead" && span.len() > 1 {
            self.instead.get_or_insert(String::new());
            return cut(span.end - 1);
        }
        // "…, not after", "…, not everything": says the other half of the same.
        if let Some((end, other)) = against::contrast(known, said, &span) {
            let other = said.raw(&(other..span.end)).to_owned();
            self.contrast = (!other.is_empty()).then_some(other);
            return cut(end);
        }
        // "every time, it is #feeds" ends at the comma.
        let opens = |here: &Range<usize>, at: usize| {
            let length = said.one_of(here, at, &TABLES.conditions);
            length > 0 && said.mark(at + length).is_none()
        };
        let found = (span.start + 1..span.end).rev().find(|at| {
            let here = *at..span.end;
            said.one_of(&here, *at, "instead of|rather than|in place of|than by|than on|than via|than in|than with|before|after|once|as soon as|the moment|between|right after|right before|just before|directly after|immediately after|in between") > 0
                || opens(&here, *at)
                || said.sequence(&here, *at, "on failure") > 0
                || said.sequence(&here, *at, "on error") > 0
                || said.sequence(&here, *at, "at the same time as") > 0
                || said.sequence(&here, *at, "while keeping") > 0
                || said.sequence(&here, *at, "without changing") > 0
        })?;
        let only = said.word(found - 1) == "only" && found > span.start + 1 && opens(&(found..span.end), found);
        // "tell Slack only if …"
        self.only |= only;
        let found = if only { found - 1 } else { found };
        let tail = found..span.end;
        if tail.len() < 2 {
            return None;
        }
        if said.one_of(&tail, found, "while keeping|without changing") > 0 {
            return cut(found);
        }
        if said.sequence(&tail, found, "at the same time as") > 0 {
            self.also = true;
            return cut(found);
        }
        let instead =
            said.one_of(&tail, found, "instead of|rather than|in place of|than by|than on|than via|than in|than with");
        if instead > 0 {
            let old = said.raw(&(found + instead..span.end));
            // "instead of what it is now" tells nothing.
            self.instead = Some(old.to_owned()).filter(|_| !TABLES.is_now(old));
            return cut(found);
        }
        self.subordinate(said, &tail).then(|| cut(found)).flatten()
    }

    /// A clause that says when, where or if.
    fn subordinate(&mut self, said: &Said<'_>, span: &Range<usize>) -> bool {
        let span = said.without_fillers(span.clone());
        if ended::ends(said, &span) {
            self.place = Some(Place::After("it".to_owned()));
            return true;
        }
        let rest = |skipped: usize| said.raw(&(span.start + skipped..span.end)).to_owned();
        if is_in("later|afterwards", said.word(span.end.saturating_sub(1)))
            && let Some(time) = lead::lasting(said, &span)
        {
            self.place = Some(Place::Later(said.raw(&time).to_owned()));
            return true;
        }
        for opener in [
            "on failure",
            "on error",
            "on an error",
            "in case of failure",
            "in case of an error",
            "in case of errors",
            "if anything fails",
            "when anything fails",
            "if it fails",
            "when it fails",
            "if something fails",
            "when something fails",
            "if something goes wrong",
            "when something goes wrong",
            "if anything goes wrong",
            "if there is an error",
            "when there is an error",
            "if an error occurs",
            "when an error occurs",
        ] {
            if said.sequence(&span, span.start, opener) == span.len() {
                self.failure = Some(String::new());
                return true;
            }
        }
        let words: String = span.clone().map(|at| said.word(at)).collect::<Vec<_>>().join(" ");
        let between = said.one_of(&span, span.start, "between|in between");
        if between > 0 {
            let and = (span.start + between..span.end).find(|at| said.word(*at) == "and");
            if let Some(and) = and {
                let one = said.raw(&(span.start + between..and)).to_owned();
                let that = (and + 2..span.end).find(|at| matches!(said.word(*at), "that" | "which" | "to"));
                self.relative = that.map(|that| said.raw(&(that + 1..span.end)).to_owned());
                self.place = Some(Place::Between(one, said.raw(&(and + 1..that.unwrap_or(span.end))).to_owned()));
                return true;
            }
        }
        for (openers, before) in [
            ("right before|just before|directly before|immediately before|before", true),
            ("right after|just after|directly after|immediately after|after|as soon as|once", false),
        ] {
            let length = said.one_of(&span, span.start, openers);
            if length > 0 && length < span.len() {
                // "a step before the mail is written that looks it up": what the step does.
                let step = span.start.checked_sub(1).is_some_and(|at| is_in("step|node|block|stage", said.word(at)));
                let that = (span.start + length + 1..span.end)
                    .find(|at| step && matches!(said.word(*at), "that" | "which") && *at + 2 < span.end);
                if let Some(that) = that {
                    self.relative = Some(said.raw(&(that + 1..span.end)).to_owned());
                }
                let text = said.raw(&(span.start + length..that.unwrap_or(span.end))).to_owned();
                // "after 10 minutes"
                let value = said.tokens.get(span.start + length).and_then(|token| token.value());
                let only = span.len() == length + 1;
                let place = match value {
                    Some(Value::Duration(_)) if only && !before => Place::Later(text),
                    Some(Value::Time(..)) if only => return false,
                    _ if before => Place::Before(text),
                    _ => Place::After(text),
                };
                // "after the approval before LinkedIn gets it"
                self.place = Some(match (self.place.take(), place) {
                    (Some(Place::Before(late)), Place::After(early))
                    | (Some(Place::After(early)), Place::Before(late)) => Place::Between(early, late),
                    (_, place) => place,
                });
                return true;
            }
        }
        let opener = said.one_of(&span, span.start, &TABLES.conditions);
        if opener > 0 && opener < span.len() {
            let fails = TABLES.failures().any(|word| {
                words.split(' ').any(|said| {
                    said.strip_prefix(word).is_some_and(|rest| matches!(rest, "" | "s" | "ed" | "es" | "ing" | "ly"))
                })
            }) || TABLES.fails(&words);
            if fails {
                self.failure = Some(rest(opener));
            } else {
                self.condition = Some(said.raw(&span).to_owned());
            }
            return true;
        }
        false
    }

    /// "At the end, …"
    fn where_to(&mut self, said: &Said<'_>, span: &Range<usize>) -> bool {
        let span = said.without_fillers(span.clone());
        let all = |words: &str| said.one_of(&span, span.start, words) == span.len();
        if all("at the end|in the end|at the very end|finally|as a last step|as the last step|afterwards|after that") {
            self.place = Some(Place::End);
        } else if all("at the start|at the beginning|to start with|as a first step") {
            self.place = Some(Place::Start);
        } else if all("first|before that|beforehand") {
            self.place = Some(Place::First);
        } else {
            return false;
        }
        true
    }
}

/// Where "in case we lose it", "in case somebody asks" begins: why, not when.
fn precaution(known: &Knowledge, said: &Said<'_>, span: &Range<usize>) -> Option<usize> {
    let at = (span.start + 1..span.end).rfind(|at| said.sequence(span, *at, "in case") > 0)?;
    let (clause, first) = (at + 3..span.end, said.word(at + 2));
    let person = is_in("i|we|you|someone|somebody|anyone|anybody|it|they", first);
    let careful = clause.clone().take(6).any(|at| is_in(&TABLES.precautions, said.word(at)));
    // "in case somebody asks for a refund" is a case.
    let case = clause.clone().take(8).any(|at| said.word(at) == "for");
    let at = if said.mark(at - 1) == Some(Mark::Comma) || said.word(at - 1) == "just" { at - 1 } else { at };
    ((person || known.vocabulary.service(first).is_some()) && careful && !case).then_some(at)
}

/// Where a place in front ends that names its steps by quoted titles: "between 'A' and 'B'", "after 'A'".
fn quoted_lead(said: &Said<'_>, span: &Range<usize>) -> Option<usize> {
    let quoted = |at: usize| said.is_value(at) && said.word(at).starts_with(['"', '“', '\'', '‘', '`']);
    let between = said.one_of(span, span.start, "between|in between");
    let end = if between > 0 {
        let first = span.start + between;
        (quoted(first) && said.word(first + 1) == "and" && quoted(first + 2)).then_some(first + 3)?
    } else {
        let length = said.one_of(span, span.start, "right before|just before|before|right after|just after|after");
        (length > 0 && quoted(span.start + length)).then_some(span.start + length + 1)?
    };
    (end < span.end && said.mark(end).is_none()).then_some(end)
}
