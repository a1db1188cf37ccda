//! The bodies of CONTRACT 10.

use agent_library::{
    head::{Head, Source, etag},
    version::{Origin, Version},
};
use lambda_http::http::{HeaderValue, header::ETAG};
use serde::Serialize;
use serde_json::value::RawValue;
use shared::{action::Action, refusal::Refusal, reply::Reply};

/// An agent, as a list has it.
#[derive(Serialize)]
pub(crate) struct Listed<'a> {
    id: &'a str,
    name: &'a str,
    description: &'a str,
    version: u32,
    etag: String,
    node_count: usize,
    requirements: &'a RawValue,
    forked_from: Option<&'a Source>,
    created_at: String,
    updated_at: String,
}

impl<'a> Listed<'a> {
    pub(crate) fn new(head: &'a Head) -> Self {
        Self {
            id: &head.agent_id,
            name: &head.profile.name,
            description: &head.profile.description,
            version: head.version,
            etag: head.etag(),
            node_count: head.profile.node_count,
            requirements: &head.profile.requirements,
            forked_from: head.forked_from.as_ref(),
            created_at: head.created_at.rfc3339(),
            updated_at: head.updated_at.rfc3339(),
        }
    }
}

/// A version, as a history has it.
#[derive(Serialize)]
pub(crate) struct Told<'a> {
    version: u32,
    etag: String,
    name: &'a str,
    node_count: usize,
    created_at: String,
    origin: Origin,
    wish: Option<&'a str>,
    operation_id: Option<&'a str>,
    restored: Option<u32>,
    changes: &'a RawValue,
    more_changes: usize,
    summary: Option<&'a str>,
}

impl<'a> Told<'a> {
    pub(crate) fn new(version: &'a Version) -> Self {
        let story = &version.story;
        Self {
            version: version.number,
            etag: etag(version.number, &version.digest),
            name: &version.name,
            node_count: version.node_count,
            created_at: version.created_at.rfc3339(),
            origin: story.origin,
            wish: story.wish.as_deref(),
            operation_id: story.operation_id.as_deref(),
            restored: story.restored,
            changes: &story.changes,
            more_changes: story.more_changes,
            summary: story.summary.as_deref(),
        }
    }
}

#[derive(Serialize)]
pub(crate) struct Typed<'a, T> {
    pub(crate) r#type: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) id: Option<&'a str>,
    #[serde(flatten)]
    pub(crate) rest: T,
    #[serde(flatten)]
    pub(crate) opened: Option<Opened<'a>>,
}

/// The agent itself, and what its graph tells of it.
#[derive(Serialize)]
pub(crate) struct Opened<'a> {
    /// `None` if `rest` has them.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) requirements: Option<&'a RawValue>,
    pub(crate) explanation: &'a str,
    pub(crate) agent_json: &'a RawValue,
}

pub(crate) fn reply(status: u16, outcome: &'static str, body: &impl Serialize) -> Result<Reply, Refusal> {
    let body = serde_json::to_string(body)
        .map_err(|_| Refusal::unexpected(Action::Library, "the answer could not be written"))?;
    Ok(Reply::new(status, outcome, body))
}

pub(crate) fn with_etag(mut reply: Reply, etag: &str) -> Reply {
    reply.headers.extend(HeaderValue::from_str(etag).ok().map(|value| (ETAG, value)));
    reply
}

/// A version that was just saved, or was saved by an earlier request of the same content.
pub(crate) fn saved(status: u16, agent_id: &str, version: &Version) -> Result<Reply, Refusal> {
    let told = Told::new(version);
    let etag = told.etag.clone();
    let body = Typed { r#type: "agent_saved", id: Some(agent_id), rest: told, opened: None };
    Ok(with_etag(reply(status, "agent_saved", &body)?, &etag))
}
