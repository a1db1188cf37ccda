//! The generator as an HTTP server, with the API of a remote Agent Generator: CONTRACT 8.
//!
//! A malformed request gets 400 (413 if it is too long). Every result of the planner is 200, failures included, with
//! `Retry-After` if the failure has one. With [`Answers::Jobs`] the answer to such a request is 202 with the id of a job,
//! whose end has what would have been the result.

mod args;
mod failed;
mod jobs;

use std::sync::Arc;

use axum::{
    Router,
    body::Bytes,
    extract::{DefaultBodyLimit, Path, State, rejection::BytesRejection},
    http::{StatusCode, header},
    response::{IntoResponse, Response},
    routing::{get, post},
};
use serde::Deserialize;
use serde_json::{Value, json, value::RawValue};
use shared::{
    error_type::ErrorType,
    failure::Failure,
    json::{self, count},
    port::{AgentGenerator, Decomposition, Draft, Drafted, GenerateCall, PatchCall},
    request::{Goal, LibraryAgents},
};
use tokio::time::{Duration, Instant};
use uuid::Uuid;

pub use self::args::{Args, ArgsError};
use self::{failed::told_type, jobs::Jobs};

/// In bytes: an agent of 5 MiB and the rest of the request.
pub const BODY_LIMIT: usize = 6 * 1024 * 1024;

/// A longer configured timeout could overflow the clock.
const LONGEST_TIMEOUT: Duration = Duration::from_secs(24 * 60 * 60);

/// Seconds after which a caller that was refused because of too many jobs may come again.
const BUSY: u32 = 10;

/// How a request to plan is answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Answers {
    /// With the result, as soon as it is there.
    Now,
    /// With 202 and the id of a job, at once.
    Jobs,
}

#[derive(Clone)]
struct Planning {
    generator: Arc<dyn AgentGenerator>,
    timeout: Duration,
    jobs: Option<Jobs>,
}

impl Planning {
    fn deadline(&self) -> Instant {
        Instant::now() + self.timeout.min(LONGEST_TIMEOUT)
    }

    /// Works, within the request or as a job.
    async fn plan(self, operation: Option<String>, work: Work) -> Response {
        let Some(jobs) = self.jobs.clone() else { return answer(work.done(&self).await) };
        match jobs.begin(operation, async move { work.done(&self).await }) {
            Some(id) => send(StatusCode::ACCEPTED, &json!({"job_id": id, "status": "accepted"})),
            None => {
                let error = "too many jobs are running";
                let body = json!({"success": false, "error": error, "error_type": "service_unavailable"});
                later(send(StatusCode::SERVICE_UNAVAILABLE, &body), Some(BUSY))
            }
        }
    }
}

/// `timeout` is the limit for each call of `generator`.
pub fn router(generator: Arc<dyn AgentGenerator>, timeout: Duration, answers: Answers) -> Router {
    let jobs = (answers == Answers::Jobs).then(Jobs::default);
    Router::new()
        .route("/api/decompose-description", post(decompose))
        .route("/api/generate-agent", post(generate))
        .route("/api/update-agent", post(update))
        .route("/api/template-modification", post(template))
        .route("/api/jobs/{job_id}", get(job))
        .route("/api/blocks", get(blocks))
        .route("/health", get(health))
        .fallback(async || refused(StatusCode::NOT_FOUND, "there is no such route"))
        .method_not_allowed_fallback(async || {
            refused(StatusCode::METHOD_NOT_ALLOWED, "this route takes another method")
        })
        .layer(DefaultBodyLimit::max(BODY_LIMIT))
        .with_state(Planning { generator, timeout, jobs })
}

#[derive(Deserialize)]
struct DecomposeBody {
    description: String,
    user_instruction: Option<String>,
    library_agents: Option<Box<RawValue>>,
}

#[derive(Deserialize)]
struct GenerateBody {
    instructions: Box<RawValue>,
    library_agents: Option<Box<RawValue>>,
    operation_id: Option<String>,
}

#[derive(Deserialize)]
struct UpdateBody {
    update_request: String,
    current_agent_json: Box<RawValue>,
    library_agents: Option<Box<RawValue>>,
    operation_id: Option<String>,
}

#[derive(Deserialize)]
struct TemplateBody {
    modification_request: String,
    template_agent_json: Box<RawValue>,
    library_agents: Option<Box<RawValue>>,
}

/// A request to plan that is well formed.
enum Work {
    Decompose(DecomposeBody),
    Generate(GenerateBody),
    Update(UpdateBody),
    Template(TemplateBody),
}

impl Work {
    /// The body of the answer.
    async fn done(self, planning: &Planning) -> Result<Value, Failure> {
        let (generator, deadline) = (&planning.generator, planning.deadline());
        match self {
            Self::Decompose(body) => {
                let context = body.user_instruction.filter(|context| !context.trim().is_empty());
                let library = agents(body.library_agents.as_deref());
                let goal =
                    Goal::new(Some(body.description.into()), context.map(Into::into), LibraryAgents::Given(library))
                        .map_err(|bad| Failure::new(ErrorType::ValidationError, bad.to_string()))?;
                generator.decompose(goal.call(library, None), deadline).await.result.map(|found| decomposed(&found))
            }
            Self::Generate(body) => {
                let library_agents = agents(body.library_agents.as_deref());
                let call = GenerateCall { instructions: &body.instructions, library_agents, operation: None };
                generator.generate(call, deadline).await.result.and_then(drafted)
            }
            Self::Update(UpdateBody { update_request, current_agent_json, library_agents, .. }) => {
                let call = PatchCall {
                    update_request: &update_request,
                    current_agent_json: &current_agent_json,
                    library_agents: agents(library_agents.as_deref()),
                    operation: None,
                };
                generator.patch(call, deadline).await.result.and_then(drafted)
            }
            Self::Template(TemplateBody { modification_request, template_agent_json, library_agents }) => {
                let call = PatchCall {
                    update_request: &modification_request,
                    current_agent_json: &template_agent_json,
                    library_agents: agents(library_agents.as_deref()),
                    operation: None,
                };
                generator.patch(call, deadline).await.result.and_then(drafted).map(as_new)
            }
        }
    }
}

/// An agent made from a template is another agent.
fn as_new(mut body: Value) -> Value {
    if let Some(agent) = body.get_mut("agent_json").and_then(Value::as_object_mut) {
        agent.insert("id".to_owned(), Uuid::new_v4().to_string().into());
        agent.insert("version".to_owned(), 1.into());
        agent.insert("is_active".to_owned(), true.into());
    }
    body
}

/// `Err` is the answer to a malformed body.
#[expect(clippy::result_large_err, reason = "the error is the response, built once and sent")]
fn parse_body<T: for<'de> Deserialize<'de>>(body: Result<Bytes, BytesRejection>) -> Result<T, Response> {
    let body = body.map_err(|rejection| match rejection.status() {
        StatusCode::PAYLOAD_TOO_LARGE => {
            refused(StatusCode::PAYLOAD_TOO_LARGE, &format!("the body has more than {BODY_LIMIT} bytes"))
        }
        _ => refused(StatusCode::BAD_REQUEST, "the body could not be read"),
    })?;
    let not_json = |why: &str| refused(StatusCode::BAD_REQUEST, &format!("the body is not JSON: {why}"));
    let text = std::str::from_utf8(&body).map_err(|_| not_json("it is not UTF-8"))?;
    let raw = json::parse(text).map_err(|fault| not_json(&fault.to_string()))?;
    serde_json::from_str(raw.get())
        .map_err(|error| refused(StatusCode::BAD_REQUEST, &format!("the body is not what this route takes: {error}")))
}

async fn decompose(State(planning): State<Planning>, body: Result<Bytes, BytesRejection>) -> Response {
    match parse_body::<DecomposeBody>(body) {
        Ok(body) if body.description.trim().is_empty() => refused(StatusCode::BAD_REQUEST, "the description is blank"),
        Ok(body) => planning.plan(None, Work::Decompose(body)).await,
        Err(answer) => answer,
    }
}

fn decomposed(found: &Decomposition) -> Value {
    match found {
        Decomposition::Instructions { steps, account } => {
            let left_out = &account.left_out;
            json!({"success": true, "type": "instructions", "steps": value(steps), "left_out": left_out})
        }
        Decomposition::ClarifyingQuestions(questions) => {
            json!({"success": true, "type": "clarifying_questions", "questions": questions})
        }
        Decomposition::UnachievableGoal { reason, suggested_goal } => {
            json!({"success": true, "type": "unachievable_goal", "reason": reason, "suggested_goal": suggested_goal})
        }
        Decomposition::VagueGoal { suggested_goal } => {
            json!({"success": true, "type": "vague_goal", "suggested_goal": suggested_goal})
        }
    }
}

async fn generate(State(planning): State<Planning>, body: Result<Bytes, BytesRejection>) -> Response {
    match parse_body::<GenerateBody>(body) {
        Ok(body) if !is_object(&body.instructions) => {
            refused(StatusCode::BAD_REQUEST, "the instructions are not an object")
        }
        Ok(mut body) => planning.plan(body.operation_id.take(), Work::Generate(body)).await,
        Err(answer) => answer,
    }
}

async fn update(State(planning): State<Planning>, body: Result<Bytes, BytesRejection>) -> Response {
    match parse_body::<UpdateBody>(body) {
        Ok(body) if !is_object(&body.current_agent_json) => {
            refused(StatusCode::BAD_REQUEST, "the current agent is not an object")
        }
        Ok(mut body) => planning.plan(body.operation_id.take(), Work::Update(body)).await,
        Err(answer) => answer,
    }
}

async fn template(State(planning): State<Planning>, body: Result<Bytes, BytesRejection>) -> Response {
    match parse_body::<TemplateBody>(body) {
        Ok(body) if !is_object(&body.template_agent_json) => {
            refused(StatusCode::BAD_REQUEST, "the template is not an object")
        }
        Ok(body) => planning.plan(None, Work::Template(body)).await,
        Err(answer) => answer,
    }
}

fn is_object(text: &RawValue) -> bool {
    text.get().starts_with('{')
}

async fn job(State(planning): State<Planning>, Path(id): Path<String>) -> Response {
    match planning.jobs.as_ref().and_then(|jobs| Some((jobs.told(&id)?, jobs.retry_after(&id)))) {
        Some((told, retry_after)) => later(send(StatusCode::OK, &told), retry_after),
        None => refused(StatusCode::NOT_FOUND, "there is no such job"),
    }
}

async fn blocks(State(planning): State<Planning>) -> Response {
    let called = planning.generator.blocks(planning.deadline()).await;
    answer(called.result.map(|blocks| json!({"success": true, "blocks": value(&blocks)})))
}

async fn health(State(planning): State<Planning>) -> Response {
    let called = planning.generator.health(planning.deadline()).await;
    let healthy = called.result.is_ok_and(|health| health.healthy && health.blocks_loaded);
    let status = if healthy { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
    send(status, &json!({"status": if healthy { "healthy" } else { "unhealthy" }, "blocks_loaded": healthy}))
}

/// An empty list counts as absent.
fn agents(library_agents: Option<&RawValue>) -> Option<&RawValue> {
    library_agents.filter(|agents| count(agents) > 0)
}

fn drafted(drafted: Drafted) -> Result<Value, Failure> {
    match drafted {
        Drafted::Now(Draft::Agent(agent, account)) => {
            Ok(json!({"success": true, "agent_json": value(&agent), "left_out": account.left_out}))
        }
        Drafted::Now(Draft::ClarifyingQuestions(questions)) => {
            Ok(json!({"success": true, "type": "clarifying_questions", "questions": questions}))
        }
        Drafted::HandedOver | Drafted::Later(_) => {
            Err(Failure::new(ErrorType::UnexpectedError, "a call without an operation was taken over"))
        }
    }
}

fn value(raw: &RawValue) -> Value {
    serde_json::from_str(raw.get()).unwrap_or(Value::Null)
}

fn answer(result: Result<Value, Failure>) -> Response {
    match result {
        Ok(body) => send(StatusCode::OK, &body),
        Err(failure) => {
            let (error_type, error) = (told_type(&failure), &failure.service_error);
            let body = send(StatusCode::OK, &json!({"success": false, "error": error, "error_type": error_type}));
            later(body, failure.retry_after)
        }
    }
}

/// Adds the seconds after which the caller may come again.
fn later(answer: Response, retry_after: Option<u32>) -> Response {
    match retry_after {
        Some(seconds) => ([(header::RETRY_AFTER, seconds.to_string())], answer).into_response(),
        None => answer,
    }
}

fn refused(status: StatusCode, error: &str) -> Response {
    send(status, &json!({"success": false, "error": error, "error_type": "validation_error"}))
}

fn send(status: StatusCode, body: &Value) -> Response {
    (status, [(header::CONTENT_TYPE, "application/json")], body.to_string()).into_response()
}
