//! "Listens for new GitHub issues and …": what is waited for starts the agent; nobody looks it up.

use super::act::names;
use crate::{
    knowledge::Knowledge,
    reading::{Argument, Clause, Determiner, Frame, Phrase, Reading, Role, Value, Verb},
};

/// Looks at what is there as well: only a block that notices the event tells that it is waited for.
const WATCHES: [&str; 8] = ["watch", "wait", "monitor", "observe", "track", "look", "check", "react"];
const NEW: [&str; 4] = ["new", "incoming", "arriving", "fresh"];

/// Makes an event of the first act if it only waits for one; all that follows depends on it.
pub(in crate::plan) fn listens(known: &Knowledge, reading: &mut Reading) -> Option<()> {
    let acts = |clause: &Clause| matches!(clause.role, Role::Act | Role::Trigger);
    let at = reading.clauses.iter().position(acts)?;
    let clause = reading.clauses.get(at).filter(|clause| clause.role == Role::Act && clause.under.is_none())?.clone();
    let frame = clause.frame.as_ref().filter(|frame| !frame.negated && !frame.passive && frame.complement.is_none())?;
    let verb = frame.verb.as_ref()?;
    let follows = reading.clauses.iter().skip(at + 1).any(|later| later.role == Role::Act);
    if reading.schedule.is_some() || !follows {
        return None;
    }
    let behind = |preposition: &str| matches!(preposition, "for" | "to");
    let argument = frame.arguments.iter().position(|argument| behind(&argument.preposition));
    // "watch a repository for new issues": the issues.
    let is_new = |phrase: &Phrase| phrase.modifiers.iter().any(|word| NEW.contains(&word.as_str()));
    let fresh = |place: &usize| frame.arguments.get(*place).is_some_and(|argument| is_new(&argument.phrase));
    let inside = argument.filter(|place| frame.objects.is_empty() || frame.objects.len() == 1 && fresh(place));
    let thing = match inside {
        Some(place) => frame.arguments.get(place).map(|argument| &argument.phrase),
        None => frame.objects.first().filter(|_| frame.objects.len() == 1),
    };
    let thing = thing.filter(|phrase| !phrase.pronoun)?;
    let listens = verb.lemma == "listen";
    let new = is_new(thing);
    let noticed = notices(known, reading, frame, thing);
    let places = frame.arguments.iter().flat_map(|argument| &argument.phrase.services);
    let read = places.chain(&thing.services).any(|service| !known.is_passive(service))
        || names(thing).iter().any(|noun| known.source(noun).is_some());
    if !(listens && (noticed || read) || WATCHES.contains(&verb.lemma.as_str()) && new && noticed) {
        return None;
    }
    let arguments = frame.arguments.iter().enumerate().filter(|(place, _)| Some(*place) != inside);
    let place = |phrase: &Phrase| Argument { preposition: "in".to_owned(), phrase: phrase.clone() };
    let held = frame.objects.iter().filter(|_| inside.is_some()).map(place);
    let arguments = arguments.map(|(_, argument)| argument.clone()).chain(held).collect();
    let comes = Verb { lemma: "create".to_owned(), particle: None, span: verb.span.clone() };
    let one = Phrase { determiner: Determiner::Some, plural: false, ..thing.clone() };
    let event = Frame { verb: Some(comes), subject: Some(one), passive: true, arguments, ..Frame::default() };
    for later in reading.clauses.iter_mut().skip(at + 1) {
        let waits =
            matches!(later.role, Role::Act | Role::Condition | Role::Loop | Role::Otherwise(_) | Role::Restriction);
        if waits && later.under.is_none() {
            later.under = Some(at);
        }
    }
    let clause = reading.clauses.get_mut(at)?;
    (clause.role, clause.frame) = (Role::Trigger, Some(event));
    Some(())
}

/// "Follow my product's name on X and tell me when people mention it": what is followed is what is mentioned, there.
pub(in crate::plan) fn mentioned(known: &Knowledge, reading: &mut Reading) -> Option<()> {
    let speaks = |clause: &Clause| {
        let frame = clause.frame.as_ref();
        let verb = frame.and_then(|frame| frame.verb.as_ref()).map_or("", |verb| verb.lemma.as_str());
        let it = frame.is_some_and(|frame| {
            frame.objects.iter().any(|phrase| phrase.pronoun && matches!(phrase.head.as_str(), "it" | "them"))
        });
        let waits = matches!(clause.role, Role::Trigger | Role::Condition);
        waits && it && matches!(verb, "mention" | "discuss" | "name" | "use")
    };
    let at = reading.clauses.iter().position(speaks)?;
    let follows = |clause: &Clause| {
        let frame = clause.frame.as_ref();
        let verb = frame.and_then(|frame| frame.verb.as_ref()).map_or("", |verb| verb.lemma.as_str());
        let named = frame.is_some_and(|frame| frame.objects.iter().any(|phrase| !phrase.pronoun));
        clause.role == Role::Act && named && (verb == "follow" || WATCHES.contains(&verb))
    };
    let first = reading.clauses.iter().take(at).position(follows)?;
    let followed = reading.clauses.get(first)?.frame.clone()?;
    let service = |phrase: &Phrase| phrase.services.iter().any(|service| known.has_service(service));
    let places: Vec<Argument> =
        followed.arguments.iter().filter(|argument| service(&argument.phrase)).cloned().collect();
    let thing = followed.objects.into_iter().find(|phrase| !phrase.pronoun)?;
    (!places.is_empty() || service(&thing)).then_some(())?;
    reading.clauses.get_mut(first)?.role = Role::LeadIn;
    let clause = reading.clauses.get_mut(at)?;
    clause.role = Role::Trigger;
    let frame = clause.frame.as_mut()?;
    (frame.objects, frame.subject) = (vec![thing], None);
    frame.arguments.extend(places);
    // "get updates when …": whoever asks is told.
    for later in reading.clauses.iter_mut().filter(|clause| clause.role == Role::Act) {
        let Some(frame) = later.frame.as_mut() else { continue };
        let carried = frame.objects.iter().all(|phrase| known.is_carrier(&phrase.head));
        let verb = frame.verb.as_mut().filter(|verb| matches!(verb.lemma.as_str(), "get" | "receive"));
        if let Some(verb) = verb.filter(|_| carried && frame.recipients.is_empty()) {
            "tell".clone_into(&mut verb.lemma);
            frame.objects.clear();
            frame.recipients.push(Phrase { head: "me".to_owned(), pronoun: true, ..Phrase::default() });
        }
    }
    Some(())
}

/// Whether a block starts an agent when such a thing comes.
fn notices(known: &Knowledge, reading: &Reading, frame: &Frame, thing: &Phrase) -> bool {
    let nouns = names(thing);
    if nouns.iter().any(|noun| known.trigger(noun).is_some()) {
        return true;
    }
    let places = frame.arguments.iter().map(|argument| &argument.phrase).chain(&frame.objects);
    let phrases: Vec<&Phrase> = places.chain([thing]).collect();
    let code =
        |at: &usize| matches!(reading.tokens.get(*at).and_then(|token| token.value()), Some(Value::Repository(_)));
    let code = phrases.iter().flat_map(|phrase| &phrase.values).any(code);
    let services = phrases.iter().flat_map(|phrase| phrase.services.iter().map(String::as_str));
    let services = services.chain(code.then_some("GitHub"));
    let blocks = services.flat_map(|service| known.catalogue.blocks_of(service));
    let mut triggers = blocks.filter_map(|at| known.catalogue.blocks().get(*at)).filter(|block| block.trigger);
    triggers.any(|block| nouns.iter().any(|noun| known.concerns(block, noun)))
}

/// "Receives bug reports via webhook, …": they come by themselves. One with an address is read there.
pub(super) fn called(reading: &mut Reading) -> Option<()> {
    const WEBHOOK: [&str; 2] = ["webhook", "web hook"];
    let acts = |clause: &Clause| matches!(clause.role, Role::Act | Role::Trigger);
    let at = reading.clauses.iter().position(acts)?;
    let clause = reading.clauses.get_mut(at).filter(|clause| clause.role == Role::Act && clause.under.is_none())?;
    let frame = clause.frame.as_mut().filter(|frame| !frame.negated && !frame.passive && !frame.objects.is_empty())?;
    let verb = frame.verb.as_mut()?;
    let gets = matches!(verb.lemma.as_str(), "receive" | "get" | "accept" | "take" | "collect" | "catch" | "capture");
    let by = |argument: &Argument| {
        matches!(argument.preposition.as_str(), "via" | "by" | "through" | "from" | "over" | "on" | "with")
            && WEBHOOK.contains(&argument.phrase.head.as_str())
            && argument.phrase.values.is_empty()
    };
    (gets && frame.arguments.iter().any(by)).then_some(())?;
    "arrive".clone_into(&mut verb.lemma);
    frame.subject = Some(frame.objects.remove(0));
    clause.role = Role::Trigger;
    for later in reading.clauses.iter_mut().skip(at + 1) {
        if later.under.is_none() && matches!(later.role, Role::Act | Role::Condition | Role::Loop) {
            later.under = Some(at);
        }
    }
    Some(())
}
