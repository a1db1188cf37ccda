//! The pieces of a wish, read as operations.

use std::ops::Range;

use super::{
    Act, Operation,
    cut::{Said, pieces},
    forms::{Slots, form},
    peel::Beside,
    tables::TABLES,
};
use crate::{
    knowledge::Knowledge,
    reading::{self, Value},
};

/// The operations that a wish asks for, in order.
pub(in crate::patcher) fn read(known: &Knowledge, wish: &str) -> Vec<Operation> {
    let said = Said::of(wish);
    let mut all: Vec<Operation> = Vec::new();
    let mut heading = false;
    for span in pieces(known, &said) {
        let is_heading = said.mark(span.end) == Some(reading::Mark::Colon);
        let Some(operation) = operation(known, &said, span.clone(), all.last()) else { continue };
        // "Add error handling: …": what follows says it; "do it for each record: …": what follows only tells it again.
        if heading && !all.is_empty() {
            match all.last().map(|last| &last.act) {
                Some(Act::Each(_) | Act::Split { .. }) => {
                    if let Some(last) = all.last_mut() {
                        last.said.push_str(": ");
                        last.said.push_str(&operation.said);
                        continue;
                    }
                }
                _ => drop(all.pop()),
            }
        }
        heading = is_heading;
        all.push(operation);
    }
    all.retain(|operation| operation.act != Act::Keep || operation.place.is_some());
    all
}

fn operation(known: &Knowledge, said: &Said<'_>, span: Range<usize>, before: Option<&Operation>) -> Option<Operation> {
    let bare = said.without_fillers(span.clone());
    if bare.is_empty() {
        return None;
    }
    let text = said.raw(&bare).to_owned();
    let mut beside = Beside::default();
    if is_question(said, &bare) && said.mark(span.end).is_some_and(|_| said.word(span.end) == "?") {
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
    let core = beside.peel(said, bare.clone());
    if core.is_empty() {
        return None;
    }
    let words: Vec<&str> = core.clone().map(|at| said.word(at)).collect();
    if pauses(said, &core) {
        return Some(made(text, Act::Pause, beside));
    }
    let sentence = said.raw(&core).to_owned();
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
    let found = form(said, &core).and_then(|(form, slots)| act(said, &form.act, &slots));
    let act = match found {
        Some(Act::Add(what)) if said.word(core.start).len() > 1 && narrows(known, &what) => Act::Do(what),
        Some(act) => act,
        None if is_background(said, &bare, &beside) => return None,
        None => Act::Do(sentence),
    };
    // "Add a step that …": the step is what it does.
    let act = match act {
        Act::Add(what) => relative(&what).map_or(Act::Add(what), Act::Do).also(&mut beside),
        act => act,
    };
    // "I do not want Slack messages. Send me an email instead."
    if beside.instead.as_deref() == Some("")
        && let (Act::Do(new) | Act::Use { value: new, .. }, Some(Operation { act: Act::Remove(old), .. })) = (&act, before)
    {
        return Some(made(text, Act::Replace { old: old.clone(), new: new.clone() }, Beside::default()));
    }
    Some(made(text, act, beside))
}

impl Act {
    /// Something comes.
    fn also(self, beside: &mut Beside) -> Self {
        beside.also |= matches!(self, Self::Do(_));
        self
    }
}

fn made(said: String, act: Act, beside: Beside) -> Operation {
    let Beside { place, condition, failure, instead, also, only, .. } = beside;
    Operation { said, act, place, condition, failure, instead, also, only }
}

fn is_question(said: &Said<'_>, span: &Range<usize>) -> bool {
    said.one_of(span, span.start, &TABLES.questions) > 0
}

fn pauses(said: &Said<'_>, span: &Range<usize>) -> bool {
    let words: Vec<&str> = span.clone().map(|at| said.word(at)).collect();
    TABLES.pauses(&words.join(" "))
}

/// A sentence that tells how things are, and asks for nothing.
fn is_background(said: &Said<'_>, span: &Range<usize>, beside: &Beside) -> bool {
    let text = said.raw(span).to_lowercase();
    let told = TABLES.background.iter().any(|opener| text.starts_with(opener.as_str()));
    told && beside.condition.is_none() && beside.failure.is_none() && !text.contains(" should ") && !text.contains(" must ")
}

fn starts(words: &[&str]) -> bool {
    let verb = words.first().copied().unwrap_or_default();
    let object = words.iter().skip(1).all(|word| matches!(*word, "it" | "the" | "agent" | "this" | "workflow" | "start" | "run" | "only" | "automatically" | "whole" | "thing" | "everything"));
    matches!(verb, "start" | "run" | "trigger" | "launch" | "make" | "kick" | "begin" | "execute" | "fire") && object
}

/// "only new posts", "just the unread ones".
fn narrows(_known: &Knowledge, _what: &str) -> bool {
    false
}

/// "a step that sends it to Slack": what the step does.
fn relative(what: &str) -> Option<String> {
    let words: Vec<&str> = what.split(' ').collect();
    let at = words.iter().position(|word| matches!(*word, "that" | "which" | "to"))?;
    let step = words.get(..at)?.iter().any(|word| matches!(word.to_lowercase().as_str(), "step" | "node" | "block" | "action" | "one" | "task" | "something" | "stage"));
    let rest = words.get(at + 1..)?.join(" ");
    (step && at <= 4 && !rest.is_empty()).then_some(rest)
}

/// A schedule, if the piece says nothing else.
fn schedule(said: &Said<'_>, core: &Range<usize>, beside: &Beside, whole: &Range<usize>) -> Option<Act> {
    let text = said.raw(core);
    let read = reading::schedule(text, &reading::tokens(text));
    let times = core.clone().any(|at| matches!(said.tokens.get(at).and_then(|token| token.value()), Some(Value::Time(..) | Value::Duration(_))));
    let words: Vec<&str> = core.clone().map(|at| said.word(at)).collect();
    let adds = words.iter().any(|word| matches!(*word, "trigger" | "schedule" | "timer")) && matches!(words.first(), Some(&"add" | &"put" | &"set" | &"give" | &"create"));
    let verb = words.first().copied().unwrap_or_default();
    if read.is_none() && !times && !day_words(&words) {
        return None;
    }
    // What the schedule does not say, and what is no word of schedules.
    let spans: Vec<Range<usize>> = read.as_ref().map(|read| read.spans.clone()).unwrap_or_default();
    let other = core.clone().enumerate().filter(|(index, at)| {
        let covered = spans.iter().any(|span| span.contains(index)) || said.is_value(*at) && !said.word(*at).starts_with(['"', '\'', '@', '#']);
        !covered && said.mark(*at).is_none()
    });
    let others: Vec<&str> = other.map(|(_, at)| said.word(at)).collect();
    let foreign = others.iter().skip(usize::from(TABLES.is_schedule_verb(verb))).filter(|word| !TABLES.is_schedule_word(word) && !day_words(&[**word])).count();
    // "check the status page every 5 minutes": the verb says that it looks again and again.
    let looks = matches!(verb, "check" | "poll" | "scan" | "monitor" | "watch" | "refresh" | "look") && read.is_some();
    let only_time = foreign == 0 && (TABLES.is_schedule_verb(verb) || TABLES.is_schedule_word(verb) || read.is_some() || day_words(&[verb]));
    let duration_alone = read.is_none() && times && !core.clone().any(|at| matches!(said.tokens.get(at).and_then(|token| token.value()), Some(Value::Time(..))));
    if duration_alone || beside.also && !adds {
        return None;
    }
    (only_time || looks || adds).then(|| Act::Schedule(said.raw(whole).to_owned()))
}

fn day_words(words: &[&str]) -> bool {
    words.iter().any(|word| {
        matches!(*word, "weekdays" | "weekday" | "weekends" | "weekend" | "midnight" | "noon" | "hourly" | "daily" | "weekly" | "monthly" | "mornings" | "morning" | "evening" | "evenings" | "mondays" | "monday" | "tuesdays" | "tuesday" | "wednesdays" | "wednesday" | "thursdays" | "thursday" | "fridays" | "friday" | "saturdays" | "saturday" | "sundays" | "sunday")
    })
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
            let named = |at: usize| said.raw(&(at..at + 1)).starts_with(|c: char| c.is_uppercase() || matches!(c, '"' | '“' | '\'' | '‘' | '`'));
            let at = (span.start + 1..span.end).find(|at| named(*at))?;
            Act::Rename { what: said.raw(&(span.start..at)).to_owned(), to: said.raw(&(at..span.end)).to_owned() }
        }
        "describe" => Act::Describe(Some(value?)),
        "describe_anew" => Act::Describe(None),
        "input" => Act::Input(what?),
        "fix" | "fix_back" => Act::Fix { what: what?, value: value },
        "fix_none" => Act::Fix { what: what?, value: None },
        "stop_asking" => return None,
        "output" => Act::Output(what?),
        "connect" => Act::Connect { from: what?, to: value? },
        "split" => Act::Split { what: what?, into: value? },
        "copy" => Act::Copy(what?),
        "each" => Act::Each(what?),
        "replace" => Act::Replace { old: old?, new: value? },
        "move" => Act::Move(what?),
        "change_from" => Act::Change { what: what?, from: old, to: value? },
        "change" => Act::Change { what: what?, from: None, to: value? },
        "limit" => Act::Limit(value?),
        "use" => Act::Use { value: value?, what: None },
        "use_for" => Act::Use { value: value?, what },
        "make" | "give" => Act::Make(what?),
        "remove" => Act::Remove(what?),
        "clear" => Act::Clear(what?),
        "add_to" => Act::AddTo { value: value?, what: what.unwrap_or_default() },
        "add" => Act::Add(what?),
        _ => return None,
    })
}

