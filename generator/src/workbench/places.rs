//! Where in a plan a fault lies that was found in the agent made of it.

use super::{form::Read, nearest};
use crate::{
    catalogue::{Block, outer_field},
    knowledge::Knowledge,
    llm::{plan_form::Outline, slip::Wrong},
    validator::{Fault, Graph, NO_END, NO_START, Place},
};

/// The steps of a plan are the first nodes of its agent; converters that the fixer adds follow.
pub(super) struct Places<'p> {
    graph: &'p Graph<'p>,
    read: &'p Read,
    outline: &'p Outline,
    /// What the steps of unknown blocks may have meant.
    meant: Vec<&'p Block>,
}

impl<'p> Places<'p> {
    pub(super) fn new(knowledge: &'p Knowledge, graph: &'p Graph<'p>, read: &'p Read, outline: &'p Outline) -> Self {
        let said = outline.slips.iter().filter_map(|slip| match &slip.wrong {
            Wrong::Block(said) => Some(said.as_str()),
            _ => None,
        });
        let meant = said.take(20).flat_map(|said| nearest::blocks(knowledge, said, "")).collect();
        Self { graph, read, outline, meant }
    }

    /// Whether the fault only follows from another problem, so that it will be gone with it, or is told by one.
    pub(super) fn explains(&self, rule: &str, fault: &Fault) -> bool {
        let any = |is: &dyn Fn(&Wrong) -> bool| self.outline.slips.iter().any(|slip| is(&slip.wrong));
        match (rule, &fault.place) {
            ("known_blocks", _) => true,
            ("required_inputs", Place::Input { node, name }) => {
                self.input(*node, name).is_some() || self.is_misspelt(*node, name) || self.are_inputs_lost(*node)
            }
            ("connected", _) => {
                any(&|wrong| matches!(wrong, Wrong::Block(_) | Wrong::Step(..) | Wrong::NoOutput(_)))
                    || self.read.is_lost_within("steps[")
            }
            ("sub_agents", _) => any(&|wrong| matches!(wrong, Wrong::Agent(_))),
            ("starts_and_ends", _) => {
                let meant = |is: fn(&Block) -> bool| self.meant.iter().any(|block| is(block));
                (fault.text == NO_START && meant(Block::starts_agent))
                    || (fault.text == NO_END && meant(Block::is_agent_output))
                    || (0..self.outline.plan.steps.len())
                        .any(|step| self.read.is_lost_around(&format!("steps[{step}]")))
            }
            _ => false,
        }
    }

    fn are_inputs_lost(&self, step: usize) -> bool {
        let inputs = format!("steps[{step}].inputs");
        self.read.is_lost_around(&inputs) || self.read.is_lost_within(&inputs)
    }

    /// Whether the step gives an input under a name that is none, and nearest to this one.
    fn is_misspelt(&self, step: usize, name: &str) -> bool {
        let Some(block) = self.graph.nodes.get(step).and_then(|node| node.block) else { return false };
        let given = self.outline.given.get(step).into_iter().flatten();
        let names = || block.input_schema().properties.iter().map(|(name, _)| name);
        given
            .filter(|(_, given)| block.input_type(given).is_none())
            .any(|(_, given)| nearest::fields(names(), outer_field(given)).first() == Some(&name))
    }

    pub(super) fn path(&self, rule: &str, fault: &Fault) -> String {
        let step = |node: usize| {
            let own = node < self.outline.plan.steps.len();
            if own { format!("steps[{node}]") } else { "steps".to_owned() }
        };
        let input = |node: usize, name: &str, part: &str| match self.input(node, name) {
            Some(nth) => format!("{}.inputs[{nth}].{part}", step(node)),
            None => format!("{}.inputs", step(node)),
        };
        let into = |link: usize, part: &str| {
            let sink = self.graph.links.get(link).and_then(|link| Some((self.graph.position(link.sink)?, link.input)));
            sink.map_or_else(|| "steps".to_owned(), |(node, name)| input(node, name, part))
        };
        match &fault.place {
            Place::Agent | Place::List(_) => "steps".to_owned(),
            Place::Node(at) => step(*at),
            Place::Input { node, name } => {
                let block = self.graph.nodes.get(*node).and_then(|node| node.block);
                let is_known = block.is_some_and(|block| block.input_type(name).is_some());
                input(*node, name, if rule == "values" && !is_known { "name" } else { "value" })
            }
            Place::Link(link) => into(*link, "source"),
            Place::LinkKey { link, key: "sink_id" | "sink_name" } => into(*link, "name"),
            Place::LinkKey { link, key: "source_name" } => into(*link, "source.output"),
            Place::LinkKey { link, .. } => into(*link, "source"),
        }
    }

    /// Which input of the step was given under this name, or as a part of it.
    fn input(&self, step: usize, name: &str) -> Option<usize> {
        let given = self.outline.given.get(step)?;
        let of = |is: &dyn Fn(&str) -> bool| given.iter().find(|(_, given)| is(given)).map(|(nth, _)| *nth);
        of(&|given| given == name).or_else(|| of(&|given| outer_field(given) == outer_field(name)))
    }
}

/// The place in a plan of a repair of its agent.
pub(super) fn repaired(outline: &Outline, path: &str) -> String {
    let node = path.strip_prefix("nodes[").and_then(|rest| rest.split_once(']'));
    let Some((at, rest)) = node.and_then(|(at, rest)| Some((at.parse::<usize>().ok()?, rest))) else {
        return "steps".to_owned();
    };
    let Some(given) = outline.given.get(at) else { return "steps".to_owned() };
    let name = rest.strip_prefix(".input_default.");
    match name.and_then(|name| given.iter().find(|(_, given)| outer_field(given) == name)) {
        Some((nth, _)) => format!("steps[{at}].inputs[{nth}].value"),
        None if name.is_some() => format!("steps[{at}].inputs"),
        None => format!("steps[{at}]"),
    }
}
