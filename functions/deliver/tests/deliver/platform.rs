//! Faults on our side: the table, the queue, Secrets Manager, the message.

use std::sync::Arc;

use deliver::{BadKeys, Ended, NotDelivered};
use http_client::{aws::Secret, secret::SecretSource};
use kit::{behaviour::Behaviour, server::FaultyServer};
use lambda::queue::{Consumer, Handled};
use lifecycle::memory::Call;
use secrecy::SecretString;
use serde_json::json;
use shared::port_error::{PortError, PortFuture};

use crate::fixture::{Fixture, KEY, OPERATION_ID, completed, message};

/// Secrets Manager is throttled.
#[derive(Debug)]
struct ThrottledSecrets;

impl SecretSource for ThrottledSecrets {
    fn read(&self) -> PortFuture<'_, SecretString> {
        Box::pin(async { Err(PortError { service: "secrets", code: "ThrottlingException".to_owned() }) })
    }
}

#[tokio::test]
async fn a_temporary_fault_of_aws_loses_no_webhook() {
    let mut fixture = Fixture::new(Behaviour::good()).await;
    fixture.store.refuse(Call::Get, 1);
    assert_eq!(fixture.receive(1).await, Handled::Again);
    fixture.deliver.keys = Some(Arc::new(ThrottledSecrets));
    assert_eq!(fixture.receive(2).await, Handled::Again);
    assert_eq!(fixture.delays().len(), 2);
    fixture.queue.refuse(Call::Hide, 1);
    assert_eq!(fixture.receive(3).await, Handled::Again);
    assert!(fixture.requests().is_empty());
    fixture.deliver.keys = Some(Arc::new(SecretString::from(KEY)));
    assert_eq!(fixture.receive(4).await, Handled::Done);
    assert_eq!(fixture.requests().len(), 1);
}

#[tokio::test]
async fn the_keys_are_fetched_once_for_many_webhooks() {
    let secret = json!({"SecretString": json!({"current": KEY}).to_string()});
    let secrets = FaultyServer::start(Behaviour::says(secret)).await;
    let keys = Secret::cached("WEBHOOK_SECRET_ARN", |name| match name {
        "WEBHOOK_SECRET_ARN" => Some("arn:aws:secretsmanager:eu-west-1:123456789012:secret:webhook-AbCdEf".to_owned()),
        "AWS_ENDPOINT_URL" => Some(secrets.url()),
        "AWS_ACCESS_KEY_ID" | "AWS_SECRET_ACCESS_KEY" => Some("test".to_owned()),
        _ => None,
    });
    let mut fixture = Fixture::new(Behaviour::good()).await;
    fixture.deliver.keys = keys.unwrap();
    for _ in 0..2 {
        assert_eq!(fixture.attempt().await, Ok(Ended::Delivered));
    }
    assert_eq!((fixture.requests().len(), secrets.requests().len()), (2, 1));
}

#[tokio::test]
async fn no_webhook_is_sent_unsigned() {
    let mut fixture = Fixture::new(Behaviour::good()).await;
    fixture.deliver.keys = None;
    assert_eq!(fixture.attempt().await, Err(NotDelivered::NoKeys));
    fixture.deliver.keys = Some(Arc::new(SecretString::from("whsec_short")));
    assert_eq!(fixture.attempt().await, Err(NotDelivered::BadKeys(BadKeys)));
    assert!(fixture.requests().is_empty());
}

#[tokio::test]
async fn a_message_of_an_expired_operation_or_without_a_callback_leaves_the_queue() {
    let fixture = Fixture::empty(Behaviour::good()).await;
    assert_eq!(fixture.attempt().await, Ok(Ended::Void));
    fixture.ended(OPERATION_ID, None, &completed()).await;
    assert_eq!(fixture.attempt().await, Ok(Ended::Void));
    assert_eq!(fixture.receive(1).await, Handled::Done);
}

#[tokio::test]
async fn a_message_that_arrives_before_the_end_stays_on_the_queue() {
    let fixture = Fixture::empty(Behaviour::good()).await;
    fixture.started(OPERATION_ID, Some(&fixture.address()), None).await;
    assert_eq!(fixture.attempt().await, Err(NotDelivered::NotEnded));
    assert_eq!((fixture.receive(1).await, fixture.requests().len()), (Handled::Again, 0));
}

#[tokio::test]
async fn a_malformed_message_stays_on_the_queue_without_delay() {
    let fixture = Fixture::new(Behaviour::good()).await;
    let without = ["", "not JSON", "[]", "{}", r#"{"operation_id":7}"#].map(str::to_owned);
    let long = "a".repeat(129);
    let ids = ["", "../x", "key#owner#hash", &long].map(|id| json!({"operation_id": id}).to_string());
    for body in without.iter().chain(&ids) {
        let handled = fixture.consume(&message(body, 1)).await;
        assert_eq!(handled, Handled::Again, "{body}");
    }
    assert!(fixture.delays().is_empty() && fixture.requests().is_empty());
}

#[tokio::test]
async fn a_message_without_time_left_comes_back_soon() {
    let fixture = Fixture::new(Behaviour::good()).await;
    fixture.deliver.put_back(&message("{}", 9)).await;
    assert!(fixture.delays()[0].as_secs() < 10);
}

#[tokio::test]
async fn the_keys_are_not_in_the_debug_output() {
    let fixture = Fixture::new(Behaviour::good()).await;
    assert!(!format!("{:?}", fixture.deliver).contains(KEY.trim_start_matches("whsec_")));
}
