//! `library`: agents that callers keep, with their versions (CONTRACT 10), and, for the operator, transfer and sweep.

mod answer;
mod change;
mod create;
mod operator;
mod read;
mod remove;

use std::{borrow::Cow, sync::Arc};

use agent_library::{
    head::{Head, is_agent_id},
    ports::Library,
    profile::Profile,
    saver::{self, unavailable},
    version::{AgentText, LARGEST, NewVersion, Origin, Story, is_readable},
};
use generator::keeping::Keeper;
use lambda::{
    Function, RequestFunction, Route,
    function::{Http, Request},
    response::MAX_RESPONSE,
};
use serde_json::value::RawValue;
use shared::{
    action::Action,
    bad_request::BadRequest,
    caller::Owner,
    json::{self, nests_within},
    refusal::Refusal,
    reply::Reply,
    request::{Field, Fields, Kind},
    request_log::RequestLog,
    timestamp::Timestamp,
};

const AGENTS: &str = "agents";
const AGENT: &str = "agents/{agent_id}";
const VERSIONS: &str = "agents/{agent_id}/versions";
const VERSION: &str = "agents/{agent_id}/versions/{version}";
const RESTORE: &str = "agents/{agent_id}/versions/{version}/restore";
const FORK: &str = "agents/{agent_id}/fork";
const UNDELETE: &str = "agents/{agent_id}/undelete";

const FIELDS: [Field; 2] = [("agent_json", Kind::Agent), ("wish", Kind::String)];

/// Room for what surrounds an agent in an answer: the rest of a head or a version, escaped, and the headers.
const ENVELOPE: usize = 128 * 1024;
const _: () = assert!(LARGEST == MAX_RESPONSE - ENVELOPE);

#[derive(Debug)]
pub struct Agents {
    pub library: Arc<dyn Library>,
    pub keeper: Keeper,
}

/// A request over HTTP in the name of somebody.
#[derive(Clone, Copy)]
struct Asked<'a> {
    owner: &'a Owner,
    http: Http<'a>,
    body: &'a str,
    now: Timestamp,
}

/// An agent that a caller sends, and the words that it came of.
struct Sent<'a> {
    agent: &'a RawValue,
    wish: Option<Cow<'a, str>>,
}

impl Sent<'_> {
    fn story(&self, origin: Origin) -> Story {
        let story = Story::new(origin);
        match self.wish.as_deref().filter(|wish| !wish.trim().is_empty()) {
            Some(wish) => story.with_wish(wish),
            None => story,
        }
    }
}

impl<'a> Asked<'a> {
    fn agent_id(&self) -> Result<&'a str, BadRequest> {
        self.http.parameter.filter(|id| is_agent_id(id)).ok_or(BadRequest::NoSuchAgent)
    }

    /// The number in the path.
    fn version(&self) -> Result<u32, BadRequest> {
        let number = self.http.parameters.get(1).filter(|text| text.bytes().all(|byte| byte.is_ascii_digit()));
        let number = number.and_then(|text| text.parse().ok()).filter(|number| *number > 0);
        number.ok_or(BadRequest::WrongForm { what: "version in the path", form: "a whole number from 1 on" })
    }

    fn sent(&self, log: &mut RequestLog) -> Result<Sent<'a>, BadRequest> {
        let fields = Fields::check(Fields::open(self.body, log)?, &FIELDS)?;
        let agent = fields.raw("agent_json").ok_or(BadRequest::NoAgent)?;
        let deep = BadRequest::WrongForm { what: "field agent_json", form: "nested at most 126 levels deep" };
        if !nests_within(agent, json::MAX_RESULT_DEPTH) {
            return Err(deep);
        }
        if !is_readable(agent) {
            return Err(BadRequest::AgentTooLarge);
        }
        Ok(Sent { agent, wish: fields.text("wish") })
    }
}

impl Agents {
    async fn head(&self, asked: Asked<'_>) -> Result<Head, Refusal> {
        let head = self.library.head(asked.owner, asked.agent_id()?).await.map_err(unavailable)?;
        Ok(head.ok_or(BadRequest::NoSuchAgent)?)
    }

    /// The JSON of a version whose head was read.
    ///
    /// # Errors
    /// It is gone, or the store fails.
    pub async fn text(&self, owner: &Owner, agent_id: &str, body: &str) -> Result<Box<RawValue>, Refusal> {
        saver::text(&*self.library, owner, agent_id, body).await
    }

    fn new_version(&self, agent: &RawValue, text: AgentText, story: Story, now: Timestamp) -> NewVersion {
        let profile = Profile::new(agent, &self.keeper.account(agent).requirements);
        NewVersion { profile, agent: text, story, work: None, at: now }
    }
}

impl Function for Agents {
    const ACTION: Action = Action::Library;
}

impl RequestFunction for Agents {
    const ROUTES: &'static [Route] = &[
        Route { name: AGENTS, method: "GET" },
        Route { name: AGENTS, method: "POST" },
        Route { name: AGENT, method: "GET" },
        Route { name: AGENT, method: "PUT" },
        Route { name: AGENT, method: "DELETE" },
        Route { name: VERSIONS, method: "GET" },
        Route { name: VERSION, method: "GET" },
        Route { name: RESTORE, method: "POST" },
        Route { name: FORK, method: "POST" },
        Route { name: UNDELETE, method: "POST" },
    ];
    /// As an agent that is to be patched.
    const MAX_BODY: usize = 5 * 1024 * 1024;
    /// A sweep that fails is an error of the invocation, so that an alarm tells of it.
    const FAILS_ON_ERROR: bool = true;

    async fn serve<'a>(&'a self, request: Request<'a>, log: &'a mut RequestLog) -> Result<Reply, Refusal> {
        let Some((http, route)) = request.http.zip(request.route) else { return self.operate(request).await };
        let owner = http.owner.ok_or(BadRequest::NobodysAgents)?;
        let asked = Asked { owner, http, body: request.body, now: request.clock.now() };
        match (route, http.method) {
            (AGENTS, "GET") => self.list(asked).await,
            (AGENTS, _) => self.create(asked, log).await,
            (AGENT, "GET") => self.read(asked).await,
            (AGENT, "PUT") => self.replace(asked, log).await,
            (AGENT, _) => self.delete(asked).await,
            (VERSIONS, _) => self.history(asked).await,
            (VERSION, _) => self.read_version(asked).await,
            (RESTORE, _) => self.restore(asked).await,
            (FORK, _) => self.fork(asked).await,
            (UNDELETE, _) => self.undelete(asked).await,
            (other, _) => Err(lambda::function::no_route::<Self>(other).into()),
        }
    }
}
