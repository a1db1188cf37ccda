//! The built-in generator behind the port that the functions speak to.

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

/// The blocks, as `blocks()` hands them out.
const BLOCKS: &str = include_str!("../data/blocks.json");

/// Read once, on the first call: a function that never plans does not wait for it.
static KNOWLEDGE: LazyLock<Result<Knowledge, KnowledgeError>> = LazyLock::new(|| Knowledge::of(BLOCKS));

/// What another catalogue says, read once.
#[derive(Debug)]
struct Own {
    text: Box<RawValue>,
    knowledge: Result<Knowledge, KnowledgeError>,
}

/// The generator that ships with this project: rules over a catalogue of blocks, offline and deterministic.
/// A clone shares the catalogue.
#[derive(Debug, Clone, Default)]
pub struct Builtin {
    own: Option<Arc<Own>>,
}

impl Builtin {
    /// A generator over the embedded blocks. Costs nothing: they are read on the first call, once per process.
    pub fn new() -> Self {
        Self::default()
    }

    /// A generator over another catalogue: a JSON array of blocks, see [`crate::catalogue::Catalogue::from_json`]. It
    /// is read here, once. Fails with the entry and the reason where it is broken.
    pub fn from_catalogue(json: &str) -> Result<Self, CatalogueError> {
        let knowledge = match Knowledge::of(json) {
            Err(KnowledgeError::Catalogue(error)) => return Err(error),
            // The embedded vocabulary is no fault of the catalogue: the calls report it, as they do without one.
            knowledge => knowledge,
        };
        let text = RawValue::from_string(json.trim().to_owned())?;
        Ok(Self { own: Some(Arc::new(Own { text, knowledge })) })
    }

    /// A generator over another catalogue where its text is given, else over the embedded blocks. Fails where the
    /// catalogue is broken: `BLOCK_CATALOG`, the entry and the reason.
    pub fn configured(catalogue: Option<&str>) -> Result<Self, BadConfig> {
        let own = catalogue.map(Self::from_catalogue).transpose();
        let own = own.map_err(|error| BadConfig::new(BLOCK_CATALOG, format!("names a broken catalogue: {error}")))?;
        Ok(own.unwrap_or_default())
    }

    /// What planning needs to know.
    pub(crate) fn knowledge(&self) -> Result<&Knowledge, Failure> {
        let knowledge = self.own.as_ref().map_or_else(|| LazyLock::force(&KNOWLEDGE), |own| &own.knowledge);
        knowledge.as_ref().map_err(|error| Failure::new(ErrorType::UnexpectedError, error.to_string()))
    }

    /// What becomes of a goal. Fails only where the embedded data cannot be read.
    pub fn decompose_now(&self, description: &str, context: Option<&str>) -> Result<Decomposition, Failure> {
        let knowledge = self.knowledge()?;
        Ok(match planner::plan(knowledge, description, context) {
            Outcome::Plan(plan) => {
                let steps = raw(&instructions::written(knowledge, &plan))?;
                // What is promised here must be built by generate.
                match checked(knowledge, &plan) {
                    Ok(_) => Decomposition::Instructions { steps },
                    // Another catalogue may lack a block that joins two others.
                    Err(faults) if self.own.is_some() => Decomposition::UnachievableGoal {
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

    /// A suggestion, where it can be built: those of the vocabulary are made for the embedded blocks.
    fn buildable(&self, knowledge: &Knowledge, goal: String) -> Option<String> {
        let built = || match planner::plan(knowledge, &goal, None) {
            Outcome::Plan(plan) => checked(knowledge, &plan).is_ok(),
            _ => false,
        };
        (self.own.is_none() || built()).then_some(goal)
    }

    /// The agent of some steps. Fails with `validation_error` where they name no block or the agent does not hold.
    pub fn generate_now(&self, instructions: &RawValue) -> Result<Draft, Failure> {
        let knowledge = self.knowledge()?;
        let instructions = parsed(instructions, "the instructions")?;
        match instructions::read(knowledge, &instructions) {
            Ok(plan) => built(knowledge, &plan),
            Err(Refusal::Open(questions)) => Ok(Draft::ClarifyingQuestions(questions)),
            Err(Refusal::Faulty(faults)) => Err(validator::refusal(&faults)),
        }
    }

    /// The changed agent. Fails with `patch_error` where the change cannot be made, and with `validation_error` where
    /// the agent would not hold; the agent that was handed in is never half changed.
    pub fn patch_now(&self, update_request: &str, current_agent: &RawValue) -> Result<Draft, Failure> {
        let knowledge = self.knowledge()?;
        let agent = parsed(current_agent, "the current agent")?;
        match patcher::patch(knowledge, update_request, agent)? {
            Patched::Agent(agent) => changed(current_agent, &agent),
            Patched::Questions(questions) => Ok(Draft::ClarifyingQuestions(questions)),
        }
    }
}

/// The agent of a plan, as generate hands it out; `validation_error` where it does not hold.
pub(crate) fn built(knowledge: &Knowledge, plan: &Plan) -> Result<Draft, Failure> {
    let agent = checked(knowledge, plan).map_err(|faults| validator::refusal(&faults))?;
    Ok(Draft::Agent(raw(&agent)?))
}

/// A changed agent, as patch hands it out: what the change left alone reads as it did before.
pub(crate) fn changed(before: &RawValue, after: &Value) -> Result<Draft, Failure> {
    let text = numbers::restored(before.get(), &after.to_string());
    let text = RawValue::from_string(text);
    text.map(Draft::Agent).map_err(|error| Failure::new(ErrorType::UnexpectedError, error.to_string()))
}

/// A JSON text as a value; `validation_error`, naming `what` it is, where it cannot be read.
pub(crate) fn parsed(text: &RawValue, what: &str) -> Result<Value, Failure> {
    serde_json::from_str(text.get())
        .map_err(|error| Failure::new(ErrorType::ValidationError, format!("{what} cannot be read: {error}")))
}

/// A value as JSON text.
pub(crate) fn raw(value: &Value) -> Result<Box<RawValue>, Failure> {
    to_raw_value(value).map_err(|error| Failure::new(ErrorType::UnexpectedError, error.to_string()))
}

/// The agent of a plan, after the validator has passed it; else what is wrong with it.
pub(crate) fn checked(knowledge: &Knowledge, plan: &Plan) -> Result<Value, Vec<String>> {
    let agent = fixer::fix(&knowledge.catalogue, assembler::assemble(&knowledge.catalogue, plan), &Reach::All);
    let faults = validator::faults(&knowledge.catalogue, &agent);
    if faults.is_empty() { Ok(agent) } else { Err(faults) }
}

impl AgentGenerator for Builtin {
    fn kind(&self) -> &'static str {
        "builtin"
    }

    // Planning takes microseconds to a few milliseconds, so the deadline is always kept.
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
            let text = match &self.own {
                Some(own) => Ok(own.text.clone()),
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
