//! Agents to change, and the changes.

use generator::{Builtin, catalogue::Catalogue, validator};
use serde_json::{Value, json, value::to_raw_value};
use shared::{
    failure::Failure,
    port::{Decomposition, Draft},
};

pub(crate) fn agent(goal: &str) -> Value {
    let Ok(Decomposition::Instructions { steps, .. }) = Builtin::new().decompose_now(goal, None) else {
        panic!("{goal}")
    };
    let steps: Value = serde_json::from_str(steps.get()).unwrap();
    let Ok(Draft::Agent(agent, _)) = Builtin::new().generate_now(&to_raw_value(&json!({"steps": steps})).unwrap())
    else {
        panic!("{goal}")
    };
    serde_json::from_str(agent.get()).unwrap()
}

pub(crate) fn patched(agent: &Value, wish: &str) -> Result<Draft, Failure> {
    Builtin::new().patch_now(wish, &to_raw_value(agent).unwrap())
}

pub(crate) fn changed(agent: &Value, wish: &str) -> Value {
    match patched(agent, wish) {
        Ok(Draft::Agent(agent, _)) => {
            let agent: Value = serde_json::from_str(agent.get()).unwrap();
            assert_eq!(validator::faults(&Catalogue::embedded().unwrap(), &agent), Vec::<String>::new(), "{wish}");
            agent
        }
        other => panic!("{wish}: {other:?}"),
    }
}

pub(crate) fn names(agent: &Value) -> Vec<String> {
    let catalogue = Catalogue::embedded().unwrap();
    let nodes = agent["nodes"].as_array().unwrap().iter();
    nodes
        .map(|node| {
            catalogue.by_id(node["block_id"].as_str().unwrap()).map_or("?".to_owned(), |block| block.name.clone())
        })
        .collect()
}

pub(crate) fn node<'a>(agent: &'a Value, block: &str) -> &'a Value {
    let at =
        names(agent).iter().position(|name| name == block).unwrap_or_else(|| panic!("{block} in {:?}", names(agent)));
    &agent["nodes"][at]
}

pub(crate) const MAIL: &str = "Summarise a web page and e-mail the summary";
pub(crate) const SLACK: &str = "Read an RSS feed, summarise it and post the summary to Slack";

/// Follows the links: whether the result of `from` reaches `to`.
pub(crate) fn leads(agent: &Value, from: &str, to: &str) -> bool {
    let (from, to) = (node(agent, from)["id"].clone(), node(agent, to)["id"].clone());
    let mut open = vec![from];
    let mut seen: Vec<Value> = Vec::new();
    while let Some(at) = open.pop() {
        for link in agent["links"].as_array().unwrap().iter().filter(|link| link["source_id"] == at) {
            if !seen.contains(&link["sink_id"]) {
                seen.push(link["sink_id"].clone());
                open.push(link["sink_id"].clone());
            }
        }
    }
    seen.contains(&to)
}
