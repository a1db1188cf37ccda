//! A generator whose job is asked for again until it is done.

use std::time::Duration;

use lambda::queue::{Handled, Message};
use lifecycle::{
    cancel::{Cancellation, cancel},
    memory::Call,
    record::Status,
};
use shared::caller::Owner;
use tokio::time::{advance, sleep};

use crate::fixture::{Fixture, Step, message};

/// A worker whenever the queue brings the message again, until the operation has ended; how often that was.
async fn until_done(fixture: &Fixture) -> u32 {
    for receives in 1..=20 {
        let message = Message { receives, ..message(r#"{"operation_id":"op"}"#) };
        if fixture.receive(&message, 900).await == Handled::Done {
            return receives;
        }
        sleep(fixture.hidden_last()).await;
    }
    panic!("the queue would have dropped the message")
}

fn tickets(fixture: &Fixture) -> Vec<Option<String>> {
    fixture.job.tickets()
}

#[tokio::test(start_paused = true)]
async fn a_job_of_the_generator_frees_the_worker_and_is_asked_for_again_until_it_is_done() {
    let fixture = Fixture::new([
        Step::IsAtIt("job", None),
        Step::IsAtIt("job", Some(40)),
        Step::IsAtIt("job", None),
        Step::agent(),
    ]);
    fixture.start().await;
    assert_eq!(fixture.work().await, Handled::Again);
    assert_eq!((fixture.record().status, fixture.record().ticket.as_deref()), (Status::Running, Some("job")));
    assert!(fixture.record().leased_until.is_none() && !fixture.record().handed_over);
    sleep(fixture.hidden_last()).await;
    assert_eq!(fixture.work().await, Handled::Again);
    assert!(fixture.hidden_last() >= Duration::from_secs(40), "as long as the generator wants");
    sleep(fixture.hidden_last()).await;
    until_done(&fixture).await;
    assert_eq!((fixture.record().status, fixture.record().failures), (Status::Completed, 0));
    let job = Some("job".to_owned());
    assert_eq!(tickets(&fixture), [None, job.clone(), job.clone(), job]);
    assert_eq!(fixture.events.published().len(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_job_that_never_ends_fails_at_the_deadline_and_costs_few_looks() {
    let fixture = Fixture::new((0..40).map(|_| Step::IsAtIt("job", None)));
    fixture.start().await;
    let looks = until_done(&fixture).await;
    assert!((4..=14).contains(&looks), "{looks}");
    assert_eq!(fixture.error_type().as_deref(), Some("timeout"));
}

#[tokio::test(start_paused = true)]
async fn a_job_that_is_lost_is_begun_anew_and_spends_an_attempt() {
    let fixture = Fixture::new([Step::IsAtIt("job", None), Step::unavailable(), Step::agent()]);
    fixture.start().await;
    until_done(&fixture).await;
    assert_eq!((fixture.record().status, fixture.record().failures), (Status::Completed, 1));
    assert_eq!(tickets(&fixture), [None, Some("job".to_owned()), None]);
}

#[tokio::test(start_paused = true)]
async fn a_completion_may_end_a_job_before_it_is_asked_for_again() {
    let fixture = Fixture::new([Step::IsAtIt("job", None)]);
    fixture.start().await;
    fixture.work().await;
    let body = r#"{"success":true,"result":"done"}"#;
    let completion = lifecycle::complete::CompletionRequest::parse(body).unwrap().completion;
    let taken = fixture.completions().complete("op", None, completion, fixture.invocation(10)).await.unwrap();
    assert_eq!(taken.as_deref(), Some("task"));
    advance(Duration::from_secs(60)).await;
    assert_eq!(fixture.work().await, Handled::Done);
    assert_eq!((fixture.outcome(), fixture.job.calls().len()), (Some("done".into()), 1));
}

#[tokio::test(start_paused = true)]
async fn a_table_that_fails_while_a_job_is_put_off_makes_no_second_job() {
    let fixture = Fixture::new([Step::IsAtIt("job", None), Step::agent()]);
    fixture.start().await;
    fixture.store.refuse(Call::PutOff, 2);
    fixture.store.lose_answer(Call::PutOff, 1);
    assert_eq!(fixture.work().await, Handled::Again);
    assert_eq!(fixture.store.calls(Call::PutOff), 4);
    sleep(fixture.hidden_last()).await;
    assert_eq!(fixture.work().await, Handled::Done);
    assert_eq!(tickets(&fixture), [None, Some("job".to_owned())]);
}

#[tokio::test(start_paused = true)]
async fn a_job_whose_operation_is_cancelled_is_not_asked_for_again() {
    let fixture = Fixture::new([Step::IsAtIt("job", None)]);
    fixture.start().await;
    fixture.work().await;
    let owner = Owner("caller".into());
    let cancelled = cancel(&fixture.ending(), "op", Some(&owner), fixture.invocation(10)).await;
    assert!(matches!(cancelled, Ok(Some(Cancellation::Cancelled(_)))), "{cancelled:?}");
    sleep(fixture.hidden_last()).await;
    assert_eq!(fixture.work().await, Handled::Done);
    assert_eq!((fixture.record().status, fixture.job.calls().len()), (Status::Cancelled, 1));
}
