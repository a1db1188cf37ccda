//! Entries of a form that have their parts elsewhere: beside them, in a text, or not said.

use serde_json::{Map, Value, json};

use super::{
    super::references::reference,
    keys::{holds, keyed},
    names::{self, property},
};
use crate::catalogue::letters;

/// Makes a source of what refers to a step beside an input or as its value.
pub(super) fn linked(known: &mut Map<String, Value>, others: &mut Map<String, Value>) {
    const SOURCE: [&str; 2] = ["step", "output"];
    let is_source = |value: &Value| {
        let Some(object) = value.as_object().filter(|object| object.len() == 2) else { return false };
        let mut means: Vec<&str> = object.keys().filter_map(|key| Some(property("source", &SOURCE, key)?.1)).collect();
        means.sort_unstable();
        means == ["output", "step"] && object.keys().any(|key| letters(key).contains("step"))
    };
    if holds(known.get("source")) {
        if known.get("source").is_some_and(|source| source.is_number() || source.is_string())
            && let Some((key, output)) =
                others.iter().find(|(key, _)| matches!(letters(key).as_str(), "output" | "outputname" | "fromoutput"))
        {
            let (key, output) = (key.clone(), output.clone());
            others.shift_remove(&key);
            let step = known.get("source").cloned();
            known.insert("source".to_owned(), json!({"step": step, "output": output}));
        }
        return;
    }
    if known.get("value").is_some_and(is_source) {
        let source = known.insert("value".to_owned(), Value::Null).unwrap_or_default();
        known.insert("source".to_owned(), source);
    } else if !holds(known.get("value")) {
        let (source, rest) = keyed("source", &SOURCE, std::mem::take(others));
        if source.len() == 2 {
            known.insert("source".to_owned(), source.into());
            *others = rest;
        } else {
            others.extend(source.into_iter().chain(rest));
        }
    }
}

/// The object that a text, a list or a number stands for.
pub(super) fn standing_for(of: &str, value: Value) -> Value {
    let source = |step: Value, output: Option<String>| json!({"step": step, "output": output});
    match (of, value) {
        ("questions", Value::String(text)) => json!({"question": text}),
        ("left_out", Value::String(text)) => json!({"text": text}),
        ("source", Value::String(text)) => match reference(&text) {
            Some((step, output)) => source(step.into(), output),
            None => text.into(),
        },
        ("source", Value::Number(number)) => source(Value::Number(number), None),
        ("source", Value::Array(mut pair)) => match (pair.pop(), pair.pop(), pair.pop()) {
            (Some(Value::String(output)), Some(step), None) if !step.is_object() => source(step, Some(output)),
            // A list of one source.
            (Some(one @ Value::Object(_)), None, None) => one,
            (Some(last), first, further) => Value::Array(further.into_iter().chain(first).chain([last]).collect()),
            _ => Value::Null,
        },
        (_, Value::Array(mut entries)) if entries.len() == 1 && entries.first().is_some_and(Value::is_object) => {
            entries.pop().unwrap_or_default()
        }
        (_, other) => other,
    }
}

/// Values that stand beside `input_default` belong into it.
pub(super) fn set(properties: &[&str], of: &str, known: &mut Map<String, Value>, others: &mut Map<String, Value>) {
    const NOT_VALUES: [&str; 5] = ["id", "metadata", "position", "type", "node_id"];
    if !properties.contains(&"input_default") || of != "changes" {
        return;
    }
    let (values, rest): (Map<_, _>, Map<_, _>) = std::mem::take(others)
        .into_iter()
        .partition(|(key, _)| !NOT_VALUES.contains(&key.as_str()) && !names::is_comment(key));
    *others = rest;
    if values.is_empty() {
        return;
    }
    match known.entry("input_default").or_insert_with(|| Value::Object(Map::new())) {
        Value::Object(all) => all.extend(values),
        _ => others.extend(values),
    }
}

/// `"source": "n3.summary"` is a node and an output.
pub(super) fn split_ends(link: &mut Map<String, Value>) {
    for (id, name) in [("source_id", "source_name"), ("sink_id", "sink_name")] {
        let split = link
            .get(id)
            .and_then(Value::as_str)
            .and_then(|text| text.split_once(['.', ':']))
            .filter(|_| !holds(link.get(name)));
        if let Some((node, end)) = split.map(|(node, end)| (node.trim().to_owned(), end.trim().to_owned())) {
            link.insert(id.to_owned(), node.into());
            link.insert(name.to_owned(), end.into());
        }
    }
}

/// What a patch does that does not say it.
pub(super) fn kind_of(object: &Map<String, Value>) -> Option<&'static str> {
    let keys: Vec<String> = object.keys().map(|key| letters(key)).collect();
    let has = |names: &[&str]| keys.iter().any(|key| names.contains(&key.as_str()));
    if has(&["newnodes", "newlinks", "newnode", "newlink", "addnodes", "addlinks"]) {
        Some("add")
    } else if has(&["nodeids", "linkids", "removenodes", "removelinks", "linkid"]) {
        Some("remove")
    } else if has(&["nodeid", "node", "id"]) {
        (keys.len() > 1).then_some("modify")
    } else {
        has(&["recommendedschedulecron", "agentname"]).then_some("agent")
    }
}

/// Ids of links among those of nodes: the agent is shown with `n1`, `n2`, `l1`, `l2`.
pub(super) fn part_ids(patch: &mut Map<String, Value>) {
    let is_link = |id: &Value| {
        id.as_str().and_then(|id| id.strip_prefix('l')).is_some_and(|number| number.parse::<u32>().is_ok())
    };
    let Some(ids) = patch.get_mut("node_ids").and_then(Value::as_array_mut) else { return };
    let links: Vec<Value> = ids.iter().filter(|id| is_link(id)).cloned().collect();
    ids.retain(|id| !is_link(id));
    if let (false, Some(all)) = (links.is_empty(), patch.entry("link_ids").or_insert_with(|| json!([])).as_array_mut())
    {
        all.extend(links.into_iter().filter(|link| !all.contains(link)).collect::<Vec<_>>());
    }
}
