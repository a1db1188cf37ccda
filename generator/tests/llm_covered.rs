//! What a goal names and the model's plan does not take up is told, without a second call.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "in a test a panic is the report")]

mod scripted;

use scripted::{Scripted, decomposed, plan, says};
use serde_json::{Value, json};
use shared::{account::Account, port::Decomposition};

/// The steps and what is told of them, for a plan that reads https://example.com/rss and posts to Slack.
async fn planned(goal: &str, left_out: Value, cron: Value) -> (Value, Box<Account>) {
    let mut answer = plan();
    answer["left_out"] = left_out;
    answer["recommended_schedule_cron"] = cron;
    let model = Scripted::of([says(answer)]);
    let Ok(Decomposition::Instructions { steps, account }) = decomposed(&model, goal, None).await.result else {
        panic!("{goal}")
    };
    assert_eq!(model.asked().len(), 1, "no second call: {goal}");
    (serde_json::from_str(steps.get()).unwrap(), account)
}

#[tokio::test]
async fn a_part_of_the_goal_that_the_model_dropped_is_told() {
    for (goal, lost) in [
        ("Read the feed https://example.com/rss, sum it up, post it to Slack and to Discord", vec!["Discord"]),
        (
            "Read the feed https://example.com/rss, sum it up, post it to Slack and mail it to bob@example.com",
            vec!["bob@example.com"],
        ),
        ("Read the feed https://example.org/other, sum it up and post it to Slack", vec!["https://example.org/other"]),
        ("Read the feed https://example.com/rss, sum it up and post it to Slack", vec![]),
        ("Read https://example.com/rss every hour and post each entry to a Slack channel", vec![]),
        // Not English: its words are not read.
        ("Lies https://example.org/anders und poste die Zusammenfassung auf Discord", vec![]),
    ] {
        let (_, account) = planned(goal, Value::Null, Value::Null).await;
        assert_eq!(account.left_out.len(), lost.len(), "{goal}: {:?}", account.left_out);
        for (left, lost) in account.left_out.iter().zip(lost) {
            assert!(left.text.contains(lost) && left.is_fit(), "{goal}: {left:?}");
        }
    }
}

#[tokio::test]
async fn what_the_model_says_that_it_left_out_is_told_once_and_in_few_words() {
    let goal = "Read the feed https://example.com/rss, sum it up, post it to Slack and to Discord";
    let said = json!([{"text": "to Discord", "reason": "not_supported", "message": "Only Slack is used."}]);
    let (steps, account) = planned(goal, said, Value::Null).await;
    assert_eq!(account.left_out.len(), 1, "{:?}", account.left_out);
    assert_eq!(account.left_out[0].message, "Only Slack is used.");
    assert_eq!(steps[0]["agent"]["left_out"][0]["text"], "to Discord", "generate tells it again");

    let endless = vec![json!({"text": "x ".repeat(600), "reason": "no_block", "message": "y ".repeat(600)}); 60];
    let (_, account) = planned("x", json!(endless), Value::Null).await;
    assert!(account.left_out.len() <= 50 && account.left_out.iter().all(|left| left.is_fit()));
}

#[tokio::test]
async fn a_schedule_of_the_goal_is_not_lost() {
    for (goal, said, cron) in [
        ("Every day at 9 post https://example.com/rss to Slack", Value::Null, json!("0 9 * * *")),
        ("Every day at 9 post https://example.com/rss to Slack", json!("30 9 * * *"), json!("30 9 * * *")),
        ("Post https://example.com/rss to Slack", Value::Null, Value::Null),
    ] {
        let (steps, _) = planned(goal, Value::Null, said).await;
        assert_eq!(steps[0]["agent"].get("recommended_schedule_cron").cloned().unwrap_or_default(), cron, "{goal}");
    }
    let (_, account) =
        planned("Every day at 9 CST post https://example.com/rss to Slack", Value::Null, Value::Null).await;
    assert_eq!(account.requirements.timezone.as_deref(), Some("America/Chicago"));
}
