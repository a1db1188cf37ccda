//! What stands above a description: a name that reads like an act ("Customer feedback loop:"), a route whose boxes are
//! told behind it ("Sheets → OpenAI → WordPress: write …"), and the short forms that galleries have: "if negative post
//! it", "choose a language".

use super::{
    points::ENTERS,
    recut::{mark, reread, splice, word},
};
use crate::{
    knowledge::{Class, Knowledge},
    reading::{Argument, Clause, Determiner, Frame, Kind, Mark, Phrase, Reading, Role, Verb},
};

/// What a text is found to be.
const VERDICTS: [&str; 18] = [
    "positive",
    "negative",
    "neutral",
    "urgent",
    "critical",
    "important",
    "relevant",
    "irrelevant",
    "interesting",
    "valid",
    "invalid",
    "true",
    "false",
    "spam",
    "yes",
    "no",
    "high",
    "low",
];

pub(in crate::plan) fn settle(known: &Knowledge, reading: &mut Reading) {
    let _ = named(reading);
    let _ = routed(known, reading);
    let mut at = 0;
    while at < reading.clauses.len() && reading.clauses.len() < super::gallery::CLAUSES {
        let _ = chosen(reading, at);
        at += found(known, reading, at).or_else(|| each_in(known, reading, at)).unwrap_or(1);
    }
}

fn ends_with(reading: &Reading, clause: &Clause, wanted: Mark) -> bool {
    clause.span.end.checked_sub(1).and_then(|end| mark(reading, end)) == Some(wanted)
}

/// "Customer feedback loop: when …": a name, and nobody loops.
fn named(reading: &mut Reading) -> Option<()> {
    const NAMES: [&str; 8] = ["loop", "watch", "check", "monitor", "post", "report", "review", "process"];
    let (first, rest) = reading.clauses.split_first()?;
    let frame = first.frame.as_ref().filter(|frame| first.role == Role::Act && frame.objects.is_empty())?;
    let verb = frame.verb.as_ref().filter(|verb| NAMES.contains(&verb.lemma.as_str()) && verb.particle.is_none())?;
    let thing = frame.subject.as_ref().filter(|subject| subject.determiner == Determiner::None && !subject.pronoun)?;
    let bare = frame.arguments.is_empty() && frame.recipients.is_empty() && frame.complement.is_none();
    let last = verb.span.end + 1 == first.span.end && word(reading, verb.span.start) == Some(verb.lemma.as_str());
    let told = rest.iter().any(|next| matches!(next.role, Role::Act | Role::Trigger));
    (bare && last && !thing.plural && told && ends_with(reading, first, Mark::Colon)).then_some(())?;
    let first = reading.clauses.first_mut()?;
    (first.role, first.under) = (Role::Title, None);
    Some(())
}

/// "Google Sheets → OpenAI → WordPress: write an article for each row and publish it": the route says in short what is
/// told behind the colon; what only it knows is where it goes.
fn routed(known: &Knowledge, reading: &mut Reading) -> Option<()> {
    let bare = |clause: &Clause| {
        let frame = clause.frame.as_ref()?;
        let [thing] = frame.objects.as_slice() else { return None };
        let plain = frame.verb.is_none() && frame.arguments.is_empty() && frame.subject.is_none();
        let named = thing.head.is_empty() && thing.modifiers.is_empty() && thing.services.len() == 1;
        (plain && named).then(|| thing.clone())
    };
    let last =
        reading.clauses.iter().position(|clause| ends_with(reading, clause, Mark::Colon)).filter(|at| *at > 0)?;
    let (route, told) = (reading.clauses.get(..=last)?, reading.clauses.get(last + 1..)?);
    let boxes: Vec<Phrase> = route.iter().map(bare).collect::<Option<_>>()?;
    let arrows = route.iter().take(last).all(|clause| ends_with(reading, clause, Mark::Arrow));
    let verb = |clause: &Clause| clause.frame.as_ref().is_some_and(|frame| frame.verb.is_some());
    let acts = told.iter().filter(|clause| clause.role == Role::Act).count();
    (arrows && acts > 1 && told.iter().all(|clause| clause.role != Role::Act || verb(clause))).then_some(())?;
    let goal = boxes.last()?;
    let service = goal.services.first()?;
    let preposition =
        if known.channel(service).is_some() || known.container(service).is_some() { "to" } else { "with" };
    let said = |clause: &Clause| {
        clause.frame.as_ref().is_some_and(|frame| {
            let arguments = frame.arguments.iter().map(|argument| &argument.phrase);
            frame.objects.iter().chain(arguments).any(|phrase| phrase.services.contains(service))
        })
    };
    let hands = |clause: &Clause| {
        let verb = clause.frame.as_ref().and_then(|frame| frame.verb.as_ref());
        let hands = |verb: &Verb| known.is(&verb.lemma, Class::Tell) || known.is(&verb.lemma, Class::Store);
        clause.role == Role::Act && verb.is_some_and(hands)
    };
    let again = told.iter().any(said);
    let place = told.iter().rposition(hands);
    // Each box that brings something is told again, a model is any that works.
    let noun = |phrase: &Phrase, name: &str| {
        let last = phrase.head.rsplit(' ').next().filter(|last| !last.is_empty());
        last.is_some_and(|last| {
            name.to_lowercase().split(' ').any(|word| word.len() > 3 && last.ends_with(word.trim_end_matches('s')))
        })
    };
    let told_of = |name: &String| {
        let frames = told.iter().filter_map(|clause| clause.frame.as_ref());
        frames.into_iter().any(|frame| {
            let arguments = frame.arguments.iter().map(|argument| &argument.phrase);
            let mut phrases = frame.objects.iter().chain(arguments).chain(&frame.recipients).chain(&frame.subject);
            phrases.any(|phrase| phrase.services.contains(name) || noun(phrase, name))
        })
    };
    let before = boxes.iter().take(last).flat_map(|phrase| &phrase.services);
    before.into_iter().all(|name| known.is_kind(name, Kind::Model) || told_of(name)).then_some(())?;
    // Who knows nothing of the last box leaves all as it is.
    let place = if again { None } else { Some(last + 1 + place?) };
    let argument = Argument { preposition: preposition.to_owned(), phrase: goal.clone() };
    for (index, clause) in reading.clauses.iter_mut().enumerate() {
        if index <= last {
            clause.role = Role::Title;
        }
        clause.under = clause.under.filter(|under| *under > last);
        if Some(index) == place {
            clause.frame.as_mut()?.arguments.push(argument.clone());
        }
    }
    Some(())
}

/// "If negative create an issue, if positive post it": what is found, and what is done then.
fn found(known: &Knowledge, reading: &mut Reading, at: usize) -> Option<usize> {
    let clause = reading.clauses.get(at).filter(|clause| clause.role == Role::Condition)?.clone();
    let start = clause.span.clone().find(|at| matches!(word(reading, *at), Some("if" | "when")))?;
    let verdict = word(reading, start + 1).filter(|word| VERDICTS.contains(word))?.to_owned();
    let comma = mark(reading, start + 2) == Some(Mark::Comma);
    let act = start + 2 + usize::from(comma);
    (act < clause.span.end && word(reading, act).is_some_and(|word| known.is_act(word))).then_some(())?;
    let span = start + 1..start + 2;
    let be = Verb { lemma: "be".to_owned(), particle: None, span: start..start + 1 };
    let it = Phrase { span: start..start + 1, head: "it".to_owned(), pronoun: true, ..Phrase::default() };
    let thing = Phrase { span, head: verdict, ..Phrase::default() };
    let frame = Frame { verb: Some(be), subject: Some(it), objects: vec![thing], ..Frame::default() };
    let under = clause.under.filter(|under| *under < at);
    let guard = Clause { span: clause.span.start..act, frame: Some(frame), under, ..clause.clone() };
    let mut acts = reread(known, reading, act..clause.span.end, None);
    for act in &mut acts {
        (act.under, act.sentence) = (Some(at), clause.sentence);
    }
    let count = acts.len() + 1;
    for before in reading.clauses.iter_mut().take(at).filter(|before| before.under == Some(at)) {
        before.under = under;
    }
    splice(reading, at, [guard].into_iter().chain(acts).collect());
    Some(count)
}

/// "Write an article for each keyword in the sheet and publish it": they are read there, and nothing is written there.
fn each_in(known: &Knowledge, reading: &mut Reading, at: usize) -> Option<usize> {
    const TABLES: [&str; 5] = ["spreadsheet", "sheet", "table", "database", "csv file"];
    let clause = reading.clauses.get(at).filter(|clause| clause.role == Role::Act && clause.under.is_none())?.clone();
    let frame = clause.frame.as_ref().filter(|frame| !frame.negated && frame.complement.is_none())?;
    let verb = frame.verb.as_ref().filter(|verb| known.composes(&verb.lemma))?;
    let new = |phrase: &Phrase| phrase.determiner == Determiner::Some;
    let [each, place] = frame.arguments.as_slice() else { return None };
    let of = each.preposition == "for" && each.phrase.determiner == Determiner::Each && !each.phrase.pronoun;
    let lies = matches!(place.preposition.as_str(), "in" | "of" | "from")
        && place.phrase.span.start <= each.phrase.span.end + 2
        && TABLES.contains(&place.phrase.head.as_str());
    let start = each.phrase.span.start.checked_sub(1).filter(|start| *start >= verb.span.end)?;
    let end = place.phrase.span.end;
    let spoken = |at: usize| reading.tokens.get(at).is_some_and(|token| token.mark().is_none());
    let last = !(end..clause.span.end).any(spoken);
    (of && lies && last && frame.objects.iter().all(new) && !frame.objects.is_empty()).then_some(())?;
    let act = Frame { arguments: Vec::new(), ..frame.clone() };
    let each = Frame { arguments: frame.arguments.clone(), ..Frame::default() };
    let guard = Clause { span: start..clause.span.end, role: Role::Loop, frame: Some(each), ..clause.clone() };
    let act = Clause { span: clause.span.start..start, under: Some(at), frame: Some(act), ..clause.clone() };
    splice(reading, at, vec![guard, act]);
    for later in reading.clauses.iter_mut().skip(at + 2) {
        if later.sentence == clause.sentence && later.under.is_none() && later.role == Role::Act {
            later.under = Some(at);
        }
    }
    Some(2)
}

/// "Upload a PDF, choose a target language": the person does both. "Choose a title": found in the text.
fn chosen(reading: &mut Reading, at: usize) -> Option<()> {
    const MANNERS: [&str; 10] =
        ["language", "tone", "style", "format", "length", "voice", "size", "country", "currency", "dialect"];
    let verb = |clause: &Clause| Some(clause.frame.as_ref()?.verb.as_ref()?.lemma.clone());
    let before = reading.clauses.get(at.checked_sub(1)?).filter(|before| before.role == Role::Act)?;
    let (by, sentence) = (verb(before)?, before.sentence);
    let clause =
        reading.clauses.get_mut(at).filter(|clause| clause.role == Role::Act && clause.sentence == sentence)?;
    let frame = clause.frame.as_mut().filter(|frame| frame.arguments.is_empty() && !frame.negated)?;
    let open = |phrase: &Phrase| {
        let last = phrase.head.rsplit(' ').next().unwrap_or_default();
        phrase.determiner == Determiner::Some && !phrase.plural && phrase.tail.is_none() && MANNERS.contains(&last)
    };
    let verb = frame.verb.as_mut()?;
    let picks = matches!(verb.lemma.as_str(), "choose" | "select" | "specify" | "pick" | "set");
    (picks && ENTERS.contains(&by.as_str()) && frame.objects.iter().all(open)).then_some(())?;
    "enter".clone_into(&mut verb.lemma);
    Some(())
}
