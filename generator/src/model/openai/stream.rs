//! Server-Sent Events of a chat completion, gathered while they arrive.

use http_client::{Fault, MAX_ANSWER};
use serde_json::value::RawValue;
use shared::json::{self, Object};

use crate::model::{
    arriving::Arriving,
    body::whole_surrogates,
    said::{Said, append},
};

/// Bytes that begin a stream of events; everything else is taken for one JSON body.
const BEGINNINGS: [&[u8]; 5] = [b"data:", b"event:", b"id:", b"retry:", b":"];

/// Whether a body that begins like this is a stream; `None` if it is too short to tell.
pub(super) fn is_stream(body: &[u8]) -> Option<bool> {
    let text = body.strip_prefix(b"\xef\xbb\xbf").unwrap_or(body).trim_ascii_start();
    if BEGINNINGS.iter().any(|beginning| text.starts_with(beginning)) {
        return Some(true);
    }
    let may_become = text.is_empty() || BEGINNINGS.iter().any(|beginning| beginning.starts_with(text));
    (!may_become).then_some(false)
}

/// Gathers a stream of events, or one JSON body.
#[derive(Debug, Default)]
pub(super) struct Streamed {
    /// What does not belong to a stream.
    pub(super) raw: Vec<u8>,
    pub(super) events: Events,
    pub(super) is_events: bool,
}

impl Arriving for Streamed {
    fn take(&mut self, bytes: &[u8]) -> Result<(), Fault> {
        if self.is_events {
            self.events.take(bytes);
            return Ok(());
        }
        self.raw.extend_from_slice(bytes);
        if is_stream(&self.raw) == Some(true) {
            self.is_events = true;
            self.events.take(&std::mem::take(&mut self.raw));
        }
        Ok(())
    }

    fn said(&self) -> &Said {
        &self.events.said
    }

    fn is_too_large(&self) -> bool {
        self.events.said.is_too_large || self.raw.len() > MAX_ANSWER
    }
}

#[derive(Debug, Default)]
pub(super) struct Events {
    pub(super) said: Said,
    /// The last usage that was told, as JSON.
    pub(super) usage: Option<Box<RawValue>>,
    /// The end was announced, or a reason to finish given.
    pub(super) is_whole: bool,
    line: Vec<u8>,
}

impl Events {
    pub(super) fn take(&mut self, bytes: &[u8]) {
        let mut lines = bytes.split(|byte| *byte == b'\n');
        let last = lines.next_back().unwrap_or_default();
        for end in lines {
            let begun = std::mem::take(&mut self.line);
            if begun.is_empty() { self.line_of(end) } else { self.line_of(&[&begun, end].concat()) }
        }
        if self.line.len() + last.len() > MAX_ANSWER {
            self.said.is_too_large = true;
        } else {
            self.line.extend_from_slice(last);
        }
    }

    /// Call this at the end of the body: the last line may have no end of its own.
    pub(super) fn finish(&mut self) {
        let line = std::mem::take(&mut self.line);
        self.line_of(&line);
    }

    fn line_of(&mut self, line: &[u8]) {
        let line = String::from_utf8_lossy(line);
        let Some(data) = line.trim_start_matches('\u{feff}').trim_start().strip_prefix("data:") else { return };
        let data = data.trim();
        if data == "[DONE]" {
            self.is_whole = true;
            return;
        }
        let data = whole_surrogates(data);
        // A line that is not JSON is a comment of some gateway's.
        if let Ok(event) = Object::parse(&data) {
            self.event(&event);
        }
    }

    fn event(&mut self, event: &Object<'_>) {
        if let Some(usage) = event.get("usage").filter(|usage| json::is_object(usage)) {
            self.usage = Some(usage.to_owned());
        }
        take_error(&mut self.said, event);
        let choices = event.get("choices").and_then(json::elements).unwrap_or_default();
        let Some(choice) = choices.first().copied().and_then(Object::of) else { return };
        self.said.is_begun = true;
        if let Some(piece) = choice.get("delta").or_else(|| choice.get("message")).and_then(Object::of) {
            self.said.add(&piece);
        }
        if let Some(text) = choice.string("text") {
            append(&mut self.said.content, &text, &mut self.said.is_too_large);
        }
        take_end(&mut self.said, &choice);
        self.is_whole |= self.said.finish.is_some();
    }
}

/// Notes the error of an answer or an event.
pub(super) fn take_error(said: &mut Said, answer: &Object<'_>) {
    if let Some(error) = answer.get("error").filter(|error| !json::is_null(error)) {
        said.error = serde_json::from_str(error.get()).ok();
    }
}

/// Notes why a choice ended.
pub(super) fn take_end(said: &mut Said, choice: &Object<'_>) {
    take_error(said, choice);
    if let Some(finish) = choice.string("finish_reason") {
        said.finish = Some(finish.into_owned());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const EVENTS: &str = concat!(
        ": keep-alive\r\n\r\n",
        "data: {\"choices\":[{\"delta\":{\"role\":\"assistant\",\"content\":\"\"}}]}\r\n\r\n",
        "data: {\"choices\":[{\"delta\":{\"content\":\"{\\\"a\\\":\"}}]}\n\n",
        "event: message\ndata:{\"choices\":[{\"delta\":{\"content\":\"\\\"é\\\"}\"},\"finish_reason\":\"stop\"}]}\n\n",
        "data: {\"choices\":[],\"usage\":{\"prompt_tokens\":3}}\n\ndata: [DONE]",
    );

    #[test]
    fn a_stream_gives_the_same_answer_however_it_is_cut_into_packets() {
        for size in 1..=EVENTS.len() {
            let mut events = Events::default();
            EVENTS.as_bytes().chunks(size).for_each(|packet| events.take(packet));
            events.finish();
            assert_eq!((events.said.content.as_str(), events.is_whole), ("{\"a\":\"é\"}", true), "{size}");
            assert_eq!(events.usage.unwrap().get(), r#"{"prompt_tokens":3}"#);
        }
    }

    #[test]
    fn a_stream_is_told_from_a_body() {
        for (body, stream) in [
            ("data: x", Some(true)),
            (": ping", Some(true)),
            ("\u{feff}\n\nevent: x", Some(true)),
            ("{\"a\"", Some(false)),
            ("<html>", Some(false)),
            ("", None),
            ("da", None),
        ] {
            assert_eq!(is_stream(body.as_bytes()), stream, "{body}");
        }
    }
}
