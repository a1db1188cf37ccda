//! The pieces of a wish, read as operations.

use std::ops::Range;

use super::{
    Act, Operation,
    cut::{Said, is_order, pieces},
    forms::{Slots, form},
    peel::Beside,
    phrases,
    questions::{asks, is_question},
    scope,
    tables::{TABLES, is_in},
    when::schedule,
};
use shared::limits::{CHANGES, TooMany};

use crate::{knowledge::Knowledge, reading::Mark};

/// The operations that a wish asks for, in order. Fails as soon as they are too many.
pub(in crate::patcher) fn read(known: &Knowledge, wish: &str) -> Result<Vec<Operation>, TooMany> {
    let said = Said::of(wish);
    let mut all: Vec<Operation> = Vec::new();
    let (mut heading, mut sentence, mut parts) = (false, 0, 0);
    // What stands in front of a sentence holds for all that it asks for.
    let mut front = Beside::default();
    let pieces = pieces(known, &said);
    let count = pieces.len();
    for (at, span) in pieces.into_iter().enumerate() {
        let ends =
            (sentence..span.start).any(|at| matches!(said.mark(at), Some(Mark::Stop | Mark::Semicolon | Mark::Line)));
        if ends {
            front = Beside::default();
        }
        sentence = span.end;
        let is_heading = said.mark(span.end) == Some(Mark::Colon);
        for operation in operations(known, &said, span, &mut front) {
            // "do it for each record: …": what follows only tells it again.
            if heading && let Some(last) = all.last_mut() {
                if matches!(last.act, Act::Each(_) | Act::Split { .. }) {
                    last.said.push_str(if parts == 0 { ": " } else { ", then " });
                    last.said.push_str(&operation.said);
                    parts += 1;
                    continue;
                }
                // "Add error handling: …": what follows says it.
                all.pop();
                heading = false;
            }
            if let Some(last) = all.last_mut()
                && joined(known, last, &operation)
            {
                continue;
            }
            all.push(operation);
            if all.len() > CHANGES.most {
                return CHANGES.check(all.len() + count - at - 1).map(|()| all);
            }
        }
        if is_heading {
            (heading, parts) = (true, 0);
        }
    }
    all.retain(|operation| operation.act != Act::Keep);
    Ok(all)
}

/// Whether an operation only says more of the one before it, which takes it up.
fn joined(known: &Knowledge, last: &mut Operation, next: &Operation) -> bool {
    let lower = next.said.to_lowercase();
    // "We left Discord, use Slack": the one for the other.
    if let (Act::Remove(old), Act::Use { value: new, what: None }) = (&last.act, &next.act)
        && next.instead.is_none()
        && [old, new].iter().all(|text| service_in(known, text))
    {
        let (old, new) = (old.clone(), new.clone());
        last.said = format!("{} {}", last.said, next.said);
        last.act = Act::Replace { old, new };
        return true;
    }
    // "Mail it to me, no longer a Slack message"
    if let Act::Remove(old) = &next.act
        && (lower.starts_with("no longer ") || lower.starts_with("no more "))
        && matches!(last.act, Act::Do(_) | Act::Use { .. } | Act::AddTo { .. } | Act::Add(_))
        && last.instead.is_none()
        && last.condition.is_none()
        && noun_first(known, old)
    {
        last.instead = Some(old.clone());
        last.said = format!("{}, {}", last.said, next.said);
        return true;
    }
    // "Prices under 30 are a glitch, ignore those"
    if let (Act::Change { what, .. }, Act::Do(_) | Act::Remove(_)) = (&last.act, &next.act)
        && let Some(verb) = phrases::of_those(&next.said)
    {
        last.act = Act::Do(format!("{verb} {what}"));
        (last.told, last.condition) = (false, next.condition.clone());
        last.said = format!("{}, {}", last.said, next.said);
        return true;
    }
    // "The output is called Summary, I want it to be Mentions"
    if let (Act::Change { what, to, .. }, Act::Do(text)) = (&last.act, &next.act)
        && last.told
        && (last.said.contains(" called ") || last.said.contains(" named "))
        && let Some(name) = text.strip_prefix("be ")
    {
        last.act = Act::Rename { what: format!("{what} {to}"), to: name.to_owned() };
        last.said = format!("{}, {}", last.said, next.said);
        last.told = false;
        return true;
    }
    // "I do not want Slack messages. Send me an email instead."
    if next.instead.as_deref() == Some("")
        && let (Act::Do(new) | Act::Use { value: new, .. }, Act::Remove(old)) = (&next.act, &last.act)
    {
        let (old, new) = (old.clone(), new.clone());
        last.said = format!("{} {}", last.said, next.said);
        last.act = Act::Replace { old, new };
        return true;
    }
    // "Check if X, and only do Y if it is."
    let same = next.condition.as_deref().is_some_and(|condition| {
        let words = condition.to_lowercase();
        ["if it is", "if so", "if yes", "if it does", "if that is the case", "if true", "in that case"]
            .contains(&words.as_str())
    });
    if same && last.condition.is_some() {
        last.act = next.act.clone();
        last.only |= next.only;
        last.said = format!("{}, {}", last.said, next.said);
        return true;
    }
    // "Add a Discord message. It should say …"
    if let (Act::Add(what) | Act::Do(what), Act::Change { what: of, to, .. }) = (&mut last.act, &next.act)
        && quoted(to)
        && ["the ", "it ", "its "].iter().any(|subject| next.said.to_lowercase().starts_with(subject))
        && [
            "the message",
            "it",
            "the text",
            "the email",
            "the mail",
            "the note",
            "the notification",
            "the comment",
            "the subject",
        ]
        .contains(&of.to_lowercase().as_str())
        && !what.contains(['"', '“'])
    {
        let subject = of.to_lowercase() == "the subject";
        what.push_str(&if subject { format!(" with the subject {to}") } else { format!(" that says {to}") });
        last.said = format!("{}. {}", last.said, next.said);
        return true;
    }
    false
}

/// Whether a service is named.
fn service_in(known: &Knowledge, text: &str) -> bool {
    let mut words = text.split_whitespace().map(|word| word.trim_matches(|c: char| !c.is_alphanumeric()));
    words.any(|word| known.vocabulary.service(word).is_some() || known.catalogue.service(word).is_some())
}

/// Whether a text is a thing rather than something that is done.
fn noun_first(known: &Knowledge, text: &str) -> bool {
    let first = text.split_whitespace().next().unwrap_or_default().to_lowercase();
    matches!(first.as_str(), "a" | "an" | "the" | "any" | "my" | "our")
        || known.vocabulary.service(&first).is_some()
        || !known.vocabulary.orders(&first)
}

fn quoted(text: &str) -> bool {
    text.trim().starts_with(['"', '“', '\'', '‘', '`'])
}

/// The operations of a piece: one, but for "A sent and B written down".
fn operations(known: &Knowledge, said: &Said<'_>, span: Range<usize>, front: &mut Beside) -> Vec<Operation> {
    let span = match scope::scope(said, &span) {
        Some((scope, rest)) => {
            front.scope = Some(scope);
            rest
        }
        None => span,
    };
    let Some(mut operation) = operation(said, span.clone()) else { return Vec::new() };
    operation.scope.clone_from(&front.scope);
    let placed = operation.place.is_some() || operation.condition.is_some() || operation.failure.is_some();
    operation.told =
        !placed && matches!(operation.act, Act::Do(_) | Act::Change { .. }) && is_statement(known, said, &span);
    if let Act::Do(text) = &operation.act
        && operation.condition.is_none()
        && let Some((condition, then)) = phrases::selected(text)
    {
        (operation.condition, operation.act, operation.also) = (Some(condition), Act::Do(then), true);
    }
    let own = operation.condition.is_some() || operation.failure.is_some() || operation.place.is_some();
    if own {
        *front = Beside {
            scope: front.scope.take(),
            condition: operation.condition.clone(),
            failure: operation.failure.clone(),
            ..Beside::default()
        };
    } else {
        (operation.condition, operation.failure) = (front.condition.clone(), front.failure.clone());
    }
    if let Act::Add(what) = &operation.act
        && let Some(orders) = phrases::done(known, what)
    {
        let one = |order: String| Operation { act: Act::Do(order), also: true, ..operation.clone() };
        return orders.into_iter().map(one).collect();
    }
    vec![operation]
}

fn operation(said: &Said<'_>, span: Range<usize>) -> Option<Operation> {
    let bare = said.without_fillers(span.clone());
    if bare.is_empty() {
        return None;
    }
    let text = said.raw(&bare).to_owned();
    let mut beside = Beside::default();
    if is_question(said, &bare) && said.word(span.end) == "?" || asks(said, &bare) {
        return Some(made(text, Act::Question, beside));
    }
    if pauses(said, &bare) {
        return Some(made(text, Act::Pause, beside));
    }
    // A new name is taken whole: "Before and After".
    if let Some((form, slots)) = form(said, &bare)
        && matches!(form.act.as_str(), "rename" | "rename_from" | "describe" | "describe_anew" | "call")
        && let Some(act) = act(said, &form.act, &slots)
    {
        return Some(made(text, act, beside));
    }
    let core = beside.peel(said, span);
    if core.is_empty() {
        return None;
    }
    let words: Vec<&str> = core.clone().map(|at| said.word(at)).collect();
    if pauses(said, &core) {
        return Some(made(text, Act::Pause, beside));
    }
    if let Some(act) = schedule(said, &core, &beside, &bare) {
        return Some(made(text, act, beside));
    }
    if let Some(condition) = beside.condition.clone()
        && starts(&words)
        && condition.to_lowercase().starts_with("when")
    {
        beside.condition = None;
        return Some(made(text, Act::Start(condition), beside));
    }
    let found = form(said, &core).and_then(|(form, slots)| {
        // "errors of X go to Y": what fails, and what is done then.
        if form.act == "fail_to" {
            beside.failure = slots.what.as_ref().map(|what| said.raw(what).to_owned());
        }
        act(said, &form.act, &slots)
    });
    let act = match found {
        // "add a comment to the issue": something new, not a value in a list.
        Some(Act::AddTo { value, what }) if phrases::is_new(&value) => Act::Add(format!("{value} to {what}")),
        Some(act) => act,
        None if is_background(said, &bare, &beside) => return None,
        None => Act::Do(said.raw(&core).to_owned()),
    };
    let act = match act {
        Act::Add(what) | Act::Do(what) if phrases::lifted(&what).is_some() => {
            let (text, place) = phrases::lifted(&what)?;
            beside.place.get_or_insert(place);
            if matches!(said.word(core.start), "add" | "include" | "insert") { Act::Add(text) } else { Act::Do(text) }
        }
        act => act,
    };
    // "Add a step that …": the step is what it does.
    let act = match act {
        Act::Add(what) => {
            let does = phrases::relative(&what).or_else(|| beside.relative.take());
            beside.also |= does.is_some();
            does.map_or(Act::Add(what), Act::Do)
        }
        act => act,
    };
    Some(made(text, act, beside))
}

/// Whether a piece tells how things are, rather than what to do.
fn is_statement(known: &Knowledge, said: &Said<'_>, span: &Range<usize>) -> bool {
    let bare = said.without_fillers(span.clone());
    let first = said.word(bare.start);
    let modal = span.clone().any(|at| is_in(&TABLES.modals, said.word(at)));
    let order = is_order(known, first, said.word(bare.start + 1))
        || known.vocabulary.orders(first)
        || is_in(&TABLES.orders, first);
    // "make it half as long"
    let made = TABLES.is_manner(said.raw(&bare))
        && bare.start.checked_sub(2).is_some_and(|make| said.word(make) == "make" && said.word(make + 1) == "it");
    !modal && !order && !made
}

fn made(said: String, act: Act, beside: Beside) -> Operation {
    let Beside { place, scope, condition, failure, instead, contrast, also, only, .. } = beside;
    Operation { said, act, place, scope, condition, failure, instead, contrast, also, told: false, only }
}

fn pauses(said: &Said<'_>, span: &Range<usize>) -> bool {
    let words: Vec<&str> = span.clone().map(|at| said.word(at)).collect();
    TABLES.pauses(&words.join(" "))
}

/// A sentence that tells how things are, and asks for nothing.
fn is_background(said: &Said<'_>, span: &Range<usize>, beside: &Beside) -> bool {
    let text = said.raw(span).to_lowercase();
    let told = TABLES.background.iter().any(|opener| text.starts_with(opener.as_str()));
    told && beside.condition.is_none()
        && beside.failure.is_none()
        && !text.contains(" should ")
        && !text.contains(" must ")
}

fn starts(words: &[&str]) -> bool {
    let verb = words.first().copied().unwrap_or_default();
    let object = words.iter().skip(1).all(|word| {
        matches!(
            *word,
            "it" | "the"
                | "agent"
                | "this"
                | "workflow"
                | "start"
                | "run"
                | "only"
                | "automatically"
                | "whole"
                | "thing"
                | "everything"
        )
    });
    matches!(verb, "start" | "run" | "trigger" | "launch" | "make" | "kick" | "begin" | "execute" | "fire") && object
}

fn act(said: &Said<'_>, name: &str, slots: &Slots) -> Option<Act> {
    let text = |slot: &Option<Range<usize>>| slot.as_ref().map(|span| said.raw(span).to_owned());
    let (what, old, value) = (text(&slots.what), text(&slots.old), text(&slots.value));
    Some(match name {
        "restart" => Act::Restart,
        "keep" => Act::Keep,
        "rename_from" => Act::Rename { what: format!("{} {}", what?, old?), to: value? },
        "rename" => Act::Rename { what: what?, to: value? },
        "call" => {
            // "call it X", "name the summariser Y": the name is quoted, or begins with a capital.
            let span = slots.what.clone()?;
            let named = |at: usize| {
                said.raw(&(at..at + 1))
                    .starts_with(|c: char| c.is_uppercase() || matches!(c, '"' | '“' | '\'' | '‘' | '`'))
            };
            let at = (span.start + 1..span.end).find(|at| named(*at))?;
            Act::Rename { what: said.raw(&(span.start..at)).to_owned(), to: said.raw(&(at..span.end)).to_owned() }
        }
        "describe" => Act::Describe(Some(value?)),
        "describe_anew" => Act::Describe(None),
        "input" => Act::Input(what?),
        "fix" | "fix_back" => Act::Fix { what: what?, value },
        "fix_none" => Act::Fix { what: what?, value: None },
        "stop_asking" => return None,
        "should_say" => Act::Do(format!("{} should say {}", what?, value?)),
        "output" => Act::Output(what?),
        "connect" => Act::Connect { from: what?, to: value? },
        "split" => Act::Split { what: what?, into: value? },
        "copy" => Act::Copy(what?),
        "each" => Act::Each(what?),
        "together" => Act::Together(value.or(what)?),
        "replace" => Act::Replace { old: old?, new: value? },
        "move" => Act::Move(what?),
        "approve" => Act::Approve(Some(what?)),
        "approve_none" => Act::Approve(None),
        "widen" => Act::Widen { what: what?, clause: value? },
        "connect_back" => Act::Connect { from: value?, to: what? },
        "fail_to" => Act::Do(format!("send a message to {}", value?)),
        "change_from" => Act::Change { what: what?, from: old, to: value? },
        "change" | "told" => Act::Change { what: what?, from: None, to: value? },
        "limit" => Act::Limit(value?),
        "use" => Act::Use { value: value?, what: None },
        "use_for" => Act::Use { value: value?, what },
        "make" => Act::Make(what?),
        "give" => Act::Give(what?),
        "take_off" => Act::Remove(format!("{} from {}", value?, what?)),
        "remove" | "left" => Act::Remove(what?),
        "clear" => Act::Clear(what?),
        "add_to" => Act::AddTo { value: value?, what: what.unwrap_or_default() },
        "cc" => Act::AddTo { value: value?, what: format!("cc of {}", what.unwrap_or_else(|| "it".to_owned())) },
        "add" => Act::Add(what?),
        _ => return None,
    })
}
