//! The tools that plan, generate and change agents by words: the functions behind them do the work.

use lambda_http::http::{HeaderName, HeaderValue};
use lifecycle::record::Status;
use serde_json::value::RawValue;
use shared::{
    action::Action, failure::Failure, json::Object, port::AgentGenerator, refusal::Refusal, request_log::RequestLog,
};

use super::{arguments::Arguments, failure::not_kept, kept::Named, outcome::Outcome, room::Room, tool::Call};
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
/// How the agent stands to the person's library.
const KEPT: [&str; 3] = ["saved", "agent_id", "version"];

/// What comes out of a tool that makes an agent.
pub(super) struct Made<'a> {
    /// As `generate` and `patch` answer.
    pub(super) body: &'a Object<'a>,
    /// What was repaired: a JSON array.
    pub(super) fixed: Option<&'a RawValue>,
    /// Why it is not kept although it should be.
    pub(super) save_error: Option<Box<RawValue>>,
}

impl<'a> Made<'a> {
    fn of(body: &'a Object<'a>) -> Result<Self, Refusal> {
        Ok(Self { body, fixed: None, save_error: not_kept(body)? })
    }

    fn is_kept(&self) -> bool {
        self.body.get("saved").is_some_and(|saved| saved.get() == "true")
    }
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
            ("save", arguments.raw("save")),
        ]);
        let headers = preferences(arguments);
        let inner = Inner { route: "generate", method: "POST", body, headers, ..Inner::default() };
        let reply = inner.ask(&self.generate, call.asked, log).await?;
        self.made(call, arguments, &Made::of(&opened(&reply.body)?)?)
    }

    pub(super) async fn change_agent(
        &self,
        call: Call<'_>,
        arguments: &Arguments<'_>,
        log: &mut RequestLog,
    ) -> Result<Outcome, Refusal> {
        // What cannot be changed is told before anything is begun.
        let is_kept = matches!(self.named(call, arguments).await?, Named::Kept(..));
        let context = context(call, arguments)?;
        let body = object([
            ("current_agent_json", arguments.raw("agent_json")),
            ("agent_id", arguments.raw("agent_id")),
            ("version", arguments.raw("version").filter(|_| is_kept)),
            ("changes", arguments.raw("changes")),
            ("context", context.as_deref()),
            ("save", arguments.raw("save")),
        ]);
        let headers = preferences(arguments);
        let inner = Inner { route: "patch", method: "POST", body, headers, ..Inner::default() };
        let reply = inner.ask(&self.patch, call.asked, log).await?;
        self.made(call, arguments, &Made::of(&opened(&reply.body)?)?)
    }

    /// How a tool that makes an agent ends: with a question, a task, or what it has made.
    pub(super) fn made(&self, call: Call<'_>, arguments: &Arguments<'_>, made: &Made<'_>) -> Result<Outcome, Refusal> {
        let body = made.body;
        if let Some(asks) = questions::ask(body, call.client, call.given)? {
            return Ok(Outcome::Asks(asks));
        }
        if body.string("status").as_deref() == Some(Status::Accepted.name()) && call.client.follows_tasks {
            let operation_id = body.string("operation_id").unwrap_or_default();
            return Ok(Outcome::Task(tasks::begun(&operation_id, call.asked.request.clock.now())?));
        }
        let more = if made.is_kept() {
            "See get_agent."
        } else {
            "Call again with save: true to keep it, or with full: true to get it all."
        };
        Ok(Outcome::Done(ended(self.told(Room::new(arguments.is_set("full")), made)?, more)?))
    }

    /// What work in the background has come to, as its tool would have told it.
    pub(crate) fn finished(&self, room: Room, result: &Object<'_>) -> Result<Box<RawValue>, Refusal> {
        ended(self.told(room, &Made::of(result)?)?, "Call operation_status with full: true to get it all.")
    }

    /// Tells within its room what was made. What should be kept and is not comes along whole, for it may have cost a
    /// model's work.
    fn told(&self, mut room: Room, made: &Made<'_>) -> Result<Room, Refusal> {
        let body = made.body;
        SHORT.iter().for_each(|name| room.fit(name, body.get(name)));
        let Some(agent) = body.get("agent_json") else { return Ok(room) };
        KEPT.iter().for_each(|name| room.fit(name, body.get(name)));
        if let Some(error) = &made.save_error {
            room.put("save_error", error);
        }
        let is_wanted = room.is_full() || made.save_error.is_some();
        if is_wanted || (!made.is_kept() && room.has_room("agent_json", agent)) {
            room.put("agent_json", agent);
        } else {
            if !made.is_kept() {
                room.leave_out("agent_json");
            }
            let outline = self.keeper.outline(agent).map(|outline| written(&outline)).transpose()?;
            room.fit("outline", outline.as_deref());
        }
        room.fit("fixed", made.fixed);
        LONG.iter().for_each(|name| room.fit(name, body.get(name)));
        Ok(room)
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
fn preferences(arguments: &Arguments<'_>) -> Vec<(HeaderName, HeaderValue)> {
    if arguments.is_set("background") { vec![(PREFER, RESPOND_ASYNC)] } else { Vec::new() }
}
