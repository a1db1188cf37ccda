//! The catalogue: blocks by id, by name and by meaning.

use std::collections::HashMap;

use super::{block::Block, meaning::Meanings, names::key, reading, reading::CatalogueError};

#[derive(Debug)]
pub struct Catalogue {
    blocks: Vec<Block>,
    by_id: HashMap<String, usize>,
    by_name: HashMap<String, usize>,
    meanings: Meanings,
}

impl Catalogue {
    /// Parses a JSON array of blocks, as the platform lists them or as in `data/blocks.json`. Unknown keys are ignored;
    /// one broken entry makes the whole catalogue fail.
    pub fn from_json(text: &str) -> Result<Self, CatalogueError> {
        let blocks = reading::parse(text)?;
        let mut by_id = HashMap::with_capacity(blocks.len());
        let mut by_name = HashMap::with_capacity(blocks.len());
        for (index, block) in blocks.iter().enumerate() {
            by_id.insert(block.id.clone(), index);
            by_name.insert(key(&block.name), index);
        }
        let meanings = Meanings::new(&blocks);
        Ok(Self { blocks, by_id, by_name, meanings })
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

    /// The block whose name is nearest to `text`; `None` if no name shares more than 60 % of its weight with it.
    pub fn by_meaning(&self, text: &str) -> Option<&Block> {
        self.meanings.nearest(text).and_then(|index| self.blocks.get(index))
    }
}
