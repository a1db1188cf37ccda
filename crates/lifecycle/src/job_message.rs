//! Messages on a jobs queue.

use lambda_http::http::HeaderMap;
use shared::{bad_request::BadRequest, caller::Owner, json::Object, timestamp::Timestamp};

use crate::{
    record::{NewOperation, Tool},
    request_options::{RequestOptions, parse_ids},
    settings::Settings,
};

#[derive(Debug)]
pub(crate) enum JobMessage {
    /// Only an id: the operation was written when its request was accepted.
    Accepted { operation_id: String },
    /// A whole request, sent by another service: the worker has to write its operation.
    Whole {
        new: Box<NewOperation>,
        /// Why the options are invalid. The operation is written all the same and ends with this error, so that it
        /// can be read.
        invalid: Option<BadRequest>,
    },
}

impl JobMessage {
    /// # Errors
    /// It is not a JSON object or has no `operation_id`, so nobody could read what became of it.
    pub(crate) fn parse(text: &str, tool: Tool, settings: &Settings, now: Timestamp) -> Result<Self, BadRequest> {
        let body = Object::parse(text)?;
        let (Some(operation_id), task_id) = parse_ids(&body)? else {
            return Err(BadRequest::WrongForm { what: "field operation_id", form: "given" });
        };
        let Some(task_id) = task_id else { return Ok(Self::Accepted { operation_id }) };
        let options = RequestOptions::parse(&body, &HeaderMap::new(), &settings.trusted_hosts);
        let (options, owner, invalid) = match (options, Owner::from_body(&body)) {
            (Ok(options), Ok(owner)) => (options, owner, None),
            (Ok(options), Err(invalid)) => (options, None, Some(invalid)),
            (Err(invalid), owner) => {
                (RequestOptions::with_ids(operation_id, task_id), owner.unwrap_or_default(), Some(invalid))
            }
        };
        let new = options.operation(tool, owner, (text, &body), settings, now);
        Ok(Self::Whole { new: Box::new(new), invalid })
    }
}
