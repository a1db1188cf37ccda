//! What the person has to connect, supply and schedule.

use std::borrow::Cow;

use serde_json::value::RawValue;
use shared::{
    account::{AgentInput, Credential, Requirements, Trigger},
    json::{Object, each_entry, string},
};

use super::{
    graph::{Graph, Node, cut, each, short_line},
    told::is_timezone,
};
use crate::catalogue::{
    Block,
    schema::Types,
    special::{AGENT_EXECUTOR, DATE_INPUT, DRIVE_INPUT, FILE_INPUT},
};

/// In Unicode characters, for names and descriptions.
const LONGEST: usize = 200;
/// A cron expression of five fields.
const LONGEST_CRON: usize = 100;

/// The companies whose language models a block offers: of these it needs the one whose model is set.
const MODEL_PROVIDERS: [&str; 8] =
    ["openai", "anthropic", "groq", "ollama", "open_router", "aiml_api", "llama_api", "v0"];

/// Beginning of a model's name -> who sells it. The first that fits counts.
const MODELS: [(&str, &str); 12] = [
    ("gpt-", "openai"),
    ("o1", "openai"),
    ("o3", "openai"),
    ("o4", "openai"),
    ("chatgpt", "openai"),
    ("claude", "anthropic"),
    ("llama-", "groq"),
    ("gemma", "groq"),
    ("llama3", "ollama"),
    ("dolphin", "ollama"),
    ("Llama-", "llama_api"),
    ("v0-", "v0"),
];

pub(super) fn requirements(graph: &Graph<'_>, timezone: Option<String>) -> Requirements {
    let timezone = graph.timezone.as_deref().filter(|zone| is_timezone(zone)).map(str::to_owned).or(timezone);
    let schedule = graph.cron.as_deref().map(str::trim).filter(|cron| !cron.is_empty());
    Requirements {
        credentials: credentials(graph),
        inputs: graph.nodes.iter().filter_map(input).collect(),
        schedule: schedule.map(|cron| cut(cron, LONGEST_CRON)),
        timezone,
        trigger: graph.nodes.iter().find_map(trigger),
    }
}

fn credentials(graph: &Graph<'_>) -> Vec<Credential> {
    let mut all: Vec<Credential> = Vec::new();
    for node in &graph.nodes {
        let block = node.block.filter(|block| block.id != AGENT_EXECUTOR);
        let name = block.map_or_else(|| node.label(), |block| block.name.clone());
        for provider in providers(node) {
            let at = all.iter().position(|credential| credential.provider == provider).unwrap_or_else(|| {
                all.push(Credential { provider, blocks: Vec::new() });
                all.len() - 1
            });
            if let Some(credential) = all.get_mut(at).filter(|credential| !credential.blocks.contains(&name)) {
                credential.blocks.push(name.clone());
            }
        }
    }
    all
}

/// The accounts that a node needs; of an unknown block, those that it names itself.
fn providers(node: &Node<'_>) -> Vec<String> {
    let Some(block) = node.block else {
        let credentials = node.values().filter(|(name, _)| Block::names_credential(name));
        return credentials.filter_map(|(_, value)| provider_in(value)).collect();
    };
    if block.id == AGENT_EXECUTOR {
        return node.value("input_schema").map(providers_of_schema).unwrap_or_default();
    }
    let sells_models = |provider: &&String| MODEL_PROVIDERS.contains(&provider.as_str());
    let offered: Vec<&String> = block.needs_credentials.iter().filter(sells_models).collect();
    if offered.len() < 2 {
        return block.needs_credentials.clone();
    }
    let preset = || block.input_schema().properties.get("model")?.default.as_ref()?.as_str().map(Into::into);
    let seller = node.text("model").or_else(preset).map_or("openai", |model| seller(&model));
    let chosen = offered.iter().find(|provider| **provider == seller).or(offered.first());
    let others = block.needs_credentials.iter().filter(|provider| !sells_models(provider));
    others.chain(chosen.copied()).cloned().collect()
}

fn seller(model: &str) -> &'static str {
    match MODELS.iter().find(|(beginning, _)| model.starts_with(beginning)) {
        Some((_, seller)) => seller,
        None if model.starts_with("meta-llama/Llama-") => "aiml_api",
        None if model.contains('/') => "open_router",
        None => "openai",
    }
}

/// The accounts that another agent asks for: `{"properties": {"credentials": {"credentials_provider": ["slack"]}}}`.
fn providers_of_schema(schema: &RawValue) -> Vec<String> {
    let mut all: Vec<String> = Vec::new();
    let properties = Object::of_keys(schema, &["properties"]).and_then(|schema| schema.get("properties"));
    if let Some(properties) = properties {
        // What is not an object has no properties.
        let _ = each_entry(properties.get(), |_, property| {
            let property = Object::of_keys(property, &["credentials_provider"]).unwrap_or_default();
            each(property.get("credentials_provider"), 1, |provider| {
                let provider = string(provider).filter(|name| !name.is_empty() && name.len() <= 64);
                all.extend(
                    provider
                        .filter(|name| all.len() < 20 && !all.iter().any(|known| known == name))
                        .map(Cow::into_owned),
                );
            });
            Ok(())
        });
    }
    all
}

/// `{"provider": "slack", …}`
fn provider_in(credentials: &RawValue) -> Option<String> {
    let provider = Object::of_keys(credentials, &["provider"])?.string("provider")?;
    (!provider.is_empty() && provider.len() <= 64).then(|| provider.into_owned())
}

fn input(node: &Node<'_>) -> Option<AgentInput> {
    let block = node.block.filter(|block| block.is_agent_input())?;
    let text = |name: &str| node.text(name).map(|text| short_line(&text, LONGEST)).filter(|text| !text.is_empty());
    Some(AgentInput {
        name: text("name").unwrap_or_else(|| node.label()),
        description: text("description").or_else(|| text("title")).unwrap_or_default(),
        r#type: kind(block),
        required: node.value("value").is_none_or(|value| value.get() == "\"\""),
    })
}

fn kind(block: &Block) -> &'static str {
    match block.id.as_str() {
        DATE_INPUT => "date",
        FILE_INPUT | DRIVE_INPUT => "file",
        _ => {
            let types = block.output_type("result").unwrap_or(Types::ANY);
            types.name().unwrap_or("any")
        }
    }
}

fn trigger(node: &Node<'_>) -> Option<Trigger> {
    let block = node.block.filter(|block| block.trigger)?;
    let description = if node.name.is_empty() { block.description.clone() } else { node.name.clone() };
    Some(Trigger { block: block.name.clone(), description })
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};
    use shared::json::to_raw;

    use super::*;
    use crate::catalogue::{Blocks as _, EMBEDDED};

    fn block(name: &str) -> String {
        EMBEDDED.by_name(name).unwrap().id.clone()
    }

    fn required(agent: &Value) -> Value {
        let agent = to_raw(agent).unwrap();
        json!(requirements(&Graph::of_agent(&EMBEDDED, &agent), None))
    }

    #[test]
    fn a_person_learns_which_accounts_to_connect_and_for_what() {
        let nodes = json!([
            {"id": "1", "block_id": block("SendSlackMessage")},
            {"id": "2", "block_id": block("AITextGenerator"), "input_default": {"model": "claude-opus-4-7"}},
            {"id": "3", "block_id": block("AITextSummarizer")},
            {"id": "4", "block_id": block("SendSlackMessage")},
            {"id": "5", "block_id": block("GmailRead")},
            {"id": "6", "block_id": "made-up", "metadata": {"customized_name": "Grill"}, "input_default": {"grill_credentials": {"provider": "weber", "id": "x"}}},
        ]);
        assert_eq!(
            required(&json!({"nodes": nodes}))["credentials"],
            json!([
                {"provider": "slack", "blocks": ["SendSlackMessageBlock"]},
                {"provider": "anthropic", "blocks": ["AITextGeneratorBlock"]},
                {"provider": "openai", "blocks": ["AITextSummarizerBlock"]},
                {"provider": "google", "blocks": ["GmailReadBlock"]},
                {"provider": "weber", "blocks": ["Grill"]},
            ])
        );
    }

    #[test]
    fn a_person_learns_what_to_supply_and_what_starts_the_agent() {
        let nodes = json!([
            {"id": "1", "block_id": block("AgentNumberInput"), "input_default": {"name": "Age", "description": "In years"}},
            {"id": "2", "block_id": block("AgentInput"), "input_default": {"name": "City", "title": "Where", "value": "Rome"}},
            {"id": "3", "block_id": block("AgentDateInput"), "input_default": {"name": "Day", "value": null}},
            {"id": "4", "block_id": block("GenericWebhookTrigger")},
        ]);
        let found = required(&json!({
            "nodes": nodes, "recommended_schedule_cron": " 0 8 * * * ", "recommended_schedule_timezone": "Europe/Berlin",
        }));
        assert_eq!(
            found,
            json!({
                "credentials": [],
                "inputs": [
                    {"name": "Age", "description": "In years", "type": "integer", "required": true},
                    {"name": "City", "description": "Where", "type": "any", "required": false},
                    {"name": "Day", "description": "", "type": "date", "required": true},
                ],
                "schedule": "0 8 * * *",
                "timezone": "Europe/Berlin",
                "trigger": {
                    "block": "GenericWebhookTriggerBlock",
                    "description": "Starts the agent when its webhook address receives a request.",
                },
            })
        );
    }

    #[test]
    fn the_accounts_that_an_agent_within_asks_for_are_told_too() {
        let schema = json!({"properties": {
            "slack_credentials": {"credentials_provider": ["slack"]}, "more": {"credentials_provider": ["slack"]},
            "page": {"type": "string"}, "odd": 7, "other": {"credentials_provider": "x"},
        }});
        let nodes = json!([
            {"id": "1", "block_id": block("AgentExecutor"), "input_default": {"input_schema": schema}, "metadata": {"customized_name": "Run Mailer"}},
            {"id": "2", "block_id": block("AgentExecutor"), "input_default": {"input_schema": "?"}},
        ]);
        assert_eq!(
            required(&json!({"nodes": nodes}))["credentials"],
            json!([{"provider": "slack", "blocks": ["Run Mailer"]}])
        );
    }

    #[test]
    fn steps_of_another_form_tell_what_they_can() {
        let steps = json!(["Think", 7, {"block_name": "Send Slack Message", "inputs": "none"}, {"tool": "GmailReadBlock", "inputs": [{"name": "query", "value": "x", "source": {"step": 99, "output": "y"}}]}]);
        let steps = to_raw(&steps).unwrap();
        let found = requirements(&Graph::of_steps(&EMBEDDED, &steps), Some("UTC".to_owned()));
        assert_eq!(found.credentials.iter().map(|c| c.provider.as_str()).collect::<Vec<_>>(), ["slack", "google"]);
        assert_eq!(found.timezone.as_deref(), Some("UTC"));
        for agent in
            [json!({}), json!({"nodes": {}, "links": 7}), json!({"nodes": [1, {"input_default": []}], "links": [{}]})]
        {
            assert!(required(&agent)["inputs"].as_array().is_some_and(Vec::is_empty), "{agent}");
        }
    }
}
