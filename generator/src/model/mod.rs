//! The port to a language model: a conversation goes in, a text comes out, by the deadline.
//!
//! Two adapters exist: [`openai`] for any OpenAI-compatible API, and [`bedrock`].

mod asking;
pub mod bedrock;
pub mod openai;

use std::{fmt, future::Future, pin::Pin, sync::Arc};

use http_client::Limits;
use shared::{
    environment::BadConfig,
    failure::{Failure, ModelUse},
};

use self::{bedrock::Bedrock, openai::OpenAi};
use crate::config::{Config, Planner};

/// A completion on its way. Boxed, because the model is chosen when the process starts.
pub type CompletionFuture<'a> = Pin<Box<dyn Future<Output = Completion> + Send + 'a>>;

/// A language model.
pub trait ChatModel: fmt::Debug + Send + Sync {
    /// Answers a conversation, within `limits`.
    fn complete<'a>(&'a self, chat: Chat<'a>, limits: Limits) -> CompletionFuture<'a>;
}

/// What a model is asked.
#[derive(Debug, Clone, Copy)]
pub struct Chat<'a> {
    /// How it is to work: the system prompt.
    pub instructions: &'a str,
    /// What was said so far; the first and the last turn are ours.
    pub turns: &'a [Turn],
    /// The form of the answer.
    pub form: &'a AnswerForm,
}

/// One turn of a conversation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Turn {
    /// Who speaks.
    pub speaker: Speaker,
    /// What is said.
    pub text: String,
}

/// Who speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Speaker {
    /// We do.
    User,
    /// The model does.
    Assistant,
}

/// The form of an answer: a JSON object that keeps a JSON Schema.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AnswerForm {
    /// Its name, of `[a-z_]`.
    pub name: &'static str,
    /// What it is for, in a sentence.
    pub description: &'static str,
    /// The JSON Schema, as text.
    pub schema: &'static str,
    /// Whether the schema is of the kind that structured output can enforce to the letter: every object closed, every
    /// property required.
    pub strict: bool,
}

/// What a model answered, with what the log line says of it.
#[derive(Debug)]
pub struct Completion {
    /// The text of the answer, or the classified failure.
    pub result: Result<String, Failure>,
    /// How often the model was asked; 0 where there was no time left to ask.
    pub attempts: u32,
    /// The HTTP status of the last answer, where there was one.
    pub upstream_status: Option<u16>,
    /// The model and its count of tokens.
    pub used: ModelUse,
}

/// The model that `config` names; `None` where the rules plan alone, and then nothing is built.
///
/// # Errors
/// The certificate file does not hold.
pub fn configured(config: &Config) -> Result<Option<Arc<dyn ChatModel>>, BadConfig> {
    let certificate_file = config.certificate_file.as_deref();
    Ok(match &config.planner {
        Planner::Rules => None,
        Planner::OpenAi(openai) => Some(Arc::new(OpenAi::new(openai.clone(), certificate_file)?)),
        Planner::Bedrock(bedrock) => Some(Arc::new(Bedrock::new(bedrock.clone(), certificate_file)?)),
    })
}
