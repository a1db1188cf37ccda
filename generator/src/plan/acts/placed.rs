//! Puts what was taken out or written for a part of a record into the input of that part: a title, a priority, a column.

use serde_json::json;

use crate::{
    catalogue::{Block, NESTED, schema::Types},
    knowledge::Class,
    plan::{
        clauses::act::Act,
        model::Binding,
        steps::{
            build::Builder,
            draft::{Datum, Flow},
        },
    },
    reading::{Determiner, Phrase, Span},
};

/// What an entry is called.
const TITLES: [&str; 4] = ["title", "subject", "name", "headline"];

/// Inputs, by name, and what they get.
type Parts = Vec<(String, Binding)>;

impl<'k, 'r> Builder<'k, 'r> {
    /// "with a short title and the priority": each value goes into the input that is called so; the others become the text.
    pub(in crate::plan) fn placed(&mut self, block: &'k Block, content: usize) -> Option<(Parts, Option<Flow>)> {
        self.known.content_input(block)?;
        // "Take the title, the company and the salary": more than a title and a text.
        let values = |datum: &&Datum| {
            let has = |field: &str| datum.flow.fields.iter().any(|known| known == field);
            let parts = datum.made && has("title") && !has("text") && datum.flow.fields.len() > 1;
            (datum.nouns.first().is_some_and(|noun| noun == "values") || parts) && !datum.flow.is_list()
        };
        let datum = self.draft.data.get(content).filter(values)?.clone();
        let find = self.known.catalogue.by_name("FindInDictionaryBlock")?;
        let properties = &block.input_schema().properties;
        let named = properties.get("description").and(self.known.content_input(block));
        let title = self.known.title_input(block).or(named).map(str::to_owned);
        let mut given: Parts = Vec::new();
        let mut rest = Vec::new();
        for field in &datum.flow.fields {
            let last = field.rsplit('_').next().unwrap_or(field);
            let same = || properties.iter().map(|(name, _)| name).find(|name| *name == field || *name == last);
            let input = title.clone().filter(|_| TITLES.contains(&last)).or_else(|| same().map(str::to_owned));
            let Some(input) = input.filter(|input| !given.iter().any(|(known, _)| known == input)) else {
                rest.push(field.clone());
                continue;
            };
            let types = block.input_type(&input).unwrap_or(Types::ANY);
            if types.is_within(Types::INTEGER) {
                let about = properties.get(&input).map(|schema| schema.description.clone()).unwrap_or_default();
                self.remark(datum.flow.step, &format!("{field} is a whole number ({about})."));
            }
            let says = format!("Take the {} out of it", field.replace('_', " "));
            let step = self.step_of(find, &says, &[("key", json!(field))], &[("input", datum.flow.clone())]);
            let part = self.draft.flow(step, "output");
            given.push((input, self.draft.fit(&part, types).binding()));
        }
        if given.is_empty() {
            return None;
        }
        let lines: Vec<String> = rest.iter().map(|field| format!("{{{{{}.{field}}}}}", datum.flow.name)).collect();
        let text = (!lines.is_empty()).then(|| {
            self.draft.fill_in(std::slice::from_ref(&datum.flow), &lines.join("\n"), "Put the rest into one text")
        });
        Some((given, text))
    }

    /// The title of the entry that is written on, if it has one: "Events" would stand over every page.
    pub(in crate::plan) fn entry_title(
        &mut self,
        act: &Act<'r>,
        block: &'k Block,
        content: Option<usize>,
    ) -> Option<(String, Binding)> {
        let input = self.known.title_input(block)?.to_owned();
        if self.name_given(act).is_some() || self.known.serves(block, Class::Fetch) {
            return None;
        }
        let titled = |datum: &Datum| {
            let title = TITLES.iter().find(|title| datum.flow.fields.iter().any(|field| field == *title))?;
            (datum.single && !datum.made && !datum.receipt && !datum.flow.is_list()).then_some(*title)
        };
        let made = |at: usize| self.draft.data.get(at).is_some_and(|datum| datum.made);
        // A headline that was taken out of a page has no other part.
        let drawn = |datum: &&Datum| {
            let one = self.draft.block(datum.flow.step).is_some_and(|block| block.name == "StepThroughItemsBlock");
            one && datum.made && datum.single && !datum.flow.is_list()
        };
        let drawn = content.and_then(|at| self.draft.data.get(at)).filter(drawn);
        let only =
            drawn.and_then(|datum| if let [only] = datum.flow.fields.as_slice() { Some(only.clone()) } else { None });
        let own = content.filter(|_| only.is_some());
        let at = content.map(|at| if made(at) { self.origin(at).unwrap_or(at) } else { at });
        let at = own.or(at)?;
        let key = only.or_else(|| self.draft.data.get(at).and_then(titled).map(str::to_owned))?;
        let flow = self.take(at)?;
        let find = self.known.catalogue.by_name("FindInDictionaryBlock")?;
        let says = format!("Take the {key} of the entry");
        let step = self.step_of(find, &says, &[("key", json!(key))], &[("input", flow)]);
        let part = self.draft.flow(step, "output");
        let types = block.input_type(&input).unwrap_or(Types::ANY);
        Some((input, self.draft.fit(&part, types).binding()))
    }

    /// "store all three", "save both": everything that was written, as one record of named parts.
    pub(in crate::plan) fn all_written(&mut self, act: &Act<'r>, block: &'k Block) -> Option<usize> {
        let written = |at: &usize| self.draft.data.get(*at).is_some_and(|datum| datum.made && !datum.flow.is_list());
        let texts: Vec<usize> = self.pending().into_iter().filter(|at| written(at) && !self.is_media(*at)).collect();
        let last = self.built.last().map(|(_, steps)| steps.clone()).unwrap_or_default();
        let together = |at: &usize| self.draft.data.get(*at).is_some_and(|datum| last.contains(&datum.flow.step));
        let them = |phrase: &Phrase| phrase.pronoun && matches!(phrase.head.as_str(), "them" | "these" | "those");
        let all = act.frame.objects.iter().any(is_everything)
            || act.frame.objects.iter().any(them) && texts.iter().all(together);
        let rows = block.required_inputs().any(|name| matches!(name, "row" | "records" | "rows"));
        if !all || texts.len() < 2 || !rows || !self.known.serves(block, Class::Store) {
            return None;
        }
        let record = self.record_of(&texts, "Put what was written together")?;
        let spans: Vec<Span> = act.frame.objects.iter().map(|phrase| phrase.span.clone()).collect();
        spans.iter().for_each(|span| self.cover.add(span));
        Some(record)
    }

    /// "save both as a draft": the text, and the picture that was made for it.
    pub(in crate::plan) fn text_with_picture(&mut self, act: &Act<'r>, block: &'k Block) -> Option<usize> {
        self.known.content_input(block).filter(|_| act.frame.objects.iter().any(is_everything))?;
        let made = |at: &usize| {
            self.draft.data.get(*at).is_some_and(|datum| datum.made && !datum.receipt && !datum.flow.is_list())
        };
        let picture = self.pending().into_iter().rfind(|at| made(at) && self.is_media(*at))?;
        let text = (0..picture).rev().find(|at| made(at) && !self.is_media(*at))?;
        let nouns = self.draft.data.get(text)?.nouns.clone();
        let flows = [self.take(text)?, self.take(picture)?];
        let format = flows.iter().map(|flow| format!("{{{{{}}}}}", flow.name)).collect::<Vec<_>>().join("\n\n");
        let flow = self.draft.fill_in(&flows, &format, "Put the text and the picture together");
        let both = self.draft.given(flow, nouns);
        self.draft.data.get_mut(both)?.made = true;
        Some(both)
    }

    /// What was given or made, as one record.
    pub(in crate::plan) fn record_of(&mut self, data: &[usize], says: &str) -> Option<usize> {
        let dictionary = self.known.catalogue.by_name("CreateDictionaryBlock")?;
        let flows: Vec<Flow> = data.iter().filter_map(|at| self.take(*at)).collect();
        let parts: Vec<(String, Flow)> =
            flows.iter().map(|flow| (format!("values{NESTED}{}", flow.name), flow.clone())).collect();
        let linked: Vec<(&str, Flow)> = parts.iter().map(|(name, flow)| (name.as_str(), flow.clone())).collect();
        let made = self.step_of(dictionary, says, &[("values", json!({}))], &linked);
        let datum = self.draft.gives(made, &["record".to_owned()], None)?;
        let record = self.draft.data.get_mut(datum)?;
        record.flow.fields = flows.into_iter().map(|flow| flow.name).collect();
        record.flow.types = Types::OBJECT;
        Some(datum)
    }

    /// "tasks from my mails with a short title": the title is that of the task, and narrows no mail.
    pub(in crate::plan) fn widen(&mut self, act: &Act<'r>, block: &'k Block, item: usize) {
        let input = |phrase: &Phrase| {
            let last = phrase.head.rsplit(' ').next().unwrap_or_default();
            TITLES.contains(&last)
                || self.known.is_product(&phrase.head)
                || block.input_schema().properties.get(&phrase.head.replace(' ', "_")).is_some()
        };
        let with = act.arguments(&["with"]).map(|argument| &argument.phrase).filter(|phrase| input(phrase));
        let spans: Vec<Span> = with.map(|phrase| phrase.span.clone()).collect();
        let inside = |span: &Span| spans.iter().any(|part| part.start <= span.end && span.start <= part.end);
        if let Some(datum) = self.draft.data.get_mut(item).filter(|_| !spans.is_empty()) {
            datum.open.retain(|span| !inside(span));
        }
    }
}

/// "all three", "all of it", "both": whatever was made.
pub(in crate::plan) fn is_everything(phrase: &Phrase) -> bool {
    let all = phrase.determiner == Determiner::All && (phrase.head.is_empty() || phrase.head == "it");
    all || matches!(phrase.head.as_str(), "both" | "all" | "everything")
}
