//! The form `prompts/plan.schema.json`, and what its steps come to: a plan of real blocks, and every slip in it.

use std::collections::HashMap;

use serde::Deserialize;
use serde_json::{Map, Value};

use super::{
    cron,
    library::Library,
    names,
    references::{label, reference},
    said::{self, Asked, Omitted},
    slip::{Found, Slip, Wrong},
};
use crate::{
    catalogue::{Block, Catalogue, NESTED, schema::Types},
    fixer::converted,
    plan::model::{Binding, Plan, Step},
    text::shortened,
};

pub(crate) const NO_STEPS: &str = "it says `instructions` and has no steps";
/// How much of a name a slip repeats, in characters.
const NAME: usize = 60;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Kind {
    Instructions,
    ClarifyingQuestions,
    UnachievableGoal,
    VagueGoal,
}

#[derive(Debug, Deserialize)]
pub(crate) struct Form {
    #[serde(rename = "type")]
    pub(crate) kind: Kind,
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
    pub(super) questions: Option<Vec<Asked>>,
    #[serde(default)]
    pub(super) reason: Option<String>,
    #[serde(default)]
    pub(super) suggested_goal: Option<String>,
}

impl Form {
    pub(crate) fn steps(&self) -> &[Planned] {
        self.steps.as_deref().unwrap_or_default()
    }
}

#[derive(Debug, Deserialize)]
pub(crate) struct Planned {
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

impl Planned {
    /// How many inputs are given.
    pub(crate) fn input_count(&self) -> usize {
        self.inputs.as_ref().map_or(0, Vec::len)
    }

    /// What sources call it, if it is the one at this place.
    fn called(&self, at: usize) -> String {
        let first = match &self.number {
            Some(Labels::One(one)) => Some(one),
            Some(Labels::Several(several)) => several.first(),
            None => None,
        };
        first.map_or_else(|| (at + 1).to_string(), |one| shortened(&one.plain(), NAME))
    }

    /// What it calls its block; if it says none, its title.
    fn block_name(&self) -> Option<&str> {
        self.block.as_deref().filter(|name| !name.trim().is_empty()).or(self.title.as_deref())
    }
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

/// What the steps of a form come to.
#[derive(Debug)]
pub(crate) struct Outline {
    /// A step for each of the form, in its order; one without a known block has a blank id in its place.
    pub(crate) plan: Plan,
    /// What each step is called by sources: its number, usually.
    pub(crate) numbers: Vec<String>,
    /// For each step, which of its inputs, counted from 0, was bound to which name.
    pub(crate) given: Vec<Vec<(usize, String)>>,
    pub(crate) slips: Vec<Slip>,
}

/// Takes what can be taken: everything else is in the slips.
pub(crate) fn outline(catalogue: &Catalogue, library: &Library, form: Form) -> Outline {
    let mut slips = Vec::new();
    let planned = form.steps.unwrap_or_default();
    let first = planned.first().and_then(|first| first.title.as_deref());
    let name = said::name(form.name.as_deref()).or_else(|| said::name(first));
    let schedule = form.recommended_schedule_cron.filter(|cron| !cron.trim().is_empty());
    let cron = schedule.as_deref().and_then(cron::five_fields);
    if schedule.is_some() && cron.is_none() {
        slips.push(Slip { step: None, input: None, part: "recommended_schedule_cron", wrong: Wrong::Schedule });
    }
    let block = |planned: &Planned| {
        let name = planned.block_name()?;
        names::block(catalogue, name).or_else(|| library.block(name))
    };
    let blocks: Vec<Option<&Block>> = planned.iter().map(block).collect();
    let earlier = Earlier::of(&planned, &blocks);
    let numbers = planned.iter().enumerate().map(|(at, planned)| planned.called(at)).collect();
    let mut given = Vec::with_capacity(planned.len());
    let mut steps = Vec::with_capacity(planned.len());
    for (at, (planned, block)) in planned.into_iter().zip(&blocks).enumerate() {
        let (step, names) = step(&earlier, at, planned, *block, &mut slips);
        steps.push(step);
        given.push(names);
    }
    let mut plan = Plan {
        name: name.unwrap_or_else(|| "Generated Agent".to_owned()),
        description: said::sentence(form.description.as_deref()).unwrap_or_default(),
        cron,
        timezone: None,
        left_out: said::left_out(form.left_out),
        steps,
    };
    slips.extend(library.settle(&mut plan).into_iter().map(|misuse| {
        let of_input = |name: &String| given.get(misuse.step)?.iter().find(|(_, given)| given == name);
        let input = misuse.input.as_ref().and_then(of_input).map(|(nth, _)| *nth);
        Slip { step: Some(misuse.step), input, part: misuse.part, wrong: Wrong::Agent(misuse.message) }
    }));
    Outline { plan, numbers, given, slips }
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
    fn step(&self, name: &str, before: usize) -> Result<usize, Found> {
        match self.labels.get(name).or_else(|| self.titles.get(name)) {
            None => Err(Found::Nothing),
            Some(None) => Err(Found::Several),
            Some(Some(at)) if *at < before => Ok(*at),
            Some(Some(at)) if *at == before => Err(Found::Itself),
            Some(Some(at)) => Err(Found::Later(*at)),
        }
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

/// The step, and which of its inputs was bound to which name.
fn step(
    earlier: &Earlier<'_>,
    at: usize,
    planned: Planned,
    block: Option<&Block>,
    slips: &mut Vec<Slip>,
) -> (Step, Vec<(usize, String)>) {
    if block.is_none() {
        let said = shortened(planned.block_name().unwrap_or_default(), NAME);
        slips.push(Slip { step: Some(at), input: None, part: "block", wrong: Wrong::Block(said) });
    }
    let title = || block.map(Block::title).unwrap_or_default();
    let says = || block.map(|block| block.description.clone()).unwrap_or_default();
    let mut step = Step {
        block: block.map(|block| block.id.clone()).unwrap_or_default(),
        title: said::name(planned.title.as_deref()).unwrap_or_else(title),
        says: said::sentence(planned.description.as_deref()).unwrap_or_else(says),
        inputs: Vec::new(),
    };
    let mut names = Vec::new();
    for (nth, given) in planned.inputs.unwrap_or_default().into_iter().enumerate() {
        // An input without a value keeps its default.
        if given.source.is_none() && given.value.as_ref().is_none_or(Value::is_null) {
            continue;
        }
        let slip = |part, wrong| Slip { step: Some(at), input: Some(nth), part, wrong };
        let name = block.map_or_else(|| given.name.clone(), |block| names::input(block, &given.name));
        names.push((nth, name.clone()));
        let binding = match (given.source, given.value) {
            (Some(source), _) => match linked(earlier, at, source) {
                Ok(binding) => binding,
                Err((part, wrong)) => {
                    slips.push(slip(part, wrong));
                    continue;
                }
            },
            (None, value) => {
                let value = value.unwrap_or_default();
                referred(earlier, at, &value).unwrap_or(Binding::Value(value))
            }
        };
        let binding = match binding {
            Binding::Value(value) => {
                let right = block.and_then(|block| block.input_type(&name)).and_then(|types| converted(&value, types));
                Binding::Value(right.unwrap_or(value))
            }
            from => from,
        };
        if !put(block, &mut step, &name, binding) {
            slips.push(slip("name", Wrong::Twice(shortened(&name, NAME))));
        }
    }
    (step, names)
}

/// `Err` names the part of the source that is wrong.
fn linked(earlier: &Earlier<'_>, at: usize, source: Source) -> Result<Binding, (&'static str, Wrong)> {
    let name = source.step.plain();
    let from = earlier.step(&name, at).map_err(|found| ("source.step", Wrong::Step(shortened(&name, NAME), found)))?;
    let block = earlier.blocks.get(from).copied().flatten();
    let id = || block.map(|block| block.id.clone()).unwrap_or_default();
    earlier.binding(from, source.output).ok_or_else(|| ("source.output", Wrong::NoOutput(id())))
}

/// The source that a value such as `{{2.entry}}` stands for: the whole text, with the number of an earlier step and an
/// output of its block.
fn referred(earlier: &Earlier<'_>, at: usize, value: &Value) -> Option<Binding> {
    let text = value.as_str()?.trim();
    let inner = ["{{", "${"].iter().find_map(|open| text.strip_prefix(open)?.strip_suffix('}'))?.trim_end_matches('}');
    let (name, output) = reference(inner)?;
    let from = earlier.step(&name, at).ok().filter(|_| earlier.labels.contains_key(&name))?;
    let block = earlier.blocks.get(from).copied().flatten()?;
    let output = names::output(block, output?.as_str());
    block.output_type(&output)?;
    Some(Binding::From { step: from, output })
}

/// Binds an input. The value of a part of a dictionary goes into the dictionary itself, as a person would write it.
/// False if the input is already bound.
fn put(block: Option<&Block>, step: &mut Step, name: &str, binding: Binding) -> bool {
    if step.binding(name).is_some() {
        return false;
    }
    let is_dictionary = |whole: &str| {
        block.and_then(|block| block.input_type(whole)).is_some_and(|types| types.is_within(Types::OBJECT))
    };
    let is_known = block.is_some_and(|block| block.input_type(name).is_some());
    let part =
        name.split_once(NESTED).filter(|(whole, part)| is_known && is_dictionary(whole) && !part.contains(NESTED));
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
