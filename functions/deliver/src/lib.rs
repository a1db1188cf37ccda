//! `deliver`: ended operation -> signed webhook to the caller's address.
//!
//! Delivers at least once and in no order: a receiver recognises repeats by `webhook-id`. A failed webhook is sent again,
//! later each time, until the queue moves it to its dead-letter queue.

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

/// The [`Consumer`](lambda::queue::Consumer) of the callbacks queue.
#[derive(Debug, Clone)]
pub struct Deliver {
    pub store: Arc<dyn OperationStore>,
    /// The callbacks queue.
    pub visibility: Arc<dyn MessageVisibility>,
    /// The signing keys. `None` if not configured: then nothing is sent.
    pub keys: Option<Arc<dyn SecretSource>>,
    pub client: WebhookClient,
    /// Receivers that may be in a private network.
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
