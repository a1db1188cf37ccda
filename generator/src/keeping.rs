//! What keeping an agent asks of a generator: whether it holds, what it needs, and how it differs from the version before.

use std::sync::{Arc, LazyLock};

use serde_json::{Value, value::RawValue};
use shared::{
    account::{Account, Edit},
    environment::BadConfig,
    error_type::ErrorType,
    failure::Failure,
};

use crate::{
    account::{self, Told},
    block_catalog,
    catalogue::{Blocks, Catalogue, EMBEDDED},
    config::{BLOCK_CATALOG, Config, GeneratorAddress},
    llm, opaque,
    validator::{self, LISTED, Scope},
};

/// All embedded blocks, parsed when they are first needed: who only tells of an agent needs few.
static ALL: LazyLock<Option<Catalogue>> = LazyLock::new(|| Catalogue::embedded().ok());

/// The rules and the blocks of the configured generator.
#[derive(Debug, Clone)]
pub struct Keeper {
    /// In place of the embedded blocks.
    other: Option<Arc<Catalogue>>,
    /// [`Scope::Always`] if the agents are built by somebody whose blocks are not known.
    scope: Scope,
}

impl Keeper {
    /// # Errors
    /// The block catalogue cannot be loaded or is broken.
    pub async fn connect(config: &Config) -> Result<Self, BadConfig> {
        let is_ours = matches!(config.generator, GeneratorAddress::Builtin);
        let mut keeper = Self::new(if is_ours { Scope::OwnWork } else { Scope::Always });
        if let Some(source) = config.block_catalog.as_ref().filter(|_| is_ours) {
            let text = block_catalog::load(source, config.certificate_file.as_deref()).await?;
            let broken = |error| BadConfig::new(BLOCK_CATALOG, format!("names a broken catalogue: {error}"));
            keeper.other = Some(Arc::new(Catalogue::from_json(&text).map_err(broken)?));
        }
        Ok(keeper)
    }

    /// Over the embedded blocks.
    #[must_use]
    pub fn new(scope: Scope) -> Self {
        Self { other: None, scope }
    }

    /// The faults of an agent, each a sentence, at most 50. Those that it had `before` are not held against a change.
    ///
    /// # Errors
    /// It has too many values to be looked at, or the embedded blocks are broken.
    pub fn faults(&self, before: Option<&RawValue>, agent: &RawValue) -> Result<Vec<String>, Failure> {
        let broken = || Failure::new(ErrorType::UnexpectedError, "the embedded blocks are broken");
        let catalogue = self.catalogue().ok_or_else(broken)?;
        let after = opaque::agent(agent)?.value;
        let mut faults = match (before, self.scope) {
            (None, Scope::OwnWork) => validator::faults(catalogue, &after),
            (None, Scope::Always) => validator::faults_of_change(catalogue, &after, &after),
            (Some(before), _) => validator::faults_of_change(catalogue, &opaque::agent(before)?.value, &after),
        };
        faults.truncate(LISTED);
        Ok(faults)
    }

    /// What an agent does and needs.
    #[must_use]
    pub fn account(&self, agent: &RawValue) -> Box<Account> {
        account::of_agent(self.blocks(), agent, Told::default())
    }

    /// How `after` came out of `before`.
    #[must_use]
    pub fn edit(&self, before: &RawValue, after: &RawValue) -> Edit {
        account::of_patch(self.blocks(), before, after, Told::default()).edit.unwrap_or_default()
    }

    /// The text of a Mermaid flowchart: see [`crate::flowchart`].
    #[must_use]
    pub fn flowchart(&self, agent: &RawValue) -> String {
        account::flowchart_of(self.blocks(), agent)
    }

    /// An agent as a model reads it: what a change needs, with short ids. `None` if it is not a graph.
    #[must_use]
    pub fn outline(&self, agent: &RawValue) -> Option<Value> {
        llm::outline(self.catalogue()?, &opaque::agent(agent).ok()?.value)
    }

    /// The names of all blocks to build with, a line for each service.
    #[must_use]
    pub fn block_names(&self) -> String {
        self.catalogue().map(llm::directory).unwrap_or_default()
    }

    fn catalogue(&self) -> Option<&Catalogue> {
        self.other.as_deref().or(ALL.as_ref())
    }

    fn blocks(&self) -> &dyn Blocks {
        match &self.other {
            Some(other) => &**other,
            None => &EMBEDDED,
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;
    use shared::json::to_raw;

    use super::*;

    #[test]
    fn only_where_the_blocks_are_known_is_an_agent_refused_for_them() {
        let unknown = to_raw(&json!({"nodes": [{"id": "a", "block_id": "theirs"}], "links": []})).unwrap();
        let broken = json!({"nodes": [], "links": [{"id": "l", "source_id": "a", "sink_id": "b", "source_name": "x", "sink_name": "y"}]});
        let broken = to_raw(&broken).unwrap();
        let (ours, theirs) = (Keeper::new(Scope::OwnWork), Keeper::new(Scope::Always));
        assert!(!ours.faults(None, &unknown).unwrap().is_empty());
        assert_eq!(theirs.faults(None, &unknown).unwrap(), Vec::<String>::new());
        assert_eq!(ours.faults(Some(&unknown), &unknown).unwrap(), Vec::<String>::new());
        assert!(!theirs.faults(None, &broken).unwrap().is_empty());
    }

    #[test]
    fn an_agent_is_drawn_with_the_blocks_that_the_stack_has() {
        let hook = json!({"id": "hook", "name": "HookBlock", "uiType": "Webhook (manual)", "inputSchema": {}, "outputSchema": {}});
        let text = Catalogue::embedded_text().unwrap().trim_end().strip_suffix(']').unwrap();
        let other = Catalogue::from_json(&format!("{text},{hook}]")).unwrap();
        let agent = to_raw(&json!({"nodes": [{"id": "a", "block_id": "hook"}], "links": []})).unwrap();
        let is_trigger = |keeper: &Keeper| keeper.flowchart(&agent).contains("n1([\"");
        assert!(is_trigger(&Keeper { other: Some(Arc::new(other)), scope: Scope::OwnWork }));
        assert!(!is_trigger(&Keeper::new(Scope::OwnWork)));
    }
}
