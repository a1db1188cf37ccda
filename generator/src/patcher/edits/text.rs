//! A text that is put together of more, or of less.

use serde_json::{Value, json};

use super::Edit;
use crate::{
    catalogue::{ERROR_OUTPUT, schema::Types, special},
    patcher::{
        find::{Among, Field, Wanted, bare},
        refused::Refused,
        wish::{Act, Place, TABLES},
    },
    plan::{
        self,
        model::{Binding, Input, Step},
    },
    text::shortened,
};

impl Edit<'_, '_> {
    /// "put today's date into the message": the step that gives it, and a text that has both.
    pub(super) fn add_data(&mut self, value: &str, wanted: &Wanted, what: &str) -> Result<(), Refused> {
        let best = self.canvas.best(wanted, Among::Working);
        let fields = self.canvas.fields(wanted);
        let target = match self.canvas.one_field(fields, self.context)? {
            Some(field) => Some(field),
            None => {
                let senders: Vec<usize> = best.iter().copied().filter(|at| self.text_of(*at).is_some()).collect();
                self.canvas.one_of(senders, self.context)?.and_then(|at| self.text_of(at))
            }
        };
        // "put it into the document": its text, not which document it is.
        let target = target.map(|field| {
            let kind = self.canvas.schema_of(&field).map(|schema| schema.kind()).filter(|kind| !kind.is_any());
            let plain = kind.is_none_or(|kind| kind.is_within(Types::ARRAY) || Types::STRING.flows_into(kind));
            if plain { field } else { self.text_of(field.at).unwrap_or(field) }
        });
        let Some(field) = target else {
            return match self.say(&self.operation.said.clone()) {
                Err(Refused::Impossible(..) | Refused::Lost(_)) => Err(self.canvas.no_step(what)),
                other => other,
            };
        };
        if let Some(done) = self.widen_template(value, field.at) {
            return done;
        }
        let lower = value.to_lowercase();
        // "the date of the mail" is not today's.
        let own = ["today", "current", "now", "of the run"].iter().any(|word| lower.contains(word));
        // "a list of hashtags" is written.
        let named = ["the ", "its ", "their "].iter().any(|word| lower.starts_with(word)) || lower.contains("'s ");
        if !own
            && named
            && (lower.contains(" of ") || lower.contains("'s "))
            && self.given_before(value, field.at).is_none()
        {
            let title = self.canvas.title(field.at);
            let part = shortened(bare(value), 60);
            return Err(Refused::impossible(format!("No step before {title} gives \"{part}\".")));
        }
        let date = ["date", "today", "day", "weekday"].iter().any(|word| lower.contains(word));
        let time = lower.contains("time");
        let source = if date || time {
            Some(self.clock(if date { "GetCurrentDateBlock" } else { "GetCurrentTimeBlock" })?)
        } else {
            self.given_before(value, field.at)
        };
        let Some((step, output)) = source else {
            return match self.say(&self.operation.said.clone()) {
                Err(Refused::Impossible(..) | Refused::Lost(_)) => Err(Refused::impossible(format!(
                    "No step before {} gives \"{}\".",
                    self.canvas.title(field.at),
                    shortened(bare(value), 60)
                ))),
                other => other,
            };
        };
        // It is what stands there already.
        let there = Binding::From { step, output: output.clone() };
        if self.canvas.steps.get(field.at).and_then(|step| step.binding(&field.name)) == Some(&there) {
            return Ok(());
        }
        self.join_text(&field, step, &output)
    }

    pub(super) fn clock(&mut self, name: &str) -> Result<(usize, String), Refused> {
        let Some(block) = self.canvas.known.catalogue.by_name(name) else {
            return Err(Refused::unserved("No available block tells the time.".to_owned()));
        };
        let at = self.canvas.steps.len();
        let output = plan::given(self.canvas.known, block).unwrap_or_else(|| "date".to_owned());
        let trigger = block.required_inputs().find(|name| *name == "trigger").map(str::to_owned);
        let inputs = trigger.into_iter().map(|name| Input { name, binding: Binding::Value(json!("go")) }).collect();
        self.canvas.add(vec![Step { block: block.id.clone(), title: block.title(), says: String::new(), inputs }]);
        Ok((at, output))
    }

    /// An output before a step that `value` names: by its own name, or by its step.
    pub(super) fn given_before(&self, value: &str, before: usize) -> Option<(usize, String)> {
        let mut wanted = Wanted::of(self.canvas.known, value);
        wanted
            .words
            .retain(|word| !matches!(word.as_str(), "raw" | "full" | "whole" | "original" | "complete" | "entire"));
        let up = self.canvas.upstream(before);
        let mut found = None;
        for at in self.canvas.working().into_iter().filter(|at| *at != before && up.get(*at) == Some(&true)) {
            let Some(block) = self.canvas.block(at) else { continue };
            for (name, _) in block.output_schema().properties.iter().filter(|(name, _)| *name != ERROR_OUTPUT) {
                let names = crate::patcher::canvas::words::words(self.canvas.known, name);
                let all = !names.is_empty() && names.iter().all(|name| wanted.words.contains(name));
                let foreign = wanted.words.iter().any(|word| {
                    !names.contains(word) && self.canvas.names().get(at).is_none_or(|names| names.fit(word) == 0)
                });
                if all && !foreign {
                    found = Some((at, name.to_owned()));
                }
            }
        }
        found.or_else(|| {
            let best: Vec<usize> = self
                .canvas
                .best(&wanted, Among::Everything)
                .into_iter()
                .filter(|at| *at != before && up.get(*at) == Some(&true))
                .collect();
            match best.as_slice() {
                [only] => Some((*only, self.canvas.gives(*only)?)),
                _ => None,
            }
        })
    }

    /// A text gets one more part: a template with what was there and what comes.
    pub(super) fn join_text(&mut self, field: &Field, step: usize, output: &str) -> Result<(), Refused> {
        let mut name = plan_name(output);
        let kind = self.canvas.schema_of(field).map(|schema| schema.kind()).filter(|kind| !kind.is_any());
        if kind.is_some_and(|kind| kind.is_within(Types::ARRAY)) {
            return self.join_list(field, step, output);
        }
        if kind.is_some_and(|kind| !Types::STRING.flows_into(kind)) {
            let title = self.canvas.title(field.at);
            return Err(Refused::unsupported(format!(
                "`{}` of {title} is no text that could have more in it.",
                field.name
            )));
        }
        let mut inputs = Vec::new();
        let old = self.canvas.steps.get(field.at).and_then(|step| step.binding(&field.name)).cloned();
        let text = match old {
            Some(Binding::Value(Value::String(text))) => format!("{text} {{{{{name}}}}}"),
            Some(Binding::From { step: from, output: old_output }) => {
                // A template that is there takes one more value.
                if self.canvas.steps.get(from).is_some_and(|step| step.block == special::TEMPLATE) {
                    while self
                        .canvas
                        .steps
                        .get(from)
                        .is_some_and(|step| step.binding(&format!("values_#_{name}")).is_some())
                    {
                        name.push_str("_2");
                    }
                    let format =
                        self.canvas.value(from, "format").and_then(Value::as_str).unwrap_or_default().to_owned();
                    self.canvas.bind(from, "format", Binding::Value(json!(format!("{format}\n{{{{{name}}}}}"))));
                    self.canvas.bind(
                        from,
                        &format!("values_#_{name}"),
                        Binding::From { step, output: output.to_owned() },
                    );
                    return Ok(());
                }
                let part = plan_name(&old_output);
                // Two answers are two things.
                if part == name {
                    name = format!("{name}_2");
                }
                inputs.push(Input {
                    name: format!("values_#_{part}"),
                    binding: Binding::From { step: from, output: old_output },
                });
                // "put the transcript before the summary"
                let added = matches!(self.operation.act, Act::AddTo { .. });
                match self.operation.place {
                    Some(Place::Before(_) | Place::First | Place::Start) if added => {
                        format!("{{{{{name}}}}}\n\n{{{{{part}}}}}")
                    }
                    _ => format!("{{{{{part}}}}}\n\n{{{{{name}}}}}"),
                }
            }
            _ => format!("{{{{{name}}}}}"),
        };
        inputs.insert(0, Input { name: "format".to_owned(), binding: Binding::Value(json!(text)) });
        inputs.push(Input {
            name: format!("values_#_{name}"),
            binding: Binding::From { step, output: output.to_owned() },
        });
        let template = self.canvas.steps.len();
        self.canvas.add(vec![Step {
            block: special::TEMPLATE.to_owned(),
            title: "Put into words".to_owned(),
            says: String::new(),
            inputs,
        }]);
        self.canvas.bind(field.at, &field.name, Binding::From { step: template, output: "output".to_owned() });
        Ok(())
    }

    /// A list gets one more entry.
    fn join_list(&mut self, field: &Field, step: usize, output: &str) -> Result<(), Refused> {
        let add = self.canvas.known.catalogue.by_name("AddToListBlock").map(|block| block.id.clone());
        let old = self.canvas.steps.get(field.at).and_then(|step| step.binding(&field.name)).cloned();
        let (Some(block), Some(list)) = (add, old) else { return Err(self.lost(&self.operation.said)) };
        let entry = Binding::From { step, output: output.to_owned() };
        let inputs = [("list", list), ("entry", entry)];
        let inputs = inputs.map(|(name, binding)| Input { name: name.to_owned(), binding }).into();
        let at = self.canvas.steps.len();
        self.canvas.add(vec![Step { block, title: "Put into the list".to_owned(), says: String::new(), inputs }]);
        let binding = Binding::From { step: at, output: "updated_list".to_owned() };
        self.canvas.bind(field.at, &field.name, binding);
        Ok(())
    }

    /// "the date of the mail": one more part of what a template before the step puts into words.
    fn widen_template(&mut self, value: &str, before: usize) -> Option<Result<(), Refused>> {
        let (part, whole) = match value.split_once(" of ") {
            Some((part, whole)) => (part, whole),
            None => value.split_once("'s ").map(|(whole, part)| (part, whole))?,
        };
        let known = self.canvas.known;
        let (part, whole) = (Wanted::of(known, part).words, Wanted::of(known, whole).words);
        let up = self.canvas.upstream(before);
        let alike = |text: &str, wanted: &[String]| {
            let names = crate::patcher::canvas::words::words(known, text);
            !wanted.is_empty() && wanted.iter().all(|word| names.contains(word))
        };
        for at in (0..self.canvas.steps.len()).filter(|at| up.get(*at) == Some(&true)) {
            if self.canvas.steps.get(at).is_none_or(|step| step.block != special::TEMPLATE) {
                continue;
            }
            let format = self.canvas.value(at, "format").and_then(Value::as_str).unwrap_or_default().to_owned();
            for link in self.canvas.links_into(at).collect::<Vec<_>>() {
                let name = link.input.split("_#_").nth(1).unwrap_or_default();
                let given = self.canvas.block(link.from)?.output_schema().properties.get(&link.output);
                let of_it = alike(name, &whole)
                    || self
                        .canvas
                        .names()
                        .get(link.from)
                        .is_some_and(|names| whole.iter().all(|word| names.fit(word) > 0));
                let Some(given) = given.filter(|_| of_it && format.contains(&format!("{{{{{name}."))) else { continue };
                let (field, _) = given.properties.iter().find(|(field, _)| alike(field, &part))?;
                let place = format!("{{{{{name}.{field}}}}}");
                if !format.contains(&place) {
                    self.canvas.bind(at, "format", Binding::Value(json!(format!("{format}\n{place}"))));
                }
                return Some(Ok(()));
            }
        }
        None
    }

    /// "mention the humidity too": one more thing that a step gives, in the text that is put together without a model.
    pub(super) fn mentioned(&mut self, text: &str) -> Option<Result<(), Refused>> {
        let (verb, object) = text.split_once(' ')?;
        let tells =
            matches!(verb, "mention" | "include" | "show" | "add" | "say" | "tell" | "list" | "report" | "state");
        let part = ["the ", "its "].iter().find_map(|article| object.strip_prefix(article))?;
        let stores = matches!(verb, "store" | "save" | "record" | "keep" | "log" | "write");
        if (tells || stores)
            && self.operation.place.is_none()
            && let Some((part, whole)) = object.split_once(" of each ").or_else(|| object.split_once(" of every "))
            && let Some(at) = self.first_delivery()
            && let Some(done) = self.widen_template(&format!("{part} of the {whole}"), at)
        {
            return Some(done);
        }
        if !tells || self.operation.place.is_some() || part.split(' ').count() > 3 {
            return None;
        }
        let at = self.first_delivery()?;
        let template = self.canvas.main_link(at).map(|link| link.from)?;
        let format = self.canvas.value(template, "format").and_then(Value::as_str)?.to_owned();
        let (step, output) = self.given_before(object, at).filter(|(step, _)| *step != template)?;
        let word = crate::patcher::canvas::words::words(self.canvas.known, &output);
        let named = Wanted::of(self.canvas.known, part).words.iter().any(|said| word.contains(said));
        let taken = self.canvas.links_into(template).any(|link| (link.from, &link.output) == (step, &output));
        if !named {
            return None;
        }
        if taken {
            let title = self.canvas.title(template);
            return Some(Err(Refused::unsupported(format!("{title} has it already."))));
        }
        let name = plan_name(&output);
        let mut letters = part.chars();
        let label: String = letters.next()?.to_uppercase().chain(letters).collect();
        self.canvas.bind(template, "format", Binding::Value(json!(format!("{format}\n{label}: {{{{{name}}}}}"))));
        self.canvas.bind(template, &format!("values_#_{name}"), Binding::From { step, output });
        Some(Ok(()))
    }

    /// "only put the subject of the mail in the row": a text with less in it.
    pub(super) fn narrow(&mut self, text: &str) -> Result<(), Refused> {
        if let Some(done) = self.narrow_template(text) {
            return done;
        }
        match self.say(text) {
            Ok(()) => Ok(()),
            Err(_) => {
                let said = self.operation.said.clone();
                Err(self.lost(&said))
            }
        }
    }

    /// "the title and the link": what is named beside and stands in no line of a template; what nothing gives is told.
    fn further(&mut self, at: usize, lines: &[&str], text: &str) -> Vec<String> {
        let known = self.canvas.known;
        let link = self.canvas.links_into(at).find(|link| link.input.starts_with("values"));
        let Some((link, name)) = link.and_then(|link| Some((link.clone(), link.input.split("_#_").nth(1)?.to_owned())))
        else {
            return Vec::new();
        };
        let list = text.split(" of ").next().unwrap_or(text).split(" in ").next().unwrap_or(text);
        let named = |part: &str| -> String {
            let part = part.trim();
            let behind = || part.split_once(" the ").map(|(_, part)| part);
            let part = part.strip_prefix("the ").or_else(behind).unwrap_or(part);
            part.split(" the ").next().unwrap_or(part).to_owned()
        };
        let parts = list.split(" and ").flat_map(|part| part.split(", ")).map(named);
        let schema = self.canvas.block(link.from).and_then(|block| block.output_schema().properties.get(&link.output));
        let mut more = Vec::new();
        let mut missing = Vec::new();
        for part in parts.filter(|part| part.split(' ').count() < 3) {
            let said = crate::patcher::canvas::words::words(known, &part);
            let means = |field: &str| {
                let names = crate::patcher::canvas::words::words(known, field.trim_end_matches('_'));
                let called = |word: &String| TABLES.called(field).any(|called| called == word);
                !said.is_empty() && said.iter().all(|word| names.contains(word) || called(word))
            };
            let there = |line: &&str| line.rsplit('.').next().is_some_and(|field| means(field.trim_end_matches("}}")));
            if said.is_empty() || lines.iter().any(there) {
                continue;
            }
            match schema.and_then(|schema| schema.properties.iter().find(|(field, _)| means(field))) {
                Some((field, _)) => more.push(format!("{{{{{name}.{field}}}}}")),
                None => missing.push(part),
            }
        }
        let title = self.canvas.title(link.from);
        self.canvas.told.extend(missing.into_iter().map(|part| format!("{title} gives no \"{part}\"")));
        more
    }

    /// A template of fields keeps those that a text names.
    pub(super) fn narrow_template(&mut self, text: &str) -> Option<Result<(), Refused>> {
        let wanted = Wanted::of(self.canvas.known, text);
        for at in self.canvas.working() {
            if self.canvas.steps.get(at).is_none_or(|step| step.block != special::TEMPLATE) {
                continue;
            }
            let format = self.canvas.value(at, "format").and_then(Value::as_str)?.to_owned();
            let lines: Vec<&str> = format.lines().collect();
            let field = |line: &str| {
                line.trim()
                    .strip_prefix("{{")?
                    .strip_suffix("}}")
                    .and_then(|path| path.rsplit('.').next())
                    .map(|name| name.trim_end_matches('_').to_owned())
            };
            let named = |line: &&str| {
                field(line).is_some_and(|name| {
                    crate::patcher::canvas::words::words(self.canvas.known, &name)
                        .iter()
                        .any(|word| wanted.words.contains(word))
                })
            };
            let fields = lines.iter().filter(|line| field(line).is_some()).count();
            let kept: Vec<&str> = lines.iter().copied().filter(|line| field(line).is_none() || named(line)).collect();
            let left = kept.iter().filter(|line| field(line).is_some()).count();
            if fields > 1 && left > 0 && left < fields {
                let kept: Vec<String> = kept.into_iter().map(str::to_owned).collect();
                let more = self.further(at, &lines, text);
                let whole: Vec<String> = kept.into_iter().chain(more).collect();
                self.canvas.bind(at, "format", Binding::Value(json!(whole.join("\n"))));
                return Some(Ok(()));
            }
        }
        None
    }
}

/// A name that a template can use.
pub(super) fn plan_name(output: &str) -> String {
    let name: String =
        output.chars().map(|c| if c.is_ascii_alphanumeric() { c.to_ascii_lowercase() } else { '_' }).collect();
    if name.is_empty() { "value".to_owned() } else { name }
}
