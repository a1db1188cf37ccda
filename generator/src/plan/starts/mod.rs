//! What starts the agent.

mod ahead;
mod asks;
mod event;
pub(super) mod handed;
mod labelled;
mod mentions;
pub(super) mod pause;
mod start;
pub(super) mod trigger;
