//! What a goal names and somebody else's plan for it does not take up: clear cases only, since a plan may say the same in
//! other words.

use super::{
    model::{LeftOut, Plan, Reason},
    steps::cover::Held,
    understood,
    wording::{english, zone},
};
use crate::{
    knowledge::Knowledge,
    reading::{self, Kind, Phrase, Reading, Role, TokenKind, Value as Written},
};

/// In bytes: reading a longer goal takes longer than is to be spent beside a model.
const LONGEST: usize = 4_096;

/// Adds to what `plan` leaves out each service, address and number of the goal that no step has and that it does not name as
/// left out; takes the schedule of the goal if it has none. Does nothing for a goal that is not English or too long.
pub(crate) fn complete(known: &Knowledge, goal: &str, plan: &mut Plan) {
    if goal.len() > LONGEST || reading::language::foreign(goal).is_some() {
        return;
    }
    let Ok(read) = understood(known, goal) else { return };
    take_schedule(known, &read, plan);
    let mut held = Held::by(known, plan.steps.iter());
    plan.steps.iter().for_each(|step| held.add(&step.says));
    for left in &plan.left_out {
        held.add_left(&left.text);
        held.add_left(&left.message);
    }
    let mut missing = services(known, &read, &held, plan);
    missing.extend(values(&read, &held));
    for (text, reason, message) in missing {
        let text = english::shortened(english::tidy(&text), 300);
        let told = plan.left_out.iter().any(|left| left.text.contains(&text));
        if !text.is_empty() && !told && plan.left_out.len() < LeftOut::MOST {
            plan.left_out.push(LeftOut { text, reason, message });
        }
    }
}

/// A plan that a trigger starts needs no schedule.
fn take_schedule(known: &Knowledge, read: &Reading, plan: &mut Plan) {
    let Some(schedule) = &read.schedule else { return };
    let triggers = |id: &str| known.catalogue.by_id(id).is_some_and(|block| block.trigger);
    if plan.steps.iter().any(|step| triggers(&step.block)) {
        return;
    }
    plan.cron.get_or_insert_with(|| schedule.cron.clone());
    if plan.timezone.is_none() {
        plan.timezone = schedule.timezone.as_deref().and_then(|written| zone::iana(known, written));
    }
}

type Missing = (String, Reason, String);

/// Services that an act, its start or its condition names.
fn services(known: &Knowledge, read: &Reading, held: &Held, plan: &Plan) -> Vec<Missing> {
    let asks = |role: Role| matches!(role, Role::Act | Role::Trigger | Role::Loop | Role::Condition);
    let frames = read.clauses.iter().filter(|clause| asks(clause.role)).filter_map(|clause| clause.frame.as_ref());
    let phrases = frames.flat_map(|frame| {
        let others = frame.arguments.iter().map(|argument| &argument.phrase);
        frame.objects.iter().chain(&frame.recipients).chain(others)
    });
    let works = |service: &str| {
        plan.steps
            .iter()
            .filter_map(|step| known.catalogue.by_id(&step.block))
            .any(|block| known.meaning(block).service.as_deref() == Some(service))
    };
    let open = |service: &&String| {
        let other = [Kind::Model, Kind::Builder].iter().any(|kind| known.is_kind(service, *kind));
        let stands_in = known.is_passive(service) || known.alias(service).is_some();
        !(other || stands_in || works(service) || held.has_value(service))
    };
    let missing = phrases.filter_map(|phrase: &Phrase| {
        let service = phrase.services.iter().find(open)?;
        let reason = if known.catalogue.service(service).is_some() { Reason::NotSupported } else { Reason::NoBlock };
        Some((said(read, &phrase.span), reason, format!("no step works with {service}")))
    });
    missing.collect()
}

/// Addresses, channels, and numbers of two digits or more that do not belong to the time.
fn values(read: &Reading, held: &Held) -> Vec<Missing> {
    let timed = |at: usize| {
        let schedule = read.schedule.iter();
        schedule.flat_map(|schedule| schedule.spans.iter().chain(&schedule.others)).any(|span| span.contains(&at))
    };
    let acts = read.clauses.iter().filter(|clause| clause.role == Role::Act).flat_map(|clause| clause.span.clone());
    let missing = acts.filter(|at| !timed(*at)).filter_map(|at| {
        let token = read.tokens.get(at)?;
        let TokenKind::Value(value) = &token.kind else { return None };
        let text = match value {
            Written::Email(text) | Written::Url(text) | Written::Channel(text) => text.clone(),
            Written::Number(number) if number.abs() >= 10.0 => number.to_string(),
            _ => return None,
        };
        let raw = token.raw(&read.text);
        let there = held.has_value(raw) || held.has_value(&text);
        (!there).then(|| (raw.to_owned(), Reason::NotUnderstood, "no step takes this up".to_owned()))
    });
    missing.collect()
}

fn said(read: &Reading, span: &reading::Span) -> String {
    let mut tokens = read.tokens.get(span.clone()).unwrap_or_default().iter();
    let Some(first) = tokens.next() else { return String::new() };
    let last = tokens.next_back().unwrap_or(first);
    read.text.get(first.start..last.end).unwrap_or_default().to_owned()
}
