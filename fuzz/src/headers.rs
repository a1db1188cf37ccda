//! Any lines as headers, followed by an empty line and any body: the options of a request. CONTRACT 3 and 6.1.

use lambda_http::http::{HeaderMap, HeaderName, HeaderValue};
use lifecycle::{
    callback::TrustedHosts,
    headers::{idempotency_key, prefers_async},
    record::Tool,
    request_options::{Mode, RequestOptions, is_id},
    settings::Settings,
};
use shared::{
    invocation::Clock,
    json::{self, Object},
};

/// Accepted ids are a path segment, an accepted key can be sent again, and neither appears in a log.
pub fn check(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    let (head, body) = text.split_once("\n\n").unwrap_or((&text, "{}"));
    let headers = headers(head);
    let key = idempotency_key(&headers);
    if let Ok(Some(key)) = &key {
        assert!((1..=255).contains(&key.len()) && key.bytes().all(|byte| byte.is_ascii_graphic()), "{key:?}");
        let quoted = format!("\"{}\"", key.replace('\\', "\\\\").replace('"', "\\\""));
        let again = HeaderMap::from_iter([(HeaderName::from_static("idempotency-key"), quoted.parse().unwrap())]);
        assert_eq!(idempotency_key(&again).as_ref(), Ok(&Some(key.clone())), "{quoted}");
    }
    let names_it = headers.get_all("prefer").iter().any(|value| {
        let value = value.as_bytes().to_ascii_lowercase();
        value.windows(13).any(|part| part == b"respond-async")
    });
    assert!(names_it || !prefers_async(&headers));
    let Ok(raw) = json::parse(body) else { return };
    let Some(object) = Object::of(raw) else { return };
    let Ok(wish) = RequestOptions::parse(&object, &headers, &TrustedHosts::default()) else { return };
    assert_eq!(wish.prefers_async(), prefers_async(&headers));
    let shown = format!("{wish:?}");
    let (way, callback) = (wish.mode(), wish.callback_url().map(|url| url.as_str().to_owned()));
    let given = |field| object.string(field).map(std::borrow::Cow::into_owned);
    let (operation_id, task_id) = (given("operation_id"), given("task_id"));
    let both = operation_id.is_some() && task_id.is_some();
    assert_eq!(way == Mode::Async, prefers_async(&headers) || both);
    let new = wish.operation(Tool::PatchAgent, None, (body, &object), &Settings::default(), Clock::system().now());
    assert!(is_id(&new.operation_id) && is_id(&new.task_id), "{new:?}");
    assert!(operation_id.is_none_or(|id| id == new.operation_id) && task_id.is_none_or(|id| id == new.task_id));
    assert_eq!(key.as_ref().ok(), Some(&new.idempotency_key));
    assert_eq!((&new.request, &new.callback_url), (&body.to_owned(), &callback));
    // Short ones occur in any text.
    let secrets = [new.idempotency_key, callback];
    for secret in secrets.iter().flatten().filter(|secret| secret.len() > 24) {
        let is_an_id = new.operation_id.contains(secret) || new.task_id.contains(secret);
        assert!(is_an_id || !shown.contains(secret), "{shown}");
    }
}

fn headers(head: &str) -> HeaderMap {
    let lines = head.lines().filter_map(|line| {
        let (name, value) = line.split_once(':')?;
        Some((HeaderName::try_from(name).ok()?, HeaderValue::try_from(value.trim()).ok()?))
    });
    let mut headers = HeaderMap::new();
    for (name, value) in lines {
        headers.append(name, value);
    }
    headers
}
