//! The headers `Prefer` (RFC 7240) and `Idempotency-Key` (draft-ietf-httpapi-idempotency-key-header).

use lambda::header_list::elements;
use lambda_http::http::{HeaderMap, HeaderName, header::AsHeaderName};
use shared::bad_request::BadRequest;

const PREFER: HeaderName = HeaderName::from_static("prefer");
const IDEMPOTENCY_KEY: HeaderName = HeaderName::from_static("idempotency-key");
const MAX_KEY: usize = 255;
const BAD_KEY: BadRequest = BadRequest::WrongForm {
    what: "header Idempotency-Key",
    form: "one string of 1 to 255 visible characters, in quotes if there is a comma in it",
};

/// Whether `Prefer` holds `respond-async`. Ignores other preferences.
#[must_use]
pub fn prefers_async(headers: &HeaderMap) -> bool {
    texts(headers, PREFER).flatten().flat_map(elements).any(|preference| {
        let name = preference.split([';', '=']).next().unwrap_or_default();
        name.trim().eq_ignore_ascii_case("respond-async")
    })
}

/// # Errors
/// There are several keys, or the key is not 1 to 255 visible characters.
pub fn idempotency_key(headers: &HeaderMap) -> Result<Option<String>, BadRequest> {
    let mut keys = texts(headers, IDEMPOTENCY_KEY);
    match (keys.next(), keys.next()) {
        (None, _) => Ok(None),
        (Some(key), None) => key.and_then(parse_key).map(Some).ok_or(BAD_KEY),
        (Some(_), Some(_)) => Err(BAD_KEY),
    }
}

/// The values of a header; `None` for one that is not ASCII text.
fn texts(headers: &HeaderMap, name: impl AsHeaderName) -> impl Iterator<Item = Option<&str>> {
    headers.get_all(name).iter().map(|value| value.to_str().ok())
}

/// Accepts the quoted string of Structured Fields (RFC 9651) and the bare text that most clients send.
fn parse_key(text: &str) -> Option<String> {
    let text = text.trim_matches([' ', '\t']);
    let key = match text.strip_prefix('"') {
        Some(rest) => unescape(rest.strip_suffix('"')?)?,
        // A gateway joins a header that was sent twice with a comma.
        None => Some(text).filter(|text| !text.contains(','))?.to_owned(),
    };
    let is_visible = !key.is_empty() && key.len() <= MAX_KEY && key.bytes().all(|byte| byte.is_ascii_graphic());
    is_visible.then_some(key)
}

/// The only escapes are `\"` and `\\`; an unescaped quote is an error.
fn unescape(text: &str) -> Option<String> {
    let mut characters = text.chars();
    let mut key = String::new();
    while let Some(character) = characters.next() {
        key.push(match character {
            '\\' => characters.next().filter(|escaped| matches!(escaped, '"' | '\\'))?,
            '"' => return None,
            other => other,
        });
    }
    Some(key)
}

#[cfg(test)]
mod tests {
    use lambda_http::http::HeaderValue;

    use super::*;

    fn with(name: HeaderName, values: &[&'static str]) -> HeaderMap {
        values.iter().map(|value| (name.clone(), HeaderValue::from_static(value))).collect()
    }

    #[test]
    fn respond_async_is_found_among_other_preferences() {
        for prefer in [
            &["respond-async"][..],
            &["Respond-Async, wait=10"],
            &["handling=lenient; x=\"a, b\", respond-async"],
            &["wait=10", "respond-async;p=1"],
            &["x=\"\\\"\", respond-async"],
        ] {
            assert!(prefers_async(&with(PREFER, prefer)), "{prefer:?}");
        }
        for prefer in [
            &["wait=10"][..],
            &[],
            &["x=\"respond-async, respond-async\""],
            &["x=\"\\\", respond-async, y\""],
            &["respond-asynchronously"],
        ] {
            assert!(!prefers_async(&with(PREFER, prefer)), "{prefer:?}");
        }
    }

    #[test]
    fn a_key_is_the_same_with_or_without_quotes() {
        for text in ["8e03978e-40d5", "\"8e03978e-40d5\"", " 8e03978e-40d5 "] {
            let key = idempotency_key(&with(IDEMPOTENCY_KEY, &[text]));
            assert_eq!(key, Ok(Some("8e03978e-40d5".to_owned())), "{text}");
        }
        assert_eq!(parse_key(r#""a,b""#).as_deref(), Some("a,b"));
        assert_eq!(parse_key(r#""a\"b\\c""#).as_deref(), Some(r#"a"b\c"#));
        assert_eq!(parse_key(&"k".repeat(255)).map(|key| key.len()), Some(255));
        assert_eq!(idempotency_key(&HeaderMap::new()), Ok(None));
    }

    #[test]
    fn a_key_that_two_callers_could_read_differently_is_refused() {
        for text in [
            "",
            " ",
            "\"\"",
            "\"a",
            "a b",
            "\"a b\"",
            "\"a\"b\"",
            "\"a\\n\"",
            "\"a\\\"",
            "\"a\";p=1",
            "a,a",
            "a, b",
            "\"a\",\"a\"",
        ] {
            assert_eq!(idempotency_key(&with(IDEMPOTENCY_KEY, &[text])), Err(BAD_KEY), "{text}");
        }
        assert_eq!(parse_key(&"k".repeat(256)), None);
        assert_eq!(parse_key("schlüssel"), None);
        assert_eq!(idempotency_key(&with(IDEMPOTENCY_KEY, &["a", "a"])), Err(BAD_KEY));
    }
}
