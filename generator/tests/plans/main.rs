//! What plans look like to the people who asked for them.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "in a test a panic is the report")]

mod answers;
mod audit;
mod banner;
mod canvas;
mod consent;
mod coverage;
mod crossed;
mod daily;
mod entries;
mod fields;
mod gallery;
mod handed;
mod issues;
mod kept;
mod links;
mod meant;
mod plain;
mod restrained;
mod said;
mod sources;
mod wiring;
mod words;

use std::sync::LazyLock;

use generator::Builtin;
use serde_json::Value;
use shared::port::Decomposition;

static PLANNER: LazyLock<Builtin> = LazyLock::new(Builtin::new);

fn planned(goal: &str, context: Option<&str>) -> Decomposition {
    PLANNER.decompose_now(goal, context).unwrap_or_else(|failure| panic!("{goal}: {failure:?}"))
}

fn steps(goal: &str, context: Option<&str>) -> Vec<Value> {
    match planned(goal, context) {
        Decomposition::Instructions { steps, .. } => serde_json::from_str(steps.get()).unwrap(),
        other => panic!("{goal}: {other:?}"),
    }
}

fn texts<'s>(steps: &'s [Value], key: &str) -> Vec<&'s str> {
    steps.iter().map(|step| step[key].as_str().unwrap()).collect()
}

/// Goals, and words that are in what was left out; none for those that are done as they were said.
fn told(rows: &[(&str, &str)]) {
    for (goal, words) in rows {
        let Decomposition::Instructions { account, .. } = planned(goal, None) else { panic!("{goal}") };
        let left: Vec<String> = account.left_out.into_iter().map(|left| left.text).collect();
        let fits = if words.is_empty() { left.is_empty() } else { left.iter().any(|text| text.contains(words)) };
        assert!(fits, "{goal}: {left:?}");
    }
}
