//! What is stored of an operation (CONTRACT 6).

mod new;
mod operation;
mod outcome;
mod state;

pub use self::{
    new::NewOperation,
    operation::OperationRecord,
    outcome::Outcome,
    state::{Announcement, By, Creation, Fence, Fingerprint, Logged, Status, Tool},
};
