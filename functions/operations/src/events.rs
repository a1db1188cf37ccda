//! What a caller who watches an operation asks for.

use std::time::Duration;

use lambda::{function::Http, media::takes_only_a_stream};
use lifecycle::progress::Watch;
use shared::bad_request::BadRequest;

/// In seconds.
const LONGEST_WAIT: u32 = 20;

/// # Errors
/// The caller takes only a stream, or a parameter is wrong.
pub(crate) fn asked(http: Http<'_>) -> Result<Watch, BadRequest> {
    if takes_only_a_stream(http.headers) {
        return Err(BadRequest::NoStream);
    }
    let after = whole(http.query.get("after"), u32::MAX).ok_or(BadRequest::WrongForm {
        what: "parameter after",
        form: "a whole number from 0 on: that of the last event that you have",
    })?;
    let wait = whole(http.query.get("wait"), LONGEST_WAIT)
        .ok_or(BadRequest::WrongForm { what: "parameter wait", form: "a whole number of seconds from 0 to 20" })?;
    Ok(Watch { after, wait: Duration::from_secs(wait.into()) })
}

/// 0 if it is not given. `None` if it is not a whole number up to `most`.
fn whole(text: Option<&str>, most: u32) -> Option<u32> {
    let Some(text) = text else { return Some(0) };
    // `parse` would take a plus.
    let digits = Some(text).filter(|text| text.bytes().all(|byte| byte.is_ascii_digit()));
    digits?.parse().ok().filter(|number| *number <= most)
}
