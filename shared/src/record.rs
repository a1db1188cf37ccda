//! What is known of a request while it is served: for its error, should it come to one, and for its log line.

use std::{borrow::Cow, time::Duration};

use crate::{generator::ModelUse, json::first_chars, refusal::MAX_ASKED};

/// What is known of a request so far.
#[derive(Debug, Clone, Default)]
pub struct Record {
    /// What was asked, by the name that `details` gives it; null where it was not given.
    pub asked: Vec<(&'static str, Option<String>)>,
    /// The caller's session.
    pub session_id: Option<String>,
    /// How often the generator was asked.
    pub attempts: u32,
    /// The time that the generator took, where it was asked.
    pub upstream_time: Option<Duration>,
    /// The HTTP status of its last answer.
    pub upstream_status: Option<u16>,
    /// The language model that it asked, where it is a planner that asks one.
    pub model: Option<ModelUse>,
}

impl Record {
    /// Notes what was asked, cut to what an error repeats.
    pub fn ask(&mut self, name: &'static str, text: Option<Cow<'_, str>>) {
        self.asked.push((name, text.map(|text| first_chars(&text, MAX_ASKED).to_owned())));
    }
}
