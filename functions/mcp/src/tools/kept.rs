//! Agents by id: read before a tool works on them, kept afterwards.

use std::borrow::Cow;

use agent_library::{
    head::{Head, is_agent_id},
    saver::{conflict, not_configured, unavailable},
};
use lambda_http::http::{HeaderValue, header::IF_MATCH};
use library::Agents;
use serde_json::value::RawValue;
use shared::{
    action::Action,
    bad_request::BadRequest,
    caller::Owner,
    json::{MAX_RESULT_DEPTH, nests_within},
    limits,
    port::AgentGenerator,
    refusal::Refusal,
    reply::Reply,
    request_log::RequestLog,
    success::Saving,
};

use super::{arguments::Arguments, tool::Call};
use crate::{
    Mcp,
    asked::Asked,
    inner::{Inner, object, opened},
};

/// The agent that a call is about.
pub(crate) enum Named<'a> {
    Sent(&'a RawValue),
    /// As it stands in its owner's library.
    Kept(Box<Head>, Owner),
}

/// The agent that a tool works on.
pub(crate) struct Source<'a> {
    pub(crate) agent: Cow<'a, RawValue>,
    /// `None`: the caller has sent the agent itself.
    pub(crate) head: Option<Head>,
}

/// An agent in the library.
pub(crate) struct Kept {
    /// The body of the library's answer.
    pub(crate) reply: Reply,
}

impl<G: AgentGenerator + ?Sized> Mcp<G> {
    pub(crate) fn library(&self) -> Result<&Agents, Refusal> {
        self.agents.as_ref().ok_or_else(not_configured)
    }

    /// The newest version of an agent of the caller's.
    pub(crate) async fn head(&self, agent_id: &str, asked: Asked<'_>) -> Result<(Head, Owner), Refusal> {
        let library = self.library()?;
        let owner = asked.http.owner.ok_or(BadRequest::NobodysAgents)?;
        if !is_agent_id(agent_id) {
            return Err(BadRequest::NoSuchAgent.into());
        }
        let head = library.library.head(owner, agent_id).await.map_err(unavailable)?;
        Ok((head.ok_or(BadRequest::NoSuchAgent)?, owner.clone()))
    }

    /// The agent that the arguments name or have.
    ///
    /// # Errors
    /// There is none, or another version of it than the model has read.
    pub(crate) async fn named<'a>(&self, call: Call<'_>, arguments: &Arguments<'a>) -> Result<Named<'a>, Refusal> {
        let agent_id = match (arguments.raw("agent_json"), arguments.text("agent_id")) {
            (Some(_), _) if arguments.is_set("save") => {
                let rule = "save needs agent_id: a new agent is kept by save_agent";
                return Err(arguments.wrong(rule));
            }
            (Some(agent), None) => {
                limits::check_agent(agent).map_err(BadRequest::from)?;
                if !nests_within(agent, MAX_RESULT_DEPTH) {
                    return Err(arguments.wrong("agent_json has to be nested at most 126 levels deep"));
                }
                return Ok(Named::Sent(agent));
            }
            (None, Some(agent_id)) => agent_id,
            _ => return Err(arguments.wrong("give either agent_id (of a kept agent) or agent_json")),
        };
        let (head, owner) = self.head(&agent_id, call.asked).await?;
        check_version(arguments, &head, arguments.is_set("save"))?;
        Ok(Named::Kept(Box::new(head), owner))
    }

    /// Like [`Self::named`], with the agent's text.
    pub(crate) async fn source<'a>(&self, call: Call<'_>, arguments: &Arguments<'a>) -> Result<Source<'a>, Refusal> {
        Ok(match self.named(call, arguments).await? {
            Named::Sent(agent) => Source { agent: Cow::Borrowed(agent), head: None },
            Named::Kept(head, owner) => {
                let agent = self.library()?.text(&owner, &head.agent_id, &head.body).await?;
                Source { agent: Cow::Owned(agent), head: Some(*head) }
            }
        })
    }

    /// Keeps an agent as a new one, or as the next version after `head`.
    pub(crate) async fn keep(
        &self,
        agent: &RawValue,
        head: Option<&Head>,
        asked: Asked<'_>,
        log: &mut RequestLog,
    ) -> Result<Kept, Refusal> {
        let body = object([("agent_json", Some(agent))]);
        let inner = match head {
            None => Inner { route: "agents", method: "POST", body, ..Inner::default() },
            Some(head) => Inner {
                route: "agents/{agent_id}",
                method: "PUT",
                parameters: vec![head.agent_id.clone()],
                headers: vec![if_match(head)?],
                body,
                ..Inner::default()
            },
        };
        Ok(Kept { reply: inner.ask(self.library()?, asked, log).await? })
    }
}

impl Kept {
    /// The same as `generate` and `patch` tell it.
    pub(crate) fn saving(&self) -> Result<Saving, Refusal> {
        let body = opened(&self.reply.body)?;
        let text = |name| body.string(name).map(Cow::into_owned);
        let version = body.get("version").and_then(|version| version.get().parse().ok());
        let saved = text("id").zip(version).zip(text("etag"));
        let ((agent_id, version), etag) =
            saved.ok_or_else(|| Refusal::unexpected(Action::Library, "a kept agent has no version"))?;
        Ok(Saving::Saved { agent_id, version, etag })
    }

    /// `agent_id`, `version`, `name` and `summary`, as far as they are told.
    pub(crate) fn told(&self) -> Result<Vec<(&'static str, Box<RawValue>)>, Refusal> {
        let body = opened(&self.reply.body)?;
        let fields = [("agent_id", "id"), ("version", "version"), ("name", "name"), ("summary", "summary")];
        Ok(fields.into_iter().filter_map(|(name, theirs)| Some((name, body.get(theirs)?.to_owned()))).collect())
    }
}

/// The version that the model has read has to be the newest.
pub(crate) fn check_version(arguments: &Arguments<'_>, head: &Head, is_needed: bool) -> Result<(), Refusal> {
    match arguments.number("version") {
        Some(version) if version != head.version => Err(conflict(head).into()),
        None if is_needed => {
            Err(arguments.wrong("version is missing (the version that you have read, so that no work is lost)"))
        }
        _ => Ok(()),
    }
}

pub(crate) fn if_match(head: &Head) -> Result<(lambda_http::http::HeaderName, HeaderValue), Refusal> {
    let etag = HeaderValue::from_str(&head.etag());
    let unwritable = |_| Refusal::unexpected(Action::Library, "an ETag could not be written");
    Ok((IF_MATCH, etag.map_err(unwritable)?))
}
