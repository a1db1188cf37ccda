//! "Write a report of the open tickets in Linear", "list the main points of the mails in my Gmail": the service is where they
//! are read. What is made of them is not put there.

use super::{
    act::{is_report, names},
    digest::is_address,
    drawn::HELD,
    recut::{mark, splice, word},
};
use crate::{
    catalogue::Block,
    knowledge::{Class, Knowledge},
    reading::{Argument, Clause, Determiner, Frame, Kind, Mark, Phrase, Reading, Role, Span, Token, Value, Verb},
};

/// Words behind which stands what a text is made of.
const OF: [&str; 8] = ["of", "from", "about", "out of", "based on", "on", "in", "with"];
/// Words behind which stands where it is, or whose it is.
const WHERE: [&str; 8] = ["in", "on", "from", "inside", "within", "of", "at", "about"];
/// What is written on what is there, and goes where that is.
const ANSWERS: [&str; 8] = ["comment", "reply", "answer", "response", "review", "label", "reaction", "draft"];
/// What a service can hold as well as a page can.
const HOLDERS: [&str; 8] = ["list", "table", "database", "collection", "set", "board", "backlog", "record"];

pub(in crate::plan) fn settle(known: &Knowledge, reading: &mut Reading) {
    let first = first(reading);
    for at in (0..reading.clauses.len()).rev() {
        // What is read stands in front of all that is done.
        let _ = first.filter(|first| *first == at).and_then(|at| per_item(known, reading, at));
        let _ = split(known, reading, at);
    }
}

/// "Write a greeting for each contact in my sheet whose birthday is today": they are read, and one is written for each.
fn per_item(known: &Knowledge, reading: &mut Reading, at: usize) -> Option<()> {
    let clause = reading.clauses.get(at).filter(|clause| clause.role == Role::Act)?.clone();
    let mut frame = clause.frame.clone().filter(|frame| is_bidden(known, frame))?;
    if !known.composes(&frame.verb.as_ref()?.lemma) {
        return None;
    }
    let each = |argument: &Argument| argument.preposition == "for" && argument.phrase.determiner == Determiner::Each;
    let of = frame.arguments.iter().position(each)?;
    let things = frame.arguments.get(of).map(|argument| argument.phrase.clone())?;
    let chain = places(known, reading, &frame.arguments, of + 1, &things);
    let end = frame.arguments.get(chain.end.checked_sub(1)?).filter(|_| !chain.is_empty())?.phrase.span.end;
    let news = things.unseen || things.modifiers.iter().any(|word| word == "new" || word == "incoming");
    if news
        || things.pronoun
        || !things.services.is_empty()
        || !frame.objects.iter().all(|made| made.services.is_empty() && !answers(made))
    {
        return None;
    }
    let span = things.span.start..end;
    let arguments = frame.arguments.drain(chain).collect();
    let each = Phrase { determiner: Determiner::Each, ..pronoun("each", span.start) };
    frame.arguments.get_mut(of)?.phrase = each;
    let verb = bid("read", span.start);
    let all = Phrase { plural: true, determiner: Determiner::The, ..things };
    let fetch = Frame { verb: Some(verb), objects: vec![all], arguments, ..Frame::default() };
    let read = Clause { span, frame: Some(fetch), ..clause.clone() };
    splice(reading, at, vec![read, Clause { frame: Some(frame), ..clause }]);
    Some(())
}

fn split(known: &Knowledge, reading: &mut Reading, at: usize) -> Option<()> {
    let clause = reading.clauses.get(at).filter(|clause| clause.role == Role::Act)?.clone();
    let mut frame = clause.frame.clone().filter(|frame| is_bidden(known, frame))?;
    let lemma = frame.verb.as_ref().map_or_else(String::new, Verb::full);
    let [made] = frame.objects.as_slice() else { return None };
    let drawn = is_drawn(known, &lemma, made);
    let sent = !drawn && known.is(&lemma, Class::Tell) && is_report(&made.head);
    if !(drawn || is_new_text(known, &lemma, made)) || answers(made) {
        return None;
    }
    let of = frame.arguments.iter().position(|argument| {
        let behind = argument.phrase.span.start <= made.span.end + 2 && argument.phrase.span.start > made.span.end;
        behind && OF.contains(&argument.preposition.as_str())
    })?;
    let things = &frame.arguments.get(of)?.phrase;
    let chain = places(known, reading, &frame.arguments, of + 1, things);
    // "The tasks" are there, "tasks" may be what is to be put there.
    let there = is_own(things) || !things.modifiers.is_empty() && !HOLDERS.contains(&made.head.as_str());
    let several = things.plural && !things.pronoun && things.services.is_empty() && there;
    let addressed = things.values.iter().any(|at| is_address(reading, *at)) && !things.head.is_empty();
    let uploaded = drawn && things.tail.is_some() && things.services.is_empty() && !things.plural;
    let addressed = addressed || uploaded;
    let before = reading.clauses.iter().take(at).filter_map(|clause| clause.frame.as_ref());
    let known_before = before.flat_map(|frame| &frame.objects).any(|phrase| phrase.head == things.head);
    if !addressed && (!several || chain.is_empty()) || known_before {
        return None;
    }
    let things = things.clone();
    let end = chain.clone().next_back().and_then(|last| frame.arguments.get(last)).map(|place| place.phrase.span.end);
    let end = end.unwrap_or(things.span.end);
    if goes_on(reading, &clause, end) {
        return None;
    }
    let span = things.span.start..end;
    let them = Phrase { plural: true, ..pronoun("them", span.start) };
    let arguments: Vec<Argument> = frame.arguments.drain(chain).collect();
    frame.arguments.get_mut(of)?.phrase = them;
    let verb = bid("read", span.start);
    let mut fetch = Frame { verb: Some(verb), objects: vec![things], arguments, ..Frame::default() };
    with_address(reading, &mut fetch);
    if let Some(verb) = frame.verb.as_mut().filter(|_| drawn) {
        let finds = matches!(verb.lemma.as_str(), "find" | "look for" | "search" | "check" | "detect" | "spot");
        if finds { "identify" } else { "extract" }.clone_into(&mut verb.lemma);
    }
    let read = Clause { span: span.clone(), frame: Some(fetch), ..clause.clone() };
    let mut all = vec![read];
    // "Post a summary of the mails in my Gmail": written before it is posted.
    if sent {
        let it = pronoun("it", span.start);
        let objects = std::mem::replace(&mut frame.objects, vec![it]);
        let start = objects.first()?.span.start;
        let verb = bid("write", start);
        let arguments = vec![frame.arguments.remove(of)];
        let write = Frame { verb: Some(verb), objects, arguments, ..Frame::default() };
        all.push(Clause { span: start..span.end, frame: Some(write), ..clause.clone() });
    }
    let put = (!sent && !drawn).then(|| kept(&mut frame)).flatten();
    let own = all.len();
    all.push(Clause { frame: Some(frame), ..clause.clone() });
    // "Make a table of the tasks in Todoist in my sheet": that is where the table goes.
    if let Some(place) = put {
        let start = place.phrase.span.start;
        let objects = vec![pronoun("it", start)];
        let save = Frame { verb: Some(bid("save", start)), objects, arguments: vec![place], ..Frame::default() };
        if let Some(made) = all.get_mut(own) {
            made.span.end = start.saturating_sub(1);
        }
        all.push(Clause { span: start.saturating_sub(1)..clause.span.end, frame: Some(save), ..clause });
    }
    splice(reading, at, all);
    Some(())
}

/// Where the text that is made is to be put.
fn kept(frame: &mut Frame) -> Option<Argument> {
    const KEEPERS: [&str; 6] = ["doc", "document", "sheet", "spreadsheet", "page", "database"];
    let place = frame.arguments.iter().position(|argument| {
        let into = matches!(argument.preposition.as_str(), "in" | "into" | "to");
        let keeper = argument.phrase.head.rsplit(' ').next().is_some_and(|last| KEEPERS.contains(&last));
        into && !argument.phrase.pronoun && (keeper || !argument.phrase.services.is_empty())
    })?;
    Some(frame.arguments.remove(place))
}

/// "The newest entries of https://…": the address is theirs.
pub(super) fn with_address(reading: &Reading, frame: &mut Frame) {
    let ([things], Some(place)) = (frame.objects.as_mut_slice(), frame.arguments.first()) else { return };
    let phrase = &place.phrase;
    let url = |at: &usize| matches!(reading.tokens.get(*at).and_then(Token::value), Some(Value::Url(_)));
    let bare = phrase.head.is_empty() && phrase.services.is_empty() && phrase.values.iter().all(url);
    if bare
        && !phrase.values.is_empty()
        && things.values.is_empty()
        && matches!(place.preposition.as_str(), "of" | "from")
    {
        (things.span.end, things.values) = (phrase.span.end, phrase.values.clone());
        frame.arguments.remove(0);
    }
}

fn answers(made: &Phrase) -> bool {
    made.head.rsplit(' ').next().is_some_and(|last| ANSWERS.contains(&last))
}

fn is_new_text(known: &Knowledge, lemma: &str, made: &Phrase) -> bool {
    let written = |name: &String| known.is_product(name) || known.is_writable(name) || name == "post";
    let text = names(made).iter().any(written) || HOLDERS.contains(&made.head.as_str());
    let new = matches!(made.determiner, Determiner::Some | Determiner::None);
    // "an overview of the tasks in Todoist, by mail"
    let sent = (known.is(lemma, Class::Tell) || lemma.is_empty()) && is_report(&made.head);
    new && (text && known.composes(lemma) || sent) && (made.services.is_empty() || !made.head.is_empty())
}

/// "The most important points of …": they stand in what is read.
fn is_drawn(known: &Knowledge, lemma: &str, made: &Phrase) -> bool {
    const SEEN: [&str; 8] = ["duplicate", "pattern", "trend", "error", "mistake", "outlier", "anomaly", "typo"];
    let last = made.head.rsplit(' ').next().unwrap_or_default();
    let gets = known.is(lemma, Class::Fetch) || matches!(lemma, "extract" | "list" | "name" | "give" | "show" | "note");
    let part = HELD.contains(&last) || SEEN.contains(&last);
    gets && part && made.services.is_empty() && made.values.is_empty() && made.tail.is_none()
}

/// The clause that something is done in first.
pub(super) fn first(reading: &Reading) -> Option<usize> {
    reading.clauses.iter().position(|clause| matches!(clause.role, Role::Act | Role::Trigger))
}

/// A verb that the text leaves unsaid.
pub(super) fn bid(lemma: &str, at: usize) -> Verb {
    Verb { lemma: lemma.to_owned(), particle: None, span: at..at }
}

/// A pronoun for what an act before gives.
pub(super) fn pronoun(head: &str, at: usize) -> Phrase {
    Phrase { span: at..at, head: head.to_owned(), pronoun: true, ..Phrase::default() }
}

/// "The tasks in Todoist **and the issues in Linear**": more than one thing is read.
pub(super) fn goes_on(reading: &Reading, clause: &Clause, end: usize) -> bool {
    let joint = word(reading, end).is_some_and(|word| matches!(word, "and" | "plus" | "or"))
        || mark(reading, end) == Some(Mark::Comma);
    joint && end + 1 < clause.span.end
}

/// Somebody is to do it: the agent, if anybody is named.
pub(super) fn is_bidden(known: &Knowledge, frame: &Frame) -> bool {
    let agent = frame.subject.as_ref().is_none_or(|who| known.is_agent(&who.head));
    agent && !frame.negated && !frame.passive
}

/// They are somewhere, and not to be made.
pub(super) fn is_there(things: &Phrase) -> bool {
    is_own(things) || !things.modifiers.is_empty()
}

fn is_own(things: &Phrase) -> bool {
    matches!(things.determiner, Determiner::The | Determiner::Mine | Determiner::Each | Determiner::All)
}

/// Which arguments, from the one at `from` on, say one behind the other where the things are.
pub(super) fn places(
    known: &Knowledge,
    reading: &Reading,
    arguments: &[Argument],
    from: usize,
    things: &Phrase,
) -> Span {
    let address = |place: &Phrase| place.values.iter().any(|at| is_address(reading, *at));
    let (mut run, mut end, mut found) = (from..from, things.span.end, address(things));
    while let Some(next) = arguments.get(run.end) {
        let place = &next.phrase;
        let topic = next.preposition == "about" && is_of_service(known, things);
        // "the mails in my Gmail on Discord": they are in one of both.
        let tells = |service: &String| known.channel(service).is_some() && !known.is_kind(service, Kind::Mail);
        let sent = |service: &String| (found || tells(service)) && !has(known, service, things);
        let other = !place.services.is_empty() && place.services.iter().all(sent);
        let inside = next.preposition != "about" && place.determiner != Determiner::Some && !other;
        let inside = inside && is_read_at(known, reading, place, things);
        if place.span.start != end + 1 || !WHERE.contains(&next.preposition.as_str()) || !(topic || inside) {
            break;
        }
        found |= !place.services.is_empty() || address(place);
        (run.end, end) = (run.end + 1, place.span.end);
    }
    run
}

/// Whether such things are read at this place.
pub(super) fn is_read_at(known: &Knowledge, reading: &Reading, place: &Phrase, things: &Phrase) -> bool {
    let services = place.services.iter().any(|service| reads(known, service, things));
    services || place.values.iter().any(|at| is_address(reading, *at))
}

/// Tweets: only one service has them.
fn is_of_service(known: &Knowledge, things: &Phrase) -> bool {
    let source = names(things).iter().find_map(|noun| known.source(noun));
    source.is_some_and(|block| known.meaning(block).service.is_some())
}

/// Whether the service has such things.
fn has(known: &Knowledge, service: &str, things: &Phrase) -> bool {
    let blocks = known.catalogue.blocks_of(service).iter().filter_map(|at| known.catalogue.blocks().get(*at));
    blocks.into_iter().any(|block| names(things).iter().any(|noun| known.concerns(block, noun)))
}

/// Whether the service gives such things.
fn reads(known: &Knowledge, service: &str, things: &Phrase) -> bool {
    let catalogue = &known.catalogue;
    let blocks = catalogue.blocks_of(service).iter().filter_map(|at| catalogue.blocks().get(*at));
    let reader =
        |block: &&Block| !block.trigger && (known.serves(block, Class::Fetch) || known.serves(block, Class::Search));
    blocks.filter(reader).any(|block| is_own(things) || names(things).iter().any(|noun| known.concerns(block, noun)))
}
