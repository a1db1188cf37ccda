//! A client that listens hears each event as it comes.

use std::time::Duration;

use lifecycle::{memory::Call, record::Outcome};
use serde_json::json;
use tokio::time::{Instant, sleep};

use crate::fixture::{STREAM, World, agent, events_in, next, step, watching};

#[tokio::test(start_paused = true)]
async fn an_event_is_heard_before_the_next_one_is_written() {
    let world = World::new().await;
    let mut pieces = world.listen(&watching("op", json!(null), &[STREAM]), 100).await;
    assert_eq!(next(&mut pieces, 0).await.unwrap(), "retry: 2000\n\n");
    assert_eq!(events_in(&next(&mut pieces, 0).await.unwrap())[0].1, "accepted");
    for number in 2..6_u64 {
        world.tell("op", [step(&format!("{number} steps"))]).await;
        let heard = events_in(&next(&mut pieces, 1).await.unwrap());
        let (id, kind, data) = &heard[0];
        assert_eq!((heard.len(), *id, kind.as_str()), (1, number, "step"));
        assert_eq!((&data["seq"], &data["type"], &data["attempt"]), (&json!(number), &json!("step"), &json!(1)));
        assert_eq!(data["detail"], format!("{number} steps"));
    }
    world.end("op", agent()).await;
    let heard = events_in(&next(&mut pieces, 1).await.unwrap());
    assert_eq!((heard[0].0, heard[0].1.as_str(), &heard[0].2["agent_name"]), (6, "completed", &json!("News")));
    assert_eq!(next(&mut pieces, 0).await, None, "nothing comes after the end");
}

#[tokio::test(start_paused = true)]
async fn a_client_that_comes_back_hears_the_rest() {
    let world = World::new().await;
    world.tell("op", [step("a"), step("b")]).await;
    world.end("op", agent()).await;
    let ids = async |parameters, headers: &[(&str, &str)]| -> Vec<u64> {
        let headers = [&[STREAM], headers].concat();
        let (status, _, body) = world.answer(&watching("op", parameters, &headers)).await;
        assert_eq!(status, 200);
        events_in(&body).into_iter().map(|(id, ..)| id).collect()
    };
    assert_eq!(ids(json!(null), &[]).await, [1, 2, 3, 4]);
    assert_eq!(ids(json!({"after": "1"}), &[]).await, [2, 3, 4]);
    assert_eq!(ids(json!(null), &[("Last-Event-ID", "3")]).await, [4]);
    assert_eq!(ids(json!({"after": "1"}), &[("last-event-id", "2")]).await, [3, 4], "the header is newer");
    assert_eq!(ids(json!({"after": "1"}), &[("Last-Event-ID", "")]).await, [2, 3, 4]);
}

#[tokio::test(start_paused = true)]
async fn a_silence_shows_signs_of_life_every_ten_seconds_and_the_stream_is_cut_after_ninety() {
    let world = World::new().await;
    let mut pieces = world.listen(&watching("op", json!({"after": "1"}), &[STREAM]), 100).await;
    let begin = Instant::now();
    assert_eq!(next(&mut pieces, 0).await.unwrap(), "retry: 2000\n\n", "the client knows at once that it is connected");
    let mut signs = Vec::new();
    while let Some(sign) = next(&mut pieces, 11).await {
        assert!(sign.starts_with(": ") && sign.ends_with("\n\n"), "a comment: {sign:?}");
        signs.push(begin.elapsed().as_secs());
    }
    assert_eq!(signs, [10, 20, 30, 40, 50, 60, 70, 80]);
    assert_eq!(begin.elapsed(), Duration::from_secs(90));
    let reads = world.platform.store.calls(Call::Get);
    assert!(reads <= 50, "{reads} reads in 90 s");
}

#[tokio::test(start_paused = true)]
async fn a_stream_ends_before_its_invocation_does() {
    let world = World::new().await;
    let mut pieces = world.listen(&watching("op", json!(null), &[STREAM]), 20).await;
    let begin = Instant::now();
    while next(&mut pieces, 11).await.is_some() {}
    let (least, most) = (Duration::from_secs(18), Duration::from_secs(19));
    assert!((least..most).contains(&begin.elapsed()), "{:?}", begin.elapsed());
}

#[tokio::test(start_paused = true)]
async fn a_table_that_fails_for_a_while_costs_the_listener_nothing() {
    let world = World::new().await;
    let mut pieces = world.listen(&watching("op", json!({"after": "1"}), &[STREAM]), 100).await;
    next(&mut pieces, 0).await.unwrap();
    world.platform.store.refuse(Call::Get, 3);
    world.tell("op", [step("a")]).await;
    world.platform.store.refuse(Call::Entries, 2);
    // Slow, too: signs of life go on during a read.
    world.platform.store.answer_late(Call::Get, [Duration::from_secs(13)]);
    let mut text = String::new();
    while events_in(&text).is_empty() {
        text.push_str(&next(&mut pieces, 11).await.unwrap());
    }
    assert!(text.starts_with(": "), "{text}");
    assert_eq!(events_in(&text)[0].0, 2);
    world.end("op", Outcome::Cancelled).await;
    assert_eq!(events_in(&next(&mut pieces, 2).await.unwrap())[0].1, "cancelled");
    assert_eq!(next(&mut pieces, 0).await, None);
}

#[tokio::test(start_paused = true)]
async fn a_table_that_hangs_keeps_no_stream_open() {
    let world = World::new().await;
    let mut pieces = world.listen(&watching("op", json!(null), &[STREAM]), 100).await;
    let begin = Instant::now();
    world.platform.store.hang(Call::Get, 100);
    while next(&mut pieces, 11).await.is_some() {}
    assert_eq!(begin.elapsed(), Duration::from_secs(90));
}

#[tokio::test(start_paused = true)]
async fn a_listener_that_is_cut_off_is_not_read_for_any_more() {
    let world = World::new().await;
    let mut pieces = world.listen(&watching("op", json!(null), &[STREAM]), 100).await;
    next(&mut pieces, 0).await.unwrap();
    drop(pieces);
    let reads = world.platform.store.calls(Call::Get);
    sleep(Duration::from_secs(60)).await;
    assert_eq!(world.platform.store.calls(Call::Get), reads);
}
