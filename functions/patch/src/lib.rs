//! `patch`: agent and requested changes -> updated agent, or questions.

mod ticket;

use std::{borrow::Cow, sync::Arc};

use agent_library::{
    ports::AgentStore,
    saver::{Base, Earlier, IN_BACKGROUND, IN_REQUEST, Made, Saver, Settled, conflict, library_of},
    version::{Origin, Story},
};
use agent_offers::{Editing, Offering};
use lambda::{Route, condition::is_met};
use lifecycle::{
    durable::{Durable, WorkContext},
    job::Done,
    record::Tool,
};
use serde_json::value::RawValue;
use shared::{
    action::Action,
    bad_request::BadRequest,
    caller::Owner,
    json::{self, Object},
    port::{AgentGenerator, Draft, Drafted, PatchCall},
    progress::{Progress, Step},
    refusal::Refusal,
    request::{Changes, Field, Fields, Kind, LibraryAgents},
    request_log::RequestLog,
    success::Saving,
    timestamp::Timestamp,
    upstream::Upstream,
};

use self::ticket::Pinned;

const FIELDS: [Field; 7] = [
    ("current_agent_json", Kind::Agent),
    ("changes", Kind::String),
    ("context", Kind::String),
    ("agent_id", Kind::String),
    ("version", Kind::Number),
    ("save", Kind::Boolean),
    ("if_match", Kind::String),
];

/// An agent that deep could not be returned: [`json::MAX_RESULT_DEPTH`].
const TOO_DEEP: BadRequest =
    BadRequest::WrongForm { what: "field current_agent_json", form: "nested at most 126 levels deep" };

/// The work of the function, within a request or as an operation.
pub struct Patch<G: ?Sized = dyn AgentGenerator> {
    upstream: Upstream<G>,
    library: Option<Arc<dyn AgentStore>>,
    offering: Offering,
    /// See [`Self::finishing`].
    unchanged_since: Option<Timestamp>,
}

impl<G: ?Sized> Clone for Patch<G> {
    fn clone(&self) -> Self {
        let Self { upstream, library, offering, unchanged_since } = self;
        let (upstream, library, offering) = (upstream.clone(), library.clone(), offering.clone());
        Self { upstream, library, offering, unchanged_since: *unchanged_since }
    }
}

impl<G: AgentGenerator + ?Sized> Patch<G> {
    #[must_use]
    pub fn new(upstream: Upstream<G>) -> Self {
        Self { upstream, library: None, offering: Offering::default(), unchanged_since: None }
    }

    /// Changes the agents that callers keep, and offers them to the generator.
    #[must_use]
    pub fn with_library(self, library: Option<Arc<dyn AgentStore>>, offering: Offering) -> Self {
        Self { library, offering, ..self }
    }

    /// Finishes what a generator has made that was given its agent some time since `began`. If the version is not known that
    /// it was given, it is the newest one, unless somebody has saved meanwhile.
    #[must_use]
    pub fn finishing(self, began: Timestamp) -> Self {
        Self { unchanged_since: Some(began), ..self }
    }

    /// Reads the version of a kept agent that the change begins with.
    async fn base(&self, kept: &Kept<'_>, saver: &Saver<'_>, pinned: Option<u32>) -> Result<Base, Refusal> {
        let base = saver.read(&kept.agent_id, pinned.or(kept.version)).await?;
        // What is known to be lost is not begun. What a generator is at already is.
        let is_newest = base.version == base.head.version
            && kept.if_match.as_deref().is_none_or(|if_match| is_met(if_match, &base.etag));
        let is_unsure =
            kept.version.is_none() && self.unchanged_since.is_some_and(|since| base.head.updated_at > since);
        if kept.save && pinned.is_none() && (!is_newest || is_unsure) {
            return Err(conflict(&base.head).into());
        }
        Ok(base)
    }
}

/// The agent that is to be changed.
enum Subject<'a> {
    Sent(&'a RawValue),
    Kept(Kept<'a>),
}

struct Kept<'a> {
    agent_id: Cow<'a, str>,
    version: Option<u32>,
    save: bool,
    /// An element or more of `If-Match`.
    if_match: Option<Cow<'a, str>>,
}

impl<'a> Subject<'a> {
    fn parse(fields: &Fields<'a>) -> Result<Self, BadRequest> {
        let (sent, agent_id) = (fields.raw("current_agent_json"), fields.text("agent_id"));
        let (version, save) = (version(fields)?, fields.flag("save"));
        match (sent, agent_id) {
            (Some(_), Some(_)) => Err(BadRequest::TwoAgents),
            (None, None) => Err(BadRequest::MissingAgent),
            (Some(_), None) if save || version.is_some() => Err(BadRequest::NoAgentId),
            (Some(agent), None) if json::nests_within(agent, json::MAX_RESULT_DEPTH) => Ok(Self::Sent(agent)),
            (Some(_), None) => Err(TOO_DEEP),
            (None, Some(agent_id)) => {
                Ok(Self::Kept(Kept { agent_id, version, save, if_match: fields.text_with_content("if_match") }))
            }
        }
    }
}

fn version(fields: &Fields<'_>) -> Result<Option<u32>, BadRequest> {
    let wrong = BadRequest::WrongForm { what: "field version", form: "a whole number from 1 on" };
    let number = fields.raw("version").map(|version| version.get().parse().ok().filter(|number| *number > 0));
    number.map(|number| number.ok_or(wrong)).transpose()
}

pub struct Input<'a> {
    subject: Subject<'a>,
    changes: Changes<'a>,
    context: Option<Cow<'a, str>>,
    library_agents: LibraryAgents<'a>,
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
        log.ask("agent_id", body.string("agent_id").or(id));
        log.ask("changes", body.string("changes"));
        Fields::check(body, &FIELDS)
    }

    fn parse<'a>(fields: &Fields<'a>) -> Result<Input<'a>, BadRequest> {
        Ok(Input {
            subject: Subject::parse(fields)?,
            changes: Changes::parse(fields.text("changes"))?,
            context: fields.text_with_content("context"),
            library_agents: fields.library_agents(),
        })
    }

    fn check(&self, input: &Input<'_>, owner: Option<&Owner>) -> Result<(), Refusal> {
        if let Subject::Kept(_) = input.subject {
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
        match &input.subject {
            Subject::Sent(agent) => {
                let drafted = self.draft(&input, (agent, None), context, log).await?;
                Done::drafted(Self::ACTION, drafted, None, log)
            }
            Subject::Kept(kept) => self.change(&input, kept, context, log).await,
        }
    }
}

impl<G: AgentGenerator + ?Sized> Patch<G> {
    /// What another attempt at this work has saved.
    fn again(&self, earlier: Earlier) -> (Drafted, Saving) {
        let account = self.upstream.account(earlier.before.as_deref(), &earlier.agent);
        earlier.drafted(account)
    }

    /// Asks the generator.
    async fn draft(
        &self,
        input: &Input<'_>,
        (current_agent_json, editing): (&RawValue, Option<Editing<'_>>),
        context: WorkContext<'_>,
        log: &mut RequestLog,
    ) -> Result<Drafted, Refusal> {
        let WorkContext { owner, background: operation, end, .. } = context;
        let changes = input.changes.as_str();
        let update_request = match &input.context {
            Some(context) => Cow::Owned(format!("{changes}\n\nAdditional context:\n{context}")),
            None => Cow::Borrowed(changes),
        };
        // A generator that is at it already has them.
        let is_at_it = operation.is_some_and(|operation| operation.ids.ticket.is_some());
        let asked = input.library_agents;
        let asked = if is_at_it { LibraryAgents::Given(asked.given()) } else { asked };
        let agents = self.offering.agents(asked, owner, &update_request, editing, end).await;
        let library_agents = agents.as_deref();
        let call = PatchCall { update_request: &update_request, current_agent_json, library_agents, operation };
        operation.step(Step::Planning, None);
        self.upstream.patch(call, end, log).await
    }

    async fn change(
        &self,
        input: &Input<'_>,
        kept: &Kept<'_>,
        context: WorkContext<'_>,
        log: &mut RequestLog,
    ) -> Result<Done, Refusal> {
        let (store, owner) = library_of(self.library.as_ref(), context.owner)?;
        let work = context.work_name();
        let patience = if context.background.is_some() { IN_BACKGROUND } else { IN_REQUEST };
        let saver = Saver { store, owner, work: work.as_deref(), patience, end: context.end };
        if kept.save
            && let Some(earlier) = saver.earlier(&kept.agent_id).await?
        {
            let (drafted, saving) = self.again(earlier);
            return Done::drafted(<Self as Durable>::ACTION, drafted, Some(saving), log);
        }
        let ticket = context.background.and_then(|background| Pinned::parse(background.ids.ticket?));
        let base = self.base(kept, &saver, ticket.as_ref().map(|pinned| pinned.version)).await?;
        let context = context.with_ticket(ticket.as_ref().map(|pinned| &*pinned.job));
        let editing = Editing { agent_id: &kept.agent_id, store: &**store };
        let drafted = match self.draft(input, (&base.agent, Some(editing)), context, log).await? {
            Drafted::HandedOver => return Ok(Done::HandedOver(Pinned::without_ticket(base.version))),
            Drafted::Later(ticket) => Drafted::Later(Pinned::wrap(ticket, base.version).ok_or_else(unwritable)?),
            drafted => drafted,
        };
        let (drafted, saving) = match drafted {
            Drafted::Now(Draft::Agent(agent, account)) if kept.save => {
                let mut story = Story::new(Origin::Patched).with_wish(input.changes.as_str());
                if let Some(edit) = &account.edit {
                    story = story.with_edit(edit);
                }
                story.operation_id = context.operation.map(|(id, _)| id.to_owned());
                let made = Made { agent: &agent, account: &account, story, at: context.clock.now() };
                let (drafted, saving) = match saver.change(&base, made).await? {
                    Settled::Now(saving) => (Drafted::Now(Draft::Agent(agent, account)), saving),
                    Settled::Before(earlier) => self.again(earlier),
                };
                (drafted, Some(saving))
            }
            drafted @ Drafted::Now(Draft::Agent(..)) => {
                let Base { head, version, etag, .. } = base;
                (drafted, Some(Saving::NotWanted { agent_id: head.agent_id, version, etag }))
            }
            drafted => (drafted, None),
        };
        Done::drafted(<Self as Durable>::ACTION, drafted, saving, log)
    }
}

fn unwritable() -> Refusal {
    Refusal::unexpected(Action::Patch, "could not write down how far the generator is")
}
