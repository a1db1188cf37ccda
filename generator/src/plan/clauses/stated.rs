//! What feature requests and gallery texts put in many words, as it would be bidden: "decides whether it is a bug or a
//! question", "gets labelled by AI (bug, feature)", "notify the recruiter", "read data.csv".

use super::{
    act::{services_of, words},
    recut::{mark, remove, reread, splice, word},
};
use crate::{
    knowledge::{Class, Knowledge},
    reading::{Argument, Clause, Determiner, Frame, Kind, Mark, Phrase, Reading, Role, Span, Token, Value, Verb},
};

/// Acts that say which of several kinds something is.
const SORTS: [&str; 6] = ["label", "tag", "classify", "categorise", "sort", "triage"];

pub(in crate::plan) fn settle(known: &Knowledge, reading: &mut Reading) {
    let _ = given_when(reading).or_else(|| started(known, reading)).or_else(|| received(reading));
    let mut at = 0;
    while at < reading.clauses.len() && reading.clauses.len() < super::gallery::CLAUSES {
        let _ = decided(known, reading, at);
        let _ = by_model(known, reading, at);
        let _ = listed(reading, at);
        let _ = accordingly(reading, at);
        let _ = notified(known, reading, at);
        let _ = on_call(known, reading, at);
        files(known, reading, at);
        at += captioned(known, reading, at).unwrap_or(1);
    }
}

/// What stands at the top hangs on what happens at `at`.
fn hang(reading: &mut Reading, at: usize) {
    for later in reading.clauses.iter_mut().skip(at + 1) {
        let acts = matches!(later.role, Role::Act | Role::Condition | Role::Loop);
        if acts && later.under.is_none() {
            later.under = Some(at);
        }
    }
}

/// "Given a GitHub issue, when it is labelled …, then …": what happens to it starts the agent.
fn given_when(reading: &mut Reading) -> Option<()> {
    let [given, when, ..] = reading.clauses.as_slice() else { return None };
    let thing = given.frame.as_ref().filter(|frame| given.role == Role::Trigger && lemma(frame) == "give")?;
    let [thing] = thing.objects.as_slice() else { return None };
    let happens =
        when.frame.as_ref().filter(|_| when.role == Role::Trigger && word(reading, when.span.start) == Some("when"))?;
    let it = happens.subject.as_ref().is_some_and(|subject| subject.pronoun && subject.head == "it");
    (it && !thing.services.is_empty()).then_some(())?;
    let thing = thing.clone();
    reading.clauses.get_mut(1)?.frame.as_mut()?.subject = Some(thing);
    let given = reading.clauses.first_mut()?;
    (given.role, given.frame) = (Role::LeadIn, None);
    for later in reading.clauses.iter_mut().filter(|later| later.under == Some(0)) {
        later.under = Some(1);
    }
    reading.clauses.get_mut(1)?.under = None;
    Some(())
}

/// "A new Stripe subscription triggers this workflow, which sends …": it starts when there is one.
fn started(known: &Knowledge, reading: &mut Reading) -> Option<()> {
    let at = reading.clauses.iter().position(|clause| clause.role == Role::Act)?;
    let frame = act(reading, at).filter(|frame| matches!(lemma(frame), "trigger" | "start" | "launch"))?.clone();
    let thing = frame.subject.clone().filter(|thing| !thing.pronoun && !known.is_agent(&thing.head))?;
    let new = thing.modifiers.iter().any(|word| word == "new");
    let own = matches!(frame.objects.as_slice(), [only] if known.is_agent(&only.head));
    (own && new).then_some(())?;
    let clause = reading.clauses.get(at)?.clone();
    let end = frame.objects.first()?.span.end;
    let which = (end..clause.span.end).find(|at| matches!(word(reading, *at), Some("which" | "that")));
    let comes = Frame {
        verb: Some(Verb { lemma: "create".to_owned(), ..frame.verb? }),
        passive: true,
        subject: Some(thing),
        ..Frame::default()
    };
    let cut = which.map_or(clause.span.end, |which| which + 1);
    let event = Clause { span: clause.span.start..cut, role: Role::Trigger, frame: Some(comes), ..clause.clone() };
    let mut parts = vec![event];
    if cut < clause.span.end {
        parts.extend(reread(known, reading, cut..clause.span.end, None));
    }
    for part in parts.iter_mut().skip(1) {
        part.sentence = clause.sentence;
    }
    splice(reading, at, parts);
    hang(reading, at);
    Some(())
}

/// "We receive feedback via a webhook; the agent should …": told of today, and all that says where it comes from.
fn received(reading: &mut Reading) -> Option<()> {
    const CALLS: [&str; 5] = ["webhook", "form", "web form", "contact form", "form submission"];
    let starts = |clause: &Clause| clause.role == Role::Trigger && clause.frame.is_some();
    (!reading.clauses.iter().any(starts) && reading.schedule.is_none()).then_some(())?;
    let at = reading.clauses.iter().position(|clause| {
        let frame = clause.frame.as_ref().filter(|_| clause.role == Role::Background);
        frame.is_some_and(|frame| {
            let via = |argument: &Argument| {
                let way = matches!(argument.preposition.as_str(), "via" | "through" | "from" | "by");
                way && CALLS.contains(&argument.phrase.head.as_str())
            };
            matches!(lemma(frame), "receive" | "get" | "collect") && !frame.negated && frame.arguments.iter().any(via)
        })
    })?;
    reading.clauses.iter().skip(at + 1).find(|clause| clause.role == Role::Act)?;
    reading.clauses.get_mut(at)?.role = Role::Trigger;
    hang(reading, at);
    Some(())
}

fn act(reading: &Reading, at: usize) -> Option<&Frame> {
    reading.clauses.get(at).filter(|clause| clause.role == Role::Act)?.frame.as_ref().filter(|frame| !frame.negated)
}

fn lemma(frame: &Frame) -> &str {
    frame.verb.as_ref().map_or("", |verb| verb.lemma.as_str())
}

/// The kinds that a run of words lists, as what something is sorted into.
fn kinds(known: &Knowledge, reading: &Reading, span: Span) -> Option<Vec<Argument>> {
    let frame = reread(known, reading, span, Some("classify")).into_iter().next()?.frame?;
    let plain = frame.arguments.is_empty() && frame.complement.is_none() && frame.objects.len() > 1;
    let bare = |phrase: &Phrase| phrase.tail.is_none() && phrase.values.is_empty() && !phrase.span.is_empty();
    (plain && frame.objects.iter().all(bare)).then_some(())?;
    let into = |mut phrase: Phrase| {
        // "… or something else"
        if matches!(phrase.head.as_str(), "something" | "anything") {
            "other".clone_into(&mut phrase.head);
            phrase.pronoun = false;
        }
        Argument { preposition: "as".to_owned(), phrase }
    };
    Some(frame.objects.into_iter().map(into).collect())
}

/// "Decides whether it's a refund request, a bug report or something else": sorts it.
fn decided(known: &Knowledge, reading: &mut Reading, at: usize) -> Option<()> {
    let frame = act(reading, at).filter(|frame| frame.objects.is_empty() && frame.arguments.is_empty())?;
    matches!(lemma(frame), "decide" | "determine" | "judge" | "check" | "detect" | "identify" | "see").then_some(())?;
    let span = frame.complement.clone()?;
    matches!(word(reading, span.start), Some("whether" | "if")).then_some(())?;
    let who = reading.tokens.get(span.start + 1)?.raw(&reading.text).to_lowercase().replace('’', "'");
    let (is, many) = match (who.as_str(), word(reading, span.start + 2)) {
        ("its" | "it's", _) => (1, false),
        ("theyre" | "they're", _) => (1, true),
        ("it" | "this" | "that", Some("is")) => (2, false),
        ("they" | "these", Some("are")) => (2, true),
        _ => return None,
    };
    let list = span.start + is + 1..span.end;
    let or = list.clone().any(|at| word(reading, at) == Some("or"));
    // "Whether it is spam or not" has two sides and no kinds.
    let sides = list.clone().any(|at| matches!(word(reading, at), Some("not" | "so" | "and")));
    let kinds = kinds(known, reading, list).filter(|_| or && !sides)?;
    let head = if many { "them" } else { "it" };
    let it = Phrase { span: span.start + 1..span.start + 2, head: head.to_owned(), pronoun: true, ..Phrase::default() };
    let frame = reading.clauses.get_mut(at)?.frame.as_mut()?;
    "classify".clone_into(&mut frame.verb.as_mut()?.lemma);
    (frame.objects, frame.arguments, frame.complement) = (vec![Phrase { plural: many, ..it }], kinds, None);
    Some(())
}

/// "Gets labelled by AI (bug, feature, question)": a model does what a model does, and the brackets have the kinds.
fn by_model(known: &Knowledge, reading: &mut Reading, at: usize) -> Option<()> {
    let frame = act(reading, at).filter(|frame| SORTS.contains(&lemma(frame)))?;
    let model = |argument: &Argument| {
        let phrase = &argument.phrase;
        let ai = matches!(phrase.head.as_str(), "ai" | "llm" | "language model" | "model" | "ai model");
        let named = phrase.head.is_empty() && phrase.services.iter().any(|service| known.is_kind(service, Kind::Model));
        (ai || named) && matches!(argument.preposition.as_str(), "by" | "with" | "using" | "via" | "through")
    };
    let by = frame.arguments.iter().position(model)?;
    let sorted = frame.arguments.iter().any(|argument| matches!(argument.preposition.as_str(), "as" | "into"));
    let span = reading.clauses.get(at)?.span.clone();
    let open = span.clone().find(|at| mark(reading, *at) == Some(Mark::Open));
    let close = span.clone().rfind(|at| mark(reading, *at) == Some(Mark::Close)).unwrap_or(span.end);
    let named = open.filter(|_| !sorted).and_then(|open| kinds(known, reading, open + 1..close));
    let frame = reading.clauses.get_mut(at)?.frame.as_mut()?;
    frame.arguments.remove(by);
    frame.arguments.extend(named.into_iter().flatten());
    Some(())
}

/// "Label new issues: bug, feature, question": the kinds stand behind the colon, each by itself.
fn listed(reading: &mut Reading, at: usize) -> Option<()> {
    let frame = act(reading, at).filter(|frame| SORTS.contains(&lemma(frame)) && !frame.objects.is_empty())?;
    let sorted = frame.arguments.iter().any(|argument| matches!(argument.preposition.as_str(), "as" | "into"));
    let clause = reading.clauses.get(at)?;
    let colon = mark(reading, clause.span.end.checked_sub(1)?) == Some(Mark::Colon);
    let sentence = reading.clauses.get(at + 1).map(|next| next.sentence);
    let bare = |next: &&Clause| {
        let frame = next.frame.as_ref().filter(|frame| frame.verb.is_none() && frame.arguments.is_empty());
        let ends = mark(reading, next.span.end - 1) != Some(Mark::Colon);
        let plain = |phrase: &Phrase| phrase.tail.is_none() && phrase.values.is_empty() && !phrase.pronoun;
        let names = frame.is_some_and(|frame| frame.objects.iter().all(plain) && !frame.objects.is_empty());
        names && ends && Some(next.sentence) == sentence && matches!(next.role, Role::Condition | Role::Act)
    };
    let count = reading.clauses.iter().skip(at + 1).take_while(bare).count();
    let last = reading.clauses.get(at + 1 + count).is_none_or(|next| Some(next.sentence) != sentence);
    let behind = reading.clauses.iter().skip(at + 1).take(count).filter_map(|next| next.frame.as_ref());
    let several = behind.map(|frame| frame.objects.len()).sum::<usize>() > 1;
    (colon && !sorted && last && several).then_some(())?;
    let mut named = Vec::new();
    for _ in 0..count {
        let kinds = reading.clauses.get(at + 1)?.clone();
        named.extend(kinds.frame.into_iter().flat_map(|frame| frame.objects));
        reading.clauses.get_mut(at)?.span.end = kinds.span.end;
        remove(reading, at + 1);
    }
    let kinds = named.into_iter().map(|phrase| Argument { preposition: "as".to_owned(), phrase });
    reading.clauses.get_mut(at)?.frame.as_mut()?.arguments.extend(kinds);
    Some(())
}

/// "… and labels each mail accordingly": with what was found out.
fn accordingly(reading: &mut Reading, at: usize) -> Option<()> {
    let frame = act(reading, at).filter(|frame| matches!(lemma(frame), "label" | "tag" | "mark"))?;
    let so = reading.clauses.get(at)?.span.clone().any(|at| word(reading, at) == Some("accordingly"));
    (so && frame.arguments.is_empty() && frame.objects.len() == 1).then_some(())?;
    let sorts = |clause: &Clause| {
        clause.role == Role::Act && clause.frame.as_ref().is_some_and(|frame| SORTS.contains(&lemma(frame)))
    };
    reading.clauses.get(..at)?.iter().rev().take(3).find(|clause| sorts(clause))?;
    let object = reading.clauses.get_mut(at)?.frame.as_mut()?.objects.first_mut()?;
    *object = Phrase { span: object.span.clone(), head: "it".to_owned(), pronoun: true, ..Phrase::default() };
    Some(())
}

/// "Notify the recruiter": a person who is told something, whatever their trade.
fn notified(known: &Knowledge, reading: &mut Reading, at: usize) -> Option<()> {
    let frame = act(reading, at)?;
    let tells = matches!(lemma(frame), "notify" | "inform" | "alert" | "thank" | "congratulate" | "remind" | "warn");
    let (objects, subject) = (frame.objects.as_slice(), frame.subject.as_ref());
    let whom = match (objects, subject) {
        ([only], _) => only,
        ([], Some(subject)) if frame.passive => subject,
        _ => return None,
    };
    let plain = whom.services.is_empty() && whom.values.is_empty() && !whom.pronoun && !whom.head.is_empty();
    let human = matches!(whom.determiner, Determiner::The | Determiner::Mine | Determiner::Theirs);
    let human = human && (known.is_person(&whom.head) || known.is_item_person(&whom.head));
    (tells && plain && human && frame.recipients.is_empty()).then_some(())?;
    let whom = whom.clone();
    let frame = reading.clauses.get_mut(at)?.frame.as_mut()?;
    if frame.objects.is_empty() {
        (frame.subject, frame.passive) = (None, false);
    }
    (frame.objects, frame.recipients) = (Vec::new(), vec![whom]);
    Some(())
}

/// "Looks up who is on call": what a service that is spoken of calls "the on-call person".
fn on_call(known: &Knowledge, reading: &mut Reading, at: usize) -> Option<()> {
    let frame = act(reading, at).filter(|frame| frame.objects.is_empty() && frame.arguments.is_empty())?;
    let seeks = known.is(lemma(frame), Class::Search) || known.is(lemma(frame), Class::Fetch);
    let span = frame.complement.clone().filter(|span| seeks && word(reading, span.start) == Some("who"))?;
    let asked = words(reading, &span).to_lowercase().replace('-', " ");
    let catalogue = &known.catalogue;
    let here = reading.tokens.get(span.clone()).unwrap_or_default().iter();
    let said =
        here.filter_map(|token| known.vocabulary.service(token.raw(&reading.text)).map(|service| service.name.clone()));
    let found = services_of(reading).into_iter().chain(said).find_map(|service| {
        let own = catalogue.blocks_of(&service).iter().filter_map(|at| catalogue.blocks().get(*at));
        let mut nouns = own.filter(|block| !block.trigger).flat_map(|block| &known.meaning(block).objects);
        let state = |noun: &&String| {
            let first = noun.split(' ').next().filter(|first| first.contains('-'));
            first.is_some_and(|first| asked.contains(&first.replace('-', " ")))
        };
        Some((nouns.find(state)?.clone(), service))
    });
    let (head, service) = found?;
    let who = Phrase { span, head, determiner: Determiner::The, services: vec![service], ..Phrase::default() };
    let frame = reading.clauses.get_mut(at)?.frame.as_mut()?;
    (frame.objects, frame.complement) = (vec![who], None);
    Some(())
}

/// "Read the file data.csv": a file of this kind is asked for. One that is written, or that lies somewhere, is not.
fn files(known: &Knowledge, reading: &mut Reading, at: usize) {
    const KINDS: [(&str, &str); 9] = [
        ("csv", "csv file"),
        ("tsv", "csv file"),
        ("xlsx", "spreadsheet"),
        ("xls", "spreadsheet"),
        ("pdf", "pdf"),
        ("docx", "document"),
        ("txt", "text file"),
        ("md", "text file"),
        ("json", "json file"),
    ];
    let Reading { clauses, tokens, .. } = reading;
    let Some(frame) = clauses.get_mut(at).and_then(|clause| clause.frame.as_mut()) else { return };
    let written = [Class::Make, Class::Store, Class::Change].iter().any(|class| known.is(lemma(frame), *class));
    let held =
        |at: &usize| matches!(tokens.get(*at).and_then(Token::value), Some(Value::Repository(_) | Value::Url(_)));
    let lies = |argument: &Argument| {
        let way = matches!(argument.preposition.as_str(), "to" | "on" | "by");
        !way && !argument.phrase.services.is_empty() || argument.phrase.values.iter().any(held)
    };
    let own = |phrase: &Phrase| !phrase.services.is_empty() || phrase.values.iter().any(held);
    if written || frame.arguments.iter().any(lies) || frame.objects.iter().any(own) {
        return;
    }
    let kind = |phrase: &Phrase| {
        let last = phrase.head.rsplit(' ').next().unwrap_or_default();
        let ending = last.rsplit_once('.').map_or("", |(_, ending)| ending);
        KINDS.iter().find(|(known, _)| *known == ending).map(|(_, kind)| *kind)
    };
    let arguments = frame.arguments.iter_mut().map(|argument| &mut argument.phrase);
    for phrase in frame.objects.iter_mut().chain(arguments).chain(&mut frame.subject) {
        if let Some(kind) = kind(phrase) {
            kind.clone_into(&mut phrase.head);
            phrase.modifiers.clear();
        }
    }
}

/// "Share new posts on X, LinkedIn and Facebook with a caption": the words are written first, and they go everywhere.
fn captioned(known: &Knowledge, reading: &mut Reading, at: usize) -> Option<usize> {
    const ADDED: [&str; 4] = ["caption", "comment", "intro", "teaser"];
    const SEEN: [&str; 8] = ["picture", "image", "photo", "video", "screenshot", "clip", "reel", "graphic"];
    let clause = reading.clauses.get(at)?.clone();
    let mut frame = act(reading, at)?.clone();
    matches!(lemma(&frame), "post" | "share" | "publish").then_some(())?;
    let last = |phrase: &Phrase| phrase.head.rsplit(' ').next().unwrap_or_default().to_owned();
    let added = |argument: &Argument| {
        argument.preposition == "with"
            && argument.phrase.determiner == Determiner::Some
            && ADDED.contains(&last(&argument.phrase).as_str())
    };
    let with = frame.arguments.iter().position(added)?;
    let channel = |argument: &Argument| argument.phrase.services.iter().any(|service| known.channel(service).is_some());
    (frame.arguments.iter().filter(|argument| channel(argument)).count() > 1).then_some(())?;
    if frame.passive && frame.objects.is_empty() {
        frame.objects.extend(frame.subject.take());
        frame.passive = false;
    }
    let [thing] = frame.objects.as_slice() else { return None };
    (!SEEN.contains(&last(thing).as_str()) && known.is(lemma(&frame), Class::Tell)).then_some(())?;
    // Of what nobody has read, made or handed over there is nothing to say.
    let same = |phrase: &Phrase| last(phrase) == last(thing);
    let before = reading.clauses.get(..at)?.iter().filter(|clause| matches!(clause.role, Role::Act | Role::Trigger));
    let mut before = before.filter_map(|clause| clause.frame.as_ref()).peekable();
    let there = thing.pronoun && before.peek().is_some() || {
        before.any(|frame| {
            let arguments = frame.arguments.iter().map(|argument| &argument.phrase);
            frame.objects.iter().chain(&frame.subject).chain(arguments).any(same)
        })
    };
    there.then_some(())?;
    let thing = thing.clone();
    // What stands behind the words of the caption belongs to nothing.
    let words = frame.arguments.remove(with).phrase;
    let cut = words.span.start.checked_sub(1).filter(|cut| *cut > thing.span.end)?;
    (words.span.end >= clause.span.end || mark(reading, words.span.end).is_some()).then_some(())?;
    let verb = Verb { lemma: "write".to_owned(), particle: None, span: cut..cut + 1 };
    let about = Argument { preposition: "about".to_owned(), phrase: thing };
    let write = Frame { verb: Some(verb), objects: vec![words], arguments: vec![about], ..Frame::default() };
    let it = Phrase { span: cut..cut, head: "it".to_owned(), pronoun: true, ..Phrase::default() };
    frame.objects = vec![it];
    let parts = vec![
        Clause { span: cut..clause.span.end, frame: Some(write), ..clause.clone() },
        Clause { span: clause.span.start..cut, frame: Some(frame), ..clause },
    ];
    splice(reading, at, parts);
    Some(2)
}
