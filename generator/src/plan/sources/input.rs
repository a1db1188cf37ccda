//! The inputs that have a rule of their own, by their role, by their name, by the words of the goal.

use serde_json::json;

use super::window::is_ranked;
use crate::{
    catalogue::{
        Block,
        schema::{Schema, Types},
    },
    knowledge::{Slot, capitalised},
    plan::{
        model::Binding,
        steps::{
            build::Builder,
            draft::{AskKind, Datum, Flow},
            fill::{Fill, id_key, input_label},
        },
    },
    reading::{Determiner, Phrase, TokenKind, Value},
};

/// Between cells: nothing that a text has.
const CELL: &str = "|||";

impl<'k, 'r> Builder<'k, 'r> {
    /// The id or address of the entry that is worked on: of the mail, the issue, the record.
    pub(in crate::plan) fn id_of(&mut self, block: &Block, name: &str) -> Option<Flow> {
        // What the entry lies in is not the entry.
        if name.starts_with("parent_") {
            return None;
        }
        let service = self.known.meaning(block).service.as_deref()?;
        // An earlier step of the service gave the very identifier: "webset_id".
        let other_case = |step: usize| {
            let mut data = self.draft.data.iter();
            data.any(|datum| datum.flow.step == step && datum.receipt && !self.is_there(datum))
        };
        let gave = (0..self.draft.steps.len()).rev().find(|step| {
            name.to_lowercase().ends_with("id")
                && !other_case(*step)
                && self.draft.block(*step).is_some_and(|block| {
                    self.known.meaning(block).service.as_deref() == Some(service)
                        && block.output_schema().properties.get(name).is_some()
                })
        });
        // "Reply to these and forward the others": the mail itself, not the reply to another one.
        let entry = id_key(name) == Some("id")
            && self.draft.data.iter().any(|datum| {
                let own = datum.service.as_deref() == Some(service) && datum.single;
                own && !datum.receipt && !datum.made && self.is_there(datum)
            });
        if let Some(step) = gave.filter(|_| !entry) {
            return Some(self.draft.flow(step, name));
        }
        let noun = name.strip_suffix("_id").map(|noun| noun.replace('_', " "));
        let key = id_key(name).or_else(|| self.named(&noun?).map(|_| "id"))?;
        // What was read by its address is worked on by its address.
        let read = self
            .draft
            .steps
            .iter()
            .rev()
            .find_map(|step| {
                let other = ["pr_url", "issue_url"].iter().filter(|_| key == "url").find_map(|name| step.binding(name));
                step.binding(name).or(other)
            })
            .cloned();
        if let Some(Binding::From { step, output }) = read.filter(|_| !entry) {
            return Some(self.draft.flow(step, &output));
        }
        let last = |datum: &Datum| {
            !datum.receipt
                && !datum.made
                && !datum.flow.types.is_within(Types::STRING)
                && self.is_there(datum)
                && datum.service.as_deref() == Some(service)
        };
        let last = self.draft.data.iter().rposition(last);
        let index = self.target.take().or(last)?;
        let index = self.single(index);
        let flow = self.draft.data.get(index)?.flow.clone();
        let Some(find) = self.known.catalogue.by_name("FindInDictionaryBlock") else {
            let format = format!("{{{{{}.{key}}}}}", flow.name);
            return Some(self.draft.fill_in(&[flow], &format, "Take its id"));
        };
        // GitHub's own entries hold their address for people apart.
        let key = if key == "url" && flow.fields.iter().any(|field| field == "html_url") { "html_url" } else { key };
        let says = format!("Take the {} of the entry", key.replace('_', " "));
        let known = self.draft.steps.iter().position(|step| {
            step.block == find.id
                && step.binding("key") == Some(&Binding::Value(json!(key)))
                && step.binding("input") == Some(&flow.binding())
        });
        let step = known.unwrap_or_else(|| self.step_of(find, &says, &[("key", json!(key))], &[("input", flow)]));
        Some(self.draft.flow(step, "output"))
    }

    /// "look the person up": by the address or the name in the form or the row that is worked on.
    pub(in crate::plan) fn part_of_entry(&mut self, name: &str) -> Option<Flow> {
        if !self.known.is_part(name) {
            return None;
        }
        let entry = self.draft.data.iter().rposition(|datum| {
            let record = !datum.flow.types.is_within(Types::STRING) && !datum.flow.is_list();
            datum.single && record && !datum.made && !datum.receipt && self.is_there(datum)
        })?;
        let datum = self.draft.data.get(entry)?;
        let own = (name == "email").then(|| datum.address.clone()).flatten();
        if own.is_none() && !datum.flow.fields.is_empty() && !datum.flow.fields.iter().any(|field| field == name) {
            return None;
        }
        let flow = datum.flow.clone();
        let key = own.unwrap_or_else(|| name.to_owned());
        let find = self.known.catalogue.by_name("FindInDictionaryBlock")?;
        let says = format!("Take the {} of the entry", key.replace('_', " "));
        let step = self.step_of(find, &says, &[("key", json!(key))], &[("input", flow)]);
        Some(self.draft.flow(step, "output"))
    }

    /// "to": an address in the goal, the mail address of the entry, or the person's.
    pub(in crate::plan) fn recipient(&mut self, fill: &Fill<'r>, _types: Types) -> Option<Binding> {
        let from = self.senders();
        let mail =
            fill.act.iter().flat_map(|act| act.values().collect::<Vec<_>>()).find_map(|(at, value)| match value {
                Value::Email(mail) if !from.contains(&mail) => Some((at, mail.clone())),
                _ => None,
            });
        let (at, mail) = mail?;
        self.cover.add(&(at..at + 1));
        Some(Binding::Value(json!(mail)))
    }

    pub(in crate::plan) fn limit(&mut self, fill: &Fill<'r>) -> Option<Binding> {
        if let Some(Determiner::Count(count)) =
            fill.phrase.filter(|phrase| phrase.plural && !is_ranked(phrase)).map(|phrase| phrase.determiner)
        {
            return Some(Binding::Value(json!(count)));
        }
        // "search Apollo for 5 CTOs"
        let act = fill.act?;
        let place = fill.phrase.filter(|phrase| phrase.head.is_empty() && !phrase.services.is_empty());
        let sought = act.arguments(&["for"]).map(|argument| &argument.phrase).find(|phrase| phrase.plural);
        if let Some(Determiner::Count(count)) = sought.filter(|_| place.is_some()).map(|phrase| phrase.determiner) {
            let number = sought.map(|phrase| phrase.span.start..phrase.span.start + 1);
            number.iter().for_each(|number| self.cover.close(number));
            return Some(Binding::Value(json!(count)));
        }
        // "at most 40 pages"
        let bound = |at: &usize| {
            let before = at.checked_sub(1).and_then(|at| self.reading.tokens.get(at)?.word());
            before.is_some_and(|word| matches!(word, "most" | "max" | "maximum" | "limit"))
        };
        let most = |(at, value): (usize, &Value)| match value {
            Value::Number(count) if bound(&at) => format!("{count}").parse::<u32>().ok().map(|count| (at, count)),
            _ => None,
        };
        let (at, count) = act.values().find_map(most)?;
        self.cover.add(&(at - 1..at + 1));
        Some(Binding::Value(json!(count)))
    }

    /// Whether what goes in has parts of its own: a text is no record.
    pub(in crate::plan) fn has_parts(&self, block: &Block, fill: &Fill<'r>) -> bool {
        let written = fill.item.and_then(|item| self.draft.data.get(item)).is_some_and(|datum| datum.made);
        if written && fill.content.is_some() && self.known.content_input(block).is_some() {
            return false;
        }
        let entry =
            fill.item.and_then(|item| self.draft.data.get(item)).map(|datum| &datum.flow).or(fill.content.as_ref());
        entry.is_some_and(|flow| {
            !flow.types.is_within(Types::STRING) && !flow.is_list() && flow.types.flows_into(Types::OBJECT)
        })
    }

    pub(in crate::plan) fn structured(&mut self, name: &str, fill: &Fill<'r>, types: Types) -> Option<Binding> {
        let item = fill.item.and_then(|item| self.draft.data.get(item));
        // One of the rows that were read.
        let row = item.is_some_and(|item| item.single && !item.made && !item.flow.types.is_within(Types::STRING));
        let flow = match item {
            Some(datum) => datum.flow.clone(),
            None => fill.content.clone()?,
        };
        let flow = self.with_judgement(fill).unwrap_or(flow);
        // A text is no set of properties.
        let text = flow.fields.is_empty() && (flow.types.is_any() || flow.types.is_within(Types::STRING));
        if text && !row && types.is_within(Types::OBJECT) {
            return None;
        }
        if name == "row"
            && !flow.is_list()
            && !flow.fields.is_empty()
            && let Some(cells) = self.cells(&flow)
        {
            return Some(cells.binding());
        }
        Some(self.draft.fit(&flow, types).binding())
    }

    /// "Classify each response and save it": the response and its class, not the class alone.
    fn with_judgement(&mut self, fill: &Fill<'r>) -> Option<Flow> {
        let made = fill.item?;
        let (_, origin) = self.judged.iter().find(|(judged, _)| *judged == made)?;
        let (origin, made) = (self.draft.data.get(*origin)?.flow.clone(), self.draft.data.get(made)?.flow.clone());
        let it = |phrase: &Phrase| {
            phrase.pronoun || phrase.determiner == Determiner::Each || self.known.is_generic(&phrase.head)
        };
        let add = self.known.catalogue.by_name("AddToDictionaryBlock")?;
        let whole = fill.act?.frame.objects.iter().all(it);
        if !whole || made.fields.is_empty() || origin.is_text() || origin.is_list() {
            return None;
        }
        let mut fields = origin.fields.clone();
        fields.extend(made.fields.iter().filter(|_| !origin.fields.is_empty()).cloned());
        let says = format!("Put the {} to it", made.fields.join(" and the ").replace('_', " "));
        let name = origin.name.clone();
        let step = self.step_of(add, &says, &[], &[("dictionary", origin), ("entries", made)]);
        Some(Flow { fields, name, types: Types::OBJECT, ..self.draft.flow(step, "updated_dictionary") })
    }

    /// The parts of an entry as the cells of a row, one for each.
    fn cells(&mut self, flow: &Flow) -> Option<Flow> {
        let split = self.known.catalogue.by_name("TextSplitBlock")?;
        let parts: Vec<String> = flow.fields.iter().map(|field| format!("{{{{{}.{field}}}}}", flow.name)).collect();
        let line =
            self.draft.fill_in(std::slice::from_ref(flow), &parts.join(CELL), "Put the parts of the {} side by side");
        let says = format!("Make cells of them: {}", flow.fields.join(", "));
        let step = self.step_of(split, &says, &[("delimiter", json!(CELL))], &[("text", line)]);
        Some(self.draft.flow(step, "texts"))
    }

    pub(in crate::plan) fn title(&mut self, block: &Block, fill: &Fill<'r>, must: bool) -> Option<Binding> {
        // "a document called Minutes"
        let named = fill.act.and_then(|act| self.name_given(&act));
        if let Some(name) = named {
            return Some(Binding::Value(json!(name)));
        }
        if !must {
            return None;
        }
        if let Some(title) = &fill.title {
            return Some(Binding::Value(json!(title)));
        }
        let _ = block;
        None
    }

    pub(in crate::plan) fn by_name(
        &mut self,
        name: &str,
        schema: &Schema,
        fill: &Fill<'r>,
        types: Types,
    ) -> Option<Binding> {
        if !schema.choices.is_empty() {
            let act = fill.act?;
            let said = act.clause.span.clone().find_map(|at| match &self.reading.tokens.get(at)?.kind {
                TokenKind::Word(word) => {
                    let choice = schema
                        .choices
                        .iter()
                        .find(|choice| choice.as_str().is_some_and(|text| text.eq_ignore_ascii_case(word)))?;
                    Some((at, choice.clone()))
                }
                _ => None,
            });
            let (at, choice) = said?;
            self.cover.add(&(at..at + 1));
            return Some(Binding::Value(choice));
        }
        if types.is_within(Types::ARRAY) {
            return self.listed_behind(name, fill);
        }
        if !types.flows_into(Types::STRING) {
            return None;
        }
        self.by_words(name, fill)
    }

    /// Asks the person at run time, by a name that says what is wanted.
    pub(in crate::plan) fn ask_input(
        &mut self,
        block: &Block,
        name: &str,
        schema: &Schema,
        fill: &Fill<'r>,
    ) -> Binding {
        let types = schema.kind();
        // Where something goes is no entry of a list.
        let place = fill.content.is_some() && !self.known.is_part(name);
        if let Some(flow) = self.entry_given(fill, types).filter(|_| !place) {
            return self.draft.fit(&flow, types).binding();
        }
        let service = self.known.meaning(block).service.as_deref().unwrap_or_default();
        let label = input_label(service, name, fill.phrase);
        let kind = match () {
            () if matches!(name, "spreadsheet" | "document") => AskKind::Drive,
            () if name.contains("file") || schema.description.contains("file as URL") => AskKind::File,
            () if types.is_within(Types::INTEGER) || types.is_within(Types::NUMBER) => AskKind::Number,
            () if types.is_within(Types::ARRAY) || types.is_within(Types::OBJECT) => AskKind::List,
            () if self.known.slot(name) == Slot::Content => AskKind::Long,
            () => AskKind::Text,
        };
        let called = if kind == AskKind::Drive { self.by_words(name, fill) } else { None };
        let label = match called {
            Some(Binding::Value(serde_json::Value::String(called))) => format!("{label} {called}"),
            _ => self.draft.asked_like(&label, kind).unwrap_or(label),
        };
        let flow = self.draft.ask(&label, &capitalised(&schema.description), kind, None);
        self.draft.fit(&flow, types).binding()
    }
}
