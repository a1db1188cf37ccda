//! Requests over HTTP.

use lambda_runtime::Diagnostic;

use super::{Service, call::Call, too_large, unwritable};
use crate::{
    function::{Function, Http, error_answer, serve_safely},
    http_answer::{self, Envelope},
    record::{Record, Told},
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
        let mut record = Record::default();
        let result = match http_answer::open::<F>(&mut event) {
            Ok(opened) => {
                let http = Http {
                    headers: &event.headers,
                    owner: event.owner.as_ref(),
                    parameter: opened.parameter.as_deref(),
                    base: route::base(opened.route, &event.seen_path),
                };
                let request = call.request(Some(opened.route.name), &opened.body, Some(http));
                serve_safely(&self.function, request, &mut record).await
            }
            Err(bad) => Err(bad.into()),
        };
        let refusal = match result {
            Ok(reply) => {
                let told = Told::reply(&reply);
                let length = reply.body.len();
                let response = envelope.reply(reply);
                if response.fits(length) {
                    call.report::<F>(&told, &record);
                    return Ok(response);
                }
                too_large::<F>(&record)
            }
            Err(refusal) => refusal,
        };
        let error = error_answer::<F>(&refusal, &record, call.invocation.request_id, true);
        call.report::<F>(&Told::refusal(&refusal, &error), &record);
        let as_problem = http_answer::wants_problem(&event.headers);
        envelope.error(&error, as_problem).map_err(|_| unwritable(&error))
    }
}
