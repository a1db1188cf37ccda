//! The UI message stream of the AI SDK, version 1, which its `useChat` reads:
//! <https://ai-sdk.dev/docs/ai-sdk-ui/stream-protocol>.

use lifecycle::progress::{Entry, Told};
use serde::Serialize;

/// The one text of a message.
const TEXT: &str = "explanation";
const DONE: &str = "data: [DONE]\n\n";

/// The parts of one message.
pub(crate) struct UiMessages {
    operation_id: String,
    /// Words have begun and may go on.
    is_text_open: bool,
}

#[derive(Serialize)]
#[serde(tag = "type", rename_all = "kebab-case")]
enum Part<'a> {
    #[serde(rename_all = "camelCase")]
    Start {
        message_id: &'a str,
    },
    /// Each takes the place of the one before: the id is the same.
    DataOperation {
        id: &'a str,
        data: Operation<'a>,
    },
    TextStart {
        id: &'static str,
    },
    TextDelta {
        id: &'static str,
        delta: &'a str,
    },
    TextEnd {
        id: &'static str,
    },
    #[serde(rename_all = "camelCase")]
    Error {
        error_text: &'a str,
    },
    Finish,
}

#[derive(Serialize)]
struct Operation<'a> {
    operation_id: &'a str,
    status: &'static str,
    event: &'a Entry,
}

impl UiMessages {
    pub(crate) fn new(operation_id: &str) -> Self {
        Self { operation_id: operation_id.to_owned(), is_text_open: false }
    }

    pub(crate) fn begin(&self) -> String {
        written(&Part::Start { message_id: &self.operation_id })
    }

    pub(crate) fn parts(&mut self, entry: &Entry) -> String {
        let mut text = String::new();
        if let Told::Text { delta } = &entry.told {
            if !self.is_text_open {
                text.push_str(&written(&Part::TextStart { id: TEXT }));
            }
            self.is_text_open = true;
            text.push_str(&written(&Part::TextDelta { id: TEXT, delta }));
            return text;
        }
        let operation_id = self.operation_id.as_str();
        let data = Operation { operation_id, status: status(&entry.told), event: entry };
        text.push_str(&written(&Part::DataOperation { id: operation_id, data }));
        if !entry.told.is_end() {
            return text;
        }
        if std::mem::take(&mut self.is_text_open) {
            text.push_str(&written(&Part::TextEnd { id: TEXT }));
        }
        if let Told::Failed { message, .. } = &entry.told {
            text.push_str(&written(&Part::Error { error_text: message }));
        }
        text.push_str(&written(&Part::Finish));
        text.push_str(DONE);
        text
    }
}

fn written(part: &Part<'_>) -> String {
    // A part can always be written: its keys are strings.
    format!("data: {}\n\n", serde_json::to_string(part).unwrap_or_default())
}

/// The operation's status after this.
fn status(told: &Told) -> &'static str {
    match told {
        Told::Accepted | Told::AttemptFailed { .. } => "accepted",
        end if end.is_end() => end.name(),
        _ => "running",
    }
}
