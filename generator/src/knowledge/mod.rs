//! All that planning needs to know: the catalogue, the vocabulary, and the tables with what neither of them tells: classes
//! of verbs, nouns that are made, people, and what no schema tells of single blocks (`data/planning.json`).

mod blocks;
mod tables;

use std::sync::{Arc, OnceLock};

use thiserror::Error;

use self::tables::{Choice, Source, Tables};
pub(crate) use self::{
    blocks::is_text_model,
    tables::{Class, Knows, Slot, Tool},
};
use crate::{
    catalogue::{Action, Block, Catalogue, CatalogueError, Search, special},
    reading::{Kind, Vocabulary},
    sub_agents::SubAgents,
};

/// What a word is worth in a search that a table knows a block by.
const KNOWN: f32 = 2.0;

/// What planning goes by.
#[derive(Debug)]
pub struct Knowledge {
    /// The blocks.
    pub catalogue: Arc<Catalogue>,
    pub(crate) tables: Arc<Tables>,
    /// The words.
    pub vocabulary: Arc<Vocabulary>,
    /// Made at the first search: planning by rules has none.
    search: Arc<OnceLock<Search>>,
    /// The person's own agents.
    pub(crate) agents: SubAgents,
}

/// Why there is nothing to plan with.
#[derive(Debug, Error)]
pub enum KnowledgeError {
    /// The catalogue was refused.
    #[error(transparent)]
    Catalogue(#[from] CatalogueError),
    /// The embedded tables cannot be read.
    #[error("the vocabulary cannot be read: {0}")]
    Vocabulary(#[from] serde_json::Error),
}

impl Knowledge {
    /// Joins a catalogue (a JSON array of blocks) with the embedded tables.
    pub fn from_json(catalogue: &str) -> Result<Self, KnowledgeError> {
        Self::over(Catalogue::from_json(catalogue)?)
    }

    /// Joins the embedded blocks and tables.
    pub fn embedded() -> Result<Self, KnowledgeError> {
        Self::over(Catalogue::embedded()?)
    }

    fn over(catalogue: Catalogue) -> Result<Self, KnowledgeError> {
        let (tables, mut vocabulary) = (Tables::embedded()?, Vocabulary::standard()?);
        catalogue.understand()?;
        vocabulary.learn(catalogue.services());
        Ok(Self {
            catalogue: Arc::new(catalogue),
            tables: Arc::new(tables),
            vocabulary: Arc::new(vocabulary),
            search: Arc::default(),
            agents: SubAgents::default(),
        })
    }

    /// The same for a person who has these agents; shares everything else.
    pub(crate) fn with_agents(&self, agents: SubAgents) -> Self {
        let Self { catalogue, tables, vocabulary, search, .. } = self;
        let (catalogue, tables) = (Arc::clone(catalogue), Arc::clone(tables));
        Self { catalogue, tables, vocabulary: Arc::clone(vocabulary), search: Arc::clone(search), agents }
    }

    /// The blocks that a text in plain words is about, the nearest first, `most` at most. Always the same for the same text.
    pub fn search(&self, text: &str, most: usize) -> Vec<&Block> {
        let search = self.search.get_or_init(|| Search::of(&self.catalogue, |block| self.asked_by(block)));
        let found = search.ranked(&self.catalogue, text).into_iter().take(most);
        found.filter_map(|at| self.catalogue.blocks().get(at)).collect()
    }

    /// Words that ask for a block and that it does not say of itself.
    fn asked_by(&self, block: &Block) -> Vec<(&str, f32)> {
        let own = self.of(block).into_iter().flat_map(|knows| &knows.nouns);
        let sources = self.tables.sources.iter().filter(|source| source.block == block.name);
        let thinks = self.tables.classes.get("think").filter(|_| block.id == special::AI_TEXT).into_iter().flatten();
        // "landing page" is a page: it would only make "page" count for less.
        let is_kind = |noun: &&String, nouns: &[String]| {
            nouns.iter().any(|wider| noun.strip_suffix(wider.as_str()).is_some_and(|rest| rest.ends_with(' ')))
        };
        let read = sources.flat_map(|source| source.nouns.iter().filter(move |noun| !is_kind(noun, &source.nouns)));
        let words = own.chain(read).chain(thinks).map(String::as_str);
        words.chain(block.trigger.then_some("when")).map(|word| (word, KNOWN)).collect()
    }
}

impl Knowledge {
    pub(super) fn alias(&self, service: &str) -> Option<&Block> {
        self.catalogue.by_name(self.tables.aliases.get(service)?)
    }

    pub(super) fn is_unreachable(&self, lemma: &str, nouns: &[String]) -> bool {
        self.tables.unreachable.verbs.contains(lemma)
            || nouns.iter().any(|noun| self.tables.unreachable.nouns.contains(noun))
    }

    pub(super) fn is_record(&self, noun: &str) -> bool {
        self.tables.records.contains(noun)
    }

    pub(super) fn is_setting(&self, noun: &str) -> bool {
        self.tables.settings.contains(noun)
    }

    pub(super) fn is_part(&self, input: &str) -> bool {
        self.tables.parts.contains(input)
    }

    pub(super) fn is_saying(&self, word: &str) -> bool {
        self.tables.saying.contains(word)
    }

    pub(super) fn is_vague(&self, noun: &str) -> bool {
        self.tables.vague.contains(noun)
    }

    /// The services among which only the person can choose.
    pub(super) fn choice(&self, nouns: &[String]) -> Option<&Choice> {
        self.tables.choices.iter().find(|choice| nouns.iter().any(|noun| choice.nouns.contains(noun)))
    }

    /// Services of the catalogue that can take the place of one that no block works with.
    pub(super) fn instead_of(&self, service: &str) -> Vec<&str> {
        // "Outlook Calendar": what the others call their calendar.
        let alike = service.rsplit_once(' ').and_then(|(_, last)| self.catalogue.service(&format!("Google {last}")));
        if let Some(alike) = alike.filter(|alike| *alike != service) {
            return vec![alike];
        }
        let key = match self.vocabulary.service(service).map(|service| service.kind) {
            Some(Kind::Chat) => "chat",
            Some(Kind::Mail) => "mail",
            Some(Kind::Storage) => "storage",
            Some(Kind::Tasks) => "tasks",
            _ => return Vec::new(),
        };
        let all = self.tables.instead.get(key).into_iter().flatten();
        all.map(String::as_str).filter(|other| *other != service && self.catalogue.service(other).is_some()).collect()
    }

    pub(super) fn zone(&self, written: &str) -> Option<&str> {
        self.tables.zones.get(written).map(String::as_str)
    }

    /// Every service that a question may name.
    pub(crate) fn choosable(&self) -> impl Iterator<Item = &str> {
        self.tables.choices.iter().flat_map(|choice| &choice.services).map(String::as_str)
    }

    pub(super) fn has_service(&self, name: &str) -> bool {
        self.tables.aliases.contains_key(name) || self.catalogue.service(name).is_some() || name == "email"
    }

    pub(super) fn is_kind(&self, service: &str, kind: Kind) -> bool {
        self.vocabulary.service(service).is_some_and(|service| service.kind == kind)
    }

    /// A model or a site: named, but nothing has to be connected for it.
    pub(super) fn is_passive(&self, service: &str) -> bool {
        self.vocabulary
            .service(service)
            .is_some_and(|service| matches!(service.kind, Kind::Model | Kind::Site | Kind::Form))
    }

    pub(super) fn is(&self, verb: &str, class: Class) -> bool {
        self.tables.classes.get(class.key()).is_some_and(|verbs| verbs.contains(verb))
    }

    /// Whether a verb, its particle included, is of any class.
    pub(super) fn is_act(&self, lemma: &str) -> bool {
        self.tables.classes.values().any(|verbs| verbs.contains(lemma))
    }

    /// What people call that which an act of this verb makes: "translation" of "translate", "summary" of "summarise".
    pub(super) fn results(&self, lemma: &str) -> Vec<String> {
        self.tables.results.get(lemma).cloned().unwrap_or_default()
    }

    pub(super) fn is_product(&self, noun: &str) -> bool {
        self.tables.products.contains(noun)
    }

    /// A text only if somebody is to write it: a mail, a comment.
    pub(super) fn is_writable(&self, noun: &str) -> bool {
        self.tables.writable.contains(noun)
    }

    pub(super) fn composes(&self, lemma: &str) -> bool {
        self.tables.compose.contains(lemma)
    }

    pub(super) fn is_carrier(&self, noun: &str) -> bool {
        let kind = ["email ", "mail "].iter().find_map(|medium| noun.strip_prefix(medium));
        // "a reminder email" as well as "an email reminder"
        let last = [" email", " mail", " message"].iter().find_map(|medium| noun.strip_suffix(medium));
        self.tables.carriers.contains(noun) || kind.or(last).is_some_and(|kind| self.tables.carriers.contains(kind))
    }

    pub(super) fn keeps(&self, lemma: &str) -> bool {
        self.tables.keeps.contains(lemma)
    }

    pub(super) fn shows(&self, lemma: &str) -> bool {
        self.tables.shows.contains(lemma)
    }

    pub(super) fn is_crowd(&self, noun: &str) -> bool {
        self.tables.crowd.contains(noun)
    }

    /// Of a site that answers.
    pub(super) fn is_up(&self, word: &str) -> bool {
        self.tables.up.contains(word)
    }

    pub(super) fn is_down(&self, word: &str) -> bool {
        self.tables.down.contains(word)
    }

    pub(super) fn is_person(&self, noun: &str) -> bool {
        self.tables.people.contains(noun)
    }

    pub(super) fn is_item_person(&self, noun: &str) -> bool {
        self.tables.item_people.contains(noun)
    }

    pub(super) fn is_generic(&self, noun: &str) -> bool {
        self.tables.generic.contains(noun)
    }

    /// "the list", "the total": what a step made, whatever it made.
    pub(super) fn is_outcome(&self, noun: &str) -> bool {
        self.tables.outcomes.contains(noun)
    }

    pub(super) fn is_agent(&self, noun: &str) -> bool {
        self.tables.made.contains(noun)
    }

    pub(super) fn is_askable(&self, noun: &str) -> bool {
        self.tables.askable.contains(noun)
    }

    /// The block that reads what a noun names when no service is named.
    pub(super) fn source(&self, noun: &str) -> Option<&Block> {
        self.catalogue.by_name(&self.source_entry(noun)?.block)
    }

    /// The block that reads a single one, if there is one.
    pub(super) fn source_of_one(&self, noun: &str) -> Option<&Block> {
        self.catalogue.by_name(self.source_entry(noun)?.one.as_deref()?)
    }

    fn source_entry(&self, noun: &str) -> Option<&Source> {
        self.tables.sources.iter().find(|source| source.nouns.iter().any(|known| known == noun))
    }

    pub(super) fn container(&self, service: &str) -> Option<&Block> {
        self.catalogue.by_name(self.tables.containers.get(service)?)
    }

    pub(super) fn operation(&self, word: &str) -> Option<&str> {
        self.tables.operations.get(word).map(String::as_str)
    }

    /// How much an output says: the lower, the more.
    pub(super) fn tells(&self, output: &str) -> Option<usize> {
        self.tables.outputs.iter().position(|name| name == output)
    }

    /// Whether the catalogue has a language model: another platform's may have none.
    pub(super) fn has_model(&self) -> bool {
        self.catalogue.by_id(special::AI_TEXT).is_some()
    }

    /// The usual word for a verb: "summarise" for "sum up".
    pub(super) fn usual_verb<'v>(&'v self, lemma: &'v str) -> &'v str {
        self.tables.alike.get(lemma).map_or(lemma, String::as_str)
    }

    /// Further names of the same thing: "website" for "web page".
    pub(super) fn like(&self, noun: &str) -> &[String] {
        self.source_entry(noun).map_or(&[], |source| &source.nouns)
    }

    pub(super) fn is_plain(&self, block: &Block) -> bool {
        self.tables.plain.contains(&block.name)
    }

    pub(super) fn tools(&self) -> &[Tool] {
        &self.tables.tools
    }

    pub(super) fn labels(&self) -> &[tables::Labelled] {
        &self.tables.labels
    }

    /// The punctuation that a word stands for.
    pub(super) fn sign(&self, word: &str) -> Option<&str> {
        self.tables.signs.get(word).map(String::as_str)
    }

    /// Whether the block starts with what somebody sent to an address.
    pub(super) fn is_form(&self, block: &Block) -> bool {
        self.tables.triggers.iter().any(|source| source.block == block.name)
    }

    pub(super) fn trigger(&self, noun: &str) -> Option<&Block> {
        let entry = self.tables.triggers.iter().find(|source| source.nouns.iter().any(|known| known == noun))?;
        self.catalogue.by_name(&entry.block)
    }

    /// What people call that which a block reads.
    pub(super) fn called(&self, block: &Block) -> impl Iterator<Item = &str> {
        let sources =
            self.tables.sources.iter().chain(&self.tables.triggers).filter(|source| source.block == block.name);
        let own = self.of(block).into_iter().flat_map(|knows| &knows.nouns);
        sources.flat_map(|source| &source.nouns).chain(own).map(String::as_str)
    }

    /// The block that delivers a text over a service.
    pub(super) fn channel(&self, service: &str) -> Option<&Block> {
        if let Some(name) = self.tables.channels.get(service) {
            return self.catalogue.by_name(name);
        }
        // A service that posts or messages go to, whatever the tables know of it.
        let delivers = |block: &&Block| {
            let meaning = self.meaning(block);
            let posts =
                meaning.objects.iter().any(|object| matches!(object.rsplit(' ').next(), Some("post" | "message")));
            matches!(meaning.action, Action::Send | Action::Publish)
                && posts
                && !block.trigger
                && self.content_input(block).is_some()
        };
        let own = self.catalogue.blocks_of(service).iter().filter_map(|at| self.catalogue.blocks().get(*at));
        own.filter(delivers).min_by_key(|block| block.required_inputs().count())
    }

    pub(super) fn is_channel(&self, block: &Block) -> bool {
        self.tables.channels.values().any(|name| *name == block.name)
            || self
                .meaning(block)
                .service
                .as_deref()
                .and_then(|service| self.channel(service))
                .is_some_and(|own| own.id == block.id)
    }
}

pub(super) fn capitalised(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |first| first.to_uppercase().chain(chars).collect())
}
