//! Builds bodies and agents of the largest size.

use kit::events;
use serde_json::{Value, json};

/// Left of a limit for what stands around a filling.
pub(super) const AROUND: usize = 2_000;

/// JSON that needs many times its own size as a tree of values, or many steps to read; the costliest first.
pub(super) const FILLINGS: [(&str, &str); 7] = [
    ("objects with a key", "{\"\":0}"),
    ("texts", "\"\""),
    ("nested lists", "[[]]"),
    ("numbers", "0"),
    ("lists", "[]"),
    ("objects", "{}"),
    ("floats", "1e1"),
];

/// Puts a list in the place of `"HOLE"`, as long as `limit` allows.
pub(super) fn filled(form: &str, filling: &str, limit: usize) -> String {
    let count = (limit - form.len() - AROUND) / (filling.len() + 1);
    form.replace("\"HOLE\"", &format!("[{}]", vec![filling; count].join(",")))
}

/// `part` again and again, up to `limit` characters.
pub(super) fn repeated(part: &str, limit: usize) -> String {
    part.chars().cycle().take(limit).collect()
}

/// The longest context, of words that are all different.
pub(super) fn context() -> String {
    let words: Vec<String> = (0..2_500).map(|number| format!("w{number}")).collect();
    words.join(" ")
}

/// For a cell of a table.
pub(super) fn shown(part: &str) -> String {
    format!("`{}`", part.trim_end_matches(' ').escape_debug())
}

pub(super) fn agent() -> Value {
    events::file("patch-direct.json")["current_agent_json"].clone()
}

/// The agent with a hole at `path`, for [`filled`].
pub(super) fn with_hole(path: &str) -> Value {
    let mut agent = agent();
    let (parent, key) = path.rsplit_once('/').expect("a path with a slash");
    agent.pointer_mut(parent).expect("the agent has this place")[key] = json!("HOLE");
    agent
}

/// The agent with copies of its nodes, and links between them.
pub(super) fn grown(nodes: usize, links: usize) -> Value {
    let mut agent = agent();
    let originals = agent["nodes"].as_array().expect("an agent has nodes").clone();
    let mut all = originals.clone();
    for (number, original) in originals.iter().cycle().take(nodes - originals.len()).enumerate() {
        let mut node = original.clone();
        node["id"] = json!(format!("x{number}"));
        node["metadata"]["customized_name"] = json!(format!("The e-mail step {number}"));
        all.push(node);
    }
    let of = |number: usize| all[number % all.len()]["id"].clone();
    let present = agent["links"].as_array().expect("an agent has links").len();
    let more: Vec<Value> = (0..links.saturating_sub(present))
        .map(|number| {
            json!({
                "id": format!("k{number}"), "source_id": of(number), "source_name": "result",
                "sink_id": of(number * 7 + 1), "sink_name": "value", "is_static": false
            })
        })
        .collect();
    agent["links"].as_array_mut().expect("an agent has links").extend(more);
    agent["nodes"] = json!(all);
    agent
}
