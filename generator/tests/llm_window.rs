//! Prompts fit the model's window, whatever the language of the goal: every block can be named, and what cannot fit is
//! refused before it costs anything.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "in a test a panic is the report")]

mod scripted;

use generator::{Builtin, catalogue::Catalogue, llm::LlmPlanner, model::ChatModel};
use scripted::{Request, Scripted, decomposed, plan, says, soon};
use serde_json::{Value, json};
use shared::{
    error_type::ErrorType,
    failure::Called,
    port::{AgentGenerator, DecomposeCall, Decomposition},
};

const JAPANESE: &str = "毎朝7時にRSSフィードを読んで、要約をSlackに投稿する";

async fn within(model: &std::sync::Arc<Scripted>, tokens: usize, goal: &str) -> Called<Decomposition> {
    let call = DecomposeCall { description: goal, context: None, library_agents: None, operation: None };
    model.planner().with_window(tokens, None).decompose(call, soon()).await
}

/// Bytes of the system prompt, the request and the schema of the answer.
fn size(request: &Request) -> usize {
    request.instructions.len() + request.turns[0].text.len() + include_str!("../prompts/plan.schema.json").len()
}

fn cards(request: &Request) -> Vec<String> {
    let body = request.body();
    body["blocks"].as_array().unwrap().iter().map(|card| card["block"].as_str().unwrap().to_owned()).collect()
}

#[tokio::test]
async fn a_goal_in_any_language_reaches_every_block() {
    let catalogue = Catalogue::embedded().unwrap();
    for goal in [JAPANESE, "Lies jeden Morgen einen Feed und poste die Zusammenfassung in Slack", "x"] {
        let model = Scripted::of([says(plan())]);
        assert!(decomposed(&model, goal, None).await.result.is_ok());
        let request = model.asked().remove(0);
        for block in catalogue.blocks().iter().filter(|block| block.name != "AgentExecutorBlock") {
            assert!(request.instructions.contains(&block.name), "{goal}: {}", block.name);
        }
    }
}

#[tokio::test]
async fn the_system_prompt_is_the_same_for_every_goal_so_that_it_is_paid_for_once() {
    let model = Scripted::of([says(plan()), says(plan())]);
    let planner = model.planner();
    for goal in [JAPANESE, "Post new RSS entries to Slack"] {
        let call = DecomposeCall { description: goal, context: None, library_agents: None, operation: None };
        planner.decompose(call, soon()).await.result.unwrap();
    }
    let asked = model.asked();
    assert_eq!(asked[0].instructions, asked[1].instructions);
    assert_ne!(asked[0].turns[0].text, asked[1].turns[0].text);
}

#[tokio::test]
async fn another_catalogue_has_a_directory_of_its_own() {
    let mut blocks: Vec<Value> = serde_json::from_str(Catalogue::embedded_text().unwrap()).unwrap();
    blocks.retain(|block| block["name"] != "TwitterPostTweetBlock");
    blocks.push(json!({"id": "own", "name": "RingTheBellBlock", "description": "Rings the bell.", "inputSchema": {"type": "object", "properties": {}}, "outputSchema": {"type": "object", "properties": {}}}));
    let model = Scripted::of([says(json!({"type": "vague_goal"}))]);
    let rules = Builtin::from_catalogue(&Value::from(blocks).to_string()).unwrap();
    let chat: std::sync::Arc<dyn ChatModel> = std::sync::Arc::<Scripted>::clone(&model);
    let call = DecomposeCall { description: "läute", context: None, library_agents: None, operation: None };
    LlmPlanner::new(rules, chat).decompose(call, soon()).await.result.unwrap();
    let system = model.asked().remove(0).instructions;
    assert!(system.contains("RingTheBellBlock"), "{system}");
    assert!(!system.contains("TwitterPostTweetBlock"));
}

#[tokio::test]
async fn a_block_without_a_card_is_used_at_once_if_it_fits_and_gets_its_card_if_not() {
    let named = |inputs: Value| {
        let mut plan = plan();
        plan["steps"][4] = json!({"number": 5, "block": "PostToBlueskyBlock", "title": "Post", "description": "Post it", "inputs": inputs});
        plan
    };
    let right = named(json!([{"name": "post", "value": null, "source": {"step": 1, "output": "result"}}]));
    let model = Scripted::of([says(right.clone())]);
    let first = decomposed(&model, JAPANESE, None).await;
    assert!(first.result.is_ok(), "{first:?}");
    assert!(!cards(&model.asked()[0]).contains(&"PostToBlueskyBlock".to_owned()));

    let guessed = named(json!([{"name": "message", "value": null, "source": {"step": 1, "output": "result"}}]));
    let model = Scripted::of([says(guessed), says(right)]);
    assert!(decomposed(&model, JAPANESE, None).await.result.is_ok());
    let asked = model.asked();
    let correction = &asked[1].turns[2].text;
    assert!(correction.contains("has no input `message`"), "{correction}");
    let (_, cards) = correction.split_once("The cards of blocks that you named, as JSON: ").unwrap();
    let cards: Value = serde_json::from_str(cards.lines().next().unwrap()).unwrap();
    let names: Vec<&str> = cards.as_array().unwrap().iter().map(|card| card["block"].as_str().unwrap()).collect();
    assert!(names.contains(&"PostToBlueskyBlock"), "{names:?}");
    assert!(!names.contains(&"AITextGeneratorBlock"), "the request has its card: {names:?}");
    let card = cards.as_array().unwrap().iter().find(|card| card["block"] == "PostToBlueskyBlock").unwrap();
    assert!(card["inputs"].as_array().unwrap().iter().any(|input| input["name"] == "post"), "{cards}");
}

#[tokio::test]
async fn an_answer_of_all_names_brings_few_cards() {
    let catalogue = Catalogue::embedded().unwrap();
    let names: Vec<&str> = catalogue.blocks().iter().map(|block| block.name.as_str()).collect();
    let model = Scripted::of([says(names.join(" ").repeat(50)), says(plan())]);
    assert!(decomposed(&model, "x", None).await.result.is_ok());
    assert!(model.asked()[1].turns[2].text.len() < 16_000);
}

#[tokio::test]
async fn a_small_window_gets_fewer_cards_and_no_directory_and_is_never_overfilled() {
    // Servers count about four bytes a token; a quarter of the window is for the answer.
    for (tokens, has_directory) in [(8_192, false), (16_384, true), (32_768, true)] {
        let goals =
            ["Every morning at 7, read the feed https://example.com/rss and post a summary to Slack".to_owned()];
        for goal in goals.into_iter().chain([JAPANESE.to_owned(), "tweet it, ".repeat(100)]) {
            let model = Scripted::of([says(plan())]);
            assert!(within(&model, tokens, &goal).await.result.is_ok());
            let request = model.asked().remove(0);
            assert_eq!(request.instructions.contains("# All blocks"), has_directory, "{tokens}");
            assert!(size(&request) / 3 < tokens * 3 / 4 + 400, "{tokens}: {} bytes for {goal}", size(&request));
            let cards = cards(&request);
            for needed in ["AgentInputBlock", "AgentOutputBlock", "AITextGeneratorBlock", "FillTextTemplateBlock"] {
                assert!(cards.contains(&needed.to_owned()), "{tokens}: {cards:?}");
            }
        }
    }
    let model = Scripted::of([says(plan())]);
    within(&model, 8_192, "Read a feed and post a summary to Slack").await.result.unwrap();
    let cards = cards(&model.asked()[0]);
    for wanted in ["ReadRSSFeedBlock", "SendSlackMessageBlock"] {
        assert!(cards.contains(&wanted.to_owned()), "{cards:?}");
    }
}

#[tokio::test]
async fn what_cannot_fit_is_refused_by_name_and_costs_no_token() {
    for (tokens, goal) in [(8_192, "Kestrel ".repeat(2_400)), (2_048, "Kestrel".to_owned()), (0, "Kestrel".to_owned())]
    {
        let model = Scripted::of([]);
        let called = within(&model, tokens, &goal).await;
        let failure = called.result.unwrap_err();
        assert_eq!((&failure.error_type, called.model), (&ErrorType::ValidationError, None));
        let said = &failure.service_error;
        assert!(said.contains("the goal is too large for the language model"), "{said}");
        assert!(said.contains("MODEL_CONTEXT_TOKENS") && !said.contains("Kestrel"), "{said}");
    }
}

#[tokio::test]
async fn the_model_knows_the_day_and_the_time_zone() {
    let model = Scripted::of([says(plan()), says(plan())]);
    let planner = model.planner().with_clock(|| std::time::UNIX_EPOCH + std::time::Duration::from_secs(951_782_400));
    for (context, zone) in [(Some("I live in Asia/Tokyo"), json!("Asia/Tokyo")), (None, Value::Null)] {
        let call = DecomposeCall { description: "Remind me tomorrow", context, library_agents: None, operation: None };
        planner.decompose(call, soon()).await.result.unwrap();
        let body = model.asked().last().unwrap().body();
        assert_eq!((&body["today"], &body["timezone"]), (&json!("Tuesday 2000-02-29"), &zone));
    }
}
