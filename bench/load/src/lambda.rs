//! A Lambda Runtime API that stores no event, answer or log line, so that long runs do not fill the memory.

use std::{
    io,
    path::{Path, PathBuf},
    process::{self, Stdio},
    sync::Arc,
    time::{Duration, Instant, SystemTime},
};

use kit::{
    answer::Answer,
    runtime_api::lambda_variables,
    streamed::{self, is_streamed},
    wire::{self, Connection, Message},
};
use serde_json::{Value, json};
use tokio::{
    net::TcpListener,
    process::{Child, Command},
    sync::{Mutex, mpsc, watch},
    task::{JoinHandle, JoinSet},
    time::timeout,
};

use crate::gauge;

/// The limit for a start: that of Python under valgrind takes most of a minute.
const START: Duration = Duration::from_secs(120);
/// The limit for an answer after the deadline.
const PATIENCE: Duration = Duration::from_secs(20);
const ACCEPTED: &[u8] = b"{\"status\":\"OK\"}";

/// A process of a function. Killed when it is dropped.
#[derive(Debug)]
pub struct Function {
    child: Child,
    pid: u32,
    start: Duration,
    count: u64,
    /// [`Function::starved`] before the last invocation.
    starved_before: Duration,
    events: mpsc::Sender<Vec<u8>>,
    outcomes: mpsc::Receiver<Outcome>,
    serving: JoinHandle<()>,
}

#[derive(Debug)]
struct Outcome {
    id: String,
    is_error: bool,
    body: Vec<u8>,
    arrived: Instant,
}

#[derive(Debug)]
struct Api {
    events: Mutex<mpsc::Receiver<Vec<u8>>>,
    outcomes: mpsc::Sender<Outcome>,
    /// The first request for an event.
    asked: watch::Sender<Option<Instant>>,
}

impl Function {
    /// Starts `binary` with Lambda's variables and these, and waits until it asks for an event.
    ///
    /// # Panics
    /// If it does not.
    pub async fn start(binary: &Path, variables: &[(&str, &str)]) -> Self {
        Self::run(Command::new(binary), variables).await
    }

    /// [`Function::start`] for any command.
    ///
    /// # Panics
    /// If it does not ask for an event.
    pub async fn run(mut command: Command, variables: &[(&str, &str)]) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port of the loopback interface");
        let address = listener.local_addr().expect("a bound socket has an address").to_string();
        let (events, taken) = mpsc::channel(1);
        let (given, outcomes) = mpsc::channel(1);
        let (asked, mut has_asked) = watch::channel(None);
        let api = Api { events: Mutex::new(taken), outcomes: given, asked };
        let serving = tokio::spawn(serve(listener, Arc::new(api)));
        let binary = PathBuf::from(command.as_std().get_program());
        command.env_clear().envs(lambda_variables(&binary)).env("AWS_LAMBDA_RUNTIME_API", address);
        command.envs(variables.iter().copied()).kill_on_drop(true);
        // Other tests check the log; 100,000 lines would only fill the memory.
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        let begin = Instant::now();
        let mut child = command.spawn().unwrap_or_else(|error| panic!("{} does not start: {error}", binary.display()));
        let pid = child.id().expect("a process that was just started has an id");
        let started = timeout(START, async {
            tokio::select! {
                asked = has_asked.wait_for(Option::is_some) => *asked.ok()?,
                _ = child.wait() => None,
            }
        });
        let Ok(Some(asked)) = started.await else {
            panic!("{} does not ask for an event with {variables:?}", binary.display());
        };
        let (start, count, starved_before) = (asked - begin, 0, Duration::ZERO);
        Self { child, pid, start, count, starved_before, events, outcomes, serving }
    }

    /// From the start to the first request for an event.
    pub fn start_time(&self) -> Duration {
        self.start
    }

    /// Ends the process by a signal, as Lambda ends one, and waits for it.
    ///
    /// # Panics
    /// If it does not end.
    pub async fn end(mut self) {
        // The shell's built-in `kill`: not every machine has the program.
        let signalled = Command::new("sh").args(["-c", &format!("kill -s TERM {}", self.pid)]).status().await;
        assert!(signalled.is_ok_and(|status| status.success()), "the process {} cannot be signalled", self.pid);
        let ended = timeout(PATIENCE, self.child.wait()).await;
        assert!(matches!(ended, Ok(Ok(_))), "a function runs on after SIGTERM: {ended:?}");
    }

    pub fn pid(&self) -> u32 {
        self.pid
    }

    /// Whether the answer to the last invocation took longer than `limit`, not counting the time for which the machine left
    /// the function or this program without a processor: that makes any answer late.
    pub fn is_late(&self, answer: &Answer, limit: Duration) -> bool {
        let is_over = |elapsed: Duration| elapsed > limit;
        is_over(answer.elapsed)
            && is_over(answer.elapsed.saturating_sub(self.starved().saturating_sub(self.starved_before)))
    }

    fn starved(&self) -> Duration {
        gauge::starved(self.pid) + gauge::starved(process::id())
    }

    /// Sends `event` with a deadline in `limit`.
    pub async fn invoke(&mut self, event: &[u8], limit: Duration) -> Answer {
        self.count += 1;
        let id = format!("00000000-0000-4000-8000-{:012x}", self.count);
        let deadline = SystemTime::now() + limit;
        let deadline_ms = deadline.duration_since(SystemTime::UNIX_EPOCH).expect("a date after 1970").as_millis();
        let headers = [
            ("Content-Type", "application/json"),
            ("Lambda-Runtime-Aws-Request-Id", id.as_str()),
            ("Lambda-Runtime-Deadline-Ms", &deadline_ms.to_string()),
            ("Lambda-Runtime-Invoked-Function-Arn", "arn:aws:lambda:eu-west-1:123456789012:function:load"),
        ];
        self.starved_before = self.starved();
        let begin = Instant::now();
        self.events.send(wire::answer(200, &headers, event)).await.expect("the Runtime API is running");
        let outcome = tokio::select! {
            biased;
            outcome = outcome_of(&mut self.outcomes, &id) => outcome,
            status = self.child.wait() => {
                Err(json!({"errorType": "Runtime.ExitError", "errorMessage": format!("{status:?}")}))
            }
            () = tokio::time::sleep(limit + PATIENCE) => Err(json!({"errorType": "Sandbox.Timedout"})),
        };
        // Parsing does not count as answer time.
        let (elapsed, outcome) = match outcome {
            Ok(outcome) => (outcome.arrived - begin, outcome.read()),
            Err(error) => (begin.elapsed(), Err(error)),
        };
        let (payload, error) = match outcome {
            Ok(payload) => (Some(payload), None),
            Err(error) => (None, Some(error)),
        };
        Answer { payload, error, elapsed, request_id: id }
    }
}

impl Drop for Function {
    fn drop(&mut self) {
        self.serving.abort();
    }
}

impl Outcome {
    fn read(self) -> Result<Value, Value> {
        match serde_json::from_slice(&self.body) {
            Ok(value) if self.is_error => Err(value),
            Ok(value) => Ok(value),
            Err(error) => Err(json!({"errorType": "Answer.NotJson", "errorMessage": error.to_string()})),
        }
    }
}

/// The outcome of invocation `id`; discards late outcomes of earlier ones.
async fn outcome_of(outcomes: &mut mpsc::Receiver<Outcome>, id: &str) -> Result<Outcome, Value> {
    loop {
        let outcome = outcomes.recv().await.expect("the Runtime API is running");
        if outcome.id == id {
            return Ok(outcome);
        }
    }
}

async fn serve(listener: TcpListener, api: Arc<Api>) {
    let mut served = JoinSet::new();
    while let Ok((stream, _)) = listener.accept().await {
        let api = Arc::clone(&api);
        served.spawn(async move {
            // A process that ends drops its connections; its exit is handled in `invoke`.
            let _ = converse(Connection::new(stream), &api).await;
        });
    }
}

async fn converse(mut connection: Connection, api: &Api) -> io::Result<()> {
    while let Some(request) = connection.receive_head().await? {
        let path = request.word(1);
        let mut words = path.trim_start_matches("/2018-06-01/runtime/invocation/").split('/');
        match (words.next(), words.next()) {
            (Some("next"), None) => {
                api.asked.send_if_modified(|asked| asked.replace(asked.unwrap_or_else(Instant::now)).is_none());
                let Some(event) = api.events.lock().await.recv().await else { return Ok(()) };
                connection.send(&event).await?;
            }
            (Some(id), Some(kind @ ("response" | "error"))) => {
                let (id, is_error) = (id.to_owned(), kind == "error");
                let (is_error, body) = answered(&mut connection, &request, is_error).await?;
                // The run may have ended.
                let _ = api.outcomes.send(Outcome { id, is_error, body, arrived: Instant::now() }).await;
                connection.send(&wire::answer(202, &[], ACCEPTED)).await?;
            }
            _ => connection.send(&wire::answer(404, &[], b"{}")).await?,
        }
    }
    Ok(())
}

/// Whether the invocation failed, and what was answered: read to its end, if it comes as a stream.
async fn answered(connection: &mut Connection, head: &Message, is_error: bool) -> io::Result<(bool, Vec<u8>)> {
    if !is_streamed(head) {
        return Ok((is_error, connection.receive_body(head).await?));
    }
    let streamed = streamed::take(connection, None).await?;
    Ok(streamed.map_or_else(|error| (true, error.to_string().into_bytes()), |body| (false, body)))
}
