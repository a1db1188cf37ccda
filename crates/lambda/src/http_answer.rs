//! Validates requests over HTTP and writes their answers in the gateway's format.

use std::borrow::Cow;

use base64::{Engine, engine::general_purpose::STANDARD};
use lambda_http::{
    Body,
    aws_lambda_events::apigw::{ApiGatewayProxyResponse, ApiGatewayV2httpResponse},
    http::{
        HeaderMap, HeaderName, HeaderValue,
        header::{
            ACCEPT, ACCESS_CONTROL_ALLOW_ORIGIN, ACCESS_CONTROL_EXPOSE_HEADERS, ALLOW, CACHE_CONTROL, CONTENT_TYPE,
            RETRY_AFTER, X_CONTENT_TYPE_OPTIONS,
        },
    },
};
use shared::{bad_request::BadRequest, error_answer::ErrorAnswer, reply::Reply};

use crate::{
    function::RequestFunction,
    response::Response,
    route::{self, Found, Route},
    trigger::{Gateway, HttpEvent},
};

const JSON: HeaderValue = HeaderValue::from_static("application/json");
const PROBLEM_JSON: &str = "application/problem+json";
const NO_STORE: HeaderValue = HeaderValue::from_static("no-store, no-cache, must-revalidate, private");
const NO_SNIFF: HeaderValue = HeaderValue::from_static("nosniff");
const EXPOSED: HeaderValue =
    HeaderValue::from_static("Allow, Retry-After, X-Request-Id, Location, Preference-Applied, Idempotent-Replayed");
const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");
/// Marks an answer replayed from an earlier request.
pub const REPLAYED: (HeaderName, HeaderValue) =
    (HeaderName::from_static("idempotent-replayed"), HeaderValue::from_static("true"));

/// Finds the route and takes the body out of `event`. Checks in the order of CONTRACT 1: 404, 405, 415, 413, 400.
pub(crate) fn open<F: RequestFunction>(event: &mut HttpEvent) -> Result<Opened, BadRequest> {
    let Found { route, parameter } = route::find(F::ROUTES, &event.method, &event.path)?;
    let parameter = parameter.map(Cow::into_owned);
    let body = if route.method == "GET" { String::new() } else { body::<F>(event)? };
    Ok(Opened { route, parameter, body })
}

pub(crate) struct Opened {
    pub(crate) route: Route,
    /// The value of the route's `{…}` segment.
    pub(crate) parameter: Option<String>,
    /// Decoded. Empty for GET.
    pub(crate) body: String,
}

fn body<F: RequestFunction>(event: &mut HttpEvent) -> Result<String, BadRequest> {
    if !is_json_or_untyped(&event.headers) {
        return Err(BadRequest::UnsupportedMediaType);
    }
    let body = std::mem::take(&mut event.body);
    let limit = F::MAX_BODY;
    if !event.is_base64_encoded {
        return if body.len() > limit { Err(BadRequest::BodyTooLarge { limit }) } else { Ok(body) };
    }
    // Four characters of base64 are three bytes: rejects a body that is surely too large without decoding it.
    if body.len() / 4 * 3 > limit + 3 {
        return Err(BadRequest::BodyTooLarge { limit });
    }
    let bytes = STANDARD.decode(body).map_err(|_| BadRequest::NotBase64)?;
    if bytes.len() > limit {
        return Err(BadRequest::BodyTooLarge { limit });
    }
    String::from_utf8(bytes).map_err(|_| BadRequest::NotUtf8)
}

fn is_json_or_untyped(headers: &HeaderMap) -> bool {
    headers.get_all(CONTENT_TYPE).iter().all(|value| {
        let essence =
            value.to_str().unwrap_or_default().split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
        let subtype = essence.strip_prefix("application/");
        value.is_empty()
            || subtype.is_some_and(|subtype| subtype == "json" || (subtype.ends_with("+json") && subtype.len() > 5))
    })
}

/// Whether the caller accepts errors as problem details (RFC 9457).
pub(crate) fn wants_problem(headers: &HeaderMap) -> bool {
    headers.get_all(ACCEPT).iter().filter_map(|value| value.to_str().ok()).flat_map(|value| value.split(',')).any(
        |range| {
            let mut parts = range.split(';').map(str::trim);
            let is_problem = parts.next().is_some_and(|range| range.eq_ignore_ascii_case(PROBLEM_JSON));
            let is_refused = parts.any(|parameter| {
                let quality = parameter.strip_prefix("q=").or(parameter.strip_prefix("Q="));
                quality.and_then(|quality| quality.trim().parse::<f32>().ok()).is_some_and(|quality| quality <= 0.0)
            });
            is_problem && !is_refused
        },
    )
}

/// Everything an answer needs besides status and body.
pub(crate) struct Envelope<'a> {
    pub(crate) gateway: Gateway,
    pub(crate) request_id: &'a str,
    /// For CORS.
    pub(crate) allowed_origin: Option<&'a HeaderValue>,
}

impl Envelope<'_> {
    pub(crate) fn reply(&self, reply: Reply) -> Response {
        let mut headers = self.headers();
        headers.extend(reply.headers);
        self.respond(reply.status, headers, reply.body)
    }

    pub(crate) fn error(&self, error: &ErrorAnswer, as_problem: bool) -> Result<Response, serde_json::Error> {
        let mut headers = self.headers();
        if let Some(seconds) = error.retry_after {
            headers.insert(RETRY_AFTER, HeaderValue::from(seconds));
        }
        if let Some(allow) = error.allow {
            headers.insert(ALLOW, HeaderValue::from_static(allow));
        }
        if error.is_replayed() {
            headers.extend([REPLAYED]);
        }
        if as_problem {
            headers.insert(CONTENT_TYPE, HeaderValue::from_static(PROBLEM_JSON));
        }
        let body = if as_problem { error.problem() } else { error.json() }?;
        Ok(self.respond(error.status, headers, body))
    }

    /// The headers of every answer: CONTRACT 5.4.
    fn headers(&self) -> HeaderMap {
        let mut headers = HeaderMap::with_capacity(8);
        headers.insert(CONTENT_TYPE, JSON);
        headers.insert(CACHE_CONTROL, NO_STORE);
        headers.insert(X_CONTENT_TYPE_OPTIONS, NO_SNIFF);
        if let Ok(request_id) = HeaderValue::from_str(self.request_id) {
            headers.insert(REQUEST_ID, request_id);
        }
        // With a proxy integration the gateway sets the CORS headers of the preflight only.
        if let Some(origin) = self.allowed_origin {
            headers.insert(ACCESS_CONTROL_ALLOW_ORIGIN, origin.clone());
            headers.insert(ACCESS_CONTROL_EXPOSE_HEADERS, EXPOSED);
        }
        headers
    }

    fn respond(&self, status: u16, headers: HeaderMap, body: String) -> Response {
        match self.gateway {
            Gateway::Rest => {
                let mut response = ApiGatewayProxyResponse::default();
                response.status_code = status.into();
                response.headers = headers;
                response.body = Some(Body::Text(body));
                Response::Rest(response)
            }
            Gateway::Http => {
                let mut response = ApiGatewayV2httpResponse::default();
                response.status_code = status.into();
                response.headers = headers;
                response.body = Some(Body::Text(body));
                Response::Http(response)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with(name: HeaderName, value: &'static str) -> HeaderMap {
        HeaderMap::from_iter([(name, HeaderValue::from_static(value))])
    }

    #[test]
    fn only_json_media_types_are_accepted() {
        for json in ["application/json", "Application/JSON; charset=utf-8", "application/vnd.api+json", ""] {
            assert!(is_json_or_untyped(&with(CONTENT_TYPE, json)), "{json}");
        }
        assert!(is_json_or_untyped(&HeaderMap::new()));
        for other in ["text/plain", "application/xml", "application/+json", "application/jsonp", "text/json", "json"] {
            assert!(!is_json_or_untyped(&with(CONTENT_TYPE, other)), "{other}");
        }
    }

    #[test]
    fn problem_details_are_sent_only_on_request() {
        for accept in ["application/problem+json", "application/json, Application/Problem+JSON;q=0.5"] {
            assert!(wants_problem(&with(ACCEPT, accept)), "{accept}");
        }
        for accept in ["*/*", "application/json", "application/problem+json;q=0", "application/problem+xml"] {
            assert!(!wants_problem(&with(ACCEPT, accept)), "{accept}");
        }
    }
}
