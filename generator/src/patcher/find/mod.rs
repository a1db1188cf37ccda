//! What a person means in this agent: a step, an input, a value that stands in it.

mod fields;
mod phrase;
mod steps;
mod values;

pub(super) use self::{
    fields::Field,
    phrase::{Wanted, bare},
    steps::Among,
    values::{Holder, contains, outer, position, same},
};
