//! The client of a remote generator: CONTRACT 8 (the wire). One client per process.

pub mod delivered;
mod envelope;
mod jobs;
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
        OperationIds, PatchCall, Ticket,
    },
};
use tokio::time::Instant;

use self::{
    envelope::AGENT_GENERATOR,
    jobs::{Jobs, Look},
};
use crate::{
    account::{self, Told},
    catalogue::EMBEDDED,
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

    /// A request to plan. Without a body it could not be serialised.
    fn request(&self, path: &str, body: &impl Serialize) -> Result<HttpRequest, Failure> {
        let body = serde_json::to_vec(body).map_err(|_| {
            let text = "Unexpected error calling Agent Generator: the request could not be serialised";
            Failure::new(ErrorType::UnexpectedError, text)
        })?;
        Ok(HttpRequest::post(&self.base, path, body))
    }

    fn jobs(&self) -> Jobs<'_> {
        Jobs { client: &self.client, base: &self.base, token: self.token.as_ref() }
    }

    /// Asks for an agent: sends the request, or asks for the job that the generator has made of it.
    async fn draft(
        &self,
        request: Result<HttpRequest, Failure>,
        operation: Option<Background<'_>>,
        deadline: Instant,
    ) -> Called<Drafted> {
        if let Some(id) = ids(operation).and_then(|ids| ids.ticket) {
            let end = deadline.min(Instant::now() + jobs::PATIENCE);
            return self.jobs().ask_for_job(id, wire::parse_draft, end).await.map(|look| match look {
                Look::Done(draft) => Drafted::Now(draft),
                Look::Running(again_in) => Drafted::Later(Ticket { text: id.to_owned(), again_in }),
            });
        }
        let request = match request {
            Ok(request) => request,
            Err(failure) => return Called::in_process(Err(failure)),
        };
        let limits = Limits::for_call(operation, deadline);
        let asked = self.client.ask(&AGENT_GENERATOR, &request, self.token.as_ref(), limits).await;
        let Called { result, attempts, upstream_status, model } = asked;
        let result = match result {
            Ok(reply) => match (jobs::accepted(&reply), operation) {
                (Some((text, again_in)), Some(_)) => Ok(Drafted::Later(Ticket { text, again_in })),
                (Some(job), None) => self.jobs().wait_for_job(job, wire::parse_draft, deadline).await.map(Drafted::Now),
                (None, Some(_)) => wire::draft_or_handover(&reply),
                (None, None) => wire::draft(&reply),
            },
            Err(failure) => Err(failure),
        };
        Called { result, attempts, upstream_status, model }
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

fn of_new(instructions: &RawValue, agent: &RawValue, left_out: Vec<LeftOut>) -> Box<Account> {
    let told = Told::by_instructions(instructions);
    let left_out = if left_out.is_empty() { told.left_out } else { left_out };
    account::of_agent(&EMBEDDED, agent, Told { left_out, ..told })
}

fn of_changed(before: &RawValue, agent: &RawValue, left_out: Vec<LeftOut>) -> Box<Account> {
    account::of_patch(&EMBEDDED, before, agent, Told { left_out, timezone: None })
}

impl AgentGenerator for RemoteGenerator {
    fn kind(&self) -> &'static str {
        "remote"
    }

    fn decompose<'a>(&'a self, call: DecomposeCall<'a>, deadline: Instant) -> CallFuture<'a, Decomposition> {
        let DecomposeCall { description, context: user_instruction, library_agents, operation } = call;
        let body = DecomposeBody { description, user_instruction, library_agents };
        let request = self.request("/api/decompose-description", &body);
        Box::pin(async move {
            let request = match request {
                Ok(request) => request,
                Err(failure) => return Called::in_process(Err(failure)),
            };
            let limits = Limits::for_call(operation, deadline);
            let asked = self.client.ask(&AGENT_GENERATOR, &request, self.token.as_ref(), limits).await;
            let Called { result, attempts, upstream_status, model } = asked;
            let result = match result {
                Ok(reply) => match jobs::accepted(&reply) {
                    Some(job) => self.jobs().wait_for_job(job, wire::parse_decomposition, deadline).await,
                    None => wire::decomposition(&reply),
                },
                Err(failure) => Err(failure),
            };
            Called { result, attempts, upstream_status, model }.map(|decomposition| match decomposition {
                Decomposition::Instructions { steps, account } => {
                    let told = Told { left_out: account.left_out, timezone: None };
                    let account = account::of_steps(&EMBEDDED, &steps, told);
                    Decomposition::Instructions { steps, account }
                }
                other => other,
            })
        })
    }

    fn generate<'a>(&'a self, call: GenerateCall<'a>, deadline: Instant) -> CallFuture<'a, Drafted> {
        let GenerateCall { instructions, library_agents, operation } = call;
        let body = GenerateBody { instructions, library_agents, operation: ids(operation) };
        let request = self.request("/api/generate-agent", &body);
        Box::pin(async move {
            let drafted = self.draft(request, operation, deadline).await;
            drafted.map(|drafted| accounted(drafted, |agent, left_out| of_new(instructions, agent, left_out)))
        })
    }

    fn patch<'a>(&'a self, call: PatchCall<'a>, deadline: Instant) -> CallFuture<'a, Drafted> {
        let PatchCall { update_request, current_agent_json, library_agents, operation } = call;
        let body = PatchBody { update_request, current_agent_json, library_agents, operation: ids(operation) };
        let request = self.request("/api/update-agent", &body);
        Box::pin(async move {
            let drafted = self.draft(request, operation, deadline).await;
            drafted.map(|drafted| accounted(drafted, |agent, left_out| of_changed(current_agent_json, agent, left_out)))
        })
    }

    fn blocks(&self, deadline: Instant) -> CallFuture<'_, Box<RawValue>> {
        self.call(HttpRequest::get(&self.base, "/api/blocks"), Limits::by(deadline), wire::blocks)
    }

    fn health(&self, deadline: Instant) -> CallFuture<'_, Health> {
        self.call(HttpRequest::get(&self.base, "/health"), Limits::by(deadline), wire::health)
    }

    fn account(&self, before: Option<&RawValue>, agent: &RawValue) -> Box<Account> {
        account::again(&EMBEDDED, before, agent)
    }
}
