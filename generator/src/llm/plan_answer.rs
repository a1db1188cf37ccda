//! An answer of the form `prompts/plan.schema.json`: the model's steps become a plan of real blocks.

use serde::Deserialize;
use serde_json::{Map, Value};
use shared::{failure::Failure, port::Question};

use super::{
    said::{self, Asked},
    tasks,
};
use crate::{
    catalogue::{Block, Catalogue, NESTED, schema::Types, special},
    knowledge::Knowledge,
    plan::model::{Binding, Plan, Step},
    validator,
};

#[derive(Debug)]
pub(super) enum Answer {
    Plan(Plan),
    Questions(Vec<Question>),
    Unachievable { reason: Option<String>, suggested_goal: Option<String> },
    Vague { suggested_goal: Option<String> },
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Kind {
    Instructions,
    ClarifyingQuestions,
    UnachievableGoal,
    VagueGoal,
}

#[derive(Debug, Deserialize)]
struct Form {
    #[serde(rename = "type")]
    kind: Kind,
    #[serde(default)]
    name: Option<String>,
    #[serde(default)]
    description: Option<String>,
    #[serde(default)]
    recommended_schedule_cron: Option<String>,
    #[serde(default)]
    steps: Option<Vec<Planned>>,
    #[serde(default)]
    questions: Option<Vec<Asked>>,
    #[serde(default)]
    reason: Option<String>,
    #[serde(default)]
    suggested_goal: Option<String>,
}

#[derive(Debug, Deserialize)]
struct Planned {
    #[serde(default)]
    number: Option<u64>,
    block: String,
    #[serde(default)]
    title: Option<String>,
    #[serde(default)]
    description: Option<String>,
    #[serde(default)]
    inputs: Option<Vec<Given>>,
}

#[derive(Debug, Deserialize)]
struct Given {
    name: String,
    #[serde(default)]
    value: Option<Value>,
    #[serde(default)]
    source: Option<Source>,
}

#[derive(Debug, Deserialize)]
struct Source {
    step: u64,
    output: String,
}

/// Fails with `llm_parse_error` if the answer does not match the schema, with `validation_error` that names every faulty
/// step if the steps do not make a plan.
pub(super) fn parse(knowledge: &Knowledge, text: &str) -> Result<Answer, Failure> {
    let form: Form = said::parse(text, tasks::PLAN.schema)?;
    Ok(match form.kind {
        Kind::Instructions => Answer::Plan(plan(&knowledge.catalogue, form)?),
        Kind::ClarifyingQuestions => Answer::Questions(said::questions(form.questions)?),
        Kind::UnachievableGoal => Answer::Unachievable {
            reason: said::sentence(form.reason.as_deref()),
            suggested_goal: said::sentence(form.suggested_goal.as_deref()),
        },
        Kind::VagueGoal => Answer::Vague { suggested_goal: said::sentence(form.suggested_goal.as_deref()) },
    })
}

fn plan(catalogue: &Catalogue, form: Form) -> Result<Plan, Failure> {
    let planned = form.steps.unwrap_or_default();
    let Some(first) = planned.first() else {
        return Err(said::unreadable("it says `instructions` and has no steps"));
    };
    let name = said::name(form.name.as_deref()).or_else(|| said::name(first.title.as_deref()));
    let mut faults = Vec::new();
    let cron = form.recommended_schedule_cron.map(|cron| cron.trim().to_owned()).filter(|cron| !cron.is_empty());
    if cron.as_deref().is_some_and(|cron| !is_cron(cron)) {
        faults.push("recommended_schedule_cron: not a cron expression of five fields".to_owned());
    }
    let steps: Vec<Option<Step>> =
        planned.into_iter().enumerate().map(|(at, planned)| step(catalogue, at, planned, &mut faults)).collect();
    if !faults.is_empty() {
        return Err(validator::refusal(&faults));
    }
    Ok(Plan {
        name: name.unwrap_or_else(|| "Generated Agent".to_owned()),
        description: said::sentence(form.description.as_deref()).unwrap_or_default(),
        cron,
        timezone: None,
        left_out: Vec::new(),
        steps: steps.into_iter().flatten().collect(),
    })
}

/// Adds what is wrong to `faults`, by its place and without quoting it; `None` if the block is unknown.
fn step(catalogue: &Catalogue, at: usize, planned: Planned, faults: &mut Vec<String>) -> Option<Step> {
    let place = at + 1;
    if planned.number.is_some_and(|number| usize::try_from(number) != Ok(place)) {
        faults.push(format!("steps[{at}].number: not {place}; number the steps 1, 2, 3 in their order"));
    }
    let Some(block) = catalogue.by_name(&planned.block).filter(|block| block.id != special::AGENT_EXECUTOR) else {
        faults.push(format!("steps[{at}].block: not the name of a block to build with"));
        return None;
    };
    let mut step = Step {
        block: block.id.clone(),
        title: said::name(planned.title.as_deref()).unwrap_or_else(|| block.title()),
        says: said::sentence(planned.description.as_deref()).unwrap_or_else(|| block.description.clone()),
        inputs: Vec::new(),
    };
    for (nth, given) in planned.inputs.unwrap_or_default().into_iter().enumerate() {
        let binding = match (given.source, given.value) {
            (Some(source), _) => {
                let from = usize::try_from(source.step).ok().filter(|from| (1..place).contains(from));
                match from.and_then(|from| from.checked_sub(1)) {
                    Some(from) => Binding::From { step: from, output: source.output },
                    None => {
                        faults
                            .push(format!("steps[{at}].inputs[{nth}].source.step: not the number of an earlier step"));
                        continue;
                    }
                }
            }
            // An input without a value keeps its default.
            (None, None | Some(Value::Null)) => continue,
            (None, Some(value)) => Binding::Value(value),
        };
        if !put(block, &mut step, &given.name, binding) {
            faults.push(format!("steps[{at}].inputs[{nth}].name: given twice"));
        }
    }
    Some(step)
}

/// Binds an input. The value of a part of a dictionary goes into the dictionary itself, as a person would write it.
/// False if the input is already bound.
fn put(block: &Block, step: &mut Step, name: &str, binding: Binding) -> bool {
    if step.binding(name).is_some() {
        return false;
    }
    let is_dictionary = |whole: &str| block.input_type(whole).is_some_and(|types| types.is_within(Types::OBJECT));
    let part = name
        .split_once(NESTED)
        .filter(|(whole, part)| is_dictionary(whole) && !part.contains(NESTED) && block.input_type(name).is_some());
    let (whole, part, value) = match (part, binding) {
        (Some((whole, part)), Binding::Value(value)) => (whole, part, value),
        (_, binding) => {
            step.bind(name, binding);
            return true;
        }
    };
    match step.inputs.iter_mut().find(|input| input.name == whole).map(|input| &mut input.binding) {
        Some(Binding::Value(Value::Object(entries))) if !entries.contains_key(part) => {
            entries.insert(part.to_owned(), value);
            true
        }
        Some(_) => false,
        None => {
            step.bind(whole, Binding::Value(Value::Object(Map::from_iter([(part.to_owned(), value)]))));
            true
        }
    }
}

/// Five fields of the characters that cron uses.
fn is_cron(text: &str) -> bool {
    let fits =
        |field: &str| field.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '*' | '/' | ',' | '-' | '?'));
    text.split_whitespace().count() == 5 && text.split_whitespace().all(fits)
}
