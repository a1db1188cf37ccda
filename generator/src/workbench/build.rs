//! A plan made into an agent, or every misfit in it.

use serde_json::value::{RawValue, to_raw_value};
use shared::{
    account::Account,
    error_type::ErrorType,
    failure::Failure,
    limits::{INPUTS, STEPS, VALUES},
};

use super::{
    places::{Places, repaired},
    remedy::{Remedies, Words},
    slips,
};
use crate::{
    Watch,
    account::{self, Told},
    assembler,
    fixer::{self, Reach},
    knowledge::Knowledge,
    llm::{
        library::Library,
        plan_form::{self, Form, Kind, Outline, Wrong},
        said::{self, Said, Unfit},
        tasks::PLAN,
    },
    opaque,
    problem::{Problem, Repair},
    validator::{Fault, Graph, LISTED, RULES},
};

/// The rule that a plan has its form.
const FORM: &str = "plan_form";

#[derive(Debug)]
pub enum Built {
    Agent {
        /// A JSON object that keeps every rule.
        agent: Box<RawValue>,
        account: Box<Account>,
        /// What was repaired, at most 50 places.
        fixed: Vec<Repair>,
    },
    Misfits {
        /// At most 50, never empty.
        problems: Vec<Problem>,
        /// How many more there are.
        more_problems: usize,
    },
}

pub(super) fn build(
    knowledge: &Knowledge,
    plan: &RawValue,
    library_agents: Option<&RawValue>,
    watch: Watch<'_>,
) -> Result<Built, Failure> {
    VALUES.check(opaque::inside(plan.get()))?;
    let said = match said::of_form::<Form>(plan.get(), PLAN.schema) {
        Ok(said) => said,
        Err(unfit) => return Ok(misfits(unfit_problems(unfit))),
    };
    watch.check()?;
    let Said { form, misnamed, .. } = said;
    STEPS.check(form.steps().len())?;
    form.steps().iter().try_for_each(|step| INPUTS.check(step.input_count()))?;
    let mut problems: Vec<Problem> = misnamed.iter().map(|line| form_problem(line)).collect();
    if form.kind != Kind::Instructions {
        problems.push(Problem {
            rule: FORM,
            path: "type".to_owned(),
            message: "only instructions can be built".to_owned(),
            fix: Some(r#"Write "type": "instructions", and the steps."#.to_owned()),
        });
    }
    if form.steps().is_empty() {
        problems.push(Problem { rule: FORM, path: "steps".to_owned(), message: NO_STEPS.to_owned(), fix: example("") });
        return Ok(misfits(problems));
    }
    let library = Library::new(&knowledge.catalogue, library_agents, plan.get(), None);
    let outline = plan_form::outline(&knowledge.catalogue, &library, form);
    problems.extend(outline.slips.iter().map(|slip| Problem {
        rule: rule_of(&slip.wrong),
        path: slip.path(),
        message: slip.wrong.message().to_owned(),
        fix: slips::fix(knowledge, &outline, slip),
    }));
    watch.check()?;
    let assembled = assembler::assemble(&knowledge.catalogue, &outline.plan);
    let (agent, mut fixed) = fixer::fix_and_tell(&knowledge.catalogue, assembled, &Reach::All);
    watch.check()?;
    problems.extend(graph_problems(knowledge, &outline, &agent));
    if !problems.is_empty() {
        return Ok(misfits(problems));
    }
    for repair in &mut fixed {
        repair.path = repaired(&outline, &repair.path);
    }
    let unwritable = |error: serde_json::Error| Failure::new(ErrorType::UnexpectedError, error.to_string());
    let agent = to_raw_value(&agent).map_err(unwritable)?;
    let told = Told { left_out: outline.plan.left_out, timezone: outline.plan.timezone };
    let account = account::of_agent(Some(&knowledge.catalogue), &agent, told);
    Ok(Built::Agent { agent, account, fixed })
}

const NO_STEPS: &str = "there are no steps";

fn misfits(mut problems: Vec<Problem>) -> Built {
    let more_problems = problems.len().saturating_sub(LISTED);
    problems.truncate(LISTED);
    Built::Misfits { problems, more_problems }
}

fn rule_of(wrong: &Wrong) -> &'static str {
    match wrong {
        Wrong::Schedule => "schedule",
        Wrong::Block(_) => "known_blocks",
        Wrong::Step(..) | Wrong::NoOutput(_) => "sources",
        Wrong::Twice(_) => "inputs",
        Wrong::Agent(_) => "sub_agents",
    }
}

fn unfit_problems(unfit: Unfit) -> Vec<Problem> {
    match unfit {
        Unfit::Unreadable(why) => {
            vec![Problem { rule: FORM, path: String::new(), message: why, fix: example("") }]
        }
        Unfit::Misfits { misfits, lost } => misfits.iter().chain(&lost).map(|line| form_problem(line)).collect(),
    }
}

/// From `place: what is wrong`.
fn form_problem(line: &str) -> Problem {
    let (path, message) = line.split_once(": ").unwrap_or(("", line));
    let path = if path == "the answer" { "" } else { path };
    Problem { rule: FORM, path: path.to_owned(), message: message.to_owned(), fix: example(path) }
}

/// How the part of the form at `path` is written.
fn example(path: &str) -> Option<String> {
    let last = path.rsplit('.').next().unwrap_or(path);
    let last = last.split('[').next().unwrap_or(last);
    let text = match last {
        "steps" | "" => {
            r#"Write {"name": "Page digest", "steps": [{"number": 1, "block": "AgentInputBlock", "title": "Page", "inputs": [{"name": "name", "value": "Page"}]}, {"number": 2, "block": "AgentOutputBlock", "title": "Result", "inputs": [{"name": "name", "value": "Result"}, {"name": "value", "source": {"step": 1, "output": "result"}}]}]}."#
        }
        "inputs" => {
            r#"Write a list: [{"name": "url", "value": "https://example.com"}, {"name": "text", "source": {"step": 1, "output": "result"}}]."#
        }
        "source" => r#"Write {"step": 1, "output": "result"}: an earlier step's number and the name of its output."#,
        "step" | "number" => "Write the number of the step.",
        "type" => r#"Write "type": "instructions"."#,
        "left_out" => {
            r#"Write [{"text": "the part", "reason": "no_block", "message": "No block does this."}], or leave it out."#
        }
        _ => return None,
    };
    Some(text.to_owned())
}

/// What the rules for agents find, at the places of the plan; but not what only follows from a slip.
fn graph_problems(knowledge: &Knowledge, outline: &Outline, agent: &serde_json::Value) -> Vec<Problem> {
    let labels: Vec<String> = (1..=outline.plan.steps.len()).map(|number| format!("step {number}")).collect();
    let Ok(mut graph) = Graph::parse(&knowledge.catalogue, agent) else { return Vec::new() };
    for (node, label) in graph.nodes.iter_mut().zip(&labels) {
        node.label = label;
    }
    let remedies = Remedies::new(knowledge, &graph, Words::Plan);
    let places = Places::new(knowledge, &graph, outline);
    let faults = RULES.iter().flat_map(|rule| (rule.check)(&graph).into_iter().map(|fault| (rule.name, fault)));
    let problem = |(rule, fault): (&'static str, Fault)| Problem {
        rule,
        path: places.path(rule, &fault),
        fix: remedies.of(rule, &fault),
        message: fault.text,
    };
    // Enough to fill the list: a remedy takes a while.
    faults.filter(|(rule, fault)| !places.explains(rule, fault)).take(4 * LISTED).map(problem).collect()
}
