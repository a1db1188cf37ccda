//! The extension `io.modelcontextprotocol/tasks`: an operation as a task that a client follows by itself.

use std::borrow::Cow;

use lifecycle::progress::Told;
use serde::Serialize;
use serde_json::{Value, json, value::RawValue};
use shared::{
    action::Action, json::Object, port::AgentGenerator, refusal::Refusal, request_log::RequestLog, timestamp::Timestamp,
};

use crate::{
    Mcp,
    answer::{Answered, Complete, written},
    asked::Received,
    client::TASKS,
    fault::{Code, Fault},
    inner::opened,
    message::required,
    progress::line,
    stop::Stop,
    tools::{self, Room},
};

/// Between two looks, in milliseconds: as `Retry-After` says elsewhere.
const POLL_INTERVAL_MS: u32 = lifecycle::status::RETRY_AFTER * 1000;

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Task<'a> {
    task_id: &'a str,
    status: &'static str,
    /// For the person: what is going on, or how it ended.
    #[serde(skip_serializing_if = "Option::is_none")]
    status_message: Option<Cow<'a, str>>,
    created_at: &'a str,
    last_updated_at: &'a str,
    /// The deployment forgets operations after days, which it may change.
    ttl_ms: Option<u64>,
    poll_interval_ms: u32,
    #[serde(skip_serializing_if = "Option::is_none")]
    result: Option<Box<RawValue>>,
}

/// The result of a call whose work goes on in the background.
pub(crate) fn begun(operation_id: &str, now: Timestamp) -> Result<Box<RawValue>, Refusal> {
    let now = now.rfc3339();
    let mut task = serde_json::to_value(Task {
        task_id: operation_id,
        status: "working",
        status_message: Some(line(&Told::Accepted).into()),
        created_at: &now,
        last_updated_at: &now,
        ttl_ms: None,
        poll_interval_ms: POLL_INTERVAL_MS,
        result: None,
    })
    .map_err(|_| Refusal::unexpected(Action::Mcp, "a task could not be written"))?;
    if let Some(task) = task.as_object_mut() {
        task.insert("resultType".to_owned(), Value::from("task"));
    }
    written(&task)
}

impl<G: AgentGenerator + ?Sized> Mcp<G> {
    /// A task that failed has completed with an error of the tool, which the model reads.
    pub(crate) async fn task(&self, received: Received<'_>, log: &mut RequestLog) -> Result<Answered, Stop> {
        let task_id = task_id(received)?;
        let found = self.operation(&task_id, received.asked, log).await;
        let (body, news) = found.map_err(|refusal| unknown(refusal, log))?;
        let body = opened(&body)?;
        let text = |name| body.string(name).unwrap_or_default();
        let (state, created_at, mut last_updated_at) = (text("status"), text("created_at"), text("updated_at"));
        let ended = |name| body.get(name).and_then(Object::of);
        let status_message = match news {
            Some(entry) => {
                last_updated_at = last_updated_at.max(entry.at.into());
                Some(line(&entry.told).into())
            }
            None => ended("result").or_else(|| ended("error")).and_then(|end| end.string("message")),
        };
        let status = match &*state {
            "completed" | "failed" => "completed",
            "cancelled" => "cancelled",
            _ => "working",
        };
        let result = match (ended("result"), body.get("error")) {
            (Some(result), _) => Some(tools::told(&self.finished(Room::new(false), &result)?, false)?),
            (None, Some(error)) => Some(tools::told(error, true)?),
            (None, None) => None,
        };
        let task = Task {
            task_id: &task_id,
            status,
            status_message,
            created_at: &created_at,
            last_updated_at: &last_updated_at,
            ttl_ms: None,
            poll_interval_ms: POLL_INTERVAL_MS,
            result,
        };
        Ok(Answered::new("task", &Complete::new(task))?)
    }

    /// Tasks here ask their person nothing: what comes is not needed.
    pub(crate) async fn update_task(&self, received: Received<'_>, log: &mut RequestLog) -> Result<Answered, Stop> {
        let task_id = task_id(received)?;
        self.operation(&task_id, received.asked, log).await.map_err(|refusal| unknown(refusal, log))?;
        Ok(Answered::new("task_updated", &Complete::new(json!({})))?)
    }

    /// A task that has ended stays as it is.
    pub(crate) async fn cancel_task(&self, received: Received<'_>, log: &mut RequestLog) -> Result<Answered, Stop> {
        let task_id = task_id(received)?;
        match self.cancelled(&task_id, received.asked, log).await {
            Ok(_) | Err(Refusal::Ended { .. }) => Ok(Answered::new("cancelled", &Complete::new(json!({})))?),
            Err(refusal) => Err(unknown(refusal, log)),
        }
    }
}

/// The capability that a client must have stated to use tasks.
fn without_tasks() -> Fault {
    let data = json!({"requiredCapabilities": {"extensions": {TASKS: {}}}});
    Fault { data: Some(data), ..Fault::new(Code::MissingCapability, format!("The client must state {TASKS}.")) }
}

fn task_id(Received { params, client, .. }: Received<'_>) -> Result<Cow<'_, str>, Fault> {
    if !client.is_stateless {
        return Err(Fault::new(Code::MethodNotFound, "There is no such method in this version of the protocol."));
    }
    if !client.follows_tasks {
        return Err(without_tasks());
    }
    required(params, "taskId")
}

/// A fault of the protocol: there is no tool whose error it could be.
fn unknown(refusal: Refusal, log: &mut RequestLog) -> Stop {
    match refusal {
        Refusal::Bad(bad) => Fault::new(Code::InvalidParams, bad.to_string()).into(),
        other => {
            log.note_refusal(&other);
            let message = "The operations cannot be read at the moment. Please try again.";
            Fault::new(Code::Internal, message).into()
        }
    }
}
