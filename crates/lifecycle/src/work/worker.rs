//! What a worker needs, and what it decides about a message.

use std::{sync::Arc, time::Duration};

use crate::{
    breaker::Breaker,
    end::Ending,
    ports::MessageVisibility,
    progress::ProgressLog,
    record::Tool,
    settings::{POISON_PAUSE, Settings},
};

/// Works on the jobs of one queue.
#[derive(Debug, Clone)]
pub struct Worker<J> {
    pub job: J,
    /// The tool of this queue's operations.
    pub tool: Tool,
    pub ending: Ending,
    pub log: Arc<dyn ProgressLog>,
    /// The jobs queue.
    pub visibility: Arc<dyn MessageVisibility>,
    pub settings: Settings,
    pub breaker: Arc<Breaker>,
}

/// What happens to a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Disposition {
    /// Delete it.
    Done,
    /// Hide it for this long.
    After(Duration),
    /// Another worker has the operation: leave its visibility alone.
    Left,
}

/// The message leads to no operation, now or later.
pub(super) const POISON: Disposition = Disposition::After(POISON_PAUSE);
