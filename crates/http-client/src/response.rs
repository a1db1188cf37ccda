//! An HTTP answer: status, headers, a body of bounded size, `Retry-After`.

use std::{fmt, time::SystemTime};

use http_body_util::BodyExt;
use hyper::body::{Body as _, Incoming};
use reqwest::header::{HeaderMap, RETRY_AFTER};
use shared::json::Object;

use crate::fault::{Fault, Stage, fault};

/// Most bytes read of a body.
pub const MAX_ANSWER: usize = 5 * 1024 * 1024;
/// Longest error code, in bytes.
const MAX_CODE: usize = 64;

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
}

impl HttpResponse {
    /// 2xx.
    #[must_use]
    pub fn is_success(&self) -> bool {
        (200..300).contains(&self.status)
    }

    /// Seconds of `Retry-After`, given as a number or a date, clamped to 1..=3600.
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
            Self::TooLarge | Self::Unread => None,
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

/// Seconds of `Retry-After`, given as a number or a date; not clamped.
#[must_use]
pub fn seconds_to_wait(headers: &HeaderMap) -> Option<u64> {
    let value = headers.get(RETRY_AFTER)?.to_str().ok()?.trim();
    if !value.is_empty() && value.bytes().all(|byte| byte.is_ascii_digit()) {
        // More digits than fit are more than any limit.
        return Some(value.parse().unwrap_or(u64::MAX));
    }
    let date = httpdate::parse_http_date(value).ok()?;
    let ahead = date.duration_since(SystemTime::now()).unwrap_or_default();
    Some(ahead.as_secs() + u64::from(ahead.subsec_nanos() > 0))
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
            ("soon", None),
            ("-1", None),
            ("", None),
        ] {
            assert_eq!(given(value), seconds, "{value}");
        }
        let in_a_minute = httpdate::fmt_http_date(SystemTime::now() + Duration::from_secs(61));
        assert!(given(&in_a_minute).is_some_and(|seconds| (59..=62).contains(&seconds)));
        assert_eq!(given("Sun, 06 Nov 1994 08:49:37 GMT"), Some(1));
    }
}
