//! The functions on the bench: a generator that answers what it is told to, a platform in memory, a clock that stands still.

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
    memory::MemoryPlatform,
    ports::OperationStore,
    record::{Fingerprint, NewOperation, Tool},
};
use operations::{InternalKey, Operations};
use patch::Patch;
use secrecy::SecretString;
use serde_json::Value;
use shared::{
    caller::Owner,
    error_type::ErrorType,
    failure::Failure,
    invocation::Clock,
    port::{AgentGenerator, Decomposition, Draft, Health},
    upstream::Upstream,
};
use test_support::{Script, Scripted, handled, raw};

/// The key for completions; the kept inputs have it.
pub(crate) const KEY: &str = "the-internal-key";
/// The operation that there is, and its task. It belongs to the API key `key-1`.
pub(crate) const OPERATION_ID: &str = "op";
pub(crate) const TASK: &str = "task";
/// What a generator that fails tells of its insides: none of it may reach anybody.
const INSIDES: &str = "could not reach http://planted.internal:8000/v1 as postgres://planted:planted@10.9.8.7/planted";
/// The part of it that is looked for.
pub(crate) const PLANTED: &str = "planted";

thread_local! {
    static PANICS: Cell<usize> = const { Cell::new(0) };
}

/// Runs `work` to its end on a clock that jumps over every wait. A panic within it is a finding, even one that the function
/// catches and answers: that is for what nobody has thought of, and here somebody does.
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
    assert_eq!(PANICS.get(), before, "a fault in the function, which answered it by itself");
    done
}

/// How the generator answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Mood {
    /// With a result.
    Helpful,
    /// It takes over what it may, and asks back otherwise.
    Slow,
    /// With an error that tells of its insides.
    Broken,
}

impl Mood {
    pub(crate) const ALL: [Self; 3] = [Self::Helpful, Self::Slow, Self::Broken];

    /// One of them, as the fuzzer likes: by the length of its input.
    pub(crate) fn of(data: &[u8]) -> Self {
        Self::ALL[data.len() % Self::ALL.len()]
    }

    fn generator(self) -> Scripted {
        match self {
            Self::Helpful => Scripted {
                decomposition: Some(Script::Gives(Decomposition::Instructions { steps: raw(r#"[{"action":"x"}]"#) })),
                draft: Some(Script::Gives(Draft::Agent(raw(r#"{"name":"Agent","nodes":[],"links":[]}"#)))),
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

/// Every function, over one platform.
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
    /// All of them with a generator in this mood.
    pub(crate) async fn new(mood: Mood) -> Self {
        Self::with(Arc::new(mood.generator())).await
    }

    /// All of them with this generator.
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
        let completions = Completions { ending: parts.ending, visibility: parts.visibility, settings: parts.settings };
        Self {
            catalog: Service::new(Catalog::new(upstream.clone())).with_requests(),
            decompose: Service::new(Decompose::new(upstream.clone())).with_requests(),
            deliver: Service::new(deliver).with_queue(),
            generate: WithOperations::new(Generate::new(upstream.clone()), Some(platform.platform())).into_service(),
            operations: Service::new(Operations { completions, key }).with_requests().with_queue(),
            patch: WithOperations::new(Patch::new(upstream), Some(platform.platform())).into_service(),
            platform,
        }
    }

    /// Whether the operation has ended.
    pub(crate) fn has_ended(&self, operation_id: &str) -> bool {
        self.platform.store.record(operation_id).is_some_and(|record| record.status.has_ended())
    }
}

/// What a function gives back for an event; it must give something back.
pub(crate) async fn answered<F: Function>(service: &Service<F>, event: &Value) -> Value {
    handled(service, event.to_string().as_bytes()).await.expect("an answer")
}

/// Never used: no operation here has an address to be told at.
fn webhook_client() -> WebhookClient {
    static CLIENT: OnceLock<WebhookClient> = OnceLock::new();
    CLIENT.get_or_init(|| WebhookClient::new(None).unwrap()).clone()
}

fn accepted() -> NewOperation {
    let now = Clock::system().now();
    NewOperation {
        operation_id: OPERATION_ID.to_owned(),
        task_id: TASK.to_owned(),
        tool: Tool::GenerateAgent,
        owner: Some(Owner("key-1".to_owned())),
        idempotency_key: None,
        fingerprint: Fingerprint("fingerprint".to_owned()),
        request: r#"{"instructions":{"steps":[]}}"#.to_owned(),
        callback_url: None,
        session_id: None,
        created_at: now,
        deadline: now.after(Duration::from_secs(1_800)),
        expires_at: now.after(Duration::from_secs(3_600)),
    }
}
