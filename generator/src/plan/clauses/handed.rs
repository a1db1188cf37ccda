//! "Send the unread mails to #team": mails that go to another service are read first; they are not to be written.

use super::{
    act::names,
    recut::{remove, splice, word},
};
use crate::{
    knowledge::{Class, Knowledge},
    reading::{Argument, Clause, Determiner, Frame, Phrase, Reading, Role, Value, Verb},
};

/// Puts an act that reads and one that hands on in the place of one that says both. Returns over how many clauses.
pub(in crate::plan) fn read_first(known: &Knowledge, reading: &mut Reading, at: usize) -> Option<usize> {
    let clause = reading.clauses.get(at).filter(|clause| clause.role == Role::Act)?.clone();
    let frame = clause.frame.as_ref().filter(|frame| !frame.passive && frame.subject.is_none())?;
    if let Some(count) = answered(reading, at, &clause, frame) {
        return Some(count);
    }
    let verb = frame.verb.as_ref()?;
    let hands = known.is(&verb.lemma, Class::Tell) || known.is(&verb.lemma, Class::Store);
    let [object] = frame.objects.as_slice() else { return None };
    let mails = |phrase: &Phrase| {
        (phrase.plural || phrase.determiner == Determiner::Each) && names(phrase).iter().any(|name| name == "email")
    };
    let spoken = reading.clauses.iter().take(at).filter_map(|before| before.frame.as_ref()).any(|frame| {
        let arguments = frame.arguments.iter().map(|argument| &argument.phrase);
        frame.objects.iter().chain(arguments).chain(&frame.subject).any(|phrase| phrase.head == object.head)
    });
    if !hands || !mails(object) || spoken || object.determiner == Determiner::Some {
        return None;
    }
    let channel =
        |at: &usize| matches!(reading.tokens.get(*at).and_then(|token| token.value()), Some(Value::Channel(_)));
    let target = |argument: &Argument| {
        let phrase = &argument.phrase;
        matches!(argument.preposition.as_str(), "to" | "into" | "in" | "on" | "onto" | "via" | "over")
            && (phrase.values.iter().any(channel)
                || phrase.services.iter().any(|service| service != "Gmail")
                || verb.lemma == "forward" && argument.preposition == "to")
    };
    let targets = frame.arguments.iter().filter(|argument| target(argument)).map(|argument| argument.phrase.span.start);
    let cut = targets.min().filter(|cut| *cut > object.span.end)? - 1;
    let (own, rest) = frame.arguments.iter().cloned().partition(|argument| argument.phrase.span.end <= cut);
    let get = Verb { lemma: "get".to_owned(), particle: None, span: verb.span.clone() };
    // "Forward every mail from her": those that come.
    let mut object = object.clone();
    if object.determiner == Determiner::Each && reading.schedule.is_none() {
        object.modifiers.push("new".to_owned());
    }
    let read = Frame { verb: Some(get), objects: vec![object], arguments: own, ..Frame::default() };
    let them = Phrase { span: cut..cut, head: "it".to_owned(), pronoun: true, plural: true, ..Phrase::default() };
    let hand = Frame { objects: vec![them], arguments: rest, complement: None, ..frame.clone() };
    let all = vec![
        Clause { span: clause.span.start..cut, frame: Some(read), ..clause.clone() },
        Clause { span: cut..clause.span.end, frame: Some(hand), ..clause },
    ];
    splice(reading, at, all);
    Some(1)
}

/// "Draft replies to the unread mails": they are read, then a reply is written to each.
fn answered(reading: &mut Reading, at: usize, clause: &Clause, frame: &Frame) -> Option<usize> {
    let reply = |phrase: &Phrase| matches!(phrase.head.as_str(), "reply" | "response" | "answer" | "reply draft");
    let verb = frame.verb.as_ref()?;
    let first =
        at == 0 || !reading.clauses.iter().take(at).any(|before| matches!(before.role, Role::Act | Role::Trigger));
    let drafts = frame.objects.len() == 1 && frame.objects.iter().all(reply);
    let to = frame.arguments.iter().position(|argument| {
        let phrase = &argument.phrase;
        let all = phrase.plural || phrase.determiner == Determiner::Each;
        matches!(argument.preposition.as_str(), "to" | "for") && all && names(phrase).iter().any(|name| name == "email")
    })?;
    if !drafts || !first || !matches!(verb.lemma.as_str(), "draft" | "write" | "prepare" | "create" | "generate") {
        return None;
    }
    let mut arguments = frame.arguments.clone();
    let mails = arguments.remove(to).phrase;
    let cut = mails.span.end;
    let get = Verb { lemma: "get".to_owned(), particle: None, span: verb.span.clone() };
    // "to every mail from a client": of these mails alone.
    let theirs = |argument: &mut Argument| {
        argument.phrase.span.start > cut
            && matches!(argument.preposition.as_str(), "from" | "with" | "about" | "of" | "in")
    };
    let own: Vec<Argument> = arguments.extract_if(.., theirs).collect();
    let cut = own.last().map_or(cut, |last| last.phrase.span.end);
    let read = Frame { verb: Some(get), objects: vec![mails], arguments: own, ..Frame::default() };
    let each = Phrase { head: "each".to_owned(), determiner: Determiner::Each, span: cut..cut, ..Phrase::default() };
    arguments.insert(to, Argument { preposition: "to".to_owned(), phrase: each });
    let sends = |later: &Clause| later.frame.as_ref().is_some_and(|frame| lemma(frame) == "reply");
    let sent = reading.clauses.iter().skip(at + 1).any(sends);
    let draft = Verb { lemma: if sent { "write" } else { "draft" }.to_owned(), ..verb.clone() };
    let write = Frame { verb: Some(draft), arguments, ..frame.clone() };
    let all = vec![
        Clause { span: clause.span.start..cut, frame: Some(read), ..clause.clone() },
        Clause { frame: Some(write), ..clause.clone() },
    ];
    splice(reading, at, all);
    Some(2)
}

/// "Draft a reply to each mail, let me approve it, then send it": it is answered with what was written.
pub(in crate::plan) fn sent(reading: &mut Reading) -> Option<()> {
    const REPLIES: [&str; 6] = ["reply", "response", "answer", "draft", "reply draft", "draft reply"];
    let reply = |phrase: &Phrase| REPLIES.contains(&phrase.head.as_str());
    let act = |clause: &Clause, verbs: &[&str], object: &dyn Fn(&Phrase) -> bool| {
        let frame = clause.frame.as_ref().filter(|_| clause.role == Role::Act);
        frame.is_some_and(|frame| {
            !frame.negated
                && verbs.contains(&lemma(frame))
                && matches!(frame.objects.as_slice(), [phrase] if object(phrase))
        })
    };
    let writes = ["draft", "write", "prepare", "create", "generate", "compose"];
    let at = reading.clauses.iter().position(|clause| act(clause, &writes, &reply))?;
    let mail = |phrase: &Phrase| {
        names(phrase).iter().any(|name| name == "email") || phrase.services.iter().any(|service| service == "Gmail")
    };
    let spoken = reading.clauses.iter().take(at + 1).filter_map(|clause| clause.frame.as_ref()).any(|frame| {
        let arguments = frame.arguments.iter().map(|argument| &argument.phrase);
        frame.objects.iter().chain(arguments).chain(&frame.subject).any(mail)
    });
    let it = |phrase: &Phrase| phrase.pronoun || phrase.determiner == Determiner::The && reply(phrase);
    let elsewhere = |frame: &Frame| {
        let arguments = frame.arguments.iter().map(|argument| &argument.phrase);
        let own = |phrase: &Phrase| matches!(phrase.head.as_str(), "me" | "us");
        frame.recipients.iter().chain(arguments).any(|to| own(to) || !to.services.is_empty() || !to.values.is_empty())
    };
    let later = reading.clauses.iter().skip(at + 1).position(|clause| {
        act(clause, &["send", "mail", "email"], &it) && !clause.frame.as_ref().is_some_and(elsewhere)
    })?;
    let frame = reading.clauses.get_mut(at + 1 + later).filter(|_| spoken)?.frame.as_mut()?;
    "reply".clone_into(&mut frame.verb.as_mut()?.lemma);
    frame.objects.clear();
    let frame = reading.clauses.get_mut(at)?.frame.as_mut()?;
    "write".clone_into(&mut frame.verb.as_mut()?.lemma);
    // "Read my mails, draft replies and send them": one for each.
    let replies = frame.objects.first_mut().filter(|replies| replies.plural)?;
    (replies.plural, replies.determiner) = (false, Determiner::Some);
    let end = replies.span.end;
    if !frame.arguments.iter().any(|argument| argument.preposition == "to") {
        let each =
            Phrase { head: "each".to_owned(), determiner: Determiner::Each, span: end..end, ..Phrase::default() };
        frame.arguments.push(Argument { preposition: "to".to_owned(), phrase: each });
    }
    Some(())
}

/// "low ones get an automatic reply", "send an answer": to the mail or message that came, not over another channel.
pub(in crate::plan) fn replied(reading: &mut Reading) {
    let speaks = |phrase: &Phrase| names(phrase).iter().any(|name| name == "email" || name == "message");
    let mut spoken = false;
    for clause in &mut reading.clauses {
        let role = clause.role;
        let Some(frame) = clause.frame.as_mut() else { continue };
        let arguments = frame.arguments.iter().map(|argument| &argument.phrase);
        let reply = |phrase: &Phrase| {
            let last = phrase.head.rsplit(' ').next().unwrap_or_default();
            phrase.determiner == Determiner::Some && matches!(last, "reply" | "answer" | "response")
        };
        let mine = |phrase: &Phrase| matches!(phrase.head.as_str(), "me" | "us");
        let elsewhere = arguments
            .clone()
            .chain(&frame.recipients)
            .any(|place| mine(place) || !place.services.is_empty() || !place.values.is_empty());
        let sends = matches!(lemma(frame), "send" | "get" | "receive" | "give");
        if spoken
            && role == Role::Act
            && sends
            && !elsewhere
            && matches!(frame.objects.as_slice(), [phrase] if reply(phrase))
        {
            if let Some(verb) = frame.verb.as_mut() {
                "reply".clone_into(&mut verb.lemma);
            }
            (frame.subject, frame.objects) = (None, Vec::new());
            continue;
        }
        spoken |= frame.objects.iter().chain(arguments).chain(&frame.subject).any(speaks);
    }
}

fn lemma(frame: &Frame) -> &str {
    frame.verb.as_ref().map_or("", |verb| verb.lemma.as_str())
}

/// "the mails that are older than a year and have the label X": no act, but more of what narrows them.
pub(in crate::plan) fn narrowed(reading: &mut Reading, at: usize) {
    let states = |frame: &Frame| {
        let verb =
            frame.verb.as_ref().is_some_and(|verb| matches!(verb.lemma.as_str(), "have" | "contain" | "mention"));
        verb && frame.subject.is_none()
    };
    let clause = reading.clauses.get(at).filter(|clause| clause.role == Role::Act);
    let Some(clause) = clause.filter(|clause| clause.frame.as_ref().is_some_and(states)) else { return };
    let (span, sentence) = (clause.span.clone(), clause.sentence);
    let that = |start: usize| matches!(word(reading, start), Some("that" | "which" | "who" | "whose"));
    let Some(before) = at.checked_sub(1).and_then(|before| reading.clauses.get(before)) else { return };
    let same = before.role == Role::Act && before.sentence == sentence && before.span.end == span.start;
    if !same || word(reading, span.start) != Some("and") {
        return;
    }
    let tails = |phrase: &Phrase| phrase.tail.as_ref().is_some_and(|tail| that(tail.start));
    let frame = before.frame.as_ref();
    let object = frame.and_then(|frame| frame.objects.iter().position(tails));
    let argument = frame.and_then(|frame| frame.arguments.iter().position(|argument| tails(&argument.phrase)));
    let Some(before) = reading.clauses.get_mut(at - 1) else { return };
    let phrase = before.frame.as_mut().and_then(|frame| match (object, argument) {
        (Some(object), _) => frame.objects.get_mut(object),
        (None, Some(argument)) => frame.arguments.get_mut(argument).map(|argument| &mut argument.phrase),
        (None, None) => None,
    });
    let Some(phrase) = phrase else { return };
    phrase.span.end = span.end;
    phrase.tail.iter_mut().for_each(|tail| tail.end = span.end);
    before.span.end = span.end;
    remove(reading, at);
}
