//! The plan as far as it is made: steps, what they give, and which words of the goal are done.

pub(super) mod build;
mod called;
pub(super) mod choose;
pub(super) mod cover;
pub(super) mod draft;
pub(super) mod fill;
mod finish;
pub(super) mod gmail;
mod held;
pub(super) mod lost;
pub(super) mod main_output;
pub(super) mod say;
