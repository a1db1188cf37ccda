//! Batches with bad jobs.

use lifecycle::record::Status;

use crate::fixture::{Fixture, Step};

#[tokio::test(start_paused = true)]
async fn three_bad_jobs_of_ten_do_not_cost_the_other_seven() {
    // The fifth call of the job panics.
    let fixture = Fixture::new([Step::agent(), Step::agent(), Step::agent(), Step::agent(), Step::Panics]);
    let mut bodies = Vec::new();
    for at in 0..8 {
        let request = format!(r#"{{"description":"{at}","operation_id":"op{at}","task_id":"task"}}"#);
        fixture.starter().start(&fixture.operation(&request, &[]), fixture.invocation(28)).await.unwrap();
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

    // A second delivery: the same two fail again, and the rest is not repeated.
    let second = fixture.batch(&bodies, 900).await;
    assert_eq!(second, first);
    assert_eq!((fixture.job.calls().len(), fixture.events.published().len()), (8, 8));
}

#[tokio::test(start_paused = true)]
async fn without_time_left_a_job_goes_back_to_the_queue_unstarted() {
    for seconds in [0, 4] {
        let fixture = Fixture::new([]);
        fixture.start().await;
        let response = fixture.batch(&[r#"{"operation_id":"op"}"#.to_owned()], seconds).await;
        assert_eq!(response.failures().collect::<Vec<_>>(), ["m0"]);
        assert_eq!((fixture.record().status, fixture.record().claims), (Status::Accepted, 0));
        assert_eq!(fixture.hidden_last(), std::time::Duration::ZERO, "another worker may receive it at once");
        assert_eq!(fixture.work().await, lambda::queue::Handled::Done);
    }
}

#[tokio::test(start_paused = true)]
async fn the_log_has_one_line_per_attempt_with_its_operation() {
    let fixture = Fixture::new([Step::unavailable(), Step::agent().after(7), Step::agent()]);
    fixture.start().await;
    let lines = fixture.lines(&[r#"{"operation_id":"op"}"#, "{not JSON", r#"{"operation_id":"op"}"#]).await;
    assert_eq!(lines, ["op error service_unavailable 0 s", "op agent_preview - 7 s"]);
    // An ended operation writes no line.
    assert_eq!(fixture.lines(&[r#"{"operation_id":"op"}"#]).await, Vec::<String>::new());
}

#[tokio::test(start_paused = true)]
async fn a_malformed_job_never_reaches_the_generator() {
    let fixture = Fixture::new([]);
    let bodies = ["", "7", "[]", "{}", r#"{"operation_id":7}"#, r#"{"operation_id":"a/b"}"#, r#"{"task_id":"t"}"#];
    let bodies: Vec<_> = bodies.map(str::to_owned).into();
    assert_eq!(fixture.batch(&bodies, 900).await.failures().count(), bodies.len());
    assert_eq!((fixture.job.calls().len(), fixture.store.ids().len()), (0, 0));
}
