//! What starts an agent: a trigger block, or a schedule with a reading of what is new.

use serde_json::{Value as Json, json};

use super::{
    act::{Act, names},
    build::{Branch, Builder, Part},
    choose::{Want, choose},
    fill::Fill,
    know::Class,
    model::Binding,
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
        if self.takes_input(&act) || self.is_run_by_hand(&act) {
            return self.cover.add(&act.clause.span);
        }
        // "… when it is done": after what was said before.
        let before = act.frame.subject.as_ref().is_some_and(|subject| subject.pronoun);
        if before && matches!(act.plain_lemma(), "do" | "finish" | "complete" | "end") {
            return self.cover.add(&act.clause.span);
        }
        let phrases: Vec<&Phrase> = self.event_phrases(&act);
        if let Some(lead) = super::time::lead(self.reading, &act.clause.span) {
            return self.timed(&act, &phrases, lead);
        }
        if let Some(block) = self.trigger_block(&act, &phrases) {
            self.start(&act, block, &phrases);
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
            // What a calendar has ahead is no news: "a meeting is booked" is.
            let arrives = matches!(act.plain_lemma(), "add" | "book" | "create" | "schedule")
                || phrase.modifiers.iter().any(|word| word == "new");
            let ahead = knows.is_some_and(|knows| knows.days.is_some()) && !arrives;
            if !(self.is_windowed(source.block) || ahead) || changes {
                self.only_new(index, datum, changes);
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
            }
            // "… each time somebody sends it": said already.
            None if phrases.is_empty() && self.triggered() => {}
            None => {
                self.polls = false;
                self.block(index);
            }
        }
    }

    /// The trigger block itself. Returns what it gives.
    pub(super) fn start(&mut self, act: &Act<'r>, block: &'k Block, phrases: &[&'r Phrase]) -> Option<usize> {
        let says = super::say::starts(self.text(&act.clause.span));
        let given = self
            .events_of(act, block)
            .map(|events| ("events".to_owned(), Binding::Value(events)))
            .into_iter()
            .collect();
        let fill = Fill { act: Some(*act), phrase: phrases.first().copied(), says, given, ..Fill::default() };
        let step = self.apply(block, fill);
        let nouns: Vec<String> = phrases.iter().flat_map(|phrase| names(phrase)).collect();
        let open = self.cover.open(self.reading, &act.clause.span);
        self.done += 1;
        let index = self.draft.gives(step, &nouns, None)?;
        let datum = self.draft.data.get_mut(index)?;
        datum.single = true;
        datum.open.extend(open);
        Some(index)
    }

    /// "whenever I run this"
    fn is_run_by_hand(&self, act: &Act<'_>) -> bool {
        let person = act.frame.subject.as_ref().is_some_and(|subject| {
            matches!(subject.head.as_str(), "i" | "we" | "you" | "user" | "somebody" | "someone")
        });
        let own = act.frame.objects.iter().all(|phrase| phrase.pronoun || self.known.is_agent(&phrase.head));
        person
            && own
            && matches!(
                act.plain_lemma(),
                "run"
                    | "start"
                    | "use"
                    | "launch"
                    | "ask"
                    | "call"
                    | "press"
                    | "click"
                    | "trigger"
                    | "want"
                    | "need"
                    | "like"
            )
    }

    /// Compared with what was there before already.
    pub(super) fn is_compared(&self, datum: usize) -> bool {
        let block = self.draft.data.get(datum).and_then(|datum| self.draft.block(datum.flow.step));
        block.is_some_and(|block| matches!(block.name.as_str(), "ListDifferenceBlock" | "ConditionBlock"))
    }

    /// A trigger that speaks of what acts before it read: "when entries are added".
    pub(super) fn follows_acts(&self, index: usize) -> bool {
        let Some(act) = Act::of(self.reading, index).filter(|act| act.services().is_empty()) else { return false };
        let phrases = self.event_phrases(&act);
        let before = self.reading.clauses.iter().take(index).any(|clause| clause.role == crate::reading::Role::Act);
        before
            && !phrases.is_empty()
            && phrases.iter().all(|phrase| self.known.is_generic(&phrase.head) && phrase.values.is_empty())
            && !phrases
                .iter()
                .flat_map(|phrase| names(phrase))
                .any(|noun| self.known.source(&noun).is_some() || self.known.trigger(&noun).is_some())
    }

    /// Which of its events a trigger listens to: those that the verb names, else those of something new.
    fn events_of(&self, act: &Act<'_>, block: &Block) -> Option<Json> {
        let schema = block.input_schema().properties.get("events")?;
        let kinds: Vec<&str> = schema.properties.iter().map(|(name, _)| name).collect();
        let lemma = act.plain_lemma();
        let lemma = match lemma {
            "merge" => "close",
            "cancel" | "end" | "remove" | "unsubscribe" => "delete",
            "change" | "edit" if kinds.contains(&"updated") => "update",
            "label" | "tag" => "label",
            other => other,
        };
        let forms = [format!("{lemma}ed"), format!("{lemma}d"), lemma.to_owned()];
        let nouns: Vec<String> = self
            .event_phrases(act)
            .into_iter()
            .flat_map(|phrase| phrase.modifiers.iter().cloned().chain([phrase.head.clone()]))
            .collect();
        let said =
            kinds.iter().find(|kind| forms.iter().any(|form| form == *kind) || nouns.iter().any(|noun| noun == *kind));
        let preset = schema.properties.iter().any(|(_, kind)| kind.default == Some(json!(true)));
        let new = || ["opened", "published", "created"].into_iter().find(|kind| kinds.contains(kind));
        let Some(kind) = said.copied().or_else(|| if preset { None } else { new() }) else {
            let preset =
                schema.properties.iter().filter_map(|(name, kind)| Some((name.to_owned(), kind.default.clone()?)));
            return Some(preset.filter(|(_, on)| *on == json!(true)).collect::<serde_json::Map<_, _>>().into());
        };
        // The others may be on if nothing is said.
        let events = schema
            .properties
            .iter()
            .filter(|(_, other)| other.default == Some(json!(true)))
            .map(|(name, _)| (name.to_owned(), json!(false)));
        Some(events.chain([(kind.to_owned(), json!(true))]).collect::<serde_json::Map<_, _>>().into())
    }

    /// What arrives or changes, and where; "as soon as it is opened" speaks of what the act before works on.
    pub(super) fn event_phrases(&self, act: &Act<'r>) -> Vec<&'r Phrase> {
        let frame = act.frame;
        let people =
            |phrase: &&Phrase| !(self.known.is_person(&phrase.head) && phrase.services.is_empty()) && !phrase.pronoun;
        let mut phrases: Vec<&Phrase> = frame.subject.iter().chain(&frame.objects).filter(people).collect();
        phrases.extend(frame.arguments.iter().map(|argument| &argument.phrase).filter(people));
        if phrases.is_empty() && frame.subject.as_ref().is_some_and(|subject| subject.pronoun) {
            let acts = (0..act.index).rev().filter(|at| {
                self.reading.clauses.get(*at).is_some_and(|clause| clause.role == crate::reading::Role::Act)
            });
            let before = acts
                .filter_map(|at| Act::of(self.reading, at))
                .find(|before| before.clause.sentence == act.clause.sentence);
            phrases.extend(before.into_iter().flat_map(|before| before.phrases().collect::<Vec<_>>()).filter(people));
            phrases.retain(|phrase| !phrase.head.is_empty());
        }
        // "a page is added to my Notion database": the place tells more than "page".
        phrases.sort_by_key(|phrase| phrase.services.is_empty() && phrase.values.is_empty());
        phrases
    }

    pub(super) fn trigger_block(&self, act: &Act<'_>, phrases: &[&Phrase]) -> Option<&'k Block> {
        let nouns: Vec<String> = phrases.iter().flat_map(|phrase| names(phrase)).collect();
        let foreign_form = act.services().iter().any(|service| self.known.is_kind(service, Kind::Form));
        let webhook = self.known.catalogue.by_name("GenericWebhookTriggerBlock");
        if foreign_form {
            return webhook;
        }
        // "ask X to review a pull request as soon as it is opened"
        let told = (0..act.index)
            .rev()
            .filter_map(|at| Act::of(self.reading, at))
            .find(|before| before.clause.sentence == act.clause.sentence);
        let pronoun = act.frame.subject.as_ref().is_some_and(|subject| subject.pronoun);
        let mut nouns = nouns;
        if nouns.is_empty()
            && pronoun
            && let Some(complement) = told.and_then(|told| told.frame.complement.clone())
        {
            let words: Vec<&str> = complement.filter_map(|at| self.reading.tokens.get(at)?.word()).collect();
            nouns.extend(words.windows(2).map(|two| two.join(" ")));
        }
        let lemma = act.lemma();
        for service in act.services() {
            let want = Want { lemma: "watch", class: Class::Fetch, nouns: &nouns, service: Some(service), many: false };
            let stem = |block: &&Block| {
                let objects = &self.known.meaning(block).objects;
                objects
                    .iter()
                    .any(|object| object.split(' ').any(|word| lemma.len() > 3 && word.starts_with(lemma.as_str())))
            };
            let mut fits: Vec<&'k Block> = choose(self.known, &want).into_iter().map(|(block, _)| block).collect();
            // "reacts": a reaction.
            fits.sort_by_key(|block| !(block.trigger && stem(block)));
            let found = fits.into_iter().find(|block| {
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
    pub(super) fn handed(&self, phrase: &Phrase) -> bool {
        let Some(tail) = phrase.tail.clone() else { return false };
        let words: Vec<&str> =
            self.reading.tokens.get(tail).unwrap_or_default().iter().filter_map(crate::reading::Token::word).collect();
        let person = words.iter().any(|word| matches!(*word, "i" | "user" | "you" | "we"));
        person
            && words.iter().any(|word| {
                matches!(
                    *word,
                    "upload"
                        | "uploads"
                        | "give"
                        | "paste"
                        | "provide"
                        | "enter"
                        | "send"
                        | "attach"
                        | "type"
                        | "submit"
                        | "share"
                        | "gave"
                        | "pasted"
                        | "uploaded"
                )
            })
    }

    pub(super) fn takes_input(&mut self, act: &Act<'r>) -> bool {
        let lemma = act.lemma();
        let person = act.frame.subject.as_ref().is_some_and(|subject| {
            matches!(
                subject.head.as_str(),
                "i" | "we" | "user" | "person" | "somebody" | "someone" | "me" | "customer" | "student"
            )
        });
        let you = act
            .frame
            .recipients
            .iter()
            .chain(act.places())
            .any(|phrase| matches!(phrase.head.as_str(), "you" | "it") || self.known.is_agent(&phrase.head));
        let hands = self.known.is(&lemma, Class::Hand) || self.known.is(act.plain_lemma(), Class::Hand);
        // "Take a photo that I upload"
        let handed = act.frame.subject.is_none()
            && matches!(lemma.as_str(), "take" | "get" | "use" | "read")
            && !act.frame.objects.is_empty()
            && act.frame.objects.iter().all(|phrase| self.handed(phrase));
        let agent = act
            .frame
            .subject
            .as_ref()
            .is_some_and(|subject| self.known.is_agent(&subject.head) || subject.head == "form");
        let takes = handed
            || (matches!(
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
