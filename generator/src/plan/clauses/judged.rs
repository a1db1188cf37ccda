//! Kinds that a sentence names in passing: "the tweets that mention us as positive or negative", "judge whether it is a
//! good lead, and keep the good ones".

use super::{
    kinds::SORTERS,
    recut::{reread, splice, word},
};
use crate::{
    knowledge::Knowledge,
    reading::{Clause, Determiner, Frame, Mark, Phrase, Reading, Role, Span, Token},
};

/// How far back the act may lie that judges.
const REACH: usize = 8;
/// Verbs that find out whether something is so.
const JUDGES: &str = "judge check decide determine assess evaluate see find work tell detect verify rate score analyse";

pub(in crate::plan) fn settle(known: &Knowledge, reading: &mut Reading) {
    for at in 0..reading.clauses.len() {
        let _ = untailed(known, reading, at);
    }
    let mut at = 0;
    while at < reading.clauses.len() {
        at += found_so(reading, at).unwrap_or(1);
    }
}

/// "Classify the tweets that mention our brand as positive or negative": the kinds narrow no tweets.
fn untailed(known: &Knowledge, reading: &mut Reading, at: usize) -> Option<()> {
    let clause = reading.clauses.get(at).filter(|clause| clause.role == Role::Act)?;
    let frame = clause.frame.as_ref()?;
    let into = |preposition: &str| matches!(preposition, "as" | "into");
    if !SORTERS.contains(&frame.verb.as_ref()?.lemma.as_str())
        || frame.arguments.iter().any(|argument| into(&argument.preposition))
    {
        return None;
    }
    let tail: Span = frame.objects.first()?.tail.clone()?;
    let cut = tail.clone().skip(1).find(|token| word(reading, *token).is_some_and(into))?;
    let several = |token: usize| {
        word(reading, token) == Some("or") || reading.tokens.get(token).and_then(Token::mark) == Some(Mark::Comma)
    };
    (cut..tail.end).any(several).then_some(())?;
    let kinds = reread(known, reading, cut..clause.span.end, Some("classify")).into_iter().next()?.frame?;
    let found = kinds.arguments.into_iter().filter(|argument| into(&argument.preposition)).collect::<Vec<_>>();
    if found.len() < 2 {
        return None;
    }
    let frame = reading.clauses.get_mut(at)?.frame.as_mut()?;
    frame.arguments.extend(found);
    let object = frame.objects.first_mut()?;
    object.span.end = cut;
    object.tail = Some(tail.start..cut);
    Some(())
}

/// "Judge whether it is a good lead, and write the good ones to Airtable": what is judged to be so is written, and
/// nothing else. Returns how many clauses there are instead.
fn found_so(reading: &mut Reading, at: usize) -> Option<usize> {
    let clause = reading.clauses.get(at).filter(|clause| clause.role == Role::Act)?.clone();
    let mut frame = clause.frame.clone().filter(|frame| frame.verb.is_some())?;
    let object = frame.objects.first_mut().filter(|object| {
        let all = matches!(object.determiner, Determiner::None | Determiner::The | Determiner::All);
        let told = !object.modifiers.is_empty() || object.determiner == Determiner::The;
        all && object.plural && told && object.tail.is_none() && object.services.is_empty()
    })?;
    let before = reading.clauses.get(at.saturating_sub(REACH)..at)?.iter().rev();
    let state = before.filter(|before| before.role == Role::Act).find_map(|before| state(reading, before))?;
    let said = |wanted: &str| state.clone().any(|at| word(reading, at) == Some(wanted));
    let thing = matches!(object.head.as_str(), "" | "one" | "ones") || said(&object.head);
    if !thing || !object.modifiers.iter().all(|wanted| said(wanted)) {
        return None;
    }
    let span = object.span.clone();
    let words = state.clone().filter_map(|at| word(reading, at)).map(str::to_owned).collect();
    let kind = Phrase { span: state, modifiers: words, ..Phrase::default() };
    *object = Phrase { span: span.clone(), head: "it".to_owned(), pronoun: true, ..Phrase::default() };
    let case = Frame { objects: vec![kind], ..Frame::default() };
    let guard = Clause { span, role: Role::Condition, frame: Some(case), ..clause.clone() };
    let act = Clause { under: Some(at), frame: Some(frame), ..clause };
    splice(reading, at, vec![guard, act]);
    Some(2)
}

/// What an act looks whether something is: "a good lead" of "judge whether it is a good lead".
fn state(reading: &Reading, clause: &Clause) -> Option<Span> {
    let frame = clause.frame.as_ref()?;
    let lemma = frame.verb.as_ref()?.lemma.as_str();
    let asked = frame.complement.clone().filter(|_| JUDGES.split(' ').any(|verb| verb == lemma))?;
    let is =
        asked.clone().find(|at| matches!(word(reading, *at), Some("is" | "are" | "seems" | "looks" | "sounds")))?;
    let whether = (clause.span.start..is).any(|at| matches!(word(reading, at), Some("whether" | "if")));
    let two = (is..asked.end).any(|at| word(reading, at) == Some("or"));
    (whether && !two && is + 1 < asked.end).then_some(is + 1..asked.end)
}
