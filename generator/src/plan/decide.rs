//! What kind of work an act is: reading, thinking, telling somebody, storing, or an operation of a service.

use super::{
    act::{Act, core, names},
    build::{Builder, Part, Unserved},
    choose::{Want, best},
    fill::Fill,
    know::Class,
    tell::Channel,
};
use crate::{
    catalogue::Block,
    reading::{Determiner, Phrase},
};

impl<'k, 'r> Builder<'k, 'r> {
    /// Builds the steps of one act.
    pub(super) fn act(&mut self, index: usize) {
        let Some(act) = Act::of(self.reading, index) else {
            return self.remark_or_leave(index);
        };
        if act.frame.negated {
            return self.not_done(&act);
        }
        let steps = self.draft.steps.len();
        let problems = self.unserved.len();
        if act.frame.verb.is_none() {
            self.verbless(&act);
        } else {
            self.decided(&act);
        }
        let built = self.draft.steps.len() > steps;
        if built || self.unserved.len() > problems {
            self.settle(&act, built);
        }
    }

    fn decided(&mut self, act: &Act<'r>) {
        let objects: Vec<&Phrase> = act.frame.objects.iter().collect();
        // "Make an agent", "build a bot": a lead-in that the reading left as an act.
        if objects.len() == 1 && objects.iter().any(|phrase| self.known.is_agent(&phrase.head)) && act.frame.arguments.is_empty() {
            return self.cover.add(&act.clause.span);
        }
        if self.takes_input(act) || self.waits(act) || self.approves(act) {
            return;
        }
        let product = objects.iter().any(|phrase| self.is_product(phrase));
        let channel = self.channel(act);
        let tells = self.is(act, Class::Tell);
        let carries = objects.iter().any(|phrase| self.known.is_carrier(&phrase.head));
        let people = act.phrases().any(|phrase| self.known.is_person(&phrase.head));
        match channel {
            // "writes to a Slack channel", "post it to #news", "mail me"
            Some(Channel::Block(block, phrase)) if tells || self.is(act, Class::Store) || self.is(act, Class::Make) => {
                // "Draft a reply in Gmail" is an operation of Gmail, not a mail.
                if let Some(operation) = self.operation(act, block) {
                    return self.operate(act, operation);
                }
                return self.tell(act, Some(block), phrase);
            }
            Some(Channel::Foreign(name)) => return self.unknown_service(act, &name, Part::Delivery),
            _ => {}
        }
        if let Some(block) = self.service_block(act) {
            return self.operate(act, block);
        }
        if let Some(name) = self.foreign_service(act) {
            let part = if self.is(act, Class::Fetch) && !tells { Part::Source } else { Part::Work };
            return self.unknown_service(act, &name, part);
        }
        if tells && (people || carries) && !self.is_answering(act) && !(product && self.is(act, Class::Think) && !carries && !people) {
            return self.tell(act, None, None);
        }
        if self.is(act, Class::Remember) && self.draft.has_data() {
            return self.remember(act);
        }
        // "Find the cheapest": something that is there already is thought about.
        let mut sources = objects.iter().copied().chain(act.origins());
        let there = objects.iter().any(|phrase| self.refer(phrase).is_some());
        if self.is(act, Class::Fetch) && !there && !product && sources.any(|phrase| self.fetchable(act, phrase)) {
            return self.gather(act);
        }
        if let Some(block) = self.maker(act) {
            return self.operate(act, block);
        }
        if self.is(act, Class::Search) && !there && !product && !self.draft.has_data() {
            return self.search(act);
        }
        if self.is(act, Class::Think) || product {
            return self.think(act);
        }
        if tells {
            return self.tell(act, None, None);
        }
        if self.draft.has_data() {
            return self.think(act);
        }
        if act.phrases().any(|phrase| self.fetchable(act, phrase)) {
            return self.gather(act);
        }
        self.unserved.push(Unserved {
            text: act.text().to_owned(),
            what: None,
            kind: Part::Work,
            span: act.clause.span.clone(),
        });
    }

    pub(super) fn is_product(&self, phrase: &Phrase) -> bool {
        !phrase.pronoun && names(phrase).iter().any(|name| self.known.is_product(name))
    }

    fn is_answering(&self, act: &Act<'_>) -> bool {
        matches!(act.plain_lemma(), "answer" | "reply" | "respond") && act.frame.objects.iter().any(|phrase| phrase.head == "question")
    }

    /// "ideas for reels": a part of what the act before asks for, or an act of its own.
    fn verbless(&mut self, act: &Act<'r>) {
        let channel = self.channel(act);
        if let Some(Channel::Foreign(name)) = &channel {
            return self.unknown_service(act, &name.clone(), Part::Delivery);
        }
        if let Some(Channel::Block(block, phrase)) = channel {
            for source in act.frame.objects.iter().filter(|phrase| !self.is_product(phrase)) {
                if self.fetchable(act, source) && self.refer(source).is_none() {
                    self.fetch(act, source, &[]);
                }
            }
            return self.tell(act, Some(block), phrase);
        }
        if let Some(thinker) = self.thinker.filter(|_| self.draft.data.last().is_some_and(|datum| datum.made)) {
            let text = act.text().to_owned();
            self.remark(thinker, &format!("- {text}"));
            return self.cover.add(&act.clause.span);
        }
        let product = act.frame.objects.iter().any(|phrase| self.is_product(phrase));
        let source = act.frame.objects.iter().chain(act.origins()).any(|phrase| self.fetchable(act, phrase));
        if let Some(name) = self.foreign_service(act) {
            return self.unknown_service(act, &name, Part::Work);
        }
        if product || (self.draft.has_data() && !source) {
            self.think(act);
        } else if source {
            self.gather(act);
        } else {
            self.remark_or_leave(act.index);
        }
    }

    fn remark_or_leave(&mut self, index: usize) {
        let Some(clause) = self.reading.clauses.get(index) else { return };
        if let Some(thinker) = self.thinker {
            let text = self.text(&clause.span).to_owned();
            if !text.is_empty() {
                self.remark(thinker, &text);
            }
            self.cover.add(&clause.span);
        }
    }

    /// "Do not send it": nothing is to be done; what it names is told to whoever writes.
    fn not_done(&mut self, act: &Act<'r>) {
        if let Some(thinker) = self.thinker {
            let text = act.text().to_owned();
            self.remark(thinker, &format!("Mind: {text}."));
        }
        self.cover.add(&act.clause.span);
    }

    // ----- services

    /// The block of a service that the act names, or whose data it works on.
    fn service_block(&self, act: &Act<'r>) -> Option<&'k Block> {
        let lemma = act.lemma();
        let nouns = self.work_nouns(act);
        for service in act.services() {
            for class in [Class::Change, Class::Make, Class::Store, Class::Fetch] {
                if !self.is(act, class) && class != Class::Fetch {
                    continue;
                }
                let mut every = nouns.clone();
                every.extend(default_objects(service, class));
                let want = Want { lemma: &lemma, class, nouns: &every, service: Some(service) };
                if class == Class::Fetch && !self.is(act, Class::Fetch) {
                    continue;
                }
                if let Some(block) = best(self.known, &want).filter(|block| !block.trigger) {
                    return Some(block);
                }
            }
        }
        // "Add the label", "assign it": to what came from the service.
        if self.is(act, Class::Change) && !self.is(act, Class::Fetch) {
            let service = self.draft.data.iter().rev().filter(|datum| !datum.receipt).find_map(|datum| datum.service.clone())?;
            let want = Want { lemma: &lemma, class: Class::Change, nouns: &nouns, service: Some(&service) };
            return super::choose::choose(self.known, &want)
                .into_iter()
                .find(|(block, score)| *score >= 6.5 && !block.trigger && !self.known.serves(block, Class::Fetch))
                .map(|(block, _)| block);
        }
        None
    }

    /// What an act works on, as the catalogue may call it.
    fn work_nouns(&self, act: &Act<'_>) -> Vec<String> {
        let mut nouns: Vec<String> = Vec::new();
        let places = act.places();
        for phrase in act.frame.objects.iter().chain(places) {
            nouns.extend(names(phrase));
        }
        nouns
    }

    /// A service of which there is no block at all.
    fn foreign_service(&self, act: &Act<'_>) -> Option<String> {
        let known = |service: &str| self.known.has_service(service);
        act.services().into_iter().find(|service| !known(service) && !self.known.is_passive(service)).map(str::to_owned)
    }

    pub(super) fn unknown_service(&mut self, act: &Act<'r>, name: &str, kind: Part) {
        self.unserved.push(Unserved {
            text: act.text().to_owned(),
            what: Some(name.to_owned()),
            kind,
            span: act.clause.span.clone(),
        });
        self.cover.add(&act.clause.span);
    }

    /// "book an appointment", "draw a picture": the block that makes what the object names, no service being said.
    fn maker(&self, act: &Act<'r>) -> Option<&'k Block> {
        let lemma = act.lemma();
        let nouns: Vec<String> = act.frame.objects.iter().flat_map(names).collect();
        let places: Vec<String> = act.places().into_iter().flat_map(names).collect();
        if nouns.is_empty() && places.is_empty() {
            return None;
        }
        for class in [Class::Make, Class::Store, Class::Change] {
            if !self.is(act, class) {
                continue;
            }
            if let Some(block) = self.usual_place(class, &nouns, &places) {
                return Some(block);
            }
        }
        let classes = [Class::Think, Class::Make, Class::Change];
        classes.into_iter().filter(|class| self.is(act, *class)).find_map(|class| {
            let want = Want { lemma: &lemma, class, nouns: &nouns, service: None };
            super::choose::choose(self.known, &want)
                .into_iter()
                .find(|(block, score)| *score >= 4.2 && !block.trigger && !is_text_model(block))
                .map(|(block, _)| block)
        })
    }

    /// Where such things go when nobody says where.
    fn usual_place(&self, class: Class, nouns: &[String], places: &[String]) -> Option<&'k Block> {
        let by = |name: &str| self.known.catalogue.by_name(name);
        let has = |words: &[&str]| nouns.iter().chain(places).any(|noun| words.contains(&noun.as_str()));
        let into = |words: &[&str]| places.iter().any(|noun| words.contains(&noun.as_str()));
        match class {
            Class::Make | Class::Store if into(&["calendar"]) || has(&["calendar event", "appointment", "meeting"]) => {
                by("GoogleCalendarCreateEventBlock")
            }
            Class::Make | Class::Store if has(&["to-do", "todo", "to-do list", "todo list", "task list"]) => by("TodoistCreateTaskBlock"),
            Class::Store if into(&["spreadsheet", "sheet", "google sheet", "row", "table", "excel"]) => by("GoogleSheetsAppendRowBlock"),
            Class::Make | Class::Store if has(&["document", "google doc", "doc"]) && !has(&["pdf"]) => by("GoogleDocsCreateBlock"),
            Class::Store if into(&["document", "doc"]) => by("GoogleDocsAppendMarkdownBlock"),
            _ => None,
        }
    }

    /// The operation of the channel's service that is meant instead of a message: a draft, a document, an issue.
    fn operation(&self, act: &Act<'r>, channel: &'k Block) -> Option<&'k Block> {
        let service = self.known.meaning(channel).service.as_deref()?;
        let nouns = self.work_nouns(act);
        let lemma = act.lemma();
        let mut every: Vec<String> = nouns.iter().map(|noun| match lemma.as_str() {
            "draft" => format!("{noun} draft"),
            _ => noun.clone(),
        }).collect();
        if lemma == "draft" {
            every.push("draft".to_owned());
            every.push("email draft".to_owned());
        }
        let drafts = lemma == "draft" || nouns.iter().any(|noun| noun.contains("draft"));
        let labels = nouns.iter().any(|noun| noun.contains("label")) || matches!(lemma.as_str(), "label" | "tag");
        if !drafts && !labels {
            return None;
        }
        if drafts {
            let reply = self.draft.data.iter().any(|datum| datum.service.as_deref() == Some(service) && !datum.receipt);
            let name = if reply { "GmailDraftReplyBlock" } else { "GmailCreateDraftBlock" };
            if service == "Gmail" {
                return self.known.catalogue.by_name(name);
            }
        }
        best(self.known, &Want { lemma: &lemma, class: Class::Change, nouns: &every, service: Some(service) })
    }

    // ----- reading

    /// Reads every source that the act names.
    fn gather(&mut self, act: &Act<'r>) {
        let services = act.services();
        let mut phrases: Vec<&Phrase> = act.frame.objects.iter().collect();
        phrases.extend(act.origins());
        let mut read = Vec::new();
        for phrase in phrases {
            if phrase.pronoun || (self.known.is_person(&phrase.head) && phrase.services.is_empty()) {
                continue;
            }
            // "the unread mails in Gmail": one thing with its place.
            let around: Vec<&str> = if phrase.services.is_empty() { services.clone() } else { Vec::new() };
            let Some(source) = self.source_of(act, phrase, &around) else { continue };
            if read.contains(&source.block.id.as_str()) {
                self.cover.add(&core(phrase));
                continue;
            }
            read.push(source.block.id.as_str());
            self.read_with(source.block, act, phrase);
        }
        if read.is_empty() {
            self.search(act);
        }
    }

    /// "find out …", "research X": on the web.
    pub(super) fn search(&mut self, act: &Act<'r>) {
        let Some(block) = self.known.catalogue.by_name("SearchTheWebBlock") else { return self.think(act) };
        let object = act.frame.objects.first().or_else(|| act.frame.arguments.first().map(|argument| &argument.phrase));
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
    }

    // ----- operations

    /// A step of `block`, with a text written for it first if the act asks for one.
    pub(super) fn operate(&mut self, act: &Act<'r>, block: &'k Block) {
        if self.known.serves(block, Class::Fetch) && !self.known.serves(block, Class::Store) {
            let phrase = act.frame.objects.first().or_else(|| act.frame.arguments.first().map(|argument| &argument.phrase));
            if let Some(phrase) = phrase {
                self.read_with(block, act, phrase);
                for other in act.frame.objects.iter().skip(1).filter(|other| self.fetchable(act, other)) {
                    self.fetch(act, other, &[]);
                }
                return;
            }
        }
        let each = act.phrases().any(|phrase| phrase.determiner == Determiner::Each);
        let (content, item) = self.content_for(act, block, each);
        let content_flow = content.and_then(|datum| self.take(datum));
        let title = self.subject(act, content);
        let fill = Fill {
            act: Some(*act),
            phrase: act.frame.objects.first(),
            content: content_flow,
            item: item.or(content),
            query: act.frame.objects.first().map(|phrase| phrase.span.clone()),
            title: Some(title),
            says: act.instruction(),
            ..Fill::default()
        };
        let step = self.apply(block, fill);
        let nouns: Vec<String> = act.frame.objects.iter().flat_map(names).collect();
        if let Some(datum) = self.draft.gives(step, &nouns, None) {
            let thing = self.known.serves(block, Class::Think);
            let scope = self.scope;
            if let Some(datum) = self.draft.data.get_mut(datum) {
                datum.receipt = !thing;
                datum.made = thing;
                datum.under = scope;
                datum.single = each;
            }
        }
        self.done += 1;
        self.delivered += 1;
        self.cover_frame(act);
    }

    /// The verb and every phrase without what narrows it.
    pub(super) fn cover_frame(&mut self, act: &Act<'_>) {
        if let Some(verb) = &act.frame.verb {
            self.cover.add(&verb.span);
        }
        let cores: Vec<_> = act.phrases().map(core).collect();
        for core in cores {
            self.cover.add(&core);
        }
    }

    /// What no input took after an act was built: told to a model if one is near, else left out.
    fn settle(&mut self, act: &Act<'r>, built: bool) {
        if !built {
            return self.cover.add(&act.clause.span);
        }
        let open = self.cover.open(self.reading, &act.clause.span);
        if open.is_empty() {
            return;
        }
        let thinker = self.thinker.filter(|thinker| *thinker + 6 >= self.draft.steps.len());
        if let Some(thinker) = thinker {
            let text = act.instruction();
            let known = self.draft.steps.get(thinker).and_then(|step| step.binding("prompt")).is_some_and(
                |binding| matches!(binding, super::model::Binding::Value(serde_json::Value::String(prompt)) if prompt.contains(act.text())),
            );
            if !known {
                self.remark(thinker, &format!("What is done with it next: {text}."));
            }
            return self.cover.add(&act.clause.span);
        }
        // The rest narrows what was read: the next step minds it.
        if let Some(datum) = self.draft.data.last_mut().filter(|datum| !datum.receipt && !datum.made) {
            for span in open {
                if !datum.open.iter().any(|known| known.start <= span.start && known.end >= span.end) {
                    datum.open.push(span.clone());
                }
                self.cover.add(&span);
            }
        }
    }
}

/// What a service works on when the goal only names the service: "add it to Airtable".
fn default_objects(service: &str, class: Class) -> Vec<String> {
    let words: &[&str] = match (service, class) {
        ("Google Sheets", Class::Store | Class::Make) => &["row"],
        ("Airtable", _) => &["record"],
        ("Notion", Class::Store | Class::Make) => &["notion page", "page"],
        ("Todoist", _) => &["task"],
        ("Linear", _) | ("GitHub", Class::Make | Class::Store) => &["issue"],
        ("Google Docs", Class::Store) => &["document"],
        ("HubSpot", _) => &["contact"],
        ("Google Calendar", _) => &["calendar event"],
        ("Google Sheets", _) => &["cell range"],
        _ => &[],
    };
    words.iter().map(|word| (*word).to_owned()).collect()
}

/// Blocks that write text: reached by thinking, not by the name of what is made.
pub(super) fn is_text_model(block: &Block) -> bool {
    matches!(
        block.name.as_str(),
        "AITextGeneratorBlock"
            | "AITextSummarizerBlock"
            | "AIStructuredResponseGeneratorBlock"
            | "AIListGeneratorBlock"
            | "AIConversationBlock"
            | "AIConditionBlock"
            | "OrchestratorBlock"
            | "ConditionBlock"
            | "FillTextTemplateBlock"
            | "CombineTextsBlock"
            | "CreateListBlock"
            | "CreateDictionaryBlock"
            | "TextSplitBlock"
            | "NoteBlock"
            | "ExtractTextInformationBlock"
            | "StoreValueBlock"
            | "AgentExecutorBlock"
    )
}
