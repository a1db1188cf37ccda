//! `catalog`: the generator's blocks, and its health.

use lambda::{Function, RequestFunction, Route, function::Request};
use serde::Serialize;
use shared::{
    action::Action,
    error_type::ErrorType,
    port::AgentGenerator,
    refusal::Refusal,
    reply::Reply,
    request::{Field, Fields, Kind},
    request_log::RequestLog,
    success::Success,
    upstream::Upstream,
};

const BLOCKS: &str = "blocks";
const HEALTH: &str = "health";
/// A direct payload names the route, which over HTTP is in the path.
const FIELDS: [Field; 1] = [("route", Kind::String)];

pub struct Catalog<G: ?Sized = dyn AgentGenerator> {
    upstream: Upstream<G>,
}

/// The body of `GET /health`.
#[derive(Serialize)]
struct Health<'a> {
    status: &'static str,
    /// `null` if no generator is configured.
    generator: Option<&'static str>,
    blocks_loaded: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    error_type: Option<&'a str>,
}

impl<G: AgentGenerator + ?Sized> Catalog<G> {
    #[must_use]
    pub fn new(upstream: Upstream<G>) -> Self {
        Self { upstream }
    }

    async fn blocks(&self, request: &Request<'_>, log: &mut RequestLog) -> Result<Reply, Refusal> {
        let blocks = self.upstream.blocks(request.end, log).await?;
        Reply::from_success(&Success::Blocks { blocks }, Self::ACTION, log.session_id.as_deref())
    }

    /// A generator that does not answer is reported as unhealthy, with the error class, not as an error.
    async fn health(&self, request: &Request<'_>, log: &mut RequestLog) -> Result<Reply, Refusal> {
        let (blocks_loaded, error_type) = match self.upstream.health(request.end, log).await {
            Ok(health) if health.healthy && health.blocks_loaded => (true, None),
            Ok(health) => (health.blocks_loaded, Some(ErrorType::ServiceUnavailable)),
            Err(Refusal::Failed { failure, .. }) => (false, Some(failure.error_type)),
            Err(_) => (false, Some(ErrorType::ServiceNotConfigured)),
        };
        let (status, outcome) = if error_type.is_none() { (200, "healthy") } else { (503, "unhealthy") };
        let body = serde_json::to_string(&Health {
            status: outcome,
            generator: self.upstream.kind(),
            blocks_loaded,
            error_type: error_type.as_ref().map(ErrorType::name),
        })
        .map_err(|_| Refusal::unexpected(Self::ACTION, "could not serialise the state"))?;
        Ok(Reply { error_type, ..Reply::new(status, outcome, body) })
    }
}

impl<G: AgentGenerator + ?Sized> Function for Catalog<G> {
    const ACTION: Action = Action::Catalog;
}

impl<G: AgentGenerator + ?Sized> RequestFunction for Catalog<G> {
    const ROUTES: &'static [Route] = &[Route { name: BLOCKS, method: "GET" }, Route { name: HEALTH, method: "GET" }];
    const MAX_BODY: usize = 1024 * 1024;

    async fn serve<'a>(&'a self, request: Request<'a>, log: &'a mut RequestLog) -> Result<Reply, Refusal> {
        let route = match request.route {
            Some(route) => route.into(),
            None => {
                let fields = Fields::check(Fields::open(request.body, log)?, &FIELDS)?;
                fields.text("route").unwrap_or(BLOCKS.into())
            }
        };
        match route.as_ref() {
            BLOCKS => self.blocks(&request, log).await,
            HEALTH => self.health(&request, log).await,
            other => Err(lambda::function::no_route::<Self>(other).into()),
        }
    }
}
