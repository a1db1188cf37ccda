//! A platform in memory, and a scripted job.

use std::{
    collections::VecDeque,
    sync::{Arc, Mutex},
    time::Duration,
};

use lambda::queue::{Batch, BatchResponse, Consumer, Handled, Message, consume};
use lambda_http::http::{HeaderMap, HeaderName, HeaderValue};
use lifecycle::{
    breaker::Breaker,
    complete::Completions,
    end::Ending,
    idempotent::IdempotentRunner,
    job::{Assignment, Done, Job},
    memory::{MemoryEvents, MemoryQueue, MemoryStore},
    record::{NewOperation, OperationRecord, Tool},
    request_options::RequestOptions,
    settings::Settings,
    start::Starter,
    sweep::{Sweeper, Swept},
    work::Worker,
};
use serde_json::Value;
use shared::{
    action::Action,
    caller::Owner,
    error_type::ErrorType,
    failure::Failure,
    invocation::{Clock, Invocation},
    json::{self, Object},
    port::Ticket,
    refusal::Refusal,
    reply::Reply,
    request_log::RequestLog,
    timestamp::Timestamp,
};
use test_support::batch;
use tokio::time::{Instant, sleep};

pub(crate) const REQUEST: &str = r#"{"description":"a newsletter","operation_id":"op","task_id":"task"}"#;
pub(crate) const AGENT: &str = r#"{"type":"agent_preview","agent_json":{}}"#;
/// The time at the start of a test.
pub(crate) const BEGIN: f64 = 1_000_000.0;

#[derive(Clone)]
pub(crate) struct Fixture {
    pub(crate) store: Arc<MemoryStore>,
    pub(crate) jobs: Arc<MemoryQueue>,
    pub(crate) messages: Arc<MemoryQueue>,
    pub(crate) events: Arc<MemoryEvents>,
    pub(crate) callbacks: Arc<MemoryQueue>,
    pub(crate) settings: Settings,
    pub(crate) job: Script,
    pub(crate) clock: Clock,
    pub(crate) breaker: Arc<Breaker>,
}

impl Fixture {
    /// An empty platform, and a job that runs `steps` one per call, then returns [`AGENT`].
    pub(crate) fn new(steps: impl IntoIterator<Item = Step>) -> Self {
        Self {
            store: Arc::default(),
            jobs: Arc::default(),
            messages: Arc::default(),
            events: Arc::default(),
            callbacks: Arc::default(),
            settings: Settings::default(),
            job: Script { steps: Arc::new(Mutex::new(steps.into_iter().collect())), ..Script::default() },
            clock: Clock::at(Timestamp(BEGIN)),
            breaker: Arc::new(Breaker::new(Settings::default().retry_base)),
        }
    }

    /// The operation of an HTTP request.
    pub(crate) fn operation(&self, body: &str, headers: &[(&'static str, &'static str)]) -> NewOperation {
        let headers: HeaderMap = headers
            .iter()
            .map(|(name, value)| (HeaderName::from_static(name), HeaderValue::from_static(value)))
            .collect();
        let object = Object::of(json::parse(body).unwrap()).unwrap();
        let options = RequestOptions::parse(&object, &headers, &self.settings.trusted_hosts).unwrap();
        let owner = Some(Owner("caller".into()));
        options.operation(Tool::GenerateAgent, owner, (body, &object), &self.settings, self.clock.now())
    }

    pub(crate) fn starter(&self) -> Starter {
        Starter { ending: self.ending(), jobs: self.jobs.clone() }
    }

    /// Starts the operation `op`.
    pub(crate) async fn start(&self) {
        self.starter().start(&self.operation(REQUEST, &[]), self.invocation(28)).await.unwrap();
    }

    pub(crate) fn ending(&self) -> Ending {
        Ending { store: self.store.clone(), events: self.events.clone(), callbacks: self.callbacks.clone() }
    }

    pub(crate) fn worker(&self) -> Worker<Script> {
        Worker {
            job: self.job.clone(),
            tool: Tool::GenerateAgent,
            ending: self.ending(),
            log: self.store.clone(),
            visibility: self.messages.clone(),
            settings: self.settings.clone(),
            breaker: Arc::clone(&self.breaker),
        }
    }

    pub(crate) fn completions(&self) -> Completions {
        Completions {
            ending: self.ending(),
            visibility: self.messages.clone(),
            settings: self.settings.clone(),
            saver: None,
        }
    }

    pub(crate) fn sweeper(&self) -> Sweeper {
        Sweeper { ending: self.ending(), jobs: vec![(Tool::GenerateAgent, self.jobs.clone())] }
    }

    /// A sweep with 10 s.
    pub(crate) async fn sweep(&self) -> Swept {
        self.sweeper().sweep(self.invocation(10)).await.unwrap()
    }

    pub(crate) fn idempotent_runner(&self) -> IdempotentRunner {
        IdempotentRunner { ending: self.ending(), jobs: self.jobs.clone(), settings: self.settings.clone() }
    }

    /// An invocation that ends in `seconds`.
    pub(crate) fn invocation(&self, seconds: u64) -> Invocation<'static> {
        let end = Instant::now() + Duration::from_secs(seconds);
        Invocation { clock: self.clock, end, request_id: "8f6c2f0e-6b0f-4f43-9a53-0c7e1b3f7a11" }
    }

    /// Gives the message of the operation `op` to a worker with 15 minutes.
    pub(crate) async fn work(&self) -> Handled {
        self.receive(&message(r#"{"operation_id":"op"}"#), 900).await
    }

    pub(crate) async fn receive(&self, message: &Message, seconds: u64) -> Handled {
        self.worker().consume(message, self.invocation(seconds), &mut RequestLog::default()).await
    }

    pub(crate) async fn batch(&self, bodies: &[String], seconds: u64) -> BatchResponse {
        let bodies: Vec<_> = bodies.iter().map(String::as_str).collect();
        consume(&batch_of(&bodies), &self.worker(), self.invocation(seconds), &mut |_, _| ()).await
    }

    /// Gives a batch to a worker and returns its log lines: operation, outcome, error type, time.
    pub(crate) async fn lines(&self, bodies: &[&str]) -> Vec<String> {
        let mut lines = Vec::new();
        let mut report = |log: &RequestLog, time: Duration| {
            let operation_id = log.operation_id.as_deref().unwrap_or("-");
            let class = log.error_type.as_ref().map_or("-", ErrorType::name);
            lines.push(format!("{operation_id} {} {class} {} s", log.outcome.unwrap(), time.as_secs()));
        };
        consume(&batch_of(bodies), &self.worker(), self.invocation(900), &mut report).await;
        lines
    }

    pub(crate) fn record(&self) -> OperationRecord {
        self.store.record("op").unwrap()
    }

    /// The outcome of the operation `op`.
    pub(crate) fn outcome(&self) -> Option<Value> {
        self.store.outcome("op").map(|outcome| serde_json::from_str(outcome.body().unwrap()).unwrap())
    }

    /// The error type of the operation `op`.
    pub(crate) fn error_type(&self) -> Option<String> {
        self.store.outcome("op").and_then(|outcome| outcome.error_type().map(str::to_owned))
    }

    pub(crate) fn hidden_last(&self) -> Duration {
        self.messages.hidden().last().unwrap().1
    }
}

/// A batch with the messages `m0`, `m1` and so on.
fn batch_of(bodies: &[&str]) -> Batch {
    Batch::from_event(&Object::of(json::parse(&batch(bodies).to_string()).unwrap()).unwrap()).unwrap()
}

/// A message received for the first time.
pub(crate) fn message(body: &str) -> Message {
    Message { id: "m".into(), receipt_handle: "r".into(), body: body.into(), receives: 1, source: None }
}

/// What a job does in one call.
#[derive(Debug)]
pub(crate) enum Step {
    Returns(String),
    Fails(ErrorType, Option<u32>),
    HandsOver,
    /// The generator is at it, and wants to be left alone for so many seconds.
    IsAtIt(&'static str, Option<u32>),
    Panics,
    /// Sleeps for this many seconds first.
    After(u64, Box<Step>),
}

impl Step {
    pub(crate) fn agent() -> Self {
        Self::Returns(AGENT.to_owned())
    }

    pub(crate) fn unavailable() -> Self {
        Self::Fails(ErrorType::ServiceUnavailable, None)
    }

    pub(crate) fn after(self, seconds: u64) -> Self {
        Self::After(seconds, Box::new(self))
    }
}

/// A job that runs steps and records its calls.
#[derive(Debug, Clone, Default)]
pub(crate) struct Script {
    steps: Arc<Mutex<VecDeque<Step>>>,
    calls: Arc<Mutex<Vec<(String, String, Duration)>>>,
    may_hand_over: Arc<Mutex<bool>>,
    tickets: Arc<Mutex<Vec<Option<String>>>>,
}

impl Script {
    /// The operation ids of its calls, in order.
    pub(crate) fn calls(&self) -> Vec<String> {
        self.calls.lock().unwrap().iter().map(|(operation_id, ..)| operation_id.clone()).collect()
    }

    /// Whether the last call allowed a hand-over.
    pub(crate) fn may_hand_over(&self) -> bool {
        *self.may_hand_over.lock().unwrap()
    }

    /// The tickets of its calls, in order.
    pub(crate) fn tickets(&self) -> Vec<Option<String>> {
        self.tickets.lock().unwrap().clone()
    }

    /// The body and the time left of the last call.
    pub(crate) fn last(&self) -> (String, Duration) {
        let (_, body, time) = self.calls.lock().unwrap().last().cloned().unwrap();
        (body, time)
    }
}

impl Job for Script {
    async fn run<'a>(&'a self, assignment: Assignment<'a>, record: &'a mut RequestLog) -> Result<Done, Refusal> {
        let time = assignment.end.saturating_duration_since(Instant::now());
        self.calls.lock().unwrap().push((assignment.ids.operation_id.to_owned(), assignment.body.to_owned(), time));
        *self.may_hand_over.lock().unwrap() = assignment.progress.is_some();
        self.tickets.lock().unwrap().push(assignment.ids.ticket.map(str::to_owned));
        record.session_id = Some("s".to_owned());
        let mut step = self.steps.lock().unwrap().pop_front().unwrap_or_else(Step::agent);
        while let Step::After(seconds, next) = step {
            sleep(Duration::from_secs(seconds)).await;
            step = *next;
        }
        match step {
            Step::Returns(body) => Ok(Done::Reply(Reply::new(200, "agent_preview", body))),
            Step::Fails(error_type, retry_after) => {
                let failure = Failure { retry_after, ..Failure::new(error_type, "the generator's text") };
                Err(Refusal::Failed { action: Action::Generate, failure })
            }
            Step::HandsOver => Ok(Done::HandedOver(None)),
            Step::IsAtIt(ticket, again_in) => Ok(Done::Later(Ticket { text: ticket.to_owned(), again_in })),
            Step::Panics => panic!("the job panics"),
            Step::After(..) => unreachable!("unwrapped above"),
        }
    }
}
