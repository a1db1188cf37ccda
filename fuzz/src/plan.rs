//! Any text as a language model's answer to a goal, to steps and to a change request.

use std::sync::Arc;

use generator::{
    Builtin,
    llm::LlmPlanner,
    model::{Chat, ChatModel, Completion, CompletionFuture},
    validator,
};
use http_client::Limits;
use serde_json::{Value, json, value::to_raw_value};
use shared::{
    error_type::ErrorType,
    failure::{Failure, ModelUse},
    port::{AgentGenerator, DecomposeCall, Decomposition, Draft, Drafted, GenerateCall, PatchCall},
};
use tokio::time::{Duration, Instant};

use crate::{graph::catalogue, world::run};

/// A valid agent to change. The stored inputs use its blocks too.
const AGENT: &str = include_str!("../agent.json");

/// A model with one answer.
#[derive(Debug)]
struct Parrot(String);

impl ChatModel for Parrot {
    fn complete<'a>(&'a self, _: Chat<'a>, _: Limits) -> CompletionFuture<'a> {
        let (result, used) = (Ok(self.0.clone()), ModelUse::default());
        Box::pin(async {
            Completion { result, cut_off: false, prompt_cut: false, attempts: 1, upstream_status: Some(200), used }
        })
    }
}

/// Planned steps become an agent, agents are valid, there are at most five questions; anything else is a failure with a model's
/// class.
pub fn check(data: &[u8]) {
    let answer = String::from_utf8_lossy(data).into_owned();
    let planner = LlmPlanner::new(Builtin::new(), Arc::new(Parrot(answer)));
    run(async {
        let end = Instant::now() + Duration::from_secs(20);
        let goal = DecomposeCall { description: "anything", context: None, library_agents: None, operation: None };
        match planner.decompose(goal, end).await.result {
            Ok(Decomposition::Instructions { steps, .. }) => {
                let instructions = to_raw_value(&json!({"steps": steps})).expect("JSON");
                match Builtin::new().generate_now(&instructions) {
                    Ok(Draft::Agent(agent, _)) => holds(agent.get()),
                    other => panic!("{steps} are promised, and {other:?}"),
                }
            }
            Ok(Decomposition::ClarifyingQuestions(questions)) => assert!((1..=5).contains(&questions.len())),
            Ok(Decomposition::UnachievableGoal { .. } | Decomposition::VagueGoal { .. }) => {}
            Err(failure) => known(&failure),
        }
        let instructions = to_raw_value(&json!({"steps": ["anything"]})).expect("JSON");
        drafted(
            planner
                .generate(GenerateCall { instructions: &instructions, library_agents: None, operation: None }, end)
                .await
                .result,
        );
        let agent = serde_json::from_str(AGENT).expect("the agent");
        let wish =
            PatchCall { update_request: "anything", current_agent_json: agent, library_agents: None, operation: None };
        drafted(planner.patch(wish, end).await.result);
    });
}

fn drafted(drafted: Result<Drafted, Failure>) {
    match drafted {
        Ok(Drafted::HandedOver | Drafted::Later(_)) => panic!("a planner in this process takes nothing over"),
        Ok(Drafted::Now(Draft::Agent(agent, _))) => holds(agent.get()),
        Ok(Drafted::Now(Draft::ClarifyingQuestions(questions))) => {
            assert!((1..=5).contains(&questions.len()), "{questions:?}")
        }
        Err(failure) => known(&failure),
    }
}

fn holds(agent: &str) {
    let agent: Value = serde_json::from_str(agent).expect("a JSON agent");
    assert_eq!(validator::faults(catalogue(), &agent), Vec::<String>::new(), "{agent}");
}

fn known(failure: &Failure) {
    let class = &failure.error_type;
    let is_models = matches!(class, ErrorType::LlmParseError | ErrorType::ValidationError | ErrorType::PatchError);
    assert!(is_models, "{failure:?}");
}
