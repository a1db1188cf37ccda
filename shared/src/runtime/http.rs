//! Requests over HTTP.

use lambda_runtime::Diagnostic;

use super::{Service, call::Call, too_large, unwritable};
use crate::{
    function::{Function, Http, error_answer, serve_safely},
    http_answer::{self, Envelope},
    request_log::RequestLog,
    response::Response,
    route,
    trigger::HttpEvent,
};

impl<F: Function> Service<F> {
    pub(super) async fn http(&self, mut event: HttpEvent, call: &Call<'_>) -> Result<Response, Diagnostic> {
        let envelope = Envelope {
            gateway: event.gateway,
            request_id: call.invocation.request_id,
            allowed_origin: self.allowed_origin.as_ref(),
        };
        let mut log = RequestLog::default();
        let result = match http_answer::open::<F>(&mut event) {
            Ok(opened) => {
                let http = Http {
                    headers: &event.headers,
                    owner: event.owner.as_ref(),
                    parameter: opened.parameter.as_deref(),
                    base: route::base(opened.route, &event.seen_path),
                };
                let request = call.request(Some(opened.route.name), &opened.body, Some(http));
                serve_safely(&self.function, request, &mut log).await
            }
            Err(bad) => Err(bad.into()),
        };
        let refusal = match result {
            Ok(reply) => {
                log.note_reply(&reply);
                let length = reply.body.len();
                let response = envelope.reply(reply);
                if response.fits(length) {
                    call.report::<F>(&log);
                    return Ok(response);
                }
                too_large::<F>(&log)
            }
            Err(refusal) => refusal,
        };
        let error = error_answer::<F>(&refusal, &log, call.invocation.request_id, true);
        log.note_refusal(&refusal);
        call.report::<F>(&log);
        let as_problem = http_answer::wants_problem(&event.headers);
        envelope.error(&error, as_problem).map_err(|_| unwritable(&error))
    }
}
