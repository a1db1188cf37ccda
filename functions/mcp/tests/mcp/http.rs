//! Building and checking without the protocol.

use serde_json::{Value, json};

use crate::world::{Answer, World};

fn plan() -> Value {
    json!({"name": "Echo", "steps": [
        {"number": 1, "block": "AgentInputBlock", "inputs": [{"name": "name", "value": "Text"}]},
        {"number": 2, "block": "AgentOutputBlock", "inputs": [
            {"name": "name", "value": "Result"}, {"name": "value", "source": {"step": 1, "output": "result"}},
        ]},
    ]})
}

async fn post(path: &str, body: Value) -> Answer {
    World::new().post(path, &body.to_string()).await
}

#[tokio::test]
async fn a_program_builds_an_agent_of_its_plan_and_has_it_checked() {
    let built = post("/build", json!({"plan": plan(), "session_id": "s"})).await;
    assert_eq!((built.status, &built.body["type"]), (200, &json!("agent_preview")), "{}", built.body);
    assert_eq!(built.body["requirements"]["inputs"][0]["name"], "Text");
    assert_eq!((&built.body["fixed"], &built.body["session_id"]), (&json!([]), &json!("s")));
    let mut agent = built.body["agent_json"].clone();
    let checked = post("/check", json!({"agent_json": agent})).await;
    assert_eq!((checked.status, &checked.body["valid"]), (200, &json!(true)), "{}", checked.body);
    assert_eq!((&checked.body["agent_json"], &checked.body["fixed"]), (&agent, &json!([])));
    assert_eq!(checked.body["message"], "The agent keeps every rule.");
    // One repair, then one problem.
    agent["links"][0]["is_static"] = json!(!agent["links"][0]["is_static"].as_bool().unwrap());
    let checked = post("/check", json!({"agent_json": agent})).await;
    assert_eq!(
        (&checked.body["valid"], &checked.body["fixed"][0]["path"]),
        (&json!(true), &json!("links[0].is_static"))
    );
    agent["links"] = json!([]);
    let checked = post("/check", json!({"agent_json": agent})).await;
    assert_eq!((checked.status, &checked.body["type"]), (200, &json!("agent_checked")));
    assert_eq!(
        (&checked.body["valid"], &checked.body["message"]),
        (&json!(false), &json!("The agent has 2 problems."))
    );
}

#[tokio::test]
async fn a_plan_that_does_not_fit_comes_back_with_what_to_write_instead() {
    let mut plan = plan();
    plan["steps"][1]["inputs"][1]["source"]["output"] = json!("text");
    let told = post("/build", json!({"plan": plan})).await;
    assert_eq!(
        (told.status, told.body),
        (
            200,
            json!({
                "type": "plan_problems",
                "message": "The plan has a problem.",
                "problems": [{
                    "rule": "link_fields",
                    "path": "steps[1].inputs[1].source.output",
                    "message": "Agent Input (step 1) has no output `text`",
                    "fix": "The outputs of AgentInputBlock are result (any type).",
                }],
                "more_problems": 0,
                "session_id": null,
            })
        )
    );
}

#[tokio::test]
async fn a_plan_with_questions_beside_it_is_built_all_the_same() {
    let mut plan = plan();
    plan["questions"] = json!([{"question": "Which text?"}]);
    let built = post("/build", json!({"plan": plan})).await;
    assert_eq!(built.body["type"], "agent_preview", "{}", built.body);
}

#[tokio::test]
async fn what_is_no_request_is_told_as_everywhere() {
    for (path, body, message) in [
        ("/check", json!({}), "Please provide the agent."),
        ("/check", json!({"agent_json": []}), "The field agent_json must be an object, not an array."),
        ("/build", json!({"plan": null}), "The field plan must be an object with steps."),
        (
            "/build",
            json!({"plan": {}, "library_agents": {}}),
            "The field library_agents must be an array, not an object.",
        ),
    ] {
        let refused = post(path, body).await;
        assert_eq!((refused.status, &refused.body["message"]), (400, &json!(message)));
    }
    let steps = vec![json!({}); 501];
    let refused = post("/build", json!({"plan": {"steps": steps}})).await;
    assert_eq!((refused.status, &refused.body["error_type"]), (413, &json!("request_too_large")), "{}", refused.body);
}
