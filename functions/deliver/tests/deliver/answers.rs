//! A receiver's answers and their consequences.

use std::time::Duration;

use deliver::{Ended, NotDelivered};
use kit::behaviour::{Act, Behaviour};
use lambda::queue::Handled;
use lifecycle::callback::PostFault;
use tokio::time::Instant;

use crate::fixture::Fixture;

#[tokio::test]
async fn a_webhook_that_is_accepted_is_not_sent_again() {
    for status in [200, 201, 204] {
        let fixture = Fixture::new(Behaviour::answers(status, "")).await;
        assert_eq!(fixture.attempt().await, Ok(Ended::Delivered), "{status}");
        assert_eq!(fixture.requests().len(), 1);
    }
}

#[tokio::test]
async fn a_receiver_that_answers_410_is_not_called_again() {
    let fixture = Fixture::new(Behaviour::answers(410, "")).await;
    assert_eq!(fixture.receive(1).await, Handled::Done);
    assert!(fixture.delays().is_empty());
}

#[tokio::test]
async fn a_webhook_that_is_not_accepted_is_sent_again_unchanged_with_growing_delays() {
    let answers = [500, 503, 429, 404, 400].map(|status| Behaviour::answers(status, "hunter2"));
    let fixture =
        Fixture::new(Behaviour::Then(answers.into_iter().chain([Behaviour::answers(200, "")]).collect())).await;
    for receives in 1..=5 {
        assert_eq!(fixture.receive(receives).await, Handled::Again, "{receives}");
    }
    assert_eq!(fixture.receive(6).await, Handled::Done);
    let waits: Vec<_> = fixture.delays().iter().map(Duration::as_secs).collect();
    for (wait, least) in waits.iter().zip([5, 300, 1_800, 7_200, 18_000]) {
        assert!((least..=least + least / 10 + 1).contains(wait), "{waits:?}");
    }
    assert_eq!(waits.len(), 5);
    assert!(fixture.queue.hidden().iter().all(|(handle, _)| handle == "handle"));
    let requests = fixture.requests();
    assert_eq!(requests.len(), 6);
    for request in &requests {
        assert_eq!(
            (&request.body, request.header("webhook-id")),
            (&requests[0].body, requests[0].header("webhook-id"))
        );
    }
}

#[tokio::test]
async fn a_receivers_retry_after_is_respected() {
    let fixture = Fixture::new(Behaviour::answers_with(429, &[("Retry-After", "7200")], "")).await;
    assert_eq!(fixture.receive(1).await, Handled::Again);
    assert_eq!(fixture.delays(), [Duration::from_secs(7_200)]);
}

#[tokio::test]
async fn a_redirect_into_the_private_network_is_not_followed() {
    for status in [301, 302, 303, 307, 308] {
        for location in ["http://169.254.169.254/latest/meta-data/", "https://127.0.0.1:9001/", "/elsewhere"] {
            let fixture = Fixture::new(Behaviour::answers_with(status, &[("Location", location)], "")).await;
            let why = fixture.attempt().await.unwrap_err();
            assert!(matches!(why, NotDelivered::NotTaken(posted) if posted.status == status), "{why}");
            assert_eq!(fixture.requests().len(), 1, "{status} {location}");
        }
    }
}

#[tokio::test]
async fn an_endless_answer_costs_neither_memory_nor_time() {
    for behaviour in [Behaviour::endless_chunks(200), Behaviour::endless_length(200)] {
        let fixture = Fixture::new(behaviour).await;
        let start = Instant::now();
        assert_eq!(fixture.attempt().await, Ok(Ended::Delivered));
        assert!(start.elapsed() < Duration::from_secs(10));
    }
    let fixture = Fixture::new(Behaviour::endless_chunks(500)).await;
    assert!(matches!(fixture.attempt().await, Err(NotDelivered::NotTaken(_))));
}

#[tokio::test]
async fn a_success_status_counts_even_if_the_body_never_ends() {
    let fixture = Fixture::new(Behaviour::partial_body(200, 10, Act::Hang)).await;
    assert_eq!(fixture.attempt_within(Duration::from_millis(500)).await, Ok(Ended::Delivered));
}

#[tokio::test(start_paused = true)]
async fn a_slow_receiver_delays_the_others_by_15_seconds_at_most() {
    let fixture = Fixture::new(Behaviour::hangs()).await;
    let start = Instant::now();
    assert_eq!(fixture.attempt().await, Err(unanswered("there was no answer in time")));
    assert_eq!(start.elapsed().as_secs(), 15);
}

#[tokio::test]
async fn a_slow_receiver_does_not_outlast_the_deadline() {
    let fixture = Fixture::new(Behaviour::partial_headers(Act::Hang)).await;
    let why = fixture.attempt_within(Duration::from_millis(300)).await;
    assert_eq!(why, Err(unanswered("there was no answer in time")));
}

#[tokio::test]
async fn a_webhook_whose_connection_breaks_is_sent_again() {
    for behaviour in [Behaviour::resets(), Behaviour::closes(), Behaviour::partial_headers(Act::Close)] {
        let fixture = Fixture::new(behaviour).await;
        assert_eq!(fixture.receive(1).await, Handled::Again);
        assert_eq!(fixture.delays().len(), 1);
    }
}

pub(crate) fn unanswered(reason: &'static str) -> NotDelivered {
    NotDelivered::Unanswered(PostFault::Failed(reason))
}
