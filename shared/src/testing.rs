//! For the tests of the functions: a generator that answers what it was told to and remembers what it was asked, and an
//! event handed to a function as Lambda does. The wire and the process are tested elsewhere, against real sockets.

use std::{
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use lambda_runtime::{Context, Diagnostic};

use serde::Deserialize;
use serde_json::{Value, json, value::RawValue};
use tokio::time::Instant;

use crate::{
    error_type::ErrorType,
    failure::{Called, Failure},
    function::Function,
    port::{
        AgentGenerator, CallFuture, DecomposeCall, Decomposition, Draft, Drafted, GenerateCall, Health, OperationIds,
        PatchCall,
    },
    runtime::Service,
    trigger::Event,
    upstream::Upstream,
};

/// What [`Scripted`] does when it is called.
#[derive(Debug, Clone)]
pub enum Script<T> {
    /// It gives this result.
    Gives(T),
    /// It fails like this.
    Fails(Failure),
    /// It panics.
    Panics,
}

/// A generator that answers what it was told to. Calls that nothing was told of fail with `unknown`.
#[derive(Debug, Default)]
pub struct Scripted {
    /// For decompose.
    pub decomposition: Option<Script<Decomposition>>,
    /// For generate and patch.
    pub draft: Option<Script<Draft>>,
    /// For generate and patch for an operation, where it takes the job over.
    pub takes_over: bool,
    /// For the blocks: JSON text.
    pub blocks: Option<Script<&'static str>>,
    /// For the health.
    pub health: Option<Script<Health>>,
    /// What it was asked.
    pub memory: Memory,
}

/// What a generator was asked, in order.
#[derive(Debug, Default)]
pub struct Memory(Mutex<Vec<Value>>);

impl Scripted {
    /// What it was asked, in order: the call's name, then its fields.
    #[must_use]
    pub fn asked(&self) -> Vec<Value> {
        self.lock().clone()
    }

    fn lock(&self) -> MutexGuard<'_, Vec<Value>> {
        self.memory.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    #[allow(clippy::panic, reason = "a panicking generator is what a test asks for")]
    fn answer<T: Clone + Send + 'static>(&self, script: Option<&Script<T>>, asked: Value) -> CallFuture<'_, T> {
        self.lock().push(asked);
        let script = script.cloned();
        Box::pin(async move {
            Called::in_process(match script {
                Some(Script::Gives(result)) => Ok(result),
                Some(Script::Fails(failure)) => Err(failure),
                Some(Script::Panics) => panic!("the generator panics, quoting a secret: hunter2"),
                None => Err(Failure::new(ErrorType::Unknown, "nothing was told of this call")),
            })
        })
    }
}

impl Scripted {
    fn answer_for(&self, asked: Value) -> CallFuture<'_, Drafted> {
        if self.takes_over {
            return self.answer(Some(&Script::Gives(Drafted::HandedOver)), asked);
        }
        let drafted = self.answer(self.draft.as_ref(), asked);
        Box::pin(async { drafted.await.map(Drafted::Now) })
    }
}

/// A JSON text as the port carries it.
#[must_use]
#[allow(clippy::expect_used, reason = "a test that scripts what is no JSON is wrong")]
pub fn raw(text: &str) -> Box<RawValue> {
    RawValue::from_string(text.to_owned()).expect("a test scripts JSON")
}

impl AgentGenerator for Scripted {
    fn kind(&self) -> &'static str {
        "remote"
    }

    fn decompose<'a>(&'a self, call: DecomposeCall<'a>, _: Instant) -> CallFuture<'a, Decomposition> {
        let asked = json!(["decompose", call.description, call.context, call.library_agents]);
        self.answer(self.decomposition.as_ref(), asked)
    }

    fn generate<'a>(&'a self, call: GenerateCall<'a>, _: Instant) -> CallFuture<'a, Draft> {
        // As text: the order of its keys is part of what is passed on.
        let asked = json!(["generate", call.instructions.get(), call.library_agents]);
        self.answer(self.draft.as_ref(), asked)
    }

    fn patch<'a>(&'a self, call: PatchCall<'a>, _: Instant) -> CallFuture<'a, Draft> {
        let asked = json!(["patch", call.update_request, call.current_agent_json.get(), call.library_agents]);
        self.answer(self.draft.as_ref(), asked)
    }

    fn generate_for<'a>(
        &'a self,
        call: GenerateCall<'a>,
        ids: OperationIds<'a>,
        _: Instant,
    ) -> CallFuture<'a, Drafted> {
        self.answer_for(json!(["generate", call.instructions.get(), call.library_agents, ids]))
    }

    fn patch_for<'a>(&'a self, call: PatchCall<'a>, ids: OperationIds<'a>, _: Instant) -> CallFuture<'a, Drafted> {
        let asked = json!(["patch", call.update_request, call.current_agent_json.get(), call.library_agents, ids]);
        self.answer_for(asked)
    }

    fn blocks(&self, _: Instant) -> CallFuture<'_, Box<RawValue>> {
        let script = self.blocks.as_ref().map(|script| match script {
            Script::Gives(text) => Script::Gives(raw(text)),
            Script::Fails(failure) => Script::Fails(failure.clone()),
            Script::Panics => Script::Panics,
        });
        self.answer(script.as_ref(), json!(["blocks"]))
    }

    fn health(&self, _: Instant) -> CallFuture<'_, Health> {
        self.answer(self.health.as_ref(), json!(["health"]))
    }
}

/// The id of every request that [`Bench::invoke`] makes.
pub const REQUEST_ID: &str = "8f6c2f0e-6b0f-4f43-9a53-0c7e1b3f7a11";

/// A function on the bench, with the generator that it asks.
pub struct Bench<F> {
    /// The generator.
    pub generator: Arc<Scripted>,
    service: Service<F>,
}

impl<F: Function> Bench<F> {
    /// A function that asks `generator`.
    pub fn new(function: impl FnOnce(Upstream) -> F, generator: Scripted) -> Self {
        let generator = Arc::new(generator);
        let upstream: Upstream = Upstream::with(Arc::<Scripted>::clone(&generator), Duration::from_secs(600));
        Self { service: Service::new(function(upstream)), generator }
    }

    /// Hands `event` to the function, as [`handled`] does.
    ///
    /// # Errors
    /// The invocation failed: type and message.
    pub async fn invoke(&self, event: &Value) -> Result<Value, (String, String)> {
        handled(&self.service, event.to_string().as_bytes()).await
    }

    /// Posts `body` to `path` through a REST API and gives back the status and the body.
    ///
    /// # Errors
    /// The invocation failed: type and message.
    pub async fn post(&self, path: &str, body: &Value) -> Result<(u64, Value), (String, String)> {
        let answer = self.invoke(&rest("POST", path, &body.to_string())).await?;
        let body = answer.get("body").and_then(Value::as_str).unwrap_or_default();
        let status = answer.get("statusCode").and_then(Value::as_u64).unwrap_or_default();
        Ok((status, serde_json::from_str(body).unwrap_or_default()))
    }
}

/// Hands a payload to a function as the runtime does, with 30 s to go, and gives back what Lambda would get.
///
/// # Errors
/// The invocation failed: type and message.
pub async fn handled<F: Function>(service: &Service<F>, payload: &[u8]) -> Result<Value, (String, String)> {
    let event = Event::deserialize(&mut serde_json::Deserializer::from_slice(payload));
    let event = event.map_err(|error| ("the event".to_owned(), error.to_string()))?;
    let mut context = Context::default();
    REQUEST_ID.clone_into(&mut context.request_id);
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    context.deadline = u64::try_from(now.as_millis()).unwrap_or(u64::MAX).saturating_add(30_000);
    let failed = |diagnostic: Diagnostic| (diagnostic.error_type, diagnostic.error_message);
    let response = service.handle(event, &context).await.map_err(failed)?;
    // As text and back: that is how Lambda gets it.
    let text = serde_json::to_string(&response).map_err(|error| ("the answer".to_owned(), error.to_string()))?;
    serde_json::from_str(&text).map_err(|error| ("the answer".to_owned(), error.to_string()))
}

/// A REST proxy event of stage `v1`, from the API key `key-1`.
#[must_use]
pub fn rest(method: &str, path: &str, body: &str) -> Value {
    rest_with(method, path, body, &[])
}

/// The same with more headers.
#[must_use]
pub fn rest_with(method: &str, path: &str, body: &str, more: &[(&str, &str)]) -> Value {
    let given = [("Content-Type", "application/json")].iter().chain(more);
    let headers: serde_json::Map<_, _> = given.map(|(name, value)| ((*name).to_owned(), json!(value))).collect();
    json!({
        "resource": path, "path": path, "httpMethod": method, "body": body, "isBase64Encoded": false,
        "headers": headers,
        "requestContext": {"stage": "v1", "path": format!("/v1{path}"), "httpMethod": method, "requestId": "gateway",
                           "identity": {"apiKeyId": "key-1"}},
    })
}

/// An SQS batch of these bodies, whose messages are `m0`, `m1` and so on.
#[must_use]
pub fn batch(bodies: &[&str]) -> Value {
    let records = bodies.iter().enumerate().map(|(at, body)| {
        json!({"messageId": format!("m{at}"), "receiptHandle": format!("r{at}"), "body": body, "eventSource": "aws:sqs"})
    });
    json!({ "Records": records.collect::<Vec<_>>() })
}

/// The API as it is documented: `openapi.yaml`.
#[must_use]
#[allow(clippy::expect_used, reason = "a document that cannot be read is what a test is there to tell")]
pub fn openapi() -> Value {
    yaml_serde::from_str(include_str!("../../openapi.yaml")).expect("openapi.yaml is YAML")
}

/// What differs between the routes of `F` and the document: one line each. Empty where they agree.
#[must_use]
pub fn undocumented<F: Function>() -> Vec<String> {
    let document = openapi();
    let mut differences = Vec::new();
    for route in F::ROUTES {
        let path = document.pointer(&format!("/paths/~1{}", route.name.replace('/', "~1"))).and_then(Value::as_object);
        let documented: Vec<_> = path.into_iter().flat_map(|path| path.keys()).map(|key| key.to_uppercase()).collect();
        if documented != [route.method] {
            differences.push(format!("/{} takes {}, and the document says {documented:?}", route.name, route.method));
        }
        let limit = path.and_then(|path| path.get("post")?.pointer("/requestBody/x-max-bytes")?.as_u64());
        if limit.is_some_and(|limit| limit != F::MAX_BODY as u64) || (limit.is_none() && route.method == "POST") {
            differences.push(format!("/{} takes {} bytes, and the document says {limit:?}", route.name, F::MAX_BODY));
        }
    }
    differences
}
