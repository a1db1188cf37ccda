//! Faults of webhook receivers: whether the message stays on its queue, and how often the receiver is called.

use std::{sync::Arc, time::Duration};

use kit::{
    answer::Answer,
    behaviour::{Act, Behaviour},
    binaries,
    cloud_resources::CloudResources,
    events,
    private_tls::{Greeting, PrivateTls},
    runtime_api::Environment,
    server::FaultyServer,
};
use serde_json::{Value, json};
use tokio::task::JoinSet;
use uuid::Uuid;

use crate::limits::AMPLE;

/// A receiver's time to answer.
const PATIENCE: Duration = Duration::from_secs(15);

/// How a receiver answers, and what happens to the message.
pub(crate) struct ReceiverCase {
    pub(crate) name: &'static str,
    greeting: Greeting,
    behaviour: Behaviour,
    /// The message stays on the queue and is sent again.
    pub(crate) stays: bool,
    /// The number of requests: 0 if the TLS handshake fails.
    pub(crate) calls: usize,
    /// It never answers within [`PATIENCE`].
    pub(crate) is_silent: bool,
}

pub(crate) fn receivers() -> Vec<ReceiverCase> {
    let row = |name, behaviour, stays| ReceiverCase {
        name,
        greeting: Greeting::Proper,
        behaviour,
        stays,
        calls: 1,
        is_silent: false,
    };
    let takes = |name, behaviour| row(name, behaviour, false);
    let fails = |name, behaviour| row(name, behaviour, true);
    let silent = |name, behaviour| ReceiverCase { is_silent: true, ..fails(name, behaviour) };
    let greets = |name, greeting| ReceiverCase { greeting, calls: 0, ..fails(name, Behaviour::good()) };
    let status = |status| Behaviour::answers(status, "{}");
    vec![
        takes("200", status(200)),
        takes("204", Behaviour::bytes("HTTP/1.1 204 No Content\r\n\r\n")),
        takes("200, closes in the body", Behaviour::partial_body(200, 9, Act::Close)),
        takes("200, an endless body", Behaviour::endless_chunks(200)),
        takes("200, hangs in the body", Behaviour::partial_body(200, 9, Act::Hang)),
        takes("410", status(410)),
        fails("301, which is not followed", Behaviour::answers_with(301, &[("Location", "/elsewhere")], "")),
        fails("400", status(400)),
        fails("429, wait 60 s", Behaviour::answers_with(429, &[("Retry-After", "60")], "")),
        fails("500", status(500)),
        fails("503", status(503)),
        fails("reset", Behaviour::resets()),
        fails("closed", Behaviour::closes()),
        fails("not HTTP", Behaviour::bytes_then("SSH-2.0-OpenSSH_9.2\r\n", Act::Close)),
        fails("endless headers", Behaviour::endless_headers()),
        silent("hangs", Behaviour::hangs()),
        silent("hangs in the headers", Behaviour::partial_headers(Act::Hang)),
        greets("plain text instead of TLS", Greeting::Plain),
        greets("a certificate from an unknown authority", Greeting::Unknown),
        greets("an expired certificate", Greeting::Expired),
        greets("a certificate of another host", Greeting::OtherHost),
        ReceiverCase { is_silent: true, ..greets("a silent TLS handshake", Greeting::Silent) },
    ]
}

/// A receiver and its operation.
struct Delivery {
    case: ReceiverCase,
    server: FaultyServer,
    tls: PrivateTls,
    operation_id: String,
}

impl Delivery {
    async fn of(case: ReceiverCase) -> Self {
        let server = FaultyServer::start(case.behaviour.clone()).await;
        let tls = PrivateTls::with_greeting(server.port(), case.greeting).await;
        Self { case, server, tls, operation_id: Uuid::new_v4().to_string() }
    }

    /// Starts and completes the operation.
    async fn complete_operation(&self, generate: &Environment, operations: &Environment) {
        let request = json!({
            "instructions": {"type": "instructions", "steps": ["Read it"]}, "operation_id": self.operation_id,
            "task_id": "t", "callback_url": format!("{}/hook", self.tls.url())
        });
        let begun = generate.invoke(&events::rest("POST", "/generate", &request.to_string()), AMPLE).await;
        assert_eq!(begun.status(), Some(202), "{begun:?}");
        let end = json!({"operation_id": self.operation_id, "success": true, "result": {}});
        let ended = operations.invoke(&events::sqs(&end.to_string()), AMPLE).await;
        assert_eq!(ended.payload, Some(json!({"batchItemFailures": []})), "{ended:?}");
    }

    /// Delivers the webhook; returns what is wrong.
    async fn check(&self, deliver: &Environment) -> Vec<String> {
        let (answer, stays) = self.deliver(deliver).await;
        let ReceiverCase { name, stays: should_stay, calls, is_silent, .. } = &self.case;
        let mut wrong = Vec::new();
        if stays != Some(*should_stay) {
            wrong.push(format!("- {name}: {answer:?}"));
        }
        let arrived = self.server.requests().len();
        if arrived != *calls {
            wrong.push(format!("- {name}: called {arrived} times, expected {calls}"));
        }
        if is_silent != &(answer.elapsed >= PATIENCE) {
            wrong.push(format!("- {name}: it took {:?}", answer.elapsed));
        }
        self.tls.greet(Greeting::Proper);
        self.server.behave(Behaviour::good());
        if self.deliver(deliver).await.1 != Some(false) {
            wrong.push(format!("- {name}: a recovered receiver is not called"));
        }
        wrong
    }

    /// The answer to the message, and whether it stays on the queue.
    async fn deliver(&self, deliver: &Environment) -> (Answer, Option<bool>) {
        let event = events::sqs(&json!({"operation_id": self.operation_id}).to_string());
        let answer = deliver.invoke(&event, AMPLE).await;
        let failures: Option<Vec<Value>> =
            answer.payload.as_ref().and_then(|payload| payload["batchItemFailures"].as_array().cloned());
        let stays = failures.map(|failures| !failures.is_empty());
        (answer, stays)
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_webhook_is_sent_again_until_its_receiver_accepts_it() {
    let Some(cloud) = CloudResources::create().await else { return };
    let mut deliveries = Vec::new();
    for case in receivers() {
        deliveries.push(Delivery::of(case).await);
    }
    let trusted: Vec<String> = deliveries.iter().map(|delivery| format!("127.0.0.1:{}", delivery.tls.port())).collect();
    let trusted = trusted.join(",");
    let mut variables = cloud.variables();
    // Completions end the operations: no generator is called.
    variables.extend([("AGENT_GENERATOR_URL", "builtin"), ("CALLBACK_TRUSTED_HOSTS", trusted.as_str())]);
    let generate = Environment::start(&binaries::function("generate"), &variables).await;
    let operations = Environment::start(&binaries::function("operations"), &variables).await;
    for delivery in &deliveries {
        delivery.complete_operation(&generate, &operations).await;
    }
    let mut checking = JoinSet::new();
    for delivery in deliveries {
        let certificates = [("SSL_CERT_FILE", delivery.tls.certificate_file())];
        let deliver =
            Environment::start(&binaries::function("deliver"), &[&variables[..], &certificates].concat()).await;
        let deliver = Arc::new(deliver);
        checking.spawn(async move { delivery.check(&deliver).await });
    }
    let wrong = checking.join_all().await.concat();
    assert!(wrong.is_empty(), "{} wrong of webhooks:\n{}", wrong.len(), wrong.join("\n"));
}
