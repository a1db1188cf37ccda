//! Parts of data that a message has: single fields, and what is there at all.

use serde_json::json;

use crate::{
    catalogue::{Block, schema::Types},
    knowledge::Class,
    plan::{
        clauses::act::{Act, core, names},
        steps::{
            build::Builder,
            draft::{self, Datum, Flow, NOWHERE},
        },
        wording::english,
    },
    reading::{Determiner, Phrase, Span},
};

impl<'k, 'r> Builder<'k, 'r> {
    /// "the title, the summary and the link": each from the step that has it, as one text.
    pub(in crate::plan) fn parts_of(&mut self, act: &Act<'r>) -> Option<usize> {
        let phrases: Vec<&Phrase> = act
            .frame
            .objects
            .iter()
            .chain(act.arguments(&["with", "including", "containing"]).map(|argument| &argument.phrase))
            .filter(|phrase| !(self.known.is_carrier(&phrase.head) && phrase.determiner == Determiner::Some))
            .collect();
        if phrases.len() < 2 {
            return None;
        }
        let wanted = self.each_part(&phrases)?;
        if wanted.iter().all(|(_, field)| field.is_none()) {
            return None;
        }
        let mut flows: Vec<Flow> = Vec::new();
        let mut lines = Vec::new();
        let mut single = false;
        for (at, field) in wanted {
            let flow = self.take(at)?;
            single |= self.draft.data.get(at).is_some_and(|datum| datum.single);
            if !flows.iter().any(|known| known.step == flow.step && known.output == flow.output) {
                let mut flow = flow.clone();
                if flows.iter().any(|known| known.name == flow.name) {
                    flow.name = format!("{}_{}", flow.name, flows.len() + 1);
                }
                flows.push(flow);
            }
            let name = flows
                .iter()
                .find(|known| known.step == flow.step && known.output == flow.output)
                .map(|flow| flow.name.clone())?;
            lines.push(field.map_or_else(|| format!("{{{{{name}}}}}"), |field| format!("{{{{{name}.{field}}}}}")));
        }
        let text = self.draft.fill_in(&flows, &lines.join("\n"), "Put together what is told");
        let nouns: Vec<String> = phrases.iter().flat_map(|phrase| names(phrase)).collect();
        let scope = self.scope;
        let datum = self.draft.given(text, nouns);
        if let Some(datum) = self.draft.data.get_mut(datum) {
            datum.single = single;
            datum.under = scope;
            datum.made = true;
        }
        Some(datum)
    }

    /// Where each of several phrases lies: a text that was made, or a part of an entry that was read.
    fn each_part(&self, phrases: &[&Phrase]) -> Option<Vec<(usize, Option<String>)>> {
        let one = |phrase: &&Phrase| {
            let head = match phrase.head.as_str() {
                "sender" => "from".to_owned(),
                "url" => "link".to_owned(),
                head => draft::slug(head),
            };
            let field = |at: &usize| {
                let datum = self.draft.data.get(*at)?;
                let name = datum
                    .flow
                    .fields
                    .iter()
                    .find(|field| **field == head || field.contains(&head) && head.len() > 3)?;
                (!datum.receipt && !datum.flow.is_list()).then(|| (*at, Some(name.clone())))
            };
            let whole = || {
                self.refer(phrase)
                    .filter(|at| self.draft.data.get(*at).is_some_and(|datum| !datum.flow.is_list()))
                    .map(|at| (at, None))
            };
            let made = self.refer(phrase).filter(|at| self.draft.data.get(*at).is_some_and(|datum| datum.made));
            match made {
                Some(at) if self.draft.data.get(at).is_some_and(|datum| datum.flow.fields.is_empty()) => {
                    Some((at, None))
                }
                _ => (0..self.draft.data.len()).rev().find_map(|at| field(&at)).or_else(whole),
            }
        };
        phrases.iter().map(one).collect()
    }

    /// "save the title, the link and the summary": parts of the entry and what was made of it, side by side, as a record or
    /// as the text of a page.
    pub(in crate::plan) fn side_by_side(&mut self, act: &Act<'r>, block: &'k Block) -> Option<usize> {
        let phrases: Vec<&Phrase> = act.frame.objects.iter().collect();
        let plain = |phrase: &&Phrase| {
            let part = matches!(phrase.determiner, Determiner::The | Determiner::None | Determiner::Theirs);
            part && !phrase.pronoun && phrase.services.is_empty() && phrase.values.is_empty() && phrase.tail.is_none()
        };
        let stores = self.known.serves(block, Class::Store) && self.is(act, Class::Store);
        if phrases.len() < 2 || !stores || !phrases.iter().all(plain) {
            return None;
        }
        let wanted = self.each_part(&phrases)?;
        let read = wanted.iter().any(|(_, field)| field.is_some());
        let made = wanted.iter().any(|(at, field)| {
            field.is_none() && self.draft.data.get(*at).is_some_and(|datum| datum.made && datum.flow.is_text())
        });
        if !read || !made {
            return None;
        }
        let rows = block.required_inputs().any(|name| matches!(name, "row" | "records" | "rows"));
        let record = match rows {
            true => self.record_of_parts(&phrases, wanted)?,
            false => self.known.content_input(block).and_then(|_| self.parts_of(act))?,
        };
        let spans: Vec<Span> = phrases.iter().map(|phrase| core(phrase)).collect();
        spans.iter().for_each(|span| self.cover.add(span));
        Some(record)
    }

    fn record_of_parts(&mut self, phrases: &[&Phrase], wanted: Vec<(usize, Option<String>)>) -> Option<usize> {
        let find = self.known.catalogue.by_name("FindInDictionaryBlock")?;
        let mut parts = Vec::new();
        for (phrase, (at, field)) in phrases.iter().zip(wanted) {
            let mut flow = self.take(at)?;
            if let Some(key) = field {
                let says = format!("Take the {} of the entry", key.replace('_', " "));
                let step = self.step_of(find, &says, &[("key", json!(key))], &[("input", flow)]);
                flow = self.draft.flow(step, "output");
            }
            flow.name = draft::slug(&phrase.head);
            let datum = self.draft.data.get(at)?.clone();
            parts.push(self.draft.data.len());
            self.draft.data.push(Datum { flow, each: None, used: true, ..datum });
        }
        let single = parts.iter().any(|at| self.draft.data.get(*at).is_some_and(|datum| datum.single));
        let record = self.record_of(&parts, "Put the parts side by side")?;
        let scope = self.scope;
        if let Some(datum) = self.draft.data.get_mut(record) {
            (datum.single, datum.under) = (single, scope);
        }
        Some(record)
    }

    /// "my events and my open tasks": what stands beside the first thing is read as well, and they are told together.
    pub(in crate::plan) fn with_others(&mut self, act: &Act<'r>, first: &Phrase, datum: usize) -> usize {
        let mut all = vec![datum];
        let with = act.arguments(&["with", "including", "containing"]).map(|argument| &argument.phrase);
        let others = act.frame.objects.iter().chain(with).filter(|phrase| phrase.span.start > first.span.start);
        let others: Vec<&Phrase> = others.filter(|phrase| self.has_own_source(act, phrase)).collect();
        for phrase in others {
            let there = self.refer(phrase).filter(|at| all.contains(at));
            let way = phrase.services.iter().any(|service| self.known.channel(service).is_some());
            if !way
                && there.is_none()
                && let Some(other) = self.fetch(act, phrase, &[])
            {
                all.push(other);
            }
        }
        if all.len() < 2 {
            return datum;
        }
        let flows: Vec<Flow> = all.iter().filter_map(|at| self.take(*at)).collect();
        let text = self.draft.render(&flows);
        let nouns = act.frame.objects.iter().flat_map(names).collect();
        let mut open = Vec::new();
        for at in all {
            open.extend(self.draft.data.get_mut(at).map(|datum| std::mem::take(&mut datum.open)).unwrap_or_default());
        }
        let scope = self.scope;
        let together = self.draft.given(text, nouns);
        if let Some(datum) = self.draft.data.get_mut(together) {
            (datum.under, datum.open) = (scope, open);
        }
        together
    }

    /// "with today's meetings **and the weather**": read by a block of its own, and no part of what is there.
    pub(in crate::plan) fn has_own_source(&self, act: &Act<'_>, phrase: &Phrase) -> bool {
        const VAGUE: [&str; 5] = [
            "ExtractWebsiteContentBlock",
            "SearchTheWebBlock",
            "ExaSearchBlock",
            "FileReadBlock",
            "GoogleMapsSearchBlock",
        ];
        if phrase.pronoun || !phrase.services.is_empty() {
            return !phrase.pronoun;
        }
        let definite =
            matches!(phrase.determiner, Determiner::The | Determiner::Mine | Determiner::Each) || phrase.plural;
        definite
            && self.source_of(act, phrase, &[]).is_some_and(|source| {
                let name = source.block.name.as_str();
                !source.block.trigger && !VAGUE.contains(&name) && !name.starts_with("GetCurrent")
            })
    }

    /// "title and link": only these parts of each entry.
    pub(in crate::plan) fn fields(&self, act: &Act<'_>) -> Vec<String> {
        let parts = act
            .frame
            .objects
            .iter()
            .chain(act.arguments(&["with", "including", "containing"]).map(|argument| &argument.phrase));
        parts.map(|phrase| phrase.head.clone()).collect()
    }

    pub(in crate::plan) fn narrow_fields(&mut self, datum: usize, wanted: &[String]) {
        if let Some(datum) = self.draft.data.get_mut(datum) {
            let kept: Vec<String> = datum
                .flow
                .fields
                .iter()
                .filter(|field| {
                    wanted.iter().any(|noun| *noun == field.replace('_', " ") || field.contains(noun.as_str()))
                })
                .cloned()
                .collect();
            if kept.len() > 1 {
                datum.flow.fields = kept;
            }
        }
    }

    /// The text of a message about `datum`. What narrows it and no step has minded is minded now.
    pub(in crate::plan) fn body(&mut self, act: &Act<'r>, datum: usize) -> Option<Flow> {
        self.narrow_by_topic(act, datum);
        // One entry is meant or it is not.
        let single = self.draft.data.get(datum).is_some_and(|datum| datum.single && !datum.made);
        let datum = if single { self.only_fitting(datum) } else { datum };
        let open = self.draft.data.get(datum).is_some_and(|datum| !datum.open.is_empty());
        let manners = self.manners(act);
        if open || !manners.is_empty() {
            let words = if open {
                format!("Keep only what is asked for here, and leave out the rest: {}", act.instruction())
            } else {
                format!("Write the message for this: {}", act.instruction())
            };
            let step = self.ask_model(act, &words, &manners, &[datum], None);
            let nouns: Vec<String> = self.draft.data.get(datum).map(|datum| datum.nouns.clone()).unwrap_or_default();
            self.made(step, nouns, None, &[datum]);
            return self.take(self.draft.data.len() - 1);
        }
        self.take(datum)
    }

    /// "Send me the posts about Rust": of those that were read.
    fn narrow_by_topic(&mut self, act: &Act<'r>, index: usize) {
        let read = |datum: &&Datum| !datum.made && !datum.receipt && !self.draft.is_asked(datum.flow.step);
        if self.draft.data.get(index).filter(read).is_none() {
            return;
        }
        let things: Vec<&Phrase> = act.frame.objects.iter().filter(|phrase| !phrase.pronoun && phrase.plural).collect();
        let topics = act.arguments(&["about", "mentioning", "containing", "regarding"]).map(|topic| &topic.phrase);
        let topics: Vec<&Phrase> = topics.filter(|topic| !topic.pronoun && !self.cover.has(topic.span.start)).collect();
        let next = |topic: &&Phrase| things.iter().any(|thing| thing.span.end + 1 == topic.span.start);
        if let Some(topic) = topics.into_iter().find(next) {
            let span = topic.span.start - 1..topic.span.end;
            self.cover.add(&span);
            self.narrow_to(index, span);
        }
    }

    /// One entry, and only if it is what narrows it down: a step that changes it minds nothing itself.
    pub(in crate::plan) fn only_fitting(&mut self, index: usize) -> usize {
        let Some(datum) = self.draft.data.get(index).cloned().filter(|datum| !datum.open.is_empty()) else {
            return index;
        };
        let Some(block) = self.known.catalogue.by_name("AIConditionBlock") else { return index };
        for other in &mut self.draft.data {
            other.open.retain(|span| !datum.open.contains(span));
        }
        let said: Vec<&str> = datum.open.iter().map(|span| self.text(span)).collect();
        let noun = datum.nouns.first().map_or("entry", String::as_str);
        let fits = format!("the {noun} fits this: {}", said.join(", "));
        let Some(flow) = self.take(index) else { return index };
        let text = self.draft.fit(&flow, Types::STRING);
        let flows = [("input_value", text), ("yes_value", flow.clone()), ("no_value", flow.clone())];
        let step = self.step_of(block, &format!("Check if {fits}"), &[("condition", json!(fits))], &flows);
        let way = |output: &str, used, under| Datum {
            flow: Flow { output: output.to_owned(), step, ..flow.clone() },
            each: None,
            used,
            under,
            open: Vec::new(),
            ..datum.clone()
        };
        self.others = Some(self.draft.data.len());
        self.draft.data.push(way("no_output", true, Some(NOWHERE)));
        self.draft.data.push(way("yes_output", false, datum.under));
        self.draft.data.len() - 1
    }

    /// "forward the others": what a check before did not let through, from here on. `false` if nothing tells them apart.
    pub(in crate::plan) fn takes_others(&mut self, act: &Act<'r>) -> bool {
        let others = |phrase: &Phrase| {
            matches!(phrase.head.as_str(), "other" | "others" | "rest" | "remaining") && phrase.values.is_empty()
        };
        if !act.phrases().any(|phrase| phrase.determiner == Determiner::The && others(phrase)) {
            return true;
        }
        let (Some(index), scope) = (self.others, self.scope) else { return self.gate().is_some() };
        let Some(datum) = self.draft.data.get(index).cloned() else { return false };
        self.draft.data.push(Datum { used: false, under: scope, ..datum });
        true
    }

    /// "No new articles, no mail": goes on only if there is something.
    pub(in crate::plan) fn if_any(&mut self, index: usize, span: &std::ops::Range<usize>) -> usize {
        let by = |name: &str| self.known.catalogue.by_name(name);
        let Some(datum) = self.draft.data.get(index).cloned() else { return index };
        let Some(flow) = self.take(index) else { return index };
        let says = format!("Go on only if there is something: {}", self.text(span));
        // Whether there are any is seen in what was read, not in what was written about it.
        let read = if datum.made { self.origin(index) } else { Some(index) };
        let list = read.and_then(|read| self.draft.data.get(read)).map(|read| read.flow.clone()).filter(Flow::is_list);
        if let (Some(list), Some(block)) = (list, by("ConditionBlock")) {
            let flows = [("value1", list), ("yes_value", flow.clone()), ("no_value", flow.clone())];
            let step = self.step_of(block, &says, &[("operator", json!("!=")), ("value2", json!([]))], &flows);
            let out = Flow { output: "yes_output".to_owned(), step, ..flow };
            self.draft.data.push(Datum { flow: out, each: None, used: false, ..datum });
            return self.draft.data.len() - 1;
        }
        let Some(block) = by("AIConditionBlock") else { return index };
        let text = self.draft.fit(&flow, Types::STRING);
        let noun = english::plural(datum.nouns.first().map_or("entry", String::as_str));
        let step = self.step_of(
            block,
            &says,
            &[("condition", json!(format!("there are {noun} in it; it is not empty")))],
            &[("input_value", text)],
        );
        let mut out = self.draft.flow(step, "yes_output");
        (out.name, out.types) = (flow.name.clone(), Types::STRING);
        self.draft.data.push(Datum { flow: out, each: None, used: false, ..datum });
        self.draft.data.len() - 1
    }
}
