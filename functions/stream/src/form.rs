//! How the client wants the events.

use lambda::{function::Http, media::prefers_a_stream};
use lambda_http::http::{HeaderName, HeaderValue};
use lifecycle::progress::Entry;
use shared::bad_request::BadRequest;

use crate::{events, ui_messages::UiMessages};

pub(crate) const EVENT_STREAM: HeaderValue = HeaderValue::from_static("text/event-stream");
const UI_MESSAGE_STREAM: &str = "ui-message-stream";
/// The client of the AI SDK checks it.
const UI_MESSAGE_STREAM_VERSION: (HeaderName, HeaderValue) =
    (HeaderName::from_static("x-vercel-ai-ui-message-stream"), HeaderValue::from_static("v1"));

pub(crate) enum Form {
    /// Server-Sent Events, one for each entry.
    Events,
    /// The AI SDK's UI message stream.
    UiMessages(UiMessages),
}

impl Form {
    pub(crate) fn ui_messages(operation_id: &str) -> Self {
        Self::UiMessages(UiMessages::new(operation_id))
    }

    /// `None`: JSON.
    ///
    /// # Errors
    /// The parameter `format` is not known.
    pub(crate) fn asked(http: Http<'_>, operation_id: &str) -> Result<Option<Self>, BadRequest> {
        match http.query.get("format") {
            Some(UI_MESSAGE_STREAM) => Ok(Some(Self::ui_messages(operation_id))),
            Some(_) => {
                Err(BadRequest::WrongForm { what: "parameter format", form: "ui-message-stream, if it is given" })
            }
            None => Ok(prefers_a_stream(http.headers).then_some(Self::Events)),
        }
    }

    /// Whether the client cannot go on where it was cut.
    pub(crate) fn starts_at_the_beginning(&self) -> bool {
        matches!(self, Self::UiMessages(_))
    }

    pub(crate) fn header(&self) -> Option<(HeaderName, HeaderValue)> {
        matches!(self, Self::UiMessages(_)).then_some(UI_MESSAGE_STREAM_VERSION)
    }

    /// What is sent at once, so that the client knows that it is connected.
    pub(crate) fn begin(&self) -> String {
        match self {
            Self::Events => events::BEGIN.to_owned(),
            Self::UiMessages(messages) => messages.begin(),
        }
    }

    pub(crate) fn entries(&mut self, entries: &[Entry]) -> String {
        match self {
            Self::Events => entries.iter().map(events::event).collect(),
            Self::UiMessages(messages) => entries.iter().map(|entry| messages.parts(entry)).collect(),
        }
    }
}
