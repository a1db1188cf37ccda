//! `stream`: what happens to an operation, to a caller who listens. Server-Sent Events, or the UI message stream of the AI
//! SDK; and the same in JSON, for one route has one function.
//!
//! It only reads. A stream holds its environment for as long as it is open, so the function has a share of concurrency of
//! its own: open streams never keep a worker from its job.

mod events;
mod form;
mod live;
mod ui_messages;

use std::borrow::Cow;

use lambda::{
    Function, RequestFunction, Route, StreamFunction,
    function::{Http, Request},
    stream::{Answer, StreamReply},
};
use lambda_http::http::{
    HeaderMap,
    header::{CONTENT_TYPE, RETRY_AFTER},
};
use lifecycle::{
    durable::platform_failed,
    progress::{Begun, Follow, LogReader, Watch, only_watch},
    request_options::is_id,
    task::of_task,
};
use shared::{
    action::Action, bad_request::BadRequest, port_error::PortError, refusal::Refusal, reply::Reply,
    request_log::RequestLog,
};

use crate::form::Form;

const EVENTS: &str = "operations/{operation_id}/events";
/// For clients of the AI SDK, which know their task alone.
const TASK: &str = "tasks/{task_id}/stream";

#[derive(Debug, Clone)]
pub struct Stream {
    pub log_reader: LogReader,
}

impl Function for Stream {
    const ACTION: Action = Action::Stream;
}

/// What a request asks for.
struct Asked<'a> {
    http: Http<'a>,
    operation_id: Cow<'a, str>,
    /// `None`: JSON.
    form: Option<Form>,
}

impl Stream {
    async fn asked<'a>(&self, request: &Request<'a>) -> Result<Asked<'a>, Refusal> {
        let named = request.http.and_then(|http| Some((http, http.parameter?)));
        let (http, id) = named.ok_or(BadRequest::NoSuchOperation)?;
        if request.route != Some(TASK) {
            let form = Form::asked(http, id)?;
            return if is_id(id) {
                Ok(Asked { http, operation_id: id.into(), form })
            } else {
                Err(BadRequest::NoSuchOperation.into())
            };
        }
        let now = request.clock.now();
        let found = if is_id(id) { of_task(&*self.log_reader.store, id, http.owner, now).await } else { Ok(None) };
        let operation_id = found.map_err(unavailable)?.ok_or(BadRequest::NoSuchTask)?.operation_id;
        let form = Some(Form::ui_messages(&operation_id));
        Ok(Asked { http, operation_id: operation_id.into(), form })
    }
}

impl RequestFunction for Stream {
    const ROUTES: &'static [Route] = &[Route { name: EVENTS, method: "GET" }, Route { name: TASK, method: "GET" }];
    const MAX_BODY: usize = 0;
    const TAKES_PAYLOADS: bool = false;

    /// JSON: [`StreamFunction::stream`] answers all else.
    async fn serve<'a>(&'a self, request: Request<'a>, log: &'a mut RequestLog) -> Result<Reply, Refusal> {
        let Asked { http, operation_id, .. } = self.asked(&request).await?;
        let asked = Watch::asked(http)?;
        let answer = only_watch(&self.log_reader, &operation_id, http.owner, asked, request.invocation()).await;
        let answer = answer.map_err(unavailable)?.ok_or(BadRequest::NoSuchOperation)?;
        log.operation_id = Some(operation_id.into_owned());
        let mut reply = Reply::new(200, "events", answer.body);
        reply.headers.extend(answer.retry_after.map(|seconds| (RETRY_AFTER, seconds.into())));
        Ok(reply)
    }
}

impl StreamFunction for Stream {
    async fn stream<'a>(&'a self, request: Request<'a>, log: &'a mut RequestLog) -> Result<Option<Answer>, Refusal> {
        let Asked { http, operation_id, form } = self.asked(&request).await?;
        let Some(form) = form else { return Ok(None) };
        let after = if form.starts_at_the_beginning() { 0 } else { Watch::last_seen(http)? };
        let log_reader = self.log_reader.clone();
        let begun = Follow::begin(log_reader, &operation_id, http.owner, after, request.invocation()).await;
        let begun = begun.map_err(unavailable)?.ok_or(BadRequest::NoSuchOperation)?;
        log.operation_id = Some(operation_id.into_owned());
        // A client that gets a 204 does not come back.
        let Begun::Follows(follow) = begun else {
            return Ok(Some(Answer::Whole(Reply::new(204, "all_seen", String::new()))));
        };
        let mut headers = HeaderMap::from_iter([(CONTENT_TYPE, form::EVENT_STREAM)]);
        headers.extend(form.header());
        let until = live::until(request.end);
        let body = StreamReply::new(headers, move |sink, log| Box::pin(live::write(*follow, form, until, sink, log)));
        Ok(Some(Answer::Stream(body)))
    }
}

fn unavailable(error: PortError) -> Refusal {
    platform_failed(&error, Action::Stream)
}
