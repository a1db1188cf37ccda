//! Calls the generator within the time that is left, and notes every call in the request's log.

use std::{sync::Arc, time::Duration};

use serde_json::value::RawValue;
use tokio::time::Instant;

use crate::{
    account::Account,
    action::Action,
    error_type::ErrorType,
    failure::Failure,
    json::{MAX_RESULT_DEPTH, nests_within},
    port::{AgentGenerator, CallFuture, DecomposeCall, Decomposition, Draft, Drafted, GenerateCall, Health, PatchCall},
    refusal::Refusal,
    request_log::RequestLog,
};

/// Monitors that ask `GET /health` do not wait for long.
const HEALTH_TIMEOUT: Duration = Duration::from_secs(5);

/// The configured generator, if any. Every call answers by `end` and is refused as not configured without a generator.
/// Tests use a trait object; functions name their generator's type, so that they link only the methods they call.
pub struct Upstream<G: ?Sized = dyn AgentGenerator> {
    generator: Option<Arc<G>>,
    timeout: Duration,
}

impl<G: ?Sized> Clone for Upstream<G> {
    fn clone(&self) -> Self {
        Self { generator: self.generator.clone(), timeout: self.timeout }
    }
}

impl<G: AgentGenerator + ?Sized> Upstream<G> {
    /// `timeout` bounds one call with its repeats.
    #[must_use]
    pub fn new(generator: Option<Arc<G>>, timeout: Duration) -> Self {
        Self { generator, timeout }
    }

    /// Fails if no generator is configured.
    pub fn check(&self) -> Result<(), Refusal> {
        self.generator().map(drop)
    }

    /// `None` if none is configured.
    #[must_use]
    pub fn get(&self) -> Option<&G> {
        self.generator.as_deref()
    }

    /// `builtin` or `remote`.
    #[must_use]
    pub fn kind(&self) -> Option<&'static str> {
        self.generator.as_ref().map(|generator| generator.kind())
    }

    pub async fn decompose(
        &self,
        call: DecomposeCall<'_>,
        end: Instant,
        log: &mut RequestLog,
    ) -> Result<Decomposition, Refusal> {
        let generator = self.generator()?;
        let decomposition = observe(Action::Decompose, generator.decompose(call, self.deadline(end)), log).await?;
        if let Decomposition::Instructions { steps, .. } = &decomposition {
            check_depth(steps, Action::Decompose, log)?;
        }
        Ok(decomposition)
    }

    pub async fn generate(
        &self,
        call: GenerateCall<'_>,
        end: Instant,
        log: &mut RequestLog,
    ) -> Result<Drafted, Refusal> {
        let generator = self.generator()?;
        let drafted = observe(Action::Generate, generator.generate(call, self.deadline(end)), log).await?;
        returnable(drafted, Action::Generate, log)
    }

    pub async fn patch(&self, call: PatchCall<'_>, end: Instant, log: &mut RequestLog) -> Result<Drafted, Refusal> {
        let generator = self.generator()?;
        let drafted = observe(Action::Patch, generator.patch(call, self.deadline(end)), log).await?;
        returnable(drafted, Action::Patch, log)
    }

    pub async fn blocks(&self, end: Instant, log: &mut RequestLog) -> Result<Box<RawValue>, Refusal> {
        let generator = self.generator()?;
        observe(Action::Catalog, generator.blocks(self.deadline(end)), log).await
    }

    /// Answers within five seconds as well.
    pub async fn health(&self, end: Instant, log: &mut RequestLog) -> Result<Health, Refusal> {
        let generator = self.generator()?;
        let deadline = self.deadline(end).min(Instant::now() + HEALTH_TIMEOUT);
        observe(Action::Catalog, generator.health(deadline), log).await
    }

    /// See [`AgentGenerator::account`]; empty without a generator.
    #[must_use]
    pub fn account(&self, before: Option<&RawValue>, agent: &RawValue) -> Box<Account> {
        self.generator.as_ref().map(|generator| generator.account(before, agent)).unwrap_or_default()
    }

    fn generator(&self) -> Result<&G, Refusal> {
        self.generator.as_deref().ok_or(Refusal::NotConfigured)
    }

    /// The sooner of the configured time-out and `end`.
    fn deadline(&self, end: Instant) -> Instant {
        Instant::now().checked_add(self.timeout).map_or(end, |limit| limit.min(end))
    }
}

async fn observe<T>(action: Action, call: CallFuture<'_, T>, log: &mut RequestLog) -> Result<T, Refusal> {
    let start = Instant::now();
    let called = call.await;
    *log.upstream_time.get_or_insert_default() += start.elapsed();
    log.attempts += called.attempts;
    log.upstream_status = called.upstream_status;
    if let Some(model) = called.model {
        log.model.get_or_insert_default().add(model);
    }
    called.result.map_err(|failure| Refusal::Failed { action, failure })
}

fn returnable(drafted: Drafted, action: Action, log: &RequestLog) -> Result<Drafted, Refusal> {
    if let Drafted::Now(Draft::Agent(agent, _)) = &drafted {
        check_depth(agent, action, log)?;
    }
    Ok(drafted)
}

/// Whoever gets steps or an agent can send them back: what wraps them stays within the depth that a request may have.
fn check_depth(result: &RawValue, action: Action, log: &RequestLog) -> Result<(), Refusal> {
    if nests_within(result, MAX_RESULT_DEPTH) {
        return Ok(());
    }
    let text = format!("Agent Generator returned a result that is nested deeper than {MAX_RESULT_DEPTH} levels");
    let failure = Failure { upstream_status: log.upstream_status, ..Failure::new(ErrorType::InvalidResponse, text) };
    Err(Refusal::Failed { action, failure })
}
