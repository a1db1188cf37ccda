//! What starts an agent: a trigger block, or a schedule with a reading of what is new.

use super::{
    act::{Act, names},
    build::{Builder, Part, Unserved},
    choose::{Want, choose},
    fill::Fill,
    know::Class,
};
use crate::{
    catalogue::{Block, Meaning},
    reading::{Kind, Phrase},
};

/// Verbs of a change, not of something that arrives.
pub(super) const CHANGES: [&str; 6] = ["change", "differ", "alter", "vary", "flip", "switch"];

impl<'k, 'r> Builder<'k, 'r> {
    pub(super) fn trigger(&mut self, index: usize) {
        let Some(act) = Act::of(self.reading, index) else {
            if let Some(clause) = self.reading.clauses.get(index) {
                self.cover.add(&clause.span);
            }
            return;
        };
        self.cover_frame(&act);
        if self.takes_input(&act) {
            return self.cover.add(&act.clause.span);
        }
        let phrases: Vec<&Phrase> = self.event_phrases(&act);
        if let Some(block) = self.trigger_block(&act, &phrases) {
            let phrase = phrases.first().copied();
            let says = super::say::starts(self.text(&act.clause.span));
            let fill = Fill { act: Some(act), phrase, says, ..Fill::default() };
            let step = self.apply(block, fill);
            let nouns: Vec<String> = phrases.iter().flat_map(|phrase| names(phrase)).collect();
            if let Some(datum) = self.draft.gives(step, &nouns, None) {
                let open = self.cover.open(self.reading, &act.clause.span);
                if let Some(datum) = self.draft.data.get_mut(datum) {
                    datum.single = true;
                    datum.open.extend(open);
                }
            }
            self.done += 1;
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
        for phrase in &phrases {
            let Some(source) = self.source_of(&act, phrase, &services) else { continue };
            let datum = self.read_with(source.block, &act, phrase);
            let knows = self.known.of(source.block);
            let windowed =
                knows.is_some_and(|knows| knows.window.is_some() || knows.search.is_some() || knows.days.is_some());
            if !windowed || changes {
                self.only_new(index, datum, changes);
            }
            return self.cover.add(&act.clause.span);
        }
        // Something that is there already changes: "when the price drops".
        if let Some(datum) = phrases.iter().find_map(|phrase| self.refer(phrase)) {
            self.only_new(index, datum, true);
            return self.cover.add(&act.clause.span);
        }
        self.unserved.push(Unserved {
            text: act.text().to_owned(),
            what: None,
            kind: Part::Trigger,
            span: act.clause.span.clone(),
        });
        self.cover.add(&act.clause.span);
    }

    /// What arrives or changes, and where.
    fn event_phrases(&self, act: &Act<'r>) -> Vec<&'r Phrase> {
        let frame = act.frame;
        let people =
            |phrase: &&Phrase| !(self.known.is_person(&phrase.head) && phrase.services.is_empty()) && !phrase.pronoun;
        let mut phrases: Vec<&Phrase> = frame.subject.iter().chain(&frame.objects).filter(people).collect();
        phrases.extend(frame.arguments.iter().map(|argument| &argument.phrase).filter(people));
        // "a page is added to my Notion database": the place tells more than "page".
        phrases.sort_by_key(|phrase| phrase.services.is_empty() && phrase.values.is_empty());
        phrases
    }

    fn trigger_block(&self, act: &Act<'_>, phrases: &[&Phrase]) -> Option<&'k Block> {
        let nouns: Vec<String> = phrases.iter().flat_map(|phrase| names(phrase)).collect();
        let foreign_form = act.services().iter().any(|service| self.known.is_kind(service, Kind::Form));
        let webhook = self.known.catalogue.by_name("GenericWebhookTriggerBlock");
        if foreign_form {
            return webhook;
        }
        let lemma = act.lemma();
        for service in act.services() {
            let want = Want { lemma: "watch", class: Class::Fetch, nouns: &nouns, service: Some(service), many: false };
            let found = choose(self.known, &want).into_iter().map(|(block, _)| block).find(|block| {
                block.trigger && (nouns.is_empty() || nouns.iter().any(|noun| touches(self.known.meaning(block), noun)))
            });
            if found.is_some() {
                return found;
            }
        }
        if act.services().is_empty() {
            if let Some(block) = nouns.iter().find_map(|noun| self.known.trigger(noun)) {
                return Some(block);
            }
            if matches!(lemma.as_str(), "fill in" | "fill out" | "submit" | "register" | "sign up") {
                return webhook;
            }
            return nouns.iter().find_map(|noun| {
                self.known.catalogue.blocks().iter().find(|block| {
                    block.trigger
                        && noun.contains(' ')
                        && self.known.meaning(block).objects.iter().any(|object| object == noun)
                })
            });
        }
        None
    }

    /// "When I give you X", "the user picks X", "takes a topic": inputs of the agent.
    pub(super) fn takes_input(&mut self, act: &Act<'r>) -> bool {
        let lemma = act.lemma();
        let person = act.frame.subject.as_ref().is_some_and(|subject| {
            matches!(
                subject.head.as_str(),
                "i" | "we" | "user" | "person" | "somebody" | "someone" | "you" | "me" | "customer" | "student"
            )
        });
        let you = act
            .frame
            .recipients
            .iter()
            .chain(act.places())
            .any(|phrase| matches!(phrase.head.as_str(), "you" | "it") || self.known.is_agent(&phrase.head));
        let hands = self.known.is(&lemma, Class::Hand) || self.known.is(act.plain_lemma(), Class::Hand);
        let agent = act
            .frame
            .subject
            .as_ref()
            .is_some_and(|subject| self.known.is_agent(&subject.head) || subject.head == "form");
        let takes = (matches!(
            lemma.as_str(),
            "take" | "accept" | "receive" | "get" | "ask" | "ask for" | "given" | "give" | "collect"
        ) && agent)
            || matches!(lemma.as_str(), "accept" | "ask for")
            || act.frame.subject.is_none()
                && matches!(lemma.as_str(), "paste" | "enter" | "upload" | "type" | "type in" | "paste in")
                && act.frame.arguments.iter().all(|argument| argument.phrase.services.is_empty());
        if !(person && hands || you && hands && lemma != "tell" && lemma != "send" || takes) {
            return false;
        }
        let services: Vec<&str> =
            act.frame.objects.iter().flat_map(|phrase| phrase.services.iter().map(String::as_str)).collect();
        let mut phrases: Vec<Phrase> =
            act.frame.objects.iter().filter(|phrase| !phrase.pronoun && !phrase.head.is_empty()).cloned().collect();
        if phrases.is_empty() {
            phrases.extend(act.arguments(&["for", "with"]).map(|argument| argument.phrase.clone()));
        }
        phrases.retain(|phrase| !self.known.is_person(&phrase.head));
        if phrases.is_empty() || !services.is_empty() {
            return false;
        }
        // A link that is asked for already is not asked for twice.
        let link = |phrase: &Phrase| matches!(phrase.head.as_str(), "link" | "url" | "address");
        let asks_url = self.draft.asks_for("URL");
        phrases.retain(|phrase| !(asks_url && link(phrase)));
        for phrase in phrases.iter().take(10) {
            self.ask_for(phrase);
        }
        self.done += 1;
        self.listing_inputs = true;
        if phrases.iter().any(|phrase| phrase.head == "question") {
            self.answer_about(act);
        }
        self.cover.add(&act.clause.span);
        true
    }

    /// "ask questions about the issues": what the questions are about is read, then they are answered.
    fn answer_about(&mut self, act: &Act<'r>) {
        let about: Vec<&Phrase> =
            act.arguments(&["about", "on", "of", "in", "from"]).map(|argument| &argument.phrase).collect();
        let mut data: Vec<usize> = self.latest().into_iter().collect();
        for phrase in about {
            data.extend(self.fetch(act, phrase, &act.services()));
        }
        if data.len() < 2 {
            return;
        }
        let step = self.ask_model(
            act,
            "Answer the question from what was read. Say so if the answer is not in it",
            &[],
            &data,
            None,
        );
        self.made(step, vec!["answer".to_owned()], None, &data);
    }
}

/// Whether a block is about what a noun names.
fn touches(meaning: &Meaning, noun: &str) -> bool {
    let last = noun.rsplit(' ').next().unwrap_or(noun);
    meaning.objects.iter().any(|object| object == noun || object.split(' ').any(|word| word == last))
}
