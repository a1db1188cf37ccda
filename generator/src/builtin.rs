//! The built-in generator with the rules as its planner.

use std::sync::{Arc, LazyLock};

use serde_json::{
    Value,
    value::{RawValue, to_raw_value},
};
use shared::{
    environment::BadConfig,
    error_type::ErrorType,
    failure::{Called, Failure},
    port::{AgentGenerator, CallFuture, DecomposeCall, Decomposition, Draft, Drafted, GenerateCall, Health, PatchCall},
};
use tokio::time::Instant;

use crate::{
    assembler,
    catalogue::CatalogueError,
    config::BLOCK_CATALOG,
    fixer::{self, Reach},
    instructions::{self, Refusal},
    numbers,
    patcher::{self, Patched},
    planner::{self, Knowledge, KnowledgeError, Outcome, plan::Plan},
    validator,
};

const BLOCKS: &str = include_str!("../data/blocks.json");

/// Parsed on the first call: a function that never plans does not wait for it.
static KNOWLEDGE: LazyLock<Result<Knowledge, KnowledgeError>> = LazyLock::new(|| Knowledge::of(BLOCKS));

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
}

impl Builtin {
    /// Over the embedded blocks, which are parsed on the first call, once per process.
    pub fn new() -> Self {
        Self::default()
    }

    /// Over another catalogue, which is parsed here: see [`crate::catalogue::Catalogue::from_json`].
    pub fn from_catalogue(json: &str) -> Result<Self, CatalogueError> {
        let knowledge = match Knowledge::of(json) {
            Err(KnowledgeError::Catalogue(error)) => return Err(error),
            // A broken embedded vocabulary is not a fault of the catalogue: the calls report it.
            knowledge => knowledge,
        };
        let text = RawValue::from_string(json.trim().to_owned())?;
        Ok(Self { other: Some(Arc::new(OtherCatalogue { text, knowledge })) })
    }

    /// Over `catalogue` if given, else over the embedded blocks. Fails if the catalogue is broken.
    pub fn configured(catalogue: Option<&str>) -> Result<Self, BadConfig> {
        let other = catalogue.map(Self::from_catalogue).transpose();
        let other =
            other.map_err(|error| BadConfig::new(BLOCK_CATALOG, format!("names a broken catalogue: {error}")))?;
        Ok(other.unwrap_or_default())
    }

    pub(crate) fn knowledge(&self) -> Result<&Knowledge, Failure> {
        let knowledge = self.other.as_ref().map_or_else(|| LazyLock::force(&KNOWLEDGE), |other| &other.knowledge);
        knowledge.as_ref().map_err(|error| Failure::new(ErrorType::UnexpectedError, error.to_string()))
    }

    /// Fails if a plan for the embedded blocks is invalid or the embedded data cannot be parsed; both are bugs.
    pub fn decompose_now(&self, description: &str, context: Option<&str>) -> Result<Decomposition, Failure> {
        let knowledge = self.knowledge()?;
        Ok(match planner::plan(knowledge, description, context) {
            Outcome::Plan(plan) => {
                let steps = raw(&instructions::to_steps(knowledge, &plan))?;
                // Generate must be able to build what decompose promises.
                match checked(knowledge, &plan) {
                    Ok(_) => Decomposition::Instructions { steps },
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
                suggested_goal: self.buildable(knowledge, suggestion),
            },
            Outcome::Vague { suggestion } => {
                Decomposition::VagueGoal { suggested_goal: self.buildable(knowledge, suggestion) }
            }
        })
    }

    /// Drops a suggestion that another catalogue cannot build: suggestions are written for the embedded blocks.
    fn buildable(&self, knowledge: &Knowledge, goal: String) -> Option<String> {
        let built = || match planner::plan(knowledge, &goal, None) {
            Outcome::Plan(plan) => checked(knowledge, &plan).is_ok(),
            _ => false,
        };
        (self.other.is_none() || built()).then_some(goal)
    }

    /// Fails with `validation_error` if a step names no block or the agent is invalid.
    pub fn generate_now(&self, instructions: &RawValue) -> Result<Draft, Failure> {
        let knowledge = self.knowledge()?;
        let instructions = parsed(instructions, "the instructions")?;
        match instructions::parse(knowledge, &instructions) {
            Ok(plan) => built(knowledge, &plan),
            Err(Refusal::Open(questions)) => Ok(Draft::ClarifyingQuestions(questions)),
            Err(Refusal::Faulty(faults)) => Err(validator::refusal(&faults)),
        }
    }

    /// Fails with `patch_error` if the change cannot be made, with `validation_error` if the agent would be invalid.
    /// All or nothing: a half-changed agent is never returned.
    pub fn patch_now(&self, update_request: &str, current_agent: &RawValue) -> Result<Draft, Failure> {
        let knowledge = self.knowledge()?;
        let agent = parsed(current_agent, "the current agent")?;
        match patcher::patch(knowledge, update_request, agent)? {
            Patched::Agent(agent) => changed(current_agent, &agent),
            Patched::Questions(questions) => Ok(Draft::ClarifyingQuestions(questions)),
        }
    }
}

/// Builds a plan; fails with `validation_error`.
pub(crate) fn built(knowledge: &Knowledge, plan: &Plan) -> Result<Draft, Failure> {
    let agent = checked(knowledge, plan).map_err(|faults| validator::refusal(&faults))?;
    Ok(Draft::Agent(raw(&agent)?))
}

/// Returns a changed agent. Untouched numbers keep their spelling.
pub(crate) fn changed(before: &RawValue, after: &Value) -> Result<Draft, Failure> {
    let text = numbers::restored(before.get(), &after.to_string());
    let text = RawValue::from_string(text);
    text.map(Draft::Agent).map_err(|error| Failure::new(ErrorType::UnexpectedError, error.to_string()))
}

/// Parses JSON; the `validation_error` names `what` it is.
pub(crate) fn parsed(text: &RawValue, what: &str) -> Result<Value, Failure> {
    serde_json::from_str(text.get())
        .map_err(|error| Failure::new(ErrorType::ValidationError, format!("{what} cannot be read: {error}")))
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

    // Takes a few milliseconds at most, so the deadline is ignored.
    fn decompose<'a>(&'a self, call: DecomposeCall<'a>, _deadline: Instant) -> CallFuture<'a, Decomposition> {
        Box::pin(async move { Called::in_process(self.decompose_now(call.description, call.context)) })
    }

    fn generate<'a>(&'a self, call: GenerateCall<'a>, _deadline: Instant) -> CallFuture<'a, Drafted> {
        Box::pin(async move { Called::in_process(self.generate_now(call.instructions)).map(Drafted::Now) })
    }

    fn patch<'a>(&'a self, call: PatchCall<'a>, _deadline: Instant) -> CallFuture<'a, Drafted> {
        Box::pin(async move {
            Called::in_process(self.patch_now(call.update_request, call.current_agent_json)).map(Drafted::Now)
        })
    }

    fn blocks(&self, _deadline: Instant) -> CallFuture<'_, Box<RawValue>> {
        Box::pin(async {
            let text = match &self.other {
                Some(other) => Ok(other.text.clone()),
                None => RawValue::from_string(BLOCKS.to_owned()),
            };
            Called::in_process(text.map_err(|error| Failure::new(ErrorType::UnexpectedError, error.to_string())))
        })
    }

    fn health(&self, _deadline: Instant) -> CallFuture<'_, Health> {
        Box::pin(async {
            let ready = self.knowledge().is_ok();
            Called::in_process(Ok(Health { healthy: ready, blocks_loaded: ready }))
        })
    }
}
