//! "A list of web pages" that is there already is one phrase: the pages.

use super::{act::names, points::HANDS, recut::splice};
use crate::{
    knowledge::{Class, Knowledge},
    reading::{Argument, Clause, Determiner, Frame, Phrase, Reading, Role, Verb},
};

/// Nouns for several things together.
const HOLDERS: [&str; 5] = ["list", "set", "batch", "bunch", "collection"];
/// What is made of several things, for all of them: one mail has it, not one for each.
const GATHERED: [&str; 6] = ["digest", "overview", "roundup", "recap", "ranking", "newsletter"];
/// Prepositions behind which a list stands that is there already.
const BEHIND: [&str; 7] = ["from", "in", "for", "over", "through", "of", "on"];
/// Verbs that only say that it is there, or that its entries are taken.
pub(in crate::plan) const TAKING: [&str; 9] = ["take", "get", "use", "read", "give", "have", "loop", "iterate", "go"];
/// Verbs of thinking whose object is the result: "extract a list of names".
const FINDING: [&str; 7] = ["extract", "identify", "find", "list", "pick", "suggest", "recommend"];

/// "the list", "one digest": all of the entries together.
pub(in crate::plan) fn gathers(phrase: &Phrase) -> bool {
    let head = phrase.head.rsplit(' ').next().unwrap_or_default();
    phrase.determiner != Determiner::Each && !phrase.plural && (HOLDERS.contains(&head) || GATHERED.contains(&head))
}

/// "Take the questions from this spreadsheet", "a list of keywords from a Google Sheet": read there.
fn taken(known: &Knowledge, frame: &mut Frame) {
    let taking =
        |verb: &Verb| matches!(verb.lemma.as_str(), "take" | "get" | "use" | "read") && verb.particle.is_none();
    let source = |phrase: &Phrase| {
        phrase.services.iter().any(|service| known.has_service(service))
            || matches!(phrase.head.as_str(), "spreadsheet" | "sheet" | "table" | "database")
    };
    let lies = |argument: &Argument| argument.preposition == "from" && source(&argument.phrase);
    if !frame.verb.as_ref().is_some_and(taking) || !frame.arguments.iter().any(lies) {
        return;
    }
    if let Some(verb) = frame.verb.as_mut().filter(|verb| verb.lemma == "take") {
        "read".clone_into(&mut verb.lemma);
    }
    if let [list] = frame.objects.as_slice()
        && let Some(of) = merged(frame, &list.clone())
    {
        frame.objects = vec![Phrase { given: false, ..of }];
    }
}

/// "Write a post about each": one for each.
fn about_each(known: &Knowledge, frame: &mut Frame) {
    let writes = frame.verb.as_ref().is_some_and(|verb| known.composes(&verb.lemma));
    let one = matches!(frame.objects.as_slice(), [object] if !object.plural);
    let each = |phrase: &Phrase| phrase.head == "each" || phrase.head == "one" && phrase.determiner == Determiner::Each;
    for argument in frame.arguments.iter_mut().filter(|_| writes && one) {
        if matches!(argument.preposition.as_str(), "about" | "on") && each(&argument.phrase) {
            "for".clone_into(&mut argument.preposition);
        }
    }
}

/// "one message", "a single mail"
pub(in crate::plan) fn is_single(phrase: &Phrase) -> bool {
    let single = phrase.modifiers.iter().any(|word| word == "single") || phrase.head.starts_with("single ");
    single || phrase.determiner == Determiner::Count(1)
}

/// "…, and mail me one report": made of all of them.
fn gathered_later(reading: &Reading, from: usize) -> bool {
    let one = |phrase: &Phrase| {
        let report = phrase.head.rsplit(' ').next() == Some("report") && phrase.determiner == Determiner::Some;
        gathers(phrase) || report || is_single(phrase) && !phrase.pronoun
    };
    let acts = reading.clauses.iter().skip(from).filter(|clause| clause.role == Role::Act);
    acts.filter_map(|clause| clause.frame.as_ref()).any(|frame| frame.objects.iter().any(one))
}

/// "For each keyword in my list", "for every page that I enter": the person gives the list, unless it was spoken of before.
fn looped(reading: &mut Reading) {
    let Some(at) = reading.clauses.iter().position(|clause| clause.role == Role::Loop) else { return };
    if gathered_later(reading, at + 1) {
        return;
    }
    let (before, rest) = reading.clauses.split_at_mut(at);
    if before.iter().any(|clause| matches!(clause.role, Role::Act | Role::Trigger)) {
        return;
    }
    let Some(frame) = rest.first_mut().and_then(|clause| clause.frame.as_mut()) else { return };
    // "on my list in Airtable": it is read there.
    if frame.arguments.iter().any(|argument| !argument.phrase.services.is_empty()) {
        return;
    }
    let holder = |phrase: &Phrase| {
        let bare = phrase.services.is_empty() && phrase.values.is_empty() && phrase.modifiers.is_empty();
        bare && HOLDERS.contains(&phrase.head.as_str())
    };
    let held = |argument: &Argument| {
        matches!(argument.preposition.as_str(), "in" | "from" | "on" | "of") && holder(&argument.phrase)
    };
    let list = frame.arguments.iter().position(held);
    let hands = |at: usize| {
        let word = reading.tokens.get(at).and_then(|token| token.word());
        word.is_some_and(|word| HANDS.contains(&word))
    };
    let own = |at: usize| {
        reading.tokens.get(at).and_then(|token| token.word()).is_some_and(|word| matches!(word, "i" | "we" | "you"))
    };
    let end = list.and_then(|list| frame.arguments.get(list)).map(|list| list.phrase.span.end);
    let arguments = frame.arguments.iter_mut().map(|argument| &mut argument.phrase);
    let each = |phrase: &&mut Phrase| phrase.determiner == Determiner::Each && phrase.services.is_empty();
    let Some(entry) = arguments.chain(&mut frame.objects).find(each).filter(|entry| !entry.head.is_empty()) else {
        return;
    };
    let given = entry.tail.clone().is_some_and(|tail| tail.clone().any(own) && tail.clone().any(hands));
    if list.is_some() || given {
        entry.given = true;
        entry.span.end = end.unwrap_or(entry.span.end);
        if let Some(list) = list {
            frame.arguments.remove(list);
        }
    }
}

/// "Take a list of keywords, search Google for each": from there on it is done for each.
fn each_given(known: &Knowledge, reading: &mut Reading) -> Option<()> {
    let given = |clause: &Clause| {
        let frame = clause.frame.as_ref().filter(|_| clause.role == Role::Act)?;
        let arguments = frame.arguments.iter().map(|argument| &argument.phrase);
        frame.objects.iter().chain(arguments).find(|phrase| phrase.given).cloned()
    };
    let from = reading.clauses.iter().position(|clause| given(clause).is_some())?;
    let list = reading.clauses.get(from).and_then(given)?;
    let each = |phrase: &Phrase| phrase.head == "each" || phrase.determiner == Determiner::Each && phrase.head == "one";
    let looks = |clause: &Clause| {
        let frame = clause.frame.as_ref().filter(|_| clause.role == Role::Act && clause.under.is_none());
        frame.is_some_and(|frame| {
            let searches = frame.verb.as_ref().is_some_and(|verb| {
                known.is(&verb.lemma, Class::Search) || matches!(verb.lemma.as_str(), "find" | "look" | "research")
            });
            searches && frame.arguments.iter().any(|argument| each(&argument.phrase))
        })
    };
    let at = reading.clauses.iter().skip(from + 1).position(looks)? + from + 1;
    if gathered_later(reading, at) {
        return None;
    }
    let clause = reading.clauses.get_mut(at)?;
    clause.frame.as_mut()?.arguments.retain(|argument| !each(&argument.phrase));
    let (start, sentence) = (clause.span.start, clause.sentence);
    let act = clause.clone();
    let entry = Phrase { span: start..start, determiner: Determiner::Each, given: false, tail: None, ..list };
    let each = Argument { preposition: "for".to_owned(), phrase: entry };
    let frame = Some(Frame { arguments: vec![each], ..Frame::default() });
    let per = Clause { span: start..start, role: Role::Loop, sentence, under: None, frame };
    splice(reading, at, vec![per, act]);
    for later in reading.clauses.iter_mut().skip(at + 1) {
        if later.role == Role::Act && later.under.is_none() && later.sentence == sentence {
            later.under = Some(at);
        }
    }
    Some(())
}

/// Makes one phrase of "a list of web pages" where the list is there already: "make a list of ideas" makes one.
pub(in crate::plan) fn lists(known: &Knowledge, reading: &mut Reading) {
    looped(reading);
    // "For every open pull request": of all that there are.
    for clause in reading.clauses.iter_mut().filter(|clause| clause.role == Role::Loop) {
        let Some(frame) = &mut clause.frame else { continue };
        let arguments = frame.arguments.iter_mut().map(|argument| &mut argument.phrase);
        arguments
            .chain(&mut frame.objects)
            .filter(|phrase| phrase.determiner == Determiner::Each)
            .for_each(|phrase| phrase.plural = true);
    }
    // "…, and post them as one message"
    let one = |argument: &Argument| matches!(argument.preposition.as_str(), "as" | "in") && is_single(&argument.phrase);
    let bundled = reading.clauses.iter().filter_map(|clause| clause.frame.as_ref());
    let bundled = bundled.flat_map(|frame| &frame.arguments).any(one);
    for clause in &mut reading.clauses {
        if !matches!(clause.role, Role::Act | Role::Trigger | Role::Loop) {
            continue;
        }
        let Some(frame) = &mut clause.frame else { continue };
        taken(known, frame);
        if !bundled {
            about_each(known, frame);
        }
        let verb = frame.verb.as_ref().map_or_else(String::new, |verb| verb.lemma.clone());
        let verb = verb.as_str();
        let mut named = frame.objects.iter().chain(frame.arguments.iter().map(|argument| &argument.phrase));
        let works = TAKING.contains(&verb)
            && named.all(|phrase| phrase.services.is_empty())
            && frame.recipients.iter().all(|phrase| phrase.head == "you")
            || known.is(verb, Class::Think) && !known.composes(verb) && !FINDING.contains(&verb);
        if works {
            for at in 0..frame.objects.len() {
                if let Some(list) = frame.objects.get(at).cloned().and_then(|phrase| merged(frame, &phrase)) {
                    frame.objects.splice(at..=at, [list]);
                }
            }
        }
        // "Get a list of open issues": the issues are read.
        let reads = known.is(verb, Class::Fetch) && !works;
        if let (true, [list]) = (reads, frame.objects.as_slice())
            && let Some(of) = merged(frame, &list.clone())
        {
            frame.objects = vec![Phrase { given: false, ..of }];
            continue;
        }
        // "Send me a list of open issues": those that are there to be read.
        let there = |phrase: &Phrase| {
            phrase.services.iter().any(|service| known.has_service(service))
                || names(phrase).iter().any(|name| known.source(name).is_some())
        };
        let told = known.is(verb, Class::Tell) && !known.composes(verb);
        for at in 0..frame.objects.len() {
            let Some(list) = frame.objects.get(at).filter(|_| told).cloned() else { break };
            let of = entries(frame, &list).and_then(|next| frame.arguments.get(next));
            if of.is_some_and(|of| there(&of.phrase))
                && let Some(of) = merged(frame, &list)
            {
                frame.objects.splice(at..=at, [Phrase { given: false, ..of }]);
            }
        }
        let mut at = 0;
        while let Some(argument) = frame.arguments.get(at).cloned() {
            if BEHIND.contains(&argument.preposition.as_str())
                && let Some(list) = merged(frame, &argument.phrase)
                && let Some(argument) = frame.arguments.get_mut(at)
            {
                argument.phrase = list;
            }
            at += 1;
        }
    }
    let _ = each_given(known, reading);
}

/// The list with what it is a list of; that part is taken out of the frame.
fn merged(frame: &mut Frame, list: &Phrase) -> Option<Phrase> {
    let next = entries(frame, list)?;
    let of = frame.arguments.remove(next).phrase;
    Some(Phrase { span: list.span.start..of.span.end, given: true, ..of })
}

/// Which argument says what it is a list of.
fn entries(frame: &Frame, list: &Phrase) -> Option<usize> {
    let given = |word: &String| matches!(word.as_str(), "pasted" | "given" | "uploaded" | "provided" | "supplied");
    let bare = list.services.is_empty() && list.values.is_empty() && list.modifiers.iter().all(given);
    if !HOLDERS.contains(&list.head.as_str()) || list.determiner != Determiner::Some || !bare {
        return None;
    }
    frame.arguments.iter().position(|argument| {
        argument.preposition == "of"
            && (list.span.end..list.span.end + 3).contains(&argument.phrase.span.start)
            && argument.phrase.plural
            && argument.phrase.services.is_empty()
            && argument.phrase.values.is_empty()
    })
}
