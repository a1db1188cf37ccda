//! `generate`: steps -> agent; or a goal -> steps -> agent.

use serde::Serialize;
use serde_json::value::RawValue;
use shared::{
    bad_request::BadRequest,
    function::{Reply, Route},
    generator::{AgentGenerator, Decomposition, Draft, Drafted, GenerateCall, OperationIds},
    json::{self, Object},
    operation::Operation,
    operations::{durable::Durable, job::Done, record::Tool},
    record::Record,
    refusal::Refusal,
    request::{Field, Fields, Goal, Kind},
    success::Success,
    upstream::Upstream,
};
use tokio::time::Instant;
use uuid::Uuid;

const FIELDS: [Field; 3] = [("instructions", Kind::Object), ("description", Kind::Text), ("context", Kind::Text)];

/// What the function does, within a request or as an operation.
pub struct Generate<G: ?Sized = dyn AgentGenerator> {
    upstream: Upstream<G>,
}

/// What decompose gave, on its way to the generator: these two keys exactly.
#[derive(Serialize)]
struct Instructions<'a> {
    r#type: &'static str,
    steps: &'a RawValue,
}

impl<G: ?Sized> Clone for Generate<G> {
    fn clone(&self) -> Self {
        Self { upstream: self.upstream.clone() }
    }
}

impl<G: AgentGenerator + ?Sized> Generate<G> {
    /// Asks `upstream`.
    #[must_use]
    pub fn new(upstream: Upstream<G>) -> Self {
        Self { upstream }
    }

    /// The steps for a goal, as instructions; or the result that ends the work here.
    async fn decompose(
        &self,
        fields: &Fields<'_>,
        operation: Option<OperationIds<'_>>,
        end: Instant,
        record: &mut Record,
    ) -> Result<Result<Box<RawValue>, Success>, Refusal> {
        let goal = Goal::parse(fields)?;
        match self.upstream.decompose_for(goal.call(), operation, end, record).await? {
            Decomposition::Instructions { steps } => {
                let instructions = json::to_raw(&Instructions { r#type: "instructions", steps: &steps });
                instructions.map(Ok).map_err(|_| Refusal::unexpected(Self::OPERATION, "the steps could not be written"))
            }
            other => Ok(Err(other.into())),
        }
    }
}

impl<G: AgentGenerator + ?Sized> Durable for Generate<G> {
    const TOOL: Tool = Tool::GenerateAgent;
    const OPERATION: Operation = Operation::Generate;
    const ROUTES: &'static [Route] = &[Route { name: "generate", method: "POST" }];
    const MAX_BODY: usize = 1024 * 1024;

    fn read<'a>(body: Object<'a>, record: &mut Record) -> Result<Fields<'a>, BadRequest> {
        if body.get("description").is_some() {
            record.ask("description", body.string("description"));
        }
        Fields::check(body, &FIELDS)
    }

    fn check(&self, fields: &Fields<'_>) -> Result<(), Refusal> {
        if fields.raw("instructions").is_none() {
            Goal::parse(fields)?;
        }
        self.upstream.check()
    }

    async fn work<'a>(
        &'a self,
        fields: &'a Fields<'a>,
        operation: Option<OperationIds<'a>>,
        end: Instant,
        record: &'a mut Record,
    ) -> Result<Done, Refusal> {
        let made;
        let instructions = match fields.raw("instructions") {
            Some(given) => given,
            None => match self.decompose(fields, operation, end, record).await? {
                Ok(instructions) => {
                    made = instructions;
                    &*made
                }
                Err(end) => return Reply::of(&end, Self::OPERATION, record).map(Done::Reply),
            },
        };
        let call = GenerateCall { instructions, library_agents: fields.library_agents() };
        let drafted = match self.upstream.generate(call, operation, end, record).await? {
            Drafted::Now(Draft::Agent(agent)) => Drafted::Now(Draft::Agent(complete(agent)?)),
            other => other,
        };
        Done::drafted(Self::OPERATION, drafted, record)
    }
}

/// Gives a new agent what it has to have: an id, a version, and that it is active (CONTRACT 4). What it has, it keeps.
fn complete(agent: Box<RawValue>) -> Result<Box<RawValue>, Refusal> {
    let unwritable = |_| Refusal::unexpected(Operation::Generate, "the agent could not be written");
    let id = json::to_raw(&Uuid::new_v4().to_string()).map_err(unwritable)?;
    let version = json::to_raw(&1).map_err(unwritable)?;
    let is_active = json::to_raw(&true).map_err(unwritable)?;
    let defaults = [("id", &*id), ("version", &*version), ("is_active", &*is_active)];
    let Some(mut keys) = Object::of(&agent) else {
        return Ok(agent);
    };
    if defaults.iter().all(|(key, _)| keys.get(key).is_some()) {
        return Ok(agent);
    }
    for (key, value) in defaults {
        keys.set_default(key, value);
    }
    json::to_raw(&keys).map_err(unwritable)
}
