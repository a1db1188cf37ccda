//! The event bus on EventBridge.

use aws::clients::{Clients, OnFirstUse, on_first_use, port_error};
use aws_sdk_eventbridge::{Client, types::PutEventsRequestEntry};
use lifecycle::ports::{CompletionEvent, CompletionEvents};
use shared::port_error::{PortError, PortFuture};

const SERVICE: &str = "event bus";

#[derive(Debug, Clone)]
pub struct EventBus {
    client: OnFirstUse<Client>,
    name: String,
}

impl EventBus {
    #[must_use]
    pub fn new(clients: &Clients, name: &str) -> Self {
        Self { client: on_first_use(clients, Clients::eventbridge), name: name.to_owned() }
    }
}

impl CompletionEvents for EventBus {
    fn publish<'a>(&'a self, event: &'a CompletionEvent) -> PortFuture<'a, ()> {
        Box::pin(async move {
            let failed = |code: &str| PortError { service: SERVICE, code: code.to_owned() };
            let detail = serde_json::to_string(event).map_err(|_| failed("unsendable request"))?;
            let entry = PutEventsRequestEntry::builder()
                .event_bus_name(&self.name)
                .source(CompletionEvent::SOURCE)
                .detail_type(event.detail_type())
                .detail(detail)
                .build();
            let put = self.client.put_events().entries(entry).send().await;
            let put = put.map_err(|error| port_error(SERVICE, &error))?;
            // The call succeeds even if the bus refused the entry.
            if put.failed_entry_count() == 0 {
                return Ok(());
            }
            Err(failed(put.entries().iter().find_map(|entry| entry.error_code()).unwrap_or("unclassified")))
        })
    }
}
