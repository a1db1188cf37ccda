//! The generator as an HTTP server, with the API of a remote Agent Generator: CONTRACT 8.
//!
//! A malformed request gets 400 (413 if it is too long). Every result of the planner is 200, failures included, with
//! `Retry-After` if the failure has one.

mod args;

use std::sync::Arc;

use axum::{
    Router,
    body::Bytes,
    extract::{DefaultBodyLimit, State, rejection::BytesRejection},
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
    request::Goal,
};
use tokio::time::{Duration, Instant};

pub use self::args::{Args, ArgsError};

/// In bytes: an agent of 5 MiB and the rest of the request.
pub const BODY_LIMIT: usize = 6 * 1024 * 1024;

/// A longer configured timeout could overflow the clock.
const LONGEST_TIMEOUT: Duration = Duration::from_secs(24 * 60 * 60);

#[derive(Clone)]
struct Planning {
    generator: Arc<dyn AgentGenerator>,
    timeout: Duration,
}

impl Planning {
    fn deadline(&self) -> Instant {
        Instant::now() + self.timeout.min(LONGEST_TIMEOUT)
    }
}

/// `timeout` is the limit for each call of `generator`.
pub fn router(generator: Arc<dyn AgentGenerator>, timeout: Duration) -> Router {
    Router::new()
        .route("/api/decompose-description", post(decompose))
        .route("/api/generate-agent", post(generate))
        .route("/api/update-agent", post(update))
        .route("/api/blocks", get(blocks))
        .route("/health", get(health))
        .fallback(async || refused(StatusCode::NOT_FOUND, "there is no such route"))
        .method_not_allowed_fallback(async || {
            refused(StatusCode::METHOD_NOT_ALLOWED, "this route takes another method")
        })
        .layer(DefaultBodyLimit::max(BODY_LIMIT))
        .with_state(Planning { generator, timeout })
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
}

#[derive(Deserialize)]
struct UpdateBody {
    update_request: String,
    current_agent_json: Box<RawValue>,
    library_agents: Option<Box<RawValue>>,
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
    let body: DecomposeBody = match parse_body(body) {
        Ok(body) => body,
        Err(answer) => return answer,
    };
    let context = body.user_instruction.filter(|context| !context.trim().is_empty());
    let library = agents(body.library_agents.as_deref());
    let Ok(goal) = Goal::new(Some(body.description.into()), context.map(Into::into), library) else {
        return refused(StatusCode::BAD_REQUEST, "the description is blank");
    };
    let called = planning.generator.decompose(goal.call(None), planning.deadline()).await;
    answer(called.result.map(|decomposition| match decomposition {
        Decomposition::Instructions { steps, account } => {
            let left_out = account.left_out;
            json!({"success": true, "type": "instructions", "steps": value(&steps), "left_out": left_out})
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
    }))
}

async fn generate(State(planning): State<Planning>, body: Result<Bytes, BytesRejection>) -> Response {
    let body: GenerateBody = match parse_body(body) {
        Ok(body) => body,
        Err(answer) => return answer,
    };
    if !body.instructions.get().starts_with('{') {
        return refused(StatusCode::BAD_REQUEST, "the instructions are not an object");
    }
    let library_agents = agents(body.library_agents.as_deref());
    let call = GenerateCall { instructions: &body.instructions, library_agents, operation: None };
    answer(planning.generator.generate(call, planning.deadline()).await.result.and_then(drafted))
}

async fn update(State(planning): State<Planning>, body: Result<Bytes, BytesRejection>) -> Response {
    let body: UpdateBody = match parse_body(body) {
        Ok(body) => body,
        Err(answer) => return answer,
    };
    if !body.current_agent_json.get().starts_with('{') {
        return refused(StatusCode::BAD_REQUEST, "the current agent is not an object");
    }
    let UpdateBody { update_request, current_agent_json, library_agents } = &body;
    let call = PatchCall {
        update_request,
        current_agent_json,
        library_agents: agents(library_agents.as_deref()),
        operation: None,
    };
    answer(planning.generator.patch(call, planning.deadline()).await.result.and_then(drafted))
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
        Drafted::HandedOver => {
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
            // A limit is a name of the functions' own: from a generator it would be `unknown`.
            let error_type = match &failure.error_type {
                ErrorType::RequestTooLarge => ErrorType::ValidationError.name(),
                class => class.name(),
            };
            let error = failure.service_error;
            let body = send(StatusCode::OK, &json!({"success": false, "error": error, "error_type": error_type}));
            match failure.retry_after {
                Some(seconds) => ([(header::RETRY_AFTER, seconds.to_string())], body).into_response(),
                None => body,
            }
        }
    }
}

fn refused(status: StatusCode, error: &str) -> Response {
    send(status, &json!({"success": false, "error": error, "error_type": "validation_error"}))
}

fn send(status: StatusCode, body: &Value) -> Response {
    (status, [(header::CONTENT_TYPE, "application/json")], body.to_string()).into_response()
}
