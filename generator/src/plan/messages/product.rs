//! Texts that are to be made, and wishes that nothing comes of.

use crate::{
    knowledge::Class,
    plan::{
        clauses::act::{Act, core, names},
        steps::build::Builder,
        wording::media,
    },
    reading::{Determiner, Phrase, Span, Value},
};

impl<'r> Builder<'_, 'r> {
    /// "to pay the rent every month": when is no part of what is said.
    pub(super) fn untimed(&self, said: &Span) -> Span {
        let timed =
            |at: usize| self.reading.schedule.iter().flat_map(|plan| &plan.spans).any(|span| span.contains(&at));
        let last = said.clone().rev().find(|at| !timed(*at));
        said.start..last.map_or(said.end, |last| last + 1)
    }

    /// "Make money", "build something that makes me rich": no step comes of it.
    pub(in crate::plan) fn dreams(&self, act: &Act<'_>) -> bool {
        let money = |phrase: &Phrase| {
            matches!(
                phrase.head.as_str(),
                "money" | "income" | "profit" | "cash" | "passive income" | "fortune" | "living"
            )
        };
        let earns = matches!(act.plain_lemma(), "make" | "earn" | "generate" | "get" | "create");
        let open = act.frame.objects.first().is_some_and(|phrase| {
            matches!(phrase.head.as_str(), "something" | "anything" | "thing" | "stuff") && phrase.values.is_empty()
        });
        let vague = open && self.is(act, Class::Make) && act.services().is_empty() && !self.writes_of(act);
        earns && act.frame.objects.iter().any(money) || vague
    }

    /// "Write something about cats": a text has a matter.
    fn writes_of(&self, act: &Act<'_>) -> bool {
        act.plain_lemma() == "write" || act.arguments(&["about", "on", "from", "out of"]).next().is_some()
    }

    /// "Put each item into Todoist and post the summary": nobody wrote one yet, and single items are none.
    pub(super) fn write_unmade(&mut self, act: &Act<'r>) -> Option<usize> {
        let [thing] = act.frame.objects.as_slice() else { return None };
        let datum = |at: usize| self.draft.data.get(at);
        let there = |at: usize| datum(at).is_some_and(|datum| datum.nouns.contains(&thing.head));
        let item = |at: &usize| datum(*at).is_some_and(|datum| datum.made && !datum.flow.fields.is_empty());
        if thing.determiner != Determiner::The || !self.is_product(act, thing) || (0..self.draft.data.len()).any(there)
        {
            return None;
        }
        let item = self.refer(thing).or_else(|| self.latest()).filter(item)?;
        let made = |at: &usize| datum(*at).is_some_and(|datum| datum.made);
        let whole = std::iter::successors(Some(item), |at| self.origin(*at)).take(4).find(|at| !made(at))?;
        let words = format!("Write {}", self.text(&core(thing)));
        let step = self.ask_model(act, &words, &[], &[whole], None);
        self.made(step, names(thing), None, &[whole]);
        self.cover.add(&core(thing));
        self.latest()
    }

    /// A text that is to be made, not one that is there.
    pub(in crate::plan) fn is_product(&self, act: &Act<'_>, phrase: &Phrase) -> bool {
        if phrase.pronoun || matches!(phrase.determiner, Determiner::Mine | Determiner::Each) {
            return false;
        }
        // "Translate a report": it is there already.
        if (act.reworks() || act.judges() || self.recasts(act) || self.works_on_text(act))
            && act.frame.objects.iter().any(|object| object.span == phrase.span)
        {
            return false;
        }
        // "Read the article at https://…": it is there.
        let address =
            |at: &usize| matches!(self.reading.tokens.get(*at).and_then(|token| token.value()), Some(Value::Url(_)));
        if phrase.values.iter().any(address) && self.is(act, Class::Fetch) {
            return false;
        }
        // "the customers table of my database" is there.
        let held = |service: &&str| self.known.alias(service).is_some_and(|block| block.name == "SQLQueryBlock");
        if phrase.determiner == Determiner::The && phrase.head.ends_with("table") && act.services().iter().any(held) {
            return false;
        }
        let names = names(phrase);
        // "Find five recent articles about electric cars": others wrote them.
        let sought = matches!(act.plain_lemma(), "find" | "search" | "look" | "collect" | "gather" | "research")
            || phrase.plural
                && matches!(act.plain_lemma(), "get" | "fetch" | "pull" | "read")
                && (phrase
                    .modifiers
                    .iter()
                    .any(|word| matches!(word.as_str(), "recent" | "latest" | "newest" | "new"))
                    || act.arguments(&["about", "on"]).next().is_some());
        let web = |noun: &String| self.known.source(noun).is_some_and(|block| block.name == "SearchTheWebBlock");
        if sought && names.iter().any(web) && act.frame.objects.iter().any(|object| object.span == phrase.span) {
            return false;
        }
        // "a tagline and 5 tweets": each is written.
        let beside = act.frame.verb.is_none()
            && act.frame.objects.iter().flat_map(self::names).any(|name| self.known.is_product(&name));
        names.iter().any(|name| self.known.is_product(name) || beside && self.known.is_writable(name))
            || self.known.composes(&act.lemma()) && names.iter().any(|name| self.known.is_writable(name))
    }

    /// "Write a script" about what is there: to be read, not to be run.
    pub(in crate::plan) fn is_read_out(&self, phrase: &Phrase) -> bool {
        phrase.head == "script" && (self.draft.has_data() || !phrase.modifiers.is_empty())
    }

    /// What an act makes out of other things, a text, a picture or a film, is not there to be read or asked for.
    pub(in crate::plan) fn is_made_by(&self, act: &Act<'_>, phrase: &Phrase) -> bool {
        // "make a plan, then the shopping list"
        let later = phrase.determiner == Determiner::The
            && act.frame.objects.first().is_some_and(|first| first.span != phrase.span);
        let new = later || matches!(phrase.determiner, Determiner::Some | Determiner::None | Determiner::Count(_));
        new && self.known.composes(&act.lemma())
            && act.frame.objects.iter().any(|object| object.span == phrase.span)
            && (self.is_product(act, phrase) || names(phrase).iter().any(|name| media::is_medium(name)))
    }

    pub(in crate::plan) fn is_answering(&self, act: &Act<'_>) -> bool {
        matches!(act.plain_lemma(), "answer" | "reply" | "respond")
            && act.frame.objects.iter().any(|phrase| phrase.head == "question")
    }
}
