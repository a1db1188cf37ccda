//! Media types and codings: what a body is, and what the caller accepts.

use base64::{Engine, engine::general_purpose::STANDARD};
use lambda_http::http::{
    HeaderMap,
    header::{ACCEPT, CONTENT_ENCODING, CONTENT_TYPE},
};

use crate::header_list::elements;

pub(crate) const PROBLEM_JSON: &str = "application/problem+json";
const JSON: &str = "application/json";
/// Enough of a body to see what it is, in characters: whole groups of base64.
const PEEK: usize = 64;

/// A header that was sent twice counts if each of its values does.
pub(crate) fn is_json_or_untyped(headers: &HeaderMap) -> bool {
    headers.get_all(CONTENT_TYPE).iter().all(|value| value.to_str().is_ok_and(|list| elements(list).all(is_json)))
}

fn is_json(media_type: &str) -> bool {
    let essence = media_type.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    let subtype = essence.strip_prefix("application/");
    subtype.is_some_and(|subtype| subtype == "json" || (subtype.ends_with("+json") && subtype.len() > 5))
}

/// Whether the body is still compressed. A gateway that has decompressed it may leave the header.
pub(crate) fn is_compressed(headers: &HeaderMap, body: &str, is_base64: bool) -> bool {
    let is_named = headers.get_all(CONTENT_ENCODING).iter().any(|value| {
        value.to_str().map_or(true, |list| elements(list).any(|coding| !coding.eq_ignore_ascii_case("identity")))
    });
    is_named && !begins_as_json(body, is_base64)
}

/// Whether the body begins as an object does. Also true for one that is empty, or not base64: other checks say so.
fn begins_as_json(body: &str, is_base64: bool) -> bool {
    let decoded;
    let start = if is_base64 {
        decoded = STANDARD.decode(body.get(..PEEK).unwrap_or(body)).unwrap_or_default();
        &decoded
    } else {
        body.as_bytes()
    };
    let start = start.strip_prefix("\u{FEFF}".as_bytes()).unwrap_or(start).trim_ascii_start();
    start.first().is_none_or(|byte| *byte == b'{')
}

/// Whether the caller takes a stream of events and no JSON.
#[must_use]
pub fn takes_only_a_stream(headers: &HeaderMap) -> bool {
    let [stream, json] = weights(headers, ["text/event-stream", JSON]);
    stream.precision == EXACT && stream.quality > 0.0 && json.quality == 0.0
}

/// Whether the caller prefers a stream of events to JSON: names it, and does not want JSON as much by its name.
#[must_use]
pub fn prefers_a_stream(headers: &HeaderMap) -> bool {
    let [stream, json] = weights(headers, ["text/event-stream", JSON]);
    let is_named = stream.precision == EXACT && stream.quality > 0.0;
    is_named && (stream.quality > json.quality || (stream.quality == json.quality && json.precision < EXACT))
}

/// Whether errors are sent as problem details (RFC 9457): the caller prefers them to JSON, or names them and likes both
/// the same. Weights are those of RFC 9110, section 12.5.1.
pub(crate) fn wants_problem(headers: &HeaderMap) -> bool {
    let [problem, json] = weights(headers, [PROBLEM_JSON, JSON]);
    let is_named = problem.precision == EXACT;
    problem.quality > 0.0 && (problem.quality > json.quality || (is_named && problem.quality >= json.quality))
}

/// How much the caller wants each of two media types.
fn weights(headers: &HeaderMap, media_types: [&str; 2]) -> [Weight; 2] {
    let mut weights = media_types.map(|_| Weight::default());
    let lists = headers.get_all(ACCEPT).iter().filter_map(|value| value.to_str().ok());
    for range in lists.flat_map(elements) {
        let mut parts = range.split(';').map(str::trim);
        let name = parts.next().unwrap_or_default();
        let quality = parts.find_map(quality).unwrap_or(1.0);
        for (weight, media_type) in weights.iter_mut().zip(media_types) {
            weight.note(name, quality, media_type);
        }
    }
    weights
}

/// `q` of a media range; anything but a number from 0 to 1 is ignored.
pub(crate) fn quality(parameter: &str) -> Option<f32> {
    let (name, value) = parameter.split_once('=')?;
    let value = value.trim().parse().ok().filter(|quality| (0.0..=1.0).contains(quality));
    value.filter(|_| name.trim().eq_ignore_ascii_case("q"))
}

/// The precision of a range that names the media type.
const EXACT: u8 = 3;

/// How much a caller wants a media type. The most precise range counts; of equal ones, the highest weight.
#[derive(Default)]
struct Weight {
    /// 0 if no range matches.
    precision: u8,
    quality: f32,
}

impl Weight {
    fn note(&mut self, range: &str, quality: f32, media_type: &str) {
        let precision = match range {
            "*/*" => 1,
            range if range.eq_ignore_ascii_case("application/*") => 2,
            range if range.eq_ignore_ascii_case(media_type) => EXACT,
            _ => return,
        };
        if precision > self.precision || (precision == self.precision && quality > self.quality) {
            *self = Self { precision, quality };
        }
    }
}

#[cfg(test)]
mod tests {
    use lambda_http::http::{HeaderName, HeaderValue};

    use super::*;

    fn with(name: HeaderName, value: &str) -> HeaderMap {
        HeaderMap::from_iter([(name, HeaderValue::from_str(value).unwrap())])
    }

    #[test]
    fn only_json_media_types_are_accepted() {
        for json in [
            "application/json",
            "Application/JSON; charset=utf-8",
            "application/vnd.api+json",
            "",
            "application/json,application/json",
            "application/json; x=\",\", application/json",
        ] {
            assert!(is_json_or_untyped(&with(CONTENT_TYPE, json)), "{json}");
        }
        assert!(is_json_or_untyped(&HeaderMap::new()));
        for other in [
            "text/plain",
            "application/xml",
            "application/+json",
            "application/jsonp",
            "text/json",
            "json",
            "application/json, text/plain",
            "äpplication/json",
        ] {
            assert!(!is_json_or_untyped(&with(CONTENT_TYPE, other)), "{other}");
        }
    }

    #[test]
    fn a_caller_that_prefers_problem_details_gets_them_and_any_other_gets_json() {
        for accept in [
            "application/problem+json",
            "application/json, Application/Problem+JSON",
            "application/problem+json;q=0.5, */*;q=0.1",
            "application/problem+json, */*",
            "application/json;q=0.4, application/problem+json ; q=0.5",
            "application/json;q=0, application/*",
            "application/problem+json;q=0.1, application/problem+json",
            "application/problem+json;q=high",
            "application/problem+json;q=NaN",
        ] {
            assert!(wants_problem(&with(ACCEPT, accept)), "{accept}");
        }
        for accept in [
            "",
            "*/*",
            "application/*",
            "application/json",
            "application/problem+xml",
            "application/problem+json;q=0",
            "application/problem+json;charset=utf-8;Q=0.000",
            "application/json, application/problem+json;q=0.1",
            "application/problem+json;q=0.5, */*",
            "application/problem+json;q=0, */*;q=0.1",
            "text/html;x=\", application/problem+json\"",
        ] {
            assert!(!wants_problem(&with(ACCEPT, accept)), "{accept}");
        }
    }

    #[test]
    fn a_body_that_is_still_compressed_is_told_from_one_that_a_gateway_has_decompressed() {
        let gzip = STANDARD.encode([0x1f, 0x8b, 8, 0]);
        let plain = STANDARD.encode(format!("\u{FEFF} {{\"x\": \"{}\"}}", "x".repeat(100)));
        for coding in ["gzip", "BR", "deflate", "identity, gzip", "x", "ä"] {
            let headers = with(CONTENT_ENCODING, coding);
            assert!(
                is_compressed(&headers, &gzip, true) && is_compressed(&headers, "\u{1f}\u{fffd}", false),
                "{coding}"
            );
            assert!(!is_compressed(&headers, &plain, true) && !is_compressed(&headers, " {}", false), "{coding}");
        }
        for coding in ["identity", "Identity, identity", ""] {
            assert!(!is_compressed(&with(CONTENT_ENCODING, coding), &gzip, true), "{coding}");
        }
        assert!(!is_compressed(&HeaderMap::new(), &gzip, true));
    }

    #[test]
    fn only_a_client_that_takes_nothing_but_a_stream_is_refused() {
        for accept in ["text/event-stream", "Text/Event-Stream; q=0.5, text/html", "text/event-stream, */*;q=0"] {
            assert!(takes_only_a_stream(&with(ACCEPT, accept)), "{accept}");
        }
        for accept in ["", "*/*", "text/html", "text/event-stream, application/json", "text/event-stream;q=0"] {
            assert!(!takes_only_a_stream(&with(ACCEPT, accept)), "{accept}");
        }
    }
    #[test]
    fn a_client_that_names_a_stream_gets_one_unless_it_names_json_too() {
        for accept in ["text/event-stream", "text/event-stream, */*", "application/json;q=0.5, text/event-stream"] {
            assert!(prefers_a_stream(&with(ACCEPT, accept)), "{accept}");
        }
        for accept in ["", "*/*", "text/*", "application/json, text/event-stream", "text/event-stream;q=0.5, */*"] {
            assert!(!prefers_a_stream(&with(ACCEPT, accept)), "{accept}");
        }
    }
}
