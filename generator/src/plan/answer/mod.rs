//! What becomes of the goal, and how it is put to the person.

mod checked;
mod effect;
mod enquiry;
mod honest;
mod idle;
mod leftover;
mod name;
mod pages;
mod question;
mod shown;
mod singly;
mod subject;
pub(super) mod suggest;
mod swallowed;
mod traced;
mod unseen;
mod unwritten;
mod verbless;
pub(super) mod verdict;
mod wiring;
