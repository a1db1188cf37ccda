//! An answer of the Converse API that is read while it arrives: frames of Amazon's event stream, each with its checksums.

use aws_smithy_eventstream::frame::{DecodedFrame, MessageFrameDecoder};
use aws_smithy_types::event_stream::Message;
use bytes::BytesMut;
use http_client::{Fault, HttpResponse, MAX_ANSWER};
use reqwest::header::CONTENT_TYPE;
use serde_json::{json, value::RawValue};
use shared::json::{self, Object};

use crate::model::{
    arriving::Arriving,
    said::{Said, append},
};

const EVENT_STREAM: &str = "application/vnd.amazon.eventstream";
/// What ends a stream instead of an answer, in lower case, with the status of the same refusal outside a stream.
const EXCEPTIONS: [(&str, u16); 6] = [
    ("throttlingexception", 429),
    ("validationexception", 400),
    ("modelstreamerrorexception", 424),
    ("modeltimeoutexception", 408),
    ("serviceunavailableexception", 503),
    ("internalserverexception", 500),
];

/// Gathers the events of a stream, or one JSON body after all.
#[derive(Debug)]
pub(super) struct Streamed {
    is_stream: bool,
    pub(super) said: Said,
    /// As JSON.
    pub(super) usage: Option<Box<RawValue>>,
    is_ended: bool,
    decoder: MessageFrameDecoder,
    /// Of a stream, the bytes of the frame that is not whole yet.
    bytes: BytesMut,
}

impl Streamed {
    pub(super) fn new(reply: &HttpResponse) -> Self {
        let kind = reply.headers.get(CONTENT_TYPE).map(|kind| kind.as_bytes().to_ascii_lowercase());
        Self {
            is_stream: kind.is_some_and(|kind| kind.starts_with(EVENT_STREAM.as_bytes())),
            said: Said::default(),
            usage: None,
            is_ended: false,
            decoder: MessageFrameDecoder::new(),
            bytes: BytesMut::new(),
        }
    }

    /// The body, if it is not a stream.
    pub(super) fn body(&self) -> Option<&[u8]> {
        (!self.is_stream).then_some(&self.bytes)
    }

    /// Whether the end was announced, or an error takes its place.
    pub(super) fn is_whole(&self) -> bool {
        self.is_ended || self.said.error.is_some()
    }

    fn message(&mut self, message: &Message) {
        let header = |name: &str| {
            let found = message.headers().iter().find(|header| header.name().as_str() == name);
            found.and_then(|header| header.value().as_string().ok()).map(|text| text.as_str())
        };
        let payload = String::from_utf8_lossy(message.payload());
        let payload = Object::parse(&payload).unwrap_or_default();
        if header(":message-type") == Some("event") {
            return self.event(header(":event-type").unwrap_or_default(), &payload);
        }
        let name = header(":exception-type").or_else(|| header(":error-code")).unwrap_or_default();
        let known = EXCEPTIONS.iter().find(|(known, _)| known.eq_ignore_ascii_case(name));
        let said = payload.string("message");
        let said = said.as_deref().or_else(|| header(":error-message"));
        self.said.error =
            Some(json!({"type": name, "status": known.map_or(500, |(_, status)| *status), "message": said}));
    }

    fn event(&mut self, name: &str, event: &Object<'_>) {
        match name {
            "messageStart" => self.said.is_begun = true,
            "contentBlockDelta" => {
                if let Some(delta) = event.get("delta").and_then(Object::of) {
                    self.delta(&delta);
                }
            }
            "messageStop" => {
                self.is_ended = true;
                self.said.is_begun = true;
                self.said.finish = event.string("stopReason").map(std::borrow::Cow::into_owned);
            }
            "metadata" => self.usage = event.get("usage").filter(|usage| json::is_object(usage)).map(ToOwned::to_owned),
            // Where a block begins and ends, and what is new.
            _ => {}
        }
    }

    fn delta(&mut self, delta: &Object<'_>) {
        let Said { content, arguments, reasoning, is_too_large, .. } = &mut self.said;
        let inner =
            |key: &str, field: &str| delta.get(key).and_then(Object::of)?.string(field).map(|text| text.into_owned());
        if let Some(text) = delta.string("text") {
            append(content, &text, is_too_large);
        } else if let Some(input) = inner("toolUse", "input") {
            append(arguments, &input, is_too_large);
        } else if let Some(thought) = inner("reasoningContent", "text") {
            append(reasoning, &thought, is_too_large);
        }
    }
}

impl Arriving for Streamed {
    fn take(&mut self, bytes: &[u8]) -> Result<(), Fault> {
        self.bytes.extend_from_slice(bytes);
        while self.is_stream {
            match self.decoder.decode_frame(&mut self.bytes) {
                Ok(DecodedFrame::Complete(message)) => self.message(&message),
                Ok(DecodedFrame::Incomplete) => break,
                // A checksum is wrong: nothing after it can be trusted.
                Err(_) => return Err(Fault::Broken),
            }
        }
        Ok(())
    }

    fn said(&self) -> &Said {
        &self.said
    }

    fn is_too_large(&self) -> bool {
        self.said.is_too_large || self.bytes.len() > MAX_ANSWER
    }
}
