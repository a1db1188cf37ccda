//! The end of an act: what was not done is said, and its words are covered.

use crate::{
    catalogue::Block,
    knowledge::Class,
    plan::{
        clauses::act::{Act, core},
        model::{Binding, Reason},
        steps::build::{Builder, Part, Unserved},
        wording::media,
    },
    reading::{Mark, Phrase, Span, Token, TokenKind, Value},
};

impl<'k, 'r> Builder<'k, 'r> {
    /// "Do not send it": nothing is to be done; what it names is told to whoever writes.
    pub(in crate::plan) fn not_done(&mut self, act: &Act<'r>) {
        if self.drops_one(act) || self.forbids(act.clause) {
            return;
        }
        if let Some(thinker) = self.thinker {
            let text = act.text().to_owned();
            self.remark(thinker, &format!("Mind: {text}."));
        }
        self.cover.add(&act.clause.span);
    }

    /// A service of which there is no block at all.
    pub(in crate::plan) fn foreign_service(&self, act: &Act<'_>) -> Option<String> {
        let known = |service: &str| self.known.has_service(service);
        let builder = |service: &str| self.known.is_kind(service, crate::reading::Kind::Builder);
        let writes = act.frame.verb.is_none() || self.known.composes(act.plain_lemma());
        let product = writes && act.frame.objects.iter().any(|phrase| self.is_product(act, phrase));
        let audience = |service: &&str| {
            product
                && act.arguments(&["for"]).any(|argument| argument.phrase.services.iter().any(|name| name == service))
        };
        act.services()
            .into_iter()
            .filter(|service| !audience(service))
            .find(|service| !known(service) && !self.known.is_passive(service) && !builder(service))
            .map(str::to_owned)
    }

    /// "(and Teams if possible)": a service without a block that an act names beside what it does.
    pub(in crate::plan) fn foreign_aside(&mut self, act: &Act<'r>) {
        let foreign: Vec<String> = act
            .services()
            .into_iter()
            .filter(|service| {
                !self.known.has_service(service)
                    && !self.known.is_passive(service)
                    && !self.known.is_kind(service, crate::reading::Kind::Builder)
            })
            .filter(|service| !self.unserved.iter().any(|part| part.what.as_deref() == Some(*service)))
            .map(str::to_owned)
            .collect();
        for service in foreign {
            self.leave(&service, Reason::NoBlock, &format!("no block works with {service}"));
        }
    }

    pub(in crate::plan) fn unknown_service(&mut self, act: &Act<'r>, name: &str, kind: Part) {
        self.unserved.push(Unserved {
            text: act.text().to_owned(),
            what: Some(name.to_owned()),
            kind,
            span: act.clause.span.clone(),
        });
        self.cover.add(&act.clause.span);
    }

    /// The verb and every phrase without what narrows it.
    pub(in crate::plan) fn cover_frame(&mut self, act: &Act<'_>) {
        if let Some(verb) = &act.frame.verb {
            self.cover.add(&verb.span);
        }
        let cores: Vec<_> = act.phrases().map(core).collect();
        for core in cores {
            self.cover.add(&core);
        }
    }

    /// "post it to Slack and our intranet with a generated image": no words for a language model.
    fn leave_aside(&mut self, act: &Act<'r>, open: &[Span]) {
        let within = |phrase: &Phrase| open.iter().any(|at| at.start < phrase.span.end && phrase.span.start < at.end);
        let strange = |phrase: &&Phrase| {
            let named = phrase.pronoun || !phrase.services.is_empty() || !phrase.values.is_empty();
            let known = self.known.is_person(&phrase.head) || self.known.is_carrier(&phrase.head);
            !named && !known && !phrase.head.is_empty() && self.refer(phrase).is_none()
        };
        let shown = act.arguments(&["with", "and", "plus"]).map(|argument| &argument.phrase);
        let shown = shown.filter(|phrase| strange(phrase) && within(phrase) && media::is_medium(&phrase.head));
        let places = act.arguments(&["to"]).map(|argument| &argument.phrase).skip(1).filter(strange);
        let places = places.filter(|_| self.is(act, Class::Tell));
        let aside: Vec<Span> = shown.map(|phrase| phrase.span.clone()).chain(places.map(core)).collect();
        for span in aside {
            self.leave(self.text(&span), Reason::NoBlock, "no step makes this, or sends anything there");
        }
    }

    /// What no input took after an act was built: told to a model if one is near, else left out.
    pub(in crate::plan) fn settle(&mut self, act: &Act<'r>, built: bool) {
        if !built {
            return self.cover.add(&act.clause.span);
        }
        // "This workflow checks …": who does it is no part of it.
        if let Some(agent) = act.frame.subject.as_ref().filter(|subject| self.known.is_agent(&subject.head)) {
            self.cover.close(&agent.span);
        }
        let open = self.cover.open(self.reading, &act.clause.span);
        if open.is_empty() {
            return;
        }
        self.leave_aside(act, &open);
        let thinker = self.thinker.filter(|thinker| *thinker + 6 >= self.draft.steps.len());
        if let Some(thinker) = thinker {
            let text = act.instruction();
            let prompt = self.draft.steps.get(thinker).and_then(|step| step.binding("prompt"));
            let known = matches!(prompt, Some(Binding::Value(serde_json::Value::String(prompt)))
                if open.iter().all(|span| prompt.contains(self.text(span))));
            if !known {
                self.remark(thinker, &format!("What is done with it next: {text}."));
            }
            return self.cover.add(&act.clause.span);
        }
        // What stands in an input is minded by its step.
        let held: Vec<String> = self
            .draft
            .steps
            .last()
            .iter()
            .flat_map(|step| &step.inputs)
            .filter_map(|input| match &input.binding {
                Binding::Value(serde_json::Value::String(text)) => Some(text.clone()),
                _ => None,
            })
            .collect();
        let open: Vec<_> =
            open.into_iter().filter(|span| !held.iter().any(|text| text.contains(self.text(span)))).collect();
        // The rest narrows what was read: the next step minds it.
        if self.draft.data.last().is_some_and(|datum| !datum.receipt && !datum.made) {
            // "whose status is new": all of it, and not "status".
            let word = |at: usize| self.reading.tokens.get(at).and_then(Token::word);
            let tails = act.phrases().filter_map(|phrase| phrase.tail.clone());
            let tails: Vec<Span> = tails.filter(|tail| word(tail.start) == Some("whose")).collect();
            for span in open {
                self.cover.add(&span);
                let whole = tails.iter().find(|tail| tail.start <= span.start && span.end <= tail.end);
                let span = whole.map_or(span, |tail| tail.start + 1..tail.end);
                self.narrow_to(self.draft.data.len() - 1, span);
            }
        }
    }

    pub(in crate::plan) fn lists_fields(&self, span: &Span) -> bool {
        let token = |at: usize| self.reading.tokens.get(at);
        let mark = |at: usize| token(at).and_then(Token::mark);
        let bracket =
            mark(span.start) == Some(Mark::Open) || span.start > 0 && mark(span.start - 1) == Some(Mark::Open);
        let field = |at: usize| {
            token(at)
                .is_some_and(|token| token.word().is_some_and(|word| !matches!(word, "that" | "who" | "only" | "not")))
        };
        let mut inside = span.clone().filter(|at| !matches!(mark(*at), Some(Mark::Open | Mark::Close)));
        let commas = span.clone().filter(|at| mark(*at) == Some(Mark::Comma)).count();
        bracket && commas > 0 && inside.all(|at| field(at) || mark(at) == Some(Mark::Comma))
    }

    /// Notes what narrows a datum: the next step minds it, unless it is told apart by a day that nothing read has.
    pub(in crate::plan) fn narrow_to(&mut self, index: usize, span: Span) {
        // "a form (name, email, budget)": its fields, and nothing to look for.
        if self.lists_fields(&span) {
            return self.cover.add(&span);
        }
        let word = |at: usize| self.reading.tokens.get(at).and_then(Token::word);
        // "column A": the letter is its name.
        let lettered = span.end > span.start
            && matches!(word(span.end - 1), Some("column" | "columns"))
            && word(span.end).is_some_and(|letter| letter.len() == 1);
        let span = span.start..span.end + usize::from(lettered);
        // "a competitor's blog": whose it is its address says.
        let owner = |at: usize| word(at).is_some_and(|word| word.ends_with("'s") || word.ends_with("’s"));
        let reader = self.draft.data.get(index).and_then(|datum| self.draft.block(datum.flow.step));
        let addressed = |block: &Block| block.required_inputs().any(|name| name == "url" || name == "rss_url");
        // What changed of it goes on by a check.
        let addressed = match reader.filter(|block| self.known.serves(block, Class::Fetch)) {
            Some(block) => addressed(block),
            None => self.draft.data.iter().any(|datum| self.draft.block(datum.flow.step).is_some_and(addressed)),
        };
        if addressed && span.clone().all(owner) {
            return self.cover.add(&span);
        }
        let Some(datum) = self.draft.data.get_mut(index) else { return };
        if datum.open.iter().any(|known| known.start <= span.start && known.end >= span.end) {
            return;
        }
        let dated = |field: &String| ["date", "time", "fields", "_at"].iter().any(|part| field.contains(part));
        let undated = !datum.flow.fields.is_empty() && !datum.flow.fields.iter().any(dated);
        datum.open.push(span.clone());
        let block = self.draft.data.get(index).and_then(|datum| self.draft.block(datum.flow.step));
        let lists = block.is_some_and(|block| !block.trigger && !self.is_windowed(block) && !block.is_agent_input());
        let period = |at: usize| match &self.reading.tokens.get(at)?.kind {
            TokenKind::Value(Value::Duration(_)) => Some(()),
            TokenKind::Word(word) => PERIODS.contains(&word.as_str()).then_some(()),
            _ => None,
        };
        if undated && lists && span.clone().find_map(period).is_some() {
            let text = self.text(&span).to_owned();
            self.leave(&text, Reason::NotSupported, "what is read does not say when it was made or changed");
            // Nothing is changed of what may not be meant.
            let acts = (0..self.reading.clauses.len()).filter_map(|at| Act::of(self.reading, at));
            let changes = acts.into_iter().any(|act| self.is(&act, Class::Change) && !self.is(&act, Class::Fetch));
            if let Some(datum) = self.draft.data.get_mut(index).filter(|_| !changes) {
                datum.open.pop();
            }
        }
    }
}

/// Words for a stretch of time.
const PERIODS: [&str; 8] = ["week", "month", "quarter", "today", "yesterday", "overnight", "days", "hours"];
