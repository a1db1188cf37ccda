//! `decompose`: a goal in plain words -> steps, questions, or the reason why it is vague or unachievable.

use lambda::{Function, RequestFunction, Route, function::Request};
use shared::{
    action::Action,
    port::AgentGenerator,
    refusal::Refusal,
    reply::Reply,
    request::{Field, Fields, Goal, Kind},
    request_log::RequestLog,
    upstream::Upstream,
};

const FIELDS: [Field; 2] = [("description", Kind::String), ("context", Kind::String)];

pub struct Decompose<G: ?Sized = dyn AgentGenerator> {
    upstream: Upstream<G>,
}

impl<G: AgentGenerator + ?Sized> Decompose<G> {
    #[must_use]
    pub fn new(upstream: Upstream<G>) -> Self {
        Self { upstream }
    }
}

impl<G: AgentGenerator + ?Sized> Function for Decompose<G> {
    const ACTION: Action = Action::Decompose;
}

impl<G: AgentGenerator + ?Sized> RequestFunction for Decompose<G> {
    const ROUTES: &'static [Route] = &[Route { name: "decompose", method: "POST" }];
    const MAX_BODY: usize = 1024 * 1024;

    async fn serve<'a>(&'a self, request: Request<'a>, log: &'a mut RequestLog) -> Result<Reply, Refusal> {
        let body = Fields::open(request.body, log)?;
        log.ask("description", body.string("description"));
        let fields = Fields::check(body, &FIELDS)?;
        let goal = Goal::parse(&fields)?;
        let decomposition = self.upstream.decompose(goal.call(None), request.end, log).await?;
        Reply::from_success(&decomposition.into(), Self::ACTION, log.session_id.as_deref())
    }
}
