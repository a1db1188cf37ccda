//! The rules use the person's own agents as steps.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "in a test a panic is the report")]

use std::time::Duration;

use generator::{Builtin, catalogue::Catalogue, validator};
use serde_json::{Value, json, value::to_raw_value};
use shared::port::{AgentGenerator, DecomposeCall, Decomposition, Draft, Drafted, GenerateCall, PatchCall};
use tokio::time::Instant;

const RUNS_AGENTS: &str = "e189baac-8c20-45a1-94a7-55177ea42565";

fn agent(id: &str, name: &str, does: &str, inputs: Value, outputs: Value) -> Value {
    let required: Vec<&String> = inputs.as_object().unwrap().keys().collect();
    json!({
        "graph_id": id, "graph_version": 3, "name": name, "description": does,
        "input_schema": {"type": "object", "properties": inputs, "required": required},
        "output_schema": {"type": "object", "properties": outputs},
    })
}

fn scorer() -> Value {
    let text = json!({"type": "string"});
    agent(
        "11111111-2222-4333-8444-555555555555",
        "Lead scorer",
        "Scores a sales lead from 0 to 100",
        json!({"lead": text}),
        json!({"score": text}),
    )
}

fn finder() -> Value {
    let text = json!({"type": "string"});
    agent(
        "2",
        "Address finder",
        "Finds the e-mail address of a company",
        json!({"company": text}),
        json!({"address": text}),
    )
}

fn soon() -> Instant {
    Instant::now() + Duration::from_secs(60)
}

async fn decomposed(goal: &str, agents: &[Value]) -> Decomposition {
    let agents = to_raw_value(agents).unwrap();
    let call = DecomposeCall { description: goal, context: None, library_agents: Some(&agents), operation: None };
    Builtin::new().decompose(call, soon()).await.result.unwrap()
}

/// The agent for a goal, which must hold, and what was left out.
async fn built(goal: &str, agents: &[Value]) -> (Value, Vec<String>) {
    let (steps, left_out) = match decomposed(goal, agents).await {
        Decomposition::Instructions { steps, account } => (steps, account.left_out),
        other => panic!("{goal}: {other:?}"),
    };
    let instructions = to_raw_value(&json!({"type": "instructions", "steps": steps})).unwrap();
    let call = GenerateCall { instructions: &instructions, library_agents: None, operation: None };
    let Drafted::Now(Draft::Agent(agent, _)) = Builtin::new().generate(call, soon()).await.result.unwrap() else {
        panic!("{goal}")
    };
    let agent: Value = serde_json::from_str(agent.get()).unwrap();
    assert_eq!(validator::faults(&Catalogue::embedded().unwrap(), &agent), Vec::<String>::new(), "{goal}");
    (agent, left_out.into_iter().map(|part| part.text).collect())
}

fn runs(agent: &Value) -> Vec<&Value> {
    agent["nodes"].as_array().unwrap().iter().filter(|node| node["block_id"] == RUNS_AGENTS).collect()
}

fn blocks(agent: &Value) -> Vec<String> {
    let catalogue = Catalogue::embedded().unwrap();
    let nodes = agent["nodes"].as_array().unwrap().iter();
    nodes.map(|node| catalogue.by_id(node["block_id"].as_str().unwrap()).unwrap().name.clone()).collect()
}

/// The block at the other end of each link into or out of a node, with the agent's field.
fn around(agent: &Value, node: &Value, end: &str, other: &str, field: &str) -> Vec<(String, String)> {
    let catalogue = Catalogue::embedded().unwrap();
    let nodes = agent["nodes"].as_array().unwrap();
    let block = |id: &Value| {
        let node = nodes.iter().find(|node| node["id"] == *id).unwrap();
        catalogue.by_id(node["block_id"].as_str().unwrap()).unwrap().name.clone()
    };
    let links = agent["links"].as_array().unwrap().iter().filter(|link| link[end] == node["id"]);
    links.map(|link| (link[field].as_str().unwrap().to_owned(), block(&link[other]))).collect()
}

fn into(agent: &Value, node: &Value) -> Vec<(String, String)> {
    around(agent, node, "sink_id", "source_id", "sink_name")
}

fn out_of(agent: &Value, node: &Value) -> Vec<(String, String)> {
    around(agent, node, "source_id", "sink_id", "source_name")
}

#[tokio::test]
async fn an_agent_that_the_goal_names_becomes_a_step_and_what_it_gives_goes_on() {
    for goal in [
        "Run my agent Lead scorer and e-mail the score",
        "Run my agent \"Lead scorer\" and email me the score",
        "use my lead scorer agent, then e-mail me the score",
    ] {
        let (agent, left_out) = built(goal, &[finder(), scorer()]).await;
        let [node] = runs(&agent)[..] else { panic!("{goal}: {agent}") };
        let (values, listed) = (&node["input_default"], scorer());
        for key in ["graph_id", "graph_version", "input_schema", "output_schema"] {
            assert_eq!(values[key], listed[key], "{goal}: {key}");
        }
        assert_eq!((&values["user_id"], &values["inputs"]), (&json!(""), &json!({})), "{goal}");
        let [(field, asks)] = &into(&agent, node)[..] else { panic!("{goal}: {agent}") };
        assert!(field == "lead" && asks.contains("Input"), "{goal}: {asks}");
        assert!(blocks(&agent).iter().any(|name| name.contains("Email")), "{goal}: {:?}", blocks(&agent));
        assert!(out_of(&agent, node).iter().all(|(field, _)| field == "score"), "{goal}");
        assert!(!out_of(&agent, node).is_empty() && left_out.is_empty(), "{goal}: {left_out:?}");
    }
}

#[tokio::test]
async fn an_agent_runs_for_each_row_and_its_result_is_posted() {
    let goal = "For each row of a Google Sheet run my agent Lead scorer and post the score to a Discord channel";
    let (agent, left_out) = built(goal, &[scorer()]).await;
    let [node] = runs(&agent)[..] else { panic!("{agent}") };
    let names = blocks(&agent);
    assert!(names.iter().any(|name| name == "SendDiscordMessageBlock"), "{names:?}");
    assert!(names.iter().any(|name| name == "GoogleSheetsReadBlock"), "{names:?}");
    assert!(!names.iter().any(|name| name == "AITextGeneratorBlock"), "{names:?}");
    assert!(into(&agent, node).iter().all(|(field, from)| field == "lead" && !from.contains("Input")), "{agent}");
    assert_eq!(left_out, [""; 0]);
}

#[tokio::test]
async fn one_agent_hands_its_result_to_the_next() {
    let goal = "Run my agent Address finder, then my agent Mailer, and post the result to the Slack channel #sales";
    let text = json!({"type": "string"});
    let mailer = agent("9", "Mailer", "Writes to somebody", json!({"address": text}), json!({"result": text}));
    let (agent, _) = built(goal, &[mailer, finder()]).await;
    let all = runs(&agent);
    assert_eq!(all.len(), 2, "{agent}");
    let [first, second] = all[..] else { panic!() };
    assert_eq!(first["input_default"]["agent_name"], "Address finder");
    assert_eq!(into(&agent, second), [("address".to_owned(), "AgentExecutorBlock".to_owned())]);
}

#[tokio::test]
async fn an_agent_does_a_clause_that_is_what_it_does_and_no_other() {
    let (agent, _) =
        built("When a webhook is called, score the sales lead and post the score to Slack #leads", &[scorer()]).await;
    assert_eq!(runs(&agent).len(), 1, "{:?}", blocks(&agent));
    for goal in [
        "Read an RSS feed and post the new entries to Slack #news",
        "Write a summary of a web page and e-mail it to ann@example.com",
        "When a webhook is called, translate the lead into German and post it to Slack #leads",
    ] {
        let (agent, _) = built(goal, &[scorer(), finder()]).await;
        assert_eq!(runs(&agent).len(), 0, "{goal}");
    }
}

#[tokio::test]
async fn an_agent_that_is_not_among_the_persons_own_is_told_to_be_missing() {
    match decomposed("Run my agent Lead scorer and e-mail the score", &[finder()]).await {
        Decomposition::UnachievableGoal { reason, .. } => assert!(reason.unwrap().contains("Lead scorer")),
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn an_agent_that_is_edited_never_comes_to_contain_itself() {
    let (mut before, _) = built("Read an RSS feed and post the new entries to Slack #news", &[]).await;
    let id = scorer()["graph_id"].clone();
    let mut outer = finder();
    outer["sub_graphs"] = json!([{"nodes": [{"input_default": {"graph_id": id}}]}]);
    let agents = to_raw_value(&json!([scorer(), outer])).unwrap();
    for (own, wish, count) in [
        (Value::Null, "Also run my agent Lead scorer on the entries", 1),
        (id.clone(), "Also run my agent Lead scorer on the entries", 0),
        (id, "Also run my agent Address finder on the entries", 0),
    ] {
        before["id"] = own;
        let current = to_raw_value(&before).unwrap();
        let call = PatchCall {
            update_request: wish,
            current_agent_json: &current,
            library_agents: Some(&agents),
            operation: None,
        };
        let found = match Builtin::new().patch(call, soon()).await.result {
            Ok(Drafted::Now(Draft::Agent(agent, _))) => runs(&serde_json::from_str(agent.get()).unwrap()).len(),
            Ok(other) => panic!("{other:?}"),
            Err(_) if count == 0 => 0,
            Err(failure) => panic!("{wish}: {failure:?}"),
        };
        assert_eq!(found, count, "{wish} {}", before["id"]);
    }
}

#[test]
fn a_sub_agent_is_wired_as_its_schemas_say() {
    let catalogue = Catalogue::embedded().unwrap();
    let block = |name: &str| catalogue.by_name(name).unwrap().id.clone();
    let valid = json!({
        "id": "own", "name": "x", "description": "x",
        "nodes": [
            {"id": "in", "block_id": block("AgentInput"), "input_default": {"name": "Lead"}, "metadata": {}},
            {"id": "run", "block_id": RUNS_AGENTS, "input_default": {
                "user_id": "", "graph_id": "other", "graph_version": 1, "inputs": {},
                "input_schema": {"properties": {"lead": {"type": "string"}, "least": {"type": "integer"}}, "required": ["lead"]},
                "output_schema": {"properties": {"score": {"type": "integer"}}},
            }, "metadata": {}},
            {"id": "out", "block_id": block("AgentOutput"), "input_default": {"name": "Score"}, "metadata": {}},
        ],
        "links": [
            {"id": "1", "source_id": "in", "source_name": "result", "sink_id": "run", "sink_name": "lead", "is_static": true},
            {"id": "2", "source_id": "run", "source_name": "score", "sink_id": "out", "sink_name": "value", "is_static": false},
        ],
    });
    let faults = |change: &dyn Fn(&mut Value)| {
        let mut agent = valid.clone();
        change(&mut agent);
        validator::faults(&catalogue, &agent).join("; ")
    };
    assert_eq!(faults(&|_| {}), "");
    for (fault, change) in [
        ("has no input `colour`", (|agent| agent["links"][0]["sink_name"] = json!("colour")) as fn(&mut Value)),
        ("has no output `why`", |agent| agent["links"][1]["source_name"] = json!("why")),
        ("`lead` of the agent of AgentExecutorBlock (run) is neither set nor linked", |agent| {
            agent["links"][0]["sink_name"] = json!("least");
        }),
        ("has no input `x`", |agent| agent["nodes"][1]["input_default"]["inputs"] = json!({"x": 1})),
        ("takes integer", |agent| agent["nodes"][1]["input_default"]["inputs"] = json!({"least": "many"})),
        ("runs the very agent", |agent| agent["id"] = json!("other")),
    ] {
        let found = faults(&change);
        assert!(found.contains(fault), "{fault}: {found}");
    }
    // Schemas without properties tell nothing.
    let open = |agent: &mut Value| {
        agent["nodes"][1]["input_default"]["input_schema"] = json!({"type": "object"});
        agent["links"][0]["sink_name"] = json!("anything");
    };
    assert_eq!(faults(&open), "");
}
