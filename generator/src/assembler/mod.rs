//! Turns a plan into a graph of nodes and links.

mod identity;
mod layout;

use serde_json::{Map, Value, json};

pub use self::{identity::Identities, layout::positions};
use crate::{
    catalogue::Catalogue,
    plan::model::{Binding, Plan, Step},
};

/// The same plan gives the same bytes, ids included.
pub fn assemble(catalogue: &Catalogue, plan: &Plan) -> Value {
    let mut identities = Identities::of(&format!("{}\n{}\n{:?}", plan.name, plan.description, plan.cron));
    let ids: Vec<String> = plan.steps.iter().map(|_| identities.next_id()).collect();
    let edges = plan.steps.iter().enumerate().flat_map(|(at, step)| sources(step).map(move |from| (from, at)));
    let positions = positions(plan.steps.len(), edges);
    let nodes: Vec<Value> =
        plan.steps.iter().zip(&ids).zip(positions).map(|((step, id), at)| node(step, id, at)).collect();
    let links: Vec<Value> = plan
        .steps
        .iter()
        .zip(&ids)
        .flat_map(|(step, id)| links(catalogue, step, id, &plan.steps, &ids, &mut identities))
        .collect();
    let mut agent = Map::new();
    agent.insert("name".to_owned(), json!(plan.name));
    agent.insert("description".to_owned(), json!(plan.description));
    if let Some(cron) = &plan.cron {
        agent.insert("recommended_schedule_cron".to_owned(), json!(cron));
    }
    agent.insert("nodes".to_owned(), nodes.into());
    agent.insert("links".to_owned(), links.into());
    Value::Object(agent)
}

fn sources(step: &Step) -> impl Iterator<Item = usize> {
    step.inputs.iter().filter_map(|input| match &input.binding {
        Binding::From { step, .. } => Some(*step),
        Binding::Value(_) => None,
    })
}

pub fn node(step: &Step, id: &str, (x, y): (i64, i64)) -> Value {
    let values = step.inputs.iter().filter_map(|input| match &input.binding {
        Binding::Value(value) => Some((input.name.clone(), value.clone())),
        Binding::From { .. } => None,
    });
    json!({
        "id": id,
        "block_id": step.block,
        "input_default": values.collect::<Map<_, _>>(),
        "metadata": {"position": {"x": x, "y": y}, "customized_name": step.title},
    })
}

/// The links into `step`. `ids` are the ids of `steps`, in the same order.
pub fn links(
    catalogue: &Catalogue,
    step: &Step,
    id: &str,
    steps: &[Step],
    ids: &[String],
    identities: &mut Identities,
) -> Vec<Value> {
    let ends = step.inputs.iter().filter_map(|input| match &input.binding {
        Binding::From { step, output } => Some((input.name.as_str(), *step, output.as_str())),
        Binding::Value(_) => None,
    });
    let link = |(input, from, output): (&str, usize, &str)| {
        let source = steps.get(from)?;
        let is_static = catalogue.by_id(&source.block).is_some_and(|block| block.static_output);
        Some(json!({
            "id": identities.next_id(),
            "source_id": ids.get(from)?,
            "source_name": output,
            "sink_id": id,
            "sink_name": input,
            "is_static": is_static,
        }))
    };
    ends.filter_map(link).collect()
}
