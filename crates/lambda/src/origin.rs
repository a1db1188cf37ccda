//! `ALLOWED_ORIGIN`: the web origin that may read answers in a browser (CORS), or `*`.

use lambda_http::http::HeaderValue;
use shared::environment::{BadConfig, given};
use url::Url;

const ORIGIN: &str = "ALLOWED_ORIGIN";

/// `None` if the variable is absent or empty.
///
/// # Errors
/// It is not an origin as browsers send it.
pub(crate) fn from_environment(variable: impl Fn(&str) -> Option<String>) -> Result<Option<HeaderValue>, BadConfig> {
    given(variable, ORIGIN).map(|value| origin(&value)).transpose()
}

fn origin(value: &str) -> Result<HeaderValue, BadConfig> {
    let bad = BadConfig::new(ORIGIN, "must be * or an origin such as https://app.example.com");
    // An origin is its own serialisation: anything else would never equal what a browser compares it with.
    let is_origin = Url::parse(value).is_ok_and(|url| url.origin().ascii_serialization() == value);
    if value == "*" || is_origin { HeaderValue::from_str(value).map_err(|_| bad) } else { Err(bad) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_origin_that_no_browser_would_send_is_refused() {
        let of = |value: &str| from_environment(|name| (name == ORIGIN).then(|| value.to_owned()));
        for good in ["*", "https://app.example.com", "http://localhost:3000"] {
            assert_eq!(of(good).unwrap().unwrap(), good);
        }
        assert_eq!(of("").unwrap(), None);
        for wrong in ["app.example.com", "https://app.example.com/", "https://App.example.com", "a, b"] {
            assert_eq!(of(wrong).unwrap_err().variable, ORIGIN, "{wrong}");
        }
    }
}
