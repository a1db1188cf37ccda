//! The workbench for callers without the protocol: `POST /check` and `POST /build` (CONTRACT 12.4).

use generator::{
    problem::{Problem, Repair},
    workbench::{Built, Checked},
};
use lambda::function::Request;
use serde::Serialize;
use serde_json::value::RawValue;
use shared::{
    action::Action,
    bad_request::BadRequest,
    failure::Failure,
    json::{self, MAX_RESULT_DEPTH, nests_within},
    port::AgentGenerator,
    refusal::Refusal,
    reply::Reply,
    request::{Field, Fields, Kind},
    request_log::RequestLog,
    success::Success,
};

use crate::{
    Mcp,
    answer::{counted, written},
};

const FIELDS: [Field; 1] = [("agent_json", Kind::Agent)];
const DEEP: BadRequest = BadRequest::WrongForm { what: "field agent_json", form: "nested at most 126 levels deep" };
const NO_PLAN: BadRequest = BadRequest::WrongForm { what: "field plan", form: "an object with steps" };

#[derive(Serialize)]
struct Typed<'a, T> {
    r#type: &'static str,
    message: String,
    #[serde(flatten)]
    rest: T,
    session_id: Option<&'a str>,
}

#[derive(Serialize)]
struct Misfits {
    problems: Vec<Problem>,
    more_problems: usize,
}

impl<G: AgentGenerator + ?Sized> Mcp<G> {
    pub(crate) async fn check(&self, request: Request<'_>, log: &mut RequestLog) -> Result<Reply, Refusal> {
        let fields = Fields::check(Fields::open(request.body, log)?, &FIELDS)?;
        let agent = fields.raw("agent_json").filter(|agent| !json::is_null(agent)).ok_or(BadRequest::NoAgent)?;
        if !nests_within(agent, MAX_RESULT_DEPTH) {
            return Err(DEEP.into());
        }
        let checked = self.workbench.check(agent, request.end).await;
        let checked: Checked = checked.map_err(|failure| Refusal::Failed { action: Action::Catalog, failure })?;
        let message = match (checked.valid, checked.fixed.is_empty()) {
            (true, true) => "The agent keeps every rule.".to_owned(),
            (true, false) => "The agent has been repaired, and keeps every rule.".to_owned(),
            _ => counted("agent", checked.problems.len() + checked.more_problems),
        };
        reply("agent_checked", message, checked, log)
    }

    pub(crate) async fn build(&self, request: Request<'_>, log: &mut RequestLog) -> Result<Reply, Refusal> {
        let fields = Fields::check(Fields::open(request.body, log)?, &[])?;
        let plan = fields.raw("plan").filter(|plan| !json::is_null(plan)).ok_or(NO_PLAN)?;
        // Kept agents are not offered unasked: who plans names the agents that there are.
        let agents = fields.raw("library_agents").filter(|agents| json::count(agents) > 0);
        let built = self.workbench.build(plan, agents, request.end).await;
        let failed = |failure: Failure| Refusal::Failed { action: Action::Generate, failure };
        match built.map_err(failed)? {
            Built::Agent { agent, account, fixed } => {
                let made = Success::AgentPreview { action: Action::Generate, agent_json: agent, account, saving: None };
                with_fixed(Reply::from_success(&made, Action::Generate, log.session_id.as_deref())?, &fixed)
            }
            Built::Misfits { problems, more_problems } => {
                let message = counted("plan", problems.len() + more_problems);
                reply("plan_problems", message, Misfits { problems, more_problems }, log)
            }
        }
    }
}

fn reply(kind: &'static str, message: String, rest: impl Serialize, log: &RequestLog) -> Result<Reply, Refusal> {
    let body = written(&Typed { r#type: kind, message, rest, session_id: log.session_id.as_deref() })?;
    Ok(Reply::new(200, kind, RawValue::get(&body).to_owned()))
}

/// Adds what was repaired to an answer that is a JSON object.
fn with_fixed(reply: Reply, fixed: &[Repair]) -> Result<Reply, Refusal> {
    let fixed = written(&fixed)?;
    let open = reply.body.strip_suffix('}').unwrap_or(&reply.body);
    let body = format!(r#"{open},"fixed":{fixed}}}"#);
    Ok(Reply { body, ..reply })
}
