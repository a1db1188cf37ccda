//! What becomes of the goal, and how it is put to the person.

mod effect;
mod enquiry;
mod honest;
mod leftover;
mod name;
mod question;
mod subject;
pub(super) mod suggest;
mod unseen;
mod unwritten;
mod verbless;
pub(super) mod verdict;
mod wiring;
