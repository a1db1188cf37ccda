//! All ports in memory, wired up.

use std::{net::SocketAddr, sync::Arc};

use super::{
    queues::{MemoryEvents, MemoryQueue},
    store::MemoryStore,
};
use crate::{
    callback::{Addresses, Lookup},
    durable::Platform,
    end::Ending,
    settings::Settings,
};

#[derive(Debug, Clone, Default)]
pub struct MemoryPlatform {
    pub store: Arc<MemoryStore>,
    /// The jobs queue, for requests that enqueue.
    pub jobs: Arc<MemoryQueue>,
    /// The jobs queue, for a worker that receives.
    pub messages: Arc<MemoryQueue>,
    pub events: Arc<MemoryEvents>,
    pub callbacks: Arc<MemoryQueue>,
    /// What every host of a webhook resolves to.
    pub addresses: Vec<SocketAddr>,
}

impl MemoryPlatform {
    #[must_use]
    pub fn platform(&self) -> Platform {
        Platform {
            ending: Ending {
                store: Arc::<MemoryStore>::clone(&self.store),
                events: Arc::<MemoryEvents>::clone(&self.events),
                callbacks: Arc::<MemoryQueue>::clone(&self.callbacks),
            },
            log: Arc::<MemoryStore>::clone(&self.store),
            jobs: Arc::<MemoryQueue>::clone(&self.jobs),
            visibility: Arc::<MemoryQueue>::clone(&self.messages),
            lookup: Arc::new(SameAddresses(self.addresses.clone())),
            settings: Settings::default(),
        }
    }
}

#[derive(Debug)]
struct SameAddresses(Vec<SocketAddr>);

impl Lookup for SameAddresses {
    fn addresses<'a>(&'a self, _: &'a str) -> Addresses<'a> {
        Box::pin(async { Ok(self.0.clone()) })
    }
}
