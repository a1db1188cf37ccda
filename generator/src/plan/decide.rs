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
        let asked = std::mem::take(&mut self.listing_inputs);
        let problems = self.unserved.len();
        if act.frame.verb.is_none() {
            self.listing_inputs = asked;
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
        if self.out_of_reach(act) || self.calculates(act) {
            return;
        }
        if matches!(act.plain_lemma(), "do") && act.frame.objects.iter().all(|phrase| phrase.head == "nothing") && !act.frame.objects.is_empty() {
            return self.cover.add(&act.clause.span);
        }
        if self.uses_tool(act) || self.quotes(act) || self.builder_tool(act) || self.codes(act) {
            return;
        }
        let product = objects.iter().any(|phrase| self.is_product(act, phrase));
        let channel = self.channel(act);
        let tells = self.is(act, Class::Tell);
        let carries = objects.iter().any(|phrase| self.known.is_carrier(&phrase.head));
        let people = act.phrases().any(|phrase| self.known.is_person(&phrase.head));
        match channel {
            // "writes to a Slack channel", "post it to #news", "mail me"
            Some(Channel::Block(_, _)) if !tells && !self.is(act, Class::Store) && !product && !carries && self.service_block(act).is_none() => {
                // "Make a Telegram channel": no message.
                return self.unserved.push(Unserved {
                    text: act.text().to_owned(),
                    what: None,
                    kind: Part::Work,
                    span: act.clause.span.clone(),
                });
            }
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
        if self.posts_to_address(act) || self.runs_code(act) || self.asks_people(act) || self.asks_where(act) {
            return;
        }
        // "Reply with the translation": to where the message came from.
        if matches!(act.plain_lemma(), "reply" | "answer" | "respond") && self.draft.data.iter().any(|datum| datum.chat.is_some()) {
            return self.tell(act, None, None);
        }
        if let Some(block) = self.draft_reply(act) {
            return self.operate(act, block);
        }
        if let Some(block) = self.service_block(act) {
            return self.operate(act, block);
        }
        if act.services().is_empty() && self.asks_service(act) {
            return;
        }
        if let Some(name) = self.foreign_service(act) {
            let part = if self.is(act, Class::Fetch) && !tells { Part::Source } else { Part::Work };
            return self.unknown_service(act, &name, part);
        }
        if self.answers_caller(act) {
            return;
        }
        if tells && (people || carries) && !self.is_answering(act) && !(product && self.is(act, Class::Think) && !carries && !people) {
            return self.tell(act, None, None);
        }
        if self.is(act, Class::Remember) {
            for phrase in act.phrases().filter(|_| !self.draft.has_data()).collect::<Vec<_>>() {
                if self.fetchable(act, phrase) {
                    self.fetch(act, phrase, &[]);
                }
            }
            if !self.draft.has_data() {
                for phrase in &act.frame.objects {
                    self.ask_for(phrase);
                }
            }
            return self.remember(act);
        }
        // "Find the cheapest": something that is there already is thought about.
        let mut sources = objects.iter().copied().chain(act.origins());
        let there = objects.iter().any(|phrase| self.refer(phrase).is_some());
        if self.is(act, Class::Fetch) && !there && !product && sources.any(|phrase| self.fetchable(act, phrase)) {
            return self.gather(act);
        }
        let reserves = matches!(act.plain_lemma(), "block" | "book" | "reserve" | "schedule")
            && act.values().any(|(_, value)| matches!(value, crate::reading::Value::Duration(_)));
        if reserves && let Some(block) = self.known.catalogue.by_name("GoogleCalendarCreateEventBlock") {
            return self.operate(act, block);
        }
        if let Some(block) = self.maker(act) {
            return self.operate(act, block);
        }
        let only_asked = self.draft.data.iter().all(|datum| datum.receipt || self.draft.is_asked(datum.flow.step));
        let looks = matches!(act.lemma().as_str(), "research" | "look up" | "look into" | "google" | "investigate" | "search" | "search for");
        let first = objects.first().is_some_and(|phrase| !self.is_product(act, phrase));
        if looks && !there && product && first && objects.len() + act.frame.arguments.len() > 1 {
            // "Research the competitors, then a strategy": looked up first, then written.
            self.search(act);
            return self.think(act);
        }
        if looks && !there && !product || self.is(act, Class::Search) && !product && only_asked && !matches!(act.lemma().as_str(), "find" | "find out" | "work out") || self.is(act, Class::Search) && !there && !product && !self.draft.has_data() {
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

    /// A text that is to be made, not one that is there.
    pub(super) fn is_product(&self, act: &Act<'_>, phrase: &Phrase) -> bool {
        if phrase.pronoun || matches!(phrase.determiner, Determiner::Mine | Determiner::Each) {
            return false;
        }
        let names = names(phrase);
        names.iter().any(|name| self.known.is_product(name))
            || self.known.composes(&act.lemma()) && names.iter().any(|name| self.known.is_writable(name))
    }

    /// "Bake a cake": no software does that.
    fn out_of_reach(&mut self, act: &Act<'r>) -> bool {
        let nouns: Vec<String> = act.frame.objects.iter().chain(act.places()).flat_map(names).collect();
        let writes = self.known.composes(act.plain_lemma()) || self.is(act, Class::Fetch) || self.is(act, Class::Tell) && act.plain_lemma() != "send";
        let digital = !act.services().is_empty() || nouns.iter().any(|noun| self.known.is_product(noun));
        let verb_only = self.known.is_unreachable(act.plain_lemma(), &[]);
        if digital || !self.known.is_unreachable(act.plain_lemma(), &nouns) || writes && !verb_only {
            return false;
        }
        self.unserved.push(Unserved { text: act.text().to_owned(), what: None, kind: Part::Reach, span: act.clause.span.clone() });
        self.cover.add(&act.clause.span);
        true
    }

    /// "add 5 and 7", "multiply two numbers"
    fn calculates(&mut self, act: &Act<'r>) -> bool {
        let operation = match act.plain_lemma() {
            "add" => "Add",
            "subtract" => "Subtract",
            "multiply" => "Multiply",
            "divide" => "Divide",
            _ => return false,
        };
        let numbers: Vec<(usize, f64)> = act
            .values()
            .filter_map(|(at, value)| match value {
                crate::reading::Value::Number(number) => Some((at, *number)),
                _ => None,
            })
            .collect();
        let two = act.phrases().filter(|phrase| phrase.head == "number" || phrase.head == "numbers").count() > 0;
        let Some(block) = self.known.catalogue.by_name("CalculatorBlock").filter(|_| numbers.len() == 2 || two) else { return false };
        use super::model::Binding;
        let mut given = vec![("operation".to_owned(), Binding::Value(serde_json::json!(operation)))];
        for (name, place) in [("a", 0), ("b", 1)] {
            let value = numbers.get(place).filter(|_| numbers.len() == 2).map(|(_, number)| Binding::Value(serde_json::json!(number)));
            let label = if place == 0 { "First number" } else { "Second number" };
            let binding = value.unwrap_or_else(|| self.draft.ask(label, "", super::draft::AskKind::Number, None).binding());
            given.push((name.to_owned(), binding));
        }
        let rounds = act.clause.span.clone().chain(self.next_acts(act).flat_map(|next| next.clause.span.clone())).any(|at| {
            matches!(self.reading.tokens.get(at).map(|token| &token.kind), Some(crate::reading::TokenKind::Word(word)) if word == "round" || word == "rounded")
        });
        if rounds {
            given.push(("round_result".to_owned(), Binding::Value(serde_json::json!(true))));
        }
        let step = self.apply(block, Fill { given, says: act.instruction(), ..Fill::default() });
        self.draft.gives(step, &["result".to_owned()], None);
        self.cover.add(&act.clause.span);
        self.done += 1;
        true
    }

    /// Which service only the person knows: "create an issue".
    fn asks_service(&mut self, act: &Act<'r>) -> bool {
        let nouns: Vec<String> = act.frame.objects.iter().chain(act.places()).flat_map(names).collect();
        let Some(choice) = self.known.choice(&nouns) else { return false };
        let mut said = super::build::services_of(self.reading);
        said.extend(self.answered_services());
        if !(self.is(act, Class::Make) || self.is(act, Class::Store)) || said.iter().any(|service| choice.services.contains(service)) {
            return false;
        }
        let names = choice.services.join(", ");
        let noun = nouns.first().cloned().unwrap_or_default();
        self.question(
            &format!("Where should it go: {names}? (\"{}\")", super::say::shortened(act.text(), 90)),
            &noun,
            choice.services.first().map_or("", String::as_str),
        );
        self.cover_frame(act);
        self.done += 1;
        true
    }

    /// "answer success": nothing goes back to whoever calls the webhook.
    fn answers_caller(&mut self, act: &Act<'r>) -> bool {
        let replies = matches!(act.plain_lemma(), "answer" | "return" | "respond" | "reply");
        let called = self.draft.steps.iter().any(|step| {
            self.known.catalogue.by_name("GenericWebhookTriggerBlock").is_some_and(|block| block.id == step.block)
        });
        let people = act.phrases().any(|phrase| self.known.is_person(&phrase.head) && !phrase.pronoun);
        if !replies || !called || people {
            return false;
        }
        self.unserved.push(Unserved {
            text: act.text().to_owned(),
            what: Some("an answer to the caller".to_owned()),
            kind: Part::Reply,
            span: act.clause.span.clone(),
        });
        self.cover.add(&act.clause.span);
        true
    }

    /// "…, say 'deployed'": the words of the message before.
    fn quotes(&mut self, act: &Act<'r>) -> bool {
        if !matches!(act.lemma().as_str(), "say" | "read" | "state") || self.delivered == 0 {
            return false;
        }
        let Some((at, text)) = act.values().find_map(|(at, value)| match value {
            crate::reading::Value::Quoted(text) => Some((at, text.clone())),
            _ => None,
        }) else {
            return false;
        };
        let Some(last) = self.draft.data.iter().rfind(|datum| datum.receipt).map(|datum| datum.flow.step) else { return false };
        let Some(input) = self.draft.block(last).and_then(|block| self.known.content_input(block)) else { return false };
        use super::model::Binding;
        let before = self.draft.steps.get(last).and_then(|step| step.binding(input)).cloned();
        let binding = match before {
            Some(Binding::From { step, output }) if step < last => {
                let gate = self.draft.flow(step, &output);
                let flow = self.draft.after(&gate, &text);
                // The text has to stand before the step that sends it.
                self.draft.swap_last(last);
                Binding::From { step: last, output: flow.output }
            }
            _ => Binding::Value(serde_json::json!(text)),
        };
        let moved = matches!(binding, Binding::From { .. });
        if let Some(step) = self.draft.steps.get_mut(last + usize::from(moved)) {
            step.bind(input, binding);
        }
        self.cover.add(&(at..at + 1));
        self.cover.add(&act.clause.span);
        true
    }

    /// "POST the text 'deployed' to https://…"
    fn posts_to_address(&mut self, act: &Act<'r>) -> bool {
        use super::model::Binding;
        let url = act.places().iter().flat_map(|phrase| phrase.values.clone()).find_map(|at| match &self.reading.tokens.get(at)?.kind {
            crate::reading::TokenKind::Value(crate::reading::Value::Url(url)) => Some(url.clone()),
            _ => None,
        });
        let (Some(url), true) = (url, matches!(act.plain_lemma(), "post" | "send" | "put" | "push" | "submit" | "patch")) else { return false };
        let Some(block) = self.known.catalogue.by_name("SendWebRequestBlock") else { return false };
        let quoted = act.values().find_map(|(_, value)| match value {
            crate::reading::Value::Quoted(text) => Some(text.clone()),
            _ => None,
        });
        let mut given = vec![("url".to_owned(), Binding::Value(serde_json::json!(url))), ("method".to_owned(), Binding::Value(serde_json::json!("POST")))];
        match quoted {
            Some(text) => given.push(("body".to_owned(), Binding::Value(serde_json::json!({"text": text})))),
            None => {
                let content = self.pending().last().copied().and_then(|datum| self.take(datum));
                if let Some(flow) = content {
                    let body = self.draft.fit(&flow, crate::catalogue::schema::Types::OBJECT);
                    given.push(("body".to_owned(), body.binding()));
                }
            }
        }
        let step = self.apply(block, Fill { given, says: act.instruction(), ..Fill::default() });
        if let Some(datum) = self.draft.gives(step, &["response".to_owned()], None)
            && let Some(datum) = self.draft.data.get_mut(datum)
        {
            datum.receipt = true;
        }
        self.cover.add(&act.clause.span);
        self.done += 1;
        self.delivered += 1;
        true
    }

    /// "ask five people for a photo": nobody collects what they send back.
    fn asks_people(&mut self, act: &Act<'r>) -> bool {
        let people = act.frame.objects.iter().chain(&act.frame.recipients).any(|phrase| {
            self.known.is_person(&phrase.head) && (phrase.plural || matches!(phrase.determiner, Determiner::Count(_))) && !phrase.pronoun
        });
        if !(act.plain_lemma() == "ask" && people && act.arguments(&["for", "about", "whether"]).next().is_some()) {
            return false;
        }
        self.unserved.push(Unserved {
            text: act.text().to_owned(),
            what: Some("the answers of people that are asked".to_owned()),
            kind: Part::Source,
            span: act.clause.span.clone(),
        });
        self.cover.add(&act.clause.span);
        true
    }

    /// "find the account of the customer": kept in a system that nobody named.
    fn asks_where(&mut self, act: &Act<'r>) -> bool {
        let alone = self.reading.schedule.is_some() || self.polls || self.triggered();
        let fetches = self.is(act, Class::Fetch) || self.is(act, Class::Search);
        let record = act.frame.objects.iter().find(|phrase| {
            names(phrase).iter().any(|name| self.known.is_record(name))
                && self.refer(phrase).is_none()
                && phrase.services.is_empty()
                && phrase.values.is_empty()
                && self.source_of(act, phrase, &act.services()).is_none_or(|source| !source.named)
        });
        let (true, true, Some(record)) = (alone, fetches, record) else { return false };
        let what = self.text(&core(record)).to_owned();
        self.question(
            &format!("Where are these kept, and how can they be read: {what}? A table, a sheet, a CRM or an address?"),
            &record.head.clone(),
            "In the Airtable table Orders",
        );
        self.cover.add(&act.clause.span);
        self.done += 1;
        true
    }

    /// "Run a Python script"
    fn runs_code(&mut self, act: &Act<'r>) -> bool {
        let code = act.frame.objects.iter().any(|phrase| names(phrase).iter().any(|name| matches!(name.as_str(), "script" | "code" | "program" | "snippet")));
        let Some(block) = self.known.catalogue.by_name("ExecuteCodeBlock").filter(|_| code && matches!(act.plain_lemma(), "run" | "execute")) else {
            return false;
        };
        let flow = self.draft.ask("Code", "The program to run", super::draft::AskKind::Long, None);
        let fill = Fill { act: Some(*act), says: act.instruction(), given: vec![("code".to_owned(), flow.binding())], ..Fill::default() };
        let step = self.apply(block, fill);
        let nouns = ["output", "result", "script"].map(str::to_owned);
        self.draft.gives(step, &nouns, None);
        self.cover.add(&act.clause.span);
        self.done += 1;
        true
    }

    /// "draft replies", to the mails that were read.
    fn draft_reply(&self, act: &Act<'_>) -> Option<&'k Block> {
        let replies = act.frame.objects.iter().any(|phrase| matches!(phrase.head.as_str(), "reply" | "response" | "answer" | "draft" | "reply draft" | "draft reply"));
        let drafts = act.plain_lemma() == "draft" || act.frame.objects.iter().any(|phrase| phrase.head.contains("draft") || phrase.modifiers.iter().any(|word| word == "draft"));
        let mails = self.draft.data.iter().any(|datum| !datum.receipt && !datum.made && datum.service.as_deref() == Some("Gmail"));
        (replies && drafts && mails).then(|| self.known.catalogue.by_name("GmailDraftReplyBlock")).flatten()
    }

    /// "Use Zapier": said to whoever builds it.
    fn builder_tool(&mut self, act: &Act<'r>) -> bool {
        let tool = act.services().into_iter().find(|service| self.known.is_kind(service, crate::reading::Kind::Builder));
        let Some(tool) = tool.map(str::to_owned) else { return false };
        let message = format!("this agent runs on its own, without {tool}");
        self.leave(&tool, super::model::Reason::NotSupported, &message);
        if matches!(act.plain_lemma(), "use" | "do" | "set" | "build" | "make" | "create" | "connect") && act.frame.objects.len() <= 1 {
            self.cover.add(&act.clause.span);
            return true;
        }
        for phrase in act.phrases().filter(|phrase| phrase.services.contains(&tool)) {
            self.cover.add(&core(phrase));
        }
        false
    }

    /// "plot it as a chart": a model writes the code, a sandbox runs it.
    fn codes(&mut self, act: &Act<'r>) -> bool {
        let charts = act.phrases().any(|phrase| matches!(phrase.head.as_str(), "graph" | "chart" | "plot" | "diagram" | "histogram"));
        if !(act.plain_lemma() == "plot" || charts && self.is(act, Class::Think)) {
            return false;
        }
        let Some(block) = self.known.catalogue.by_name("ExecuteCodeBlock") else { return false };
        let data = self.pending();
        let words = format!("Write Python code that does this, and nothing but the code: {}", act.instruction());
        let step = self.ask_model(act, &words, &[], &data, None);
        let code = self.draft.flow(step, "response");
        let says = act.instruction();
        let fill = Fill { act: Some(*act), says, given: vec![("code".to_owned(), code.binding())], ..Fill::default() };
        let step = self.apply(block, fill);
        let nouns: Vec<String> = act.frame.objects.iter().flat_map(names).collect();
        if let Some(datum) = self.draft.gives(step, &nouns, None)
            && let Some(datum) = self.draft.data.get_mut(datum)
        {
            datum.made = true;
        }
        self.cover.add(&act.clause.span);
        self.done += 1;
        true
    }

    fn is_answering(&self, act: &Act<'_>) -> bool {
        matches!(act.plain_lemma(), "answer" | "reply" | "respond") && act.frame.objects.iter().any(|phrase| phrase.head == "question")
    }

    /// "ideas for reels": a part of what the act before asks for, or an act of its own.
    fn verbless(&mut self, act: &Act<'r>) {
        // "… a topic, or some links"
        if self.listing_inputs {
            let asked: Vec<Phrase> = act.frame.objects.iter().filter(|phrase| !phrase.head.is_empty() && !phrase.pronoun).cloned().collect();
            if !asked.is_empty() && act.services().is_empty() {
                for phrase in &asked {
                    self.ask_for(phrase);
                }
                return self.cover.add(&act.clause.span);
            }
        }
        if self.starts_chain(act) {
            let new = act.frame.objects.iter().any(|phrase| phrase.modifiers.iter().any(|word| word == "new"));
            let given: Vec<Phrase> = act
                .frame
                .objects
                .iter()
                .filter(|phrase| !new && phrase.services.is_empty() && names(phrase).iter().any(|name| self.known.is_askable(name)))
                .cloned()
                .collect();
            if given.is_empty() {
                return self.trigger(act.index);
            }
            for phrase in &given {
                self.ask_for(phrase);
            }
            self.done += 1;
            self.listing_inputs = true;
            return self.cover.add(&act.clause.span);
        }
        let channel = self.channel(act);
        if let Some(Channel::Foreign(name)) = &channel {
            return self.unknown_service(act, &name.clone(), Part::Delivery);
        }
        if let Some(Channel::Block(block, phrase)) = channel {
            for source in &act.frame.objects {
                if !self.is_product(act, source) && self.fetchable(act, source) && self.refer(source).is_none() {
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
        let guarded = act.clause.under.is_some_and(|guard| {
            self.reading.clauses.get(guard).is_some_and(|clause| matches!(clause.role, crate::reading::Role::Condition | crate::reading::Role::Otherwise(_)))
        });
        if guarded && act.frame.objects.iter().any(|phrase| self.known.is_person(&phrase.head) || self.known.is_carrier(&phrase.head)) {
            return self.tell(act, None, None);
        }
        let carried = act.frame.objects.iter().any(|phrase| {
            self.known.is_carrier(&phrase.head) && !phrase.plural && !matches!(phrase.determiner, Determiner::Mine | Determiner::The)
        });
        let mail = act.frame.objects.iter().any(|phrase| phrase.head == "email" && phrase.determiner == Determiner::Some);
        if carried && (self.thinker.is_none() || mail && self.delivered == 0) {
            return self.tell(act, None, None);
        }
        let product = act.frame.objects.iter().any(|phrase| self.is_product(act, phrase));
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

    /// "New subscription -> welcome mail": the first part of a chain is what starts it.
    fn starts_chain(&self, act: &Act<'_>) -> bool {
        let first = self.done == 0 && !self.triggered();
        let new = act.frame.objects.iter().any(|phrase| phrase.modifiers.iter().any(|word| matches!(word.as_str(), "new" | "incoming")));
        let arrow = self.reading.tokens.get(act.clause.span.clone()).unwrap_or_default().iter().any(|token| {
            token.kind == crate::reading::TokenKind::Mark(crate::reading::Mark::Arrow)
        });
        let event = act.frame.objects.iter().any(|phrase| !self.is_product(act, phrase) && !self.known.is_person(&phrase.head));
        first && event && (arrow || new) && act.frame.arguments.iter().all(|argument| argument.preposition != "to")
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
        let many = act.frame.objects.iter().any(|phrase| phrase.plural);
        let origins: Vec<&str> = act
            .arguments(&["from", "of", "out of", "across", "off"])
            .flat_map(|argument| argument.phrase.services.iter().map(String::as_str))
            .collect();
        for service in act.services() {
            for class in [Class::Change, Class::Make, Class::Store, Class::Fetch] {
                // What is read from a service is not written to it.
                if !self.is(act, class) || (class != Class::Fetch && origins.contains(&service)) {
                    continue;
                }
                let mut every = nouns.clone();
                every.extend(default_objects(service, class));
                let want = Want { lemma: &lemma, class, nouns: &every, service: Some(service), many };
                if let Some(block) = best(self.known, &want).filter(|block| !block.trigger) {
                    return Some(block);
                }
            }
        }
        // "Add the label", "assign it": to what came from the service.
        if self.is(act, Class::Change) && !self.is(act, Class::Fetch) {
            let service = self.draft.data.iter().rev().filter(|datum| !datum.receipt).find_map(|datum| datum.service.clone())?;
            let want = Want { lemma: &lemma, class: Class::Change, nouns: &nouns, service: Some(&service), many: false };
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
        let builder = |service: &str| self.known.is_kind(service, crate::reading::Kind::Builder);
        act.services()
            .into_iter()
            .find(|service| !known(service) && !self.known.is_passive(service) && !builder(service))
            .map(str::to_owned)
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
            let want = Want { lemma: &lemma, class, nouns: &nouns, service: None, many: false };
            super::choose::choose(self.known, &want)
                .into_iter()
                .find(|(block, score)| *score >= 4.2 && !block.trigger && !self.known.is_plain(block))
                .map(|(block, _)| block)
        })
    }

    /// Where such things go when nobody says where.
    fn usual_place(&self, class: Class, nouns: &[String], places: &[String]) -> Option<&'k Block> {
        let by = |name: &str| self.known.catalogue.by_name(name);
        let has = |words: &[&str]| nouns.iter().chain(places).any(|noun| words.contains(&noun.as_str()));
        let into = |words: &[&str]| places.iter().any(|noun| words.contains(&noun.as_str()));
        match class {
            Class::Make | Class::Store if into(&["calendar"]) || has(&["event", "calendar event", "appointment", "meeting"]) => {
                by("GoogleCalendarCreateEventBlock")
            }
            Class::Make | Class::Store if has(&["to-do", "todo", "to-do list", "todo list", "task list", "task"]) => by("TodoistCreateTaskBlock"),
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
        best(self.known, &Want { lemma: &lemma, class: Class::Change, nouns: &every, service: Some(service), many: false })
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
            let Some(source) = self.source_of(act, phrase, &around) else {
                if let Some(service) = self.unreadable(act, phrase) {
                    return self.unknown_service(act, &service, Part::Source);
                }
                continue;
            };
            if read.contains(&source.block.id.as_str()) {
                self.cover.add(&core(phrase));
                continue;
            }
            read.push(source.block.id.as_str());
            let datum = self.read_with(source.block, act, phrase);
            self.watched(act, source.block, datum);
        }
        if read.is_empty() {
            return self.search(act);
        }
        // "from my calendar find the most important thing": what is found is none of what was read.
        let found = act.frame.objects.iter().any(|phrase| {
            !phrase.pronoun && !phrase.head.is_empty() && self.source_of(act, phrase, &services).is_none() && phrase.services.is_empty()
        });
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

    /// "Watch the page": looks again and again, and goes on with what is new.
    fn watched(&mut self, act: &Act<'r>, block: &Block, datum: usize) {
        let watches = matches!(act.lemma().as_str(), "watch" | "watch for" | "monitor" | "track" | "observe" | "keep an eye on" | "follow");
        if !watches || block.trigger || self.triggered() {
            return;
        }
        if self.reading.schedule.is_none() {
            self.polls = true;
        }
        let knows = self.known.of(block);
        let windowed = knows.is_some_and(|knows| knows.window.is_some() || knows.search.is_some());
        let delivers = self.next_acts(act).any(|next| self.is(&next, Class::Tell));
        if !windowed && delivers && block.name != "SearchTheWebBlock" {
            let text = self.draft.data.get(datum).is_some_and(|datum| !datum.flow.is_list());
            self.only_new(act.index, datum, text);
        }
    }

    /// "find out …", "research X": on the web.
    pub(super) fn search(&mut self, act: &Act<'r>) {
        let Some(block) = self.known.catalogue.by_name("SearchTheWebBlock") else { return self.think(act) };
        let object = act.frame.objects.first().or_else(|| act.frame.arguments.first().map(|argument| &argument.phrase));
        // "research it": what the person gave.
        let given = object.filter(|phrase| phrase.pronoun || self.known.is_generic(&phrase.head)).and_then(|phrase| self.refer(phrase));
        if let Some(flow) = given.and_then(|datum| self.take(datum)) {
            let text = self.draft.fit(&flow, crate::catalogue::schema::Types::STRING);
            let fill = Fill { says: act.instruction(), given: vec![("query".to_owned(), text.binding())], ..Fill::default() };
            let step = self.apply(block, fill);
            self.draft.gives(step, &["research".to_owned()], None);
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
        if matches!(act.plain_lemma(), "watch" | "monitor" | "track" | "follow") && self.reading.schedule.is_none() && !self.triggered() {
            self.polls = true;
        }
    }

    // ----- operations

    /// A step of `block`, with a text written for it first if the act asks for one.
    pub(super) fn operate(&mut self, act: &Act<'r>, block: &'k Block) {
        if self.known.serves(block, Class::Fetch) && !self.known.serves(block, Class::Store) {
            let phrase = act.frame.objects.first().or_else(|| act.frame.arguments.first().map(|argument| &argument.phrase));
            if let Some(phrase) = phrase {
                let datum = self.read_with(block, act, phrase);
                self.watched(act, block, datum);
                for other in act.frame.objects.iter().skip(1) {
                    if self.fetchable(act, other) {
                        self.fetch(act, other, &[]);
                    }
                }
                self.cover_frame(act);
                return;
            }
        }
        let each = act.phrases().any(|phrase| phrase.determiner == Determiner::Each || phrase.head.starts_with("each"))
            || block.required_inputs().any(|name| super::fill::id_key(name).is_some());
        // "give it a label and an assignee": each by its own block.
        if act.frame.objects.len() > 1 && self.is(act, Class::Change) {
            let service = self.known.meaning(block).service.clone();
            let lemma = act.lemma();
            let others: Vec<&'k Block> = act.frame.objects.iter().filter_map(|phrase| {
                let nouns = names(phrase);
                let want = Want { lemma: &lemma, class: Class::Change, nouns: &nouns, service: service.as_deref(), many: false };
                best(self.known, &want).filter(|other| nouns.iter().any(|noun| self.known.concerns(other, noun)))
            }).filter(|other| other.id != block.id && !other.trigger && !self.known.serves(other, Class::Fetch)).collect();
            for other in others {
                self.operate_with(act, other, each);
            }
        }
        self.operate_with(act, block, each);
    }

    fn operate_with(&mut self, act: &Act<'r>, block: &'k Block, each: bool) {
        let (content, item) = self.content_for(act, block, each);
        let mut given = Vec::new();
        let titled = content.and_then(|datum| self.titled(datum));
        let content_flow = match &titled {
            Some((title, body)) => {
                if let Some(name) = self.known.title_input(block) {
                    given.push((name.to_owned(), title.binding()));
                }
                Some(body.clone())
            }
            None => content.and_then(|datum| self.take(datum)),
        };
        let title = self.subject(act, content);
        let fill = Fill {
            given,
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
