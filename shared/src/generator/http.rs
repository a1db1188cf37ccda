//! The client of a remote generator: CONTRACT 8 (the wire). One client per process.

use reqwest::Url;
use serde::Serialize;
use serde_json::value::RawValue;
use tokio::time::Instant;

use super::{
    AgentGenerator, CallFuture, Called, DecomposeCall, Decomposition, Draft, Failure, GenerateCall, Health, PatchCall,
    wire::{self, AGENT_GENERATOR},
};
use crate::{
    config::{BadConfig, URL},
    error_type::ErrorType,
    exchange::{Exchange, Request},
    json,
};

/// A remote generator.
#[derive(Debug)]
pub struct RemoteGenerator {
    exchange: Exchange,
    base: Url,
}

impl RemoteGenerator {
    /// A client for the generator at `base`, whose path is a prefix.
    ///
    /// # Errors
    /// The certificate file does not hold.
    pub fn new(base: Url, certificate_file: Option<&str>) -> Result<Self, BadConfig> {
        let exchange = Exchange::new(URL, base.scheme() == "https", certificate_file)?;
        Ok(Self { exchange, base })
    }

    /// Posts `request` to `path` and reads the answer with `read`.
    fn post<'a, T: 'a>(
        &'a self,
        path: &str,
        request: &impl Serialize,
        deadline: Instant,
        read: fn(&RawValue) -> Result<T, Failure>,
    ) -> CallFuture<'a, T> {
        match serde_json::to_vec(request) {
            Ok(body) => self.call(Request::post(&self.base, path, body), deadline, read),
            Err(_) => Box::pin(async {
                Called::in_process(Err(Failure::new(
                    ErrorType::UnexpectedError,
                    "Unexpected error calling Agent Generator: the request could not be written",
                )))
            }),
        }
    }

    fn call<'a, T: 'a>(
        &'a self,
        request: Request,
        deadline: Instant,
        read: fn(&RawValue) -> Result<T, Failure>,
    ) -> CallFuture<'a, T> {
        Box::pin(async move {
            let exchanged = self.exchange.send(&request, deadline).await;
            let (attempts, upstream_status) = (exchanged.attempts, exchanged.status());
            let result = match exchanged.result {
                Ok(reply) => wire::read(&reply, read),
                Err(fault) => Err(AGENT_GENERATOR.unanswered(fault)),
            };
            Called { result, attempts, upstream_status, model: None }
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
}

#[derive(Serialize)]
struct PatchBody<'a> {
    update_request: &'a str,
    current_agent_json: &'a RawValue,
    #[serde(skip_serializing_if = "Option::is_none")]
    library_agents: Option<&'a RawValue>,
}

impl AgentGenerator for RemoteGenerator {
    fn kind(&self) -> &'static str {
        "remote"
    }

    fn decompose<'a>(&'a self, call: DecomposeCall<'a>, deadline: Instant) -> CallFuture<'a, Decomposition> {
        let DecomposeCall { description, context: user_instruction, library_agents } = call;
        let body = DecomposeBody { description, user_instruction, library_agents };
        self.post("/api/decompose-description", &body, deadline, wire::decomposition)
    }

    fn generate<'a>(&'a self, call: GenerateCall<'a>, deadline: Instant) -> CallFuture<'a, Draft> {
        let GenerateCall { instructions, library_agents } = call;
        self.post("/api/generate-agent", &GenerateBody { instructions, library_agents }, deadline, wire::draft)
    }

    fn patch<'a>(&'a self, call: PatchCall<'a>, deadline: Instant) -> CallFuture<'a, Draft> {
        let PatchCall { update_request, current_agent_json, library_agents } = call;
        let body = PatchBody { update_request, current_agent_json, library_agents };
        self.post("/api/update-agent", &body, deadline, wire::draft)
    }

    fn blocks(&self, deadline: Instant) -> CallFuture<'_, Box<RawValue>> {
        self.call(Request::get(&self.base, "/api/blocks"), deadline, wire::blocks)
    }

    fn health(&self, deadline: Instant) -> CallFuture<'_, Health> {
        self.call(Request::get(&self.base, "/health"), deadline, |answer| {
            let answer = json::Object::of(answer).unwrap_or_default();
            Ok(Health {
                healthy: answer.string("status").is_some_and(|status| status == "healthy"),
                blocks_loaded: answer.get("blocks_loaded").is_some_and(|loaded| loaded.get() == "true"),
            })
        })
    }
}
