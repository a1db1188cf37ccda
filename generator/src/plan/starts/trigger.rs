//! What starts an agent: a trigger block, or a schedule with a reading of what is new.

use crate::{
    catalogue::Block,
    plan::{
        clauses::{
            act::{self, Act, names},
            occasion::CHANGES,
        },
        model::Binding,
        steps::{
            build::{Branch, Builder, Part},
            draft,
            fill::Fill,
            gmail::stays,
            say,
        },
        wording::time,
    },
    reading::{Kind, Phrase, Role, Span, Token, Value},
};

/// What something does that is new.
const ARRIVES: &str = "add appear arrive be become book come create drop file get go happen land occur open post publish push \
     receive register release schedule send show sign start submit subscribe update upload";

impl<'k, 'r> Builder<'k, 'r> {
    pub(in crate::plan) fn trigger(&mut self, index: usize) {
        let Some(act) = Act::of(self.reading, index) else {
            if let Some(clause) = self.reading.clauses.get(index) {
                self.cover.add(&clause.span);
            }
            return;
        };
        self.cover_frame(&act);
        if let Some(branch) = self.decision(act.clause) {
            self.cover.add(&act.clause.span);
            return self.branch(index, branch);
        }
        if self.awaits_first(index) {
            return;
        }
        // "When I send a message to my Telegram bot": the service tells of it.
        let there = act.frame.arguments.iter().any(|argument| !argument.phrase.services.is_empty());
        // "When someone submits the contact form": a form calls.
        let calls = matches!(act.plain_lemma(), "submit" | "complete" | "fill")
            && act.frame.objects.iter().flat_map(names).any(|noun| self.known.trigger(&noun).is_some());
        if !there && !calls && self.takes_input(&act) || self.is_run_by_hand(&act) {
            return self.cover.add(&act.clause.span);
        }
        // "… when it is done": after what was said before.
        let before = act.frame.subject.as_ref().is_some_and(|subject| subject.pronoun);
        if before && matches!(act.plain_lemma(), "do" | "finish" | "complete" | "end") {
            return self.cover.add(&act.clause.span);
        }
        let phrases: Vec<&Phrase> = self.event_phrases(&act);
        if let Some(lead) = time::lead(self.reading, &act.clause.span) {
            return self.timed(&act, &phrases, lead);
        }
        let follows = self.follows_acts(index) && self.draft.has_data();
        if let Some(block) = self.trigger_block(&act, &phrases).filter(|_| !follows) {
            self.start(&act, block, &phrases);
            let _ = self.only_labelled(index, &act);
            // "When bug reports arrive via webhook": whatever calls it is one.
            let called = block.name == "GenericWebhookTriggerBlock" && act.frame.subject.is_some();
            for phrase in act.frame.subject.iter().filter(|phrase| called && phrase.tail.is_none()) {
                self.cover.close(&phrase.span);
            }
            return self.cover.add(&act.clause.span);
        }
        if let Some(name) = act
            .services()
            .into_iter()
            .find(|service| !self.known.has_service(service) && !self.known.is_passive(service))
        {
            let name = name.to_owned();
            return self.unknown_service(&act, &name, Part::Trigger);
        }
        self.polls = true;
        let services = act.services();
        let changes = CHANGES.contains(&act.plain_lemma());
        if let Some(datum) = self.mentions(&act) {
            let list = self.draft.data.get(datum).is_some_and(|datum| datum.flow.is_list());
            self.only_new(index, datum, !list);
            return self.only_those(index, &act, &phrases);
        }
        for phrase in phrases.iter().filter(|_| !follows) {
            let Some(source) = self.source_of(&act, phrase, &services) else { continue };
            let datum = self.read_with(source.block, &act, phrase);
            if self.is_compared(datum) {
                self.branch(index, Branch { yes: datum, no: datum });
                return self.cover.add(&act.clause.span);
            }
            if !changes && let Some(branch) = self.fails(index, datum) {
                return self.branch(index, branch);
            }
            let knows = self.known.of(source.block);
            // What a calendar has ahead is no news: "a meeting is booked" is.
            let arrives = matches!(act.plain_lemma(), "add" | "book" | "create" | "schedule")
                || phrase.modifiers.iter().any(|word| word == "new");
            let ahead = knows.is_some_and(|knows| knows.days.is_some()) && !arrives;
            let kept = self
                .draft
                .data
                .get(datum)
                .and_then(|datum| self.draft.step(datum.flow.step))
                .and_then(|step| step.binding("query"))
                .is_some_and(|query| matches!(query, Binding::Value(serde_json::Value::String(query)) if stays(query)));
            if !(self.is_windowed(source.block) && !kept || ahead) || changes {
                self.only_new(index, datum, changes);
            }
            if !phrase.plural && !ahead && !changes {
                self.one_by_one(index, datum);
                self.only_if_so(index, &act, phrase);
            }
            return self.cover.add(&act.clause.span);
        }
        // Something that is there already changes: "when the price drops", "when entries are added".
        self.cover.add(&act.clause.span);
        match phrases.iter().find_map(|phrase| self.refer(phrase)) {
            Some(datum) if self.is_compared(datum) => self.branch(index, Branch { yes: datum, no: datum }),
            Some(datum) => {
                let list = self.draft.data.get(datum).is_some_and(|datum| datum.flow.is_list());
                self.only_new(index, datum, changes || !list);
                self.only_those(index, &act, &phrases);
            }
            // "… each time somebody sends it": said already.
            None if phrases.is_empty() && self.triggered() => {}
            None if let Some(datum) = self.watched_before(index) => {
                let list = self.draft.data.get(datum).is_some_and(|datum| datum.flow.is_list());
                let known = self.draft.data.get(datum).and_then(|datum| self.draft.block(datum.flow.step));
                let single = self.draft.data.get(datum).is_some_and(|datum| datum.single);
                let quoted = phrases.iter().find(|phrase| phrase.head.is_empty() && !phrase.values.is_empty());
                if let Some(quoted) = quoted.filter(|_| single || self.is_compared(datum)) {
                    // "when something with 'data engineer' shows up"
                    let question = format!("it mentions {}", self.text(&quoted.span));
                    self.check(index, datum, &question, None);
                } else if self.is_compared(datum) || known.is_some_and(|block| self.is_windowed(block)) {
                    self.branch(index, Branch { yes: datum, no: datum });
                } else {
                    self.only_new(index, datum, changes || !list);
                    self.only_those(index, &act, &phrases);
                }
            }
            None => {
                self.polls = false;
                // "When a deal is created in HubSpot": nothing reads its deals. "I run a Shopify shop. When an order …"
                let deaf = phrases.iter().find_map(|phrase| self.unreadable(&act, phrase)).or_else(|| self.owned());
                match deaf {
                    Some(service) => self.unknown_service(&act, &service, Part::Trigger),
                    None => self.block(index),
                }
            }
        }
    }

    /// "Watch the channel, and whenever there is a new video …": what an act before looks at.
    fn watched_before(&self, index: usize) -> Option<usize> {
        self.latest().filter(|_| self.reads_before(index))
    }

    /// "Watch the channel and …", "scrape https://… daily and …"
    fn reads_before(&self, index: usize) -> bool {
        (0..index).any(|at| Act::of(self.reading, at).is_some_and(|act| act.watches() || self.reads_address(&act)))
    }

    fn reads_address(&self, act: &Act<'_>) -> bool {
        act.clause.role == Role::Act
            && act.values().any(|(_, value)| matches!(value, Value::Url(_) | Value::Subreddit(_)))
            && self.channel(act).is_none()
    }

    /// The service without a block that the person works with, as the background tells.
    pub(in crate::plan) fn owned(&self) -> Option<String> {
        let told = self.reading.clauses.iter().filter(|clause| clause.role == Role::Background);
        let acts = told.filter_map(|clause| clause.frame.as_ref()).flat_map(|frame| &frame.objects);
        acts.flat_map(|phrase| &phrase.services)
            .find(|service| !self.known.has_service(service) && !self.known.is_passive(service))
            .cloned()
    }

    /// "When a row is added": each that came since the last look is taken by itself.
    fn one_by_one(&mut self, guard: usize, datum: usize) {
        let branch = self.branches.get(&guard).copied().unwrap_or(Branch { yes: datum, no: datum });
        let list = self.draft.data.get(branch.yes).is_some_and(|datum| datum.flow.is_list());
        if list {
            let yes = self.single(branch.yes);
            // "a mail asking about check-in": the others are not gone on with.
            let yes = self.only_fitting(yes);
            self.branch(guard, Branch { yes, ..branch });
        }
    }

    /// The trigger block itself. Returns what it gives.
    pub(in crate::plan) fn start(&mut self, act: &Act<'r>, block: &'k Block, phrases: &[&'r Phrase]) -> Option<usize> {
        let says = say::starts(self.text(&act.clause.span));
        let given = self
            .events_of(act, block)
            .map(|events| ("events".to_owned(), Binding::Value(events)))
            .into_iter()
            .collect();
        let fill = Fill { act: Some(*act), phrase: phrases.first().copied(), says, given, ..Fill::default() };
        let step = self.apply(block, fill);
        let told = phrases.iter().filter(|phrase| !self.known.is_agent(&phrase.head));
        let mut nouns: Vec<String> = told.flat_map(|phrase| names(phrase)).collect();
        // "a new issue in my repository": an issue comes.
        nouns.sort_by_key(|noun| !self.known.concerns(block, noun));
        // "a Typeform response": the form calls the webhook.
        for phrase in phrases {
            let form = |service: &String| self.known.is_kind(service, Kind::Form);
            let told = phrase.services.iter().any(form) || self.known.is_form(block) && !phrase.services.is_empty();
            if told && phrase.modifiers.iter().all(|word| word == "new") {
                self.cover.close(&act::core(phrase));
            }
        }
        // "a webhook receives an order": that is what comes.
        let called = |phrase: &&&Phrase| names(phrase).iter().any(|noun| self.known.trigger(noun).is_some());
        let brought = phrases.iter().filter(|phrase| !called(phrase) && phrase.services.is_empty());
        let mut brought = brought.filter(|phrase| !phrase.pronoun && !self.known.is_person(&phrase.head));
        if let (true, Some(thing), None) = (self.known.is_form(block), brought.next(), brought.next())
            && thing.values.is_empty()
            && !thing.plural
        {
            self.cover.close(&act::core(thing));
        }
        // "a link to a recipe": what it leads to says nothing of the message.
        let chat = self.known.of(block).is_some_and(|knows| knows.chat.is_some());
        for to in act.arguments(&["to"]).filter(|to| chat && to.phrase.values.is_empty()) {
            self.cover.close(&(to.phrase.span.start.saturating_sub(1)..to.phrase.span.end));
        }
        let link = |phrase: &&Phrase| matches!(phrase.head.as_str(), "link" | "url" | "message");
        for sent in act.frame.objects.iter().filter(|_| chat).filter(link) {
            self.cover.close(&act::core(sent));
        }
        let open = self.cover.open(self.reading, &act.clause.span);
        let mut open: Vec<Span> = open.iter().map(|span| self.whole(act, span)).collect();
        // Said of what comes, and in no input: "with the word 'crash'", "about refunds".
        let quoted = |at: usize| matches!(self.reading.tokens.get(at).and_then(Token::value), Some(Value::Quoted(_)));
        // "about 3am" is a time, and no topic.
        let valued = |at: usize| !quoted(at) && self.reading.tokens.get(at).and_then(Token::value).is_some();
        let said = act.frame.arguments.iter().filter(|held| {
            let preposition = held.preposition.as_str();
            matches!(preposition, "about" | "mentioning" | "containing" | "regarding")
                && !valued(held.phrase.span.start)
                || preposition == "with" && held.phrase.span.clone().any(quoted)
        });
        let said = said.map(|held| {
            let (start, end) = (held.phrase.span.start.saturating_sub(1), held.phrase.span.end);
            let place = act.arguments(&["in"]).find(|place| place.phrase.span.start == end + 1);
            start..place.map_or(end, |place| place.phrase.span.end)
        });
        let said: Vec<Span> = said.collect();
        open.retain(|span| !said.iter().any(|held| held.start <= span.start && span.end <= held.end));
        open.extend(said.iter().cloned());
        self.done += 1;
        let index = self.draft.gives(step, &nouns, None)?;
        let file = self.file_of(block, step, &nouns);
        if let (Some(_), Some(datum)) = (file, self.draft.data.get_mut(index)) {
            datum.used = true;
        }
        let index = file.unwrap_or(index);
        // "a form (name, email, budget)": the parts of what comes in.
        let listed: Vec<Span> = open.extract_if(.., |span| self.lists_fields(span)).collect();
        listed.iter().for_each(|span| self.cover.add(span));
        let parts = |span: &Span| self.text(span).split(',').map(|part| draft::slug(part.trim())).collect();
        let parts: Option<Vec<String>> = listed.first().filter(|_| self.known.is_form(block)).map(parts);
        let datum = self.draft.data.get_mut(index)?;
        datum.single = true;
        if let Some(parts) = parts.filter(|_| datum.flow.fields.is_empty()) {
            datum.flow.fields = parts;
        }
        if datum.flow.fields.is_empty() && self.known.is_form(block) {
            // "webhook gets name and email": the parts of what comes in.
            let told = act.frame.objects.iter().chain(act.arguments(&["with"]).map(|argument| &argument.phrase));
            let parts: Vec<&Phrase> = told.filter(|phrase| phrase.services.is_empty() && !phrase.pronoun).collect();
            let brings = act.frame.verb.as_ref().is_none_or(|verb| {
                matches!(
                    verb.lemma.as_str(),
                    "get" | "receive" | "have" | "contain" | "bring" | "send" | "ask" | "come"
                )
            });
            let named =
                parts.iter().filter(|phrase| !names(phrase).iter().any(|noun| self.known.trigger(noun).is_some()));
            let fields: Vec<String> = named.map(|phrase| draft::slug(&phrase.head)).collect();
            if brings && fields.len() > 1 {
                datum.flow.fields = fields;
                return Some(index);
            }
        }
        // "opens a pull request without a description", "with the word 'crash' in its title": only such a one.
        let narrows = act
            .arguments(&["with", "about", "containing", "mentioning", "regarding"])
            .map(|held| held.phrase.span.clone())
            .chain(said)
            .chain(act.phrases().filter_map(|phrase| phrase.tail.clone()));
        let narrows: Vec<Span> = narrows.collect();
        let inside = |span: &Span| narrows.iter().any(|held| held.start <= span.start && span.end <= held.end);
        let lacks = act.arguments(&["without"]).map(|lacks| lacks.phrase.span.start - 1..lacks.phrase.span.end);
        let mut only: Vec<Span> = lacks.collect();
        let form = self.known.is_form(block);
        let (held, open): (Vec<Span>, Vec<Span>) = open.into_iter().partition(|span| !form && inside(span));
        only.extend(held);
        datum.open.extend(open);
        if only.is_empty() {
            return Some(index);
        }
        let rest = std::mem::replace(&mut datum.open, only);
        let fitting = self.only_fitting(index);
        if let Some(datum) = self.draft.data.get_mut(fitting) {
            datum.open = rest;
        }
        Some(fitting)
    }

    /// "When an issue **is assigned to me**": more than that it is new.
    fn only_if_so(&mut self, guard: usize, act: &Act<'r>, phrase: &Phrase) {
        let Some(verb) = &act.frame.verb else { return };
        let arrives = ARRIVES.split(' ').any(|word| word == verb.lemma);
        let Some(branch) = self.branches.get(&guard).filter(|_| !arrives && phrase.span.end <= verb.span.start) else {
            return;
        };
        let said = act::words(self.reading, &(phrase.span.end..act.clause.span.end)).to_owned();
        let (yes, scope) = (branch.yes, self.scope.replace(guard));
        self.check(guard, yes, &format!("it {said}"), None);
        self.scope = scope;
    }

    /// "with **status Failed**", "**assigned to me**": all that is said there, light words too.
    fn whole(&self, act: &Act<'_>, span: &Span) -> Span {
        let held = act.arguments(&["with", "without", "about", "by"]).map(|argument| &argument.phrase.span);
        let span = held.into_iter().find(|held| held.start <= span.start && span.end <= held.end).unwrap_or(span);
        let word = |at: usize| self.reading.tokens.get(at).and_then(Token::word).unwrap_or_default();
        let participle = word(span.end - 1).ends_with("ed");
        let to = participle && matches!(word(span.end), "to" | "by" | "for" | "from");
        let own = to && matches!(word(span.end + 1), "me" | "us" | "him" | "her" | "them" | "nobody" | "somebody");
        span.start..span.end + if own { 2 } else { 0 }
    }

    /// Compared with what was there before already.
    pub(in crate::plan) fn is_compared(&self, datum: usize) -> bool {
        let Some(read) = self.draft.data.get(datum) else { return false };
        let compares = |at: usize| {
            let block = self.draft.block(at);
            block.is_some_and(|block| matches!(block.name.as_str(), "ListDifferenceBlock" | "ConditionBlock"))
        };
        let same =
            |at: &usize| self.draft.step(*at).and_then(|step| step.binding("value1")) == Some(&read.flow.binding());
        compares(read.flow.step) || (read.flow.step..self.draft.steps.len()).filter(same).any(compares)
    }

    /// A trigger that speaks of what acts before it read: "when entries are added".
    pub(in crate::plan) fn follows_acts(&self, index: usize) -> bool {
        let Some(act) = Act::of(self.reading, index).filter(|act| act.services().is_empty()) else { return false };
        let phrases = self.event_phrases(&act);
        let before = self.reading.clauses.iter().take(index).any(|clause| clause.role == Role::Act);
        // "when something with 'data engineer' shows up"
        let quoted =
            |at: &usize| matches!(self.reading.tokens.get(*at).and_then(|token| token.value()), Some(Value::Quoted(_)));
        let said = |phrase: &Phrase| phrase.head.is_empty() && phrase.values.iter().all(quoted);
        before
            && !phrases.is_empty()
            && phrases.iter().all(|phrase| phrase.values.iter().all(quoted))
            && (self.reads_before(index)
                || phrases.iter().all(|phrase| said(phrase) || self.known.is_generic(&phrase.head)))
            && ((0..index).any(|at| Act::of(self.reading, at).is_some_and(|act| self.reads_address(&act)))
                || !phrases
                    .iter()
                    .flat_map(|phrase| names(phrase))
                    .any(|noun| self.known.source(&noun).is_some() || self.known.trigger(&noun).is_some()))
    }
}
