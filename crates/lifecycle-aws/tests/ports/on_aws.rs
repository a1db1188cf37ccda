//! The adapters for AWS against a local cloud at `LOCAL_CLOUD_ENDPOINT`. Without that variable these tests print that
//! they were skipped.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
    time::Duration,
};

use aws_sdk_dynamodb::types::{
    AttributeDefinition, AttributeValue, BillingMode, GlobalSecondaryIndex, KeySchemaElement, KeyType, Projection,
    ProjectionType, ScalarAttributeType,
};
use aws_sdk_eventbridge::types::Target;
use aws_sdk_sqs::types::{MessageSystemAttributeName, QueueAttributeName};
use lifecycle::{
    ports::{CallbackQueue, CompletionEvent, CompletionEvents, JobQueue, MessageVisibility, OperationStore},
    record::{NewOperation, Status},
};
use lifecycle_aws::{Clients, EventBus, Log, Queue, Table};
use shared::{caller::Owner, port_error::PortError};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

use crate::rules::{anyone, at, begin, completed, logging::Kept, new_operation, noise, unique};

pub(crate) const TABLE: &str = "operations";
pub(crate) const PROGRESS: &str = "progress";
pub(crate) const BUCKET: &str = "operations";

pub(crate) fn clients_at(endpoint: &str) -> Clients {
    let given = |name: &str| match name {
        "AWS_REGION" => Some("us-east-1".to_owned()),
        "AWS_ACCESS_KEY_ID" | "AWS_SECRET_ACCESS_KEY" => Some("test".to_owned()),
        "AWS_ENDPOINT_URL" => Some(endpoint.to_owned()),
        _ => None,
    };
    Clients::from_environment(given).unwrap()
}

#[allow(clippy::print_stderr, reason = "tells the reader of the output that the test did not run")]
pub(crate) fn local_cloud() -> Option<String> {
    let endpoint = std::env::var("LOCAL_CLOUD_ENDPOINT").ok().filter(|endpoint| !endpoint.is_empty());
    if endpoint.is_none() {
        eprintln!("skipped: LOCAL_CLOUD_ENDPOINT is not set");
    }
    endpoint
}

pub(crate) fn clients() -> Option<Clients> {
    local_cloud().map(|endpoint| clients_at(&endpoint))
}

/// What the index of owners has of an operation besides its keys.
const HEAD: [&str; 7] = ["task_id", "tool_name", "status", "error_type", "updated_at", "deadline", "expires_at"];

/// Creates the table and the bucket of the template if they do not exist.
pub(crate) async fn store() -> Option<Table> {
    let clients = clients()?;
    let key = |name| KeySchemaElement::builder().attribute_name(name).key_type(KeyType::Hash).build().unwrap();
    let text = |name| {
        let definition = AttributeDefinition::builder().attribute_name(name);
        definition.attribute_type(ScalarAttributeType::S).build().unwrap()
    };
    let number = |name| {
        let definition = AttributeDefinition::builder().attribute_name(name);
        definition.attribute_type(ScalarAttributeType::N).build().unwrap()
    };
    let range = |name| KeySchemaElement::builder().attribute_name(name).key_type(KeyType::Range).build().unwrap();
    let index = |name, keys: [KeySchemaElement; 2], others: &[&str]| {
        let projection = match others {
            [] => Projection::builder().projection_type(ProjectionType::KeysOnly),
            others => Projection::builder()
                .projection_type(ProjectionType::Include)
                .set_non_key_attributes(Some(others.iter().map(|name| (*name).to_owned()).collect())),
        };
        let index = GlobalSecondaryIndex::builder().index_name(name).set_key_schema(Some(keys.into()));
        index.projection(projection.build()).build().unwrap()
    };
    let made = clients
        .dynamodb()
        .create_table()
        .table_name(TABLE)
        .billing_mode(BillingMode::PayPerRequest)
        .attribute_definitions(text("operation_id"))
        .attribute_definitions(text("task_id"))
        .attribute_definitions(text("shard"))
        .attribute_definitions(text("owner"))
        .attribute_definitions(number("due_at"))
        .attribute_definitions(number("created_at"))
        .key_schema(key("operation_id"))
        .global_secondary_indexes(index("task_id-index", [key("task_id"), range("created_at")], &["owner"]))
        .global_secondary_indexes(index("due-index", [key("shard"), range("due_at")], &[]))
        .global_secondary_indexes(index("owner-index", [key("owner"), range("created_at")], &HEAD))
        .send()
        .await;
    if let Err(error) = made {
        assert!(error.as_service_error().is_some_and(|error| error.is_resource_in_use_exception()), "{error:?}");
    }
    let made = clients
        .dynamodb()
        .create_table()
        .table_name(PROGRESS)
        .billing_mode(BillingMode::PayPerRequest)
        .attribute_definitions(text("operation_id"))
        .attribute_definitions(number("seq"))
        .key_schema(key("operation_id"))
        .key_schema(range("seq"))
        .send()
        .await;
    if let Err(error) = made {
        assert!(error.as_service_error().is_some_and(|error| error.is_resource_in_use_exception()), "{error:?}");
    }
    make_bucket(&local_cloud()?).await;
    Some(Table::new(&clients, TABLE, Some(BUCKET)))
}

/// A raw request, because the crate cannot create buckets. The local cloud does not check signatures.
async fn make_bucket(endpoint: &str) {
    let authority = endpoint.trim_start_matches("http://").trim_end_matches('/');
    let mut stream = TcpStream::connect(authority).await.unwrap();
    let request =
        format!("PUT /{BUCKET} HTTP/1.1\r\nHost: {authority}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
    stream.write_all(request.as_bytes()).await.unwrap();
    stream.read_to_end(&mut Vec::new()).await.unwrap();
}

every_rule!(super::store);

async fn kept() -> Option<Kept> {
    let store = store().await?;
    Some(Kept { log: Arc::new(Log::new(&store, Some(PROGRESS))), store: Arc::new(store) })
}

every_rule_of_the_log!(super::kept);

async fn item(clients: &Clients, operation_id: &str) -> std::collections::HashMap<String, AttributeValue> {
    let get = clients.dynamodb().get_item().table_name(TABLE);
    get.key("operation_id", AttributeValue::S(operation_id.to_owned())).send().await.unwrap().item.unwrap()
}

#[tokio::test]
async fn long_texts_are_in_the_bucket_and_not_in_the_item() {
    let (Some(store), Some(clients)) = (store().await, clients()) else { return };
    for (bytes, in_bucket) in [(1_000, false), (350_000, true)] {
        let new = NewOperation { request: noise(bytes), ..new_operation() };
        begin(&store, &new).await;
        store
            .finish(&new.operation_id, anyone(&store, &new.operation_id).await, &completed(&noise(bytes)), at(1))
            .await
            .unwrap();
        let item = item(&clients, &new.operation_id).await;
        for name in ["request", "outcome"] {
            assert_eq!(item.contains_key(name), !in_bucket, "{bytes} bytes of {name}");
            assert_eq!(item.contains_key(&format!("{name}_key")), in_bucket, "{bytes} bytes of {name}");
        }
    }
}

#[tokio::test]
async fn the_ttl_is_rounded_up_to_whole_seconds() {
    let (Some(store), Some(clients)) = (store().await, clients()) else { return };
    let new = NewOperation { expires_at: at(10), ..new_operation() };
    begin(&store, &new).await;
    let expires_at = item(&clients, &new.operation_id).await["expires_at"].as_n().unwrap().clone();
    assert_eq!(expires_at, "2000000011");
}

/// A new queue.
pub(crate) async fn queue(clients: &Clients) -> (aws_sdk_sqs::Client, String) {
    let client = clients.sqs();
    let url = client.create_queue().queue_name(unique("queue")).send().await.unwrap().queue_url.unwrap();
    (client, url)
}

/// Body and receipt handle of the next message, if one comes within `seconds`.
async fn next(client: &aws_sdk_sqs::Client, url: &str, seconds: i32) -> Option<(String, String)> {
    let receive = client.receive_message().queue_url(url).wait_time_seconds(seconds).visibility_timeout(30);
    let message = receive.send().await.unwrap().messages?.pop()?;
    Some((message.body?, message.receipt_handle?))
}

#[tokio::test]
async fn jobs_and_callbacks_are_messages_with_only_the_id() {
    let Some(clients) = clients() else { return };
    for callbacks in [false, true] {
        let (client, url) = queue(&clients).await;
        if callbacks {
            CallbackQueue::enqueue(&Queue::callbacks(&clients, &url), "op \"1\"", None).await.unwrap();
        } else {
            JobQueue::enqueue(&Queue::jobs(&clients, &url), "op \"1\"", None).await.unwrap();
        }
        let (body, _) = next(&client, &url, 2).await.unwrap();
        assert_eq!(body, r#"{"operation_id":"op \"1\""}"#);
    }
}

/// SQS serves the groups of a queue fairly.
#[tokio::test]
async fn one_owners_many_messages_are_a_group_of_their_own_that_does_not_name_them() {
    let Some(clients) = clients() else { return };
    let (client, url) = queue(&clients).await;
    let (jobs, callbacks) = (Queue::jobs(&clients, &url), Queue::callbacks(&clients, &url));
    let (ada, bob) = (Owner("ada".to_owned()), Owner("bob".to_owned()));
    JobQueue::enqueue(&jobs, "1", Some(&ada)).await.unwrap();
    JobQueue::enqueue(&jobs, "2", Some(&bob)).await.unwrap();
    JobQueue::enqueue(&jobs, "3", None).await.unwrap();
    CallbackQueue::enqueue(&callbacks, "4", Some(&ada)).await.unwrap();
    let name = MessageSystemAttributeName::MessageGroupId;
    let mut groups = BTreeMap::new();
    while groups.len() < 4 {
        let receive = client.receive_message().queue_url(&url).message_system_attribute_names(name.clone());
        for message in receive.max_number_of_messages(10).wait_time_seconds(2).send().await.unwrap().messages.unwrap() {
            groups.insert(message.body.unwrap(), message.attributes.unwrap()[&name].clone());
        }
    }
    let groups: Vec<String> = groups.into_values().collect();
    assert_eq!(groups[0], groups[3]);
    assert_eq!(groups.iter().collect::<BTreeSet<_>>().len(), 3, "{groups:?}");
    assert!(groups.iter().all(|group| group.len() == 16 && !group.contains("ada")), "{groups:?}");
}

#[tokio::test]
async fn a_hidden_message_comes_back_after_its_time() {
    let Some(clients) = clients() else { return };
    let (client, url) = queue(&clients).await;
    let jobs = Queue::jobs(&clients, &url);
    JobQueue::enqueue(&jobs, "op-1", None).await.unwrap();
    let (_, handle) = next(&client, &url, 2).await.unwrap();
    jobs.hide(&handle, Duration::from_millis(300)).await.unwrap();
    assert_eq!(next(&client, &url, 0).await, None);
    assert!(next(&client, &url, 3).await.is_some());
}

/// The name of a new bus, and the URL of a queue that gets its events.
pub(crate) async fn subscribed_bus(clients: &Clients) -> (String, String) {
    let (queue, url) = queue(clients).await;
    let attributes = queue.get_queue_attributes().queue_url(&url).attribute_names(QueueAttributeName::QueueArn);
    let arn = attributes.send().await.unwrap().attributes.unwrap()[&QueueAttributeName::QueueArn].clone();
    let (bus, rule) = (unique("bus"), unique("rule"));
    let events = clients.eventbridge();
    events.create_event_bus().name(&bus).send().await.unwrap();
    let pattern = r#"{"source": ["agent-generator.operations"]}"#;
    events.put_rule().name(&rule).event_bus_name(&bus).event_pattern(pattern).send().await.unwrap();
    let target = Target::builder().id("queue").arn(arn).build().unwrap();
    events.put_targets().rule(&rule).event_bus_name(&bus).targets(target).send().await.unwrap();
    (bus, url)
}

#[tokio::test]
async fn an_end_is_published_in_the_form_of_the_contract() {
    let Some(clients) = clients() else { return };
    let (bus, url) = subscribed_bus(&clients).await;
    let event = CompletionEvent {
        operation_id: "op-1".to_owned(),
        task_id: "task-1".to_owned(),
        tool_name: "generate_agent".to_owned(),
        status: Status::Failed,
        success: false,
        error_type: Some("timeout".to_owned()),
    };
    EventBus::new(&clients, &bus).publish(&event).await.unwrap();
    let (body, _) = next(&clients.sqs(), &url, 3).await.unwrap();
    let body: serde_json::Value = serde_json::from_str(&body).unwrap();
    assert_eq!(
        (&body["source"], &body["detail-type"]),
        (&"agent-generator.operations".into(), &"Operation Failed".into())
    );
    let detail = serde_json::json!({"operation_id": "op-1", "task_id": "task-1", "tool_name": "generate_agent",
        "status": "failed", "success": false, "error_type": "timeout"});
    assert_eq!(body["detail"], detail);
}

#[tokio::test]
async fn a_missing_table_or_queue_is_reported_by_its_code_only() {
    let Some(clients) = clients() else { return };
    let error = Table::new(&clients, "no-such-table", Some(BUCKET)).get("op-1", at(0)).await.unwrap_err();
    assert_eq!(error, PortError { service: "operations table", code: "ResourceNotFoundException".to_owned() });
    let url = format!("{}/000000000000/no-such-queue", local_cloud().unwrap());
    let error = JobQueue::enqueue(&Queue::jobs(&clients, &url), "op-1", None).await.unwrap_err();
    assert_eq!(error.service, "jobs queue");
    assert!(error.code.ends_with("NonExistentQueue") || error.code == "QueueDoesNotExist", "{error}");
}
