//! What is kept while a generator is at it: its own ticket, if it is asked again, and what the steps leave out, which only
//! decompose knows.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};
use shared::{account::LeftOut, port::Ticket};

#[derive(Serialize, Deserialize)]
pub(super) struct Kept<'a> {
    /// The generator's ticket; empty if it reports by itself.
    #[serde(borrow)]
    pub(super) job: Cow<'a, str>,
    #[serde(default)]
    pub(super) left_out: Vec<LeftOut>,
}

impl<'a> Kept<'a> {
    pub(super) fn parse(ticket: &'a str) -> Option<Self> {
        serde_json::from_str(ticket).ok()
    }

    /// Of a generator that reports by itself. `None` if nothing is left out.
    pub(super) fn without_ticket(left_out: Vec<LeftOut>) -> Option<String> {
        if left_out.is_empty() {
            return None;
        }
        Self::wrap(Ticket { text: String::new(), again_in: None }, left_out).map(|ticket| ticket.text)
    }

    /// Drops the last parts of what would be too long. `None` if the generator's ticket alone is.
    pub(super) fn wrap(ticket: Ticket, mut left_out: Vec<LeftOut>) -> Option<Ticket> {
        loop {
            let kept = Kept { job: Cow::Borrowed(&ticket.text), left_out };
            let text = serde_json::to_string(&kept).ok()?;
            left_out = kept.left_out;
            if text.len() <= Ticket::LONGEST {
                return Some(Ticket { text, ..ticket });
            }
            left_out.pop()?;
        }
    }
}

#[cfg(test)]
mod tests {
    use shared::account::Reason;

    use super::*;

    fn part(length: usize) -> LeftOut {
        LeftOut { text: "x".repeat(length), reason: Reason::NoBlock, message: "Nothing does that.".to_owned() }
    }

    fn ticket(text: &str) -> Ticket {
        Ticket { text: text.to_owned(), again_in: Some(9) }
    }

    #[test]
    fn what_a_goal_leaves_out_is_still_known_when_the_generator_is_done() {
        let wrapped = Kept::wrap(ticket("job \"7\""), vec![part(3)]).unwrap();
        let kept = Kept::parse(&wrapped.text).unwrap();
        assert_eq!((&*kept.job, kept.left_out, wrapped.again_in), ("job \"7\"", vec![part(3)], Some(9)));
        assert!(Kept::parse("job").is_none());
    }

    #[test]
    fn what_a_goal_leaves_out_is_still_known_when_a_generator_reports_by_itself() {
        let text = Kept::without_ticket(vec![part(3)]).unwrap();
        assert_eq!(Kept::parse(&text).unwrap().left_out, [part(3)]);
        assert_eq!(Kept::without_ticket(Vec::new()), None);
    }

    #[test]
    fn a_ticket_stays_short() {
        let wrapped = Kept::wrap(ticket("job"), (0..50).map(|_| part(500)).collect()).unwrap();
        assert!(wrapped.text.len() <= Ticket::LONGEST);
        assert!(Kept::parse(&wrapped.text).unwrap().left_out.len() > 20);
        assert!(Kept::wrap(ticket(&"x".repeat(Ticket::LONGEST)), vec![part(1)]).is_none());
    }
}
