//! The embedded blocks one by one: who tells of an agent or checks one needs a handful of them, and no search.

use std::{collections::HashMap, sync::OnceLock};

use super::{
    block::{Block, Listed},
    embedded::{self, PART_COUNT, Place},
    lookup::Catalogue,
    names::key,
};

/// Blocks that are looked up by what an agent calls them.
pub trait Blocks: Sync {
    fn by_id(&self, id: &str) -> Option<&Block>;

    /// By any spelling of its name.
    fn by_name(&self, name: &str) -> Option<&Block>;
}

impl Blocks for Catalogue {
    fn by_id(&self, id: &str) -> Option<&Block> {
        self.by_id(id)
    }

    fn by_name(&self, name: &str) -> Option<&Block> {
        self.by_name(name)
    }
}

/// Finds the blocks that [`Catalogue::embedded`] has, and parses only the parts of it that they are in.
#[derive(Debug)]
pub(crate) struct Shelf {
    by_id: OnceLock<HashMap<&'static str, Place>>,
    by_name: OnceLock<HashMap<String, Place>>,
    parts: [OnceLock<Vec<Block>>; PART_COUNT],
}

/// The blocks of agents whose generator has no catalogue here: it may build with the same ones.
pub(crate) static EMBEDDED: Shelf = Shelf::new();

impl Shelf {
    const fn new() -> Self {
        Self { by_id: OnceLock::new(), by_name: OnceLock::new(), parts: [const { OnceLock::new() }; PART_COUNT] }
    }

    fn at(&self, place: Place) -> Option<&Block> {
        self.parts.get(place.part)?.get_or_init(|| blocks_of(place.part)).get(place.at)
    }
}

impl Blocks for Shelf {
    fn by_id(&self, id: &str) -> Option<&Block> {
        let places = self.by_id.get_or_init(|| embedded::places().map(|(place, id, _)| (id, place)).collect());
        self.at(*places.get(id)?)
    }

    fn by_name(&self, name: &str) -> Option<&Block> {
        let places =
            self.by_name.get_or_init(|| embedded::places().map(|(place, _, name)| (key(name), place)).collect());
        self.at(*places.get(&key(name))?)
    }
}

/// Empty if the embedded text is broken, which a test would see.
fn blocks_of(part: usize) -> Vec<Block> {
    let lines = embedded::part(part).unwrap_or_default().lines().filter(|line| line.starts_with('{'));
    let listed = lines.map(|line| serde_json::from_str::<Listed<'static>>(line.strip_suffix(',').unwrap_or(line)));
    listed.map(|listed| listed.map(Listed::lasting)).collect::<Result<_, _>>().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_agent_is_told_of_with_the_same_blocks_that_it_is_planned_with() {
        let (catalogue, shelf) = (Catalogue::embedded().unwrap(), Shelf::new());
        for block in catalogue.blocks() {
            for found in [shelf.by_id(&block.id), shelf.by_name(&block.title())] {
                assert_eq!(found.map(|found| format!("{found:?}")), Some(format!("{block:?}")));
            }
        }
        assert_eq!(embedded::places().count(), catalogue.blocks().len());
        assert!(shelf.by_id("theirs").is_none() && shelf.by_name("Their Block").is_none());
    }
}
