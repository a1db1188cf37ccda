//! A plan while it grows: its steps, what they give, and what is asked of the person at run time.

use std::collections::HashSet;

use super::main_output::outputs;
use crate::{
    catalogue::{Block, schema::Types, special},
    knowledge::{Knowledge, is_text_model},
    plan::model::{Binding, Step},
};

/// Steps that ask the person come first in a plan; until their number is known they are counted from here.
pub(in crate::plan) const ASKED: usize = usize::MAX / 2;

/// The guard of data that only the gate of a branch leads to.
pub(in crate::plan) const NOWHERE: usize = usize::MAX;

/// Something that a step gave.
#[derive(Debug, Clone)]
pub(in crate::plan) struct Datum {
    pub(in crate::plan) flow: Flow,
    /// The output that hands out one entry after the other, if the block has one.
    pub(in crate::plan) each: Option<String>,
    /// What the person may call it, singular; the first one names it.
    pub(in crate::plan) nouns: Vec<String>,
    pub(in crate::plan) service: Option<String>,
    /// Made by a language model, not only read.
    pub(in crate::plan) made: bool,
    /// Says that something was done; nothing flows on from it by itself.
    pub(in crate::plan) receipt: bool,
    /// One entry of a list at a time.
    pub(in crate::plan) single: bool,
    pub(in crate::plan) used: bool,
    /// What narrows it and no step has done yet: words of the goal, by token span.
    pub(in crate::plan) open: Vec<std::ops::Range<usize>>,
    /// The part of an entry that holds a mail address.
    pub(in crate::plan) address: Option<String>,
    /// The output of a trigger that says where to answer.
    pub(in crate::plan) chat: Option<Flow>,
    /// The guard (trigger, condition, loop) under which it exists, by clause.
    pub(in crate::plan) under: Option<usize>,
}

/// An output on its way into an input.
#[derive(Debug, Clone)]
pub(in crate::plan) struct Flow {
    pub(in crate::plan) step: usize,
    pub(in crate::plan) output: String,
    pub(in crate::plan) types: Types,
    /// Parts worth reading, if it is a dictionary or a list of such.
    pub(in crate::plan) fields: Vec<String>,
    /// How many of a list are wanted.
    pub(in crate::plan) first: Option<u32>,
    /// Its name in a template.
    pub(in crate::plan) name: String,
}

impl Flow {
    pub(in crate::plan) fn binding(&self) -> Binding {
        Binding::From { step: self.step, output: self.output.clone() }
    }

    pub(in crate::plan) fn is_text(&self) -> bool {
        self.fields.is_empty() && (self.types.is_any() || self.types.is_within(Types::STRING))
    }

    pub(in crate::plan) fn is_list(&self) -> bool {
        self.types.is_within(Types::ARRAY)
    }

    /// A Jinja template that writes it out.
    pub(in crate::plan) fn template(&self) -> String {
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
pub(in crate::plan) struct Draft<'k> {
    pub(in crate::plan) known: &'k Knowledge,
    pub(in crate::plan) asked: Vec<Step>,
    pub(in crate::plan) steps: Vec<Step>,
    pub(in crate::plan) data: Vec<Datum>,
    /// Names that inputs and outputs of the agent have.
    pub(in crate::plan) names: Vec<String>,
    /// Inputs that somebody declared and nothing takes yet.
    pub(in crate::plan) declared: Vec<usize>,
    /// Steps whose results the person is told, whatever else they go into.
    pub(in crate::plan) told: Vec<usize>,
    /// So many steps were there before: what they give is referred to, not given out again.
    pub(in crate::plan) old: usize,
}

impl<'k> Draft<'k> {
    pub(in crate::plan) fn new(known: &'k Knowledge) -> Self {
        Self {
            known,
            asked: Vec::new(),
            steps: Vec::new(),
            data: Vec::new(),
            names: Vec::new(),
            declared: Vec::new(),
            told: Vec::new(),
            old: 0,
        }
    }

    pub(in crate::plan) fn block(&self, step: usize) -> Option<&'k Block> {
        let step = self.step(step)?;
        self.known.catalogue.by_id(&step.block)
    }

    pub(in crate::plan) fn step(&self, at: usize) -> Option<&Step> {
        if at >= ASKED { self.asked.get(at - ASKED) } else { self.steps.get(at) }
    }

    pub(in crate::plan) fn push(&mut self, step: Step) -> usize {
        self.steps.push(step);
        self.steps.len() - 1
    }

    /// Moves the last step to the place `at`; the steps from there on move up by one.
    pub(in crate::plan) fn swap_last(&mut self, at: usize) {
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
    pub(in crate::plan) fn read_before(&mut self, step: usize) -> Option<usize> {
        let last = self.steps.get(step).filter(|_| step + 1 == self.steps.len())?;
        let same =
            self.steps.iter().take(step).position(|other| other.block == last.block && other.inputs == last.inputs)?;
        let datum = self.data.iter().position(|datum| datum.flow.step == same && !datum.receipt)?;
        self.steps.pop();
        Some(datum)
    }

    /// Whether anything that can flow on is there.
    pub(in crate::plan) fn has_data(&self) -> bool {
        self.data.iter().any(|datum| !datum.receipt)
    }

    pub(in crate::plan) fn flow(&self, step: usize, output: &str) -> Flow {
        let types = self.block(step).and_then(|block| block.output_type(output)).unwrap_or(Types::ANY);
        Flow { step, output: output.to_owned(), types, fields: Vec::new(), first: None, name: slug(output) }
    }

    /// Adds the datum that `step` gives, as far as its block tells.
    pub(in crate::plan) fn gives(&mut self, step: usize, nouns: &[String], service: Option<&str>) -> Option<usize> {
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
            // Of two places it has to be seen which is which.
            let place = self.step(step).and_then(|step| step.binding("location")).and_then(|place| match place {
                Binding::Value(place) => place.as_str().filter(|place| !place.contains(['{', '}'])),
                Binding::From { .. } => None,
            });
            let place = place.map(|place| format!("Place: {place}"));
            let format = place.into_iter().chain(parts.iter().map(line)).collect::<Vec<_>>().join("\n");
            flow = self.fill_in(&parts, &format, "Put together what was read");
        }
        let mut every: Vec<String> = nouns.to_vec();
        if let Some(knows) = knows {
            every.extend(knows.nouns.iter().cloned());
        }
        if !is_text_model(block) {
            let meaning = self.known.meaning(block);
            every.extend(meaning.gives.iter().cloned());
            every.extend(meaning.objects.iter().take(2).cloned());
        }
        let mut seen = HashSet::new();
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

    /// What a step gives, made to fit an input of this type.
    pub(in crate::plan) fn output_of(&mut self, step: usize, types: Types) -> Option<Binding> {
        let datum = self.data.iter_mut().rfind(|datum| datum.flow.step == step)?;
        datum.used = true;
        let flow = datum.flow.clone();
        Some(self.fit(&flow, types).binding())
    }

    /// Hands on what the person gives.
    pub(in crate::plan) fn pass_through(&mut self) {
        let flow = self.ask("Input", "", AskKind::Text, None);
        self.output("Output", &flow);
    }

    /// Adds what the person gives as a datum that the goal can refer to.
    pub(in crate::plan) fn given(&mut self, flow: Flow, nouns: Vec<String>) -> usize {
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
}

/// Which block asks for a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::plan) enum AskKind {
    Text,
    Long,
    Number,
    File,
    Date,
    Drive,
    List,
}

impl AskKind {
    pub(in crate::plan) fn block(self, known: &Knowledge) -> String {
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

/// "from a topic that I give, and the topic": what is spoken of twice is handed on once.
pub(in crate::plan) fn once(flows: &[Flow]) -> Vec<Flow> {
    let mut seen = HashSet::new();
    flows.iter().filter(|flow| seen.insert((flow.step, flow.output.as_str()))).cloned().collect()
}

/// Names in one template have to differ.
pub(in crate::plan) fn distinct(flows: &[Flow]) -> Vec<Flow> {
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
pub(in crate::plan) fn slug(name: &str) -> String {
    let plain: String =
        name.chars().map(|c| if c.is_ascii_alphanumeric() { c.to_ascii_lowercase() } else { '_' }).collect();
    let joined = plain.split('_').filter(|part| !part.is_empty()).collect::<Vec<_>>().join("_");
    if joined.starts_with(|c: char| c.is_ascii_digit()) { format!("v{joined}") } else { joined }
}
