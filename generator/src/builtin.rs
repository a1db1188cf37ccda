//! The built-in generator with the rules as its planner.

use std::sync::{Arc, LazyLock};

use serde_json::{
    Value,
    value::{RawValue, to_raw_value},
};
use shared::{
    account::Account,
    environment::BadConfig,
    error_type::ErrorType,
    failure::{Called, Failure},
    json::Object,
    limits::{INPUTS, STEPS},
    port::{
        AgentGenerator, Background, CallFuture, DecomposeCall, Decomposition, Draft, Drafted, GenerateCall, Health,
        PatchCall,
    },
    progress::{Progress as _, Step},
};
use tokio::time::Instant;

use crate::{
    account::{self, Told},
    assembler,
    catalogue::{Catalogue, CatalogueError, EMBEDDED, special},
    config::BLOCK_CATALOG,
    fixer::{self, Reach},
    instructions::{self, Refusal},
    knowledge::{Knowledge, KnowledgeError},
    opaque::{self, Rest},
    patcher::{self, Patched},
    plan::{self, Outcome, model::Plan},
    sub_agents::SubAgents,
    validator,
    watch::{Watch, beside, here, is_long},
};

/// Parsed on the first call: a function that never plans does not wait for it.
static KNOWLEDGE: LazyLock<Result<Knowledge, KnowledgeError>> = LazyLock::new(Knowledge::embedded);

/// The list of the embedded blocks, inflated when it is first asked for: only `catalog` gives it out.
static BLOCKS: LazyLock<Result<&RawValue, CatalogueError>> =
    LazyLock::new(|| Ok(serde_json::from_str(Catalogue::embedded_text()?)?));

/// A catalogue that replaces the embedded one.
#[derive(Debug)]
struct OtherCatalogue {
    text: Box<RawValue>,
    knowledge: Result<Knowledge, KnowledgeError>,
}

/// Rules over a catalogue of blocks: offline, deterministic, a few milliseconds per call. A clone shares the catalogue.
#[derive(Debug, Clone, Default)]
pub struct Builtin {
    other: Option<Arc<OtherCatalogue>>,
    /// The same knowledge with the person's own agents.
    offered: Option<Arc<Knowledge>>,
}

impl Builtin {
    /// Over the embedded blocks, which are parsed on the first call, once per process.
    pub fn new() -> Self {
        Self::default()
    }

    /// Over another catalogue, which is parsed here: see [`crate::catalogue::Catalogue::from_json`].
    pub fn from_catalogue(json: &str) -> Result<Self, CatalogueError> {
        let knowledge = match Knowledge::from_json(json) {
            Err(KnowledgeError::Catalogue(error)) => return Err(error),
            // A broken embedded vocabulary is not a fault of the catalogue: the calls report it.
            knowledge => knowledge,
        };
        let text = RawValue::from_string(json.trim().to_owned())?;
        Ok(Self { other: Some(Arc::new(OtherCatalogue { text, knowledge })), offered: None })
    }

    /// Over `catalogue` if given, else over the embedded blocks. Fails if the catalogue is broken.
    pub fn configured(catalogue: Option<&str>) -> Result<Self, BadConfig> {
        let other = catalogue.map(Self::from_catalogue).transpose();
        let other =
            other.map_err(|error| BadConfig::new(BLOCK_CATALOG, format!("names a broken catalogue: {error}")))?;
        Ok(other.unwrap_or_default())
    }

    /// For a person who has `agents`, a JSON array: those that fit `words` can become steps. `within` is the id of the agent
    /// that is changed.
    pub fn offering(&self, agents: Option<&RawValue>, words: &str, within: Option<&str>) -> Result<Self, Failure> {
        let mut own = self.clone();
        let knowledge = self.knowledge()?;
        if let Some(agents) = agents.filter(|_| knowledge.catalogue.by_id(special::AGENT_EXECUTOR).is_some()) {
            let agents = SubAgents::offered(agents, words, within);
            own.offered = (!agents.is_empty()).then(|| Arc::new(knowledge.with_agents(agents)));
        }
        Ok(own)
    }

    pub(crate) fn knowledge(&self) -> Result<&Knowledge, Failure> {
        if let Some(offered) = &self.offered {
            return Ok(offered);
        }
        let knowledge = self.other.as_ref().map_or_else(|| LazyLock::force(&KNOWLEDGE), |other| &other.knowledge);
        knowledge.as_ref().map_err(|error| Failure::new(ErrorType::UnexpectedError, error.to_string()))
    }

    fn tell_nodes(&self, operation: Option<Background<'_>>, drafted: &Result<Draft, Failure>) {
        if let Ok(knowledge) = self.knowledge() {
            account::tell_nodes(operation, &*knowledge.catalogue, drafted.as_ref().ok());
        }
    }

    /// As [`Self::decompose_within`], however long it takes.
    pub fn decompose_now(&self, description: &str, context: Option<&str>) -> Result<Decomposition, Failure> {
        self.decompose_within(description, context, Watch::NONE)
    }

    /// Fails if a plan for the embedded blocks is invalid or the embedded data cannot be parsed; both are bugs. Fails with
    /// `request_too_large` if the goal has too many clauses.
    pub fn decompose_within(
        &self,
        description: &str,
        context: Option<&str>,
        watch: Watch<'_>,
    ) -> Result<Decomposition, Failure> {
        let knowledge = self.knowledge()?;
        Ok(match plan::plan(knowledge, description, context, watch)? {
            Outcome::Plan(plan) => {
                watch.check()?;
                // Generate must be able to take what decompose promises.
                STEPS.check(plan.steps.len())?;
                plan.steps.iter().try_for_each(|step| INPUTS.check(step.inputs.len()))?;
                let steps = raw(&instructions::to_steps(knowledge, &plan))?;
                // Generate must be able to build what decompose promises.
                match checked(knowledge, &plan) {
                    Ok(_) => {
                        let told = Told { left_out: plan.left_out, timezone: plan.timezone };
                        let account = account::of_steps(&*knowledge.catalogue, &steps, told);
                        Decomposition::Instructions { steps, account }
                    }
                    // Another catalogue may lack a block that connects two others.
                    Err(faults) if self.other.is_some() => Decomposition::UnachievableGoal {
                        reason: Some(validator::report(&faults)),
                        suggested_goal: None,
                    },
                    Err(faults) => return Err(validator::refusal(&faults)),
                }
            }
            Outcome::Questions(questions) => Decomposition::ClarifyingQuestions(questions),
            Outcome::Unachievable { reason, suggestion } => Decomposition::UnachievableGoal {
                reason: Some(reason),
                suggested_goal: suggestion.and_then(|goal| self.buildable(knowledge, goal, watch)),
            },
            Outcome::Vague { suggestion } => Decomposition::VagueGoal {
                suggested_goal: suggestion.and_then(|goal| self.buildable(knowledge, goal, watch)),
            },
        })
    }

    /// Drops a suggestion that another catalogue cannot build: suggestions are written for the embedded blocks.
    fn buildable(&self, knowledge: &Knowledge, goal: String, watch: Watch<'_>) -> Option<String> {
        let built = || match plan::plan(knowledge, &goal, None, watch) {
            Ok(Outcome::Plan(plan)) => checked(knowledge, &plan).is_ok(),
            _ => false,
        };
        (self.other.is_none() || built()).then_some(goal)
    }

    /// As [`Self::generate_within`], however long it takes.
    pub fn generate_now(&self, instructions: &RawValue) -> Result<Draft, Failure> {
        self.generate_within(instructions, Watch::NONE)
    }

    /// Fails with `validation_error` if a step names no block or the agent is invalid, with `request_too_large` if the
    /// steps have too many values or ask for too much.
    pub fn generate_within(&self, instructions: &RawValue, watch: Watch<'_>) -> Result<Draft, Failure> {
        let knowledge = self.knowledge()?;
        let opened = opaque::instructions(instructions)?;
        match instructions::parse(knowledge, &opened.value, watch) {
            Ok(plan) => built(knowledge, &plan, (instructions, &opened.rest), watch),
            Err(Refusal::Open(questions)) => Ok(Draft::ClarifyingQuestions(questions)),
            Err(Refusal::Faulty(faults)) => Err(validator::refusal(&faults)),
            Err(Refusal::Failed(failure)) => Err(failure),
        }
    }

    /// As [`Self::patch_within`], however long it takes.
    pub fn patch_now(&self, update_request: &str, current_agent: &RawValue) -> Result<Draft, Failure> {
        self.patch_within(update_request, current_agent, Watch::NONE)
    }

    /// Fails with `patch_error` if the change cannot be made, with `validation_error` if the agent would be invalid, with
    /// `request_too_large` if there are too many changes or values. Each change is made whole or not at all: what is not made
    /// is in `left_out`.
    pub fn patch_within(
        &self,
        update_request: &str,
        current_agent: &RawValue,
        watch: Watch<'_>,
    ) -> Result<Draft, Failure> {
        let knowledge = self.knowledge()?;
        let opaque::Opened { value: agent, rest } = opaque::agent(current_agent)?;
        match patcher::patch(knowledge, update_request, agent, watch)? {
            Patched::Agent(agent, left_out) => {
                let agent = rest.written(&agent)?;
                watch.check()?;
                let told = Told { left_out, ..Told::default() };
                let account = account::of_patch(&*knowledge.catalogue, current_agent, &agent, told);
                Ok(Draft::Agent(agent, account))
            }
            Patched::Questions(questions) => Ok(Draft::ClarifyingQuestions(questions)),
        }
    }
}

/// Builds a plan that was made from these instructions; fails with `validation_error`.
pub(crate) fn built(
    knowledge: &Knowledge,
    plan: &Plan,
    (instructions, rest): (&RawValue, &Rest<'_>),
    watch: Watch<'_>,
) -> Result<Draft, Failure> {
    watch.check()?;
    let agent = checked(knowledge, plan).map_err(|faults| validator::refusal(&faults))?;
    watch.check()?;
    let agent = rest.written(&agent)?;
    let account = account::of_agent(&*knowledge.catalogue, &agent, Told::by_instructions(instructions));
    Ok(Draft::Agent(agent, account))
}

pub(crate) fn raw(value: &Value) -> Result<Box<RawValue>, Failure> {
    to_raw_value(value).map_err(|error| Failure::new(ErrorType::UnexpectedError, error.to_string()))
}

/// Assembles and fixes a plan. The agent may be invalid.
pub(crate) fn assembled(knowledge: &Knowledge, plan: &Plan) -> Value {
    fixer::fix(&knowledge.catalogue, assembler::assemble(&knowledge.catalogue, plan), &Reach::All)
}

/// Assembles, fixes and validates a plan; fails with the faults.
pub(crate) fn checked(knowledge: &Knowledge, plan: &Plan) -> Result<Value, Vec<String>> {
    let agent = assembled(knowledge, plan);
    let faults = validator::faults(&knowledge.catalogue, &agent);
    if faults.is_empty() { Ok(agent) } else { Err(faults) }
}

impl AgentGenerator for Builtin {
    fn kind(&self) -> &'static str {
        "builtin"
    }

    fn decompose<'a>(&'a self, call: DecomposeCall<'a>, deadline: Instant) -> CallFuture<'a, Decomposition> {
        let DecomposeCall { description, context, library_agents, .. } = call;
        Box::pin(async move {
            let words = || format!("{description}\n{}", context.unwrap_or_default());
            let own = match self.offering(library_agents, &words(), None) {
                Ok(own) => own,
                Err(failure) => return Called::in_process(Err(failure)),
            };
            let long = is_long(description.len() + context.map_or(0, str::len), 0);
            Called::in_process(if long {
                let (description, context) = (description.to_owned(), context.map(str::to_owned));
                beside(deadline, move |watch| own.decompose_within(&description, context.as_deref(), watch)).await
            } else {
                here(deadline, |watch| own.decompose_within(description, context, watch))
            })
        })
    }

    fn generate<'a>(&'a self, call: GenerateCall<'a>, deadline: Instant) -> CallFuture<'a, Drafted> {
        let GenerateCall { instructions, library_agents, operation } = call;
        Box::pin(async move {
            let own = match self.offering(library_agents, instructions.get(), None) {
                Ok(own) => own,
                Err(failure) => return Called::in_process(Err(failure)),
            };
            operation.step(Step::Assembling, None);
            let drafted = if is_long(0, instructions.get().len()) {
                let instructions = instructions.to_owned();
                beside(deadline, move |watch| own.generate_within(&instructions, watch)).await
            } else {
                here(deadline, |watch| own.generate_within(instructions, watch))
            };
            self.tell_nodes(operation, &drafted);
            Called::in_process(drafted).map(Drafted::Now)
        })
    }

    fn patch<'a>(&'a self, call: PatchCall<'a>, deadline: Instant) -> CallFuture<'a, Drafted> {
        let PatchCall { update_request: request, current_agent_json: agent, library_agents, operation } = call;
        Box::pin(async move {
            let id = library_agents.and_then(|_| Object::of_keys(agent, &["id"])?.text("id"));
            let own = match self.offering(library_agents, request, id.as_deref()) {
                Ok(own) => own,
                Err(failure) => return Called::in_process(Err(failure)),
            };
            let drafted = if is_long(request.len(), agent.get().len()) {
                let (request, agent) = (request.to_owned(), agent.to_owned());
                beside(deadline, move |watch| own.patch_within(&request, &agent, watch)).await
            } else {
                here(deadline, |watch| own.patch_within(request, agent, watch))
            };
            self.tell_nodes(operation, &drafted);
            Called::in_process(drafted).map(Drafted::Now)
        })
    }

    fn blocks(&self, _deadline: Instant) -> CallFuture<'_, Box<RawValue>> {
        Box::pin(async {
            let text = match &self.other {
                Some(other) => Ok(&*other.text),
                None => BLOCKS.as_ref().copied(),
            };
            let text = text.map(ToOwned::to_owned);
            Called::in_process(text.map_err(|error| Failure::new(ErrorType::UnexpectedError, error.to_string())))
        })
    }

    fn health(&self, _deadline: Instant) -> CallFuture<'_, Health> {
        Box::pin(async {
            let ready = self.knowledge().is_ok();
            Called::in_process(Ok(Health { healthy: ready, blocks_loaded: ready }))
        })
    }

    fn account(&self, before: Option<&RawValue>, agent: &RawValue) -> Box<Account> {
        match self.knowledge() {
            Ok(knowledge) => account::again(&*knowledge.catalogue, before, agent),
            Err(_) => account::again(&EMBEDDED, before, agent),
        }
    }
}
