//! What kind of answer a goal gets: an agent, questions, the reason why not, or a suggestion.

use shared::port::Question;

use super::{
    build::{Builder, Part, Unserved},
    model::{Plan, Reason},
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

pub(super) fn outcome(mut builder: Builder<'_, '_>, goal: &str) -> Outcome {
    if builder.done == 0 && builder.unserved.iter().all(|part| part.kind == Part::Work && part.what.is_none()) {
        builder.answer_question();
        if builder.done > 0 {
            builder.unserved.clear();
        }
    }
    let unserved = std::mem::take(&mut builder.unserved);
    let missing = unserved.iter().filter(|part| part.what.is_some() && matches!(part.kind, Part::Work | Part::Delivery)).count();
    let (essential, side): (Vec<Unserved>, Vec<Unserved>) =
        unserved.into_iter().partition(|part| is_essential(&builder, part, missing));
    let worked = builder.done > 0;
    let named: Vec<&Unserved> = essential.iter().filter(|part| part.what.is_some() || part.kind == Part::Reach).collect();
    if !named.is_empty() || (!essential.is_empty() && worked) {
        return Outcome::Unachievable { reason: reason(&essential), suggestion: None };
    }
    if !worked {
        return Outcome::Vague { suggestion: None };
    }
    if !builder.questions.is_empty() {
        return Outcome::Questions(builder.questions);
    }
    for part in &side {
        let message = match &part.what {
            Some(what) if part.kind == Part::Reply => format!("no block gives {what}: a webhook only starts the agent"),
            Some(what) => format!("no block works with {what}"),
            None => "no block does this".to_owned(),
        };
        let kind = if part.what.is_some() { Reason::NoBlock } else { Reason::NotUnderstood };
        builder.leave(&part.text, kind, &message);
        builder.cover.add(&part.span);
    }
    builder.leave_the_rest();
    builder.mind_the_rest();
    builder.digest_searches();
    builder.draft.outputs();
    builder.ensure_start();
    let name = builder.agent_name();
    let cron = builder.reading.schedule.as_ref().map(|schedule| schedule.cron.clone());
    let cron = cron.or_else(|| builder.polls.then(|| "*/15 * * * *".to_owned()));
    let timezone = builder.reading.schedule.as_ref().and_then(|schedule| schedule.timezone.clone());
    let left = std::mem::take(&mut builder.left);
    let mut plan = builder.draft.finish(name, super::say::shortened(goal, 500));
    plan.cron = cron;
    plan.timezone = timezone;
    plan.left_out = left;
    Outcome::Plan(plan)
}

impl Builder<'_, '_> {
    /// The part that no block serves, as a sentence.
    pub(super) fn refused(&self) -> Option<String> {
        (!self.unserved.is_empty()).then(|| reason(&self.unserved))
    }

    /// Says of every word that nothing took up that it is left out.
    pub(super) fn leave_the_rest(&mut self) {
        for span in self.cover.left(self.reading) {
            let text = self.text(&span).to_owned();
            if !text.is_empty() {
                self.leave(&text, Reason::NotUnderstood, "it is not clear what to do about this");
            }
        }
    }
}

/// Without it nothing useful is left: what it starts from, or the only thing that it does.
fn is_essential(builder: &Builder<'_, '_>, part: &Unserved, named: usize) -> bool {
    if optional(&part.text) && builder.done > 0 {
        return false;
    }
    match part.kind {
        Part::Reach => builder.delivered == 0,
        Part::Source | Part::Trigger => part.what.is_some() || builder.done == 0,
        Part::Work | Part::Delivery if part.what.is_some() => named >= builder.delivered,
        Part::Work | Part::Delivery => builder.delivered == 0,
        Part::Reply => !builder.makes_text(),
    }
}

/// "… if possible", "would be nice": said to be no must.
fn optional(text: &str) -> bool {
    let text = text.to_lowercase();
    ["if possible", "would be", "ideally", "maybe", "optionally", "nice to have", "bonus", "if you can", "perhaps"].iter().any(|word| text.contains(word))
}

fn reason(parts: &[Unserved]) -> String {
    let named: Vec<String> = parts
        .iter()
        .map(|part| match &part.what {
            Some(what) if part.kind == Part::Source || part.kind == Part::Trigger => {
                format!("no block reads from {what} (\"{}\")", super::say::shortened(&part.text, 120))
            }
            Some(what) if part.kind == Part::Reply => {
                format!("no block gives {what} (\"{}\"): a webhook only starts the agent", super::say::shortened(&part.text, 120))
            }
            Some(what) => format!("no block works with {what} (\"{}\")", super::say::shortened(&part.text, 120)),
            None => format!("no block does this: \"{}\"", super::say::shortened(&part.text, 120)),
        })
        .collect();
    super::know::capitalised(&format!("{}.", named.join("; ")))
}
