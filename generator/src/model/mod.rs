//! The port to a language model: a conversation goes in, a text comes out by the deadline.
//!
//! Two adapters: [`openai`] for any OpenAI-compatible API, and [`bedrock`].

mod arriving;
mod asking;
pub mod bedrock;
mod body;
mod chat;
mod configured;
pub(crate) mod failures;
mod learnt;
mod naming;
pub mod openai;
mod refusal;
mod round;
mod said;
mod troubles;
mod waits;

pub use self::{
    chat::{AnswerForm, Chat, ChatModel, Completion, CompletionFuture, Speaker, Turn},
    configured::configured,
};
