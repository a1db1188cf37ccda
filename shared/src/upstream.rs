//! The generator as a function calls it: within the time that is left, and on log.

use std::{sync::Arc, time::Duration};

use serde_json::value::RawValue;
use tokio::time::Instant;

use crate::{
    action::Action,
    block_catalog,
    config::{Config, GeneratorAddress},
    either::Either,
    environment::BadConfig,
    port::{
        AgentGenerator, CallFuture, DecomposeCall, Decomposition, Drafted, GenerateCall, Health, OperationIds,
        PatchCall,
    },
    refusal::Refusal,
    remote::RemoteGenerator,
    request_log::RequestLog,
};

/// `GET /health` is asked by monitors, which do not wait for long.
const HEALTH_TIMEOUT: Duration = Duration::from_secs(5);

/// The configured generator, if any, and how long it may take. A trait object does in tests; what ships names its generator's
/// type, and so links only what it asks of it.
pub struct Upstream<G: ?Sized = dyn AgentGenerator> {
    generator: Option<Arc<G>>,
    timeout: Duration,
}

impl<G: ?Sized> Clone for Upstream<G> {
    fn clone(&self) -> Self {
        Self { generator: self.generator.clone(), timeout: self.timeout }
    }
}

impl<B: AgentGenerator> Upstream<Either<RemoteGenerator, B>> {
    /// The generator that `config` names; `builtin` makes the built-in one, as `config` has it, of another block
    /// catalogue where it is given its text.
    ///
    /// # Errors
    /// The generator cannot be prepared.
    pub async fn connect(
        config: &Config,
        builtin: impl FnOnce(&Config, Option<&str>) -> Result<B, BadConfig>,
    ) -> Result<Self, BadConfig> {
        let certificate_file = config.certificate_file.as_deref();
        let generator = match &config.generator {
            GeneratorAddress::NotConfigured => None,
            GeneratorAddress::Builtin => Some(Either::Second(match &config.block_catalog {
                Some(source) => builtin(config, Some(&block_catalog::read(source, certificate_file).await?))?,
                None => builtin(config, None)?,
            })),
            GeneratorAddress::Remote(url) => {
                let remote = RemoteGenerator::new(url.clone(), config.token.clone(), certificate_file)?;
                remote.prepare().await;
                Some(Either::First(remote))
            }
        };
        Ok(Self { generator: generator.map(Arc::new), timeout: config.timeout })
    }
}

impl<G: AgentGenerator + ?Sized> Upstream<G> {
    /// A generator of the caller's own.
    #[must_use]
    pub fn with(generator: Arc<G>, timeout: Duration) -> Self {
        Self { generator: Some(generator), timeout }
    }

    /// Whether there is a generator.
    ///
    /// # Errors
    /// There is none.
    pub fn check(&self) -> Result<(), Refusal> {
        self.generator().map(drop)
    }

    /// `builtin`, `remote`, or nothing where there is none.
    #[must_use]
    pub fn kind(&self) -> Option<&'static str> {
        self.generator.as_ref().map(|generator| generator.kind())
    }

    /// Goal -> steps, by `end` at the latest.
    ///
    /// # Errors
    /// There is no generator, or the call failed.
    pub async fn decompose(
        &self,
        call: DecomposeCall<'_>,
        end: Instant,
        log: &mut RequestLog,
    ) -> Result<Decomposition, Refusal> {
        let generator = self.generator()?;
        observe(Action::Decompose, generator.decompose(call, self.deadline(end)), log).await
    }

    /// Goal -> steps on the way to an agent, for an operation where that may be left to a queue.
    ///
    /// # Errors
    /// There is no generator, or the call failed.
    pub async fn decompose_for(
        &self,
        call: DecomposeCall<'_>,
        operation: Option<OperationIds<'_>>,
        end: Instant,
        log: &mut RequestLog,
    ) -> Result<Decomposition, Refusal> {
        let Some(operation) = operation else { return self.decompose(call, end, log).await };
        let generator = self.generator()?;
        observe(Action::Decompose, generator.decompose_for(call, operation, self.deadline(end)), log).await
    }

    /// Steps -> agent, by `end` at the latest; for an operation the generator may take the job over.
    ///
    /// # Errors
    /// There is no generator, or the call failed.
    pub async fn generate(
        &self,
        call: GenerateCall<'_>,
        operation: Option<OperationIds<'_>>,
        end: Instant,
        log: &mut RequestLog,
    ) -> Result<Drafted, Refusal> {
        let (generator, deadline) = (self.generator()?, self.deadline(end));
        match operation {
            Some(ids) => observe(Action::Generate, generator.generate_for(call, ids, deadline), log).await,
            None => {
                let draft = observe(Action::Generate, generator.generate(call, deadline), log).await;
                draft.map(Drafted::Now)
            }
        }
    }

    /// Agent and change -> agent, by `end` at the latest; for an operation the generator may take the job over.
    ///
    /// # Errors
    /// There is no generator, or the call failed.
    pub async fn patch(
        &self,
        call: PatchCall<'_>,
        operation: Option<OperationIds<'_>>,
        end: Instant,
        log: &mut RequestLog,
    ) -> Result<Drafted, Refusal> {
        let (generator, deadline) = (self.generator()?, self.deadline(end));
        match operation {
            Some(ids) => observe(Action::Patch, generator.patch_for(call, ids, deadline), log).await,
            None => {
                let draft = observe(Action::Patch, generator.patch(call, deadline), log).await;
                draft.map(Drafted::Now)
            }
        }
    }

    /// The blocks that it can build with, by `end` at the latest.
    ///
    /// # Errors
    /// There is no generator, or the call failed.
    pub async fn blocks(&self, end: Instant, log: &mut RequestLog) -> Result<Box<RawValue>, Refusal> {
        let generator = self.generator()?;
        observe(Action::Catalog, generator.blocks(self.deadline(end)), log).await
    }

    /// Its state, by `end` at the latest, and within five seconds.
    ///
    /// # Errors
    /// There is no generator, or the call failed.
    pub async fn health(&self, end: Instant, log: &mut RequestLog) -> Result<Health, Refusal> {
        let generator = self.generator()?;
        let deadline = self.deadline(end).min(Instant::now() + HEALTH_TIMEOUT);
        observe(Action::Catalog, generator.health(deadline), log).await
    }

    fn generator(&self) -> Result<&G, Refusal> {
        self.generator.as_deref().ok_or(Refusal::NotConfigured)
    }

    /// The configured time from now, or `end` where that is sooner.
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
