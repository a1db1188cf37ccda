//! The generator that the configuration chose.

use serde_json::value::RawValue;
use shared::{
    account::Account,
    port::{AgentGenerator, CallFuture, DecomposeCall, Decomposition, Drafted, GenerateCall, Health, PatchCall},
};
use tokio::time::Instant;

use crate::{builtin::Builtin, llm::LlmPlanner, remote::RemoteGenerator};

/// An enum and not a trait object: a vtable refers to every method, so that a function that only decomposes would also
/// link the code that generates and patches.
#[derive(Debug)]
#[allow(clippy::large_enum_variant, reason = "there is one per process, behind an Arc")]
pub enum Generator {
    Remote(RemoteGenerator),
    Rules(Builtin),
    Model(LlmPlanner),
}

impl Generator {
    /// The rules and blocks of the built-in generator; `None` of a remote one.
    pub(crate) fn rules(&self) -> Option<&Builtin> {
        match self {
            Self::Remote(_) => None,
            Self::Rules(rules) => Some(rules),
            Self::Model(planner) => Some(planner.rules()),
        }
    }
}

macro_rules! each {
    ($self:expr, $generator:ident => $call:expr) => {
        match $self {
            Generator::Remote($generator) => $call,
            Generator::Rules($generator) => $call,
            Generator::Model($generator) => $call,
        }
    };
}

impl AgentGenerator for Generator {
    fn kind(&self) -> &'static str {
        each!(self, generator => generator.kind())
    }

    fn decompose<'a>(&'a self, call: DecomposeCall<'a>, deadline: Instant) -> CallFuture<'a, Decomposition> {
        each!(self, generator => generator.decompose(call, deadline))
    }

    fn generate<'a>(&'a self, call: GenerateCall<'a>, deadline: Instant) -> CallFuture<'a, Drafted> {
        each!(self, generator => generator.generate(call, deadline))
    }

    fn patch<'a>(&'a self, call: PatchCall<'a>, deadline: Instant) -> CallFuture<'a, Drafted> {
        each!(self, generator => generator.patch(call, deadline))
    }

    fn blocks(&self, deadline: Instant) -> CallFuture<'_, Box<RawValue>> {
        each!(self, generator => generator.blocks(deadline))
    }

    fn health(&self, deadline: Instant) -> CallFuture<'_, Health> {
        each!(self, generator => generator.health(deadline))
    }

    fn account(&self, before: Option<&RawValue>, agent: &RawValue) -> Box<Account> {
        each!(self, generator => generator.account(before, agent))
    }
}
