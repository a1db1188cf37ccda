//! The client of a remote generator: CONTRACT 8 (the wire). One client per process.

use reqwest::Url;
use serde::Serialize;
use serde_json::value::RawValue;
use tokio::time::Instant;

use super::{
    AgentGenerator, CallFuture, Called, DecomposeCall, Decomposition, Draft, Drafted, Failure, GenerateCall, Health,
    OperationIds, PatchCall,
    wire::{self, AGENT_GENERATOR},
};
use crate::{
    config::{BadConfig, URL},
    error_type::ErrorType,
    exchange::{Exchange, Reply, Request},
};

/// How an answer is read.
type Read<T> = fn(&Reply) -> Result<T, Failure>;

/// Whether a request that was surely not processed is sent again.
#[derive(Clone, Copy)]
enum Repeats {
    Some,
    None,
}

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
        (deadline, repeats): (Instant, Repeats),
        read: Read<T>,
    ) -> CallFuture<'a, T> {
        match serde_json::to_vec(request) {
            Ok(body) => self.call(Request::post(&self.base, path, body), (deadline, repeats), read),
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
        (deadline, repeats): (Instant, Repeats),
        read: Read<T>,
    ) -> CallFuture<'a, T> {
        Box::pin(async move {
            let exchanged = match repeats {
                Repeats::Some => self.exchange.send(&request, deadline).await,
                Repeats::None => self.exchange.send_once(&request, deadline).await,
            };
            let (attempts, upstream_status) = (exchanged.attempts, exchanged.status());
            let result = match exchanged.result {
                Ok(reply) => read(&reply),
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

impl RemoteGenerator {
    fn decomposed<'a>(&'a self, call: DecomposeCall<'a>, when: (Instant, Repeats)) -> CallFuture<'a, Decomposition> {
        let DecomposeCall { description, context: user_instruction, library_agents } = call;
        let body = DecomposeBody { description, user_instruction, library_agents };
        self.post("/api/decompose-description", &body, when, |reply| wire::read(reply, wire::decomposition))
    }

    fn generated<'a, T: 'a>(
        &'a self,
        call: GenerateCall<'a>,
        operation: Option<OperationIds<'a>>,
        when: (Instant, Repeats),
        read: Read<T>,
    ) -> CallFuture<'a, T> {
        let GenerateCall { instructions, library_agents } = call;
        self.post("/api/generate-agent", &GenerateBody { instructions, library_agents, operation }, when, read)
    }

    fn patched<'a, T: 'a>(
        &'a self,
        call: PatchCall<'a>,
        operation: Option<OperationIds<'a>>,
        when: (Instant, Repeats),
        read: Read<T>,
    ) -> CallFuture<'a, T> {
        let PatchCall { update_request, current_agent_json, library_agents } = call;
        let body = PatchBody { update_request, current_agent_json, library_agents, operation };
        self.post("/api/update-agent", &body, when, read)
    }
}

impl AgentGenerator for RemoteGenerator {
    fn kind(&self) -> &'static str {
        "remote"
    }

    fn decompose<'a>(&'a self, call: DecomposeCall<'a>, deadline: Instant) -> CallFuture<'a, Decomposition> {
        self.decomposed(call, (deadline, Repeats::Some))
    }

    fn generate<'a>(&'a self, call: GenerateCall<'a>, deadline: Instant) -> CallFuture<'a, Draft> {
        self.generated(call, None, (deadline, Repeats::Some), |reply| wire::read(reply, wire::draft))
    }

    fn patch<'a>(&'a self, call: PatchCall<'a>, deadline: Instant) -> CallFuture<'a, Draft> {
        self.patched(call, None, (deadline, Repeats::Some), |reply| wire::read(reply, wire::draft))
    }

    fn blocks(&self, deadline: Instant) -> CallFuture<'_, Box<RawValue>> {
        let request = Request::get(&self.base, "/api/blocks");
        self.call(request, (deadline, Repeats::Some), |reply| wire::read(reply, wire::blocks))
    }

    fn health(&self, deadline: Instant) -> CallFuture<'_, Health> {
        let request = Request::get(&self.base, "/health");
        self.call(request, (deadline, Repeats::Some), |reply| wire::read(reply, wire::health))
    }

    fn decompose_for<'a>(
        &'a self,
        call: DecomposeCall<'a>,
        _: OperationIds<'a>,
        deadline: Instant,
    ) -> CallFuture<'a, Decomposition> {
        self.decomposed(call, (deadline, Repeats::None))
    }

    fn generate_for<'a>(
        &'a self,
        call: GenerateCall<'a>,
        operation: OperationIds<'a>,
        deadline: Instant,
    ) -> CallFuture<'a, Drafted> {
        self.generated(call, Some(operation), (deadline, Repeats::None), wire::drafted)
    }

    fn patch_for<'a>(
        &'a self,
        call: PatchCall<'a>,
        operation: OperationIds<'a>,
        deadline: Instant,
    ) -> CallFuture<'a, Drafted> {
        self.patched(call, Some(operation), (deadline, Repeats::None), wire::drafted)
    }
}
