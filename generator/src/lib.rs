//! The Agent Generators that the functions call through one port: a [`remote`] one, and the built-in one, which turns a
//! goal in plain words into an agent by rules (offline, deterministic) or with a language model.
//!
//! [`connect`] prepares the one that the environment configures ([`config`]). [`Builtin`] joins its parts: [`catalogue`]
//! (the blocks), [`knowledge`] (what planning goes by), [`reading`] (text -> reading), [`plan`] (reading -> plan), [`instructions`] (plan <-> steps), [`assembler`] (plan -> graph), [`fixer`]
//! (repairs a graph), [`validator`] (the rules for a graph), [`patcher`] (request and agent -> changed agent), `account` (what a
//! person is told about the result). [`llm`]
//! plans with a language model ([`model`]) instead; the same parts check its work. [`workbench`] offers them one by one to
//! somebody who plans elsewhere.

mod account;
pub mod assembler;
pub mod block_catalog;
mod builtin;
pub mod catalogue;
mod chosen;
pub mod config;
mod connect;
pub mod fixer;
pub mod instructions;
pub mod keeping;
pub mod knowledge;
pub mod listing;
pub mod llm;
pub mod model;
mod numbers;
mod opaque;
pub mod patcher;
pub mod plan;
pub mod problem;
pub mod reading;
pub mod remote;
#[cfg(feature = "server")]
pub mod server;
pub mod sub_agents;
mod tables;
mod text;
pub mod validator;
mod watch;
pub mod workbench;

pub use self::{
    account::flowchart,
    builtin::Builtin,
    chosen::Generator,
    connect::{builtin, connect, connect_without_model},
    watch::Watch,
};
