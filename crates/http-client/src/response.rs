//! The answer of an exchange, as it came.

use std::{fmt, time::SystemTime};

use reqwest::{
    Response,
    header::{HeaderMap, RETRY_AFTER},
};
use shared::json::Object;

use crate::fault::{Fault, fault};

/// A larger answer is not read to its end.
pub const MAX_ANSWER: usize = 5 * 1024 * 1024;
/// The longest code of an error.
const MAX_CODE: usize = 64;

/// An HTTP answer.
#[derive(Debug)]
pub struct HttpResponse {
    /// Its status.
    pub status: u16,
    /// Its headers.
    pub headers: HeaderMap,
    /// Its body.
    pub body: Body,
}

/// The body of an answer. Its `Debug` tells its size alone: a key of ours may be in it.
pub enum Body {
    /// All of it.
    Whole(Vec<u8>),
    /// More than [`MAX_ANSWER`].
    TooLarge,
    /// That of an error status, whose class is known without it.
    Unread,
}

impl HttpResponse {
    /// Whether its status is a 2xx.
    #[must_use]
    pub fn is_success(&self) -> bool {
        (200..300).contains(&self.status)
    }

    /// The seconds that `Retry-After` asks for, as a number or a date, clamped to 1..=3600.
    #[must_use]
    pub fn retry_after(&self) -> Option<u32> {
        retry_after(&self.headers)
    }
}

impl Body {
    /// The text that it is.
    #[must_use]
    pub fn text(&self) -> Option<&str> {
        match self {
            Self::Whole(bytes) => std::str::from_utf8(bytes).ok(),
            Self::TooLarge | Self::Unread => None,
        }
    }

    /// The JSON object that it is.
    #[must_use]
    pub fn object(&self) -> Option<Object<'_>> {
        Object::parse(self.text()?).ok()
    }

    pub(super) async fn read(response: &mut Response) -> Result<Self, Fault> {
        let announced = response.content_length().unwrap_or(0);
        let Some(announced) = usize::try_from(announced).ok().filter(|length| *length <= MAX_ANSWER) else {
            return Ok(Self::TooLarge);
        };
        let mut body = Vec::with_capacity(announced);
        while let Some(chunk) = response.chunk().await.map_err(|error| fault(&error, true))? {
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

/// `text`, where it is what an API calls an error for machines: at most 64 characters of `[A-Za-z0-9_.-]`. Anything else
/// could quote what was asked.
#[must_use]
pub fn code(text: &str) -> Option<&str> {
    let is_code = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'.' | b'-');
    (!text.is_empty() && text.len() <= MAX_CODE && text.bytes().all(is_code)).then_some(text)
}

fn retry_after(headers: &HeaderMap) -> Option<u32> {
    u32::try_from(seconds_to_wait(headers)?.clamp(1, 3600)).ok()
}

/// The seconds that `Retry-After` asks for, as a number or a date.
#[must_use]
pub fn seconds_to_wait(headers: &HeaderMap) -> Option<u64> {
    let value = headers.get(RETRY_AFTER)?.to_str().ok()?.trim();
    if !value.is_empty() && value.bytes().all(|byte| byte.is_ascii_digit()) {
        // More digits than the type holds ask for more than the most.
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
    fn a_services_wish_to_be_left_alone_is_understood_and_kept_within_an_hour() {
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
