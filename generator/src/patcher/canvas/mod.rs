//! An agent while it is changed: its JSON, and its nodes as steps, so that the planner can add to them. What comes before
//! what is told by the links alone: the order of the `nodes` means nothing.

mod blanks;
mod flow;
mod names;
mod portion;
mod splice;
pub(super) mod words;

use std::{
    cell::OnceCell,
    collections::{HashMap, HashSet},
    rc::Rc,
};

use serde_json::{Map, Value};

use self::names::Names;
pub(super) use self::{flow::Link, portion::Portion};
use crate::{
    assembler::{Identities, links, node},
    catalogue::{Block, NESTED},
    knowledge::Knowledge,
    plan::model::{Binding, Input, Step},
    text::shortened,
};

/// An agent that is being changed. Nodes and links that no change touches stay as they are, byte for byte.
#[derive(Debug, Clone)]
pub(super) struct Canvas<'k> {
    pub(super) known: &'k Knowledge,
    /// The agent, without its nodes and links; their places are kept.
    pub(super) agent: Map<String, Value>,
    nodes: Vec<Value>,
    links: Vec<Value>,
    /// Its nodes as steps, in their order; the ids stand beside them.
    pub(super) steps: Vec<Step>,
    /// The ids of the nodes.
    pub(super) ids: Vec<String>,
    /// What was made otherwise than it was asked for, and why.
    pub(super) told: Vec<String>,
    /// A step was asked to take the place of another, which is gone.
    pub(super) exchanged: bool,
    /// Ids that this agent does not have yet.
    identities: Identities,
    /// Links that are inputs of no step, since they come from a node that does not exist.
    dangling: bool,
    /// What people call each step, once somebody asks.
    names: OnceCell<Vec<Rc<Names>>>,
    /// The order of the flow, until a step or a link changes.
    order: OnceCell<Vec<usize>>,
}

impl<'k> Canvas<'k> {
    /// Reads an agent whose shape the validator has passed.
    pub(super) fn of(known: &'k Knowledge, mut agent: Map<String, Value>) -> Self {
        let mut list = |key: &str| match agent.get_mut(key).map(Value::take) {
            Some(Value::Array(all)) => all,
            _ => Vec::new(),
        };
        let (nodes, links) = (list("nodes"), list("links"));
        let (ids, steps, dangling) = Self::steps(&nodes, &links);
        let taken = links.iter().filter_map(|link| link.get("id").and_then(Value::as_str));
        let mut taken: Vec<&str> = ids.iter().map(String::as_str).chain(taken).collect();
        // The same agent gets the same ids, however its nodes are listed.
        taken.sort_unstable();
        let identities = Identities::of(&taken.join("\n"));
        Self {
            known,
            agent,
            nodes,
            links,
            steps,
            ids,
            told: Vec::new(),
            exchanged: false,
            identities,
            dangling,
            names: OnceCell::new(),
            order: OnceCell::new(),
        }
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
        let mut ends: Vec<(usize, &str, usize, &str)> = Vec::with_capacity(links.len());
        for link in links {
            let end = |key: &str| link.get(key).and_then(Value::as_str);
            let at = |key: &str| end(key).and_then(|id| place.get(id)).copied();
            match (at("source_id"), at("sink_id"), end("sink_name")) {
                (Some(from), Some(to), Some(name)) => {
                    ends.push((from, end("source_name").unwrap_or_default(), to, name))
                }
                _ => dangling = true,
            }
        }
        // In one order, however the links are listed: as their sources stand on the canvas.
        ends.sort_by_cached_key(|(from, output, _, name)| {
            let source = nodes.get(*from);
            let number = |axis: &str| source.and_then(|node| node.pointer(axis)?.as_f64()).map_or(0, rounded);
            (
                number("/metadata/position/x"),
                number("/metadata/position/y"),
                (*name).to_owned(),
                (*output).to_owned(),
                ids.get(*from).cloned(),
            )
        });
        for (from, output, to, name) in ends {
            if let Some(step) = steps.get_mut(to) {
                let binding = Binding::From { step: from, output: output.to_owned() };
                step.inputs.push(Input { name: name.to_owned(), binding });
            }
        }
        (ids, steps, dangling)
    }

    /// How a person knows the step.
    pub(super) fn title(&self, at: usize) -> String {
        let Some(step) = self.steps.get(at) else { return String::new() };
        // An input or output of the agent goes by its name.
        if self.is_door(at)
            && let Some(name) = self.value(at, "name").and_then(Value::as_str)
        {
            return shortened(name, 60);
        }
        let title = match (step.title.as_str(), self.block(at)) {
            ("", Some(block)) => block.title(),
            // A node of a block that is not known goes by its own name.
            ("", None) => self.ids.get(at).cloned().unwrap_or_default(),
            (title, _) => title.to_owned(),
        };
        shortened(&title, 60)
    }

    pub(super) fn block(&self, at: usize) -> Option<&'k Block> {
        self.known.catalogue.by_id(&self.steps.get(at)?.block)
    }

    pub(super) fn is(&self, at: usize, what: impl Fn(&Block) -> bool) -> bool {
        self.block(at).is_some_and(what)
    }

    /// The value that stands in an input.
    pub(super) fn value(&self, at: usize, name: &str) -> Option<&Value> {
        match self.steps.get(at)?.binding(name)? {
            Binding::Value(value) => Some(value),
            Binding::From { .. } => None,
        }
    }

    /// Puts a value, or an output of another step, into an input, in the step and in the JSON.
    pub(super) fn bind(&mut self, at: usize, name: &str, binding: Binding) {
        self.take_away(at, name, matches!(binding, Binding::Value(_)));
        let Some(id) = self.ids.get(at).cloned() else { return };
        self.order = OnceCell::new();
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
                let fresh = links(&self.known.catalogue, &part, &id, &self.steps, &self.ids, &mut self.identities);
                self.links.extend(fresh);
            }
        }
        if let Some(step) = self.steps.get_mut(at) {
            step.inputs.push(Input { name: name.to_owned(), binding });
        }
        if name == "name" && self.is_door(at) {
            self.named_anew(at);
        }
    }

    /// Takes away whatever goes into an input, parts of it included.
    pub(super) fn unbind(&mut self, at: usize, name: &str) {
        self.take_away(at, name, false);
    }

    /// `stays`: the value itself, whose place among the others another takes.
    fn take_away(&mut self, at: usize, name: &str, stays: bool) {
        let Some(id) = self.ids.get(at).cloned() else { return };
        self.order = OnceCell::new();
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
            values.retain(|key, _| !same(key) || stays && key == name);
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

    /// What people call each step.
    pub(super) fn names(&self) -> &[Rc<Names>] {
        self.names.get_or_init(|| self.all_names())
    }

    fn names_of(&self, at: usize) -> Names {
        Names::of(self.known, &self.title(at), self.block(at), self.thinks(at))
    }

    /// Steps of one block and title go by the same names.
    fn all_names(&self) -> Vec<Rc<Names>> {
        let mut same: HashMap<(&str, &str), Rc<Names>> = HashMap::new();
        let name = |at: usize| {
            let key = self.steps.get(at).map_or(("", ""), |step| (step.block.as_str(), step.title.as_str()));
            if key == ("", "") || self.is_door(at) || self.block(at).is_none() {
                return Rc::new(self.names_of(at));
            }
            same.entry(key).or_insert_with(|| Rc::new(self.names_of(at))).clone()
        };
        (0..self.steps.len()).map(name).collect()
    }

    /// Every step behind those it takes something from; else as the canvas shows them, left to right.
    pub(super) fn order(&self) -> &[usize] {
        self.order.get_or_init(|| self.in_order())
    }

    /// Gives a step another name.
    pub(super) fn rename(&mut self, at: usize, title: &str) {
        let Some(node) = self.nodes.get_mut(at).and_then(Value::as_object_mut) else { return };
        let metadata = node.entry("metadata").or_insert_with(|| Value::Object(Map::new()));
        if let Some(metadata) = metadata.as_object_mut() {
            metadata.insert("customized_name".to_owned(), title.into());
        }
        if let Some(step) = self.steps.get_mut(at) {
            step.title = title.to_owned();
        }
        self.order = OnceCell::new();
        self.named_anew(at);
    }

    fn named_anew(&mut self, at: usize) {
        let fresh = Rc::new(self.names_of(at));
        if let Some(names) = self.names.get_mut().and_then(|names| names.get_mut(at)) {
            *names = fresh;
        }
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
        self.order = OnceCell::new();
        if let Some(names) = self.names.get_mut() {
            let mut at = 0;
            names.retain(|_| {
                at += 1;
                !gone.contains(&(at - 1))
            });
        }
        let blanked = self.blanked(gone);
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
        self.fill_in(blanked);
    }

    /// Adds steps behind the others; their bindings name steps by their place in the longer list.
    pub(super) fn add(&mut self, fresh: Vec<Step>) {
        self.order = OnceCell::new();
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
            let fresh_links = links(&self.known.catalogue, step, &id, &self.steps, &self.ids, &mut self.identities);
            self.nodes.push(node(step, &id, (x, y)));
            self.links.extend(fresh_links);
        }
        let fresh: Vec<Rc<Names>> = (from..self.steps.len()).map(|at| Rc::new(self.names_of(at))).collect();
        if let Some(names) = self.names.get_mut() {
            names.extend(fresh);
        }
    }
}

fn rounded(x: f64) -> i64 {
    // A wild number is cut to the largest one.
    x.clamp(-1e9, 1e9) as i64
}
