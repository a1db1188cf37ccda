//! Calls of an AWS that is throttled, out of reach, or whose answers get lost.

use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
};

use lifecycle::{
    ports::{Claim, Created, Finished, OperationStore},
    progress::{Appended, Entry, ProgressLog, Told},
    record::{Logged, NewOperation},
};
use lifecycle_aws::{Clients, Log, Table};
use shared::{error_type::ErrorType, port_error::PortError};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt, copy_bidirectional},
    net::{TcpListener, TcpStream},
};

use crate::{
    on_aws::{BUCKET, PROGRESS, TABLE, clients_at, local_cloud, store},
    rules::{BEGIN, anyone, at, begin, completed, keyed_operation, new_operation, noise, read, take},
};

/// A server that answers the first `times` connections with `status` and `body`, then with an empty 200.
struct Answers {
    address: String,
    clients: Clients,
    calls: Arc<AtomicUsize>,
}

impl Answers {
    async fn first(times: usize, status: u16, body: &'static str) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = format!("http://{}", listener.local_addr().unwrap());
        let clients = clients_at(&address);
        let calls = Arc::new(AtomicUsize::new(0));
        let counted = Arc::clone(&calls);
        tokio::spawn(async move {
            while let Ok((mut stream, _)) = listener.accept().await {
                let answered = counted.fetch_add(1, Ordering::Relaxed);
                let (status, body) = if answered < times { (status, body) } else { (200, "{}") };
                read_request(&mut stream).await;
                let length = body.len();
                let answer = format!(
                    "HTTP/1.1 {status} Any\r\nContent-Type: application/x-amz-json-1.0\r\nContent-Length: {length}\r\n\
                     Connection: close\r\n\r\n{body}"
                );
                let _ = stream.write_all(answer.as_bytes()).await;
            }
        });
        Self { address, clients, calls }
    }

    fn table(&self) -> Table {
        Table::new(&self.clients, TABLE, Some(BUCKET))
    }

    fn calls(&self) -> usize {
        self.calls.load(Ordering::Relaxed)
    }
}

async fn read_request(stream: &mut TcpStream) {
    let mut request = Vec::new();
    loop {
        let text = String::from_utf8_lossy(&request).to_lowercase();
        if let Some((head, _)) = text.split_once("\r\n\r\n") {
            let length = head.lines().find_map(|line| line.strip_prefix("content-length:")?.trim().parse().ok());
            if request.len() >= head.len() + 4 + length.unwrap_or(0) {
                return;
            }
        }
        if stream.read_buf(&mut request).await.is_ok_and(|read| read == 0) {
            return;
        }
    }
}

const THROTTLED: &str = r#"{"__type": "com.amazonaws.dynamodb.v20120810#ProvisionedThroughputExceededException",
    "message": "The table operations-of-somebody is too slow"}"#;

#[tokio::test]
async fn a_throttled_call_of_the_table_is_repeated() {
    let service = Answers::first(2, 400, THROTTLED).await;
    begin(&service.table(), &new_operation()).await;
    assert_eq!(service.calls(), 3);
}

#[tokio::test]
async fn a_table_that_stays_throttled_is_reported_by_its_code_only() {
    let service = Answers::first(usize::MAX, 400, THROTTLED).await;
    let error = service.table().get("op-1", BEGIN).await.unwrap_err();
    assert_eq!(error.to_string(), "operations table: ProvisionedThroughputExceededException");
    assert_eq!(service.calls(), 4);
}

#[tokio::test]
async fn a_permanent_error_is_not_repeated() {
    let denied = r#"{"__type": "com.amazon.coral.service#AccessDeniedException", "Message": "arn:aws:iam::1:role/x"}"#;
    let service = Answers::first(usize::MAX, 400, denied).await;
    let error = service.table().get("op-1", BEGIN).await.unwrap_err();
    assert_eq!((error.to_string().as_str(), service.calls()), ("operations table: AccessDeniedException", 1));
}

#[tokio::test]
async fn an_item_that_the_table_refuses_is_a_fault_of_ours_and_not_an_outage() {
    let refused = r#"{"__type": "com.amazon.coral.validate#ValidationException", "message": "Item size of a-name"}"#;
    let cancelled = r#"{"__type": "com.amazonaws.dynamodb.v20120810#TransactionCanceledException", "Message": "cancelled",
        "CancellationReasons": [{"Code": "ValidationError", "Message": "Item size of a-name"}, {"Code": "None"}]}"#;
    for (body, new) in [(refused, new_operation()), (cancelled, keyed_operation())] {
        let service = Answers::first(usize::MAX, 400, body).await;
        let error = service.table().create(&new).await.unwrap_err();
        assert_eq!((error.to_string().as_str(), service.calls()), ("operations table: malformed call", 1));
        assert_eq!(error.error_type(), ErrorType::UnexpectedError);
    }
    let service = Answers::first(usize::MAX, 400, THROTTLED).await;
    assert_eq!(service.table().get("op-1", BEGIN).await.unwrap_err().error_type(), ErrorType::ServiceUnavailable);
}

#[tokio::test]
async fn a_call_that_finds_the_bucket_busy_is_repeated() {
    let service = Answers::first(2, 503, "<Error><Code>SlowDown</Code></Error>").await;
    let long = NewOperation { request: noise(200_000), ..new_operation() };
    begin(&service.table(), &long).await;
    // Three calls of the bucket, one of the table.
    assert_eq!(service.calls(), 4);
}

#[tokio::test]
async fn an_operation_is_not_created_if_the_bucket_refuses_its_request() {
    let service = Answers::first(1, 403, "<Error><Code>AccessDenied</Code></Error>").await;
    let long = NewOperation { request: noise(200_000), ..new_operation() };
    let error = service.table().create(&long).await.unwrap_err();
    assert_eq!((error.to_string().as_str(), service.calls()), ("operations bucket: HTTP 403", 1));
}

#[tokio::test]
async fn a_refused_connection_is_an_error() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let clients = clients_at(&format!("http://{}", listener.local_addr().unwrap()));
    drop(listener);
    let error = Table::new(&clients, TABLE, Some(BUCKET)).get("op-1", BEGIN).await.unwrap_err();
    assert_eq!(error, PortError { service: "operations table", code: "connection".to_owned() });
}

#[tokio::test]
async fn the_endpoint_of_a_service_overrides_the_common_one() {
    let service = Answers::first(0, 200, "{}").await;
    let address = service.address.clone();
    let clients = Clients::from_environment(|name| match name {
        "AWS_REGION" => Some("us-east-1".to_owned()),
        "AWS_ENDPOINT_URL" => Some("http://127.0.0.1:1".to_owned()),
        "AWS_ENDPOINT_URL_DYNAMODB" | "AWS_ENDPOINT_URL_S3" => Some(address.clone()),
        "AWS_ACCESS_KEY_ID" | "AWS_SECRET_ACCESS_KEY" => Some("test".to_owned()),
        _ => None,
    });
    let table = Table::new(&clients.unwrap(), TABLE, Some(BUCKET));
    let long = NewOperation { request: noise(200_000), ..new_operation() };
    begin(&table, &long).await;
    assert_eq!(service.calls(), 2);
}

#[tokio::test]
async fn a_long_request_without_a_bucket_is_refused_before_any_call() {
    let service = Answers::first(0, 200, "{}").await;
    let long = NewOperation { request: noise(200_000), ..new_operation() };
    let table = Table::new(&service.clients, TABLE, None);
    assert_eq!(table.create(&long).await.unwrap_err().to_string(), "operations bucket: no bucket");
    assert_eq!(service.calls(), 0);
}

#[test]
fn an_invalid_environment_is_reported_without_its_values() {
    let valid = |name: &str| match name {
        "SSL_CERT_FILE" => None,
        "AWS_REGION" => Some("eu-west-1".to_owned()),
        _ => Some("http://hunter2".to_owned()),
    };
    assert!(Clients::from_environment(valid).is_ok());
    for missing in ["AWS_REGION", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"] {
        for value in [None, Some(String::new())] {
            let error = Clients::from_environment(|name| if name == missing { value.clone() } else { valid(name) })
                .unwrap_err();
            assert_eq!(error.to_string(), format!("{missing} must be set when AWS is called"));
        }
    }
    for service in ["", "_DYNAMODB", "_SQS", "_EVENTBRIDGE", "_S3"] {
        let variable = format!("AWS_ENDPOINT_URL{service}");
        for wrong in ["hunter2", "localhost:4566", "ftp://hunter2", "http://"] {
            let given = |name: &str| match name {
                name if name == variable => Some(wrong.to_owned()),
                name if name.starts_with("AWS_ENDPOINT_URL") => None,
                name => valid(name),
            };
            let error = Clients::from_environment(given).unwrap_err().to_string();
            assert_eq!(error, format!("{variable} must be an http:// or https:// address, or empty"));
        }
    }
}

#[test]
fn a_credential_shows_in_no_log() {
    let clients = Clients::from_environment(|name| match name {
        "AWS_REGION" => Some("eu-west-1".to_owned()),
        "AWS_ACCESS_KEY_ID" | "AWS_SECRET_ACCESS_KEY" | "AWS_SESSION_TOKEN" => Some("hunter2".to_owned()),
        _ => None,
    });
    let clients = clients.unwrap();
    let shown = format!("{clients:?} {:?}", Table::new(&clients, TABLE, Some(BUCKET)));
    // The access key id is not a secret.
    assert_eq!(shown.matches("hunter2").count(), shown.matches("access_key_id: \"hunter2\"").count(), "{shown}");
}

/// The table behind a proxy that forwards the first call and drops its answer.
async fn table_losing_the_first_answer() -> Option<Table> {
    store().await?;
    let cloud = local_cloud()?.trim_start_matches("http://").trim_end_matches('/').to_owned();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let clients = clients_at(&format!("http://{}", listener.local_addr().unwrap()));
    tokio::spawn(async move {
        let mut first = true;
        while let Ok((mut caller, _)) = listener.accept().await {
            let mut service = TcpStream::connect(&cloud).await.unwrap();
            if !std::mem::take(&mut first) {
                tokio::spawn(async move { copy_bidirectional(&mut caller, &mut service).await });
                continue;
            }
            let (mut from_caller, _open) = caller.split();
            let (mut from_service, mut to_service) = service.split();
            let mut answer = [0];
            tokio::select! {
                _ = tokio::io::copy(&mut from_caller, &mut to_service) => {}
                _ = from_service.read(&mut answer) => {}
            }
        }
    });
    Some(Table::new(&clients, TABLE, Some(BUCKET)))
}

#[tokio::test]
async fn a_create_whose_answer_is_lost_is_new_and_not_a_repeat() {
    for new in [new_operation(), keyed_operation()] {
        let Some(table) = table_losing_the_first_answer().await else { return };
        assert!(matches!(table.create(&new).await, Ok(Created::New(_))));
        assert!(matches!(table.create(&new).await, Ok(Created::Existing(_))));
    }
}

#[tokio::test]
async fn a_claim_whose_answer_is_lost_is_taken() {
    let (Some(store), Some(table)) = (store().await, table_losing_the_first_answer().await) else { return };
    let new = new_operation();
    store.create(&new).await.unwrap();
    let (record, fence, request) = take(&table, &new.operation_id, BEGIN).await;
    assert_eq!((record.claims, fence.claim, request), (1, 1, new.request));
    let busy = table.claim(&new.operation_id, BEGIN, at(90)).await;
    assert_eq!(busy, Ok(Claim::Busy { until: at(90) }));
}

#[tokio::test]
async fn a_release_whose_answer_is_lost_counts_one_failure() {
    let (Some(store), Some(table)) = (store().await, table_losing_the_first_answer().await) else { return };
    let new = new_operation();
    store.create(&new).await.unwrap();
    let (_, fence, _) = take(&store, &new.operation_id, BEGIN).await;
    assert_eq!(table.release(&new.operation_id, fence, at(1)).await, Ok(true));
    assert_eq!(read(&store, &new.operation_id).await.failures, 1);
}

#[tokio::test]
async fn an_outcome_whose_answer_is_lost_is_the_first() {
    let (Some(store), Some(table)) = (store().await, table_losing_the_first_answer().await) else { return };
    let new = new_operation();
    store.create(&new).await.unwrap();
    let by = anyone(&store, &new.operation_id).await;
    let finished = table.finish(&new.operation_id, by, &completed("A"), at(1)).await;
    assert!(matches!(finished, Ok(Finished::First(_))), "{finished:?}");
    let finished = table.finish(&new.operation_id, by, &completed("A"), at(2)).await;
    assert!(matches!(finished, Ok(Finished::Already(_))), "{finished:?}");
}

#[tokio::test]
async fn a_log_whose_answer_is_lost_shows_no_entry_twice() {
    let (Some(store), Some(table)) = (store().await, table_losing_the_first_answer().await) else { return };
    let new = new_operation();
    store.create(&new).await.unwrap();
    let (holder, ..) = take(&store, &new.operation_id, BEGIN).await;
    let entries = [Entry { seq: 2, at: at(1).rfc3339(), attempt: 1, told: Told::Started }];
    let logged = Log::new(&table, Some(PROGRESS)).append(&holder, &entries, at(1)).await;
    assert_eq!(logged, Ok(Some(Appended::Now(Logged { last: 2, writes: 1 }))));
    assert_eq!(Log::new(&store, Some(PROGRESS)).entries(&holder, 0).await, Ok(entries.to_vec()));
}

#[tokio::test]
async fn without_a_table_of_its_own_a_log_keeps_what_comes_with_the_end() {
    let Some(store) = store().await else { return };
    let log = Log::new(&store, None);
    let new = new_operation();
    store.create(&new).await.unwrap();
    let (holder, ..) = take(&store, &new.operation_id, BEGIN).await;
    let entries = [Entry { seq: 2, at: at(1).rfc3339(), attempt: 1, told: Told::Started }];
    assert_eq!(log.append(&holder, &entries, at(1)).await, Ok(Some(Appended::NotKept)));
    assert_eq!(log.entries(&holder, 0).await, Ok(Vec::new()));
    let by = anyone(&store, &new.operation_id).await;
    store.finish_telling(&new.operation_id, by, &completed("A"), &entries, at(2)).await.unwrap();
    let ended = read(&store, &new.operation_id).await;
    assert_eq!(log.entries(&ended, 0).await, Ok(entries.to_vec()));
}
