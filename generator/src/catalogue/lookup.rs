//! The catalogue: blocks by id, by name and by meaning.

use std::{collections::HashMap, sync::OnceLock};

use super::{
    block::{Block, Listed},
    embedded,
    meaning::{Action, Meaning},
    meanings::Meanings,
    names::key,
    nearest::Nearest,
    reading,
    reading::CatalogueError,
};

/// For a place that has no block.
const NOTHING: &Meaning =
    &Meaning { action: Action::Other, objects: Vec::new(), service: None, verbs: Vec::new(), gives: Vec::new() };

#[derive(Debug)]
pub struct Catalogue {
    blocks: Vec<Block>,
    by_id: HashMap<String, usize>,
    by_name: HashMap<String, usize>,
    /// Made when it is first asked for.
    nearest: OnceLock<Nearest>,
    /// Made when they are first asked for: who only tells of an agent needs none. `None` if the embedded ones are broken.
    meanings: OnceLock<Option<Meanings>>,
}

impl Catalogue {
    /// The embedded blocks. A schema of theirs is parsed when it is first used.
    pub fn embedded() -> Result<Self, CatalogueError> {
        let listed: Vec<Listed<'static>> = serde_json::from_str(embedded::blocks()?)?;
        Self::of(listed.into_iter().map(Listed::lasting).collect())
    }

    /// The JSON array of the embedded blocks.
    pub fn embedded_text() -> Result<&'static str, CatalogueError> {
        Ok(embedded::blocks()?)
    }

    /// Parses a JSON array of blocks, as the platform lists them. Unknown keys are ignored; one broken entry makes the
    /// whole catalogue fail.
    pub fn from_json(text: &str) -> Result<Self, CatalogueError> {
        Self::of(reading::parse(text)?)
    }

    /// For searching: blocks of which only the name and the description are known, in this order.
    pub(crate) fn of_names(names: impl Iterator<Item = (String, String)>) -> Result<Self, CatalogueError> {
        Self::of(names.map(|(name, description)| Block::named(name, description)).collect())
    }

    fn of(blocks: Vec<Block>) -> Result<Self, CatalogueError> {
        let mut by_id = HashMap::with_capacity(blocks.len());
        let mut by_name = HashMap::with_capacity(blocks.len());
        for (index, block) in blocks.iter().enumerate() {
            by_id.insert(block.id.clone(), index);
            by_name.insert(key(&block.name), index);
        }
        Ok(Self { blocks, by_id, by_name, nearest: OnceLock::new(), meanings: OnceLock::new() })
    }

    /// Makes the meanings now. Call it before planning, which would find no block if they were broken.
    pub(crate) fn understand(&self) -> Result<(), CatalogueError> {
        if self.meanings.get().is_none() {
            let meanings = Meanings::of(&self.blocks)?;
            self.meanings.get_or_init(|| Some(meanings));
        }
        Ok(())
    }

    fn meanings(&self) -> Option<&Meanings> {
        self.meanings.get_or_init(|| Meanings::of(&self.blocks).ok()).as_ref()
    }

    /// In the order of the catalogue.
    pub fn blocks(&self) -> &[Block] {
        &self.blocks
    }

    pub fn by_id(&self, id: &str) -> Option<&Block> {
        self.by_id.get(id).and_then(|index| self.blocks.get(*index))
    }

    /// Finds a block by any spelling of its name: `ReadRSSFeedBlock`, `Read RSS Feed`, `read_rss_feed`.
    pub fn by_name(&self, name: &str) -> Option<&Block> {
        self.by_name.get(&key(name)).and_then(|index| self.blocks.get(*index))
    }

    /// The block whose name is nearest to `text`; `None` if no name shares more than 60 % of its weight
    /// and half of the words of `text` with it.
    pub fn by_meaning(&self, text: &str) -> Option<&Block> {
        self.nearest.get_or_init(|| Nearest::new(&self.blocks)).nearest(text).and_then(|index| self.blocks.get(index))
    }

    /// What the block at this place of [`Self::blocks`] does.
    pub fn meaning(&self, index: usize) -> &Meaning {
        self.meanings().and_then(|meanings| meanings.all.get(index)).unwrap_or(NOTHING)
    }

    /// What a block of this catalogue does.
    pub fn meaning_of(&self, block: &Block) -> &Meaning {
        self.by_id.get(&block.id).map_or(NOTHING, |index| self.meaning(*index))
    }

    /// What a verb ("send", "look up") asks for, the most usual first.
    pub fn actions_of(&self, verb: &str) -> &[Action] {
        self.meanings().map(|meanings| meanings.verbs.actions(verb)).unwrap_or_default()
    }

    /// The places of the blocks that act on this ("pull request"): those that say so before those that only say it in a
    /// compound ("request" in "pull request"), each in the order of the catalogue.
    pub fn blocks_about(&self, noun: &str) -> &[usize] {
        self.meanings().map(|meanings| meanings.about(noun)).unwrap_or_default()
    }

    /// The services that blocks work with, as they write themselves, in the order of the alphabet.
    pub fn services(&self) -> impl Iterator<Item = &str> {
        self.meanings().into_iter().flat_map(|meanings| meanings.services.names())
    }

    /// The name of a service in any spelling: "Google Sheets" for "gsheets". A single letter ("X") counts in upper case.
    pub fn service(&self, spelling: &str) -> Option<&str> {
        self.meanings()?.services.find(spelling).map(|(name, _)| name)
    }

    /// The places of the blocks that work with a service, in any spelling of it.
    pub fn blocks_of(&self, service: &str) -> &[usize] {
        let found = self.meanings().and_then(|meanings| meanings.services.find(service));
        found.map(|(_, blocks)| blocks).unwrap_or_default()
    }
}
