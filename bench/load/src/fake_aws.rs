//! Plays DynamoDB, SQS, EventBridge and Secrets Manager for operations: an item's content follows from its id, queues and bus
//! accept everything.
//!
//! Stateless, so that long runs do not fill the memory. Conditions of the table are tested in the local cloud, not here.

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

use crate::fake_library;

/// The id of a completed operation.
pub const ENDED: &str = "ended";
/// The generator took its job over.
pub const TAKEN_OVER: &str = "taken-over";
/// An operation that ends between the first read and the next two, again and again. It has a log.
pub const UNDER_WAY: &str = "under-way";
/// A completed operation of another owner.
pub const OF_ANOTHER: &str = "of-another";
pub const GENERATE_JOB: &str = "generate-job";
pub const PATCH_JOB: &str = "patch-job";
/// A completed operation whose result is as long as one can be.
pub const LONG: &str = "long";
/// Jobs with the longest request.
pub const GENERATE_LONG_JOB: &str = "generate-long-job";
pub const PATCH_LONG_JOB: &str = "patch-long-job";
/// The table fails for this id.
pub const BROKEN: &str = "broken";
/// The task of all operations.
pub const TASK: &str = "task";
/// The key of completions.
pub const INTERNAL_KEY: &str = "an-internal-key-not-a-secret";
const INTERNAL_KEY_SECRET: &str = "arn:aws:secretsmanager:eu-west-1:123456789012:secret:internal-AbCdEf";
const WEBHOOK_SECRET: &str = "arn:aws:secretsmanager:eu-west-1:123456789012:secret:webhook-AbCdEf";
/// What the log has of the operation that has one.
const LOG: &str = r#"[{"seq":2,"at":"2026-11-27T12:00:00.000Z","attempt":1,"type":"started"},
    {"seq":3,"at":"2026-11-27T12:00:01.000Z","attempt":1,"type":"step","name":"planning"}]"#;
/// `apiKeyId` in the kit's REST events.
const OWNER: &str = "key1";
const HALF_AN_HOUR: Duration = Duration::from_secs(30 * 60);
const WEEK: Duration = Duration::from_secs(7 * 24 * 60 * 60);

/// Stops when it is dropped.
#[derive(Debug)]
pub struct FakeAws {
    port: u16,
    ends: Arc<AtomicUsize>,
    accepting: JoinHandle<()>,
}

/// The content of the items.
#[derive(Debug)]
struct Texts {
    outcome: String,
    generate: String,
    patch: String,
    callback_url: String,
    /// Reads of [`UNDER_WAY`].
    looks: AtomicUsize,
}

impl FakeAws {
    /// Listens on a free port. Webhooks go to `callback_url`.
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
                    // A killed process drops its connections.
                    let _ = serve(Connection::new(stream), &texts, &ends).await;
                });
            }
        });
        Self { port, ends, accepting }
    }

    /// The number of updates that ended an operation.
    pub fn ends(&self) -> usize {
        self.ends.load(Ordering::Relaxed)
    }

    /// The environment variables of a function.
    pub fn variables(&self) -> Vec<(String, String)> {
        let url = format!("http://127.0.0.1:{}", self.port);
        let queue = format!("{url}/123456789012/queue");
        [
            ("AWS_ENDPOINT_URL", url.as_str()),
            ("AWS_ACCESS_KEY_ID", "test"),
            ("AWS_SECRET_ACCESS_KEY", "test"),
            ("OPERATIONS_TABLE", "operations"),
            ("PROGRESS_TABLE", "progress"),
            ("OPERATIONS_BUCKET", "operations"),
            ("EVENT_BUS_NAME", "operations"),
            ("JOBS_QUEUE_URL", &queue),
            ("GENERATE_JOBS_QUEUE_URL", &queue),
            ("PATCH_JOBS_QUEUE_URL", &queue),
            ("CALLBACKS_QUEUE_URL", &queue),
            ("COMPLETIONS_QUEUE_URL", &queue),
            ("INTERNAL_KEY_SECRET_ARN", INTERNAL_KEY_SECRET),
            ("WEBHOOK_SECRET_ARN", WEBHOOK_SECRET),
        ]
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .into()
    }
}

impl Drop for FakeAws {
    fn drop(&mut self) {
        self.accepting.abort();
    }
}

async fn serve(mut connection: Connection, texts: &Texts, ends: &AtomicUsize) -> io::Result<()> {
    while let Some(request) = connection.receive().await? {
        if let Some(stored) = bucket(&request) {
            connection.send(&wire::answer(200, &[], &stored)).await?;
            continue;
        }
        let (status, body) = answer(&request, texts, ends);
        let headers = [("Content-Type", "application/x-amz-json-1.0")];
        connection.send(&wire::answer(status, &headers, body.to_string().as_bytes())).await?;
    }
    Ok(())
}

/// S3's answer: a key is the name of a text. `None` if the request is for another service.
fn bucket(request: &Message) -> Option<Vec<u8>> {
    let path = request.word(1);
    let key = path.strip_prefix("/operations/").or_else(|| path.strip_prefix("/library/"))?;
    if request.word(0) != "GET" {
        return Some(Vec::new());
    }
    Some(deflated(&long_text(key).or_else(|| fake_library::text(key))?))
}

/// Requests and a result of nearly the longest size.
fn long_text(key: &str) -> Option<String> {
    let numbers = |bytes: usize| format!("[{}0]", "0,".repeat(bytes / 2));
    let mut body = match key {
        LONG => return Some(format!(r#"{{"type":"agent_preview","agent_json":{{"x":{}}}}}"#, numbers(5_000_000))),
        GENERATE_LONG_JOB => events::file("generate-direct.json").to_string(),
        PATCH_LONG_JOB => events::file("patch-direct.json").to_string(),
        _ => return None,
    };
    let bytes = if key == PATCH_LONG_JOB { 5_000_000 } else { 1_000_000 };
    body.insert_str(1, &format!("\"x\":{},", numbers(bytes - body.len())));
    Some(body)
}

fn answer(request: &Message, texts: &Texts, ends: &AtomicUsize) -> (u16, Value) {
    let body: Value = serde_json::from_slice(&request.body).unwrap_or_default();
    let target = request.header("x-amz-target").unwrap_or_default();
    let id = body["Key"]["operation_id"]["S"].as_str().unwrap_or_default();
    match target.rsplit('.').next().unwrap_or_default() {
        "GetItem" | "UpdateItem" if id == BROKEN => (500, json!({"__type": "InternalServerError"})),
        "GetItem" if body["TableName"] == "library" => {
            let item = fake_library::item(&body["Key"], packed);
            (200, item.map_or(json!({}), |item| json!({"Item": item})))
        }
        "GetItem" => (200, texts.item(id).map_or(json!({}), |item| json!({"Item": item}))),
        "UpdateItem" => {
            let mut item = texts.item(id).unwrap_or_default();
            // Only the end of an operation sets `:status`.
            let status = &body["ExpressionAttributeValues"][":status"];
            if !status.is_null() {
                ends.fetch_add(1, Ordering::Relaxed);
                (item["status"], item["announced"]) = (status.clone(), json!({"BOOL": false}));
                item["error_type"] = body["ExpressionAttributeValues"][":error_type"].clone();
                if item["error_type"].is_null() {
                    item.as_object_mut().expect("an item is an object").remove("error_type");
                }
            }
            (200, if body["ReturnValues"] == "NONE" { json!({}) } else { json!({"Attributes": item}) })
        }
        "GetSecretValue" if body["SecretId"] == INTERNAL_KEY_SECRET => (200, json!({"SecretString": INTERNAL_KEY})),
        "GetSecretValue" => (200, json!({"SecretString": STANDARD.encode([7; 32])})),
        "PutEvents" => (200, json!({"FailedEntryCount": 0, "Entries": [{"EventId": "e"}]})),
        "SendMessage" => (200, json!({"MessageId": "m", "MD5OfMessageBody": "0"})),
        "Query" if body["TableName"] == "progress" => (200, json!({"Items": [{"entries": {"S": LOG}}]})),
        "Query" if body["IndexName"] == "task_id-index" => (200, json!({"Items": [{"operation_id": {"S": ENDED}}]})),
        "Query" => (200, json!({"Count": 0, "ScannedCount": 0, "Items": []})),
        "PutItem" | "TransactWriteItems" | "ChangeMessageVisibility" => (200, json!({})),
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
            looks: AtomicUsize::default(),
        }
    }

    fn item(&self, id: &str) -> Option<Value> {
        let (status, owner, tool, request) = match id {
            ENDED => ("completed", OWNER, "generate_agent", None),
            OF_ANOTHER => ("completed", "key2", "generate_agent", None),
            TAKEN_OVER => ("running", OWNER, "generate_agent", None),
            UNDER_WAY if self.looks.fetch_add(1, Ordering::Relaxed).is_multiple_of(3) => {
                ("running", OWNER, "generate_agent", None)
            }
            UNDER_WAY => ("completed", OWNER, "generate_agent", None),
            GENERATE_JOB => ("running", OWNER, "generate_agent", Some(&self.generate)),
            PATCH_JOB => ("running", OWNER, "patch_agent", Some(&self.patch)),
            LONG => ("completed", OWNER, "generate_agent", None),
            GENERATE_LONG_JOB => ("running", OWNER, "generate_agent", None),
            PATCH_LONG_JOB => ("running", OWNER, "patch_agent", None),
            _ => return None,
        };
        let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).expect("a date after 1970");
        let time = |time: Duration| json!({"N": time.as_secs().to_string()});
        let mut item = json!({
            "operation_id": {"S": id}, "task_id": {"S": TASK}, "tool_name": {"S": tool}, "owner": {"S": owner},
            "fingerprint": {"S": "f"}, "callback_url": {"S": self.callback_url}, "status": {"S": status},
            "claims": {"N": "1"}, "failures": {"N": "0"}, "handed_over": {"BOOL": id == TAKEN_OVER},
            "announced": {"BOOL": true}, "created_at": time(now), "updated_at": time(now),
            "deadline": time(now + HALF_AN_HOUR), "expires_at": time(now + WEEK)
        });
        if id == UNDER_WAY {
            (item["logged"], item["log_writes"]) = (json!({"N": "3"}), json!({"N": "1"}));
        }
        if id == LONG {
            item["outcome_key"] = json!({"S": id});
        } else if [GENERATE_LONG_JOB, PATCH_LONG_JOB].contains(&id) {
            item["request_key"] = json!({"S": id});
            item["leased_until"] = time(now + HALF_AN_HOUR);
        } else if status == "completed" {
            item["outcome"] = json!({"B": self.outcome});
        }
        if let Some(request) = request {
            item["request"] = json!({"B": request});
            item["leased_until"] = time(now + HALF_AN_HOUR);
        }
        Some(item)
    }
}

/// Compresses a text as the table stores it, in DynamoDB's base64.
fn packed(text: &str) -> String {
    STANDARD.encode(deflated(text))
}

/// As the bucket stores it.
fn deflated(text: &str) -> Vec<u8> {
    let mut encoder = DeflateEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(text.as_bytes()).expect("writing to memory succeeds");
    encoder.finish().expect("writing to memory succeeds")
}
