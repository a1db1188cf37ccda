//! Frames of Amazon's event stream, as Bedrock sends them.

use aws_smithy_eventstream::frame::write_message_to;
use aws_smithy_types::event_stream::{Header, HeaderValue, Message};
use serde_json::{Value, json};

pub(crate) const EVENT_STREAM: &str = "application/vnd.amazon.eventstream";

fn framed(headers: &[(&'static str, &str)], payload: &Value) -> Vec<u8> {
    let header =
        |(name, value): &(&'static str, &str)| Header::new(*name, HeaderValue::String((*value).to_owned().into()));
    let message = Message::new_from_parts(headers.iter().map(header).collect(), payload.to_string());
    let mut bytes = Vec::new();
    write_message_to(&message, &mut bytes).unwrap();
    bytes
}

pub(crate) fn event(name: &str, payload: &Value) -> Vec<u8> {
    framed(&[(":event-type", name), (":content-type", "application/json"), (":message-type", "event")], payload)
}

pub(crate) fn exception(name: &str, message: &str) -> Vec<u8> {
    framed(
        &[(":exception-type", name), (":content-type", "application/json"), (":message-type", "exception")],
        &json!({"message": message}),
    )
}

pub(crate) fn start() -> Vec<u8> {
    event("messageStart", &json!({"role": "assistant"}))
}

/// A piece of what the tool is called with.
pub(crate) fn input(piece: &str) -> Vec<u8> {
    event("contentBlockDelta", &json!({"contentBlockIndex": 0, "delta": {"toolUse": {"input": piece}}}))
}

pub(crate) fn text(piece: &str) -> Vec<u8> {
    event("contentBlockDelta", &json!({"contentBlockIndex": 0, "delta": {"text": piece}}))
}

/// The end of the answer, and the count of its tokens.
pub(crate) fn stop(reason: &str) -> Vec<u8> {
    let usage =
        json!({"usage": {"inputTokens": 120, "outputTokens": 34, "totalTokens": 154}, "metrics": {"latencyMs": 9}});
    [event("messageStop", &json!({"stopReason": reason})), event("metadata", &usage)].concat()
}
