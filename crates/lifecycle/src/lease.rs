//! Keeps an operation to one worker: renews the lease in the store and hides the message on the queue.

use std::time::Duration;

use lambda::queue::Message;
use shared::invocation::Clock;
use tokio::time::sleep;

use crate::{
    ports::{MessageVisibility, OperationStore},
    record::Fence,
    settings::Settings,
};

pub(crate) struct Lease<'a> {
    pub(crate) store: &'a dyn OperationStore,
    pub(crate) visibility: &'a dyn MessageVisibility,
    pub(crate) settings: &'a Settings,
    pub(crate) clock: Clock,
    pub(crate) operation_id: &'a str,
    pub(crate) fence: Fence,
    pub(crate) message: &'a Message,
}

impl Lease<'_> {
    /// Hides the message until the lease has lapsed. The queue's own visibility timeout covers a worker of 15
    /// minutes, and would keep a dead worker's message for as long.
    pub(crate) async fn hide(&self) {
        hide(self.visibility, self.message, self.settings.hidden()).await;
    }

    /// Renews the lease while this is polled. Returns only once the lease is lost: the operation has ended, or
    /// another worker has claimed it. Carries on if a renewal fails, because the fence protects the outcome.
    pub(crate) async fn keep(&self) {
        loop {
            sleep(self.settings.renewal()).await;
            let until = self.clock.now().after(self.settings.lease);
            match self.store.extend(self.operation_id, self.fence, until).await {
                Ok(true) => self.hide().await,
                Ok(false) => return,
                Err(error) => {
                    tracing::warn!(operation_id = self.operation_id, %error, "could not renew a lease");
                    self.hide().await;
                }
            }
        }
    }
}

/// Hides a message for `time`. If that fails, the queue's own visibility timeout applies, which only costs time.
pub(crate) async fn hide(visibility: &dyn MessageVisibility, message: &Message, time: Duration) {
    if let Err(error) = visibility.hide(&message.receipt_handle, time).await {
        tracing::warn!(message_id = message.id, %error, "could not hide a message");
    }
}
