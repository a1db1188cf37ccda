//! A goal, planned by a language model: the steps can be built, whatever the model says.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "in a test a panic is the report")]

mod scripted;

use generator::{catalogue::Catalogue, model::Speaker, validator};
use scripted::{Scripted, decomposed, fails, generated, plan, says};
use serde_json::{Value, json};
use shared::{
    error_type::ErrorType,
    failure::{Called, Failure},
    port::{AgentGenerator, DecomposeCall, Decomposition, Draft},
};
use tokio::time::{Duration, Instant};

const GOAL: &str = "Sum up a feed and post it to Slack";

fn steps(called: Called<Decomposition>) -> Value {
    match called.result {
        Ok(Decomposition::Instructions { steps, .. }) => serde_json::from_str(steps.get()).unwrap(),
        other => panic!("{other:?}"),
    }
}

/// The example plan with one value replaced.
fn with(pointer: &str, value: Value) -> Value {
    let mut plan = plan();
    *plan.pointer_mut(pointer).unwrap() = value;
    plan
}

#[tokio::test]
async fn generate_builds_what_decompose_promised_without_the_model() {
    let model = Scripted::of([says(plan())]);
    let called = decomposed(&model, GOAL, None).await;
    assert_eq!((called.attempts, called.upstream_status), (1, Some(200)));
    assert_eq!(called.model.as_ref().map(|model| (model.input_tokens, model.output_tokens)), Some((100, 10)));
    let steps = steps(called);
    assert_eq!(steps[0]["agent"]["recommended_schedule_cron"], "0 7 * * *");
    assert_eq!(steps.as_array().unwrap().len(), 6);
    let called = generated(&model, &json!({"type": "instructions", "steps": steps})).await;
    let Ok(Draft::Agent(agent, _)) = &called.result else { panic!("{called:?}") };
    let agent: Value = serde_json::from_str(agent.get()).unwrap();
    assert_eq!(validator::faults(&Catalogue::embedded().unwrap(), &agent), Vec::<String>::new());
    assert_eq!((called.attempts, called.model), (1, None));
    assert_eq!(model.asked().len(), 1);
}

#[tokio::test]
async fn a_plan_is_found_in_a_fence_and_in_prose() {
    let plan = plan().to_string();
    for answer in
        [format!("```json\n{plan}\n```"), format!("Here you are:\n\n{plan}\n\nIs that {{good}}?"), plan.clone()]
    {
        let model = Scripted::of([says(answer)]);
        assert_eq!(steps(decomposed(&model, GOAL, None).await).as_array().unwrap().len(), 6);
    }
}

#[tokio::test]
async fn an_invalid_answer_goes_back_once_with_the_reasons_and_the_second_one_counts() {
    for (bad, reason, told) in [
        (json!("I would love to help!"), "not a JSON object", None),
        (json!({"type": "poem"}), "type: not one of instructions", None),
        (json!({"type": "instructions", "steps": 7}), "steps: a number instead of an array", None),
        (json!({"type": "instructions", "name": "x", "steps": []}), "has no steps", None),
        (json!({"type": "clarifying_questions", "questions": []}), "asks none", None),
        (with("/steps/3/block", json!("MagicBlock")), "steps[3].block: not the name of a block", None),
        (with("/steps/3/block", json!("AgentExecutorBlock")), "steps[3].block: not the name of a block", None),
        // Sources say 4.
        (with("/steps/3/number", json!(9)), "steps[4].inputs[1].source.step: not the number", None),
        (with("/steps/2/number", json!(4)), "steps[4].inputs[1].source.step: not the number", None),
        (with("/steps/3/inputs/1/source/step", json!(4)), "steps[3].inputs[1].source.step: not the number", None),
        (with("/steps/3/inputs/1/source/step", json!(0)), "steps[3].inputs[1].source.step: not the number", None),
        (with("/steps/3/inputs/1/source/output", json!("poetry")), "has no output `poetry`", Some("link_fields")),
        (with("/steps/4/inputs/1/name", json!("words")), "has no input `words`", Some("link_fields")),
        (with("/steps/4/inputs/1/name", json!("channel")), "steps[4].inputs[1].name: given twice", None),
        (with("/steps/2/inputs", json!([])), "the required input `values`", Some("required_inputs")),
        (with("/steps/5/block", json!("NoteBlock")), "the agent has no output", Some("starts_and_ends")),
        (
            with("/recommended_schedule_cron", json!("every morning")),
            "recommended_schedule_cron: not a cron expression",
            None,
        ),
    ] {
        // The model is told more than the log and the caller where that quotes its answer.
        let told = told.unwrap_or(reason);
        let model = Scripted::of([says(bad.clone()), says(plan())]);
        let called = decomposed(&model, GOAL, None).await;
        assert_eq!((called.attempts, called.model.as_ref().unwrap().input_tokens), (2, 200), "{bad}");
        assert_eq!(steps(called).as_array().unwrap().len(), 6, "{bad}");
        let turns = model.asked().remove(1).turns;
        let speakers: Vec<Speaker> = turns.iter().map(|turn| turn.speaker).collect();
        assert_eq!(speakers, [Speaker::User, Speaker::Assistant, Speaker::User]);
        assert!(turns[2].text.contains(reason), "{bad}: {}", turns[2].text);
        assert!(turns[2].text.len() < 6_000);

        let model = Scripted::of([says(bad.clone()), says(bad.clone())]);
        let failure = decomposed(&model, GOAL, None).await.result.unwrap_err();
        let of_the_form = ["not a JSON", "type: ", "steps: ", "has no steps", "asks none"];
        let is_of_the_form = of_the_form.iter().any(|start| reason.starts_with(start));
        let class = if is_of_the_form { ErrorType::LlmParseError } else { ErrorType::ValidationError };
        assert_eq!((&failure.error_type, failure.service_error.contains(told)), (&class, true), "{bad}: {failure:?}");
        assert_eq!(model.asked().len(), 2, "no answer is asked for a third time");
    }
}

#[tokio::test]
async fn parts_of_a_dictionary_become_one_dictionary() {
    let plan = json!({"type": "instructions", "name": "Mail", "steps": [
        {"block": "Agent Input", "inputs": [{"name": "name", "value": "Text"}]},
        {"block": "agent_input", "inputs": [{"name": "name", "value": "Server"}]},
        {"block": "SendEmailBlock", "inputs": [
            {"name": "to_email", "value": "bob@example.com"}, {"name": "subject", "value": "Hello"},
            {"name": "body", "source": {"step": 1, "output": "result"}},
            {"name": "config_#_smtp_port", "value": 25}, {"name": "config_#_smtp_server", "source": {"step": 2, "output": "result"}},
            {"name": "credentials", "value": {"password": "invented"}}]},
        {"block": "AgentOutputBlock", "inputs": [{"name": "name", "value": "Status"}, {"name": "value", "source": {"step": 3, "output": "status"}}]},
    ]});
    let model = Scripted::of([says(plan)]);
    let steps = steps(decomposed(&model, "mail a text to bob", None).await);
    let Ok(Draft::Agent(agent, _)) = generated(&model, &json!({"steps": steps})).await.result else { panic!() };
    let agent: Value = serde_json::from_str(agent.get()).unwrap();
    let mail = &agent["nodes"][2]["input_default"];
    assert_eq!(mail["config"], json!({"smtp_port": 25}));
    assert_eq!(mail.get("credentials"), None, "the person connects accounts");
    assert!(agent["links"].as_array().unwrap().iter().any(|link| link["sink_name"] == "config_#_smtp_server"));
}

#[tokio::test]
async fn at_most_five_readable_questions_reach_the_person() {
    let question =
        |n: usize| json!({"question": format!("Which\u{7} one, {n}? {}", "x ".repeat(2_000)), "keyword": "one"});
    let questions: Vec<Value> = (0..9).map(question).collect();
    let model = Scripted::of([says(json!({"type": "clarifying_questions", "questions": questions}))]);
    let Ok(Decomposition::ClarifyingQuestions(asked)) = decomposed(&model, GOAL, None).await.result else { panic!() };
    assert_eq!(asked.len(), 5);
    assert!(asked.iter().all(|one| one.question.chars().count() <= 500 && !one.question.contains('\u{7}')));
    assert!(asked.iter().all(|one| one.question.starts_with("Which one,") && one.example.is_none()));
}

#[tokio::test]
async fn a_refusal_of_the_model_reaches_the_person_with_a_suggestion() {
    let no = json!({"type": "unachievable_goal", "name": null, "steps": null, "reason": "Nothing brews coffee.", "suggested_goal": "Remind me to brew coffee"});
    let Ok(Decomposition::UnachievableGoal { reason, suggested_goal }) =
        decomposed(&Scripted::of([says(no)]), "brew coffee", None).await.result
    else {
        panic!()
    };
    assert_eq!(reason.as_deref(), Some("Nothing brews coffee."));
    assert_eq!(suggested_goal.as_deref(), Some("Remind me to brew coffee"));
    let vague = json!({"type": "vague_goal", "suggested_goal": " "});
    let Ok(Decomposition::VagueGoal { suggested_goal }) =
        decomposed(&Scripted::of([says(vague)]), "do something", None).await.result
    else {
        panic!()
    };
    assert_eq!(suggested_goal, None);
}

#[tokio::test(start_paused = true)]
async fn there_is_no_second_round_without_time_for_it() {
    let nonsense = || says(json!("nonsense"));
    for (takes, asked) in [(14, 1), (5, 2)] {
        let model = Scripted::of([nonsense().after(Duration::from_secs(takes)), nonsense()]);
        let called = decomposed(&model, GOAL, None).await;
        assert_eq!(called.result.unwrap_err().error_type, ErrorType::LlmParseError, "the first fault stands");
        assert_eq!((called.attempts, model.asked().len()), (asked, asked as usize), "after {takes} s of 20");
    }
    let model = Scripted::of([nonsense().after(Duration::from_secs(9)), nonsense().after(Duration::from_secs(60))]);
    let called = decomposed(&model, GOAL, None).await;
    assert_eq!((called.result.unwrap_err().error_type, called.attempts), (ErrorType::LlmTimeout, 2));
}

#[tokio::test]
async fn a_model_that_was_not_asked_for_lack_of_time_is_not_reported_as_asked() {
    let model = Scripted::of([]);
    let call = DecomposeCall { description: GOAL, context: None, library_agents: None, operation: None };
    let called = model.planner().decompose(call, Instant::now()).await;
    assert_eq!((called.result.unwrap_err().error_type, called.attempts), (ErrorType::LlmTimeout, 0));
    assert_eq!((called.model, model.asked().len()), (None, 0));
}

#[tokio::test]
async fn a_name_of_a_hundred_thousand_parts_is_refused_without_a_crash() {
    let name = json!(format!("values{}", "_#_x".repeat(100_000)));
    let deep = with("/steps/2/inputs/0", json!({"name": name, "value": "x", "source": null}));
    let called = decomposed(&Scripted::of([says(deep), says(plan())]), GOAL, None).await;
    assert!(called.result.is_ok(), "{called:?}");
}

#[tokio::test]
async fn a_busy_models_retry_after_reaches_the_caller() {
    let busy = Failure {
        upstream_status: Some(429),
        retry_after: Some(7),
        ..Failure::new(ErrorType::LlmRateLimit, "the language model takes no more requests")
    };
    for lines in [vec![fails(busy.clone())], vec![says(json!("nonsense")), fails(busy.clone())]] {
        let rounds = u32::try_from(lines.len()).unwrap();
        let called = decomposed(&Scripted::of(lines), GOAL, None).await;
        assert_eq!((called.result.unwrap_err(), called.attempts), (busy.clone(), rounds));
        assert_eq!(called.model.unwrap().input_tokens, u64::from(rounds) * 100);
    }
}
