//! A server that says what a row says.

use std::io::Write;

use flate2::{Compression, write::GzEncoder};
use kit::{behaviour::Behaviour, server::FaultyServer};
use serde_json::{Value, json};

use crate::{
    frames::{self, EVENT_STREAM},
    row::{Frame, Row},
};

fn examples(prompt: &str) -> Vec<Value> {
    let fences = prompt.split("```json").skip(1).filter_map(|after| after.split_once("```"));
    fences.map(|(text, _)| serde_json::from_str(text).unwrap()).collect()
}

/// The example of the prompt: a plan that holds.
pub(crate) fn plan() -> Value {
    examples(include_str!("../../prompts/decompose.md")).into_iter().find(|one| one["type"] == "instructions").unwrap()
}

fn patch() -> Value {
    examples(include_str!("../../prompts/patch.md")).into_iter().find(|one| one["type"] == "patch").unwrap()
}

/// The agent of the example, as a platform stores it.
pub(crate) fn agent() -> Value {
    let prompt = include_str!("../../prompts/patch.md");
    let shown =
        examples(prompt).into_iter().find_map(|one| one["from_person"]["agent"].is_object().then_some(one)).unwrap();
    let mut agent = shown["from_person"]["agent"].clone();
    let blocks: Vec<Value> = serde_json::from_str(generator::catalogue::Catalogue::embedded_text().unwrap()).unwrap();
    for node in agent["nodes"].as_array_mut().unwrap() {
        let name = node["block"].clone();
        node["block_id"] = blocks.iter().find(|block| block["name"] == name).unwrap()["id"].clone();
        node["metadata"] = json!({"position": {"x": 0, "y": 0}, "customized_name": node["customized_name"]});
        let node = node.as_object_mut().unwrap();
        node.remove("block");
        node.remove("customized_name");
    }
    agent
}

pub(crate) async fn start(row: &Row) -> FaultyServer {
    let first = behaviour(row);
    let turns = match row.then.as_deref() {
        Some("good") => vec![first, good(row)],
        _ => vec![first],
    };
    FaultyServer::start(Behaviour::Then(turns)).await
}

pub(crate) fn variables(row: &Row, url: &str, key: &str) -> Vec<(&'static str, String)> {
    let own = |name: &'static str, value: &str| (name, value.to_owned());
    let mut variables = vec![own("AGENT_GENERATOR_URL", "builtin")];
    if row.bedrock {
        variables.extend([
            own("PLANNER", "bedrock"),
            own("BEDROCK_MODEL_ID", "m"),
            own("AWS_REGION", "eu-west-1"),
            own("AWS_ACCESS_KEY_ID", "AKID"),
            own("AWS_SECRET_ACCESS_KEY", key),
            own("AWS_ENDPOINT_URL", url),
        ]);
    } else {
        variables.extend([
            own("PLANNER", "openai"),
            own("OPENAI_BASE_URL", &format!("{url}/v1")),
            own("OPENAI_MODEL", "m"),
            own("OPENAI_API_KEY", key),
        ]);
    }
    for (name, value) in &row.settings {
        variables.push((name.clone().leak(), value.clone()));
    }
    variables
}

fn good(row: &Row) -> Behaviour {
    let example = if row.is_patch() { patch() } else { plan() };
    Behaviour::says(if row.bedrock {
        bedrock(json!([{"toolUse": {"toolUseId": "t", "name": "plan", "input": example}}]), "tool_use")
    } else {
        openai(&json!({"role": "assistant", "content": example.to_string()}), "stop")
    })
}

fn openai(message: &Value, finish: &str) -> Value {
    json!({
        "choices": [{"index": 0, "message": message, "finish_reason": finish}],
        "usage": {"prompt_tokens": 9_000, "completion_tokens": 500},
    })
}

fn bedrock(content: Value, stop: &str) -> Value {
    json!({
        "output": {"message": {"role": "assistant", "content": content}},
        "stopReason": stop,
        "usage": {"inputTokens": 9_000, "outputTokens": 500},
    })
}

/// The example with the row's changes.
fn example(row: &Row) -> Value {
    let mut example = if row.is_patch() { patch() } else { plan() };
    for (place, value) in &row.edit {
        if place.is_empty() {
            example = value.clone();
            continue;
        }
        let (parent, key) = place.rsplit_once('/').unwrap();
        match example.pointer_mut(parent).unwrap_or_else(|| panic!("{place}")) {
            Value::Object(parent) if value.is_null() => drop(parent.remove(key)),
            Value::Object(parent) => drop(parent.insert(key.to_owned(), value.clone())),
            Value::Array(parent) => parent[key.parse::<usize>().unwrap()] = value.clone(),
            _ => panic!("{place}"),
        }
    }
    for (place, name) in &row.rename {
        let (parent, key) = place.rsplit_once('/').unwrap();
        let parents: Vec<String> = match parent.split_once("/*") {
            None => vec![parent.to_owned()],
            Some((list, inner)) => {
                let length = example.pointer(list).unwrap().as_array().unwrap().len();
                (0..length).map(|at| format!("{list}/{at}{inner}")).collect()
            }
        };
        for parent in parents {
            let object = example.pointer_mut(&parent).unwrap().as_object_mut().unwrap();
            if let Some(value) = object.remove(key) {
                object.insert(name.clone(), value);
            }
        }
    }
    example
}

fn behaviour(row: &Row) -> Behaviour {
    let example = example(row);
    let mut text = example.to_string();
    for (from, to) in &row.replace {
        assert!(text.contains(from.as_str()), "{}: no {from}", row.says);
        text = text.replace(from.as_str(), to);
    }
    // Cut in the middle of the third step, and before the last brace.
    let (half, rest) = text.split_at(text.find("FillTextTemplateBlock").unwrap_or(text.len() / 2));
    let unclosed = text.strip_suffix('}').unwrap();
    let steps_as_text = || {
        let mut example = example.clone();
        let steps = example["steps"].to_string();
        example["steps"] = steps.into();
        example.to_string()
    };
    let filled = |given: &str| match given {
        "{half}" => half.to_owned(),
        "{rest}" => rest.to_owned(),
        "{unclosed}" => unclosed.to_owned(),
        "{quoted}" => Value::from(text.as_str()).to_string(),
        "{steps as text}" => steps_as_text(),
        _ => given.replace("{plan}", &text).replace("{patch}", &text),
    };
    if let Some(sent) = &row.frames {
        let mut bytes: Vec<u8> = sent.iter().flat_map(|frame| framed(frame, &filled)).collect();
        match row.packed.as_deref() {
            None => {}
            Some("damaged") => {
                let middle = bytes.len() / 2;
                bytes[middle] ^= 1;
            }
            Some(other) => panic!("{other}"),
        }
        return Behaviour::answers_with(200, &[("Content-Type", EVENT_STREAM)], bytes);
    }
    let content = filled(row.content.as_deref().unwrap_or("{plan}"));
    let body = match &row.body {
        Some(Value::String(body)) => {
            let quoted = Value::from(content.as_str()).to_string();
            body.replace("{content}", quoted.trim_matches('"'))
        }
        Some(body) => body.to_string(),
        None => {
            let mut message = row.message.clone().unwrap_or_else(|| {
                if row.bedrock { json!([{"text": content}]) } else { json!({"role": "assistant", "content": content}) }
            });
            fill(&mut message, &example, &filled);
            let finish = row.finish.as_deref();
            if row.bedrock {
                bedrock(message, finish.unwrap_or("end_turn")).to_string()
            } else {
                openai(&message, finish.unwrap_or("stop")).to_string()
            }
        }
    };
    let bytes = match row.packed.as_deref() {
        None => body.into_bytes(),
        Some("bom") => format!("\u{feff}{body}").into_bytes(),
        Some("latin1") => body
            .replace("Feed to Slack", "Feed à Slack")
            .chars()
            .map(|c| u8::try_from(u32::from(c)).unwrap_or(b'?'))
            .collect(),
        Some("gzip") => {
            let mut gzip = GzEncoder::new(Vec::new(), Compression::fast());
            gzip.write_all(body.as_bytes()).unwrap();
            gzip.finish().unwrap()
        }
        Some(other) => panic!("{other}"),
    };
    let mut headers: Vec<(&str, &str)> =
        row.headers.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    if !row.headers.contains_key("Content-Type") {
        headers.push(("Content-Type", "application/json"));
    }
    Behaviour::answers_with(row.status.unwrap_or(200), &headers, bytes)
}

fn framed(frame: &Frame, filled: &impl Fn(&str) -> String) -> Vec<u8> {
    match frame {
        Frame::Start => frames::start(),
        Frame::Input(piece) => frames::input(&filled(piece)),
        Frame::Text(piece) => frames::text(&filled(piece)),
        Frame::Stop(reason) => frames::stop(reason),
        Frame::Event(name, payload) => frames::event(name, payload),
        Frame::Exception(name, message) => frames::exception(name, message),
    }
}

/// Puts the example where a message says `{plan}`.
fn fill(value: &mut Value, example: &Value, filled: &impl Fn(&str) -> String) {
    match value {
        Value::String(text) if text == "{plan object}" || text == "{patch object}" => *value = example.clone(),
        Value::String(text) => *text = filled(text),
        Value::Array(items) => items.iter_mut().for_each(|item| fill(item, example, filled)),
        Value::Object(entries) => entries.values_mut().for_each(|item| fill(item, example, filled)),
        _ => {}
    }
}
