//! What kind of answer a goal gets: an agent, questions, the reason why not, or a suggestion.

use serde_json::Value;
use shared::port::Question;

use crate::{
    knowledge::{self, Class},
    plan::{
        clauses::act::Act,
        model::{Binding, Plan, Reason, Step},
        steps::{
            build::{Builder, Part, Unserved},
            cover::Held,
            lost::{self, Lost},
        },
        wording::{english, zone},
    },
    reading::{Kind, Phrase, Role, Value as Written},
};

/// What becomes of a goal.
#[derive(Debug, Clone, PartialEq)]
pub enum Outcome {
    Plan(Plan),
    /// At most five.
    Questions(Vec<Question>),
    Unachievable {
        /// Which part, and why.
        reason: String,
        suggestion: Option<String>,
    },
    Vague {
        suggestion: Option<String>,
    },
}

/// The answer, and goals near to it if it is not an agent.
pub(in crate::plan) fn outcome(mut builder: Builder<'_, '_>, goal: &str) -> (Outcome, Vec<String>) {
    if builder.done == 0
        && builder.asks_something()
        && builder.unserved.iter().all(|part| part.kind == Part::Work && part.what.is_none())
    {
        builder.answer_question();
        if builder.done > 0 {
            builder.unserved.clear();
        }
    }
    let (worked, essential) = (builder.done > 0, builder.indispensable());
    if let Some(reason) = builder.refusal(&essential) {
        let near = builder.near(&essential);
        return (Outcome::Unachievable { reason, suggestion: None }, near);
    }
    if !worked {
        return (Outcome::Vague { suggestion: None }, builder.of_nouns());
    }
    if !builder.questions.is_empty() {
        return (Outcome::Questions(builder.questions), Vec::new());
    }
    // "Post": something is done, but to nothing; "enter a topic": nothing is done with it.
    if builder.draft.data.is_empty() || builder.draft.steps.is_empty() {
        return (Outcome::Vague { suggestion: None }, builder.of_nouns());
    }
    builder.mind_the_rest();
    if let Some(text) = builder.awaits.take() {
        builder.leave(&text, Reason::NotSupported, "nothing goes out that somebody could decide about");
    }
    builder.digest_searches();
    builder.draft.outputs();
    // "When Discord": no step takes anything, so nothing could start the agent.
    if !builder.ensure_start() {
        return (Outcome::Vague { suggestion: None }, builder.of_nouns());
    }
    builder.leave_schedule();
    builder.leave_the_rest();
    builder.note_unread();
    builder.leave_not_back();
    let name = builder.agent_name();
    let schedule = builder.reading.schedule.as_ref();
    let cron = schedule
        .filter(|_| !builder.by_event)
        .map(|schedule| schedule.cron.clone())
        .or_else(|| builder.polls.then(|| if builder.daily { "0 8 * * *" } else { "*/15 * * * *" }.to_owned()));
    let timezone =
        schedule.and_then(|schedule| schedule.timezone.as_deref()).and_then(|zone| zone::iana(builder.known, zone));
    let left = std::mem::take(&mut builder.left);
    let mut plan = builder.draft.finish(name, english::shortened(goal, 500));
    plan.cron = cron;
    plan.timezone = timezone;
    plan.left_out = left;
    (Outcome::Plan(plan), Vec::new())
}

impl Builder<'_, '_> {
    /// The parts that no block serves and without which nothing useful is left; the others are left out.
    pub(in crate::plan) fn indispensable(&mut self) -> Vec<Unserved> {
        let unserved = std::mem::take(&mut self.unserved);
        let missing = unserved
            .iter()
            .filter(|part| part.what.is_some() && matches!(part.kind, Part::Work | Part::Delivery))
            .count();
        let (essential, side): (Vec<Unserved>, Vec<Unserved>) =
            unserved.into_iter().partition(|part| is_essential(self, part, missing));
        for part in &side {
            let kind = if part.what.is_some() { Reason::NoBlock } else { Reason::NotUnderstood };
            let message = missing_part(self, part);
            self.leave(&part.text, kind, &message);
            self.cover.add(&part.span);
        }
        essential
    }

    /// Why nothing is built, if it is for these parts.
    pub(in crate::plan) fn refusal(&self, essential: &[Unserved]) -> Option<String> {
        let named =
            essential.iter().any(|part| part.what.is_some() || matches!(part.kind, Part::Reach | Part::Outside));
        (named || (!essential.is_empty() && self.done > 0)).then(|| reason(self, essential))
    }

    /// What the schedule cannot say.
    fn leave_schedule(&mut self) {
        let Some(schedule) = &self.reading.schedule else { return };
        if let Some(told) = &schedule.approximate {
            let text = schedule.spans.first().map_or("", |span| self.text(span));
            self.leave(text, Reason::NotSupported, told);
        }
        for other in &schedule.others {
            let told = "an agent has one schedule; make another agent for this one";
            self.leave(self.text(other), Reason::NotSupported, told);
            self.cover.add(other);
        }
        if let Some(zone) = schedule.timezone.as_deref().filter(|zone| zone::iana(self.known, zone).is_none()) {
            self.leave(
                zone,
                Reason::NotSupported,
                "this time zone is not known; set the time zone where you schedule the agent",
            );
        }
    }

    /// The step that asks a language model to do what a clause says.
    fn writer_of(&self, clause: usize) -> Option<usize> {
        let act = Act::of(self.reading, clause)?;
        let object = &act.frame.objects.first().filter(|phrase| !phrase.pronoun)?.head;
        let verb = knowledge::capitalised(act.plain_lemma());
        self.draft.steps.iter().position(|step| match step.binding("prompt") {
            Some(Binding::Value(Value::String(prompt))) => {
                let line = prompt.lines().next().unwrap_or_default();
                let writes = line.starts_with(&verb) || line.starts_with("Write ");
                writes && !verb.is_empty() && !object.is_empty() && line.to_lowercase().contains(object.as_str())
            }
            _ => false,
        })
    }

    /// "Mail me the best three with a reason": the step whose text the message is.
    fn written_for(&self, lost: &Lost) -> Option<usize> {
        if lost.role == Role::Manner {
            return self.thinker;
        }
        let act = Act::of(self.reading, lost.clause)?;
        // "and output a JSON with these fields"
        if matches!(act.plain_lemma(), "output" | "return") {
            return self.thinker;
        }
        let tells = self.is(&act, Class::Tell) || matches!(act.plain_lemma(), "comment" | "reply");
        act.frame.verb.as_ref().filter(|verb| tells && !lost.span.contains(&verb.span.start))?;
        let says = act.instruction();
        let sends = |step: &&Step| step.says == says;
        // "Comment with next steps", "mail me the summary with the key figures"
        let within = || {
            let steps = self.built.iter().find(|(index, _)| *index == lost.clause).map(|(_, steps)| steps.clone())?;
            let inside = act
                .arguments(&["with", "including"])
                .any(|with| with.phrase.span.start <= lost.span.end && lost.span.start <= with.phrase.span.start);
            steps.last().filter(|_| inside).and_then(|last| self.draft.step(last))
        };
        let source = |step: &Step| {
            let froms = step.inputs.iter().filter_map(|input| match &input.binding {
                Binding::From { step, .. } => Some(*step),
                Binding::Value(_) => None,
            });
            let writes = |at: &usize| self.draft.step(*at).is_some_and(|step| step.binding("prompt").is_some());
            let sums_up = |at: &usize| self.draft.block(*at).is_some_and(|block| block.name == "AITextSummarizerBlock");
            froms.into_iter().find(|at| writes(at) || sums_up(at))
        };
        self.draft.steps.iter().find(sends).or_else(within).and_then(source)
    }

    /// "…, and show the top five with their goals": the text that comes out last can have it.
    fn told_at_last(&self, lost: &Lost) -> Option<(usize, String)> {
        let act = Act::of(self.reading, lost.clause).filter(|act| act.clause.role == Role::Act)?;
        let shows = self.known.shows(act.plain_lemma());
        let outside = !act.services().is_empty() || act.clause.under.is_some() || act.frame.objects.is_empty();
        let last = self.reading.clauses.get(lost.clause + 1..)?.iter().all(|clause| clause.role != Role::Act);
        let writer = self.thinker.filter(|_| shows && last && !outside && self.channel(&act).is_none())?;
        self.draft.step(writer)?.binding("prompt")?;
        Some((writer, format!("{}.", act.instruction())))
    }

    /// "New Typeform responses" of an agent that a webhook starts.
    fn is_called_by_another(&self, lost: &Lost) -> bool {
        let Some(act) = Act::of(self.reading, lost.clause) else { return false };
        let other = |phrase: &&Phrase| {
            phrase.span.start < lost.span.end
                && phrase.span.end > lost.span.start
                && phrase.services.iter().any(|service| !self.known.has_service(service))
        };
        let starts =
            || self.draft.every_step().any(|step| self.block_is(step, |name| name == "GenericWebhookTriggerBlock"));
        !lost.whole && act.phrases().any(|phrase| other(&phrase)) && starts()
    }

    /// What the goal asks for and no step holds.
    pub(in crate::plan) fn leave_the_rest(&mut self) {
        self.leave_unwired();
        self.leave_repeated();
        let mut held = Held::by(self.known, self.draft.every_step());
        self.left.iter().for_each(|left| held.add_left(&left.text));
        for lost in lost::lost(self.known, self.reading, &self.cover, &held) {
            let text = english::tidy(self.text(&lost.span)).to_owned();
            let reaches = self.reading.tokens.get(lost.span.clone()).is_some_and(|tokens| {
                tokens.iter().any(|token| {
                    matches!(token.value(), Some(Written::Email(_) | Written::Handle(_)))
                        || token.word() == Some("tweet")
                })
            });
            let writer = self.writer_of(lost.clause).or_else(|| self.written_for(&lost));
            if let Some(step) = writer.filter(|_| (!lost.whole || lost.role == Role::Manner) && !reaches) {
                self.remark(step, &format!("Mind this: {text}."));
                continue;
            }
            if let Some((step, words)) = self.told_at_last(&lost).filter(|_| !reaches) {
                self.remark(step, &words);
                continue;
            }
            let (reason, told) = match lost.role {
                _ if self.is_called_by_another(&lost) => {
                    (Reason::NeedsData, "it starts when its own web address is called: have that service call it")
                }
                _ if lost.whole => (
                    Reason::NotUnderstood,
                    "no step does this; say it again in other words, or as a request of its own",
                ),
                Role::Condition | Role::Restriction | Role::Loop => {
                    (Reason::NotSupported, "no step checks this; look at the result yourself")
                }
                Role::Manner => (Reason::NotSupported, "no step writes a text that could follow this"),
                _ => (Reason::NotUnderstood, "no step takes this up; say in a sentence of its own what to do about it"),
            };
            if !text.is_empty() {
                self.leave(&text, reason, told);
            }
        }
        self.leave_idle();
        self.leave_services(&held);
        self.leave_containers();
        self.leave_folders();
        self.leave_without_effect(&held);
        self.tell_context(&held);
    }
}

/// Without it nothing useful is left: what it starts from, or the only thing that it does.
fn is_essential(builder: &Builder<'_, '_>, part: &Unserved, named: usize) -> bool {
    if optional(&part.text) && builder.done > 0 {
        return false;
    }
    let nothing = builder.draft.data.iter().all(|datum| datum.receipt);
    match part.kind {
        Part::Reach | Part::Outside => builder.delivered == 0 || nothing && is_spoken_of(builder, part),
        Part::Source | Part::Trigger => part.what.is_some() || builder.done == 0 || nothing,
        Part::Work | Part::Delivery if part.what.is_some() => named + usize::from(named > 1) > builder.delivered,
        Part::Work | Part::Delivery => builder.delivered == 0,
        Part::Reply => !builder.makes_text(),
    }
}

/// "Book a table, and put it into my calendar": what comes after works on it.
fn is_spoken_of(builder: &Builder<'_, '_>, part: &Unserved) -> bool {
    let after = builder.reading.clauses.iter().find(|clause| clause.span.start >= part.span.end);
    after
        .and_then(|clause| clause.frame.as_ref())
        .is_some_and(|frame| frame.objects.iter().any(|phrase| phrase.pronoun))
}

/// "… if possible", "would be nice": said to be no must.
fn optional(text: &str) -> bool {
    let text = text.to_lowercase();
    ["if possible", "would be", "ideally", "maybe", "optionally", "nice to have", "bonus", "if you can", "perhaps"]
        .iter()
        .any(|word| text.contains(word))
}

fn reason(builder: &Builder<'_, '_>, parts: &[Unserved]) -> String {
    let told = parts.iter().map(|part| {
        let text = english::cut(english::tidy(&part.text), 120);
        knowledge::capitalised(&format!("{}: \"{text}\".", missing_part(builder, part)))
    });
    let mut told: Vec<String> = told.collect();
    told.dedup();
    let mut instead: Vec<String> = parts.iter().filter_map(|part| possible(builder, part)).collect();
    instead.dedup();
    told.extend(instead.into_iter().take(3));
    told.join(" ")
}

/// What is missing.
fn missing_part(builder: &Builder<'_, '_>, part: &Unserved) -> String {
    let known = part.what.as_deref().is_some_and(|what| builder.known.has_service(what));
    match (&part.what, part.kind) {
        (Some(what), Part::Reply) => format!("no block gives {what}, for a webhook only starts the agent"),
        (Some(what), Part::Source | Part::Trigger) if known => format!("no block reads this from {what}"),
        (Some(what), _) if known => format!("no block does this with {what}"),
        (Some(what), _) => format!("no block works with {what}"),
        (None, Part::Trigger) => "no block notices this".to_owned(),
        (None, Part::Reach) => "no software does this".to_owned(),
        (None, _) => "no block does this".to_owned(),
    }
}

/// What can be had instead.
fn possible(builder: &Builder<'_, '_>, part: &Unserved) -> Option<String> {
    let name = part.what.as_deref();
    if part.kind == Part::Reply {
        return Some("It can send the answer by e-mail, to a chat, or to an address that takes it.".to_owned());
    }
    let mut others = builder.known.instead_of(name?);
    others.retain(|other| Some(*other) != name);
    if !others.is_empty() {
        let others = english::either(&others);
        return Some(match name {
            Some(name) if builder.known.is_kind(name, Kind::Storage) => {
                format!("Texts can be kept in {others} instead.")
            }
            name => format!("{others} can be used instead of {}.", name.unwrap_or_default()),
        });
    }
    Some(match part.kind {
        Part::Source | Part::Trigger => {
            "What has a web page, an RSS feed or an API can be read by its address, and you can paste a text."
                .to_owned()
        }
        _ => "If it has an API, an agent can call it by its address.".to_owned(),
    })
}
