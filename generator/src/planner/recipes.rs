//! How each block is used: what asks for it, where it stands, what goes into it and what comes out.

use std::{collections::HashMap, sync::OnceLock};

use serde::Deserialize;
use serde_json::Value;

use super::{lexicon::Concept, recipe_file::derive};
use crate::catalogue::Catalogue;

/// Stands in a match for "to" or "via" before the thing.
pub const TOWARD: Concept = Concept::MAX;

/// Where in an agent a block stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Place {
    /// It starts the agent.
    Trigger,
    /// It brings something in.
    Source,
    /// It makes something of what is there.
    Transform,
    /// It takes something out.
    Sink,
}

/// How the value of an input is found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// The person supplies it at run time.
    #[default]
    Ask,
    /// It keeps its default, unless the agent would have no input at all.
    Default,
    /// What was made before, as text; else a quoted text.
    Content,
    /// What was made before, as it is.
    Upstream,
    /// What was made before, as a list.
    Collection,
    /// What was made before, as a dictionary.
    Record,
    /// An instruction to a language model, with what was made before inserted.
    Prompt,
    /// The words of the clause, without what was made before.
    Instruction,
    /// What the clause is about; else what was made before.
    Subject,
    /// What the clause is about, in a few words.
    Topic,
    /// A title: named in the goal, or the agent's own.
    Title,
    /// A web address.
    Url,
    /// The address of what was read before, else of a page.
    PageLink,
    /// An e-mail address.
    Email,
    /// A channel of a chat.
    Channel,
    /// A chat id: that of the message that started the agent.
    Chat,
    /// A subreddit.
    Subreddit,
    /// `owner/name`.
    Repo,
    /// A quoted text.
    Quoted,
    /// Code in quotation marks.
    Code,
    /// A number.
    Number,
    /// An arithmetic operation.
    Operation,
    /// Minutes.
    Duration,
    /// The fields to extract.
    Fields,
    /// A search expression for mail.
    MailQuery,
    /// The form of a summary.
    Style,
    /// What a summary stresses.
    Focus,
    /// An uploaded file.
    File,
}

/// One input of a recipe.
#[derive(Debug, Clone, Deserialize)]
pub struct Slot {
    /// The input, or a part of it.
    pub name: String,
    /// How its value is found.
    #[serde(default)]
    pub kind: Kind,
    /// What the person is asked for at run time.
    pub ask: Option<String>,
    /// What helps to answer.
    pub help: Option<String>,
    /// A fixed value.
    pub value: Option<Value>,
    /// It may stay as it is.
    #[serde(default)]
    pub optional: bool,
}

/// What a block gives to those after it.
#[derive(Debug, Clone, Default)]
pub struct Gives {
    /// The output with everything.
    pub all: String,
    /// The output that emits one thing after the other.
    pub each: Option<String>,
    /// What it may be called.
    pub nouns: Vec<Concept>,
    /// The parts worth reading, where it is a dictionary.
    pub fields: Vec<String>,
    /// The part that is its web address.
    pub url: Option<String>,
    /// The output that is the id of the chat it came from.
    pub chat: Option<String>,
    /// The name of the result, where it only says that something was delivered.
    pub receipt: Option<String>,
    /// The recipe that always follows, for what this one gives is only an address.
    pub then: Option<String>,
    /// It hands on what it was given.
    pub passes: bool,
}

/// How a block is used.
#[derive(Debug, Clone)]
pub struct Recipe {
    /// Its name in the data.
    pub id: String,
    /// The id of its block.
    pub block: String,
    /// Where it stands.
    pub place: Place,
    /// The sets of concepts that ask for it.
    pub alternatives: Vec<Vec<Concept>>,
    /// It is used only where nothing else fits.
    pub last_resort: bool,
    /// It is used only where the clause says what it is about.
    pub needs_topic: bool,
    /// It is used only where the clause says how many are wanted.
    pub needs_count: bool,
    /// It is used only where the clause has two numbers that count nothing.
    pub needs_numbers: bool,
    /// It may start an agent for what comes from there: "a contact from a form submission".
    pub from_there: bool,
    /// It is never used where the clause speaks of one of these.
    pub never_with: Vec<Concept>,
    /// The name of the step.
    pub title: String,
    /// What the step does.
    pub says: String,
    /// Parts of web addresses that are for this block.
    pub url_hints: Vec<String>,
    /// The input that limits how many things come.
    pub limit: Option<String>,
    /// Its inputs.
    pub slots: Vec<Slot>,
    /// What it gives.
    pub gives: Gives,
}

/// Several recipes that fit equally well, and the question that settles it.
#[derive(Debug, Clone)]
pub struct Choice {
    /// The sets of concepts that leave it open.
    pub alternatives: Vec<Vec<Concept>>,
    /// It is asked only where no recipe fits.
    pub last_resort: bool,
    /// The question.
    pub question: String,
    /// What it is about.
    pub keyword: String,
    /// An answer.
    pub example: String,
    /// The recipes, by their place in the list.
    pub options: Vec<usize>,
}

/// Goals that can be built, for those that cannot.
#[derive(Debug, Clone, Deserialize)]
pub struct Suggestions {
    /// For a goal with nothing to go on.
    pub vague: Vec<String>,
    /// For a goal with one of these words.
    pub nearest: Vec<Nearest>,
    /// For any other.
    pub fallback: String,
}

/// A goal that is near to some words.
#[derive(Debug, Clone, Deserialize)]
pub struct Nearest {
    /// The words.
    pub words: Vec<String>,
    /// The goal.
    pub goal: String,
}

/// All recipes.
#[derive(Debug)]
pub struct Recipes {
    /// Those of the data file whose block the catalogue has.
    pub known: Vec<Recipe>,
    /// The open choices.
    pub choices: Vec<Choice>,
    /// Goals to suggest.
    pub suggestions: Suggestions,
    /// Those made from schemas when they are first used, by block id.
    pub(super) derived: HashMap<String, OnceLock<Recipe>>,
}

impl Recipes {
    /// The recipe for a block; where it has several, the one that `fits`, else the first.
    pub(crate) fn for_block(&self, catalogue: &Catalogue, id: &str, fits: impl Fn(&Recipe) -> bool) -> Option<&Recipe> {
        let mut all = self.known.iter().filter(|recipe| recipe.block == id);
        let first = all.clone().next();
        let derived = || {
            let block = catalogue.by_id(id)?;
            Some(self.derived.get(id)?.get_or_init(|| derive(block)))
        };
        all.find(|recipe| fits(recipe)).or(first).or_else(derived)
    }
}
