//! One of two generators.

use serde_json::value::RawValue;
use tokio::time::Instant;

use crate::port::{
    AgentGenerator, CallFuture, DecomposeCall, Decomposition, Draft, Drafted, GenerateCall, Health, OperationIds,
    PatchCall,
};

/// The generator of two that was chosen when the process started. A trait object would do the same, but its table names
/// every method: with it, a function that only decomposes links all that generates and patches as well.
#[derive(Debug, Clone)]
pub enum Either<A, B> {
    /// The one.
    First(A),
    /// The other.
    Second(B),
}

/// Whichever it is.
macro_rules! chosen {
    ($either:expr, $one:ident => $call:expr) => {
        match $either {
            Either::First($one) => $call,
            Either::Second($one) => $call,
        }
    };
}

impl<A: AgentGenerator, B: AgentGenerator> AgentGenerator for Either<A, B> {
    fn kind(&self) -> &'static str {
        chosen!(self, one => one.kind())
    }

    fn decompose<'a>(&'a self, call: DecomposeCall<'a>, deadline: Instant) -> CallFuture<'a, Decomposition> {
        chosen!(self, one => one.decompose(call, deadline))
    }

    fn generate<'a>(&'a self, call: GenerateCall<'a>, deadline: Instant) -> CallFuture<'a, Draft> {
        chosen!(self, one => one.generate(call, deadline))
    }

    fn patch<'a>(&'a self, call: PatchCall<'a>, deadline: Instant) -> CallFuture<'a, Draft> {
        chosen!(self, one => one.patch(call, deadline))
    }

    fn blocks(&self, deadline: Instant) -> CallFuture<'_, Box<RawValue>> {
        chosen!(self, one => one.blocks(deadline))
    }

    fn health(&self, deadline: Instant) -> CallFuture<'_, Health> {
        chosen!(self, one => one.health(deadline))
    }

    fn decompose_for<'a>(
        &'a self,
        call: DecomposeCall<'a>,
        operation: OperationIds<'a>,
        deadline: Instant,
    ) -> CallFuture<'a, Decomposition> {
        chosen!(self, one => one.decompose_for(call, operation, deadline))
    }

    fn generate_for<'a>(
        &'a self,
        call: GenerateCall<'a>,
        operation: OperationIds<'a>,
        deadline: Instant,
    ) -> CallFuture<'a, Drafted> {
        chosen!(self, one => one.generate_for(call, operation, deadline))
    }

    fn patch_for<'a>(
        &'a self,
        call: PatchCall<'a>,
        operation: OperationIds<'a>,
        deadline: Instant,
    ) -> CallFuture<'a, Drafted> {
        chosen!(self, one => one.patch_for(call, operation, deadline))
    }
}
