//! The person's own agents, which an agent can run as a step: read from `library_agents`, chosen by what the person asks
//! for, found again where the person names them.

mod choose;
mod named;

use serde::Deserialize;
use serde_json::{Map, Value, json, value::RawValue};
use shared::json::each_element;

pub use self::choose::{Head, MOST, nearest};
pub(crate) use self::named::is_running;
use crate::catalogue::{Block, ERROR_OUTPUT, letters};

/// At most this many agents of a list are looked at.
const LOOKED_AT: usize = 500;
/// In bytes of JSON: a larger agent is not offered.
const LARGEST: usize = 16 * 1024;
/// Name of the block that an agent passes for, with its number behind.
const NAME: &str = "LibraryAgent";

#[derive(Debug, Deserialize)]
struct Listed<'a> {
    graph_id: String,
    #[serde(alias = "version")]
    graph_version: u64,
    name: String,
    #[serde(default)]
    description: Option<String>,
    #[serde(borrow)]
    input_schema: &'a RawValue,
    #[serde(borrow)]
    output_schema: &'a RawValue,
}

/// An agent that can be run as a step.
#[derive(Debug)]
pub(crate) struct SubAgent {
    /// Its inputs and outputs as those of a block, whose id and name are a number in the list.
    pub(crate) block: Block,
    /// As the person knows it.
    pub(crate) name: String,
    /// What goes into the block that runs it, `inputs` empty.
    pub(crate) values: Map<String, Value>,
}

/// The agents that are offered for a request, the nearest first.
#[derive(Debug, Default)]
pub(crate) struct SubAgents(Vec<SubAgent>);

impl SubAgents {
    /// Of `agents`, a JSON array, those that fit what the person wrote: [`MOST`] at most. Skips entries of another form, and
    /// those that would run the agent `within` again: itself, and what is seen to contain it.
    pub(crate) fn offered(agents: &RawValue, words: &str, within: Option<&str>) -> Self {
        let (mut listed, mut seen) = (Vec::new(), 0);
        // What is not a list has no agents.
        let _ = each_element(agents.get(), |entry| {
            seen += 1;
            if seen <= LOOKED_AT
                && entry.get().len() <= LARGEST
                && let Ok(agent) = serde_json::from_str::<Listed<'_>>(entry.get())
                && !agent.graph_id.trim().is_empty()
                && within.is_none_or(|within| !runs(entry, within))
            {
                listed.push(agent);
            }
            Ok(())
        });
        let heads = listed
            .iter()
            .map(|agent| Head { name: &agent.name, description: agent.description.as_deref().unwrap_or_default() });
        let places = nearest(&heads.collect::<Vec<_>>(), words);
        let mut listed: Vec<Option<Listed<'_>>> = listed.into_iter().map(Some).collect();
        let chosen = places.into_iter().filter_map(|at| listed.get_mut(at)?.take());
        let agents = chosen.enumerate().filter_map(|(at, listed)| SubAgent::parse(format!("{NAME}{}", at + 1), listed));
        Self(agents.collect())
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = &SubAgent> {
        self.0.iter()
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The agent that the person calls so.
    pub(crate) fn called(&self, name: &str) -> Option<&SubAgent> {
        let said = letters(name);
        self.0.iter().find(|agent| !said.is_empty() && letters(&agent.name) == said)
    }

    /// Where the text names one of them as an agent, in order: "my agent Lead scorer", "run Lead scorer".
    pub(crate) fn named_in(&self, text: &str) -> Vec<std::ops::Range<usize>> {
        if self.0.is_empty() { Vec::new() } else { named::find(text, self.0.iter().map(|agent| agent.name.as_str())) }
    }
}

impl SubAgent {
    fn parse(block: String, listed: Listed<'_>) -> Option<Self> {
        let schema = |text: &RawValue| serde_json::from_str::<Value>(text.get()).ok().filter(Value::is_object);
        let (inputs, outputs) = (schema(listed.input_schema)?, schema(listed.output_schema)?);
        let does = listed.description.as_deref().unwrap_or_default();
        let text = json!({
            "id": block, "name": block, "description": does, "inputSchema": inputs, "outputSchema": outputs
        });
        let block = Block::from_json(&text.to_string()).ok()?;
        let values = json!({
            // The platform puts in who runs it.
            "user_id": "", "graph_id": listed.graph_id, "graph_version": listed.graph_version,
            "agent_name": listed.name, "inputs": {}, "input_schema": inputs, "output_schema": outputs
        });
        let Value::Object(values) = values else { return None };
        Some(Self { block, name: listed.name, values })
    }

    /// What it gives.
    pub(crate) fn outputs(&self) -> impl Iterator<Item = &str> {
        self.block.output_schema().properties.iter().map(|(name, _)| name).filter(|name| *name != ERROR_OUTPUT)
    }

    /// Whether a link can lead into each input that it must have: not into one called as an input of the block that runs it.
    pub(crate) fn can_be_linked(&self) -> bool {
        !self.block.required_inputs().any(|name| self.values.contains_key(name))
    }
}

/// Whether an entry is, or is seen to contain, this agent: in its own nodes or in the graphs that come with it.
fn runs(entry: &RawValue, agent: &str) -> bool {
    fn within(value: &Value, agent: &str) -> bool {
        match value {
            Value::Object(map) => {
                map.get("graph_id").and_then(Value::as_str) == Some(agent)
                    || map.values().any(|part| within(part, agent))
            }
            Value::Array(all) => all.iter().any(|part| within(part, agent)),
            _ => false,
        }
    }
    entry.get().contains(agent) && serde_json::from_str(entry.get()).is_ok_and(|value: Value| within(&value, agent))
}

#[cfg(test)]
mod tests {
    use shared::json::to_raw;

    use super::*;

    fn agent(id: &str, name: &str) -> Value {
        json!({
            "graph_id": id, "graph_version": 2, "name": name, "input_schema": {"properties": {"a": {}}},
            "output_schema": {"properties": {"b": {}}},
        })
    }

    fn offered(agents: &Value, within: Option<&str>) -> Vec<String> {
        SubAgents::offered(&to_raw(agents).unwrap(), "x", within).iter().map(|agent| agent.name.clone()).collect()
    }

    #[test]
    fn an_agent_is_not_offered_to_itself_nor_to_one_that_it_is_seen_to_contain() {
        let mut outer = agent("2", "Outer");
        outer["sub_graphs"] = json!([{"id": "9", "nodes": [{"input_default": {"graph_id": "1"}}]}]);
        let agents = json!([agent("1", "Itself"), outer, agent("3", "Other")]);
        assert_eq!(offered(&agents, Some("1")), ["Other"]);
        assert_eq!(offered(&agents, None).len(), 3);
        assert_eq!(offered(&json!([7, {"name": "x"}, agent(" ", "Blank")]), None), [""; 0]);
        assert_eq!(offered(&json!({"not": "a list"}), None), [""; 0]);
    }

    #[test]
    fn a_person_with_hundreds_of_agents_is_offered_fifteen() {
        let mut agents: Vec<Value> = (0..400).map(|at| agent(&at.to_string(), &format!("Other {at}"))).collect();
        agents.push(agent("x", "The x maker"));
        let names = offered(&json!(agents), None);
        assert_eq!((names.len() <= MOST, names.first().map(String::as_str)), (true, Some("The x maker")));
    }
}
