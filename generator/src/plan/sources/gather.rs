//! Reads what an act names, all of its sources, and looks up what has none.

use super::{fetch::Source, topic::without_owner};
use crate::{
    catalogue::{Block, schema::Types},
    knowledge::Class,
    plan::{
        clauses::act::{Act, core, names},
        steps::{
            build::{Builder, Part},
            draft::Flow,
            fill::Fill,
        },
    },
    reading::{Determiner, Kind, Phrase, Value},
};

impl<'k, 'r> Builder<'k, 'r> {
    /// Reads every source that the act names.
    pub(in crate::plan) fn gather(&mut self, act: &Act<'r>) {
        let services = act.services();
        let mut phrases: Vec<&Phrase> = act.frame.objects.iter().collect();
        // "the transcript of a meeting": the meeting only tells which one.
        let given = |phrase: &Phrase| self.known.is_askable(&phrase.head) && self.source_of(act, phrase, &[]).is_none();
        let whose = act
            .arguments(&["of"])
            .map(|argument| &argument.phrase)
            .filter(|of| of.values.is_empty() && of.services.is_empty())
            // "the addresses of restaurants in Berlin": nobody knows which, so they are looked for.
            .filter(|of| !(of.plural && of.determiner == Determiner::None))
            .find(|of| act.frame.objects.iter().any(|object| object.span.end + 1 == of.span.start && given(object)));
        phrases.extend(act.origins().into_iter().filter(|origin| whose.is_none_or(|of| of.span != origin.span)));
        let mut read = Vec::new();
        for phrase in phrases {
            if phrase.pronoun || (self.known.is_person(&phrase.head) && phrase.services.is_empty()) {
                continue;
            }
            // "the open issues in acme/web": where they are is no other thing.
            let there = |object: &Phrase| {
                object.span != phrase.span && !object.pronoun && self.source_of(act, object, &["GitHub"]).is_some()
            };
            // "the open issues of my repository"
            let repository = || matches!(phrase.head.as_str(), "repository" | "repo" | "github repository");
            if (self.is_repository(phrase) || repository()) && act.frame.objects.iter().any(there) {
                self.cover.add(&core(phrase));
                continue;
            }
            // "the unread mails in Gmail": one thing with its place.
            // "the weather and my Google Calendar events": two things, each with its own place.
            let sibling = |service: &&str| {
                let mut others = act.frame.objects.iter().filter(|other| other.span != phrase.span);
                others.any(|other| other.services.iter().any(|name| name == service))
                    && self.known.source(&phrase.head).is_some_and(|block| self.known.meaning(block).service.is_none())
            };
            let around: Vec<&str> = match phrase.services.is_empty() {
                true => services.iter().copied().filter(|service| !sibling(service)).collect(),
                false => Vec::new(),
            };
            let sender = act.arguments(&["from"]).any(|argument| argument.phrase.span == phrase.span)
                && act.frame.objects.iter().any(|object| self.is_mail(act, object));
            if sender && phrase.values.is_empty() && !phrase.services.iter().any(|service| service == "Gmail") {
                continue;
            }
            // "news from three feeds": the feeds have it.
            let elsewhere = act.arguments(&["from"]).map(|argument| &argument.phrase).any(|from| {
                from.span != phrase.span
                    && !self.known.is_person(&from.head)
                    && !self.is_mail(act, phrase)
                    && self.source_of(act, from, &[]).is_some_and(|source| !source.block.trigger)
            });
            if elsewhere
                && phrase.services.is_empty()
                && phrase.values.is_empty()
                && self.source_of(act, phrase, &[]).is_some_and(|source| !source.named)
            {
                continue;
            }
            let Some(source) = self.source_of(act, phrase, &around) else {
                if let Some(service) = self.unreadable(act, phrase) {
                    return self.unknown_service(act, &service, Part::Source);
                }
                continue;
            };
            if self.lists_names(source.block) && act.phrases().any(|phrase| phrase.determiner == Determiner::Each) {
                return self.search(act);
            }
            if read.contains(&source.block.id.as_str()) && phrase.values.iter().all(|at| self.cover.has(*at)) {
                self.cover.add(&core(phrase));
                continue;
            }
            read.push(source.block.id.as_str());
            for datum in self.read_all(source.block, act, phrase) {
                self.watched(act, source.block, datum);
            }
        }
        if let (true, Some(whose)) = (read.is_empty(), whose) {
            self.cover.close(&whose.span);
            for object in act.frame.objects.iter().filter(|object| !object.pronoun) {
                self.ask_for(object);
            }
            self.done += 1;
            return self.cover.add(&act.clause.span);
        }
        if read.is_empty() {
            return self.search(act);
        }
        self.called_rows(act);
        // "the top three posts of r/rust": how many, of what was read there.
        for phrase in act.frame.objects.iter().filter(|phrase| !phrase.pronoun) {
            let Some(datum) = self.refer(phrase) else { continue };
            if phrase.values.iter().any(|at| self.cover.has(*at)) {
                continue;
            }
            if let (Determiner::Count(count), true) = (phrase.determiner, phrase.plural)
                && let Some(datum) = self.draft.data.get_mut(datum)
                && datum.flow.first.is_none()
            {
                datum.flow.first = Some(count);
            }
            self.cover.add(&core(phrase));
        }
        // "from my calendar find the most important thing": what is found is none of what was read.
        // Nor are "product prices from three shops": they stand on the pages.
        let origin = |phrase: &Phrase| act.origins().into_iter().find(|origin| origin.span != phrase.span);
        let stands = |phrase: &Phrase, source: &Source<'_>| {
            let same = |origin: &Phrase| {
                self.source_of(act, origin, &[]).is_some_and(|other| other.block.id == source.block.id)
            };
            !source.named && origin(phrase).is_some_and(same)
        };
        let found = act.frame.objects.iter().any(|phrase| {
            !phrase.pronoun
                && !phrase.head.is_empty()
                && self.source_of(act, phrase, &services).is_none_or(|source| stands(phrase, &source))
                && phrase.services.is_empty()
                && (self.refer(phrase).is_none() || self.known.is_generic(&phrase.head))
                && !matches!(act.lemma().as_str(), "look up" | "search" | "search for" | "google")
        });
        let found = found && !(act.watches() && self.is_measured(act));
        if found && !self.unserved.iter().any(|part| part.span == act.clause.span) {
            return self.think(act);
        }
        if let Some(verb) = &act.frame.verb {
            self.cover.add(&verb.span);
        }
        let places: Vec<_> = act.phrases().filter(|phrase| !phrase.services.is_empty()).map(core).collect();
        for place in places {
            self.cover.add(&place);
        }
    }

    /// "For each row of my sheet look up …": the rows are read first, and taken one by one.
    pub(in crate::plan) fn reads_each(&mut self, act: &Act<'r>) {
        let each = |phrase: &&Phrase| phrase.determiner == Determiner::Each && self.refer(phrase).is_none();
        let phrase = act.arguments(&["for", "of", "from"]).map(|argument| &argument.phrase).find(each);
        // "a copy of each new GitHub release"
        // "from each new video on my YouTube channel"
        let films = phrase.is_some_and(|phrase| self.is_channel(act, phrase));
        let behind = || phrase.map(|phrase| self.services_behind(act, phrase)).unwrap_or_default();
        let around = if films { act.services() } else { behind() };
        let news = phrase.is_some_and(|phrase| {
            (films || !phrase.services.is_empty()) && phrase.modifiers.iter().any(|word| word == "new")
        });
        // "For each unread mail write a reply": those are read.
        let opens = phrase.is_some_and(|phrase| {
            let first = phrase.span.start <= act.clause.span.start + 2;
            first && self.known.composes(act.plain_lemma()) && self.has_own_source(act, phrase)
        });
        if self.draft.has_data() || !self.is(act, Class::Fetch) && !news && !opens {
            return;
        }
        if let Some(list) = phrase.and_then(|phrase| self.fetch(act, phrase, &around)) {
            self.single(list);
        }
    }

    /// A repository and nothing in it.
    pub(in crate::plan) fn is_repository(&self, phrase: &Phrase) -> bool {
        let value = |at: &usize| self.reading.tokens.get(*at).and_then(|token| token.value());
        phrase.head.is_empty()
            && !phrase.values.is_empty()
            && phrase.values.iter().all(|at| matches!(value(at), Some(Value::Repository(_))))
    }

    pub(in crate::plan) fn is_mail(&self, act: &Act<'_>, phrase: &Phrase) -> bool {
        self.source_of(act, phrase, &[]).is_some_and(|source| source.block.name == "GmailReadBlock")
    }

    /// "Watch the page": looks again and again, and goes on with what is new.
    pub(in crate::plan) fn watched(&mut self, act: &Act<'r>, block: &Block, datum: usize) {
        if !act.watches() || block.trigger || self.triggered() {
            return;
        }
        if self.reading.schedule.is_none() {
            self.polls = true;
        }
        let delivers = self.next_acts(act).any(|next| self.is(&next, Class::Tell));
        if !self.is_windowed(block) && delivers && !self.is_compared(datum) {
            let text = self.draft.data.get(datum).is_some_and(|datum| !datum.flow.is_list());
            self.only_new(act.index, datum, text);
        }
    }

    /// "Send me the sunrise time for Oslo": nobody has it, but the web knows.
    pub(in crate::plan) fn fact_of(&mut self, act: &Act<'r>) -> Option<usize> {
        let known = self.known;
        let block = known.catalogue.by_name("SearchTheWebBlock")?;
        let told = act.frame.objects.iter().chain(act.arguments(&["with", "about"]).map(|argument| &argument.phrase));
        let open = |phrase: &&Phrase| {
            let other = phrase.pronoun || known.is_carrier(&phrase.head) || known.is_person(&phrase.head);
            let fact =
                phrase.determiner == Determiner::The && !phrase.head.is_empty() && !known.is_generic(&phrase.head);
            fact && !other && phrase.services.is_empty() && phrase.values.is_empty()
        };
        let phrase = told.into_iter().find(open)?;
        if self.of_refused(act, &[]) || self.is_derived(phrase) {
            return None;
        }
        // "the open incident. We use PagerDuty": the web does not have it.
        let chats = |name: &String| [Kind::Chat, Kind::Mail].iter().any(|kind| known.is_kind(name, *kind));
        if let Some(service) = self.owned().filter(|service| !chats(service)) {
            self.unknown_service(act, &service, Part::Source);
            return None;
        }
        let mut span = phrase.span.clone();
        for place in act.arguments(&["for", "of", "in", "at", "between"]) {
            if (span.end + 1..=span.end + 2).contains(&place.phrase.span.start) {
                span.end = place.phrase.span.end;
            }
        }
        let what = self.text(&span).to_owned();
        let says = format!("Search the web for {what}");
        let fill = Fill { act: Some(*act), phrase: Some(phrase), query: Some(span.clone()), says, ..Fill::default() };
        let step = self.apply(block, fill);
        let datum = self.draft.gives(step, &names(phrase), None)?;
        let step = self.ask_model(act, &format!("Say {what}, and nothing else"), &[], &[datum], None);
        self.made(step, names(phrase), None, &[datum]);
        self.cover.add(&span);
        self.latest()
    }

    /// "find out …", "research X": on the web.
    pub(in crate::plan) fn search(&mut self, act: &Act<'r>) {
        let Some(block) = self.known.catalogue.by_name("SearchTheWebBlock") else { return self.think(act) };
        // "My sheet has names and birthdays. Check who has birthday today": it says so there.
        if !self.draft.has_data() && act.services().is_empty() && self.elsewhere().is_some() {
            return self.think(act);
        }
        // "find out if the shop at https://… is open": it says so there.
        let address = |value: &Value| matches!(value, Value::Url(url) if !url.ends_with("google.com"));
        if act.values().any(|(_, value)| address(value)) {
            return self.think(act);
        }
        let object = act.frame.objects.first().or_else(|| act.frame.arguments.first().map(|argument| &argument.phrase));
        // "research it": what the person gave.
        let given = object
            .filter(|phrase| phrase.pronoun || self.known.is_generic(&phrase.head))
            .and_then(|phrase| self.refer(phrase));
        if let Some(flow) = given.and_then(|datum| self.take(datum)) {
            let text = self.draft.fit(&flow, Types::STRING);
            let fill =
                Fill { says: act.instruction(), given: vec![("query".to_owned(), text.binding())], ..Fill::default() };
            let step = self.apply(block, fill);
            self.draft.gives(step, &["research".to_owned()], None);
            self.cover.add(&act.clause.span);
            self.done += 1;
            return;
        }
        if let Some(text) = self.handed_query(act) {
            let given = vec![("query".to_owned(), text.binding())];
            let step = self.apply(block, Fill { says: act.instruction(), given, ..Fill::default() });
            let nouns: Vec<String> = object.map(names).unwrap_or_default();
            self.draft.gives(step, &nouns, None);
            self.cover.add(&act.clause.span);
            self.done += 1;
            return;
        }
        let query = match (&act.frame.complement, object) {
            (Some(complement), None) => Some(complement.clone()),
            (_, Some(phrase)) => self.about(act, phrase),
            (None, None) => Some(act.clause.span.clone()),
        };
        let says = act.instruction();
        let fill = Fill { act: Some(*act), phrase: object, query, says, ..Fill::default() };
        let step = self.apply(block, fill);
        let nouns: Vec<String> = object.map(names).unwrap_or_default();
        self.draft.gives(step, &nouns, None);
        self.cover.add(&act.clause.span);
        self.done += 1;
        // "Find the cheapest flight": which of those that were found.
        let best = |word: &String| word.len() > 5 && word.ends_with("est") || word == "best";
        let best = |phrase: &&Phrase| {
            phrase.modifiers.iter().any(|word| best(word) && !matches!(word.as_str(), "latest" | "newest"))
        };
        if let Some(phrase) = object.filter(best).filter(|_| self.known.has_model() && act.plain_lemma() == "find") {
            let (found, nouns) = (self.draft.data.len() - 1, names(phrase));
            let manners = self.manners(act);
            let step = self.ask_model(act, &act.instruction(), &manners, &[found], None);
            self.made(step, nouns, None, &[found]);
        }
        if matches!(act.plain_lemma(), "watch" | "monitor" | "track" | "follow")
            && self.reading.schedule.is_none()
            && !self.triggered()
        {
            self.polls = true;
        }
    }

    /// "three competitors of a company I name": the words of the goal with what the person gives in its place.
    fn handed_query(&mut self, act: &Act<'r>) -> Option<Flow> {
        let each = |phrase: &&Phrase| phrase.determiner == Determiner::Each || phrase.head.starts_with("each");
        let handed = act.phrases().find(|phrase| self.handed(phrase));
        // "look up their profile": of what was read.
        let theirs = act.frame.objects.iter().find(|phrase| phrase.determiner == Determiner::Theirs);
        if let (None, Some(theirs), Some(latest)) = (handed, theirs, self.latest()) {
            let given = self.take(latest)?;
            let what = self.text(&core(theirs));
            let format = format!("{{{{{}}}}} {}", given.name, without_owner(what).unwrap_or(what));
            let text = self.draft.fit(&given, Types::STRING);
            let flow = Flow { name: given.name, ..text };
            return Some(self.draft.fill_in(&[flow], &format, "Write what to search for about the {}"));
        }
        let phrase = handed.or_else(|| act.phrases().find(each))?;
        let given = match handed {
            Some(phrase) => {
                let datum = self.ask_for(phrase);
                self.take(datum)?
            }
            None => self.entry_given(&Fill { act: Some(*act), ..Fill::default() }, Types::STRING)?,
        };
        let objects = act.frame.objects.iter().filter(|object| object.span.end <= phrase.span.start);
        let before = objects.map(|object| object.span.start).min().map(|start| self.text(&(start..phrase.span.start)));
        // "Each one's website"
        let after = act.frame.objects.iter().filter(|object| handed.is_none() && object.span.start >= phrase.span.end);
        let before = before.or_else(|| after.map(|object| self.text(&object.span)).next());
        Some(match before.filter(|text| !text.is_empty()) {
            Some(text) => {
                let format = format!("{text} {{{{{}}}}}", given.name);
                self.draft.fill_in(std::slice::from_ref(&given), &format, "Write what to search for about the {}")
            }
            None => self.draft.fit(&given, Types::STRING),
        })
    }
}
