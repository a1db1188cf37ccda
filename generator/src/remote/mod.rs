//! The client of a remote generator: CONTRACT 8 (the wire). One client per process.

pub mod wire;

use std::time::Duration;

use http_client::{
    Bearer, HttpClient, HttpRequest, HttpResponse, Limits,
    aws::{Secret, SecretAddress},
};
use reqwest::Url;
use serde::Serialize;
use serde_json::value::RawValue;
use shared::{
    environment::BadConfig,
    error_type::ErrorType,
    failure::{Called, Failure},
    port::{
        AgentGenerator, CallFuture, DecomposeCall, Decomposition, Drafted, GenerateCall, Health, OperationIds,
        PatchCall,
    },
};
use tokio::time::Instant;

use self::wire::AGENT_GENERATOR;
use crate::config::URL;

/// The token, where it is not to be had.
const TOKEN: &str = "the Agent Generator's token";
/// The field of a secret that is a JSON object in which the token stands, where it has several.
const TOKEN_FIELDS: [&str; 1] = ["token"];

/// Lambda gives a start ten seconds, and whoever waits for the first request has fewer.
const START_PATIENCE: Duration = Duration::from_secs(2);

/// How an answer is read.
type Read<T> = fn(&HttpResponse) -> Result<T, Failure>;

/// A remote generator.
#[derive(Debug)]
pub struct RemoteGenerator {
    client: HttpClient,
    base: Url,
    /// In whose name it is asked.
    token: Option<Bearer>,
}

impl RemoteGenerator {
    /// A client for the generator at `base`, whose path is a prefix; `token` is where the token is kept that it knows us by.
    ///
    /// # Errors
    /// The certificate file does not hold.
    pub fn new(base: Url, token: Option<SecretAddress>, certificate_file: Option<&str>) -> Result<Self, BadConfig> {
        let store = token.as_ref().map(|token| &token.secrets_manager.endpoint);
        let https = [Some(&base), store].into_iter().flatten().any(|address| address.scheme() == "https");
        let client = HttpClient::new(URL, https, certificate_file)?;
        let token =
            token.map(|address| Bearer::new(TOKEN, Secret::new(address, client.with_own_budget()), &TOKEN_FIELDS));
        Ok(Self { client, base, token })
    }

    /// Fetches the token, where there is one. A store that does not answer holds up the start for two seconds at most.
    pub async fn prepare(&self) {
        if let Some(token) = &self.token {
            token.fetch(Instant::now() + START_PATIENCE).await;
        }
    }

    /// Posts `request` to `path` and reads the answer with `read`.
    fn post<'a, T: 'a>(
        &'a self,
        path: &str,
        request: &impl Serialize,
        limits: Limits,
        read: Read<T>,
    ) -> CallFuture<'a, T> {
        match serde_json::to_vec(request) {
            Ok(body) => self.call(HttpRequest::post(&self.base, path, body), limits, read),
            Err(_) => Box::pin(async {
                Called::in_process(Err(Failure::new(
                    ErrorType::UnexpectedError,
                    "Unexpected error calling Agent Generator: the request could not be written",
                )))
            }),
        }
    }

    fn call<'a, T: 'a>(&'a self, request: HttpRequest, limits: Limits, read: Read<T>) -> CallFuture<'a, T> {
        Box::pin(async move {
            let called = self.client.ask(&AGENT_GENERATOR, &request, self.token.as_ref(), limits).await;
            let Called { result, attempts, upstream_status, model } = called;
            Called { result: result.and_then(|reply| read(&reply)), attempts, upstream_status, model }
        })
    }
}

#[derive(Serialize)]
struct DecomposeBody<'a> {
    description: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    user_instruction: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    library_agents: Option<&'a RawValue>,
}

#[derive(Serialize)]
struct GenerateBody<'a> {
    instructions: &'a RawValue,
    #[serde(skip_serializing_if = "Option::is_none")]
    library_agents: Option<&'a RawValue>,
    #[serde(flatten)]
    operation: Option<OperationIds<'a>>,
}

#[derive(Serialize)]
struct PatchBody<'a> {
    update_request: &'a str,
    current_agent_json: &'a RawValue,
    #[serde(skip_serializing_if = "Option::is_none")]
    library_agents: Option<&'a RawValue>,
    #[serde(flatten)]
    operation: Option<OperationIds<'a>>,
}

/// How often a call may be made: one for an operation is repeated by its queue.
fn limits(operation: Option<OperationIds<'_>>, deadline: Instant) -> Limits {
    if operation.is_some() { Limits::once_by(deadline) } else { Limits::by(deadline) }
}

/// Only a call for an operation can be taken over.
fn read_draft(operation: Option<OperationIds<'_>>) -> Read<Drafted> {
    if operation.is_some() { wire::draft_or_handover } else { wire::draft }
}

impl AgentGenerator for RemoteGenerator {
    fn kind(&self) -> &'static str {
        "remote"
    }

    fn decompose<'a>(&'a self, call: DecomposeCall<'a>, deadline: Instant) -> CallFuture<'a, Decomposition> {
        let DecomposeCall { description, context: user_instruction, library_agents, operation } = call;
        let body = DecomposeBody { description, user_instruction, library_agents };
        self.post("/api/decompose-description", &body, limits(operation, deadline), wire::decomposition)
    }

    fn generate<'a>(&'a self, call: GenerateCall<'a>, deadline: Instant) -> CallFuture<'a, Drafted> {
        let GenerateCall { instructions, library_agents, operation } = call;
        let body = GenerateBody { instructions, library_agents, operation };
        self.post("/api/generate-agent", &body, limits(operation, deadline), read_draft(operation))
    }

    fn patch<'a>(&'a self, call: PatchCall<'a>, deadline: Instant) -> CallFuture<'a, Drafted> {
        let PatchCall { update_request, current_agent_json, library_agents, operation } = call;
        let body = PatchBody { update_request, current_agent_json, library_agents, operation };
        self.post("/api/update-agent", &body, limits(operation, deadline), read_draft(operation))
    }

    fn blocks(&self, deadline: Instant) -> CallFuture<'_, Box<RawValue>> {
        self.call(HttpRequest::get(&self.base, "/api/blocks"), Limits::by(deadline), wire::blocks)
    }

    fn health(&self, deadline: Instant) -> CallFuture<'_, Health> {
        self.call(HttpRequest::get(&self.base, "/health"), Limits::by(deadline), wire::health)
    }
}
