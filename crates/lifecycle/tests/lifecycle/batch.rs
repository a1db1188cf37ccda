//! A batch of jobs in which not all is well.

use lifecycle::record::Status;

use crate::fixture::{Fixture, Step};

#[tokio::test(start_paused = true)]
async fn of_ten_jobs_with_three_bad_ones_seven_are_done_and_none_is_lost_or_done_twice() {
    // The fifth of those that are worked on panics.
    let fixture = Fixture::new([Step::agent(), Step::agent(), Step::agent(), Step::agent(), Step::Panics]);
    let mut bodies = Vec::new();
    for at in 0..8 {
        let request = format!(r#"{{"description":"{at}","operation_id":"op{at}","task_id":"task"}}"#);
        fixture.starter().start(&fixture.operation(&request, &[]), fixture.clock).await.unwrap();
        bodies.push(format!(r#"{{"operation_id":"op{at}"}}"#));
    }
    bodies.insert(2, "{not JSON".to_owned());
    bodies.insert(6, r#"{"operation_id":"unknown"}"#.to_owned());

    let first = fixture.batch(&bodies, 900).await;
    assert_eq!(first.failures().collect::<Vec<_>>(), ["m2", "m6"]);
    let statuses =
        |status| fixture.store.ids().iter().filter(|id| fixture.store.record(id).unwrap().status == status).count();
    assert_eq!((statuses(Status::Completed), statuses(Status::Failed)), (7, 1));
    let panicked = fixture.store.outcome("op4").unwrap();
    assert_eq!(panicked.error_type(), Some("unexpected_error"));

    // Delivered once more, as a queue may: the same two stay, until the queue lays them aside; the rest is left alone.
    let second = fixture.batch(&bodies, 900).await;
    assert_eq!(second, first);
    assert_eq!((fixture.job.asked().len(), fixture.events.published().len()), (8, 8));
}

#[tokio::test(start_paused = true)]
async fn without_time_left_no_job_is_begun_and_none_is_lost() {
    for seconds in [0, 4] {
        let fixture = Fixture::new([]);
        fixture.start().await;
        let response = fixture.batch(&[r#"{"operation_id":"op"}"#.to_owned()], seconds).await;
        assert_eq!(response.failures().collect::<Vec<_>>(), ["m0"]);
        assert_eq!((fixture.record().status, fixture.record().claims), (Status::Accepted, 0));
        assert_eq!(fixture.hidden_last(), std::time::Duration::ZERO, "another worker gets it at once");
        assert_eq!(fixture.work().await, lambda::queue::Handled::Done);
    }
}

#[tokio::test(start_paused = true)]
async fn whoever_reads_the_log_finds_every_attempt_under_its_operation() {
    let fixture = Fixture::new([Step::unavailable(), Step::agent().after(7), Step::agent()]);
    fixture.start().await;
    let lines = fixture.lines(&[r#"{"operation_id":"op"}"#, "{not JSON", r#"{"operation_id":"op"}"#]).await;
    assert_eq!(lines, ["op error service_unavailable 0 s", "op agent_preview - 7 s"]);
    // What has ended is no more than looked at.
    assert_eq!(fixture.lines(&[r#"{"operation_id":"op"}"#]).await, Vec::<String>::new());
}

#[tokio::test(start_paused = true)]
async fn what_is_no_job_never_reaches_the_generator() {
    let fixture = Fixture::new([]);
    let bodies = ["", "7", "[]", "{}", r#"{"operation_id":7}"#, r#"{"operation_id":"a/b"}"#, r#"{"task_id":"t"}"#];
    let bodies: Vec<_> = bodies.map(str::to_owned).into();
    assert_eq!(fixture.batch(&bodies, 900).await.failures().count(), bodies.len());
    assert_eq!((fixture.job.asked().len(), fixture.store.ids().len()), (0, 0));
}
