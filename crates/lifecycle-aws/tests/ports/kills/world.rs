//! The processes of operations over one platform, and what must hold in the end.

use std::{
    sync::{Arc, Mutex},
    time::Duration,
};

use lambda::queue::{Consumer, Handled, Message};
use lambda_http::http::HeaderMap;
use lifecycle::{
    breaker::Breaker,
    cancel::{Cancellation, cancel},
    complete::{CompletionRequest, Completions},
    end::Ending,
    idempotent::{Answer, IdempotentRunner},
    job::{Assignment, Done, Job},
    ports::{CallbackQueue, CompletionEvent, CompletionEvents, JobQueue, MessageVisibility, OperationStore},
    progress::ProgressLog,
    record::{Announcement, NewOperation, Status, Tool},
    request_options::RequestOptions,
    settings::Settings,
    start::Starter,
    status::status,
    sweep::Sweeper,
    work::Worker,
};
use shared::{
    action::Action,
    caller::Owner,
    error_type::ErrorType,
    failure::Failure,
    invocation::{Clock, Invocation},
    json::Object,
    refusal::Refusal,
    reply::Reply,
    request_log::RequestLog,
    timestamp::Timestamp,
};
use tokio::time::Instant;

use super::{
    flows::{Process, Step},
    ledger::Ledger,
    life::{Fault, Life, Seen},
};

/// In the future, so that a table with a TTL keeps the operations. No other test has operations before.
const BEGIN: Timestamp = Timestamp(1_850_000_000.0);
/// After the deadline of every operation.
pub(crate) const END: Timestamp = Timestamp(1_850_010_000.0);

#[derive(Debug)]
pub(crate) struct Platform {
    pub(crate) store: Arc<dyn OperationStore>,
    pub(crate) log: Arc<dyn ProgressLog>,
    pub(crate) jobs: Arc<dyn JobQueue>,
    pub(crate) callbacks: Arc<dyn CallbackQueue>,
    pub(crate) events: Arc<dyn CompletionEvents>,
}

/// One operation, whatever the requests for it.
#[derive(Debug)]
pub(crate) struct Operation {
    pub(crate) platform: Arc<Platform>,
    pub(crate) ledger: Arc<Ledger>,
    pub(crate) id: String,
    pub(crate) request: String,
    pub(crate) is_keyed: bool,
    pub(crate) steps: Mutex<Vec<Step>>,
    pub(crate) seconds: Mutex<u64>,
    /// How long a request may take. On a real clock a request that waits for another costs as much.
    pub(crate) patience: Duration,
}

impl Operation {
    pub(crate) fn new(platform: &Arc<Platform>, ledger: &Arc<Ledger>, steps: &[Step], padding: usize) -> Self {
        let id = format!("op-{:032x}", fastrand::u128(..));
        let padding: String = std::iter::repeat_with(fastrand::alphanumeric).take(padding).collect();
        let request = format!(
            r#"{{"description":"x{padding}","operation_id":"{id}","task_id":"task-of-{id}","callback_url":"https://example.com/hook"}}"#
        );
        Self {
            platform: Arc::clone(platform),
            ledger: Arc::clone(ledger),
            id,
            request,
            is_keyed: false,
            steps: Mutex::new(steps.iter().rev().copied().collect()),
            seconds: Mutex::new(0),
            patience: Duration::from_secs(28),
        }
    }

    fn now(&self) -> Timestamp {
        BEGIN.after(Duration::from_secs(*self.seconds.lock().unwrap()))
    }

    fn invocation(&self) -> Invocation<'static> {
        Invocation { clock: Clock::at(self.now()), end: Instant::now() + self.patience, request_id: "r" }
    }

    fn new_operation(&self) -> NewOperation {
        let body = Object::parse(&self.request).unwrap();
        let mut headers = HeaderMap::new();
        if self.is_keyed {
            headers.insert("idempotency-key", self.id.parse().unwrap());
        }
        let settings = Settings::default();
        let options = RequestOptions::parse(&body, &headers, &settings.trusted_hosts).unwrap();
        let owner = Some(Owner("caller".to_owned()));
        options.operation(Tool::GenerateAgent, owner, (&self.request, &body), &settings, self.now())
    }

    fn seen<P: ?Sized>(&self, life: &Arc<Life>, port: &Arc<P>) -> Arc<Seen<P>> {
        let (life, ledger, port) = (Arc::clone(life), Arc::clone(&self.ledger), Arc::clone(port));
        Arc::new(Seen { life, ledger, port, only: Some(self.id.clone()) })
    }

    fn ending(&self, life: &Arc<Life>) -> Ending {
        Ending {
            store: self.seen(life, &self.platform.store),
            events: self.seen(life, &self.platform.events),
            callbacks: self.seen(life, &self.platform.callbacks),
        }
    }

    /// Runs a process with this life.
    pub(crate) async fn run(self: &Arc<Self>, process: Process, life: &Arc<Life>) {
        life.live(self.act(process, life)).await;
        if life.is_disturbed() {
            self.ledger.note(&self.id, |page| page.faults += 1);
        }
    }

    async fn act(self: &Arc<Self>, process: Process, life: &Arc<Life>) {
        let ending = self.ending(life);
        let jobs: Arc<dyn JobQueue> = self.seen(life, &self.platform.jobs);
        let mut log = RequestLog::default();
        let is_accepted = match process {
            Process::Async => Starter { ending, jobs }.start(&self.new_operation(), self.invocation()).await.is_ok(),
            Process::InRequest => {
                let runner = IdempotentRunner { ending, jobs, settings: Settings::default() };
                let (job, new) = (Generator(Arc::clone(self)), self.new_operation());
                matches!(runner.run(&job, &new, self.invocation(), &mut log).await, Ok(Answer::Started(_)))
            }
            Process::Work => {
                let log = self.seen(life, &self.platform.log);
                self.work(ending, log, self.seen(life, &Arc::new(()))).await;
                false
            }
            Process::Complete => {
                let settings = Settings::default();
                let completions =
                    Completions { ending, visibility: self.seen(life, &Arc::new(())), settings, saver: None };
                let body = CompletionRequest::parse(r#"{"success":true,"result":{}}"#).unwrap();
                // A generator repeats what was not answered.
                let _ = completions.complete(&self.id, None, body.completion, self.invocation()).await;
                false
            }
            Process::Cancel => {
                let caller = Owner("caller".to_owned());
                let told = cancel(&ending, &self.id, Some(&caller), self.invocation()).await;
                self.ledger.note(&self.id, |page| match told {
                    Ok(Some(Cancellation::Cancelled(_))) => page.cancelled += 1,
                    Ok(Some(Cancellation::TooLate { .. })) => page.too_late += 1,
                    Ok(None) | Err(_) => {}
                });
                false
            }
            Process::Read => {
                let reader = Owner("caller".to_owned());
                let _ = status(&ending, &self.id, Some(&reader), self.invocation()).await;
                false
            }
            Process::Sweep => {
                let _ = Sweeper { ending, jobs: vec![(Tool::GenerateAgent, jobs)] }.sweep(self.invocation()).await;
                false
            }
            Process::Later(seconds) => {
                *self.seconds.lock().unwrap() += seconds;
                false
            }
        };
        if is_accepted {
            self.ledger.note(&self.id, |page| page.accepted += 1);
        }
    }

    async fn work(self: &Arc<Self>, ending: Ending, log: Arc<dyn ProgressLog>, visibility: Arc<dyn MessageVisibility>) {
        let settings = Settings::default();
        let breaker = Arc::new(Breaker::new(settings.retry_base));
        let job = Generator(Arc::clone(self));
        let worker = Worker { job, tool: Tool::GenerateAgent, ending, log, visibility, settings, breaker };
        for _ in 0..self.ledger.page(&self.id).messages {
            let body = format!(r#"{{"operation_id":"{}"}}"#, self.id);
            let message = Message { id: "m".into(), receipt_handle: "r".into(), body, receives: 1, source: None };
            // Two workers may have received the same one.
            if worker.consume(&message, self.invocation(), &mut RequestLog::default()).await == Handled::Done {
                self.ledger.note(&self.id, |page| page.messages = page.messages.saturating_sub(1));
            }
        }
    }

    /// What a queue does on its own: a message comes again until a worker has done with it.
    pub(crate) async fn redeliver(self: &Arc<Self>, mut fault: impl FnMut() -> Option<(usize, Fault)>) {
        for _ in 0..4 {
            if self.ledger.page(&self.id).messages > 0 {
                self.run(Process::Later(130), &Life::with(None)).await;
                self.run(Process::Work, &Life::with(fault())).await;
            }
        }
    }

    /// What a platform does on its own: messages come again, and sweeps go on.
    pub(crate) async fn recover(self: &Arc<Self>) {
        self.run(Process::Later(130), &Life::with(None)).await;
        self.run(Process::Sweep, &Life::with(None)).await;
        self.redeliver(|| None).await;
        for process in [Process::Later(1_800), Process::Work, Process::Sweep] {
            self.run(process, &Life::with(None)).await;
        }
    }

    /// Everything that is wrong in the end.
    pub(crate) async fn faults(&self, told: &[CompletionEvent], webhooks: usize) -> Vec<String> {
        let (page, mut wrong) = (self.ledger.page(&self.id), Vec::new());
        let record = self.platform.store.get(&self.id, self.now()).await.unwrap();
        let mut check = |holds: bool, what: &str| {
            if !holds {
                wrong.push(format!("{what}: {page:?} {record:?}"));
            }
        };
        match &record {
            None => {
                check(page.accepted == 0, "answered 202 and gone");
                check(page.ends == 0, "ended and gone");
                check(page.cancelled == 0, "cancelled and gone");
            }
            Some(record) => {
                check(record.status.has_ended(), "never ends");
                check(page.ends <= 1, "ended more than once");
                let is_cancelled = record.status == Status::Cancelled;
                check(page.cancelled == 0 || is_cancelled, "told that it is cancelled, and it ended otherwise");
                check(page.too_late == 0 || !is_cancelled, "told that it is too late, and it is cancelled");
                check(!told.is_empty() && webhooks > 0, "not told");
                check(record.announcement == Announcement::Made, "not noted as told");
                let log = self.platform.log.entries(record, 0).await.unwrap();
                let numbers = log.iter().map(|entry| entry.seq);
                check(numbers.eq(2..=record.logged.last), "its log has gaps, or an entry twice");
                check(record.logged.writes <= 6, "its log cost too much");
                check(told.iter().all(|event| event.status == record.status), "told otherwise than it ended");
            }
        }
        check(page.late_claims == 0, "begun after its end");
        check(page.runs <= 1 + page.faults + self.failures(), "done twice without a reason");
        wrong
    }

    /// More than this often it cannot fail in a way that may pass.
    fn failures(&self) -> usize {
        usize::try_from(Settings::default().attempts).unwrap()
    }
}

/// A sweep over all operations, long after the deadline of each.
pub(crate) async fn sweep_all(platform: &Platform, ledger: &Arc<Ledger>, life: &Arc<Life>) {
    let invocation =
        Invocation { clock: Clock::at(END), end: Instant::now() + Duration::from_secs(60), request_id: "r" };
    let sweeper = Sweeper {
        ending: Ending {
            store: seen(life, ledger, &platform.store),
            events: seen(life, ledger, &platform.events),
            callbacks: seen(life, ledger, &platform.callbacks),
        },
        jobs: Vec::new(),
    };
    life.live(sweeper.sweep(invocation)).await;
}

fn seen<P: ?Sized>(life: &Arc<Life>, ledger: &Arc<Ledger>, port: &Arc<P>) -> Arc<Seen<P>> {
    Arc::new(Seen { life: Arc::clone(life), ledger: Arc::clone(ledger), port: Arc::clone(port), only: None })
}

struct Generator(Arc<Operation>);

impl Job for Generator {
    async fn run<'a>(&'a self, assignment: Assignment<'a>, _: &'a mut RequestLog) -> Result<Done, Refusal> {
        let Self(operation) = self;
        operation.ledger.note(assignment.ids.operation_id, |page| page.runs += 1);
        let step = operation.steps.lock().unwrap().pop().unwrap_or(Step::Succeeds);
        match step {
            Step::HandsOver if assignment.progress.is_some() => Ok(Done::HandedOver(None)),
            Step::Succeeds | Step::HandsOver => {
                Ok(Done::Reply(Reply::new(200, "agent_preview", r#"{"type":"agent_preview"}"#.to_owned())))
            }
            Step::Fails => {
                let failure = Failure::new(ErrorType::ServiceUnavailable, "x");
                Err(Refusal::Failed { action: Action::Generate, failure })
            }
        }
    }
}
