//! `POST /operations/{operation_id}/events`: what a generator tells of a job that it has taken over.

use std::time::Duration;

use serde::Deserialize;
use shared::{backoff::Backoff, bad_request::BadRequest, invocation::Invocation, json, port_error::PortError};
use tokio::time::sleep;

use super::{Appended, Entry, LAST_TOLD, ProgressLog, Told};
use crate::{end::Ending, record::OperationRecord};

/// Events of one request.
const MOST: usize = 20;
/// Requests for one operation that come at once: one of them is first in each round.
const TRIES: u32 = 12;
/// Between them, with full jitter.
const BACKOFF: Backoff = Backoff { first: Duration::from_millis(10), longest: Duration::from_millis(400) };

const EVENTS: BadRequest = BadRequest::WrongForm {
    what: "field events",
    form: r#"1 to 20 objects, each with the fields of its type: "step", "block_added" or "text""#,
};

/// The result of [`report`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reported {
    pub task_id: String,
    /// These are in the log, the first ones of the request.
    pub taken: usize,
    /// These are not: the log is full, or the generator does not have the job, not yet or not any more.
    pub dropped: usize,
}

/// Reads the body: `{"events": [{"type": "step" | "block_added" | "text", …}]}`.
pub fn parse_events(body: &str) -> Result<Vec<Told>, BadRequest> {
    /// Of a [`Told`], what a generator may tell.
    #[derive(Deserialize)]
    #[serde(tag = "type", rename_all = "snake_case")]
    enum Event {
        Step { name: shared::progress::Step, detail: Option<String> },
        BlockAdded { node: String, block: String, name: String },
        Text { delta: String },
    }
    let fields = json::Object::parse_keys(body, &["events"])?;
    let events = fields.get("events").ok_or(EVENTS)?;
    let events: Vec<Event> = serde_json::from_str(events.get()).map_err(|_| EVENTS)?;
    if events.is_empty() || events.len() > MOST {
        return Err(EVENTS);
    }
    let told = events.into_iter().map(|event| match event {
        Event::Step { name, detail } => Told::foreign_step(name, detail.as_deref()),
        Event::BlockAdded { node, block, name } => Told::foreign_block(&node, &block, &name),
        Event::Text { delta } => Told::text(&delta),
    });
    Ok(told.collect())
}

/// Appends what the generator tells, in order, after what is in the log by then. `None` if there is no such operation.
///
/// # Errors
/// The platform failed, or too many requests come at once. Nothing of `told` is known to be written.
pub async fn report(
    (ending, log): (&Ending, &dyn ProgressLog),
    operation_id: &str,
    told: &[Told],
    invocation: Invocation<'_>,
) -> Result<Option<Reported>, PortError> {
    for attempt in 0..TRIES {
        let now = invocation.clock.now();
        let Some(operation) = ending.store.get(operation_id, now).await? else { return Ok(None) };
        let entries = if operation.handed_over && !operation.status_at(now).has_ended() {
            numbered(&operation, told, &now.rfc3339())
        } else {
            Vec::new()
        };
        let appended =
            if entries.is_empty() { Some(Appended::NotKept) } else { log.append(&operation, &entries, now).await? };
        let taken = match appended {
            Some(Appended::Now(_)) => entries.len(),
            Some(Appended::NotKept) => 0,
            // Others have told something meanwhile, or it has ended.
            Some(Appended::Before(_)) | None => {
                sleep(BACKOFF.full_jitter(attempt)).await;
                continue;
            }
        };
        return Ok(Some(Reported { task_id: operation.task_id, taken, dropped: told.len() - taken }));
    }
    Err(PortError { service: "progress log", code: "conflict".to_owned() })
}

/// Those that the log has room for.
fn numbered(operation: &OperationRecord, told: &[Told], at: &str) -> Vec<Entry> {
    let numbers = operation.logged.last.saturating_add(1)..=LAST_TOLD;
    let entry =
        |(seq, told): (u32, &Told)| Entry { seq, at: at.to_owned(), attempt: operation.claims, told: told.clone() };
    numbers.zip(told).map(entry).collect()
}
