//! Work in the background: where it stands, and its end.

use lifecycle::{
    cancel::{Cancellation, already_ended, cancel},
    durable::platform_failed,
    end::Ending,
    request_options::is_id,
    status::status,
};
use serde_json::value::RawValue;
use shared::{
    action::Action, bad_request::BadRequest, json::Object, port::AgentGenerator, port_error::PortError,
    refusal::Refusal, request_log::RequestLog,
};

use super::{arguments::Arguments, making::ended, outcome::Outcome, room::Room, tool::Call};
use crate::{
    Mcp,
    asked::Asked,
    inner::{object, opened},
};

const SHORT: [&str; 5] = ["operation_id", "status", "created_at", "updated_at", "error"];

impl<G: AgentGenerator + ?Sized> Mcp<G> {
    /// The caller's operation as `GET /operations/{operation_id}` answers.
    pub(crate) async fn operation(
        &self,
        operation_id: &str,
        asked: Asked<'_>,
        log: &mut RequestLog,
    ) -> Result<String, Refusal> {
        let found =
            status(self.ending(operation_id)?, operation_id, asked.http.owner, asked.request.invocation()).await;
        Ok(known(found, operation_id, log)?.body)
    }

    /// Stops it, and returns it as it stands then.
    pub(crate) async fn cancelled(
        &self,
        operation_id: &str,
        asked: Asked<'_>,
        log: &mut RequestLog,
    ) -> Result<String, Refusal> {
        let ending = self.ending(operation_id)?;
        let cancelled = cancel(ending, operation_id, asked.http.owner, asked.request.invocation()).await;
        match known(cancelled, operation_id, log)? {
            Cancellation::Cancelled(body) => Ok(body),
            Cancellation::TooLate { status, operation } => Err(already_ended(status, operation)),
        }
    }

    fn ending(&self, operation_id: &str) -> Result<&Ending, Refusal> {
        if !is_id(operation_id) {
            return Err(BadRequest::NoSuchOperation.into());
        }
        self.operations.as_ref().map(|platform| &platform.ending).ok_or(Refusal::NotConfigured)
    }

    pub(super) async fn operation_status(
        &self,
        call: Call<'_>,
        arguments: &Arguments<'_>,
        log: &mut RequestLog,
    ) -> Result<Outcome, Refusal> {
        let body = self.operation(&arguments.text("operation_id").unwrap_or_default(), call.asked, log).await?;
        let body = opened(&body)?;
        let mut room = Room::new(arguments.is_set("full"));
        SHORT.iter().for_each(|name| room.fit(name, body.get(name)));
        if let Some(result) = body.get("result").and_then(Object::of) {
            self.put_result(&mut room, &result)?;
        }
        Ok(Outcome::Done(ended(room, "Call again with full: true to get it all.")?))
    }

    /// The result whole if there is room, else with the agent's outline in place of its JSON.
    fn put_result(&self, room: &mut Room, result: &Object<'_>) -> Result<(), Refusal> {
        let names = [
            "type",
            "message",
            "agent_name",
            "questions",
            "reason",
            "suggested_goal",
            "explanation",
            "summary",
            "left_out",
        ];
        let of = |agent: (&'static str, Option<&RawValue>)| {
            let fields = names.into_iter().map(|name| (name, result.get(name))).chain([agent]);
            RawValue::from_string(object(fields)).map_err(|_| Refusal::unexpected(Action::Mcp, "a result is not JSON"))
        };
        let agent = result.get("agent_json");
        let whole = of(("agent_json", agent))?;
        if room.has_room("result", &whole) {
            room.put("result", &whole);
            return Ok(());
        }
        let outline = agent.and_then(|agent| self.keeper.outline(agent));
        let outline = outline.map(|outline| crate::answer::written(&outline)).transpose()?;
        room.fit("result", Some(&*of(("outline", outline.as_deref()))?));
        room.leave_out("the agent_json of the result");
        Ok(())
    }

    pub(super) async fn cancel_operation(
        &self,
        call: Call<'_>,
        arguments: &Arguments<'_>,
        log: &mut RequestLog,
    ) -> Result<Outcome, Refusal> {
        let body = self.cancelled(&arguments.text("operation_id").unwrap_or_default(), call.asked, log).await?;
        let body = opened(&body)?;
        let mut room = Room::new(false);
        ["operation_id", "status"].iter().for_each(|name| room.fit(name, body.get(name)));
        Ok(Outcome::Done(ended(room, "")?))
    }
}

/// What was found of an operation of the caller's.
fn known<T>(found: Result<Option<T>, PortError>, operation_id: &str, log: &mut RequestLog) -> Result<T, Refusal> {
    let found =
        found.map_err(|error| platform_failed(&error, Action::Operations))?.ok_or(BadRequest::NoSuchOperation)?;
    log.operation_id = Some(operation_id.to_owned());
    Ok(found)
}
