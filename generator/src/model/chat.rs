//! The port: what a model is asked, and what it answered.

use std::{fmt, future::Future, pin::Pin};

use http_client::Limits;
use shared::{
    failure::{Failure, ModelUse},
    progress::Progress,
};

/// Boxed, because the model is chosen when the process starts.
pub type CompletionFuture<'a> = Pin<Box<dyn Future<Output = Completion> + Send + 'a>>;

pub trait ChatModel: fmt::Debug + Send + Sync {
    fn complete<'a>(&'a self, chat: Chat<'a>, limits: Limits) -> CompletionFuture<'a>;
}

#[derive(Debug, Clone, Copy)]
pub struct Chat<'a> {
    /// The system prompt.
    pub instructions: &'a str,
    /// The first and the last turn are the user's.
    pub turns: &'a [Turn],
    pub form: &'a AnswerForm,
    /// Hears what an answer names while it arrives.
    pub progress: &'a dyn Progress,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Turn {
    pub speaker: Speaker,
    pub text: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Speaker {
    /// This program.
    User,
    Assistant,
}

/// The JSON Schema of an answer, which is always an object.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AnswerForm {
    /// `[a-z_]+`
    pub name: &'static str,
    pub description: &'static str,
    /// As JSON text.
    pub schema: &'static str,
    /// Structured output can enforce the schema strictly: every object is closed, every property required.
    pub strict: bool,
}

/// An answer or a failure, with what the log line reports about it.
#[derive(Debug)]
pub struct Completion {
    pub result: Result<String, Failure>,
    /// The model reached its limit of tokens; the answer may be whole all the same.
    pub cut_off: bool,
    /// The server counted fewer tokens than the prompt can have: its window is too small.
    pub prompt_cut: bool,
    /// Requests sent; 0 if no time was left.
    pub attempts: u32,
    /// HTTP status of the last answer.
    pub upstream_status: Option<u16>,
    pub used: ModelUse,
}
