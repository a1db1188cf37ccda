//! Work in the background: where it stands, and its end.

use lifecycle::{
    cancel::{Cancellation, already_ended, cancel},
    durable::{Platform, platform_failed},
    progress::Entry,
    request_options::is_id,
    status::status_and_news,
};
use shared::{
    action::Action, bad_request::BadRequest, json::Object, port::AgentGenerator, port_error::PortError,
    refusal::Refusal, request_log::RequestLog,
};

use super::{
    arguments::Arguments,
    making::{MORE, ended},
    outcome::Outcome,
    room::Room,
    tool::Call,
};
use crate::{Mcp, answer::written, asked::Asked, inner::opened, progress::line};

const SHORT: [&str; 5] = ["operation_id", "status", "created_at", "updated_at", "error"];

impl<G: AgentGenerator + ?Sized> Mcp<G> {
    /// The caller's operation as `GET /operations/{operation_id}` answers, and while it goes on what its work has told last.
    pub(crate) async fn operation(
        &self,
        operation_id: &str,
        asked: Asked<'_>,
        log: &mut RequestLog,
    ) -> Result<(String, Option<Entry>), Refusal> {
        let Platform { ending, log: told, .. } = self.operations(operation_id)?;
        let (owner, invocation) = (asked.http.owner, asked.request.invocation());
        let found = status_and_news((ending, &**told), operation_id, owner, invocation).await;
        let (answer, news) = known(found, operation_id, log)?;
        Ok((answer.body, news))
    }

    /// Stops it, and returns it as it stands then.
    pub(crate) async fn cancelled(
        &self,
        operation_id: &str,
        asked: Asked<'_>,
        log: &mut RequestLog,
    ) -> Result<String, Refusal> {
        let cancelled =
            cancel(&self.operations(operation_id)?.ending, operation_id, asked.http.owner, asked.request.invocation())
                .await;
        match known(cancelled, operation_id, log)? {
            Cancellation::Cancelled(body) => Ok(body),
            Cancellation::TooLate { status, operation } => Err(already_ended(status, operation)),
        }
    }

    /// Where an operation of this id would be.
    fn operations(&self, operation_id: &str) -> Result<&Platform, Refusal> {
        if !is_id(operation_id) {
            return Err(BadRequest::NoSuchOperation.into());
        }
        self.operations.as_ref().ok_or(Refusal::NotConfigured)
    }

    pub(super) async fn operation_status(
        &self,
        call: Call<'_>,
        arguments: &Arguments<'_>,
        log: &mut RequestLog,
    ) -> Result<Outcome, Refusal> {
        let (body, news) = self.operation(&arguments.text("operation_id").unwrap_or_default(), call.asked, log).await?;
        let body = opened(&body)?;
        let mut room = Room::new(arguments.is_set("full"));
        SHORT.iter().for_each(|name| room.fit(name, body.get(name)));
        if let Some(entry) = news {
            room.put("progress", &written(&line(&entry.told))?);
        }
        if let Some(result) = body.get("result").and_then(Object::of) {
            let result = self.finished(room.within(), &result)?;
            room.put("result", &result);
        }
        Ok(Outcome::Done(ended(room, MORE)?))
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
