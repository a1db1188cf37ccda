//! The client of a remote generator: CONTRACT 8 (the wire). One client per process.

mod envelope;
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
    account::{Account, LeftOut},
    environment::BadConfig,
    error_type::ErrorType,
    failure::{Called, Failure},
    port::{
        AgentGenerator, Background, CallFuture, DecomposeCall, Decomposition, Draft, Drafted, GenerateCall, Health,
        OperationIds, PatchCall,
    },
};
use tokio::time::Instant;

use self::envelope::AGENT_GENERATOR;
use crate::{
    account::{self, EMBEDDED, Told},
    config::URL,
};

/// How failures name the token.
const TOKEN: &str = "the Agent Generator's token";
/// Where the token is if the secret is a JSON object with several fields.
const TOKEN_FIELDS: [&str; 1] = ["token"];

/// Lambda allows ten seconds for a start; the caller of the first request waits for it.
const START_PATIENCE: Duration = Duration::from_secs(2);

type Parse<T> = fn(&HttpResponse) -> Result<T, Failure>;

#[derive(Debug)]
pub struct RemoteGenerator {
    client: HttpClient,
    base: Url,
    token: Option<Bearer>,
}

impl RemoteGenerator {
    /// The path of `base` is a prefix. Fails if the certificate file is unusable.
    pub fn new(base: Url, token: Option<SecretAddress>, certificate_file: Option<&str>) -> Result<Self, BadConfig> {
        let store = token.as_ref().map(|token| &token.secrets_manager.endpoint);
        let https = [Some(&base), store].into_iter().flatten().any(|address| address.scheme() == "https");
        let client = HttpClient::new(URL, https, certificate_file)?;
        let token =
            token.map(|address| Bearer::new(TOKEN, Secret::new(address, client.with_own_budget()), &TOKEN_FIELDS));
        Ok(Self { client, base, token })
    }

    /// Fetches the token, if one is configured. Waits two seconds at most; the first request tries again.
    pub async fn prepare(&self) {
        if let Some(token) = &self.token {
            token.fetch(Instant::now() + START_PATIENCE).await;
        }
    }

    fn post<'a, T: 'a>(
        &'a self,
        path: &str,
        request: &impl Serialize,
        limits: Limits,
        parse: Parse<T>,
    ) -> CallFuture<'a, T> {
        match serde_json::to_vec(request) {
            Ok(body) => self.call(HttpRequest::post(&self.base, path, body), limits, parse),
            Err(_) => Box::pin(async {
                Called::in_process(Err(Failure::new(
                    ErrorType::UnexpectedError,
                    "Unexpected error calling Agent Generator: the request could not be serialised",
                )))
            }),
        }
    }

    fn call<'a, T: 'a>(&'a self, request: HttpRequest, limits: Limits, parse: Parse<T>) -> CallFuture<'a, T> {
        Box::pin(async move {
            let called = self.client.ask(&AGENT_GENERATOR, &request, self.token.as_ref(), limits).await;
            let Called { result, attempts, upstream_status, model } = called;
            Called { result: result.and_then(|reply| parse(&reply)), attempts, upstream_status, model }
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

/// Only a call for an operation can be taken over.
fn parse_draft(operation: Option<Background<'_>>) -> Parse<Drafted> {
    if operation.is_some() { wire::draft_or_handover } else { wire::draft }
}

fn ids(operation: Option<Background<'_>>) -> Option<OperationIds<'_>> {
    operation.map(|background| background.ids)
}

/// Adds to an agent what is told about it; the generator's answer has at most what it left out.
fn accounted(drafted: Drafted, tell: impl FnOnce(&RawValue, Vec<LeftOut>) -> Box<Account>) -> Drafted {
    match drafted {
        Drafted::Now(Draft::Agent(agent, account)) => {
            let account = tell(&agent, account.left_out);
            Drafted::Now(Draft::Agent(agent, account))
        }
        other => other,
    }
}

impl AgentGenerator for RemoteGenerator {
    fn kind(&self) -> &'static str {
        "remote"
    }

    fn decompose<'a>(&'a self, call: DecomposeCall<'a>, deadline: Instant) -> CallFuture<'a, Decomposition> {
        let DecomposeCall { description, context: user_instruction, library_agents, operation } = call;
        let body = DecomposeBody { description, user_instruction, library_agents };
        let asked =
            self.post("/api/decompose-description", &body, Limits::for_call(operation, deadline), wire::decomposition);
        Box::pin(async move {
            asked.await.map(|decomposition| match decomposition {
                Decomposition::Instructions { steps, account } => {
                    let told = Told { left_out: account.left_out, timezone: None };
                    let account = account::of_steps(EMBEDDED.as_ref(), &steps, told);
                    Decomposition::Instructions { steps, account }
                }
                other => other,
            })
        })
    }

    fn generate<'a>(&'a self, call: GenerateCall<'a>, deadline: Instant) -> CallFuture<'a, Drafted> {
        let GenerateCall { instructions, library_agents, operation } = call;
        let body = GenerateBody { instructions, library_agents, operation: ids(operation) };
        let asked =
            self.post("/api/generate-agent", &body, Limits::for_call(operation, deadline), parse_draft(operation));
        Box::pin(async move {
            asked.await.map(|drafted| {
                accounted(drafted, |agent, left_out| {
                    let told = Told::by_instructions(instructions);
                    let left_out = if left_out.is_empty() { told.left_out } else { left_out };
                    account::of_agent(EMBEDDED.as_ref(), agent, Told { left_out, ..told })
                })
            })
        })
    }

    fn patch<'a>(&'a self, call: PatchCall<'a>, deadline: Instant) -> CallFuture<'a, Drafted> {
        let PatchCall { update_request, current_agent_json, library_agents, operation } = call;
        let body = PatchBody { update_request, current_agent_json, library_agents, operation: ids(operation) };
        let asked =
            self.post("/api/update-agent", &body, Limits::for_call(operation, deadline), parse_draft(operation));
        Box::pin(async move {
            asked.await.map(|drafted| {
                accounted(drafted, |agent, left_out| {
                    let told = Told { left_out, timezone: None };
                    account::of_patch(EMBEDDED.as_ref(), current_agent_json, agent, told)
                })
            })
        })
    }

    fn blocks(&self, deadline: Instant) -> CallFuture<'_, Box<RawValue>> {
        self.call(HttpRequest::get(&self.base, "/api/blocks"), Limits::by(deadline), wire::blocks)
    }

    fn health(&self, deadline: Instant) -> CallFuture<'_, Health> {
        self.call(HttpRequest::get(&self.base, "/health"), Limits::by(deadline), wire::health)
    }
}
