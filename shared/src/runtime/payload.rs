//! Requests that come without HTTP: as the payload, or as the detail of an event.

use lambda_runtime::Diagnostic;
use serde_json::value::RawValue;

use super::{Service, call::Call, too_large, unwritable};
use crate::{
    bad_request::BadRequest,
    error_answer::ErrorAnswer,
    function::{Function, error_answer, serve_safely},
    refusal::Refusal,
    request_log::RequestLog,
    response::Response,
};

impl<F: Function> Service<F> {
    pub(super) async fn direct(&self, body: &str, call: &Call<'_>) -> Result<Response, Diagnostic> {
        match self.payload(body, call).await {
            Ok(response) => Ok(response),
            Err(error) => {
                error.json().and_then(RawValue::from_string).map(Response::Payload).map_err(|_| unwritable(&error))
            }
        }
    }

    /// Fails the invocation with what `direct` answers as an error.
    pub(super) async fn or_fail(&self, body: &str, call: &Call<'_>) -> Result<Response, Diagnostic> {
        self.payload(body, call).await.map_err(|error| Diagnostic {
            error_type: error.error_type.name().to_owned(),
            error_message: error.message,
        })
    }

    async fn payload(&self, body: &str, call: &Call<'_>) -> Result<Response, ErrorAnswer> {
        let mut log = RequestLog::default();
        let result = if body.len() > F::MAX_BODY {
            Err(BadRequest::BodyTooLarge { limit: F::MAX_BODY }.into())
        } else {
            serve_safely(&self.function, call.request(None, body, None), &mut log).await
        };
        let written = result.and_then(|reply| {
            log.note_reply(&reply);
            let length = reply.body.len();
            let payload = RawValue::from_string(reply.body)
                .map_err(|_| Refusal::unexpected(F::ACTION, "the answer could not be written"))?;
            let response = Response::Payload(payload);
            if response.fits(length) { Ok(response) } else { Err(too_large::<F>(&log)) }
        });
        match written {
            Ok(response) => {
                call.report::<F>(&log);
                Ok(response)
            }
            Err(refusal) => {
                let error = error_answer::<F>(&refusal, &log, call.invocation.request_id, false);
                log.note_refusal(&refusal);
                call.report::<F>(&log);
                Err(error)
            }
        }
    }
}
