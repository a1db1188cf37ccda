//! A worker's hold on an operation while it works on it: the lease in the table, and the message out of others' sight.

use std::time::Duration;

use lambda::queue::Message;
use shared::invocation::Clock;
use tokio::time::sleep;

use super::{
    ports::{MessageVisibility, OperationStore},
    record::Fence,
    settings::Settings,
};

/// A worker's hold on an operation.
pub(super) struct Lease<'a> {
    pub(super) store: &'a dyn OperationStore,
    pub(super) visibility: &'a dyn MessageVisibility,
    pub(super) settings: &'a Settings,
    pub(super) clock: Clock,
    pub(super) operation_id: &'a str,
    pub(super) fence: Fence,
    pub(super) message: &'a Message,
}

impl Lease<'_> {
    /// Keeps the message from others until the lease has run out: a queue that lets a worker live for fifteen minutes would
    /// keep a dead one's message for as long.
    pub(super) async fn hide(&self) {
        hide(self.visibility, self.message, self.settings.hidden()).await;
    }

    /// Holds on for as long as this is polled, and ends only where the hold is lost: the operation has ended, or another
    /// worker has claimed it. A renewal that fails is no loss: the fence protects the outcome.
    pub(super) async fn keep(&self) {
        loop {
            sleep(self.settings.renewal()).await;
            let until = self.clock.now().after(self.settings.lease);
            match self.store.extend(self.operation_id, self.fence, until).await {
                Ok(true) => self.hide().await,
                Ok(false) => return,
                Err(error) => {
                    tracing::warn!(operation_id = self.operation_id, %error, "a lease could not be renewed");
                    self.hide().await;
                }
            }
        }
    }
}

/// Hides a message. Where that fails it comes back when its queue thinks best, which costs time and nothing else.
pub(super) async fn hide(visibility: &dyn MessageVisibility, message: &Message, time: Duration) {
    if let Err(error) = visibility.hide(&message.receipt_handle, time).await {
        tracing::warn!(message_id = message.id, %error, "a message could not be hidden");
    }
}
