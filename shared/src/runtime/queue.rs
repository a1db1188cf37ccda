//! Messages of the function's queue.

use std::time::Duration;

use lambda_runtime::Diagnostic;

use super::{Service, call::Call, unknown};
use crate::{function::Function, json, queue::Batch, request_log::RequestLog, response::Response};

const NO_QUEUE: &str = "The event is an SQS batch, which this function does not take.";
const UNWRITABLE: &str = "Runtime.UnwritableAnswer";

impl<F: Function> Service<F> {
    pub(super) async fn queue(&self, batch: &Batch, call: &Call<'_>) -> Result<Response, Diagnostic> {
        // One of the messages is the environment's first.
        let mut is_cold_start = call.is_cold_start;
        let mut report = |log: &RequestLog, time: Duration| {
            if log.outcome.is_some() {
                call.line::<F>(log, time, std::mem::take(&mut is_cold_start)).write();
            }
        };
        let Some(taken) = self.function.take(batch, call.invocation, &mut report).await else {
            return Err(unknown::<F>(NO_QUEUE, call));
        };
        // An error makes Lambda keep the whole batch.
        let payload = json::to_raw(&taken);
        payload
            .map(Response::Payload)
            .map_err(|error| Diagnostic { error_type: UNWRITABLE.to_owned(), error_message: error.to_string() })
    }
}
