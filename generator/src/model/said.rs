//! What a model said, gathered from an answer or from the pieces of a stream.

use http_client::{HttpResponse, MAX_ANSWER};
use serde_json::{Value, value::RawValue};
use shared::{
    failure::Failure,
    json::{self, Object},
};

use super::{
    failures::{cut_off, too_large, unusable, withheld},
    refusal::Refusal,
};

/// Why an answer ended, in lower case, by what it means.
const CUT_OFF: [&str; 6] =
    ["length", "max_tokens", "max_output_tokens", "model_length", "token_limit", "model_context_window_exceeded"];
const FILTERED: [&str; 9] = [
    "content_filter",
    "content_filtered",
    "guardrail_intervened",
    "safety",
    "recitation",
    "blocklist",
    "prohibited_content",
    "spii",
    "sensitive",
];
const MISSHAPEN: [&str; 3] = ["malformed_function_call", "malformed_tool_use", "malformed_model_output"];

/// The parts of an answer. `append` bounds each of them.
#[derive(Debug, Default)]
pub(super) struct Said {
    pub(super) content: String,
    /// The arguments of a tool call, or an object that was already parsed.
    pub(super) arguments: String,
    pub(super) reasoning: String,
    pub(super) refuses: bool,
    pub(super) finish: Option<String>,
    pub(super) error: Option<Value>,
    /// A choice or message arrived, however empty.
    pub(super) is_begun: bool,
    pub(super) is_too_large: bool,
}

/// What to make of [`Said`].
#[derive(Debug)]
pub(super) enum Meaning {
    Answer {
        text: String,
        /// The model reached its limit of tokens.
        cut_off: bool,
    },
    /// Nothing at all: asking again may help.
    Empty,
    Refused(Refusal),
    Failed(Failure),
}

/// Appends `text` unless there is too much already.
pub(super) fn append(said: &mut String, text: &str, is_too_large: &mut bool) {
    if said.len() + text.len() > MAX_ANSWER {
        *is_too_large = true;
    } else {
        said.push_str(text);
    }
}

impl Said {
    /// The answer as far as it has come.
    pub(super) fn so_far(&self) -> &str {
        if self.arguments.is_empty() { &self.content } else { &self.arguments }
    }

    /// Adds a message, or a piece of one.
    pub(super) fn add(&mut self, message: &Object<'_>) {
        self.is_begun = true;
        if let Some(content) = message.get("content") {
            self.add_content(content);
        }
        for key in ["reasoning_content", "reasoning", "thinking"] {
            if let Some(text) = message.string(key) {
                append(&mut self.reasoning, &text, &mut self.is_too_large);
                break;
            }
        }
        if let Some(parsed) = message.get("parsed").filter(|parsed| json::is_object(parsed)) {
            append(&mut self.arguments, parsed.get(), &mut self.is_too_large);
        } else {
            let calls = message.get("tool_calls").and_then(json::elements).unwrap_or_default();
            let called = calls.first().copied().and_then(Object::of);
            // Later calls are no part of the answer.
            let called =
                called.filter(|call| call.get("index").is_none_or(|index| index.get() == "0")).unwrap_or_default();
            let function = called.get("function").or_else(|| message.get("function_call")).and_then(Object::of);
            if let Some(arguments) = function.as_ref().and_then(|function| function.get("arguments")) {
                append(&mut self.arguments, &json::text(arguments), &mut self.is_too_large);
            }
        }
        self.refuses |= message.string("refusal").is_some_and(|refusal| !refusal.trim().is_empty());
    }

    /// A string, an object, or the texts of a list of parts.
    fn add_content(&mut self, content: &RawValue) {
        let Some(parts) = json::elements(content) else {
            let text =
                if json::is_object(content) { content.get().into() } else { json::string(content).unwrap_or_default() };
            append(&mut self.content, &text, &mut self.is_too_large);
            return;
        };
        for part in parts {
            let text = match Object::of(part) {
                Some(part) if part.string("type").is_some_and(|kind| matches!(&*kind, "thinking" | "reasoning")) => {
                    None
                }
                Some(part) => {
                    part.get("text").or_else(|| part.get("json")).or_else(|| part.get("input")).map(json::text)
                }
                None => json::string(part),
            };
            append(&mut self.content, &text.unwrap_or_default(), &mut self.is_too_large);
        }
    }

    pub(super) fn is_silent(&self) -> bool {
        [&self.content, &self.arguments].into_iter().all(|text| text.trim().is_empty())
    }

    pub(super) fn is_whole_json(&self) -> bool {
        json::parse(self.content.trim()).is_ok()
    }

    /// Judges an answer that has arrived whole.
    pub(super) fn meaning(self, reply: &HttpResponse) -> Meaning {
        if self.is_too_large {
            return Meaning::Failed(too_large(reply));
        }
        let finish = self.finish.as_deref().unwrap_or_default().to_lowercase();
        let is_of = |names: &[&str]| names.contains(&finish.as_str());
        if let Some(error) = &self.error {
            return Meaning::Refused(Refusal::inside(error, &reply.headers));
        }
        if is_of(&MISSHAPEN) {
            return Meaning::Refused(Refusal::misshapen());
        }
        if finish == "error" {
            return Meaning::Refused(Refusal::inside(&Value::Null, &reply.headers));
        }
        if is_of(&FILTERED) {
            return Meaning::Failed(withheld(reply, "was withheld by a content filter"));
        }
        let Self { content, arguments, reasoning, refuses, is_begun, .. } = self;
        let is_blank = |text: &str| text.trim().is_empty();
        let text = match (is_blank(&content), is_blank(&arguments)) {
            (false, false) if json::parse(&arguments).is_ok_and(json::is_object) => arguments,
            // The reader takes the last object that fits.
            (false, false) => format!("{content}\n{arguments}"),
            (false, true) => content,
            (true, false) => arguments,
            (true, true) if refuses => return Meaning::Failed(withheld(reply, "is a refusal")),
            (true, true) if !is_blank(&reasoning) => reasoning,
            (true, true) if is_of(&CUT_OFF) => return Meaning::Failed(cut_off(Some(reply.status))),
            (true, true) if is_begun => return Meaning::Empty,
            (true, true) => return Meaning::Failed(unusable(reply, "has no choices")),
        };
        Meaning::Answer { text, cut_off: is_of(&CUT_OFF) }
    }
}
