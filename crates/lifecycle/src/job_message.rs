//! What a message on a jobs queue says.

use lambda_http::http::HeaderMap;
use shared::{bad_request::BadRequest, caller::Owner, json::Object, timestamp::Timestamp};

use super::{
    record::{NewOperation, Tool},
    settings::Settings,
};
use crate::request_options::{RequestOptions, ids};

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
    pub(super) fn parse(text: &str, tool: Tool, settings: &Settings, now: Timestamp) -> Result<Self, BadRequest> {
        let body = Object::parse(text)?;
        let (Some(operation_id), task_id) = ids(&body)? else {
            return Err(BadRequest::WrongForm { what: "field operation_id", form: "given" });
        };
        let Some(task_id) = task_id else { return Ok(Self::Accepted { operation_id }) };
        let (options, wrong) = match RequestOptions::parse(&body, &HeaderMap::new(), &settings.trusted_hosts) {
            Ok(options) => (options, None),
            Err(wrong) => (RequestOptions::with_ids(operation_id, task_id), Some(wrong)),
        };
        let new = options.operation(tool, Owner::from_body(&body), (text, &body), settings, now);
        Ok(Self::Whole { new: Box::new(new), wrong })
    }
}
