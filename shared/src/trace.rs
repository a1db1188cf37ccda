//! The X-Ray trace of the current invocation, for the calls that it makes.
//!
//! Local to the task, not `_X_AMZN_TRACE_ID`: a process can serve several invocations at once.

tokio::task_local! {
    static TRACE: Option<String>;
}

/// Runs `work` as part of `trace`, the value of the header `X-Amzn-Trace-Id`.
pub async fn scope<T>(trace: Option<String>, work: impl Future<Output = T>) -> T {
    TRACE.scope(trace, work).await
}

/// `None` outside [`scope`] and without a trace.
#[must_use]
pub fn current() -> Option<String> {
    TRACE.try_with(Clone::clone).ok().flatten()
}
