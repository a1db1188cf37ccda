//! `generate`: steps -> agent, or goal -> steps -> agent.

mod ticket;

use lambda::Route;
use lifecycle::{durable::Durable, job::Done, record::Tool};
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use shared::{
    account::LeftOut,
    action::Action,
    bad_request::BadRequest,
    json::{self, Object},
    port::{AgentGenerator, Background, Decomposition, Draft, Drafted, GenerateCall, OperationIds},
    progress::{Progress, Step},
    refusal::Refusal,
    reply::Reply,
    request::{Field, Fields, Goal, Kind},
    request_log::RequestLog,
    success::Success,
    upstream::Upstream,
};
use tokio::time::Instant;
use uuid::Uuid;

use self::ticket::Kept;

const FIELDS: [Field; 3] =
    [("instructions", Kind::Instructions), ("description", Kind::String), ("context", Kind::String)];

/// The work of the function, within a request or as an operation.
pub struct Generate<G: ?Sized = dyn AgentGenerator> {
    upstream: Upstream<G>,
}

/// The steps of a decomposition, in the form that the generator expects.
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
    #[must_use]
    pub fn new(upstream: Upstream<G>) -> Self {
        Self { upstream }
    }

    /// Returns instructions for the goal with what they leave out, or `Err` with the answer if there are no steps to build from.
    async fn decompose(
        &self,
        goal: &Goal<'_>,
        operation: Option<Background<'_>>,
        end: Instant,
        log: &mut RequestLog,
    ) -> Result<Result<(Box<RawValue>, Vec<LeftOut>), Success>, Refusal> {
        match self.upstream.decompose(goal.call(operation), end, log).await? {
            Decomposition::Instructions { steps, account } => {
                let instructions = json::to_raw(&Instructions { r#type: "instructions", steps: &steps })
                    .map_err(|_| Refusal::unexpected(Self::ACTION, "could not serialise the steps"))?;
                Ok(Ok((instructions, account.left_out)))
            }
            other => Ok(Err(other.into())),
        }
    }
}

/// What to build from. A goal is decomposed first.
pub enum Input<'a> {
    Instructions { instructions: &'a RawValue, library_agents: Option<&'a RawValue> },
    Goal(Goal<'a>),
}

impl<G: AgentGenerator + ?Sized> Durable for Generate<G> {
    const TOOL: Tool = Tool::GenerateAgent;
    const ACTION: Action = Action::Generate;
    const ROUTES: &'static [Route] = &[Route { name: "generate", method: "POST" }];
    const MAX_BODY: usize = 1024 * 1024;

    type Input<'a> = Input<'a>;

    fn check_fields<'a>(body: Object<'a>, log: &mut RequestLog) -> Result<Fields<'a>, BadRequest> {
        if body.get("description").is_some() {
            log.ask("description", body.string("description"));
        }
        Fields::check(body, &FIELDS)
    }

    fn parse<'a>(fields: &Fields<'a>) -> Result<Input<'a>, BadRequest> {
        match fields.raw("instructions") {
            Some(instructions) => Ok(Input::Instructions { instructions, library_agents: fields.library_agents() }),
            None => Goal::parse(fields).map(Input::Goal),
        }
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
        let decomposed;
        let mut left_out = Vec::new();
        let kept = operation.and_then(|operation| Kept::parse(operation.ids.ticket?));
        let ticket = kept.as_ref().map(|kept| &*kept.job);
        let operation = operation.map(|background| {
            let ids = OperationIds { ticket, ..background.ids };
            Background { ids, ..background }
        });
        let (instructions, library_agents) = match &input {
            Input::Instructions { instructions, library_agents } => (*instructions, *library_agents),
            Input::Goal(goal) if ticket.is_some() => {
                // The generator has the steps already.
                decomposed = RawValue::from_string("{}".to_owned()).map_err(|_| unwritable())?;
                (&*decomposed, goal.library_agents())
            }
            Input::Goal(goal) => {
                operation.step(Step::Decomposing, None);
                match self.decompose(goal, operation, end, log).await? {
                    Ok((instructions, parts)) => {
                        decomposed = instructions;
                        left_out = parts;
                        (&*decomposed, goal.library_agents())
                    }
                    Err(answer) => {
                        return Reply::from_success(&answer, Self::ACTION, log.session_id.as_deref()).map(Done::Reply);
                    }
                }
            }
        };
        left_out.extend(kept.iter().flat_map(|kept| kept.left_out.iter().cloned()));
        // Counted for a caller who watches, and for nobody else.
        let detail = operation.and_then(|_| counted(instructions));
        operation.step(Step::Planning, detail.as_deref());
        let call = GenerateCall { instructions, library_agents, operation };
        let drafted = match self.upstream.generate(call, end, log).await? {
            Drafted::Now(Draft::Agent(agent, mut account)) => {
                // A generator that gets the steps alone cannot know what they leave out.
                if account.left_out.is_empty() {
                    account.left_out = left_out;
                }
                Drafted::Now(Draft::Agent(complete(agent)?, account))
            }
            Drafted::Later(ticket) => Drafted::Later(Kept::wrap(ticket, left_out).ok_or_else(unwritable)?),
            other => other,
        };
        Done::drafted(Self::ACTION, drafted, log)
    }
}

fn unwritable() -> Refusal {
    Refusal::unexpected(Action::Generate, "could not serialise what is asked of the generator")
}

/// How many steps there are to build from. `None` for instructions in another form than ours.
fn counted(instructions: &RawValue) -> Option<String> {
    #[derive(Deserialize)]
    struct Steps<'a> {
        #[serde(borrow)]
        steps: Vec<&'a RawValue>,
    }
    let Steps { steps } = serde_json::from_str(instructions.get()).ok()?;
    Some(if steps.len() == 1 { "1 step".to_owned() } else { format!("{} steps", steps.len()) })
}

/// Adds `id`, `version` and `is_active` to a new agent if they are missing: CONTRACT 4.
fn complete(agent: Box<RawValue>) -> Result<Box<RawValue>, Refusal> {
    let unwritable = |_| Refusal::unexpected(Action::Generate, "could not serialise the agent");
    let id = json::to_raw(&Uuid::new_v4().to_string()).map_err(unwritable)?;
    let version = json::to_raw(&1).map_err(unwritable)?;
    let is_active = json::to_raw(&true).map_err(unwritable)?;
    json::with_defaults(agent, &[("id", id), ("version", version), ("is_active", is_active)]).map_err(unwritable)
}
