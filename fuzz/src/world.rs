//! All functions with a scripted generator, in-memory AWS services and a paused clock.

use std::{
    cell::Cell,
    future::Future,
    panic,
    sync::{Arc, Once, OnceLock},
    time::Duration,
};

use catalog::Catalog;
use decompose::Decompose;
use deliver::Deliver;
use generate::Generate;
use lambda::{Function, Service};
use lifecycle::{
    callback::{TrustedHosts, WebhookClient},
    complete::Completions,
    durable::WithOperations,
    memory::{MemoryPlatform, new_operation},
    ports::OperationStore,
    record::{NewOperation, Tool},
    sweep::Sweeper,
};
use operations::{InternalKey, Operations};
use patch::Patch;
use secrecy::SecretString;
use serde_json::Value;
use shared::{
    error_type::ErrorType,
    failure::Failure,
    invocation::Clock,
    port::{AgentGenerator, Decomposition, Draft, Health},
    upstream::Upstream,
};
use test_support::{Script, Scripted, handled, raw};

/// The key of completions; the stored inputs use it.
pub(crate) const KEY: &str = "the-internal-key";
/// The only operation, and its task. It belongs to the API key `key-1`.
pub(crate) const OPERATION_ID: &str = "op";
pub(crate) const TASK: &str = "task";
/// The error text of a broken generator, which must not reach a caller.
const INSIDES: &str = "could not reach http://planted.internal:8000/v1 as postgres://planted:planted@10.9.8.7/planted";
/// The part to search for.
pub(crate) const PLANTED: &str = "planted";

thread_local! {
    static PANICS: Cell<usize> = const { Cell::new(0) };
}

/// Runs `work` on a clock that skips every wait. A panic is a finding even if the function catches and answers it.
pub(crate) fn run<T>(work: impl Future<Output = T>) -> T {
    static HOOK: Once = Once::new();
    HOOK.call_once(|| {
        let before = panic::take_hook();
        panic::set_hook(Box::new(move |info| {
            PANICS.set(PANICS.get() + 1);
            before(info);
        }));
    });
    let before = PANICS.get();
    let clock = tokio::runtime::Builder::new_current_thread().enable_all().start_paused(true).build().unwrap();
    let done = clock.block_on(work);
    assert_eq!(PANICS.get(), before, "the function caught a panic");
    done
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Mood {
    Helpful,
    /// Takes jobs over, and otherwise answers with questions.
    Slow,
    /// Fails with its internals in the text.
    Broken,
}

impl Mood {
    pub(crate) const ALL: [Self; 3] = [Self::Helpful, Self::Slow, Self::Broken];

    /// Chosen by the length of the input.
    pub(crate) fn of(data: &[u8]) -> Self {
        Self::ALL[data.len() % Self::ALL.len()]
    }

    pub(crate) fn generator(self) -> Scripted {
        match self {
            Self::Helpful => Scripted {
                decomposition: Some(Script::Gives(Decomposition::Instructions {
                    steps: raw(r#"[{"action":"x"}]"#),
                    account: Box::default(),
                })),
                draft: Some(Script::Gives(Draft::Agent(
                    raw(r#"{"name":"Agent","nodes":[],"links":[]}"#),
                    Box::default(),
                ))),
                blocks: Some(Script::Gives(r#"[{"id":"b","name":"Block"}]"#)),
                health: Some(Script::Gives(Health { healthy: true, blocks_loaded: true })),
                ..Scripted::default()
            },
            Self::Slow => Scripted {
                decomposition: Some(Script::Gives(Decomposition::ClarifyingQuestions(Vec::new()))),
                draft: Some(Script::Gives(Draft::ClarifyingQuestions(Vec::new()))),
                takes_over: true,
                ..Scripted::default()
            },
            Self::Broken => {
                let failure = || Failure { upstream_status: Some(500), ..Failure::new(ErrorType::HttpError, INSIDES) };
                Scripted {
                    decomposition: Some(Script::Fails(failure())),
                    draft: Some(Script::Fails(failure())),
                    blocks: Some(Script::Fails(failure())),
                    health: Some(Script::Fails(failure())),
                    ..Scripted::default()
                }
            }
        }
    }
}

/// All functions over one set of services.
pub(crate) struct World {
    pub(crate) platform: MemoryPlatform,
    pub(crate) catalog: Service<Catalog>,
    pub(crate) decompose: Service<Decompose>,
    pub(crate) deliver: Service<Deliver>,
    pub(crate) generate: Service<WithOperations<Generate>>,
    pub(crate) operations: Service<Operations>,
    pub(crate) patch: Service<WithOperations<Patch>>,
}

impl World {
    pub(crate) async fn new(mood: Mood) -> Self {
        Self::with(Arc::new(mood.generator())).await
    }

    pub(crate) async fn with(generator: Arc<dyn AgentGenerator>) -> Self {
        let platform = MemoryPlatform { addresses: vec!["93.184.216.34:0".parse().unwrap()], ..Default::default() };
        platform.store.create(&accepted()).await.unwrap();
        let upstream = Upstream::new(Some(generator), Duration::from_secs(600));
        let parts = platform.platform();
        let deliver = Deliver {
            store: Arc::clone(&parts.ending.store),
            visibility: Arc::clone(&parts.visibility),
            keys: None,
            client: webhook_client(),
            trusted: TrustedHosts::default(),
        };
        let key = InternalKey(Some(Arc::new(SecretString::from(KEY))));
        let sweeper = Sweeper { ending: parts.ending.clone(), jobs: vec![(Tool::GenerateAgent, parts.jobs)] };
        let completions =
            Completions { ending: parts.ending, visibility: parts.visibility, settings: parts.settings, saver: None };
        Self {
            catalog: Service::new(Catalog::new(upstream.clone())).with_requests(),
            decompose: Service::new(Decompose::new(upstream.clone())).with_requests(),
            deliver: Service::new(deliver).with_queue(),
            generate: WithOperations::new(Generate::new(upstream.clone()), Some(platform.platform())).into_service(),
            operations: Service::new(Operations { completions, key, sweeper, progress: parts.log })
                .with_requests()
                .with_queue(),
            patch: WithOperations::new(Patch::new(upstream), Some(platform.platform())).into_service(),
            platform,
        }
    }

    pub(crate) fn has_ended(&self, operation_id: &str) -> bool {
        self.platform.store.record(operation_id).is_some_and(|record| record.status.has_ended())
    }
}

/// The function's answer; the invocation must not fail.
pub(crate) async fn answered<F: Function>(service: &Service<F>, event: &Value) -> Value {
    handled(service, event.to_string().as_bytes()).await.expect("an answer")
}

/// Never called: no operation here has a callback.
fn webhook_client() -> WebhookClient {
    static CLIENT: OnceLock<WebhookClient> = OnceLock::new();
    CLIENT.get_or_init(|| WebhookClient::new(None).unwrap()).clone()
}

fn accepted() -> NewOperation {
    NewOperation {
        task_id: TASK.to_owned(),
        request: r#"{"instructions":{"steps":[]}}"#.to_owned(),
        ..new_operation(OPERATION_ID, "key-1", Clock::system().now())
    }
}
