//! A plan while it grows: its steps, what they give, and what is asked of the person at run time.

use serde_json::{Value, json};

use super::{
    know::{Knowledge, Knows},
    model::{Binding, Input, Plan, Step},
};
use crate::catalogue::{Block, NESTED, schema::Types, special};

/// Steps that ask the person come first in a plan; until their number is known they are counted from here.
const ASKED: usize = usize::MAX / 2;

/// Something that a step gave.
#[derive(Debug, Clone)]
pub(super) struct Datum {
    pub(super) flow: Flow,
    /// The output that hands out one entry after the other, if the block has one.
    pub(super) each: Option<String>,
    /// What the person may call it, singular; the first one names it.
    pub(super) nouns: Vec<String>,
    pub(super) service: Option<String>,
    /// Made by a language model, not only read.
    pub(super) made: bool,
    /// Says that something was done; nothing flows on from it by itself.
    pub(super) receipt: bool,
    /// One entry of a list at a time.
    pub(super) single: bool,
    pub(super) used: bool,
    /// What narrows it and no step has done yet: words of the goal, by token span.
    pub(super) open: Vec<std::ops::Range<usize>>,
    /// The part of an entry that holds a mail address.
    pub(super) address: Option<String>,
    /// The output of a trigger that says where to answer.
    pub(super) chat: Option<Flow>,
    /// The guard (trigger, condition, loop) under which it exists, by clause.
    pub(super) under: Option<usize>,
}

/// An output on its way into an input.
#[derive(Debug, Clone)]
pub(super) struct Flow {
    pub(super) step: usize,
    pub(super) output: String,
    pub(super) types: Types,
    /// Parts worth reading, if it is a dictionary or a list of such.
    pub(super) fields: Vec<String>,
    /// How many of a list are wanted.
    pub(super) first: Option<u32>,
    /// Its name in a template.
    pub(super) name: String,
}

impl Flow {
    pub(super) fn binding(&self) -> Binding {
        Binding::From { step: self.step, output: self.output.clone() }
    }

    fn is_text(&self) -> bool {
        self.fields.is_empty() && (self.types.is_any() || self.types.is_within(Types::STRING))
    }

    pub(super) fn is_list(&self) -> bool {
        self.types.is_within(Types::ARRAY)
    }

    /// A Jinja template that writes it out.
    fn template(&self) -> String {
        let name = &self.name;
        let slice = self.first.map_or_else(String::new, |count| format!("[:{count}]"));
        let lines =
            |of: &str| self.fields.iter().map(|field| format!("{{{{{of}.{field}}}}}")).collect::<Vec<_>>().join("\n");
        match (self.is_list(), self.fields.is_empty()) {
            (true, false) => format!("{{% for item in {name}{slice} %}}{}\n\n{{% endfor %}}", lines("item")),
            (true, true) => format!("{{% for item in {name}{slice} %}}{{{{item}}}}\n{{% endfor %}}"),
            (false, false) => lines(name),
            (false, true) => format!("{{{{{name}}}}}"),
        }
    }
}

#[derive(Debug)]
pub(super) struct Draft<'k> {
    pub(super) known: &'k Knowledge,
    asked: Vec<Step>,
    pub(super) steps: Vec<Step>,
    pub(super) data: Vec<Datum>,
    /// Names that inputs and outputs of the agent have.
    pub(super) names: Vec<String>,
    /// Inputs that somebody declared and nothing takes yet.
    pub(super) declared: Vec<usize>,
    /// So many steps were there before: what they give is referred to, not given out again.
    pub(super) old: usize,
}

impl<'k> Draft<'k> {
    pub(super) fn new(known: &'k Knowledge) -> Self {
        Self {
            known,
            asked: Vec::new(),
            steps: Vec::new(),
            data: Vec::new(),
            names: Vec::new(),
            declared: Vec::new(),
            old: 0,
        }
    }

    pub(super) fn block(&self, step: usize) -> Option<&'k Block> {
        let step = self.step(step)?;
        self.known.catalogue.by_id(&step.block)
    }

    pub(super) fn step(&self, at: usize) -> Option<&Step> {
        if at >= ASKED { self.asked.get(at - ASKED) } else { self.steps.get(at) }
    }

    pub(super) fn push(&mut self, step: Step) -> usize {
        self.steps.push(step);
        self.steps.len() - 1
    }

    /// Moves the last step to the place `at`; the steps from there on move up by one.
    pub(super) fn swap_last(&mut self, at: usize) {
        let Some(step) = self.steps.pop() else { return };
        self.steps.insert(at, step);
        let moved = |step: usize| if step >= at && step < ASKED { step + 1 } else { step };
        for input in self.steps.iter_mut().skip(at + 1).flat_map(|step| step.inputs.iter_mut()) {
            if let Binding::From { step, .. } = &mut input.binding {
                *step = moved(*step);
            }
        }
        for datum in &mut self.data {
            datum.flow.step = moved(datum.flow.step);
        }
    }

    /// The datum of an earlier step that reads the very same thing as the last one, which is dropped then.
    pub(super) fn read_before(&mut self, step: usize) -> Option<usize> {
        let last = self.steps.get(step).filter(|_| step + 1 == self.steps.len())?;
        let same =
            self.steps.iter().take(step).position(|other| other.block == last.block && other.inputs == last.inputs)?;
        let datum = self.data.iter().position(|datum| datum.flow.step == same && !datum.receipt)?;
        self.steps.pop();
        Some(datum)
    }

    /// Whether anything that can flow on is there.
    pub(super) fn has_data(&self) -> bool {
        self.data.iter().any(|datum| !datum.receipt)
    }

    pub(super) fn flow(&self, step: usize, output: &str) -> Flow {
        let types = self.block(step).and_then(|block| block.output_type(output)).unwrap_or(Types::ANY);
        Flow { step, output: output.to_owned(), types, fields: Vec::new(), first: None, name: slug(output) }
    }

    /// Adds the datum that `step` gives, as far as its block tells.
    pub(super) fn gives(&mut self, step: usize, nouns: &[String], service: Option<&str>) -> Option<usize> {
        let block = self.block(step)?;
        let knows = self.known.of(block);
        let (all, each) = outputs(self.known, block, knows)?;
        let mut flow = self.flow(step, &all);
        flow.fields = knows.map(|knows| knows.fields.clone()).unwrap_or_default();
        let parts: Vec<Flow> = knows.iter().flat_map(|knows| &knows.parts).map(|part| self.flow(step, part)).collect();
        if !parts.is_empty() {
            let line = |flow: &Flow| {
                format!("{}: {{{{{}}}}}", crate::knowledge::capitalised(&flow.name.replace('_', " ")), flow.name)
            };
            let format = parts.iter().map(line).collect::<Vec<_>>().join("\n");
            flow = self.fill_in(&parts, &format, "Put together what was read");
        }
        let mut every: Vec<String> = nouns.to_vec();
        if let Some(knows) = knows {
            every.extend(knows.nouns.iter().cloned());
        }
        if !super::decide::is_text_model(block) {
            let meaning = self.known.meaning(block);
            every.extend(meaning.gives.iter().cloned());
            every.extend(meaning.objects.iter().take(2).cloned());
        }
        let mut seen = std::collections::HashSet::new();
        every.retain(|noun| !noun.is_empty() && seen.insert(noun.clone()));
        let chat = knows.and_then(|knows| knows.chat.as_ref()).map(|output| self.flow(step, output));
        let mut datum = Datum {
            flow,
            each,
            nouns: every,
            service: service.map(str::to_owned).or_else(|| self.known.meaning(block).service.clone()),
            made: false,
            receipt: false,
            single: block.trigger,
            used: false,
            open: Vec::new(),
            address: knows.and_then(|knows| knows.address.clone()),
            chat,
            under: None,
        };
        if let Some(name) = datum.nouns.first().map(|noun| slug(noun)).filter(|name| !name.is_empty()) {
            datum.flow.name = name;
        }
        self.data.push(datum);
        Some(self.data.len() - 1)
    }

    /// A value that the person gives at run time; asked once for each name.
    pub(super) fn ask(&mut self, name: &str, help: &str, kind: AskKind, default: Option<Value>) -> Flow {
        let name = &super::say::label(name);
        let says = format!("Ask for {}", super::say::asked(self.known, name));
        let known = self.asked.iter().position(|step| step.says == says);
        let plain = matches!(kind, AskKind::Text | AskKind::Long) && default.is_none();
        let declared = known.or_else(|| plain.then(|| self.take_declared()).flatten());
        let at = declared.unwrap_or_else(|| {
            let title = self.free_name(name);
            let mut inputs = vec![Input { name: "name".to_owned(), binding: Binding::Value(json!(title)) }];
            if !help.is_empty() && help != name {
                inputs.push(Input { name: "description".to_owned(), binding: Binding::Value(json!(help)) });
            }
            let block = kind.block(self.known);
            if let Some(value) = default {
                inputs.push(Input { name: "value".to_owned(), binding: Binding::Value(value) });
            }
            self.asked.push(Step { block, title, says, inputs });
            self.asked.len() - 1
        });
        let flow = self.flow(ASKED + at, "result");
        Flow { name: slug(name), ..flow }
    }

    /// An input that somebody wants the agent to have.
    pub(super) fn declare(&mut self, block: &Block, name: &str, says: &str, value: Option<Value>) -> usize {
        let title = self.free_name(name);
        let mut inputs = vec![Input { name: "name".to_owned(), binding: Binding::Value(json!(title)) }];
        inputs.extend(value.map(|value| Input { name: "value".to_owned(), binding: Binding::Value(value) }));
        self.asked.push(Step { block: block.id.clone(), title, says: says.to_owned(), inputs });
        let flow = Flow { name: slug(name), ..self.flow(ASKED + self.asked.len() - 1, "result") };
        let datum = self.given(flow, vec![name.to_lowercase()]);
        self.declared.push(datum);
        ASKED + self.asked.len() - 1
    }

    /// The first declared input that nothing took yet.
    fn take_declared(&mut self) -> Option<usize> {
        let data = &mut self.data;
        let datum = self.declared.iter().find_map(|at| data.get(*at).filter(|datum| !datum.used).map(|_| *at))?;
        let datum = data.get_mut(datum)?;
        datum.used = true;
        datum.flow.step.checked_sub(ASKED)
    }

    /// A name that no input and no output of the agent has: "Summary", then "Summary 2".
    fn free_name(&mut self, name: &str) -> String {
        let mut free = name.to_owned();
        let mut count = 1;
        while self.names.contains(&free) {
            count += 1;
            free = format!("{name} {count}");
        }
        self.names.push(free.clone());
        free
    }

    /// What a step gives, made to fit an input of this type.
    pub(super) fn output_of(&mut self, step: usize, types: Types) -> Option<Binding> {
        let datum = self.data.iter_mut().rfind(|datum| datum.flow.step == step)?;
        datum.used = true;
        let flow = datum.flow.clone();
        Some(self.fit(&flow, types).binding())
    }

    /// Hands on what the person gives.
    pub(super) fn pass_through(&mut self) {
        let flow = self.ask("Input", "", AskKind::Text, None);
        self.output("Output", &flow);
    }

    pub(super) fn is_asked(&self, step: usize) -> bool {
        step >= ASKED
    }

    /// Whether an input is called so.
    pub(super) fn asks_for(&self, part: &str) -> bool {
        self.asked.iter().any(|step| step.title.contains(part))
    }

    /// What asks the person, then what works.
    pub(super) fn every_step(&self) -> impl Iterator<Item = &Step> {
        self.asked.iter().chain(&self.steps)
    }

    pub(super) fn asks_nothing(&self) -> bool {
        self.asked.is_empty()
    }

    /// Adds what the person gives as a datum that the goal can refer to.
    pub(super) fn given(&mut self, flow: Flow, nouns: Vec<String>) -> usize {
        self.data.push(Datum {
            flow,
            each: None,
            nouns,
            service: None,
            made: false,
            receipt: false,
            single: false,
            used: false,
            open: Vec::new(),
            address: None,
            chat: None,
            under: None,
        });
        self.data.len() - 1
    }

    // ----- what fits between two blocks

    /// Hands `flow` on as a value of the type `sink`, through a block of its own if the types do not fit.
    pub(super) fn fit(&mut self, flow: &Flow, sink: Types) -> Flow {
        let text = sink.is_within(Types::STRING);
        if text && !flow.is_text() && !flow.types.is_within(Types::STRING) {
            let plain = Types::named("number");
            let scalar = flow.types.flows_into(plain) && !flow.types.is_any() || flow.types.is_within(Types::BOOLEAN);
            return if scalar {
                self.convert(flow, "string", Types::STRING)
            } else {
                self.render(std::slice::from_ref(flow))
            };
        }
        if flow.first.is_some() && !sink.is_within(Types::STRING) {
            let cut = self.first_few(flow);
            return self.fit(&cut, sink);
        }
        if flow.types.flows_into(sink) {
            return flow.clone();
        }
        if sink.is_within(Types::ARRAY) {
            let list = vec![Input { name: "entry".to_owned(), binding: flow.binding() }];
            return self.bridge(
                special::ADD_TO_LIST,
                "Put the {} into a list",
                "updated_list",
                list,
                flow,
                Types::ARRAY,
            );
        }
        if sink.is_within(Types::OBJECT)
            && let Some(block) = self.known.catalogue.by_name("CreateDictionaryBlock")
        {
            let values = vec![Input { name: format!("values{NESTED}{}", flow.name), binding: flow.binding() }];
            return self.bridge(&block.id, "Put the {} into a dictionary", "dictionary", values, flow, Types::OBJECT);
        }
        match () {
            () if text => self.convert(flow, "string", Types::STRING),
            () if sink.flows_into(Types::NUMBER) => self.convert(flow, "number", Types::ANY),
            () => self.convert(flow, "boolean", Types::ANY),
        }
    }

    /// One text of several results.
    pub(super) fn render(&mut self, flows: &[Flow]) -> Flow {
        let flows = distinct(flows);
        let format = flows.iter().map(Flow::template).collect::<Vec<_>>().join("\n\n");
        self.fill_in(&flows, &format, "Put the {} into one text")
    }

    /// A text with `{{name}}` where the flows go.
    pub(super) fn fill_in(&mut self, flows: &[Flow], format: &str, title: &str) -> Flow {
        let mut inputs: Vec<Input> = flows
            .iter()
            .map(|flow| Input { name: format!("values{NESTED}{}", flow.name), binding: flow.binding() })
            .collect();
        inputs.push(Input { name: "format".to_owned(), binding: Binding::Value(json!(format)) });
        let base = flows.first().cloned().unwrap_or_else(|| self.flow(0, "output"));
        self.bridge(special::TEMPLATE, title, "output", inputs, &base, Types::STRING)
    }

    /// A fixed text that is handed on only once `gate` has arrived.
    pub(super) fn after(&mut self, gate: &Flow, text: &str) -> Flow {
        let text = text.replace("{{", "{ {").replace("{%", "{ %");
        self.fill_in(std::slice::from_ref(gate), &text, "Hand on the {}")
    }

    fn first_few(&mut self, flow: &Flow) -> Flow {
        let count = flow.first.unwrap_or(1);
        let format = format!("{{{{{}[:{count}]|tojson}}}}", flow.name);
        let text = self.fill_in(std::slice::from_ref(flow), &format, &format!("Keep the first {count} {{}}"));
        Flow { fields: flow.fields.clone(), first: None, ..text }
    }

    /// The entries of a list one by one; of the first few, if only those are wanted.
    pub(super) fn one_by_one(&mut self, flow: &Flow) -> Flow {
        let (flow, input) = match flow.first {
            Some(_) => (self.first_few(flow), "items_str"),
            None if flow.types.is_within(Types::STRING) => (flow.clone(), "items_str"),
            None => (flow.clone(), "items"),
        };
        let inputs = vec![Input { name: input.to_owned(), binding: flow.binding() }];
        let fields = flow.fields.clone();
        let item = self.bridge(special::EACH_ITEM, "Take the {} one by one", "item", inputs, &flow, Types::ANY);
        Flow { fields, name: "item".to_owned(), ..item }
    }

    fn convert(&mut self, flow: &Flow, kind: &str, types: Types) -> Flow {
        let inputs = vec![
            Input { name: "value".to_owned(), binding: flow.binding() },
            Input { name: "type".to_owned(), binding: Binding::Value(json!(kind)) },
        ];
        self.bridge(
            special::CONVERTER,
            &format!("Turn the {{}} into a {}", if kind == "string" { "text" } else { kind }),
            "value",
            inputs,
            flow,
            types,
        )
    }

    pub(super) fn bridge(
        &mut self,
        block: &str,
        title: &str,
        output: &str,
        inputs: Vec<Input>,
        of: &Flow,
        types: Types,
    ) -> Flow {
        // Another platform may have no such block: then the value goes on as it is.
        if self.known.catalogue.by_id(block).is_none() {
            return of.clone();
        }
        let says = title.replace("{}", &super::say::thing(of));
        let title = super::say::cut(&says, 60);
        let step = self.push(Step { block: block.to_owned(), title, says, inputs });
        Flow { step, output: output.to_owned(), types, fields: Vec::new(), first: None, name: of.name.clone() }
    }

    // ----- the end

    /// Everything that nobody took comes out of the agent.
    pub(super) fn outputs(&mut self) {
        let taken: std::collections::HashSet<(usize, String)> = self
            .steps
            .iter()
            .flat_map(|step| step.inputs.iter())
            .filter_map(|input| match &input.binding {
                Binding::From { step, output } => Some((*step, output.clone())),
                Binding::Value(_) => None,
            })
            .collect();
        let steps_taken: std::collections::HashSet<usize> = taken.iter().map(|(step, _)| *step).collect();
        let fresh = || self.data.iter().filter(|datum| (self.old..ASKED).contains(&datum.flow.step));
        let loose = |datum: &&Datum| !steps_taken.contains(&datum.flow.step);
        let mut out: Vec<Datum> = fresh().filter(|datum| !datum.receipt).filter(loose).cloned().collect();
        if out.is_empty() {
            out.extend(fresh().rfind(|datum| !datum.receipt && datum.made).cloned());
        }
        out.extend(fresh().filter(|datum| datum.receipt).filter(loose).cloned());
        let mut done = std::collections::HashSet::new();
        for datum in out {
            if done.insert((datum.flow.step, datum.flow.output.clone())) {
                let label = self.result_name(&datum);
                self.output(&label, &datum.flow);
            }
        }
    }

    pub(super) fn output(&mut self, label: &str, flow: &Flow) {
        let flow = if flow.first.is_some() { self.render(std::slice::from_ref(flow)) } else { flow.clone() };
        let name = self.free_name(label);
        let inputs = vec![
            Input { name: "name".to_owned(), binding: Binding::Value(json!(name)) },
            Input { name: "value".to_owned(), binding: flow.binding() },
        ];
        self.push(Step {
            block: special::AGENT_OUTPUT.to_owned(),
            title: name.clone(),
            says: super::say::given_out(self.known, &name),
            inputs,
        });
    }

    /// The steps added behind the old ones, those that ask first, with the places that they have in the longer list.
    pub(super) fn added(mut self) -> Vec<Step> {
        let (old, asked) = (self.old, self.asked.len());
        let mut fresh = self.asked;
        fresh.extend(self.steps.split_off(old.min(self.steps.len())));
        for input in fresh.iter_mut().flat_map(|step| step.inputs.iter_mut()) {
            if let Binding::From { step, .. } = &mut input.binding {
                *step = match *step {
                    at if at >= ASKED => old + at - ASKED,
                    at if at >= old => at + asked,
                    at => at,
                };
            }
        }
        fresh
    }

    /// The steps, those that ask first.
    pub(super) fn finish(self, name: String, description: String) -> Plan {
        let inputs = self.steps.iter().flat_map(|step| step.inputs.iter());
        let taken: std::collections::HashSet<usize> = inputs
            .filter_map(|input| match &input.binding {
                Binding::From { step, .. } => step.checked_sub(ASKED),
                Binding::Value(_) => None,
            })
            .collect();
        // What no step takes is not asked for.
        let places: Vec<usize> =
            (0..self.asked.len()).map(|at| (0..at).filter(|before| taken.contains(before)).count()).collect();
        let mut steps: Vec<Step> =
            self.asked.into_iter().enumerate().filter(|(at, _)| taken.contains(at)).map(|(_, step)| step).collect();
        let shift = steps.len();
        steps.extend(self.steps);
        for input in steps.iter_mut().flat_map(|step| step.inputs.iter_mut()) {
            if let Binding::From { step, .. } = &mut input.binding {
                let asked = step.checked_sub(ASKED).and_then(|at| places.get(at));
                *step = asked.copied().unwrap_or(step.saturating_add(shift));
            }
        }
        Plan { name, description, cron: None, steps, ..Plan::default() }
    }
}

/// Which block asks for a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum AskKind {
    Text,
    Long,
    Number,
    File,
    Date,
    Drive,
    List,
}

impl AskKind {
    fn block(self, known: &Knowledge) -> String {
        let name = match self {
            Self::Text => "AgentShortTextInputBlock",
            Self::Long => "AgentLongTextInputBlock",
            Self::Number => "AgentNumberInputBlock",
            Self::File => "AgentFileInputBlock",
            Self::Date => "AgentDateInputBlock",
            Self::Drive => "AgentGoogleDriveFileInputBlock",
            Self::List => "AgentInputBlock",
        };
        known.catalogue.by_name(name).map_or_else(|| special::AGENT_INPUT.to_owned(), |block| block.id.clone())
    }
}

/// The output that holds everything, and the one that hands out entries.
pub(super) fn outputs(known: &Knowledge, block: &Block, knows: Option<&Knows>) -> Option<(String, Option<String>)> {
    let each = knows.and_then(|knows| knows.each.clone());
    if let Some(all) = knows.and_then(|knows| knows.all.clone()) {
        return Some((all, each));
    }
    let all: Vec<(&str, Types)> = block
        .output_schema()
        .properties
        .iter()
        .filter(|(name, _)| *name != crate::catalogue::ERROR_OUTPUT)
        .map(|(name, schema)| (name, schema.kind()))
        .collect();
    // "posts" with "post" one by one.
    let pair = all.iter().find_map(|(name, _)| {
        let list = super::build::plural(name);
        all.iter()
            .any(|(other, types)| *other == list && other != name && types.is_within(Types::ARRAY))
            .then(|| (list, Some((*name).to_owned())))
    });
    let told = || {
        all.iter()
            .map(|(name, _)| *name)
            .filter_map(|name| Some((known.tells(name)?, name)))
            .min()
            .map(|(_, name)| name)
    };
    let first = || {
        all.iter().map(|(name, _)| *name).find(|name| !["id", "ids", "Id", "Ids"].iter().any(|end| name.ends_with(end)))
    };
    pair.or_else(|| told().or_else(first).or(all.first().map(|(name, _)| *name)).map(|name| (name.to_owned(), each)))
}

/// Names in one template have to differ.
pub(super) fn distinct(flows: &[Flow]) -> Vec<Flow> {
    let mut flows = flows.to_vec();
    for at in 1..flows.len() {
        let again = flows.iter().take(at).any(|before| flows.get(at).is_some_and(|flow| flow.name == before.name));
        if let Some(flow) = flows.get_mut(at).filter(|_| again) {
            flow.name = format!("{}_{}", flow.name, at + 1);
        }
    }
    flows
}

/// A name that a template can use.
pub(super) fn slug(name: &str) -> String {
    let plain: String =
        name.chars().map(|c| if c.is_ascii_alphanumeric() { c.to_ascii_lowercase() } else { '_' }).collect();
    let joined = plain.split('_').filter(|part| !part.is_empty()).collect::<Vec<_>>().join("_");
    if joined.starts_with(|c: char| c.is_ascii_digit()) { format!("v{joined}") } else { joined }
}
