//! Creates what operations need in the local cloud at `LOCAL_CLOUD_ENDPOINT`.

use serde_json::{Value, json};
use tokio::net::TcpStream;

use crate::wire::{Connection, Message};

#[derive(Debug)]
pub struct LocalCloud {
    endpoint: String,
}

impl LocalCloud {
    /// `None` if the variable is not set; prints that the test is skipped.
    #[allow(clippy::print_stderr, reason = "a skipped test must not look like a passed one")]
    pub fn from_environment() -> Option<Self> {
        let endpoint = std::env::var("LOCAL_CLOUD_ENDPOINT").ok().filter(|endpoint| !endpoint.is_empty());
        if endpoint.is_none() {
            eprintln!("skipped: LOCAL_CLOUD_ENDPOINT is not set");
        }
        endpoint.map(|endpoint| Self { endpoint: endpoint.trim_end_matches('/').to_owned() })
    }

    /// The address of all services.
    pub fn endpoint(&self) -> &str {
        &self.endpoint
    }

    /// Creates a table with the template's keys and indexes.
    pub async fn make_table(&self, name: &str) {
        let key = |name| json!([{"AttributeName": name, "KeyType": "HASH"}]);
        let text = |name| json!({"AttributeName": name, "AttributeType": "S"});
        let number = |name| json!({"AttributeName": name, "AttributeType": "N"});
        let index = |name, hash, range, projection| {
            let keys =
                json!([{"AttributeName": hash, "KeyType": "HASH"}, {"AttributeName": range, "KeyType": "RANGE"}]);
            json!({"IndexName": name, "KeySchema": keys, "Projection": projection})
        };
        let keys_only = json!({"ProjectionType": "KEYS_ONLY"});
        let with = |names: &[&str]| json!({"ProjectionType": "INCLUDE", "NonKeyAttributes": names});
        let head = ["task_id", "tool_name", "status", "error_type", "updated_at", "deadline", "expires_at"];
        let table = json!({
            "TableName": name, "BillingMode": "PAY_PER_REQUEST", "KeySchema": key("operation_id"),
            "AttributeDefinitions": [text("operation_id"), text("task_id"), text("shard"), text("owner"), number("due_at"), number("created_at")],
            "GlobalSecondaryIndexes": [
                index("task_id-index", "task_id", "created_at", with(&["owner"])),
                index("due-index", "shard", "due_at", keys_only),
                index("owner-index", "owner", "created_at", with(&head)),
            ]
        });
        self.call("dynamodb", "DynamoDB_20120810.CreateTable", "1.0", &table).await;
    }

    /// For the log of operations.
    pub async fn make_progress_table(&self, name: &str) {
        let table = json!({
            "TableName": name, "BillingMode": "PAY_PER_REQUEST",
            "KeySchema": [{"AttributeName": "operation_id", "KeyType": "HASH"}, {"AttributeName": "seq", "KeyType": "RANGE"}],
            "AttributeDefinitions": [{"AttributeName": "operation_id", "AttributeType": "S"}, {"AttributeName": "seq", "AttributeType": "N"}],
        });
        self.call("dynamodb", "DynamoDB_20120810.CreateTable", "1.0", &table).await;
    }

    /// For the agents that callers keep.
    pub async fn make_library_table(&self, name: &str) {
        let key = |hash: &str, range: &str| json!([{"AttributeName": hash, "KeyType": "HASH"}, {"AttributeName": range, "KeyType": "RANGE"}]);
        let attributes =
            [("pk", "S"), ("sk", "S"), ("owner", "S"), ("updated", "N"), ("purge", "S"), ("purge_at", "N")];
        let table = json!({
            "TableName": name, "BillingMode": "PAY_PER_REQUEST", "KeySchema": key("pk", "sk"),
            "AttributeDefinitions": attributes.map(|(name, kind)| json!({"AttributeName": name, "AttributeType": kind})),
            "GlobalSecondaryIndexes": [
                {"IndexName": "owner-index", "KeySchema": key("owner", "updated"),
                 "Projection": {"ProjectionType": "INCLUDE", "NonKeyAttributes": ["search"]}},
                {"IndexName": "offer-index", "KeySchema": key("owner", "updated"),
                 "Projection": {"ProjectionType": "INCLUDE", "NonKeyAttributes": ["search", "offer"]}},
                {"IndexName": "purge-index", "KeySchema": key("purge", "purge_at"), "Projection": {"ProjectionType": "KEYS_ONLY"}},
            ],
        });
        self.call("dynamodb", "DynamoDB_20120810.CreateTable", "1.0", &table).await;
    }

    /// The worker that has the operation is thought dead: another one may claim it.
    pub async fn lapse_lease(&self, table: &str, operation_id: &str) {
        let update = json!({
            "TableName": table, "Key": {"operation_id": {"S": operation_id}},
            "UpdateExpression": "SET leased_until = :past", "ExpressionAttributeValues": {":past": {"N": "0"}},
        });
        self.call("dynamodb", "DynamoDB_20120810.UpdateItem", "1.0", &update).await;
    }

    pub async fn make_bucket(&self, name: &str) {
        self.send("PUT", &format!("/{name}"), "s3", "", "").await;
    }

    /// Returns the queue's URL.
    pub async fn make_queue(&self, name: &str) -> String {
        let made = self.call("sqs", "AmazonSQS.CreateQueue", "1.0", &json!({"QueueName": name})).await;
        made["QueueUrl"].as_str().expect("a queue URL").to_owned()
    }

    pub async fn make_bus(&self, name: &str) {
        self.call("events", "AWSEvents.CreateEventBus", "1.1", &json!({"Name": name})).await;
    }

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
        // The local cloud reads only the service's name from the signature.
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
