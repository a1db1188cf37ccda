//! What acts depend on: what starts them, on what condition, and for each of what.

use serde_json::json;

use super::{
    act::{Act, names},
    build::{Branch, Builder, Part, Unserved},
    choose::{Want, choose},
    draft::{Datum, Flow},
    fill::Fill,
    know::Class,
    model::{Binding, Input, Reason, Step},
};
use crate::{
    catalogue::{Block, Meaning, schema::Types},
    reading::{Determiner, Kind, Phrase, TokenKind, Value},
};

/// Verbs of a change, not of something that arrives.
const CHANGES: [&str; 6] = ["change", "differ", "alter", "vary", "flip", "switch"];

impl<'k, 'r> Builder<'k, 'r> {
    // ----- triggers

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
            let says = format!("Start when this happens: {}", self.text(&act.clause.span));
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
        if let Some(name) = act.services().into_iter().find(|service| !self.known.has_service(service) && !self.known.is_passive(service)) {
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
            let windowed = knows.is_some_and(|knows| knows.window.is_some() || knows.search.is_some() || knows.days.is_some());
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
        let people = |phrase: &&Phrase| !(self.known.is_person(&phrase.head) && phrase.services.is_empty()) && !phrase.pronoun;
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
                    block.trigger && noun.contains(' ') && self.known.meaning(block).objects.iter().any(|object| object == noun)
                })
            });
        }
        None
    }

    /// "When I give you X", "the user picks X", "takes a topic": inputs of the agent.
    pub(super) fn takes_input(&mut self, act: &Act<'r>) -> bool {
        let lemma = act.lemma();
        let person = act.frame.subject.as_ref().is_some_and(|subject| {
            matches!(subject.head.as_str(), "i" | "we" | "user" | "person" | "somebody" | "someone" | "you" | "me" | "customer" | "student")
        });
        let you = act.frame.recipients.iter().chain(act.places()).any(|phrase| matches!(phrase.head.as_str(), "you" | "it") || self.known.is_agent(&phrase.head));
        let hands = self.known.is(&lemma, Class::Hand) || self.known.is(act.plain_lemma(), Class::Hand);
        let agent = act.frame.subject.as_ref().is_some_and(|subject| self.known.is_agent(&subject.head) || subject.head == "form");
        let takes = (matches!(lemma.as_str(), "take" | "accept" | "receive" | "get" | "ask" | "ask for" | "given" | "give" | "collect") && agent)
            || matches!(lemma.as_str(), "accept" | "ask for")
            || act.frame.subject.is_none() && matches!(lemma.as_str(), "paste" | "enter" | "upload" | "type" | "type in" | "paste in") && act.frame.arguments.iter().all(|argument| argument.phrase.services.is_empty());
        if !(person && hands || you && hands && lemma != "tell" && lemma != "send" || takes) {
            return false;
        }
        let services: Vec<&str> = act.frame.objects.iter().flat_map(|phrase| phrase.services.iter().map(String::as_str)).collect();
        let mut phrases: Vec<Phrase> = act.frame.objects.iter().filter(|phrase| !phrase.pronoun && !phrase.head.is_empty()).cloned().collect();
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
        let about: Vec<&Phrase> = act.arguments(&["about", "on", "of", "in", "from"]).map(|argument| &argument.phrase).collect();
        let mut data: Vec<usize> = self.latest().into_iter().collect();
        for phrase in about {
            data.extend(self.fetch(act, phrase, &act.services()));
        }
        if data.len() < 2 {
            return;
        }
        let step = self.ask_model(act, "Answer the question from what was read. Say so if the answer is not in it", &[], &data, None);
        self.made(step, vec!["answer".to_owned()], None, &data);
    }

    // ----- only what is new

    /// Goes on only if something is there that was not there at the last run, and remembers it.
    pub(super) fn only_new(&mut self, guard: usize, index: usize, changes: bool) {
        let by = |name: &str| self.known.catalogue.by_name(name);
        let (Some(recall), Some(keep)) = (by("RetrieveInformationBlock"), by("PersistInformationBlock")) else {
            let text = self.reading.clauses.get(guard).map_or("", |clause| self.text(&clause.span)).to_owned();
            return self.leave(&text, Reason::NoBlock, "nothing here remembers what was there before");
        };
        let Some(datum) = self.draft.data.get(index).cloned() else { return };
        let Some(flow) = self.take(index) else { return };
        let key = format!("seen_{}", flow.name);
        let list = flow.is_list() && !changes;
        let empty = if list { json!([]) } else { json!("") };
        let known = self.step_of(recall, "Recall what was there before", &[("key", json!(key)), ("default_value", empty)], &[]);
        let before = self.draft.flow(known, "value");
        let name = datum.nouns.first().cloned().unwrap_or_else(|| "entry".to_owned());
        let fresh = if list && let Some(difference) = by("ListDifferenceBlock") {
            let says = format!("Keep only the {} that are new", super::build::plural(&name));
            let step = self.step_of(difference, &says, &[], &[("list_a", flow.clone()), ("list_b", before)]);
            let mut new = self.draft.flow(step, "difference");
            (new.fields, new.name) = (flow.fields.clone(), flow.name.clone());
            new
        } else if let Some(condition) = by("ConditionBlock") {
            let text = self.draft.fit(&flow, Types::STRING);
            let says = format!("Go on only if the {name} is not the same as before");
            let step = self.step_of(
                condition,
                &says,
                &[("operator", json!("!="))],
                &[("value1", text.clone()), ("value2", before.clone())],
            );
            let mut new = self.draft.flow(step, "yes_output");
            (new.types, new.name) = (Types::STRING, flow.name.clone());
            let says = "Remember it for the next run";
            self.step_of(keep, says, &[("key", json!(key))], &[("value", new.clone())]);
            let old = Datum { flow: Flow { name: "before".to_owned(), ..before }, nouns: vec!["price before".to_owned(), "before".to_owned()], used: true, each: None, receipt: false, under: Some(guard), ..datum.clone() };
            self.draft.data.push(old);
            self.let_through(guard, &datum, new);
            return;
        } else {
            return;
        };
        self.step_of(keep, "Remember them for the next run", &[("key", json!(key))], &[("value", flow)]);
        self.let_through(guard, &datum, fresh);
    }

    fn let_through(&mut self, guard: usize, datum: &Datum, flow: Flow) {
        let new = Datum { flow, each: None, used: false, under: None, ..datum.clone() };
        self.draft.data.push(new);
        let yes = self.draft.data.len() - 1;
        self.branch(guard, Branch { yes, no: yes });
    }

    /// A step with values and flows given one by one.
    pub(super) fn step_of(&mut self, block: &Block, says: &str, values: &[(&str, serde_json::Value)], flows: &[(&str, Flow)]) -> usize {
        let mut inputs: Vec<Input> = values
            .iter()
            .map(|(name, value)| Input { name: (*name).to_owned(), binding: Binding::Value(value.clone()) })
            .collect();
        inputs.extend(flows.iter().map(|(name, flow)| Input { name: (*name).to_owned(), binding: flow.binding() }));
        self.draft.push(Step { block: block.id.clone(), title: super::fill::title_of(self.known, block), says: says.to_owned(), inputs })
    }

    /// "keep track of which went out"
    pub(super) fn remember(&mut self, act: &Act<'r>) {
        let by = |name: &str| self.known.catalogue.by_name(name);
        let (Some(keep), Some(datum)) = (by("PersistInformationBlock"), self.latest()) else { return };
        let Some(flow) = self.take(datum) else { return };
        let key = super::draft::slug(&act.frame.objects.first().map_or_else(|| "remembered".to_owned(), |phrase| phrase.head.clone()));
        let key = if key.is_empty() { "remembered".to_owned() } else { key };
        let step = self.step_of(keep, &act.instruction(), &[("key", json!(key))], &[("value", flow)]);
        if let Some(index) = self.draft.gives(step, &[], None)
            && let Some(datum) = self.draft.data.get_mut(index)
        {
            datum.receipt = true;
        }
        self.cover.add(&act.clause.span);
        self.done += 1;
    }

    // ----- conditions

    pub(super) fn condition(&mut self, index: usize) {
        let Some(clause) = self.reading.clauses.get(index) else { return };
        let act = Act::of(self.reading, index);
        self.cover.add(&clause.span);
        let phrases: Vec<&Phrase> = act.iter().flat_map(|act| act.phrases().collect::<Vec<_>>()).collect();
        let mut tested = phrases.iter().find_map(|phrase| self.refer(phrase));
        if tested.is_none()
            && let Some(act) = act
        {
            let services = act.services();
            let source = phrases.iter().copied().find(|phrase| {
                self.source_of(&act, phrase, &services).is_some_and(|source| source.named || !self.draft.has_data())
            });
            if let Some(phrase) = source {
                self.polls = self.polls || self.reading.schedule.is_none();
                tested = self.fetch(&act, phrase, &services);
            }
        }
        let tested = tested.or_else(|| self.latest()).or_else(|| {
            let asked = phrases.iter().find(|phrase| !phrase.pronoun && self.known.is_askable(&phrase.head)).copied()?;
            Some(self.ask_for(asked))
        });
        let Some(tested) = tested else {
            // Nothing to test yet: the sentence goes to whoever thinks.
            return;
        };
        let says_change = clause.span.clone().any(|at| {
            matches!(self.reading.tokens.get(at).map(|token| &token.kind), Some(TokenKind::Word(word)) if matches!(word.as_str(), "change" | "changes" | "changed"))
        });
        let changes = says_change || act.is_some_and(|act| CHANGES.contains(&act.plain_lemma()) || act.lemma() == "be different");
        if changes {
            return self.only_new(index, tested, true);
        }
        let per_entry = self.draft.data.get(tested).is_some_and(|datum| datum.flow.is_list());
        let governs_each = self.reading.clauses.iter().any(|clause| clause.under == Some(index));
        let tested = if per_entry && governs_each { self.single(tested) } else { tested };
        let Some(datum) = self.draft.data.get(tested).cloned() else { return };
        let Some(flow) = self.take(tested) else { return };
        let text = self.text(&clause.span);
        let negated = act.is_some_and(|act| act.frame.negated) && text.to_lowercase().starts_with("unless");
        let question = condition_text(text);
        let step = match self.numeric(&act, &datum) {
            Some((operator, number)) => {
                let Some(block) = self.known.catalogue.by_name("ConditionBlock") else { return };
                self.step_of(block, &super::act::sentence(&format!("Check: {question}")), &[("operator", json!(operator)), ("value2", json!(number))], &[("value1", flow.clone())])
            }
            None => {
                let Some(block) = self.known.catalogue.by_name("AIConditionBlock") else { return };
                let entry = if datum.flow.fields.is_empty() { flow.clone() } else { self.draft.fit(&flow, Types::STRING) };
                let step = self.step_of(block, &super::act::sentence(&format!("Check: {question}")), &[("condition", json!(question))], &[("input_value", entry.clone())]);
                // What goes on is the entry itself, not its text.
                if entry.step != flow.step
                    && let Some(step) = self.draft.steps.get_mut(step)
                {
                    step.bind("yes_value", flow.binding());
                    step.bind("no_value", flow.binding());
                }
                step
            }
        };
        let (yes, no) = if negated { ("no_output", "yes_output") } else { ("yes_output", "no_output") };
        let mut way = |output: &str| {
            let mut out = self.draft.flow(step, output);
            (out.fields, out.types, out.name) = (flow.fields.clone(), flow.types, flow.name.clone());
            self.draft.data.push(Datum { flow: out, each: None, used: true, open: Vec::new(), under: None, ..datum.clone() });
            self.draft.data.len() - 1
        };
        let (yes, no) = (way(yes), way(no));
        self.branch(index, Branch { yes, no });
        self.done += 1;
    }

    /// "over 100": a number that is compared as one, if the datum is a number.
    fn numeric(&self, act: &Option<Act<'_>>, datum: &Datum) -> Option<(&'static str, f64)> {
        let types = datum.flow.types;
        if types.is_any() || !types.is_within(Types::NUMBER) && !types.is_within(Types::INTEGER) {
            return None;
        }
        let act = act.as_ref()?;
        let number = act.values().find_map(|(_, value)| match value {
            Value::Number(number) => Some(*number),
            _ => None,
        })?;
        let over = act.clause.span.clone().find_map(|at| match &self.reading.tokens.get(at)?.kind {
            TokenKind::Word(word) => match word.as_str() {
                "over" | "above" | "more" | "exceeds" | "exceed" | "greater" | "higher" => Some(">"),
                "under" | "below" | "less" | "lower" | "fewer" => Some("<"),
                _ => None,
            },
            _ => None,
        });
        over.map(|operator| (operator, number))
    }

    // ----- loops

    pub(super) fn each(&mut self, index: usize) {
        let Some(clause) = self.reading.clauses.get(index) else { return };
        self.cover.add(&clause.span);
        let act = Act::of(self.reading, index);
        let phrases: Vec<&Phrase> = act.iter().flat_map(|act| act.phrases().collect::<Vec<_>>()).collect();
        let mut list = phrases.iter().find_map(|phrase| self.refer(phrase));
        if list.is_none()
            && let Some(act) = act
        {
            let services = act.services();
            list = phrases.iter().copied().find_map(|phrase| self.fetch(&act, phrase, &services));
            let fresh = phrases.iter().any(|phrase| phrase.modifiers.iter().any(|word| word == "new"));
            self.polls |= fresh && list.is_some() && self.reading.schedule.is_none() && !self.triggered();
        }
        let Some(list) = list.or_else(|| self.latest()) else { return };
        let single = self.single(list);
        if let Some(datum) = self.draft.data.get_mut(single) {
            datum.under = None;
        }
        self.branch(index, Branch { yes: single, no: single });
    }

    // ----- waiting, approving

    pub(super) fn waits(&mut self, act: &Act<'r>) -> bool {
        if !self.is(act, Class::Wait) {
            return false;
        }
        let minutes = act.values().find_map(|(_, value)| match value {
            Value::Duration(minutes) => Some(*minutes),
            _ => None,
        });
        let minutes = minutes.or_else(|| {
            act.phrases().find_map(|phrase| match phrase.head.as_str() {
                "minute" => Some(1),
                "hour" => Some(60),
                "day" => Some(1440),
                "week" => Some(10080),
                _ => None,
            })
        });
        let (Some(minutes), Some(block)) = (minutes, self.known.catalogue.by_name("CountdownTimerBlock")) else { return false };
        let before = self.latest();
        let flow = before.and_then(|datum| self.take(datum));
        let mut values = vec![("minutes", json!(minutes % 60)), ("hours", json!(minutes / 60))];
        values.retain(|(_, value)| *value != json!(0));
        let flows: Vec<(&str, Flow)> = flow.iter().map(|flow| ("input_message", flow.clone())).collect();
        let step = self.step_of(block, &act.instruction(), &values, &flows);
        self.pass_on(step, "output_message", before);
        self.cover.add(&act.clause.span);
        self.done += 1;
        true
    }

    /// "a colleague reviews it", "ask the manager for approval": a person decides before it goes on.
    pub(super) fn approves(&mut self, act: &Act<'r>) -> bool {
        let asks = act.phrases().any(|phrase| matches!(phrase.head.as_str(), "approval" | "sign-off" | "confirmation" | "permission"))
            && matches!(act.plain_lemma(), "ask" | "get" | "wait" | "request" | "need" | "require" | "send" | "submit");
        let person = act.frame.subject.as_ref().is_some_and(|subject| {
            self.known.is_person(&subject.head) && !matches!(subject.head.as_str(), "user" | "customer") || matches!(subject.head.as_str(), "i" | "human" | "we")
        });
        let imperative = act.frame.subject.is_none() && matches!(act.plain_lemma(), "approve" | "confirm") && act.frame.objects.iter().all(|phrase| phrase.pronoun || self.refer(phrase).is_some());
        let decides = imperative && !act.frame.objects.is_empty() || person && self.is(act, Class::Approve) && act.plain_lemma() != "check";
        if !(asks || decides) {
            return false;
        }
        let (Some(block), Some(datum)) = (self.known.catalogue.by_name("HumanInTheLoopBlock"), self.latest()) else { return false };
        let Some(flow) = self.take(datum) else { return false };
        let step = self.step_of(block, &act.instruction(), &[("name", json!(super::say::shortened(&act.instruction(), 60)))], &[("data", flow)]);
        self.pass_on(step, "approved_data", Some(datum));
        self.cover.add(&act.clause.span);
        self.done += 1;
        true
    }

    /// What comes out of a step that lets its input go on.
    fn pass_on(&mut self, step: usize, output: &str, of: Option<usize>) {
        let Some(datum) = of.and_then(|of| self.draft.data.get(of)).cloned() else {
            self.draft.gives(step, &[], None);
            return;
        };
        let mut flow = self.draft.flow(step, output);
        (flow.fields, flow.name, flow.types) = (datum.flow.fields.clone(), datum.flow.name.clone(), datum.flow.types);
        self.draft.data.push(Datum { flow, each: None, used: false, ..datum });
    }

    pub(super) fn is_each_of(&self, phrase: &Phrase) -> bool {
        phrase.determiner == Determiner::Each
    }
}

/// Whether a block is about what a noun names.
fn touches(meaning: &Meaning, noun: &str) -> bool {
    let last = noun.rsplit(' ').next().unwrap_or(noun);
    meaning.objects.iter().any(|object| object == noun || object.split(' ').any(|word| word == last))
}

/// The condition as a question to a model: without "if".
fn condition_text(text: &str) -> String {
    let lower = text.to_lowercase();
    for start in ["but only if ", "only if ", "and if ", "if ", "unless ", "when ", "whenever ", "in case ", "provided that "] {
        if lower.starts_with(start) {
            return text.get(start.len()..).unwrap_or(text).to_owned();
        }
    }
    text.to_owned()
}
