//! What somebody needs who builds agents by themselves, a chat assistant for example: blocks to choose from, a plan made
//! into an agent, and an agent checked. Whatever does not fit comes back with its place and with what would be right, all
//! of it at once. No language model is asked.

mod blocks;
mod build;
mod check;
mod example;
mod form;
mod nearest;
mod patch;
mod places;
mod remedy;
mod slips;

use serde_json::value::RawValue;
use shared::failure::Failure;
use tokio::time::Instant;

pub use self::{
    blocks::{BlockFault, BlockPage, Described, FIELDS, FindBlocks},
    build::Built,
    check::Checked,
    patch::Patched,
};
use crate::{
    builtin::Builtin,
    chosen::Generator,
    validator::Scope,
    watch::{beside, here, is_long},
};

/// The blocks and the rules of the configured generator. A clone shares the blocks.
#[derive(Debug, Clone)]
pub struct Workbench {
    rules: Builtin,
    scope: Scope,
}

impl Workbench {
    /// Over the blocks of `rules`.
    #[must_use]
    pub fn new(rules: Builtin) -> Self {
        Self { rules, scope: Scope::OwnWork }
    }

    /// Over the blocks of this generator. Those of a remote one are not known: then agents are built of the embedded blocks,
    /// and a block that they do not have is not held against an agent.
    #[must_use]
    pub fn of(generator: Option<&Generator>) -> Self {
        match generator.and_then(Generator::rules) {
            Some(rules) => Self::new(rules.clone()),
            None => Self { rules: Builtin::new(), scope: Scope::Always },
        }
    }

    /// Repairs an agent, a JSON object, and lists what does not hold.
    ///
    /// # Errors
    /// `request_too_large` if it has too many values, `timeout` if it is not done by `end`.
    pub async fn check(&self, agent: &RawValue, end: Instant) -> Result<Checked, Failure> {
        if is_long(0, agent.get().len()) {
            let (own, agent) = (self.clone(), agent.to_owned());
            return beside(end, move |watch| check::check(own.rules.knowledge()?, own.scope, &agent, watch)).await;
        }
        here(end, |watch| check::check(self.rules.knowledge()?, self.scope, agent, watch))
    }

    /// Makes an agent of a plan, which has the form that the planners with a language model use
    /// (`generator/prompts/plan.schema.json`). `library_agents`, a JSON array, are agents of the person's own: steps may run
    /// them.
    ///
    /// # Errors
    /// `request_too_large` if it has too many steps, inputs or values, `timeout` if it is not done by `end`.
    pub async fn build(
        &self,
        plan: &RawValue,
        library_agents: Option<&RawValue>,
        end: Instant,
    ) -> Result<Built, Failure> {
        if is_long(0, plan.get().len() + library_agents.map_or(0, |agents| agents.get().len())) {
            let (own, plan, agents) = (self.clone(), plan.to_owned(), library_agents.map(ToOwned::to_owned));
            return beside(end, move |watch| build::build(own.rules.knowledge()?, &plan, agents.as_deref(), watch))
                .await;
        }
        here(end, |watch| build::build(self.rules.knowledge()?, plan, library_agents, watch))
    }

    /// Makes a list of patches on an agent, all or none: `generator/prompts/patch.schema.json`. Nodes and links are named by
    /// their ids, or by those of [`Keeper::outline`](crate::keeping::Keeper::outline).
    ///
    /// # Errors
    /// As [`Self::check`].
    pub async fn patch(&self, agent: &RawValue, patches: &RawValue, end: Instant) -> Result<Patched, Failure> {
        if is_long(0, agent.get().len() + patches.get().len()) {
            let (own, agent, patches) = (self.clone(), agent.to_owned(), patches.to_owned());
            return beside(end, move |watch| patch::patch(own.rules.knowledge()?, &agent, &patches, watch)).await;
        }
        here(end, |watch| patch::patch(self.rules.knowledge()?, agent, patches, watch))
    }

    /// The blocks that words in English are about, the nearest first.
    ///
    /// # Errors
    /// The embedded data are broken. [`BlockFault`] if a field is asked for that blocks do not have.
    pub fn find_blocks(&self, wanted: &FindBlocks<'_>) -> Result<Result<BlockPage, BlockFault>, Failure> {
        Ok(blocks::find(self.rules.knowledge()?, wanted))
    }

    /// All that a plan needs to know of these blocks, which are named by any spelling or by id: at most `most` bytes of JSON,
    /// but at least one block.
    ///
    /// # Errors
    /// The embedded data are broken.
    pub fn describe_blocks(&self, names: &[&str], most: usize) -> Result<Described, Failure> {
        Ok(blocks::describe(self.rules.knowledge()?, names, most))
    }
}
