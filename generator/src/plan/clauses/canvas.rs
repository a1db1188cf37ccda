//! How tools for automation draw a flow: boxes joined by arrows ("Schedule trigger", "Gmail send"), loops over a list,
//! and mails that go out on certain days.

use super::{
    act::names,
    recut::{is_joint, mark, reread, splice, word},
};
use crate::{
    knowledge::{Class, Knowledge},
    reading::{
        Argument, Clause, Determiner, Frame, Kind, Mark, Phrase, Reading, Role, Span, Token, TokenKind, Value, Verb,
    },
};

const MINUTES_A_DAY: u32 = 1440;

/// More pauses are not told apart.
const PAUSES: usize = 12;

pub(in crate::plan) fn settle(known: &Knowledge, reading: &mut Reading) {
    let mut at = 0;
    while at < reading.clauses.len() && reading.clauses.len() < super::gallery::CLAUSES {
        let _ = boxed(known, reading, at);
        let _ = nothing_if_none(known, reading, at);
        at += on_days(known, reading, at)
            .or_else(|| after_a_while(known, reading, at))
            .or_else(|| looped(reading, at))
            .unwrap_or(1);
    }
}

/// Without the comma and the "and" at both ends.
fn trimmed(reading: &Reading, span: Span) -> Span {
    let joint = |at: usize| is_joint(reading, at) || word(reading, at) == Some("also");
    let start = span.clone().find(|at| !joint(*at)).unwrap_or(span.end);
    let end = (start..span.end).rev().find(|at| !joint(*at)).map_or(start, |last| last + 1);
    start..end
}

/// The act of a piece of a sentence; one that has no verb has that of the sentence.
fn piece(known: &Knowledge, reading: &Reading, span: Span, clause: &Clause, lemma: &str) -> Option<Vec<Clause>> {
    let own = reread(known, reading, span.clone(), None);
    let has_verb = own.iter().all(|part| part.frame.as_ref().is_some_and(|frame| frame.verb.is_some()));
    let mut acts = if has_verb { own } else { reread(known, reading, span, Some(lemma)) };
    for act in &mut acts {
        (act.under, act.sentence) = (clause.under, clause.sentence);
    }
    (!acts.is_empty()).then_some(acts)
}

fn pause(span: Span, value: usize, clause: &Clause) -> Clause {
    let verb = Verb { lemma: "wait".to_owned(), particle: None, span: span.start..span.start };
    let phrase = Phrase { span: span.clone(), values: vec![value], plural: true, ..Phrase::default() };
    let arguments = vec![Argument { preposition: "for".to_owned(), phrase }];
    Clause { span, frame: Some(Frame { verb: Some(verb), arguments, ..Frame::default() }), ..clause.clone() }
}

/// An act that hands something on and hangs on no condition: who does not answer would be looked at before the wait.
fn sent(known: &Knowledge, reading: &Reading, at: usize) -> Option<(Clause, String)> {
    let clause = reading.clauses.get(at).filter(|clause| clause.role == Role::Act)?.clone();
    let guard = |guard: usize| reading.clauses.get(guard).map(|clause| clause.role);
    clause.under.is_none_or(|under| matches!(guard(under), Some(Role::Trigger))).then_some(())?;
    let frame = clause.frame.as_ref().filter(|frame| !frame.negated)?;
    let lemma = frame.verb.as_ref().map(|verb| verb.lemma.clone()).filter(|lemma| known.is(lemma, Class::Tell))?;
    Some((clause, lemma))
}

/// "Send a welcome email, after 3 days send a tips email", "send it 2 days later": it is waited in between.
fn after_a_while(known: &Knowledge, reading: &mut Reading, at: usize) -> Option<usize> {
    let (clause, lemma) = sent(known, reading, at)?;
    let starts = reading.clauses.get(..at)?.iter().any(|before| matches!(before.role, Role::Trigger | Role::Act));
    let lasts = |at: &usize| matches!(reading.tokens.get(*at).and_then(Token::value), Some(Value::Duration(_)));
    // Each of them reads the rest again.
    (clause.span.clone().filter(lasts).take(PAUSES + 1).count() <= PAUSES).then_some(())?;
    let value = clause.span.clone().find(|at| {
        let after = at.checked_sub(1).is_some_and(|before| word(reading, before) == Some("after"));
        lasts(at) && (after || word(reading, at + 1) == Some("later"))
    })?;
    let from = if word(reading, value + 1) == Some("later") { value } else { value - 1 };
    let said = from..value + if from == value { 2 } else { 1 };
    let first = trimmed(reading, clause.span.start..from);
    let rest = trimmed(reading, said.end..clause.span.end);
    let spoken =
        |span: &Span| span.clone().any(|at| reading.tokens.get(at).is_some_and(|token| token.mark().is_none()));
    let (head, tail) = (spoken(&first), spoken(&rest));
    // "Two days after the call", "after 3 days without an answer": counted from something else.
    let elsewhere =
        tail && matches!(word(reading, rest.start), Some("of" | "without" | "after" | "from" | "since" | "in"));
    ((head || tail) && (starts || head && tail) && !elsewhere).then_some(())?;
    let wait = pause(value..value + 1, value, &clause);
    let (mut parts, over) = match (head, tail) {
        (true, true) => {
            let before = piece(known, reading, clause.span.start..from, &clause, &lemma)?;
            let over = before.len() + 1;
            let after = piece(known, reading, rest, &clause, &lemma)?;
            (before.into_iter().chain([wait]).chain(after).collect::<Vec<_>>(), over)
        }
        (false, _) => {
            let after = piece(known, reading, rest, &clause, &lemma)?;
            ([wait].into_iter().chain(after).collect(), 2)
        }
        (true, false) => {
            let before = piece(known, reading, first, &clause, &lemma)?;
            ([wait].into_iter().chain(before).collect(), 2)
        }
    };
    // "… after 2 days send a feedback form": what calls the agent starts nothing in its midst.
    let form = |phrase: &Phrase| {
        phrase.services.iter().any(|service| known.is_kind(service, Kind::Form))
            || names(phrase).iter().any(|noun| known.trigger(noun).is_some())
    };
    let frames = parts.iter().filter_map(|part| part.frame.as_ref());
    frames.into_iter().all(|frame| !frame.objects.iter().any(form)).then_some(())?;
    if let Some(last) = parts.last_mut().filter(|_| tail) {
        last.span.end = clause.span.end;
    }
    splice(reading, at, parts);
    Some(over)
}

/// "A welcome email on day 1, a tips email on day 3": each on its day.
fn on_days(known: &Knowledge, reading: &mut Reading, at: usize) -> Option<usize> {
    let (clause, lemma) = sent(known, reading, at)?;
    let number = |at: usize| match reading.tokens.get(at).and_then(Token::value) {
        Some(Value::Number(number)) if *number >= 1.0 && *number < 400.0 => Some(*number as u32),
        _ => None,
    };
    let days: Vec<(Span, u32)> = clause
        .span
        .clone()
        .filter(|at| word(reading, *at) == Some("day"))
        .filter_map(|day| {
            let on = day.checked_sub(1).filter(|on| word(reading, *on) == Some("on")).unwrap_or(day);
            Some((on..day + 2, number(day + 1)?))
        })
        .collect();
    let rises = days.is_sorted_by(|(_, one), (_, next)| one < next);
    (days.len() > 1 && rises).then_some(())?;
    let (mut parts, mut start, mut passed) = (Vec::new(), clause.span.start, 1);
    let mut waits = Vec::new();
    for (said, day) in &days {
        let value = said.end - 1;
        if *day > passed {
            waits.push((value, (day - passed) * MINUTES_A_DAY));
            parts.push(pause(said.clone(), value, &clause));
        }
        passed = *day;
        parts.extend(piece(known, reading, trimmed(reading, start..said.start), &clause, &lemma)?);
        start = said.end;
    }
    // "… on day 7 by mail": what is told of all of them has no place here.
    trimmed(reading, start..clause.span.end).all(|at| mark(reading, at).is_some()).then_some(())?;
    for (value, minutes) in waits {
        if let Some(token) = reading.tokens.get_mut(value) {
            token.kind = TokenKind::Value(Value::Duration(minutes));
        }
    }
    let count = parts.len();
    splice(reading, at, parts);
    Some(count)
}

/// "Loop over a list of 10 URLs, scrape each page": for each of them.
fn looped(reading: &mut Reading, at: usize) -> Option<usize> {
    let clause = reading.clauses.get(at).filter(|clause| clause.role == Role::Act && clause.under.is_none())?.clone();
    let frame = clause.frame.as_ref().filter(|frame| !frame.negated)?;
    let verb = frame.verb.as_ref().filter(|verb| matches!(verb.lemma.as_str(), "loop" | "iterate" | "cycle"))?;
    let over = |word: &str| matches!(word, "over" | "through" | "across");
    let mut arguments = frame.arguments.clone();
    // "Loop over" is one verb, or "over" stands in front of what it goes over.
    match frame.objects.as_slice() {
        [thing] if verb.particle.as_deref().is_some_and(over) => {
            arguments.insert(0, Argument { preposition: "over".to_owned(), phrase: thing.clone() });
        }
        [] => {}
        _ => return None,
    }
    let place = arguments.iter().position(|argument| over(&argument.preposition))?;
    let list = matches!(arguments.get(place)?.phrase.head.as_str(), "list" | "array" | "set" | "collection");
    let place =
        if list && arguments.get(place + 1).is_some_and(|of| of.preposition == "of") { place + 1 } else { place };
    let things = arguments.remove(place).phrase;
    arguments.retain(|argument| argument.phrase.span.start > things.span.start);
    // How many there are the list says.
    let counts =
        things.values.iter().filter(|at| things.span.contains(at)).max().map_or(things.span.start, |at| at + 1);
    let each = Phrase {
        span: counts..things.span.end,
        determiner: Determiner::Each,
        plural: false,
        values: Vec::new(),
        given: list,
        ..things
    };
    arguments.insert(0, Argument { preposition: "for".to_owned(), phrase: each });
    let aside = Clause { span: clause.span.start..counts, role: Role::LeadIn, frame: None, ..clause.clone() };
    let frame = Frame { arguments, ..Frame::default() };
    let each = Clause { span: counts..clause.span.end, role: Role::Loop, frame: Some(frame), ..clause.clone() };
    splice(reading, at, vec![aside, each]);
    for later in reading.clauses.iter_mut().skip(at + 2) {
        if later.sentence == clause.sentence && later.under.is_none() && later.role != Role::LeadIn {
            later.under = Some(at + 1);
        }
    }
    Some(2)
}

/// "Schedule trigger (every day 6am) → HTTP request (USGS API) → Gmail send": what the boxes do.
fn boxed(known: &Knowledge, reading: &mut Reading, at: usize) -> Option<()> {
    let role = |clause: &&Clause| matches!(clause.role, Role::Act | Role::Trigger);
    let clause = reading.clauses.get(at).filter(role)?.clone();
    let arrow = |end: Option<usize>| end.is_some_and(|end| mark(reading, end) == Some(Mark::Arrow));
    let leads = arrow(clause.span.end.checked_sub(1));
    (leads || arrow(clause.span.start.checked_sub(1))).then_some(())?;
    let timed = |at: &usize| reading.schedule.iter().flat_map(|schedule| &schedule.spans).any(|span| span.contains(at));
    let mut words = clause.span.clone().filter(|at| !timed(at)).filter_map(|at| word(reading, at)).peekable();
    let clock = |word: &str| matches!(word, "schedule" | "scheduled" | "trigger" | "cron" | "timer" | "job");
    if reading.schedule.is_some() && words.peek().is_some_and(|word| clock(word)) && words.all(clock) {
        reading.clauses.get_mut(at)?.role = Role::LeadIn;
        return Some(());
    }
    let frame = clause.frame.as_ref()?;
    if let (None, [thing]) = (&frame.verb, frame.objects.as_slice()) {
        if matches!(thing.head.as_str(), "http request" | "api request" | "api call" | "http call") {
            // "HTTP request (USGS API)"
            let open = clause.span.clone().find(|at| mark(reading, *at) == Some(Mark::Open))?;
            let close = (open..clause.span.end).find(|at| mark(reading, *at) == Some(Mark::Close))?;
            let called = reread(known, reading, open + 1..close, Some("call")).into_iter().next()?.frame?;
            reading.clauses.get_mut(at)?.frame = Some(called);
            return Some(());
        }
        // "Gmail trigger": what comes in there.
        let last = clause.span.clone().rev().find(|at| word(reading, *at).is_some())?;
        if leads && thing.head == "trigger" && !thing.services.is_empty() && word(reading, last) == Some("trigger") {
            let thing = Phrase { span: thing.span.start..last, head: String::new(), ..thing.clone() };
            let aside = Clause { span: last..clause.span.end, role: Role::LeadIn, frame: None, ..clause.clone() };
            let frame = Frame { objects: vec![thing], ..Frame::default() };
            let named = Clause { span: clause.span.start..last, frame: Some(frame), ..clause };
            splice(reading, at, vec![named, aside]);
        }
        return Some(());
    }
    // "Gmail send"
    let subject = frame.subject.as_ref().filter(|subject| subject.head.is_empty() && frame.objects.is_empty())?;
    let channel = matches!(subject.services.as_slice(), [only] if known.channel(only).is_some());
    let sends = frame.verb.as_ref().is_some_and(|verb| known.is(&verb.lemma, Class::Tell));
    (channel && sends && frame.arguments.is_empty()).then_some(())?;
    let frame = reading.clauses.get_mut(at)?.frame.as_mut()?;
    let end = frame.verb.as_ref()?.span.end;
    let it = Phrase { span: end..end, head: "it".to_owned(), pronoun: true, ..Phrase::default() };
    let phrase = frame.subject.take()?;
    frame.objects.push(it);
    frame.arguments.push(Argument { preposition: "with".to_owned(), phrase });
    Some(())
}

/// "Read the tasks and mail a summary; if there are no tasks, do nothing": all that follows on them is done otherwise.
fn nothing_if_none(known: &Knowledge, reading: &mut Reading, at: usize) -> Option<()> {
    let guard = reading.clauses.get(at).filter(|clause| clause.role == Role::Condition && clause.under.is_none())?;
    let frame = guard.frame.as_ref().filter(|frame| frame.verb.as_ref().is_some_and(|verb| verb.lemma == "be"))?;
    let [none] = frame.objects.as_slice() else { return None };
    let act = reading.clauses.get(at + 1).filter(|act| act.under == Some(at) && act.role == Role::Act)?;
    let does = act.frame.as_ref()?;
    let idle = does.verb.as_ref().is_some_and(|verb| verb.lemma == "do")
        && matches!(does.objects.as_slice(), [nothing] if nothing.head == "nothing");
    let last = at + 2 == reading.clauses.len();
    (none.determiner == Determiner::No && idle && last).then_some(())?;
    let reads = |clause: &Clause| {
        let frame = clause.frame.as_ref().filter(|_| clause.role == Role::Act && clause.under.is_none());
        frame.is_some_and(|frame| {
            let fetches = frame.verb.as_ref().is_some_and(|verb| known.is(&verb.lemma, Class::Fetch));
            fetches && frame.objects.iter().any(|thing| thing.head == none.head)
        })
    };
    let read = reading.clauses.get(..at)?.iter().position(reads)?;
    let follow = reading.clauses.get(read + 1..at)?;
    follow.iter().all(|clause| clause.under.is_none() && clause.role != Role::Trigger).then_some(())?;
    let guard = guard.clone();
    let end = guard.span.end;
    let otherwise = Clause { span: end..end, role: Role::Otherwise(read + 1), frame: None, ..guard.clone() };
    let mut moved = reading.clauses.split_off(read + 1);
    moved.truncate(at - read - 1);
    for clause in moved.iter_mut().filter(|clause| clause.role == Role::Act) {
        clause.under = Some(read + 2);
    }
    reading.clauses.push(guard);
    reading.clauses.push(otherwise);
    reading.clauses.extend(moved);
    Some(())
}
