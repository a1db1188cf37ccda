//! "Rows over 1000 go to …", "a mail to each customer who …": what is said only of some entries is done only with those.

use super::recut::{splice, word};
use crate::{
    knowledge::{Class, Knowledge},
    plan::steps::cover::is_empty,
    reading::{Argument, Clause, Determiner, Frame, Phrase, Reading, Role, Span, Token, Value},
};

/// All of those who are meant.
pub(in crate::plan) const CROWD: [&str; 4] = ["everyone", "everybody", "anyone", "anybody"];

pub(in crate::plan) fn settle(known: &Knowledge, reading: &mut Reading) {
    let mut at = 0;
    let mut before = None;
    while at < reading.clauses.len() && reading.clauses.len() < 200 {
        if let Some(guard) = of_some(known, reading, at) {
            at = guard + 2;
            continue;
        }
        if of_each(known, reading, at).is_some() {
            at += 2;
            continue;
        }
        match narrowed(reading, at, before) {
            Some(guard) => {
                before = Some(guard);
                at += 2;
            }
            None => at += 1,
        }
    }
}

/// "a mail to each customer whose invoice is overdue": only to those, not to every entry.
fn of_some(known: &Knowledge, reading: &mut Reading, at: usize) -> Option<usize> {
    let clause = reading.clauses.get(at).filter(|clause| clause.role == Role::Act)?.clone();
    let mut frame = clause.frame.clone()?;
    let places = frame.arguments.iter().filter(|argument| matches!(argument.preposition.as_str(), "to" | "for"));
    let whom =
        places.map(|argument| &argument.phrase).chain(&frame.recipients).chain(&frame.objects).find(|phrase| {
            // "for each order whose total is above 200 send …"
            let ahead = frame.verb.as_ref().is_some_and(|verb| phrase.span.end <= verb.span.start);
            is_crowd(phrase) || phrase.determiner == Determiner::Each && (ahead || known.is_item_person(&phrase.head))
        })?;
    let (from, mut own) = (whom.span.clone(), whom.clone());
    let crowd = is_crowd(&own);
    if crowd {
        (own.head, own.pronoun, own.determiner) = ("person".to_owned(), false, Determiner::Each);
    }
    let relative = (from.start + 1..clause.span.end).find(|at| match word(reading, *at) {
        Some("who" | "whose") => true,
        // "remind everyone that the report is due"
        Some("that") => !crowd,
        _ => false,
    })?;
    // "every row in my sheet that is late"
    let place = frame.arguments.iter().map(|argument| &argument.phrase.span).find(|span| span.start == from.end + 1);
    let place = place.filter(|span| span.end >= relative && span.start < relative).cloned();
    if relative > from.end + 1 && place.is_none() {
        return None;
    }
    let end = (relative..clause.span.end)
        .find(|at| reading.tokens.get(*at).and_then(Token::mark).is_some())
        .unwrap_or(clause.span.end);
    // What is done comes behind it.
    let verb = frame.verb.as_ref().map_or(0, |verb| verb.span.start);
    let behind = place.as_ref().or(own.tail.as_ref()).map(|span| span.end);
    let end = behind.filter(|end| *end <= verb).unwrap_or(end);
    if relative > verb && from.end <= verb {
        return None;
    }
    // "… in my Google Sheet whose birthday is today", "… whose birthday is today, from my Google Sheet"
    let holds = |argument: &&Argument| {
        let phrase = &argument.phrase;
        let near = place.as_ref() == Some(&phrase.span) || phrase.span.start >= end;
        let kept = keeps(known, phrase) || known.source(&phrase.head).is_some();
        near && kept && matches!(argument.preposition.as_str(), "in" | "from" | "of" | "on")
    };
    let home = frame.arguments.iter().find(holds).cloned();
    let inside = |span: &Span| span.start >= relative && span.end <= end;
    frame.objects.retain(|phrase| !inside(&phrase.span));
    frame.arguments.retain(|argument| !inside(&argument.phrase.span));
    frame.complement = frame.complement.take().filter(|span| !inside(span));
    let plain = |phrase: &mut Phrase| {
        if phrase.span == from || place.as_ref() == Some(&phrase.span) {
            (phrase.span.end, phrase.tail) = (relative.min(phrase.span.end), None);
        }
    };
    frame.objects.iter_mut().chain(&mut frame.recipients).for_each(plain);
    frame.arguments.iter_mut().map(|argument| &mut argument.phrase).for_each(plain);
    let first = if home.is_some() { relative } else { from.start };
    let guard = Clause {
        span: first..end,
        role: Role::Condition,
        sentence: clause.sentence,
        under: clause.under,
        frame: Some(Frame { objects: vec![Phrase { tail: None, ..own.clone() }], ..Frame::default() }),
    };
    let (sentence, under) = (clause.sentence, clause.under);
    if from.end <= verb {
        // What is done with each is said of the guard, and of all that follows.
        frame
            .arguments
            .retain(|argument| argument.phrase.span.start != from.start && place != Some(argument.phrase.span.clone()));
        let behind = reading.clauses.iter().enumerate().skip(at + 1);
        let series =
            behind.take_while(|(_, next)| next.sentence == sentence && next.role == Role::Act && next.under == under);
        let series: Vec<usize> = series.map(|(next, _)| next).collect();
        for next in series {
            if let Some(next) = reading.clauses.get_mut(next) {
                next.under = Some(at);
            }
        }
    }
    let Some(home) = home else {
        splice(reading, at, vec![guard, Clause { under: Some(at), frame: Some(frame), ..clause }]);
        return Some(at);
    };
    let cut = |mut phrase: Phrase| {
        if phrase.span.start < relative {
            phrase.span.end = phrase.span.end.min(relative);
        }
        phrase
    };
    let (own, home) = (cut(own), Argument { phrase: cut(home.phrase), ..home });
    let each = taken_one_by_one(&clause, &mut frame, &own, &home);
    let guard = Clause { under: Some(at), ..guard };
    let act = Clause { under: Some(at + 1), frame: Some(frame), ..clause };
    splice(reading, at, vec![each, guard, act]);
    for next in reading.clauses.iter_mut().skip(at + 3).filter(|next| next.under == Some(at)) {
        next.under = Some(at + 1);
    }
    Some(at + 1)
}

/// Whether a phrase names a service that keeps entries.
fn keeps(known: &Knowledge, phrase: &Phrase) -> bool {
    phrase.services.iter().any(|service| known.container(service).is_some())
}

fn is_crowd(phrase: &Phrase) -> bool {
    CROWD.contains(&phrase.head.as_str())
}

/// "Send a greeting to each customer in my Google Sheet": the customers are read there first.
fn of_each(known: &Knowledge, reading: &mut Reading, at: usize) -> Option<()> {
    let clause = reading.clauses.get(at).filter(|clause| clause.role == Role::Act)?.clone();
    let mut frame = clause.frame.clone()?;
    let verb = frame.verb.as_ref()?;
    let writes = known.composes(&verb.lemma);
    (writes || known.is(&verb.lemma, Class::Tell)).then_some(())?;
    let verb = verb.span.start;
    let to = |argument: &&Argument| argument.preposition == "to" || writes && argument.preposition == "for";
    let places = frame.arguments.iter().filter(to).map(|argument| &argument.phrase);
    let whom = places.chain(&frame.recipients).find(|phrase| {
        let each = phrase.determiner == Determiner::Each && known.is_item_person(&phrase.head);
        each && phrase.span.start > verb && phrase.tail.is_none()
    })?;
    let own = whom.clone();
    let home = frame.arguments.iter().find(|argument| {
        let near = argument.phrase.span.start == own.span.end + 1;
        near && keeps(known, &argument.phrase) && matches!(argument.preposition.as_str(), "in" | "from" | "of" | "on")
    });
    let home = home.cloned()?;
    let each = taken_one_by_one(&clause, &mut frame, &own, &home);
    // "Write a mail for each lead in my sheet": about the one whose turn it is.
    frame.arguments.retain(|argument| argument.preposition != "for" || argument.phrase.span != own.span);
    let (sentence, under) = (clause.sentence, clause.under);
    splice(reading, at, vec![each, Clause { under: Some(at), frame: Some(frame), ..clause }]);
    // "… and email it to them"
    let behind = reading.clauses.iter_mut().skip(at + 2);
    let series = behind.take_while(|next| next.sentence == sentence && next.role == Role::Act && next.under == under);
    let of_them = |next: &&mut Clause| {
        let phrases = next.frame.iter().flat_map(|frame| {
            let others = frame.arguments.iter().map(|argument| &argument.phrase);
            frame.objects.iter().chain(&frame.recipients).chain(others)
        });
        phrases.into_iter().any(|phrase| matches!(phrase.head.as_str(), "it" | "them" | "him" | "her" | "each"))
    };
    series.filter(of_them).for_each(|next| next.under = Some(at));
    Some(())
}

/// The clause that takes the entries of `home` one by one; `frame` speaks of each as "them" after it.
fn taken_one_by_one(clause: &Clause, frame: &mut Frame, own: &Phrase, home: &Argument) -> Clause {
    let from = own.span.clone();
    let them = |phrase: &mut Phrase| {
        if phrase.span.start == from.start {
            *phrase = Phrase { head: "them".to_owned(), pronoun: true, span: from.clone(), ..Phrase::default() };
        }
    };
    frame.arguments.retain(|argument| argument.phrase.span.start != home.phrase.span.start);
    frame.arguments.iter_mut().map(|argument| &mut argument.phrase).for_each(them);
    frame.objects.iter_mut().chain(&mut frame.recipients).for_each(them);
    let of = Argument { preposition: "for".to_owned(), phrase: Phrase { tail: None, ..own.clone() } };
    let home = Argument { preposition: "in".to_owned(), phrase: Phrase { tail: None, ..home.phrase.clone() } };
    let read = Frame { arguments: vec![of, home], ..Frame::default() };
    Clause { span: from, role: Role::Loop, frame: Some(read), ..clause.clone() }
}

/// "Rows with an amount over 1000 go to …, rows under that …": the way that an entry goes by what narrows it.
fn narrowed(reading: &mut Reading, at: usize, before: Option<usize>) -> Option<usize> {
    let clause = reading.clauses.get(at).filter(|clause| clause.role == Role::Act)?.clone();
    let mut frame = clause.frame.clone()?;
    let verb = frame.verb.as_ref()?.span.start;
    let subject =
        frame.subject.clone().filter(|subject| subject.plural && !subject.pronoun && subject.tail.is_none())?;
    let goes = frame.passive || matches!(frame.verb.as_ref()?.lemma.as_str(), "go" | "get" | "land" | "become");
    // "entries from https://… are translated": where they are, not which.
    let place = |phrase: &Phrase| {
        let value = |at: &usize| reading.tokens.get(*at).and_then(Token::value);
        !phrase.services.is_empty() || phrase.values.iter().any(|at| matches!(value(at), Some(Value::Url(_))))
    };
    let narrows = |argument: &Argument| {
        argument.phrase.span.end <= verb
            && !(argument.preposition == "from" && place(&argument.phrase))
            && NARROWS.contains(&argument.preposition.as_str())
    };
    if !goes || !frame.arguments.iter().any(narrows) {
        return None;
    }
    // "under that": the other side of what was said before.
    let other = frame.arguments.iter().filter(|argument| narrows(argument)).all(|argument| argument.phrase.pronoun);
    frame.arguments.retain(|argument| !narrows(argument));
    frame.subject = None;
    done_with_it(&mut frame, &subject);
    let end = (subject.span.end..verb)
        .rfind(|at| word(reading, *at).is_none_or(|word| NARROWS.contains(&word) || !is_empty(word)))?
        + 1;
    let guard = Clause {
        span: clause.span.start..end,
        role: match before.filter(|_| other) {
            Some(of) => Role::Otherwise(of),
            None => Role::Condition,
        },
        sentence: clause.sentence,
        under: clause.under,
        frame: (!other).then(|| Frame { objects: vec![Phrase { tail: None, ..subject }], ..Frame::default() }),
    };
    let act = Clause { span: end..clause.span.end, under: Some(at), frame: Some(frame), ..clause };
    splice(reading, at, vec![guard, act]);
    Some(at)
}

/// "Bugs become issues", "complaints go to Slack", "the rest gets a label": what is said of a kind is done with it.
fn done_with_it(frame: &mut Frame, subject: &Phrase) {
    let it = Phrase { head: "it".to_owned(), pronoun: true, span: subject.span.clone(), ..Phrase::default() };
    let Some(verb) = &mut frame.verb else { return };
    if verb.lemma == "become" {
        "create".clone_into(&mut verb.lemma);
        for object in &mut frame.objects {
            (object.determiner, object.plural) = (Determiner::Some, false);
        }
    } else if matches!(verb.lemma.as_str(), "get" | "receive") && !frame.objects.is_empty() {
        let label = frame.objects.iter().any(|object| matches!(object.head.as_str(), "label" | "tag"));
        if label { "add" } else { "send" }.clone_into(&mut verb.lemma);
    } else if frame.objects.is_empty() {
        frame.passive = false;
        frame.objects.push(it);
        if matches!(verb.lemma.as_str(), "go" | "come" | "land" | "get") {
            "send".clone_into(&mut verb.lemma);
        }
    }
}

/// Words in front of what narrows a thing.
const NARROWS: [&str; 8] = ["with", "without", "over", "under", "above", "below", "about", "from"];
