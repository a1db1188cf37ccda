//! Saves what a generator brings by itself, with the code that saves what a worker gets from one.

use std::{sync::Arc, time::Duration};

use agent_library::{ports::AgentStore, saver::refused};
use agent_offers::Offering;
use generate::Generate;
use generator::remote::delivered::Delivered;
use lifecycle::{
    job::{Assignment, Done, is_transient, run_safely},
    record::{OperationRecord, Tool},
    save::{ResultSaver, SaveFuture},
};
use patch::Patch;
use serde_json::value::RawValue;
use shared::{
    action::Action, backoff::Backoff, json::Object, port::AgentGenerator, refusal::Refusal, request_log::RequestLog,
    success::Success, upstream::Upstream,
};
use tokio::time::{Instant, sleep};

/// Between two attempts to read the library. What is written to it is repeated there.
const BACKOFF: Backoff = Backoff { first: Duration::from_millis(100), longest: Duration::from_secs(1) };

/// The library of all owners.
#[derive(Debug, Clone)]
pub struct Saving {
    pub library: Arc<dyn AgentStore>,
}

impl ResultSaver for Saving {
    fn save<'a>(
        &'a self,
        operation: &'a OperationRecord,
        assignment: Assignment<'a>,
        result: &'a str,
        log: &'a mut RequestLog,
    ) -> SaveFuture<'a> {
        Box::pin(async move {
            let asked = Object::parse_keys(assignment.body, &["save", "agent_id"]).ok()?;
            if asked.get("save").map(RawValue::get) != Some("true") {
                return None;
            }
            let made = Arc::new(Delivered::parse(result)?);
            let mut failures = 0;
            let refusal = loop {
                let refusal = match self.attempt(operation, &made, assignment, log).await {
                    Ok(body) => return Some(body),
                    Err(refusal) => refusal,
                };
                let wait = BACKOFF.half_jitter(failures);
                let is_late = Instant::now().checked_add(wait).is_none_or(|next| next >= assignment.end);
                if is_late || !is_transient(&refusal) {
                    break refusal;
                }
                sleep(wait).await;
                failures += 1;
            };
            let error_type = refusal.error_type();
            tracing::error!(operation_id = operation.operation_id, %error_type, "could not save what was completed");
            unsaved(operation, &made, asked.string("agent_id").as_deref(), &refusal)
        })
    }
}

impl Saving {
    /// The body that a worker would have answered with.
    async fn attempt(
        &self,
        operation: &OperationRecord,
        made: &Arc<Delivered>,
        assignment: Assignment<'_>,
        log: &mut RequestLog,
    ) -> Result<String, Refusal> {
        let upstream = Upstream::new(Some(Arc::clone(made)), Duration::MAX);
        let (library, nothing_offered) = (Some(Arc::clone(&self.library)), Offering::default());
        let tool = operation.tool;
        let done = match tool {
            Tool::GenerateAgent => {
                let work = Generate::new(upstream).with_library(library, nothing_offered);
                run_safely(&work, tool, assignment, log).await?
            }
            Tool::PatchAgent => {
                let work = Patch::new(upstream).with_library(library, nothing_offered);
                run_safely(&work.finishing(operation.created_at), tool, assignment, log).await?
            }
        };
        match done {
            Done::Reply(reply) => Ok(reply.body),
            Done::HandedOver(_) | Done::Later(_) => {
                Err(Refusal::unexpected(tool.action(), "what was completed is not there"))
            }
        }
    }
}

/// What was made, with why it is not in the library.
fn unsaved(operation: &OperationRecord, made: &Delivered, agent_id: Option<&str>, refusal: &Refusal) -> Option<String> {
    let (action, account) = (operation.tool.action(), made.account(None, &made.agent));
    let agent_json = match action {
        Action::Generate => generate::complete(made.agent.clone()).ok()?,
        _ => made.agent.clone(),
    };
    let saving = Some(refused(agent_id, refusal));
    Success::AgentPreview { action, agent_json, account, saving }.body(operation.session_id.as_deref()).ok()
}
