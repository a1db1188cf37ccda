//! What is remembered while a generator is at it: its own ticket, if it is asked again, and the version of the kept agent
//! that it is changing.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};
use shared::port::Ticket;

#[derive(Serialize, Deserialize)]
pub(super) struct Pinned<'a> {
    /// The generator's ticket; empty if it reports by itself.
    #[serde(borrow)]
    pub(super) job: Cow<'a, str>,
    pub(super) version: u32,
}

impl<'a> Pinned<'a> {
    pub(super) fn parse(ticket: &'a str) -> Option<Self> {
        serde_json::from_str(ticket).ok()
    }

    /// Of a generator that reports by itself.
    pub(super) fn without_ticket(version: u32) -> Option<String> {
        Self::wrap(Ticket { text: String::new(), again_in: None }, version).map(|ticket| ticket.text)
    }

    /// `None` if it is too long.
    pub(super) fn wrap(ticket: Ticket, version: u32) -> Option<Ticket> {
        let text = serde_json::to_string(&Pinned { job: Cow::Borrowed(&ticket.text), version }).ok()?;
        (text.len() <= Ticket::LONGEST).then_some(Ticket { text, ..ticket })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_generator_that_takes_its_time_changes_the_version_that_it_was_given() {
        let ticket = |text: &str| Ticket { text: text.to_owned(), again_in: Some(9) };
        let wrapped = Pinned::wrap(ticket("job \"7\""), 3).unwrap();
        let pinned = Pinned::parse(&wrapped.text).unwrap();
        assert_eq!((&*pinned.job, pinned.version, wrapped.again_in), ("job \"7\"", 3, Some(9)));
        assert_eq!(Pinned::parse(&Pinned::without_ticket(4).unwrap()).unwrap().version, 4);
        assert!(Pinned::wrap(ticket(&"x".repeat(Ticket::LONGEST)), 3).is_none());
    }
}
