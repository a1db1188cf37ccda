//! Goes through the clauses of a reading and builds the steps that do what they say. What a clause asks for and no step
//! does is kept: it decides what kind of answer the goal gets.

use std::collections::HashMap;

use shared::{failure::Failure, port::Question};

use super::{
    act::{Act, names, words},
    cover::{Cover, is_empty},
    draft::{AskKind, Datum, Draft, Flow},
    know::{Class, Knowledge, capitalised},
    model::{LeftOut, Reason},
};
use crate::{
    Watch,
    catalogue::special,
    reading::{Determiner, Kind, Phrase, Reading, Role, Span, TokenKind, Value},
};

/// A part of the goal that no block serves.
#[derive(Debug, Clone)]
pub(super) struct Unserved {
    /// In the person's words.
    pub(super) text: String,
    /// The service or thing that is missing, if it has a name.
    pub(super) what: Option<String>,
    pub(super) kind: Part,
    pub(super) span: Span,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Part {
    /// Where it all starts from.
    Source,
    Trigger,
    Work,
    Delivery,
    /// An answer to whoever called.
    Reply,
    /// Nothing that software does.
    Reach,
}

/// The two ways out of a condition, as data.
#[derive(Debug, Clone, Copy)]
pub(super) struct Branch {
    pub(super) yes: usize,
    pub(super) no: usize,
}

#[derive(Debug)]
pub(super) struct Builder<'k, 'r> {
    pub(super) known: &'k Knowledge,
    pub(super) reading: &'r Reading,
    /// What the person answered or added.
    pub(super) context: Option<&'r Reading>,
    pub(super) draft: Draft<'k>,
    pub(super) cover: Cover,
    pub(super) questions: Vec<Question>,
    pub(super) unserved: Vec<Unserved>,
    pub(super) left: Vec<LeftOut>,
    /// It has to look again and again: without a schedule of its own it gets one.
    pub(super) polls: bool,
    /// Once a day is often enough.
    pub(super) daily: bool,
    /// Guards that are built, by clause.
    branches: HashMap<usize, Branch>,
    entered: Vec<usize>,
    /// Guards that could not be built: nothing under them is done.
    pub(super) blocked: Vec<usize>,
    /// Conditions, and what they looked at.
    pub(super) cases: Vec<(usize, usize)>,
    /// Answers that say what kind something is, and what they are about.
    pub(super) judged: Vec<(usize, usize)>,
    /// The last time that a person decides.
    pub(super) approval: Option<Branch>,
    /// A person has to decide about the next thing that goes out.
    pub(super) awaits: Option<String>,
    /// The guard of the act that is being built.
    pub(super) scope: Option<usize>,
    /// The latest step that asks a language model: later remarks belong to its prompt.
    pub(super) thinker: Option<usize>,
    /// How many acts were done.
    pub(super) done: usize,
    pub(super) delivered: usize,
    /// The act before only named what the person gives.
    pub(super) listing_inputs: bool,
    /// "Nothing new, no mail": the words that say so.
    pub(super) only_if_any: Option<Span>,
}

impl<'k, 'r> Builder<'k, 'r> {
    pub(super) fn new(known: &'k Knowledge, reading: &'r Reading, context: Option<&'r Reading>) -> Self {
        Self {
            known,
            reading,
            context,
            draft: Draft::new(known),
            cover: Cover::of(reading),
            questions: Vec::new(),
            unserved: Vec::new(),
            left: Vec::new(),
            polls: false,
            daily: false,
            branches: HashMap::new(),
            entered: Vec::new(),
            blocked: Vec::new(),
            cases: Vec::new(),
            judged: Vec::new(),
            approval: None,
            awaits: None,
            scope: None,
            thinker: None,
            done: 0,
            delivered: 0,
            listing_inputs: false,
            only_if_any: None,
        }
    }

    pub(super) fn run(&mut self, watch: Watch<'_>) -> Result<(), Failure> {
        if let Some(schedule) = &self.reading.schedule {
            for span in &schedule.spans {
                self.cover.add(span);
            }
        }
        self.only_if_any = self.reading.clauses.iter().find_map(|clause| {
            let frame = clause.frame.as_ref()?;
            let none = frame.objects.iter().filter(|phrase| phrase.determiner == Determiner::No).count();
            (none > 1).then(|| clause.span.clone())
        });
        if let Some(span) = self.only_if_any.clone() {
            self.cover.add(&span);
        }
        // What starts the agent comes first, wherever it stands.
        for index in 0..self.reading.clauses.len() {
            let starts = self.reading.clauses.get(index).is_some_and(|clause| {
                clause.role == Role::Trigger && clause.under.is_none() && !self.follows_acts(index)
                    || clause.role == Role::Act && self.is_called_by(&clause.span)
            });
            if starts {
                self.enter(index);
            }
        }
        for index in self.order() {
            watch.check()?;
            let Some(clause) = self.reading.clauses.get(index) else { break };
            if clause.role == Role::Act && self.entered.contains(&index) {
                continue;
            }
            match clause.role {
                Role::Trigger => self.enter(index),
                Role::Act => {
                    let guard = clause.under.filter(|guard| *guard < index || self.delivers(index));
                    self.scope = guard;
                    if let Some(guard) = guard {
                        self.enter(guard);
                    }
                    if self.is_blocked(index) {
                        self.hold_back(index);
                    } else {
                        if let Some(act) = Act::of(self.reading, index) {
                            self.news_in(&act);
                        }
                        let data = self.draft.data.len();
                        self.act(index);
                        self.note_judgement(index, data);
                        if let Some(act) = Act::of(self.reading, index) {
                            self.approves_in_tail(&act);
                        }
                    }
                    self.scope = None;
                }
                Role::Title => self.title_clause(index),
                Role::Background | Role::Politeness | Role::LeadIn | Role::Schedule => self.cover.add(&clause.span),
                Role::Instruction => self.instruction(index),
                Role::Restriction => self.restriction(index),
                Role::Value => self.cover.add(&clause.span),
                Role::Manner => self.manner(index),
                // Built when the first act under them is.
                Role::Condition | Role::Otherwise(_) | Role::Loop => {}
            }
        }
        // A guard that governs nothing still says something.
        for index in 0..self.reading.clauses.len() {
            let Some(clause) = self.reading.clauses.get(index) else { break };
            if matches!(clause.role, Role::Condition | Role::Loop) && !self.entered.contains(&index) {
                self.restriction(index);
            }
        }
        Ok(())
    }

    pub(super) fn text(&self, span: &Span) -> &'r str {
        words(self.reading, span)
    }

    /// A condition that stands behind an act only holds back what goes out, not what is read for it.
    fn delivers(&self, index: usize) -> bool {
        Act::of(self.reading, index).is_none_or(|act| {
            let reads =
                act.frame.objects.iter().any(|phrase| self.fetchable(&act, phrase)) && self.channel(&act).is_none();
            !self.is(&act, Class::Fetch)
                || !reads && [Class::Tell, Class::Store, Class::Change].iter().any(|class| self.is(&act, *class))
        })
    }

    /// "Webhook-triggered"
    fn is_called_by(&self, span: &Span) -> bool {
        let mut words =
            self.reading.tokens.get(span.clone()).unwrap_or_default().iter().filter_map(|token| match &token.kind {
                TokenKind::Word(word) => Some(word.as_str()),
                _ => None,
            });
        let first = words.next().unwrap_or_default();
        let second = words.next().unwrap_or_default();
        first.starts_with("webhook-trigger") || first == "webhook" && second.starts_with("trigger")
    }

    // ----- guards

    /// Makes sure that what a clause depends on is built.
    pub(super) fn enter(&mut self, index: usize) {
        if self.entered.contains(&index) {
            return;
        }
        self.entered.push(index);
        let Some(clause) = self.reading.clauses.get(index) else { return };
        if let Some(outer) = clause.under {
            self.enter(outer);
        }
        let scope = self.scope;
        self.scope = clause.under;
        match clause.role {
            Role::Trigger | Role::Act => self.trigger(index),
            Role::Condition => {
                self.name_cases(index);
                self.condition(index);
            }
            Role::Otherwise(of) => {
                self.enter(of);
                match self.branches.get(&of).copied() {
                    Some(branch) => self.branch(index, Branch { yes: branch.no, no: branch.yes }),
                    None => self.blocked.push(index),
                }
                self.cover.add(&clause.span);
            }
            Role::Loop => self.each(index),
            _ => {}
        }
        self.scope = scope;
    }

    /// The clauses in the order in which they are built: what a person lets through stands behind the approval.
    fn order(&self) -> Vec<usize> {
        let mut order: Vec<usize> = (0..self.reading.clauses.len()).collect();
        for at in 1..order.len() {
            let Some(clause) = self.reading.clauses.get(at).filter(|clause| super::approval::is_sign_off(clause))
            else {
                continue;
            };
            let first = clause.span.clone().any(|token| {
                self.reading
                    .tokens
                    .get(token)
                    .and_then(|token| token.word())
                    .is_some_and(|word| matches!(word, "first" | "before" | "beforehand"))
            });
            let before = (0..at).rev().find(|before| {
                first
                    && Act::of(self.reading, *before).is_some_and(|act| {
                        act.clause.role == Role::Act && self.delivers(*before) && self.channel(&act).is_some()
                    })
            });
            if let Some(before) = before {
                let moved = order.remove(at);
                order.insert(before, moved);
            }
        }
        order
    }

    /// An act under a guard that could not be built is said to be left out.
    fn hold_back(&mut self, index: usize) {
        let Some(clause) = self.reading.clauses.get(index) else { return };
        if let Some(act) = Act::of(self.reading, index) {
            if self.out_of_reach(&act) {
                return;
            }
            if let Some(name) = self.foreign_service(&act) {
                return self.unknown_service(&act, &name, Part::Source);
            }
        }
        let text = self.text(&clause.span).to_owned();
        self.leave(&text, Reason::NeedsData, "nothing here tells when it is to be done");
        self.cover.add(&clause.span);
    }

    /// What a guard does not let through.
    pub(super) fn way_past(&self, guard: usize) -> Option<usize> {
        self.branches.get(&guard).map(|branch| branch.no)
    }

    /// An act that a step of another one does.
    pub(super) fn pass_over(&mut self, index: usize) {
        self.entered.push(index);
        if let Some(clause) = self.reading.clauses.get(index) {
            self.cover.add(&clause.span);
        }
    }

    pub(super) fn branch(&mut self, guard: usize, branch: Branch) {
        self.branches.insert(guard, branch);
    }

    /// The datum that the guard of the present act lets through.
    pub(super) fn gate(&self) -> Option<usize> {
        let mut guard = self.scope;
        while let Some(index) = guard {
            if let Some(branch) = self.branches.get(&index) {
                return Some(branch.yes);
            }
            guard = self.reading.clauses.get(index).and_then(|clause| clause.under);
        }
        None
    }

    // ----- references

    /// A part of a structured result that a phrase speaks of: "the action items" of what was pulled out.
    pub(super) fn part(&mut self, phrase: &Phrase) -> Option<usize> {
        if phrase.head.is_empty() || phrase.pronoun {
            return None;
        }
        let keys: Vec<String> = names(phrase).iter().map(|name| super::draft::slug(name)).collect();
        let index = self.draft.data.iter().rposition(|datum| {
            datum.made
                && self.is_there(datum)
                && !datum.flow.is_list()
                && datum.flow.fields.len() > 1
                && keys.iter().any(|key| datum.flow.fields.contains(key))
        })?;
        let block = self.known.catalogue.by_name("FindInDictionaryBlock")?;
        let datum = self.draft.data.get(index)?.clone();
        let key = keys.into_iter().find(|key| datum.flow.fields.contains(key))?;
        let says = format!("Take the {} out of it", key.replace('_', " "));
        let step = self.step_of(block, &says, &[("key", serde_json::json!(key))], &[("input", datum.flow.clone())]);
        let mut flow = self.draft.flow(step, "output");
        flow.name.clone_from(&key);
        if let Some(datum) = self.draft.data.get_mut(index) {
            datum.used = true;
        }
        self.draft.data.push(Datum { flow, nouns: vec![phrase.head.clone()], each: None, used: false, ..datum });
        Some(self.draft.data.len() - 1)
    }

    /// The datum that a phrase speaks of.
    pub(super) fn refer(&self, phrase: &Phrase) -> Option<usize> {
        if phrase.pronoun {
            return if self.known.is_person(&phrase.head) { None } else { self.latest() };
        }
        if phrase.head.is_empty() {
            return None;
        }
        let found = names(phrase).iter().find_map(|name| self.named(name));
        // "When an issue is opened, post the open issues": not the one that started it.
        let found = found.filter(|found| {
            let event = self
                .draft
                .data
                .get(*found)
                .and_then(|datum| self.draft.block(datum.flow.step))
                .is_some_and(|block| block.trigger);
            let asked = phrase.plural
                && phrase
                    .modifiers
                    .iter()
                    .any(|word| matches!(word.as_str(), "open" | "other" | "latest" | "recent" | "last"));
            !(event && asked)
        });
        found.or_else(|| self.known.is_generic(&phrase.head).then(|| self.latest()).flatten())
    }

    /// The newest datum that is called so.
    pub(super) fn named(&self, noun: &str) -> Option<usize> {
        let last = noun.rsplit(' ').next().unwrap_or(noun);
        let gate = self.gate().filter(|gate| self.is_called(*gate, noun) || self.is_called(*gate, last));
        gate.or_else(|| {
            let exact = |datum: &Datum| datum.nouns.iter().any(|known| known == noun);
            let near =
                |datum: &Datum| datum.nouns.iter().any(|known| known == last || known.rsplit(' ').next() == Some(last));
            let of = |test: &dyn Fn(&Datum) -> bool| {
                self.draft.data.iter().rposition(|datum| !datum.receipt && self.in_scope(datum) && test(datum))
            };
            of(&exact).or_else(|| of(&near))
        })
    }

    fn is_called(&self, datum: usize, noun: &str) -> bool {
        self.draft.data.get(datum).is_some_and(|datum| datum.nouns.iter().any(|known| known == noun))
    }

    /// In scope, or what the present guard lets through.
    pub(super) fn is_there(&self, datum: &Datum) -> bool {
        self.in_scope(datum)
            || self
                .gate()
                .and_then(|gate| self.draft.data.get(gate))
                .is_some_and(|gate| (gate.flow.step, &gate.flow.output) == (datum.flow.step, &datum.flow.output))
    }

    /// A datum of another branch is not there in this one.
    fn in_scope(&self, datum: &Datum) -> bool {
        let Some(under) = datum.under else { return true };
        let mut guard = self.scope;
        while let Some(index) = guard {
            if index == under {
                return true;
            }
            guard = self.reading.clauses.get(index).and_then(|clause| clause.under);
        }
        false
    }

    /// What was made last, in the present branch.
    pub(super) fn latest(&self) -> Option<usize> {
        let fresh = self
            .draft
            .data
            .iter()
            .rposition(|datum| !datum.receipt && self.in_scope(datum) && datum.under == self.scope);
        match (self.gate(), fresh) {
            (Some(gate), Some(fresh)) if self.scope.is_some() && fresh > gate => Some(fresh),
            (Some(gate), _) => Some(gate),
            (None, _) => self.draft.data.iter().rposition(|datum| !datum.receipt && self.in_scope(datum)),
        }
    }

    /// What no step took yet; else what was made last.
    pub(super) fn pending(&self) -> Vec<usize> {
        let open: Vec<usize> = self
            .draft
            .data
            .iter()
            .enumerate()
            .filter(|(_, datum)| !datum.receipt && !datum.used && self.in_scope(datum))
            .map(|(at, _)| at)
            .collect();
        if let Some(gate) = self.gate() {
            let after: Vec<usize> = open.into_iter().filter(|at| *at > gate).collect();
            return if after.is_empty() { vec![gate] } else { after };
        }
        if open.is_empty() { self.latest().into_iter().collect() } else { open }
    }

    pub(super) fn take(&mut self, datum: usize) -> Option<Flow> {
        let datum = self.draft.data.get_mut(datum)?;
        datum.used = true;
        Some(datum.flow.clone())
    }

    /// The same datum, one entry after the other.
    pub(super) fn single(&mut self, index: usize) -> usize {
        let Some(datum) = self.draft.data.get(index).cloned() else { return index };
        if datum.single || datum.receipt {
            return index;
        }
        let flow = match &datum.each {
            Some(each) if datum.flow.first.is_none() => {
                let mut flow = self.draft.flow(datum.flow.step, each);
                flow.fields.clone_from(&datum.flow.fields);
                flow
            }
            // Another platform may have nothing that repeats.
            _ if self.known.catalogue.by_id(special::EACH_ITEM).is_none() => {
                let mut words =
                    self.reading.tokens.iter().filter(|token| matches!(token.word(), Some("each" | "every")));
                let said = words.next_back().map(|token| token.raw(&self.reading.text).to_owned());
                if let Some(said) = said {
                    self.leave(
                        &said,
                        Reason::NoBlock,
                        "no block takes the entries of a list one by one, so they go on together",
                    );
                }
                return index;
            }
            _ if datum.flow.is_list() || datum.flow.first.is_some() || datum.flow.types.is_any() => {
                self.draft.one_by_one(&datum.flow)
            }
            _ => return index,
        };
        if let Some(old) = self.draft.data.get_mut(index) {
            old.used = true;
        }
        let single = Datum { flow, each: None, single: true, used: false, under: self.scope, ..datum };
        self.draft.data.push(single);
        self.draft.data.len() - 1
    }

    // ----- what is not a step of its own

    /// "Typeform to Slack:": where it starts and where it goes.
    fn title_clause(&mut self, index: usize) {
        let Some(clause) = self.reading.clauses.get(index) else { return };
        self.cover.add(&clause.span);
        let Some(act) = Act::of(self.reading, index) else { return };
        let form = act.services().into_iter().any(|service| self.known.is_kind(service, Kind::Form));
        let webhook = self.known.catalogue.by_name("GenericWebhookTriggerBlock");
        if let (true, false, Some(block)) = (form, self.triggered(), webhook)
            && let Some(phrase) = act.phrases().next()
        {
            self.read_with(block, &act, phrase);
        }
    }

    fn instruction(&mut self, index: usize) {
        let Some(clause) = self.reading.clauses.get(index) else { return };
        self.cover.add(&clause.span);
        let services = clause
            .frame
            .iter()
            .flat_map(|frame| frame.objects.iter().chain(frame.arguments.iter().map(|argument| &argument.phrase)));
        let foreign: Vec<String> = services
            .flat_map(|phrase| phrase.services.iter())
            .filter(|service| self.known.is_kind(service, Kind::Builder))
            .cloned()
            .collect();
        for name in foreign {
            self.leave(&name.clone(), Reason::NotSupported, &format!("this agent runs on its own, without {name}"));
        }
    }

    pub(super) fn leave(&mut self, text: &str, reason: Reason, message: &str) {
        if self.left.iter().any(|left| left.text.contains(text)) {
            return;
        }
        self.left.retain(|left| !text.contains(left.text.as_str()));
        if self.left.len() < LeftOut::MOST {
            let text = super::say::shortened(text, 300);
            self.left.push(LeftOut { text, reason, message: super::say::shortened(message, 300) });
        }
    }

    /// "Only unread ones": narrows what was read last, else goes to the prompt.
    fn restriction(&mut self, index: usize) {
        let Some(clause) = self.reading.clauses.get(index) else { return };
        let span = clause.span.clone();
        if self.covered(&span) {
            return;
        }
        if let Some(thinker) = self.thinker.filter(|_| self.draft.data.last().is_some_and(|datum| datum.made)) {
            let text = self.text(&span).to_owned();
            self.remark(thinker, &format!("Keep to this: {text}."));
            self.cover.add(&span);
        } else if let Some(datum) = self.latest() {
            if let Some(datum) = self.draft.data.get_mut(datum) {
                datum.open.push(span.clone());
            }
            self.cover.add(&span);
        }
    }

    /// "In a friendly tone": for the text that is made before it in the sentence, else for the next.
    fn manner(&mut self, index: usize) {
        let Some(clause) = self.reading.clauses.get(index) else { return };
        if let Some(thinker) = self.thinker {
            let text = self.text(&clause.span).to_owned();
            self.remark(thinker, &format!("{}.", capitalised(&text)));
            self.cover.add(&clause.span);
        }
    }

    /// Manners and restrictions that stand next to an act and that nothing has taken up yet.
    pub(super) fn manners(&mut self, act: &Act<'_>) -> Vec<String> {
        let sentence = act.clause.sentence;
        let mut found = Vec::new();
        for (at, clause) in self.reading.clauses.iter().enumerate() {
            let near = clause.sentence == sentence || clause.sentence == sentence + 1;
            let next_act = self
                .reading
                .clauses
                .get(act.index + 1..at)
                .unwrap_or_default()
                .iter()
                .any(|between| between.role == Role::Act && between.sentence != sentence);
            if near && !next_act && matches!(clause.role, Role::Manner) && !self.covered(&clause.span) {
                found.push(capitalised(self.text(&clause.span)));
                self.cover.add(&clause.span);
            }
        }
        found
    }

    pub(super) fn covered(&self, span: &Span) -> bool {
        self.cover.open(self.reading, span).is_empty()
    }

    /// Adds a sentence to the prompt of a step.
    pub(super) fn remark(&mut self, step: usize, text: &str) {
        use super::model::Binding;
        let Some(step) = self.draft.steps.get_mut(step) else { return };
        let name = if step.binding("prompt").is_some() { "prompt" } else { "focus" };
        let before = match step.binding(name) {
            Some(Binding::Value(serde_json::Value::String(text))) => text.clone(),
            _ => String::new(),
        };
        let joined = match before.split_once("\n\n") {
            Some((words, data)) => format!("{words}\n{text}\n\n{data}"),
            None if before.is_empty() => text.to_owned(),
            None => format!("{before}\n{text}"),
        };
        step.bind(name, Binding::Value(serde_json::Value::from(joined)));
    }

    // ----- what the person gives

    /// An input of the agent for a thing that only the person can give.
    pub(super) fn ask_for(&mut self, phrase: &Phrase) -> usize {
        let nouns = names(phrase);
        let name = self.name_of(phrase);
        let kind = self.kind_of(phrase);
        let flow = self.draft.ask(&name, "", kind, None);
        self.draft.given(flow, nouns)
    }

    pub(super) fn name_of(&self, phrase: &Phrase) -> String {
        // As the person wrote it, without "the" and "new".
        let words: Vec<&str> = super::act::core(phrase)
            .filter_map(|at| {
                let token = self.reading.tokens.get(at)?;
                match &token.kind {
                    TokenKind::Word(word) if is_empty(word) || word == "new" => None,
                    TokenKind::Mark(_) => None,
                    _ => self.reading.text.get(token.start..token.end),
                }
            })
            .collect();
        if words.is_empty() {
            capitalised(&phrase.head)
        } else {
            capitalised(&super::say::shortened(&words.join(" "), 40))
        }
    }

    fn kind_of(&self, phrase: &Phrase) -> AskKind {
        match phrase.head.as_str() {
            "file" | "pdf" | "image" | "photo" | "picture" | "recording" | "audio" | "video" | "csv" | "csv file"
            | "document" => AskKind::File,
            "number" | "length" | "count" | "amount" | "budget" | "age" => AskKind::Number,
            "date" => AskKind::Date,
            "list" if phrase.plural => AskKind::List,
            _ if phrase.plural => AskKind::Long,
            "text" | "note" | "transcript" | "article" | "description" | "bug" | "feedback" | "review" | "email"
            | "message" | "story" | "resume" | "cv" | "job description" | "contract" | "code" | "essay" => {
                AskKind::Long
            }
            _ => AskKind::Text,
        }
    }

    // ----- the context

    /// Typed values that the person wrote, those of the context last.
    pub(super) fn values(&self) -> impl Iterator<Item = &'r Value> {
        let all = |reading: &'r Reading| {
            reading.tokens.iter().filter_map(|token| match &token.kind {
                TokenKind::Value(value) => Some(value),
                _ => None,
            })
        };
        all(self.reading).chain(self.context.into_iter().flat_map(all))
    }

    /// Services that an answer names.
    pub(super) fn answered_services(&self) -> Vec<String> {
        let Some(context) = self.context else { return Vec::new() };
        let mut said = services_of(context);
        // "Linear" by itself is an everyday word, but not as an answer.
        said.extend(self.known.choosable().filter(|service| context.text.contains(service)).map(str::to_owned));
        said
    }

    pub(super) fn question(&mut self, question: &str, keyword: &str, example: &str) {
        if self.questions.len() < 5 && !self.questions.iter().any(|known| known.keyword == keyword) {
            self.questions.push(Question {
                question: question.to_owned(),
                keyword: keyword.to_owned(),
                example: Some(example.to_owned()),
            });
        }
    }

    pub(super) fn is(&self, act: &Act<'_>, class: Class) -> bool {
        let lemma = act.lemma();
        // "sum up" is known as a whole; "post … up" by its verb.
        self.known.is(&lemma, class) || self.known.is(act.plain_lemma(), class)
    }
}

/// The services that a text names.
pub(super) fn services_of(reading: &Reading) -> Vec<String> {
    let frames = reading.clauses.iter().filter_map(|clause| clause.frame.as_ref());
    let phrases = frames.flat_map(|frame| {
        let arguments = frame.arguments.iter().map(|argument| &argument.phrase);
        frame.objects.iter().chain(arguments).chain(&frame.recipients).chain(&frame.subject)
    });
    phrases.flat_map(|phrase| phrase.services.iter().cloned()).collect()
}

/// The plural of an English noun.
pub(super) fn plural(noun: &str) -> String {
    let ends = |end: &str| noun.ends_with(end);
    if ends("s") && !ends("ss") {
        return noun.to_owned();
    }
    if ends("s") || ends("x") || ends("ch") || ends("sh") {
        return format!("{noun}es");
    }
    match noun.strip_suffix('y').filter(|stem| !stem.ends_with(['a', 'e', 'i', 'o', 'u'])) {
        Some(stem) => format!("{stem}ies"),
        None => format!("{noun}s"),
    }
}
