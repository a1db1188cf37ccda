//! The tools with which a model builds by itself: from a plan, by exact edits, and checked.

use generator::{
    problem::Problem,
    workbench::{Built, Checked, Patched},
};
use serde::Serialize;
use serde_json::value::RawValue;
use shared::{
    account::Account, action::Action, json::Object, port::AgentGenerator, refusal::Refusal, reply::Reply,
    request_log::RequestLog, success::Success,
};

use super::{
    arguments::Arguments,
    making::{MORE, Made, ended, failed_as},
    outcome::Outcome,
    room::Room,
    tool::Call,
};
use crate::{Mcp, answer::written, inner::opened};

/// What does not fit, as an error of the tool.
#[derive(Serialize)]
struct Misfits<P> {
    r#type: &'static str,
    error_type: &'static str,
    message: String,
    retryable: bool,
    next: &'static str,
    problems: Vec<P>,
    more_problems: usize,
}

impl<P: Serialize> Misfits<P> {
    fn told(what: &str, problems: Vec<P>, more_problems: usize) -> Result<Outcome, Refusal> {
        let count = problems.len() + more_problems;
        let message =
            if count == 1 { format!("{what} has a problem.") } else { format!("{what} has {count} problems.") };
        let misfits = Self {
            r#type: "error",
            error_type: "validation_error",
            message,
            retryable: false,
            next: "Nothing was made. Put right all that problems lists, and call the tool again with the whole of it.",
            problems,
            more_problems,
        };
        Ok(Outcome::Rejected(written(&misfits)?))
    }
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
            Built::Misfits { problems, more_problems } => {
                let problems: Vec<Problem> = problems;
                Misfits::told("The plan", problems, more_problems)
            }
            Built::Agent { agent, account, fixed } => {
                let reply = preview(Action::Generate, agent, account)?;
                let fixed = written(&fixed)?;
                let made = Made { body: &opened(&reply.body)?, source: None, fixed: Some(&fixed) };
                self.made(call, arguments, made, log).await
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
            Patched::Misfits(problems) => Misfits::told("The list of patches", problems, 0),
            Patched::Agent { agent, account } => {
                let reply = preview(Action::Patch, agent, account)?;
                let made = Made { body: &opened(&reply.body)?, source: Some(&source), fixed: None };
                self.made(call, arguments, made, log).await
            }
        }
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

/// The body that `generate` and `patch` would answer with.
fn preview(action: Action, agent_json: Box<RawValue>, account: Box<Account>) -> Result<Reply, Refusal> {
    Reply::from_success(&Success::AgentPreview { action, agent_json, account, saving: None }, action, None)
}
