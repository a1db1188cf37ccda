//! What a caller costs who listens: the time to the first byte, and the processor time while nothing happens.

use std::time::{Duration, Instant};

use kit::{
    events,
    runtime_api::Environment,
    streamed::{Listening, Piece},
};
use load::fake_aws::{ENDED, FakeAws, TAKEN_OVER};
use serde_json::Value;

use crate::{
    limit::Limit,
    sample::{Spread, milliseconds, processor_time},
    subject::{Places, Program},
};

const ROUNDS: usize = 50;
/// For what takes milliseconds.
const SOON: Duration = Duration::from_secs(10);
/// The time of an invocation.
const TIME: Duration = Duration::from_secs(60);
/// How long a stream is watched at which nothing happens.
const SILENCE: Duration = Duration::from_secs(10);
/// A person sees that something happens.
const FIRST_BYTE: f64 = 200.0;
/// In reads of a status: a stream reads the operation, and its outcome as the status does.
const READS: f64 = 3.0;
/// In ms of processor time a second.
const A_SECOND: f64 = 5.0;

pub(crate) async fn limits(places: &Places) -> Vec<Limit> {
    let aws = FakeAws::start("https://receiver.example/hook".to_owned()).await;
    let variables = aws.variables();
    let variables: Vec<_> = variables.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    let start = async |binary| Environment::start(&places.of(Program::Ours, binary), &variables).await;
    let (stream, operations) = (start("stream").await, start("operations").await);
    let (mut firsts, mut ratios) = (Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        let begin = Instant::now();
        let mut client = stream.listen(&listens_to(ENDED), TIME);
        until_text(&mut client).await;
        let first = milliseconds(begin.elapsed());
        while !matches!(client.next(SOON).await, Piece::End { .. }) {}
        let read = operations.invoke(&events::rest("GET", &format!("/operations/{ENDED}"), ""), TIME).await;
        assert_eq!(read.status(), Some(200), "{read:?}");
        firsts.push(first);
        ratios.push(first / milliseconds(read.elapsed));
    }
    let mut client = stream.listen(&listens_to(TAKEN_OVER), TIME);
    until_text(&mut client).await;
    let before = processor_time(stream.process().pid());
    tokio::time::sleep(SILENCE).await;
    let spent = milliseconds(processor_time(stream.process().pid()) - before);
    vec![
        Limit::new("time to the first byte of a stream, ms", Spread::of(firsts).median, FIRST_BYTE),
        Limit::new("the same, to the time of a read of the status", Spread::of(ratios).median, READS),
        Limit::new("processor time of a second of a stream that waits, ms", spent / SILENCE.as_secs_f64(), A_SECOND),
    ]
}

fn listens_to(operation_id: &str) -> Value {
    events::rest_with("GET", &format!("/operations/{operation_id}/events"), "", &[("Accept", "text/event-stream")])
}

async fn until_text(client: &mut Listening) {
    while !matches!(client.next(SOON).await, Piece::Text(_)) {}
}
