//! An agent while it is changed: its JSON, and its nodes as steps, so that the planner can add to them.

use std::collections::{HashMap, HashSet};

use serde_json::{Map, Value};

use crate::{
    assembler::{Identities, links, node},
    catalogue::{Catalogue, NESTED},
    knowledge::Knowledge,
    plan::model::{Binding, Input, LeftOut, Step},
};

/// An agent that is being changed. Nodes and links that no change touches stay as they are, byte for byte.
#[derive(Debug)]
pub(super) struct Draft {
    /// The agent, without its nodes and links; their places are kept.
    pub(super) agent: Map<String, Value>,
    nodes: Vec<Value>,
    links: Vec<Value>,
    /// Its nodes as steps, in their order; the ids stand beside them.
    pub(super) steps: Vec<Step>,
    /// The ids of the nodes.
    pub(super) ids: Vec<String>,
    /// What was wished for and is not done.
    pub(super) left_out: Vec<LeftOut>,
    /// Ids that this agent does not have yet.
    identities: Identities,
    /// Links that are inputs of no step, since they come from a node that does not exist.
    dangling: bool,
}

impl Draft {
    /// Reads an agent whose shape the validator has passed.
    pub(super) fn of(mut agent: Map<String, Value>) -> Self {
        let mut list = |key: &str| match agent.get_mut(key).map(Value::take) {
            Some(Value::Array(all)) => all,
            _ => Vec::new(),
        };
        let (nodes, links) = (list("nodes"), list("links"));
        let (ids, steps, dangling) = Self::steps(&nodes, &links);
        let taken = links.iter().filter_map(|link| link.get("id").and_then(Value::as_str));
        let identities = Identities::of(&ids.iter().map(String::as_str).chain(taken).collect::<Vec<_>>().join("\n"));
        Self { agent, nodes, links, steps, ids, left_out: Vec::new(), identities, dangling }
    }

    /// The whole agent again.
    pub(super) fn into_agent(mut self) -> Value {
        self.agent.insert("nodes".to_owned(), self.nodes.into());
        self.agent.insert("links".to_owned(), self.links.into());
        Value::Object(self.agent)
    }

    fn steps(nodes: &[Value], links: &[Value]) -> (Vec<String>, Vec<Step>, bool) {
        let text = |value: &Value, key: &str| value.get(key).and_then(Value::as_str).unwrap_or_default().to_owned();
        let ids: Vec<String> = nodes.iter().map(|node| text(node, "id")).collect();
        let place: HashMap<&str, usize> = ids.iter().enumerate().map(|(at, id)| (id.as_str(), at)).collect();
        let mut steps: Vec<Step> = nodes
            .iter()
            .map(|node| {
                let values = node.get("input_default").and_then(Value::as_object);
                let inputs = values
                    .into_iter()
                    .flatten()
                    .map(|(name, value)| Input { name: name.clone(), binding: Binding::Value(value.clone()) });
                let title =
                    node.pointer("/metadata/customized_name").and_then(Value::as_str).unwrap_or_default().to_owned();
                Step { block: text(node, "block_id"), title, says: String::new(), inputs: inputs.collect() }
            })
            .collect();
        let mut dangling = false;
        for link in links {
            let end = |key: &str| link.get(key).and_then(Value::as_str);
            let (Some(from), Some(to)) =
                (end("source_id").and_then(|id| place.get(id)), end("sink_id").and_then(|id| place.get(id)))
            else {
                dangling = true;
                continue;
            };
            if let (Some(step), Some(name)) = (steps.get_mut(*to), end("sink_name")) {
                let output = end("source_name").unwrap_or_default().to_owned();
                step.inputs.push(Input { name: name.to_owned(), binding: Binding::From { step: *from, output } });
            }
        }
        (ids, steps, dangling)
    }

    /// How a person knows the step.
    pub(super) fn title(&self, catalogue: &Catalogue, at: usize) -> String {
        let Some(step) = self.steps.get(at) else { return String::new() };
        if step.title.is_empty() {
            catalogue.by_id(&step.block).map_or_else(|| step.block.clone(), |block| block.title())
        } else {
            step.title.clone()
        }
    }

    /// The steps that take something from this one, with the input and the output.
    pub(super) fn takers(&self, at: usize) -> Vec<(usize, String, String)> {
        let mut all = Vec::new();
        for (index, step) in self.steps.iter().enumerate() {
            for input in &step.inputs {
                if let Binding::From { step, output } = &input.binding
                    && *step == at
                {
                    all.push((index, input.name.clone(), output.clone()));
                }
            }
        }
        all
    }

    /// For each step, the steps that take something from it.
    pub(super) fn all_takers(&self) -> Vec<Vec<usize>> {
        let mut all = vec![Vec::new(); self.steps.len()];
        for (at, step) in self.steps.iter().enumerate() {
            for input in &step.inputs {
                if let Binding::From { step, .. } = &input.binding
                    && let Some(takers) = all.get_mut(*step)
                {
                    takers.push(at);
                }
            }
        }
        all
    }

    /// Puts a value, or an output of another step, into an input, in the step and in the JSON.
    pub(super) fn bind(&mut self, knowledge: &Knowledge, at: usize, name: &str, binding: Binding) {
        self.unbind(at, name);
        let Some(id) = self.ids.get(at).cloned() else { return };
        match &binding {
            Binding::Value(value) => {
                if let Some(node) = self.nodes.get_mut(at).and_then(Value::as_object_mut) {
                    let values = node.entry("input_default").or_insert_with(|| Value::Object(Map::new()));
                    if values.is_null() {
                        *values = Value::Object(Map::new());
                    }
                    if let Some(values) = values.as_object_mut() {
                        values.insert(name.to_owned(), value.clone());
                    }
                }
            }
            Binding::From { .. } => {
                let part = Step {
                    block: String::new(),
                    title: String::new(),
                    says: String::new(),
                    inputs: vec![Input { name: name.to_owned(), binding: binding.clone() }],
                };
                let fresh = links(&knowledge.catalogue, &part, &id, &self.steps, &self.ids, &mut self.identities);
                self.links.extend(fresh);
            }
        }
        if let Some(step) = self.steps.get_mut(at) {
            step.inputs.push(Input { name: name.to_owned(), binding });
        }
    }

    /// Takes away whatever goes into an input, parts of it included.
    pub(super) fn unbind(&mut self, at: usize, name: &str) {
        let Some(id) = self.ids.get(at).cloned() else { return };
        let part = format!("{name}{NESTED}");
        let same = |other: &str| other == name || other.starts_with(&part);
        let mut linked = self.dangling;
        if let Some(step) = self.steps.get_mut(at) {
            step.inputs.retain(|input| {
                let goes = same(&input.name);
                linked |= goes && matches!(input.binding, Binding::From { .. });
                !goes
            });
        }
        if let Some(values) =
            self.nodes.get_mut(at).and_then(|node| node.get_mut("input_default")).and_then(Value::as_object_mut)
        {
            values.retain(|key, _| !same(key));
        }
        if !linked {
            return;
        }
        let ends = |link: &Value| {
            link.get("sink_id").and_then(Value::as_str) == Some(&id)
                && link.get("sink_name").and_then(Value::as_str).is_some_and(same)
        };
        self.links.retain(|link| !ends(link));
    }

    /// Two nodes change places on the canvas.
    pub(super) fn swap_places(&mut self, one: usize, other: usize) {
        let place = |at: usize| self.nodes.get(at).and_then(|node| node.pointer("/metadata/position")).cloned();
        let (Some(first), Some(second)) = (place(one), place(other)) else { return };
        for (at, place) in [(one, second), (other, first)] {
            if let Some(slot) = self.nodes.get_mut(at).and_then(|node| node.pointer_mut("/metadata/position")) {
                *slot = place;
            }
        }
    }

    /// Takes steps away, with every link that touches them.
    pub(super) fn remove(&mut self, gone: &HashSet<usize>) {
        let lost: HashSet<String> = gone.iter().filter_map(|at| self.ids.get(*at).cloned()).collect();
        let touches = |link: &Value| {
            ["source_id", "sink_id"]
                .iter()
                .any(|key| link.get(*key).and_then(Value::as_str).is_some_and(|id| lost.contains(id)))
        };
        self.links.retain(|link| !touches(link));
        let mut at = 0;
        self.nodes.retain(|_| {
            at += 1;
            !gone.contains(&(at - 1))
        });
        // What is left is read anew: every step has moved up.
        (self.ids, self.steps, self.dangling) = Self::steps(&self.nodes, &self.links);
    }

    /// Adds steps behind the others; their bindings name steps by their place in the longer list.
    pub(super) fn add(&mut self, knowledge: &Knowledge, fresh: Vec<Step>) {
        let from = self.steps.len();
        let below =
            self.nodes.iter().filter_map(|node| node.pointer("/metadata/position/y")?.as_f64()).fold(0.0_f64, f64::max);
        let below = rounded(below);
        let mut columns: Vec<i64> = self
            .nodes
            .iter()
            .map(|node| node.pointer("/metadata/position/x").and_then(Value::as_f64).map_or(0, rounded))
            .collect();
        self.ids.extend(fresh.iter().map(|_| self.identities.next_id()));
        self.steps.extend(fresh.iter().cloned());
        for (offset, step) in fresh.iter().enumerate() {
            let sources = step.inputs.iter().filter_map(|input| match &input.binding {
                Binding::From { step, .. } => columns.get(*step).copied(),
                Binding::Value(_) => None,
            });
            let x = sources.max().map_or(0, |x| x.saturating_add(800));
            columns.push(x);
            // A row of its own for each: whatever stands above stays uncovered.
            let y = below.saturating_add(600 * (1 + i64::try_from(offset).unwrap_or(0)));
            let Some(id) = self.ids.get(from + offset).cloned() else { continue };
            let fresh_links = links(&knowledge.catalogue, step, &id, &self.steps, &self.ids, &mut self.identities);
            self.nodes.push(node(step, &id, (x, y)));
            self.links.extend(fresh_links);
        }
    }
}

fn rounded(x: f64) -> i64 {
    // A wild number is cut to the largest one.
    x.clamp(-1e9, 1e9) as i64
}
