//! A plan read in its form: what fits is used, and what does not is told.

use serde::Deserialize;
use serde_json::{Value, json, value::RawValue};
use shared::json::Object;

use crate::{
    llm::{
        plan_form::{Form, Kind},
        said::{self, Unfit},
        tasks::PLAN,
    },
    problem::Problem,
};

/// The rule that a plan has its form.
const RULE: &str = "plan_form";
const NO_STEPS: &str = "there are no steps";

pub(super) struct Read {
    /// Without what does not fit; `None` if no steps are left.
    pub(super) form: Option<Form>,
    pub(super) problems: Vec<Problem>,
}

impl Read {
    /// Whether something at this path, or around it, is not used.
    pub(super) fn is_lost_around(&self, path: &str) -> bool {
        self.problems.iter().any(|problem| path.starts_with(&problem.path))
    }

    /// Whether something within this path is not used.
    pub(super) fn is_lost_within(&self, path: &str) -> bool {
        self.problems.iter().any(|problem| problem.path.starts_with(path))
    }
}

pub(super) fn read(plan: &RawValue) -> Read {
    if is_agent(plan) {
        let fix = "Write steps; an agent is checked, not built.".to_owned();
        let message = "this is an agent, not a plan".to_owned();
        return Read {
            form: None,
            problems: vec![Problem { rule: RULE, path: String::new(), message, fix: Some(fix) }],
        };
    }
    let (form, mut problems) = match said::of_form::<Form>(plan.get(), PLAN.schema) {
        Ok(said) => (Some(said.form), said.misnamed.iter().map(|line| problem(line)).collect()),
        Err(Unfit::Unreadable(why)) => {
            let is_text = plan.get().starts_with('"');
            let message = if is_text { why } else { NO_STEPS.to_owned() };
            (None, vec![Problem { rule: RULE, path: String::new(), message, fix: example("") }])
        }
        Err(Unfit::Misfits { mut value, misfits, lost }) => {
            let needed = misfits.iter().filter(|line| !is_optional(line));
            let mut problems: Vec<Problem> = needed.map(|line| problem(line)).collect();
            problems.iter().for_each(|misfit| blank(&mut value, &misfit.path));
            // With questions beside the steps it may be missing.
            if value.get("type").is_none() {
                put(&mut value, "type", "instructions".into());
            }
            problems.extend(lost.iter().map(|line| problem(line)));
            (Form::deserialize(&value).ok(), problems)
        }
    };
    if let Some(form) = &form {
        if form.kind != Kind::Instructions {
            let message = "only instructions can be built".to_owned();
            problems.push(Problem { rule: RULE, path: "type".to_owned(), message, fix: example("type") });
        }
        if form.steps().is_empty() && problems.iter().all(|problem| problem.path != "steps") {
            let message = NO_STEPS.to_owned();
            problems.push(Problem { rule: RULE, path: "steps".to_owned(), message, fix: example("steps") });
        }
    }
    let form = form.filter(|form| !form.steps().is_empty());
    if form.is_none() && problems.is_empty() {
        problems.push(Problem { rule: RULE, path: String::new(), message: NO_STEPS.to_owned(), fix: example("") });
    }
    Read { form, problems }
}

/// Nodes and links would pass for steps under another name.
fn is_agent(plan: &RawValue) -> bool {
    let found = Object::of_keys(plan, &["nodes", "links", "steps"]).unwrap_or_default();
    found.get("nodes").is_some() && found.get("links").is_some() && found.get("steps").is_none()
}

/// A key that only a model's strict form requires.
fn is_optional(line: &str) -> bool {
    let Some(path) = line.strip_suffix(": missing") else { return false };
    let is_needed = path.ends_with(".source.step") || (path.ends_with(".name") && path.contains(".inputs["));
    !is_needed
}

/// From `place: what is wrong`.
fn problem(line: &str) -> Problem {
    let (path, message) = line.split_once(": ").unwrap_or(("", line));
    let path = if path == "the answer" { "" } else { path };
    Problem { rule: RULE, path: path.to_owned(), message: message.to_owned(), fix: example(path) }
}

/// How the part of the form at `path` is written.
fn example(path: &str) -> Option<String> {
    let last = path.rsplit('.').next().unwrap_or(path);
    let is_entry = last.ends_with(']');
    let text = match last.split('[').next().unwrap_or(last) {
        "steps" if is_entry => {
            r#"Write {"number": 2, "block": "ExtractWebsiteContentBlock", "title": "Read the page", "inputs": [{"name": "url", "source": {"step": 1, "output": "result"}}]}."#
        }
        "steps" | "" => {
            r#"Write {"name": "Echo", "steps": [{"number": 1, "block": "AgentInputBlock", "inputs": [{"name": "name", "value": "Text"}]}, {"number": 2, "block": "AgentOutputBlock", "inputs": [{"name": "name", "value": "Result"}, {"name": "value", "source": {"step": 1, "output": "result"}}]}]}."#
        }
        "inputs" if is_entry => r#"Write {"name": "url", "value": "https://example.com"}."#,
        "inputs" => {
            r#"Write [{"name": "url", "value": "https://example.com"}, {"name": "text", "source": {"step": 1, "output": "result"}}]."#
        }
        "source" => {
            r#"Write {"step": 1, "output": "result"}: the number of an earlier step and the name of its output."#
        }
        "step" | "number" => "Write the number of the step: 1.",
        "type" => r#"Write "type": "instructions", and the steps."#,
        "left_out" => {
            r#"Write [{"text": "the part", "reason": "no_block", "message": "No block does this."}], or leave it out."#
        }
        "name" | "block" | "title" | "description" | "output" | "recommended_schedule_cron" => "Write a text.",
        _ => return None,
    };
    Some(text.to_owned())
}

/// Puts something without meaning in the place of what does not fit, so that the rest can be read.
fn blank(value: &mut Value, path: &str) {
    let first = path.split(['.', '[']).next().unwrap_or_default();
    if ["left_out", "questions"].contains(&first) {
        return put(value, first, Value::Null);
    }
    match path {
        "type" => put(value, path, "instructions".into()),
        _ if path.ends_with(']') && path.contains(".inputs[") => put(value, path, json!({"name": ""})),
        _ if path.ends_with(']') => put(value, path, json!({})),
        _ if path.ends_with(".name") => put(value, path, "".into()),
        _ => put(value, path.strip_suffix(".step").unwrap_or(path), Value::Null),
    }
}

/// `path` is such as `steps[1].inputs[0].source`; a key that is not there is added.
fn put(value: &mut Value, path: &str, new: Value) {
    let pointer: String = path.split(['.', '[']).map(|part| format!("/{}", part.trim_end_matches(']'))).collect();
    if let Some(slot) = value.pointer_mut(&pointer) {
        *slot = new;
    } else if let Some((parent, key)) = pointer.rsplit_once('/')
        && let Some(parent) = value.pointer_mut(parent).and_then(Value::as_object_mut)
    {
        parent.insert(key.to_owned(), new);
    }
}
