//! Inputs and outputs of the agent: what is asked for, what is fixed, what is given out.

use std::collections::HashSet;

use serde_json::{Value, json};

use super::{Edit, prompt::replaced};
use crate::{
    catalogue::special,
    patcher::{
        canvas::words::{alike, words},
        find::{Among, Field, Wanted, bare},
        refused::Refused,
        wish::TABLES,
    },
    plan::model::{Binding, Input, Step},
};

impl Edit<'_, '_> {
    /// Something is asked for when the agent runs.
    pub(super) fn input(&mut self, what: &str) -> Result<(), Refused> {
        let what = bare(what);
        // "the address should be an input instead of ana@example.com"
        let value = self.operation.instead.as_deref().map(|old| self.canvas.holders_of(bare(old))).unwrap_or_default();
        if let [holder] = value.as_slice() {
            return self.expose(&Field { at: holder.at, name: holder.name.clone() }, what);
        }
        let cut = [" when it runs", " each time", " every time", " at run time", " when i run it", " on every run"]
            .iter()
            .fold(what, |text, tail| text.strip_suffix(tail).unwrap_or(text));
        let wanted = Wanted::of(self.canvas.known, cut);
        if wanted.words.iter().any(|word| {
            matches!(word.as_str(), "approval" | "approve" | "confirmation" | "confirm" | "permission" | "feedback")
        }) {
            return match self.operation.place.clone() {
                Some(place) => match self.meant_by_order(&format!("ask {cut}")) {
                    Some(at) => self.reorder_to(at, &place),
                    None => self.approval(),
                },
                None => self.approval(),
            };
        }
        let existing = self.canvas.best(&wanted, Among::Inputs);
        if !existing.is_empty() && !wanted.words.is_empty() {
            let titles: Vec<String> = existing.iter().map(|at| self.canvas.title(*at)).collect();
            return Err(Refused::impossible(format!("The agent asks for that already: {}.", titles.join(", "))));
        }
        let fields = self.canvas.fields(&wanted);
        if fields.is_empty()
            && let Some(parts) = self.each_named(cut)
        {
            return parts.iter().try_for_each(|part| self.input(part));
        }
        if let Some(field) = self.canvas.one_field(fields, self.context)? {
            return self.expose(&field, cut);
        }
        // "the title of the doc", where what is written is a page: the one input of this name.
        if let Some((name, of)) = cut.split_once(" of ")
            && TABLES.is_document(of)
            && self.canvas.best(&Wanted::of(self.canvas.known, of), Among::Working).is_empty()
        {
            let mut fields = self.canvas.fields(&Wanted::of(self.canvas.known, name));
            fields.retain(|field| self.canvas.delivers(field.at));
            if let [field] = fields.as_slice() {
                return self.expose(&field.clone(), cut);
            }
        }
        // "the title of the doc", of which one step has no such input.
        let of = cut.rsplit_once(" of ").map(|(_, of)| Wanted::of(self.canvas.known, of));
        let steps = of.map(|of| self.canvas.best(&of, Among::Working)).unwrap_or_default();
        if steps.len() == 1 && !steps.iter().any(|at| self.canvas.thinks(*at)) {
            return Err(self.canvas.no_input(what));
        }
        // A value that stands in the agent: "make #news an input".
        let holders = self.canvas.holders_of(cut);
        if let [holder] = holders.as_slice() {
            let field = Field { at: holder.at, name: holder.name.clone() };
            return self.expose(&field, &field.name.clone().replace('_', " "));
        }
        // Only the language model can make use of it.
        let thinking: Vec<usize> = self
            .canvas
            .working()
            .into_iter()
            .filter(|at| self.canvas.inputs_of(*at).iter().any(|name| name == "prompt_values"))
            .collect();
        let named = self.canvas.best(&wanted, Among::Thinking);
        // "the sheet tab": what names a step that writes no text is for that one.
        let foreign = named.is_empty()
            && self.canvas.working().into_iter().any(|at| {
                let names = self.canvas.names().get(at);
                !self.canvas.thinks(at) && wanted.words.iter().any(|word| names.is_some_and(|names| names.titled(word)))
            });
        let candidates = if named.is_empty() { thinking } else { named };
        let candidates = if foreign { Vec::new() } else { candidates };
        match self.canvas.one_of(candidates, self.context)? {
            Some(at) if self.canvas.inputs_of(at).iter().any(|name| name == "prompt_values") => {
                self.ask_in_prompt(at, cut)
            }
            // "the description" of a picture is all that its step is told.
            Some(at) => match self.prompt_field(at) {
                Some(field) => self.expose(&field, cut),
                None => Err(self.canvas.no_input(what)),
            },
            None => Err(Refused::ask(
                format!("Which step should use \"{cut}\", and for what?"),
                "input",
                self.canvas.working().first().map(|at| {
                    format!(
                        "{} of {}",
                        self.canvas.inputs_of(*at).first().cloned().unwrap_or_default(),
                        self.canvas.title(*at)
                    )
                }),
            )),
        }
    }

    /// "the start and the end of the clip": parts that each name one input.
    fn each_named(&self, what: &str) -> Option<Vec<String>> {
        let (list, tail) = match what.split_once(" of ") {
            Some((list, tail)) => (list, format!(" of {tail}")),
            None => (what, String::new()),
        };
        let parts: Vec<String> = list
            .split(" and ")
            .flat_map(|part| part.split(", "))
            .map(|part| format!("{}{tail}", part.trim()))
            .collect();
        let named = |part: &String| self.canvas.fields(&Wanted::of(self.canvas.known, part)).len() == 1;
        (parts.len() > 1 && parts.iter().all(named)).then_some(parts)
    }

    pub(super) fn expose(&mut self, field: &Field, what: &str) -> Result<(), Refused> {
        let linked = self.canvas.links_into(field.at).any(|link| link.input == field.name);
        if linked && self.canvas.keeper(field) != *field {
            let title = self.canvas.title(self.canvas.keeper(field).at);
            return Err(Refused::impossible(format!("The agent asks for that already: {title}.")));
        }
        if linked {
            return Err(Refused::unsupported(format!(
                "`{}` of {} is what another step gives; it cannot be asked for as well.",
                field.name,
                self.canvas.title(field.at)
            )));
        }
        let value = self.canvas.value(field.at, &field.name).cloned();
        let label = self.free_name(&label(what), true);
        let at = self.canvas.steps.len();
        let mut inputs = vec![Input { name: "name".to_owned(), binding: Binding::Value(json!(label)) }];
        if let Some(value) = value {
            inputs.push(Input { name: "value".to_owned(), binding: Binding::Value(value) });
        }
        let block = self.door_for(field);
        self.canvas.add(vec![Step { block, title: label, says: String::new(), inputs }]);
        self.canvas.bind(field.at, &field.name, Binding::From { step: at, output: "result".to_owned() });
        Ok(())
    }

    /// The block that asks for a value of this kind.
    fn door_for(&self, field: &Field) -> String {
        use crate::catalogue::schema::Types;
        let number = self.canvas.schema_of(field).is_some_and(|schema| {
            let kind = schema.kind();
            !kind.is_any() && (kind.is_within(Types::INTEGER) || kind.is_within(Types::NUMBER))
        });
        let block = if number { special::NUMBER_INPUT } else { special::AGENT_INPUT };
        self.canvas
            .known
            .catalogue
            .by_id(block)
            .map_or_else(|| special::AGENT_INPUT.to_owned(), |block| block.id.clone())
    }

    fn ask_in_prompt(&mut self, at: usize, what: &str) -> Result<(), Refused> {
        let label = self.free_name(&label(what), true);
        let name: String =
            label.chars().map(|c| if c.is_ascii_alphanumeric() { c.to_ascii_lowercase() } else { '_' }).collect();
        let door = self.canvas.steps.len();
        self.canvas.add(vec![Step {
            block: special::AGENT_INPUT.to_owned(),
            title: label.clone(),
            says: String::new(),
            inputs: vec![Input { name: "name".to_owned(), binding: Binding::Value(json!(label)) }],
        }]);
        // "let me choose the language" of a text that is translated into French: this one is chosen.
        if name.ends_with("language") && self.asks_for_language(at, &name, door) {
            return Ok(());
        }
        self.say_to(at, &format!("{label}: {{{{{name}}}}}"))?;
        self.canvas.bind(
            at,
            &format!("prompt_values_#_{name}"),
            Binding::From { step: door, output: "result".to_owned() },
        );
        Ok(())
    }

    /// "I no longer need the Google Doc": what writes it, not only the input that says which.
    pub(super) fn writer_of(&self, best: Vec<usize>, wanted: &Wanted) -> Vec<usize> {
        let [at] = *best.as_slice() else { return best };
        let takers: Vec<usize> = self.canvas.links_out(at).into_iter().map(|link| link.to).collect();
        let ([to], true) = (takers.as_slice(), !wanted.input && self.canvas.is(at, |block| block.is_agent_input()))
        else {
            return best;
        };
        let service = self.canvas.block(*to).and_then(|block| self.canvas.known.meaning(block).service.as_deref());
        let own = words(self.canvas.known, service.unwrap_or_default());
        let named = wanted.words.iter().all(|word| own.iter().any(|name| alike(name, word) > 0));
        if named && !wanted.words.is_empty() && self.canvas.delivers(*to) { vec![*to] } else { best }
    }

    /// Puts what a new input gives in the place of the language that a prompt names. `false` where it names none.
    fn asks_for_language(&mut self, at: usize, name: &str, door: usize) -> bool {
        let prompt = self.canvas.value(at, "prompt").and_then(Value::as_str).unwrap_or_default().to_owned();
        let order = prompt.split("{{").next().unwrap_or_default();
        let words = order.split(|c: char| !c.is_alphabetic());
        let mut named = words.filter(|word| word.starts_with(char::is_uppercase) && TABLES.is_language(word));
        let (Some(language), None) = (named.next(), named.next()) else { return false };
        let Some(asked) = replaced(&prompt, language, &format!("{{{{{name}}}}}")) else { return false };
        self.canvas.bind(door, "value", Binding::Value(json!(language)));
        self.canvas.bind(at, "prompt", Binding::Value(json!(asked)));
        self.canvas.bind(
            at,
            &format!("prompt_values_#_{name}"),
            Binding::From { step: door, output: "result".to_owned() },
        );
        true
    }

    /// An input becomes a value: it is no longer asked for.
    pub(super) fn fix(&mut self, what: &str, value: Option<&str>) -> Result<(), Refused> {
        if let (true, Some(value)) = (what.is_empty(), value) {
            return self.fix_value(value);
        }
        let wanted = Wanted::of(self.canvas.known, what);
        let best = self.canvas.best(&wanted, Among::Inputs);
        let Some(at) = self.canvas.one_of(best, self.context)? else {
            return match value {
                Some(value) if !self.canvas.fields(&wanted).is_empty() => self.change(what, None, value),
                _ => Err(self.canvas.no_input(what)),
            };
        };
        self.fix_input(at, value)
    }

    /// "use Berlin instead of asking": the only input, or the one that takes such a value.
    pub(super) fn fix_value(&mut self, text: &str) -> Result<(), Refused> {
        let inputs: Vec<usize> = self
            .canvas
            .order()
            .iter()
            .copied()
            .filter(|at| self.canvas.is(*at, |block| block.is_agent_input()))
            .collect();
        let text = bare(text);
        match self.canvas.one_of(inputs, self.context)? {
            Some(at) => self.fix_input(at, Some(text)),
            None => Err(Refused::unsupported("The agent asks for nothing.".to_owned())),
        }
    }

    fn fix_input(&mut self, at: usize, value: Option<&str>) -> Result<(), Refused> {
        let field = Field { at, name: "value".to_owned() };
        let value = match value {
            Some(value) => self.canvas.fitting(&field, value)?,
            None => match self.canvas.value(at, "value") {
                Some(value) if !value.is_null() => value.clone(),
                _ => {
                    return Err(Refused::ask(
                        format!("Which value should {} always have?", self.canvas.title(at)),
                        "value",
                        Some(format!("Always use Berlin as {}", self.canvas.title(at))),
                    ));
                }
            },
        };
        if self.canvas.is_last_start(at, &HashSet::new()) {
            // Something has to start the agent: the value stands in its input, and need not be given.
            self.canvas.bind(at, "value", Binding::Value(value));
            return Ok(());
        }
        for link in self.canvas.links_out(at) {
            self.canvas.bind(link.to, &link.input, Binding::Value(value.clone()));
        }
        self.canvas.remove(&HashSet::from([at]));
        Ok(())
    }

    /// What a step gives becomes an output of the agent.
    pub(super) fn output(&mut self, what: &str) -> Result<(), Refused> {
        let found = self.named_output(what);
        let (at, output) = match found {
            Some(found) => found,
            None => {
                let wanted = Wanted::of(self.canvas.known, &TABLES.without_language(what));
                let best = self.canvas.best(&wanted, Among::Working);
                let plain: Vec<usize> = best.iter().copied().filter(|at| !self.canvas.is_helper(*at)).collect();
                let Some(at) = self.canvas.one_of(if plain.is_empty() { best } else { plain }, self.context)? else {
                    let said = self.operation.said.to_lowercase();
                    if said.contains("output") {
                        return Err(self.canvas.no_step(what));
                    }
                    return match self.say(&self.operation.said.clone()) {
                        Err(Refused::Impossible(..) | Refused::Lost(_)) => Err(self.canvas.no_step(what)),
                        other => other,
                    };
                };
                let output = self.canvas.gives(at).ok_or_else(|| {
                    Refused::unsupported(format!("{} gives nothing that could be shown.", self.canvas.title(at)))
                })?;
                (at, output)
            }
        };
        // "show me the post": what is sent, not word that it was.
        let sent = self.canvas.main_link(at).filter(|_| self.canvas.delivers(at) && self.named_output(what).is_none());
        let (at, output) = sent.map_or((at, output), |link| (link.from, link.output));
        let shown = self
            .canvas
            .links_out(at)
            .into_iter()
            .any(|link| link.output == output && self.canvas.is(link.to, |block| block.is_agent_output()));
        if shown {
            let title = self.canvas.title(at);
            return Err(Refused::unsupported(format!(
                "What {title} gives (`{output}`) is an output of the agent already."
            )));
        }
        self.show(at, &output, &label(&output));
        Ok(())
    }

    /// An output of the agent for what a step gives.
    pub(super) fn show(&mut self, at: usize, output: &str, name: &str) {
        let name = self.free_name(name, false);
        let value = Binding::From { step: at, output: output.to_owned() };
        self.canvas.add(vec![Step {
            block: special::AGENT_OUTPUT.to_owned(),
            title: name.clone(),
            says: String::new(),
            inputs: vec![
                Input { name: "name".to_owned(), binding: Binding::Value(json!(name)) },
                Input { name: "value".to_owned(), binding: value },
            ],
        }]);
    }

    /// The output that a text names whole, its name and perhaps its step, where there is just one.
    fn named_output(&self, what: &str) -> Option<(usize, String)> {
        let wanted = Wanted::of(self.canvas.known, what);
        let mut found = Vec::new();
        for at in self.canvas.working() {
            let Some(block) = self.canvas.block(at) else { continue };
            let step_names = self.canvas.names().get(at);
            for (name, _) in
                block.output_schema().properties.iter().filter(|(name, _)| *name != crate::catalogue::ERROR_OUTPUT)
            {
                let names = words(self.canvas.known, name);
                let said = names.iter().filter(|name| wanted.words.contains(name)).count();
                let foreign = wanted
                    .words
                    .iter()
                    .any(|word| !names.contains(word) && step_names.is_none_or(|names| names.fit(word) == 0));
                if said == names.len() && said > 0 && !foreign {
                    found.push((at, name.to_owned()));
                }
            }
        }
        let only = found.pop()?;
        found.is_empty().then_some(only)
    }

    /// A name that no other input (or output) has: "Summary", then "Summary 2".
    fn free_name(&self, label: &str, input: bool) -> String {
        let taken: HashSet<&str> = (0..self.canvas.steps.len())
            .filter(|at| {
                self.canvas.is(*at, |block| if input { block.is_agent_input() } else { block.is_agent_output() })
            })
            .filter_map(|at| self.canvas.value(at, "name").and_then(Value::as_str))
            .collect();
        let mut name = label.to_owned();
        let mut number = 2_usize;
        while taken.contains(name.as_str()) {
            name = format!("{label} {number}");
            number += 1;
        }
        name
    }
}

/// A name as a label: "max_results" is "Max results".
pub(super) fn label(what: &str) -> String {
    let plain = what.replace('_', " ");
    let plain = ["the ", "a ", "an ", "my "]
        .iter()
        .fold(plain.trim(), |text, article| text.strip_prefix(article).unwrap_or(text));
    let mut letters = plain.chars();
    letters.next().into_iter().flat_map(char::to_uppercase).chain(letters).collect()
}
