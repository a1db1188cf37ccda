//! What a list tells of an agent: bounded, so that a page of them is.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use shared::{
    account::Requirements,
    json::{Object, count, first_chars, is_array, to_raw},
};

use crate::interface::{Interface, runs};

/// In Unicode characters.
const LONGEST_NAME: usize = 200;
const LONGEST_DESCRIPTION: usize = 1_000;
/// In bytes of JSON. Of longer ones, inputs are left out from the end.
const LONGEST_REQUIREMENTS: usize = 16 * 1024;

#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Profile {
    pub name: String,
    pub description: String,
    pub node_count: usize,
    /// As `requirements` of CONTRACT 4.
    pub requirements: Box<RawValue>,
    /// `None` if it cannot be a step of another agent.
    #[serde(default)]
    pub interface: Option<Interface>,
    /// The ids of the agents that it runs; `None` if they are not known.
    #[serde(default)]
    pub runs: Option<Vec<String>>,
}

impl Profile {
    /// `agent` is a JSON object.
    #[must_use]
    pub fn new(agent: &RawValue, requirements: &Requirements) -> Self {
        let (interface, runs) = (Interface::new(agent, requirements), runs(agent));
        let agent = Object::of_keys(agent, &["name", "description", "nodes"]).unwrap_or_default();
        let text = |key, longest| {
            let text = agent.string(key).map(Cow::into_owned).unwrap_or_default();
            first_chars(&text, longest).to_owned()
        };
        Self {
            name: text("name", LONGEST_NAME),
            description: text("description", LONGEST_DESCRIPTION),
            node_count: agent.get("nodes").filter(|nodes| is_array(nodes)).map_or(0, count),
            requirements: bounded(requirements),
            interface,
            runs,
        }
    }
}

/// As JSON: halves the list of inputs, then that of credentials, until it is short enough for what surrounds an agent.
#[must_use]
pub fn bounded(requirements: &Requirements) -> Box<RawValue> {
    let mut kept = Cow::Borrowed(requirements);
    loop {
        let text = to_raw(&*kept).unwrap_or_else(|_| RawValue::NULL.to_owned());
        if text.get().len() <= LONGEST_REQUIREMENTS || (kept.inputs.is_empty() && kept.credentials.is_empty()) {
            return text;
        }
        let kept = kept.to_mut();
        if kept.inputs.is_empty() {
            kept.credentials.truncate(kept.credentials.len() / 2);
        } else {
            kept.inputs.truncate(kept.inputs.len() / 2);
        }
    }
}

#[cfg(test)]
mod tests {
    use shared::account::AgentInput;

    use super::*;

    #[test]
    fn a_list_tells_a_bounded_part_of_whatever_an_agent_says_of_itself() {
        let input =
            |_| AgentInput { name: "n".repeat(60), description: "d".repeat(60), r#type: "string", required: true };
        let requirements = Requirements { inputs: (0..1_000).map(input).collect(), ..Requirements::default() };
        let agent = serde_json::json!({"name": "ä".repeat(900), "description": 7, "nodes": [{}, {}]});
        let profile = Profile::new(&to_raw(&agent).unwrap(), &requirements);
        assert_eq!((profile.name.chars().count(), &*profile.description, profile.node_count), (200, "", 2));
        let length = profile.requirements.get().len();
        assert!((4_000..=LONGEST_REQUIREMENTS).contains(&length), "{length}");
    }
}
