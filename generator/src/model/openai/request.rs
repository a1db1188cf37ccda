//! The body of a request for a chat completion.

use serde::{Serialize, Serializer, ser::SerializeMap};
use serde_json::value::RawValue;
use shared::failure::Failure;

use crate::{
    config::ModelSettings,
    model::{
        chat::Speaker,
        failures::unasked,
        learnt::{LimitName, Structure},
        round::{Round, schema},
    },
};

#[derive(Serialize)]
struct Body<'a> {
    model: &'a str,
    messages: Vec<Message<'a>>,
    stream: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    stream_options: Option<StreamOptions>,
    #[serde(flatten)]
    limit: Limit,
    #[serde(skip_serializing_if = "Option::is_none")]
    temperature: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    reasoning_effort: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    response_format: Option<ResponseFormat<'a>>,
}

#[derive(Serialize)]
struct Message<'a> {
    role: &'static str,
    content: &'a str,
}

#[derive(Serialize)]
struct StreamOptions {
    include_usage: bool,
}

struct Limit(Option<(LimitName, u32)>);

impl Serialize for Limit {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        if let Some((name, tokens)) = self.0 {
            let name = match name {
                LimitName::MaxTokens => "max_tokens",
                LimitName::MaxCompletionTokens => "max_completion_tokens",
            };
            map.serialize_entry(name, &tokens)?;
        }
        map.end()
    }
}

#[derive(Serialize)]
struct ResponseFormat<'a> {
    r#type: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    json_schema: Option<JsonSchema<'a>>,
}

#[derive(Serialize)]
struct JsonSchema<'a> {
    name: &'a str,
    description: &'a str,
    strict: bool,
    schema: &'a RawValue,
}

pub(super) fn body(model: &str, settings: &ModelSettings, round: &Round<'_>) -> Result<Vec<u8>, Failure> {
    let (form, wanted) = (round.chat.form, round.wanted);
    let response_format = match wanted.structure {
        Structure::None => None,
        Structure::Object => Some(ResponseFormat { r#type: "json_object", json_schema: None }),
        Structure::Schema | Structure::StrictSchema => {
            let strict = form.strict && wanted.structure == Structure::StrictSchema;
            let json_schema =
                JsonSchema { name: form.name, description: form.description, strict, schema: schema(form)? };
            Some(ResponseFormat { r#type: "json_schema", json_schema: Some(json_schema) })
        }
    };
    let turns = round.turns().map(|(speaker, text)| {
        let role = match speaker {
            Speaker::User => "user",
            Speaker::Assistant => "assistant",
        };
        Message { role, content: text }
    });
    let system = round.system().map(|content| Message { role: "system", content });
    let body = Body {
        model,
        messages: system.into_iter().chain(turns).collect(),
        stream: wanted.streaming,
        stream_options: (wanted.streaming && wanted.usage).then_some(StreamOptions { include_usage: true }),
        limit: Limit(wanted.limit),
        temperature: settings.temperature.filter(|_| wanted.temperature),
        reasoning_effort: settings.reasoning_effort.as_deref().filter(|_| wanted.effort),
        response_format,
    };
    serde_json::to_vec(&body).map_err(|_| unasked("the request could not be serialised"))
}
