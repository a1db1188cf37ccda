//! Serves requests over HTTP.

use lambda_http::http::HeaderValue;
use lambda_runtime::Diagnostic;
use shared::{bad_request::BadRequest, refusal::Refusal, reply::Reply, request_log::RequestLog};

use crate::{
    call::Call,
    function::{Http, RequestFunction, error_answer, serve_safely},
    http_answer::{self, Envelope},
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
    let envelope = Envelope {
        gateway: event.gateway,
        is_head: event.method == "HEAD",
        request_id: call.invocation.request_id,
        allowed_origin,
    };
    let mut log = RequestLog::default();
    let result = match allowed_origin.and_then(|_| preflight::answer(F::ROUTES, &event)) {
        Some(reply) => Ok(reply),
        None => dispatch(function, &mut event, call, &mut log).await,
    };
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
    if event.has_too_many_headers {
        return Err(BadRequest::TooManyHeaders { limit: MAX_HEADERS }.into());
    }
    let opened = http_answer::open::<F>(event)?;
    let http = Http {
        headers: &event.headers,
        query: &event.query,
        owner: event.owner.as_ref(),
        parameter: opened.parameter.as_deref(),
        base: route::base(opened.route, &event.seen_path),
    };
    serve_safely(function, call.request(Some(opened.route.name), &opened.body, Some(http)), log).await
}
