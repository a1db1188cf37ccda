//! Serves requests over HTTP for a gateway that streams.

use bytes::Bytes;
use lambda_http::http::HeaderValue;
use lambda_runtime::Diagnostic;
use shared::{refusal::Refusal, request_log::RequestLog};

use crate::{
    call::Call,
    function::{StreamFunction, safely},
    http::{self, answer},
    http_answer::{Envelope, Form},
    preflight,
    response::Response,
    stream::{Answer, BytesReply, Content, LiveBody, StreamReply},
    trigger::HttpEvent,
};

/// Answers in the streaming format, errors included. Fails only if an error answer cannot be serialised.
pub(crate) async fn serve<F: StreamFunction>(
    function: &F,
    mut event: HttpEvent,
    call: &Call<'_>,
    allowed_origin: Option<&HeaderValue>,
) -> Result<Response, Diagnostic> {
    let envelope = Envelope::new(Form::InPieces, &event, call, allowed_origin);
    let mut log = RequestLog::default();
    let result = match allowed_origin.and_then(|_| preflight::answer(F::ROUTES, &event)) {
        Some(reply) => Ok(Answer::Whole(reply)),
        None => dispatch(function, &mut event, call, &mut log).await,
    };
    let is_head = event.method == "HEAD";
    let result = match result {
        Ok(Answer::Bytes(BytesReply { outcome, headers, body })) => {
            log.note_outcome(outcome);
            call.report(F::ACTION, &log);
            return Ok(envelope.stream(headers, Content::Whole(if is_head { Bytes::new() } else { body })));
        }
        Ok(Answer::Stream(StreamReply { headers, .. })) if is_head => {
            log.note_outcome("head");
            call.report(F::ACTION, &log);
            return Ok(envelope.stream(headers, Content::Whole(Bytes::new())));
        }
        Ok(Answer::Stream(StreamReply { headers, write })) => {
            let kept = call.kept();
            let body = LiveBody::new(write, log, kept.end, move |log| kept.report(F::ACTION, log));
            return Ok(envelope.stream(headers, Content::Live(Box::new(body))));
        }
        Ok(Answer::Whole(reply)) => Ok(reply),
        Err(refusal) => Err(refusal),
    };
    answer::<F>(result, &envelope, &event, call, log)
}

async fn dispatch<F: StreamFunction>(
    function: &F,
    event: &mut HttpEvent,
    call: &Call<'_>,
    log: &mut RequestLog,
) -> Result<Answer, Refusal> {
    let opened = http::open::<F>(event)?;
    let request = http::request(event, &opened, call);
    let work = async {
        match function.stream(request, log).await? {
            Some(answer) => Ok(answer),
            None => function.serve(request, log).await.map(Answer::Whole),
        }
    };
    safely(F::ACTION, request.end, work).await
}
