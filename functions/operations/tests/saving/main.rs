//! What a generator brings by itself, after it has taken a job over, is saved like what a worker gets from it.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "in a test a panic is the report")]

mod world;

use std::time::Duration;

use agent_library::{memory::Fault, ports::AgentStore, version::Origin};
use lifecycle::memory::Call;
use serde_json::{Value, json};
use shared::invocation::Clock;
use world::{KEPT, World, caller};

/// As our wire has it (CONTRACT 8), with a block that needs credentials.
fn made() -> Value {
    json!({"success": true, "agent_json": {"name": "Lead scorer", "nodes": [{"id": "n", "block_id": "b", "input_default": {
        "credentials": {"id": "c", "provider": "github", "type": "api_key"}
    }}], "links": []}})
}

fn changed() -> Value {
    json!({"agent_json": {"id": "its-own", "name": "Renamed", "nodes": []}})
}

fn saving(result: &Value) -> Value {
    json!([result["saved"], result["agent_id"], result["version"], result["etag"], result["error_type"]])
}

#[tokio::test]
async fn what_a_generator_brings_is_in_the_library_with_its_story_and_says_so() {
    let world = World::new().await;
    let id = world.taken_over().await;
    assert_eq!(world.complete(&id, &made()).await, 200);
    let (result, heads) = (world.result(&id).await, world.new_agents().await);
    let [head] = heads.as_slice() else { panic!("{heads:?}") };
    assert_eq!(saving(&result), json!([true, head.agent_id, 1, head.etag(), null]));
    assert_eq!((&result["type"], &result["node_count"]), (&json!("agent_preview"), &json!(1)));
    assert_eq!(result["left_out"][0]["text"], "fax it", "only the decomposition has said so");
    assert_eq!(result["requirements"]["credentials"][0]["provider"], "github", "{result}");
    assert!(result["agent_json"]["id"].is_string() && result["agent_json"]["is_active"] == true, "{result}");
    assert_eq!((head.profile.name.as_str(), head.profile.node_count), ("Lead scorer", 1));
    assert!(head.profile.requirements.get().contains("github"), "what it needs shows in the list");
    let text = world.library.text(&caller(), &head.agent_id, &head.body).await.unwrap().unwrap();
    assert_eq!(serde_json::from_str::<Value>(&text).unwrap(), result["agent_json"]);
    let story = world.library.version(&caller(), &head.agent_id, 1).await.unwrap().unwrap().story;
    let told = (story.origin, story.wish.as_deref(), story.operation_id.as_deref());
    assert_eq!(told, (Origin::Generated, Some("Score my leads"), Some(&*id)));
    assert_eq!(story.left_out.len(), 1);
}

#[tokio::test]
async fn a_change_that_a_generator_brings_is_the_next_version_and_its_history_says_what_changed() {
    let world = World::new().await;
    let id = world.change_taken_over().await;
    assert!(!world.complete_by_queue(&id, &changed()).await);
    let (result, head) = (world.result(&id).await, world.kept().await);
    assert_eq!(saving(&result), json!([true, "kept", 2, head.etag(), null]));
    assert_eq!(
        (&result["changes"][0]["path"], &result["changes"][0]["before"]),
        (&json!("name"), &json!("Lead scorer"))
    );
    let story = world.library.version(&caller(), "kept", 2).await.unwrap().unwrap().story;
    assert_eq!((story.origin, story.wish.as_deref()), (Origin::Patched, Some("Rename it")));
    assert!(story.changes.get().contains("\"path\":\"name\""), "{}", story.changes);
}

#[tokio::test]
async fn however_often_a_completion_comes_there_is_one_version() {
    let world = World::new().await;
    let (new, change) = (world.taken_over().await, world.change_taken_over().await);
    for (id, result) in [(&new, made()), (&change, changed())] {
        world.platform.store.refuse(Call::Finish, 1);
        assert_eq!(world.complete(id, &result).await, 503, "it is saved, and its operation has not ended");
        let other = json!({"agent_json": {"name": "Another", "nodes": []}});
        for result in [&other, &result] {
            assert_eq!(world.complete(id, result).await, 200);
            assert!(!world.complete_by_queue(id, result).await);
        }
    }
    let (agents, changed) = (world.new_agents().await, world.result(&change).await);
    assert_eq!((agents.len(), agents[0].version, world.kept().await.version), (1, 1, 2));
    assert_eq!(world.result(&new).await["agent_json"]["name"], "Lead scorer", "what was saved is the result");
    assert_eq!((&changed["agent_json"]["name"], &changed["version"]), (&json!("Renamed"), &json!(2)));
}

#[tokio::test]
async fn a_change_never_overwrites_what_somebody_has_saved_meanwhile_and_is_not_lost() {
    let world = World::new().await;
    let id = world.change_taken_over().await;
    world.rival(Clock::system().now()).await;
    assert_eq!(world.complete(&id, &changed()).await, 200);
    let result = world.result(&id).await;
    assert_eq!(saving(&result), json!([false, "kept", null, null, "version_conflict"]));
    assert_eq!((&result["agent_json"], &result["changes"][0]["path"]), (&changed()["agent_json"], &json!("name")));
    assert!(result["message"].as_str().unwrap().contains("its newest version is 2"), "{result}");
    assert_eq!(world.kept().await.profile.name, "Somebody else's");
}

#[tokio::test]
async fn a_generator_that_is_faster_than_its_worker_changes_what_nobody_else_has_changed_since() {
    let world = World::new().await;
    let id = world.wish_change(json!({"save": true})).await;
    assert_eq!(world.complete(&id, &changed()).await, 200);
    assert_eq!(world.result(&id).await["version"], 2);
    let id = world.wish_change(json!({"save": true})).await;
    world.rival(Clock::system().now().after(Duration::from_secs(1))).await;
    assert_eq!(world.complete(&id, &json!({"agent_json": {"name": "Late", "nodes": []}})).await, 200);
    let result = world.result(&id).await;
    assert_eq!((&result["saved"], &result["error_type"]), (&json!(false), &json!("version_conflict")));
    assert_eq!((&result["agent_json"]["name"], &result["agent_id"]), (&json!("Late"), &json!("kept")));
    assert_eq!(world.kept().await.profile.name, "Somebody else's");
}

#[tokio::test(start_paused = true)]
async fn an_agent_that_the_library_cannot_take_is_in_the_result() {
    for fault in [Fault::Refused, Fault::Hangs] {
        let world = World::new().await;
        let (new, change) = (world.taken_over().await, world.change_taken_over().await);
        let class = if fault == Fault::Hangs { "timeout" } else { "service_unavailable" };
        for (id, result) in [(&new, made()), (&change, changed())] {
            let start = tokio::time::Instant::now();
            world.library.plan(fault, 1_000);
            assert_eq!(world.complete(id, &result).await, 200);
            assert!(start.elapsed() <= Duration::from_secs(5), "{:?}", start.elapsed());
            let told = world.result(id).await;
            assert_eq!((&told["saved"], &told["error_type"]), (&json!(false), &json!(class)), "{told}");
            assert_eq!(told["agent_json"]["name"], result["agent_json"]["name"]);
            assert!(told["message"].as_str().unwrap().contains("I could not save it."), "{told}");
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_short_outage_of_the_library_costs_nobody_an_agent() {
    let world = World::new().await;
    let (new, change) = (world.taken_over().await, world.change_taken_over().await);
    for (id, result) in [(&new, made()), (&change, changed())] {
        for fault in [Fault::Refused, Fault::AnswerLost] {
            world.library.plan(fault, 2);
        }
        assert_eq!(world.complete(id, &result).await, 200);
        assert_eq!(world.result(id).await["saved"], true);
    }
    assert_eq!((world.new_agents().await.len(), world.kept().await.version), (1, 2));
}

#[tokio::test]
async fn what_cannot_be_known_to_be_wanted_is_asked_for_again() {
    let world = World::new().await;
    let id = world.taken_over().await;
    world.platform.store.refuse(Call::Request, 2);
    assert_eq!(world.complete(&id, &made()).await, 503);
    assert!(world.complete_by_queue(&id, &made()).await, "the message stays");
    assert_eq!(world.operation(&id).await["status"], "running");
    assert!(!world.complete_by_queue(&id, &made()).await);
    assert_eq!(world.result(&id).await["saved"], true);
}

#[tokio::test]
async fn only_an_agent_that_was_to_be_saved_is_and_any_other_result_stays_as_it_is() {
    let world = World::new().await;
    let questions = json!({"type": "clarifying_questions", "questions": ["Which?"]});
    for (save, result) in
        [(json!(false), made()), (Value::Null, made()), (json!(true), questions), (json!(true), json!([1]))]
    {
        let id = world.wish(json!({"save": save})).await;
        world.take_over(&id).await;
        assert_eq!(world.complete(&id, &result).await, 200);
        assert_eq!(world.result(&id).await, result);
    }
    let id = world.wish_change(json!({})).await;
    world.take_over(&id).await;
    assert_eq!(world.complete(&id, &changed()).await, 200);
    assert_eq!(world.result(&id).await, changed());
    assert_eq!((world.new_agents().await.len(), world.kept().await.body), (0, agent_hash(KEPT)));
}

#[tokio::test]
async fn after_the_end_nothing_is_saved() {
    let world = World::new().await;
    let id = world.taken_over().await;
    world.cancel(&id).await;
    assert_eq!(world.complete(&id, &made()).await, 200);
    assert_eq!((&world.operation(&id).await["status"], world.new_agents().await.len()), (&json!("cancelled"), 0));
}

fn agent_hash(agent: &str) -> String {
    agent_library::version::AgentText::new(agent.to_owned()).body
}
