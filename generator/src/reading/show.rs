//! Prints a reading, one clause a line.

use std::fmt::Write;

use super::{Frame, Phrase, Reading, Role, Span};

/// The role, the words, what they depend on and what was understood, for every clause.
#[must_use]
pub fn show(reading: &Reading) -> String {
    let mut out = String::new();
    if let Some(schedule) = &reading.schedule {
        let zone = schedule.timezone.as_deref().map(|zone| format!(" ({zone})")).unwrap_or_default();
        let _ = writeln!(out, "schedule  {}{zone}", schedule.cron);
    }
    for (at, clause) in reading.clauses.iter().enumerate() {
        let under = clause.under.map(|under| format!(" <{under}>")).unwrap_or_default();
        let role = match clause.role {
            Role::Otherwise(of) => format!("Otherwise of {of}"),
            role => format!("{role:?}"),
        };
        let _ = writeln!(out, "{at:>2} {role}{under}: {}", words(reading, &clause.span));
        if let Some(frame) = &clause.frame {
            let _ = writeln!(out, "       {}", shown(reading, frame));
        }
    }
    out
}

fn words(reading: &Reading, span: &Span) -> String {
    reading
        .tokens
        .get(span.clone())
        .and_then(|tokens| {
            let text = reading.text.get(tokens.first()?.start..tokens.last()?.end)?;
            Some(text.split_whitespace().collect::<Vec<_>>().join(" "))
        })
        .unwrap_or_default()
}

fn shown(reading: &Reading, frame: &Frame) -> String {
    let mut parts = Vec::new();
    if let Some(subject) = &frame.subject {
        parts.push(format!("({})", phrase(reading, subject)));
    }
    if frame.negated {
        parts.push("not".to_owned());
    }
    if let Some(verb) = &frame.verb {
        let particle = verb.particle.as_deref().map(|particle| format!(" {particle}")).unwrap_or_default();
        parts.push(format!("{}{particle}{}", verb.lemma.to_uppercase(), if frame.passive { " (passive)" } else { "" }));
    }
    parts.extend(frame.recipients.iter().map(|recipient| format!("@({})", phrase(reading, recipient))));
    parts.extend(frame.objects.iter().map(|object| format!("[{}]", phrase(reading, object))));
    parts.extend(
        frame
            .arguments
            .iter()
            .map(|argument| format!("{} [{}]", argument.preposition, phrase(reading, &argument.phrase))),
    );
    parts.extend(frame.complement.iter().map(|span| format!("that \"{}\"", words(reading, span))));
    parts.join(" ")
}

fn phrase(reading: &Reading, phrase: &Phrase) -> String {
    let mut parts = Vec::new();
    if phrase.determiner != super::Determiner::None {
        parts.push(format!("{:?}", phrase.determiner));
    }
    parts.extend(phrase.services.iter().map(|service| format!("*{service}*")));
    parts.extend(phrase.modifiers.iter().cloned());
    parts.extend((!phrase.head.is_empty()).then(|| format!("{}{}", phrase.head, if phrase.plural { "+" } else { "" })));
    parts.extend(phrase.values.iter().map(|value| format!("`{}`", words(reading, &(*value..value + 1)))));
    parts.extend(phrase.tail.iter().map(|tail| format!("| {}", words(reading, tail))));
    parts.join(" ")
}
