//! A plan: the steps of an agent, each a block with what goes into it.

pub use shared::account::{LeftOut, Reason};

pub use crate::planner::plan::{Binding, Input, Plan, Step};
