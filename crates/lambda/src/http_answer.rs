//! Validates requests over HTTP and writes their answers in the gateway's format.

use std::borrow::Cow;

use base64::{Engine, engine::general_purpose::STANDARD};
use lambda_http::{
    Body,
    aws_lambda_events::apigw::{ApiGatewayProxyResponse, ApiGatewayV2httpResponse},
    http::{
        HeaderMap, HeaderName, HeaderValue,
        header::{
            ACCESS_CONTROL_ALLOW_ORIGIN, ACCESS_CONTROL_EXPOSE_HEADERS, ALLOW, CACHE_CONTROL, CONTENT_TYPE, ETAG,
            RETRY_AFTER, X_CONTENT_TYPE_OPTIONS,
        },
    },
};
use shared::{bad_request::BadRequest, error_answer::ErrorAnswer, reply::Reply};

use crate::{
    call::Call,
    function::RequestFunction,
    media::{self, PROBLEM_JSON},
    response::Response,
    route::{self, Found, Route},
    stream::{Content, Streamed},
    trigger::{Gateway, HttpEvent},
};

const JSON: HeaderValue = HeaderValue::from_static("application/json");
const NO_STORE: HeaderValue = HeaderValue::from_static("no-store, no-cache, must-revalidate, private");
const NO_SNIFF: HeaderValue = HeaderValue::from_static("nosniff");
const EXPOSED: HeaderValue = HeaderValue::from_static(
    "Allow, ETag, Retry-After, X-Request-Id, Location, Preference-Applied, Idempotent-Replayed",
);
const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");
/// Marks an answer replayed from an earlier request.
pub const REPLAYED: (HeaderName, HeaderValue) =
    (HeaderName::from_static("idempotent-replayed"), HeaderValue::from_static("true"));

/// Finds the route and takes the body out of `event`. Checks in the order of CONTRACT 1: 404, 405, 415, 413, 400.
pub(crate) fn open<F: RequestFunction>(event: &mut HttpEvent) -> Result<Opened, BadRequest> {
    let Found { route, parameters } = route::find(F::ROUTES, &event.method, &event.path)?;
    let parameters = parameters.into_iter().map(Cow::into_owned).collect();
    let body = if route.method == "GET" { String::new() } else { body::<F>(event)? };
    Ok(Opened { route, parameters, body })
}

pub(crate) struct Opened {
    pub(crate) route: Route,
    /// The values of the route's `{…}` segments.
    pub(crate) parameters: Vec<String>,
    /// Decoded. Empty for GET.
    pub(crate) body: String,
}

fn body<F: RequestFunction>(event: &mut HttpEvent) -> Result<String, BadRequest> {
    if !media::is_json_or_untyped(&event.headers) {
        return Err(BadRequest::UnsupportedMediaType);
    }
    if media::is_compressed(&event.headers, &event.body, event.is_base64_encoded) {
        return Err(BadRequest::EncodedBody);
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

/// Everything an answer needs besides status and body.
pub(crate) struct Envelope<'a> {
    form: Form,
    /// `HEAD`: the answer has no body.
    is_head: bool,
    request_id: &'a str,
    /// For CORS.
    allowed_origin: Option<&'a HeaderValue>,
}

/// How the gateway takes an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Form {
    Whole(Gateway),
    /// Any gateway that streams.
    InPieces,
}

impl<'a> Envelope<'a> {
    pub(crate) fn new(form: Form, event: &HttpEvent, call: &Call<'a>, allowed_origin: Option<&'a HeaderValue>) -> Self {
        let (is_head, request_id) = (event.method == "HEAD", call.invocation.request_id);
        Self { form, is_head, request_id, allowed_origin }
    }

    /// An answer whose body is written while it is sent.
    pub(crate) fn stream(&self, headers: HeaderMap, body: Content) -> Response {
        let mut all = self.headers();
        all.extend(headers);
        Response::Stream(Streamed::new(200, all, body))
    }

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
        for (name, text) in [(ALLOW, &error.allow), (ETAG, &error.etag)] {
            if let Some(value) = text.as_ref().and_then(|text| HeaderValue::from_str(text).ok()) {
                headers.insert(name, value);
            }
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
        let body = if self.is_head { String::new() } else { body };
        match self.form {
            Form::InPieces => Response::Stream(Streamed::new(status, headers, Content::Whole(body.into()))),
            Form::Whole(Gateway::Rest) => {
                let mut response = ApiGatewayProxyResponse::default();
                response.status_code = status.into();
                response.headers = headers;
                response.body = Some(Body::Text(body));
                Response::Rest(response)
            }
            Form::Whole(Gateway::Http) => {
                let mut response = ApiGatewayV2httpResponse::default();
                response.status_code = status.into();
                response.headers = headers;
                response.body = Some(Body::Text(body));
                Response::Http(response)
            }
        }
    }
}
