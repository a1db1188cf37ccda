//! What models typically get wrong in a plan, and the exact answer that says what to write instead.

mod form;
mod graph;
mod names;

use super::*;

/// What is spoilt in [`plan`], and the path, the message and the remedy of each problem.
type Mistake = (&'static str, fn(&mut Value), &'static [[&'static str; 3]]);
/// What is done to a plan, and what is told of its repair.
type Slip = (&'static str, fn(&mut Value), &'static [[&'static str; 2]]);

fn give(plan: &mut Value, step: usize, name: &str, value: Value) {
    plan["steps"][step]["inputs"].as_array_mut().unwrap().push(json!({"name": name, "value": value}));
}

#[tokio::test]
async fn a_model_that_errs_is_told_exactly_what_to_write_instead() {
    let mistakes = [names::MISTAKES, graph::MISTAKES, form::MISTAKES].concat();
    assert!(mistakes.len() >= 30);
    for (what, spoil, expected) in mistakes {
        let mut plan = plan();
        spoil(&mut plan);
        let Built::Misfits { problems, more_problems: 0 } = built(&plan).await else { panic!("{what}: not told") };
        let told: Vec<[&str; 3]> = problems
            .iter()
            .map(|problem| {
                [problem.path.as_str(), problem.message.as_str(), problem.fix.as_deref().unwrap_or_default()]
            })
            .collect();
        assert_eq!(told, expected, "{what}");
    }
}

/// What is mended in silence or told as mended: it has exactly one right form.
#[tokio::test]
async fn small_mistakes_are_mended_and_said_to_be() {
    let rows: [Slip; 9] = [
        ("a name without Block", |plan| plan["steps"][1]["block"] = json!("extract website content"), &[]),
        ("a plan within another", |plan| *plan = json!({"plan": plan.clone()}), &[]),
        ("a plan as text", |plan| *plan = json!(plan.to_string()), &[]),
        ("an unknown type", |plan| plan["type"] = json!("poem"), &[]),
        (
            "inputs as an object",
            |plan| plan["steps"][3]["inputs"] = json!({"name": "Summary", "value": {"step": 3, "output": "summary"}}),
            &[],
        ),
        ("a number as text", |plan| give(plan, 2, "max_tokens", json!("60")), &[]),
        (
            "a model that there is not",
            |plan| give(plan, 2, "model", json!("gpt-99")),
            &[["steps[2].inputs[1].value", r#""gpt-99" became "gpt-5.6-terra""#]],
        ),
        (
            "credentials, which are not repeated",
            |plan| give(plan, 2, "credentials", json!({"key": "hunter2"})),
            &[["steps[2].inputs[1].value", "removed"]],
        ),
        (
            "two outputs of one name",
            |plan| {
                let again = json!({"number": 5, "block": "AgentOutputBlock", "inputs": [
                    {"name": "name", "value": "Summary"}, {"name": "value", "source": {"step": 3, "output": "summary"}},
                ]});
                plan["steps"].as_array_mut().unwrap().push(again);
            },
            &[["steps[4].inputs[0].value", r#""Summary" became "Summary 2""#]],
        ),
    ];
    for (what, spoil, expected) in rows {
        let mut plan = plan();
        spoil(&mut plan);
        let Built::Agent { agent, fixed, .. } = built(&plan).await else { panic!("{what}: not built") };
        let told: Vec<[&str; 2]> = fixed.iter().map(|repair| [repair.path.as_str(), repair.message.as_str()]).collect();
        assert_eq!(told, expected, "{what}");
        assert!(!agent.get().contains("hunter2"), "{what}");
        holds(&agent);
    }
}
