//! Amazon's own Runtime Interface Emulator, running a function's binary without a container.

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

/// The emulator, with one function in it. It ends when it is dropped.
#[derive(Debug)]
pub struct Emulator {
    process: Process,
    address: String,
}

impl Emulator {
    /// Starts the emulator that `AWS_LAMBDA_RIE` names with `binary`, and waits until it listens.
    ///
    /// # Panics
    /// Where the variable is not set, or the emulator does not start.
    pub async fn start(binary: &Path, variables: &[(&str, &str)]) -> Self {
        let rie = executable();
        // A port is free when it is chosen and may be taken when it is used, so a start is tried more than once.
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
        panic!("{} does not start: five times a port was taken, or it ended", rie.display());
    }

    /// Posts `event` and reads the answer.
    ///
    /// # Panics
    /// Where the emulator itself fails.
    pub async fn invoke(&self, event: &Value) -> Answer {
        let payload = event.to_string();
        let begin = Instant::now();
        let answer = timeout(Duration::from_secs(60), self.post(&payload)).await;
        let answer = answer.unwrap_or_else(|_| panic!("no answer from the emulator: {:#?}", self.process.logs()));
        let elapsed = begin.elapsed();
        let body: Value = serde_json::from_slice(&answer.body).unwrap_or_else(
            |_| json!({"errorType": "Answer.NotJson", "errorMessage": String::from_utf8_lossy(&answer.body)}),
        );
        // The emulator gives a failed invocation in the place of the payload.
        let failed = body.get("errorType").is_some() && body.get("errorMessage").is_some();
        let (payload, error) = if failed { (None, Some(body)) } else { (Some(body), None) };
        Answer { payload, error, elapsed, request_id: String::new() }
    }

    /// The lines that the emulator and the function have written so far.
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

    /// Whether it came to listen; false where it ended.
    async fn listens(&self) -> bool {
        // The emulator gives no sign when it is ready, so it is asked.
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
            "AWS_LAMBDA_RIE is not set: it names Amazon's emulator, which lies in the package aws-sam-cli under \
             samcli/local/rapid/. `make test` sets it."
        );
    };
    // A test runs in its crate's folder; a person names the file from the workspace's root.
    let path = crate::binaries::workspace().join(path);
    assert!(path.is_file(), "AWS_LAMBDA_RIE names {}, where no file lies; `make test` sets it", path.display());
    path
}

async fn free_address() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port of the loopback interface");
    listener.local_addr().expect("a bound socket has an address").to_string()
}
