//! A worker asks the model once per job: its queue repeats the job.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "in a test a panic is the report")]

mod scripted;

use http_client::Limits;
use scripted::{Scripted, fails, plan, says, soon};
use serde_json::{json, value::to_raw_value};
use shared::{
    error_type::ErrorType,
    failure::Failure,
    port::{AgentGenerator, DecomposeCall, GenerateCall, OperationIds, PatchCall},
};

const IDS: OperationIds<'static> = OperationIds { operation_id: "op", task_id: "task" };
const GOAL: DecomposeCall<'static> =
    DecomposeCall { description: "Sort my mail", context: None, library_agents: None, operation: None };

#[tokio::test]
async fn a_worker_leaves_a_busy_model_to_its_queue_and_a_request_repeats_the_call() {
    let busy = || fails(Failure { retry_after: Some(1), ..Failure::new(ErrorType::LlmRateLimit, "busy") });
    let model = Scripted::of([busy(), busy(), busy(), busy()]);
    let (planner, deadline) = (model.planner(), soon());
    let instructions = to_raw_value(&json!({"type": "instructions", "steps": ["Read the mail", "Sort it"]})).unwrap();
    let agent = to_raw_value(&json!({"nodes": [], "links": []})).unwrap();
    let operation = Some(IDS);
    let patch = PatchCall { update_request: "Rename it", current_agent_json: &agent, library_agents: None, operation };
    let generate = GenerateCall { instructions: &instructions, library_agents: None, operation };
    assert!(planner.decompose(DecomposeCall { operation, ..GOAL }, deadline).await.result.is_err());
    assert!(planner.generate(generate, deadline).await.result.is_err());
    assert!(planner.patch(patch, deadline).await.result.is_err());
    assert!(planner.decompose(GOAL, deadline).await.result.is_err());
    let limits: Vec<_> = model.asked().iter().map(|request| request.limits).collect();
    let once = Limits::once_by(deadline);
    assert_eq!(limits, [once, once, once, Limits::by(deadline)]);
}

#[tokio::test]
async fn a_malformed_answer_gets_a_second_round_in_a_worker_too() {
    let model = Scripted::of([says("no JSON"), says(plan())]);
    let called = model.planner().decompose(DecomposeCall { operation: Some(IDS), ..GOAL }, soon()).await;
    assert!(called.result.is_ok(), "{called:?}");
    assert_eq!((called.attempts, model.asked().len()), (2, 2));
}
