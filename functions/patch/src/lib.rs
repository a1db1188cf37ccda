//! `patch`: an agent and a wished change -> the updated agent, or questions.

use std::borrow::Cow;

use shared::{
    bad_request::BadRequest,
    function::{Function, Reply, Request, Route},
    generator::PatchCall,
    json::Object,
    operation::Operation,
    record::Record,
    refusal::Refusal,
    request::{Changes, Field, Fields, Kind},
    success::Success,
    upstream::Upstream,
};

const FIELDS: [Field; 3] = [("current_agent_json", Kind::Object), ("changes", Kind::Text), ("context", Kind::Text)];

/// The function.
pub struct Patch {
    upstream: Upstream,
}

impl Patch {
    /// A function that asks `upstream`.
    #[must_use]
    pub fn new(upstream: Upstream) -> Self {
        Self { upstream }
    }
}

impl Function for Patch {
    const OPERATION: Operation = Operation::Patch;
    const ROUTES: &'static [Route] = &[Route { name: "patch", method: "POST" }];
    /// An agent may be large.
    const MAX_BODY: usize = 5 * 1024 * 1024;

    async fn serve<'a>(&'a self, request: Request<'a>, record: &'a mut Record) -> Result<Reply, Refusal> {
        let body = Fields::open(request.body, record)?;
        let id = body.get("current_agent_json").and_then(Object::of).and_then(|agent| agent.text("id"));
        record.ask("agent_id", id);
        record.ask("changes", body.string("changes"));
        let fields = Fields::check(body, &FIELDS)?;
        let current_agent_json = fields.raw("current_agent_json").ok_or(BadRequest::MissingAgent)?;
        let changes = Changes::parse(fields.text("changes"))?;
        let update_request = match fields.text_with_content("context") {
            Some(context) => Cow::Owned(format!("{}\n\nAdditional context:\n{context}", changes.as_str())),
            None => Cow::Borrowed(changes.as_str()),
        };
        let call =
            PatchCall { update_request: &update_request, current_agent_json, library_agents: fields.library_agents() };
        let draft = self.upstream.patch(call, request.end, record).await?;
        Reply::of(&Success::draft(Self::OPERATION, draft), Self::OPERATION, record)
    }
}
