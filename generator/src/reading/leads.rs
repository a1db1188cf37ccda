//! What only introduces an act: "An agent that", "I want you to", "Is it possible to".

use super::{
    Mark,
    classes::{Class, Group},
    inflection::Form,
    vocabulary::Vocabulary,
    words::{Tag, Unit},
};

/// The end of the lead-in that begins here.
pub(super) fn lead(vocabulary: &Vocabulary, units: &[Unit], from: usize, end: usize) -> Option<usize> {
    let units = units.get(..end)?;
    let mut at = from;
    while units.get(at).is_some_and(|unit| {
        matches!(unit.tag, Tag::Word(Class::Polite | Class::Adverb | Class::And) | Tag::Mark(Mark::Comma) | Tag::Time)
    }) {
        at += 1;
    }
    // "Would be nice if": begins like a polite word.
    let phrase = phrase(vocabulary, units, from)
        .or_else(|| phrase(vocabulary, units, at))
        .or_else(|| phrase(vocabulary, units, fronted(units, at)?));
    let at = phrase.unwrap_or(at);
    // "It would be great if **there was** an agent that …"
    let there = phrase.is_some() && units.get(at).is_some_and(|unit| unit.lemma == "there");
    let at = at + if there && units.get(at + 1).is_some_and(|unit| unit.lemma == "be") { 2 } else { 0 };
    let agent = agent(vocabulary, units, at, phrase.is_some());
    agent.or(phrase).filter(|end| *end > from)
}

/// "**On Telegram** I want to …", "**as a team lead** I want": the end of what stands in front of what the person says.
fn fronted(units: &[Unit], from: usize) -> Option<usize> {
    let place = units.get(from).is_some_and(|unit| {
        let words = ["on", "in", "via", "by", "over", "at", "from", "out of"];
        words.iter().any(|word| unit.preposition(word)) || unit.lemma == "as"
    });
    let thing = |at: usize| {
        units
            .get(at)
            .is_some_and(|unit| unit.preposition("of") || unit.nominal() && !unit.narrator() || unit.tag == Tag::Time)
    };
    let end = (from + 1..from + 8).find(|at| !thing(*at)).filter(|end| place && *end > from + 1)?;
    let end = end + usize::from(units.get(end).is_some_and(|unit| unit.tag == Tag::Mark(Mark::Comma)));
    units.get(end).is_some_and(|unit| unit.narrator()).then_some(end)
}

/// One of the fixed sequences.
fn phrase(vocabulary: &Vocabulary, units: &[Unit], from: usize) -> Option<usize> {
    // A unit may hold several words: compare text against text.
    let first = units.get(from)?;
    if !matches!(first.tag, Tag::Word(_) | Tag::Verb(_) | Tag::Noun | Tag::Adjective) {
        return None;
    }
    let mut words: Vec<(&str, usize)> = Vec::new();
    for (at, unit) in units.iter().enumerate().skip(from).take(8) {
        let word = match (unit.tag, unit.lemma.as_str()) {
            (Tag::Mark(_) | Tag::Time | Tag::Value, _) => break,
            (_, word) => word,
        };
        words.extend(word.split(' ').map(|word| (word, at + 1)));
    }
    let (head, rest) = words.split_first()?;
    let found = vocabulary
        .leads(head.0)
        .iter()
        .find(|lead| lead.len() <= rest.len() && lead.iter().zip(rest).all(|(word, (key, _))| word == key))?;
    let end = words.get(found.len()).map(|(_, end)| *end)?;
    // The sequence ends where a unit does.
    let whole = words.get(found.len() + 1).is_none_or(|(_, next)| *next > end);
    whole.then_some(end)
}

/// "(Build) a workflow that", "an agent to", "something for …ing".
fn agent(vocabulary: &Vocabulary, units: &[Unit], from: usize, wanted: bool) -> Option<usize> {
    let mut at = from;
    // "set something up that …"
    let parted = units.get(at).is_some_and(|unit| unit.lemma == "set")
        && units.get(at + 2).is_some_and(|unit| unit.lemma == "up");
    let made = parted
        || units.get(at).is_some_and(|unit| {
            matches!(unit.verb(), Some(Form::Base | Form::Ing)) && vocabulary.is(Group::Makers, &unit.lemma)
        });
    if made {
        at += 1;
        while units.get(at).is_some_and(|unit| matches!(unit.lemma.as_str(), "me" | "us" | "up")) {
            at += 1;
        }
    }
    // "**Research** agent which"
    let kind = units.get(at).is_some_and(|unit| unit.verb() == Some(Form::Base))
        && units.get(at + 1).is_some_and(|unit| vocabulary.is(Group::Agents, &unit.lemma))
        && units.get(at + 2).is_some_and(|unit| unit.is(Class::Relative));
    at += usize::from(kind && !made);
    let mut head = None;
    while let Some(unit) = units.get(at) {
        let named =
            matches!(unit.tag, Tag::Noun | Tag::Word(Class::Pronoun)) && vocabulary.is(Group::Agents, &unit.lemma);
        match unit.tag {
            _ if named => head = Some(at),
            Tag::Noun | Tag::Service | Tag::Adjective | Tag::Value | Tag::Time | Tag::Word(Class::Determiner(_)) => {}
            Tag::Word(Class::Preposition) if unit.lemma == "of" && head.is_none() => {}
            _ => break,
        }
        at += 1;
    }
    let head = head?;
    // "Write a script that renames files": the script is what is asked for.
    let code =
        units.get(head).is_some_and(|unit| matches!(unit.lemma.as_str(), "script" | "program" | "function" | "macro"));
    if code && made && units.get(from).is_some_and(|unit| matches!(unit.lemma.as_str(), "write" | "generate" | "code"))
    {
        return None;
    }
    let mut at = head + 1 + usize::from(parted);
    if at < from + 1 || units.get(at).is_some_and(|unit| matches!(unit.tag, Tag::Noun | Tag::Service)) {
        return None;
    }
    if units.get(at).is_some_and(|unit| unit.tag == Tag::Mark(Mark::Comma))
        && units.get(at + 1).is_some_and(|unit| unit.is(Class::Relative))
    {
        at += 1;
    }
    // "a chatbot on my website that"
    let place = units.get(at).filter(|unit| ["on", "in", "inside", "for"].iter().any(|word| unit.preposition(word)));
    if place.is_some() {
        let end = (at + 1..units.len()).take(5).find(|at| !units.get(*at).is_some_and(Unit::nominal));
        let relative = |at: &usize| units.get(*at).is_some_and(|unit| unit.is(Class::Relative)) && *at > from + 2;
        at = end.filter(relative).unwrap_or(at);
    }
    at = spoken_to(units, at).unwrap_or(at);
    let next = units.get(at);
    // "to automatically reply"
    let adverbs = units.iter().skip(at + 1).take_while(|unit| unit.is(Class::Adverb)).count();
    let after = units.get(at + 1 + adverbs);
    let verb = |unit: Option<&Unit>, form| unit.is_some_and(|unit| unit.verb() == Some(form));
    match next {
        None => (made || wanted).then_some(at),
        Some(unit) if unit.is(Class::Relative) => Some(at + 1),
        Some(unit) if unit.preposition("to") && (verb(after, Form::Base) || adverbs > 0) => Some(at + 1),
        Some(unit) if unit.preposition("for") => (made || wanted || verb(after, Form::Ing)).then_some(at + 1),
        Some(unit) if unit.verb() == Some(Form::Ing) => Some(at),
        Some(unit)
            if matches!(unit.tag, Tag::Mark(Mark::Colon | Mark::Stop | Mark::Line | Mark::Dash | Mark::Comma)) =>
        {
            (made || wanted).then_some(at + 1)
        }
        Some(unit) if unit.is(Class::When) || unit.is(Class::If) => (made || wanted).then_some(at),
        _ => None,
    }
}

/// "an assistant **I can message on Telegram** that": how one speaks with it.
fn spoken_to(units: &[Unit], from: usize) -> Option<usize> {
    let person = units.get(from).filter(|unit| matches!(unit.lemma.as_str(), "i" | "we" | "people" | "customers"));
    let ahead = || (from + 1..units.len()).take(8);
    let speaks = ahead().any(|at| units.get(at).is_some_and(|unit| SPEAKS.contains(&unit.lemma.as_str())));
    person.filter(|_| speaks)?;
    ahead().find(|at| units.get(*at).is_some_and(|unit| unit.is(Class::Relative)))
}

const SPEAKS: [&str; 8] = ["message", "text", "talk", "chat", "ask", "write", "speak", "ping"];
