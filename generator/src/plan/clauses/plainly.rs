//! What is said in a roundabout way, as it would be said plainly.

use super::{
    act::{is_report, is_rework},
    digest::ONLY,
    points::{ENTERS, HANDS},
    recut::word,
};
use crate::{
    knowledge::{Class, Knowledge},
    reading::{Argument, Clause, Determiner, Frame, Phrase, Reading, Role, Token},
};

pub(in crate::plan) fn settle(known: &Knowledge, reading: &mut Reading) {
    for at in 0..reading.clauses.len() {
        let handed = hands_over(reading, at);
        let reworked = at.checked_sub(1).and_then(|before| reading.clauses.get(before)).is_some_and(reworks);
        let Some(clause) = reading.clauses.get_mut(at).filter(|clause| clause.role == Role::Act) else { continue };
        let Some(frame) = clause.frame.as_mut() else { continue };
        film(&reading.tokens, frame);
        let _ = ones(frame);
        let _ = report_of(known, frame);
        let _ = may_ask(frame, handed);
        let _ = reminder(known, frame);
        let _ = added_up(frame);
        let _ = reworked.then(|| passed_on(frame));
    }
    for at in 0..reading.clauses.len() {
        let _ = answered(reading, at);
        let _ = warned(known, reading, at);
        let _ = found_out(reading, at);
        let _ = came(known, reading, at);
        let _ = then_done(known, reading, at);
    }
}

/// "Find out when the page changes, and tell me": nothing but the event.
fn found_out(reading: &mut Reading, at: usize) -> Option<()> {
    let event = reading.clauses.get(at + 1).is_some_and(|next| next.role == Role::Trigger);
    let clause = reading.clauses.get_mut(at).filter(|clause| clause.role == Role::Act && event)?;
    let frame = clause.frame.as_ref()?;
    let verb = frame.verb.as_ref().filter(|_| frame.objects.is_empty() && frame.arguments.is_empty())?;
    let finds = verb.lemma == "find" && verb.particle.as_deref() == Some("out") && frame.complement.is_none();
    (clause.role, clause.under) = if finds { (Role::LeadIn, None) } else { return None };
    Some(())
}

/// "Read my mails and tell me if something urgent came in": it is seen in what was read.
fn came(known: &Knowledge, reading: &mut Reading, at: usize) -> Option<()> {
    let clause = reading.clauses.get(at).filter(|clause| clause.role == Role::Trigger)?;
    let frame = clause.frame.as_ref().filter(|_| word(reading, clause.span.start) == Some("if"))?;
    let anything = |phrase: &Phrase| matches!(phrase.head.as_str(), "something" | "anything");
    frame.objects.iter().chain(&frame.subject).find(|phrase| anything(phrase))?;
    let read = reading.clauses.iter().take(at).position(|act| {
        let verb = act.frame.as_ref().filter(|frame| !frame.objects.is_empty()).and_then(|frame| frame.verb.as_ref());
        act.role == Role::Act && verb.is_some_and(|verb| known.is(&verb.lemma, Class::Fetch))
    })?;
    reading.clauses.get_mut(at)?.role = Role::Condition;
    reading.clauses.get_mut(read)?.under.take_if(|under| *under == at);
    Some(())
}

/// "Rewrite it so that a child understands it, then read it aloud": what follows is done as well.
fn then_done(known: &Knowledge, reading: &mut Reading, at: usize) -> Option<()> {
    let before = reading.clauses.get(at.checked_sub(1)?)?;
    let reason = before.role == Role::Background && word(reading, before.span.start) == Some("so");
    let clause = reading.clauses.get(at).filter(|clause| clause.role == Role::Background && reason)?;
    let frame = clause.frame.as_ref().filter(|frame| frame.subject.is_none() && !frame.passive)?;
    let verb = frame.verb.as_ref()?;
    // "and mail it to me"
    let me = |phrase: &Phrase| matches!(phrase.head.as_str(), "me" | "us");
    let mut told = frame.recipients.iter().chain(frame.arguments.iter().map(|argument| &argument.phrase));
    let sent = known.is(&verb.lemma, Class::Tell) && told.any(me);
    let then = word(reading, clause.span.start) == Some("then") || sent;
    then.then_some(())?;
    reading.clauses.get_mut(at)?.role = Role::Act;
    Some(())
}

/// "Send me the report, and warn me if it will rain": the report comes in any case.
fn warned(known: &Knowledge, reading: &mut Reading, at: usize) -> Option<()> {
    let case = reading.clauses.get(at).filter(|clause| clause.role == Role::Condition)?.sentence;
    let act = |at: usize| {
        let clause = reading.clauses.get(at).filter(|clause| clause.role == Role::Act && clause.sentence == case)?;
        clause.frame.as_ref()
    };
    let warning = act(at.checked_sub(1)?)?;
    let warns = matches!(warning.verb.as_ref()?.lemma.as_str(), "warn" | "alert" | "notify" | "ping");
    let before =
        act(at.checked_sub(2)?).filter(|_| warns && warning.objects.is_empty() && warning.complement.is_none())?;
    let told =
        known.is(&before.verb.as_ref()?.lemma, Class::Tell) && !before.objects.iter().all(|phrase| phrase.pronoun);
    let clause = reading.clauses.get_mut(at - 2).filter(|clause| told && clause.under == Some(at))?;
    clause.under = None;
    Some(())
}

/// "Sum up the YouTube video I give", "… at the address I enter": its address is asked for anyway.
fn film(tokens: &[Token], frame: &mut Frame) {
    let own = |phrase: &Phrase| {
        let mut words = phrase.tail.clone().into_iter().flatten().filter_map(|at| tokens.get(at)?.word());
        let who = words.find(|word| !matches!(*word, "that" | "which"));
        matches!(who, Some("i" | "we" | "you"))
            && words.next().is_some_and(|verb| verb != "upload" && HANDS.contains(&verb))
    };
    let film = |phrase: &Phrase| phrase.services.iter().any(|name| name == "YouTube") && phrase.head.ends_with("video");
    let mut found = false;
    for phrase in frame.objects.iter_mut().filter(|phrase| film(phrase)) {
        found = true;
        if own(phrase) {
            phrase.tail = None;
        }
    }
    frame.arguments.retain(|argument| {
        let place = matches!(argument.preposition.as_str(), "at" | "from")
            && matches!(argument.phrase.head.as_str(), "url" | "link" | "address");
        !(found && place && own(&argument.phrase))
    });
}

/// "Paste a text and answer questions about it": about the text.
fn answered(reading: &mut Reading, at: usize) -> Option<()> {
    let about = |argument: &&mut Argument| {
        argument.phrase.pronoun && matches!(argument.preposition.as_str(), "about" | "on" | "from" | "with")
    };
    let frame = reading.clauses.get(at).filter(|clause| clause.role == Role::Act)?.frame.as_ref()?;
    let answers = frame.verb.as_ref().is_some_and(|verb| verb.lemma == "answer");
    let asked = frame.objects.iter().any(|phrase| phrase.head == "question");
    (answers && asked && hands_over(reading, at)).then_some(())?;
    let [thing] = reading.clauses.get(at - 1)?.frame.as_ref()?.objects.as_slice() else { return None };
    let thing = thing.clone();
    let frame = reading.clauses.get_mut(at)?.frame.as_mut()?;
    let argument = frame.arguments.iter_mut().find(about).filter(|_| !thing.pronoun)?;
    let span = argument.phrase.span.clone();
    argument.phrase = Phrase { span, determiner: Determiner::The, tail: None, values: Vec::new(), ..thing };
    Some(())
}

/// "I want to upload a PDF and ask questions about it": who hands it in asks.
fn hands_over(reading: &Reading, at: usize) -> bool {
    let before = at.checked_sub(1).and_then(|before| reading.clauses.get(before));
    let verb = before.filter(|before| before.role == Role::Act).and_then(|act| act.frame.as_ref()?.verb.as_ref());
    verb.is_some_and(|verb| {
        ENTERS.contains(&verb.lemma.as_str()) || matches!(verb.lemma.as_str(), "drop" | "share" | "send")
    })
}

/// "The urgent ones of my unread mails": the urgent unread mails.
fn ones(frame: &mut Frame) -> Option<()> {
    let object = frame.objects.iter().position(|phrase| phrase.head == "one" && phrase.plural)?;
    let whose = |phrase: &Phrase| phrase.plural && !phrase.head.is_empty() && !phrase.pronoun;
    let of = frame.arguments.iter().position(|of| of.preposition == "of" && whose(&of.phrase))?;
    let whole = frame.arguments.remove(of).phrase;
    let ones = frame.objects.get_mut(object)?;
    let counted = matches!(ones.determiner, Determiner::Count(_));
    ones.modifiers.extend(whole.modifiers);
    ones.values.extend(whole.values);
    ones.services.extend(whole.services);
    ones.span.end = whole.span.end;
    if !counted {
        ones.determiner = whole.determiner;
    }
    (ones.head, ones.tail) = (whole.head, ones.tail.take().or(whole.tail));
    Some(())
}

/// "A weather report for Munich", "a calendar summary": a report of the weather, which is read for it.
fn report_of(known: &Knowledge, frame: &mut Frame) -> Option<()> {
    let verb = &frame.verb.as_ref()?.lemma;
    let told = known.is(verb, Class::Tell) || known.composes(verb);
    let [report] = frame.objects.as_mut_slice() else { return None };
    let bare = report.services.is_empty() && report.values.is_empty() && report.determiner != Determiner::Mine;
    let (of, kind) = match report.head.rsplit_once(' ') {
        Some((of, kind)) => (of.to_owned(), kind.to_owned()),
        None => (report.modifiers.last()?.clone(), report.head.clone()),
    };
    let written = is_report(&kind) || matches!(kind.as_str(), "update" | "overview");
    if !(told && bare && written && ONLY.contains(&of.as_str())) {
        return None;
    }
    report.modifiers.retain(|word| *word != of);
    let determiner = if matches!(of.as_str(), "calendar" | "inbox") { Determiner::Mine } else { Determiner::The };
    report.head = kind;
    let phrase = Phrase { span: report.span.clone(), head: of, determiner, ..Phrase::default() };
    frame.arguments.insert(0, Argument { preposition: "of".to_owned(), phrase });
    Some(())
}

/// "Let me ask questions about my workspace": they are answered.
fn may_ask(frame: &mut Frame, handed: bool) -> Option<()> {
    let alone = frame.subject.is_none() && frame.recipients.is_empty() && frame.complement.is_none();
    let about = frame.arguments.iter().any(|argument| matches!(argument.preposition.as_str(), "about" | "on"));
    let asker = handed && alone && about
        || frame.subject.as_ref().is_some_and(|who| matches!(who.head.as_str(), "me" | "us" | "people" | "user"));
    let asks = asker && frame.objects.iter().any(|phrase| phrase.head == "question");
    let verb = frame.verb.as_mut().filter(|verb| verb.lemma == "ask" && asks)?;
    "answer".clone_into(&mut verb.lemma);
    frame.subject = None;
    Some(())
}

/// "Post a reminder to fill in time sheets": a reminder has its own text.
fn reminder(known: &Knowledge, frame: &mut Frame) -> Option<()> {
    let [thing] = frame.objects.as_mut_slice() else { return None };
    let verb = frame.verb.as_mut().filter(|verb| known.is(&verb.lemma, Class::Tell))?;
    let tail = thing.tail.take_if(|_| thing.head == "reminder" && frame.complement.is_none())?;
    thing.span.end = tail.start;
    frame.complement = Some(tail);
    "remind".clone_into(&mut verb.lemma);
    Some(())
}

/// "Add up the invoices in my Gmail": what they come to is asked for.
fn added_up(frame: &mut Frame) -> Option<()> {
    let things = frame.objects.iter().all(|phrase| !phrase.pronoun && phrase.values.is_empty());
    let verb = frame.verb.as_mut().filter(|verb| things && verb.lemma == "add")?;
    verb.particle.take_if(|particle| particle == "up")?;
    "total".clone_into(&mut verb.lemma);
    Some(())
}

fn reworks(clause: &Clause) -> bool {
    let verb = clause.frame.as_ref().and_then(|frame| frame.verb.as_ref());
    clause.role == Role::Act && verb.is_some_and(|verb| is_rework(&verb.lemma))
}

/// "Translate each mail and forward it": what was made of it goes out, and not the mail.
fn passed_on(frame: &mut Frame) -> Option<()> {
    let it = matches!(frame.objects.as_slice(), [only] if only.pronoun);
    let verb = frame.verb.as_mut().filter(|verb| verb.lemma == "forward" && it)?;
    "send".clone_into(&mut verb.lemma);
    Some(())
}
