//! "Send me the rows in my Google sheet", "tell me what is new in my inbox", "collect the tickets in Linear": what an act hands on
//! is read first, where it is.

use super::{
    act::names,
    digest::is_address,
    drawn::HELD,
    recut::{reread, splice, word},
    within::{bid, first, goes_on, is_bidden, is_read_at, is_there, places, pronoun, with_address},
};
use crate::{
    knowledge::{Class, Knowledge},
    reading::{Argument, Clause, Determiner, Frame, Phrase, Reading, Role},
};

/// What is written in a file, and what a file may be called.
const TEXTS: [&str; 3] = ["text", "content", "wording"];
const FILES: [&str; 5] = ["pdf", "file", "document", "doc", "contract"];

pub(in crate::plan) fn settle(known: &Knowledge, reading: &mut Reading) {
    for at in 0..reading.clauses.len() {
        let _ = by_mail(known, reading, at);
    }
    // What comes later works on what was read.
    let Some(first) = first(reading) else { return };
    let _ = collected(known, reading, first);
    let _ = told(known, reading, first);
    let _ = asked(known, reading, first);
    let _ = judged(known, reading, first);
    let _ = given(known, reading, first);
}

/// Says the same in fewer words before anything is looked for.
pub(in crate::plan) fn plain(known: &Knowledge, reading: &mut Reading) {
    for at in 0..reading.clauses.len() {
        let _ = text_of(known, reading, at);
        let _ = text_within(reading, at);
        let _ = watched(reading, at);
        let _ = rest(reading, at);
    }
}

/// "Collect the unread mails in my Gmail": read there, and put nowhere.
fn collected(known: &Knowledge, reading: &mut Reading, at: usize) -> Option<()> {
    let clause = reading.clauses.get(at).filter(|clause| clause.role == Role::Act)?;
    let frame = clause.frame.as_ref().filter(|frame| is_bidden(known, frame))?;
    let [things] = frame.objects.as_slice() else { return None };
    let held = frame.arguments.iter().any(|place| is_read_at(known, reading, &place.phrase, things));
    let held = held || things.values.iter().any(|at| is_address(reading, *at)) || is_source(known, things);
    let put = frame.arguments.iter().any(|argument| matches!(argument.preposition.as_str(), "to" | "into" | "onto"));
    (matches!(frame.verb.as_ref()?.lemma.as_str(), "collect" | "use") && is_there(things) && held && !put)
        .then_some(())?;
    let verb = reading.clauses.get_mut(at)?.frame.as_mut()?.verb.as_mut()?;
    "gather".clone_into(&mut verb.lemma);
    Some(())
}

/// "Send me the rows in my Google sheet", "save the records in my Airtable in a document": read where they are, then sent.
fn told(known: &Knowledge, reading: &mut Reading, at: usize) -> Option<()> {
    let clause = reading.clauses.get(at).filter(|clause| clause.role == Role::Act)?.clone();
    let mut frame = clause.frame.clone().filter(|frame| is_bidden(known, frame))?;
    let lemma = &frame.verb.as_ref()?.full();
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
    if goes_on(reading, &clause, span.end) {
        return None;
    }
    let them = Phrase { plural: true, ..pronoun("them", span.start) };
    let objects = std::mem::replace(&mut frame.objects, vec![them]);
    let arguments = frame.arguments.drain(chain).collect();
    let verb = bid("read", span.start);
    let mut fetch = Frame { verb: Some(verb), objects, arguments, ..Frame::default() };
    with_address(reading, &mut fetch);
    let read = Clause { span, frame: Some(fetch), ..clause.clone() };
    splice(reading, at, vec![read, Clause { frame: Some(frame), ..clause }]);
    Some(())
}

/// "Tell me what is most important in the unread mails in my Gmail": they are read before it is said.
fn asked(known: &Knowledge, reading: &mut Reading, at: usize) -> Option<()> {
    let clause = reading.clauses.get(at).filter(|clause| clause.role == Role::Act)?.clone();
    let frame = clause.frame.as_ref().filter(|frame| frame.objects.is_empty() && !frame.negated)?;
    let lemma = &frame.verb.as_ref()?.full();
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

/// "Find mistakes in the text of a PDF I upload": in the PDF.
fn text_within(reading: &mut Reading, at: usize) -> Option<()> {
    let frame = reading.clauses.get_mut(at).filter(|clause| clause.role == Role::Act)?.frame.as_mut()?;
    let text = frame.arguments.windows(2).position(|pair| {
        let [text, file] = pair else { return false };
        let named = TEXTS.contains(&text.phrase.head.as_str()) && text.phrase.services.is_empty();
        let last = file.phrase.head.rsplit(' ').next().is_some_and(|last| FILES.contains(&last));
        named && last && file.preposition == "of" && file.phrase.span.start == text.phrase.span.end + 1
    })?;
    let file = frame.arguments.remove(text + 1).phrase;
    let place = &mut frame.arguments.get_mut(text)?.phrase;
    let span = place.span.start..file.span.end;
    *place = Phrase { span, ..file };
    Some(())
}

/// "Label each mail in my Gmail as urgent if it is urgent": they are read before any of them is looked at.
fn judged(known: &Knowledge, reading: &mut Reading, at: usize) -> Option<()> {
    let clause = reading.clauses.get(at).filter(|clause| clause.role == Role::Act)?.clone();
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
    let it = pronoun("it", span.start);
    frame.objects = vec![it];
    let verb = bid("read", span.start);
    let fetch = Frame { verb: Some(verb), objects: vec![things], arguments: vec![place], ..Frame::default() };
    let read = Clause { span, frame: Some(fetch), under: None, ..clause.clone() };
    splice(reading, at, vec![read, Clause { frame: Some(frame), ..clause }]);
    Some(())
}

/// "The text of a PDF I upload", "send me a list of the tasks in Todoist": the file is what is read, and the tasks are.
fn text_of(known: &Knowledge, reading: &mut Reading, at: usize) -> Option<()> {
    let frame = reading.clauses.get(at).filter(|clause| clause.role == Role::Act)?.frame.as_ref()?;
    let tells = frame.verb.as_ref().is_some_and(|verb| known.is(&verb.full(), Class::Tell));
    let (object, text) = frame.objects.iter().enumerate().find(|(_, phrase)| {
        let named = TEXTS.contains(&phrase.head.as_str()) || tells && phrase.head == "list";
        named && phrase.services.is_empty() && phrase.values.is_empty() && phrase.tail.is_none()
    })?;
    let of = frame.arguments.iter().position(|argument| argument.phrase.span.start == text.span.end + 1)?;
    let Argument { preposition, phrase: things } = frame.arguments.get(of)?;
    let file = things.head.rsplit(' ').next().is_some_and(|last| FILES.contains(&last));
    let placed = || !things.services.is_empty() || !places(known, reading, &frame.arguments, of + 1, things).is_empty();
    let list = text.head == "list" && things.plural && things.tail.is_none() && preposition == "of" && placed();
    let inside = file && text.head != "list" && matches!(preposition.as_str(), "of" | "from" | "in");
    (list || inside).then_some(())?;
    let start = text.span.start;
    let frame = reading.clauses.get_mut(at)?.frame.as_mut()?;
    let thing = frame.arguments.remove(of).phrase;
    let span = start..thing.span.end;
    *frame.objects.get_mut(object)? = Phrase { span, ..thing };
    Some(())
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

/// "Get the headlines in one short email": that is how they come.
fn by_mail(known: &Knowledge, reading: &mut Reading, at: usize) -> Option<()> {
    let frame = reading.clauses.get_mut(at).filter(|clause| clause.role == Role::Act)?.frame.as_mut()?;
    let gets = known.is(&frame.verb.as_ref()?.lemma, Class::Fetch) && !frame.objects.is_empty();
    let mail = |argument: &&mut Argument| {
        let phrase = &argument.phrase;
        let one = matches!(phrase.determiner, Determiner::Some | Determiner::Count(1));
        argument.preposition == "in" && one && matches!(phrase.head.rsplit(' ').next(), Some("email" | "mail"))
    };
    let mail = frame.arguments.iter_mut().find(mail).filter(|_| gets)?;
    "by".clone_into(&mut mail.preposition);
    Some(())
}

/// "Given the open issues of acme/ops, …", "the tasks in Todoist -> summary": they are read, and no event.
fn given(known: &Knowledge, reading: &mut Reading, at: usize) -> Option<()> {
    let clause = reading.clauses.get(at)?;
    let frame = clause.frame.as_ref().filter(|frame| frame.subject.is_none() && !frame.negated)?;
    let [things] = frame.objects.as_slice() else { return None };
    let verb = frame.verb.as_ref().map(|verb| verb.lemma.as_str());
    let follows = reading.clauses.get(at + 1).is_some_and(|next| next.role == Role::Act);
    let given = clause.role == Role::Trigger && verb == Some("give");
    let link = clause.role == Role::Act && verb.is_none() && follows;
    let places = places(known, reading, &frame.arguments, 0, things);
    let addressed = things.values.iter().any(|at| is_address(reading, *at)) && !things.head.is_empty();
    let news = things.unseen || things.modifiers.iter().any(|word| word == "new" || word == "incoming");
    let several = things.plural && !things.pronoun && things.determiner != Determiner::Each && is_there(things);
    let all = places.len() == frame.arguments.len() && (!places.is_empty() || addressed);
    let there = (several || addressed) && all || is_source(known, things);
    if !(given || link) || news || !there || !things.services.is_empty() {
        return None;
    }
    let start = things.span.start;
    let clause = reading.clauses.get_mut(at)?;
    (clause.role, clause.span.start) = (Role::Act, start);
    clause.frame.as_mut()?.verb = Some(bid("read", start));
    for later in reading.clauses.iter_mut().filter(|later| later.under == Some(at)) {
        later.under = None;
    }
    Some(())
}

/// "Filter out what is irrelevant and send the rest": what is left is what the filter gives.
fn rest(reading: &mut Reading, at: usize) -> Option<()> {
    let verb = reading.clauses.get(at.checked_sub(1)?)?.frame.as_ref()?.verb.as_ref()?;
    let drops = matches!(verb.lemma.as_str(), "filter" | "remove" | "leave" | "drop" | "ignore" | "exclude" | "skip");
    let frame = reading.clauses.get_mut(at).filter(|clause| clause.role == Role::Act)?.frame.as_mut()?;
    let [left] = frame.objects.as_mut_slice() else { return None };
    let rest =
        matches!(left.head.as_str(), "rest" | "remainder" | "remaining one" | "other") && left.services.is_empty();
    if !(drops && rest && left.tail.is_none()) {
        return None;
    }
    *left = Phrase { span: left.span.clone(), ..pronoun("it", left.span.start) };
    Some(())
}

/// The news, the weather: nobody has to say where they are.
fn is_source(known: &Knowledge, things: &Phrase) -> bool {
    let source = names(things).iter().find_map(|noun| known.source(noun));
    things.determiner == Determiner::The && source.is_some_and(|block| !block.is_agent_input() && !block.trigger)
}
