//! A log of an operation that a test reads.

use std::sync::{Mutex, PoisonError};

use shared::{
    port::{Background, OperationIds},
    progress::{Progress, Step},
};

pub const IDS: OperationIds<'static> = OperationIds { operation_id: "op", task_id: "task", ticket: None };

/// Keeps each thing that was told, in words: `asking_model ReadRSSFeedBlock`, `block_added n1 ReadRSSFeedBlock Read feed`,
/// `fixed link_types`.
#[derive(Debug, Default)]
pub struct Recorded(Mutex<Vec<String>>);

impl Recorded {
    #[must_use]
    pub fn background(&self) -> Option<Background<'_>> {
        Some(Background { ids: IDS, progress: self })
    }

    #[must_use]
    pub fn told(&self) -> Vec<String> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn tell(&self, words: String) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).push(words);
    }
}

impl Progress for Recorded {
    fn step(&self, step: Step, detail: Option<&str>) {
        let name = serde_json::to_value(step).unwrap_or_default();
        let detail = detail.map(|detail| format!(" {detail}")).unwrap_or_default();
        self.tell(format!("{}{detail}", name.as_str().unwrap_or_default()));
    }

    fn block_added(&self, node: &str, block: &str, name: &str) {
        self.tell(format!("block_added {node} {block} {name}"));
    }

    fn fixed(&self, rule: &str) {
        self.tell(format!("fixed {rule}"));
    }

    fn text(&self, delta: &str) {
        self.tell(format!("text {delta}"));
    }
}
