//! The person's own agents as blocks: shown with a name of their own, and planned as a step that runs another agent.

use serde_json::{Map, Value, json, value::RawValue};

use crate::{
    catalogue::{Block, Catalogue, letters, outer_field, special},
    plan::model::{Binding, Input, Plan, Step},
    sub_agents::{SubAgent, SubAgents},
};

/// At most this many are shown.
const SHOWN: usize = 12;

/// What a step asks of an agent that does not have it, or does not give it.
#[derive(Debug)]
pub(super) struct Misuse {
    /// Counted from 0.
    pub(super) step: usize,
    /// Its name.
    pub(super) input: Option<String>,
    pub(super) part: &'static str,
    pub(super) message: &'static str,
}

/// The agents that fit a request, as blocks.
#[derive(Debug, Default)]
pub(crate) struct Library(SubAgents);

impl Library {
    /// None if no block runs agents. `within` is the id of the agent that they become parts of.
    pub(crate) fn new(catalogue: &Catalogue, agents: Option<&RawValue>, words: &str, within: Option<&str>) -> Self {
        let agents = agents.filter(|_| catalogue.by_id(special::AGENT_EXECUTOR).is_some());
        Self(agents.map(|agents| SubAgents::offered(agents, words, within)).unwrap_or_default())
    }

    fn shown(&self) -> impl Iterator<Item = &SubAgent> {
        self.0.iter().take(SHOWN)
    }

    /// A card for each: that of its block, with the name that the person knows it by.
    pub(super) fn cards(&self) -> Vec<Value> {
        let card = |agent: &SubAgent| {
            let mut card = json!(super::cards::card(&agent.block, super::cards::Detail::Usual));
            if let Some(card) = card.as_object_mut() {
                card.insert("name".to_owned(), agent.name.clone().into());
            }
            card
        };
        self.shown().map(card).collect()
    }

    /// An agent by the name of its block, its own name or its id.
    pub(super) fn block(&self, name: &str) -> Option<&Block> {
        let said = letters(name);
        let bare = said.strip_suffix("block").unwrap_or(&said);
        let by_block = self.shown().find(|agent| letters(&agent.block.name) == bare);
        let by_name = || self.0.called(name);
        let by_id = || self.shown().find(|agent| agent.values.get("graph_id").and_then(Value::as_str) == Some(name));
        by_block.or_else(by_name).or_else(by_id).map(|agent| &agent.block)
    }

    /// Turns the steps of these agents into steps of the block that runs agents: values go into its `inputs`, links to
    /// inputs by the agent's own names. Lists what the agent does not have, or needs.
    pub(super) fn settle(&self, plan: &mut Plan) -> Vec<Misuse> {
        let mut faults = Vec::new();
        let of = |step: &Step| self.0.iter().find(|agent| agent.block.id == step.block);
        let agents: Vec<Option<&SubAgent>> = plan.steps.iter().map(of).collect();
        for (at, step) in plan.steps.iter_mut().enumerate() {
            let misuse = |input: Option<&Input>, part, message| Misuse {
                step: at,
                input: input.map(|input| input.name.clone()),
                part,
                message,
            };
            for input in &step.inputs {
                if let Binding::From { step, output } = &input.binding
                    && let Some(agent) = agents.get(*step).copied().flatten()
                    && agent.block.output_type(output).is_none()
                {
                    faults.push(misuse(Some(input), "source.output", "not an output of that agent"));
                }
            }
            let Some(agent) = agents.get(at).copied().flatten() else { continue };
            for input in &step.inputs {
                if agent.block.input_type(&input.name).is_none() || agent.values.contains_key(&input.name) {
                    faults.push(misuse(Some(input), "name", "not an input of that agent"));
                }
            }
            for needed in agent.block.required_inputs() {
                if !step.inputs.iter().any(|input| outer_field(&input.name) == needed) {
                    faults.push(misuse(None, "inputs", "a required input of that agent is missing"));
                }
            }
            let (given, linked): (Vec<_>, Vec<_>) = std::mem::take(&mut step.inputs)
                .into_iter()
                .partition(|input| matches!(input.binding, Binding::Value(_)));
            let values = given.into_iter().filter_map(|input| match input.binding {
                Binding::Value(value) => Some((input.name, value)),
                Binding::From { .. } => None,
            });
            let values: Map<String, Value> = values.collect();
            special::AGENT_EXECUTOR.clone_into(&mut step.block);
            step.inputs = linked;
            agent.values.iter().for_each(|(name, value)| step.bind(name, Binding::Value(value.clone())));
            step.bind("inputs", Binding::Value(values.into()));
        }
        faults
    }

    /// The same for a new node of a patch; its `input_default` has the agent's own inputs.
    pub(super) fn node(&self, block: &Block, values: Option<Value>) -> Option<Value> {
        let agent = self.0.iter().find(|agent| agent.block.id == block.id)?;
        let mut all = agent.values.clone();
        all.insert("inputs".to_owned(), values.filter(Value::is_object).unwrap_or_else(|| json!({})));
        Some(all.into())
    }
}
