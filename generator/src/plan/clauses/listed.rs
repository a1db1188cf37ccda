//! "these two feeds: A and B": each address in a list is what the noun before it says, and is read by itself.

use super::recut::remove;
use crate::reading::{Argument, Phrase, Reading, Role, Token, TokenKind, Value};

/// "the label Misc": a label, and its name.
pub(in crate::plan) fn names(reading: &mut Reading) {
    let frames = reading.clauses.iter_mut().filter_map(|clause| clause.frame.as_mut());
    for phrase in frames.flat_map(|frame| frame.objects.iter_mut()) {
        let kind = phrase.modifiers.last().filter(|kind| matches!(kind.as_str(), "label" | "tag")).cloned();
        if let Some(kind) = kind.filter(|_| phrase.head != "name" && !phrase.plural) {
            phrase.modifiers.pop();
            phrase.modifiers.push(std::mem::replace(&mut phrase.head, kind));
        }
    }
}

/// "each new event of the RSS feed": an entry of it, whatever else is called so.
pub(in crate::plan) fn entries(reading: &mut Reading) {
    for frame in reading.clauses.iter_mut().filter_map(|clause| clause.frame.as_mut()) {
        let of_feed = |argument: &Argument| {
            matches!(argument.preposition.as_str(), "of" | "in" | "from" | "on")
                && argument.phrase.head.ends_with("feed")
        };
        let Some(feed) = frame.arguments.iter().find(|argument| of_feed(argument)).map(|feed| feed.phrase.clone())
        else {
            continue;
        };
        let phrases = frame.objects.iter_mut().chain(frame.arguments.iter_mut().map(|argument| &mut argument.phrase));
        let near = |phrase: &Phrase| phrase.span.end + 1 == feed.span.start;
        let entry = |phrase: &Phrase| matches!(phrase.head.as_str(), "event" | "item" | "entry" | "update" | "story");
        for phrase in phrases.chain(&mut frame.subject).filter(|phrase| near(phrase) && entry(phrase)) {
            "feed entry".clone_into(&mut phrase.head);
        }
    }
}

/// Gives the addresses of a list the noun that stands before them.
pub(in crate::plan) fn addresses(reading: &mut Reading) {
    let mut at = 0;
    while at < reading.clauses.len() {
        list_behind(reading, at);
        placed(reading, at);
        counted(reading, at);
        let tokens = &reading.tokens;
        let Some(frame) = reading.clauses.get_mut(at).and_then(|clause| clause.frame.as_mut()) else {
            at += 1;
            continue;
        };
        named(tokens, &mut frame.objects);
        let mut arguments = Vec::with_capacity(frame.arguments.len());
        // "the pull requests in acme/shop": another preposition begins no list.
        for run in frame.arguments.chunk_by(|one, other| one.preposition == other.preposition) {
            let Some(Argument { preposition, .. }) = run.first() else { continue };
            let mut phrases = run.iter().map(|argument| argument.phrase.clone()).collect();
            named(tokens, &mut phrases);
            let argument = |phrase| Argument { preposition: preposition.clone(), phrase };
            arguments.extend(phrases.into_iter().map(argument));
        }
        frame.arguments = arguments;
        at += 1;
    }
}

/// "Read these pages: A, B, C, and save …": the addresses behind the colon are the pages.
fn list_behind(reading: &mut Reading, at: usize) {
    let bare = |reading: &Reading, at: usize| {
        let frame = reading.clauses.get(at).filter(|clause| clause.role == Role::Act)?.frame.as_ref()?;
        let alone = frame.verb.is_none() && frame.arguments.is_empty() && !frame.objects.is_empty();
        let listed = frame.objects.iter().all(|phrase| phrase.head.is_empty() && addressed(&reading.tokens, phrase));
        (alone && listed).then(|| frame.objects.clone())
    };
    let Some(objects) = bare(reading, at + 1) else { return };
    let Some(clause) = reading.clauses.get(at).filter(|clause| matches!(clause.role, Role::Act | Role::Loop)) else {
        return;
    };
    let Some(frame) = clause.frame.as_ref().filter(|frame| frame.verb.is_some()) else { return };
    let argument = frame.arguments.iter().rposition(|argument| argument.phrase.plural);
    let ends = frame.objects.last().is_some_and(|phrase| phrase.plural) || argument.is_some();
    if !ends {
        return;
    }
    let end = reading.clauses.get(at + 1).map_or(0, |clause| clause.span.end);
    remove(reading, at + 1);
    let Some(clause) = reading.clauses.get_mut(at) else { return };
    clause.span.end = end;
    let Some(frame) = clause.frame.as_mut() else { return };
    match argument.and_then(|at| frame.arguments.get(at)).map(|argument| argument.preposition.clone()) {
        Some(preposition) => frame
            .arguments
            .extend(objects.into_iter().map(|phrase| Argument { preposition: preposition.clone(), phrase })),
        None => frame.objects.extend(objects),
    }
}

/// "these three pages: A, B, C": the number says no more than the list.
fn counted(reading: &mut Reading, at: usize) {
    let Some(frame) = reading.clauses.get(at).and_then(|clause| clause.frame.as_ref()) else { return };
    let phrases: Vec<&Phrase> =
        frame.objects.iter().chain(frame.arguments.iter().map(|argument| &argument.phrase)).collect();
    let numbers: Vec<usize> = phrases
        .windows(2)
        .filter_map(|two| match two {
            [lead, next] if next.head.is_empty() && addressed(&reading.tokens, next) && lead.plural => Some(*lead),
            _ => None,
        })
        .flat_map(|lead| lead.values.iter().copied())
        .filter(|at| matches!(reading.tokens.get(*at).and_then(Token::value), Some(Value::Number(_))))
        .collect();
    for number in numbers {
        if let Some(token) = reading.tokens.get_mut(number) {
            token.kind = TokenKind::Word("all".to_owned());
        }
    }
}

/// "our latest article at https://…", "the pricing page of https://…": the address is that of the page.
fn placed(reading: &mut Reading, at: usize) {
    let Reading { tokens, clauses, .. } = reading;
    let Some(frame) = clauses.get_mut(at).and_then(|clause| clause.frame.as_mut()) else { return };
    let mut place = 0;
    while let Some(argument) = frame.arguments.get(place) {
        let (span, values) = (argument.phrase.span.clone(), argument.phrase.values.clone());
        let bare = argument.phrase.head.is_empty()
            && addressed(tokens, &argument.phrase)
            && matches!(argument.preposition.as_str(), "at" | "of" | "under" | "on");
        let before = |phrase: &&mut Phrase| {
            phrase.span.end + 1 == span.start
                && !addressed(tokens, phrase)
                && matches!(
                    phrase.head.rsplit(' ').next(),
                    Some(
                        "page"
                            | "article"
                            | "post"
                            | "website"
                            | "site"
                            | "feed"
                            | "blog"
                            | "api"
                            | "endpoint"
                            | "story"
                            | "shop"
                    )
                )
        };
        let others =
            frame.arguments.get_mut(..place).unwrap_or_default().iter_mut().map(|argument| &mut argument.phrase);
        match frame.objects.iter_mut().chain(others).find(before).filter(|_| bare) {
            Some(phrase) => {
                phrase.span.end = span.end;
                phrase.tail = None;
                phrase.values.extend(values);
                frame.arguments.remove(place);
            }
            None => place += 1,
        }
    }
}

fn addressed(tokens: &[Token], phrase: &Phrase) -> bool {
    phrase.values.iter().any(|at| {
        matches!(
            tokens.get(*at).map(|token| &token.kind),
            Some(TokenKind::Value(Value::Url(_) | Value::Subreddit(_) | Value::Repository(_)))
        )
    })
}

/// The bare addresses of a list are called like the plural before them, which is nothing of its own then.
fn named(tokens: &[Token], phrases: &mut Vec<Phrase>) {
    let is_address = |phrase: &Phrase| addressed(tokens, phrase);
    // "the open issues of acme/shop": what is in it, and not itself.
    let holds = |at: &usize| matches!(tokens.get(*at).and_then(Token::value), Some(Value::Repository(_)));
    let mut at = 0;
    while at + 1 < phrases.len() {
        let Some(lead) = phrases.get(at).filter(|phrase| phrase.plural && !phrase.head.is_empty()).cloned() else {
            at += 1;
            continue;
        };
        let follow =
            phrases.iter().skip(at + 1).take_while(|phrase| phrase.head.is_empty() && is_address(phrase)).count();
        for phrase in phrases.iter_mut().skip(at + 1).take(follow) {
            let inside = follow == 1 && phrase.values.iter().any(holds);
            (phrase.head, phrase.modifiers, phrase.plural) = (lead.head.clone(), lead.modifiers.clone(), inside);
            if inside {
                phrase.determiner = lead.determiner;
            }
        }
        if follow > 0 && !is_address(&lead) {
            phrases.remove(at);
            if let Some(first) = phrases.get_mut(at) {
                first.span.start = lead.span.start.min(first.span.start);
            }
        }
        at += follow.max(1);
    }
}
