//! `patch`: agent and requested changes -> updated agent, or questions.

use std::borrow::Cow;

use lambda::Route;
use lifecycle::{durable::Durable, job::Done, record::Tool};
use serde_json::value::RawValue;
use shared::{
    action::Action,
    bad_request::BadRequest,
    json::{self, Object},
    port::{AgentGenerator, Background, PatchCall},
    progress::{Progress, Step},
    refusal::Refusal,
    request::{Changes, Field, Fields, Kind},
    request_log::RequestLog,
    upstream::Upstream,
};
use tokio::time::Instant;

const FIELDS: [Field; 3] = [("current_agent_json", Kind::Agent), ("changes", Kind::String), ("context", Kind::String)];

/// An agent that deep could not be returned: [`json::MAX_RESULT_DEPTH`].
const TOO_DEEP: BadRequest =
    BadRequest::WrongForm { what: "field current_agent_json", form: "nested at most 126 levels deep" };

/// The work of the function, within a request or as an operation.
pub struct Patch<G: ?Sized = dyn AgentGenerator> {
    upstream: Upstream<G>,
}

impl<G: ?Sized> Clone for Patch<G> {
    fn clone(&self) -> Self {
        Self { upstream: self.upstream.clone() }
    }
}

impl<G: AgentGenerator + ?Sized> Patch<G> {
    #[must_use]
    pub fn new(upstream: Upstream<G>) -> Self {
        Self { upstream }
    }
}

pub struct Input<'a> {
    current_agent_json: &'a RawValue,
    changes: Changes<'a>,
    context: Option<Cow<'a, str>>,
    library_agents: Option<&'a RawValue>,
}

impl<G: AgentGenerator + ?Sized> Durable for Patch<G> {
    const TOOL: Tool = Tool::PatchAgent;
    const ACTION: Action = Action::Patch;
    const ROUTES: &'static [Route] = &[Route { name: "patch", method: "POST" }];
    /// Allows for a large agent.
    const MAX_BODY: usize = 5 * 1024 * 1024;

    type Input<'a> = Input<'a>;

    fn check_fields<'a>(body: Object<'a>, log: &mut RequestLog) -> Result<Fields<'a>, BadRequest> {
        let agent = body.get("current_agent_json").and_then(|agent| Object::of_keys(agent, &["id"]));
        let id = agent.and_then(|agent| agent.text("id"));
        log.ask("agent_id", id);
        log.ask("changes", body.string("changes"));
        Fields::check(body, &FIELDS)
    }

    fn parse<'a>(fields: &Fields<'a>) -> Result<Input<'a>, BadRequest> {
        let current_agent_json = fields.raw("current_agent_json").ok_or(BadRequest::MissingAgent)?;
        if !json::nests_within(current_agent_json, json::MAX_RESULT_DEPTH) {
            return Err(TOO_DEEP);
        }
        Ok(Input {
            current_agent_json,
            changes: Changes::parse(fields.text("changes"))?,
            context: fields.text_with_content("context"),
            library_agents: fields.library_agents(),
        })
    }

    fn check_configured(&self) -> Result<(), Refusal> {
        self.upstream.check()
    }

    async fn work<'a>(
        &'a self,
        input: Input<'a>,
        operation: Option<Background<'a>>,
        end: Instant,
        log: &'a mut RequestLog,
    ) -> Result<Done, Refusal> {
        let Input { current_agent_json, changes, context, library_agents } = &input;
        let update_request = match context {
            Some(context) => Cow::Owned(format!("{}\n\nAdditional context:\n{context}", changes.as_str())),
            None => Cow::Borrowed(changes.as_str()),
        };
        let call = PatchCall {
            update_request: &update_request,
            current_agent_json,
            library_agents: *library_agents,
            operation,
        };
        operation.step(Step::Planning, None);
        let drafted = self.upstream.patch(call, end, log).await?;
        Done::drafted(Self::ACTION, drafted, log)
    }
}
