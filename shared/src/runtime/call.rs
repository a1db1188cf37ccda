//! What the runtime knows of one invocation.

use std::time::{Duration, SystemTime};

use lambda_runtime::Context;
use tokio::time::Instant;

use super::RESERVE;
use crate::{
    function::{Function, Http, Request},
    invocation::{Clock, Invocation},
    request_log::RequestLog,
    telemetry::LogLine,
};

/// One invocation, and what its log lines tell of it.
pub(super) struct Call<'a> {
    pub(super) invocation: Invocation<'a>,
    pub(super) is_cold_start: bool,
    start: Instant,
    trace: Option<&'a str>,
}

impl<'a> Call<'a> {
    pub(super) fn of(context: &'a Context, is_cold_start: bool) -> Self {
        let request_id = &context.request_id;
        Self {
            invocation: Invocation { clock: Clock::system(), end: end(context), request_id },
            is_cold_start,
            start: Instant::now(),
            trace: context.xray_trace_id.as_deref(),
        }
    }

    pub(super) fn request<'r>(&self, route: Option<&'static str>, body: &'r str, http: Option<Http<'r>>) -> Request<'r>
    where
        'a: 'r,
    {
        let Invocation { clock, end, request_id } = self.invocation;
        Request { route, body, end, clock, request_id, http }
    }

    /// Writes the log line of the request that the invocation was.
    pub(super) fn report<F: Function>(&self, log: &RequestLog) {
        self.line::<F>(log, self.start.elapsed(), self.is_cold_start).write();
    }

    pub(super) fn line<'l, F: Function>(
        &'l self,
        log: &'l RequestLog,
        total_time: Duration,
        is_cold_start: bool,
    ) -> LogLine<'l> {
        let request_id = self.invocation.request_id;
        LogLine { action: F::ACTION, log, total_time, request_id, is_cold_start, trace: self.trace }
    }
}

/// When the answer has to be ready: the invocation's deadline less the reserve, on the monotonic clock from here on.
fn end(context: &Context) -> Instant {
    let left = context.deadline().duration_since(SystemTime::now()).unwrap_or_default();
    Instant::now() + left.saturating_sub(RESERVE)
}
