//! A language model behind the built-in generator: it chooses the blocks and wires them, and what it made is assembled,
//! mended and judged as the work of the rules is. Nothing that does not hold leaves here.
//!
//! A request is one JSON object: blocks that may serve, and what the person wrote, as JSON texts, so that no
//! word of it can pass for one of ours. The prompts and the forms of the answers are files in `prompts`.

mod agent_view;
mod cards;
mod dialogue;
mod patch_answer;
mod plan_answer;
mod said;
mod salvage;
mod tasks;

use std::sync::Arc;

use http_client::Limits;
use serde_json::{Value, json, value::RawValue};
use shared::{
    failure::{Called, Failure},
    port::{
        AgentGenerator, CallFuture, DecomposeCall, Decomposition, Draft, Drafted, GenerateCall, Health, OperationIds,
        PatchCall,
    },
};
use tokio::time::Instant;

use self::{agent_view::View, dialogue::settled};
use crate::{
    Builtin,
    builtin::{built, changed, checked, parsed, raw},
    catalogue::Block,
    instructions,
    model::ChatModel,
    patcher::list,
    planner::Knowledge,
    validator,
};

/// The largest steps that are shown to the model, in bytes: as for an agent.
const LARGEST_STEPS: usize = agent_view::LARGEST;

/// The built-in generator with a language model as its planner.
#[derive(Debug, Clone)]
pub struct LlmPlanner {
    rules: Builtin,
    model: Arc<dyn ChatModel>,
}

impl LlmPlanner {
    /// A planner that asks `model`, over the blocks of `rules`. Costs nothing: nothing is read or sent before a call.
    pub fn new(rules: Builtin, model: Arc<dyn ChatModel>) -> Self {
        Self { rules, model }
    }

    // These three: `Err` is what fails before the model is asked.

    async fn decomposed(&self, call: DecomposeCall<'_>, limits: Limits) -> Result<Called<Decomposition>, Failure> {
        let knowledge = self.rules.knowledge()?;
        let words = format!("{}\n{}", call.description, call.context.unwrap_or_default());
        let mut person = json!({"goal": call.description});
        if let (Some(context), Some(person)) = (call.context, person.as_object_mut()) {
            person.insert("context".to_owned(), context.into());
        }
        let request = request(knowledge, &[], &words, person);
        let called = settled(&*self.model, &tasks::DECOMPOSE, request, limits, |answer| {
            Ok(match plan_answer::read(knowledge, answer)? {
                plan_answer::Answer::Plan(plan) => {
                    // What is promised here must be built by generate.
                    checked(knowledge, &plan).map_err(|faults| validator::refusal(&faults))?;
                    Decomposition::Instructions { steps: raw(&instructions::written(knowledge, &plan))? }
                }
                plan_answer::Answer::Questions(questions) => Decomposition::ClarifyingQuestions(questions),
                plan_answer::Answer::Unachievable { reason, suggested_goal } => {
                    Decomposition::UnachievableGoal { reason, suggested_goal }
                }
                plan_answer::Answer::Vague { suggested_goal } => Decomposition::VagueGoal { suggested_goal },
            })
        });
        Ok(called.await)
    }

    async fn generated(&self, call: GenerateCall<'_>, limits: Limits) -> Result<Called<Draft>, Failure> {
        let knowledge = self.rules.knowledge()?;
        let instructions = parsed(call.instructions, "the instructions")?;
        let steps = instructions::steps(&instructions).map_err(|fault| validator::refusal(&[fault]))?;
        // What decompose promised is built as it was planned; nobody is asked again.
        if let Some(agent) = instructions::own(knowledge, steps).and_then(|plan| built(knowledge, &plan).ok()) {
            return Ok(Called::in_process(Ok(agent)));
        }
        let words = Value::from(steps).to_string();
        if words.len() > LARGEST_STEPS {
            let size = words.len();
            let fault =
                format!("the steps are too large for the language model: {size} bytes, {LARGEST_STEPS} at most");
            return Err(validator::refusal(&[fault]));
        }
        let named: Vec<&Block> = steps.iter().filter_map(|step| instructions::block_of(knowledge, step)).collect();
        let request = request(knowledge, &named, &words, json!({"steps": steps}));
        let called = settled(&*self.model, &tasks::GENERATE, request, limits, |answer| {
            Ok(match plan_answer::read(knowledge, answer)? {
                plan_answer::Answer::Plan(plan) => Ok(built(knowledge, &plan)?),
                plan_answer::Answer::Questions(questions) => Ok(Draft::ClarifyingQuestions(questions)),
                // An honest no is an answer: asking again would only press for a dishonest yes.
                plan_answer::Answer::Unachievable { reason, .. } => {
                    Err(validator::refusal(&[reason.unwrap_or_else(|| NOT_SERVED.to_owned())]))
                }
                plan_answer::Answer::Vague { .. } => Err(validator::refusal(&[NOT_SERVED.to_owned()])),
            })
        });
        let Called { result, attempts, upstream_status, model } = called.await;
        Ok(Called { result: result.and_then(|drafted| drafted), attempts, upstream_status, model })
    }

    async fn patched(&self, call: PatchCall<'_>, limits: Limits) -> Result<Called<Draft>, Failure> {
        let knowledge = self.rules.knowledge()?;
        let agent = parsed(call.current_agent_json, "the current agent")?;
        let catalogue = &knowledge.catalogue;
        let view = View::of(catalogue, &agent)?;
        let named = agent_view::blocks(catalogue, &agent);
        let person = json!({"request": call.update_request, "agent": view.shown});
        let request = request(knowledge, &named, call.update_request, person);
        let called = settled(&*self.model, &tasks::PATCH, request, limits, |answer| {
            match patch_answer::read(catalogue, &view, answer)? {
                patch_answer::Answer::Questions(questions) => Ok(Draft::ClarifyingQuestions(questions)),
                patch_answer::Answer::Patches(patches) => {
                    let after = list::apply(catalogue, &agent, &patches)?;
                    if after == agent {
                        return Err(said::unreadable("its patches change nothing"));
                    }
                    changed(call.current_agent_json, &after)
                }
            }
        });
        Ok(called.await)
    }
}

/// Why steps are not built, where the model does not say it.
const NOT_SERVED: &str = "no block serves these steps";

/// A request: the blocks that may serve, and what the person wrote. One JSON object.
fn request(knowledge: &Knowledge, named: &[&Block], words: &str, person: Value) -> String {
    let blocks = cards::candidates(knowledge, named.iter().copied(), words);
    json!({"blocks": cards::cards(&blocks), "from_person": person}).to_string()
}

/// A call, whether or not the model was asked.
fn whole<T>(called: Result<Called<T>, Failure>) -> Called<T> {
    called.unwrap_or_else(|failure| Called::in_process(Err(failure)))
}

/// How often the model may be asked: a call for an operation is repeated by its queue.
fn limits(operation: Option<OperationIds<'_>>, deadline: Instant) -> Limits {
    if operation.is_some() { Limits::once_by(deadline) } else { Limits::by(deadline) }
}

impl AgentGenerator for LlmPlanner {
    fn kind(&self) -> &'static str {
        self.rules.kind()
    }

    fn decompose<'a>(&'a self, call: DecomposeCall<'a>, deadline: Instant) -> CallFuture<'a, Decomposition> {
        Box::pin(async move { whole(self.decomposed(call, limits(call.operation, deadline)).await) })
    }

    fn generate<'a>(&'a self, call: GenerateCall<'a>, deadline: Instant) -> CallFuture<'a, Drafted> {
        let limits = limits(call.operation, deadline);
        Box::pin(async move { whole(self.generated(call, limits).await).map(Drafted::Now) })
    }

    fn patch<'a>(&'a self, call: PatchCall<'a>, deadline: Instant) -> CallFuture<'a, Drafted> {
        let limits = limits(call.operation, deadline);
        Box::pin(async move { whole(self.patched(call, limits).await).map(Drafted::Now) })
    }

    fn blocks(&self, deadline: Instant) -> CallFuture<'_, Box<RawValue>> {
        self.rules.blocks(deadline)
    }

    fn health(&self, deadline: Instant) -> CallFuture<'_, Health> {
        self.rules.health(deadline)
    }
}
