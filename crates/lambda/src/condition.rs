//! `If-Match` and `If-None-Match` (RFC 9110, section 13.1).

use lambda_http::http::{
    HeaderMap, HeaderName,
    header::{IF_MATCH, IF_NONE_MATCH},
};
use shared::bad_request::BadRequest;

use crate::header_list::elements;

/// Whether the caller has changed the version with this tag, or any.
///
/// # Errors
/// The caller does not say.
pub fn matches(headers: &HeaderMap, etag: &str) -> Result<bool, BadRequest> {
    if headers.contains_key(IF_MATCH) { Ok(names(headers, IF_MATCH, etag, false)) } else { Err(BadRequest::NoIfMatch) }
}

/// Whether the caller has this version already.
#[must_use]
pub fn is_known(headers: &HeaderMap, etag: &str) -> bool {
    names(headers, IF_NONE_MATCH, etag, true)
}

/// A gateway that compresses answers makes a tag weak, which is good enough to read by.
fn names(headers: &HeaderMap, name: HeaderName, etag: &str, may_be_weak: bool) -> bool {
    headers.get_all(name).iter().filter_map(|value| value.to_str().ok()).any(|list| lists(list, etag, may_be_weak))
}

/// Whether `If-Match`, as a text that came without HTTP, names the version with this tag, or any.
#[must_use]
pub fn is_met(if_match: &str, etag: &str) -> bool {
    lists(if_match, etag, false)
}

fn lists(list: &str, etag: &str, may_be_weak: bool) -> bool {
    elements(list).any(|given| {
        let weak = given.strip_prefix("W/").filter(|_| may_be_weak);
        given == "*" || weak.unwrap_or(given) == etag
    })
}

#[cfg(test)]
mod tests {
    use lambda_http::http::HeaderValue;

    use super::*;

    fn with(name: HeaderName, value: &'static str) -> HeaderMap {
        HeaderMap::from_iter([(name, HeaderValue::from_static(value))])
    }

    #[test]
    fn a_change_is_made_only_to_the_version_that_the_caller_names() {
        for (given, expected) in [
            ("\"2-b\"", true),
            ("\"1-a\", \"2-b\"", true),
            ("*", true),
            ("\"1-a\"", false),
            ("W/\"2-b\"", false),
            ("2-b", false),
        ] {
            assert_eq!(matches(&with(IF_MATCH, given), "\"2-b\""), Ok(expected), "{given}");
        }
        assert_eq!(matches(&HeaderMap::new(), "\"2-b\""), Err(BadRequest::NoIfMatch));
    }

    #[test]
    fn what_a_caller_has_is_not_sent_again() {
        for (given, expected) in [("\"2-b\"", true), ("W/\"2-b\"", true), ("*", true), ("\"1-a\"", false)] {
            assert_eq!(is_known(&with(IF_NONE_MATCH, given), "\"2-b\""), expected, "{given}");
        }
        assert!(!is_known(&HeaderMap::new(), "\"2-b\""));
    }
}
