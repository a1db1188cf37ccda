//! A whole platform in memory.

use std::{net::SocketAddr, sync::Arc};

use super::{MemoryEvents, MemoryQueue, MemoryStore};
use crate::{
    callback::{Addresses, Lookup},
    durable::Platform,
    end::Ending,
    settings::Settings,
};

/// A platform whose parts a test can look into.
#[derive(Debug, Clone, Default)]
pub struct MemoryPlatform {
    /// The table.
    pub store: Arc<MemoryStore>,
    /// The jobs queue, as requests put jobs on it.
    pub jobs: Arc<MemoryQueue>,
    /// The jobs queue, as a worker's messages come from it.
    pub messages: Arc<MemoryQueue>,
    /// The bus.
    pub events: Arc<MemoryEvents>,
    /// The callbacks queue.
    pub callbacks: Arc<MemoryQueue>,
    /// Where every name leads.
    pub addresses: Vec<SocketAddr>,
}

impl MemoryPlatform {
    /// The platform as a function gets it.
    #[must_use]
    pub fn platform(&self) -> Platform {
        Platform {
            ending: Ending {
                store: Arc::<MemoryStore>::clone(&self.store),
                events: Arc::<MemoryEvents>::clone(&self.events),
                callbacks: Arc::<MemoryQueue>::clone(&self.callbacks),
            },
            jobs: Arc::<MemoryQueue>::clone(&self.jobs),
            visibility: Arc::<MemoryQueue>::clone(&self.messages),
            lookup: Arc::new(OnePlace(self.addresses.clone())),
            settings: Settings::default(),
        }
    }
}

/// Every name leads to the same addresses.
#[derive(Debug)]
struct OnePlace(Vec<SocketAddr>);

impl Lookup for OnePlace {
    fn addresses<'a>(&'a self, _: &'a str) -> Addresses<'a> {
        Box::pin(async { Ok(self.0.clone()) })
    }
}
