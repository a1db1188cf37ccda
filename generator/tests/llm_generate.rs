//! Foreign steps, planned by a language model: a valid agent, a question, or the faulty step.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "in a test a panic is the report")]

mod scripted;

use generator::{catalogue::Catalogue, validator};
use scripted::{Scripted, generated, plan, says};
use serde_json::{Value, json};
use shared::{error_type::ErrorType, port::Draft};

#[tokio::test]
async fn steps_in_plain_words_become_a_valid_agent() {
    let model = Scripted::of([says(plan())]);
    let steps = json!(["Read the feed", {"tool": "GithubCommentBlock", "description": "tell GitHub"}, "post to Slack"]);
    let called = generated(&model, &json!({"type": "instructions", "steps": steps})).await;
    let Ok(Draft::Agent(agent, _)) = called.result else { panic!("{called:?}") };
    let agent: Value = serde_json::from_str(agent.get()).unwrap();
    assert_eq!(validator::faults(&Catalogue::embedded().unwrap(), &agent), Vec::<String>::new());
    assert_eq!((called.attempts, called.model.unwrap().input_tokens), (1, 100));
    let body = model.asked()[0].body();
    assert_eq!(body["from_person"]["steps"], steps);
    assert_eq!(body["blocks"][0]["block"], "GithubCommentBlock", "what a step names is shown first");
}

#[tokio::test]
async fn edited_steps_that_are_no_longer_valid_go_to_the_model() {
    let model = Scripted::of([says(json!({"type": "vague_goal"}))]);
    let Ok(shared::port::Decomposition::Instructions { steps, .. }) =
        scripted::decomposed(&Scripted::of([says(plan())]), "a feed", None).await.result
    else {
        panic!()
    };
    let mut steps: Value = serde_json::from_str(steps.get()).unwrap();
    steps[4]["inputs"] = json!([]);
    assert!(generated(&model, &json!({"steps": steps})).await.result.is_err());
    assert_eq!(model.asked().len(), 1);
}

#[tokio::test]
async fn instructions_without_steps_cost_no_token() {
    let model = Scripted::of([]);
    for (instructions, words) in [
        (json!({"steps": []}), "have no steps"),
        (json!({"type": "instructions"}), "no `steps`"),
        (json!({"steps": "all"}), "are not an array"),
        (json!({"steps": ["x".repeat(240_000)]}), "too large for the language model"),
    ] {
        let called = generated(&model, &instructions).await;
        let failure = called.result.unwrap_err();
        assert_eq!(failure.error_type, ErrorType::ValidationError);
        assert!(failure.service_error.contains(words), "{}", failure.service_error);
        assert_eq!((called.attempts, called.model), (1, None));
    }
}

#[tokio::test]
async fn steps_that_no_block_serves_are_refused_without_a_second_round() {
    for answer in
        [json!({"type": "unachievable_goal", "reason": "Nothing brews coffee."}), json!({"type": "vague_goal"})]
    {
        let model = Scripted::of([says(answer)]);
        let failure = generated(&model, &json!({"steps": ["Wake up", "Brew coffee"]})).await.result.unwrap_err();
        assert_eq!(failure.error_type, ErrorType::ValidationError);
        assert!(failure.service_error.ends_with("no block serves these steps"), "{}", failure.service_error);
        assert_eq!(model.asked().len(), 1);
    }
}

#[tokio::test]
async fn an_open_choice_in_the_steps_is_asked_about() {
    let question = json!({"question": "Where to?", "keyword": "channel", "example": "Slack"});
    let model = Scripted::of([says(json!({"type": "clarifying_questions", "questions": [question]}))]);
    let Ok(Draft::ClarifyingQuestions(questions)) = generated(&model, &json!({"steps": ["tell people"]})).await.result
    else {
        panic!()
    };
    assert_eq!(serde_json::to_value(&questions).unwrap(), json!([question]));
}
