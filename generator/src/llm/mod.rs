//! The built-in generator with a language model as its planner: the model chooses blocks and wires them. Its plans are
//! assembled, fixed and validated like those of the rules; an invalid agent is never returned.
//!
//! The system prompt has the names of all blocks. A request is one JSON object with cards of the blocks that seem to fit and
//! the person's text, which is a JSON string, so that it cannot pass for instructions. Prompts and answer schemas are files
//! in `prompts`.

mod agent_view;
mod answer;
pub(crate) mod cards;
mod closing;
mod cron;
mod dialogue;
mod directory;
mod form;
pub(crate) mod library;
pub(crate) mod names;
mod patch_answer;
mod plan_answer;
pub(crate) mod plan_form;
mod references;
mod request;
pub(crate) mod said;
pub(crate) mod slip;
pub(crate) mod tasks;
mod today;
mod window;

use std::{
    sync::{Arc, OnceLock},
    time::SystemTime,
};

use http_client::Limits;
use serde_json::{Value, json, value::RawValue};
use shared::{
    account::Account,
    error_type::ErrorType,
    failure::{Called, Failure},
    port::{
        AgentGenerator, Background, CallFuture, DecomposeCall, Decomposition, Draft, Drafted, GenerateCall, Health,
        PatchCall,
    },
};
use tokio::time::Instant;

pub(crate) use self::directory::directory;
use self::{
    agent_view::View,
    dialogue::{Misfit, ask_and_judge},
    library::Library,
    request::{Matter, Request},
    tasks::Prompt,
    window::{CONTEXT, Window},
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
    plan::{self, model::Plan},
    validator,
    watch::here,
};

/// Makes patches that somebody else than a model has written, in the form of `prompts/patch.schema.json`, on an agent whose
/// ids are its own or those of [`outline`].
///
/// # Errors
/// Says what does not fit: a line for each fault, which may quote the patches.
pub(crate) fn patch_by_list(catalogue: &Catalogue, agent: &Value, patches: &RawValue) -> Result<Value, Vec<String>> {
    let reasons = |misfit: Misfit| misfit.reasons;
    let view = View::new(catalogue, agent).map_err(|failure| reasons(failure.into()))?;
    let library = Library::new(catalogue, None, "", None);
    let text = format!("{{\"type\":\"patch\",\"patches\":{}}}", patches.get());
    match patch_answer::parse(catalogue, &library, &view, &text).map_err(reasons)? {
        patch_answer::Answer::Patches(patches, _) => changed(catalogue, agent, &patches).map_err(reasons),
        patch_answer::Answer::Questions(_) => Err(vec!["questions in place of patches".to_owned()]),
    }
}

/// The agent with all patches made, repaired, and held against the rules.
fn changed(catalogue: &Catalogue, agent: &Value, patches: &[list::Patch]) -> Result<Value, Misfit> {
    let after = patcher::mended(catalogue, agent, list::make(catalogue, agent, patches)?);
    held(catalogue, after, |catalogue: &Catalogue, after: &Value| validator::faults_of_change(catalogue, agent, after))
}

/// An agent as a model reads it. `None` if it is not a graph.
pub(crate) fn outline(catalogue: &Catalogue, agent: &Value) -> Option<Value> {
    View::new(catalogue, agent).ok().map(|view| view.shown)
}

#[derive(Debug, Clone)]
pub struct LlmPlanner {
    rules: Builtin,
    model: Arc<dyn ChatModel>,
    window: Window,
    clock: fn() -> SystemTime,
    closes: bool,
    /// The names of all blocks, as the prompts list them: written once.
    names: Arc<OnceLock<String>>,
}

impl LlmPlanner {
    /// For a model with a window of 32,768 tokens. Reads and sends nothing before a call.
    pub fn new(rules: Builtin, model: Arc<dyn ChatModel>) -> Self {
        let window = Window::new(CONTEXT, None);
        Self { rules, model, window, clock: SystemTime::now, closes: false, names: Arc::default() }
    }

    /// For a model with a window of `context` tokens, whose answers have at most `most` tokens.
    #[must_use]
    pub fn with_window(self, context: usize, most: Option<usize>) -> Self {
        Self { window: Window::new(context, most), ..self }
    }

    /// Tells the day by another clock than the system's.
    #[must_use]
    pub fn with_clock(self, clock: fn() -> SystemTime) -> Self {
        Self { clock, ..self }
    }

    /// Also asks the model for words that close the making of an agent, for whoever watches its operation.
    #[must_use]
    pub fn with_closing_words(self, closes: bool) -> Self {
        Self { closes, ..self }
    }

    pub(crate) fn rules(&self) -> &Builtin {
        &self.rules
    }

    // In these three, `Err` means that the model was not asked.

    async fn decomposed(&self, call: DecomposeCall<'_>, limits: Limits) -> Result<Called<Decomposition>, Failure> {
        let knowledge = self.rules.knowledge()?;
        let catalogue = &knowledge.catalogue;
        let words = format!("{}\n{}", call.description, call.context.unwrap_or_default());
        let library = Library::new(catalogue, call.library_agents, &words, None);
        let mut person = json!({"goal": call.description});
        if let (Some(context), Some(person)) = (call.context, person.as_object_mut()) {
            person.insert("context".to_owned(), context.into());
        }
        offer(&mut person, &library);
        let request = self.request(
            knowledge,
            &Matter {
                prompt: &tasks::DECOMPOSE,
                person: person.to_string(),
                what: "the goal is",
                words: &words,
                named: &[],
            },
        )?;
        let judge = |answer: &str| -> Result<Decomposition, Misfit> {
            Ok(match plan_answer::parse(knowledge, &library, answer)? {
                plan_answer::Answer::Plan(mut plan) => {
                    plan::complete(knowledge, call.description, &mut plan);
                    // Generate must be able to build what decompose promises.
                    held(catalogue, assembled(knowledge, &plan), validator::faults)?;
                    let steps = raw(&instructions::to_steps(knowledge, &plan))?;
                    let told = Told { left_out: plan.left_out, timezone: plan.timezone };
                    let account = account::of_steps(&**catalogue, &steps, told);
                    Decomposition::Instructions { steps, account }
                }
                plan_answer::Answer::Questions(questions) => Decomposition::ClarifyingQuestions(questions),
                plan_answer::Answer::Unachievable { reason, suggested_goal } => {
                    Decomposition::UnachievableGoal { reason, suggested_goal }
                }
                plan_answer::Answer::Vague { suggested_goal } => Decomposition::VagueGoal { suggested_goal },
            })
        };
        Ok(self.asked(knowledge, &request, &tasks::DECOMPOSE, (call.operation, limits), judge).await)
    }

    async fn generated(&self, call: GenerateCall<'_>, limits: Limits) -> Result<Called<Draft>, Failure> {
        let knowledge = self.rules.knowledge()?;
        let Opened { value, rest } = opaque::instructions(call.instructions)?;
        let steps = instructions::steps(&value).map_err(|fault| validator::refusal(&[fault]))?;
        let built =
            |plan: &Plan| here(limits.deadline, |watch| built(knowledge, plan, (call.instructions, &rest), watch));
        // Steps of decompose are built as planned, without the model.
        if let Some(agent) = instructions::parse_own(knowledge, steps).and_then(|plan| built(&plan).ok()) {
            account::tell_nodes(call.operation, &*knowledge.catalogue, Some(&agent));
            return Ok(Called::in_process(Ok(agent)));
        }
        let words = rest.whole(Value::from(steps).to_string());
        let library = Library::new(&knowledge.catalogue, call.library_agents, &words, None);
        let mut person = json!({"steps": steps});
        offer(&mut person, &library);
        let named: Vec<&Block> = steps.iter().filter_map(|step| instructions::block_of(knowledge, step)).collect();
        let request = self.request(
            knowledge,
            &Matter {
                prompt: &tasks::GENERATE,
                person: rest.whole(person.to_string()),
                what: "the steps are",
                words: &words,
                named: &named,
            },
        )?;
        let judge = |answer: &str| -> Result<Result<Draft, Failure>, Misfit> {
            Ok(match plan_answer::parse(knowledge, &library, answer)? {
                plan_answer::Answer::Plan(plan) => {
                    let agent = held(&knowledge.catalogue, assembled(knowledge, &plan), validator::faults)?;
                    let agent = rest.written(&agent)?;
                    let mut told = Told::by_instructions(call.instructions);
                    if !plan.left_out.is_empty() {
                        told.left_out = plan.left_out;
                    }
                    let account = account::of_agent(&*knowledge.catalogue, &agent, told);
                    Ok(Draft::Agent(agent, account))
                }
                plan_answer::Answer::Questions(questions) => Ok(Draft::ClarifyingQuestions(questions)),
                // `Ok(Err)`: a refusal is a final answer, and the model is not asked again.
                plan_answer::Answer::Unachievable { .. } | plan_answer::Answer::Vague { .. } => {
                    Err(validator::refusal(&[NOT_SERVED.to_owned()]))
                }
            })
        };
        let called = self.asked(knowledge, &request, &tasks::GENERATE, (call.operation, limits), judge).await;
        let Called { result, attempts, upstream_status, model } = called;
        let result = result.and_then(|drafted| drafted);
        account::tell_nodes(call.operation, &*knowledge.catalogue, result.as_ref().ok());
        Ok(Called { result, attempts, upstream_status, model })
    }

    async fn patched(&self, call: PatchCall<'_>, limits: Limits) -> Result<Called<Draft>, Failure> {
        let knowledge = self.rules.knowledge()?;
        let Opened { value: agent, rest } = opaque::agent(call.current_agent_json)?;
        let catalogue = &knowledge.catalogue;
        let view = View::new(catalogue, &agent)?;
        let named = agent_view::blocks(catalogue, &agent);
        let id = agent.get("id").and_then(Value::as_str);
        let library = Library::new(catalogue, call.library_agents, call.update_request, id);
        let mut person = json!({"request": call.update_request, "agent": view.shown});
        offer(&mut person, &library);
        let request = self.request(
            knowledge,
            &Matter {
                prompt: &tasks::PATCH,
                person: rest.whole(person.to_string()),
                what: "the agent is",
                words: call.update_request,
                named: &named,
            },
        )?;
        let judge = |answer: &str| -> Result<Draft, Misfit> {
            match patch_answer::parse(catalogue, &library, &view, answer)? {
                patch_answer::Answer::Questions(questions) => Ok(Draft::ClarifyingQuestions(questions)),
                patch_answer::Answer::Patches(patches, left_out) => {
                    let after = changed(catalogue, &agent, &patches)?;
                    if after == agent {
                        return Err(said::unreadable("its patches change nothing").into());
                    }
                    let after = rest.written(&after)?;
                    let told = Told { left_out, ..Told::default() };
                    let account = account::of_patch(&**catalogue, call.current_agent_json, &after, told);
                    Ok(Draft::Agent(after, account))
                }
            }
        };
        let called = self.asked(knowledge, &request, &tasks::PATCH, (call.operation, limits), judge).await;
        account::tell_nodes(call.operation, &**catalogue, called.result.as_ref().ok());
        Ok(called)
    }

    async fn closed(
        &self,
        operation: Option<Background<'_>>,
        mut called: Called<Draft>,
        limits: Limits,
    ) -> Called<Drafted> {
        if self.closes {
            closing::close(&*self.model, operation, &mut called, limits).await;
        }
        called.map(Drafted::Now)
    }

    fn request<'k>(&self, knowledge: &'k Knowledge, matter: &Matter<'_, 'k>) -> Result<Request<'k>, Failure> {
        Request::new(knowledge, &self.names, self.window, &today::date((self.clock)()), matter)
    }

    async fn asked<T>(
        &self,
        knowledge: &Knowledge,
        request: &Request<'_>,
        prompt: &'static Prompt,
        (operation, limits): (Option<Background<'_>>, Limits),
        judge: impl Fn(&str) -> Result<T, Misfit> + Send,
    ) -> Called<T> {
        let judge = move |answer: &str| {
            judge(answer).map_err(|misfit| Misfit { cards: request.cards_for(knowledge, answer).into(), ..misfit })
        };
        ask_and_judge(&*self.model, &request.task(prompt), request.text.clone(), &operation, limits, judge).await
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
    let rules = validator::broken_rules(catalogue, &agent, &reasons);
    let text = format!("the language model's agent breaks rules: {}", rules.join(", "));
    Err(Misfit {
        failure: Failure::new(ErrorType::ValidationError, text),
        reasons,
        cards: Box::default(),
        rules: rules.into(),
    })
}

/// The agents are what a person wrote, too: they cannot pass for instructions there.
fn offer(person: &mut Value, library: &Library) {
    let cards = library.cards();
    if let Some(person) = person.as_object_mut().filter(|_| !cards.is_empty()) {
        person.insert("library_agents".to_owned(), cards.into());
    }
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
        Box::pin(async move { self.closed(call.operation, flatten(self.generated(call, limits).await), limits).await })
    }

    fn patch<'a>(&'a self, call: PatchCall<'a>, deadline: Instant) -> CallFuture<'a, Drafted> {
        let limits = Limits::for_call(call.operation, deadline);
        Box::pin(async move { self.closed(call.operation, flatten(self.patched(call, limits).await), limits).await })
    }

    fn blocks(&self, deadline: Instant) -> CallFuture<'_, Box<RawValue>> {
        self.rules.blocks(deadline)
    }

    fn health(&self, deadline: Instant) -> CallFuture<'_, Health> {
        self.rules.health(deadline)
    }

    fn account(&self, before: Option<&RawValue>, agent: &RawValue) -> Box<Account> {
        self.rules.account(before, agent)
    }
}
