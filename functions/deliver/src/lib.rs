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

use http_client::secret::SecretSource;
use lambda::{
    Function, QueueFunction,
    queue::{Batch, BatchResponse, Report},
};
use lifecycle::{
    callback::{TrustedHosts, WebhookClient},
    ports::{MessageVisibility, OperationStore},
};
use shared::{action::Action, invocation::Invocation};

pub use attempt::{Ended, NotDelivered};
pub use keys::BadKeys;

/// The function: the [`Consumer`](lambda::queue::Consumer) of the callbacks queue.
#[derive(Debug, Clone)]
pub struct Deliver {
    /// The operations.
    pub store: Arc<dyn OperationStore>,
    /// The queue that the messages come from.
    pub visibility: Arc<dyn MessageVisibility>,
    /// The keys that webhooks are signed with; none where none are configured.
    pub keys: Option<Arc<dyn SecretSource>>,
    /// The client that calls back.
    pub client: WebhookClient,
    /// WebhookClient that may lie in a private network.
    pub trusted: TrustedHosts,
}

impl Function for Deliver {
    const ACTION: Action = Action::Deliver;
}

impl QueueFunction for Deliver {
    async fn take<'a>(
        &'a self,
        batch: &'a Batch,
        invocation: Invocation<'a>,
        report: &'a mut Report<'_>,
    ) -> BatchResponse {
        lambda::queue::consume(batch, self, invocation, report).await
    }
}
