//! The person's own agents are used as steps, and the further examples of the prompts are right.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "in a test a panic is the report")]

mod scripted;

use generator::{Builtin, catalogue::Catalogue, validator};
use scripted::{Scripted, examples, says, soon};
use serde_json::{Value, json, value::to_raw_value};
use shared::port::{AgentGenerator, DecomposeCall, Decomposition, Draft, Drafted, GenerateCall, PatchCall};

const RUNS_AGENTS: &str = "e189baac-8c20-45a1-94a7-55177ea42565";

fn scorer() -> Value {
    json!({
        "graph_id": "5f0c2c1e-0a52-4c3e-9c42-0d1d3a4f8b11", "graph_version": 3, "name": "Lead scorer",
        "description": "Scores a sales lead from 0 to 100", "is_favourite": true,
        "input_schema": {"type": "object", "properties": {"lead": {"type": "string"}, "strict": {"type": "boolean"}}, "required": ["lead"]},
        "output_schema": {"type": "object", "properties": {"score": {"type": "string"}}}
    })
}

fn other(nth: usize) -> Value {
    json!({"graph_id": format!("g{nth}"), "version": 1, "name": format!("Other {nth}"), "input_schema": {}, "output_schema": {}})
}

/// Asks for a lead, runs the agent and gives out the score.
fn plan(block: &str, input: &str, output: &str) -> Value {
    json!({"type": "instructions", "name": "Score a lead", "steps": [
        {"number": 1, "block": "AgentInputBlock", "inputs": [{"name": "name", "value": "Lead"}]},
        {"number": 2, "block": block, "inputs": [{"name": input, "source": {"step": 1, "output": "result"}}, {"name": "strict", "value": true}]},
        {"number": 3, "block": "AgentOutputBlock", "inputs": [{"name": "name", "value": "Score"}, {"name": "value", "source": {"step": 2, "output": output}}]},
    ]})
}

async fn planned(model: &std::sync::Arc<Scripted>, agents: &Value) -> Result<Value, shared::failure::Failure> {
    let agents = to_raw_value(agents).unwrap();
    let call = DecomposeCall {
        description: "Run my agent Lead scorer on a lead",
        context: None,
        library_agents: Some(&agents),
        operation: None,
    };
    match model.planner().decompose(call, soon()).await.result? {
        Decomposition::Instructions { steps, .. } => Ok(serde_json::from_str(steps.get()).unwrap()),
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn an_agent_of_the_library_becomes_a_step_that_the_platform_can_run() {
    for block in ["LibraryAgent1", "Lead scorer", "5f0c2c1e-0a52-4c3e-9c42-0d1d3a4f8b11"] {
        let model = Scripted::of([says(plan(block, "lead", "score"))]);
        let mut agents: Vec<Value> = (0..40).map(other).collect();
        agents.push(scorer());
        agents.extend([
            json!(7),
            json!({"name": "no id"}),
            json!({"graph_id": "x", "graph_version": 1, "name": "Lead scorer", "input_schema": [], "output_schema": 1}),
        ]);
        let steps = planned(&model, &json!(agents)).await.unwrap();
        let shown = model.asked()[0].body()["from_person"]["library_agents"].clone();
        assert!(shown.as_array().unwrap().len() <= 12);
        assert_eq!((&shown[0]["block"], &shown[0]["name"]), (&json!("LibraryAgent1"), &json!("Lead scorer")));
        assert!(!model.asked()[0].instructions.contains("Lead scorer on a lead"));

        let instructions = to_raw_value(&json!({"steps": steps})).unwrap();
        let Ok(Draft::Agent(agent, _)) = Builtin::new().generate_now(&instructions) else { panic!("{block}") };
        let agent: Value = serde_json::from_str(agent.get()).unwrap();
        assert_eq!(validator::faults(&Catalogue::embedded().unwrap(), &agent), Vec::<String>::new());
        let node = agent["nodes"].as_array().unwrap().iter().find(|node| node["block_id"] == RUNS_AGENTS).unwrap();
        let (values, listed) = (&node["input_default"], scorer());
        for key in ["graph_id", "graph_version", "input_schema", "output_schema"] {
            assert_eq!(values[key], listed[key], "{key}");
        }
        assert_eq!((&values["inputs"], &values["agent_name"]), (&json!({"strict": true}), &json!("Lead scorer")));
        let links = agent["links"].as_array().unwrap();
        assert!(links.iter().any(|link| link["sink_id"] == node["id"] && link["sink_name"] == "lead"));
        assert!(links.iter().any(|link| link["source_id"] == node["id"] && link["source_name"] == "score"));
    }
}

#[tokio::test]
async fn what_an_agent_does_not_have_is_sent_back_by_path() {
    let mut bare = plan("LibraryAgent1", "lead", "score");
    bare["steps"][1]["inputs"] = json!([{"name": "strict", "value": true}]);
    for (wrong, reason) in [
        (plan("LibraryAgent1", "colour", "score"), "steps[1].inputs[0].name: not an input of that agent"),
        (plan("LibraryAgent1", "lead", "colour"), "steps[2].inputs[1].source.output: not an output of that agent"),
        (bare, "steps[1].inputs: a required input of that agent is missing"),
        (plan("LibraryAgent2", "lead", "score"), "steps[1].block: not the name of a block"),
    ] {
        let model = Scripted::of([says(wrong.clone()), says(plan("LibraryAgent1", "lead", "score"))]);
        planned(&model, &json!([scorer()])).await.unwrap();
        let told = &model.asked()[1].turns[2].text;
        assert!(told.contains(reason), "{wrong}: {told}");
    }
}

#[tokio::test]
async fn a_library_of_hostile_size_costs_no_more_than_a_few_cards() {
    let mut huge = scorer();
    huge["description"] = json!("lead ".repeat(20_000));
    let agents: Vec<Value> = (0..2_000).map(other).chain([huge]).collect();
    let model = Scripted::of([says(json!({"type": "vague_goal"}))]);
    let list = to_raw_value(&agents).unwrap();
    let call = DecomposeCall { description: "lead", context: None, library_agents: Some(&list), operation: None };
    model.planner().decompose(call, soon()).await.result.unwrap();
    assert!(model.asked()[0].body()["from_person"].to_string().len() < 4_000);
}

#[tokio::test]
async fn every_further_example_of_a_prompt_is_a_valid_answer() {
    let pairs = |prompt: &str| -> Vec<(Value, Value)> {
        let all = examples(prompt);
        all.chunks(2).map(|pair| (pair[0]["from_person"].clone(), pair[1].clone())).collect()
    };
    for (person, answer) in pairs(include_str!("../prompts/decompose.examples.md")) {
        let model = Scripted::of([says(answer.clone())]);
        let called = scripted::decomposed(&model, person["goal"].as_str().unwrap(), None).await;
        let kind = answer["type"].as_str().unwrap();
        match called.result {
            Ok(Decomposition::Instructions { account, .. }) => {
                assert_eq!(kind, "instructions");
                let left: Vec<&str> = account.left_out.iter().map(|part| part.text.as_str()).collect();
                let said = answer["left_out"].as_array().into_iter().flatten();
                assert_eq!(left, said.map(|part| part["text"].as_str().unwrap()).collect::<Vec<_>>(), "{person}");
            }
            Ok(Decomposition::ClarifyingQuestions(_)) => assert_eq!(kind, "clarifying_questions"),
            Ok(Decomposition::UnachievableGoal { .. }) => assert_eq!(kind, "unachievable_goal"),
            Ok(Decomposition::VagueGoal { .. }) => assert_eq!(kind, "vague_goal"),
            Err(failure) => panic!("{person}: {failure:?}"),
        }
        assert_eq!(model.asked().len(), 1, "{person}");
        assert!(model.asked()[0].instructions.contains("# Further examples"));
    }
    for (person, answer) in pairs(include_str!("../prompts/generate.examples.md")) {
        let model = Scripted::of([says(answer.clone())]);
        let instructions = to_raw_value(&json!({"steps": person["steps"]})).unwrap();
        let mut lead = scorer();
        lead["input_schema"]["properties"].as_object_mut().unwrap().shift_remove("strict");
        let agents = to_raw_value(&json!([lead])).unwrap();
        let library_agents = (!person["library_agents"].is_null()).then_some(&*agents);
        let call = GenerateCall { instructions: &instructions, library_agents, operation: None };
        let result = model.planner().generate(call, soon()).await.result;
        match answer["type"].as_str().unwrap() {
            "instructions" => assert!(matches!(result, Ok(Drafted::Now(Draft::Agent(..)))), "{person}: {result:?}"),
            "clarifying_questions" => {
                assert!(matches!(result, Ok(Drafted::Now(Draft::ClarifyingQuestions(_)))), "{result:?}");
            }
            _ => assert!(result.unwrap_err().service_error.contains("no block serves")),
        }
        assert_eq!(model.asked()[0].body()["from_person"], person, "the request looks as it does in the example");
    }
    for (person, answer) in pairs(include_str!("../prompts/patch.examples.md")) {
        let model = Scripted::of([says(answer.clone())]);
        let agent = to_raw_value(&platform(&person["agent"])).unwrap();
        let call = PatchCall {
            update_request: person["request"].as_str().unwrap(),
            current_agent_json: &agent,
            library_agents: None,
            operation: None,
        };
        match model.planner().patch(call, soon()).await.result.unwrap() {
            Drafted::Now(Draft::Agent(_, account)) => assert_eq!(account.left_out.len(), 1),
            Drafted::Now(Draft::ClarifyingQuestions(_)) => assert_eq!(answer["type"], "clarifying_questions"),
            Drafted::HandedOver | Drafted::Later(_) => panic!(),
        }
        assert_eq!(model.asked()[0].body()["from_person"], person);
    }
}

/// Turns an agent as the model sees it into one of the platform.
fn platform(shown: &Value) -> Value {
    let catalogue = Catalogue::embedded().unwrap();
    let mut agent = shown.clone();
    for node in agent["nodes"].as_array_mut().unwrap() {
        let block = catalogue.by_name(node["block"].as_str().unwrap()).unwrap();
        *node = json!({"id": node["id"], "block_id": block.id, "input_default": node["input_default"], "metadata": {"customized_name": node["customized_name"]}});
    }
    for link in agent["links"].as_array_mut().unwrap() {
        link["is_static"] = json!(link["source_id"] == "n1");
    }
    agent
}
