//! The tables as written: `data/planning.json`.

use std::collections::{BTreeMap, HashMap, HashSet};

use serde::Deserialize;
use serde_json::{Map, Value};

use crate::catalogue::Action;

/// What no rule can know of a block.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Knows {
    /// Values that are right whatever the goal.
    pub(crate) set: Map<String, Value>,
    /// The input that says how many minutes to look back.
    pub(crate) window: Option<String>,
    /// The input that says how many days to look ahead.
    pub(crate) days: Option<String>,
    /// The input that takes a search expression as Gmail does.
    pub(crate) search: Option<String>,
    /// Parts of an entry that are worth reading.
    pub(crate) fields: Vec<String>,
    /// Outputs that are worth reading together.
    pub(crate) parts: Vec<String>,
    /// The output with everything.
    pub(crate) all: Option<String>,
    /// The output with one entry at a time.
    pub(crate) each: Option<String>,
    /// The part of an entry with a mail address.
    pub(crate) address: Option<String>,
    /// The output that says where to answer.
    pub(crate) chat: Option<String>,
    /// What it gives, as people call it.
    pub(crate) nouns: Vec<String>,
    /// It can read too, although its action says otherwise.
    pub(crate) reads: bool,
    /// Inputs that another block gives: the block and its output.
    pub(crate) needs: HashMap<String, (String, String)>,
    /// The block that reads in full what this one only names.
    pub(crate) detail: Option<Detail>,
    /// The block that fetches the file of an event; its kind stands before the key.
    pub(crate) file: Option<Detail>,
    /// Parts of inputs that the person is asked for, by what they are called.
    pub(crate) ask: BTreeMap<String, String>,
    /// What its result is called when nothing else is.
    pub(crate) receipt: Option<String>,
}

/// How to read in full: the part of an entry that goes into an input of the block.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Detail {
    pub(crate) block: String,
    pub(crate) key: String,
    pub(crate) input: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Source {
    pub(super) nouns: Vec<String>,
    pub(super) block: String,
    /// Reads a single one that is named by its address.
    pub(super) one: Option<String>,
}

/// A block that is meant only if its own words are said.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Tool {
    pub(crate) verbs: HashSet<String>,
    /// At least one of them is worked on; any thing if there are none.
    #[serde(default)]
    pub(crate) nouns: HashSet<String>,
    pub(crate) block: String,
    /// Inputs for the quoted texts of the act, in their order.
    #[serde(default)]
    pub(crate) values: Vec<String>,
    /// Values that make the block do it.
    #[serde(default)]
    pub(crate) set: Map<String, Value>,
    /// Parts of inputs that the person is asked for, by what they are called.
    #[serde(default)]
    pub(crate) ask: BTreeMap<String, String>,
}

/// A change of a mail that is a label put on or taken off.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Labelled {
    pub(crate) verbs: HashSet<String>,
    /// One of them is said; none is needed if there are none.
    #[serde(default)]
    pub(crate) words: HashSet<String>,
    pub(crate) block: String,
    /// Gmail's own label; else the person names one.
    pub(crate) label: Option<String>,
}

/// The tables as written.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Tables {
    pub(super) classes: HashMap<String, HashSet<String>>,
    pub(super) actions: HashMap<String, HashSet<Action>>,
    pub(super) products: HashSet<String>,
    pub(super) writable: HashSet<String>,
    pub(super) compose: HashSet<String>,
    pub(super) carriers: HashSet<String>,
    pub(super) people: HashSet<String>,
    pub(super) item_people: HashSet<String>,
    pub(super) generic: HashSet<String>,
    /// Verbs that want something to be there at a later run.
    pub(super) keeps: HashSet<String>,
    /// Verbs that want something to be seen at the end.
    pub(super) shows: HashSet<String>,
    /// Words for more people than one.
    pub(super) crowd: HashSet<String>,
    /// Of a site that answers, and of one that does not.
    pub(super) up: HashSet<String>,
    pub(super) down: HashSet<String>,
    pub(super) outcomes: HashSet<String>,
    pub(super) made: HashSet<String>,
    pub(super) askable: HashSet<String>,
    pub(super) sources: Vec<Source>,
    pub(super) tools: Vec<Tool>,
    pub(super) labels: Vec<Labelled>,
    /// Services that hold whatever people put into them, with the block that reads it.
    pub(super) containers: HashMap<String, String>,
    /// Words in front of a text in quotation marks that is to be said.
    pub(super) saying: HashSet<String>,
    /// Verbs that mean the same, by the usual one.
    pub(super) alike: HashMap<String, String>,
    /// Words for what a calculator does.
    pub(super) operations: HashMap<String, String>,
    /// Outputs by which a block says most, the best first.
    pub(super) outputs: Vec<String>,
    /// Blocks that work on any text, list or value: what they work on is no reason to take them.
    pub(super) plain: HashSet<String>,
    /// Punctuation by the word for it.
    pub(super) signs: HashMap<String, String>,
    pub(super) triggers: Vec<Source>,
    pub(super) channels: HashMap<String, String>,
    pub(super) blocks: HashMap<String, Knows>,
    pub(super) slots: HashMap<String, Vec<String>>,
    /// Services by other names than the catalogue's, with the block that works with them.
    pub(super) aliases: HashMap<String, String>,
    pub(super) unreachable: Unreachable,
    pub(crate) form: Form,
    pub(super) vague: HashSet<String>,
    /// Things that are kept in some system, which has to be named before they can be read.
    pub(super) records: HashSet<String>,
    /// What a person sets once: an agent that runs by itself may ask for it.
    pub(super) settings: HashSet<String>,
    /// Inputs that are parts of the entry that is worked on, of a form or a row, by the same name.
    pub(super) parts: HashSet<String>,
    pub(super) choices: Vec<Choice>,
    /// What comes out of thinking, by the verb: "translate" gives a translation.
    pub(super) results: HashMap<String, Vec<String>>,
    /// Services that do the same as one that cannot be used, by its kind, the nearest first.
    pub(super) instead: HashMap<String, Vec<String>>,
    /// Time zones as people write them, with their names in the IANA database.
    pub(super) zones: HashMap<String, String>,
}

/// What the parts of a form for wishes are headed with.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Form {
    /// Why it is wished for.
    pub(crate) why: HashSet<String>,
    /// What is wished for.
    pub(crate) wish: HashSet<String>,
    /// What is wished for besides.
    pub(crate) more: HashSet<String>,
    /// What it is called.
    pub(crate) name: HashSet<String>,
    /// Words that stand around those.
    pub(crate) around: HashSet<String>,
    /// In front of a wish: what there is today.
    pub(crate) today: HashSet<String>,
}

/// What no software does.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Unreachable {
    pub(super) verbs: HashSet<String>,
    pub(super) nouns: HashSet<String>,
}

/// Things that several services have, none of them more usual than the others.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Choice {
    pub(super) nouns: Vec<String>,
    pub(crate) services: Vec<String>,
}

impl Choice {
    pub(crate) fn is_between(&self, noun: &String) -> bool {
        self.nouns.contains(noun)
    }
}

impl Tables {
    pub(super) fn embedded() -> Result<Self, serde_json::Error> {
        crate::tables::table(include_bytes!(concat!(env!("OUT_DIR"), "/planning.json.deflate")))
    }
}

/// What a verb may mean.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Class {
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
    Outside,
}

impl Class {
    pub(super) fn key(self) -> &'static str {
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
            Self::Outside => "outside",
        }
    }
}

/// What an input is for, by its name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Slot {
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

pub(super) const SLOTS: [(&str, Slot); 9] = [
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
