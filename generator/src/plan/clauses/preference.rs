//! Over which channel somebody wants to be told, said apart from what is told: "Slack is fine", "preferably by mail"; and
//! what a reminder says, behind a colon.

use super::recut::word;
use crate::{
    knowledge::{Class, Knowledge},
    reading::{Argument, Clause, Determiner, Frame, Mark, Phrase, Reading, Role, Token, Value},
};

const FINE: [&str; 9] = ["fine", "ok", "okay", "good", "enough", "great", "perfect", "best", "preferred"];

/// Puts the channel into the act that tells.
pub(in crate::plan) fn preferred(known: &Knowledge, reading: &mut Reading) {
    for at in 0..reading.clauses.len() {
        let Some((phrase, own)) = channel_said(known, reading, at) else { continue };
        let tells = |clause: &Clause| {
            let frame = clause.frame.as_ref().filter(|_| clause.role == Role::Act);
            frame.is_some_and(|frame| {
                let verb = frame.verb.as_ref().is_some_and(|verb| known.is(&verb.lemma, Class::Tell));
                let arguments = frame.arguments.iter().map(|argument| &argument.phrase);
                let told =
                    arguments.chain(&frame.objects).chain(&frame.recipients).any(|place| is_channel(known, place));
                verb && !told
            })
        };
        let act =
            (0..reading.clauses.len()).rev().find(|act| *act != at && reading.clauses.get(*act).is_some_and(tells));
        let Some(frame) = act.and_then(|act| reading.clauses.get_mut(act)?.frame.as_mut()) else { continue };
        let preposition = if phrase.services.is_empty() { "by" } else { "on" };
        frame.arguments.push(Argument { preposition: preposition.to_owned(), phrase });
        if let Some(clause) = reading.clauses.get_mut(at).filter(|_| own) {
            (clause.role, clause.frame) = (Role::LeadIn, None);
        }
    }
}

/// "wake me with a Telegram message": the way, not what is told.
pub(in crate::plan) fn ways(known: &Knowledge, reading: &mut Reading) {
    for frame in reading.clauses.iter_mut().filter_map(|clause| clause.frame.as_mut()) {
        let tells = frame.verb.as_ref().is_some_and(|verb| known.is(&verb.lemma, Class::Tell));
        let way = |phrase: &Phrase| {
            let carrier =
                matches!(phrase.head.as_str(), "message" | "dm" | "direct message" | "ping" | "notification" | "email");
            carrier && is_channel(known, phrase) && phrase.determiner == Determiner::Some
        };
        for argument in frame.arguments.iter_mut().filter(|argument| tells && argument.preposition == "with") {
            if way(&argument.phrase) {
                "via".clone_into(&mut argument.preposition);
            }
        }
    }
}

/// "a summary of what changed by mail": how it is told, not what changed.
pub(in crate::plan) fn trailing(known: &Knowledge, reading: &mut Reading) {
    for at in 0..reading.clauses.len() {
        let Some(clause) = reading.clauses.get(at).filter(|clause| clause.role == Role::Act) else { continue };
        let Some(frame) = clause.frame.as_ref() else { continue };
        let tells = frame.verb.as_ref().is_some_and(|verb| known.is(&verb.lemma, Class::Tell));
        let arguments = frame.arguments.iter().map(|argument| &argument.phrase);
        let named = arguments.clone().chain(&frame.objects).any(|phrase| is_channel(known, phrase));
        let last = clause
            .span
            .clone()
            .rev()
            .find(|token| reading.tokens.get(*token).is_some_and(|token| token.mark().is_none()));
        let Some(last) = last.filter(|_| tells && !named) else { continue };
        let mail = matches!(word(reading, last), Some("email" | "mail"))
            && last.checked_sub(1).and_then(|at| word(reading, at)) == Some("by");
        let ends = |span: &Option<std::ops::Range<usize>>| span.as_ref().is_some_and(|span| span.contains(&last));
        let inside = ends(&frame.complement) || arguments.chain(&frame.objects).any(|phrase| ends(&phrase.tail));
        if !mail || !inside {
            continue;
        }
        let Some(frame) = reading.clauses.get_mut(at).and_then(|clause| clause.frame.as_mut()) else { continue };
        let cut = |span: &mut std::ops::Range<usize>| span.end = span.end.min(last - 1).max(span.start);
        frame.complement.iter_mut().for_each(cut);
        let arguments = frame.arguments.iter_mut().map(|argument| &mut argument.phrase);
        for phrase in arguments.chain(&mut frame.objects).filter(|phrase| ends(&phrase.tail)) {
            phrase.tail.iter_mut().for_each(cut);
            cut(&mut phrase.span);
        }
        let phrase = Phrase { span: last..last + 1, head: "email".to_owned(), ..Phrase::default() };
        frame.arguments.push(Argument { preposition: "by".to_owned(), phrase });
    }
}

fn is_channel(known: &Knowledge, phrase: &Phrase) -> bool {
    phrase.services.iter().any(|service| known.channel(service).is_some()) || phrase.head == "email"
}

/// The channel that a clause names, and whether it says nothing else.
fn channel_said(known: &Knowledge, reading: &mut Reading, at: usize) -> Option<(Phrase, bool)> {
    let clause = reading.clauses.get(at)?;
    let frame = clause.frame.as_ref()?;
    let words: Vec<&str> = clause.span.clone().filter_map(|token| word(reading, token)).collect();
    match (&frame.verb, clause.role) {
        (Some(verb), Role::Act) if verb.lemma == "be" && !frame.negated => {
            let fine = words.last().is_some_and(|word| FINE.contains(word));
            let subject = frame.subject.clone().filter(|subject| fine && is_channel(known, subject))?;
            Some((
                Phrase {
                    head: if subject.services.is_empty() { subject.head.clone() } else { String::new() },
                    ..subject
                },
                true,
            ))
        }
        (None, Role::Act) if at > 0 && frame.objects.is_empty() => {
            let [argument] = frame.arguments.as_slice() else { return None };
            let over = matches!(argument.preposition.as_str(), "on" | "via" | "by" | "over" | "in" | "through");
            (over && is_channel(known, &argument.phrase)).then(|| (argument.phrase.clone(), true))
        }
        (Some(_), Role::Condition | Role::Trigger) => {
            // "… when it is back, Telegram or mail"
            let mut commas = clause.span.clone().rev().filter(|token| {
                reading.tokens.get(*token).and_then(Token::mark) == Some(Mark::Comma) && *token + 1 < clause.span.end
            });
            let comma = commas.next()?;
            let names = |token: usize| {
                word(reading, token)
                    .is_none_or(|word| matches!(word, "or" | "and" | "either" | "by" | "via" | "email" | "mail"))
                    || frame
                        .arguments
                        .iter()
                        .any(|argument| argument.phrase.span.contains(&token) && is_channel(known, &argument.phrase))
            };
            let all = (comma + 1..clause.span.end).all(names);
            let first = frame
                .arguments
                .iter()
                .find(|argument| argument.phrase.span.start > comma && is_channel(known, &argument.phrase));
            let phrase = first.filter(|_| all)?.phrase.clone();
            let clause = reading.clauses.get_mut(at)?;
            clause.span.end = comma + 1;
            clause.frame.as_mut()?.arguments.retain(|argument| argument.phrase.span.start < comma);
            Some((phrase, false))
        }
        _ => None,
    }
}

/// "Schedule a reminder in the group: fill in your timesheets!": what stands behind the colon is what it says.
pub(in crate::plan) fn dictated(reading: &mut Reading) {
    for at in 0..reading.clauses.len() {
        let Some(clause) = reading.clauses.get(at).filter(|clause| clause.role == Role::Act) else { continue };
        let colon = clause.span.end.checked_sub(1).and_then(|last| reading.tokens.get(last)).and_then(Token::mark);
        let reminds = |frame: &Frame| {
            let verb = frame.verb.as_ref().map_or("", |verb| verb.lemma.as_str());
            verb == "remind" && frame.objects.is_empty()
                || matches!(verb, "schedule" | "send" | "post" | "set" | "create" | "make")
                    && matches!(frame.objects.as_slice(), [phrase] if phrase.head == "reminder")
        };
        let quoted = matches!(reading.tokens.get(clause.span.end).and_then(Token::value), Some(Value::Quoted(_)));
        let message = |frame: &Frame| {
            let verb = frame.verb.as_ref().is_some_and(|verb| matches!(verb.lemma.as_str(), "send" | "post" | "write"));
            let head = |phrase: &Phrase| {
                matches!(phrase.head.as_str(), "message" | "text" | "note" | "notification" | "email")
            };
            quoted && verb && matches!(frame.objects.as_slice(), [phrase] if head(phrase))
        };
        let sentence = clause.sentence;
        let rest = reading.clauses.iter().skip(at + 1).take_while(|next| next.sentence == sentence);
        let Some(end) = rest.map(|next| next.span.end).last() else { continue };
        let start = clause.span.end;
        let fits = colon == Some(Mark::Colon)
            && clause
                .frame
                .as_ref()
                .is_some_and(|frame| (reminds(frame) || message(frame)) && frame.complement.is_none());
        if !fits || word(reading, start).is_none() && !quoted {
            continue;
        }
        let stop =
            (start..end).rev().find(|token| reading.tokens.get(*token).is_some_and(|token| token.mark().is_none()));
        let Some(clause) = reading.clauses.get_mut(at) else { continue };
        if let Some(frame) = clause.frame.as_mut() {
            frame.complement = Some(start..stop.map_or(end, |stop| stop + 1));
            if let Some(verb) = frame.verb.as_mut().filter(|verb| verb.lemma != "remind") {
                "send".clone_into(&mut verb.lemma);
            }
        }
        for next in reading.clauses.iter_mut().skip(at + 1).take_while(|next| next.sentence == sentence) {
            (next.role, next.frame) = (Role::LeadIn, None);
        }
    }
}

/// "We get too many mails. Sort them": what was spoken of before.
pub(in crate::plan) fn spoken_of(known: &Knowledge, reading: &mut Reading) -> Option<()> {
    let first = reading.clauses.iter().position(|clause| {
        !matches!(clause.role, Role::Background | Role::LeadIn | Role::Politeness | Role::Title | Role::Schedule)
    })?;
    let act = reading.clauses.get(first).filter(|clause| clause.role == Role::Act)?;
    let frame = act.frame.as_ref()?;
    let them = matches!(frame.objects.as_slice(), [phrase] if phrase.pronoun && matches!(phrase.head.as_str(), "them" | "these" | "those" | "all"));
    let before = reading.clauses.iter().take(first).filter(|clause| clause.role == Role::Background);
    let mut told =
        before.filter_map(|clause| clause.frame.as_ref()).flat_map(|frame| frame.objects.iter().chain(&frame.subject));
    let thing = told.rfind(|phrase| phrase.plural && !phrase.pronoun && known.source(&phrase.head).is_some())?.clone();
    let frame = reading.clauses.get_mut(first).filter(|_| them)?.frame.as_mut()?;
    let own = frame.objects.first()?.span.clone();
    frame.objects = vec![Phrase { span: own, modifiers: Vec::new(), determiner: Determiner::All, tail: None, ..thing }];
    Some(())
}
