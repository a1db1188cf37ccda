//! Any text as a generator's completion: CONTRACT 7.

use lifecycle::{
    complete::{Completion, CompletionRequest},
    record::Status,
};
use serde_json::{Value, json};
use test_support::{batch, rest, rest_with};

use crate::{
    answer,
    world::{KEY, Mood, OPERATION_ID, TASK, World, answered, run},
};

/// A valid completion ends the operation, by HTTP and by queue, and later ones change nothing; an invalid one is rejected. A result
/// is passed through unchanged, the text of a failure is masked and short.
pub fn check(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    let request = CompletionRequest::parse(&text);
    let is_anothers = request.as_ref().is_ok_and(|request| {
        let is_not = |id: &Option<String>, ours| id.as_ref().is_some_and(|id| id != ours);
        is_not(&request.operation_id, OPERATION_ID) || is_not(&request.task_id, TASK)
    });
    let read = request.map(|request| request.completion);
    run(async {
        let world = World::new(Mood::Helpful).await;
        if is_anothers {
            assert_eq!(complete(&world, &text).await, 404, "{text}");
            return assert!(!world.has_ended(OPERATION_ID), "{text}");
        }
        assert_eq!(complete(&world, &text).await, if read.is_ok() { 200 } else { 400 }, "{text}");
        assert_eq!(world.has_ended(OPERATION_ID), read.is_ok(), "{text}");
        let status = asked(&world).await;
        match &read {
            Ok(Completion::Succeeded(result)) => {
                assert_eq!(status["status"], "completed");
                assert_eq!(status["result"], serde_json::from_str::<Value>(result).expect("JSON"));
            }
            Ok(Completion::Failed { error_type, .. }) => {
                assert_eq!(
                    (&status["status"], &status["error"]["error_type"]),
                    (&json!("failed"), &json!(error_type.name()))
                );
                answer::payload(&status["error"]);
            }
            Err(_) => assert_eq!(status["status"], "accepted"),
        }
        if read.is_ok() {
            let again = json!({"success": status["status"] != "completed", "result": "another"});
            assert_eq!(complete(&world, &again.to_string()).await, 200);
            assert_eq!(asked(&world).await, status, "the first end stays");
        }
        by_queue(&text, &read.ok()).await;
    });
}

async fn complete(world: &World, body: &str) -> u64 {
    let path = format!("/operations/{OPERATION_ID}/complete");
    let answer = answered(&world.operations, &rest_with("POST", &path, body, &[("x-api-key", KEY)])).await;
    answer::http(&answer, false);
    answer["statusCode"].as_u64().expect("a status")
}

async fn asked(world: &World) -> Value {
    let answer = answered(&world.operations, &rest("GET", &format!("/operations/{OPERATION_ID}"), "")).await;
    answer::http(&answer, false);
    serde_json::from_str(answer["body"].as_str().expect("a body")).expect("a JSON body")
}

async fn by_queue(text: &str, read: &Option<Completion>) {
    let world = World::new(Mood::Helpful).await;
    let answer = answered(&world.operations, &batch(&[text])).await;
    let is_gone = answer["batchItemFailures"] == json!([]);
    assert_eq!(is_gone, world.has_ended(OPERATION_ID), "{answer}");
    if is_gone {
        let status = world.platform.store.record(OPERATION_ID).expect("the operation").status;
        let succeeded = matches!(read, Some(Completion::Succeeded(_)));
        assert_eq!(status, if succeeded { Status::Completed } else { Status::Failed });
    }
}
