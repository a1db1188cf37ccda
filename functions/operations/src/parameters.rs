//! What a caller who watches an operation, or lists them, asks for.

use lambda::{
    function::Http,
    media::takes_only_a_stream,
    query::{Query, whole},
};
use lifecycle::{list::Listing, progress::Watch, record::Status};
use shared::bad_request::BadRequest;

const FEW: u32 = 20;
const LONGEST_PAGE: u32 = 100;

const STATUSES: [Status; 5] = [Status::Accepted, Status::Running, Status::Completed, Status::Failed, Status::Cancelled];

/// # Errors
/// The caller asks for a stream, or a parameter is wrong.
pub(crate) fn watch(http: Http<'_>) -> Result<Watch, BadRequest> {
    if takes_only_a_stream(http.headers) || http.query.get("format").is_some() {
        return Err(BadRequest::NoStream);
    }
    Watch::asked(http)
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
