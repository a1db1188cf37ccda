//! Plans one goal, builds its agent, and compares both with what is right.

use std::{collections::BTreeSet, error::Error};

use generator::{catalogue::Catalogue, validator};
use serde_json::{Value, value::RawValue};
use shared::{
    failure::{Called, Failure, ModelUse},
    port::{AgentGenerator, DecomposeCall, Draft, Drafted, GenerateCall},
    success::Success,
};
use tokio::time::{Duration, Instant};

use super::{
    drops::{Covered, Vocabulary},
    found::{lost, names_one},
    goal::{Goal, Kind, Wanted},
};

/// More time than in any function: only quality counts here.
pub(super) const PATIENCE: Duration = Duration::from_secs(120);
/// How the ten largest languages, and some more, call English.
const ENGLISH: [&str; 15] = [
    "english",
    "englisch",
    "anglais",
    "inglés",
    "inglês",
    "inglese",
    "англий",
    "英語",
    "英语",
    "英文",
    "영어",
    "अंग्रेज",
    "engels",
    "angielsk",
    "ingiliz",
];
/// A block with such a word in its name, and an account, changes something outside.
const ACTS: [&str; 14] = [
    "Send", "Post", "Publish", "Reply", "Create", "Make", "Add", "Append", "Insert", "Write", "Update", "Delete",
    "Merge", "Forward",
];

#[derive(Debug)]
pub(crate) struct Verdict {
    pub(crate) goal: Goal,
    /// `None` if there was no answer.
    pub(crate) kind: Option<Kind>,
    pub(crate) kind_right: bool,
    /// The agent, if one was wanted and built.
    pub(crate) agent: Option<Checks>,
    /// Whether the agent is valid; `None` without an agent.
    pub(crate) valid: Option<bool>,
    /// What the refusal or the question says is what it must say; `None` if nothing in particular.
    pub(crate) said: Option<bool>,
    pub(crate) took: Duration,
    /// What is wrong, in words.
    pub(crate) wrong: Vec<String>,
    pub(crate) used: Option<ModelUse>,
    /// Why there was no answer.
    pub(crate) failure: Option<Failure>,
}

/// `None` if the goal says nothing about it.
#[derive(Debug)]
pub(crate) struct Checks {
    pub(crate) blocks: Option<bool>,
    pub(crate) cron: Option<bool>,
    /// Values and inputs.
    pub(crate) values: Option<bool>,
    /// `left_out` names what it must.
    pub(crate) left_out: Option<bool>,
    /// Acts outside that the goal does not ask for.
    pub(crate) unasked: Vec<String>,
    pub(crate) covered: Covered,
}

impl Verdict {
    /// All that the goal says about its answer holds. Drops and unasked acts are counted apart.
    pub(crate) fn right(&self) -> bool {
        let agent = self.agent.as_ref().is_none_or(|checks| {
            [checks.blocks, checks.cron, checks.values, checks.left_out].iter().all(|check| *check != Some(false))
        });
        self.kind_right && agent && self.valid != Some(false) && self.said != Some(false)
    }

    pub(crate) fn miss(&self) -> Option<String> {
        let dropped = self.agent.as_ref().map(|checks| checks.covered.dropped.join(", ")).unwrap_or_default();
        if self.wrong.is_empty() && dropped.is_empty() {
            return None;
        }
        let mut lines = vec![format!("{} {}", self.goal.id, self.goal.goal.replace('\n', " / "))];
        lines.extend(self.wrong.iter().map(|wrong| format!("  wrong: {wrong}")));
        if !dropped.is_empty() {
            lines.push(format!("  dropped: {dropped}"));
        }
        Some(lines.join("\n"))
    }
}

pub(crate) struct Judge<'a> {
    planner: &'a dyn AgentGenerator,
    catalogue: Catalogue,
    vocabulary: Vocabulary,
}

impl<'a> Judge<'a> {
    /// `listed` is the catalogue, as the planner lists it.
    pub(crate) fn new(planner: &'a dyn AgentGenerator, listed: &str) -> Result<Self, Box<dyn Error>> {
        let catalogue = Catalogue::from_json(listed)?;
        let vocabulary = Vocabulary::new(&catalogue);
        Ok(Self { planner, catalogue, vocabulary })
    }

    pub(crate) async fn judge(&self, goal: Goal) -> Verdict {
        let call = DecomposeCall { description: &goal.goal, context: None, library_agents: None, operation: None };
        let begun = Instant::now();
        let Called { result, model, .. } = self.planner.decompose(call, begun + PATIENCE).await;
        let mut verdict = Verdict {
            took: begun.elapsed(),
            goal,
            kind: None,
            kind_right: false,
            agent: None,
            valid: None,
            said: None,
            wrong: Vec::new(),
            used: model,
            failure: None,
        };
        let decomposition = match result {
            Ok(decomposition) => decomposition,
            Err(failure) => {
                verdict.wrong.push(format!("no answer: {failure:?}"));
                verdict.failure = Some(failure);
                return verdict;
            }
        };
        // What a client gets.
        match Success::from(decomposition).body(None).and_then(RawValue::from_string) {
            Ok(body) => self.compare(&mut verdict, &body).await,
            Err(error) => verdict.wrong.push(format!("an answer without a body: {error}")),
        }
        verdict
    }

    async fn compare(&self, verdict: &mut Verdict, body: &RawValue) {
        let answer: Value = serde_json::from_str(body.get()).unwrap_or_default();
        let kind = match answer.get("type").and_then(Value::as_str) {
            Some("instructions") => Kind::Agent,
            Some("clarifying_questions") => Kind::Ask,
            Some("unachievable_goal") => Kind::Refuse,
            _ => Kind::Vague,
        };
        let foreign = verdict.goal.wanted.allows(Kind::Language);
        let says_english = || ENGLISH.iter().any(|english| body.get().to_lowercase().contains(english));
        let wanted = match &verdict.goal.if_understood {
            Some(wanted) if foreign && kind == Kind::Agent => wanted.clone(),
            _ => verdict.goal.wanted.clone(),
        };
        verdict.kind = Some(kind);
        verdict.kind_right = wanted.allows(kind) || (foreign && kind != Kind::Agent && says_english());
        if !verdict.kind_right {
            verdict.wrong.push(format!("answered {kind:?}, not {:?}: {}", wanted.answer, said(&answer)));
        }
        match kind {
            Kind::Agent => self.compare_agent(verdict, &wanted, &answer, body).await,
            Kind::Refuse if verdict.kind_right && !wanted.names.is_empty() => {
                let named = names_one(&wanted.names, &said(&answer));
                verdict.said = Some(named);
                if !named {
                    verdict.wrong.push(format!("does not name {:?}: {}", wanted.names, said(&answer)));
                }
            }
            Kind::Ask if verdict.kind_right => verdict.said = self.asked(&mut verdict.wrong, &verdict.goal, &answer),
            _ => {}
        }
    }

    fn asked(&self, wrong: &mut Vec<String>, goal: &Goal, answer: &Value) -> Option<bool> {
        let about = goal.about.as_deref()?;
        let questions = answer.get("questions").and_then(Value::as_array)?;
        let keywords: Vec<&str> = questions.iter().filter_map(|question| question.get("keyword")?.as_str()).collect();
        let right = keywords == [about];
        if !right {
            wrong.push(format!("asks about {keywords:?}, not {about}"));
        }
        Some(right)
    }

    async fn compare_agent(&self, verdict: &mut Verdict, wanted: &Wanted, answer: &Value, body: &RawValue) {
        let (agent, model) = self.build(body).await;
        if let Some(model) = model {
            verdict.used.get_or_insert_default().add(model);
        }
        let agent = match agent {
            Ok(agent) => agent,
            Err(fault) => {
                verdict.valid = Some(false);
                verdict.wrong.push(fault);
                return;
            }
        };
        let faults = validator::faults(&self.catalogue, &agent);
        verdict.valid = Some(faults.is_empty());
        verdict.wrong.extend(faults.into_iter().map(|fault| format!("not valid: {fault}")));
        if !verdict.kind_right {
            return;
        }
        let checks = self.checks(&verdict.goal, wanted, answer, &agent, &mut verdict.wrong);
        verdict.agent = Some(checks);
    }

    async fn build(&self, instructions: &RawValue) -> (Result<Value, String>, Option<ModelUse>) {
        let call = GenerateCall { instructions, library_agents: None, operation: None };
        let Called { result, model, .. } = self.planner.generate(call, Instant::now() + PATIENCE).await;
        let agent = match result {
            Ok(Drafted::Now(Draft::Agent(agent, ..))) => {
                serde_json::from_str(agent.get()).map_err(|error| error.to_string())
            }
            Ok(Drafted::Now(Draft::ClarifyingQuestions(questions))) => {
                Err(format!("asks while generating: {questions:?}"))
            }
            Ok(Drafted::HandedOver | Drafted::Later(_)) => Err("taken over, though no operation was named".to_owned()),
            Err(failure) => Err(format!("no agent: {failure:?}")),
        };
        (agent, model)
    }

    fn checks(&self, goal: &Goal, wanted: &Wanted, answer: &Value, agent: &Value, wrong: &mut Vec<String>) -> Checks {
        let nodes = agent.get("nodes").and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
        let block = |node: &Value| self.catalogue.by_id(node.get("block_id")?.as_str()?);
        let have: BTreeSet<&str> = nodes.iter().filter_map(block).map(|block| plain(&block.name)).collect();
        let mut hold = |about_it: bool, holds: bool, fault: String| {
            if about_it && !holds {
                wrong.push(fault);
            }
            about_it.then_some(holds)
        };

        let missing: Vec<_> =
            wanted.blocks.iter().filter(|some| !some.iter().any(|name| have.contains(name.as_str()))).collect();
        let blocks =
            hold(!wanted.blocks.is_empty(), missing.is_empty(), format!("blocks {have:?}, but none of {missing:?}"));

        let cron = agent.get("recommended_schedule_cron").and_then(Value::as_str);
        let due = wanted.cron.as_deref().unwrap_or_default();
        let runs = cron.is_some_and(|cron| due.split('|').any(|due| due == "any" || due == cron));
        let cron = hold(!due.is_empty(), runs, format!("runs at {cron:?}, not {due:?}"));

        let lost = lost(goal, nodes, |node| block(node).is_some_and(|block| block.is_agent_input()));
        let about_values = !goal.values.is_empty() || !goal.inputs.is_empty();
        let values = hold(about_values, lost.is_empty(), lost.join("; "));

        let left = answer.get("left_out").map(Value::to_string).unwrap_or_default();
        let named = names_one(&wanted.left_out, &left);
        let fault = format!("left_out does not name {:?}: {left}", wanted.left_out);
        let left_out = hold(!wanted.left_out.is_empty(), named, fault);

        let acts = nodes.iter().filter_map(block).filter(|block| !block.needs_credentials.is_empty());
        let names = acts.map(|block| plain(&block.name)).filter(|name| ACTS.iter().any(|act| name.contains(act)));
        let asked_for =
            |name: &str| wanted.blocks.is_empty() || wanted.blocks.iter().flatten().any(|asked| asked == name);
        let unasked: Vec<String> = names.filter(|name| !asked_for(name)).map(str::to_owned).collect();
        hold(true, unasked.is_empty(), format!("nobody asked for {unasked:?}"));

        let covered = self.vocabulary.covered(goal, agent, &left);
        Checks { blocks, cron, values, left_out, unasked, covered }
    }
}

pub(super) fn plain(name: &str) -> &str {
    name.trim_end_matches("Block")
}

/// What an answer without steps says.
fn said(answer: &Value) -> String {
    let parts = ["reason", "suggested_goal", "questions"].iter().filter_map(|key| answer.get(*key));
    parts.map(|part| part.as_str().map_or_else(|| part.to_string(), str::to_owned)).collect::<Vec<_>>().join(" | ")
}
