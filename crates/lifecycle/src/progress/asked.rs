//! What a caller who watches asks for, over HTTP.

use std::time::Duration;

use lambda::{function::Http, query::whole};
use shared::bad_request::BadRequest;

use super::Watch;

/// In seconds.
const LONGEST_WAIT: u32 = 20;
/// A client that a stream was cut for sends the number of its last event.
const LAST_EVENT_ID: &str = "last-event-id";

const AFTER: BadRequest = BadRequest::WrongForm {
    what: "parameter after",
    form: "a whole number from 0 on: that of the last event that you have",
};

impl Watch {
    /// The parameters `after` and `wait`.
    ///
    /// # Errors
    /// One of them is wrong.
    pub fn asked(http: Http<'_>) -> Result<Self, BadRequest> {
        let after = whole(http.query.get("after"), 0, u32::MAX).ok_or(AFTER)?;
        let wait = whole(http.query.get("wait"), 0, LONGEST_WAIT)
            .ok_or(BadRequest::WrongForm { what: "parameter wait", form: "a whole number of seconds from 0 to 20" })?;
        Ok(Self { after, wait: Duration::from_secs(wait.into()) })
    }

    /// The number of the last event that the client of a stream has: its `Last-Event-ID`, else the parameter `after`.
    ///
    /// # Errors
    /// What it sends is not a number.
    pub fn last_seen(http: Http<'_>) -> Result<u32, BadRequest> {
        let header = http.headers.get(LAST_EVENT_ID).filter(|id| !id.is_empty());
        let Some(id) = header else { return whole(http.query.get("after"), 0, u32::MAX).ok_or(AFTER) };
        whole(id.to_str().ok().or(Some("")), 0, u32::MAX).ok_or(BadRequest::WrongForm {
            what: "header Last-Event-ID",
            form: "the id of the last event that you have",
        })
    }
}
