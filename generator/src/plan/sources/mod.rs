//! Where an act gets what it works on.

mod about;
mod alongside;
pub(super) mod apart;
mod asked;
mod back;
mod behind;
mod content;
pub(super) mod elsewhere;
mod fetch;
pub(super) mod film;
mod full;
mod gather;
mod given;
mod input;
mod lookup;
mod place;
mod reach;
mod readers;
mod refer;
mod room;
mod service;
mod site;
mod source;
mod topic;
mod vision;
pub(super) mod window;
pub(super) mod works;
