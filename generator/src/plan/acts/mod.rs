//! What an act does: an operation of a service, a text, a picture, a number.

mod compute;
mod converse;
mod file;
mod made;
mod mailbox;
mod manner;
mod medium;
mod named;
pub(super) mod operate;
mod operation;
mod parts;
pub(in crate::plan) mod placed;
pub(in crate::plan) mod prompt;
mod record;
mod shape;
mod special;
mod sub_agent;
mod think;
mod tools;
mod unsent;
