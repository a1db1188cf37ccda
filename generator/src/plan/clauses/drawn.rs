//! "Get the transcript, find the best quotes", "scrape the page and store new headlines": what stands in a text that was
//! read is taken out of it. No other service has it.

use super::{
    act::names,
    recut::{splice, word},
    unlike::REPEATS,
};
use crate::{
    knowledge::{Class, Knowledge},
    reading::{Argument, Clause, Determiner, Frame, Phrase, Reading, Role, Span, Token, Value, Verb},
};

/// What a text holds, whatever it is about.
pub(super) const HELD: [&str; 25] = [
    "quote",
    "question",
    "topic",
    "theme",
    "claim",
    "fact",
    "statistic",
    "stat",
    "figure",
    "insight",
    "takeaway",
    "highlight",
    "argument",
    "decision",
    "keyword",
    "name",
    "point",
    "moment",
    "lesson",
    "tip",
    "complaint",
    "objection",
    "headline",
    "link",
    "title",
];
/// What one reads.
const READ: [&str; 17] = [
    "transcript",
    "article",
    "page",
    "document",
    "email",
    "note",
    "minutes",
    "report",
    "text",
    "pdf",
    "post",
    "chapter",
    "interview",
    "website",
    "site",
    "review",
    "comment",
];
const FINDS: [&str; 9] = ["find", "get", "pick", "identify", "collect", "gather", "grab", "pull", "spot"];
pub(in crate::plan) fn settle(known: &Knowledge, reading: &mut Reading) {
    let mut at = 1;
    while at < reading.clauses.len() {
        let _ = fronted(reading, at - 1);
        at += found(reading, at).or_else(|| stored(known, reading, at)).unwrap_or(1);
    }
}

/// "From the transcript of this meeting, pull the action items": they are pulled from there.
fn fronted(reading: &mut Reading, at: usize) -> Option<()> {
    const SPOKEN: [&str; 5] = ["transcript", "transcription", "recording", "minutes", "note"];
    let front = reading.clauses.get(at).filter(|clause| clause.role == Role::Act)?;
    let frame = front.frame.as_ref().filter(|frame| frame.verb.is_none() && frame.objects.is_empty())?;
    let (first, others) = frame.arguments.split_first().filter(|(first, _)| first.preposition == "from")?;
    let spoken = SPOKEN.contains(&first.phrase.head.as_str()) && first.phrase.services.is_empty();
    let [of] = others else { return None };
    let next = reading.clauses.get(at + 1).filter(|next| next.role == Role::Act && next.sentence == front.sentence)?;
    let verb = next.frame.as_ref().is_some_and(|frame| frame.verb.is_some());
    if !(spoken && verb && of.preposition == "of") {
        return None;
    }
    let phrase = Phrase { span: first.phrase.span.start..of.phrase.span.end, ..first.phrase.clone() };
    let from = Argument { preposition: "from".to_owned(), phrase };
    reading.clauses.get_mut(at + 1)?.frame.as_mut()?.arguments.push(from);
    reading.clauses.get_mut(at)?.role = Role::LeadIn;
    Some(())
}

/// The act of finding becomes one of taking out.
fn found(reading: &mut Reading, at: usize) -> Option<usize> {
    let frame = reading.clauses.get(at).filter(|clause| clause.role == Role::Act)?.frame.as_ref()?;
    frame.verb.as_ref().filter(|verb| verb.particle.is_none() && FINDS.contains(&verb.lemma.as_str()))?;
    let number = |at: &usize| matches!(reading.tokens.get(*at).and_then(Token::value), Some(Value::Number(_)));
    let held = |phrase: &Phrase| {
        let last = phrase.head.rsplit(' ').next().unwrap_or_default();
        let bare = phrase.services.is_empty() && phrase.values.iter().all(number) && !phrase.pronoun;
        // "Find a name for it": it has none yet.
        let invented = matches!(last, "name" | "title" | "headline") && phrase.determiner == Determiner::Some;
        HELD.contains(&last) && bare && !invented
    };
    // "the names of the founders": those only the web knows.
    let inside = frame.arguments.iter().all(|argument| {
        let phrase = &argument.phrase;
        let text = phrase.pronoun || names(phrase).iter().any(|name| READ.contains(&name.as_str()));
        text && phrase.services.is_empty() && matches!(argument.preposition.as_str(), "in" | "from" | "of" | "out of")
    });
    if frame.objects.is_empty() || !frame.objects.iter().all(held) || !inside || frame.negated {
        return None;
    }
    text_before(reading, at)?;
    let verb = reading.clauses.get_mut(at)?.frame.as_mut()?.verb.as_mut()?;
    "extract".clone_into(&mut verb.lemma);
    Some(1)
}

/// "… and store new headlines in Notion": they are taken out of the page first, and what was there before is left.
fn stored(known: &Knowledge, reading: &mut Reading, at: usize) -> Option<usize> {
    let clause = reading.clauses.get(at).filter(|clause| clause.role == Role::Act)?.clone();
    let mut frame = clause.frame.clone().filter(|frame| !frame.negated && !frame.passive && frame.subject.is_none())?;
    let verb = &frame.verb.as_ref()?.lemma;
    if !(known.is(verb, Class::Store) || known.is(verb, Class::Tell)) {
        return None;
    }
    let again = reading.schedule.is_some();
    // What a search finds is another thing each time: nothing tells what was found before.
    let searched = reading.clauses.iter().take(at).filter_map(|clause| clause.frame.as_ref()?.verb.as_ref());
    let searched = searched.into_iter().any(|verb| known.is(&verb.lemma, Class::Search));
    let twice = only_once(reading, &clause.span).filter(|_| again && !searched);
    if let Some(twice) = &twice {
        frame.arguments.retain(|argument| !twice.contains(&argument.phrase.span.start));
        frame.objects.retain(|phrase| !twice.contains(&phrase.span.start));
    }
    let new = frame.objects.first()?.modifiers.iter().any(|word| word == "new");
    let drawn = stands_there(known, reading, at, &frame, new && again);
    if !(drawn || twice.is_some()) {
        return None;
    }
    if again && (new || twice.is_some()) {
        frame.objects.first_mut()?.unseen = true;
    }
    let mut all = Vec::new();
    if drawn {
        let (span, take_out) = taken_out(reading, &mut frame)?;
        all.push(Clause { span, frame: Some(take_out), ..clause.clone() });
    }
    all.push(Clause { frame: Some(frame), ..clause.clone() });
    if let Some(span) = twice {
        all.push(Clause { span, role: Role::LeadIn, frame: None, ..clause });
    }
    let count = all.len();
    splice(reading, at, all);
    Some(count)
}

/// Whether what an act stores or tells stands in a text that was read before. `fresh`: only what is new there.
fn stands_there(known: &Knowledge, reading: &Reading, at: usize, frame: &Frame, fresh: bool) -> bool {
    let (Some(verb), Some((thing, others))) = (&frame.verb, frame.objects.split_first()) else { return false };
    let verb = &verb.lemma;
    let several = thing.plural && !matches!(thing.determiner, Determiner::Mine | Determiner::Theirs);
    let number = |at: &usize| matches!(reading.tokens.get(*at).and_then(Token::value), Some(Value::Number(_)));
    let bare = several
        && !thing.pronoun
        && thing.services.is_empty()
        && thing.values.iter().all(number)
        && thing.tail.is_none();
    let page = page_before(known, reading, at).is_some();
    let said = reading.clauses.iter().take(at).filter_map(|clause| clause.frame.as_ref()).any(|frame| {
        let arguments = frame.arguments.iter().map(|argument| &argument.phrase);
        frame.objects.iter().chain(arguments).any(|phrase| phrase.head == thing.head)
    });
    let record = known.is_generic(&thing.head)
        || names(thing).iter().any(|name| known.choice(std::slice::from_ref(name)).is_some());
    let last = thing.head.rsplit(' ').next().unwrap_or_default();
    // "send me alerts": nothing that stands on the page.
    let made = known.is_carrier(&thing.head)
        || names(thing).iter().any(|name| known.is_product(name) && !HELD.contains(&last) || known.is_person(name));
    // "put them in Notion" keeps them, "put them on Slack" tells.
    let services = frame.arguments.iter().flat_map(|argument| &argument.phrase.services);
    let keeper = services.into_iter().any(|service| known.channel(service).is_none() && known.has_service(service));
    let held = known.is(verb, Class::Store) && (keeper || !known.is(verb, Class::Tell)) && HELD.contains(&last);
    let sought = page && (fresh || held) || held && text_before(reading, at).is_some();
    let each = |phrase: &Phrase| phrase.pronoun && phrase.head == "each";
    bare && !said && !record && !made && sought && others.iter().all(each)
}

/// The act that takes them out, and its words. `frame` goes on with what was taken out.
fn taken_out(reading: &Reading, frame: &mut Frame) -> Option<(Span, Frame)> {
    let thing = frame.objects.first()?.clone();
    let first = thing.span.clone().find(|at| word(reading, *at) != Some("new"))?;
    let modifiers = thing.modifiers.iter().filter(|word| *word != "new").cloned().collect();
    // "the five best links with a sentence each"
    let with = frame.arguments.iter().position(|argument| {
        argument.preposition == "with" && (thing.span.end..thing.span.end + 3).contains(&argument.phrase.span.start)
    });
    let with: Vec<Argument> = with.map(|with| frame.arguments.remove(with)).into_iter().collect();
    let items = Phrase { span: first..thing.span.end, determiner: Determiner::The, modifiers, ..thing };
    let ends = with.iter().map(|with| with.phrase.span.end).chain(frame.objects.iter().map(|each| each.span.end));
    let span = first..ends.max().unwrap_or(items.span.end);
    let verb = Verb { lemma: "extract".to_owned(), particle: None, span: first..first };
    frame.objects.truncate(1);
    frame.objects.first_mut()?.determiner = Determiner::The;
    Some((span, Frame { verb: Some(verb), objects: vec![items], arguments: with, ..Frame::default() }))
}

/// "No duplicates", "without duplicates", "never the same one twice": the words that say so.
fn only_once(reading: &Reading, span: &Span) -> Option<Span> {
    let denies = |at: &usize| {
        word(reading, *at).is_some_and(|word| matches!(word, "no" | "not" | "never" | "without" | "any" | "avoiding"))
    };
    let end = span.clone().find(|at| {
        word(reading, *at).is_some_and(|word| REPEATS.contains(&word) || matches!(word, "doubles" | "again"))
    })?;
    let start = (span.start..end).rev().take(4).take_while(|at| word(reading, *at).is_some()).filter(denies).last()?;
    let same = !matches!(word(reading, end), Some("twice" | "again"))
        || (start..end).any(|at| word(reading, at) == Some("same"));
    same.then_some(start..end + 1)
}

/// An act before that reads or makes a text.
fn text_before(reading: &Reading, at: usize) -> Option<usize> {
    reading.clauses.iter().take(at).rposition(|clause| {
        let Some(frame) = clause.frame.as_ref().filter(|_| matches!(clause.role, Role::Act | Role::Trigger)) else {
            return false;
        };
        let verb = frame.verb.as_ref().map_or("", |verb| verb.lemma.as_str());
        let arguments = frame.arguments.iter().map(|argument| &argument.phrase);
        let mut phrases = frame.objects.iter().chain(arguments).chain(&frame.subject);
        let text = phrases.any(|phrase| {
            names(phrase).iter().any(|name| READ.contains(&name.as_str()))
                || phrase.values.iter().any(|at| is_url(reading, *at))
        });
        text || verb == "transcribe"
    })
}

/// An act before that reads a page.
fn page_before(known: &Knowledge, reading: &Reading, at: usize) -> Option<usize> {
    reading.clauses.iter().take(at).rposition(|clause| {
        let Some(frame) = clause.frame.as_ref().filter(|_| clause.role == Role::Act) else { return false };
        let verb = frame.verb.as_ref().map_or("", |verb| verb.lemma.as_str());
        let reads =
            known.is(verb, Class::Fetch) || matches!(verb, "scrape" | "crawl" | "visit" | "open" | "monitor" | "watch");
        let arguments = frame.arguments.iter().map(|argument| &argument.phrase);
        reads
            && frame.objects.iter().chain(arguments).any(|phrase| {
                let page = matches!(phrase.head.rsplit(' ').next(), Some("page" | "website" | "site" | "homepage"));
                let feed = phrase.head.ends_with("feed");
                page && phrase.services.is_empty() || !feed && phrase.values.iter().any(|at| is_url(reading, *at))
            })
    })
}

fn is_url(reading: &Reading, at: usize) -> bool {
    matches!(reading.tokens.get(at).and_then(Token::value), Some(Value::Url(_)))
}
