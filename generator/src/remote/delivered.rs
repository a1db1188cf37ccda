//! A remote generator that has brought its agent itself (CONTRACT 7): whatever it is asked for, that is the answer.

use serde_json::value::RawValue;
use shared::{
    account::{Account, LeftOut},
    error_type::ErrorType,
    failure::{Called, Failure},
    json::{self, Object},
    port::{AgentGenerator, CallFuture, DecomposeCall, Decomposition, Draft, Drafted, GenerateCall, Health, PatchCall},
};
use tokio::time::Instant;

use super::{of_changed, of_new};
use crate::{
    account::{self, left_out},
    catalogue::EMBEDDED,
};

#[derive(Debug, Clone)]
pub struct Delivered {
    pub agent: Box<RawValue>,
    left_out: Vec<LeftOut>,
}

impl Delivered {
    /// `None` if there is no agent in the result of a completion.
    #[must_use]
    pub fn parse(result: &str) -> Option<Self> {
        let result = Object::parse_keys(result, &["agent_json", "left_out"]).ok()?;
        let agent = result.get("agent_json").filter(|agent| json::is_object(agent))?.to_owned();
        Some(Self { agent, left_out: result.get("left_out").map(left_out).unwrap_or_default() })
    }

    fn drafted(&self, account: Box<Account>) -> CallFuture<'static, Drafted> {
        let drafted = Drafted::Now(Draft::Agent(self.agent.clone(), account));
        Box::pin(async { Called::in_process(Ok(drafted)) })
    }
}

impl AgentGenerator for Delivered {
    fn kind(&self) -> &'static str {
        "remote"
    }

    /// The steps were asked for before; nothing is made of them now.
    fn decompose<'a>(&'a self, _: DecomposeCall<'a>, _: Instant) -> CallFuture<'a, Decomposition> {
        let steps = RawValue::from_string("[]".to_owned()).map_err(|_| not_asked());
        let steps = steps.map(|steps| Decomposition::Instructions { steps, account: Box::default() });
        Box::pin(async { Called::in_process(steps) })
    }

    fn generate<'a>(&'a self, call: GenerateCall<'a>, _: Instant) -> CallFuture<'a, Drafted> {
        self.drafted(of_new(call.instructions, &self.agent, self.left_out.clone()))
    }

    fn patch<'a>(&'a self, call: PatchCall<'a>, _: Instant) -> CallFuture<'a, Drafted> {
        self.drafted(of_changed(call.current_agent_json, &self.agent, self.left_out.clone()))
    }

    fn blocks(&self, _: Instant) -> CallFuture<'_, Box<RawValue>> {
        Box::pin(async { Called::in_process(Err(not_asked())) })
    }

    fn health(&self, _: Instant) -> CallFuture<'_, Health> {
        Box::pin(async { Called::in_process(Err(not_asked())) })
    }

    fn account(&self, before: Option<&RawValue>, agent: &RawValue) -> Box<Account> {
        account::again(&EMBEDDED, before, agent)
    }
}

fn not_asked() -> Failure {
    Failure::new(ErrorType::UnexpectedError, "a generator that has brought its agent is asked for nothing else")
}
