//! "Watch the price of a product, and mail me once it falls under 50": what is read is a whole page, so the condition says
//! of what in it.

use crate::{
    knowledge::Class,
    plan::{
        clauses::act::{Act, core},
        steps::{build::Builder, draft::Datum},
    },
    reading::{Phrase, Role, Span, Value},
};

impl<'r> Builder<'_, 'r> {
    /// The question with the thing that "it" stands for, where a number is looked for in something longer.
    pub(in crate::plan) fn of_watched(&mut self, index: usize, looked: &Datum, question: String) -> String {
        let Some(rest) = question.strip_prefix("it ") else { return question };
        let Some(span) = self.watched_thing(index, looked) else { return question };
        let apart = |open: &Span| open.end <= span.start || span.end <= open.start;
        self.draft.data.iter_mut().for_each(|datum| datum.open.retain(apart));
        self.cover.close(&span);
        format!("{} {rest}", self.text(&span))
    }

    fn watched_thing(&self, index: usize, looked: &Datum) -> Option<Span> {
        let limit = Act::of(self.reading, index).is_some_and(|act| self.has_number(&act));
        if looked.made || !looked.flow.fields.is_empty() || !limit {
            return None;
        }
        let acts = (0..index).rev().filter_map(|at| Act::of(self.reading, at));
        let reads = |act: &Act<'r>| act.watches() || self.is(act, Class::Fetch) || act.plain_lemma() == "check";
        let act = acts.into_iter().find(|act| act.clause.role == Role::Act && reads(act))?;
        let thing = |phrase: &&Phrase| {
            let page = matches!(phrase.head.rsplit(' ').next(), Some("page" | "site" | "website" | "url" | "link"));
            !phrase.pronoun && !phrase.head.is_empty() && !page && !self.known.is_generic(&phrase.head)
        };
        let object = act.frame.objects.first().filter(thing)?;
        let mut span = core(object);
        let of = act.arguments(&["of"]).find(|of| of.phrase.span.start == span.end + 1);
        span.end = of.map_or(span.end, |of| core(&of.phrase).end);
        Some(span)
    }

    /// "1.2" may be a version as well.
    fn has_number(&self, act: &Act<'r>) -> bool {
        let raw = |at: usize| self.reading.tokens.get(at).map(|token| token.raw(&self.reading.text));
        act.values().any(|(at, value)| {
            let digits = raw(at).is_some_and(|raw| raw.starts_with(|c: char| c.is_ascii_digit()));
            digits && !matches!(value, Value::Duration(_) | Value::Time(..) | Value::Date(_))
                || matches!(value, Value::Number(_) | Value::Amount(_))
        })
    }

    /// Whether a condition of the same sentence compares what the act looks at with a number.
    pub(in crate::plan) fn is_measured(&self, act: &Act<'r>) -> bool {
        let guards = (act.index..self.reading.clauses.len()).filter_map(|at| Act::of(self.reading, at));
        let mut guards = guards.take_while(|guard| guard.clause.sentence == act.clause.sentence);
        guards.any(|guard| {
            let it = guard.frame.subject.as_ref().is_some_and(|subject| subject.pronoun);
            it && guard.clause.role == Role::Condition && self.has_number(&guard)
        })
    }

    /// "Track the exchange rate on a web page": it stands there, and is not kept anywhere.
    pub(in crate::plan) fn watches_page(&self, act: &Act<'r>) -> bool {
        let mut places = act.arguments(&["on", "at", "from"]).map(|argument| &argument.phrase);
        act.watches() && places.any(|place| place.services.is_empty() && self.fetchable(act, place))
    }
}
