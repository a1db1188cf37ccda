//! The log of webhooks. In a process of its own: `tracing` caches for all threads which lines are enabled.
#![allow(clippy::unwrap_used, reason = "a panic fails the test")]

#[allow(dead_code, reason = "this test needs only part of the fixture")]
#[path = "deliver/fixture.rs"]
mod fixture;

use std::{
    io::{self, Write},
    sync::{Arc, Mutex},
};

use kit::behaviour::Behaviour;
use lifecycle::memory::Call;
use tracing_subscriber::fmt::MakeWriter;

use crate::fixture::{Fixture, IN_THE_ADDRESS, IN_THE_RESULT, KEY, OPERATION_ID, completed, message};

/// Collects the log.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl Write for Log {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().write(bytes)
    }
    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl MakeWriter<'_> for Log {
    type Writer = Self;
    fn make_writer(&self) -> Self {
        self.clone()
    }
}

/// Part of a receiver's answer.
const IN_THE_ANSWER: &str = "hunter2-in-the-answer";

/// Sends webhooks with every outcome.
async fn every_outcome() {
    let behaviours = [
        Behaviour::answers(200, IN_THE_ANSWER),
        Behaviour::answers(410, IN_THE_ANSWER),
        Behaviour::answers_with(500, &[("X-Reason", IN_THE_ANSWER), ("Retry-After", IN_THE_ANSWER)], IN_THE_ANSWER),
        Behaviour::answers_with(302, &[("Location", &format!("https://{IN_THE_ANSWER}.example/"))], IN_THE_ANSWER),
        Behaviour::bytes(IN_THE_ANSWER),
        Behaviour::resets(),
    ];
    for behaviour in behaviours {
        let fixture = Fixture::new(behaviour).await;
        fixture.queue.refuse(Call::Hide, 1);
        fixture.receive(1).await;
        fixture.consume(&message(IN_THE_RESULT, 1)).await;
    }
    for address in ["https://me:hunter2-in-the-address@10.0.0.1/", "https://10.0.0.1/hunter2-in-the-address"] {
        let fixture = Fixture::empty(Behaviour::good()).await;
        fixture.ended(OPERATION_ID, Some(address), &completed()).await;
        fixture.receive(1).await;
    }
}

#[tokio::test]
async fn the_log_contains_no_key_no_address_and_no_answer() {
    let log = Log::default();
    let subscriber = tracing_subscriber::fmt().json().with_max_level(tracing::Level::TRACE).with_writer(log.clone());
    let guard = tracing::subscriber::set_default(subscriber.finish());
    every_outcome().await;
    drop(guard);
    let log = String::from_utf8(log.0.lock().unwrap().clone()).unwrap();
    for outcome in ["delivered", "gone", "failed", "refused"] {
        assert!(log.contains(&format!(r#""outcome":"{outcome}""#)), "{log}");
    }
    for secret in [IN_THE_ADDRESS, IN_THE_RESULT, IN_THE_ANSWER, KEY.trim_start_matches("whsec_"), "whsec_"] {
        assert!(!log.contains(secret), "{secret} in {log}");
    }
}
