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

use futures_util::{FutureExt, StreamExt, stream::FuturesUnordered};
use lambda_http::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, Uri};
use lambda_runtime::{Context, Diagnostic};
use lambda_runtime_api_client::{PooledClient, body::Body, build_request};
use sanitise::sanitise;
use shared::{
    environment::{BadConfig, given},
    error_type::ErrorType,
    trace,
};

use crate::{function::Function, service::Service, trigger::Event};

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
        let client = PooledClient::builder().with_endpoint(address).with_pool_size(concurrency).build();
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
        if parts.status == StatusCode::NO_CONTENT {
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
            let response = service.handle(event, &context).await?;
            serde_json::to_vec(&response).map_err(|_| fault())
        };
        // Unwind-safe: what outlives an invocation is behind ports, and each of their calls completes or changes nothing.
        let served = AssertUnwindSafe(trace::scope(context.xray_trace_id.clone(), served)).catch_unwind().await;
        let mut headers: HeaderMap = invocation_id.map(|id| (INVOCATION_ID, id)).into_iter().collect();
        let (kind, text) = match served.unwrap_or_else(|_| Err(fault())) {
            Ok(text) => ("response", text),
            Err(diagnostic) => {
                headers.insert(ERROR_TYPE, HeaderValue::from_static("unhandled"));
                ("error", json(&diagnostic))
            }
        };
        let path = format!("{INVOCATION}{}/{kind}", context.request_id);
        if let Err(error) = self.post(&path, headers, text).await {
            tracing::error!(request_id = context.request_id, "{error}");
        }
    }

    async fn post(&self, path: &str, headers: HeaderMap, text: Vec<u8>) -> Result<(), String> {
        let not_taken = |error: &dyn std::fmt::Debug| format!("the Runtime API did not take an answer: {error:?}");
        let mut request =
            build_request().method("POST").uri(path).body(Body::from(text)).map_err(|error| not_taken(&error))?;
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

fn fault() -> Diagnostic {
    let error_type = ErrorType::UnexpectedError.name().to_owned();
    Diagnostic { error_type, error_message: "A fault in the function.".to_owned() }
}

fn json(diagnostic: &Diagnostic) -> Vec<u8> {
    serde_json::to_vec(diagnostic).unwrap_or_default()
}
