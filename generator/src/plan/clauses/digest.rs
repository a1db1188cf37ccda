//! "Mail me a briefing with the weather in Berlin, my meetings today and the top news", "… : what the weather is and which meetings
//! I have": each is read for itself, then one text is made of all of them.

use super::{
    act::{is_report, names},
    recut::{JOINTS, remove, reread, splice, word},
};
use crate::{
    knowledge::{Class, Knowledge},
    reading::{Argument, Clause, Determiner, Frame, Mark, Phrase, Reading, Role, Span, Token, TokenKind, Value},
};

/// Prepositions and participles behind which stands what a text is made of.
const BEHIND: [&str; 8] = ["with", "of", "from", "on", "about", "including", "containing", "covering"];
/// What there is one of, for everybody.
pub(super) const ONLY: [&str; 6] = ["weather", "weather forecast", "forecast", "news", "calendar", "inbox"];
/// What is there of something else.
const PARTS: [&str; 9] = ["web page", "page", "link", "url", "file", "document", "date", "place", "attachment"];
/// More is not read again.
const ITEMS: usize = 12;

pub(in crate::plan) fn settle(known: &Knowledge, reading: &mut Reading) {
    for at in (0..reading.clauses.len()).rev() {
        let _ = asked(known, reading, at);
        let _ = gathered(known, reading, at);
    }
}

/// "Tell me on Slack which ones are urgent": it is the message that is asked, not Slack.
fn asked(known: &Knowledge, reading: &mut Reading, at: usize) -> Option<()> {
    let frame = reading.clauses.get(at).filter(|clause| clause.role == Role::Act)?.frame.as_ref()?;
    let tells = known.is(&frame.verb.as_ref()?.lemma, Class::Tell) && frame.complement.is_none();
    let way = frame.arguments.iter().position(|argument| tells && is_way(known, reading, argument))?;
    let asked = frame.arguments.get(way)?.phrase.tail.clone()?;
    question(reading, &asked)?;
    let frame = reading.clauses.get_mut(at)?.frame.as_mut()?;
    let phrase = &mut frame.arguments.get_mut(way)?.phrase;
    (phrase.tail, phrase.span.end) = (None, asked.start);
    frame.complement = Some(asked);
    Some(())
}

fn gathered(known: &Knowledge, reading: &mut Reading, at: usize) -> Option<()> {
    let clause = reading.clauses.get(at).filter(|clause| clause.role == Role::Act)?.clone();
    let mut frame = clause.frame.clone().filter(|frame| !frame.negated && !frame.passive && frame.subject.is_none())?;
    let lemma = &frame.verb.as_ref()?.lemma;
    let tells = known.is(lemma, Class::Tell);
    // What was read before is what these are parts of.
    let alone = !reading.clauses.iter().take(at).any(|before| matches!(before.role, Role::Act | Role::Trigger));
    if !(alone && (tells || known.composes(lemma))) {
        return None;
    }
    let (list, behind) = list_of(known, reading, at, &clause, &frame, tells)?;
    let items: Vec<Span> = parts(reading, &list);
    let read: Vec<Option<Clause>> = items.iter().take(ITEMS).map(|item| read_of(known, reading, item)).collect();
    let found = read.iter().flatten().count();
    let all_asked = items.iter().zip(&read).all(|(item, read)| read.is_some() || question(reading, item).is_none());
    // "tell me what I have on my calendar"
    let mine = |item: &Span| matches!(question(reading, item), Some(Asked::Thing(_, None)));
    // "the weather in Paris and Berlin": a name alone belongs to what stands before it.
    let capital = |item: &Span| {
        reading.tokens.get(item.start).is_some_and(|token| token.raw(&reading.text).starts_with(char::is_uppercase))
    };
    let named = items.iter().zip(&read).any(|(item, read)| read.is_none() && item.len() < 3 && capital(item));
    if items.len() > ITEMS || !all_asked || named || found < 2 && !(found == 1 && items.first().is_some_and(mine)) {
        return None;
    }
    // The list is no part of the message any more.
    let listed = |phrase: &Phrase| phrase.span.start >= list.start && phrase.span.start < list.end;
    frame.objects.retain(|phrase| !listed(phrase));
    frame.arguments.retain(|argument| !listed(&argument.phrase));
    frame.complement = frame.complement.take().filter(|span| span.start < list.start || span.start >= list.end);
    if frame.objects.is_empty() {
        let place = list.start;
        frame.objects.push(Phrase {
            span: place..place,
            head: "them".to_owned(),
            pronoun: true,
            plural: true,
            ..Phrase::default()
        });
    }
    let rest: Vec<Span> =
        items.iter().zip(&read).filter(|(_, read)| read.is_none()).map(|(item, _)| item.clone()).collect();
    let mut all: Vec<Clause> = read.into_iter().flatten().collect();
    for fetch in &mut all {
        (fetch.sentence, fetch.under) = (clause.sentence, clause.under);
        // "… in Oslo by Telegram"
        let arguments =
            fetch.frame.iter_mut().flat_map(|frame| std::mem::take(&mut frame.arguments)).collect::<Vec<_>>();
        let (ways, own): (Vec<_>, Vec<_>) =
            arguments.into_iter().partition(|argument| is_way(known, reading, argument));
        fetch.frame.iter_mut().for_each(|frame| frame.arguments.clone_from(&own));
        frame.arguments.extend(ways);
    }
    // An address in it is one that is read, and none to send to.
    let address = list.clone().any(|at| is_address(reading, at));
    let end = if address { list.start.saturating_sub(1) } else { clause.span.end };
    all.push(Clause { span: clause.span.start..end, frame: Some(frame), ..clause.clone() });
    // "and a motivating quote": whoever writes it adds it.
    all.extend(rest.into_iter().map(|span| Clause { span, role: Role::Manner, frame: None, ..clause.clone() }));
    (0..behind).for_each(|_| remove(reading, at + 1));
    splice(reading, at, all);
    Some(())
}

/// Where the list of what is told stands, and how many clauses behind this one hold it.
fn list_of(
    known: &Knowledge,
    reading: &Reading,
    at: usize,
    clause: &Clause,
    frame: &Frame,
    tells: bool,
) -> Option<(Span, usize)> {
    let text = |phrase: &Phrase| is_report(&phrase.head) || known.is_carrier(&phrase.head);
    let last = clause.span.end.checked_sub(1)?;
    if reading.tokens.get(last).and_then(Token::mark) == Some(Mark::Colon) && tells {
        let bare = frame.objects.iter().all(|phrase| text(phrase) || phrase.pronoun);
        let items = reading.clauses.iter().skip(at + 1).take_while(|next| next.sentence == clause.sentence);
        let items: Vec<&Clause> = items.collect();
        let fits = items.iter().all(|item| item.role == Role::Act && item.under == clause.under);
        let end = items.last().filter(|_| bare && fits)?.span.end;
        return Some((last + 1..end, items.len()));
    }
    let way = frame
        .arguments
        .iter()
        .filter(|argument| is_way(known, reading, argument))
        .map(|argument| argument.phrase.span.start.saturating_sub(1));
    let object = frame.objects.iter().min_by_key(|phrase| phrase.span.start);
    let start = match object.filter(|phrase| text(phrase)) {
        Some(made) => {
            let from = (made.span.start..clause.span.end.min(made.span.end + 2))
                .find(|at| word(reading, *at).is_some_and(|word| BEHIND.contains(&word)))?;
            from + 1
        }
        None if tells && (!frame.recipients.is_empty() || way.clone().next().is_some()) => match &frame.complement {
            Some(asked) if frame.objects.is_empty() => asked.start,
            _ => object?.span.start,
        },
        None => return None,
    };
    let end = way.filter(|way| *way > start).min().unwrap_or(clause.span.end);
    (start < end).then_some((start..end, 0))
}

/// "by mail", "to #team on Slack": where it goes is no part of the list.
fn is_way(known: &Knowledge, reading: &Reading, argument: &Argument) -> bool {
    let phrase = &argument.phrase;
    let value = |at: &usize| reading.tokens.get(*at).and_then(Token::value);
    let room = |at: &usize| matches!(value(at), Some(Value::Email(_) | Value::Channel(_)));
    let way = phrase.services.iter().any(|service| known.channel(service).is_some())
        || phrase.values.iter().any(room)
        || matches!(phrase.head.as_str(), "email" | "mail" | "channel" | "me");
    way && matches!(argument.preposition.as_str(), "to" | "on" | "in" | "by" | "via" | "over")
}

/// The entries of a list.
fn parts(reading: &Reading, list: &Span) -> Vec<Span> {
    let joint = |at: usize| {
        reading.tokens.get(at).and_then(Token::mark) == Some(Mark::Comma)
            || matches!(word(reading, at), Some("and" | "plus" | "also"))
    };
    let mut parts: Vec<Span> = Vec::new();
    let mut from = list.start;
    for at in list.clone().chain([list.end]) {
        if at == list.end || joint(at) {
            if at > from {
                parts.push(from..at);
            }
            from = at + 1;
        }
    }
    parts
}

/// Reads one entry, if it is something that can be read.
fn read_of(known: &Knowledge, reading: &Reading, item: &Span) -> Option<Clause> {
    let (span, place) = match question(reading, item) {
        Some(Asked::Number) => {
            let mut clause = reread(known, reading, item.clone(), Some("tell")).into_iter().next()?;
            clause.frame.as_mut()?.verb.as_mut()?.lemma = "get".to_owned();
            return Some(clause);
        }
        Some(Asked::Thing(span, place)) => (span, place),
        Some(Asked::Other) => return None,
        None => (item.clone(), None),
    };
    let mut read = reread(known, reading, span, Some("read")).into_iter();
    let mut clause = read.next().filter(|_| read.next().is_none())?;
    let frame = clause.frame.as_mut()?;
    frame.arguments.extend(place.and_then(|place| arguments(known, reading, place)).into_iter().flatten());
    let [thing] = frame.objects.as_slice() else { return None };
    let phrases = || frame.objects.iter().chain(frame.arguments.iter().map(|argument| &argument.phrase));
    let placed = |phrase: &Phrase| phrase.values.iter().any(|at| is_address(reading, *at));
    let named = phrases().any(|phrase| !phrase.services.is_empty() || placed(phrase));
    let nouns = names(thing);
    let one = |noun: &String| ONLY.contains(&noun.as_str());
    let own = thing.plural || thing.head.is_empty() || thing.determiner == Determiner::Mine || nouns.iter().any(one);
    let part = |noun: &String| PARTS.contains(&noun.as_str());
    let source = nouns.iter().any(|noun| known.source(noun).is_some()) && !nouns.iter().any(part);
    (own && (named || source)).then_some(clause)
}

pub(super) fn is_address(reading: &Reading, at: usize) -> bool {
    let kind = reading.tokens.get(at).map(|token| &token.kind);
    matches!(kind, Some(TokenKind::Value(Value::Url(_) | Value::Repository(_) | Value::Subreddit(_))))
}

/// "in Oslo", behind "what the weather is like".
fn arguments(known: &Knowledge, reading: &Reading, place: Span) -> Option<Vec<Argument>> {
    Some(reread(known, reading, place, Some("look")).into_iter().next()?.frame?.arguments)
}

enum Asked {
    /// "how many mails I have"
    Number,
    /// "what **the weather** is like **in Berlin**", "which **meetings I have today**", "what I have on **my calendar tomorrow**"
    Thing(Span, Option<Span>),
    Other,
}

/// What is asked for in the form of a question.
fn question(reading: &Reading, item: &Span) -> Option<Asked> {
    let at = item.clone().find(|at| word(reading, *at).is_some_and(|word| !JOINTS.contains(&word)))?;
    let be = |at: usize| matches!(word(reading, at), Some("is" | "are" | "was" | "were" | "s"));
    let own = |at: usize| matches!(word(reading, at), Some("i" | "we"));
    match word(reading, at)? {
        "how" if word(reading, at + 1) == Some("many") => Some(Asked::Number),
        "what" | "how" if be(at + 1) => Some(Asked::Thing(at + 2..item.end, None)),
        "what" if own(at + 1) => {
            let place = (at + 2..item.end).find(|at| matches!(word(reading, *at), Some("on" | "in")))?;
            Some(Asked::Thing(place + 1..item.end, None))
        }
        "what" | "which" if (at + 2..item.end.min(at + 5)).any(own) => Some(Asked::Thing(at + 1..item.end, None)),
        "what" | "how" => {
            let is = (at + 1..item.end).find(|at| be(*at))?;
            let rest = is + 1 + usize::from(word(reading, is + 1) == Some("like"));
            let place = rest == item.end || matches!(word(reading, rest), Some("in" | "at" | "on" | "for"));
            Some(if place { Asked::Thing(at + 1..is, Some(rest..item.end)) } else { Asked::Other })
        }
        "which" | "whether" | "who" | "where" | "when" | "why" | "if" => Some(Asked::Other),
        _ => None,
    }
}
