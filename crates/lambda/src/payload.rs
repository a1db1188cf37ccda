//! Serves requests without HTTP: a direct payload or the `detail` of an EventBridge event.

use lambda_runtime::Diagnostic;
use serde_json::value::RawValue;
use shared::{bad_request::BadRequest, error_answer::ErrorAnswer, refusal::Refusal, request_log::RequestLog};

use crate::{
    call::Call,
    function::{RequestFunction, error_answer, serve_safely},
    response::{Response, too_large, unwritable},
};

/// Returns a failed request as an error of the invocation if `fails_on_error`, else as the answer.
pub(crate) async fn serve<F: RequestFunction>(
    function: &F,
    body: &str,
    call: &Call<'_>,
    fails_on_error: bool,
) -> Result<Response, Diagnostic> {
    match answer(function, body, call).await {
        Ok(response) => Ok(response),
        Err(error) if fails_on_error => {
            Err(Diagnostic { error_type: error.error_type.name().to_owned(), error_message: error.message })
        }
        Err(error) => {
            error.json().and_then(RawValue::from_string).map(Response::Payload).map_err(|_| unwritable(&error))
        }
    }
}

async fn answer<F: RequestFunction>(function: &F, body: &str, call: &Call<'_>) -> Result<Response, ErrorAnswer> {
    let mut log = RequestLog::default();
    let result = if body.len() > F::MAX_BODY {
        Err(BadRequest::BodyTooLarge { limit: F::MAX_BODY }.into())
    } else {
        serve_safely(function, call.request(None, body, None), &mut log).await
    };
    let written = result.and_then(|reply| {
        log.note_reply(&reply);
        let length = reply.body.len();
        let payload = RawValue::from_string(reply.body)
            .map_err(|_| Refusal::unexpected(F::ACTION, "the answer could not be written"))?;
        let response = Response::Payload(payload);
        if response.fits(length) { Ok(response) } else { Err(too_large(F::ACTION, &log)) }
    });
    match written {
        Ok(response) => {
            call.report(F::ACTION, &log);
            Ok(response)
        }
        Err(refusal) => {
            let error = error_answer::<F>(&refusal, &log, call.invocation.request_id, false);
            log.note_refusal(&refusal);
            call.report(F::ACTION, &log);
            Err(error)
        }
    }
}
