//! Measures a planner with goals whose right answer is known.

mod drops;
pub(crate) mod figures;
pub(crate) mod floors;
mod found;
pub(crate) mod goal;
pub(crate) mod judge;
pub(crate) mod paraphrases;
pub(crate) mod recall;
pub(crate) mod wishes;
mod words;

use std::error::Error;

use shared::{
    failure::{Failure, ModelUse},
    port::AgentGenerator,
};
use tokio::time::Instant;

use self::{
    goal::{Goal, Set, lines},
    judge::{Judge, PATIENCE, Verdict},
};

const GOALS: &str = include_str!("../goals.jsonl");

/// The goals that belong to the project.
pub(crate) fn own_goals() -> Result<Vec<Goal>, Box<dyn Error>> {
    lines(GOALS)
}

pub(crate) async fn measured(planner: &dyn AgentGenerator, goals: Vec<Goal>) -> Result<Vec<Verdict>, Box<dyn Error>> {
    let listed = planner.blocks(Instant::now() + PATIENCE).await.result.map_err(|failure| failure.service_error)?;
    let judge = Judge::new(planner, listed.get())?;
    let mut verdicts = Vec::with_capacity(goals.len());
    for goal in goals {
        verdicts.push(judge.judge(goal).await);
    }
    Ok(verdicts)
}

/// What went wrong, but for goals kept aside: nothing is tuned on what nobody reads.
pub(crate) fn misses(verdicts: &[Verdict]) -> Vec<String> {
    let open = verdicts.iter().filter(|verdict| verdict.goal.set.is_none_or(|set| set == Set::Tune));
    open.filter_map(Verdict::miss).collect()
}

pub(crate) fn failures(verdicts: &[Verdict]) -> Vec<&Failure> {
    verdicts.iter().filter_map(|verdict| verdict.failure.as_ref()).collect()
}

/// Tokens of all goals together.
pub(crate) fn used(verdicts: &[Verdict]) -> Option<ModelUse> {
    verdicts.iter().filter_map(|verdict| verdict.used.clone()).reduce(|mut all, more| {
        all.add(more);
        all
    })
}
