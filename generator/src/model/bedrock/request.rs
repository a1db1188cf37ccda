//! The body of a request to the Converse API.

use serde::Serialize;
use serde_json::value::RawValue;
use shared::failure::Failure;

use crate::model::{
    chat::Speaker,
    failures::unasked,
    learnt::Structure,
    round::{Round, schema},
};

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Body<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    system: Option<[Text<'a>; 1]>,
    messages: Vec<Message<'a>>,
    inference_config: InferenceConfig,
    #[serde(skip_serializing_if = "Option::is_none")]
    tool_config: Option<ToolConfig<'a>>,
}

#[derive(Serialize)]
struct Text<'a> {
    text: &'a str,
}

#[derive(Serialize)]
struct Message<'a> {
    role: &'static str,
    content: [Text<'a>; 1],
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct InferenceConfig {
    #[serde(skip_serializing_if = "Option::is_none")]
    max_tokens: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    temperature: Option<f64>,
}

/// Structured output: the model must call this one tool with its answer.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ToolConfig<'a> {
    tools: [Tool<'a>; 1],
    tool_choice: ToolChoice<'a>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Tool<'a> {
    tool_spec: ToolSpec<'a>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ToolSpec<'a> {
    name: &'a str,
    description: &'a str,
    input_schema: InputSchema<'a>,
}

#[derive(Serialize)]
struct InputSchema<'a> {
    json: &'a RawValue,
}

#[derive(Serialize)]
struct ToolChoice<'a> {
    tool: ToolName<'a>,
}

#[derive(Serialize)]
struct ToolName<'a> {
    name: &'a str,
}

/// Structured output makes the model call the tool.
pub(super) fn body(round: &Round<'_>, temperature: Option<f64>) -> Result<Vec<u8>, Failure> {
    let (form, wanted) = (round.chat.form, round.wanted);
    let tool_config = if wanted.structure >= Structure::Schema {
        let input_schema = InputSchema { json: schema(form)? };
        let tool_spec = ToolSpec { name: form.name, description: form.description, input_schema };
        let tool_choice = ToolChoice { tool: ToolName { name: form.name } };
        Some(ToolConfig { tools: [Tool { tool_spec }], tool_choice })
    } else {
        None
    };
    let turns = round.turns().map(|(speaker, text)| {
        let role = match speaker {
            Speaker::User => "user",
            Speaker::Assistant => "assistant",
        };
        Message { role, content: [Text { text }] }
    });
    let body = Body {
        system: round.system().map(|text| [Text { text }]),
        messages: turns.collect(),
        inference_config: InferenceConfig {
            max_tokens: wanted.limit.map(|(_, tokens)| tokens),
            temperature: temperature.filter(|_| wanted.temperature),
        },
        tool_config,
    };
    serde_json::to_vec(&body).map_err(|_| unasked("the request could not be serialised"))
}
