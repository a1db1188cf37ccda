//! `data/recipes.json`, checked against the catalogue. A block without a recipe of its own gets one from its schema, so
//! that steps that name it can be assembled all the same.

use std::sync::OnceLock;

use serde::Deserialize;

use super::{
    lexicon::{Concept, Lexicon},
    recipes::{Choice, Gives, Kind, Place, Recipe, Recipes, Slot, Suggestions, TOWARD},
};
use crate::catalogue::{Block, Catalogue, ERROR_OUTPUT, schema::Types};

const TEXT: &str = include_str!("../../data/recipes.json");

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
    #[serde(default)]
    needs_count: bool,
    #[serde(default)]
    needs_numbers: bool,
    #[serde(default)]
    from_there: bool,
    #[serde(default)]
    never_with: Vec<String>,
    title: String,
    says: String,
    #[serde(default)]
    url_hints: Vec<String>,
    limit: Option<String>,
    inputs: Vec<Slot>,
    gives: GivesText,
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

#[derive(Deserialize)]
struct File {
    recipes: Vec<RecipeText>,
    choices: Vec<ChoiceText>,
    suggestions: Suggestions,
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
            let Some(block) = catalogue.by_name(&text.block).filter(|block| fits(block, &text)) else { continue };
            known.push(Recipe {
                block: block.id.clone(),
                place: text.role,
                alternatives: text.alternatives.iter().filter_map(|names| concepts(names)).collect(),
                last_resort: text.last_resort,
                needs_topic: text.needs_topic,
                needs_count: text.needs_count,
                needs_numbers: text.needs_numbers,
                from_there: text.from_there,
                never_with: text.never_with.iter().filter_map(|name| lexicon.concept(name)).collect(),
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
            .map(|block| (block.id.clone(), OnceLock::new()))
            .collect();
        Ok(Self { known, choices, suggestions: file.suggestions, derived })
    }
}

/// Whether a block has what its recipe names: another catalogue may mean something else by the name.
fn fits(block: &Block, text: &RecipeText) -> bool {
    let given = [Some(&text.gives.all), text.gives.each.as_ref(), text.gives.chat.as_ref()];
    text.inputs.iter().all(|slot| block.input_type(&slot.name).is_some())
        && text.limit.as_ref().is_none_or(|name| block.input_type(name).is_some())
        && given.into_iter().flatten().filter(|name| !name.is_empty()).all(|name| block.output_type(name).is_some())
}

/// Inputs that take what was made before, by their usual names.
const CONTENT_NAMES: [&str; 12] = [
    "text",
    "content",
    "body",
    "message",
    "message_content",
    "prompt",
    "input",
    "value",
    "data",
    "items",
    "input_value",
    "value1",
];

/// A recipe made from a schema: the first input of a usual name takes what was made before, the others are asked for. Of
/// a block that requires none, the first is: "document" of one that reads documents.
pub(super) fn derive(block: &Block) -> Recipe {
    let optional =
        || block.input_schema().properties.iter().map(|(name, _)| name).filter(|name| !block.is_credential(name));
    let mut names: Vec<&str> = block.required_inputs().collect();
    if names.is_empty() && !block.trigger {
        names.extend(optional().next());
    }
    let content = names.iter().copied().chain(optional()).find(|name| CONTENT_NAMES.contains(name));
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
        let ask = ask
            .chars()
            .next()
            .map_or_else(String::new, |first| first.to_uppercase().chain(ask.chars().skip(1)).collect());
        slots.push(Slot { name: name.to_owned(), kind, ask: Some(ask), help: None, value: None, optional: false });
    }
    let outputs = || block.output_schema().properties.iter().map(|(name, _)| name).filter(|name| *name != ERROR_OUTPUT);
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
        needs_count: false,
        needs_numbers: false,
        from_there: false,
        never_with: Vec::new(),
        title: block.title(),
        says: block.description.clone(),
        url_hints: Vec::new(),
        limit: None,
        slots,
        gives: Gives { all: outputs().next().unwrap_or_default().to_owned(), ..Gives::default() },
    }
}
