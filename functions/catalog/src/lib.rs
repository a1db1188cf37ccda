//! `catalog`: the generator's blocks, and its health.

use std::borrow::Cow;

use generator::listing::{self, Unlisted, Wanted};
use lambda::{Function, RequestFunction, Route, function::Request, query::Query};
use serde::Serialize;
use shared::{
    action::Action,
    bad_request::BadRequest,
    error_type::ErrorType,
    json,
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
const FIELDS: [Field; 3] = [("route", Kind::String), ("q", Kind::String), ("fields", Kind::String)];
/// The most blocks that a caller can ask for by number.
const MAX_BLOCKS: usize = 1000;

pub struct Catalog<G: ?Sized = dyn AgentGenerator> {
    upstream: Upstream<G>,
}

/// What is asked of the list of blocks, not yet checked.
#[derive(Default)]
struct Asked<'a> {
    q: Option<Cow<'a, str>>,
    limit: Option<Cow<'a, str>>,
    fields: Option<Cow<'a, str>>,
}

impl<'a> Asked<'a> {
    fn in_query(query: &'a Query) -> Self {
        let text = |name| query.get(name).map(Cow::Borrowed);
        Self { q: text("q"), limit: text("limit"), fields: text("fields") }
    }

    fn in_payload(fields: &Fields<'a>) -> Self {
        let limit = fields.raw("limit").filter(|limit| !json::is_null(limit)).map(|limit| limit.get().into());
        Self { q: fields.text("q"), limit, fields: fields.text("fields") }
    }

    fn limit(&self) -> Result<Option<usize>, BadRequest> {
        let wrong = BadRequest::WrongForm { what: "parameter limit", form: "a whole number from 1 to 1,000" };
        let Some(limit) = &self.limit else { return Ok(None) };
        let limit = limit.parse().ok().filter(|limit| (1..=MAX_BLOCKS).contains(limit));
        limit.map(Some).ok_or(wrong)
    }
}

fn refused(reason: Unlisted) -> Refusal {
    match reason {
        Unlisted::UnknownField { field, known } => BadRequest::UnknownField { field, known }.into(),
        Unlisted::Meanings(_) | Unlisted::Unwritable(_) => {
            Refusal::unexpected(Action::Catalog, "could not search the blocks")
        }
    }
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

    async fn blocks(&self, request: &Request<'_>, wanted: Asked<'_>, log: &mut RequestLog) -> Result<Reply, Refusal> {
        let limit = wanted.limit()?;
        let mut blocks = self.upstream.blocks(request.end, log).await?;
        let wanted = Wanted { words: wanted.q.as_deref(), limit, fields: wanted.fields.as_deref() };
        if wanted.words.is_some() || wanted.limit.is_some() || wanted.fields.is_some() {
            blocks = listing::listed(&blocks, &wanted).map_err(refused)?;
        }
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
        let (route, asked) = match request.route {
            Some(route) => (route.into(), request.http.map_or_else(Asked::default, |http| Asked::in_query(http.query))),
            None => {
                let fields = Fields::check(Fields::open(request.body, log)?, &FIELDS)?;
                (fields.text("route").unwrap_or(BLOCKS.into()), Asked::in_payload(&fields))
            }
        };
        match route.as_ref() {
            BLOCKS => self.blocks(&request, asked, log).await,
            HEALTH => self.health(&request, log).await,
            other => Err(lambda::function::no_route::<Self>(other).into()),
        }
    }
}
