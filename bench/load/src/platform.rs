//! The services of AWS that operations live on, as far as the functions speak to them: one table whose items are told by
//! their ids, queues and a bus that take everything, and two secrets.
//!
//! No state: it lasts for long runs, and whatever is written is answered as if it had held. That the table's conditions
//! are right is proved elsewhere, on a local cloud.

use std::{
    io::{self, Write},
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::{Duration, SystemTime},
};

use base64::{Engine, engine::general_purpose::STANDARD};
use flate2::{Compression, write::DeflateEncoder};
use kit::{
    events,
    wire::{self, Connection, Message},
};
use serde_json::{Value, json};
use tokio::{
    net::TcpListener,
    task::{JoinHandle, JoinSet},
};

/// The id of an operation that has ended.
pub const ENDED: &str = "ended";
/// One that a generator has taken over.
pub const TAKEN_OVER: &str = "taken-over";
/// One that has ended, of another owner.
pub const OF_ANOTHER: &str = "of-another";
/// A job of `generate` that waits.
pub const GENERATE_JOB: &str = "generate-job";
/// A job of `patch` that waits.
pub const PATCH_JOB: &str = "patch-job";
/// The id at which the table fails.
pub const BROKEN: &str = "broken";
/// The key for completions.
pub const INTERNAL_KEY: &str = "an-internal-key-not-a-secret";
const INTERNAL_KEY_SECRET: &str = "arn:aws:secretsmanager:eu-west-1:123456789012:secret:internal-AbCdEf";
const WEBHOOK_SECRET: &str = "arn:aws:secretsmanager:eu-west-1:123456789012:secret:webhook-AbCdEf";
/// The owner whom the events of the kit name.
const OWNER: &str = "key1";
const HALF_AN_HOUR: Duration = Duration::from_secs(30 * 60);
const WEEK: Duration = Duration::from_secs(7 * 24 * 60 * 60);

/// The services. They end when this is dropped.
#[derive(Debug)]
pub struct PlayedAws {
    port: u16,
    ends: Arc<AtomicUsize>,
    accepting: JoinHandle<()>,
}

/// What the items hold beside their ids.
#[derive(Debug)]
struct Texts {
    outcome: String,
    generate: String,
    patch: String,
    /// Where webhooks go.
    callback_url: String,
}

impl PlayedAws {
    /// Listens on a free port of the loopback interface. Operations that have ended are told to `callback_url`.
    pub async fn start(callback_url: String) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port of the loopback interface");
        let port = listener.local_addr().expect("a bound socket has an address").port();
        let (ends, texts) = (Arc::new(AtomicUsize::default()), Arc::new(Texts::new(callback_url)));
        let counted = Arc::clone(&ends);
        let accepting = tokio::spawn(async move {
            let mut served = JoinSet::new();
            while let Ok((stream, _)) = listener.accept().await {
                while served.try_join_next().is_some() {}
                let (ends, texts) = (Arc::clone(&counted), Arc::clone(&texts));
                served.spawn(async move {
                    // A process that is killed leaves its connections.
                    let _ = serve(Connection::new(stream), &texts, &ends).await;
                });
            }
        });
        Self { port, ends, accepting }
    }

    /// How often an operation was ended.
    pub fn ends(&self) -> usize {
        self.ends.load(Ordering::Relaxed)
    }

    /// The environment of a function that uses them.
    pub fn variables(&self) -> Vec<(String, String)> {
        let url = format!("http://127.0.0.1:{}", self.port);
        let queue = format!("{url}/123456789012/queue");
        [
            ("AWS_ENDPOINT_URL", url.as_str()),
            ("AWS_ACCESS_KEY_ID", "test"),
            ("AWS_SECRET_ACCESS_KEY", "test"),
            ("OPERATIONS_TABLE", "operations"),
            ("OPERATIONS_BUCKET", "operations"),
            ("EVENT_BUS_NAME", "operations"),
            ("JOBS_QUEUE_URL", &queue),
            ("CALLBACKS_QUEUE_URL", &queue),
            ("COMPLETIONS_QUEUE_URL", &queue),
            ("INTERNAL_KEY_SECRET_ARN", INTERNAL_KEY_SECRET),
            ("WEBHOOK_SECRET_ARN", WEBHOOK_SECRET),
        ]
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .into()
    }
}

impl Drop for PlayedAws {
    fn drop(&mut self) {
        self.accepting.abort();
    }
}

async fn serve(mut connection: Connection, texts: &Texts, ends: &AtomicUsize) -> io::Result<()> {
    while let Some(request) = connection.receive().await? {
        let (status, body) = answer(&request, texts, ends);
        let headers = [("Content-Type", "application/x-amz-json-1.0")];
        connection.send(&wire::answer(status, &headers, body.to_string().as_bytes())).await?;
    }
    Ok(())
}

fn answer(request: &Message, texts: &Texts, ends: &AtomicUsize) -> (u16, Value) {
    let body: Value = serde_json::from_slice(&request.body).unwrap_or_default();
    let target = request.header("x-amz-target").unwrap_or_default();
    let id = body["Key"]["operation_id"]["S"].as_str().unwrap_or_default();
    match target.rsplit('.').next().unwrap_or_default() {
        "GetItem" | "UpdateItem" if id == BROKEN => (500, json!({"__type": "InternalServerError"})),
        "GetItem" => (200, texts.item(id).map_or(json!({}), |item| json!({"Item": item}))),
        "UpdateItem" => {
            let mut item = texts.item(id).unwrap_or_default();
            // The one change that has a state to set is the end.
            let status = &body["ExpressionAttributeValues"][":status"];
            if !status.is_null() {
                ends.fetch_add(1, Ordering::Relaxed);
                (item["status"], item["announced"]) = (status.clone(), json!({"BOOL": false}));
                item["error_type"] = body["ExpressionAttributeValues"][":error_type"].clone();
                if item["error_type"].is_null() {
                    item.as_object_mut().expect("an item is an object").remove("error_type");
                }
            }
            (200, json!({"Attributes": item}))
        }
        "GetSecretValue" if body["SecretId"] == INTERNAL_KEY_SECRET => (200, json!({"SecretString": INTERNAL_KEY})),
        "GetSecretValue" => (200, json!({"SecretString": STANDARD.encode([7; 32])})),
        "PutEvents" => (200, json!({"FailedEntryCount": 0, "Entries": [{"EventId": "e"}]})),
        "SendMessage" => (200, json!({"MessageId": "m", "MD5OfMessageBody": "0"})),
        "PutItem" | "ChangeMessageVisibility" => (200, json!({})),
        _ => (400, json!({"__type": "UnknownOperationException"})),
    }
}

impl Texts {
    fn new(callback_url: String) -> Self {
        let request = |file| packed(&events::file(file).to_string());
        Self {
            outcome: packed(r#"{"type":"agent_preview","agent_json":{}}"#),
            generate: request("generate-direct.json"),
            patch: request("patch-direct.json"),
            callback_url,
        }
    }

    /// The item of an operation; `None` where there is none.
    fn item(&self, id: &str) -> Option<Value> {
        let (status, owner, tool, request) = match id {
            ENDED => ("completed", OWNER, "generate_agent", None),
            OF_ANOTHER => ("completed", "key2", "generate_agent", None),
            TAKEN_OVER => ("running", OWNER, "generate_agent", None),
            GENERATE_JOB => ("running", OWNER, "generate_agent", Some(&self.generate)),
            PATCH_JOB => ("running", OWNER, "patch_agent", Some(&self.patch)),
            _ => return None,
        };
        let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).expect("a date after 1970");
        let time = |time: Duration| json!({"N": time.as_secs().to_string()});
        let mut item = json!({
            "operation_id": {"S": id}, "task_id": {"S": "task"}, "tool_name": {"S": tool}, "owner": {"S": owner},
            "fingerprint": {"S": "f"}, "callback_url": {"S": self.callback_url}, "status": {"S": status},
            "claims": {"N": "1"}, "failures": {"N": "0"}, "handed_over": {"BOOL": id == TAKEN_OVER},
            "announced": {"BOOL": true}, "created_at": time(now), "updated_at": time(now),
            "deadline": time(now + HALF_AN_HOUR), "expires_at": time(now + WEEK)
        });
        if status == "completed" {
            item["outcome"] = json!({"B": self.outcome});
        }
        if let Some(request) = request {
            item["request"] = json!({"B": request});
            item["leased_until"] = time(now + HALF_AN_HOUR);
        }
        Some(item)
    }
}

/// A text as the table keeps it: compressed, and as DynamoDB sends bytes.
fn packed(text: &str) -> String {
    let mut encoder = DeflateEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(text.as_bytes()).expect("memory takes everything");
    STANDARD.encode(encoder.finish().expect("memory takes everything"))
}
