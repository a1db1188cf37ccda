//! Converts plans to steps, and steps to plans.
//!
//! A step of decompose has the id of its block and the `source` of each input, so that it becomes the same plan again. A
//! foreign step is a sentence, or an object that names a block somehow; it is planned here.

use serde_json::{Map, Value, json};
use shared::{failure::Failure, port::Question};

use crate::{
    Watch,
    account::{LEFT_OUT, TIMEZONE},
    catalogue::Block,
    knowledge::Knowledge,
    plan::{
        self, Given, Source,
        model::{Binding, Input, Plan, Step},
    },
    text::shortened,
};

/// Why steps do not make a plan.
#[derive(Debug)]
pub enum Refusal {
    /// What is wrong with which step.
    Faulty(Vec<String>),
    /// Questions to the person.
    Open(Vec<Question>),
    /// They ask for too much, or the time is over.
    Failed(Failure),
}

/// The steps of a plan, as decompose returns them.
pub fn to_steps(knowledge: &Knowledge, plan: &Plan) -> Value {
    let steps = plan.steps.iter().enumerate().map(|(index, step)| {
        let block = knowledge.catalogue.by_id(&step.block);
        let name = block.map_or("", |block| block.name.as_str());
        let outputs = block.map_or_else(Vec::new, outputs);
        let mut object = Map::new();
        object.insert("step_number".to_owned(), json!(index + 1));
        object.insert("description".to_owned(), json!(step.says));
        object.insert("action".to_owned(), json!(step.title));
        object.insert("block_name".to_owned(), json!(name));
        object.insert("block_id".to_owned(), json!(step.block));
        object.insert("inputs".to_owned(), step.inputs.iter().map(|input| input_of_step(plan, input)).collect());
        object.insert("outputs".to_owned(), outputs.into());
        if index == 0 {
            // Generate only gets the steps, so the first carries what belongs to the whole agent.
            let mut agent = json!({"name": plan.name, "description": plan.description});
            if let Some(agent) = agent.as_object_mut() {
                let cron = plan.cron.as_ref().map(|cron| ("recommended_schedule_cron", json!(cron)));
                let timezone = plan.timezone.as_ref().map(|zone| (TIMEZONE, json!(zone)));
                let left_out = (!plan.left_out.is_empty()).then(|| (LEFT_OUT, json!(plan.left_out)));
                agent.extend(
                    [cron, timezone, left_out].into_iter().flatten().map(|(key, value)| (key.to_owned(), value)),
                );
            }
            object.insert("agent".to_owned(), agent);
        }
        Value::Object(object)
    });
    steps.collect()
}

fn outputs(block: &Block) -> Vec<Value> {
    let named = block.output_schema().properties.iter().filter(|(name, _)| *name != crate::catalogue::ERROR_OUTPUT);
    named.map(|(name, schema)| json!({"name": name, "description": schema.description})).collect()
}

fn input_of_step(plan: &Plan, input: &Input) -> Value {
    match &input.binding {
        Binding::Value(value) => json!({"name": input.name, "value": value}),
        Binding::From { step, output } => {
            let title = plan.steps.get(*step).map_or("", |step| step.title.as_str());
            let words = format!("{output} of step {} ({title})", step + 1);
            json!({"name": input.name, "value": words, "source": {"step": step + 1, "output": output}})
        }
    }
}

pub fn parse(knowledge: &Knowledge, instructions: &Value, watch: Watch<'_>) -> Result<Plan, Refusal> {
    watch.check().map_err(Refusal::Failed)?;
    let steps = steps(instructions).map_err(|fault| Refusal::Faulty(vec![fault]))?;
    match parse_own(knowledge, steps) {
        Some(plan) => Ok(plan),
        None => plan_foreign(knowledge, steps, watch),
    }
}

/// At least one step; else what is wrong with the instructions.
pub(crate) fn steps(instructions: &Value) -> Result<&[Value], String> {
    let fault = match instructions.get("steps") {
        Some(Value::Array(steps)) if !steps.is_empty() => return Ok(steps),
        Some(Value::Array(_)) => "the instructions have no steps",
        Some(Value::Null) | None => "the instructions have no `steps`",
        Some(_) => "the `steps` of the instructions are not an array",
    };
    Err(fault.to_owned())
}

/// The plan of steps that decompose wrote: every block is known, every source is an earlier step.
pub(crate) fn parse_own(knowledge: &Knowledge, steps: &[Value]) -> Option<Plan> {
    let agent = steps.first()?.get("agent")?;
    let text = |key: &str| agent.get(key).and_then(Value::as_str).map(str::to_owned);
    let mut plan = Plan {
        name: text("name")?,
        description: text("description").unwrap_or_default(),
        cron: text("recommended_schedule_cron"),
        // These two are not built: the account of the agent reads them from the same steps.
        timezone: None,
        left_out: Vec::new(),
        steps: Vec::new(),
    };
    for (index, step) in steps.iter().enumerate() {
        let block = knowledge.catalogue.by_id(step.get("block_id")?.as_str()?)?;
        let mut inputs = Vec::new();
        for input in step.get("inputs")?.as_array()? {
            let name = input.get("name")?.as_str()?.to_owned();
            let binding = match input.get("source") {
                None => Binding::Value(input.get("value")?.clone()),
                Some(source) => {
                    let from = usize::try_from(source.get("step")?.as_u64()?).ok()?.checked_sub(1)?;
                    if from >= index {
                        return None;
                    }
                    Binding::From { step: from, output: source.get("output")?.as_str()?.to_owned() }
                }
            };
            inputs.push(Input { name, binding });
        }
        let said = |key: &str| step.get(key).and_then(Value::as_str).unwrap_or_default().to_owned();
        plan.steps.push(Step { block: block.id.clone(), title: said("action"), says: said("description"), inputs });
    }
    Some(plan)
}

/// What a step says, apart from its block.
fn words(step: &Value) -> String {
    match step {
        Value::String(text) => text.clone(),
        _ => {
            let of = |key: &str| step.get(key).and_then(Value::as_str).filter(|text| !text.trim().is_empty());
            ["description", "action", "name", "tool"].iter().find_map(|key| of(key)).unwrap_or_default().to_owned()
        }
    }
}

/// The block that a step names: by id, by name, or by words near to a name.
pub(crate) fn block_of<'k>(knowledge: &'k Knowledge, step: &Value) -> Option<&'k Block> {
    let of = |key: &str| step.get(key).and_then(Value::as_str);
    let catalogue = &knowledge.catalogue;
    let by_id = of("block_id").and_then(|id| catalogue.by_id(id));
    let names = ["block_name", "tool", "name", "action"];
    let by_name = || names.iter().filter_map(|key| of(key)).find_map(|name| catalogue.by_name(name));
    let nearly = || ["block_name", "tool"].iter().filter_map(|key| of(key)).find_map(|name| catalogue.by_meaning(name));
    by_id.or_else(by_name).or_else(nearly)
}

fn plan_foreign(knowledge: &Knowledge, steps: &[Value], watch: Watch<'_>) -> Result<Plan, Refusal> {
    let texts: Vec<String> = steps.iter().map(words).collect();
    // Steps of decompose that somebody has reworded still say what belongs to the whole agent.
    let agent = steps.first().and_then(|step| step.get("agent"));
    let whole = |key: &str| agent?.get(key)?.as_str().filter(|text| !text.trim().is_empty());
    let description = whole("description").map_or_else(|| shortened(&texts.join("; "), 500), str::to_owned);
    let first = || texts.iter().find(|text| !text.trim().is_empty()).map_or("Generated Agent", String::as_str);
    let name = whole("name").unwrap_or_else(first);
    let given: Vec<Given<'_>> = steps.iter().zip(&texts).map(|(step, text)| given(knowledge, step, text)).collect();
    let followed =
        plan::follow(knowledge, (shortened(name, 60), description), given, watch).map_err(Refusal::Failed)?;
    let faults = texts.iter().zip(steps).enumerate().filter_map(|(at, (text, step))| match text.trim() {
        "" if block_of(knowledge, step).is_none() => {
            Some(format!("step {} names no block and says nothing: {}", at + 1, shortened(&step.to_string(), 120)))
        }
        _ if followed.unserved.contains(&at) && !mentions_io(text) => {
            Some(format!("step {} names no block, and none serves it: \"{}\"", at + 1, shortened(text, 120)))
        }
        _ => None,
    });
    let faults: Vec<String> = faults.collect();
    match () {
        () if !faults.is_empty() => Err(Refusal::Faulty(faults)),
        () if !followed.questions.is_empty() => Err(Refusal::Open(followed.questions)),
        () => {
            let cron = followed.plan.cron.or_else(|| whole("recommended_schedule_cron").map(str::to_owned));
            Ok(Plan { cron, ..followed.plan })
        }
    }
}

/// "Return the result", "take the URL from the person": the wirer does this without a step.
fn mentions_io(text: &str) -> bool {
    let text = text.to_lowercase();
    ["input", "output", "return", "result", "ask the user", "user provides", "accept"]
        .iter()
        .any(|word| text.contains(word))
}

/// A step as the planner follows it.
fn given<'k>(knowledge: &'k Knowledge, step: &Value, text: &str) -> Given<'k> {
    let inputs = step.get("inputs").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    let named = |input: &'_ Value| Some((input.get("name")?.as_str()?.to_owned(), input.get("value")?.clone()));
    let inputs: Vec<(String, Value)> = inputs.iter().filter_map(named).collect();
    let says = text.to_owned();
    match block_of(knowledge, step) {
        // The planner adds inputs and outputs of the agent as they are needed.
        Some(block) if block.is_agent_output() => Given::Nothing,
        Some(block) if block.is_agent_input() => {
            let of = |key: &str| inputs.iter().find(|(name, _)| name == key).map(|(_, value)| value);
            let name = of("name").or_else(|| step.get("name")).and_then(Value::as_str).map(str::trim);
            let name = name.filter(|name| !name.is_empty()).unwrap_or("Input").to_owned();
            Given::Input { block, name, value: of("value").filter(|value| !value.is_null()).cloned(), says }
        }
        Some(block) => {
            let source = |(name, value): (String, Value)| {
                let types = block.input_type(&name).filter(|_| !block.is_credential(&name))?;
                let source = match value.as_str().and_then(step_number) {
                    Some(number) => Source::Step(number.checked_sub(1)?),
                    None if types.admits(&value) && !is_placeholder(&value) => Source::Value(value),
                    None => return None,
                };
                Some((name, source))
            };
            Given::Block { block, says, inputs: inputs.into_iter().filter_map(source).collect() }
        }
        None if text.trim().is_empty() => Given::Nothing,
        None => Given::Words(says),
    }
}

/// Empty, or a placeholder in brackets.
fn is_placeholder(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::String(text) => {
            let text = text.trim();
            text.is_empty()
                || (text.starts_with('<') && text.ends_with('>'))
                || (text.starts_with("{{") && text.ends_with("}}"))
        }
        _ => false,
    }
}

/// The step that a text refers to: "step 2", "step_2.result", "output of step 2".
fn step_number(text: &str) -> Option<usize> {
    let lower = text.to_lowercase();
    let after = lower.split_once("step").map(|(_, after)| after)?;
    let digits: String =
        after.trim_start_matches([' ', '_', '-', '#']).chars().take_while(char::is_ascii_digit).collect();
    (lower.len() < 80).then(|| digits.parse().ok()).flatten()
}
