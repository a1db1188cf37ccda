//! The clauses of a reading in one form, for what can be said in several.

pub(super) mod act;
pub(super) mod approval;
mod beside;
mod between;
pub(super) mod cases;
mod checked;
pub(super) mod framing;
mod handed;
pub(super) mod kinds;
mod limits;
pub(super) mod listed;
pub(super) mod lists;
mod maker;
pub(super) mod narrowed;
mod nominal;
pub(super) mod normal;
pub(in crate::plan) mod occasion;
mod onward;
mod picked;
mod predicate;
mod preference;
mod receive;
mod recut;
mod relative;
mod rephrase;
mod spread;
pub(in crate::plan) mod strays;
