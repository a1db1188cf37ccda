//! Whether a goal in other words gets the same blocks.

use std::{collections::BTreeSet, error::Error};

use serde::Deserialize;
use serde_json::Value;
use shared::port::{AgentGenerator, DecomposeCall, Decomposition};
use tokio::time::Instant;

use super::{
    figures::Share,
    goal::lines,
    judge::{PATIENCE, plain},
};

const PARAPHRASES: &str = include_str!("../paraphrases.jsonl");

/// One goal in several wordings.
#[derive(Debug, Deserialize)]
pub(crate) struct Paraphrase {
    pub(crate) id: String,
    pub(crate) goals: Vec<String>,
}

#[derive(Debug, Default)]
pub(crate) struct Alike {
    /// All wordings get agents of the same blocks.
    pub(crate) all: Share,
    /// At least two do.
    pub(crate) two: Share,
    /// The blocks of each wording, for goals whose wordings differ.
    pub(crate) differ: Vec<String>,
}

pub(crate) fn paraphrases() -> Result<Vec<Paraphrase>, Box<dyn Error>> {
    lines(PARAPHRASES)
}

pub(crate) async fn alike(planner: &dyn AgentGenerator) -> Result<Alike, Box<dyn Error>> {
    let mut alike = Alike::default();
    for Paraphrase { id, goals } in paraphrases()? {
        let mut found = Vec::with_capacity(goals.len());
        for goal in &goals {
            found.push(blocks(planner, goal).await);
        }
        let agents = || found.iter().flatten();
        let most = agents().map(|own| agents().filter(|other| *other == own).count()).max().unwrap_or_default();
        alike.all.count(most == goals.len());
        alike.two.count(most > 1);
        if most < goals.len() {
            let shown = goals.iter().zip(&found).map(|(goal, blocks)| match blocks {
                Some(blocks) => format!("  {goal}: {}", blocks.iter().cloned().collect::<Vec<_>>().join(", ")),
                None => format!("  {goal}: no agent"),
            });
            alike.differ.push(format!("{id}\n{}", shown.collect::<Vec<_>>().join("\n")));
        }
    }
    Ok(alike)
}

/// `None` if the answer is not an agent.
async fn blocks(planner: &dyn AgentGenerator, goal: &str) -> Option<BTreeSet<String>> {
    let call = DecomposeCall { description: goal, context: None, library_agents: None, operation: None };
    match planner.decompose(call, Instant::now() + PATIENCE).await.result {
        Ok(Decomposition::Instructions { steps, .. }) => {
            let steps: Vec<Value> = serde_json::from_str(steps.get()).ok()?;
            let names = steps.iter().filter_map(|step| Some(plain(step.get("block_name")?.as_str()?).to_owned()));
            Some(names.collect())
        }
        _ => None,
    }
}
