//! What a trigger waits for: what arrives or changes, which block notices it, and by which of its events.

use serde_json::{Value as Json, json};

use crate::{
    catalogue::{Block, Meaning},
    knowledge::Class,
    plan::{
        clauses::{
            act::{Act, names},
            occasion::CHANGES,
        },
        model::Binding,
        steps::{
            build::Builder,
            choose::{Want, choose},
            fill::Fill,
        },
    },
    reading::{Kind, Phrase, Value},
};

impl<'k, 'r> Builder<'k, 'r> {
    /// Which of its events a trigger listens to: those that the verb names, else those of something new.
    pub(in crate::plan) fn events_of(&self, act: &Act<'_>, block: &Block) -> Option<Json> {
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
            .flat_map(|phrase| phrase.modifiers.iter().cloned().chain(phrase.head.split(' ').map(str::to_owned)))
            .map(|noun| if noun == "image" { "photo".to_owned() } else { noun })
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

    /// Fetches the file that an event brings: a voice message is not its text.
    pub(in crate::plan) fn file_of(&mut self, block: &'k Block, step: usize, nouns: &[String]) -> Option<usize> {
        let file = self.known.of(block)?.file.as_ref()?;
        let fetch = self.known.catalogue.by_name(&file.block)?;
        let Some(Binding::Value(Json::Object(events))) = self.draft.step(step)?.binding("events") else { return None };
        let kind = events.iter().find(|(kind, on)| **on == json!(true) && *kind != "text")?.0.clone();
        let outputs = &block.output_schema().properties;
        let key =
            [format!("{kind}_{}", file.key), file.key.clone()].into_iter().find(|key| outputs.get(key).is_some())?;
        let says = format!("Fetch the {kind} that was sent");
        let given = vec![(file.input.clone(), self.draft.flow(step, &key).binding())];
        let mut step = self.apply(fetch, Fill { says, given, ..Fill::default() });
        if let Some(read) = self.known.catalogue.by_name("FileReadBlock").filter(|_| kind == "document") {
            let given = vec![("file_input".to_owned(), self.draft.flow(step, "file").binding())];
            step = self.apply(read, Fill { says: "Read the document".to_owned(), given, ..Fill::default() });
        }
        self.draft.gives(step, nouns, None)
    }

    /// What arrives or changes, and where; "as soon as it is opened" speaks of what the act before works on.
    pub(in crate::plan) fn event_phrases(&self, act: &Act<'r>) -> Vec<&'r Phrase> {
        let frame = act.frame;
        let people =
            |phrase: &&Phrase| !(phrase.pronoun || self.known.is_person(&phrase.head) && phrase.services.is_empty());
        let mut phrases: Vec<&Phrase> = frame.subject.iter().chain(&frame.objects).filter(people).collect();
        phrases.extend(frame.arguments.iter().map(|argument| &argument.phrase).filter(people));
        if phrases.is_empty() && frame.subject.as_ref().is_some_and(|subject| subject.pronoun) {
            let acts = (0..act.index).rev().filter(|at| {
                self.reading.clauses.get(*at).is_some_and(|clause| clause.role == crate::reading::Role::Act)
            });
            // "Here is a website. When it changes …"
            let changes = CHANGES.contains(&act.plain_lemma());
            let near = |before: &Act<'_>| {
                before.clause.sentence == act.clause.sentence
                    || changes && before.clause.sentence + 1 == act.clause.sentence
            };
            let before = acts.filter_map(|at| Act::of(self.reading, at)).find(near);
            phrases.extend(before.into_iter().flat_map(|before| before.phrases().collect::<Vec<_>>()).filter(people));
            phrases.retain(|phrase| !phrase.head.is_empty());
        }
        // "a page is added to my Notion database": the place tells more than "page".
        // "a commit is pushed to acme/web": the repository says not what comes.
        let repository = |at: &usize| {
            matches!(self.reading.tokens.get(*at).and_then(|token| token.value()), Some(Value::Repository(_)))
        };
        let only_where = |phrase: &Phrase| phrase.head.is_empty() && phrase.values.iter().all(repository);
        phrases.sort_by_key(|phrase| phrase.services.is_empty() && (only_where(phrase) || phrase.values.is_empty()));
        phrases
    }

    pub(in crate::plan) fn trigger_block(&self, act: &Act<'_>, phrases: &[&Phrase]) -> Option<&'k Block> {
        // "if an issue is not assigned": what does not happen starts nothing.
        if act.frame.negated {
            return None;
        }
        let nouns: Vec<String> = phrases.iter().flat_map(|phrase| names(phrase)).collect();
        let way = act.arguments(&["by", "via", "through", "over", "on"]).map(|argument| &argument.phrase);
        let called = way.flat_map(names).find_map(|noun| self.known.trigger(&noun));
        if called.is_some() {
            return called;
        }
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
        let stem = |block: &&Block| {
            let objects = &self.known.meaning(block).objects;
            let stems =
                |object: &String| object.split(' ').any(|word| lemma.len() > 3 && word.starts_with(lemma.as_str()));
            objects.iter().any(stems)
        };
        for service in act.services() {
            let want = Want { lemma: "watch", class: Class::Fetch, nouns: &nouns, service: Some(service), many: false };
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
            // "Webhook-triggered"
            let first = |noun: &String| self.known.trigger(noun.split('-').next().unwrap_or(noun));
            if let Some(block) = nouns.iter().find_map(first) {
                return Some(block);
            }
            if matches!(lemma.as_str(), "fill in" | "fill out" | "submit" | "register" | "sign up") {
                return webhook;
            }
            // "somebody stars my repository": the event is called after what is done.
            let blocks = self.known.catalogue.blocks().iter();
            let about = |block: &&Block| nouns.iter().any(|noun| touches(self.known.meaning(block), noun));
            if let Some(block) = blocks.filter(|block| block.trigger).find(|block| stem(block) && about(block)) {
                return Some(block);
            }
            let compounds = nouns.iter().filter(|noun| noun.contains(' '));
            return compounds
                .flat_map(|noun| self.known.catalogue.blocks_about(noun).iter().map(move |at| (noun, *at)))
                .find_map(|(noun, at)| {
                    let block = self.known.catalogue.blocks().get(at)?;
                    let about = self.known.meaning(block).objects.iter().any(|object| object == noun);
                    (block.trigger && about).then_some(block)
                });
        }
        None
    }
}

/// Whether a block is about what a noun names.
fn touches(meaning: &Meaning, noun: &str) -> bool {
    let last = noun.rsplit(' ').next().unwrap_or(noun);
    meaning.objects.iter().any(|object| object == noun || object.split(' ').any(|word| word == last))
}
