//! All that planning needs to know: the catalogue, the vocabulary, and the tables with what neither of them tells: classes
//! of verbs, nouns that are made, people, and what no schema tells of single blocks (`data/planning.json`).

use std::{
    collections::{BTreeMap, HashMap, HashSet},
    sync::OnceLock,
};

use serde::Deserialize;
use serde_json::{Map, Value};
use thiserror::Error;

use crate::{
    catalogue::{Action, Block, Catalogue, CatalogueError, Meaning, Search, special},
    reading::{Kind, Vocabulary},
};

/// What no rule can know of a block.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Knows {
    /// Values that are right whatever the goal.
    pub(super) set: Map<String, Value>,
    /// The input that says how many minutes to look back.
    pub(super) window: Option<String>,
    /// The input that says how many days to look ahead.
    pub(super) days: Option<String>,
    /// The input that takes a search expression as Gmail does.
    pub(super) search: Option<String>,
    /// Parts of an entry that are worth reading.
    pub(super) fields: Vec<String>,
    /// Outputs that are worth reading together.
    pub(super) parts: Vec<String>,
    /// The output with everything.
    pub(super) all: Option<String>,
    /// The output with one entry at a time.
    pub(super) each: Option<String>,
    /// The part of an entry with a mail address.
    pub(super) address: Option<String>,
    /// The output that says where to answer.
    pub(super) chat: Option<String>,
    /// What it gives, as people call it.
    pub(super) nouns: Vec<String>,
    /// It can read too, although its action says otherwise.
    pub(super) reads: bool,
    /// Inputs that another block gives: the block and its output.
    pub(super) needs: HashMap<String, (String, String)>,
    /// The block that reads in full what this one only names.
    pub(super) detail: Option<Detail>,
    /// Parts of inputs that the person is asked for, by what they are called.
    pub(super) ask: BTreeMap<String, String>,
    /// What its result is called when nothing else is.
    pub(super) receipt: Option<String>,
}

/// How to read in full: the part of an entry that goes into an input of the block.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Detail {
    pub(super) block: String,
    pub(super) key: String,
    pub(super) input: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Source {
    nouns: Vec<String>,
    block: String,
    /// Reads a single one that is named by its address.
    one: Option<String>,
}

/// A block that is meant only if its own words are said.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Tool {
    pub(super) verbs: HashSet<String>,
    /// At least one of them is worked on; any thing if there are none.
    #[serde(default)]
    pub(super) nouns: HashSet<String>,
    pub(super) block: String,
    /// Inputs for the quoted texts of the act, in their order.
    #[serde(default)]
    pub(super) values: Vec<String>,
    /// Values that make the block do it.
    #[serde(default)]
    pub(super) set: Map<String, Value>,
    /// Parts of inputs that the person is asked for, by what they are called.
    #[serde(default)]
    pub(super) ask: BTreeMap<String, String>,
}

/// The tables as written.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Tables {
    classes: HashMap<String, HashSet<String>>,
    actions: HashMap<String, HashSet<Action>>,
    products: HashSet<String>,
    writable: HashSet<String>,
    compose: HashSet<String>,
    carriers: HashSet<String>,
    people: HashSet<String>,
    item_people: HashSet<String>,
    generic: HashSet<String>,
    made: HashSet<String>,
    askable: HashSet<String>,
    sources: Vec<Source>,
    tools: Vec<Tool>,
    /// Services that hold whatever people put into them, with the block that reads it.
    containers: HashMap<String, String>,
    /// Verbs that mean the same, by the usual one.
    alike: HashMap<String, String>,
    /// Words for what a calculator does.
    operations: HashMap<String, String>,
    /// Outputs by which a block says most, the best first.
    outputs: Vec<String>,
    /// Blocks that work on any text, list or value: what they work on is no reason to take them.
    plain: HashSet<String>,
    /// Punctuation by the word for it.
    signs: HashMap<String, String>,
    triggers: Vec<Source>,
    channels: HashMap<String, String>,
    blocks: HashMap<String, Knows>,
    slots: HashMap<String, Vec<String>>,
    /// Services by other names than the catalogue's, with the block that works with them.
    aliases: HashMap<String, String>,
    unreachable: Unreachable,
    vague: HashSet<String>,
    /// Things that are kept in some system, which has to be named before they can be read.
    records: HashSet<String>,
    /// What a person sets once: an agent that runs by itself may ask for it.
    settings: HashSet<String>,
    choices: Vec<Choice>,
    /// What comes out of thinking, by the verb: "translate" gives a translation.
    results: HashMap<String, Vec<String>>,
    /// Services that do the same as one that cannot be used, by its kind, the nearest first.
    instead: HashMap<String, Vec<String>>,
    /// Time zones as people write them, with their names in the IANA database.
    zones: HashMap<String, String>,
}

/// What no software does.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Unreachable {
    verbs: HashSet<String>,
    nouns: HashSet<String>,
}

/// Things that several services have, none of them more usual than the others.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Choice {
    nouns: Vec<String>,
    pub(super) services: Vec<String>,
}

impl Tables {
    fn embedded() -> Result<Self, serde_json::Error> {
        serde_json::from_str(include_str!("../data/planning.json"))
    }
}

/// What a word is worth in a search that a table knows a block by.
const KNOWN: f32 = 2.0;

/// What planning goes by.
#[derive(Debug)]
pub struct Knowledge {
    /// The blocks.
    pub catalogue: Catalogue,
    pub(crate) tables: Tables,
    /// The words.
    pub vocabulary: Vocabulary,
    /// Made at the first search: planning by rules has none.
    search: OnceLock<Search>,
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
        let (tables, mut vocabulary) = (Tables::embedded()?, Vocabulary::standard());
        vocabulary.learn(catalogue.services());
        Ok(Self { catalogue, tables, vocabulary, search: OnceLock::new() })
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
        let words = own.chain(sources.flat_map(|source| &source.nouns)).chain(thinks).map(String::as_str);
        words.chain(block.trigger.then_some("when")).map(|word| (word, KNOWN)).collect()
    }
}

/// What a verb may mean.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Class {
    Fetch,
    Search,
    Think,
    Tell,
    Store,
    Make,
    Change,
    Hand,
    Happen,
    Approve,
    Wait,
    Remember,
}

impl Class {
    fn key(self) -> &'static str {
        match self {
            Self::Fetch => "fetch",
            Self::Search => "search",
            Self::Think => "think",
            Self::Tell => "tell",
            Self::Store => "store",
            Self::Make => "make",
            Self::Change => "change",
            Self::Hand => "hand",
            Self::Happen => "happen",
            Self::Approve => "approve",
            Self::Wait => "wait",
            Self::Remember => "remember",
        }
    }
}

/// What an input is for, by its name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Slot {
    Content,
    Structured,
    Title,
    Prompt,
    Query,
    Address,
    Place,
    Recipient,
    Limit,
    Other,
}

const SLOTS: [(&str, Slot); 9] = [
    ("prompt", Slot::Prompt),
    ("query", Slot::Query),
    ("address", Slot::Address),
    ("place", Slot::Place),
    ("recipient", Slot::Recipient),
    ("limit", Slot::Limit),
    ("structured", Slot::Structured),
    ("title", Slot::Title),
    ("content", Slot::Content),
];

impl Knowledge {
    pub(super) fn meaning(&self, block: &Block) -> &Meaning {
        self.catalogue.meaning_of(block)
    }

    /// Whether a block works on what a noun names.
    pub(super) fn concerns(&self, block: &Block, noun: &str) -> bool {
        let last = noun.rsplit(' ').next().unwrap_or(noun);
        self.meaning(block).objects.iter().any(|object| object == noun || object.split(' ').any(|word| word == last))
    }

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
        if let Some(alike) = alike {
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
        all.map(String::as_str).filter(|other| self.catalogue.service(other).is_some()).collect()
    }

    pub(super) fn zone(&self, written: &str) -> Option<&str> {
        self.tables.zones.get(written).map(String::as_str)
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

    pub(super) fn of(&self, block: &Block) -> Option<&Knows> {
        self.tables.blocks.get(&block.name)
    }

    pub(super) fn is(&self, verb: &str, class: Class) -> bool {
        self.tables.classes.get(class.key()).is_some_and(|verbs| verbs.contains(verb))
    }

    pub(super) fn serves(&self, block: &Block, class: Class) -> bool {
        let actions = self.tables.actions.get(class.key());
        class == Class::Fetch && self.of(block).is_some_and(|knows| knows.reads)
            || actions.is_some_and(|actions| actions.contains(&self.meaning(block).action))
    }

    /// Whether a block brings in what others work on.
    pub(super) fn begins(&self, block: &Block) -> bool {
        use Action::{Ask, Download, Get, List, Read, Search, Watch};
        block.trigger
            || self.tables.sources.iter().any(|source| source.block == block.name)
            || matches!(self.meaning(block).action, Get | Read | List | Search | Download | Watch | Ask)
    }

    /// Whether a block takes something out and gives only word that it did.
    pub(super) fn delivers(&self, block: &Block) -> bool {
        use Action::{
            Add, Append, Cancel, Create, Delete, Label, Publish, Reply, Schedule, Send, Share, Store, Update, Upload,
        };
        let meaning = self.meaning(block);
        let takes_out = matches!(
            meaning.action,
            Add | Append | Cancel | Create | Delete | Label | Publish | Reply | Schedule | Share | Update | Upload
        );
        !self.begins(block) && (matches!(meaning.action, Send | Store) || takes_out && meaning.service.is_some())
    }

    /// What people call a block: by what it does, to what, with which service, and by what it gives.
    pub(super) fn names_of(&self, block: &Block) -> Vec<&str> {
        let meaning = self.meaning(block);
        let own = self.of(block).into_iter().flat_map(|knows| &knows.nouns);
        let all = meaning.verbs.iter().chain(&meaning.objects).chain(&meaning.service).chain(&meaning.gives).chain(own);
        all.map(String::as_str).collect()
    }

    /// Whether an input of this name takes what is worked on.
    pub(super) fn is_content(&self, input: &str) -> bool {
        matches!(self.slot(input), Slot::Content | Slot::Structured | Slot::Prompt)
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
        self.tables.carriers.contains(noun)
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

    /// The punctuation that a word stands for.
    pub(super) fn sign(&self, word: &str) -> Option<&str> {
        self.tables.signs.get(word).map(String::as_str)
    }

    pub(super) fn trigger(&self, noun: &str) -> Option<&Block> {
        let entry = self.tables.triggers.iter().find(|source| source.nouns.iter().any(|known| known == noun))?;
        self.catalogue.by_name(&entry.block)
    }

    /// What people call that which a block reads.
    pub(super) fn called(&self, block: &Block) -> impl Iterator<Item = &str> {
        let sources = self.tables.sources.iter().chain(&self.tables.triggers).filter(|source| source.block == block.name);
        let own = self.of(block).into_iter().flat_map(|knows| &knows.nouns);
        sources.flat_map(|source| &source.nouns).chain(own).map(String::as_str)
    }

    /// The block that delivers a text over a service.
    pub(super) fn channel(&self, service: &str) -> Option<&Block> {
        self.catalogue.by_name(self.tables.channels.get(service)?)
    }

    pub(super) fn is_channel(&self, block: &Block) -> bool {
        self.tables.channels.values().any(|name| *name == block.name)
    }

    pub(super) fn slot(&self, input: &str) -> Slot {
        let in_list =
            |key: &str| self.tables.slots.get(key).is_some_and(|names| names.iter().any(|name| name == input));
        SLOTS.iter().find(|(key, _)| in_list(key)).map_or(Slot::Other, |(_, slot)| *slot)
    }

    /// The inputs of a block that take the main text, the likeliest first.
    pub(super) fn content_input(&self, block: &Block) -> Option<&str> {
        let names = self.tables.slots.get("content")?;
        let has = |name: &&String| {
            block.input_schema().properties.get(name).is_some_and(|schema| {
                let kind = schema.kind();
                kind.is_any() || kind.flows_into(crate::catalogue::schema::Types::STRING)
            })
        };
        let required = |name: &&String| block.input_schema().required.contains(*name);
        let found = names.iter().filter(has).find(required).or_else(|| names.iter().find(has));
        found.map(String::as_str)
    }

    /// The required input that takes a title.
    pub(super) fn title_input<'k>(&self, block: &'k Block) -> Option<&'k str> {
        block.required_inputs().find(|name| self.slot(name) == Slot::Title)
    }
}

pub(super) fn capitalised(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |first| first.to_uppercase().chain(chars).collect())
}
