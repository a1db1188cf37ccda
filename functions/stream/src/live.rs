//! The body of a stream: events as they come, signs of life in between, and an end in time.

use std::{pin::pin, time::Duration};

use lambda::stream::{Gone, Sink};
use lifecycle::progress::Follow;
use shared::request_log::RequestLog;
use tokio::time::{Instant, sleep};

use crate::{events::COMMENT, form::Form};

/// The longest that a stream without an end is open. A client that has gone away is not noticed: this limits what it costs.
const LONGEST: Duration = Duration::from_secs(90);
/// The longest silence.
const SILENCE: Duration = Duration::from_secs(10);
/// Before the end of the invocation.
const RESERVE: Duration = Duration::from_secs(1);

/// When a stream that begins now is cut, if nothing ends it.
pub(crate) fn until(end: Instant) -> Instant {
    let last = end.checked_sub(RESERVE).unwrap_or(end);
    Instant::now().checked_add(LONGEST).map_or(last, |until| until.min(last))
}

/// Writes all of it, and notes for the log line how it ended.
pub(crate) async fn write(follow: Follow, form: Form, until: Instant, sink: Sink, log: &mut RequestLog) {
    let outcome = send(follow, form, until, sink, log.events.insert(0)).await;
    log.note_outcome(outcome.unwrap_or("disconnected"));
}

async fn send(
    mut follow: Follow,
    mut form: Form,
    until: Instant,
    mut sink: Sink,
    sent: &mut u32,
) -> Result<&'static str, Gone> {
    sink.send(form.begin()).await?;
    loop {
        let news = {
            let mut next = pin!(follow.next());
            loop {
                let left = until.saturating_duration_since(Instant::now());
                tokio::select! {
                    biased;
                    news = &mut next => break news,
                    () = sleep(left.min(SILENCE)) => {}
                }
                if left <= SILENCE {
                    return Ok("cut");
                }
                sink.send(COMMENT.to_owned()).await?;
            }
        };
        // After the end, or when the operation does not exist any more.
        let Some(entries) = news else { return Ok("ended") };
        sink.send(form.entries(&entries)).await?;
        *sent = sent.saturating_add(u32::try_from(entries.len()).unwrap_or(u32::MAX));
    }
}
