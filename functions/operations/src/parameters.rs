//! What a caller who watches an operation, or lists them, asks for.

use std::time::Duration;

use lambda::{function::Http, media::takes_only_a_stream, query::Query};
use lifecycle::{list::Listing, progress::Watch, record::Status};
use shared::bad_request::BadRequest;

/// In seconds.
const LONGEST_WAIT: u32 = 20;
const FEW: u32 = 20;
const LONGEST_PAGE: u32 = 100;

const STATUSES: [Status; 5] = [Status::Accepted, Status::Running, Status::Completed, Status::Failed, Status::Cancelled];

/// # Errors
/// The caller takes only a stream, or a parameter is wrong.
pub(crate) fn watch(http: Http<'_>) -> Result<Watch, BadRequest> {
    if takes_only_a_stream(http.headers) {
        return Err(BadRequest::NoStream);
    }
    let after = whole(http.query.get("after"), 0, u32::MAX).ok_or(BadRequest::WrongForm {
        what: "parameter after",
        form: "a whole number from 0 on: that of the last event that you have",
    })?;
    let wait = whole(http.query.get("wait"), 0, LONGEST_WAIT)
        .ok_or(BadRequest::WrongForm { what: "parameter wait", form: "a whole number of seconds from 0 to 20" })?;
    Ok(Watch { after, wait: Duration::from_secs(wait.into()) })
}

pub(crate) fn listing(query: &Query) -> Result<Listing, BadRequest> {
    let status = query.get("status").map(|name| {
        let known = STATUSES.into_iter().find(|status| status.name() == name);
        known.ok_or(BadRequest::WrongForm {
            what: "parameter status",
            form: "accepted, running, completed, failed or cancelled",
        })
    });
    let limit = whole(query.get("limit"), FEW, LONGEST_PAGE).filter(|limit| *limit > 0);
    let limit = limit.ok_or(BadRequest::WrongForm { what: "parameter limit", form: "a whole number from 1 to 100" })?;
    let after = query.get("cursor").map(|text| {
        text.parse().map_err(|_| BadRequest::WrongForm { what: "parameter cursor", form: "the next of another page" })
    });
    Ok(Listing { status: status.transpose()?, limit: limit as usize, after: after.transpose()? })
}

/// `default` if it is not given. `None` if it is not a whole number up to `most`.
fn whole(text: Option<&str>, default: u32, most: u32) -> Option<u32> {
    let Some(text) = text else { return Some(default) };
    // `parse` would take a plus.
    let digits = Some(text).filter(|text| text.bytes().all(|byte| byte.is_ascii_digit()));
    digits?.parse().ok().filter(|number| *number <= most)
}
