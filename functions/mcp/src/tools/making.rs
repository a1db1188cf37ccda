//! The tools that plan, generate and change agents by words: the functions behind them do the work.

use lambda_http::http::{HeaderName, HeaderValue};
use lifecycle::record::Status;
use serde_json::value::RawValue;
use shared::{
    action::Action,
    failure::Failure,
    json::{Object, to_raw},
    port::AgentGenerator,
    refusal::Refusal,
    request_log::RequestLog,
};

use super::{arguments::Arguments, failure, kept::Source, outcome::Outcome, room::Room, tool::Call};
use crate::{
    Mcp,
    answer::written,
    inner::{Inner, object, opened},
    questions, tasks,
};

const PREFER: HeaderName = HeaderName::from_static("prefer");
const RESPOND_ASYNC: HeaderValue = HeaderValue::from_static("respond-async");
pub(super) const MORE: &str = "Call again with full: true to get it all.";

/// The fields of what planning and generating give, the shortest and most wanted first.
const SHORT: [&str; 12] = [
    "type",
    "message",
    "agent_name",
    "operation_id",
    "task_id",
    "status",
    "reason",
    "suggested_goal",
    "questions",
    "explanation",
    "summary",
    "left_out",
];
const LONG: [&str; 2] = ["requirements", "changes"];

/// What comes out of a tool that makes an agent.
pub(super) struct Made<'a> {
    /// As `generate` and `patch` answer.
    pub(super) body: &'a Object<'a>,
    /// Kept before; to be kept as its next version.
    pub(super) source: Option<&'a Source<'a>>,
    /// What was repaired: a JSON array.
    pub(super) fixed: Option<&'a RawValue>,
}

impl<G: AgentGenerator + ?Sized> Mcp<G> {
    pub(super) async fn plan(
        &self,
        call: Call<'_>,
        arguments: &Arguments<'_>,
        log: &mut RequestLog,
    ) -> Result<Outcome, Refusal> {
        let context = context(call, arguments)?;
        let body = object([("description", arguments.raw("goal")), ("context", context.as_deref())]);
        let inner = Inner { route: "decompose", method: "POST", body, ..Inner::default() };
        let reply = inner.ask(&self.decompose, call.asked, log).await?;
        let body = opened(&reply.body)?;
        if let Some(asks) = questions::ask(&body, call.client, call.given)? {
            return Ok(Outcome::Asks(asks));
        }
        let mut room = Room::new(false);
        SHORT.iter().for_each(|name| room.fit(name, body.get(name)));
        room.fit("requirements", body.get("requirements"));
        room.fit("steps", body.get("steps"));
        Ok(Outcome::Done(ended(room, "Ask for a smaller agent, or let generate_agent build it.")?))
    }

    pub(super) async fn generate_agent(
        &self,
        call: Call<'_>,
        arguments: &Arguments<'_>,
        log: &mut RequestLog,
    ) -> Result<Outcome, Refusal> {
        let kind = written(&"instructions")?;
        let steps = arguments.raw("steps").map(|steps| object([("type", Some(&*kind)), ("steps", Some(steps))]));
        let steps = steps.and_then(|text| RawValue::from_string(text).ok());
        if steps.is_some() == arguments.raw("goal").is_some() {
            return Err(arguments.wrong("give either goal or steps"));
        }
        let context = context(call, arguments)?;
        let body = object([
            ("description", arguments.raw("goal")),
            ("instructions", steps.as_deref()),
            ("context", context.as_deref()),
        ]);
        let inner =
            Inner { route: "generate", method: "POST", body, headers: preferences(arguments)?, ..Inner::default() };
        let reply = inner.ask(&self.generate, call.asked, log).await?;
        self.made(call, arguments, Made { body: &opened(&reply.body)?, source: None, fixed: None }, log).await
    }

    pub(super) async fn change_agent(
        &self,
        call: Call<'_>,
        arguments: &Arguments<'_>,
        log: &mut RequestLog,
    ) -> Result<Outcome, Refusal> {
        let headers = preferences(arguments)?;
        let source = self.source(call, arguments).await?;
        let context = context(call, arguments)?;
        let body = object([
            ("current_agent_json", Some(&*source.agent)),
            ("changes", arguments.raw("changes")),
            ("context", context.as_deref()),
        ]);
        let inner = Inner { route: "patch", method: "POST", body, headers, ..Inner::default() };
        let reply = inner.ask(&self.patch, call.asked, log).await?;
        self.made(call, arguments, Made { body: &opened(&reply.body)?, source: Some(&source), fixed: None }, log).await
    }

    /// Keeps what was made if that is asked for, and tells it within its room. What cannot be kept comes along whole, for it
    /// may have cost a model's work.
    pub(super) async fn made(
        &self,
        call: Call<'_>,
        arguments: &Arguments<'_>,
        made: Made<'_>,
        log: &mut RequestLog,
    ) -> Result<Outcome, Refusal> {
        let body = made.body;
        if let Some(asks) = questions::ask(body, call.client, call.given)? {
            return Ok(Outcome::Asks(asks));
        }
        if body.string("status").as_deref() == Some(Status::Accepted.name()) && call.client.follows_tasks {
            let operation_id = body.string("operation_id").unwrap_or_default();
            return Ok(Outcome::Task(tasks::begun(&operation_id, call.asked.request.clock.now())?));
        }
        let mut room = Room::new(arguments.is_set("full"));
        SHORT.iter().for_each(|name| room.fit(name, body.get(name)));
        let Some(agent) = body.get("agent_json") else { return Ok(Outcome::Done(ended(room, MORE)?)) };
        let head = made.source.and_then(|source| source.head.as_ref());
        let mut is_kept = false;
        let mut must_show = false;
        if arguments.is_set("save") {
            match self.keep(agent, head, call.asked, log).await {
                Ok(kept) => {
                    kept.told()?
                        .iter()
                        .filter(|(name, _)| matches!(*name, "agent_id" | "version"))
                        .for_each(|(name, value)| room.put(name, value));
                    is_kept = true;
                }
                Err(refusal) => {
                    let error = failure::body(&refusal, call.tool, log, call.asked.request.request_id)?;
                    room.put("save_error", &written(&error)?);
                    log.note_refusal(&refusal);
                    must_show = true;
                }
            }
            room.put("saved", &written(&is_kept)?);
        }
        let outline = self.keeper.outline(agent);
        let outline = outline.map(|outline| written(&outline)).transpose()?;
        let is_wanted = arguments.is_set("full") || must_show;
        if is_wanted || (!is_kept && room.has_room("agent_json", agent)) {
            room.put("agent_json", agent);
        } else {
            room.fit("outline", outline.as_deref());
        }
        room.fit("fixed", made.fixed);
        LONG.iter().for_each(|name| room.fit(name, body.get(name)));
        let more = if is_kept {
            "See get_agent."
        } else {
            "Call again with save: true to keep it, or with full: true to get it all."
        };
        Ok(Outcome::Done(ended(room, more)?))
    }
}

pub(super) fn ended(room: Room, more: &str) -> Result<Box<RawValue>, Refusal> {
    room.end(more).ok_or_else(|| Refusal::unexpected(Action::Mcp, "the result could not be written"))
}

/// The refusal after the work of a generator's parts has failed.
pub(super) fn failed_as(action: Action) -> impl Fn(Failure) -> Refusal {
    move |failure| Refusal::Failed { action, failure }
}

/// What the arguments tell besides the goal, and what the person has answered.
fn context(call: Call<'_>, arguments: &Arguments<'_>) -> Result<Option<Box<RawValue>>, Refusal> {
    let told = [arguments.text("context"), call.given.and_then(|given| given.context()).map(Into::into)];
    let told: Vec<_> = told.into_iter().flatten().collect();
    if told.is_empty() { Ok(None) } else { written(&told.join("\n")).map(Some) }
}

/// Asks for work in the background.
///
/// # Errors
/// Its result is to be kept: nobody would wait for it.
fn preferences(arguments: &Arguments<'_>) -> Result<Vec<(HeaderName, HeaderValue)>, Refusal> {
    if !arguments.is_set("background") {
        return Ok(Vec::new());
    }
    if arguments.is_set("save") {
        return Err(arguments.wrong("background and save exclude each other: save the result of operation_status"));
    }
    Ok(vec![(PREFER, RESPOND_ASYNC)])
}

/// Cut to `most` bytes, where a list shows it.
pub(super) fn shortened(text: &str, most: usize) -> Option<Box<RawValue>> {
    let cut = text.get(..text.floor_char_boundary(most)).unwrap_or(text);
    to_raw(&if cut.len() < text.len() { format!("{cut}…") } else { cut.to_owned() }).ok()
}
