//! Where things come from, if it is said beside what is asked: "the feed is https://…", "I check the weather every
//! morning anyway", "we have a feed of …".

use crate::{
    knowledge::{Class, Knowledge},
    plan::{
        clauses::act::{self, Act},
        steps::{build::Builder, fill::Fill},
    },
    reading::{Clause, Determiner, Mark, Phrase, Reading, Role, Span, TokenKind, Value},
};

/// "The feed is https://…", "Feed: https://…": the address belongs to the thing that is spoken of elsewhere.
pub(in crate::plan) fn addressed(known: &Knowledge, reading: &mut Reading) {
    for at in 0..reading.clauses.len() {
        behind_colon(reading, at);
        let Some((label, values, last)) = label(reading, at) else { continue };
        let Some(clause) = target(known, reading, &label, at..last + 1) else { continue };
        let Some(frame) = reading.clauses.get_mut(clause).and_then(|clause| clause.frame.as_mut()) else { continue };
        let own = |phrase: &&mut Phrase| is_thing(known, phrase);
        let mut things: Vec<&mut Phrase> = frame
            .objects
            .iter_mut()
            .chain(frame.arguments.iter_mut().map(|argument| &mut argument.phrase))
            .chain(&mut frame.subject)
            .filter(own)
            .collect();
        let named = things.iter().position(|phrase| same(&label, phrase)).unwrap_or(0);
        let Some(thing) = things.get_mut(named) else { continue };
        thing.values.extend(values);
        for clause in reading.clauses.iter_mut().take(last + 1).skip(at) {
            clause.role = Role::Background;
        }
    }
}

/// "Check this feed: https://…": the address is that of the feed.
fn behind_colon(reading: &mut Reading, at: usize) -> Option<()> {
    let clause = reading.clauses.get(at).filter(|clause| clause.role == Role::Act)?;
    let colon = reading.tokens.get(clause.span.end.checked_sub(1)?)?.mark() == Some(Mark::Colon);
    let thing = clause.frame.as_ref().filter(|frame| colon && frame.verb.is_some())?.objects.last()?;
    let open = thing.values.is_empty() && !thing.pronoun && !thing.head.is_empty();
    let next = reading.clauses.get(at + 1)?.frame.as_ref().filter(|frame| open && frame.verb.is_none())?;
    let [address] = next.objects.as_slice() else { return None };
    let values = address.values.clone();
    (address.head.is_empty() && is_address(reading, address) && next.arguments.is_empty()).then_some(())?;
    reading.clauses.get_mut(at)?.frame.as_mut()?.objects.last_mut()?.values.extend(values);
    reading.clauses.get_mut(at + 1)?.role = Role::Background;
    Some(())
}

/// What an address is of, the address, and the last clause that says so.
fn label(reading: &Reading, at: usize) -> Option<(Phrase, Vec<usize>, usize)> {
    let frame = reading.clauses.get(at)?.frame.as_ref()?;
    let bare = |phrase: &Phrase| phrase.head.is_empty() && is_address(reading, phrase);
    match &frame.verb {
        Some(verb) => {
            let (subject, [object]) = (frame.subject.as_ref()?, frame.objects.as_slice()) else { return None };
            (verb.lemma == "be" && bare(object)).then(|| (subject.clone(), object.values.clone(), at))
        }
        None => {
            let [name] = frame.objects.as_slice() else { return None };
            let clause = reading.clauses.get(at)?;
            let colon = clause.span.end.checked_sub(1).and_then(|last| reading.tokens.get(last)?.mark());
            let next = reading.clauses.get(at + 1)?.frame.as_ref()?;
            let ([object], None) = (next.objects.as_slice(), &next.verb) else { return None };
            (colon == Some(Mark::Colon) && !name.head.is_empty() && bare(object))
                .then(|| (name.clone(), object.values.clone(), at + 1))
        }
    }
}

fn is_address(reading: &Reading, phrase: &Phrase) -> bool {
    let value = |at: &usize| reading.tokens.get(*at).and_then(|token| token.value());
    !phrase.values.is_empty()
        && phrase.values.iter().all(|at| matches!(value(at), Some(Value::Url(_) | Value::Subreddit(_))))
}

fn same(label: &Phrase, phrase: &Phrase) -> bool {
    label.pronoun || label.head == phrase.head || phrase.modifiers.contains(&label.head)
}

/// Something that could have an address.
fn is_thing(known: &Knowledge, phrase: &Phrase) -> bool {
    let way = phrase.services.iter().any(|service| known.channel(service).is_some()) && phrase.head.is_empty();
    !phrase.pronoun && phrase.values.is_empty() && !way && !phrase.head.is_empty() && !known.is_person(&phrase.head)
}

/// The clause that speaks of the thing: by its name, else the first one that reads something.
fn target(known: &Knowledge, reading: &Reading, label: &Phrase, own: Span) -> Option<usize> {
    let phrases = |clause: &Clause| -> Vec<Phrase> {
        let frame = clause.frame.clone().unwrap_or_default();
        let arguments = frame.arguments.into_iter().map(|argument| argument.phrase);
        frame.objects.into_iter().chain(arguments).chain(frame.subject).collect()
    };
    let acts = {
        let active = |clause: &Clause| matches!(clause.role, Role::Act | Role::Trigger | Role::Condition | Role::Loop);
        reading
            .clauses
            .iter()
            .enumerate()
            .filter(|(at, clause)| !own.contains(at) && active(clause))
            .collect::<Vec<_>>()
    };
    let things = |clause: &Clause| phrases(clause).into_iter().filter(|phrase| is_thing(known, phrase)).collect();
    let named = |things: &Vec<Phrase>| things.iter().any(|phrase| same(label, phrase));
    let reads = |clause: &Clause| {
        let verb = clause.frame.as_ref().and_then(|frame| frame.verb.as_ref());
        verb.is_none_or(|verb| known.is(&verb.lemma, Class::Fetch) || known.is(&verb.lemma, Class::Happen))
    };
    acts.iter().find(|(_, clause)| named(&things(clause))).map(|(at, _)| *at).or_else(|| {
        let free = |clause: &Clause| !phrases(clause).iter().any(|phrase| is_address(reading, phrase));
        acts.iter().find(|(_, clause)| reads(clause) && free(clause) && !things(clause).is_empty()).map(|(at, _)| *at)
    })
}

impl<'k, 'r> Builder<'k, 'r> {
    /// Reads what the background names, if nothing else tells where something comes from.
    pub(in crate::plan) fn elsewhere(&mut self) -> Option<usize> {
        for index in 0..self.reading.clauses.len() {
            let Some(act) = Act::of(self.reading, index) else { continue };
            if !matches!(act.clause.role, Role::Background | Role::Value) {
                continue;
            }
            let ours = act.frame.subject.as_ref().is_none_or(|subject| matches!(subject.head.as_str(), "i" | "we"));
            // "I have a PDF of bank statements. Extract …"
            let has = ours && act.plain_lemma() == "have";
            if let Some(file) = act.frame.objects.iter().find(|phrase| has && self.is_uploaded_kind(phrase)) {
                let asked = self.ask_for(file);
                return Some(self.in_full(asked));
            }
            // "We keep our leads in Airtable."
            let keeps = ours && matches!(act.plain_lemma(), "keep" | "store" | "track" | "collect" | "manage" | "log");
            let holds = act
                .arguments(&["in", "on"])
                .flat_map(|place| &place.phrase.services)
                .find_map(|service| self.known.container(service).filter(|block| !block.trigger));
            if let (Some(phrase), Some(block)) = (act.frame.objects.first().filter(|_| keeps), holds) {
                return Some(self.read_with(block, &act, phrase));
            }
            // "My sheet has names and birthdays."
            let mine = act.frame.subject.iter().filter(|phrase| {
                phrase.determiner == Determiner::Mine
                    && phrase.services.iter().any(|name| self.known.container(name).is_some())
            });
            if let Some(phrase) = mine.clone().next()
                && let Some(source) = self.source_of(&act, phrase, &[]).filter(|source| !source.block.trigger)
            {
                return Some(self.read_with(source.block, &act, phrase));
            }
            for phrase in act.frame.objects.iter().chain(act.origins()) {
                let addressed = is_address(self.reading, phrase) || phrase.values.iter().any(|at| self.is_open(*at));
                if !(addressed || ours && self.is(&act, Class::Fetch)) {
                    continue;
                }
                let source = self.source_of(&act, phrase, &act.services());
                if let Some(source) = source.filter(|source| !source.block.trigger) {
                    self.polls |= self.reading.schedule.is_none() && !self.triggered();
                    return Some(self.read_with(source.block, &act, phrase));
                }
            }
        }
        None
    }

    /// An address that nothing has read.
    fn is_open(&self, at: usize) -> bool {
        let value = self.reading.tokens.get(at).and_then(|token| token.value());
        !self.cover.has(at) && matches!(value, Some(Value::Url(_) | Value::Subreddit(_) | Value::Repository(_)))
    }

    /// "If it rains": what its words are usually read from; "if AAPL drops": looked up on the web.
    pub(in crate::plan) fn looked_up(&mut self, act: &Act<'r>) -> Option<usize> {
        let span = &act.clause.span;
        let by = |name: &str| self.known.catalogue.by_name(name);
        let weather = self.source_in(span).filter(|block| block.name == "GetWeatherInformationBlock");
        let named = |phrase: &&Phrase| {
            let raw = |at: usize| self.reading.tokens.get(at).map(|token| token.raw(&self.reading.text));
            let capital = |raw: &str| raw.chars().filter(|c| c.is_uppercase()).count() > usize::from(span.start == 0);
            phrase.services.is_empty()
                && !matches!(phrase.determiner, Determiner::Mine | Determiner::Some)
                && phrase.span.clone().filter_map(raw).any(capital)
        };
        let mine = span.clone().any(|at| {
            matches!(self.reading.tokens.get(at).map(|token| &token.kind), Some(TokenKind::Word(word)) if matches!(word.as_str(), "my" | "our"))
        });
        let subject = act.frame.subject.as_ref().filter(named).filter(|_| !mine);
        let block = match (weather, subject) {
            (Some(block), _) => block,
            (None, Some(_)) => by("SearchTheWebBlock")?,
            _ => return None,
        };
        self.polls |= self.reading.schedule.is_none() && !self.triggered();
        let query = subject.map(|_| span.start + 1..span.end);
        let says = act::sentence(&format!("Look up: {}", self.text(span)));
        // "The weather for Hamburg, but only if it rains": there, and nowhere else.
        let told = || (0..self.reading.clauses.len()).filter_map(|at| Act::of(self.reading, at));
        let placed = |told: &Act<'r>| told.arguments(&["in", "for", "at", "near", "of", "around"]).next().is_some();
        let place = told().find(|told| told.clause.under == Some(act.index) && placed(told));
        let place = place.filter(|_| weather.is_some() && !placed(act));
        let fill = Fill { act: place.or(Some(*act)), phrase: subject, query, says, ..Fill::default() };
        let step = self.apply(block, fill);
        let nouns = subject.map(act::names).unwrap_or_default();
        self.draft.gives(step, &nouns, None)
    }
}
