//! A plan made into an agent, or every misfit in it.

use serde_json::{
    Value,
    value::{RawValue, to_raw_value},
};
use shared::{
    account::Account,
    error_type::ErrorType,
    failure::Failure,
    limits::{INPUTS, STEPS, VALUES},
};

use super::{
    form::{self, Read},
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
        plan_form::{self, Outline},
        said::LONGEST,
    },
    opaque,
    problem::{Problem, Repair},
    validator::{Fault, Graph, LISTED, RULES},
};

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
    if plan.get().len() > LONGEST {
        let text = format!("The plan is too large. The limit is {} MiB.", LONGEST / 1_048_576);
        return Err(Failure::new(ErrorType::RequestTooLarge, text));
    }
    VALUES.check(opaque::inside(plan.get()))?;
    let mut read = form::read(plan);
    watch.check()?;
    let Some(form) = read.form.take() else { return Ok(misfits(read.problems)) };
    STEPS.check(form.steps().len())?;
    form.steps().iter().try_for_each(|step| INPUTS.check(step.input_count()))?;
    let library = Library::new(&knowledge.catalogue, library_agents, plan.get(), None);
    let outline = plan_form::outline(&knowledge.catalogue, &library, form);
    watch.check()?;
    let assembled = assembler::assemble(&knowledge.catalogue, &outline.plan);
    let (agent, mut fixed) = fixer::fix_and_tell(&knowledge.catalogue, assembled, &Reach::All);
    watch.check()?;
    let slips = slips::problems(knowledge, &outline);
    let mut problems: Vec<Problem> = slips.into_iter().filter(|slip| !read.is_lost_around(&slip.path)).collect();
    problems.extend(graph_problems(knowledge, &read, &outline, &agent)?);
    problems.splice(0..0, read.problems);
    if !problems.is_empty() {
        return Ok(misfits(problems));
    }
    for repair in &mut fixed {
        repair.path = repaired(&outline, &repair.path);
    }
    let unwritable = |error: serde_json::Error| Failure::new(ErrorType::UnexpectedError, error.to_string());
    let agent = to_raw_value(&agent).map_err(unwritable)?;
    let told = Told { left_out: outline.plan.left_out, timezone: outline.plan.timezone };
    let account = account::of_agent(&*knowledge.catalogue, &agent, told);
    Ok(Built::Agent { agent, account, fixed })
}

fn misfits(mut problems: Vec<Problem>) -> Built {
    let more_problems = problems.len().saturating_sub(LISTED);
    problems.truncate(LISTED);
    Built::Misfits { problems, more_problems }
}

/// What the rules for agents find, at the places of the plan; but not what only follows from another problem.
fn graph_problems(
    knowledge: &Knowledge,
    read: &Read,
    outline: &Outline,
    agent: &Value,
) -> Result<Vec<Problem>, Failure> {
    let labels: Vec<String> = outline.numbers.iter().map(|number| format!("step {number}")).collect();
    // Never passed over in silence: an agent that no rule has looked at is not one that keeps them.
    let no_graph = |_| Failure::new(ErrorType::UnexpectedError, "what was assembled is not a graph");
    let mut graph = Graph::parse(&knowledge.catalogue, agent).map_err(no_graph)?;
    for (node, label) in graph.nodes.iter_mut().zip(&labels) {
        node.label = label;
    }
    let remedies = Remedies::new(knowledge, &graph, Words::Plan(&outline.numbers));
    let places = Places::new(knowledge, &graph, read, outline);
    let faults = RULES.iter().flat_map(|rule| (rule.check)(&graph).into_iter().map(|fault| (rule.name, fault)));
    let open: Vec<(&'static str, Fault)> = faults.filter(|(rule, fault)| !places.explains(rule, fault)).collect();
    let problem = |(at, (rule, fault)): (usize, (&'static str, Fault))| Problem {
        rule,
        path: places.path(rule, &fault),
        // What is not listed needs no remedy.
        fix: (at < LISTED).then(|| remedies.of(rule, &fault)).flatten(),
        message: fault.text,
    };
    Ok(open.into_iter().enumerate().map(problem).collect())
}
