//! One invocation: its deadline, ids and log line.

use std::time::{Duration, SystemTime};

use lambda_runtime::Context;
use shared::{
    action::Action,
    invocation::{Clock, Invocation},
    request_log::RequestLog,
};
use tokio::time::Instant;

use crate::{
    function::{Http, Request},
    telemetry::LogLine,
};

/// Time kept back from the invocation's deadline to write and send the answer.
pub(crate) const RESERVE: Duration = Duration::from_millis(500);

pub(crate) struct Call<'a> {
    pub(crate) invocation: Invocation<'a>,
    pub(crate) is_cold_start: bool,
    start: Instant,
    trace: Option<&'a str>,
}

impl<'a> Call<'a> {
    pub(crate) fn new(context: &'a Context, is_cold_start: bool) -> Self {
        let request_id = &context.request_id;
        Self {
            invocation: Invocation { clock: Clock::system(), end: end(context), request_id },
            is_cold_start,
            start: Instant::now(),
            trace: context.xray_trace_id.as_deref(),
        }
    }

    pub(crate) fn request<'r>(&self, route: Option<&'static str>, body: &'r str, http: Option<Http<'r>>) -> Request<'r>
    where
        'a: 'r,
    {
        let Invocation { clock, end, request_id } = self.invocation;
        Request { route, body, end, clock, request_id, http }
    }

    /// For an answer that goes on after the event was handled.
    pub(crate) fn kept(&self) -> KeptCall {
        KeptCall {
            request_id: self.invocation.request_id.to_owned(),
            clock: self.invocation.clock,
            end: self.invocation.end,
            is_cold_start: self.is_cold_start,
            start: self.start,
            trace: self.trace.map(str::to_owned),
        }
    }

    pub(crate) fn report(&self, action: Action, log: &RequestLog) {
        self.line(action, log, self.start.elapsed(), self.is_cold_start).write();
    }

    pub(crate) fn line<'l>(
        &'l self,
        action: Action,
        log: &'l RequestLog,
        total_time: Duration,
        is_cold_start: bool,
    ) -> LogLine<'l> {
        let request_id = self.invocation.request_id;
        LogLine { action, log, total_time, request_id, is_cold_start, trace: self.trace }
    }
}

/// A [`Call`] that borrows nothing.
pub(crate) struct KeptCall {
    request_id: String,
    clock: Clock,
    pub(crate) end: Instant,
    is_cold_start: bool,
    start: Instant,
    trace: Option<String>,
}

impl KeptCall {
    pub(crate) fn report(&self, action: Action, log: &RequestLog) {
        let Self { clock, end, is_cold_start, start, .. } = *self;
        let invocation = Invocation { clock, end, request_id: &self.request_id };
        Call { invocation, is_cold_start, start, trace: self.trace.as_deref() }.report(action, log);
    }
}

/// The invocation's deadline less [`RESERVE`], converted to the monotonic clock.
fn end(context: &Context) -> Instant {
    let left = context.deadline().duration_since(SystemTime::now()).unwrap_or_default();
    Instant::now() + left.saturating_sub(RESERVE)
}
