//! Makes an operation on the canvas: finds what it means in this agent, and changes that alone.

mod add;
mod anew;
mod append;
mod approve;
mod bounds;
mod bring;
mod case;
mod change;
mod channel;
mod collective;
mod copy;
mod days;
mod doors;
mod draft;
mod each;
mod facts;
mod fail;
mod family;
mod filter;
mod gate;
mod header;
mod heading;
mod inbox;
mod instead;
mod instruct;
mod kind;
mod language;
mod lessen;
mod link;
mod matter;
mod meant;
mod missing;
mod naming;
mod only;
mod order;
mod passing;
mod past;
mod picked;
mod picture;
mod place;
mod planned;
mod prompt;
mod remove;
mod repeats;
mod replace;
mod rest;
mod schedule;
mod sender;
mod server;
mod set;
mod sound;
mod start;
mod switch;
mod text;
mod then;
mod tidy;
mod turn;
mod under;
mod using;
mod value;
mod wait;
mod within;
mod written;

pub(super) use self::{family::is_model, replace::is_address, sound::is_sound};
use super::{
    canvas::Canvas,
    refused::Refused,
    wish::{Act, Operation, asks, is_schedule},
};
use crate::{Watch, text::shortened};

/// An operation on its way into an agent.
struct Edit<'e, 'k> {
    canvas: &'e mut Canvas<'k>,
    operation: &'e Operation,
    /// What the person added to the wish.
    context: Option<&'e str>,
    watch: Watch<'e>,
    /// What the operation before changed: "it".
    it: Option<usize>,
}

/// Makes an operation. What it leaves behind if it cannot be made is not fit to be used.
pub(super) fn apply(
    canvas: &mut Canvas<'_>,
    operation: &Operation,
    context: Option<&str>,
    it: Option<usize>,
    watch: Watch<'_>,
) -> Result<(), Refused> {
    let old = canvas.ids.iter().cloned().collect();
    let mut edit = Edit { canvas, operation, context, watch, it };
    edit.make()?;
    edit.both_ways(&old)?;
    edit.same_server(&old);
    Ok(())
}

/// "First A, then B", where both are steps of the agent: they are put in this order, and none is added. `None` where one of
/// them is something new.
pub(super) fn sequence(
    canvas: &mut Canvas<'_>,
    operations: (&Operation, &Operation),
    context: Option<&str>,
    watch: Watch<'_>,
) -> Option<Result<(), Refused>> {
    let (first, then) = operations;
    let mut edit = Edit { canvas, operation: first, context, watch, it: None };
    let (one, other) = (edit.act_text(), edit.with(then).act_text());
    edit.sequence(&one, &other)
}

/// "something is down": what the data tell, no step that fails.
fn speaks_of_matter(failure: &str) -> bool {
    let lower = failure.to_lowercase();
    let subject = ["something ", "anything ", "any ", "one of ", "some "].iter().any(|word| lower.starts_with(word));
    let states = [" down", " offline", " unavailable", " broken", " unreachable", " rejected"];
    subject && states.iter().any(|state| lower.ends_with(state))
}

impl<'k> Edit<'_, 'k> {
    /// The same for another operation.
    fn with<'o>(&'o mut self, operation: &'o Operation) -> Edit<'o, 'k> {
        let (context, watch, it) = (self.context, self.watch, self.it);
        Edit { canvas: &mut *self.canvas, operation, context, watch, it }
    }

    fn make(&mut self) -> Result<(), Refused> {
        let operation = self.operation;
        if let Some(scope) = &operation.scope {
            return self.within(scope);
        }
        let done = self.only_unseen().or_else(|| self.other_event()).or_else(|| self.bounded());
        if let Some(done) = done.or_else(|| self.drafted()) {
            return done;
        }
        if let Act::Change { to, .. } = &operation.act
            && let Some(unknown) = self.given_nowhere(to)
        {
            return Err(unknown);
        }
        // "if it mentions security, post it to #security instead": otherwise it stays as it is.
        if let (Some(condition), Some("")) = (&operation.condition, operation.instead.as_deref())
            && matches!(operation.act, Act::Do(_))
        {
            return self.otherwise(condition);
        }
        if let Some(old) = &operation.instead
            && !matches!(
                operation.act,
                Act::Schedule(_)
                    | Act::Start(_)
                    | Act::Replace { .. }
                    | Act::Rename { .. }
                    | Act::Input(_)
                    | Act::Each(_)
            )
        {
            return self.instead(old);
        }
        if let Some(other) = &operation.contrast
            && !matches!(operation.act, Act::Input(_))
            && self.has(other)
        {
            let before = self.canvas.clone();
            match self.instead(other) {
                Err(Refused::Impossible(..) | Refused::Lost(_)) => *self.canvas = before,
                done => return done,
            }
        }
        // "Only the visible part, not the full page"
        if let Some(other) = &operation.contrast
            && let Some(done) = self.switch_off(other)
        {
            return done;
        }
        if let Some(what) = &operation.failure {
            return if speaks_of_matter(what) || self.is_judged(what) {
                self.only_if(&format!("if {what}"))
            } else {
                self.on_failure(what)
            };
        }
        // "let me pick the channel when I start it"
        let at_start = |condition: &String| {
            matches!(operation.act, Act::Input(_))
                && ["start", "run", "launch"].iter().any(|word| condition.to_lowercase().contains(word))
        };
        if let Some(condition) = operation.condition.as_ref().filter(|condition| !at_start(condition)) {
            if let Some(operation) = self.ordered(condition) {
                return self.with(&operation).make();
            }
            return self.only_if(condition);
        }
        if let Some(done) = self.instructed() {
            return done;
        }
        match &operation.act {
            Act::Schedule(text) => self.schedule(text),
            Act::Pause => self.pause(),
            Act::Rest { what, days } => self.rest(what, days),
            Act::Start(event) => self.start_by(event),
            Act::Rename { what, to } => self.rename(what, to),
            Act::Describe(text) => self.describe(text.as_deref()),
            Act::Remove(what) if is_schedule(what) && self.cron().is_some() => self.pause(),
            Act::Remove(_) if let Some(open) = self.hasty() => Err(open),
            Act::Remove(what) if asks(what) => self.unasked(),
            Act::Remove(what) => match self.inbox(what) {
                Some(done) => done,
                None => self.remove(what),
            },
            Act::Replace { old, new } => self.replace(old, new),
            Act::Change { what, from, to } => self.change(what, from.as_deref(), to),
            Act::Make(text) => self.turn(text),
            Act::Give(text) => self.provide(text),
            Act::Use { value, what } => self.use_value(value, what.as_deref()),
            Act::Limit(text) => self.limit(text),
            Act::Clear(what) => self.clear(what),
            Act::AddTo { value, what } => self.add_to(value, what),
            Act::Move(what) => self.shift(what),
            Act::Swap { one, other } => self.swap(one, other),
            Act::Order { first, then } => self.in_order(first, then),
            Act::Approve(what) => self.approve(what.as_deref()),
            Act::Widen { what, clause } => self.widen(what, clause),
            Act::CountAs { what, kind } => self.count_as(what, kind),
            Act::Connect { from, to } => self.connect(from, to),
            Act::Split { what, .. } => self.split(what),
            Act::Copy(what) => self.copy(what),
            Act::Each(what) => self.each(what),
            Act::Together(what) => self.together(what),
            Act::Input(what) => self.input(what),
            Act::Fix { what, value } => self.fix(what, value.as_deref()),
            // "only the summary as output"
            Act::Output(what) if operation.only && operation.said.to_lowercase().contains(" as ") => self.only_output(what),
            Act::Output(what) => self.output(what),
            Act::OnlyOutput(what) => self.only_output(what),
            Act::Add(what) => self.add(what),
            Act::Do(text) => self.perform(text),
            Act::Keep => Ok(()),
            Act::Question => Err(Refused::unsupported(format!(
                "\"{}\" asks about the agent and changes nothing in it.",
                shortened(&operation.said, 80)
            ))),
            Act::Undo => Err(Refused::unsupported(
                "Only the agent as it is now is known here: take an earlier version of it from its history, or say what it \
                 should be like."
                    .to_owned(),
            )),
            Act::Restart => Err(Refused::unsupported(
                "That is another agent, not a change of this one: describe it as a new goal.".to_owned(),
            )),
        }
    }

    /// The operation was not understood: the part is quoted with what could be meant.
    fn lost(&self, part: &str) -> Refused {
        let part = if part == self.operation.said { self.operation.own() } else { part };
        let titles: Vec<String> = self.canvas.working().into_iter().take(12).map(|at| self.canvas.title(at)).collect();
        Refused::Lost(format!(
            "I did not understand what \"{}\" should change. The steps are: {}.",
            shortened(part, 120),
            if titles.is_empty() { "none".to_owned() } else { titles.join(", ") }
        ))
    }
}
