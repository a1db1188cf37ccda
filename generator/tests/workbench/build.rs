//! Plans that are built, and those that are too much.

use super::*;

#[tokio::test]
async fn a_plan_in_order_becomes_an_agent() {
    let Built::Agent { agent, account, fixed } = built(&plan()).await else { panic!("not built") };
    assert_eq!(serde_json::from_str::<Value>(agent.get()).unwrap()["name"], "Page digest");
    assert_eq!(account.requirements.inputs[0].name, "Page");
    assert_eq!(fixed, []);
    holds(&agent);
}

#[tokio::test]
async fn agents_of_the_person_become_steps_and_are_told_what_they_lack() {
    let agents = json!([{
        "graph_id": "7c4b5d1e-2222-4aaa-8bbb-000000000001", "graph_version": 1, "name": "Lead scorer", "description": "Scores a lead",
        "input_schema": {"type": "object", "properties": {"lead": {"type": "string"}}, "required": ["lead"]},
        "output_schema": {"type": "object", "properties": {"score": {"type": "number"}}},
    }]);
    let build = async |inputs: Value, output: &str| {
        let plan = json!({"name": "Score", "steps": [
            {"number": 1, "block": "AgentShortTextInputBlock", "inputs": [{"name": "name", "value": "Lead"}]},
            {"number": 2, "block": "Lead scorer", "title": "Score the lead", "inputs": inputs},
            {"number": 3, "block": "AgentOutputBlock", "inputs": [{"name": "name", "value": "Score"}, {"name": "value", "source": {"step": 2, "output": output}}]},
        ]});
        workbench().build(&to_raw(&plan).unwrap(), Some(&to_raw(&agents).unwrap()), end()).await.unwrap()
    };
    let lead = json!([{"name": "lead", "source": {"step": 1, "output": "result"}}]);
    assert!(matches!(build(lead, "score").await, Built::Agent { .. }));
    let Built::Misfits { problems, .. } = build(json!([{"name": "led", "value": "Ada"}]), "points").await else {
        panic!()
    };
    let told: Vec<&str> =
        problems.iter().filter(|problem| problem.rule == "sub_agents").map(|problem| problem.path.as_str()).collect();
    assert_eq!(told, ["steps[1].inputs[0].name", "steps[1].inputs", "steps[2].inputs[1].source.output"]);
}

/// Sums up a sum, again and again, in this many steps; `focus` makes each as long as is wanted.
fn long_plan(count: usize, focus: &str) -> Value {
    let sum = |number: usize| {
        let output = if number == 3 { "content" } else { "summary" };
        let text = json!({"name": "text", "source": {"step": number - 1, "output": output}});
        json!({"number": number, "block": "AITextSummarizerBlock", "inputs": [text, {"name": "focus", "value": focus}]})
    };
    let mut plan = plan();
    let steps = plan["steps"].as_array_mut().unwrap();
    let mut last = steps.remove(3);
    last["number"] = json!(count);
    last["inputs"][1]["source"]["step"] = json!(count - 1);
    steps.truncate(2);
    steps.extend((3..count).map(sum));
    steps.push(last);
    plan
}

#[tokio::test]
async fn a_plan_of_300_steps_and_nearly_a_mebibyte_is_built_or_told_in_50_problems() {
    let long = long_plan(300, &"x".repeat(3_000));
    assert!((900_000..1_048_576).contains(&long.to_string().len()));
    assert!(matches!(built(&long).await, Built::Agent { .. }));
    let mut wrong = long;
    for step in wrong["steps"].as_array_mut().unwrap() {
        step["block"] = json!("Scrape the web");
    }
    let Built::Misfits { problems, more_problems } = built(&wrong).await else { panic!("built") };
    // Each step, and that the agent has no start and no end.
    assert_eq!((problems.len(), more_problems), (50, 252));
}

#[tokio::test]
async fn a_plan_that_is_too_much_is_refused_by_its_number() {
    let many_values = json!({"steps": [{"block": "x", "inputs": [{"name": "y", "value": vec![1; 100_001]}]}]});
    for (plan, message) in [
        (long_plan(501, ""), "The instructions have 501 steps. The limit is 500."),
        (long_plan(500, &"x".repeat(3_000)), "The plan is too large. The limit is 1 MiB."),
        (many_values, "The request has 100,008 values in its agent or steps. The limit is 100,000."),
    ] {
        let refused = workbench().build(&to_raw(&plan).unwrap(), None, end()).await.unwrap_err();
        assert_eq!((refused.error_type.name(), refused.service_error.as_str()), ("request_too_large", message));
    }
}
