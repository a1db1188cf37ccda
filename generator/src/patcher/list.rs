//! A list of patches as data: how a program, or a language model, says what is to change.
//!
//! `{"patches": [{"type": "modify", "node_id", "changes"}, {"type": "add", "new_nodes", "new_links"},
//! {"type": "remove", "node_ids", "link_ids"}, {"type": "agent", "changes"}]}`, or the array alone; unknown keys are passed
//! over. The patches are made one after the other, on a copy: all of them or none.

use std::collections::HashSet;

use serde::Deserialize;
use serde_json::{Map, Value};
use shared::{error_type::ErrorType, failure::Failure};

use super::judged;
use crate::{assembler::Identities, catalogue::Catalogue, validator};

/// One patch.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Patch {
    /// A node gets other values.
    Modify {
        /// Its id.
        node_id: String,
        /// What is laid over it, object by object (RFC 7396): a null takes a key away. The id stays.
        changes: Map<String, Value>,
    },
    /// Nodes and links come.
    Add {
        /// The nodes. One without an id gets one.
        #[serde(default)]
        new_nodes: Vec<Map<String, Value>>,
        /// The links, between new nodes and old ones. One without an id gets one.
        #[serde(default)]
        new_links: Vec<Map<String, Value>>,
    },
    /// Nodes and links go; a node takes its links with it.
    Remove {
        /// The ids of the nodes.
        #[serde(default)]
        node_ids: Vec<String>,
        /// The ids of the links.
        #[serde(default)]
        link_ids: Vec<String>,
    },
    /// The agent itself gets another name, description or schedule.
    Agent {
        /// The new texts, under the keys of the agent; a null takes the schedule away.
        changes: Map<String, Value>,
    },
}

/// Reads a list of patches. Fails with `llm_parse_error`, naming the patch that is none. No failure here quotes a patch,
/// which may repeat a person's words.
pub fn read(list: &Value) -> Result<Vec<Patch>, Failure> {
    let refused = |text: String| Failure::new(ErrorType::LlmParseError, text);
    let patches = match list {
        Value::Array(patches) => patches,
        other => match other.get("patches") {
            Some(Value::Array(patches)) => patches,
            _ => return Err(refused("the list of patches has no array `patches`".to_owned())),
        },
    };
    let patch = |(index, patch): (usize, &Value)| {
        Patch::deserialize(patch).map_err(|_| refused(format!("patch {} cannot be read", index + 1)))
    };
    patches.iter().enumerate().map(patch).collect()
}

/// The agent with all patches made. Fails with `patch_error` where a patch names what is not there, and with
/// `validation_error` where the agent is none, or would not hold afterwards.
pub fn apply(catalogue: &Catalogue, agent: &Value, patches: &[Patch]) -> Result<Value, Failure> {
    judged(catalogue, agent, make(catalogue, agent, patches)?)
}

/// Like [`apply`], but does not mend or validate the changed agent.
pub(crate) fn make(catalogue: &Catalogue, agent: &Value, patches: &[Patch]) -> Result<Value, Failure> {
    validator::Graph::of(catalogue, agent).map_err(|faults| validator::refusal(&faults))?;
    let mut copy = Copy::of(agent);
    for (index, patch) in patches.iter().enumerate() {
        copy.make(patch).map_err(|why| Failure::new(ErrorType::PatchError, format!("patch {}: {why}", index + 1)))?;
    }
    Ok(copy.agent)
}

/// Keys of the agent, apart from nodes and links, that can be changed.
pub(crate) const DESCRIBED: [&str; 3] = ["name", "description", "recommended_schedule_cron"];

/// The copy that is changed.
struct Copy {
    agent: Value,
    identities: Identities,
}

impl Copy {
    fn of(agent: &Value) -> Self {
        let all = ["nodes", "links"].into_iter().flat_map(|key| ids(agent, key)).collect::<Vec<_>>();
        Self { agent: agent.clone(), identities: Identities::of(&all.join("\n")) }
    }

    fn list(&mut self, key: &str) -> Option<&mut Vec<Value>> {
        self.agent.get_mut(key).and_then(Value::as_array_mut)
    }

    fn make(&mut self, patch: &Patch) -> Result<(), String> {
        match patch {
            Patch::Modify { node_id, changes } => self.modify(node_id, changes),
            Patch::Agent { changes } => self.describe(changes),
            Patch::Add { new_nodes, new_links } => {
                self.add("nodes", new_nodes)?;
                self.add("links", new_links)
            }
            Patch::Remove { node_ids, link_ids } => {
                self.remove("nodes", node_ids)?;
                let gone: HashSet<&str> = node_ids.iter().map(String::as_str).collect();
                let touches =
                    |link: &Value, end: &str| link.get(end).and_then(Value::as_str).is_some_and(|id| gone.contains(id));
                // A link that goes with its node may be named as well.
                self.remove("links", link_ids)?;
                if let Some(links) = self.list("links") {
                    links.retain(|link| !touches(link, "source_id") && !touches(link, "sink_id"));
                }
                Ok(())
            }
        }
    }

    fn describe(&mut self, changes: &Map<String, Value>) -> Result<(), String> {
        let Some(agent) = self.agent.as_object_mut() else { return Ok(()) };
        for (key, value) in changes {
            let fits = match key.as_str() {
                "name" | "description" => value.is_string(),
                "recommended_schedule_cron" => value.is_string() || value.is_null(),
                _ => return Err(format!("only {} of the agent can be changed", DESCRIBED.join(", "))),
            };
            if !fits {
                return Err(format!("the new `{key}` of the agent is no text"));
            }
        }
        laid_over(agent, changes);
        Ok(())
    }

    fn modify(&mut self, id: &str, changes: &Map<String, Value>) -> Result<(), String> {
        if changes.get("id").is_some_and(|new| new.as_str() != Some(id)) {
            return Err("the id of a node cannot be changed".to_owned());
        }
        let nodes = self.list("nodes").into_iter().flatten();
        let node = nodes.into_iter().find(|node| node.get("id").and_then(Value::as_str) == Some(id));
        match node.and_then(Value::as_object_mut) {
            Some(node) => {
                laid_over(node, changes);
                Ok(())
            }
            None => Err("there is no node with its `node_id`".to_owned()),
        }
    }

    fn add(&mut self, key: &str, fresh: &[Map<String, Value>]) -> Result<(), String> {
        let mut taken: HashSet<String> = ids(&self.agent, key).map(str::to_owned).collect();
        for one in fresh {
            let mut one = one.clone();
            match one.get("id") {
                None | Some(Value::Null) => drop(one.insert("id".to_owned(), self.identities.next_id().into())),
                Some(Value::String(id)) if !taken.insert(id.clone()) => {
                    return Err(format!("an id in its `new_{key}` is in use already"));
                }
                Some(_) => {}
            }
            if let Some(all) = self.list(key) {
                all.push(Value::Object(one));
            }
        }
        Ok(())
    }

    fn remove(&mut self, key: &str, gone: &[String]) -> Result<(), String> {
        let there: HashSet<&str> = ids(&self.agent, key).collect();
        if gone.iter().any(|id| !there.contains(id.as_str())) {
            let what = key.trim_end_matches('s');
            return Err(format!("an id in its `{what}_ids` is not that of a {what}"));
        }
        let gone: HashSet<&str> = gone.iter().map(String::as_str).collect();
        if let Some(all) = self.list(key) {
            all.retain(|one| one.get("id").and_then(Value::as_str).is_none_or(|id| !gone.contains(id)));
        }
        Ok(())
    }
}

fn ids<'v>(agent: &'v Value, key: &str) -> impl Iterator<Item = &'v str> {
    agent.get(key).and_then(Value::as_array).into_iter().flatten().filter_map(|one| one.get("id")?.as_str())
}

/// Lays one object over another. The depth is that of JSON text, at most 128.
fn laid_over(under: &mut Map<String, Value>, over: &Map<String, Value>) {
    for (key, value) in over {
        match (under.get_mut(key), value) {
            (_, Value::Null) => drop(under.shift_remove(key)),
            (Some(Value::Object(under)), Value::Object(over)) => laid_over(under, over),
            (_, Value::Object(over)) => {
                // Nothing is there yet to be taken away: nulls in it mean nothing.
                let mut fresh = Map::new();
                laid_over(&mut fresh, over);
                under.insert(key.clone(), Value::Object(fresh));
            }
            (_, value) => drop(under.insert(key.clone(), value.clone())),
        }
    }
}
