//! The person's own agents as blocks: shown with a name of their own, and planned as a step that runs another agent.

use std::borrow::Cow;

use serde::Deserialize;
use serde_json::{Map, Value, json, value::RawValue};
use shared::json::each_element;

use crate::{
    catalogue::{Block, Catalogue, letters, outer_field, special},
    plan::model::{Binding, Plan, Step},
};

/// At most this many agents of a library are looked at, and at most this many shown.
const LOOKED_AT: usize = 500;
const SHOWN: usize = 12;
/// In bytes of JSON: a larger agent is not shown.
const LARGEST: usize = 16 * 1024;
const NAME: &str = "LibraryAgent";

#[derive(Debug, Deserialize)]
struct Listed<'a> {
    graph_id: String,
    #[serde(alias = "version")]
    graph_version: u64,
    name: String,
    #[serde(default)]
    description: Option<String>,
    #[serde(borrow)]
    input_schema: &'a RawValue,
    #[serde(borrow)]
    output_schema: &'a RawValue,
}

#[derive(Debug)]
struct Agent {
    /// What the model knows it by; its id is its name.
    block: Block,
    name: String,
    values: Map<String, Value>,
}

/// The agents that fit a request, as blocks.
#[derive(Debug, Default)]
pub(super) struct Library(Vec<Agent>);

impl Library {
    /// Those whose names and descriptions share most words with what the person wrote, in the order of the list where they
    /// share as many. Entries of another form are skipped, as is everything if no block runs agents.
    pub(super) fn new(catalogue: &Catalogue, agents: Option<&RawValue>, words: &str) -> Self {
        let Some(agents) = agents.filter(|_| catalogue.by_id(special::AGENT_EXECUTOR).is_some()) else {
            return Self::default();
        };
        let wanted: Vec<String> = words.split(|c: char| !c.is_alphanumeric()).map(letters).collect();
        let wanted: std::collections::HashSet<&str> =
            wanted.iter().map(String::as_str).filter(|word| word.chars().count() > 2).collect();
        let whole = letters(words);
        let shared = |text: &str| {
            text.split(|c: char| !c.is_alphanumeric()).filter(|word| wanted.contains(letters(word).as_str())).count()
        };
        let (mut found, mut seen) = (Vec::new(), 0);
        // What is not a list has no agents.
        let _ = each_element(agents.get(), |agent| {
            seen += 1;
            if seen <= LOOKED_AT
                && agent.get().len() <= LARGEST
                && let Ok(listed) = serde_json::from_str::<Listed<'_>>(agent.get())
                && !listed.graph_id.trim().is_empty()
            {
                let name = letters(&listed.name);
                let named = !name.is_empty() && whole.contains(&name);
                let worth = 3 * shared(&listed.name) + shared(listed.description.as_deref().unwrap_or_default());
                found.push((named, worth, listed));
            }
            Ok(())
        });
        found.sort_by_key(|(named, worth, _)| std::cmp::Reverse((*named, *worth)));
        let shown = found.into_iter().take(SHOWN).enumerate();
        Self(shown.filter_map(|(at, (.., listed))| agent(format!("{NAME}{}", at + 1), listed)).collect())
    }

    /// A card for each: that of its block, with the name that the person knows it by.
    pub(super) fn cards(&self) -> Vec<Value> {
        let card = |agent: &Agent| {
            let mut card = json!(super::cards::card(&agent.block, super::cards::Detail::Usual));
            if let Some(card) = card.as_object_mut() {
                card.insert("name".to_owned(), agent.name.clone().into());
            }
            card
        };
        self.0.iter().map(card).collect()
    }

    /// An agent by the name of its block, its own name or its id.
    pub(super) fn block(&self, name: &str) -> Option<&Block> {
        let said = letters(name);
        let bare = said.strip_suffix("block").unwrap_or(&said);
        let by_block = self.0.iter().find(|agent| letters(&agent.block.name) == bare);
        let by_name = || self.0.iter().find(|agent| !said.is_empty() && letters(&agent.name) == said);
        let by_id = || self.0.iter().find(|agent| agent.values.get("graph_id").and_then(Value::as_str) == Some(name));
        by_block.or_else(by_name).or_else(by_id).map(|agent| &agent.block)
    }

    /// Turns the steps of these agents into steps of the block that runs agents: values go into its `inputs`, links to
    /// inputs by the agent's own names. Adds what the agent does not have, or needs, to `faults`.
    pub(super) fn settle(&self, plan: &mut Plan, faults: &mut Vec<String>) {
        let of = |step: &Step| self.0.iter().find(|agent| agent.block.id == step.block);
        let agents: Vec<Option<&Agent>> = plan.steps.iter().map(of).collect();
        for (at, step) in plan.steps.iter_mut().enumerate() {
            for (nth, input) in step.inputs.iter().enumerate() {
                if let Binding::From { step, output } = &input.binding
                    && let Some(agent) = agents.get(*step).copied().flatten()
                    && agent.block.output_type(output).is_none()
                {
                    faults.push(format!("steps[{at}].inputs[{nth}].source.output: not an output of that agent"));
                }
            }
            let Some(agent) = agents.get(at).copied().flatten() else { continue };
            for (nth, input) in step.inputs.iter().enumerate() {
                if agent.block.input_type(&input.name).is_none() || agent.values.contains_key(&input.name) {
                    faults.push(format!("steps[{at}].inputs[{nth}].name: not an input of that agent"));
                }
            }
            for needed in agent.block.required_inputs() {
                if !step.inputs.iter().any(|input| outer_field(&input.name) == needed) {
                    faults.push(format!("steps[{at}].inputs: a required input of that agent is missing"));
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
    }

    /// The same for a new node of a patch; its `input_default` has the agent's own inputs.
    pub(super) fn node(&self, block: &Block, values: Option<Value>) -> Option<Value> {
        let agent = self.0.iter().find(|agent| agent.block.id == block.id)?;
        let mut all = agent.values.clone();
        all.insert("inputs".to_owned(), values.filter(Value::is_object).unwrap_or_else(|| json!({})));
        Some(all.into())
    }
}

fn agent(block: String, listed: Listed<'_>) -> Option<Agent> {
    let schema = |text: &RawValue| serde_json::from_str::<Value>(text.get()).ok().filter(Value::is_object);
    let (inputs, outputs) = (schema(listed.input_schema)?, schema(listed.output_schema)?);
    let does: Cow<'_, str> = listed.description.as_deref().unwrap_or_default().into();
    let text = json!({
        "id": block, "name": block, "description": does, "inputSchema": inputs, "outputSchema": outputs
    });
    let block = Block::from_json(&text.to_string()).ok()?;
    let values = json!({
        // The platform puts in who runs it.
        "user_id": "", "graph_id": listed.graph_id, "graph_version": listed.graph_version, "agent_name": listed.name,
        "inputs": {}, "input_schema": inputs, "output_schema": outputs
    });
    let Value::Object(values) = values else { return None };
    Some(Agent { block, name: listed.name, values })
}
