//! Cases that bear the names of the kinds that an act sorts into: "Classify it as bug or billing. Bugs go to Linear,
//! billing to finance@example.com, for bugs …".

use super::recut::{reread, splice, word};
use crate::{
    knowledge::Knowledge,
    reading::{Argument, Clause, Determiner, Frame, Mark, Phrase, Reading, Role, Span, Token, Verb},
};

/// How far back the act may lie that names the kinds.
const REACH: usize = 12;
pub(super) const SORTERS: [&str; 15] = [
    "classify",
    "categorise",
    "sort",
    "triage",
    "label",
    "tag",
    "split",
    "divide",
    "decide",
    "determine",
    "detect",
    "identify",
    "judge",
    "check",
    "mark",
];
/// Between a kind's name and what is done with it.
const THINGS: [&str; 12] =
    ["ones", "one", "mails", "emails", "messages", "tickets", "items", "entries", "requests", "leads", "posts", "rows"];
const BEFORE: [&str; 10] = ["and", "but", "then", "the", "all", "any", "if", "it's", "for", "a"];

/// A kind that stands where a case begins.
struct Label {
    start: usize,
    name: Span,
    rest: usize,
    /// "for bugs": an act of its own follows.
    prepositional: bool,
}

/// The kinds that an act tells apart.
pub(in crate::plan) fn kinds(reading: &Reading, at: usize) -> Vec<Vec<String>> {
    let Some(clause) = reading.clauses.get(at) else { return Vec::new() };
    let Some(frame) = clause.frame.as_ref() else { return Vec::new() };
    if !frame.verb.as_ref().is_some_and(|verb| SORTERS.contains(&verb.lemma.as_str())) {
        return Vec::new();
    }
    let text = |span: &Span| span.clone().filter_map(|at| word(reading, at)).map(singular).collect::<Vec<_>>();
    let into = frame.arguments.iter().filter(|argument| matches!(argument.preposition.as_str(), "as" | "into"));
    let mut kinds: Vec<Vec<String>> = into.map(|argument| text(&argument.phrase.span)).collect();
    if let Some(span) = &frame.complement {
        let cut = |at: usize| {
            let comma = reading.tokens.get(at).and_then(Token::mark) == Some(Mark::Comma);
            comma || matches!(word(reading, at), Some("or" | "is" | "it's" | "as"))
        };
        let mut from = span.start;
        for at in span.clone().filter(|at| cut(*at)).chain([span.end]) {
            kinds.push(text(&(from..at)));
            from = at + 1;
        }
        kinds.remove(0);
    }
    // "Sort them by urgency (low, medium, high)"
    let mark = |at: &usize, mark: Mark| reading.tokens.get(*at).and_then(Token::mark) == Some(mark);
    let open = clause.span.clone().find(|at| mark(at, Mark::Open));
    let close = clause.span.clone().rfind(|at| mark(at, Mark::Close));
    if let (true, Some((open, close))) = (kinds.is_empty(), open.zip(close).filter(|(open, close)| open + 3 < *close)) {
        let cut = |at: &usize| mark(at, Mark::Comma) || matches!(word(reading, *at), Some("or" | "and"));
        let mut from = open + 1;
        for at in (open + 1..close).filter(cut).chain([close]) {
            kinds.push(text(&(from..at)));
            from = at + 1;
        }
        kinds.retain(|kind| !kind.is_empty());
    }
    // "Categorise it: bug, feature, other", "… (bug, feature, other)"
    if let Some(list) = reading.clauses.get(at + 1).and_then(|next| next.frame.as_ref())
        && kinds.is_empty()
        && list.verb.is_none()
        && list.arguments.is_empty()
        && list.objects.len() > 1
    {
        kinds = list.objects.iter().map(|phrase| text(&phrase.span)).collect();
    }
    for kind in &mut kinds {
        kind.retain(|word| !matches!(word.as_str(), "a" | "an" | "the" | "either" | "or" | "and"));
    }
    kinds.retain(|kind| (1..4).contains(&kind.len()));
    if kinds.len() > 1 { kinds } else { Vec::new() }
}

fn singular(word: &str) -> String {
    let one = word.strip_suffix('s').filter(|one| one.len() > 2 && !one.ends_with('s'));
    one.unwrap_or(word).to_lowercase()
}

/// "Label it as bug, feature or question": which one it is is found out first, then that label is given; "add the label"
/// gives what was found out before. Returns how many clauses there are instead.
pub(in crate::plan) fn labelled(known: &Knowledge, reading: &mut Reading, at: usize) -> Option<usize> {
    let clause = reading.clauses.get(at).filter(|clause| clause.role == Role::Act)?.clone();
    let mut frame = clause.frame.clone()?;
    let lemma = frame.verb.as_ref()?.lemma.clone();
    let is = |argument: &Argument| matches!(argument.preposition.as_str(), "as" | "into");
    if SORTERS.contains(&lemma.as_str()) && frame.arguments.iter().filter(|argument| is(argument)).count() > 1 {
        // "into Sales, Support and Other": names of kinds, not of services.
        for phrase in frame.arguments.iter_mut().filter(|argument| is(argument)).map(|argument| &mut argument.phrase) {
            if phrase.head.is_empty() && phrase.services.iter().any(|service| !known.has_service(service)) {
                phrase.services.clear();
                phrase.head = phrase.span.clone().find_map(|at| word(reading, at)).unwrap_or_default().to_owned();
            }
        }
        reading.clauses.get_mut(at)?.frame = Some(frame.clone());
    }
    // "…, and open a ticket if it is a bug": all are sorted, whatever they are.
    let outer = match clause.under.filter(|under| *under > at).and_then(|under| reading.clauses.get(under)) {
        Some(guard) if guard.role == Role::Condition => guard.under,
        _ => clause.under,
    };
    let clause = Clause { under: outer, ..clause };
    let it =
        Phrase { span: clause.span.end..clause.span.end, head: "it".to_owned(), pronoun: true, ..Phrase::default() };
    let list = [Mark::Open, Mark::Colon].map(Some);
    let listed =
        |at: usize| word(reading, at) == Some("or") || list.contains(&reading.tokens.get(at).and_then(Token::mark));
    let either = clause.span.clone().any(listed);
    if matches!(lemma.as_str(), "label" | "tag" | "mark") && either && kinds(reading, at).len() > 1 {
        let verb = frame.verb.clone();
        "classify".clone_into(&mut frame.verb.as_mut()?.lemma);
        each(&mut frame);
        // What the label is called was found out: no other word of the sentence is its name.
        let said = verb.as_ref().map_or(clause.span.start, |verb| verb.span.end);
        let ends = frame.objects.iter().filter(|object| object.pronoun && object.span.start == said);
        let span = clause.span.start..ends.map(|object| object.span.end).next().unwrap_or(said);
        let give =
            Clause { span, frame: Some(Frame { verb, objects: vec![it], ..Frame::default() }), ..clause.clone() };
        splice(reading, at, vec![Clause { frame: Some(frame), ..clause }, give]);
        return Some(2);
    }
    // "… and add the label"
    let label = |phrase: &Phrase| {
        phrase.determiner == Determiner::The
            && matches!(phrase.head.as_str(), "label" | "tag")
            && phrase.values.is_empty()
    };
    let adds = matches!(lemma.as_str(), "add" | "apply" | "set" | "assign" | "give" | "attach");
    if !adds || !matches!(frame.objects.as_slice(), [phrase] if label(phrase)) {
        return None;
    }
    let sorts = |frame: &Frame| {
        let verb = frame.verb.as_ref().map_or("", |verb| verb.lemma.as_str());
        SORTERS.contains(&verb) || matches!(verb, "ask" | "find" | "prioritise" | "rate")
    };
    let mut before = reading.clauses.get_mut(at.saturating_sub(REACH)..at)?.iter_mut();
    let sorter = before.rfind(|before| before.role == Role::Act && before.frame.as_ref().is_some_and(sorts));
    if let Some(sorter) = sorter {
        sorter.frame.iter_mut().for_each(each);
        "label".clone_into(&mut frame.verb.as_mut()?.lemma);
        frame.objects = vec![it];
        reading.clauses.get_mut(at)?.frame = Some(frame);
    }
    None
}

/// Each has a label of its own.
fn each(frame: &mut Frame) {
    for phrase in frame.objects.iter_mut().filter(|phrase| phrase.plural && !phrase.pronoun) {
        (phrase.determiner, phrase.plural) = (Determiner::Each, false);
    }
}

/// Cuts an act where a kind begins a case of its own. Its parts are looked at again: each is shorter than the act was.
pub(in crate::plan) fn told_by_kind(known: &Knowledge, reading: &mut Reading, at: usize) -> Option<usize> {
    let clause = reading.clauses.get(at)?.clone();
    let kinds =
        (at.saturating_sub(REACH)..at).rev().map(|before| kinds(reading, before)).find(|kinds| !kinds.is_empty())?;
    let frame = clause.frame.as_ref()?;
    if let Some(cut) = all_of_kind(reading, at, &clause, &kinds) {
        return Some(cut);
    }
    if let Some(cut) = only_of_kind(reading, at, &clause, &kinds) {
        return Some(cut);
    }
    let labels = labels(reading, &clause, &kinds);
    // "Bug: …", "For bugs, …"
    if matches!(clause.role, Role::Condition | Role::Loop) && frame.verb.is_none() {
        // "Urgent ones" are a case already.
        frame.objects.first().filter(|phrase| !matches!(phrase.head.as_str(), "" | "one"))?;
        let label = labels.first()?;
        let named = named(reading, &label.name);
        let clause = reading.clauses.get_mut(at)?;
        (clause.role, clause.frame.as_mut()?.objects) = (Role::Condition, vec![named]);
        return Some(1);
    }
    // "Invoices go to #billing, …": nothing that happens.
    let goes = clause.role == Role::Trigger && labels.first().is_some_and(|label| label.start == clause.span.start);
    if !(clause.role == Role::Act || goes) || labels.is_empty() {
        return None;
    }
    let mut all: Vec<Clause> = Vec::new();
    let mut guard = clause.under;
    let outer = clause
        .under
        .and_then(|under| reading.clauses.get(under))
        .map_or(clause.under, |under| if under.role == Role::Condition { under.under } else { clause.under });
    let first = labels.first()?.start;
    if first > clause.span.start {
        all.extend(reread(known, reading, clause.span.start..first, None));
        let subject = frame.subject.clone();
        if let Some(frame) = all.first_mut().and_then(|act| act.frame.as_mut()).filter(|frame| frame.subject.is_none())
        {
            frame.subject = subject;
        }
        all.iter_mut().for_each(|act| (act.under, act.sentence) = (guard, clause.sentence));
    }
    for (index, label) in labels.iter().enumerate() {
        let end = labels.get(index + 1).map_or(clause.span.end, |next| next.start);
        guard = Some(at + all.len());
        let frame = Frame { objects: vec![named(reading, &label.name)], ..Frame::default() };
        all.push(Clause {
            span: label.start..label.rest,
            role: Role::Condition,
            sentence: clause.sentence,
            under: outer,
            frame: Some(frame),
        });
        let mut acts = reread(known, reading, label.rest..end, (!label.prepositional).then_some("it"));
        for act in &mut acts {
            (act.under, act.sentence) = (guard, clause.sentence);
            let Some(frame) = &mut act.frame else { continue };
            if label.prepositional || frame.subject.as_ref().is_some_and(|subject| !subject.pronoun) {
                continue;
            }
            // "billing to finance@example.com"
            if frame.verb.is_none() {
                frame.objects.clear();
                frame.verb = Some(Verb { lemma: "go".to_owned(), particle: None, span: label.rest..label.rest });
            }
            frame.subject = Some(named(reading, &label.name));
        }
        all.extend(acts);
    }
    let count = all.len();
    splice(reading, at, all);
    // What follows in the sentence is done in the last case.
    for next in at + count..reading.clauses.len() {
        let Some(next) = reading.clauses.get_mut(next) else { break };
        if next.sentence != clause.sentence || next.role != Role::Act || next.under != clause.under {
            break;
        }
        next.under = guard;
    }
    Some(0)
}

/// "Post the technical ones to Slack": a case, and what is done with it. Returns how many clauses there are instead.
fn only_of_kind(reading: &mut Reading, at: usize, clause: &Clause, kinds: &[Vec<String>]) -> Option<usize> {
    let mut frame = clause.frame.clone().filter(|frame| clause.role == Role::Act && frame.verb.is_some())?;
    let object = frame.objects.first_mut().filter(|object| object.tail.is_none() && object.services.is_empty())?;
    let thing = object.span.end.checked_sub(1)?;
    word(reading, thing).filter(|word| THINGS.contains(word))?;
    let is_named = |kind: &&Vec<String>| {
        let start = thing.saturating_sub(kind.len()).max(object.span.start);
        (start..thing).filter_map(|at| word(reading, at)).map(singular).eq(kind.iter().cloned())
    };
    let name = thing - kinds.iter().find(is_named)?.len()..thing;
    let end = object.span.end;
    *object = Phrase { span: end..end, head: "it".to_owned(), pronoun: true, ..Phrase::default() };
    guarded(reading, at, &name, frame);
    Some(2)
}

/// "Post the bugs to Slack", "create an issue for the bugs": each that is of this kind.
fn all_of_kind(reading: &mut Reading, at: usize, clause: &Clause, kinds: &[Vec<String>]) -> Option<usize> {
    let mut frame = clause.frame.clone().filter(|frame| clause.role == Role::Act && frame.verb.is_some())?;
    let is_kind = |phrase: &Phrase| {
        let words: Vec<&str> = phrase.modifiers.iter().map(String::as_str).chain([phrase.head.as_str()]).collect();
        let plain = phrase.tail.is_none() && phrase.services.is_empty() && phrase.values.is_empty();
        let all = phrase.plural && matches!(phrase.determiner, Determiner::None | Determiner::The | Determiner::All);
        plain && all && kinds.iter().any(|kind| kind.iter().map(|word| singular(word)).eq(words.iter().copied()))
    };
    let name = match frame.objects.first_mut().filter(|object| is_kind(object)) {
        Some(object) => {
            let span = object.span.clone();
            *object = Phrase { span: span.clone(), head: "it".to_owned(), pronoun: true, ..Phrase::default() };
            span
        }
        None => {
            let held = |argument: &Argument| {
                matches!(argument.preposition.as_str(), "for" | "from" | "of") && is_kind(&argument.phrase)
            };
            let at = frame.arguments.iter().position(held)?;
            frame.arguments.remove(at).phrase.span
        }
    };
    let name = name.clone().filter(|at| word(reading, *at).is_some_and(|word| !LEADS.contains(&word))).min()?..name.end;
    guarded(reading, at, &name, frame);
    Some(2)
}

const LEADS: [&str; 3] = ["the", "all", "any"];

/// The name of a kind as a case has it.
fn named(reading: &Reading, span: &Span) -> Phrase {
    let modifiers = span.clone().filter_map(|at| word(reading, at)).map(singular).collect();
    Phrase { span: span.clone(), modifiers, ..Phrase::default() }
}

fn labels(reading: &Reading, clause: &Clause, kinds: &[Vec<String>]) -> Vec<Label> {
    let mark = |at: usize| reading.tokens.get(at).and_then(Token::mark);
    let mut labels = Vec::new();
    let mut at = clause.span.start;
    let mut begins = true;
    while at < clause.span.end {
        let start = at;
        let mut prepositional = false;
        while begins && word(reading, at).is_some_and(|word| BEFORE.contains(&word)) {
            prepositional |= matches!(word(reading, at), Some("for" | "if"));
            at += 1;
        }
        let found = kinds.iter().filter(|_| begins).find(|kind| {
            kind.iter().enumerate().all(|(ahead, kind)| {
                at + ahead < clause.span.end && word(reading, at + ahead).is_some_and(|word| singular(word) == *kind)
            })
        });
        if let Some(kind) = found {
            let name = at..at + kind.len();
            let mut rest = name.end;
            while word(reading, rest).is_some_and(|word| THINGS.contains(&word))
                || mark(rest).is_some() && prepositional
            {
                rest += 1;
            }
            let whole = clause.frame.as_ref().is_some_and(|frame| frame.verb.is_none());
            let goes = word(reading, rest).is_some_and(|word| ROUTES.contains(&word));
            if prepositional || goes || whole {
                labels.push(Label { start, name, rest: rest.min(clause.span.end), prepositional });
            }
            at = rest;
            begins = false;
            continue;
        }
        begins =
            matches!(mark(at), Some(Mark::Comma | Mark::Semicolon | Mark::Line)) || word(reading, at) == Some("and");
        at += 1;
    }
    labels
}

/// What a kind's name is followed by if something is done with it.
const ROUTES: [&str; 18] = [
    "go", "goes", "get", "gets", "become", "becomes", "are", "is", "should", "must", "need", "needs", "to", "into",
    "will", "land", "belong", "turn",
];

/// Puts a kind in front of an act as the condition that it waits for.
fn guarded(reading: &mut Reading, at: usize, name: &Span, frame: Frame) {
    let Some(clause) = reading.clauses.get(at).cloned() else { return };
    let of_kind = Frame { objects: vec![named(reading, name)], ..Frame::default() };
    let guard = Clause { span: name.clone(), role: Role::Condition, frame: Some(of_kind), ..clause.clone() };
    let act = Clause { under: Some(at), frame: Some(frame), ..clause };
    splice(reading, at, vec![guard, act]);
}
