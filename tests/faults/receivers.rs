//! Receivers of webhooks that fail: the message stays on its queue, or leaves it, and nobody is called twice at once.

use std::{sync::Arc, time::Duration};

use kit::{
    answer::Answer,
    behaviour::{Act, Behaviour},
    binaries, events,
    faulty::FaultyGenerator,
    private_tls::{Greeting, PrivateTls},
    runtime_api::Environment,
};
use serde_json::{Value, json};
use tokio::task::JoinSet;
use uuid::Uuid;

use crate::{jobs::Platform, times::AMPLE};

/// A receiver has so long to answer.
const PATIENCE: Duration = Duration::from_secs(15);

/// A receiver, and what becomes of its webhook.
pub(crate) struct Receiving {
    pub(crate) name: &'static str,
    greeting: Greeting,
    behaviour: Behaviour,
    /// Whether the message stays on the queue, to be sent again.
    pub(crate) stays: bool,
    /// How often it is called: not at all where no TLS comes about.
    pub(crate) calls: usize,
    /// It takes the whole patience.
    pub(crate) is_silent: bool,
}

/// Every way in which a receiver answers, or fails to.
pub(crate) fn receiving() -> Vec<Receiving> {
    let row = |name, behaviour, stays| Receiving {
        name,
        greeting: Greeting::Proper,
        behaviour,
        stays,
        calls: 1,
        is_silent: false,
    };
    let takes = |name, behaviour| row(name, behaviour, false);
    let fails = |name, behaviour| row(name, behaviour, true);
    let silent = |name, behaviour| Receiving { is_silent: true, ..fails(name, behaviour) };
    let greets = |name, greeting| Receiving { greeting, calls: 0, ..fails(name, Behaviour::good()) };
    let status = |status| Behaviour::answers(status, "{}");
    vec![
        takes("200", status(200)),
        takes("204", Behaviour::bytes("HTTP/1.1 204 No Content\r\n\r\n")),
        takes("200, breaks off", Behaviour::amid_body(200, 9, Act::Close)),
        takes("200, a body without end", Behaviour::endless_chunks(200)),
        takes("200, hangs amid its body", Behaviour::amid_body(200, 9, Act::Hang)),
        takes("410", status(410)),
        fails("301, which is not followed", Behaviour::answers_with(301, &[("Location", "/elsewhere")], "")),
        fails("400", status(400)),
        fails("429, wait 60 s", Behaviour::answers_with(429, &[("Retry-After", "60")], "")),
        fails("500", status(500)),
        fails("503", status(503)),
        fails("reset", Behaviour::resets()),
        fails("closed", Behaviour::closes()),
        fails("not HTTP", Behaviour::bytes_then("SSH-2.0-OpenSSH_9.2\r\n", Act::Close)),
        fails("headers without end", Behaviour::endless_headers()),
        silent("hangs", Behaviour::hangs()),
        silent("hangs amid its headers", Behaviour::amid_headers(Act::Hang)),
        greets("plain text where TLS is spoken", Greeting::Plain),
        greets("a certificate that nobody vouches for", Greeting::Unknown),
        greets("a certificate that has expired", Greeting::Expired),
        greets("a certificate of another host", Greeting::OtherHost),
        Receiving { is_silent: true, ..greets("TLS that is silent", Greeting::Silent) },
    ]
}

/// A receiver, and the operation that it is told of.
struct Site {
    receiving: Receiving,
    server: FaultyGenerator,
    tls: PrivateTls,
    operation_id: String,
}

impl Site {
    async fn of(receiving: Receiving) -> Self {
        let server = FaultyGenerator::start(receiving.behaviour.clone()).await;
        let tls = PrivateTls::greeting(server.port(), receiving.greeting).await;
        Self { receiving, server, tls, operation_id: Uuid::new_v4().to_string() }
    }

    /// Has the operation begin and end.
    async fn begin(&self, generate: &Environment, operations: &Environment) {
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

    /// Has it told; what is wrong with that.
    async fn tell(&self, deliver: &Environment) -> Vec<String> {
        let (answer, stays) = self.told(deliver).await;
        let Receiving { name, stays: should_stay, calls, is_silent, .. } = &self.receiving;
        let mut wrong = Vec::new();
        if stays != Some(*should_stay) {
            wrong.push(format!("- {name}: {answer:?}"));
        }
        let arrived = self.server.requests().len();
        if arrived != *calls {
            wrong.push(format!("- {name}: called {arrived} times, not {calls}"));
        }
        if is_silent != &(answer.elapsed >= PATIENCE) {
            wrong.push(format!("- {name}: it took {:?}", answer.elapsed));
        }
        self.tls.greet(Greeting::Proper);
        self.server.behave(Behaviour::good());
        if self.told(deliver).await.1 != Some(false) {
            wrong.push(format!("- {name}: a receiver that is well is not told"));
        }
        wrong
    }

    /// The answer to the message, and whether that stays on the queue.
    async fn told(&self, deliver: &Environment) -> (Answer, Option<bool>) {
        let event = events::sqs(&json!({"operation_id": self.operation_id}).to_string());
        let answer = deliver.invoke(&event, AMPLE).await;
        let failures: Option<Vec<Value>> =
            answer.payload.as_ref().and_then(|payload| payload["batchItemFailures"].as_array().cloned());
        let stays = failures.map(|failures| !failures.is_empty());
        (answer, stays)
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_webhook_is_sent_again_until_its_receiver_has_taken_it() {
    let Some(platform) = Platform::make().await else { return };
    let mut sites = Vec::new();
    for receiving in receiving() {
        sites.push(Site::of(receiving).await);
    }
    let trusted: Vec<String> = sites.iter().map(|site| format!("127.0.0.1:{}", site.tls.port())).collect();
    let trusted = trusted.join(",");
    let mut variables = platform.variables();
    // No generator is asked: the operations end from outside.
    variables.extend([("AGENT_GENERATOR_URL", "builtin"), ("CALLBACK_TRUSTED_HOSTS", trusted.as_str())]);
    let generate = Environment::started(&binaries::function("generate"), &variables).await;
    let operations = Environment::started(&binaries::function("operations"), &variables).await;
    for site in &sites {
        site.begin(&generate, &operations).await;
    }
    let mut telling = JoinSet::new();
    for site in sites {
        let certificates = [("SSL_CERT_FILE", site.tls.certificate_file())];
        let deliver =
            Environment::started(&binaries::function("deliver"), &[&variables[..], &certificates].concat()).await;
        let deliver = Arc::new(deliver);
        telling.spawn(async move { site.tell(&deliver).await });
    }
    let wrong = telling.join_all().await.concat();
    assert!(wrong.is_empty(), "{} wrong of webhooks:\n{}", wrong.len(), wrong.join("\n"));
}
