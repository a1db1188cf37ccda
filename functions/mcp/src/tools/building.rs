//! The tools with which a model builds by itself: from a plan, by exact edits, and checked.

use agent_library::head::Head;
use generator::workbench::{Built, Checked, Patched};
use serde::Serialize;
use serde_json::{Value, json, value::RawValue};
use shared::{
    account::Account,
    action::Action,
    error_type::ErrorType,
    json::Object,
    port::AgentGenerator,
    refusal::Refusal,
    reply::Reply,
    request_log::RequestLog,
    success::{Saving, Success},
};

use super::{
    arguments::Arguments,
    failure,
    making::{MORE, Made, ended, failed_as},
    outcome::Outcome,
    room::Room,
    tool::Call,
};
use crate::{
    Mcp,
    answer::{counted, written},
    inner::opened,
};

/// What a model has built itself.
struct Draft {
    action: Action,
    agent: Box<RawValue>,
    account: Box<Account>,
    /// Of the agent that it is to be the next version of.
    head: Option<Head>,
    fixed: Option<Box<RawValue>>,
}

/// Tells what does not fit as an error of the tool, as far as there is room.
fn misfits<P: Serialize>(what: &str, problems: &[P], more_problems: usize) -> Result<Outcome, Refusal> {
    let next = "Nothing was made. Put right all that problems lists, and call the tool again with the whole of it.";
    let mut room = Room::new(false);
    for (name, value) in [
        ("type", json!("error")),
        ("error_type", json!(ErrorType::ValidationError.name())),
        ("message", json!(counted(what, problems.len() + more_problems))),
        ("retryable", json!(false)),
        ("next", json!(next)),
    ] {
        room.put(name, &written(&value)?);
    }
    let problems = problems.iter().map(written).collect::<Result<Vec<_>, _>>()?;
    let missing = room.put_list("problems", &problems.iter().map(|problem| &**problem).collect::<Vec<_>>());
    room.put("more_problems", &written(&(more_problems + missing))?);
    Ok(Outcome::Rejected(ended(room, "")?))
}

impl<G: AgentGenerator + ?Sized> Mcp<G> {
    pub(super) async fn build_agent(
        &self,
        call: Call<'_>,
        arguments: &Arguments<'_>,
        log: &mut RequestLog,
    ) -> Result<Outcome, Refusal> {
        let plan = arguments.raw("plan").unwrap_or(RawValue::NULL);
        let built = self.workbench.build(plan, None, call.asked.request.end).await;
        match built.map_err(failed_as(Action::Generate))? {
            Built::Misfits { problems, more_problems } => misfits("plan", &problems, more_problems),
            Built::Agent { agent, account, fixed } => {
                let fixed = Some(written(&fixed)?);
                let draft = Draft { action: Action::Generate, agent, account, head: None, fixed };
                self.drafted(call, arguments, draft, log).await
            }
        }
    }

    pub(super) async fn patch_agent(
        &self,
        call: Call<'_>,
        arguments: &Arguments<'_>,
        log: &mut RequestLog,
    ) -> Result<Outcome, Refusal> {
        let source = self.source(call, arguments).await?;
        let patches = arguments.raw("patches").unwrap_or(RawValue::NULL);
        let patched = self.workbench.patch(&source.agent, patches, call.asked.request.end).await;
        match patched.map_err(failed_as(Action::Patch))? {
            Patched::Misfits { problems, more_problems } => misfits("list of patches", &problems, more_problems),
            Patched::Agent { agent, account } => {
                let draft = Draft { action: Action::Patch, agent, account, head: source.head, fixed: None };
                self.drafted(call, arguments, draft, log).await
            }
        }
    }

    /// Keeps what a model has built itself if that is asked for, and tells it as `generate` and `patch` do.
    async fn drafted(
        &self,
        call: Call<'_>,
        arguments: &Arguments<'_>,
        draft: Draft,
        log: &mut RequestLog,
    ) -> Result<Outcome, Refusal> {
        let Draft { action, agent: agent_json, account, head, fixed } = draft;
        let (mut saving, mut save_error) = (None, None);
        if arguments.is_set("save") {
            saving = Some(match self.keep(&agent_json, head.as_ref(), call.asked, log).await {
                Ok(kept) => kept.saving()?,
                Err(refusal) => {
                    let error = failure::body(&refusal, call.tool, log, call.asked.request.request_id)?;
                    save_error = Some(written(&error)?);
                    log.note_refusal(&refusal);
                    let reason = error.get("message").and_then(Value::as_str).unwrap_or_default().to_owned();
                    let agent_id = head.map(|head| head.agent_id);
                    Saving::NotSaved { agent_id, error_type: refusal.error_type(), reason }
                }
            });
        }
        let preview = Success::AgentPreview { action, agent_json, account, saving };
        let reply = Reply::from_success(&preview, action, None)?;
        self.made(call, arguments, &Made { body: &opened(&reply.body)?, fixed: fixed.as_deref(), save_error })
    }

    pub(super) async fn check_agent(&self, call: Call<'_>, arguments: &Arguments<'_>) -> Result<Outcome, Refusal> {
        let source = self.source(call, arguments).await?;
        let checked = self.workbench.check(&source.agent, call.asked.request.end).await;
        let checked: Checked = checked.map_err(failed_as(Action::Catalog))?;
        let text = written(&checked)?;
        let body = Object::of(&text).unwrap_or_default();
        let mut room = Room::new(arguments.is_set("full"));
        for name in ["valid", "more_problems", "problems", "fixed"] {
            room.fit(name, body.get(name));
        }
        if arguments.is_set("full") || (!checked.fixed.is_empty() && room.has_room("agent_json", &checked.agent)) {
            room.put("agent_json", &checked.agent);
        }
        Ok(Outcome::Done(ended(room, MORE)?))
    }
}
