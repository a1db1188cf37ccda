//! Words and sentences of English that the plan reads and writes.

pub(super) mod english;
pub(super) mod media;
pub(super) mod person;
pub(super) mod time;
pub(super) mod title;
pub(super) mod zone;
