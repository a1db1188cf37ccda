//! `decompose`: a goal in plain words -> steps, questions, or the reason why it is vague or unachievable.

use agent_offers::Offering;
use lambda::{Function, RequestFunction, Route, function::Request};
use shared::{
    action::Action,
    caller::Owner,
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
    offering: Offering,
}

impl<G: AgentGenerator + ?Sized> Decompose<G> {
    #[must_use]
    pub fn new(upstream: Upstream<G>) -> Self {
        Self { upstream, offering: Offering::default() }
    }

    /// Offers the caller's own agents to the generator.
    #[must_use]
    pub fn with_offering(self, offering: Offering) -> Self {
        Self { offering, ..self }
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
        let named;
        let owner = match request.http {
            Some(http) => http.owner,
            None => {
                named = Owner::from_body(fields.object())?;
                named.as_ref()
            }
        };
        let agents = self.offering.agents(goal.library_agents(), owner, &goal.words(), None, request.end).await;
        let decomposition = self.upstream.decompose(goal.call(agents.as_deref(), None), request.end, log).await?;
        Reply::from_success(&decomposition.into(), Self::ACTION, log.session_id.as_deref())
    }
}
