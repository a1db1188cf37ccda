//! Answers of JSON-RPC as replies over HTTP.

use serde::Serialize;
use serde_json::value::RawValue;
use shared::{action::Action, error_type::ErrorType, json, refusal::Refusal, reply::Reply};

use crate::fault::Fault;

/// How long a client may keep a list, in milliseconds: lists change with a deployment.
const LISTS_TTL_MS: u32 = 3_600_000;

/// A result, and what the log line tells of it.
pub(crate) struct Answered {
    pub(crate) result: Box<RawValue>,
    pub(crate) outcome: &'static str,
    /// Of a tool that failed: the message is a result all the same.
    pub(crate) error_type: Option<ErrorType>,
}

impl Answered {
    /// # Errors
    /// The result cannot be written.
    pub(crate) fn new(outcome: &'static str, result: &impl Serialize) -> Result<Self, Refusal> {
        Ok(Self { result: written(result)?, outcome, error_type: None })
    }
}

/// The JSON of something that is sent.
pub(crate) fn written(value: &impl Serialize) -> Result<Box<RawValue>, Refusal> {
    json::to_raw(value).map_err(|_| Refusal::unexpected(Action::Mcp, "the answer could not be written"))
}

/// What revision 2026-07-28 adds to every result. Older clients ignore it.
#[derive(Serialize)]
pub(crate) struct Complete<T> {
    #[serde(rename = "resultType")]
    result_type: &'static str,
    #[serde(flatten)]
    result: T,
}

impl<T> Complete<T> {
    pub(crate) fn new(result: T) -> Self {
        Self { result_type: "complete", result }
    }
}

/// A result that clients may keep for a while.
#[derive(Serialize)]
pub(crate) struct Cacheable<T> {
    #[serde(rename = "ttlMs")]
    ttl_ms: u32,
    #[serde(rename = "cacheScope")]
    cache_scope: &'static str,
    #[serde(flatten)]
    result: T,
}

/// The same for every caller.
pub(crate) fn public<T>(result: T) -> Complete<Cacheable<T>> {
    Complete::new(Cacheable { ttl_ms: LISTS_TTL_MS, cache_scope: "public", result })
}

/// This caller's, and never kept.
pub(crate) fn private<T>(result: T) -> Complete<Cacheable<T>> {
    Complete::new(Cacheable { ttl_ms: 0, cache_scope: "private", result })
}

#[derive(Serialize)]
struct Envelope<'a> {
    jsonrpc: &'static str,
    id: Option<&'a RawValue>,
    #[serde(skip_serializing_if = "Option::is_none")]
    result: Option<&'a RawValue>,
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<ErrorBody<'a>>,
}

#[derive(Serialize)]
struct ErrorBody<'a> {
    code: i32,
    message: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    data: Option<&'a serde_json::Value>,
}

pub(crate) fn result(id: &RawValue, answered: &Answered) -> Result<Reply, Refusal> {
    let body = Envelope { jsonrpc: "2.0", id: Some(id), result: Some(&answered.result), error: None };
    let reply = Reply::new(200, answered.outcome, text(&body)?);
    Ok(Reply { error_type: answered.error_type.clone(), ..reply })
}

/// `id` is `None` if it could not be read.
pub(crate) fn fault(id: Option<&RawValue>, fault: &Fault, is_stateless: bool) -> Result<Reply, Refusal> {
    let Fault { code, message, data } = fault;
    let error = ErrorBody { code: code.number(), message, data: data.as_ref() };
    let body = text(&Envelope { jsonrpc: "2.0", id, result: None, error: Some(error) })?;
    Ok(Reply { error_type: Some(code.error_type()), ..Reply::new(code.status(is_stateless), "error", body) })
}

/// What a list of problems is headed by.
pub(crate) fn counted(what: &str, problems: usize) -> String {
    if problems == 1 { format!("The {what} has a problem.") } else { format!("The {what} has {problems} problems.") }
}

/// As JSON that is written already.
pub(crate) fn embedded(text: &'static str) -> Result<&'static RawValue, Refusal> {
    serde_json::from_str(text).map_err(|_| Refusal::unexpected(Action::Mcp, "an embedded table is broken"))
}

fn text(body: &Envelope<'_>) -> Result<String, Refusal> {
    serde_json::to_string(body).map_err(|_| Refusal::unexpected(Action::Mcp, "the answer could not be written"))
}
