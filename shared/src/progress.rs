//! Where work tells its caller what it does: the log of an operation.

use std::fmt;

use serde::{Deserialize, Serialize};

/// Told by whatever does the work. Costs nothing if nobody keeps it: see [`Untold`].
pub trait Progress: fmt::Debug + Send + Sync {
    /// The work has come to this step. Returns at once and never fails. `detail` is a short text of ours without words of
    /// the person; a longer one is cut.
    fn step(&self, step: Step, detail: Option<&str>);
    /// The agent has got a node: its id, the name of its block, and its title.
    fn block_added(&self, node: &str, block: &str, name: &str);
    /// A rule of the platform has been mended in the agent.
    fn fixed(&self, rule: &str);
    /// Words for the person go on: what was made. Cut after 1,000 characters.
    fn text(&self, delta: &str);
}

/// The steps of work, under their names on the wire.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Step {
    /// A goal becomes steps.
    Decomposing,
    /// Steps or changes become a plan of blocks.
    Planning,
    AskingModel,
    /// The plan becomes a graph.
    Assembling,
    Validating,
    Fixing,
    /// The outcome is being stored.
    Saving,
}

/// Work that belongs to no operation.
#[derive(Debug, Clone, Copy, Default)]
pub struct Untold;

impl Progress for Untold {
    fn step(&self, _: Step, _: Option<&str>) {}
    fn block_added(&self, _: &str, _: &str, _: &str) {}
    fn fixed(&self, _: &str) {}
    fn text(&self, _: &str) {}
}
