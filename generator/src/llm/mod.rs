//! The built-in generator with a language model as its planner: the model chooses blocks and wires them. Its plans are
//! assembled, fixed and validated like those of the rules; an invalid agent is never returned.
//!
//! A request is one JSON object with candidate blocks and the person's text. The text is a JSON string, so that it cannot
//! pass for instructions. Prompts and answer schemas are files in `prompts`.

mod agent_view;
mod cards;
mod dialogue;
mod form;
mod patch_answer;
mod plan_answer;
mod said;
mod salvage;
mod tasks;

use std::sync::Arc;

use http_client::Limits;
use serde_json::{Value, json, value::RawValue};
use shared::{
    error_type::ErrorType,
    failure::{Called, Failure},
    port::{AgentGenerator, CallFuture, DecomposeCall, Decomposition, Draft, Drafted, GenerateCall, Health, PatchCall},
};
use tokio::time::Instant;

use self::{
    agent_view::View,
    dialogue::{Misfit, ask_and_judge},
};
use crate::{
    account::{self, Told},
    builtin::{Builtin, assembled, built, raw},
    catalogue::{Block, Catalogue},
    instructions,
    knowledge::Knowledge,
    model::ChatModel,
    opaque::{self, Opened},
    patcher::{self, list},
    plan::model::Plan,
    validator,
    watch::here,
};

/// In bytes of JSON.
const LARGEST_STEPS: usize = agent_view::LARGEST;

#[derive(Debug, Clone)]
pub struct LlmPlanner {
    rules: Builtin,
    model: Arc<dyn ChatModel>,
}

impl LlmPlanner {
    /// Reads and sends nothing before a call.
    pub fn new(rules: Builtin, model: Arc<dyn ChatModel>) -> Self {
        Self { rules, model }
    }

    // In these three, `Err` means that the model was not asked.

    async fn decomposed(&self, call: DecomposeCall<'_>, limits: Limits) -> Result<Called<Decomposition>, Failure> {
        let knowledge = self.rules.knowledge()?;
        let catalogue = &knowledge.catalogue;
        let words = format!("{}\n{}", call.description, call.context.unwrap_or_default());
        let mut person = json!({"goal": call.description});
        if let (Some(context), Some(person)) = (call.context, person.as_object_mut()) {
            person.insert("context".to_owned(), context.into());
        }
        let request = request(knowledge, &[], &words, person);
        let called = ask_and_judge(&*self.model, &tasks::DECOMPOSE, request, limits, |answer| {
            Ok(match plan_answer::parse(knowledge, answer)? {
                plan_answer::Answer::Plan(plan) => {
                    // Generate must be able to build what decompose promises.
                    held(catalogue, assembled(knowledge, &plan), validator::faults)?;
                    let steps = raw(&instructions::to_steps(knowledge, &plan))?;
                    let told = Told { left_out: plan.left_out, timezone: plan.timezone };
                    let account = account::of_steps(Some(catalogue), &steps, told);
                    Decomposition::Instructions { steps, account }
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
        let Opened { value, rest } = opaque::instructions(call.instructions)?;
        let steps = instructions::steps(&value).map_err(|fault| validator::refusal(&[fault]))?;
        let built =
            |plan: &Plan| here(limits.deadline, |watch| built(knowledge, plan, (call.instructions, &rest), watch));
        // Steps of decompose are built as planned, without the model.
        if let Some(agent) = instructions::parse_own(knowledge, steps).and_then(|plan| built(&plan).ok()) {
            return Ok(Called::in_process(Ok(agent)));
        }
        let words = rest.whole(Value::from(steps).to_string());
        if words.len() > LARGEST_STEPS {
            let size = words.len();
            let fault =
                format!("the steps are too large for the language model: {size} bytes, {LARGEST_STEPS} at most");
            return Err(validator::refusal(&[fault]));
        }
        let named: Vec<&Block> = steps.iter().filter_map(|step| instructions::block_of(knowledge, step)).collect();
        let request = rest.whole(request(knowledge, &named, &words, json!({"steps": steps})));
        let called = ask_and_judge(&*self.model, &tasks::GENERATE, request, limits, |answer| {
            Ok(match plan_answer::parse(knowledge, answer)? {
                plan_answer::Answer::Plan(plan) => {
                    let agent = held(&knowledge.catalogue, assembled(knowledge, &plan), validator::faults)?;
                    let agent = rest.written(&agent)?;
                    let told = Told::by_instructions(call.instructions);
                    let account = account::of_agent(Some(&knowledge.catalogue), &agent, told);
                    Ok(Draft::Agent(agent, account))
                }
                plan_answer::Answer::Questions(questions) => Ok(Draft::ClarifyingQuestions(questions)),
                // `Ok(Err)`: a refusal is a final answer, and the model is not asked again.
                plan_answer::Answer::Unachievable { .. } | plan_answer::Answer::Vague { .. } => {
                    Err(validator::refusal(&[NOT_SERVED.to_owned()]))
                }
            })
        });
        let Called { result, attempts, upstream_status, model } = called.await;
        Ok(Called { result: result.and_then(|drafted| drafted), attempts, upstream_status, model })
    }

    async fn patched(&self, call: PatchCall<'_>, limits: Limits) -> Result<Called<Draft>, Failure> {
        let knowledge = self.rules.knowledge()?;
        let Opened { value: agent, rest } = opaque::agent(call.current_agent_json)?;
        let catalogue = &knowledge.catalogue;
        let view = View::new(catalogue, &agent, &rest)?;
        let named = agent_view::blocks(catalogue, &agent);
        let person = json!({"request": call.update_request, "agent": view.shown});
        let request = rest.whole(request(knowledge, &named, call.update_request, person));
        let called = ask_and_judge(&*self.model, &tasks::PATCH, request, limits, |answer| {
            match patch_answer::parse(catalogue, &view, answer)? {
                patch_answer::Answer::Questions(questions) => Ok(Draft::ClarifyingQuestions(questions)),
                patch_answer::Answer::Patches(patches) => {
                    let after = patcher::mended(catalogue, &agent, list::make(catalogue, &agent, &patches)?);
                    let faults =
                        |catalogue: &Catalogue, after: &Value| validator::faults_of_change(catalogue, &agent, after);
                    let after = held(catalogue, after, faults)?;
                    if after == agent {
                        return Err(said::unreadable("its patches change nothing").into());
                    }
                    let after = rest.written(&after)?;
                    let account = account::of_patch(Some(catalogue), call.current_agent_json, &after, Told::default());
                    Ok(Draft::Agent(after, account))
                }
            }
        });
        Ok(called.await)
    }
}

/// Not the model's own reason, which repeats the person's words.
const NOT_SERVED: &str = "the language model says that no block serves these steps";

/// An agent of the model's making, if it holds. The model is told its faults, which quote it; others are told which rules
/// it breaks.
fn held(
    catalogue: &Catalogue,
    agent: Value,
    faults: impl Fn(&Catalogue, &Value) -> Vec<String>,
) -> Result<Value, Misfit> {
    let reasons = faults(catalogue, &agent);
    if reasons.is_empty() {
        return Ok(agent);
    }
    let rules = validator::broken_rules(catalogue, &agent, &reasons).join(", ");
    let text = format!("the language model's agent breaks rules: {rules}");
    Err(Misfit { failure: Failure::new(ErrorType::ValidationError, text), reasons, cards: Vec::new() })
}

fn request(knowledge: &Knowledge, named: &[&Block], words: &str, person: Value) -> String {
    let blocks = cards::candidates(knowledge, named.iter().copied(), words);
    json!({"blocks": cards::cards(&blocks, named), "from_person": person}).to_string()
}

fn flatten<T>(called: Result<Called<T>, Failure>) -> Called<T> {
    called.unwrap_or_else(|failure| Called::in_process(Err(failure)))
}

impl AgentGenerator for LlmPlanner {
    fn kind(&self) -> &'static str {
        self.rules.kind()
    }

    fn decompose<'a>(&'a self, call: DecomposeCall<'a>, deadline: Instant) -> CallFuture<'a, Decomposition> {
        Box::pin(async move { flatten(self.decomposed(call, Limits::for_call(call.operation, deadline)).await) })
    }

    fn generate<'a>(&'a self, call: GenerateCall<'a>, deadline: Instant) -> CallFuture<'a, Drafted> {
        let limits = Limits::for_call(call.operation, deadline);
        Box::pin(async move { flatten(self.generated(call, limits).await).map(Drafted::Now) })
    }

    fn patch<'a>(&'a self, call: PatchCall<'a>, deadline: Instant) -> CallFuture<'a, Drafted> {
        let limits = Limits::for_call(call.operation, deadline);
        Box::pin(async move { flatten(self.patched(call, limits).await).map(Drafted::Now) })
    }

    fn blocks(&self, deadline: Instant) -> CallFuture<'_, Box<RawValue>> {
        self.rules.blocks(deadline)
    }

    fn health(&self, deadline: Instant) -> CallFuture<'_, Health> {
        self.rules.health(deadline)
    }
}
