//! Services by any spelling of their names.

use std::collections::{BTreeMap, HashMap};

use super::names::{letters, singular};

/// Service -> further names.
const SPELLINGS: &str = include_str!("../../data/services.json");

#[derive(Debug)]
pub(super) struct Services {
    /// Spelling -> name.
    spellings: HashMap<String, String>,
    blocks: BTreeMap<String, Vec<usize>>,
}

impl Services {
    /// The spellings of the data; no blocks yet.
    pub(super) fn embedded() -> serde_json::Result<Self> {
        let further: BTreeMap<String, Vec<String>> = serde_json::from_str(SPELLINGS)?;
        let mut spellings = HashMap::new();
        for (name, others) in further {
            spellings.extend(others.iter().map(|other| (key(other), name.clone())));
            spellings.insert(key(&name), name);
        }
        Ok(Self { spellings, blocks: BTreeMap::new() })
    }

    /// The usual name of a service, also if no block has it yet.
    pub(super) fn name_of(&self, service: String) -> String {
        self.spellings.get(&key(&service)).cloned().unwrap_or(service)
    }

    pub(super) fn add(&mut self, name: &str, block: usize) {
        self.know(name);
        if let Some(blocks) = self.blocks.get_mut(name) {
            blocks.push(block);
        }
    }

    /// Learns how a service may be spelled, also if no block has it yet.
    pub(super) fn know(&mut self, name: &str) {
        if self.blocks.contains_key(name) {
            return;
        }
        self.blocks.insert(name.to_owned(), Vec::new());
        let mut spellings = vec![key(name), key(&singular(name))];
        if let Some(product) = name.strip_prefix("Google ").filter(|product| !product.contains(' ')) {
            // "gsheets", "gdoc"
            spellings.extend([product.to_owned(), singular(product)].map(|product| key(&format!("g{product}"))));
        }
        for spelling in spellings {
            self.spellings.entry(spelling).or_insert_with(|| name.to_owned());
        }
    }

    pub(super) fn names(&self) -> impl Iterator<Item = &str> {
        self.blocks.iter().filter(|(_, blocks)| !blocks.is_empty()).map(|(name, _)| name.as_str())
    }

    /// The name and the blocks; `None` if no block works with it.
    pub(super) fn find(&self, spelling: &str) -> Option<(&str, &[usize])> {
        let name = self.spellings.get(&key(spelling))?;
        let (name, blocks) = self.blocks.get_key_value(name).filter(|(_, blocks)| !blocks.is_empty())?;
        Some((name, blocks))
    }
}

/// The same for every spelling of a name; a single letter counts as it is written.
fn key(name: &str) -> String {
    if name.chars().count() == 1 { name.to_owned() } else { letters(name) }
}
