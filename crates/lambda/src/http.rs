//! Serves requests over HTTP.

use lambda_http::http::HeaderValue;
use lambda_runtime::Diagnostic;
use shared::{bad_request::BadRequest, refusal::Refusal, reply::Reply, request_log::RequestLog};

use crate::{
    call::Call,
    function::{Http, Request, RequestFunction, error_answer, serve_safely},
    http_answer::{self, Envelope, Form, Opened},
    media, preflight,
    response::{Response, too_large, unwritable},
    route,
    trigger::{HttpEvent, MAX_HEADERS},
};

/// Answers in the gateway's format, errors included. Fails only if an error answer cannot be serialised.
pub(crate) async fn serve<F: RequestFunction>(
    function: &F,
    mut event: HttpEvent,
    call: &Call<'_>,
    allowed_origin: Option<&HeaderValue>,
) -> Result<Response, Diagnostic> {
    let envelope = Envelope::new(Form::Whole(event.gateway), &event, call, allowed_origin);
    let mut log = RequestLog::default();
    let result = match allowed_origin.and_then(|_| preflight::answer(F::ROUTES, &event)) {
        Some(reply) => Ok(reply),
        None => dispatch(function, &mut event, call, &mut log).await,
    };
    answer::<F>(result, &envelope, &event, call, log)
}

/// Writes the answer and the log line.
pub(crate) fn answer<F: RequestFunction>(
    result: Result<Reply, Refusal>,
    envelope: &Envelope<'_>,
    event: &HttpEvent,
    call: &Call<'_>,
    mut log: RequestLog,
) -> Result<Response, Diagnostic> {
    let refusal = match result {
        Ok(reply) => {
            log.note_reply(&reply);
            let length = reply.body.len();
            let response = envelope.reply(reply);
            if response.fits(length) {
                call.report(F::ACTION, &log);
                return Ok(response);
            }
            too_large(F::ACTION, &log)
        }
        Err(refusal) => refusal,
    };
    let error = error_answer::<F>(&refusal, &log, call.invocation.request_id, true);
    log.note_refusal(&refusal);
    call.report(F::ACTION, &log);
    envelope.error(&error, media::wants_problem(&event.headers)).map_err(|_| unwritable(&error))
}

async fn dispatch<F: RequestFunction>(
    function: &F,
    event: &mut HttpEvent,
    call: &Call<'_>,
    log: &mut RequestLog,
) -> Result<Reply, Refusal> {
    let opened = open::<F>(event)?;
    serve_safely(function, request(event, &opened, call), log).await
}

pub(crate) fn open<F: RequestFunction>(event: &mut HttpEvent) -> Result<Opened, BadRequest> {
    if event.has_too_many_headers {
        return Err(BadRequest::TooManyHeaders { limit: MAX_HEADERS });
    }
    http_answer::open::<F>(event)
}

pub(crate) fn request<'r>(event: &'r HttpEvent, opened: &'r Opened, call: &Call<'r>) -> Request<'r> {
    let http = Http {
        headers: &event.headers,
        query: &event.query,
        owner: event.owner.as_ref(),
        method: opened.route.method,
        parameter: opened.parameters.first().map(String::as_str),
        parameters: &opened.parameters,
        base: route::base(opened.route, &event.seen_path),
    };
    call.request(Some(opened.route.name), &opened.body, Some(http))
}
