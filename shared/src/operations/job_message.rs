//! What a message on a jobs queue says.

use lambda_http::http::HeaderMap;

use super::{
    record::{NewOperation, Tool},
    settings::Settings,
    wish::{Wish, ids},
};
use crate::{bad_request::BadRequest, caller::Owner, json::Object, timestamp::Timestamp};

/// A message on a jobs queue.
#[derive(Debug)]
pub(super) enum JobMessage {
    /// An operation that was written when its request was accepted: its id alone.
    Accepted {
        /// The id.
        operation_id: String,
    },
    /// A whole request, from whoever may write to the queue. Its operation is still to be written.
    Whole {
        /// That operation.
        new: Box<NewOperation>,
        /// What is wrong with the request, where that is known already: the operation ends with it, and whoever asks for it
        /// learns why.
        wrong: Option<BadRequest>,
    },
}

impl JobMessage {
    /// Reads a message.
    ///
    /// # Errors
    /// It is no JSON object, or names no operation: nobody could ever learn what became of it.
    pub(super) fn read(text: &str, tool: Tool, settings: &Settings, now: Timestamp) -> Result<Self, BadRequest> {
        let body = Object::parse(text)?;
        let (Some(operation_id), task_id) = ids(&body)? else {
            return Err(BadRequest::WrongForm { what: "field operation_id", form: "given" });
        };
        let Some(task_id) = task_id else { return Ok(Self::Accepted { operation_id }) };
        let (wish, wrong) = match Wish::read(&body, &HeaderMap::new(), &settings.trusted_hosts) {
            Ok(wish) => (wish, None),
            Err(wrong) => (Wish::named(operation_id, task_id), Some(wrong)),
        };
        let new = wish.operation(tool, Owner::from_body(&body), (text, &body), settings, now);
        Ok(Self::Whole { new: Box::new(new), wrong })
    }
}
