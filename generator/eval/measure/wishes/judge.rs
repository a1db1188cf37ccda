//! Sends one wish and compares what comes with what is right.

use generator::{catalogue::Catalogue, validator};
use serde_json::{Value, value::to_raw_value};
use shared::{
    account::Account,
    action::Action,
    failure::Failure,
    port::{AgentGenerator, Draft, Drafted, PatchCall, Question},
};
use tokio::time::Instant;

use super::{
    super::{goal::Set, judge::PATIENCE},
    graph::Graph,
    holds::checks,
    touched::{steps_that_differ, touched},
    wish::{Answer, Wish},
};

/// The keyword of the question that asks for anything: the wish was not understood.
const CATCH_ALL: &str = "change";

/// Characters of an answer in the list of what went wrong.
const SHOWN: usize = 400;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Outcome {
    Right,
    /// Something of what was wished is done, and the answer says that something is left out.
    Partly,
    /// Something was touched that the wish does not ask for.
    Unasked,
    /// It reports success, and what was wished is not done.
    Silent,
    /// A question if an agent or a refusal would be right.
    Needless,
    /// A refusal of what can be done.
    Refused,
}

#[derive(Debug)]
pub(crate) struct Verdict {
    pub(crate) wish: Wish,
    pub(crate) outcome: Outcome,
    /// The nodes of the agent that is changed.
    pub(crate) nodes: usize,
    /// A step of it has a block that the catalogue does not have.
    pub(crate) is_unknown: bool,
    /// The changed agent; `None` if there is none, or if it is as it was.
    pub(crate) changed: Option<Value>,
    /// What is wrong, in words.
    pub(crate) wrong: Vec<String>,
    /// What the answer says.
    pub(crate) said: String,
}

impl Verdict {
    /// `None` for wishes kept aside: nothing is tuned on what nobody reads.
    pub(crate) fn miss(&self) -> Option<String> {
        let Wish { id, wish, set, .. } = &self.wish;
        let is_open = set.is_none_or(|set| set == Set::Tune);
        (is_open && self.outcome != Outcome::Right).then(|| {
            let shown: String = self.said.chars().take(SHOWN).collect();
            let wrong: String = self.wrong.iter().map(|wrong| format!("\n  wrong: {wrong}")).collect();
            format!("{id} {:?}: {}{wrong}\n  said: {}", self.outcome, wish.replace('\n', " / "), shown)
        })
    }
}

enum Given {
    Agent { agent: Value, left_out: bool },
    Questions(Vec<Question>),
    Refusal,
}

pub(super) async fn judge(planner: &dyn AgentGenerator, catalogue: &Catalogue, wish: Wish) -> Verdict {
    let (given, said) = answer(planner, &wish).await;
    let before = Graph::new(catalogue, &wish.agent);
    let mut wrong = Vec::new();
    let outcome = match &given {
        Given::Agent { agent, left_out } => changed(catalogue, &wish, (&before, agent), (*left_out, &said), &mut wrong),
        Given::Questions(questions) => asked(&wish, questions, &said, &mut wrong),
        Given::Refusal => refused(&wish, &said, &mut wrong),
    };
    let (nodes, is_unknown) = (before.nodes.len(), before.nodes.iter().any(|node| !node.is_known));
    let changed = match given {
        Given::Agent { agent, .. } if agent != wish.agent => Some(agent),
        _ => None,
    };
    Verdict { outcome, nodes, is_unknown, changed, wrong, said, wish }
}

async fn answer(planner: &dyn AgentGenerator, wish: &Wish) -> (Given, String) {
    let agent = match to_raw_value(&wish.agent) {
        Ok(agent) => agent,
        Err(error) => return (Given::Refusal, error.to_string()),
    };
    let call =
        PatchCall { update_request: &wish.wish, current_agent_json: &agent, library_agents: None, operation: None };
    match planner.patch(call, Instant::now() + PATIENCE).await.result {
        Ok(Drafted::Now(Draft::Agent(agent, account))) => {
            let said = told(&account);
            match serde_json::from_str(agent.get()) {
                Ok(agent) => (Given::Agent { agent, left_out: !account.left_out.is_empty() }, said),
                Err(error) => (Given::Refusal, error.to_string()),
            }
        }
        Ok(Drafted::Now(Draft::ClarifyingQuestions(questions))) => {
            let said = questions.iter().map(|question| format!("[{}] {}", question.keyword, question.question));
            let said = said.collect::<Vec<_>>().join(" | ");
            (Given::Questions(questions), said)
        }
        Ok(Drafted::HandedOver | Drafted::Later(_)) => {
            (Given::Refusal, "taken over, though no operation was named".to_owned())
        }
        Err(failure) => (Given::Refusal, why(&failure)),
    }
}

fn told(account: &Account) -> String {
    let summary = account.edit.as_ref().map(|edit| edit.summary.clone()).unwrap_or_default();
    let left_out = account.left_out.iter().map(|part| format!("left out: {} ({})", part.text, part.message));
    [summary].into_iter().chain(left_out).chain([account.explanation.clone()]).collect::<Vec<_>>().join(" | ")
}

fn why(failure: &Failure) -> String {
    format!("{} | {}", failure.message(Action::Patch), failure.service_error)
}

fn changed(
    catalogue: &Catalogue,
    wish: &Wish,
    (before, agent): (&Graph<'_>, &Value),
    (left_out, said): (bool, &str),
    wrong: &mut Vec<String>,
) -> Outcome {
    let after = Graph::new(catalogue, agent);
    let is_same = agent == before.agent;
    if !wish.expect.answer.contains(&Answer::Agent) {
        wrong.push(format!("an agent, not {:?}", wish.expect.answer));
        return match (left_out, is_same) {
            (false, _) => Outcome::Silent,
            (true, true) => Outcome::Partly,
            (true, false) => Outcome::Unasked,
        };
    }
    let old = checks(&wish.expect, before);
    let new = checks(&wish.expect, &after);
    let done = old.iter().zip(&new).any(|((_, before), (_, after))| *after && !before);
    wrong.extend(new.into_iter().filter(|(_, holds)| !holds).map(|(what, _)| format!("not so: {what}")));
    wrong.extend(unsaid(wish, said));
    let faults = validator::faults_of_change(catalogue, before.agent, agent);
    wrong.extend(faults.into_iter().map(|fault| format!("not valid: {fault}")));
    let is_done = wrong.is_empty();

    let mut extra = if wish.expect.untouched { touched(&wish.expect, before, &after) } else { Vec::new() };
    let steps = steps_that_differ(before, &after);
    if wish.touches.is_some_and(|most| steps > most) {
        extra.push(format!("{steps} steps"));
    }
    let is_clean = extra.is_empty();
    wrong.extend(extra.into_iter().map(|extra| format!("touched: {extra}")));
    match (is_done, is_clean) {
        (true, true) => Outcome::Right,
        (true, false) => Outcome::Unasked,
        (false, _) if !left_out => Outcome::Silent,
        (false, true) if done => Outcome::Partly,
        (false, true) if is_same => Outcome::Refused,
        (false, _) => Outcome::Unasked,
    }
}

fn asked(wish: &Wish, questions: &[Question], said: &str, wrong: &mut Vec<String>) -> Outcome {
    let is_lost = !wish.expect.vague && questions.iter().any(|question| question.keyword == CATCH_ALL);
    if is_lost {
        wrong.push("the wish was not understood".to_owned());
    }
    if !wish.expect.answer.contains(&Answer::Ask) {
        wrong.push(format!("a question, not {:?}", wish.expect.answer));
    }
    wrong.extend(unsaid(wish, said));
    if wrong.is_empty() { Outcome::Right } else { Outcome::Needless }
}

fn refused(wish: &Wish, said: &str, wrong: &mut Vec<String>) -> Outcome {
    if !wish.expect.answer.contains(&Answer::Refuse) {
        wrong.push(format!("a refusal, not {:?}", wish.expect.answer));
    }
    wrong.extend(unsaid(wish, said));
    if wrong.is_empty() { Outcome::Right } else { Outcome::Refused }
}

fn unsaid(wish: &Wish, said: &str) -> Vec<String> {
    let said = said.to_lowercase();
    let unsaid = wish.says.iter().filter(|words| !words.split('|').any(|word| said.contains(&word.to_lowercase())));
    unsaid.map(|words| format!("does not say {words:?}")).collect()
}
