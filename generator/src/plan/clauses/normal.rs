//! Brings the forms of one and the same act together: passive, "a message goes to …", "our channel gets a message".

use std::collections::HashSet;

use super::{
    act, beside, between, chat, checked, handed, heard, how_many, kinds, limits, listens, lists, maker, nominal,
    occasion, onward, picked, points, preference, receive,
    recut::{is_joint, reread, splice},
    relative, rephrase, spread,
};
use crate::{
    knowledge::{Class, Knowledge},
    reading::{Argument, Clause, Determiner, Frame, Mark, Phrase, Reading, Role, Span, Token, TokenKind, Value, Verb},
};

/// What moves is what is sent: "new results go to #leads".
const MOTION: [&str; 9] = ["go", "land", "come", "appear", "arrive", "show", "end", "flow", "be"];
/// More is not looked at: every change reads a part again.
const CLAUSES: usize = 200;

pub(in crate::plan) fn normalise(known: &Knowledge, reading: &mut Reading) {
    (0..reading.clauses.len()).rev().for_each(|at| handed::narrowed(reading, at));
    handed::sent(reading);
    chat::in_chat(known, reading);
    let _ = occasion::called(known, reading);
    occasion::amounts(reading);
    listens::listens(known, reading);
    occasion::anything_changes(known, reading);
    listens::mentioned(known, reading);
    onward::same_thing(known, reading);
    onward::in_the_same(known, reading);
    let _ = onward::by_mail(known, reading);
    preference::dictated(reading);
    preference::ways(known, reading);
    preference::trailing(known, reading);
    preference::preferred(known, reading);
    limits::labels(reading);
    heard::heard(known, reading);
    heard::negate(reading);
    preference::spoken_of(known, reading);
    (0..reading.clauses.len()).rev().for_each(|at| chat::said(known, reading, at).unwrap_or_default());
    let mut at = 0;
    while at < reading.clauses.len() {
        beside::covers(known, reading, at).unwrap_or_default();
        at += wished(known, reading, at)
            .or_else(|| otherwise(known, reading, at))
            .or_else(|| checked::checked(known, reading, at))
            .or_else(|| kinds::labelled(known, reading, at))
            .or_else(|| picked::picked(known, reading, at))
            .or_else(|| occasion::each_new(known, reading, at))
            .or_else(|| occasion::accompanied(known, reading, at))
            .or_else(|| beside::illustrated(known, reading, at))
            .or_else(|| beside::media(known, reading, at))
            .or_else(|| nominal::nominal(known, reading, at))
            .or_else(|| between::between(known, reading, at))
            .or_else(|| onward::written_there(known, reading, at))
            .or_else(|| onward::onward(known, reading, at))
            .or_else(|| onward::sent_on(known, reading, at))
            .or_else(|| relative::made(known, reading, at))
            .or_else(|| handed::read_first(known, reading, at))
            .or_else(|| spread::spread(known, reading, at))
            .unwrap_or(1);
        if reading.clauses.len() > CLAUSES {
            break;
        }
    }
    occasion::greeted(reading);
    for at in 0..reading.clauses.len() {
        whatever(known, reading, at);
        lies(known, reading, at);
        points::pasted(known, reading, at);
        among(known, reading, at);
        spread::made_too(known, reading, at);
        how_many::asked(known, reading, at);
        how_many::counted(known, reading, at);
        receive::asked(known, reading, at);
    }
    for at in (0..reading.clauses.len()).rev() {
        along(known, reading, at);
    }
    factors(reading);
    lists::lists(known, reading);
    (0..reading.clauses.len()).for_each(|at| wanted(known, reading, at));
    receive::received(known, reading);
    handed::replied(reading);
    maker::made(known, reading);
    maker::entered(reading);
    maker::used(known, reading);
    let mut heard = HashSet::new();
    for clause in &mut reading.clauses {
        if clause.role == Role::Trigger {
            // "I type in a topic, and it …"
            clause.frame.iter_mut().for_each(rephrase::typed);
        }
        let Some(frame) = &mut clause.frame else { continue };
        if clause.role != Role::Act {
            heard.extend(heads(frame));
            continue;
        }
        stands(&reading.tokens, frame);
        lists(known, frame);
        rephrase::typed(frame);
        rephrase::forwarded(frame);
        rephrase::left(known, frame);
        rephrase::ordered(&reading.tokens, &heard, frame);
        let lemma = frame.verb.as_ref().map(|verb| verb.lemma.clone()).unwrap_or_default();
        rephrase::turned(frame, &lemma);
        rephrase::became(frame, &lemma);
        rephrase::listed(frame);
        rephrase::drafted(frame);
        rephrase::conceived(frame);
        rephrase::commented(frame);
        rephrase::recast(frame);
        rephrase::asked(known, frame);
        rephrase::looked(frame);
        rephrase::filmed(known, frame);
        rephrase::transcribed(frame);
        rephrase::told_in_comment(known, frame);
        rephrase::posted_as_comment(known, frame);
        rephrase::of_subreddit(&reading.tokens, frame);
        if frame.objects.is_empty() && (frame.passive || MOTION.contains(&lemma.as_str())) {
            let moves =
                frame.subject.as_ref().is_some_and(|subject| !subject.pronoun && !known.is_person(&subject.head));
            if moves {
                frame.objects.extend(frame.subject.take());
            }
        }
        contains(known, frame);
        rephrase::mentioned(known, frame);
        heard.extend(heads(frame));
    }
}

fn heads(frame: &Frame) -> impl Iterator<Item = String> {
    let arguments = frame.arguments.iter().map(|argument| &argument.phrase);
    frame.objects.iter().chain(arguments).chain(&frame.subject).map(|phrase| phrase.head.clone())
}

/// "Alert me if it changed, with a summary of what changed": what stands behind the guard belongs to the message.
fn along(known: &Knowledge, reading: &mut Reading, at: usize) -> Option<()> {
    let clause = reading.clauses.get(at).filter(|clause| matches!(clause.role, Role::Condition | Role::Trigger))?;
    let (frame, end) = (clause.frame.as_ref()?, clause.span.end);
    let comma = |token: usize| reading.tokens.get(token).and_then(Token::mark) == Some(Mark::Comma);
    let beside =
        |token: usize| matches!(word(reading, token), Some("with" | "using" | "based" | "including" | "containing"));
    let cut = clause.span.clone().skip(1).find(|token| comma(*token - 1) && beside(*token))?;
    let told = reading.clauses.get(..at)?.iter().rposition(|act| {
        let verb = act.frame.as_ref().and_then(|frame| frame.verb.as_ref());
        act.under == Some(at) && verb.is_some_and(|verb| known.is(&verb.lemma, Class::Tell))
    })?;
    let moved: Vec<Argument> =
        frame.arguments.iter().filter(|argument| argument.phrase.span.start > cut).cloned().collect();
    let (sentence, rest) = (clause.sentence, cut..end);
    let mut guard = clause.clone();
    guard.span.end = cut;
    guard.frame.as_mut()?.arguments.retain(|argument| !moved.contains(argument));
    reading.clauses.get_mut(told)?.frame.as_mut()?.arguments.extend(moved);
    let aside = Clause { span: rest, role: Role::Background, sentence, under: None, frame: None };
    splice(reading, at, vec![guard, aside]);
    Some(())
}

/// "(I want) the posts of the week, a summary of them, and the result mailed to …": what is said of a thing wanted is
/// done with it.
fn wished(known: &Knowledge, reading: &mut Reading, at: usize) -> Option<usize> {
    let clause = reading.clauses.get(at).filter(|clause| clause.role == Role::Act)?.clone();
    let lead = at.checked_sub(1).and_then(|before| reading.clauses.get(before))?;
    if lead.role != Role::LeadIn || clause.frame.as_ref()?.verb.is_some() {
        return None;
    }
    let (phrase, mut done) = clause.frame.as_ref()?.objects.iter().find_map(|phrase| {
        let tail = phrase.tail.clone().filter(|tail| word(reading, tail.start).is_some_and(is_participle))?;
        let done = reread(known, reading, tail, Some("it")).into_iter().next()?;
        let verb = done.frame.as_ref()?.verb.as_ref()?;
        let acts = [Class::Tell, Class::Store, Class::Think].iter().any(|class| known.is(&verb.lemma, *class));
        acts.then(|| (phrase.clone(), done))
    })?;
    let frame = done.frame.as_mut()?;
    let tail = phrase.tail.clone()?;
    frame.objects = vec![Phrase { span: phrase.span.start..tail.start, tail: None, ..phrase.clone() }];
    frame.subject = None;
    let start = |from: usize| {
        (clause.span.start..from).rev().find(|at| !is_joint(reading, *at)).map_or(clause.span.start, |at| at + 1)
    };
    let mut all: Vec<Clause> = Vec::new();
    let mut from = clause.span.start;
    let cuts: Vec<usize> = (clause.span.start + 1..phrase.span.start)
        .filter(|at| begins_wish(reading, *at))
        .chain([phrase.span.start])
        .collect();
    for cut in cuts {
        if start(cut) > from {
            all.extend(reread(known, reading, from..start(cut), None));
            from = start(cut);
        }
    }
    done.span = from..clause.span.end;
    all.push(done);
    for act in &mut all {
        (act.under, act.sentence) = (clause.under, clause.sentence);
    }
    let count = all.len();
    splice(reading, at, all);
    Some(count)
}

/// "I'd like a Telegram message with the price", "(I want) one message with: …": a message that is wanted is to be sent.
fn wanted(known: &Knowledge, reading: &mut Reading, at: usize) {
    let lead = at.checked_sub(1).and_then(|before| reading.clauses.get(before)).map(|clause| clause.role);
    let listed = reading.clauses.get(at + 1).is_some_and(|next| next.role == Role::Act);
    let Some(clause) = reading.clauses.get_mut(at) else { return };
    let fits = clause.role == Role::Act || clause.role == Role::Title && listed;
    let (true, Some(Role::LeadIn), Some(frame)) = (fits, lead, &mut clause.frame) else { return };
    let one = |phrase: &Phrase| {
        known.is_carrier(&phrase.head)
            && !phrase.plural
            && matches!(phrase.determiner, Determiner::Some | Determiner::Count(1))
    };
    if frame.verb.is_none() && frame.objects.first().is_some_and(one) {
        let start = clause.span.start;
        frame.verb = Some(Verb { lemma: "send".to_owned(), particle: None, span: start..start });
        frame.recipients.push(Phrase { head: "me".to_owned(), pronoun: true, ..Phrase::default() });
        clause.role = Role::Act;
    }
}

fn word(reading: &Reading, at: usize) -> Option<&str> {
    reading.tokens.get(at)?.word()
}

fn is_participle(word: &str) -> bool {
    word.ends_with("ed") || matches!(word, "sent" | "written" | "put" | "kept")
}

/// Behind a comma or "and", in front of an article.
fn begins_wish(reading: &Reading, at: usize) -> bool {
    is_joint(reading, at - 1) && word(reading, at).is_some_and(|word| matches!(word, "a" | "an" | "the" | "my" | "our"))
}

/// "otherwise post it": the word is the guard, the rest is done.
fn otherwise(known: &Knowledge, reading: &mut Reading, at: usize) -> Option<usize> {
    let clause = reading.clauses.get(at).filter(|clause| matches!(clause.role, Role::Otherwise(_)))?.clone();
    clause.frame.as_ref()?.verb.as_ref()?;
    let verb = clause.frame.as_ref()?.verb.as_ref()?.span.start;
    let first = (clause.span.start..verb)
        .find(|at| word(reading, *at).is_some_and(|word| matches!(word, "otherwise" | "else")))?;
    let mut acts = reread(known, reading, first + 1..clause.span.end, None);
    for act in &mut acts {
        (act.under, act.sentence) = (Some(at), clause.sentence);
    }
    let count = acts.len() + 1;
    acts.insert(0, Clause { span: clause.span.start..first + 1, frame: None, ..clause });
    splice(reading, at, acts);
    Some(count)
}

/// "divide 90 by 6": no time of day.
fn factors(reading: &mut Reading) {
    let sums =
        |word: Option<&str>| word.is_some_and(|word| matches!(word, "multiply" | "multiplied" | "divide" | "divided"));
    let by = (1..reading.tokens.len()).find(|at| {
        word(reading, *at) == Some("by") && (at.saturating_sub(5)..*at).any(|before| sums(word(reading, before)))
    });
    let timed =
        by.filter(|by| reading.schedule.iter().flat_map(|schedule| &schedule.spans).any(|span| span.contains(by)));
    let Some(token) = timed.and_then(|by| reading.tokens.get_mut(by + 1)) else { return };
    if let TokenKind::Value(Value::Time(hour, 0)) = token.kind {
        token.kind = TokenKind::Value(Value::Number(f64::from(hour)));
    }
    reading.schedule = None;
}

/// "write what came in to a sheet": what came in is written, the sheet is the place.
fn whatever(known: &Knowledge, reading: &mut Reading, at: usize) -> Option<()> {
    let clause = reading.clauses.get(at).filter(|clause| clause.role == Role::Act)?;
    let frame = clause.frame.as_ref().filter(|frame| frame.objects.is_empty())?;
    let lemma = &frame.verb.as_ref()?.lemma;
    let span: Span =
        frame.complement.clone().filter(|_| known.is(lemma, Class::Store) || known.is(lemma, Class::Tell))?;
    if word(reading, span.start) != Some("what") {
        return None;
    }
    // "what is missing and how to word it"
    let asks = |at: usize| matches!(word(reading, at - 1), Some("how" | "what" | "where" | "whom" | "when"));
    let to = |at: &usize| word(reading, *at).is_some_and(|word| matches!(word, "to" | "into")) && !asks(*at);
    let place = span.clone().skip(1).rev().find(to)?;
    let read = reread(known, reading, place..span.end, Some("put")).into_iter().next()?;
    let arguments = read.frame?.arguments;
    if arguments.is_empty() {
        return None;
    }
    let what = Phrase { span: span.start..place, head: "it".to_owned(), pronoun: true, ..Phrase::default() };
    let frame = reading.clauses.get_mut(at)?.frame.as_mut()?;
    frame.complement = None;
    frame.objects.push(what);
    frame.arguments.extend(arguments);
    Some(())
}

/// "Sum up what I finished in Todoist": it is read there.
fn lies(known: &Knowledge, reading: &mut Reading, at: usize) -> Option<()> {
    let clause = reading.clauses.get(at).filter(|clause| clause.role == Role::Act)?;
    let frame = clause.frame.as_ref().filter(|frame| frame.objects.is_empty())?;
    let lemma = &frame.verb.as_ref()?.lemma;
    let span: Span = frame.complement.clone().filter(|_| !known.is(lemma, Class::Store))?;
    if !matches!(word(reading, span.start), Some("what" | "which" | "whatever" | "everything")) {
        return None;
    }
    let place =
        span.clone().rev().find(|at| word(reading, *at).is_some_and(|word| matches!(word, "in" | "on" | "from")))?;
    let read = reread(known, reading, place..span.end, Some("put")).into_iter().next()?.frame?;
    let kept = |argument: &&Argument| argument.phrase.services.iter().any(|service| known.has_service(service));
    let from = read.arguments.iter().find(kept)?;
    let from = Argument { preposition: "from".to_owned(), phrase: from.phrase.clone() };
    reading.clauses.get_mut(at)?.frame.as_mut()?.arguments.push(from);
    Some(())
}

/// "tell me which of my unread mails are urgent": those are looked at.
fn among(known: &Knowledge, reading: &mut Reading, at: usize) -> Option<()> {
    let clause = reading.clauses.get(at).filter(|clause| clause.role == Role::Act)?;
    let frame = clause.frame.as_ref().filter(|frame| frame.objects.is_empty())?;
    let span = frame.complement.clone()?;
    let of = matches!(word(reading, span.start), Some("which" | "how")) && span.len() > 3;
    let start = span.clone().take(3).find(|at| word(reading, *at) == Some("of")).filter(|_| of)? + 1;
    let be = |at: &usize| matches!(word(reading, *at), Some("are" | "is" | "have" | "has" | "need" | "needs" | "were"));
    let end = (start..span.end).take(8).find(be)?;
    let read = reread(known, reading, start..end, Some("read")).into_iter().next()?.frame?;
    let phrase = read.objects.into_iter().next()?;
    let frame = reading.clauses.get_mut(at)?.frame.as_mut()?;
    frame.arguments.push(Argument { preposition: "of".to_owned(), phrase });
    Some(())
}

/// "a list of pull requests": the pull requests.
fn lists(known: &Knowledge, frame: &mut Frame) {
    let list = |phrase: &Phrase| phrase.head == "list" && phrase.determiner == Determiner::Some;
    let [object] = frame.objects.as_mut_slice() else { return };
    let inner = frame.arguments.iter().position(|argument| {
        let phrase = &argument.phrase;
        let next = argument.preposition == "of" && phrase.span.start == object.span.end + 1;
        next && phrase.plural && act::names(phrase).iter().any(|noun| known.source(noun).is_some())
    });
    let reads = frame.verb.as_ref().is_some_and(|verb| known.is(&verb.lemma, Class::Fetch));
    if let Some(at) = inner.filter(|_| reads && list(object)) {
        *object = frame.arguments.remove(at).phrase;
    }
}

/// "the paper at https://…": the address is that of the paper.
fn stands(tokens: &[Token], frame: &mut Frame) {
    let url = |at: &usize| matches!(tokens.get(*at).map(|token| &token.kind), Some(TokenKind::Value(Value::Url(_))));
    // "the entries from https://…": of the feed there.
    let entries = frame.objects.iter().chain(&frame.subject).any(|phrase| phrase.head == "feed entry");
    let place = frame.arguments.iter().position(|argument| {
        let phrase = &argument.phrase;
        let at = argument.preposition == "at" || entries && matches!(argument.preposition.as_str(), "from" | "of");
        at && phrase.head.is_empty() && phrase.values.iter().any(url)
    });
    let Some(at) = place else { return };
    let Some(place) = frame.arguments.get(at).map(|argument| argument.phrase.clone()) else { return };
    let arguments = frame.arguments.iter_mut().map(|argument| &mut argument.phrase);
    let mut phrases = frame.objects.iter_mut().chain(&mut frame.subject).chain(arguments);
    let thing = phrases.find(|phrase| {
        phrase.span.end + 1 == place.span.start
            && !phrase.pronoun
            && !phrase.head.is_empty()
            && phrase.values.is_empty()
    });
    if let Some(thing) = thing {
        thing.values.extend(place.values);
        thing.span.end = place.span.end;
        frame.arguments.remove(at);
    }
}

/// "The mail should tell me the price": a mail with the price in it.
fn contains(known: &Knowledge, frame: &mut Frame) {
    let lemma = frame.verb.as_ref().map(|verb| verb.lemma.clone()).unwrap_or_default();
    let says =
        matches!(lemma.as_str(), "tell" | "contain" | "say" | "include" | "show" | "have" | "list" | "give" | "name");
    let Some(subject) = frame.subject.clone().filter(|subject| says && known.is_carrier(&subject.head)) else { return };
    if let Some(verb) = &mut frame.verb {
        verb.lemma = "send".to_owned();
    }
    frame.subject = None;
    frame.arguments.push(Argument { preposition: "by".to_owned(), phrase: subject });
}
