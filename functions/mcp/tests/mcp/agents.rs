//! Planning, generating, changing and keeping agents by tools.

use std::sync::Arc;

use agent_library::memory::Fault;
use serde_json::{Value, json};
use shared::{
    error_type::{ErrorType, Origin, TABLE},
    failure::Failure,
    port::{Decomposition, Draft, Question},
};
use test_support::{Script, Scripted, raw};

use crate::world::{World, large_agent};

const GOAL: &str = "Every day at 8, read an RSS feed and post each entry to the Slack channel #news";

#[tokio::test]
async fn a_goal_becomes_steps_then_an_agent_that_is_kept_changed_and_restored() {
    let world = World::new();
    let planned = world.give("plan_agent", json!({"goal": GOAL})).await;
    assert_eq!(planned["type"], "instructions");
    let made = world.give("generate_agent", json!({"steps": planned["steps"], "save": true})).await;
    assert_eq!(
        (&made["saved"], &made["version"], &made["agent_json"]),
        (&json!(true), &json!(1), &Value::Null),
        "{made}"
    );
    let id = made["agent_id"].as_str().unwrap();
    assert!(made["outline"]["nodes"].as_array().is_some_and(|nodes| nodes[0]["id"] == "n1"), "{made}");

    let wish = json!({"agent_id": id, "version": 1, "changes": "Rename it to Morning news", "save": true});
    let changed = world.give("change_agent", wish.clone()).await;
    assert_eq!((&changed["saved"], &changed["version"]), (&json!(true), &json!(2)), "{changed}");
    assert_eq!(changed["changes"][0]["after"], "Morning news");
    // The model has read version 1 and somebody has saved since.
    let late = world.refuse("change_agent", wish).await;
    assert_eq!((&late["error_type"], &late["retryable"]), (&json!("version_conflict"), &json!(false)));
    assert!(late["next"].as_str().unwrap().contains("get_agent"), "{late}");

    let history = world.give("agent_history", json!({"agent_id": id})).await;
    let versions = history["versions"].as_array().unwrap();
    let told: Vec<_> = versions.iter().map(|version| (&version["origin"], &version["wish"])).collect();
    let wish = json!("Rename it to Morning news");
    assert_eq!(told, [(&json!("patched"), &wish), (&json!("generated"), &Value::Null)], "{history}");
    let restored = json!({"agent_id": id, "version": 1, "current_version": 2});
    assert_eq!(world.give("restore_agent", restored.clone()).await["version"], 3);
    assert_eq!(world.refuse("restore_agent", restored).await["error_type"], "version_conflict");

    let read = world.give("get_agent", json!({"agent_id": id})).await;
    assert_eq!((&read["version"], &read["outline"]["name"]), (&json!(3), &made["agent_name"]), "{read}");
    let whole = world.give("get_agent", json!({"agent_id": id, "format": "json"})).await;
    assert!(whole["agent_json"]["nodes"].is_array());
    let drawn = world.give("get_agent", json!({"agent_id": id, "version": 2, "format": "mermaid"})).await;
    assert!(drawn["mermaid"].as_str().unwrap().starts_with("flowchart TD"), "{drawn}");
    let listed = world.give("list_agents", json!({"query": "news"})).await;
    assert_eq!(listed["agents"].as_array().map(Vec::len), Some(1), "{listed}");

    for (uri, start) in [(format!("agents://agents/{id}"), "{"), (format!("agents://agents/{id}/diagram"), "flowchart")]
    {
        let read = world.ask("resources/read", json!({"uri": uri})).await;
        assert!(read.body["result"]["contents"][0]["text"].as_str().unwrap().starts_with(start), "{}", read.body);
        assert_eq!(read.body["result"]["cacheScope"], "private");
    }
}

#[tokio::test]
async fn an_agent_that_is_not_kept_comes_along_and_can_be_changed_and_saved_by_itself() {
    let world = World::new();
    let made = world.give("generate_agent", json!({"goal": GOAL})).await;
    let agent = &made["agent_json"];
    assert!(agent["nodes"].is_array() && made.get("agent_id").is_none(), "{made}");
    let changed =
        world.give("change_agent", json!({"agent_json": agent, "changes": "Rename it to Morning news"})).await;
    let saved = world.give("save_agent", json!({"agent_json": changed["agent_json"]})).await;
    assert_eq!((&saved["version"], &saved["name"]), (&json!(1), &json!("Morning news")));
    let again = json!({"agent_json": agent, "agent_id": saved["agent_id"], "version": 1});
    assert_eq!(world.give("save_agent", again.clone()).await["version"], 2);
    assert_eq!(world.refuse("save_agent", again).await["error_type"], "version_conflict");
    let unread = world.refuse("save_agent", json!({"agent_json": agent, "agent_id": saved["agent_id"]})).await;
    assert!(unread["message"].as_str().unwrap().contains("version is missing"), "{unread}");
}

#[tokio::test]
async fn nobody_reads_changes_or_lists_what_another_caller_keeps() {
    let world = World::new();
    let id = world.give("generate_agent", json!({"goal": GOAL, "save": true})).await["agent_id"].clone();
    let call = |name: &str, arguments: Value| {
        json!({"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": {"name": name, "arguments": arguments}})
            .to_string()
    };
    for (name, arguments) in [
        ("get_agent", json!({"agent_id": id})),
        ("agent_history", json!({"agent_id": id})),
        ("change_agent", json!({"agent_id": id, "changes": "Rename it to Mine"})),
        ("restore_agent", json!({"agent_id": id, "version": 1, "current_version": 1})),
    ] {
        let stranger = world.send("key-2", &call(name, arguments), &[]).await;
        let told = stranger.body["result"]["content"][0]["text"].as_str().unwrap();
        assert!(told.contains("agent_not_found"), "{name}: {told}");
    }
    let listed = world.send("key-2", &call("list_agents", json!({})), &[]).await;
    assert_eq!(listed.body["result"]["structuredContent"]["agents"], json!([]));
}

#[tokio::test]
async fn a_failure_is_told_to_the_model_with_its_class_and_what_to_do_next() {
    let failing = |error_type| Scripted {
        decomposition: Some(Script::Fails(Failure::new(error_type, "busy at 10.0.0.1"))),
        ..Scripted::default()
    };
    // Every class that a generator can fail with, by every tool that asks it.
    for row in TABLE.iter().filter(|row| row.origin == Origin::Anyone) {
        let failure = || Failure::new(row.error_type.clone(), "busy at 10.0.0.1");
        let world = World::scripted(Scripted {
            decomposition: Some(Script::Fails(failure())),
            draft: Some(Script::Fails(failure())),
            ..Scripted::default()
        });
        for (tool, arguments) in [
            ("plan_agent", json!({"goal": "x"})),
            ("generate_agent", json!({"goal": "x"})),
            ("generate_agent", json!({"steps": []})),
            ("change_agent", json!({"changes": "x", "agent_json": {"nodes": [], "links": []}})),
        ] {
            let told = world.refuse(tool, arguments).await;
            assert_eq!(told["error_type"], row.name, "{tool}");
            assert!(!told.to_string().contains("10.0.0.1"), "{told}");
        }
    }
    for (error_type, retryable, next) in [
        (ErrorType::LlmRateLimit, true, "Call the tool again in 5 seconds."),
        (ErrorType::Timeout, true, "Call the tool again, twice at most."),
        (ErrorType::QuotaExceeded, false, "Tell your person what the message says."),
    ] {
        let world = World::scripted(failing(error_type.clone()));
        let told = world.refuse("plan_agent", json!({"goal": "x"})).await;
        assert_eq!((told["error_type"].as_str(), &told["retryable"]), (Some(error_type.name()), &json!(retryable)));
        assert_eq!(told["next"], next);
        assert!(!told.to_string().contains("10.0.0.1"), "{told}");
    }
    let panics = Scripted { decomposition: Some(Script::Panics), ..Scripted::default() };
    let answer =
        World::scripted(panics).ask("tools/call", json!({"name": "plan_agent", "arguments": {"goal": "x"}})).await;
    assert_eq!((answer.status, &answer.body["error_type"]), (500, &json!("unexpected_error")));
}

#[tokio::test]
async fn a_client_with_forms_asks_its_person_and_another_ones_model_gets_the_questions() {
    let question =
        Question { question: "Which channel?".to_owned(), keyword: String::new(), example: Some("#news".to_owned()) };
    let asks = || Scripted {
        decomposition: Some(Script::Gives(Decomposition::ClarifyingQuestions(vec![question.clone()]))),
        ..Scripted::default()
    };
    let world = World::scripted(asks());
    let told = world.give("plan_agent", json!({"goal": "x"})).await;
    assert_eq!(
        (&told["type"], &told["questions"][0]["question"]),
        (&json!("clarifying_questions"), &json!("Which channel?"))
    );

    let call = json!({"name": "plan_agent", "arguments": {"goal": "x", "context": "Mine."}});
    let forms = json!({"elicitation": {"form": {}}});
    let asked = world.ask_as("tools/call", call.clone(), forms.clone()).await.body["result"].clone();
    assert_eq!(asked["resultType"], "input_required");
    let form = &asked["inputRequests"]["answers"];
    assert_eq!((&form["method"], &form["params"]["mode"]), (&json!("elicitation/create"), &json!("form")));
    assert_eq!(form["params"]["requestedSchema"]["properties"]["answer_1"]["title"], "Which channel?");

    let mut again = call.clone();
    again["requestState"] = asked["requestState"].clone();
    for (answer, context) in [
        (json!({"action": "accept", "content": {"answer_1": "#ours"}}), "Mine.\nWhich channel? #ours"),
        (json!({"action": "decline"}), "Mine."),
    ] {
        let generator = Arc::new(asks());
        let world = World::with(generator.clone());
        again["inputResponses"] = json!({"answers": answer});
        let answered = world.ask_as("tools/call", again.clone(), forms.clone()).await;
        // Asked once, and not again.
        assert_eq!(answered.body["result"]["structuredContent"]["type"], "clarifying_questions", "{}", answered.body);
        assert!(generator.asked()[0].to_string().contains(&json!(context).to_string()), "{:?}", generator.asked());
    }
    again["inputResponses"] = json!([]);
    assert_eq!(world.ask_as("tools/call", again, forms).await.body["error"]["code"], -32602);
}

#[tokio::test]
async fn a_large_agent_does_not_fill_a_models_context_unless_it_is_asked_for() {
    let draft = Draft::Agent(raw(&large_agent().to_string()), Box::default());
    let generator = Scripted { draft: Some(Script::Gives(draft)), ..Scripted::default() };
    let world = World::scripted(generator);
    let cut = world.give("generate_agent", json!({"steps": []})).await;
    assert!(cut.get("agent_json").is_none() && cut["note"].as_str().unwrap().contains("full: true"), "{cut}");
    let whole = world.give("generate_agent", json!({"steps": [], "full": true})).await;
    assert_eq!(whole["agent_json"]["nodes"].as_array().map(Vec::len), Some(200));
    // It breaks rules: what a model sends itself is not kept then.
    let refused = world.refuse("save_agent", json!({"agent_json": whole["agent_json"]})).await;
    assert_eq!(refused["error_type"], "validation_error");
    assert!(refused["problems"].as_array().is_some_and(|problems| !problems.is_empty()), "{refused}");
}

#[tokio::test(start_paused = true)]
async fn what_a_model_has_made_is_not_lost_if_the_library_is_down() {
    let world = World::new();
    world.library.plan(Fault::Refused, 1_000);
    let made = world.give("generate_agent", json!({"goal": GOAL, "save": true})).await;
    let error = &made["save_error"];
    assert_eq!((&made["saved"], &error["error_type"]), (&json!(false), &json!("service_unavailable")), "{made}");
    assert!(made["agent_json"].is_object() && error["next"].as_str().unwrap().contains("save_agent"), "{made}");
    for (tool, arguments) in [
        ("get_agent", json!({"agent_id": "a"})),
        ("change_agent", json!({"agent_id": "a", "changes": "Rename it to News", "version": 1, "save": true})),
    ] {
        assert_eq!(world.refuse(tool, arguments).await["error_type"], "service_unavailable", "{tool}");
    }
}

#[tokio::test]
async fn a_deployment_without_a_library_says_so_and_does_the_rest() {
    let world = World::bare();
    let made = world.give("generate_agent", json!({"goal": GOAL})).await;
    for (tool, arguments) in [
        ("generate_agent", json!({"goal": GOAL, "save": true})),
        ("check_agent", json!({"agent_id": "a"})),
        ("change_agent", json!({"agent_id": "a", "changes": "Rename it to News"})),
        ("save_agent", json!({"agent_json": made["agent_json"]})),
        ("list_agents", json!({})),
    ] {
        let told = world.refuse(tool, arguments).await;
        assert_eq!(told["error_type"], "service_not_configured", "{tool}");
        assert!(told["message"].as_str().unwrap().contains("library"), "{tool}: {told}");
    }
    let told = world.refuse("operation_status", json!({"operation_id": "0b8f7d4c-6f7a-4a52-9d0e-3a2a1b0c9d8e"})).await;
    assert_eq!(told["error_type"], "service_not_configured");
    let read = world.ask("resources/read", json!({"uri": "agents://agents/a"})).await;
    assert_eq!(read.body["error"]["code"], -32602);
}

#[tokio::test]
async fn an_agent_that_is_changed_by_its_id_is_not_offered_to_itself_as_a_step() {
    let agent = r#"{"id":"a","name":"Lead scorer","version":1,"is_active":true,"nodes":[],"links":[]}"#;
    let draft = Script::Gives(Draft::Agent(raw(agent), Box::default()));
    let generator = Arc::new(Scripted { draft: Some(draft), ..Scripted::default() });
    let world = World::offering(generator.clone());
    let kept = async || world.give("generate_agent", json!({"steps": [], "save": true})).await["agent_id"].clone();
    let (own, other) = (kept().await, kept().await);
    world.give("change_agent", json!({"agent_id": own, "changes": "Use the Lead scorer"})).await;
    let asked = generator.asked();
    let offered = asked.last().unwrap()[3].as_array().unwrap();
    assert_eq!(offered.iter().map(|agent| &agent["graph_id"]).collect::<Vec<_>>(), [&other]);
}
