//! What is said of a thing behind it, and is no act: the points that a text is to have, "by its name", "(I paste it)".

use super::{
    offered::is_text,
    recut::{reread, splice, word},
};
use crate::{
    knowledge::{Class, Knowledge},
    reading::{Argument, Clause, Determiner, Frame, Mark, Phrase, Reading, Role, Span, Token},
};

const ASKS: [&str; 8] = ["what", "who", "where", "when", "why", "how", "which", "whether"];
/// Words that speak of the thing in front.
const OF_IT: [&str; 10] = ["it", "its", "they", "their", "them", "he", "his", "she", "her", "there"];
/// What one enters for a thing.
pub(in crate::plan) const BY: [&str; 4] = ["name", "title", "url", "address"];

/// "a topic that I give": what the person does with an input.
pub(in crate::plan) const HANDS: [&str; 26] = [
    "attach", "choose", "describe", "drop", "enter", "gave", "give", "hand", "input", "insert", "list", "mention",
    "name", "paste", "pasted", "pick", "provide", "send", "share", "specify", "submit", "supply", "type", "typed",
    "upload", "uploaded",
];

/// What a description of a template bids whoever runs it.
pub(super) const ENTERS: [&str; 7] = ["input", "enter", "paste", "provide", "upload", "give", "submit"];

pub(in crate::plan) fn settle(known: &Knowledge, reading: &mut Reading) {
    for at in (0..reading.clauses.len()).rev() {
        let _ = handed_beside(known, reading, at);
        let _ = by_name(reading, at);
        let _ = by_model(known, reading, at);
        let _ = aside(known, reading, at);
        let _ = wants_to_hand(known, reading, at);
        let _ = points(known, reading, at);
    }
}

/// "Research a company: what it does, its size, its funding": what the text about it is to say.
fn points(known: &Knowledge, reading: &mut Reading, at: usize) -> Option<()> {
    let head = reading.clauses.get(at).filter(|clause| clause.role == Role::Act)?;
    head.frame.as_ref()?.verb.as_ref()?;
    reading.tokens.get(head.span.end.checked_sub(1)?).and_then(Token::mark).filter(|mark| *mark == Mark::Colon)?;
    let sentence = head.sentence;
    let behind = reading.clauses.iter().skip(at + 1).take_while(|next| next.sentence == sentence);
    let points: Vec<Clause> = behind.cloned().collect();
    let first = points.first()?;
    let theirs = |clause: &Clause| {
        let object = clause.frame.as_ref().filter(|frame| frame.verb.is_none()).and_then(|frame| frame.objects.first());
        object.is_some_and(|object| object.determiner == Determiner::Theirs)
    };
    let asks = |clause: &Clause| {
        let mut words = clause.span.clone().filter_map(|token| word(reading, token));
        words.find(|word| *word != "and").is_some_and(|word| ASKS.contains(&word))
    };
    let thing = |clause: &Clause| clause.frame.as_ref().is_none_or(|frame| frame.verb.is_none());
    // "a briefing: what the weather is, which meetings I have": these are read somewhere else.
    let elsewhere = |clause: &Clause| {
        let words = || clause.span.clone().filter_map(|token| word(reading, token));
        let read =
            |word: &str| known.source(word.strip_suffix('s').unwrap_or(word)).or_else(|| known.source(word)).is_some();
        !words().any(|word| OF_IT.contains(&word)) && words().any(read)
    };
    let said = |point: &Clause| (thing(point) || asks(point)) && !elsewhere(point);
    let fits = (theirs(first) || asks(first)) && points.iter().all(said);
    let end = points.last().filter(|_| fits)?.span.end;
    // Whoever only looks it up writes nothing yet.
    let writes = |clause: &Clause| {
        let verb = clause.frame.as_ref().and_then(|frame| frame.verb.as_ref());
        clause.role == Role::Act && verb.is_some_and(|verb| known.composes(&verb.lemma) || verb.lemma == "give")
    };
    let later = reading.clauses.get(at + 1 + points.len()).filter(|later| writes(later) && !writes(head));
    let place = later.map_or(sentence, |later| later.sentence);
    let said = Clause { span: first.span.start..end, role: Role::Manner, sentence: place, under: None, frame: None };
    for _ in 1..points.len() {
        super::recut::remove(reading, at + 1);
    }
    splice(reading, at + 1, vec![said]);
    Some(())
}

/// "Compare the job ad I paste with my CV": what stands behind "with" is compared too, and not pasted with it.
fn handed_beside(known: &Knowledge, reading: &mut Reading, at: usize) -> Option<()> {
    let frame = reading.clauses.get(at).filter(|clause| clause.role == Role::Act)?.frame.as_ref()?;
    let own = |tail: &Span| {
        let who = usize::from(matches!(word(reading, tail.start), Some("that" | "which")));
        let hands = word(reading, tail.start + who + 1).is_some_and(|word| HANDS.contains(&word));
        hands && matches!(word(reading, tail.start + who), Some("i" | "we" | "you"))
    };
    let object = frame.objects.iter().position(|phrase| phrase.tail.as_ref().is_some_and(own))?;
    let tail = frame.objects.get(object)?.tail.clone()?;
    let cut = tail.clone().skip(2).find(|at| matches!(word(reading, *at), Some("with" | "against" | "into" | "to")))?;
    let rest = reread(known, reading, cut..tail.end, Some("look")).into_iter().next()?.frame?.arguments;
    let frame = reading.clauses.get_mut(at)?.frame.as_mut().filter(|_| !rest.is_empty())?;
    let phrase = frame.objects.get_mut(object)?;
    (phrase.tail, phrase.span.end) = (Some(tail.start..cut), cut);
    frame.arguments.extend(rest);
    Some(())
}

/// "Research a company by its name": the name is what the person enters for it.
fn by_name(reading: &mut Reading, at: usize) -> Option<()> {
    let frame = reading.clauses.get_mut(at).filter(|clause| clause.role == Role::Act)?.frame.as_mut()?;
    let named = |argument: &Argument| {
        let phrase = &argument.phrase;
        let bare = phrase.values.is_empty() && phrase.services.is_empty() && phrase.modifiers.is_empty();
        bare && argument.preposition == "by"
            && BY.contains(&phrase.head.as_str())
            && matches!(phrase.determiner, Determiner::None | Determiner::Theirs)
    };
    let by = frame.arguments.iter().position(named)?;
    let name = frame.arguments.get(by)?.phrase.span.clone();
    let arguments = frame.arguments.iter_mut().map(|argument| &mut argument.phrase);
    let before = frame.objects.iter_mut().chain(arguments).filter(|phrase| phrase.span.end < name.start);
    let thing = before.max_by_key(|phrase| phrase.span.end)?;
    (thing.determiner == Determiner::Some && thing.tail.is_none() && thing.span.end + 2 >= name.start).then_some(())?;
    thing.tail = Some(thing.span.end..name.end);
    thing.span.end = name.end;
    frame.arguments.remove(by);
    Some(())
}

/// "Label it with AI": by a model, and not so called.
fn by_model(known: &Knowledge, reading: &mut Reading, at: usize) -> Option<()> {
    let frame = reading.clauses.get_mut(at).filter(|clause| clause.role == Role::Act)?.frame.as_mut()?;
    let model = |argument: &Argument| {
        let phrase = &argument.phrase;
        let bare = phrase.modifiers.is_empty() && phrase.services.is_empty() && phrase.values.is_empty();
        let means = matches!(argument.preposition.as_str(), "with" | "using" | "via" | "by" | "through");
        means && bare && matches!(phrase.head.as_str(), "ai" | "llm" | "language model" | "artificial intelligence")
    };
    // "Find startups with AI" says which.
    let lemma = &frame.verb.as_ref()?.lemma;
    let works = known.is(lemma, Class::Change) || known.is(lemma, Class::Think) && !known.is(lemma, Class::Fetch);
    if works && !known.is(lemma, Class::Search) && !frame.objects.is_empty() {
        frame.arguments.retain(|argument| !model(argument));
    }
    Some(())
}

/// "our refund policy (I'll paste it)": that is how it comes.
fn aside(known: &Knowledge, reading: &mut Reading, at: usize) -> Option<()> {
    let clause = reading.clauses.get(at)?;
    let frame = clause.frame.as_ref().filter(|frame| !frame.negated && is_own(frame))?;
    let open =
        clause.span.clone().take(2).any(|token| reading.tokens.get(token).and_then(Token::mark) == Some(Mark::Open));
    let it = |phrase: &Phrase| phrase.pronoun || matches!(phrase.head.as_str(), "text" | "file" | "document" | "url");
    let hands = known.is(&frame.verb.as_ref()?.lemma, Class::Hand) && !frame.objects.is_empty();
    (open && hands && frame.objects.iter().all(it)).then_some(())?;
    let span = clause.span.clone();
    let before = reading.clauses.get_mut(at.checked_sub(1)?).filter(|before| before.role == Role::Act)?;
    let frame = before.frame.as_mut()?;
    let arguments = frame.arguments.iter_mut().map(|argument| &mut argument.phrase);
    let thing = frame.objects.iter_mut().chain(arguments).max_by_key(|phrase| phrase.span.end)?;
    thing.tail.is_none().then(|| thing.tail = Some(span))?;
    reading.clauses.get_mut(at)?.role = Role::Background;
    Some(())
}

/// "I want to paste a job ad and get a cover letter": handed over, then something is done with it.
fn wants_to_hand(known: &Knowledge, reading: &mut Reading, at: usize) -> Option<()> {
    let lead = reading.clauses.get(at.checked_sub(1)?).filter(|lead| lead.role == Role::LeadIn)?;
    let own = lead.span.clone().filter_map(|token| word(reading, token)).any(|word| matches!(word, "i" | "we"));
    let clause = reading.clauses.get(at).filter(|clause| clause.role == Role::Act && own)?;
    let frame = clause.frame.as_ref().filter(|frame| frame.subject.is_none() && frame.arguments.is_empty())?;
    let lemma = frame.verb.as_ref()?.lemma.as_str();
    let hands = matches!(lemma, "paste" | "upload" | "enter" | "type" | "drop") && known.is(lemma, Class::Hand);
    let new = frame.objects.first().is_some_and(|phrase| phrase.determiner == Determiner::Some);
    let sentence = clause.sentence;
    let follows = reading.clauses.get(at + 1).is_some_and(|next| next.role == Role::Act && next.sentence == sentence);
    (hands && new && follows).then_some(())?;
    for later in reading.clauses.iter_mut().skip(at + 1).take_while(|later| later.sentence == sentence) {
        if later.role == Role::Act && later.under.is_none() {
            later.under = Some(at);
        }
    }
    let clause = reading.clauses.get_mut(at)?;
    let start = clause.span.start;
    clause.role = Role::Trigger;
    clause.frame.as_mut()?.subject =
        Some(Phrase { span: start..start, head: "i".to_owned(), pronoun: true, ..Phrase::default() });
    Some(())
}

fn is_own(frame: &Frame) -> bool {
    frame.subject.as_ref().is_some_and(|who| matches!(who.head.as_str(), "i" | "we" | "user"))
}

/// "Check whether the contract I paste has a notice period": it is looked at, and not looked for.
pub(in crate::plan) fn pasted(known: &Knowledge, reading: &mut Reading, at: usize) -> Option<()> {
    let clause = reading.clauses.get(at).filter(|clause| clause.role == Role::Act)?;
    let frame = clause.frame.as_ref().filter(|frame| frame.objects.is_empty())?;
    let span: Span = frame.complement.clone()?;
    let hands = |at: &usize| {
        let gives = word(reading, at + 1).is_some_and(|word| matches!(word, "paste" | "upload" | "enter" | "provide"));
        gives && matches!(word(reading, *at), Some("i" | "you" | "users"))
    };
    let Some(gives) = span.clone().find(hands) else { return indefinite(known, reading, at, span) };
    let start = (span.start..gives)
        .rev()
        .find(|at| word(reading, *at).is_some_and(|word| matches!(word, "the" | "a" | "an" | "this" | "each")))?;
    let read = reread(known, reading, start..gives + 2, Some("read")).into_iter().next()?.frame?;
    let given = read.objects.into_iter().next().filter(|phrase| phrase.tail.is_some())?;
    reading.clauses.get_mut(at)?.frame.as_mut()?.objects.push(given);
    Some(())
}

/// "Check if a text was written by AI": the person gives the text.
fn indefinite(known: &Knowledge, reading: &mut Reading, at: usize, asked: Span) -> Option<()> {
    let asks = matches!(word(reading, asked.start), Some("if" | "whether")) && asked.len() > 3;
    let article =
        matches!(word(reading, asked.start + 1), Some("a" | "an")).then_some(asked.start + 1).filter(|_| asks)?;
    let end = (article + 2..asked.end.min(article + 4)).find(|at| {
        matches!(word(reading, *at), Some("is" | "was" | "has" | "contains" | "fits" | "looks" | "sounds" | "could"))
    })?;
    let read = reread(known, reading, article..end, Some("read")).into_iter().next()?.frame?;
    let text = read.objects.into_iter().next().filter(is_text)?;
    let text = Phrase { determiner: Determiner::Mine, ..text };
    reading.clauses.get_mut(at)?.frame.as_mut()?.objects.push(text);
    Some(())
}
