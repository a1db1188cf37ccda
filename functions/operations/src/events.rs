//! What a caller who watches an operation asks for.

use std::time::Duration;

use lambda::{function::Http, header_list::elements};
use lambda_http::http::{HeaderMap, header::ACCEPT};
use lifecycle::progress::Watch;
use shared::bad_request::BadRequest;

const STREAM: &str = "text/event-stream";
/// What any of these accepts can be sent.
const JSON: [&str; 3] = ["application/json", "application/*", "*/*"];
/// In seconds.
const LONGEST_WAIT: u32 = 20;

/// # Errors
/// The caller takes only a stream, or a parameter is wrong.
pub(crate) fn asked(http: Http<'_>) -> Result<Watch, BadRequest> {
    if wants_stream(http.headers) {
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

/// Whether the caller takes a stream and no JSON. `q=0` refuses a type.
fn wants_stream(headers: &HeaderMap) -> bool {
    let lists = headers.get_all(ACCEPT).iter().filter_map(|value| value.to_str().ok());
    let (mut takes_stream, mut takes_json) = (false, false);
    for range in lists.flat_map(elements) {
        let mut parts = range.split(';').map(str::trim);
        let name = parts.next().unwrap_or_default().to_ascii_lowercase();
        let is_refused = parts.any(|part| {
            let weight = part.split_once('=').filter(|(name, _)| name.trim().eq_ignore_ascii_case("q"));
            weight.is_some_and(|(_, weight)| weight.trim().parse() == Ok(0.0_f32))
        });
        takes_stream |= !is_refused && name == STREAM;
        takes_json |= !is_refused && JSON.contains(&name.as_str());
    }
    takes_stream && !takes_json
}

#[cfg(test)]
mod tests {
    use lambda_http::http::HeaderValue;

    use super::*;

    #[test]
    fn only_a_client_that_takes_nothing_but_a_stream_is_refused() {
        let wants =
            |accept: &'static str| wants_stream(&HeaderMap::from_iter([(ACCEPT, HeaderValue::from_static(accept))]));
        for accept in ["text/event-stream", "Text/Event-Stream; q=0.5, text/html", "text/event-stream, */*;q=0"] {
            assert!(wants(accept), "{accept}");
        }
        for accept in ["", "*/*", "text/html", "text/event-stream, application/json", "text/event-stream;q=0"] {
            assert!(!wants(accept), "{accept}");
        }
    }
}
