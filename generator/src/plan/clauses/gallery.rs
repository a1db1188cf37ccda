//! How templates are described: a heading that names what is made, "This agent helps recruiters", points that are called
//! "Trigger" and "Action", a heading that says in short what is told below it, "with AI summaries".

use super::{
    act::names,
    listens::called,
    maker::MAKERS,
    points::ENTERS,
    recut::{reread, splice, word},
    sending,
};
use crate::{
    knowledge::{Class, Knowledge},
    reading::{Argument, Clause, Determiner, Frame, Kind, Mark, Phrase, Reading, Role, Token, Verb},
};

/// What the points of a description are called.
const POINTS: [&str; 10] =
    ["trigger", "action", "step", "output", "result", "goal", "task", "process", "workflow", "input"];
/// More is not cut: every cut moves all that stands behind it.
pub(super) const CLAUSES: usize = 200;

pub(in crate::plan) fn settle(known: &Knowledge, reading: &mut Reading) {
    let _ = headed(known, reading).or_else(|| titled(known, reading));
    for at in 0..reading.clauses.len() {
        let _ = praised(known, reading, at);
        let _ = pointed(reading, at);
        let _ = automatic(known, reading, at);
        let _ = nominal(known, reading, at);
        let _ = sending::sent_with(known, reading, at);
        let _ = read_anyway(known, reading, at);
        let _ = sending::joined(known, reading, at);
    }
    let _ = called(reading);
    let _ = summed_up(known, reading);
    let mut at = 0;
    while at < reading.clauses.len() && reading.clauses.len() < CLAUSES {
        at += by_model(known, reading, at)
            .or_else(|| sending::sent_too(known, reading, at))
            .or_else(|| by_kind(known, reading, at))
            .unwrap_or(1);
    }
}

/// "Competitor research agent. Give it a name …": the name of it all, nothing to be done.
fn headed(known: &Knowledge, reading: &mut Reading) -> Option<()> {
    let (first, rest) = reading.clauses.split_first()?;
    let frame = first.frame.as_ref().filter(|frame| frame.verb.is_none() && frame.subject.is_none())?;
    let [name] = frame.objects.as_slice() else { return None };
    let last = name.head.rsplit(' ').next()?;
    let kind = known.is_agent(last) || last.ends_with("bot") || MAKERS.iter().any(|(maker, _)| *maker == last);
    let told = |next: &Clause| {
        next.role == Role::Act
            && next.sentence > first.sentence
            && next.frame.as_ref().is_some_and(|frame| frame.verb.is_some())
    };
    // A service that only the heading names is that of what is told.
    let again =
        |service: &String| rest.iter().filter_map(|next| next.frame.as_ref()).any(|next| names_service(next, service));
    let phrases = frame.objects.iter().chain(frame.arguments.iter().map(|argument| &argument.phrase));
    let open = phrases.flat_map(|phrase| &phrase.services).any(|service| !again(service));
    let heads = first.role == Role::Act && kind && name.tail.is_none() && !open && rest.iter().any(told);
    heads.then_some(())?;
    reading.clauses.first_mut()?.role = Role::Title;
    Some(())
}

/// "Email newsletter digest: collects all newsletters, …", "Analyze a website. Input a URL and get …": what it is for, in
/// the form of a request; what is done is told behind it.
fn titled(known: &Knowledge, reading: &mut Reading) -> Option<()> {
    let (first, rest) = reading.clauses.split_first()?;
    let frame = first.frame.as_ref().filter(|frame| first.role == Role::Act && frame.subject.is_none())?;
    let verb = frame.verb.as_ref()?;
    let next = rest.first().filter(|next| next.role == Role::Act)?;
    let told = next.frame.as_ref().filter(|frame| frame.subject.is_none() && !frame.objects.is_empty())?;
    let does = told.verb.as_ref()?;
    let colon = reading.tokens.get(first.span.end.checked_sub(1)?)?.mark() == Some(Mark::Colon);
    let third = word(reading, does.span.start).is_some_and(|word| word != does.lemma && word.ends_with('s'));
    // "collects, summarizes and sends": told of the agent, and not asked of it as the heading is.
    let base = word(reading, verb.span.start).is_some_and(|word| !word.ends_with('s'));
    let described = colon && third && base && rest.iter().any(|later| later.sentence == first.sentence);
    let open = |phrase: &Phrase| {
        let new = matches!(phrase.determiner, Determiner::Some | Determiner::None);
        new && phrase.services.is_empty() && phrase.values.is_empty() && !phrase.pronoun
    };
    let thinks = known.is(&verb.lemma, Class::Think) && !known.composes(&verb.lemma) && frame.objects.iter().all(open);
    let apart = colon || next.sentence > first.sentence;
    // "Enter the text and post the result": nothing but the heading says what is done.
    let does_it = |later: &Clause| {
        let frame = later.frame.as_ref().filter(|_| later.role == Role::Act);
        let made = |phrase: &Phrase| phrase.determiner == Determiner::Some && !known.is_outcome(&phrase.head);
        let verb = frame.and_then(|frame| frame.verb.as_ref());
        verb.is_some_and(|verb| !known.is(&verb.lemma, Class::Tell) && !known.is(&verb.lemma, Class::Store))
            && frame.is_some_and(|frame| frame.objects.iter().any(made))
    };
    let hands = ENTERS.contains(&does.lemma.as_str()) && !told.objects.iter().any(|phrase| phrase.pronoun);
    let handed = thinks && apart && hands && rest.iter().skip(1).any(does_it);
    (described || handed).then_some(())?;
    reading.clauses.first_mut()?.role = Role::Title;
    for later in reading.clauses.iter_mut().filter(|later| later.under == Some(0)) {
        later.under = None;
    }
    Some(())
}

/// "Collect reviews from a sheet, and alert the team when a review is negative": what is looked at is read in any case.
fn read_anyway(known: &Knowledge, reading: &mut Reading, at: usize) -> Option<()> {
    let act = reading.clauses.get(at).filter(|clause| clause.role == Role::Act)?;
    let guard = act.under.filter(|guard| *guard > at)?;
    let frame = act.frame.as_ref().filter(|frame| !frame.negated)?;
    let reads = known.is(&frame.verb.as_ref()?.lemma, Class::Fetch);
    let test = reading.clauses.get(guard).filter(|guard| guard.role == Role::Condition)?;
    let looked =
        test.frame.as_ref()?.subject.as_ref().filter(|subject| !subject.pronoun && !subject.head.is_empty())?;
    let same = frame.objects.iter().any(|phrase| phrase.head == looked.head);
    let outer = test.under;
    (reads && same).then_some(())?;
    reading.clauses.get_mut(at)?.under = outer.filter(|outer| *outer < at);
    Some(())
}

fn names_service(frame: &Frame, service: &String) -> bool {
    let arguments = frame.arguments.iter().map(|argument| &argument.phrase);
    let phrases = frame.objects.iter().chain(arguments).chain(&frame.recipients).chain(&frame.subject);
    phrases.into_iter().any(|phrase| phrase.services.contains(service))
}

/// "This agent helps recruiters: it takes …": whom it is for.
fn praised(known: &Knowledge, reading: &mut Reading, at: usize) -> Option<()> {
    let clause = reading.clauses.get(at).filter(|clause| clause.role == Role::Act)?;
    let frame = clause.frame.as_ref().filter(|frame| !frame.negated && frame.complement.is_none())?;
    let helps = matches!(frame.verb.as_ref()?.lemma.as_str(), "help" | "assist" | "support" | "serve");
    let own = frame.subject.as_ref().is_some_and(|subject| known.is_agent(&subject.head) || subject.head == "it");
    let plain = |phrase: &Phrase| phrase.services.is_empty() && phrase.values.is_empty();
    let arguments = frame.arguments.iter().map(|argument| &argument.phrase);
    let bare = frame.objects.iter().chain(&frame.recipients).chain(arguments).all(plain);
    let told = reading.clauses.iter().skip(at + 1).any(|next| next.role == Role::Act);
    (helps && own && bare && told).then_some(())?;
    reading.clauses.get_mut(at)?.role = Role::LeadIn;
    Some(())
}

/// "Trigger: a new pull request. Action: …": what stands behind the first starts it, the others only say what follows.
fn pointed(reading: &mut Reading, at: usize) -> Option<()> {
    let clause = reading.clauses.get(at)?;
    let colon = reading.tokens.get(clause.span.end.checked_sub(1)?)?.mark() == Some(Mark::Colon);
    let frame = clause.frame.as_ref().filter(|frame| frame.verb.is_none() && frame.arguments.is_empty())?;
    let [label] = frame.objects.as_slice() else { return None };
    let bare = label.modifiers.is_empty() && label.services.is_empty() && label.tail.is_none();
    let heads = matches!(clause.role, Role::Title | Role::Condition | Role::Act | Role::Trigger);
    (colon && bare && heads && POINTS.contains(&label.head.as_str())).then_some(())?;
    let trigger = label.head == "trigger";
    let point = reading.clauses.get_mut(at)?;
    (point.role, point.under) = (Role::LeadIn, None);
    for later in reading.clauses.iter_mut().filter(|later| later.under == Some(at)) {
        later.under = None;
    }
    let next = reading.clauses.get_mut(at + 1).filter(|next| trigger && next.role == Role::Act)?;
    let frame = next.frame.as_mut()?;
    // "Trigger: watch the inbox" is told as an act.
    (frame.verb.is_none() || frame.subject.is_some() || frame.passive).then_some(())?;
    next.role = Role::Trigger;
    for later in reading.clauses.iter_mut().skip(at + 2) {
        if later.under.is_none() && matches!(later.role, Role::Act | Role::Condition | Role::Loop) {
            later.under = Some(at + 1);
        }
    }
    Some(())
}

/// "Turn videos into posts. This agent takes a video, …, then writes a post": the first sentence says in short what the
/// others tell. What only it knows of the source goes on to them.
fn summed_up(known: &Knowledge, reading: &mut Reading) -> Option<()> {
    let (first, rest) = reading.clauses.split_first()?;
    let frame = first.frame.as_ref().filter(|frame| first.role == Role::Act && frame.subject.is_none())?;
    let turns = matches!(frame.verb.as_ref()?.lemma.as_str(), "turn" | "convert" | "transform" | "repurpose");
    let [from] = frame.objects.as_slice() else { return None };
    let into = frame.arguments.iter().find(|argument| matches!(argument.preposition.as_str(), "into" | "to"))?;
    let last = |phrase: &Phrase| phrase.head.rsplit(' ').next().map(str::to_owned);
    let made = last(&into.phrase)?;
    let told = rest.first().filter(|next| next.role == Role::Act && next.sentence > first.sentence)?;
    let own = told.frame.as_ref()?.subject.as_ref().is_some_and(|who| known.is_agent(&who.head) || who.head == "it");
    let writes = |clause: &Clause| {
        let frame = clause.frame.as_ref();
        let composes = frame.and_then(|frame| frame.verb.as_ref()).is_some_and(|verb| known.composes(&verb.lemma));
        composes && frame.is_some_and(|frame| frame.objects.iter().any(|phrase| last(phrase).as_ref() == Some(&made)))
    };
    (turns && own && rest.iter().any(writes)).then_some(())?;
    let (from, target) = (from.clone(), into.phrase.services.clone());
    let reads = reading.clauses.get_mut(1)?.frame.as_mut()?;
    let fetches = reads.verb.as_ref().is_some_and(|verb| known.is(&verb.lemma, Class::Fetch));
    let thing = reads.objects.first_mut().filter(|thing| fetches && thing.services.is_empty() && !thing.pronoun)?;
    let nouns = names(&from);
    let same = thing.head.split(' ').any(|word| nouns.iter().any(|noun| noun == word))
        || thing.modifiers.iter().any(|word| nouns.contains(word));
    let elsewhere =
        reads.arguments.iter().any(|argument| matches!(argument.preposition.as_str(), "from" | "in" | "of"));
    if same {
        let span = thing.span.clone();
        *thing = Phrase { span, determiner: Determiner::Some, plural: false, ..from };
    } else if !elsewhere && from.services.iter().any(|service| known.container(service).is_some()) {
        let phrase = Phrase { determiner: Determiner::The, ..from };
        reads.arguments.push(Argument { preposition: "from".to_owned(), phrase });
    } else if !from.services.is_empty() && !elsewhere {
        return None;
    }
    // "… into LinkedIn posts … writes a post": one for LinkedIn.
    let text = reading.clauses.iter_mut().filter(|clause| writes(clause)).find_map(|clause| clause.frame.as_mut());
    let text = text?.objects.iter_mut().find(|phrase| last(phrase).as_ref() == Some(&made))?;
    if text.services.is_empty() {
        text.services = target;
    }
    reading.clauses.first_mut()?.role = Role::Title;
    Some(())
}

/// "RSS feed to Discord with AI summaries": the summaries are written first, and they are what is sent.
fn by_model(known: &Knowledge, reading: &mut Reading, at: usize) -> Option<usize> {
    const MADE: [(&str, &str); 4] =
        [("summary", "summarise"), ("translation", "translate"), ("analysis", "analyse"), ("digest", "summarise")];
    let clause = reading.clauses.get(at).filter(|clause| clause.role == Role::Act)?.clone();
    let mut frame = clause.frame.clone().filter(|frame| !frame.negated && frame.verb.is_none())?;
    let model = |phrase: &Phrase| {
        let ai = |word: &String| {
            matches!(word.as_str(), "ai" | "gpt" | "llm" | "ai-generated" | "ai-written" | "ai-powered")
        };
        phrase.modifiers.iter().any(ai) || phrase.services.iter().any(|service| known.is_kind(service, Kind::Model))
    };
    let made = |phrase: &Phrase| MADE.iter().find(|(noun, _)| phrase.head == *noun).map(|(_, verb)| *verb);
    let with = frame.arguments.iter().position(|argument| {
        matches!(argument.preposition.as_str(), "with" | "via" | "using") && model(&argument.phrase)
    })?;
    let place = |argument: &Argument| {
        let service = argument.phrase.services.iter().any(|service| known.has_service(service));
        service && matches!(argument.preposition.as_str(), "to" | "into" | "in" | "on" | "via")
    };
    let verb = made(&frame.arguments.get(with)?.phrase)?;
    (!frame.objects.is_empty() && frame.arguments.iter().any(place)).then_some(())?;
    let product = frame.arguments.remove(with).phrase;
    let to: Vec<Argument> = frame.arguments.extract_if(.., |argument| place(argument)).collect();
    // "… in German", "… for my approval": what is said of them has no place here.
    let behind = frame.arguments.iter().any(|argument| argument.phrase.span.start >= product.span.end);
    (!behind && product.tail.is_none()).then_some(())?;
    let cut = to.iter().map(|argument| argument.phrase.span.start).min()?.checked_sub(1)?;
    let said = |lemma: &str, at: usize| Verb { lemma: lemma.to_owned(), particle: None, span: at..at };
    let start = frame.objects.first()?.span.start;
    let keeps =
        to.iter().flat_map(|argument| &argument.phrase.services).all(|service| known.channel(service).is_none());
    let it = Phrase { span: cut..cut, head: "it".to_owned(), pronoun: true, ..Phrase::default() };
    let out = Frame {
        verb: Some(said(if keeps { "add" } else { "send" }, cut)),
        objects: vec![it],
        arguments: to,
        ..Frame::default()
    };
    let aside = Clause {
        span: product.span.start.saturating_sub(1)..product.span.end,
        role: Role::LeadIn,
        frame: None,
        ..clause.clone()
    };
    frame.verb = Some(said(verb, start));
    let write = Clause { span: clause.span.start..cut, frame: Some(frame), ..clause.clone() };
    let send = Clause { span: cut..aside.span.start.max(cut), frame: Some(out), ..clause };
    splice(reading, at, vec![write, send, aside]);
    Some(3)
}

/// "Lead enrichment with Apollo and save to a sheet", "data extraction from invoices": the noun says what is done.
fn nominal(known: &Knowledge, reading: &mut Reading, at: usize) -> Option<()> {
    const DONE: [(&str, &str); 10] = [
        ("enrichment", "enrich"),
        ("extraction", "extract"),
        ("classification", "classify"),
        ("categorisation", "categorise"),
        ("categorization", "categorise"),
        ("summarisation", "summarise"),
        ("summarization", "summarise"),
        ("transcription", "transcribe"),
        ("generation", "generate"),
        ("labelling", "label"),
    ];
    let clause = reading.clauses.get(at).filter(|clause| clause.role == Role::Act)?;
    let frame = clause.frame.as_ref().filter(|frame| frame.verb.is_none() && frame.subject.is_none())?;
    let [noun] = frame.objects.as_slice() else { return None };
    let (of, last) = noun.head.rsplit_once(' ').unwrap_or(("", &noun.head));
    let lemma = DONE.iter().find(|(done, _)| *done == last).map(|(_, verb)| *verb)?;
    let colon = reading.tokens.get(clause.span.end.checked_sub(1)?)?.mark() == Some(Mark::Colon);
    let plain = noun.tail.is_none() && noun.values.is_empty() && !noun.pronoun;
    // A heading, if nothing is said of where it comes from or goes.
    let placed = frame.arguments.iter().any(|place| {
        let known_place = place.phrase.services.iter().any(|service| known.has_service(service));
        known_place || matches!(place.preposition.as_str(), "from" | "of")
    });
    // "Lead enrichment with Apollo. Takes a name, …": told below.
    let heads = reading.clauses.iter().any(|later| later.sentence > clause.sentence);
    (plain && placed && !colon && !heads).then_some(())?;
    let mut modifiers: Vec<String> = noun.modifiers.iter().filter(|word| *word != "ai").cloned().collect();
    let head = if of.is_empty() { modifiers.pop().unwrap_or_default() } else { of.to_owned() };
    let end = noun.span.end;
    let verb = Verb { lemma: lemma.to_owned(), particle: None, span: end.checked_sub(1)?..end };
    let thing = Phrase { span: noun.span.start..verb.span.start, head, modifiers, plural: true, ..noun.clone() };
    let clause = reading.clauses.get_mut(at)?;
    let frame = clause.frame.as_mut()?;
    frame.verb = Some(verb);
    if thing.head.is_empty() && thing.services.is_empty() {
        // "Classification of tickets"
        let of = frame.arguments.iter().position(|argument| argument.preposition == "of")?;
        frame.objects = vec![frame.arguments.remove(of).phrase];
    } else {
        frame.passive = true;
        frame.objects = vec![thing];
    }
    Some(())
}

/// "classify (invoice / complaint) -> invoices to Notion, complaints to Linear": each kind goes its own way.
fn by_kind(known: &Knowledge, reading: &mut Reading, at: usize) -> Option<usize> {
    let before = reading.clauses.get(at.checked_sub(1)?).filter(|before| before.role == Role::Act)?.frame.clone()?;
    let sorts = matches!(before.verb.as_ref()?.lemma.as_str(), "classify" | "categorise" | "sort" | "label" | "triage");
    let clause = reading.clauses.get(at).filter(|clause| clause.role == Role::Act && sorts)?.clone();
    let arguments = before.arguments.iter().map(|argument| &argument.phrase);
    let kinds: Vec<String> = before.objects.iter().chain(arguments).map(|phrase| phrase.head.clone()).collect();
    let kind = |at: usize| word(reading, at).map(|word| word.strip_suffix('s').unwrap_or(word).to_owned());
    let begins = |at: &usize| {
        let to = matches!(word(reading, at + 1), Some("to" | "into" | "in"));
        to && kind(*at).is_some_and(|kind| kinds.contains(&kind))
    };
    let starts: Vec<usize> = clause.span.clone().filter(begins).collect();
    let first = clause.span.clone().find(|at| word(reading, *at).is_some());
    (first.is_some() && first == starts.first().copied()).then_some(())?;
    let mut parts = Vec::new();
    for (index, start) in starts.iter().enumerate() {
        let last = starts.get(index + 1).copied().unwrap_or(clause.span.end);
        let comma = (*start..last).find(|at| reading.tokens.get(*at).and_then(Token::mark) == Some(Mark::Comma));
        let end = comma.map_or(last, |comma| comma + 1).min(last);
        let arguments = reread(known, reading, start + 1..end, Some("put")).into_iter().next()?.frame?.arguments;
        let head = kind(*start)?;
        let subject = Phrase { span: *start..start + 1, head, plural: true, ..Phrase::default() };
        let verb = Verb { lemma: "go".to_owned(), particle: None, span: start + 1..start + 1 };
        let frame = Frame { verb: Some(verb), subject: Some(subject), arguments, ..Frame::default() };
        let from = if index == 0 { clause.span.start } else { *start };
        parts.push(Clause { span: from..end, frame: Some(frame), ..clause.clone() });
        // "everything else ignored": nothing is done with it.
        if end < last {
            parts.push(Clause { span: end..last, role: Role::Background, frame: None, ..clause.clone() });
        }
    }
    let count = parts.len();
    splice(reading, at, parts);
    // "classify (invoice / complaint)": as one of those.
    let sorted = reading.clauses.get_mut(at - 1)?.frame.as_mut()?;
    if sorted.objects.len() > 1 && sorted.arguments.is_empty() {
        let place = sorted.verb.as_ref().map_or(0, |verb| verb.span.end);
        let it = Phrase { span: place..place, head: "it".to_owned(), pronoun: true, ..Phrase::default() };
        let kinds = std::mem::replace(&mut sorted.objects, vec![it]);
        sorted.arguments.extend(kinds.into_iter().map(|phrase| Argument { preposition: "as".to_owned(), phrase }));
    }
    Some(count)
}

/// "Auto-label issues", "auto-post new articles": the verb stands behind the hyphen.
fn automatic(known: &Knowledge, reading: &mut Reading, at: usize) -> Option<()> {
    let clause = reading.clauses.get(at).filter(|clause| clause.role == Role::Act)?;
    let first = clause.span.clone().find(|token| reading.tokens.get(*token).and_then(Token::word).is_some())?;
    let verb = word(reading, first)?.strip_prefix("auto-")?.to_owned();
    let known_act = known.is_act(&verb);
    let frame = clause.frame.as_ref().filter(|frame| frame.verb.is_none() && known_act)?;
    let object = frame.objects.first().filter(|phrase| phrase.span.start <= first)?;
    let whole = format!("auto-{verb}");
    let object = Phrase {
        span: first + 1..object.span.end,
        head: object.head.strip_prefix(&whole).map_or(object.head.as_str(), str::trim_start).to_owned(),
        modifiers: object.modifiers.iter().filter(|word| **word != whole).cloned().collect(),
        ..object.clone()
    };
    let frame = reading.clauses.get_mut(at)?.frame.as_mut()?;
    frame.verb = Some(Verb { lemma: verb, particle: None, span: first..first + 1 });
    if object.head.is_empty() && object.services.is_empty() {
        frame.objects.remove(0);
    } else {
        *frame.objects.first_mut()? = object;
    }
    Some(())
}
