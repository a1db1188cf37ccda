//! A cloud on this machine, which `LOCAL_CLOUD_ENDPOINT` names, and what operations need of it.

use serde_json::{Value, json};
use tokio::net::TcpStream;

use crate::wire::{Connection, Message};

/// The cloud, with a table, a bucket, queues, a bus and secrets in it that are a test's own.
#[derive(Debug)]
pub struct LocalCloud {
    endpoint: String,
}

impl LocalCloud {
    /// The cloud that is named; `None` where none is, and says that a test is skipped.
    #[allow(clippy::print_stderr, reason = "whoever reads that a test passed learns that it did not run")]
    pub fn named() -> Option<Self> {
        let endpoint = std::env::var("LOCAL_CLOUD_ENDPOINT").ok().filter(|endpoint| !endpoint.is_empty());
        if endpoint.is_none() {
            eprintln!("skipped: LOCAL_CLOUD_ENDPOINT names no local cloud");
        }
        endpoint.map(|endpoint| Self { endpoint: endpoint.trim_end_matches('/').to_owned() })
    }

    /// Where all its services answer.
    pub fn endpoint(&self) -> &str {
        &self.endpoint
    }

    /// A table as the template has it.
    pub async fn make_table(&self, name: &str) {
        let key = |name| json!([{"AttributeName": name, "KeyType": "HASH"}]);
        let text = |name| json!({"AttributeName": name, "AttributeType": "S"});
        let index = json!({"IndexName": "task_id-index", "KeySchema": key("task_id"),
                           "Projection": {"ProjectionType": "KEYS_ONLY"}});
        let table = json!({
            "TableName": name, "BillingMode": "PAY_PER_REQUEST", "KeySchema": key("operation_id"),
            "AttributeDefinitions": [text("operation_id"), text("task_id")], "GlobalSecondaryIndexes": [index]
        });
        self.call("dynamodb", "DynamoDB_20120810.CreateTable", "1.0", &table).await;
    }

    /// A bucket.
    pub async fn make_bucket(&self, name: &str) {
        self.send("PUT", &format!("/{name}"), "s3", "", "").await;
    }

    /// A queue; gives its address.
    pub async fn make_queue(&self, name: &str) -> String {
        let made = self.call("sqs", "AmazonSQS.CreateQueue", "1.0", &json!({"QueueName": name})).await;
        made["QueueUrl"].as_str().expect("a queue has an address").to_owned()
    }

    /// An event bus.
    pub async fn make_bus(&self, name: &str) {
        self.call("events", "AWSEvents.CreateEventBus", "1.1", &json!({"Name": name})).await;
    }

    /// A secret.
    pub async fn make_secret(&self, name: &str, text: &str) {
        let secret = json!({"Name": name, "SecretString": text});
        self.call("secretsmanager", "secretsmanager.CreateSecret", "1.1", &secret).await;
    }

    async fn call(&self, service: &str, target: &str, form: &str, body: &Value) -> Value {
        let headers = format!("X-Amz-Target: {target}\r\nContent-Type: application/x-amz-json-{form}\r\n");
        let answer = self.send("POST", "/", service, &headers, &body.to_string()).await;
        assert_eq!(answer.word(1), "200", "{target}: {}", String::from_utf8_lossy(&answer.body));
        serde_json::from_slice(&answer.body).unwrap_or_default()
    }

    async fn send(&self, method: &str, path: &str, service: &str, headers: &str, body: &str) -> Message {
        let authority = self.endpoint.trim_start_matches("http://");
        let mut connection = Connection::new(TcpStream::connect(authority).await.expect("the local cloud listens"));
        // It reads the service's name out of the signature, and no more.
        let scope = format!("Credential=test/20200101/us-east-1/{service}/aws4_request");
        let request = format!(
            "{method} {path} HTTP/1.1\r\nHost: {authority}\r\nAuthorization: AWS4-HMAC-SHA256 {scope}, \
             SignedHeaders=host, Signature=none\r\n{headers}Content-Length: {}\r\nConnection: close\r\n\r\n{body}",
            body.len()
        );
        connection.send(request.as_bytes()).await.expect("the local cloud reads");
        connection.receive().await.expect("the local cloud answers").expect("an answer before the end")
    }
}
