//! Questions, refusals and schedules in whatever shape they come.

use serde_json::{Value, json};
use shared::port::{Decomposition, Question};

use super::{
    decomposition, now, plan,
    scripted::{Scripted, decomposed, says},
    steps,
};

/// The questions of an answer.
fn asked(answer: &Value) -> Vec<Question> {
    match decomposition(&answer.to_string()) {
        Ok(Decomposition::ClarifyingQuestions(questions)) => questions,
        other => panic!("{other:?} of {answer}"),
    }
}

#[test]
fn questions_reach_the_person_in_whatever_shape_they_come() {
    const KIND: &str = "clarifying_questions";
    for answer in [
        json!({"type": KIND, "questions": ["Which channel?"]}),
        json!({"type": KIND, "questions": "Which channel?"}),
        json!({"type": KIND, "questions": {"question": "Which channel?"}}),
        json!({"type": KIND, "questions": {"1": "Which channel?"}}),
        json!({"type": KIND, "questions": [{"text": "Which channel?"}]}),
        json!({"type": KIND, "questions": [{"prompt": "Which channel?", "keyword": null, "example": "None"}]}),
        json!({"type": KIND, "questions": {"questions": [{"question": "Which channel?"}]}}),
        json!({"type": KIND, "clarifying_questions": [{"q": "Which channel?"}]}),
        json!({"type": KIND, "questions": "[{\"question\": \"Which channel?\"}]"}),
        json!({"type": "Clarifying Questions", "question": "Which channel?"}),
        json!({"type": "questions", "questions": [["Which channel?"]]}),
        json!({"questions": [{"question": "Which channel?"}], "steps": []}),
        json!({"questions": ["Which channel?"], "steps": null, "reason": "None"}),
        json!([{"question": "Which channel?"}]),
        json!({"result": {"questions": ["Which channel?"]}}),
    ] {
        let asked = asked(&answer);
        let texts: Vec<(&str, &str, Option<&str>)> =
            asked.iter().map(|one| (one.question.as_str(), one.keyword.as_str(), one.example.as_deref())).collect();
        assert_eq!(texts, [("Which channel?", "", None)], "{answer}");
    }
}

#[test]
fn a_refusal_is_told_from_what_it_says() {
    for answer in [
        json!({"type": "unachievable_goal", "reason": "No block flies.", "suggested_goal": "Drive"}),
        json!({"type": "Unachievable Goal", "reason": "No block flies.", "suggestedGoal": "Drive"}),
        json!({"type": "impossible", "reason": "No block flies.", "suggestion": "Drive"}),
        json!({"reason": "No block flies.", "suggested_goal": "Drive", "steps": [], "questions": "None"}),
    ] {
        let Ok(Decomposition::UnachievableGoal { reason, suggested_goal }) = decomposition(&answer.to_string()) else {
            panic!("{answer}")
        };
        assert_eq!(
            (reason.as_deref(), suggested_goal.as_deref()),
            (Some("No block flies."), Some("Drive")),
            "{answer}"
        );
    }
    for answer in [json!({"type": "vague", "suggested_goal": "Drive"}), json!({"suggested_goal": "Drive"})] {
        let Ok(Decomposition::VagueGoal { suggested_goal }) = decomposition(&answer.to_string()) else {
            panic!("{answer}")
        };
        assert_eq!(suggested_goal.as_deref(), Some("Drive"), "{answer}");
    }
}

#[test]
fn a_schedule_is_kept_or_asked_about_and_never_dropped() {
    for (key, value, cron) in [
        ("recommendedScheduleCron", json!("0 7 * * *"), Some("0 7 * * *")),
        ("schedule", json!({"type": "cron", "expression": "0 7 * * *"}), Some("0 7 * * *")),
        ("cron", json!(["0 7 * * *"]), Some("0 7 * * *")),
        ("recommended_schedule_cron", json!("@daily"), Some("0 0 * * *")),
        ("recommended_schedule_cron", json!("cron(0 7 * * ? *)"), Some("0 7 * * *")),
        ("recommended_schedule_cron", json!("none"), Some("")),
        ("recommended_schedule_cron", json!("daily"), None),
        ("recommended_schedule_cron", json!({"hour": 7}), None),
        ("recomended_schedule_cron", json!("0 7 * * *"), None),
        ("schedule_for_the_agent", json!("0 7 * * *"), None),
    ] {
        let mut plan = plan();
        plan.as_object_mut().unwrap().shift_remove("recommended_schedule_cron");
        plan[key] = value.clone();
        let found = steps(&plan.to_string())
            .map(|steps| steps[0]["agent"]["recommended_schedule_cron"].as_str().unwrap_or_default().to_owned());
        match (found, cron) {
            (Ok(found), Some(cron)) => assert_eq!(found, cron, "{key}: {value}"),
            (Err(failure), None) => {
                assert!(failure.service_error.contains("recommended_schedule_cron"), "{key}: {failure:?}")
            }
            (found, _) => panic!("{key}: {value}: {found:?}"),
        }
    }
}

#[test]
fn a_part_that_is_left_out_is_told_in_whatever_shape_it_comes() {
    let whole = json!([{"text": "and call me", "reason": "no_block", "message": "No block calls."}]);
    for (left_out, message) in [
        (whole.clone(), "No block calls."),
        (whole[0].clone(), "No block calls."),
        (json!(whole.to_string()), "No block calls."),
        (json!([{"part": "and call me", "reason": "No Block", "why": "No block calls."}]), "No block calls."),
        (json!([{"text": "and call me", "reason": "there is none", "message": "No block calls."}]), "No block calls."),
        (json!(["and call me"]), "no step does this"),
        (json!("and call me"), "no step does this"),
    ] {
        let mut plan = plan();
        plan["left_out"] = left_out.clone();
        let Ok(Decomposition::Instructions { account, .. }) = decomposition(&plan.to_string()) else {
            panic!("{left_out}")
        };
        let told: Vec<(&str, &str)> =
            account.left_out.iter().map(|one| (one.text.as_str(), one.message.as_str())).collect();
        assert_eq!(told, [("and call me", message)], "{left_out}");
    }
    for nothing in [json!(null), json!("None"), json!([]), json!({})] {
        let mut plan = plan();
        plan["left_out"] = nothing.clone();
        assert!(
            matches!(decomposition(&plan.to_string()), Ok(Decomposition::Instructions { account, .. }) if account.left_out.is_empty()),
            "{nothing}"
        );
    }
}

#[test]
fn the_model_is_told_which_of_its_keys_mean_nothing_and_the_caller_is_not() {
    let mut wrong = plan();
    wrong["steps"] = json!([{"block": "AgentInputBlock", "colour of it": "red", "inputs": 7}]);
    let model = Scripted::of([says(wrong.clone()), says(wrong.clone()), says(wrong)]);
    let failure = now(decomposed(&model, "Sum up a feed", None)).result.unwrap_err();
    let told = &model.asked()[1].turns[2].text;
    assert!(told.contains("steps[0].inputs: a number") && told.contains("steps[0].colour of it: not a key"), "{told}");
    assert!(!failure.service_error.contains("colour"), "{failure:?}");
}
