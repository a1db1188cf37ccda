//! Where the next page of a list begins, as text that a caller hands back unread.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};

use crate::head::is_agent_id;

/// A page of a list.
#[derive(Debug, Clone)]
pub struct Page<T, C> {
    pub items: Vec<T>,
    /// `None` after the last page.
    pub next: Option<C>,
}

/// The last agent of a page of heads. Holds no owner: it is looked up among the caller's own.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// In milliseconds.
    pub updated: u64,
    pub agent_id: String,
}

impl Place {
    #[must_use]
    pub fn to_text(&self) -> String {
        URL_SAFE_NO_PAD.encode(format!("{}.{}", self.updated, self.agent_id))
    }

    /// `None` if no list gave it out.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let decoded = String::from_utf8(URL_SAFE_NO_PAD.decode(text).ok()?).ok()?;
        let (updated, agent_id) = decoded.split_once('.').filter(|(_, agent_id)| is_agent_id(agent_id))?;
        Some(Self { updated: updated.parse().ok()?, agent_id: agent_id.to_owned() })
    }
}

/// The cursor of a history: the last number of a page.
#[must_use]
pub fn number_to_text(number: u32) -> String {
    URL_SAFE_NO_PAD.encode(number.to_string())
}

/// `None` if no history gave it out.
#[must_use]
pub fn parse_number(text: &str) -> Option<u32> {
    String::from_utf8(URL_SAFE_NO_PAD.decode(text).ok()?).ok()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_is_read_as_it_was_written_and_another_text_is_not() {
        let place = Place { updated: 1_795_000_000_123, agent_id: "8f6c2f0e-x".to_owned() };
        assert_eq!(Place::parse(&place.to_text()), Some(place));
        assert_eq!(parse_number(&number_to_text(7)), Some(7));
        for text in ["", "!", "AAAA", "eyJhIjoxfQ", &number_to_text(7)] {
            assert_eq!(Place::parse(text), None, "{text}");
        }
        // Not an id: no key of the table is as long.
        for agent_id in ["", "a.b", "a#b", &"a".repeat(3_000)] {
            let place = Place { updated: 1, agent_id: agent_id.to_owned() };
            assert_eq!(Place::parse(&place.to_text()), None, "{agent_id}");
        }
    }
}
