//! What a message says: a datum, a fixed text, or a text that is written for it first.

use serde_json::json;

use super::{
    act::{Act, names},
    build::Builder,
    draft::Flow,
    know::capitalised,
};
use crate::{
    catalogue::schema::Types,
    reading::{Determiner, Phrase, TokenKind, Value},
};

impl<'k, 'r> Builder<'k, 'r> {
    /// What is told: the datum, or a fixed text.
    pub(super) fn told(&mut self, act: &Act<'r>, personal: bool) -> (Option<usize>, Option<String>) {
        let quoted = act.values().find_map(|(at, value)| match value {
            Value::Quoted(text) => Some((at, text.clone())),
            _ => None,
        });
        if let Some((at, text)) = quoted.filter(|(at, _)| !self.cover.has(*at)) {
            self.cover.add(&(at..at + 1));
            let gate = self.gate().or_else(|| self.latest());
            return (gate, Some(text));
        }
        // "the price before and the price now"
        let before = act.clause.span.clone().any(|at| {
            matches!(self.reading.tokens.get(at).map(|token| &token.kind), Some(TokenKind::Word(word)) if matches!(word.as_str(), "before" | "previous" | "old"))
        });
        if before
            && let Some(old) = self.draft.data.iter().rposition(|datum| datum.nouns.iter().any(|noun| noun == "before"))
        {
            let mut data: Vec<usize> = self.latest().into_iter().collect();
            data.push(old);
            data.sort_unstable();
            data.dedup();
            let words = format!("Write the message: {}", act.instruction());
            let step = self.ask_model(act, &words, &[], &data, None);
            self.made(step, vec!["message".to_owned()], None, &data);
            self.cover.add(&act.clause.span);
            return (self.latest(), None);
        }
        // "remind me that the rent is due"
        let of = act
            .arguments(&["to", "of", "about"])
            .next()
            .filter(|_| act.plain_lemma() == "remind" && !self.draft.has_data());
        let of =
            of.filter(|argument| argument.phrase.services.is_empty() && !self.known.is_person(&argument.phrase.head));
        let of = of.map(|argument| {
            argument.phrase.span.start.saturating_sub(usize::from(argument.preposition == "to"))
                ..argument.phrase.span.end
        });
        let told = act.frame.complement.clone().or(of).filter(|span| {
            let text = self.text(span);
            let said = act.plain_lemma() == "remind" || act.frame.objects.is_empty() && !self.draft.has_data();
            said && (text.starts_with("that ") || text.starts_with("to "))
        });
        if let Some(complement) = told {
            let text = self.text(&complement);
            let text = text.strip_prefix("that ").or_else(|| text.strip_prefix("to ")).unwrap_or(text);
            let text = capitalised(text);
            self.cover.add(&complement);
            let manners = self.manners(act);
            if !manners.is_empty() {
                let words = format!("Write a message that says: {text}");
                let step = self.ask_model(act, &words, &manners, &[], None);
                self.made(step, vec!["message".to_owned()], None, &[]);
                return (self.latest(), None);
            }
            return (self.gate(), Some(text));
        }
        // "answer the sender": the answer is written first.
        let writes = matches!(
            act.plain_lemma(),
            "answer" | "reply" | "respond" | "thank" | "welcome" | "confirm" | "congratulate" | "apologise" | "greet"
        );
        let ready = act.phrases().any(|phrase| self.refers_to_made(phrase))
            || self.latest().and_then(|at| self.draft.data.get(at)).is_some_and(|datum| datum.made);
        if writes && !ready && self.draft.has_data() {
            let data: Vec<usize> = self.latest().into_iter().collect();
            let words = format!("Write the message for this: {}", act.instruction());
            let manners = self.manners(act);
            let step = self.ask_model(act, &words, &manners, &data, None);
            self.made(step, vec!["reply".to_owned()], None, &data);
            return (Some(self.draft.data.len() - 1), None);
        }
        if let Some(datum) = self.parts_of(act) {
            return (Some(datum), None);
        }
        let mut phrases: Vec<&Phrase> = act.frame.objects.iter().collect();
        phrases.extend(
            act.arguments(&["with", "about", "of", "on", "containing", "including", "from", "for"])
                .map(|argument| &argument.phrase),
        );
        // "a poll question about AI": nobody has it yet.
        let about = act.arguments(&["about", "on"]).next().is_some();
        let invented = act.frame.objects.iter().any(|phrase| {
            let written = names(phrase).iter().any(|name| self.known.is_writable(name))
                || self.source_of(act, phrase, &[]).is_none() && !self.known.is_askable(&phrase.head);
            (about || !phrase.modifiers.is_empty())
                && phrase.determiner == Determiner::Some
                && written
                && !self.draft.has_data()
                && !self.carries(phrase)
                && !self.known.is_record(&phrase.head)
        });
        let written = invented
            || act.frame.objects.iter().any(|phrase| {
                self.is_product(act, phrase) && !self.carries(phrase) && !self.refers_to_made(phrase) && !phrase.pronoun
            });
        let shaped = act.frame.objects.iter().any(|phrase| {
            self.carries(phrase)
                && phrase.modifiers.iter().any(|word| {
                    !super::cover::is_empty(word)
                        && !matches!(
                            word.as_str(),
                            "simple" | "short" | "new" | "quick" | "slack" | "telegram" | "discord" | "email"
                        )
                })
        });
        let fields = self.fields(act);
        let described =
            act.frame.objects.iter().find_map(|phrase| phrase.tail.clone().filter(|_| self.carries(phrase)));
        if let Some(tail) = described {
            let text = self.text(&tail);
            // "a notification that I must hand in my timesheet"
            if let (Some(text), false, false) =
                (text.strip_prefix("that "), self.draft.has_data(), self.source_in(&tail).is_some())
            {
                self.cover.add(&tail);
                return (None, Some(capitalised(text)));
            }
            return (Some(self.write_first(act)), None);
        }
        if written || (shaped && self.draft.has_data()) {
            return (Some(self.write_first(act)), None);
        }
        for phrase in phrases {
            if let Some(datum) = self.part(phrase) {
                return (Some(datum), None);
            }
            if self.carries(phrase)
                || self.known.is_person(&phrase.head) && !phrase.pronoun
                || !phrase.services.is_empty() && phrase.head.is_empty()
            {
                continue;
            }
            if let Some(datum) = self.refer(phrase).filter(|_| !phrase.pronoun || !self.known.is_person(&phrase.head)) {
                self.narrow_fields(datum, &fields);
                // "the best ones": not all of them.
                let picky = self.known.is_generic(&phrase.head)
                    && phrase.modifiers.iter().any(|word| !super::cover::is_empty(word));
                if let Some(datum) =
                    self.draft.data.get_mut(datum).filter(|datum| picky && datum.flow.is_list() && !datum.single)
                {
                    datum.open.push(phrase.span.clone());
                }
                return (Some(datum), None);
            }
            let named = !phrase.services.is_empty() || !phrase.values.is_empty();
            let place = act.places().iter().any(|place| place.span == phrase.span);
            // "with links": a part of what is there, no page to read.
            let vague = self.draft.has_data()
                && self.source_of(act, phrase, &[]).is_some_and(|source| {
                    !source.named
                        && matches!(
                            source.block.name.as_str(),
                            "ExtractWebsiteContentBlock"
                                | "SearchTheWebBlock"
                                | "FileReadBlock"
                                | "GoogleMapsSearchBlock"
                        )
                });
            let reads = !vague && (!place || !self.draft.has_data());
            if reads
                && (named
                    || !self.draft.has_data()
                    || matches!(phrase.determiner, Determiner::Mine | Determiner::The | Determiner::None))
                && self.known.channel(phrase.services.first().map_or("", String::as_str)).is_none()
                && let Some(datum) = self.fetch(act, phrase, &[])
            {
                return (Some(datum), None);
            }
        }
        // "the three best with links": picked out of what is there.
        let picks = act.frame.objects.iter().any(|phrase| {
            !phrase.pronoun
                && !phrase.head.is_empty()
                && !self.known.is_person(&phrase.head)
                && !self.known.is_carrier(&phrase.head)
                && !self.known.is_generic(&phrase.head)
                && self.refer(phrase).is_none()
                && phrase.services.is_empty()
        }) || act.frame.objects.iter().any(|phrase| {
            matches!(phrase.determiner, Determiner::Count(_))
                && phrase.values.len() < 2
                && self.known.is_generic(&phrase.head)
                || matches!(phrase.head.as_str(), "best" | "top" | "rest")
        });
        if picks && self.draft.has_data() {
            return (Some(self.write_first(act)), None);
        }
        // Entries that something made: several texts go as one.
        let pending = self.pending();
        if pending.len() > 1 && !personal {
            let flows: Vec<Flow> = pending.iter().filter_map(|datum| self.take(*datum)).collect();
            let text = self.draft.render(&flows);
            let nouns = vec!["text".to_owned(), "message".to_owned()];
            let scope = self.scope;
            let datum = self.draft.given(text, nouns);
            if let Some(datum) = self.draft.data.get_mut(datum) {
                datum.under = scope;
            }
            return (Some(datum), None);
        }
        (pending.last().copied(), None)
    }

    /// "the title, the summary and the link": each from the step that has it, as one text.
    fn parts_of(&mut self, act: &Act<'r>) -> Option<usize> {
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
        let mut wanted: Vec<(usize, Option<String>)> = Vec::new();
        for phrase in &phrases {
            let head = super::draft::slug(&phrase.head);
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
            let found = match made {
                Some(at) if self.draft.data.get(at).is_some_and(|datum| datum.flow.fields.is_empty()) => {
                    Some((at, None))
                }
                _ => (0..self.draft.data.len()).rev().find_map(|at| field(&at)).or_else(whole),
            };
            wanted.push(found?);
        }
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

    pub(super) fn carries(&self, phrase: &Phrase) -> bool {
        self.known.is_carrier(&phrase.head) && !self.refers_to_made(phrase)
    }

    pub(super) fn refers_to_made(&self, phrase: &Phrase) -> bool {
        let called = |nouns: &[String]| names(phrase).first().is_some_and(|name| nouns.contains(name));
        self.refer(phrase)
            .and_then(|datum| self.draft.data.get(datum))
            .is_some_and(|datum| datum.made || called(&datum.nouns))
            && (matches!(phrase.determiner, Determiner::The | Determiner::Mine | Determiner::Theirs)
                || phrase.determiner == Determiner::None)
    }

    /// "sends me a prioritised summary": the text is written first.
    pub(super) fn write_first(&mut self, act: &Act<'r>) -> usize {
        let data = self.thought_about(act);
        // The words of the person, up to the place where it goes.
        let goes = |phrase: &Phrase| {
            self.known.is_person(&phrase.head) && phrase.services.is_empty()
                || phrase.head == "email"
                || phrase.services.iter().any(|service| self.known.channel(service).is_some())
                || phrase.values.iter().any(|at| {
                    matches!(
                        self.reading.tokens.get(*at).map(|token| &token.kind),
                        Some(TokenKind::Value(Value::Channel(_) | Value::Email(_)))
                    )
                })
        };
        let start = act.frame.objects.iter().map(|phrase| phrase.span.start).min().unwrap_or(act.clause.span.start);
        let inside = act.frame.objects.iter().chain(act.frame.arguments.iter().map(|argument| &argument.phrase));
        let end = inside
            .filter(|phrase| phrase.span.start >= start && !goes(phrase))
            .map(|phrase| phrase.span.end)
            .max()
            .unwrap_or(start);
        let words = format!("Write {}", self.text(&(start..end)));
        let manners = self.manners(act);
        let step = self.ask_model(act, &words, &manners, &data, None);
        let nouns: Vec<String> = act.frame.objects.iter().flat_map(names).collect();
        self.made(step, nouns, None, &data);
        for phrase in &act.frame.objects {
            self.cover.add(&phrase.span);
        }
        for argument in &act.frame.arguments {
            self.cover.add(&argument.phrase.span);
        }
        self.draft.data.len() - 1
    }

    /// "title and link": only these parts of each entry.
    pub(super) fn fields(&self, act: &Act<'_>) -> Vec<String> {
        let parts = act
            .frame
            .objects
            .iter()
            .chain(act.arguments(&["with", "including", "containing"]).map(|argument| &argument.phrase));
        parts.map(|phrase| phrase.head.clone()).collect()
    }

    pub(super) fn narrow_fields(&mut self, datum: usize, wanted: &[String]) {
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
    pub(super) fn body(&mut self, act: &Act<'r>, datum: usize) -> Option<Flow> {
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

    /// "No new articles, no mail": goes on only if there is something.
    pub(super) fn if_any(&mut self, index: usize, span: &std::ops::Range<usize>) -> usize {
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
            self.draft.data.push(super::draft::Datum { flow: out, each: None, used: false, ..datum });
            return self.draft.data.len() - 1;
        }
        let Some(block) = by("AIConditionBlock") else { return index };
        let text = self.draft.fit(&flow, Types::STRING);
        let noun = super::build::plural(datum.nouns.first().map_or("entry", String::as_str));
        let step = self.step_of(
            block,
            &says,
            &[("condition", json!(format!("there are {noun} in it; it is not empty")))],
            &[("input_value", text)],
        );
        let mut out = self.draft.flow(step, "yes_output");
        (out.name, out.types) = (flow.name.clone(), Types::STRING);
        self.draft.data.push(super::draft::Datum { flow: out, each: None, used: false, ..datum });
        self.draft.data.len() - 1
    }
}
