//! The CORS preflight, if no gateway answers it: a Function URL without a CORS configuration of its own passes it on.

use lambda_http::http::{
    HeaderMap, HeaderValue,
    header::{
        ACCESS_CONTROL_ALLOW_HEADERS, ACCESS_CONTROL_ALLOW_METHODS, ACCESS_CONTROL_MAX_AGE,
        ACCESS_CONTROL_REQUEST_METHOD,
    },
};
use shared::reply::Reply;

use crate::{
    route::{self, Route},
    trigger::HttpEvent,
};

/// As the template's gateway allows them.
const HEADERS: HeaderValue = HeaderValue::from_static(
    "content-type,x-api-key,authorization,accept,prefer,idempotency-key,last-event-id,if-match,if-none-match",
);
/// Two hours, Chromium's maximum.
const MAX_AGE: HeaderValue = HeaderValue::from_static("7200");

/// `None` if the request is not a preflight, or of a route that does not exist.
pub(crate) fn answer(routes: &'static [Route], event: &HttpEvent) -> Option<Reply> {
    let is_preflight = event.method == "OPTIONS" && event.headers.contains_key(ACCESS_CONTROL_REQUEST_METHOD);
    let route = route::locate(routes, &event.path).ok().filter(|_| is_preflight)?.route;
    let headers = HeaderMap::from_iter([
        (ACCESS_CONTROL_ALLOW_METHODS, HeaderValue::from_str(&route::methods(routes, route.name)).ok()?),
        (ACCESS_CONTROL_ALLOW_HEADERS, HEADERS),
        (ACCESS_CONTROL_MAX_AGE, MAX_AGE),
    ]);
    Some(Reply { headers, ..Reply::new(204, "preflight", String::new()) })
}
