//! Lambda's Runtime API: asks for invocations, and answers each.
//!
//! Not the loop of `lambda_runtime`: before any layer of ours it parses what no function needs (client context, Cognito
//! identity, variables of the platform), and ends unanswered if one is odd. Started again, it would get the same
//! invocation and end again.
//!
//! <https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html>

use std::{
    panic::AssertUnwindSafe,
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use base64::{Engine, engine::general_purpose::STANDARD as BASE64};
use futures_util::{FutureExt, StreamExt, future::join, stream::FuturesUnordered};
use hyper_util::client::legacy::connect::HttpConnector;
use lambda_http::http::{
    HeaderMap, HeaderName, HeaderValue, StatusCode, Uri,
    header::{CONTENT_TYPE, TRAILER, TRANSFER_ENCODING},
};
use lambda_runtime::{Context, Diagnostic};
use lambda_runtime_api_client::{PooledClient, body::Body, build_request};
use sanitise::sanitise;
use shared::{
    environment::{BadConfig, given},
    error_type::ErrorType,
    trace,
};

use crate::{function::Function, response::Response, service::Service, stream::Streamed, trigger::Event};

const ADDRESS: &str = "AWS_LAMBDA_RUNTIME_API";
const CONCURRENCY: &str = "AWS_LAMBDA_MAX_CONCURRENCY";

const NEXT: &str = "/2018-06-01/runtime/invocation/next";
const INVOCATION: &str = "/2018-06-01/runtime/invocation/";
const INIT_ERROR: &str = "/2018-06-01/runtime/init/error";

const REQUEST_ID: HeaderName = HeaderName::from_static("lambda-runtime-aws-request-id");
const DEADLINE: HeaderName = HeaderName::from_static("lambda-runtime-deadline-ms");
const TRACE: HeaderName = HeaderName::from_static("lambda-runtime-trace-id");
/// Sent back with the answer, so that Lambda can reject that of an invocation which it has given up.
const INVOCATION_ID: HeaderName = HeaderName::from_static("lambda-runtime-invocation-id");
const ERROR_TYPE: HeaderName = HeaderName::from_static("lambda-runtime-function-error-type");
const ERROR_BODY: HeaderName = HeaderName::from_static("lambda-runtime-function-error-body");
const RESPONSE_MODE: HeaderName = HeaderName::from_static("lambda-runtime-function-response-mode");
/// Status and headers come before the body.
const HTTP_RESPONSE: HeaderValue = HeaderValue::from_static("application/vnd.awslambda.http-integration-response");

/// The time for an invocation whose deadline is not told. A gateway waits 29 s.
const DEFAULT_TIME: Duration = Duration::from_secs(30);
/// In milliseconds since 1970: the year 2000. An emulator that says how long an invocation may take, and not until when, has
/// told no deadline.
const EARLIEST_DEADLINE: u64 = 946_684_800_000;
/// Failed polls in a row that end the process: 1.5 s.
const MAX_FAILED_POLLS: u32 = 5;
const FIRST_PAUSE: Duration = Duration::from_millis(100);
/// Longest quote of the Runtime API in the log, in characters.
const MAX_QUOTE: usize = 200;

pub(crate) struct RuntimeApi {
    client: PooledClient,
    /// Invocations served at once: more than one on Lambda Managed Instances.
    concurrency: usize,
}

struct Delivery {
    context: Context,
    invocation_id: Option<HeaderValue>,
    body: Vec<u8>,
}

impl RuntimeApi {
    pub(crate) fn from_environment(variable: impl Fn(&str) -> Option<String>) -> Result<Self, BadConfig> {
        let address = given(&variable, ADDRESS).and_then(|address| address.parse().ok());
        let address = address.filter(|address: &Uri| address.authority().is_some());
        let address = address.ok_or(BadConfig::new(ADDRESS, "must be the host and port that Lambda sets"))?;
        let concurrency = given(&variable, CONCURRENCY).and_then(|count| count.parse::<u16>().ok());
        let concurrency = usize::from(concurrency.unwrap_or(1).max(1));
        let mut connector = HttpConnector::new();
        // Else the second piece of a stream waits until the first one is acknowledged: 40 ms.
        connector.set_nodelay(true);
        let builder = PooledClient::builder().with_connector(connector);
        let client = builder.with_endpoint(address).with_pool_size(concurrency).build();
        Ok(Self { client, concurrency })
    }

    /// Tells Lambda why the function does not start, so that invokers see the reason, not only the log. Best effort.
    pub(crate) async fn report_start_failure(&self, error: &BadConfig) {
        const BAD_CONFIGURATION: &str = "Runtime.BadConfiguration";
        let diagnostic = Diagnostic { error_type: BAD_CONFIGURATION.to_owned(), error_message: error.to_string() };
        let headers = HeaderMap::from_iter([(ERROR_TYPE, HeaderValue::from_static(BAD_CONFIGURATION))]);
        let _ = self.post(INIT_ERROR, headers, json(&diagnostic)).await;
    }

    /// Serves invocations until the Runtime API gives out none any more; returns why.
    pub(crate) async fn serve<F: Function>(&self, service: &Service<F>) -> String {
        let mut workers: FuturesUnordered<_> = (0..self.concurrency).map(|_| self.work(service)).collect();
        workers.next().await.unwrap_or_default()
    }

    async fn work<F: Function>(&self, service: &Service<F>) -> String {
        let mut failed = 0;
        loop {
            match self.next().await {
                Ok(delivery) => {
                    failed = 0;
                    if let Some(delivery) = delivery {
                        self.answer(delivery, service).await;
                    }
                }
                Err(error) => {
                    failed += 1;
                    if failed == MAX_FAILED_POLLS {
                        return error;
                    }
                    tracing::error!("{error}");
                    tokio::time::sleep(FIRST_PAUSE * 2_u32.pow(failed - 1)).await;
                }
            }
        }
    }

    /// `None` if there is none yet: local servers answer so.
    async fn next(&self) -> Result<Option<Delivery>, String> {
        let no_answer = |error: &dyn std::fmt::Debug| format!("no invocation from the Runtime API: {error:?}");
        let request = build_request().uri(NEXT).body(Body::empty()).map_err(|error| no_answer(&error))?;
        let (parts, body) = self.client.call(request).await.map_err(|error| no_answer(&error))?.into_parts();
        // `cargo lambda watch --timeout` ends a wait with 408, however long nobody calls.
        if matches!(parts.status, StatusCode::NO_CONTENT | StatusCode::REQUEST_TIMEOUT) {
            return Ok(None);
        }
        let body = Body::new(body).collect().await.map_err(|error| no_answer(&error))?.to_bytes();
        if parts.status != StatusCode::OK {
            let body = sanitise(&String::from_utf8_lossy(&body), MAX_QUOTE);
            return Err(format!("the Runtime API answered GET {NEXT} with {}: {body}", parts.status));
        }
        Delivery::new(&parts.headers, body.into()).map(Some)
    }

    /// Serves one invocation. A panic fails it, and no other.
    async fn answer<F: Function>(&self, Delivery { context, invocation_id, body }: Delivery, service: &Service<F>) {
        let served = async {
            let event = Event::parse(&body);
            drop(body);
            service.handle(event, &context).await
        };
        // Unwind-safe: what outlives an invocation is behind ports, and each of their calls completes or changes nothing.
        let served = AssertUnwindSafe(trace::scope(context.xray_trace_id.clone(), served)).catch_unwind().await;
        let headers: HeaderMap = invocation_id.map(|id| (INVOCATION_ID, id)).into_iter().collect();
        let sent = match served.unwrap_or_else(|_| Err(fault())) {
            Ok(Response::Stream(streamed)) => {
                let sending = self.send_in_pieces(&context.request_id, headers, streamed);
                trace::scope(context.xray_trace_id.clone(), sending).await
            }
            Ok(response) => match serde_json::to_vec(&response) {
                Ok(text) => self.post(&path_of(&context.request_id, "response"), headers, text).await,
                Err(_) => self.report_failure(&context.request_id, headers, &fault()).await,
            },
            Err(diagnostic) => self.report_failure(&context.request_id, headers, &diagnostic).await,
        };
        if let Err(error) = sent {
            tracing::error!(request_id = context.request_id, "{error}");
        }
    }

    async fn report_failure(
        &self,
        request_id: &str,
        mut headers: HeaderMap,
        diagnostic: &Diagnostic,
    ) -> Result<(), String> {
        headers.insert(ERROR_TYPE, HeaderValue::from_static("unhandled"));
        self.post(&path_of(request_id, "error"), headers, json(diagnostic)).await
    }

    /// Sends each piece as soon as it is written. A body that breaks off ends with trailers that say so.
    async fn send_in_pieces(&self, request_id: &str, mut headers: HeaderMap, streamed: Streamed) -> Result<(), String> {
        headers.extend([
            (RESPONSE_MODE, HeaderValue::from_static("streaming")),
            (TRANSFER_ENCODING, HeaderValue::from_static("chunked")),
            (CONTENT_TYPE, HTTP_RESPONSE),
            (
                TRAILER,
                HeaderValue::from_static("Lambda-Runtime-Function-Error-Type, Lambda-Runtime-Function-Error-Body"),
            ),
        ]);
        let (mut body, taken) = Body::channel();
        let [prelude, delimiter] = streamed.head();
        let (mut pieces, work) = streamed.body();
        let passing = async move {
            let mut is_taken = body.send_data(prelude.into()).await.is_ok();
            is_taken = is_taken && body.send_data(delimiter.into()).await.is_ok();
            while let Some(piece) = if is_taken { pieces.recv().await } else { None } {
                is_taken = body.send_data(piece).await.is_ok();
            }
            // From here on the work is told that nobody takes more.
            drop(pieces);
            body
        };
        let writing = async {
            let (mut body, written) = join(passing, work).await;
            if written.is_err() {
                let trailers = HeaderMap::from_iter([
                    (ERROR_TYPE, HeaderValue::from_static("Runtime.StreamError")),
                    (ERROR_BODY, HeaderValue::from_str(&BASE64.encode(json(&fault()))).unwrap_or(HTTP_RESPONSE)),
                ]);
                // Fails only if nobody takes them.
                let _ = body.send_trailers(trailers).await;
            }
        };
        join(self.send(&path_of(request_id, "response"), headers, taken), writing).await.0
    }

    async fn post(&self, path: &str, headers: HeaderMap, text: Vec<u8>) -> Result<(), String> {
        self.send(path, headers, Body::from(text)).await
    }

    async fn send(&self, path: &str, headers: HeaderMap, body: Body) -> Result<(), String> {
        let not_taken = |error: &dyn std::fmt::Debug| format!("the Runtime API did not take an answer: {error:?}");
        let mut request = build_request().method("POST").uri(path).body(body).map_err(|error| not_taken(&error))?;
        request.headers_mut().extend(headers);
        let status = self.client.call(request).await.map_err(|error| not_taken(&error))?.status();
        if status.is_success() { Ok(()) } else { Err(not_taken(&status)) }
    }
}

impl Delivery {
    /// Fails without a request id: then nobody can be answered.
    fn new(headers: &HeaderMap, body: Vec<u8>) -> Result<Self, String> {
        let id = headers.get(REQUEST_ID).and_then(|id| id.to_str().ok()).filter(|id| !id.is_empty());
        let id = id.ok_or("the Runtime API sent an invocation without a valid Lambda-Runtime-Aws-Request-Id")?;
        let mut context = Context::default();
        context.request_id = id.to_owned();
        context.xray_trace_id = headers.get(TRACE).map(|trace| String::from_utf8_lossy(trace.as_bytes()).into_owned());
        let deadline = headers.get(DEADLINE).and_then(|deadline| deadline.to_str().ok()?.trim().parse().ok());
        context.deadline = deadline.filter(|deadline| *deadline >= EARLIEST_DEADLINE).unwrap_or_else(|| {
            tracing::error!(
                request_id = id,
                "the invocation has no valid Lambda-Runtime-Deadline-Ms: it gets {} s",
                DEFAULT_TIME.as_secs()
            );
            let end = (SystemTime::now() + DEFAULT_TIME).duration_since(UNIX_EPOCH).unwrap_or_default();
            u64::try_from(end.as_millis()).unwrap_or(u64::MAX)
        });
        Ok(Self { context, invocation_id: headers.get(INVOCATION_ID).cloned(), body })
    }
}

fn path_of(request_id: &str, kind: &str) -> String {
    format!("{INVOCATION}{request_id}/{kind}")
}

fn fault() -> Diagnostic {
    let error_type = ErrorType::UnexpectedError.name().to_owned();
    Diagnostic { error_type, error_message: "A fault in the function.".to_owned() }
}

fn json(diagnostic: &Diagnostic) -> Vec<u8> {
    serde_json::to_vec(diagnostic).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use std::{
        io::{Read, Write},
        net::TcpListener,
        thread::JoinHandle,
    };

    use shared::request_log::RequestLog;
    use tokio::time::Instant;

    use super::*;
    use crate::stream::{Content, LiveBody, StreamReply};

    /// A Runtime API that takes one answer; returns all of its bytes.
    fn takes_one_answer() -> (RuntimeApi, JoinHandle<String>) {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap().to_string();
        let api = RuntimeApi::from_environment(|name| (name == ADDRESS).then(|| address.clone())).unwrap();
        let taking = std::thread::spawn(move || {
            let (mut connection, _) = listener.accept().unwrap();
            let mut taken = Vec::new();
            let mut buffer = [0; 4096];
            // The last chunk, its trailers, and an empty line.
            while !(taken.ends_with(b"\r\n\r\n") && taken.windows(5).any(|window| window == b"\r\n0\r\n")) {
                let length = connection.read(&mut buffer).unwrap();
                assert!(length > 0, "the answer ends: {:?}", String::from_utf8_lossy(&taken));
                taken.extend_from_slice(&buffer[..length]);
            }
            connection.write_all(b"HTTP/1.1 202 Accepted\r\nContent-Length: 0\r\n\r\n").unwrap();
            String::from_utf8(taken).unwrap()
        });
        (api, taking)
    }

    async fn sent(reply: StreamReply) -> String {
        let (api, taking) = takes_one_answer();
        let end = Instant::now() + Duration::from_secs(10);
        let body = LiveBody::new(reply.write, RequestLog::default(), end, |_| ());
        let streamed = Streamed::new(200, reply.headers, Content::Live(Box::new(body)));
        api.send_in_pieces("id", HeaderMap::new(), streamed).await.unwrap();
        taking.join().unwrap()
    }

    #[tokio::test]
    async fn lambda_learns_whether_a_streamed_answer_is_whole() {
        let whole = StreamReply::new(HeaderMap::new(), |mut sink, _| {
            Box::pin(async move {
                let _ = sink.send("data: 1\n\n".to_owned()).await;
            })
        });
        let whole = sent(whole).await;
        let (head, body) = whole.split_once("\r\n\r\n").unwrap();
        assert!(head.starts_with("POST /2018-06-01/runtime/invocation/id/response HTTP/1.1"), "{head}");
        for header in ["lambda-runtime-function-response-mode: streaming", "transfer-encoding: chunked"] {
            assert!(head.to_ascii_lowercase().contains(header), "{head}");
        }
        assert!(body.contains("9\r\ndata: 1\n\n\r\n") && !body.contains("StreamError"), "{body:?}");

        let broken = StreamReply::new(HeaderMap::new(), |_, _| Box::pin(async { panic!("a fault") }));
        let broken = sent(broken).await.to_ascii_lowercase();
        let (_, trailers) = broken.split_once("\r\n0\r\n").unwrap();
        assert!(trailers.contains("lambda-runtime-function-error-type: runtime.streamerror"), "{trailers:?}");
    }
}
