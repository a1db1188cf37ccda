//! Dispatches each event to the function's capability for it: HTTP, payloads or a queue.

use std::sync::atomic::{AtomicBool, Ordering};

use futures_util::future::BoxFuture;
use lambda_http::http::HeaderValue;
use lambda_runtime::{Context, Diagnostic};
use shared::request_log::RequestLog;

use crate::{
    call::Call,
    function::{Function, QueueFunction, RequestFunction, StreamFunction},
    http, http_stream, payload,
    queue::Batch,
    queue_event,
    response::Response,
    trigger::{Event, HttpEvent, Ping},
};

const UNKNOWN_EVENT: &str = "Runtime.UnknownEvent";
const NO_HTTP: &str = "The event is a request of API Gateway or a Function URL, which this function does not take.";
const NO_PAYLOAD: &str = "The event is a request body, which this function does not take.";
const NO_QUEUE: &str = "The event is an SQS batch, which this function does not take.";
const TOKEN: &str = "API Gateway, for a Lambda authorizer of type TOKEN";

type ServiceFuture<'a> = BoxFuture<'a, Result<Response, Diagnostic>>;
type ServeHttp<F> = for<'a> fn(&'a F, HttpEvent, &'a Call<'a>, Option<&'a HeaderValue>) -> ServiceFuture<'a>;
type ServePayload<F> = for<'a> fn(&'a F, &'a str, &'a Call<'a>, bool) -> ServiceFuture<'a>;
type TakeBatch<F> = for<'a> fn(&'a F, &'a Batch, &'a Call<'a>) -> ServiceFuture<'a>;

/// A function and the events it takes: none until [`Self::with_requests`] or [`Self::with_queue`] is called.
pub struct Service<F> {
    function: F,
    http: Option<ServeHttp<F>>,
    payload: Option<ServePayload<F>>,
    is_authorizer: bool,
    fails_on_error: bool,
    queue: Option<TakeBatch<F>>,
    allowed_origin: Option<HeaderValue>,
    is_warm: AtomicBool,
}

impl<F: Function> Service<F> {
    #[must_use]
    pub fn new(function: F) -> Self {
        Self {
            function,
            http: None,
            payload: None,
            is_authorizer: false,
            fails_on_error: false,
            queue: None,
            allowed_origin: None,
            is_warm: AtomicBool::new(false),
        }
    }

    pub(crate) fn with_allowed_origin(self, allowed_origin: Option<HeaderValue>) -> Self {
        Self { allowed_origin, ..self }
    }

    /// Fails the invocation if the function does not take the event, or if an EventBridge event's work failed: Lambda's
    /// retries and failure destination then take over.
    pub async fn handle(&self, event: Event, context: &Context) -> Result<Response, Diagnostic> {
        let call = Call::new(context, !self.is_warm.swap(true, Ordering::Relaxed));
        let function = &self.function;
        match event {
            Event::Http(event) => match self.http {
                Some(serve) => serve(function, *event, &call, self.allowed_origin.as_ref()).await,
                None => Err(self.unknown(NO_HTTP, &call)),
            },
            Event::Direct(body) => match self.payload {
                Some(serve) => serve(function, &body, &call, self.fails_on_error).await,
                None => Err(self.unknown(NO_PAYLOAD, &call)),
            },
            Event::Authorizer(body) => match self.payload.filter(|_| self.is_authorizer) {
                Some(serve) => serve(function, &body, &call, true).await,
                None => Err(self.foreign(TOKEN, &call)),
            },
            Event::EventBridge(body) => match self.payload {
                Some(serve) => serve(function, &body, &call, true).await,
                None => Err(self.unknown(NO_PAYLOAD, &call)),
            },
            Event::Queue(batch) => match self.queue {
                Some(take) => take(function, &batch, &call).await,
                None => Err(self.unknown(NO_QUEUE, &call)),
            },
            Event::Ping(ping) => self.ready(ping, &call),
            Event::Foreign(trigger) => Err(self.foreign(trigger, &call)),
            Event::Unknown(reason) => Err(self.unknown(reason, &call)),
        }
    }

    /// Answers without a call of the generator. Not an error: nobody has to do anything.
    fn ready(&self, ping: Ping, call: &Call<'_>) -> Result<Response, Diagnostic> {
        let message = format!("The event is {}, and the function is ready. {}", ping.what, self.what_it_takes());
        let mut log = RequestLog::default();
        log.note_outcome(ping.outcome);
        call.report(F::ACTION, &log);
        Response::payload(&serde_json::json!({ "message": message }))
    }

    fn foreign(&self, trigger: &str, call: &Call<'_>) -> Diagnostic {
        self.unknown(&format!("The event comes from {trigger}, which this function does not take."), call)
    }

    /// Says what the event is, and what to send instead.
    fn unknown(&self, reason: &str, call: &Call<'_>) -> Diagnostic {
        tracing::error!(request_id = call.invocation.request_id, "{reason}");
        let error_message = format!("{reason} {}", self.what_it_takes());
        Diagnostic { error_type: UNKNOWN_EVENT.to_owned(), error_message }
    }

    fn what_it_takes(&self) -> &'static str {
        match (self.http.is_some(), self.payload.is_some()) {
            (false, false) => "Messages come from its queue.",
            (false, true) => "It has to be a Lambda authorizer of type TOKEN.",
            (true, true) => "Send a request of API Gateway, or a request body as the payload.",
            (true, false) => "Send a request of API Gateway.",
        }
    }
}

impl<F: RequestFunction> Service<F> {
    /// Takes requests over HTTP if the function has routes, and as payloads if it takes them.
    #[must_use]
    pub fn with_requests(self) -> Self {
        let http: ServeHttp<F> = |function, event, call, origin| Box::pin(http::serve(function, event, call, origin));
        let payload: ServePayload<F> =
            |function, body, call, fails| Box::pin(payload::serve(function, body, call, fails));
        Self {
            http: (!F::ROUTES.is_empty()).then_some(http),
            payload: F::TAKES_PAYLOADS.then_some(payload),
            is_authorizer: F::IS_AUTHORIZER,
            fails_on_error: F::FAILS_ON_ERROR,
            ..self
        }
    }
}

impl<F: StreamFunction> Service<F> {
    /// Takes requests over HTTP from a gateway that streams, and nothing else.
    #[must_use]
    pub fn with_streams(self) -> Self {
        let http: ServeHttp<F> =
            |function, event, call, origin| Box::pin(http_stream::serve(function, event, call, origin));
        Self { http: Some(http), ..self }
    }
}

impl<F: QueueFunction> Service<F> {
    #[must_use]
    pub fn with_queue(self) -> Self {
        let take: TakeBatch<F> = |function, batch, call| Box::pin(queue_event::take(function, batch, call));
        Self { queue: Some(take), ..self }
    }
}
