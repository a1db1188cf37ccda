//! Acts that the words themselves decide: sums, code, quotes, questions to people, what no software does.

use super::{
    act::{Act, core, names},
    build::{Builder, Part, Unserved},
    fill::Fill,
};
use crate::{knowledge::Class, reading::Determiner};

impl<'k, 'r> Builder<'k, 'r> {
    /// "Bake a cake": no software does that.
    pub(super) fn out_of_reach(&mut self, act: &Act<'r>) -> bool {
        let nouns: Vec<String> = act.frame.objects.iter().chain(act.places()).flat_map(names).collect();
        let writes = self.known.composes(act.plain_lemma())
            || self.is(act, Class::Fetch)
            || self.is(act, Class::Tell) && act.plain_lemma() != "send";
        let place: Vec<String> = act.arguments(&["at", "on"]).flat_map(|argument| names(&argument.phrase)).collect();
        let there = self.known.is_unreachable("", &place)
            && !self.known.composes(act.plain_lemma())
            && !self.is(act, Class::Fetch);
        let digital = !act.services().is_empty() || nouns.iter().any(|noun| self.known.is_product(noun));
        let verb_only = self.known.is_unreachable(act.plain_lemma(), &[]);
        if !there && (digital || !self.known.is_unreachable(act.plain_lemma(), &nouns) || writes && !verb_only) {
            return false;
        }
        self.unserved.push(Unserved {
            text: act.text().to_owned(),
            what: None,
            kind: Part::Reach,
            span: act.clause.span.clone(),
        });
        self.cover.add(&act.clause.span);
        true
    }

    /// "to #general": a channel of which service?
    pub(super) fn asks_chat(&mut self, act: &Act<'r>) -> bool {
        let channel = act.values().find_map(|(_, value)| match value {
            crate::reading::Value::Channel(name) => Some(name.clone()),
            _ => None,
        });
        let (Some(name), None) = (channel, self.chat_service()) else { return false };
        if self.answered_services().iter().any(|service| self.known.channel(service).is_some()) {
            return false;
        }
        self.question(&format!("Is {name} a channel of Slack or of Discord?"), "channel", "Slack");
        self.cover_frame(act);
        self.done += 1;
        true
    }

    /// "Transcribe a podcast": speech becomes text only if something is said to do it.
    pub(super) fn hears(&mut self, act: &Act<'r>) -> bool {
        let there = act.phrases().any(|phrase| self.refer(phrase).is_some() || self.fetchable(act, phrase));
        if act.plain_lemma() != "transcribe" || there {
            return false;
        }
        let text = act.text().to_owned();
        let what = Some("the speech in audio, apart from YouTube videos".to_owned());
        self.unserved.push(Unserved { text, what, kind: Part::Source, span: act.clause.span.clone() });
        self.cover.add(&act.clause.span);
        true
    }

    /// "add 5 and 7", "multiply two numbers"
    pub(super) fn calculates(&mut self, act: &Act<'r>) -> bool {
        let words = act.clause.span.clone().filter_map(|at| self.reading.tokens.get(at)?.word());
        let Some(operation) = self
            .known
            .operation(act.plain_lemma())
            .or_else(|| words.into_iter().find_map(|word| self.known.operation(word)))
        else {
            return false;
        };
        use super::{draft::AskKind, model::Binding};
        let numbers: Vec<(usize, f64)> = act
            .values()
            .filter_map(|(at, value)| match value {
                crate::reading::Value::Number(number) => Some((at, *number)),
                _ => None,
            })
            .collect();
        let two = act.phrases().any(|phrase| matches!(phrase.head.as_str(), "number" | "numbers"));
        // "the total by 4": what is not there yet, the person gives.
        let named = act.phrases().find(|phrase| {
            phrase.values.is_empty() && !phrase.pronoun && !phrase.head.is_empty() && self.refer(phrase).is_none()
        });
        let named = named.filter(|_| numbers.len() == 1 && self.known.operation(act.plain_lemma()).is_some());
        let known = self.known.catalogue.by_name("CalculatorBlock");
        let Some(block) = known.filter(|_| numbers.len() == 2 || two || named.is_some()) else { return false };
        let mut operands: Vec<(usize, Binding)> = Vec::new();
        if numbers.len() == 2 || named.is_some() {
            for (at, number) in &numbers {
                let number = format!("{number}").parse::<serde_json::Number>();
                operands.extend(number.ok().map(|number| (*at, Binding::Value(number.into()))));
            }
            if let Some(phrase) = named {
                let label = self.name_of(phrase);
                operands.push((phrase.span.start, self.draft.ask(&label, "", AskKind::Number, None).binding()));
            }
        } else {
            for (at, label) in ["First number", "Second number"].into_iter().enumerate() {
                operands.push((at, self.draft.ask(label, "", AskKind::Number, None).binding()));
            }
        }
        operands.sort_by_key(|(at, _)| *at);
        // "Subtract 3 from 10".
        if operation == "Subtract" && act.arguments(&["from"]).next().is_some() {
            operands.reverse();
        }
        let mut given = vec![("operation".to_owned(), Binding::Value(serde_json::json!(operation)))];
        given.extend(["a", "b"].into_iter().zip(operands).map(|(name, (_, operand))| (name.to_owned(), operand)));
        let says = |span: &crate::reading::Span| {
            span.clone().any(|at| {
                matches!(self.reading.tokens.get(at).and_then(crate::reading::Token::word), Some("round" | "rounded"))
            })
        };
        let next = self.next_acts(act).find(|next| next.plain_lemma() == "round").map(|next| next.index);
        let rounds = says(&act.clause.span) || next.is_some();
        if let Some(next) = next {
            self.pass_over(next);
        }
        if rounds {
            given.push(("round_result".to_owned(), Binding::Value(serde_json::json!(true))));
        }
        let step = self.apply(block, Fill { given, says: act.instruction(), ..Fill::default() });
        self.draft.gives(step, &["result".to_owned()], None);
        self.cover.add(&act.clause.span);
        self.done += 1;
        true
    }

    /// "answer success": nothing goes back to whoever calls the webhook.
    pub(super) fn answers_caller(&mut self, act: &Act<'r>) -> bool {
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
    pub(super) fn quotes(&mut self, act: &Act<'r>) -> bool {
        if !matches!(act.lemma().as_str(), "say" | "read" | "state") || self.delivered == 0 {
            return false;
        }
        let Some((at, text)) = act.values().find_map(|(at, value)| match value {
            crate::reading::Value::Quoted(text) => Some((at, text.clone())),
            _ => None,
        }) else {
            return false;
        };
        let Some(last) = self.draft.data.iter().rfind(|datum| datum.receipt).map(|datum| datum.flow.step) else {
            return false;
        };
        let Some(input) = self.draft.block(last).and_then(|block| self.known.content_input(block)) else {
            return false;
        };
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
    pub(super) fn posts_to_address(&mut self, act: &Act<'r>) -> bool {
        use super::model::Binding;
        let url = act.places().iter().flat_map(|phrase| phrase.values.clone()).find_map(|at| {
            match &self.reading.tokens.get(at)?.kind {
                crate::reading::TokenKind::Value(crate::reading::Value::Url(url)) => Some(url.clone()),
                _ => None,
            }
        });
        let (Some(url), true) =
            (url, matches!(act.plain_lemma(), "post" | "send" | "put" | "push" | "submit" | "patch"))
        else {
            return false;
        };
        let Some(block) = self.known.catalogue.by_name("SendWebRequestBlock") else { return false };
        let quoted = act.values().find_map(|(_, value)| match value {
            crate::reading::Value::Quoted(text) => Some(text.clone()),
            _ => None,
        });
        let mut given = vec![
            ("url".to_owned(), Binding::Value(serde_json::json!(url))),
            ("method".to_owned(), Binding::Value(serde_json::json!("POST"))),
        ];
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
    pub(super) fn asks_people(&mut self, act: &Act<'r>) -> bool {
        let people = act.frame.objects.iter().chain(&act.frame.recipients).any(|phrase| {
            self.known.is_person(&phrase.head)
                && (phrase.plural || matches!(phrase.determiner, Determiner::Count(_)))
                && !phrase.pronoun
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
    pub(super) fn asks_where(&mut self, act: &Act<'r>) -> bool {
        let alone = self.reading.schedule.is_some() || self.polls || self.triggered();
        let fetches = self.is(act, Class::Fetch) || self.is(act, Class::Search);
        let record = act.frame.objects.iter().find(|phrase| {
            names(phrase).iter().any(|name| self.known.is_record(name))
                && self.refer(phrase).is_none()
                && phrase.services.is_empty()
                && phrase.values.is_empty()
                && self.source_of(act, phrase, &act.services()).is_none_or(|source| !source.named)
        });
        let unsaid = act.services().is_empty() && self.context.is_none();
        let (true, true, true, Some(record)) = (alone, fetches, unsaid, record) else { return false };
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

    /// Which service only the person knows: "create an issue".
    pub(super) fn asks_service(&mut self, act: &Act<'r>) -> bool {
        let nouns: Vec<String> = act.frame.objects.iter().chain(act.places()).flat_map(names).collect();
        let Some(choice) = self.known.choice(&nouns) else { return false };
        let mut said = super::build::services_of(self.reading);
        said.extend(self.answered_services());
        if !(self.is(act, Class::Make) || self.is(act, Class::Store))
            || said.iter().any(|service| choice.services.contains(service))
        {
            return false;
        }
        let names = super::say::either(&choice.services);
        let noun = nouns.iter().find(|noun| choice.is_between(noun)).cloned().unwrap_or_default();
        self.question(
            &format!("Which service should this go to, {names}: {}?", super::say::said(act.text())),
            &noun,
            choice.services.first().map_or("", String::as_str),
        );
        self.cover_frame(act);
        self.done += 1;
        true
    }

    /// "Run a Python script"
    pub(super) fn runs_code(&mut self, act: &Act<'r>) -> bool {
        let code = act.frame.objects.iter().any(|phrase| {
            names(phrase).iter().any(|name| matches!(name.as_str(), "script" | "code" | "program" | "snippet"))
        });
        let Some(block) = self
            .known
            .catalogue
            .by_name("ExecuteCodeBlock")
            .filter(|_| code && matches!(act.plain_lemma(), "run" | "execute"))
        else {
            return false;
        };
        let flow = self.draft.ask("Code", "The program to run", super::draft::AskKind::Long, None);
        let fill = Fill {
            act: Some(*act),
            says: act.instruction(),
            given: vec![("code".to_owned(), flow.binding())],
            ..Fill::default()
        };
        let step = self.apply(block, fill);
        let nouns = ["output", "result", "script"].map(str::to_owned);
        self.draft.gives(step, &nouns, None);
        self.cover.add(&act.clause.span);
        self.done += 1;
        true
    }

    /// "Use Zapier": said to whoever builds it.
    pub(super) fn builder_tool(&mut self, act: &Act<'r>) -> bool {
        let tool =
            act.services().into_iter().find(|service| self.known.is_kind(service, crate::reading::Kind::Builder));
        let Some(tool) = tool.map(str::to_owned) else { return false };
        let message = format!("this agent runs on its own, without {tool}");
        self.leave(&tool, super::model::Reason::NotSupported, &message);
        if matches!(act.plain_lemma(), "use" | "do" | "set" | "build" | "make" | "create" | "connect")
            && act.frame.objects.len() <= 1
        {
            self.cover.add(&act.clause.span);
            return true;
        }
        for phrase in act.phrases().filter(|phrase| phrase.services.contains(&tool)) {
            self.cover.add(&core(phrase));
        }
        false
    }

    /// "plot it as a chart": a model writes the code, a sandbox runs it.
    pub(super) fn codes(&mut self, act: &Act<'r>) -> bool {
        let charts = act
            .phrases()
            .any(|phrase| matches!(phrase.head.as_str(), "graph" | "chart" | "plot" | "diagram" | "histogram"));
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
}
