//! An answer of the form `prompts/plan.schema.json`: the model's steps become a plan of real blocks.

use std::collections::HashMap;

use serde::Deserialize;
use serde_json::{Map, Value};
use shared::{failure::Failure, port::Question};

use super::{
    cron,
    dialogue::Misfit,
    library::Library,
    names,
    references::{label, reference},
    said::{self, Asked, Omitted, Said},
    tasks,
};
use crate::{
    catalogue::{Block, Catalogue, NESTED, schema::Types},
    fixer::converted,
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
    left_out: Option<Vec<Omitted>>,
    #[serde(default)]
    questions: Option<Vec<Asked>>,
    #[serde(default)]
    reason: Option<String>,
    #[serde(default)]
    suggested_goal: Option<String>,
}

#[derive(Debug, Deserialize)]
struct Planned {
    /// What the model calls the step; sources refer to it. The order is that of the list.
    #[serde(default)]
    number: Option<Labels>,
    #[serde(default)]
    block: Option<String>,
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
    step: Label,
    #[serde(default)]
    output: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(untagged)]
enum Labels {
    One(Label),
    Several(Vec<Label>),
}

/// A number or a name.
#[derive(Debug, Deserialize)]
#[serde(untagged)]
enum Label {
    Number(serde_json::Number),
    Text(String),
}

impl Label {
    fn plain(&self) -> String {
        match self {
            Self::Number(number) => label(&number.to_string()),
            Self::Text(text) => label(text),
        }
    }
}

/// Fails with `llm_parse_error` if the answer does not match the schema, with `validation_error` that names every faulty
/// step if the steps do not make a plan.
pub(super) fn parse(knowledge: &Knowledge, library: &Library, text: &str) -> Result<Answer, Misfit> {
    let Said { form, misnamed, .. } = said::parse::<Form>(text, tasks::PLAN.schema)?;
    Ok(match form.kind {
        Kind::Instructions => Answer::Plan(plan(&knowledge.catalogue, library, form, misnamed)?),
        Kind::ClarifyingQuestions => Answer::Questions(said::questions(form.questions)?),
        Kind::UnachievableGoal => Answer::Unachievable {
            reason: said::sentence(form.reason.as_deref()),
            suggested_goal: said::sentence(form.suggested_goal.as_deref()),
        },
        Kind::VagueGoal => Answer::Vague { suggested_goal: said::sentence(form.suggested_goal.as_deref()) },
    })
}

fn plan(catalogue: &Catalogue, library: &Library, form: Form, mut faults: Vec<String>) -> Result<Plan, Failure> {
    let planned = form.steps.unwrap_or_default();
    let Some(first) = planned.first() else {
        return Err(said::unreadable("it says `instructions` and has no steps"));
    };
    let name = said::name(form.name.as_deref()).or_else(|| said::name(first.title.as_deref()));
    let given = form.recommended_schedule_cron.filter(|cron| !cron.trim().is_empty());
    let cron = given.as_deref().and_then(cron::five_fields);
    if given.is_some() && cron.is_none() {
        faults.push("recommended_schedule_cron: not a cron expression of five fields".to_owned());
    }
    let blocks: Vec<Option<&Block>> = planned.iter().map(|planned| block(catalogue, library, planned)).collect();
    let earlier = Earlier::of(&planned, &blocks);
    let steps: Vec<Option<Step>> = planned
        .into_iter()
        .zip(&blocks)
        .enumerate()
        .map(|(at, (planned, block))| step(&earlier, at, planned, *block, &mut faults))
        .collect();
    let mut plan = Plan {
        name: name.unwrap_or_else(|| "Generated Agent".to_owned()),
        description: said::sentence(form.description.as_deref()).unwrap_or_default(),
        cron,
        timezone: None,
        left_out: said::left_out(form.left_out),
        steps: steps.into_iter().flatten().collect(),
    };
    if faults.is_empty() {
        library.settle(&mut plan, &mut faults);
    }
    if faults.is_empty() { Ok(plan) } else { Err(validator::refusal(&faults)) }
}

/// The block of a step; where it says none, the one that its title names.
fn block<'c>(catalogue: &'c Catalogue, library: &'c Library, planned: &Planned) -> Option<&'c Block> {
    let name = planned.block.as_deref().filter(|name| !name.trim().is_empty()).or(planned.title.as_deref())?;
    names::block(catalogue, name).or_else(|| library.block(name))
}

/// Finds the steps that sources refer to.
struct Earlier<'p> {
    blocks: &'p [Option<&'p Block>],
    /// Label -> place; `None` if several steps have it.
    labels: HashMap<String, Option<usize>>,
    /// Title or name of a block -> place.
    titles: HashMap<String, Option<usize>>,
}

impl<'p> Earlier<'p> {
    fn of(planned: &[Planned], blocks: &'p [Option<&'p Block>]) -> Self {
        let (mut labels, mut titles) = (HashMap::new(), HashMap::new());
        let put = |all: &mut HashMap<String, Option<usize>>, name: String, at: usize| {
            all.entry(name).and_modify(|known| *known = known.filter(|known| *known == at)).or_insert(Some(at));
        };
        for (at, step) in planned.iter().enumerate() {
            match &step.number {
                Some(Labels::One(one)) => put(&mut labels, one.plain(), at),
                Some(Labels::Several(several)) => several.iter().for_each(|one| put(&mut labels, one.plain(), at)),
                None => put(&mut labels, (at + 1).to_string(), at),
            }
            let block = blocks.get(at).copied().flatten().map(|block| block.name.as_str());
            for name in [step.title.as_deref(), step.block.as_deref(), block].into_iter().flatten() {
                put(&mut titles, label(name), at);
            }
        }
        Self { blocks, labels, titles }
    }

    /// The place of the step that the one at `before` means by `name`.
    fn step(&self, name: &str, before: usize) -> Option<usize> {
        let found = self.labels.get(name).or_else(|| self.titles.get(name));
        found.copied().flatten().filter(|at| *at < before)
    }

    fn binding(&self, step: usize, output: Option<String>) -> Option<Binding> {
        let block = self.blocks.get(step).copied().flatten();
        let output = match (output, block) {
            (Some(output), Some(block)) => names::output(block, &output),
            (Some(output), None) => output,
            // A block with one output can mean no other.
            (None, block) => names::only_output(block?)?,
        };
        Some(Binding::From { step, output })
    }
}

/// Adds what is wrong to `faults`, by its place and without quoting it; `None` if the block is unknown.
fn step(
    earlier: &Earlier<'_>,
    at: usize,
    planned: Planned,
    block: Option<&Block>,
    faults: &mut Vec<String>,
) -> Option<Step> {
    let Some(block) = block else {
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
        let place = format!("steps[{at}].inputs[{nth}]");
        let binding = match (given.source, given.value) {
            (Some(source), _) => {
                let Some(from) = earlier.step(&source.step.plain(), at) else {
                    faults.push(format!("{place}.source.step: not the number of an earlier step"));
                    continue;
                };
                let Some(binding) = earlier.binding(from, source.output) else {
                    faults.push(format!("{place}.source.output: missing"));
                    continue;
                };
                binding
            }
            // An input without a value keeps its default.
            (None, None | Some(Value::Null)) => continue,
            (None, Some(value)) => referred(earlier, at, &value).unwrap_or(Binding::Value(value)),
        };
        let name = names::input(block, &given.name);
        let binding = match binding {
            Binding::Value(value) => {
                let right = block.input_type(&name).and_then(|types| converted(&value, types));
                Binding::Value(right.unwrap_or(value))
            }
            from => from,
        };
        if !put(block, &mut step, &name, binding) {
            faults.push(format!("{place}.name: given twice"));
        }
    }
    Some(step)
}

/// The source that a value such as `{{2.entry}}` stands for: the whole text, with the number of an earlier step and an
/// output of its block.
fn referred(earlier: &Earlier<'_>, at: usize, value: &Value) -> Option<Binding> {
    let text = value.as_str()?.trim();
    let inner = ["{{", "${"].iter().find_map(|open| text.strip_prefix(open)?.strip_suffix('}'))?.trim_end_matches('}');
    let (name, output) = reference(inner)?;
    let from = earlier.step(&name, at).filter(|_| earlier.labels.contains_key(&name))?;
    let block = earlier.blocks.get(from).copied().flatten()?;
    let output = names::output(block, output?.as_str());
    block.output_type(&output)?;
    Some(Binding::From { step: from, output })
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
