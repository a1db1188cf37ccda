//! Prompts that a person picks in a client's menu: `data/prompts.json`.

use serde::{Deserialize, Serialize};
use serde_json::{Map, json};
use shared::{action::Action, json::Object, refusal::Refusal};

use crate::{
    answer::{Answered, Complete},
    fault::{Code, Fault},
    message::required,
    stop::Stop,
};

const TABLE: &str = include_str!("../data/prompts.json");

#[derive(Deserialize, Serialize)]
struct Prompt {
    name: String,
    title: String,
    description: String,
    arguments: Vec<Argument>,
    /// With `{name}` for each argument.
    #[serde(skip_serializing)]
    text: String,
}

#[derive(Deserialize, Serialize)]
struct Argument {
    name: String,
    description: String,
    required: bool,
}

#[derive(Serialize)]
pub(crate) struct List {
    prompts: Vec<Prompt>,
}

pub(crate) fn list() -> Result<List, Refusal> {
    let broken = |_| Refusal::unexpected(Action::Mcp, "the table of prompts is broken");
    Ok(List { prompts: serde_json::from_str(TABLE).map_err(broken)? })
}

pub(crate) fn get(params: &Object<'_>) -> Result<Answered, Stop> {
    let name = required(params, "name")?;
    let prompt = list()?.prompts.into_iter().find(|prompt| prompt.name == name);
    let prompt = prompt.ok_or_else(|| Fault::new(Code::InvalidParams, "There is no such prompt. See prompts/list."))?;
    let given = params.get("arguments").and_then(Object::of).unwrap_or_default();
    let mut values = Map::new();
    for argument in &prompt.arguments {
        match given.string(&argument.name).filter(|value| !value.trim().is_empty()) {
            Some(value) => drop(values.insert(argument.name.clone(), value.into_owned().into())),
            None if argument.required => {
                let message = format!("The argument {} is missing: {}", argument.name, argument.description);
                return Err(Fault::new(Code::InvalidParams, message).into());
            }
            None => {}
        }
    }
    // As JSON: what the person wrote cannot pass for the text around it.
    let text = format!("{}\n\n{}", prompt.text, json!(values));
    let message = json!({"role": "user", "content": {"type": "text", "text": text}});
    Ok(Answered::new("prompt", &Complete::new(json!({"description": prompt.description, "messages": [message]})))?)
}
