//! How wishes are written into a form: "Problem: … Proposed solution: …", "What problem does this solve? …", "Bonus: …".
//! The headings ask for nothing; what stands under a problem is why, what stands under a solution is the request.

use std::collections::HashSet;

use super::recut::{mark, word};
use crate::{
    knowledge::{Class, Knowledge},
    reading::{Argument, Clause, Frame, Mark, Phrase, Reading, Role},
};

/// More words are no heading.
const HEADING: usize = 9;

#[derive(Clone, Copy, PartialEq, Eq)]
enum Part {
    Why,
    Wish,
    Name,
}

pub(in crate::plan) fn settle(known: &Knowledge, reading: &mut Reading) {
    let _ = told_below(known, reading);
    let parts: Vec<Option<Part>> = reading.clauses.iter().map(|clause| part(known, reading, clause)).collect();
    let wished = parts.contains(&Some(Part::Wish));
    let called: Vec<usize> = (1..parts.len()).filter(|at| parts.get(at - 1).is_some_and(Option::is_some)).collect();
    let called: Vec<usize> = called.into_iter().filter(|at| is_called(reading, *at)).collect();
    let orders = orders(known, reading, &parts);
    let mut current = None;
    for (at, part) in parts.iter().enumerate() {
        let named = current == Some(Part::Name) && part.is_none();
        current = part.or(current);
        let Some(clause) = reading.clauses.get_mut(at) else { return };
        let valued =
            reading.tokens.get(clause.span.clone()).unwrap_or_default().iter().any(|token| token.value().is_some());
        let bare = clause.frame.as_ref().is_some_and(|frame| frame.verb.is_none() && frame.arguments.is_empty());
        let role = match (part, current) {
            (Some(Part::Why), _) if !wished => None,
            (Some(_), _) => Some(Role::LeadIn),
            // What hurts today, and who wishes for it.
            (None, Some(Part::Why)) if orders.contains(&clause.sentence) => None,
            (None, Some(Part::Why)) if wished && !(clause.role == Role::Value && valued) => Some(Role::Background),
            (None, Some(Part::Name)) if named && bare && parts.len() > at + 1 => Some(Role::Title),
            // "Feature request: weekly changelog. Every Friday, …": what it is called, and then what is done.
            (None, Some(_)) if bare && !valued && called.contains(&at) => Some(Role::Title),
            _ => None,
        };
        if named {
            current = None;
        }
        let Some(role) = role else { continue };
        (clause.role, clause.under) = (role, None);
        for later in reading.clauses.iter_mut().filter(|later| later.under == Some(at)) {
            later.under = None;
        }
    }
}

/// The sentences that bid something new: "Problem: mails get lost. Forward them to a@b.de." What stands right behind the
/// heading is what hurts, however it is put.
fn orders(known: &Knowledge, reading: &Reading, parts: &[Option<Part>]) -> HashSet<usize> {
    let acts = [Class::Tell, Class::Store, Class::Make, Class::Change];
    let mut headed = None;
    let mut orders = HashSet::new();
    for (clause, part) in reading.clauses.iter().zip(parts) {
        if part.is_some() {
            headed = None;
            continue;
        }
        let first = *headed.get_or_insert(clause.sentence);
        let frame = clause.frame.as_ref().filter(|frame| clause.role == Role::Act && !frame.passive && !frame.negated);
        let bids =
            frame.filter(|frame| frame.subject.is_none()).and_then(|frame| frame.verb.as_ref()).is_some_and(|verb| {
                let bare =
                    word(reading, verb.span.start).is_some_and(|word| verb.lemma.split(' ').next() == Some(word));
                bare && acts.iter().any(|class| known.is(&verb.lemma, *class))
            });
        if bids && clause.sentence > first {
            orders.insert(clause.sentence);
        }
    }
    orders
}

/// A noun in a sentence of its own, with the acts behind it that have things of their own.
fn is_called(reading: &Reading, at: usize) -> bool {
    let Some((clause, rest)) = reading.clauses.get(at..).and_then(<[Clause]>::split_first) else { return false };
    let ends = clause.span.end.checked_sub(1).and_then(|end| mark(reading, end));
    let named = clause.frame.as_ref().is_some_and(|frame| {
        let plain = |phrase: &Phrase| phrase.services.is_empty() && phrase.tail.is_none() && !phrase.pronoun;
        frame.objects.iter().all(plain) && !frame.objects.is_empty()
    });
    let next = rest.iter().find(|next| next.role == Role::Act);
    let told = next.filter(|next| next.sentence > clause.sentence).and_then(|next| next.frame.as_ref());
    let own = |frame: &Frame| {
        let things = frame.objects.iter().chain(&frame.subject);
        frame.verb.is_some() && frame.objects.iter().all(|phrase| !phrase.pronoun) && things.count() > 0
    };
    matches!(ends, Some(Mark::Stop | Mark::Line)) && named && told.is_some_and(own)
}

/// What a clause heads, if all that it has is words of a heading.
fn part(known: &Knowledge, reading: &Reading, clause: &Clause) -> Option<Part> {
    let form = &known.tables.form;
    let ends = clause.span.clone().rev().take_while(|at| mark(reading, *at).is_some());
    let question = |at: usize| {
        let raw = reading.tokens.get(at).map(|token| token.raw(&reading.text));
        raw == Some("?")
    };
    let heads = ends.into_iter().any(|at| matches!(mark(reading, at), Some(Mark::Colon | Mark::Line)) || question(at));
    let words: Vec<&str> = clause.span.clone().filter_map(|at| word(reading, at)).take(HEADING + 1).collect();
    let valued = reading.tokens.get(clause.span.clone())?.iter().any(|token| token.value().is_some());
    (heads && !valued && (1..=HEADING).contains(&words.len())).then_some(())?;
    let is = |set: &HashSet<String>| words.iter().any(|word| set.contains(*word));
    let heading = |word: &&str| {
        [&form.why, &form.wish, &form.more, &form.name, &form.around].iter().any(|set| set.contains(*word))
    };
    words.iter().all(heading).then_some(())?;
    match () {
        () if is(&form.why) || is(&form.today) && is(&form.wish) => Some(Part::Why),
        () if is(&form.wish) || is(&form.more) => Some(Part::Wish),
        () if is(&form.name) && words.len() == 1 => Some(Part::Name),
        () => None,
    }
}

/// "YouTube to blog. Transforms any video into …", "GitHub stars to Slack. Posts a message …": a route in short, and what is
/// done told of the agent below it. What only the route names is left to other rules.
fn told_below(known: &Knowledge, reading: &mut Reading) -> Option<()> {
    let (first, rest) = reading.clauses.split_first()?;
    let frame = first.frame.as_ref().filter(|frame| frame.verb.is_none() && frame.subject.is_none())?;
    let ends = first.span.end.checked_sub(1).and_then(|end| mark(reading, end));
    let to = |argument: &Argument| matches!(argument.preposition.as_str(), "to" | "into");
    let route = matches!(ends, Some(Mark::Stop | Mark::Line)) && frame.arguments.iter().any(to);
    let next = rest.iter().find(|next| matches!(next.role, Role::Act | Role::Trigger))?;
    let told = next.frame.as_ref().filter(|_| next.sentence > first.sentence)?;
    let verb = told.verb.as_ref()?;
    let third = word(reading, verb.span.start).is_some_and(|word| word != verb.lemma && word.ends_with('s'));
    let agent = told.subject.as_ref().is_some_and(|who| known.is_agent(&who.head) || who.head == "it");
    let tells = agent || third && told.subject.is_none();
    if first.role != Role::Act || !route || !tells {
        return None;
    }
    // "somebody stars your repository": only GitHub has it.
    let only = |phrase: &Phrase| {
        let holders = known.catalogue.blocks_about(&phrase.head).iter().map(|at| known.catalogue.meaning(*at));
        let mut holders = holders.filter(|meaning| meaning.objects.contains(&phrase.head));
        let service = holders.find_map(|meaning| meaning.service.as_ref())?;
        holders.all(|other| other.service.as_ref().is_none_or(|other| other == service)).then_some(service)
    };
    let mut below: HashSet<&String> = HashSet::new();
    for phrase in rest.iter().filter_map(|clause| clause.frame.as_ref()).flat_map(phrases) {
        below.extend(&phrase.services);
        below.extend(only(phrase));
    }
    phrases(frame).flat_map(|phrase| &phrase.services).all(|service| below.contains(service)).then_some(())?;
    reading.clauses.first_mut()?.role = Role::Title;
    Some(())
}

fn phrases(frame: &Frame) -> impl Iterator<Item = &Phrase> {
    let arguments = frame.arguments.iter().map(|argument| &argument.phrase);
    frame.objects.iter().chain(arguments).chain(&frame.recipients).chain(&frame.subject)
}
