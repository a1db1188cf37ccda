//! How long an API asks to wait, in the many ways in which it is said. In seconds.

use std::time::{SystemTime, UNIX_EPOCH};

use http_client::response::whole_seconds;
use reqwest::header::HeaderMap;
use serde_json::Value;

/// Headers with the time until a limit has room again, each with the header that says how much is left of it.
const LIMITS: [(&str, &str); 5] = [
    ("x-ratelimit-reset-requests", "x-ratelimit-remaining-requests"),
    ("x-ratelimit-reset-tokens", "x-ratelimit-remaining-tokens"),
    ("x-ratelimit-reset", "x-ratelimit-remaining"),
    ("ratelimit-reset", "ratelimit-remaining"),
    ("x-ratelimit-reset-after", "x-ratelimit-remaining"),
];
/// Keys of a body that hold a wait.
const KEYS: [(&str, f64); 5] = [
    ("retryDelay", 1.0),
    ("retry_after", 1.0),
    ("retryAfter", 1.0),
    ("retry_after_ms", 0.001),
    ("retry_after_seconds", 1.0),
];
/// Words in front of a wait, in lower case.
const WORDS: [&str; 4] = ["try again in ", "retry in ", "retry after ", "retry your request after "];
/// Greater numbers are moments rather than spans: seconds, or milliseconds, since 1970.
const MOMENT: f64 = 1e9;
const MOMENT_IN_MILLISECONDS: f64 = 1e12;

/// The wait until the limits that are used up have room; if none is named as used up, the longest.
pub(super) fn of_limits(headers: &HeaderMap) -> Option<u32> {
    let text = |name: &str| headers.get(name)?.to_str().ok();
    let waits = |used_up: bool| {
        let limits = LIMITS.iter().filter(move |(_, left)| !used_up || text(left) == Some("0"));
        limits.filter_map(|(reset, _)| until(text(reset)?)).reduce(f64::max)
    };
    waits(true).or_else(|| waits(false)).map(|wait| u32::try_from(whole_seconds(wait).clamp(1, 3600)).unwrap_or(3600))
}

/// The wait in a refusal: at a key of its own at any place, or in its words (`said`, in lower case).
pub(super) fn of_body(error: &Value, said: &str) -> Option<f64> {
    keyed(error, 4).or_else(|| {
        WORDS.iter().find_map(|words| {
            let (_, after) = said.split_once(words)?;
            span(after.split_whitespace().next()?.trim_end_matches(['.', ',']))
        })
    })
}

fn keyed(value: &Value, depth: usize) -> Option<f64> {
    let inner = || match value {
        Value::Array(items) if depth > 0 => items.iter().find_map(|item| keyed(item, depth - 1)),
        Value::Object(entries) if depth > 0 => entries.values().find_map(|item| keyed(item, depth - 1)),
        _ => None,
    };
    let named = KEYS.iter().find_map(|(key, unit)| {
        let wait = value.get(key)?;
        Some(wait.as_f64().or_else(|| span(wait.as_str()?))? * unit)
    });
    named.or_else(inner)
}

/// A span such as `1m30s` or `20`, or the time until a moment.
fn until(text: &str) -> Option<f64> {
    let now = || SystemTime::now().duration_since(UNIX_EPOCH).map_or(0.0, |since| since.as_secs_f64());
    match span(text)? {
        moment if moment > MOMENT_IN_MILLISECONDS => Some((moment / 1000.0 - now()).max(0.0)),
        moment if moment > MOMENT => Some((moment - now()).max(0.0)),
        wait => Some(wait),
    }
}

/// `1h2m3.5s`, `250ms`, or a number of seconds.
fn span(text: &str) -> Option<f64> {
    let (mut rest, mut seconds) = (text.trim(), 0.0);
    if rest.is_empty() {
        return None;
    }
    while !rest.is_empty() {
        let end = rest.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(rest.len());
        let (number, after) = rest.split_at_checked(end)?;
        let number: f64 = number.parse().ok()?;
        let end = after.find(|c: char| c.is_ascii_digit()).unwrap_or(after.len());
        let (unit, after) = after.split_at_checked(end)?;
        seconds += number
            * match unit {
                "ms" => 0.001,
                "s" | "" | "sec" | "seconds" => 1.0,
                "m" | "min" | "minutes" => 60.0,
                "h" => 3600.0,
                "d" => 86_400.0,
                _ => return None,
            };
        rest = after;
    }
    Some(seconds)
}

#[cfg(test)]
mod tests {
    use reqwest::header::HeaderName;
    use serde_json::json;

    use super::*;

    fn headers(pairs: &[(&'static str, &str)]) -> HeaderMap {
        pairs.iter().map(|(name, value)| (HeaderName::from_static(name), value.parse().unwrap())).collect()
    }

    #[test]
    fn a_caller_waits_as_long_as_the_limit_that_is_used_up() {
        let resets = [("x-ratelimit-reset-requests", "1m30s"), ("x-ratelimit-reset-tokens", "250ms")];
        assert_eq!(of_limits(&headers(&resets)), Some(90));
        let tokens = [("x-ratelimit-remaining-tokens", "0"), ("x-ratelimit-remaining-requests", "7")];
        assert_eq!(of_limits(&headers(&[resets, tokens].concat())), Some(1));
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs();
        for moment in [format!("{}", now + 60), format!("{}000", now + 60)] {
            assert!((59..=61).contains(&of_limits(&headers(&[("x-ratelimit-reset", &moment)])).unwrap()), "{moment}");
        }
        for nonsense in ["soon", "", "5 parsecs", "2026-11-27T08:00:00Z"] {
            assert_eq!(of_limits(&headers(&[("x-ratelimit-reset-tokens", nonsense)])), None, "{nonsense}");
        }
    }

    #[test]
    fn a_wait_is_found_in_the_body() {
        for (error, wait) in [
            (json!({"details": [{"@type": "x"}, {"retryDelay": "36.5s"}]}), Some(36.5)),
            (json!({"retry_after": 12}), Some(12.0)),
            (json!({"metadata": {"retry_after_ms": 1500}}), Some(1.5)),
            (json!({"details": []}), None),
        ] {
            assert_eq!(of_body(&error, ""), wait, "{error}");
        }
        for (said, wait) in [
            ("rate limit reached. please try again in 20s. visit", Some(20.0)),
            ("please try again in 1m12.5s", Some(72.5)),
            ("retry after 3 seconds", Some(3.0)),
            ("try again in a moment", None),
        ] {
            assert_eq!(of_body(&json!({}), said), wait, "{said}");
        }
    }
}
