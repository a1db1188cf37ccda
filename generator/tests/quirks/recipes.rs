//! Every recipe of docs/MODELS.md sends a request, to a server of ours in place of the API.

use std::time::Duration;

use generator::config::Config;
use kit::{behaviour::Behaviour, server::FaultyServer};
use serde_json::json;
use shared::port::{AgentGenerator, DecomposeCall};
use tokio::time::Instant;

use crate::{GOAL, REPORT};

type Header = Option<(&'static str, &'static str)>;

/// The recipe, and the path and header with which the API is called.
const CALLED: [(&str, &str, Header); 14] = [
    ("OpenAI", "/v1/chat/completions", Some(("authorization", "Bearer …"))),
    ("Azure OpenAI, v1", "/openai/v1/chat/completions", Some(("api-key", "…"))),
    (
        "Azure OpenAI, deployments",
        "/openai/deployments/DEPLOYMENT/chat/completions?api-version=2024-10-21",
        Some(("api-key", "…")),
    ),
    ("OpenRouter", "/api/v1/chat/completions", Some(("x-title", "Agents"))),
    ("Groq", "/openai/v1/chat/completions", Some(("authorization", "Bearer …"))),
    ("Mistral", "/v1/chat/completions", Some(("authorization", "Bearer …"))),
    ("DeepSeek", "/v1/chat/completions", Some(("authorization", "Bearer …"))),
    ("Gemini", "/v1beta/openai/chat/completions", Some(("authorization", "Bearer …"))),
    ("Anthropic", "/v1/chat/completions", Some(("authorization", "Bearer …"))),
    ("Ollama", "/v1/chat/completions", None),
    ("vLLM", "/v1/chat/completions", None),
    ("llama.cpp", "/v1/chat/completions", None),
    ("LM Studio", "/v1/chat/completions", None),
    ("Amazon Bedrock", "/model/eu.anthropic.claude-sonnet-4-5-20250929-v1%3A0/converse-stream", None),
];

#[tokio::test]
async fn every_recipe_reaches_its_api() {
    let report = std::fs::read_to_string(REPORT).unwrap();
    for (name, path, header) in CALLED {
        let row = format!("| {name} | ");
        let (_, recipe) = report.split_once(&row).unwrap_or_else(|| panic!("no recipe for {name}"));
        let recipe = recipe.split_once(" |").unwrap().0;
        let settings = recipe.split('`').filter_map(|part| part.split_once('='));
        let mut settings: Vec<(String, String)> =
            settings.map(|(key, value)| (key.to_owned(), value.replace('…', "K"))).collect();
        let server = FaultyServer::start(Behaviour::says(json!({"error": {"code": 418}}))).await;
        let local = |address: &str| {
            let after = address.split_once("://").map_or("", |(_, rest)| rest);
            format!("{}/{}", server.url(), after.split_once('/').map_or("", |(_, path)| path))
        };
        let set = |settings: &mut Vec<(String, String)>, key: &str, value: String| {
            settings.retain(|(name, _)| name != key);
            settings.push((key.to_owned(), value));
        };
        let base = settings.iter().find(|(key, _)| key == "OPENAI_BASE_URL").map(|(_, base)| base.clone());
        set(&mut settings, "OPENAI_BASE_URL", local(base.as_deref().unwrap_or("https://api.openai.com/v1")));
        set(&mut settings, "AWS_ENDPOINT_URL", server.url());
        for (key, value) in [
            ("AGENT_GENERATOR_URL", "builtin"),
            ("AWS_REGION", "eu-west-1"),
            ("AWS_ACCESS_KEY_ID", "K"),
            ("AWS_SECRET_ACCESS_KEY", "K"),
        ] {
            set(&mut settings, key, value.to_owned());
        }
        if !settings.iter().any(|(key, _)| key == "PLANNER") {
            set(&mut settings, "PLANNER", "openai".to_owned());
        }
        let value = |name: &str| settings.iter().find(|(key, _)| key == name).map(|(_, value)| value.clone());
        let planner = generator::builtin(&Config::from_environment(value).unwrap(), None).unwrap();
        let call = DecomposeCall { description: GOAL, context: None, library_agents: None, operation: None };
        planner.decompose(call, Instant::now() + Duration::from_secs(20)).await.result.unwrap_err();
        let requests = server.requests();
        assert_eq!(requests[0].path, path, "{name}");
        if let Some((header, value)) = header {
            assert_eq!(requests[0].header(header), Some(value.replace('…', "K").as_str()), "{name}");
        }
    }
}
