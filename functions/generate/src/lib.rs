//! `generate`: steps -> agent, or goal -> steps -> agent.

mod ticket;

use std::{borrow::Cow, sync::Arc};

use agent_library::{
    head::id_from,
    ports::AgentStore,
    saver::{Earlier, IN_BACKGROUND, IN_REQUEST, Made, Saver, Settled, library_of},
    version::{Origin, Story},
};
use agent_offers::Offering;
use lambda::Route;
use lifecycle::{
    durable::{Durable, WorkContext},
    job::Done,
    record::Tool,
};
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use shared::{
    account::LeftOut,
    action::Action,
    bad_request::BadRequest,
    caller::Owner,
    json::{self, Object},
    port::{AgentGenerator, Background, Decomposition, Draft, Drafted, GenerateCall},
    progress::{Progress, Step},
    refusal::Refusal,
    reply::Reply,
    request::{Field, Fields, Goal, Kind, LibraryAgents},
    request_log::RequestLog,
    success::{Saving, Success},
    upstream::Upstream,
};
use tokio::time::Instant;
use uuid::Uuid;

use self::ticket::Kept;

const FIELDS: [Field; 4] = [
    ("instructions", Kind::Instructions),
    ("description", Kind::String),
    ("context", Kind::String),
    ("save", Kind::Boolean),
];

/// The work of the function, within a request or as an operation.
pub struct Generate<G: ?Sized = dyn AgentGenerator> {
    upstream: Upstream<G>,
    library: Option<Arc<dyn AgentStore>>,
    offering: Offering,
}

/// The steps of a decomposition, in the form that the generator expects.
#[derive(Serialize)]
struct Instructions<'a> {
    r#type: &'static str,
    steps: &'a RawValue,
}

impl<G: ?Sized> Clone for Generate<G> {
    fn clone(&self) -> Self {
        let Self { upstream, library, offering } = self;
        Self { upstream: upstream.clone(), library: library.clone(), offering: offering.clone() }
    }
}

impl<G: AgentGenerator + ?Sized> Generate<G> {
    #[must_use]
    pub fn new(upstream: Upstream<G>) -> Self {
        Self { upstream, library: None, offering: Offering::default() }
    }

    /// Saves agents that are to be saved, and offers the caller's own to the generator.
    #[must_use]
    pub fn with_library(self, library: Option<Arc<dyn AgentStore>>, offering: Offering) -> Self {
        Self { library, offering, ..self }
    }

    /// Returns instructions for the goal with what they leave out, or `Err` with the answer if there are no steps to build from.
    async fn decompose(
        &self,
        goal: &Goal<'_>,
        (library_agents, operation): (Option<&RawValue>, Option<Background<'_>>),
        end: Instant,
        log: &mut RequestLog,
    ) -> Result<Result<(Box<RawValue>, Vec<LeftOut>), Success>, Refusal> {
        match self.upstream.decompose(goal.call(library_agents, operation), end, log).await? {
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
enum Source<'a> {
    Instructions { instructions: &'a RawValue, library_agents: LibraryAgents<'a>, goal: Option<Cow<'a, str>> },
    Goal(Goal<'a>),
}

impl Source<'_> {
    /// In the person's own words, if they are known.
    fn goal(&self) -> Option<&str> {
        match self {
            Self::Instructions { goal, .. } => goal.as_deref(),
            Self::Goal(goal) => Some(goal.description()),
        }
    }
}

/// What came of asking the generator.
enum Built {
    Drafted(Drafted),
    /// Nothing for now: there are no steps to build from, or it reports by itself.
    Done(Done),
}

pub struct Input<'a> {
    source: Source<'a>,
    save: bool,
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
        let source = match fields.raw("instructions") {
            Some(instructions) => Source::Instructions {
                instructions,
                library_agents: fields.library_agents(),
                goal: fields.text_with_content("description"),
            },
            None => Source::Goal(Goal::parse(fields)?),
        };
        Ok(Input { source, save: fields.flag("save") })
    }

    fn check(&self, input: &Input<'_>, owner: Option<&Owner>) -> Result<(), Refusal> {
        if input.save {
            library_of(self.library.as_ref(), owner)?;
        }
        self.upstream.check()
    }

    async fn work<'a>(
        &'a self,
        input: Input<'a>,
        context: WorkContext<'a>,
        log: &'a mut RequestLog,
    ) -> Result<Done, Refusal> {
        let work = if input.save { context.work_name() } else { None };
        let shelf = if input.save { Some(self.shelf(&context, work.as_deref())?) } else { None };
        if let Some((saver, id)) = &shelf
            && let Some(earlier) = saver.earlier(id).await?
        {
            let (drafted, saving) = self.again(earlier);
            return Done::drafted(Self::ACTION, drafted, Some(saving), log);
        }
        let drafted = match self.build(&input.source, context, log).await? {
            Built::Drafted(drafted) => drafted,
            Built::Done(done) => return Ok(done),
        };
        let (drafted, saving) = match (drafted, shelf) {
            (Drafted::Now(Draft::Agent(agent, account)), Some((saver, id))) => {
                let operation_id = context.operation.map(|(id, _)| id.to_owned());
                let mut story = Story { operation_id, ..Story::new(Origin::Generated) };
                if let Some(goal) = input.source.goal() {
                    story = story.with_wish(goal);
                }
                let made = Made { agent: &agent, account: &account, story, at: context.clock.now() };
                let (drafted, saving) = match saver.create(id, made).await? {
                    Settled::Now(saving) => (Drafted::Now(Draft::Agent(agent, account)), saving),
                    Settled::Before(earlier) => self.again(earlier),
                };
                (drafted, Some(saving))
            }
            (drafted, _) => (drafted, None),
        };
        Done::drafted(Self::ACTION, drafted, saving, log)
    }
}

impl<G: AgentGenerator + ?Sized> Generate<G> {
    /// The caller's library, and the id that the new agent has in it: of an operation always the same.
    fn shelf<'a>(&'a self, context: &WorkContext<'a>, work: Option<&'a str>) -> Result<(Saver<'a>, String), Refusal> {
        let (store, owner) = library_of(self.library.as_ref(), context.owner)?;
        let patience = if context.background.is_some() { IN_BACKGROUND } else { IN_REQUEST };
        let id = work.map_or_else(|| Uuid::new_v4().to_string(), |work| id_from(owner, work));
        Ok((Saver { store, owner, work, patience, end: context.end }, id))
    }

    /// What another attempt at this work has saved.
    fn again(&self, earlier: Earlier) -> (Drafted, Saving) {
        let account = self.upstream.account(None, &earlier.agent);
        earlier.drafted(account)
    }

    /// Asks the generator.
    async fn build(
        &self,
        source: &Source<'_>,
        context: WorkContext<'_>,
        log: &mut RequestLog,
    ) -> Result<Built, Refusal> {
        let WorkContext { owner, background: operation, end, .. } = context;
        let decomposed;
        let mut left_out = Vec::new();
        let kept = operation.and_then(|operation| Kept::parse(operation.ids.ticket?));
        let ticket = kept.as_ref().map(|kept| &*kept.job);
        let operation = context.with_ticket(ticket).background;
        let (asked, words) = match source {
            Source::Instructions { instructions, library_agents, .. } => (*library_agents, instructions.get().into()),
            Source::Goal(goal) => (goal.library_agents(), goal.words()),
        };
        // A generator that is at it already has them.
        let asked = if ticket.is_some() { LibraryAgents::Given(asked.given()) } else { asked };
        let agents = self.offering.agents(asked, owner, &words, None, end).await;
        let library_agents = agents.as_deref();
        let instructions = match source {
            Source::Instructions { instructions, .. } => *instructions,
            Source::Goal(_) if ticket.is_some() => {
                // The generator has the steps already.
                decomposed = RawValue::from_string("{}".to_owned()).map_err(|_| unwritable())?;
                &*decomposed
            }
            Source::Goal(goal) => {
                operation.step(Step::Decomposing, None);
                match self.decompose(goal, (library_agents, operation), end, log).await? {
                    Ok((instructions, parts)) => {
                        decomposed = instructions;
                        left_out = parts;
                        &*decomposed
                    }
                    Err(answer) => {
                        let reply = Reply::from_success(&answer, Self::ACTION, log.session_id.as_deref());
                        return Ok(Built::Done(Done::Reply(reply?)));
                    }
                }
            }
        };
        left_out.extend(kept.iter().flat_map(|kept| kept.left_out.iter().cloned()));
        // Counted for a caller who watches, and for nobody else.
        let detail = operation.and_then(|_| counted(instructions));
        operation.step(Step::Planning, detail.as_deref());
        let call = GenerateCall { instructions, library_agents, operation };
        Ok(Built::Drafted(match self.upstream.generate(call, end, log).await? {
            Drafted::Now(Draft::Agent(agent, mut account)) => {
                // A generator that gets the steps alone cannot know what they leave out.
                if account.left_out.is_empty() {
                    account.left_out = left_out;
                }
                Drafted::Now(Draft::Agent(complete(agent)?, account))
            }
            Drafted::HandedOver => return Ok(Built::Done(Done::HandedOver(Kept::without_ticket(left_out)))),
            Drafted::Later(ticket) => Drafted::Later(Kept::wrap(ticket, left_out).ok_or_else(unwritable)?),
            other => other,
        }))
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
///
/// # Errors
/// It is not an object.
pub fn complete(agent: Box<RawValue>) -> Result<Box<RawValue>, Refusal> {
    let unwritable = |_| Refusal::unexpected(Action::Generate, "could not serialise the agent");
    let id = json::to_raw(&Uuid::new_v4().to_string()).map_err(unwritable)?;
    let version = json::to_raw(&1).map_err(unwritable)?;
    let is_active = json::to_raw(&true).map_err(unwritable)?;
    json::with_defaults(agent, &[("id", id), ("version", version), ("is_active", is_active)]).map_err(unwritable)
}
