//! Which of the blocks that a goal needs a language model can reach: it has their card, or their name in the directory.
//! No model is asked; what it would be sent is looked at.

use std::{
    collections::BTreeMap,
    error::Error,
    sync::{Arc, Mutex},
};

use generator::{
    Builtin,
    llm::LlmPlanner,
    model::{Chat, ChatModel, Completion, CompletionFuture},
};
use http_client::Limits;
use serde::Deserialize;
use serde_json::Value;
use shared::{
    failure::ModelUse,
    port::{AgentGenerator, DecomposeCall},
};
use tokio::time::Instant;

use super::{figures::Share, goal::lines, judge::PATIENCE, own_goals};

const TRANSLATIONS: &str = include_str!("../translations.jsonl");
pub(crate) const ENGLISH: &str = "English";
/// In tokens: the window that is assumed, and a small one.
pub(crate) const WINDOWS: [usize; 2] = [32_768, 8_192];

/// A goal of the project in another language.
#[derive(Debug, Deserialize)]
pub(crate) struct Translation {
    pub(crate) id: String,
    pub(crate) lang: String,
    pub(crate) goal: String,
}

pub(crate) fn translations() -> Result<Vec<Translation>, Box<dyn Error>> {
    lines(TRANSLATIONS)
}

/// Of the wanted blocks, each one of a list of alternatives.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Recall {
    pub(crate) card: Share,
    pub(crate) reachable: Share,
}

/// What the last request said.
#[derive(Debug, Default)]
struct Recorder(Mutex<(String, String)>);

impl ChatModel for Recorder {
    fn complete<'a>(&'a self, chat: Chat<'a>, _limits: Limits) -> CompletionFuture<'a> {
        let request = chat.turns.first().map(|turn| turn.text.clone()).unwrap_or_default();
        if let Ok(mut last) = self.0.lock() {
            *last = (chat.instructions.to_owned(), request);
        }
        let result = Ok(r#"{"type": "vague_goal"}"#.to_owned());
        Box::pin(async {
            Completion {
                result,
                cut_off: false,
                prompt_cut: false,
                attempts: 1,
                upstream_status: Some(200),
                used: ModelUse::default(),
            }
        })
    }
}

/// By language, English first.
pub(crate) async fn recall(window: usize) -> Result<BTreeMap<String, Recall>, Box<dyn Error>> {
    let goals = own_goals()?;
    let wanted: BTreeMap<&str, &[Vec<String>]> =
        goals.iter().map(|goal| (goal.id.as_str(), goal.wanted.blocks.as_slice())).collect();
    let english = goals.iter().filter(|goal| goal.source != "language");
    let mut texts: Vec<(String, &str, String)> =
        english.map(|goal| (ENGLISH.to_owned(), goal.id.as_str(), goal.goal.clone())).collect();
    let translated = translations()?;
    texts.extend(translated.iter().map(|one| (one.lang.clone(), one.id.as_str(), one.goal.clone())));
    let model = Arc::new(Recorder::default());
    let chat: Arc<dyn ChatModel> = Arc::<Recorder>::clone(&model);
    let planner = LlmPlanner::new(Builtin::new(), chat).with_window(window, None);
    let mut all: BTreeMap<String, Recall> = BTreeMap::new();
    for (lang, id, goal) in texts {
        let call = DecomposeCall { description: &goal, context: None, library_agents: None, operation: None };
        planner.decompose(call, Instant::now() + PATIENCE).await.result.map_err(|failure| failure.service_error)?;
        let (system, request) = model.0.lock().map_err(|_| "a planner panicked")?.clone();
        let request: Value = serde_json::from_str(&request)?;
        let cards = request.get("blocks").and_then(Value::as_array).into_iter().flatten();
        let cards: Vec<&str> = cards.filter_map(|card| card.get("block")?.as_str()).collect();
        let recall = all.entry(lang).or_default();
        for alternatives in wanted.get(id).copied().unwrap_or_default() {
            let names: Vec<String> = alternatives.iter().map(|name| format!("{name}Block")).collect();
            let has_card = names.iter().any(|name| cards.contains(&name.as_str()));
            let listed = |name: &String| {
                let listed = |line: &str| line.split([' ', ',']).any(|word| word == name);
                system.split_once("# All blocks").is_some_and(|(_, names)| names.lines().any(listed))
            };
            recall.card.count(has_card);
            recall.reachable.count(has_card || names.iter().any(listed));
        }
    }
    Ok(all)
}

/// One row a language.
pub(crate) async fn table() -> Result<String, Box<dyn Error>> {
    let mut rows =
        "| goals in | card, window 32,768 | reachable | card, window 8,192 | reachable |\n|---|---|---|---|---|\n"
            .to_owned();
    let [large, small] = [recall(WINDOWS[0]).await?, recall(WINDOWS[1]).await?];
    for (lang, Recall { card, reachable }) in &large {
        let little = small.get(lang).copied().unwrap_or_default();
        rows.push_str(&format!("| {lang} | {card} | {reachable} | {} | {} |\n", little.card, little.reachable));
    }
    Ok(rows)
}
