//! The generator as a small HTTP server: the wire that a remote Agent Generator speaks.
//!
//! A request that is none gets 400 (413 where it is too long) in the failure shape; whatever the planner says, a
//! failure included, is 200, as a remote generator says it.

mod args;

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
use shared::generator::{AgentGenerator, Decomposition, Draft, Failure};
use tokio::time::{Duration, Instant};

pub use self::args::{Args, ArgsError};
use crate::Builtin;

/// The longest body that is read, in bytes: an agent of 5 MiB and what goes with it.
pub const BODY_LIMIT: usize = 6 * 1024 * 1024;

/// Planning takes milliseconds; the port asks for a deadline all the same.
const DEADLINE: Duration = Duration::from_secs(60);

/// The routes, answered by `builtin`.
pub fn router(builtin: Builtin) -> Router {
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
        .with_state(builtin)
}

#[derive(Deserialize)]
struct DecomposeBody {
    description: String,
    user_instruction: Option<String>,
}

#[derive(Deserialize)]
struct GenerateBody {
    instructions: Box<RawValue>,
}

#[derive(Deserialize)]
struct UpdateBody {
    update_request: String,
    current_agent_json: Box<RawValue>,
}

/// A body of the right shape, or the answer to one that is none.
#[expect(clippy::result_large_err, reason = "the error is the answer, made once and sent")]
fn read<T: for<'de> Deserialize<'de>>(body: Result<Bytes, BytesRejection>) -> Result<T, Response> {
    let body = body.map_err(|rejection| match rejection.status() {
        StatusCode::PAYLOAD_TOO_LARGE => {
            refused(StatusCode::PAYLOAD_TOO_LARGE, &format!("the body has more than {BODY_LIMIT} bytes"))
        }
        _ => refused(StatusCode::BAD_REQUEST, "the body could not be read"),
    })?;
    serde_json::from_slice(&body)
        .map_err(|error| refused(StatusCode::BAD_REQUEST, &format!("the body is not what this route takes: {error}")))
}

async fn decompose(State(builtin): State<Builtin>, body: Result<Bytes, BytesRejection>) -> Response {
    let body: DecomposeBody = match read(body) {
        Ok(body) => body,
        Err(answer) => return answer,
    };
    if body.description.trim().is_empty() {
        return refused(StatusCode::BAD_REQUEST, "the description is blank");
    }
    let context = body.user_instruction.as_deref().filter(|context| !context.trim().is_empty());
    answer(builtin.decompose_now(&body.description, context).map(|decomposition| match decomposition {
        Decomposition::Instructions { steps } => {
            json!({"success": true, "type": "instructions", "steps": value(&steps)})
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

async fn generate(State(builtin): State<Builtin>, body: Result<Bytes, BytesRejection>) -> Response {
    let body: GenerateBody = match read(body) {
        Ok(body) => body,
        Err(answer) => return answer,
    };
    if !body.instructions.get().starts_with('{') {
        return refused(StatusCode::BAD_REQUEST, "the instructions are no object");
    }
    answer(builtin.generate_now(&body.instructions).map(drafted))
}

async fn update(State(builtin): State<Builtin>, body: Result<Bytes, BytesRejection>) -> Response {
    let body: UpdateBody = match read(body) {
        Ok(body) => body,
        Err(answer) => return answer,
    };
    if !body.current_agent_json.get().starts_with('{') {
        return refused(StatusCode::BAD_REQUEST, "the current agent is no object");
    }
    answer(builtin.patch_now(&body.update_request, &body.current_agent_json).map(drafted))
}

async fn blocks(State(builtin): State<Builtin>) -> Response {
    let called = builtin.blocks(Instant::now() + DEADLINE).await;
    answer(called.result.map(|blocks| json!({"success": true, "blocks": value(&blocks)})))
}

async fn health(State(builtin): State<Builtin>) -> Response {
    let called = builtin.health(Instant::now() + DEADLINE).await;
    let healthy = called.result.is_ok_and(|health| health.healthy && health.blocks_loaded);
    let status = if healthy { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
    send(status, &json!({"status": if healthy { "healthy" } else { "unhealthy" }, "blocks_loaded": healthy}))
}

fn drafted(draft: Draft) -> Value {
    match draft {
        Draft::Agent(agent) => json!({"success": true, "agent_json": value(&agent)}),
        Draft::ClarifyingQuestions(questions) => {
            json!({"success": true, "type": "clarifying_questions", "questions": questions})
        }
    }
}

fn value(raw: &RawValue) -> Value {
    serde_json::from_str(raw.get()).unwrap_or(Value::Null)
}

fn answer(result: Result<Value, Failure>) -> Response {
    match result {
        Ok(body) => send(StatusCode::OK, &body),
        Err(failure) => send(
            StatusCode::OK,
            &json!({"success": false, "error": failure.service_error, "error_type": failure.error_type.name()}),
        ),
    }
}

fn refused(status: StatusCode, error: &str) -> Response {
    send(status, &json!({"success": false, "error": error, "error_type": "validation_error"}))
}

fn send(status: StatusCode, body: &Value) -> Response {
    (status, [(header::CONTENT_TYPE, "application/json")], body.to_string()).into_response()
}
