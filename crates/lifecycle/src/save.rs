//! Saves what a generator reports that has taken a job over, if the request of the job asked for that. Then its operation
//! ends with what a worker would have answered.

use std::{fmt, future::Future, pin::Pin, time::Duration};

use shared::{
    invocation::Invocation,
    json::{self, Object},
    port_error::PortError,
    progress::Untold,
    request_log::RequestLog,
};
use tokio::time::Instant;

use crate::{
    end::{fits, session},
    job::Assignment,
    ports::OperationStore,
    record::OperationRecord,
};

/// The longest that a completion waits for what is saved.
pub(crate) const PATIENCE: Duration = Duration::from_secs(5);

pub type SaveFuture<'a> = Pin<Box<dyn Future<Output = Option<String>> + Send + 'a>>;

/// Saves results for the owners of operations.
pub trait ResultSaver: fmt::Debug + Send + Sync {
    /// The result that the operation ends with, by `assignment.end`: whatever fails, it has what the generator made. `None` if
    /// the request did not ask for anything to be saved.
    fn save<'a>(
        &'a self,
        operation: &'a OperationRecord,
        assignment: Assignment<'a>,
        result: &'a str,
        log: &'a mut RequestLog,
    ) -> SaveFuture<'a>;
}

/// The result that the operation ends with.
///
/// # Errors
/// What was asked for cannot be read.
pub(crate) async fn saved(
    (saver, store): (Option<&dyn ResultSaver>, &dyn OperationStore),
    operation: &OperationRecord,
    result: String,
    invocation: Invocation<'_>,
) -> Result<String, PortError> {
    let Some(saver) = saver.filter(|_| operation.owner.is_some() && has_agent(&result)) else { return Ok(result) };
    let Some(request) = store.request(operation, invocation.clock.now()).await? else { return Ok(result) };
    let mut assignment = Assignment::new(operation, &request, Some(&Untold), invocation);
    assignment.end = assignment.end.min(Instant::now() + PATIENCE);
    let saved = saver.save(operation, assignment, &result, &mut session(operation)).await;
    // What a worker says besides may be too long for an answer.
    Ok(saved.filter(|saved| fits(saved)).unwrap_or(result))
}

fn has_agent(result: &str) -> bool {
    Object::parse_keys(result, &["agent_json"])
        .is_ok_and(|result| result.get("agent_json").is_some_and(json::is_object))
}
