//! Words of a goal that no step holds.

use super::cover::{Cover, Held, is_empty};
use crate::{
    knowledge::{Class, Knowledge},
    plan::clauses::act,
    reading::{Clause, Reading, Role, Span, TokenKind, Value as Written},
};

/// Verbs of getting and of handing on: a block that does so holds them, whatever it is called.
const GETS: [Class; 2] = [Class::Fetch, Class::Hand];
const HANDS_OVER: [Class; 3] = [Class::Tell, Class::Store, Class::Make];

/// A part of the goal that no step holds.
pub(in crate::plan) struct Lost {
    pub(in crate::plan) span: Span,
    /// Nothing at all of the clause was taken up.
    pub(in crate::plan) whole: bool,
    pub(in crate::plan) clause: usize,
    pub(in crate::plan) role: Role,
}

/// What the goal asks for and the finished steps do not hold, in the order of the text.
pub(in crate::plan) fn lost(known: &Knowledge, reading: &Reading, cover: &Cover, held: &Held) -> Vec<Lost> {
    let mut found: Vec<Lost> = Vec::new();
    let timed = |at: usize| reading.schedule.iter().flat_map(|schedule| &schedule.spans).any(|span| span.contains(&at));
    for (index, clause) in reading.clauses.iter().enumerate().filter(|(_, clause)| speaks(known, reading, clause)) {
        // Of the background only what it names.
        let aside = |at: usize| {
            matches!(clause.role, Role::Background | Role::Title)
                && reading.tokens.get(at).is_some_and(|token| token.value().is_none())
                && !approves(known, clause)
        };
        let content: Vec<usize> =
            clause.span.clone().filter(|at| tells(reading, *at) && !timed(*at) && !aside(*at)).collect();
        let taken = clause.span.clone().any(|at| cover.has(at));
        let open: Vec<usize> =
            content.iter().copied().filter(|at| !taken || !holds(known, reading, cover, held, clause, *at)).collect();
        if open.is_empty()
            || is_value(reading, held, clause)
            || names_field(reading, held, clause)
            || suffices(reading, &timed, clause, &open)
            || is_agreed(cover, clause)
        {
            continue;
        }
        let verb_open = clause
            .frame
            .as_ref()
            .and_then(|frame| frame.verb.as_ref())
            .is_some_and(|verb| verb.span.clone().any(|at| open.contains(&at)));
        let whole =
            !taken || open.len() * 2 > content.len() && (verb_open || content.len() > 2 && open.len() == content.len());
        // One piece of each clause, from the first open word to the last: shreds tell nobody what is missing.
        let pieces = open.iter().filter(|_| !whole).map(|at| around(reading, clause, *at));
        let span = pieces.reduce(|all, more| all.start.min(more.start)..all.end.max(more.end));
        let span = span.unwrap_or_else(|| clause.span.clone());
        match found.last_mut() {
            Some(last) if last.span.end > span.start => last.span.end = last.span.end.max(span.end),
            _ => found.push(Lost { span, whole, clause: index, role: clause.role }),
        }
    }
    found
}

/// Titles and background ask for nothing, but for what they name: an address, a channel, a text, somebody who approves.
fn speaks(known: &Knowledge, reading: &Reading, clause: &Clause) -> bool {
    use Written::{Channel, Email, Handle, Identifier, Quoted, Url};
    match clause.role {
        Role::Politeness | Role::LeadIn | Role::Instruction => false,
        Role::Schedule => reading.schedule.is_none(),
        Role::Background | Role::Title => {
            let mut tokens = reading.tokens.get(clause.span.clone()).unwrap_or_default().iter();
            let named = tokens.any(|token| {
                matches!(token.value(), Some(Channel(_) | Email(_) | Handle(_) | Identifier(_) | Quoted(_) | Url(_)))
            });
            named || clause.role == Role::Background && approves(known, clause)
        }
        _ => true,
    }
}

/// Words for a stretch of time that is read.
const PERIODS: [&str; 9] = ["last", "past", "previous", "month", "week", "day", "days", "today", "hours"];

/// "Her address is anna@example.com": a step has it.
fn is_value(reading: &Reading, held: &Held, clause: &Clause) -> bool {
    let verb = clause.frame.as_ref().and_then(|frame| frame.verb.as_ref());
    let mut tokens = reading.tokens.get(clause.span.clone()).unwrap_or_default().iter();
    let address = tokens.find_map(|token| match token.value() {
        Some(Written::Email(text)) => Some(text),
        _ => None,
    });
    clause.role == Role::Value
        && verb.is_some_and(|verb| verb.lemma == "be")
        && address.is_some_and(|text| held.has_firmly(text))
}

/// "Their address is in the field email": a step takes it from there.
fn names_field(reading: &Reading, held: &Held, clause: &Clause) -> bool {
    let word = |at: usize| reading.tokens.get(at).and_then(|token| token.word()).unwrap_or_default();
    let Some(field) = clause.span.clone().find(|at| matches!(word(*at), "field" | "column" | "property" | "key"))
    else {
        return false;
    };
    let name = (field + 1..clause.span.end).find(|at| !matches!(word(*at), "called" | "named"));
    let name = name.and_then(|at| reading.tokens.get(at)).map(|token| token.raw(&reading.text).trim_matches('"'));
    let says = clause.frame.as_ref().and_then(|frame| frame.verb.as_ref());
    says.is_some_and(|verb| matches!(verb.lemma.as_str(), "be" | "stand" | "have" | "lie"))
        && name.is_some_and(|name| held.has_key(name))
}

/// "Once an hour is enough": the schedule says so.
fn suffices(reading: &Reading, timed: &impl Fn(usize) -> bool, clause: &Clause, open: &[usize]) -> bool {
    let word = |at: usize| reading.tokens.get(at).and_then(|token| token.word()).unwrap_or_default();
    clause.span.clone().any(timed)
        && open.iter().all(|at| matches!(word(*at), "enough" | "fine" | "sufficient" | "plenty" | "good" | "great"))
}

/// "After my okay": a person is asked, in whatever words it was said.
fn is_agreed(cover: &Cover, clause: &Clause) -> bool {
    let person = clause.frame.as_ref().and_then(|frame| frame.subject.as_ref()).is_some_and(|who| who.head == "human");
    person && clause.role == Role::Trigger && clause.span.clone().all(|at| cover.has(at))
}

fn approves(known: &Knowledge, clause: &Clause) -> bool {
    let verb = clause.frame.as_ref().and_then(|frame| frame.verb.as_ref());
    verb.is_some_and(|verb| known.is(&verb.lemma, Class::Approve) && !known.is(&verb.lemma, Class::Fetch))
}

/// It says something of its own.
pub(in crate::plan) fn tells(reading: &Reading, at: usize) -> bool {
    match reading.tokens.get(at).map(|token| &token.kind) {
        // The name behind these tells.
        Some(TokenKind::Word(word)) if matches!(word.as_str(), "called" | "named" | "titled" | "entitled") => false,
        Some(TokenKind::Word(word)) => !is_empty(word) && word.len() > 2,
        Some(TokenKind::Value(_)) => true,
        Some(TokenKind::Mark(_)) | None => false,
    }
}

/// "anything from my boss": to whom nothing is sent.
fn is_sender(reading: &Reading, at: usize) -> bool {
    let before = reading.tokens.get(at.saturating_sub(2)..at).unwrap_or_default();
    before.iter().any(|token| token.word() == Some("from"))
}

pub(in crate::plan) fn holds(
    known: &Knowledge,
    reading: &Reading,
    cover: &Cover,
    held: &Held,
    clause: &Clause,
    at: usize,
) -> bool {
    let Some(token) = reading.tokens.get(at) else { return true };
    match &token.kind {
        TokenKind::Word(word) => {
            let verb =
                clause.frame.as_ref().and_then(|frame| frame.verb.as_ref()).filter(|verb| verb.span.contains(&at));
            let moved = match verb {
                Some(verb) => {
                    let is = |classes: &[Class]| classes.iter().any(|class| known.is(&verb.lemma, *class));
                    held.gets && is(&GETS)
                        || held.hands_over && is(&HANDS_OVER)
                        || known.is(&verb.lemma, Class::Happen)
                        || matches!(verb.lemma.as_str(), "discard" | "skip" | "ignore" | "stop")
                }
                // The channel and the people are held by the block that sends, what is the latest by the one that reads.
                None => {
                    // What starts the agent is read, not sent.
                    let carried = clause.role != Role::Trigger && known.is_carrier(word);
                    let sent = carried && !matches!(word.as_str(), "tweet" | "tweets")
                        || known.is_person(word) && !is_sender(reading, at)
                        || matches!(word.as_str(), "channel" | "account" | "chat" | "profile");
                    let read = matches!(word.as_str(), "incoming" | "latest" | "newest" | "top");
                    held.hands_over && sent
                        || held.gets && read
                        || known.is_agent(word)
                        || known.is(word, Class::Hand) && in_tail(clause, at)
                }
            };
            // "In a database": the service that is one.
            let chosen = known
                .choice(std::slice::from_ref(word))
                .is_some_and(|choice| choice.services.iter().any(|service| held.has_value(service)));
            let sign = known.sign(word).is_some_and(|sign| held.text.contains(sign));
            // What was there at the last run is recalled.
            let recalled =
                matches!(word.as_str(), "last" | "previous" | "previously" | "earlier") && held.has("recall");
            let windowed = PERIODS.contains(&word.as_str()) && held.windowed();
            let online = clause.role == Role::Trigger
                && matches!(word.as_str(), "website" | "site" | "homepage")
                && held.has("webhook");
            chosen
                || sign
                || windowed
                || online
                || recalled
                || cover.has(at) && named_by_value(reading, held, clause, at)
                || cover.is_closed(at)
                || cover.has(at) && moved
                || lemmas(clause, at).any(|lemma| held.has(lemma) || cover.has(at) && is_empty(lemma))
                || held.has(word)
                || held.has(token.raw(&reading.text))
        }
        // Nobody is reached by an address that only a prompt has.
        TokenKind::Value(Written::Email(text) | Written::Handle(text))
            if clause.role == Role::Act && acts_on(known, clause, at) =>
        {
            held.has_firmly(text.trim_start_matches('@'))
        }
        // A language model opens no address.
        TokenKind::Value(Written::Url(text)) if clause.role == Role::Act && read_at(clause, at) => {
            held.has_firmly(text)
        }
        TokenKind::Value(Written::Quoted(text)) => held.has_quoted(text) || text.is_empty(),
        TokenKind::Value(value) => {
            held.has_value(token.raw(&reading.text))
                || match value {
                    Written::Duration(minutes) => held.has(&minutes.to_string()),
                    // "in one document"
                    Written::Number(_) if token.raw(&reading.text).eq_ignore_ascii_case("one") => true,
                    // "compare two branches": of fewer there is nothing to compare.
                    Written::Number(number) if *number == 2.0 && compares(clause) => true,
                    Written::Number(number) => held.has(&number.to_string()),
                    Written::Time(hour, minute) => held.has_value(&format!("{hour:02}:{minute:02}")),
                    Written::Url(text)
                    | Written::Email(text)
                    | Written::Channel(text)
                    | Written::Handle(text)
                    | Written::Subreddit(text)
                    | Written::Repository(text)
                    | Written::Quoted(text)
                    | Written::Amount(text)
                    | Written::Date(text)
                    | Written::Placeholder(text)
                    | Written::Identifier(text)
                    | Written::Path(text) => held.has_value(text),
                }
        }
        TokenKind::Mark(_) => true,
    }
}

fn compares(clause: &Clause) -> bool {
    let verb = clause.frame.as_ref().and_then(|frame| frame.verb.as_ref());
    verb.is_some_and(|verb| verb.lemma == "compare")
}

/// "the on-call channel #alerts": the words around the name of a place say nothing more than the name.
fn named_by_value(reading: &Reading, held: &Held, clause: &Clause, at: usize) -> bool {
    use Written::{Channel, Email, Identifier, Repository, Subreddit, Url};
    let names = |value: &usize| {
        let token = reading.tokens.get(*value);
        let place = token.and_then(|token| token.value()).is_some_and(|value| {
            matches!(value, Channel(_) | Email(_) | Identifier(_) | Repository(_) | Subreddit(_) | Url(_))
        });
        place && token.is_some_and(|token| held.has_value(token.raw(&reading.text)))
    };
    let frame = clause.frame.iter();
    let mut phrases =
        frame.flat_map(|frame| frame.objects.iter().chain(frame.arguments.iter().map(|argument| &argument.phrase)));
    phrases.any(|phrase| act::core(phrase).contains(&at) && phrase.values.iter().any(names))
}

/// "a topic I give": within what narrows a thing.
fn in_tail(clause: &Clause, at: usize) -> bool {
    clause.frame.iter().any(|frame| {
        let arguments = frame.arguments.iter().map(|argument| &argument.phrase);
        frame.objects.iter().chain(arguments).any(|phrase| phrase.tail.as_ref().is_some_and(|tail| tail.contains(&at)))
    })
}

/// "the headlines from https://…"
fn read_at(clause: &Clause, at: usize) -> bool {
    clause.frame.iter().flat_map(|frame| &frame.arguments).any(|argument| {
        matches!(argument.preposition.as_str(), "from" | "of" | "at" | "in" | "on")
            && argument.phrase.values.contains(&at)
    })
}

/// The verb reaches somebody or changes something, and the value is not only spoken about.
fn acts_on(known: &Knowledge, clause: &Clause, at: usize) -> bool {
    let Some(frame) = &clause.frame else { return false };
    let reaches = frame.verb.as_ref().is_none_or(|verb| {
        [Class::Tell, Class::Change, Class::Outside].iter().any(|class| known.is(&verb.lemma, *class))
    });
    let about = |argument: &&crate::reading::Argument| {
        matches!(argument.preposition.as_str(), "about" | "of" | "from" | "with" | "by")
    };
    reaches && !frame.arguments.iter().filter(about).any(|argument| argument.phrase.span.contains(&at))
}

/// The word as the reading took it, spelled right: of a verb, or at the end of a phrase.
fn lemmas(clause: &Clause, at: usize) -> impl Iterator<Item = &str> {
    let frame = clause.frame.iter();
    frame.flat_map(move |frame| {
        let verb = frame.verb.iter().filter(move |verb| verb.span.contains(&at)).map(|verb| verb.lemma.as_str());
        let phrases = frame.objects.iter().chain(frame.arguments.iter().map(|argument| &argument.phrase));
        let heads = phrases.chain(&frame.recipients).chain(&frame.subject);
        verb.chain(heads.filter(move |phrase| act::core(phrase).end == at + 1).map(|phrase| phrase.head.as_str()))
    })
}

/// The smallest phrase around a word that can be said by itself.
pub(in crate::plan) fn around(reading: &Reading, clause: &Clause, at: usize) -> Span {
    let frame = clause.frame.iter();
    let led = |span: &Span| span.start.saturating_sub(1).max(clause.span.start)..span.end;
    let mut spans: Vec<Span> = Vec::new();
    for frame in frame {
        spans.extend(frame.complement.clone());
        for phrase in frame.objects.iter().chain(&frame.recipients).chain(&frame.subject) {
            spans.extend([act::core(phrase), phrase.span.clone()]);
            spans.extend(phrase.tail.clone());
        }
        for argument in &frame.arguments {
            spans.extend([led(&act::core(&argument.phrase)), led(&argument.phrase.span)]);
            spans.extend(argument.phrase.tail.clone());
        }
    }
    let words = |span: &Span| {
        span.clone().filter(|at| reading.tokens.get(*at).is_some_and(|token| token.mark().is_none())).count()
    };
    spans.retain(|span| span.contains(&at) && words(span) > 1);
    spans.into_iter().min_by_key(Span::len).unwrap_or_else(|| clause.span.clone())
}
