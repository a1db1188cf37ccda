//! Plays the AWS Lambda Runtime API for one process of a function.
//!
//! <https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html>

use std::{
    collections::HashMap,
    io,
    path::Path,
    process::ExitStatus,
    sync::{Arc, Mutex},
    time::{Duration, Instant, SystemTime},
};

use serde_json::{Value, json};
use tokio::{
    net::TcpListener,
    process::Command,
    sync::{mpsc, oneshot, watch},
    task::{JoinHandle, JoinSet},
    time::timeout,
};
use uuid::Uuid;

use crate::{
    answer::Answer,
    process::{PATIENCE, Process},
    streamed::{self, Listening, Piece, is_streamed},
    wire::{self, Connection, Message},
};

/// Lambda's limit for an answer, in bytes.
pub const ANSWER_LIMIT: usize = 6_291_456;
/// The header with an invocation's deadline.
pub const DEADLINE: &str = "Lambda-Runtime-Deadline-Ms";
/// How long to wait for an answer after the deadline.
const GRACE: Duration = Duration::from_secs(5);

/// One process of a function and its Runtime API.
#[derive(Debug)]
pub struct Environment {
    process: Process,
    api: Arc<Api>,
    events: mpsc::UnboundedSender<Event>,
    serving: JoinHandle<()>,
}

/// A function that ended before it asked for an event.
#[derive(Debug)]
pub struct Refused {
    /// What it reported to `init/error`, if anything.
    pub report: Option<Value>,
    pub exit: ExitStatus,
    pub logs: Vec<String>,
}

#[derive(Debug)]
struct Event {
    id: String,
    payload: Vec<u8>,
    /// Besides those of every invocation.
    headers: Vec<(String, String)>,
}

type Outcome = Result<Vec<u8>, Value>;

#[derive(Debug)]
struct Api {
    events: tokio::sync::Mutex<mpsc::UnboundedReceiver<Event>>,
    waiting: Mutex<HashMap<String, oneshot::Sender<Outcome>>>,
    listening: Mutex<HashMap<String, mpsc::UnboundedSender<Piece>>>,
    init_error: Mutex<Option<Value>>,
    /// The number of requests for `invocation/next`.
    polls: watch::Sender<usize>,
}

impl Environment {
    /// Starts `binary` with Lambda's variables and these, and waits until it asks for an event.
    ///
    /// # Errors
    /// [`Refused`] if it ends before that.
    pub async fn try_start(binary: &Path, variables: &[(&str, &str)]) -> Result<Self, Refused> {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port of the loopback interface");
        let address = listener.local_addr().expect("a bound socket has an address").to_string();
        let (events, taken) = mpsc::unbounded_channel();
        let api = Arc::new(Api {
            events: tokio::sync::Mutex::new(taken),
            waiting: Mutex::default(),
            listening: Mutex::default(),
            init_error: Mutex::default(),
            polls: watch::channel(0).0,
        });
        let serving = tokio::spawn(serve(listener, Arc::clone(&api)));
        let mut command = Command::new(binary);
        command.env_clear().envs(lambda_variables(binary)).env("AWS_LAMBDA_RUNTIME_API", address);
        let process = Process::start(command.envs(variables.iter().copied()));
        let environment = Self { process, api, events, serving };
        let mut polls = environment.api.polls.subscribe();
        let asked = async { polls.wait_for(|polls| *polls > 0).await.is_ok() };
        let started = timeout(PATIENCE, async {
            tokio::select! {
                asked = asked => asked,
                _ = environment.process.exit() => false,
            }
        });
        match started.await {
            Ok(true) => Ok(environment),
            Ok(false) => Err(Refused {
                exit: environment.process.exit().await,
                report: environment.api.init_error.lock().expect("an unpoisoned lock").take(),
                logs: environment.process.logs(),
            }),
            Err(_) => panic!("{} neither asks for an event nor ends: {:?}", binary.display(), environment.logs()),
        }
    }

    /// [`Environment::try_start`] for a function that has to start.
    ///
    /// # Panics
    /// If it does not start.
    pub async fn start(binary: &Path, variables: &[(&str, &str)]) -> Self {
        Self::try_start(binary, variables)
            .await
            .unwrap_or_else(|refused| panic!("{} refused to start: {refused:?}", binary.display()))
    }

    /// Sends `event` with a deadline in `limit`.
    pub async fn invoke(&self, event: &Value, limit: Duration) -> Answer {
        self.invoke_bytes(event.to_string(), limit).await
    }

    /// Like [`Environment::invoke`], with any bytes as the event.
    pub async fn invoke_bytes(&self, payload: impl Into<Vec<u8>>, limit: Duration) -> Answer {
        self.invoke_with_headers(payload, &[(DEADLINE, &deadline(limit))], limit).await
    }

    /// Sends `event` with a deadline in `limit`, and reads the answer as it is written.
    pub fn listen(&self, event: &Value, limit: Duration) -> Listening {
        let request_id = Uuid::new_v4().to_string();
        let (give, pieces) = mpsc::unbounded_channel();
        self.api.listening.lock().expect("an unpoisoned lock").insert(request_id.clone(), give);
        let headers = vec![(DEADLINE.to_owned(), deadline(limit))];
        let handed = self.events.send(Event { id: request_id.clone(), payload: event.to_string().into(), headers });
        handed.expect("the Runtime API is running");
        Listening { pieces, request_id }
    }

    /// Sends these headers of the Runtime API, [`DEADLINE`] only if it is one of them, and waits for `limit`.
    pub async fn invoke_with_headers(
        &self,
        payload: impl Into<Vec<u8>>,
        headers: &[(&str, &str)],
        limit: Duration,
    ) -> Answer {
        let headers = headers.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        let id = Uuid::new_v4().to_string();
        let (give, taken) = oneshot::channel();
        self.api.waiting.lock().expect("an unpoisoned lock").insert(id.clone(), give);
        let begin = Instant::now();
        let handed = self.events.send(Event { id: id.clone(), payload: payload.into(), headers });
        handed.expect("the Runtime API is running");
        let outcome = tokio::select! {
            biased;
            outcome = taken => outcome.expect("the Runtime API sends every answer on"),
            status = self.process.exit() => Err(json!({"errorType": "Runtime.ExitError", "errorMessage": status.to_string()})),
            () = tokio::time::sleep(limit + GRACE) => {
                Err(json!({"errorType": "Sandbox.Timedout", "errorMessage": "no answer, even after the deadline"}))
            }
        };
        let elapsed = begin.elapsed();
        match outcome.map(|bytes| serde_json::from_slice(&bytes)) {
            Ok(Ok(payload)) => Answer { payload: Some(payload), error: None, elapsed, request_id: id },
            Ok(Err(error)) => {
                let error = json!({"errorType": "Answer.NotJson", "errorMessage": error.to_string()});
                Answer { payload: None, error: Some(error), elapsed, request_id: id }
            }
            Err(error) => Answer { payload: None, error: Some(error), elapsed, request_id: id },
        }
    }

    /// The lines written so far. The last ones may be missing: use [`Environment::finish`] to get all.
    pub fn logs(&self) -> Vec<String> {
        self.process.logs()
    }

    /// To freeze or measure it.
    pub fn process(&self) -> &Process {
        &self.process
    }

    pub fn peak_memory_bytes(&self) -> u64 {
        self.process.peak_memory_bytes()
    }

    pub fn is_alive(&self) -> bool {
        self.process.is_alive()
    }

    /// Waits until the function asks for the next event, so that the log of the last one is complete; then kills it and
    /// returns every line.
    pub async fn finish(self) -> Vec<String> {
        // A function that hangs never asks again.
        let mut polls = self.api.polls.subscribe();
        let idle = async { polls.wait_for(|_| self.is_idle()).await.is_ok() };
        let _ = timeout(GRACE, idle).await;
        self.process.kill().await
    }

    fn is_idle(&self) -> bool {
        // The pending `invocation/next` holds the lock.
        self.api.events.try_lock().is_err()
    }
}

impl Drop for Environment {
    fn drop(&mut self) {
        self.serving.abort();
    }
}

/// Lambda's environment variables, and PATH.
pub fn lambda_variables(binary: &Path) -> Vec<(String, String)> {
    let name = binary.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let mut variables: Vec<(String, String)> = [
        ("AWS_LAMBDA_FUNCTION_NAME", name.as_str()),
        ("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "256"),
        ("AWS_LAMBDA_FUNCTION_VERSION", "$LATEST"),
        ("AWS_LAMBDA_LOG_GROUP_NAME", "/aws/lambda/test"),
        ("AWS_LAMBDA_LOG_STREAM_NAME", "test"),
        ("AWS_LAMBDA_INITIALIZATION_TYPE", "on-demand"),
        ("AWS_LAMBDA_LOG_FORMAT", "JSON"),
        ("AWS_REGION", "eu-west-1"),
        ("_HANDLER", "bootstrap"),
        // An unreachable DNS server costs a second instead of 30.
        ("RES_OPTIONS", "timeout:1 attempts:1"),
    ]
    .map(|(key, value)| (key.to_owned(), value.to_owned()))
    .into();
    variables.extend(std::env::var("PATH").map(|path| ("PATH".to_owned(), path)));
    variables
}

fn deadline(limit: Duration) -> String {
    let deadline = SystemTime::now() + limit;
    deadline.duration_since(SystemTime::UNIX_EPOCH).expect("a date after 1970").as_millis().to_string()
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
    while let Some(mut request) = connection.receive_head().await? {
        let path = request.word(1).to_owned();
        let words: Vec<&str> = path.trim_start_matches("/2018-06-01/runtime/").split('/').collect();
        if let (["invocation", id, "response"], true) = (words.as_slice(), is_streamed(&request)) {
            let listener = api.listening.lock().expect("an unpoisoned lock").remove(*id);
            let outcome = streamed::take(&mut connection, listener).await?;
            api.settle(id, outcome);
            connection.send(&wire::answer(202, &[], b"{\"status\":\"OK\"}")).await?;
            continue;
        }
        request.body = connection.receive_body(&request).await?;
        match words.as_slice() {
            ["invocation", "next"] => match next(api).await {
                Some(event) => connection.send(&event).await?,
                None => return Ok(()),
            },
            ["invocation", id, "response"] => {
                let fits = request.body.len() <= ANSWER_LIMIT;
                let too_large = json!({"errorType": "Function.ResponseSizeTooLarge"});
                api.settle(id, if fits { Ok(request.body) } else { Err(too_large) });
                connection.send(&wire::answer(if fits { 202 } else { 413 }, &[], b"{\"status\":\"OK\"}")).await?;
            }
            ["invocation", id, "error"] => {
                api.settle(id, Err(reported(&request)));
                connection.send(&wire::answer(202, &[], b"{\"status\":\"OK\"}")).await?;
            }
            ["init", "error"] => {
                *api.init_error.lock().expect("an unpoisoned lock") = Some(reported(&request));
                connection.send(&wire::answer(202, &[], b"{\"status\":\"OK\"}")).await?;
            }
            _ => connection.send(&wire::answer(404, &[], b"{}")).await?,
        }
    }
    Ok(())
}

async fn next(api: &Api) -> Option<Vec<u8>> {
    let mut events = api.events.lock().await;
    api.polls.send_modify(|polls| *polls += 1);
    let event = events.recv().await?;
    let mut headers = vec![
        ("Content-Type", "application/json"),
        ("Lambda-Runtime-Aws-Request-Id", event.id.as_str()),
        ("Lambda-Runtime-Invoked-Function-Arn", "arn:aws:lambda:eu-west-1:123456789012:function:test"),
        ("Lambda-Runtime-Trace-Id", "Root=1-5bef4de7-ad49b0e87f6ef6c87fc2e700;Parent=9a9197af755a6419;Sampled=1"),
    ];
    headers.extend(event.headers.iter().map(|(name, value)| (name.as_str(), value.as_str())));
    Some(wire::answer(200, &headers, &event.payload))
}

impl Api {
    fn settle(&self, id: &str, outcome: Outcome) {
        if let Some(give) = self.waiting.lock().expect("an unpoisoned lock").remove(id) {
            // The caller may have given up.
            let _ = give.send(outcome);
        }
    }
}

fn reported(request: &Message) -> Value {
    serde_json::from_slice(&request.body)
        .unwrap_or_else(|_| json!({"errorType": "Unreadable", "errorMessage": String::from_utf8_lossy(&request.body)}))
}
