//! Measures how an agent is changed by words, with wishes whose right outcome is known.

pub(crate) mod agents;
pub(crate) mod alike;
pub(crate) mod figures;
mod graph;
mod holds;
pub(crate) mod judge;
mod touched;
pub(crate) mod wish;

use std::error::Error;

use generator::catalogue::Catalogue;
use shared::port::AgentGenerator;
use tokio::time::Instant;

use self::{
    alike::{Alike, alike},
    judge::{Verdict, judge},
    wish::Wish,
};
use super::judge::PATIENCE;

/// In the order of the wishes.
pub(crate) async fn fulfilled(
    planner: &dyn AgentGenerator,
    wishes: Vec<Wish>,
) -> Result<(Vec<Verdict>, Alike), Box<dyn Error>> {
    let listed = planner.blocks(Instant::now() + PATIENCE).await.result.map_err(|failure| failure.service_error)?;
    let catalogue = Catalogue::from_json(listed.get())?;
    let mut verdicts = Vec::with_capacity(wishes.len());
    for wish in wishes {
        verdicts.push(judge(planner, &catalogue, wish).await);
    }
    let alike = alike(&catalogue, &verdicts);
    Ok((verdicts, alike))
}
