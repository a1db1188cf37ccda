//! How each block is used: `data/recipes.json`, checked against the catalogue. A block without a recipe of its own gets
//! one from its schema, so that steps that name it can be assembled all the same.

use std::collections::HashMap;

use serde::Deserialize;
use serde_json::Value;

use super::lexicon::{Concept, Lexicon};
use crate::catalogue::{Block, Catalogue, ERROR_OUTPUT, schema::Types};

const TEXT: &str = include_str!("../../data/recipes.json");

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

/// What a block gives.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
struct GivesText {
    all: String,
    each: Option<String>,
    nouns: Vec<String>,
    fields: Vec<String>,
    url: Option<String>,
    chat: Option<String>,
    receipt: Option<String>,
    then: Option<String>,
    passes: bool,
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

#[derive(Debug, Clone, Deserialize)]
struct RecipeText {
    id: String,
    block: String,
    role: Place,
    #[serde(rename = "match")]
    alternatives: Vec<String>,
    #[serde(default)]
    last_resort: bool,
    #[serde(default)]
    needs_topic: bool,
    title: String,
    says: String,
    #[serde(default)]
    url_hints: Vec<String>,
    limit: Option<String>,
    inputs: Vec<Slot>,
    gives: GivesText,
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

#[derive(Deserialize)]
struct ChoiceText {
    #[serde(rename = "match")]
    alternatives: Vec<String>,
    #[serde(default)]
    last_resort: bool,
    question: String,
    keyword: String,
    example: String,
    options: Vec<String>,
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

#[derive(Deserialize)]
struct File {
    recipes: Vec<RecipeText>,
    choices: Vec<ChoiceText>,
    suggestions: Suggestions,
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
    /// Those made from schemas, by block id.
    derived: HashMap<String, Recipe>,
}

impl Recipes {
    /// Reads the embedded recipes and makes those that are missing.
    pub fn embedded(lexicon: &Lexicon, catalogue: &Catalogue) -> Result<Self, serde_json::Error> {
        let file: File = serde_json::from_str(TEXT)?;
        let concepts = |names: &str| -> Option<Vec<Concept>> {
            names.split(' ').map(|name| if name == "toward" { Some(TOWARD) } else { lexicon.concept(name) }).collect()
        };
        let mut known = Vec::with_capacity(file.recipes.len());
        for text in file.recipes {
            let Some(block) = catalogue.by_name(&text.block) else { continue };
            known.push(Recipe {
                block: block.id.clone(),
                place: text.role,
                alternatives: text.alternatives.iter().filter_map(|names| concepts(names)).collect(),
                last_resort: text.last_resort,
                needs_topic: text.needs_topic,
                gives: Gives {
                    nouns: text.gives.nouns.iter().filter_map(|name| lexicon.concept(name)).collect(),
                    all: text.gives.all,
                    each: text.gives.each,
                    fields: text.gives.fields,
                    url: text.gives.url,
                    chat: text.gives.chat,
                    receipt: text.gives.receipt,
                    then: text.gives.then,
                    passes: text.gives.passes,
                },
                id: text.id,
                title: text.title,
                says: text.says,
                url_hints: text.url_hints,
                limit: text.limit,
                slots: text.inputs,
            });
        }
        let index = |id: &String| known.iter().position(|recipe: &Recipe| recipe.id == *id);
        let choices = file.choices.into_iter().map(|choice| Choice {
            alternatives: choice.alternatives.iter().filter_map(|names| concepts(names)).collect(),
            last_resort: choice.last_resort,
            question: choice.question,
            keyword: choice.keyword,
            example: choice.example,
            options: choice.options.iter().filter_map(index).collect(),
        });
        let choices = choices.filter(|choice: &Choice| choice.options.len() > 1).collect();
        let derived = catalogue
            .blocks()
            .iter()
            .filter(|block| !known.iter().any(|recipe| recipe.block == block.id))
            .map(|block| (block.id.clone(), derive(block)))
            .collect();
        Ok(Self { known, choices, suggestions: file.suggestions, derived })
    }

    /// The recipe for a block; where it has several, the one that `fits`, else the first.
    pub fn for_block(&self, id: &str, fits: impl Fn(&Recipe) -> bool) -> Option<&Recipe> {
        let mut all = self.known.iter().filter(|recipe| recipe.block == id);
        let first = all.clone().next();
        all.find(|recipe| fits(recipe)).or(first).or_else(|| self.derived.get(id))
    }
}

/// Inputs that take what was made before, by their usual names.
const CONTENT_NAMES: [&str; 12] =
    ["text", "content", "body", "message", "message_content", "prompt", "input", "value", "data", "items", "input_value", "value1"];

/// A recipe made from a schema: the first input of a usual name takes what was made before, the others are asked for.
fn derive(block: &Block) -> Recipe {
    let names: Vec<&str> = block.required_inputs().collect();
    let optional = block.input_schema.properties.iter().map(|(name, _)| name);
    let content = names.iter().copied().chain(optional).find(|name| CONTENT_NAMES.contains(name));
    let mut slots: Vec<Slot> = Vec::new();
    for name in content.into_iter().chain(names.iter().copied().filter(|name| Some(*name) != content)) {
        let types = block.input_type(name).unwrap_or(Types::ANY);
        let kind = match () {
            () if Some(name) != content => Kind::Ask,
            () if types == Types::STRING => Kind::Content,
            () if types == Types::ARRAY => Kind::Collection,
            () if types == Types::OBJECT => Kind::Record,
            () => Kind::Upstream,
        };
        let ask = name.replace('_', " ");
        let ask = ask.chars().next().map_or_else(String::new, |first| first.to_uppercase().chain(ask.chars().skip(1)).collect());
        slots.push(Slot { name: name.to_owned(), kind, ask: Some(ask), help: None, value: None, optional: false });
    }
    let outputs = || block.output_schema.properties.iter().map(|(name, _)| name).filter(|name| *name != ERROR_OUTPUT);
    let place = if block.trigger {
        Place::Trigger
    } else if content.is_some() {
        Place::Transform
    } else {
        Place::Source
    };
    Recipe {
        id: block.name.clone(),
        block: block.id.clone(),
        place,
        alternatives: Vec::new(),
        last_resort: false,
        needs_topic: false,
        title: block.title(),
        says: block.description.clone(),
        url_hints: Vec::new(),
        limit: None,
        slots,
        gives: Gives { all: outputs().next().unwrap_or_default().to_owned(), ..Gives::default() },
    }
}
