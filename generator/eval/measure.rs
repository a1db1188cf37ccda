//! Measures a planner with the goals in `goals.json`, each with the answer that a person would expect.
//!
//! An answer is as expected if it has the expected kind. An agent must also be valid and have the listed blocks, inputs,
//! values and schedule.

use std::{error::Error, fmt};

use generator::{catalogue::Catalogue, validator};
use serde::Deserialize;
use serde_json::{
    Value, json,
    value::{RawValue, to_raw_value},
};
use shared::{
    failure::{Called, Failure, ModelUse},
    port::{AgentGenerator, DecomposeCall, Decomposition, Draft, Drafted, GenerateCall},
};
use tokio::time::{Duration, Instant};

const GOALS: &str = include_str!("goals.json");
/// More time than in any function: only quality counts here.
const PATIENCE: Duration = Duration::from_secs(120);

/// Blocks that only connect others: a plan may have any number of them.
const BETWEEN: [&str; 7] = [
    "FillTextTemplate",
    "UniversalTypeConverter",
    "StepThroughItems",
    "AddToList",
    "TextSplit",
    "CreateDictionary",
    "FindInDictionary",
];

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Set {
    /// The planner may be tuned on it.
    Tune,
    /// Never looked at while tuning: shows the quality for unseen goals.
    Test,
}

/// A goal and the expected answer.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Goal {
    pub(crate) goal: String,
    pub(crate) set: Set,
    /// `agent`, `vague`, `unachievable` or `question`; several joined by `|` if each is right.
    expect: String,
    /// The working blocks in order, without `Block`: `A|B` if either is right, `A?` if it is optional.
    #[serde(default)]
    blocks: Vec<String>,
    /// A word of the name of each input that the agent must ask for; `a|b` if either is right.
    #[serde(default)]
    inputs: Vec<String>,
    /// Values of the goal that the agent must have somewhere: a text as part of a text, a number as a whole.
    #[serde(default)]
    values: Vec<Value>,
    cron: Option<String>,
    /// The keyword of the expected question.
    about: Option<String>,
}

#[derive(Debug)]
pub(crate) struct Verdict {
    pub(crate) goal: Goal,
    /// Whether the agent is valid; `None` without an agent.
    pub(crate) valid: Option<bool>,
    pub(crate) expected: bool,
    /// What was answered instead.
    pub(crate) instead: String,
    used: Option<ModelUse>,
    /// Why there was no answer.
    failure: Option<Failure>,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Share {
    pub(crate) hits: usize,
    pub(crate) of: usize,
}

impl Share {
    fn count(&mut self, hit: bool) {
        self.hits += usize::from(hit);
        self.of += 1;
    }

    /// False if nothing was counted.
    fn is_at_least(self, percent: usize) -> bool {
        self.of > 0 && self.hits * 100 >= percent * self.of
    }
}

impl fmt::Display for Share {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let percent = (self.hits * 100 + self.of / 2).checked_div(self.of).unwrap_or(0);
        write!(f, "{:>3} of {:>3} ({percent:>3} %)", self.hits, self.of)
    }
}

#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Figures {
    /// Valid agents.
    pub(crate) valid: Share,
    /// Achievable goals that got the expected agent.
    pub(crate) built: Share,
    /// Vague goals recognised as such.
    pub(crate) vague: Share,
    /// Unachievable goals recognised as such.
    pub(crate) unachievable: Share,
    /// Open choices that were asked about.
    pub(crate) asked: Share,
}

impl Figures {
    /// The promises for the rules that these figures break.
    pub(crate) fn broken_promises(&self) -> Vec<String> {
        let promises = [
            ("of the agents must be valid", self.valid, 100),
            ("of the goals must get the agent that was meant", self.built, 80),
            ("of the vague goals must be recognised", self.vague, 90),
            ("of the unachievable goals must be recognised", self.unachievable, 90),
            ("of the open choices must be asked about", self.asked, 80),
        ];
        let broken = promises.into_iter().filter(|(_, share, percent)| !share.is_at_least(*percent));
        broken.map(|(what, share, percent)| format!("{percent} % {what}:{share}")).collect()
    }
}

pub(crate) async fn measured(planner: &dyn AgentGenerator) -> Result<Vec<Verdict>, Box<dyn Error>> {
    let catalogue = Catalogue::embedded()?;
    let mut verdicts = Vec::new();
    for goal in serde_json::from_str::<Vec<Goal>>(GOALS)? {
        verdicts.push(judge(planner, &catalogue, goal).await);
    }
    Ok(verdicts)
}

/// What went wrong in the tuning set. The test set stays hidden from those who tune.
pub(crate) fn misses(verdicts: &[Verdict]) -> Vec<String> {
    let missed = verdicts.iter().filter(|verdict| verdict.goal.set == Set::Tune && !verdict.expected);
    missed.map(|verdict| format!("{}\n  {}", verdict.goal.goal, verdict.instead)).collect()
}

pub(crate) fn failures(verdicts: &[Verdict]) -> Vec<&Failure> {
    verdicts.iter().filter_map(|verdict| verdict.failure.as_ref()).collect()
}

/// Tokens of all goals together.
pub(crate) fn used(verdicts: &[Verdict]) -> Option<ModelUse> {
    verdicts.iter().fold(None, |all, verdict| sum(all, verdict.used.clone()))
}

fn sum(mut all: Option<ModelUse>, more: Option<ModelUse>) -> Option<ModelUse> {
    if let Some(more) = more {
        all.get_or_insert_default().add(more);
    }
    all
}

pub(crate) fn figures(verdicts: &[Verdict], set: Option<Set>) -> Figures {
    let mut figures = Figures::default();
    for verdict in verdicts.iter().filter(|verdict| set.is_none_or(|set| set == verdict.goal.set)) {
        if let Some(valid) = verdict.valid {
            figures.valid.count(valid);
        }
        match verdict.goal.expect.split('|').next().unwrap_or_default() {
            "agent" => figures.built.count(verdict.expected),
            "vague" => figures.vague.count(verdict.expected),
            "unachievable" => figures.unachievable.count(verdict.expected),
            _ => figures.asked.count(verdict.expected),
        }
    }
    figures
}

async fn judge(planner: &dyn AgentGenerator, catalogue: &Catalogue, goal: Goal) -> Verdict {
    let call = DecomposeCall { description: &goal.goal, context: None, library_agents: None, operation: None };
    let Called { result, model: used, .. } = planner.decompose(call, Instant::now() + PATIENCE).await;
    let (kind, instead) = match result {
        Ok(Decomposition::Instructions { steps, .. }) => {
            let verdict = build(planner, catalogue, goal, &steps).await;
            return Verdict { used: sum(used, verdict.used.clone()), ..verdict };
        }
        Ok(Decomposition::ClarifyingQuestions(questions)) => {
            let keywords: Vec<&str> = questions.iter().map(|question| question.keyword.as_str()).collect();
            let right = goal.about.as_deref().is_none_or(|about| keywords == [about]);
            (if right { "question" } else { "another question" }, format!("asked about {keywords:?}"))
        }
        Ok(Decomposition::UnachievableGoal { reason, .. }) => ("unachievable", format!("unachievable: {reason:?}")),
        Ok(Decomposition::VagueGoal { .. }) => ("vague", "vague".to_owned()),
        Err(failure) => {
            let instead = format!("failed: {failure:?}");
            return Verdict { valid: None, expected: false, instead, goal, used, failure: Some(failure) };
        }
    };
    let expected = goal.expect.split('|').any(|expected| expected == kind);
    Verdict { valid: None, expected, instead, goal, used, failure: None }
}

async fn build(planner: &dyn AgentGenerator, catalogue: &Catalogue, goal: Goal, steps: &RawValue) -> Verdict {
    let instructions = to_raw_value(&json!({"type": "instructions", "steps": steps}));
    let (drafted, used) = match &instructions {
        Ok(instructions) => {
            let call = GenerateCall { instructions, library_agents: None, operation: None };
            let called = planner.generate(call, Instant::now() + PATIENCE).await;
            (called.result.map_err(|failure| format!("{failure:?}")), called.model)
        }
        Err(error) => (Err(error.to_string()), None),
    };
    let agent = drafted.and_then(|draft| match draft {
        Drafted::Now(Draft::Agent(agent, _)) => {
            serde_json::from_str::<Value>(agent.get()).map_err(|error| error.to_string())
        }
        Drafted::HandedOver => Err("taken over, though no operation was named".to_owned()),
        Drafted::Now(Draft::ClarifyingQuestions(questions)) => {
            Err(format!("asked only while generating: {questions:?}"))
        }
    });
    let agent = match agent {
        Ok(agent) => agent,
        Err(instead) => return Verdict { valid: Some(false), expected: false, instead, goal, used, failure: None },
    };
    let faults = validator::faults(catalogue, &agent);
    let wrong = differences(catalogue, &goal, &agent);
    let instead = wrong.iter().chain(&faults).cloned().collect::<Vec<_>>().join("; ");
    let meant = goal.expect.split('|').any(|expected| expected == "agent");
    let expected = meant && instead.is_empty();
    Verdict { valid: Some(faults.is_empty()), expected, instead, goal, used, failure: None }
}

/// How the agent differs from the expected one.
fn differences(catalogue: &Catalogue, goal: &Goal, agent: &Value) -> Vec<String> {
    let nodes = agent.get("nodes").and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
    let block = |node: &Value| catalogue.by_id(node.get("block_id")?.as_str()?);
    let working: Vec<&str> = nodes
        .iter()
        .filter_map(block)
        .filter(|block| !block.is_agent_input() && !block.is_agent_output())
        .map(|block| block.name.trim_end_matches("Block"))
        .filter(|name| !BETWEEN.contains(name) || goal.blocks.iter().any(|wanted| wanted == name))
        .collect();
    let mut wrong = Vec::new();
    if !in_order(&goal.blocks, &working) {
        wrong.push(format!("blocks {working:?}, not {:?}", goal.blocks));
    }
    let name = |node: &Value| Some(node.pointer("/input_default/name")?.as_str()?.to_lowercase());
    let asking = nodes.iter().filter(|node| block(node).is_some_and(|block| block.is_agent_input()));
    let mut asked: Vec<String> = asking.filter_map(name).collect();
    for wanted in &goal.inputs {
        match asked.iter().position(|asked| wanted.split('|').any(|word| asked.contains(word))) {
            Some(at) => drop(asked.swap_remove(at)),
            None => wrong.push(format!("does not ask for {wanted}, but {asked:?}")),
        }
    }
    for value in &goal.values {
        if !nodes.iter().filter_map(|node| node.get("input_default")).any(|inputs| holds(inputs, value)) {
            wrong.push(format!("{value} is lost"));
        }
    }
    let cron = agent.get("recommended_schedule_cron").and_then(Value::as_str);
    if goal.cron.as_deref() != cron && goal.cron.is_some() {
        wrong.push(format!("runs at {cron:?}, not {:?}", goal.cron));
    }
    wrong
}

fn holds(place: &Value, value: &Value) -> bool {
    match (place, value) {
        (Value::Object(parts), _) => parts.values().any(|part| holds(part, value)),
        (Value::Array(parts), _) => parts.iter().any(|part| holds(part, value)),
        (Value::String(text), Value::String(wanted)) => text.to_lowercase().contains(&wanted.to_lowercase()),
        (Value::String(text), Value::Number(wanted)) => text.trim().parse::<f64>().ok() == wanted.as_f64(),
        (Value::Number(number), Value::Number(wanted)) => number.as_f64() == wanted.as_f64(),
        _ => false,
    }
}

/// `working` are exactly the wanted blocks, in order.
fn in_order(wanted: &[String], working: &[&str]) -> bool {
    let Some((first, rest)) = wanted.split_first() else { return working.is_empty() };
    let (names, optional) = first.strip_suffix('?').map_or((first.as_str(), false), |names| (names, true));
    let fits = working.split_first().filter(|(name, _)| names.split('|').any(|wanted| wanted == **name));
    fits.is_some_and(|(_, others)| in_order(rest, others)) || (optional && in_order(rest, working))
}
