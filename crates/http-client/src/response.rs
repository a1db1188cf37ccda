//! An HTTP answer: status, headers, a body of bounded size, `Retry-After`.

use std::{fmt, time::SystemTime};

use http_body_util::BodyExt;
use hyper::body::{Body as _, Incoming};
use reqwest::header::{HeaderMap, HeaderName, RETRY_AFTER};
use shared::json::Object;

use crate::{
    fault::{Fault, Stage, fault},
    stream::OpenBody,
};

/// Most bytes read of a body.
pub const MAX_ANSWER: usize = 5 * 1024 * 1024;
/// Longest error code, in bytes.
const MAX_CODE: usize = 64;
/// Milliseconds; language models' servers send it beside or instead of `Retry-After`.
const RETRY_AFTER_MS: HeaderName = HeaderName::from_static("retry-after-ms");

#[derive(Debug)]
pub struct HttpResponse {
    pub status: u16,
    pub headers: HeaderMap,
    pub body: Body,
}

/// `Debug` shows only the size, because the body may quote one of our keys.
pub enum Body {
    Whole(Vec<u8>),
    /// More than [`MAX_ANSWER`].
    TooLarge,
    /// The body of an error status that did not arrive: the status alone gives the class.
    Unread,
    /// Still arriving: the answer to a streamed request.
    Open(OpenBody),
}

impl HttpResponse {
    /// 2xx.
    #[must_use]
    pub fn is_success(&self) -> bool {
        (200..300).contains(&self.status)
    }

    /// Seconds of `retry-after-ms` or `Retry-After`, clamped to 1..=3600.
    #[must_use]
    pub fn retry_after(&self) -> Option<u32> {
        retry_after(&self.headers)
    }
}

impl Body {
    /// `None` if incomplete or not UTF-8.
    #[must_use]
    pub fn text(&self) -> Option<&str> {
        match self {
            Self::Whole(bytes) => std::str::from_utf8(bytes).ok(),
            Self::TooLarge | Self::Unread | Self::Open(_) => None,
        }
    }

    /// `None` if incomplete or not a JSON object.
    #[must_use]
    pub fn object(&self) -> Option<Object<'_>> {
        Object::parse(self.text()?).ok()
    }

    pub(super) async fn receive(mut incoming: Incoming) -> Result<Self, Fault> {
        let announced = incoming.size_hint().exact().unwrap_or(0);
        let Some(announced) = usize::try_from(announced).ok().filter(|length| *length <= MAX_ANSWER) else {
            return Ok(Self::TooLarge);
        };
        let mut body = Vec::with_capacity(announced);
        while let Some(frame) = incoming.frame().await {
            // Frames without data are trailers.
            let Ok(chunk) = frame.map_err(|error| fault(&error, Stage::Sent))?.into_data() else { continue };
            if body.len() + chunk.len() > MAX_ANSWER {
                return Ok(Self::TooLarge);
            }
            body.extend_from_slice(&chunk);
        }
        Ok(Self::Whole(body))
    }
}

impl fmt::Debug for Body {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Whole(bytes) => write!(formatter, "Whole({} bytes)", bytes.len()),
            Self::TooLarge => formatter.write_str("TooLarge"),
            Self::Unread => formatter.write_str("Unread"),
            Self::Open(_) => formatter.write_str("Open"),
        }
    }
}

/// `text` if it is an API's error code: at most 64 characters of `[A-Za-z0-9_.-]`. Any other text could quote the
/// request.
#[must_use]
pub fn code(text: &str) -> Option<&str> {
    let is_code = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'.' | b'-');
    (!text.is_empty() && text.len() <= MAX_CODE && text.bytes().all(is_code)).then_some(text)
}

fn retry_after(headers: &HeaderMap) -> Option<u32> {
    u32::try_from(seconds_to_wait(headers)?.clamp(1, 3600)).ok()
}

/// Seconds of `retry-after-ms` or `Retry-After`, given as a number, with a fraction or not, or as a date; rounded up, not
/// clamped.
#[must_use]
pub fn seconds_to_wait(headers: &HeaderMap) -> Option<u64> {
    let text = |name| headers.get(name)?.to_str().ok().map(str::trim);
    if let Some(milliseconds) = text(RETRY_AFTER_MS).and_then(decimal) {
        return Some(whole_seconds(milliseconds / 1000.0));
    }
    let value = text(RETRY_AFTER)?;
    if let Some(seconds) = decimal(value) {
        return Some(whole_seconds(seconds));
    }
    let date = httpdate::parse_http_date(value).ok()?;
    let ahead = date.duration_since(SystemTime::now()).unwrap_or_default();
    Some(ahead.as_secs() + u64::from(ahead.subsec_nanos() > 0))
}

/// Digits with at most one point.
fn decimal(text: &str) -> Option<f64> {
    let is_decimal = text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.');
    is_decimal.then(|| text.parse().ok()).flatten()
}

/// Rounds up; more seconds than fit are more than any limit.
#[must_use]
pub fn whole_seconds(seconds: f64) -> u64 {
    std::time::Duration::try_from_secs_f64(seconds.ceil()).map_or(u64::MAX, |wait| wait.as_secs())
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    fn given(value: &str) -> Option<u32> {
        retry_after(&HeaderMap::from_iter([(RETRY_AFTER, value.parse().unwrap())]))
    }

    #[test]
    fn retry_after_is_read_as_a_number_or_a_date_and_kept_within_an_hour() {
        for (value, seconds) in [
            ("7", Some(7)),
            ("0", Some(1)),
            ("99999999999999999999", Some(3600)),
            ("1.2", Some(2)),
            ("0.05", Some(1)),
            ("1.2.3", None),
            (".", None),
            ("soon", None),
            ("-1", None),
            ("", None),
        ] {
            assert_eq!(given(value), seconds, "{value}");
        }
        let both = [(RETRY_AFTER, "60".parse().unwrap()), (RETRY_AFTER_MS, "1500".parse().unwrap())];
        assert_eq!(retry_after(&HeaderMap::from_iter(both)), Some(2));
        let in_a_minute = httpdate::fmt_http_date(SystemTime::now() + Duration::from_secs(61));
        assert!(given(&in_a_minute).is_some_and(|seconds| (59..=62).contains(&seconds)));
        assert_eq!(given("Sun, 06 Nov 1994 08:49:37 GMT"), Some(1));
    }
}
