//! Converts plans to steps, and steps to plans.
//!
//! A step of decompose has the id of its block and the `source` of each input, so that it becomes the same plan again. A
//! foreign step is a sentence, or an object that names a block somehow; it is planned here.

use std::collections::HashSet;

use serde_json::{Map, Value, json};
use shared::{failure::Failure, limits::STEPS, port::Question};

use crate::{
    Watch,
    account::{LEFT_OUT, TIMEZONE},
    catalogue::{Block, special},
    knowledge::Knowledge,
    plan::model::{Binding, Input, Plan, Step},
    planner::{Unclear, clause_recipes, values::Literals, wiring::{Request, Wirer}},
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
    let description = shortened(&texts.join("; "), 500);
    let name =
        shortened(texts.iter().find(|text| !text.trim().is_empty()).map_or("Generated Agent", String::as_str), 60);
    let mut wirer = Wirer::new(knowledge, name, Literals::default());
    let mut faults = Vec::new();
    let mut questions: Vec<Question> = Vec::new();
    // Given step -> step of the plan, for "the result of step 2".
    let mut became: Vec<Option<usize>> = Vec::new();
    for (index, (step, text)) in steps.iter().zip(&texts).enumerate() {
        watch.check().map_err(Refusal::Failed)?;
        // A step in words can be a goal of its own; all together have as many steps as steps may be given.
        STEPS.check(wirer.len()).map_err(|too_many| Refusal::Failed(too_many.into()))?;
        let number = index + 1;
        match block_of(knowledge, step) {
            // The wirer adds inputs and outputs of the agent as they are needed.
            Some(block) if block.is_agent_input() => {
                became.push(None);
                wirer.declare(block, step);
            }
            Some(block) if block.is_agent_output() => became.push(None),
            Some(block) => became.push(Some(add_block(knowledge, &mut wirer, block, step, text, &became))),
            None if text.trim().is_empty() => {
                faults.push(format!(
                    "step {number} names no block and says nothing: {}",
                    shortened(&step.to_string(), 120)
                ));
                became.push(None);
            }
            None => {
                let available: HashSet<_> = wirer.nouns().collect();
                let before = wirer.len();
                match clause_recipes(&mut wirer, text, None, available, watch) {
                    Ok(0) if mentions_io(text) => {}
                    Ok(0) => faults.push(format!(
                        "step {number} names no block, and none serves it: \"{}\"",
                        shortened(text, 120)
                    )),
                    Ok(_) => {}
                    Err(Unclear::Questions(open)) => {
                        questions.extend(open.into_iter().take(5_usize.saturating_sub(questions.len())));
                    }
                    Err(Unclear::Failed(failure)) => return Err(Refusal::Failed(failure)),
                }
                became.push((wirer.len() > before).then(|| wirer.len() - 1));
            }
        }
    }
    if !faults.is_empty() {
        return Err(Refusal::Faulty(faults));
    }
    if !questions.is_empty() {
        questions.dedup_by(|a, b| a.keyword == b.keyword);
        return Err(Refusal::Open(questions));
    }
    if wirer.is_empty() {
        wirer.pass_through();
    }
    Ok(wirer.finish(description, None))
}

/// "Return the result", "take the URL from the person": the wirer does this without a step.
fn mentions_io(text: &str) -> bool {
    let text = text.to_lowercase();
    ["input", "output", "return", "result", "ask the user", "user provides", "accept"]
        .iter()
        .any(|word| text.contains(word))
}

fn add_block(
    knowledge: &Knowledge,
    wirer: &mut Wirer<'_>,
    block: &Block,
    step: &Value,
    text: &str,
    became: &[Option<usize>],
) -> usize {
    let inputs = step.get("inputs").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    let mut given = Vec::new();
    for input in inputs {
        let (Some(name), Some(value)) = (input.get("name").and_then(Value::as_str), input.get("value")) else {
            continue;
        };
        let Some(types) = block.input_type(name).filter(|_| !block.is_credential(name)) else { continue };
        let binding = match value.as_str().and_then(step_number) {
            Some(number) => {
                let from = number.checked_sub(1).and_then(|at| became.get(at).copied().flatten());
                from.and_then(|from| wirer.output_of(from, types)).map(|flow| flow.binding())
            }
            None => (types.admits(value) && !is_placeholder(value)).then(|| Binding::Value(value.clone())),
        };
        given.extend(binding.map(|binding| (name.to_owned(), binding)));
    }
    let said = |text: &str| (!text.trim().is_empty()).then(|| text.to_owned());
    let recipe = knowledge.recipe_for(&block.id, |recipe| text.to_lowercase().contains(&recipe.title.to_lowercase()));
    let request = Request { given, says: said(text), ..Request::default() };
    match recipe {
        Some(recipe) => wirer.add(recipe, &request),
        None => wirer.push(Step {
            block: block.id.clone(),
            title: block.title(),
            says: text.to_owned(),
            inputs: Vec::new(),
        }),
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

impl Wirer<'_> {
    /// Connects the input of the agent to its output.
    fn pass_through(&mut self) {
        let flow = self.ask_for("Input", special::AGENT_INPUT);
        let inputs = vec![
            Input { name: "name".to_owned(), binding: Binding::Value(json!("Output")) },
            Input { name: "value".to_owned(), binding: flow },
        ];
        self.push(Step {
            block: special::AGENT_OUTPUT.to_owned(),
            title: "Output".to_owned(),
            says: "Give out: Output".to_owned(),
            inputs,
        });
    }
}
