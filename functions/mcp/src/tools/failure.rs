//! A failed call as a model can use it: the class, the message, whether to try again, and what to do next.

use serde_json::{Value, json, value::RawValue};
use shared::{
    error_answer::ErrorAnswer, error_type::ErrorType, json::Object, refusal::Refusal, request_log::RequestLog,
};

use super::{outcome::told, tool::Tool};
use crate::answer::{Answered, written};

/// What to do next, by class. The classes that pass by themselves have a sentence of their own.
const NEXT: [(ErrorType, &str); 10] = [
    (ErrorType::InvalidRequest, "Correct the arguments that the message names, and call the tool again."),
    (ErrorType::RequestTooLarge, "Send less, as the message says: a shorter text, or fewer steps or blocks."),
    (ErrorType::AgentNotFound, "Call list_agents for the agents and versions that there are."),
    (ErrorType::NotFound, "Use an id that generate_agent or change_agent has given; it is forgotten after some days."),
    (
        ErrorType::VersionConflict,
        "Read the newest version with get_agent, make the change again, and save with its number.",
    ),
    (ErrorType::ValidationError, "Correct what the problems list, and call the tool again."),
    (ErrorType::PatchError, "Say the change in other words, or make it with patch_agent."),
    (ErrorType::AlreadyEnded, "Call operation_status: it tells how the operation ended."),
    (ErrorType::LlmParseError, "Say the goal in other words, or plan it yourself with find_blocks and build_agent."),
    (ErrorType::ServiceNotConfigured, "Tell your person that this deployment does not offer it."),
];
const KEEP: &str =
    "Call save_agent with this agent_json, and for a change with agent_id and version: the work is done.";
/// Of the rules that an agent breaks, in bytes.
const PROBLEMS: usize = 8 * 1024;
const TELL: &str = "Tell your person what the message says.";

fn next(error_type: &ErrorType, retry_after: Option<u32>) -> String {
    if let Some((_, next)) = NEXT.iter().find(|(class, _)| class == error_type) {
        return (*next).to_owned();
    }
    match retry_after {
        Some(seconds) => format!("Call the tool again in {seconds} seconds."),
        None if error_type.is_retryable(None) => "Call the tool again, twice at most.".to_owned(),
        None => TELL.to_owned(),
    }
}

/// What a model reads of a refusal. Nothing of its request: it knows that.
pub(crate) fn body(refusal: &Refusal, tool: Tool, log: &RequestLog, request_id: &str) -> Result<Value, Refusal> {
    let answer = ErrorAnswer::new(refusal, tool.action(), log, request_id);
    let all: Value = answer.json().ok().and_then(|text| serde_json::from_str(&text).ok()).unwrap_or_default();
    let mut body = json!({
        "type": "error",
        "error_type": answer.error_type.name(),
        "message": answer.message,
        "retryable": all.get("retryable"),
        "next": next(&answer.error_type, answer.retry_after),
    });
    if let Some(body) = body.as_object_mut() {
        if let Some(error) = all.pointer("/details/service_error") {
            body.insert("service_error".to_owned(), error.clone());
        }
        if let Some(faults) = all.get("faults").and_then(Value::as_array) {
            let shown = fitting(faults);
            body.insert("problems".to_owned(), faults.iter().take(shown).cloned().collect());
            body.insert("more_problems".to_owned(), (faults.len() - shown).into());
        }
        body.insert("request_id".to_owned(), request_id.into());
    }
    Ok(body)
}

/// Why an agent is not kept although it should be, from the body of the answer that has the agent.
pub(super) fn not_kept(body: &Object<'_>) -> Result<Option<Box<RawValue>>, Refusal> {
    let Some(name) = body.string("error_type") else { return Ok(None) };
    let error_type = ErrorType::named(&name);
    let retryable = error_type.is_retryable(None);
    let error = json!({
        "type": "error",
        "error_type": name,
        "message": body.string("message"),
        "retryable": retryable,
        "next": if retryable { KEEP.to_owned() } else { next(&error_type, None) },
    });
    written(&error).map(Some)
}

/// How many there is room for.
fn fitting(faults: &[Value]) -> usize {
    let sizes = faults.iter().scan(0, |size, fault| {
        *size += fault.as_str().map_or(0, str::len);
        Some(*size)
    });
    sizes.take_while(|size| *size <= PROBLEMS).count()
}

/// A result of the tool, not an error of the protocol, so that the model sees it.
pub(super) fn failed(
    refusal: &Refusal,
    tool: Tool,
    log: &mut RequestLog,
    request_id: &str,
) -> Result<Answered, Refusal> {
    let body = written(&body(refusal, tool, log, request_id)?)?;
    log.note_refusal(refusal);
    Ok(Answered { result: told(&body, true)?, outcome: "error", error_type: Some(refusal.error_type()) })
}
