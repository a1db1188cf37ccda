//! "Write a report of the open tickets in Linear", "list the main points of the mails in my Gmail": the service is where they
//! are read. What is made of them is not put there.

use super::{
    act::{is_report, names},
    drawn::HELD,
    recut::{reread, splice, word},
};
use crate::{
    catalogue::Block,
    knowledge::{Class, Knowledge},
    reading::{Argument, Clause, Determiner, Frame, Phrase, Reading, Role, Span, Token, Value, Verb},
};

/// Words behind which stands what a text is made of.
const OF: [&str; 8] = ["of", "from", "about", "out of", "based on", "on", "in", "with"];
/// Words behind which stands where it is, or whose it is.
const WHERE: [&str; 8] = ["in", "on", "from", "inside", "within", "of", "at", "about"];
/// What a service can hold as well as a page can.
const HOLDERS: [&str; 8] = ["list", "table", "database", "collection", "set", "board", "backlog", "record"];

/// What a text stands in.
const FILES: [&str; 5] = ["pdf", "file", "document", "doc", "contract"];

pub(in crate::plan) fn settle(known: &Knowledge, reading: &mut Reading) {
    for at in (0..reading.clauses.len()).rev() {
        let _ = watched(reading, at);
        let _ = split(known, reading, at);
        let _ = collected(known, reading, at);
        let _ = text_of(known, reading, at);
        let _ = told(known, reading, at);
        let _ = asked(known, reading, at);
        let _ = judged(known, reading, at);
    }
}

/// "Keep an eye on the rows in my sheet": they are watched.
fn watched(reading: &mut Reading, at: usize) -> Option<()> {
    let verb = reading.clauses.get_mut(at)?.frame.as_mut()?.verb.as_mut()?;
    verb.particle.as_ref().filter(|particle| verb.lemma == "keep" && *particle == "an eye on")?;
    "watch".clone_into(&mut verb.lemma);
    // All four words say so.
    (verb.particle, verb.span.end) = (None, verb.span.start + 4);
    Some(())
}

fn split(known: &Knowledge, reading: &mut Reading, at: usize) -> Option<()> {
    let clause = reading.clauses.get(at).filter(|clause| clause.role == Role::Act)?.clone();
    let mut frame = clause.frame.clone().filter(|frame| !frame.negated && !frame.passive && frame.subject.is_none())?;
    let lemma = frame.verb.as_ref().map_or_else(String::new, |verb| verb.lemma.clone());
    let [made] = frame.objects.as_slice() else { return None };
    let drawn = is_drawn(known, &lemma, made);
    let sent = !drawn && known.is(&lemma, Class::Tell) && is_report(&made.head);
    if !(drawn || is_new_text(known, &lemma, made)) {
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
    let before = reading.clauses.iter().take(at).filter_map(|clause| clause.frame.as_ref());
    let known_before = before.flat_map(|frame| &frame.objects).any(|phrase| phrase.head == things.head);
    if !addressed && (!several || chain.is_empty()) || known_before {
        return None;
    }
    let things = things.clone();
    let end = chain.clone().next_back().and_then(|last| frame.arguments.get(last)).map(|place| place.phrase.span.end);
    let end = end.unwrap_or(things.span.end);
    let span = things.span.start..end;
    let them = Phrase {
        span: span.start..span.start,
        head: "them".to_owned(),
        pronoun: true,
        plural: true,
        ..Phrase::default()
    };
    let arguments: Vec<Argument> = frame.arguments.drain(chain).collect();
    frame.arguments.get_mut(of)?.phrase = them;
    let verb = Verb { lemma: "read".to_owned(), particle: None, span: span.start..span.start };
    let fetch = Frame { verb: Some(verb), objects: vec![things], arguments, ..Frame::default() };
    if let Some(verb) = frame.verb.as_mut().filter(|_| drawn) {
        let finds = matches!(verb.lemma.as_str(), "find" | "look for" | "search" | "check" | "detect" | "spot");
        if finds { "identify" } else { "extract" }.clone_into(&mut verb.lemma);
    }
    let read = Clause { span: span.clone(), frame: Some(fetch), ..clause.clone() };
    let mut all = vec![read];
    // "Post a summary of the mails in my Gmail": written before it is posted.
    if sent {
        let it = Phrase { span: span.start..span.start, head: "it".to_owned(), pronoun: true, ..Phrase::default() };
        let objects = std::mem::replace(&mut frame.objects, vec![it]);
        let start = objects.first()?.span.start;
        let verb = Verb { lemma: "write".to_owned(), particle: None, span: start..start };
        let arguments = vec![frame.arguments.remove(of)];
        let write = Frame { verb: Some(verb), objects, arguments, ..Frame::default() };
        all.push(Clause { span: start..span.end, frame: Some(write), ..clause.clone() });
    }
    all.push(Clause { frame: Some(frame), ..clause });
    splice(reading, at, all);
    Some(())
}

/// "Send me the rows in my Google sheet", "save the records in my Airtable in a document": read where they are, then sent.
fn told(known: &Knowledge, reading: &mut Reading, at: usize) -> Option<()> {
    let first = !reading.clauses.iter().take(at).any(|clause| matches!(clause.role, Role::Act | Role::Trigger));
    let clause = reading.clauses.get(at).filter(|clause| clause.role == Role::Act && first)?.clone();
    let mut frame = clause.frame.clone().filter(|frame| !frame.negated && !frame.passive && frame.subject.is_none())?;
    let lemma = &frame.verb.as_ref()?.lemma;
    let put = frame.arguments.iter().any(|argument| matches!(argument.preposition.as_str(), "to" | "into" | "onto"));
    let hands_on = known.is(lemma, Class::Tell) || known.is(lemma, Class::Store);
    let hands_on = hands_on && (put || !known.is(lemma, Class::Fetch));
    let [things] = frame.objects.as_slice() else { return None };
    let addressed = things.values.iter().any(|at| is_address(reading, *at));
    // "the new rows": whenever there are some.
    let news = things.unseen || things.modifiers.iter().any(|word| word == "new" || word == "incoming");
    // "the five best": picked first.
    let counted = things.values.iter().any(|at| !is_address(reading, *at));
    let several = is_there(things) && things.plural && things.determiner != Determiner::Each && !counted;
    // "a PDF I upload"
    let file = things.tail.is_some() && things.head.rsplit(' ').next().is_some_and(|last| FILES.contains(&last));
    let addressed = addressed || file && things.services.is_empty();
    if !hands_on || news || things.pronoun || !(several || addressed) || !things.services.is_empty() && !addressed {
        return None;
    }
    let from = frame.arguments.iter().position(|argument| argument.phrase.span.start == things.span.end + 1);
    let chain = from.map_or(0..0, |from| places(known, reading, &frame.arguments, from, things));
    // "the headlines of https://…": a part of what stands there.
    let last = things.head.rsplit(' ').next().unwrap_or_default();
    let part = HELD.contains(&last)
        && frame.arguments.get(chain.clone()).into_iter().flatten().all(|place| place.phrase.services.is_empty());
    let answers = matches!(frame.verb.as_ref()?.lemma.as_str(), "answer" | "reply" | "respond" | "ask");
    if chain.is_empty() && !addressed || part || answers {
        return None;
    }
    let end = chain.clone().next_back().and_then(|last| frame.arguments.get(last)).map(|place| place.phrase.span.end);
    let span = things.span.start..end.unwrap_or(things.span.end);
    let them = Phrase {
        span: span.start..span.start,
        head: "them".to_owned(),
        pronoun: true,
        plural: true,
        ..Phrase::default()
    };
    let objects = std::mem::replace(&mut frame.objects, vec![them]);
    let arguments = frame.arguments.drain(chain).collect();
    let verb = Verb { lemma: "read".to_owned(), particle: None, span: span.start..span.start };
    let fetch = Frame { verb: Some(verb), objects, arguments, ..Frame::default() };
    let read = Clause { span, frame: Some(fetch), ..clause.clone() };
    splice(reading, at, vec![read, Clause { frame: Some(frame), ..clause }]);
    Some(())
}

/// "Tell me what is most important in the unread mails in my Gmail": they are read before it is said.
fn asked(known: &Knowledge, reading: &mut Reading, at: usize) -> Option<()> {
    let first = !reading.clauses.iter().take(at).any(|clause| matches!(clause.role, Role::Act | Role::Trigger));
    let clause = reading.clauses.get(at).filter(|clause| clause.role == Role::Act && first)?.clone();
    let frame = clause.frame.as_ref().filter(|frame| frame.objects.is_empty() && !frame.negated)?;
    let lemma = &frame.verb.as_ref()?.lemma;
    let tells = known.is(lemma, Class::Tell) && lemma != "ask";
    let told = frame.complement.clone().filter(|_| tells)?;
    let what = matches!(word(reading, told.start), Some("what" | "which" | "who" | "how" | "whether" | "if"));
    let place = told.clone().find(|at| matches!(word(reading, *at), Some("in" | "of" | "from" | "about")))?;
    let mut read = reread(known, reading, place + 1..told.end, Some("read")).into_iter();
    let mut read = read.next().filter(|_| read.next().is_none() && what)?;
    let fetch = read.frame.as_ref()?;
    let [things] = fetch.objects.as_slice() else { return None };
    let addressed = things.values.iter().any(|at| is_address(reading, *at));
    let source = names(things).iter().any(|noun| known.source(noun).is_some_and(|block| !block.is_agent_input()));
    let places = places(known, reading, &fetch.arguments, 0, things);
    if !(addressed || source && is_there(things)) && places.is_empty() || things.pronoun {
        return None;
    }
    (read.sentence, read.under) = (clause.sentence, clause.under);
    splice(reading, at, vec![read, clause]);
    Some(())
}

/// "Collect the unread mails in my Gmail": read there, and put nowhere.
fn collected(known: &Knowledge, reading: &mut Reading, at: usize) -> Option<()> {
    let first = !reading.clauses.iter().take(at).any(|clause| matches!(clause.role, Role::Act | Role::Trigger));
    let clause = reading.clauses.get(at).filter(|clause| clause.role == Role::Act && first)?;
    let frame = clause.frame.as_ref().filter(|frame| !frame.negated && !frame.passive && frame.subject.is_none())?;
    let [things] = frame.objects.as_slice() else { return None };
    let held = frame.arguments.iter().any(|place| is_read_at(known, reading, &place.phrase, things));
    let held = held || things.values.iter().any(|at| is_address(reading, *at));
    let put = frame.arguments.iter().any(|argument| matches!(argument.preposition.as_str(), "to" | "into" | "onto"));
    (matches!(frame.verb.as_ref()?.lemma.as_str(), "collect" | "use") && is_there(things) && held && !put)
        .then_some(())?;
    let verb = reading.clauses.get_mut(at)?.frame.as_mut()?.verb.as_mut()?;
    "gather".clone_into(&mut verb.lemma);
    Some(())
}

/// "Label each mail in my Gmail as urgent if it is urgent": they are read before any of them is looked at.
fn judged(known: &Knowledge, reading: &mut Reading, at: usize) -> Option<()> {
    let first = !reading.clauses.iter().take(at).any(|clause| matches!(clause.role, Role::Act | Role::Trigger));
    let clause = reading.clauses.get(at).filter(|clause| clause.role == Role::Act && first)?.clone();
    let condition = |next: &Clause| {
        let it = next.frame.as_ref().and_then(|frame| frame.subject.as_ref()).is_some_and(|subject| subject.pronoun);
        next.role == Role::Condition && next.sentence == clause.sentence && it
    };
    let under = clause.under.and_then(|under| reading.clauses.get(under)).or_else(|| reading.clauses.get(at + 1));
    under.filter(|next| condition(next))?;
    let mut frame = clause.frame.clone().filter(|frame| !frame.passive && frame.subject.is_none())?;
    let lemma = &frame.verb.as_ref()?.lemma;
    let [things] = frame.objects.as_slice() else { return None };
    let things = things.clone();
    let place = frame.arguments.iter().position(|argument| {
        let near = argument.phrase.span.start == things.span.end + 1;
        near && is_read_at(known, reading, &argument.phrase, &things)
    })?;
    if things.determiner != Determiner::Each || known.is(lemma, Class::Fetch) {
        return None;
    }
    let place = frame.arguments.remove(place);
    let span = things.span.start..place.phrase.span.end;
    let it = Phrase { span: span.start..span.start, head: "it".to_owned(), pronoun: true, ..Phrase::default() };
    frame.objects = vec![it];
    let verb = Verb { lemma: "read".to_owned(), particle: None, span: span.start..span.start };
    let fetch = Frame { verb: Some(verb), objects: vec![things], arguments: vec![place], ..Frame::default() };
    let read = Clause { span, frame: Some(fetch), under: None, ..clause.clone() };
    splice(reading, at, vec![read, Clause { frame: Some(frame), ..clause }]);
    Some(())
}

/// "The text of a PDF I upload", "the list of my tasks": the file is what is read, and the tasks are.
fn text_of(known: &Knowledge, reading: &mut Reading, at: usize) -> Option<()> {
    const TEXTS: [&str; 3] = ["text", "content", "wording"];
    let frame = reading.clauses.get_mut(at).filter(|clause| clause.role == Role::Act)?.frame.as_mut()?;
    // "Get the list of users from an API": whatever is called so there.
    let gets = known.is(frame.verb.as_ref().map_or("", |verb| verb.lemma.as_str()), Class::Fetch);
    let bare = |phrase: &Phrase| phrase.services.is_empty() && phrase.values.is_empty() && phrase.tail.is_none();
    let holds = |text: &Phrase, argument: &Argument| {
        let file = argument.phrase.head.rsplit(' ').next().is_some_and(|last| FILES.contains(&last));
        let list = !gets && text.head == "list" && text.determiner == Determiner::The && argument.phrase.plural;
        let behind = argument.phrase.span.start == text.span.end + 1 && bare(text);
        let of = argument.preposition == "of" || !list && matches!(argument.preposition.as_str(), "from" | "in");
        behind && of && (list || file && TEXTS.contains(&text.head.as_str()))
    };
    let all = frame.objects.iter().chain(frame.arguments.iter().map(|argument| &argument.phrase));
    let found = all
        .enumerate()
        .find_map(|(text, phrase)| Some((text, frame.arguments.iter().position(|argument| holds(phrase, argument))?)));
    let (text, of) = found?;
    let objects = frame.objects.len();
    let thing = frame.arguments.remove(of).phrase;
    let place = match text.checked_sub(objects) {
        None => frame.objects.get_mut(text)?,
        Some(argument) => &mut frame.arguments.get_mut(argument)?.phrase,
    };
    let span = place.span.start..thing.span.end;
    *place = Phrase { span, ..thing };
    Some(())
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

/// They are somewhere, and not to be made.
fn is_there(things: &Phrase) -> bool {
    is_own(things) || !things.modifiers.is_empty()
}

fn is_own(things: &Phrase) -> bool {
    matches!(things.determiner, Determiner::The | Determiner::Mine | Determiner::Each | Determiner::All)
}

/// Which arguments, from the one at `from` on, say one behind the other where the things are.
fn places(known: &Knowledge, reading: &Reading, arguments: &[Argument], from: usize, things: &Phrase) -> Span {
    let (mut run, mut end, mut service) = (from..from, things.span.end, false);
    while let Some(next) = arguments.get(run.end) {
        let place = &next.phrase;
        let topic = next.preposition == "about" && is_of_service(known, things);
        // "the mails in my Gmail on Discord": they are in one of both.
        let other = service && !place.services.iter().any(|service| has(known, service, things));
        let inside = next.preposition != "about" && place.determiner != Determiner::Some && !other;
        let inside = inside && is_read_at(known, reading, place, things);
        if place.span.start != end + 1 || !WHERE.contains(&next.preposition.as_str()) || !(topic || inside) {
            break;
        }
        service |= !place.services.is_empty();
        (run.end, end) = (run.end + 1, place.span.end);
    }
    run
}

/// Whether such things are read at this place.
fn is_read_at(known: &Knowledge, reading: &Reading, place: &Phrase, things: &Phrase) -> bool {
    let services = place.services.iter().any(|service| reads(known, service, things));
    services || place.values.iter().any(|at| is_address(reading, *at))
}

/// Tweets: only one service has them.
fn is_of_service(known: &Knowledge, things: &Phrase) -> bool {
    let source = names(things).iter().find_map(|noun| known.source(noun));
    source.is_some_and(|block| known.meaning(block).service.is_some())
}

fn is_address(reading: &Reading, at: usize) -> bool {
    let value = reading.tokens.get(at).and_then(Token::value);
    matches!(value, Some(Value::Url(_) | Value::Subreddit(_) | Value::Repository(_)))
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
