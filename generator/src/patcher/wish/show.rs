//! A wish as it was understood, for a terminal.

use super::{Act, Operation, Place};

/// One operation a line, what stands beside it below.
pub(in crate::patcher) fn show(operations: &[Operation]) -> String {
    operations.iter().enumerate().map(|(at, operation)| line(at, operation)).collect()
}

fn line(at: usize, operation: &Operation) -> String {
    let mut line = format!("{at:>2} {}\n       {}", operation.said, act(&operation.act));
    if let Some(place) = &operation.place {
        line.push_str(&format!(" {}", placed(place)));
    }
    let beside = [
        ("in", &operation.scope),
        ("if", &operation.condition),
        ("on failure", &operation.failure),
        ("instead of", &operation.instead),
        ("not", &operation.contrast),
    ];
    for (name, text) in beside {
        if let Some(text) = text {
            line.push_str(&format!(" {name} [{text}]"));
        }
    }
    for (name, is) in
        [("also", operation.also), ("only", operation.only), ("told", operation.told), ("then", operation.then)]
    {
        if is {
            line.push_str(&format!(" <{name}>"));
        }
    }
    line + "\n"
}

fn act(act: &Act) -> String {
    let (name, parts): (&str, Vec<(&str, Option<&str>)>) = match act {
        Act::Schedule(text) => ("SCHEDULE", vec![("", Some(text))]),
        Act::Pause => ("PAUSE", vec![]),
        Act::Rest { what, days } => ("REST", vec![("", Some(what)), ("for", Some(days))]),
        Act::Start(event) => ("START", vec![("", Some(event))]),
        Act::Rename { what, to } => ("RENAME", vec![("", Some(what)), ("to", Some(to))]),
        Act::Describe(text) => ("DESCRIBE", vec![("as", text.as_deref())]),
        Act::Remove(what) => ("REMOVE", vec![("", Some(what))]),
        Act::Replace { old, new } => ("REPLACE", vec![("", Some(old)), ("with", Some(new))]),
        Act::Change { what, from, to } => {
            ("CHANGE", vec![("", Some(what)), ("from", from.as_deref()), ("to", Some(to))])
        }
        Act::Make(text) => ("MAKE", vec![("", Some(text))]),
        Act::Give(text) => ("GIVE", vec![("", Some(text))]),
        Act::Use { value, what } => ("USE", vec![("", Some(value)), ("for", what.as_deref())]),
        Act::Limit(text) => ("LIMIT", vec![("to", Some(text))]),
        Act::Clear(what) => ("CLEAR", vec![("", Some(what))]),
        Act::AddTo { value, what } => ("ADD", vec![("", Some(value)), ("to", Some(what))]),
        Act::Move(what) => ("MOVE", vec![("", Some(what))]),
        Act::Swap { one, other } => ("SWAP", vec![("", Some(one)), ("with", Some(other))]),
        Act::Order { first, then } => ("ORDER", vec![("", Some(first)), ("before", Some(then))]),
        Act::Connect { from, to } => ("CONNECT", vec![("", Some(from)), ("to", Some(to))]),
        Act::Split { what, into } => ("SPLIT", vec![("", Some(what)), ("into", Some(into))]),
        Act::Copy(what) => ("COPY", vec![("", Some(what))]),
        Act::Approve(what) => ("APPROVE", vec![("", what.as_deref())]),
        Act::Widen { what, clause } => ("WIDEN", vec![("", Some(what)), ("by", Some(clause))]),
        Act::CountAs { what, kind } => ("COUNT", vec![("", Some(what)), ("as", Some(kind))]),
        Act::Together(what) => ("TOGETHER", vec![("", Some(what))]),
        Act::Each(what) => ("FOR EACH", vec![("", Some(what))]),
        Act::Input(what) => ("INPUT", vec![("", Some(what))]),
        Act::Fix { what, value } => ("FIX", vec![("", Some(what)), ("to", value.as_deref())]),
        Act::Output(what) => ("OUTPUT", vec![("", Some(what))]),
        Act::OnlyOutput(what) => ("ONLY OUTPUT", vec![("", Some(what))]),
        Act::Add(what) => ("ADD", vec![("", Some(what))]),
        Act::Do(text) => ("DO", vec![("", Some(text))]),
        Act::Keep => ("KEEP", vec![]),
        Act::Question => ("QUESTION", vec![]),
        Act::Restart => ("RESTART", vec![]),
        Act::Undo => ("UNDO", vec![]),
    };
    let slots = parts.into_iter().filter_map(|(word, text)| {
        let text = text?;
        Some(if word.is_empty() { format!(" [{text}]") } else { format!(" {word} [{text}]") })
    });
    format!("{name}{}", slots.collect::<String>())
}

fn placed(place: &Place) -> String {
    match place {
        Place::Before(what) => format!("before [{what}]"),
        Place::After(what) => format!("after [{what}]"),
        Place::Between(one, other) => format!("between [{one}] and [{other}]"),
        Place::First => "before what goes out".to_owned(),
        Place::Start => "at the start".to_owned(),
        Place::End => "at the end".to_owned(),
        Place::Later(time) => format!("later by [{time}]"),
    }
}
