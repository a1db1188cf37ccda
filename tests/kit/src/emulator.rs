//! Runs a function under Amazon's Runtime Interface Emulator, without a container.

use std::{
    path::{Path, PathBuf},
    time::{Duration, Instant},
};

use serde_json::{Value, json};
use tokio::{
    net::{TcpListener, TcpStream},
    process::Command,
    time::{interval, timeout},
};

use crate::{
    answer::Answer,
    process::{PATIENCE, Process},
    wire::{Connection, Message},
};

const INVOCATIONS: &str = "/2015-03-31/functions/function/invocations";

/// The emulator with one function. Stops when it is dropped.
#[derive(Debug)]
pub struct Emulator {
    process: Process,
    address: String,
}

impl Emulator {
    /// Starts the emulator `AWS_LAMBDA_RIE` with `binary` and waits until it listens.
    ///
    /// # Panics
    /// If the variable is not set or the emulator does not start.
    pub async fn start(binary: &Path, variables: &[(&str, &str)]) -> Self {
        let rie = executable();
        // Another process may take the port between choosing and using it.
        for _ in 0..5 {
            let (address, runtime) = (free_address().await, free_address().await);
            let mut command = Command::new(&rie);
            command.args(["--runtime-interface-emulator-address", &address, "--runtime-api-address", &runtime]);
            command.arg(binary).env("AWS_LAMBDA_FUNCTION_TIMEOUT", "28").env("AWS_LAMBDA_LOG_FORMAT", "JSON");
            let process = Process::start(command.envs(variables.iter().copied()));
            let emulator = Self { process, address };
            if timeout(PATIENCE, emulator.listens()).await.unwrap_or(false) {
                return emulator;
            }
        }
        panic!("{} did not start in five attempts", rie.display());
    }

    /// # Panics
    /// If the emulator itself fails.
    pub async fn invoke(&self, event: &Value) -> Answer {
        let payload = event.to_string();
        let begin = Instant::now();
        let answer = timeout(Duration::from_secs(60), self.post(&payload)).await;
        let answer = answer.unwrap_or_else(|_| panic!("no answer from the emulator: {:#?}", self.process.logs()));
        let elapsed = begin.elapsed();
        let body: Value = serde_json::from_slice(&answer.body).unwrap_or_else(
            |_| json!({"errorType": "Answer.NotJson", "errorMessage": String::from_utf8_lossy(&answer.body)}),
        );
        // The emulator sends the error of a failed invocation as the payload.
        let failed = body.get("errorType").is_some() && body.get("errorMessage").is_some();
        let (payload, error) = if failed { (None, Some(body)) } else { (Some(body), None) };
        Answer { payload, error, elapsed, request_id: String::new() }
    }

    /// The lines written so far by the emulator and the function.
    pub fn logs(&self) -> Vec<String> {
        self.process.logs()
    }

    async fn post(&self, payload: &str) -> Message {
        let stream = TcpStream::connect(&self.address).await.expect("the emulator listens");
        let mut connection = Connection::new(stream);
        let request = format!(
            "POST {INVOCATIONS} HTTP/1.1\r\nHost: {}\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n{payload}",
            self.address,
            payload.len()
        );
        connection.send(request.as_bytes()).await.expect("the emulator reads");
        connection.receive().await.expect("the emulator answers").expect("the emulator answers before it closes")
    }

    /// False if the emulator ended before it listened.
    async fn listens(&self) -> bool {
        // The emulator does not announce that it is ready.
        let mut ticks = interval(Duration::from_millis(10));
        while self.process.is_alive() {
            ticks.tick().await;
            if TcpStream::connect(&self.address).await.is_ok() {
                return self.process.is_alive();
            }
        }
        false
    }
}

fn executable() -> PathBuf {
    let Some(path) = std::env::var_os("AWS_LAMBDA_RIE").filter(|path| !path.is_empty()) else {
        panic!(
            "AWS_LAMBDA_RIE is not set: it is the path of Amazon's emulator, part of the package aws-sam-cli \
             (samcli/local/rapid/). `make test` sets it."
        );
    };
    // Cargo runs a test in its crate's folder; the variable is relative to the workspace.
    let path = crate::binaries::workspace().join(path);
    assert!(path.is_file(), "AWS_LAMBDA_RIE is {}, which does not exist; `make test` sets it", path.display());
    path
}

async fn free_address() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port of the loopback interface");
    listener.local_addr().expect("a bound socket has an address").to_string()
}
