//! Rules about what flows into an input, and which goals keep them.

use std::sync::LazyLock;

use generator::{
    Watch,
    knowledge::Knowledge,
    plan::{
        self, Outcome,
        model::{Binding, Plan, Step},
    },
};

static KNOWLEDGE: LazyLock<Knowledge> = LazyLock::new(|| Knowledge::embedded().unwrap());

/// Steps that only bring a value into the form that the next one takes.
const BRIDGES: [&str; 8] = [
    "FillTextTemplate",
    "FindInDictionary",
    "StepThroughItems",
    "AddToList",
    "CreateDictionary",
    "UniversalTypeConverter",
    "AgentShortTextInput",
    "AgentLongTextInput",
];

pub(crate) fn planned(goal: &str) -> Plan {
    match plan::plan(&KNOWLEDGE, goal, None, Watch::NONE).unwrap() {
        Outcome::Plan(plan) => plan,
        other => panic!("{goal}: {other:?}"),
    }
}

fn name(step: &Step) -> &str {
    KNOWLEDGE.catalogue.by_id(&step.block).map_or("", |block| block.name.strip_suffix("Block").unwrap())
}

/// Whether `output` of a block reaches the binding, directly or through bridges.
fn comes_from(plan: &Plan, binding: &Binding, wanted: &str) -> bool {
    let Binding::From { step, output } = binding else { return false };
    let step = &plan.steps[*step];
    format!("{}.{output}", name(step)) == wanted
        || BRIDGES.contains(&name(step)) && step.inputs.iter().any(|input| comes_from(plan, &input.binding, wanted))
}

/// Whether a fixed value is given, directly or as what an input of the agent starts with.
fn is_given(plan: &Plan, binding: &Binding, wanted: &str) -> bool {
    match binding {
        Binding::Value(value) => value.to_string().trim_matches('"') == wanted,
        Binding::From { step, .. } => {
            let step = &plan.steps[*step];
            name(step).starts_with("Agent") && step.binding("value").is_some_and(|value| is_given(plan, value, wanted))
        }
    }
}

/// Whether what reaches the binding was taken one by one on its way.
fn is_entry(plan: &Plan, binding: &Binding) -> bool {
    let Binding::From { step, .. } = binding else { return false };
    let step = &plan.steps[*step];
    name(step) == "StepThroughItems"
        || BRIDGES.contains(&name(step)) && step.inputs.iter().any(|input| is_entry(plan, &input.binding))
}

/// `Block.input <- Block.output`, `Block.input = value`, `Block.input ~ words in it`, `no Block`, `one Block`, `whole Block.input`.
fn holds(plan: &Plan, rule: &str) -> bool {
    let steps = |wanted: &str| plan.steps.iter().filter(|step| name(step) == wanted).count();
    if let Some(block) = rule.strip_prefix("no ") {
        return steps(block) == 0;
    }
    if let Some(block) = rule.strip_prefix("one ") {
        return steps(block) == 1;
    }
    if let Some((block, input)) = rule.strip_prefix("whole ").and_then(|sink| sink.split_once('.')) {
        let mut sinks = plan.steps.iter().filter(|step| name(step) == block);
        return sinks.any(|step| step.binding(input).is_some_and(|binding| !is_entry(plan, binding)));
    }
    if let Some((sink, words)) = rule.split_once(" ~ ") {
        let (block, input) = sink.split_once('.').unwrap();
        let told = |binding: &Binding| matches!(binding, Binding::Value(value) if value.to_string().contains(words));
        let mut sinks = plan.steps.iter().filter(|step| name(step) == block);
        return sinks.any(|step| step.binding(input).is_some_and(told));
    }
    let (sink, source, flows) = match rule.split_once(" <- ") {
        Some((sink, source)) => (sink, source, true),
        None => rule.split_once(" = ").map(|(sink, value)| (sink, value, false)).unwrap(),
    };
    let (block, input) = sink.split_once('.').unwrap();
    plan.steps.iter().filter(|step| name(step) == block).any(|step| {
        step.inputs.iter().filter(|known| known.name == input || known.name.starts_with(&format!("{input}_#_"))).any(
            |known| match flows {
                true => comes_from(plan, &known.binding, source),
                false => is_given(plan, &known.binding, source),
            },
        )
    })
}

/// Rows of a goal and its rules.
pub(crate) fn check(rows: &[(&str, &[&str])]) {
    let mut wrong = Vec::new();
    for (goal, rules) in rows {
        let plan = planned(goal);
        for rule in rules.iter().filter(|rule| !holds(&plan, rule)) {
            let steps: Vec<String> =
                plan.steps.iter().map(|step| format!("{} {:?}", name(step), step.inputs)).collect();
            wrong.push(format!("{goal}\n  {rule}\n    {}", steps.join("\n    ")));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
