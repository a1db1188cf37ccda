//! Serves a batch of the function's queue.

use std::time::Duration;

use lambda_runtime::Diagnostic;
use shared::request_log::RequestLog;

use crate::{call::Call, function::QueueFunction, queue::Batch, response::Response};

/// Writes a log line for each message with an outcome. If the response cannot be serialised, the invocation fails and
/// Lambda redelivers the whole batch.
pub(crate) async fn take<F: QueueFunction>(
    function: &F,
    batch: &Batch,
    call: &Call<'_>,
) -> Result<Response, Diagnostic> {
    // Only the first line of a new environment counts as a cold start.
    let mut is_cold_start = call.is_cold_start;
    let mut report = |log: &RequestLog, time: Duration| {
        if log.outcome.is_some() {
            call.line(F::ACTION, log, time, std::mem::take(&mut is_cold_start)).write();
        }
    };
    let response = function.take(batch, call.invocation, &mut report).await;
    Response::payload(&response)
}
