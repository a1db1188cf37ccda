//! `deliver`: an operation that ended -> a signed webhook to its caller's address.
//!
//! At least once, in no order: a receiver tells repeats by `webhook-id`. The queue repeats what fails, later each time,
//! and keeps what never succeeds in its dead-letter queue.

mod attempt;
mod consume;
mod keys;
mod payload;
mod schedule;

use std::sync::Arc;

use shared::{
    action::Action,
    callback::{Receivers, TrustedHosts},
    function::{Function, Request, Route, no_route},
    invocation::Invocation,
    operations::ports::{MessageVisibility, OperationStore},
    queue::{Batch, BatchResponse, Report},
    refusal::Refusal,
    reply::Reply,
    request_log::RequestLog,
    secret::SecretSource,
};

pub use attempt::{Ended, NotDelivered};
pub use keys::BadKeys;

/// The function: the [`Consumer`](shared::queue::Consumer) of the callbacks queue.
#[derive(Debug, Clone)]
pub struct Deliver {
    /// The operations.
    pub store: Arc<dyn OperationStore>,
    /// The queue that the messages come from.
    pub visibility: Arc<dyn MessageVisibility>,
    /// The keys that webhooks are signed with; none where none are configured.
    pub keys: Option<Arc<dyn SecretSource>>,
    /// The client that calls back.
    pub receivers: Receivers,
    /// Receivers that may lie in a private network.
    pub trusted: TrustedHosts,
}

impl Function for Deliver {
    const ACTION: Action = Action::Deliver;
    const ROUTES: &'static [Route] = &[];
    const MAX_BODY: usize = 0;
    const TAKES_PAYLOADS: bool = false;

    async fn serve<'a>(&'a self, _: Request<'a>, _: &'a mut RequestLog) -> Result<Reply, Refusal> {
        Err(no_route::<Self>("").into())
    }

    async fn take<'a>(
        &'a self,
        batch: &'a Batch,
        invocation: Invocation<'a>,
        report: &'a mut Report<'_>,
    ) -> Option<BatchResponse> {
        Some(shared::queue::consume(batch, self, invocation, report).await)
    }
}
