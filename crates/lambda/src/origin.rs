//! `ALLOWED_ORIGIN`: the web origin that may read answers in a browser (CORS), or `*`.

use lambda_http::http::HeaderValue;
use shared::environment::{BadConfig, given};
use url::Url;

const ORIGIN: &str = "ALLOWED_ORIGIN";

/// `None` if the variable is absent or empty. Fails if the value is not an origin as browsers send it.
pub(crate) fn from_environment(variable: impl Fn(&str) -> Option<String>) -> Result<Option<HeaderValue>, BadConfig> {
    given(variable, ORIGIN).map(|value| origin(&value)).transpose()
}

fn origin(value: &str) -> Result<HeaderValue, BadConfig> {
    let bad = BadConfig::new(ORIGIN, "must be * or an origin such as https://app.example.com");
    // Browsers compare the serialised origin byte by byte, so that any other spelling never matches.
    let is_origin = Url::parse(value).is_ok_and(|url| url.origin().ascii_serialization() == value);
    if value == "*" || is_origin { HeaderValue::from_str(value).map_err(|_| bad) } else { Err(bad) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_origin_that_browsers_never_send_is_rejected() {
        let parse = |value: &str| from_environment(|name| (name == ORIGIN).then(|| value.to_owned()));
        for good in ["*", "https://app.example.com", "http://localhost:3000"] {
            assert_eq!(parse(good).unwrap().unwrap(), good);
        }
        assert_eq!(parse("").unwrap(), None);
        for wrong in ["app.example.com", "https://app.example.com/", "https://App.example.com", "a, b"] {
            assert_eq!(parse(wrong).unwrap_err().variable, ORIGIN, "{wrong}");
        }
    }
}
