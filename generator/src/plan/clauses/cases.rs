//! Brings the forms of one and the same guard together: "bad ones go to support", "high: post it", "after approval",
//! "an hour before each meeting", "no results, no mail". What comes out are clauses as the reading has them.

use super::{
    approval::{approved, late, shown},
    kinds::told_by_kind,
    predicate,
    recut::{JOINTS, remove, reread, splice, word},
    sorted::{kinds_behind, parts_behind},
};
use crate::{
    knowledge::Knowledge,
    plan::wording::time,
    reading::{self, Clause, Determiner, Frame, Mark, Phrase, Reading, Role, Span},
};

pub(in crate::plan) fn settle(known: &Knowledge, reading: &mut Reading) {
    kinds_behind(reading);
    parts_behind(known, reading);
    shown(known, reading);
    late(known, reading);
    let mut at = 0;
    while at < reading.clauses.len() {
        if reading.clauses.len() > 200 {
            return;
        }
        at += predicate::tested(known, reading, at)
            .or_else(|| told_by_kind(known, reading, at))
            .or_else(|| otherwise(known, reading, at))
            .or_else(|| for_the_rest(known, reading, at))
            .or_else(|| elsewhere(reading, at))
            .or_else(|| complete(reading, at))
            .or_else(|| inner_label(known, reading, at))
            .or_else(|| approved(known, reading, at))
            .or_else(|| lead_time(known, reading, at))
            .unwrap_or(1);
    }
    events(reading);
    nothing(reading);
}

// ----- cases

/// "otherwise post it": the other way, and what is done there.
fn otherwise(known: &Knowledge, reading: &mut Reading, at: usize) -> Option<usize> {
    let clause = reading.clauses.get(at)?.clone();
    let (Role::Otherwise(_), Some(_)) = (clause.role, clause.frame.as_ref()?.verb.as_ref()) else { return None };
    let label = |token: &usize| {
        word(reading, *token).is_none_or(|word| {
            JOINTS.contains(&word) || matches!(word, "otherwise" | "else" | "if" | "not" | "so" | "no" | "yes")
        })
    };
    let cut = clause.span.clone().find(|token| !label(token)).filter(|cut| *cut > clause.span.start)?;
    let acts = reread(known, reading, cut..clause.span.end, None);
    let mut all = vec![Clause { span: clause.span.start..cut, frame: None, ..clause.clone() }];
    all.extend(acts.into_iter().map(|act| Clause { under: Some(at), sentence: clause.sentence, ..act }));
    let count = all.len();
    splice(reading, at, all);
    Some(count)
}

/// "…, and for the rest draft a reply": what is done in none of the cases before.
fn for_the_rest(known: &Knowledge, reading: &mut Reading, at: usize) -> Option<usize> {
    let clause = reading.clauses.get(at).filter(|clause| matches!(clause.role, Role::Act | Role::Loop))?.clone();
    let joint = |at: &usize| word(reading, *at).is_none_or(|word| matches!(word, "and" | "but"));
    let first = clause.span.clone().find(|at| !joint(at)).filter(|at| word(reading, *at) == Some("for"))?;
    let label = rest_at(reading, first + 1, clause.span.end)?;
    let of = reading.clauses.get(..at)?.iter().rposition(|before| before.role == Role::Condition)?;
    let acts = reread(known, reading, label.end..clause.span.end, None);
    (!acts.is_empty()).then_some(())?;
    let under = reading.clauses.get(of)?.under;
    let guard = Clause {
        span: clause.span.start..label.end,
        role: Role::Otherwise(of),
        under,
        frame: None,
        sentence: clause.sentence,
    };
    let mut all = vec![guard];
    all.extend(acts.into_iter().map(|act| Clause { under: Some(at), sentence: clause.sentence, ..act }));
    let count = all.len();
    splice(reading, at, all);
    Some(count)
}

/// "post it to #urgent, otherwise to #later": the same act, with another place.
fn elsewhere(reading: &mut Reading, at: usize) -> Option<usize> {
    let clause = reading.clauses.get(at)?.clone();
    let Role::Otherwise(of) = clause.role else { return None };
    let frame = clause.frame.as_ref().filter(|frame| frame.verb.is_none() && frame.objects.is_empty())?;
    let first = frame.arguments.first()?;
    let same = |argument: &reading::Argument| frame.arguments.iter().any(|own| own.preposition == argument.preposition);
    let done = |act: &&Clause| {
        let placed = act.frame.as_ref().is_some_and(|frame| frame.verb.is_some() && frame.arguments.iter().any(same));
        act.role == Role::Act && act.under == Some(of) && placed
    };
    let mut again = reading.clauses.iter().rev().find(done)?.frame.clone()?;
    again.arguments.retain(|argument| !same(argument));
    again.arguments.extend(frame.arguments.clone());
    let cut = first.phrase.span.start.saturating_sub(1).max(clause.span.start + 1);
    again.verb.as_mut()?.span = cut..cut;
    let guard = Clause { span: clause.span.start..cut, frame: None, ..clause.clone() };
    let act = Clause { span: cut..clause.span.end, role: Role::Act, under: Some(at), frame: Some(again), ..clause };
    splice(reading, at, vec![guard, act]);
    Some(2)
}

/// What a case is done with: "low ones are archived", "good ones get a thank-you".
fn complete(reading: &mut Reading, at: usize) -> Option<usize> {
    let act = reading.clauses.get(at).filter(|clause| clause.role == Role::Act)?;
    let case =
        reading.clauses.get(act.under?)?.frame.as_ref().filter(|case| case.verb.is_none())?.objects.first()?.clone();
    let frame = reading.clauses.get_mut(at)?.frame.as_mut()?;
    frame.subject.take_if(|subject| *subject == case)?;
    let them =
        |head: &str| Phrase { head: head.to_owned(), pronoun: true, span: case.span.clone(), ..Phrase::default() };
    let verb = frame.verb.as_mut()?;
    if matches!(verb.lemma.as_str(), "get" | "receive") && !frame.objects.is_empty() {
        "send".clone_into(&mut verb.lemma);
        frame.recipients.push(them("them"));
    } else if frame.objects.is_empty() {
        frame.passive = false;
        frame.objects.push(them("it"));
        if matches!(verb.lemma.as_str(), "go" | "come" | "land") {
            "send".clone_into(&mut verb.lemma);
        }
    } else if verb.lemma == "become" {
        "create".clone_into(&mut verb.lemma);
    }
    Some(1)
}

/// "…, high: post to Slack, the rest: …": the label stands at the end of the act before.
fn inner_label(known: &Knowledge, reading: &mut Reading, at: usize) -> Option<usize> {
    let clause = reading.clauses.get(at).filter(|clause| clause.role == Role::Act)?.clone();
    let last = clause.span.end.checked_sub(1)?;
    let before = at.checked_sub(1).and_then(|before| reading.clauses.get(before))?.clone();
    let is_label = |clause: &Clause| {
        matches!(clause.role, Role::Condition | Role::Title | Role::Otherwise(_))
            && clause.frame.as_ref().is_none_or(|frame| frame.verb.is_none())
    };
    if reading.tokens.get(last)?.mark() != Some(Mark::Colon) || !is_label(&before) || at + 1 >= reading.clauses.len() {
        return None;
    }
    let start = (clause.span.start..last).rev().find(|token| {
        matches!(
            reading.tokens.get(*token).and_then(reading::Token::mark),
            Some(Mark::Comma | Mark::Semicolon | Mark::Line)
        )
    })?;
    if last - start > 5 {
        return None;
    }
    if let Some(before) = reading.clauses.get_mut(at - 1).filter(|before| before.role == Role::Title) {
        before.role = Role::Condition;
    }
    let guard = at - 1;
    let acts = reread(known, reading, clause.span.start..start, None);
    let added = acts.len();
    let mut all: Vec<Clause> = acts;
    for act in &mut all {
        (act.under, act.sentence) = (Some(guard), clause.sentence);
    }
    let label = start + 1..last;
    all.push(case(reading, start..clause.span.end, label, clause.sentence, before.under, guard));
    splice(reading, at, all);
    let case = at + added;
    // What stands behind the label is done in this case.
    for next in case + 1..reading.clauses.len() {
        let Some(next) = reading.clauses.get_mut(next) else { break };
        if next.sentence != clause.sentence || next.role != Role::Act {
            break;
        }
        if next.under == Some(guard) || next.under == before.under {
            next.under = Some(case);
        }
    }
    Some(added + 1)
}

/// "the rest", "all others", "everything else"
fn rest_at(reading: &Reading, first: usize, end: usize) -> Option<Span> {
    let word = |at: usize| (at < end).then(|| word(reading, at)).flatten();
    let skip = usize::from(matches!(word(first), Some("the" | "all" | "any")));
    match (word(first + skip)?, word(first + skip + 1)) {
        ("everything" | "anything", Some("else")) => Some(first..first + skip + 2),
        ("rest" | "others" | "remaining", _) if skip > 0 || word(first) == Some("others") => {
            Some(first..first + skip + 1)
        }
        _ => None,
    }
}

pub(in crate::plan) fn case(
    reading: &Reading,
    span: Span,
    label: Span,
    sentence: usize,
    under: Option<usize>,
    before: usize,
) -> Clause {
    let rest = rest_at(reading, label.start, label.end).is_some() || word(reading, label.start) == Some("else");
    let of = reading.clauses.get(before).filter(|clause| clause.role == Role::Condition).map(|_| before);
    let role = match of {
        Some(of) if rest => Role::Otherwise(of),
        _ => Role::Condition,
    };
    let modifiers =
        label.clone().filter_map(|at| word(reading, at)).filter(|word| *word != "ones").map(str::to_owned).collect();
    let phrase = Phrase { span: label, modifiers, ..Phrase::default() };
    Clause { span, role, sentence, under, frame: Some(Frame { objects: vec![phrase], ..Frame::default() }) }
}

// ----- triggers

/// "An hour before each meeting", "the day before a task is due": starts the agent, some time off.
fn lead_time(known: &Knowledge, reading: &mut Reading, at: usize) -> Option<usize> {
    let clause = reading.clauses.get(at)?.clone();
    if !matches!(clause.role, Role::Act | Role::Trigger | Role::Restriction | Role::Schedule) {
        return None;
    }
    let mut end = clause.span.end;
    let has = |span: &Span| span.clone().find(|token| matches!(word(reading, *token), Some("before" | "after")));
    // "The day | before a task is due"
    let next = reading.clauses.get(at + 1).filter(|next| {
        next.sentence == clause.sentence
            && clause.span.len() <= 3
            && next.role == Role::Restriction
            && has(&next.span) == Some(next.span.start)
    });
    end = next.map_or(end, |next| next.span.end);
    let cut = has(&(clause.span.start..end))?;
    time::lead(reading, &(clause.span.start..cut + 1))?;
    let thing = cut + 1..end;
    let mut frame = reread(known, reading, thing, None).into_iter().next()?.frame?;
    if frame
        .verb
        .as_ref()
        .is_some_and(|verb| verb.lemma != "be" && !known.is(&verb.lemma, crate::knowledge::Class::Happen))
    {
        return None;
    }
    frame.verb = None;
    let merged = next.is_some();
    let trigger = Clause {
        span: clause.span.start..end,
        role: Role::Trigger,
        sentence: clause.sentence,
        under: None,
        frame: Some(frame),
    };
    if merged {
        remove(reading, at + 1);
    }
    splice(reading, at, vec![trigger]);
    govern(reading, at);
    Some(1)
}

/// Acts of the same sentence that depend on nothing yet depend on the trigger.
fn govern(reading: &mut Reading, trigger: usize) {
    let Some(sentence) = reading.clauses.get(trigger).map(|clause| clause.sentence) else { return };
    for (at, clause) in reading.clauses.iter_mut().enumerate() {
        let near = clause.sentence == sentence || at > trigger;
        if at != trigger && near && clause.under.is_none() && !matches!(clause.role, Role::Trigger | Role::Schedule) {
            clause.under = Some(trigger);
        }
    }
}

/// "every time there is a release", "a new PR gets opened ->": what happens, told as a condition or as an act.
fn events(reading: &mut Reading) {
    for at in 0..reading.clauses.len() {
        let Some(clause) = reading.clauses.get(at) else { return };
        let first: Vec<&str> = clause.span.clone().filter_map(|token| word(reading, token)).take(2).collect();
        let every =
            clause.role == Role::Condition && matches!(first.as_slice(), ["every" | "each", "time"] | ["whenever", ..]);
        let arrow = (clause.span.start..=clause.span.end)
            .any(|token| reading.tokens.get(token).and_then(reading::Token::mark) == Some(Mark::Arrow));
        let happens =
            clause.role == Role::Act
                && arrow
                && !reading.clauses.iter().take(at).any(|before| {
                    before.sentence == clause.sentence && matches!(before.role, Role::Act | Role::Trigger)
                })
                && clause.frame.as_ref().is_some_and(|frame| {
                    frame.verb.is_some()
                        && frame.subject.as_ref().is_some_and(|subject| {
                            !subject.pronoun
                                && (subject.determiner == Determiner::Some
                                    || subject.modifiers.iter().any(|word| word == "new"))
                        })
                });
        if every || happens {
            if let Some(clause) = reading.clauses.get_mut(at) {
                (clause.role, clause.under) = (Role::Trigger, None);
            }
            govern(reading, at);
        }
    }
}

/// "No results, no mail": one clause that says when nothing is sent, like those that the reading keeps together.
fn nothing(reading: &mut Reading) {
    let none = |clause: &Clause| {
        clause.frame.as_ref().is_some_and(|frame| {
            frame.verb.is_none() && matches!(frame.objects.as_slice(), [phrase] if phrase.determiner == Determiner::No)
        })
    };
    let mut at = 0;
    while at + 1 < reading.clauses.len() {
        let both = reading.clauses.get(at..at + 2).is_some_and(|two| {
            matches!(two, [first, second] if first.role == Role::Condition && none(first) && none(second) && first.sentence == second.sentence)
        });
        if both && let Some(second) = reading.clauses.get(at + 1).cloned() {
            remove(reading, at + 1);
            for clause in &mut reading.clauses {
                if clause.under == Some(at) {
                    clause.under = None;
                }
            }
            if let Some(first) = reading.clauses.get_mut(at) {
                first.span.end = second.span.end;
                first.role = Role::Background;
                if let (Some(frame), Some(other)) = (&mut first.frame, second.frame) {
                    frame.objects.extend(other.objects);
                }
            }
        }
        at += 1;
    }
}
