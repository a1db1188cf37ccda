//! "Post each new video of my channel to #videos": what happens again and again, and what is done with it; "post it with
//! a summary": what is written first.

use super::{
    act::{core, names},
    recut::{splice, word},
};
use crate::{
    knowledge::{Class, Knowledge},
    reading::{Argument, Clause, Determiner, Frame, Phrase, Reading, Role, Value, Verb},
};

/// Verbs of a change, not of something that arrives.
pub(in crate::plan) const CHANGES: [&str; 6] = ["change", "differ", "alter", "vary", "flip", "switch"];
/// What people do in a chat.
const SPEAKS: [&str; 12] =
    ["mention", "message", "text", "ask", "write", "send", "post", "say", "ping", "dm", "tag", "type"];

/// Parts "each new X … is announced in Y" and "post each new X … to Y" into the event and the act. Returns over how many
/// clauses.
pub(in crate::plan) fn each_new(known: &Knowledge, reading: &mut Reading, at: usize) -> Option<usize> {
    let clause = reading.clauses.get(at).filter(|clause| clause.role == Role::Act && clause.under.is_none())?.clone();
    let mut frame = clause.frame.clone()?;
    let verb = frame.verb.clone()?;
    let first = !reading.clauses.iter().take(at).any(|before| matches!(before.role, Role::Act | Role::Trigger));
    if !first || reading.schedule.is_some() || frame.negated {
        return None;
    }
    let new = |phrase: &Phrase| {
        let many = matches!(phrase.determiner, Determiner::Each | Determiner::All);
        many && phrase.modifiers.iter().any(|word| word == "new")
    };
    let subject = frame.subject.clone().filter(new);
    let acts = [Class::Tell, Class::Store, Class::Think].iter().any(|class| known.is(&verb.lemma, *class));
    let object = frame.objects.first().filter(|phrase| acts && frame.objects.len() == 1 && new(phrase)).cloned();
    // "post the title of each new issue"
    let of = frame.arguments.iter().position(|argument| {
        acts && matches!(argument.preposition.as_str(), "of" | "about" | "from" | "for") && new(&argument.phrase)
    });
    let thing = subject.clone().or(object).or_else(|| Some(frame.arguments.get(of?)?.phrase.clone()))?;
    let (ahead, of) = (subject.is_some(), of.filter(|_| subject.is_none() && !frame.objects.iter().any(new)));
    // "each new mail" is read from the inbox in any case.
    if !ahead && names(&thing).iter().any(|name| name == "email") {
        return None;
    }
    let chat = |argument: &Argument| {
        let channel =
            |at: &usize| matches!(reading.tokens.get(*at).and_then(|token| token.value()), Some(Value::Channel(_)));
        argument.phrase.values.iter().any(channel)
            || argument.phrase.services.iter().any(|service| known.channel(service).is_some())
    };
    let to =
        frame.arguments.iter().any(|argument| matches!(argument.preposition.as_str(), "to" | "into") && chat(argument));
    let mut end = thing.span.end;
    let mut inside = Vec::new();
    frame.arguments.retain(|argument| {
        let near = argument.phrase.span.start <= end + 2 && argument.phrase.span.start >= end;
        let holds = matches!(argument.preposition.as_str(), "of" | "from" | "in" | "on" | "at" | "by");
        if argument.phrase.span == thing.span {
            return true;
        }
        let own = if ahead {
            argument.phrase.span.start < verb.span.start
        } else {
            near && holds && (to || !chat(argument) || argument.preposition == "of")
        };
        if own {
            end = argument.phrase.span.end;
            inside.push(argument.clone());
        }
        !own
    });
    let it = Phrase {
        span: core(&thing),
        determiner: Determiner::The,
        modifiers: thing.modifiers.iter().filter(|word| *word != "new").cloned().collect(),
        tail: None,
        ..thing.clone()
    };
    if of.is_some() {
        for argument in frame.arguments.iter_mut().filter(|argument| argument.phrase.span == thing.span) {
            argument.phrase = it.clone();
        }
    } else if ahead && !frame.passive {
        frame.subject = Some(it);
    } else {
        frame.subject = None;
        frame.passive = false;
        frame.objects = vec![it];
    }
    let comes = Verb { lemma: "create".to_owned(), particle: None, span: thing.span.start..thing.span.start };
    let one = Phrase { determiner: Determiner::Some, ..thing.clone() };
    let event = Frame { verb: Some(comes), subject: Some(one), passive: true, arguments: inside, ..Frame::default() };
    let event = Clause { span: thing.span.start..end, role: Role::Trigger, frame: Some(event), ..clause.clone() };
    let span = if ahead { end..clause.span.end } else { clause.span.clone() };
    let act = Clause { span, frame: Some(frame), under: Some(at), ..clause };
    splice(reading, at, vec![event, act]);
    for later in reading.clauses.iter_mut().skip(at + 2) {
        let waits =
            matches!(later.role, Role::Act | Role::Condition | Role::Loop | Role::Otherwise(_) | Role::Restriction);
        if waits && later.under.is_none() {
            later.under = Some(at);
        }
    }
    Some(1)
}

/// "A Slack bot that answers when somebody mentions it": what happens, happens in the chat of the bot.
pub(in crate::plan) fn in_chat(known: &Knowledge, reading: &mut Reading) -> Option<()> {
    let leads = reading.clauses.iter().filter(|clause| matches!(clause.role, Role::LeadIn | Role::Title));
    let words: Vec<&str> = leads.flat_map(|lead| lead.span.clone()).filter_map(|at| word(reading, at)).collect();
    let chats = ["Slack", "Discord", "Telegram"];
    let bot = words.iter().any(|word| known.is_agent(word));
    let chat = chats.into_iter().find(|chat| bot && words.iter().any(|word| chat.eq_ignore_ascii_case(word)))?;
    // "I tell it “add lunch on Friday” and it …"
    for at in 0..reading.clauses.len() {
        let Some(clause) = reading.clauses.get(at) else { break };
        let Some(frame) = clause.frame.as_ref().filter(|_| matches!(clause.role, Role::Background | Role::Act)) else {
            continue;
        };
        let speaks =
            frame.verb.as_ref().is_some_and(|verb| verb.lemma == "tell" || SPEAKS.contains(&verb.lemma.as_str()));
        let who = frame.subject.as_ref().is_some_and(|who| {
            matches!(who.head.as_str(), "i" | "we" | "someone" | "somebody" | "people")
                || known.is_person(&who.head) && !who.pronoun
        });
        let it = |phrase: &Phrase| phrase.head == "it" || known.is_agent(&phrase.head);
        let arguments = frame.arguments.iter().filter(|to| to.preposition == "to").map(|to| &to.phrase);
        if !speaks || !who || !frame.recipients.iter().chain(&frame.objects).chain(arguments).any(it) {
            continue;
        }
        for later in reading.clauses.iter_mut().skip(at + 1).filter(|later| later.role == Role::Act) {
            later.under = later.under.or(Some(at));
        }
        if let Some(clause) = reading.clauses.get_mut(at) {
            (clause.role, clause.under) = (Role::Trigger, None);
        }
    }
    let works = |frame: &Frame| {
        let verb = frame.verb.as_ref().map_or("", |verb| verb.lemma.as_str());
        !known.is(verb, Class::Tell) && !known.composes(verb)
    };
    for clause in reading.clauses.iter_mut().filter(|clause| clause.role == Role::Act) {
        let Some(frame) = clause.frame.as_mut().filter(|frame| works(frame)) else { continue };
        // "translates messages": those of the chat.
        let theirs = |phrase: &&mut Phrase| phrase.head == "message" && phrase.plural && phrase.services.is_empty();
        frame.objects.iter_mut().filter(theirs).for_each(|phrase| phrase.services.push(chat.to_owned()));
    }
    for clause in reading.clauses.iter_mut().filter(|clause| clause.role == Role::Trigger) {
        let Some(frame) = clause.frame.as_mut() else { continue };
        let verb =
            frame.verb.as_ref().is_some_and(|verb| verb.lemma == "tell" || SPEAKS.contains(&verb.lemma.as_str()));
        let person = frame.subject.as_ref().is_some_and(|subject| {
            known.is_person(&subject.head) || matches!(subject.head.as_str(), "i" | "we" | "someone" | "somebody")
        });
        let arguments = frame.arguments.iter().map(|argument| &argument.phrase);
        let placed = frame.objects.iter().chain(arguments).any(|phrase| {
            !phrase.services.is_empty() && phrase.services.iter().any(|service| known.channel(service).is_some())
        });
        if !verb || !person || placed {
            continue;
        }
        let at = clause.span.start;
        if frame.objects.iter().all(|phrase| phrase.pronoun || known.is_agent(&phrase.head)) {
            let head = "message".to_owned();
            frame.objects.push(Phrase { span: at..at, head, determiner: Determiner::Some, ..Phrase::default() });
        }
        let phrase = Phrase { span: at..at, services: vec![chat.to_owned()], ..Phrase::default() };
        frame.arguments.push(Argument { preposition: "in".to_owned(), phrase });
    }
    Some(())
}

/// "Watch the page and tell me when anything changes": of what is looked at, not an event of its own.
pub(in crate::plan) fn anything_changes(known: &Knowledge, reading: &mut Reading) {
    let looks = |clause: &Clause| {
        let verb = clause.frame.as_ref().and_then(|frame| frame.verb.as_ref());
        clause.role == Role::Act && verb.is_some_and(|verb| known.is(&verb.lemma, Class::Fetch))
    };
    let Some(first) = reading.clauses.iter().position(looks) else { return };
    for clause in reading.clauses.iter_mut().skip(first).filter(|clause| clause.role == Role::Trigger) {
        let Some(frame) = &mut clause.frame else { continue };
        let changes = frame.verb.as_ref().is_some_and(|verb| CHANGES.contains(&verb.lemma.as_str()));
        let anything = frame.subject.as_mut().filter(|phrase| matches!(phrase.head.as_str(), "anything" | "something"));
        if let (true, true, Some(subject)) = (changes, frame.arguments.is_empty(), anything) {
            "it".clone_into(&mut subject.head);
            clause.role = Role::Condition;
        }
    }
}

/// "When somebody signs up, send a welcome mail": to whom the event is about, not to oneself.
pub(in crate::plan) fn greeted(reading: &mut Reading) {
    const GREETINGS: [&str; 7] =
        ["welcome", "goodbye", "farewell", "onboarding", "thank-you", "congratulation", "apology"];
    let greets = |phrase: &Phrase| {
        let mut words = phrase.modifiers.iter().map(String::as_str).chain(phrase.head.split(' '));
        words.any(|word| GREETINGS.contains(&word))
    };
    if !reading.clauses.iter().any(|clause| matches!(clause.role, Role::Trigger | Role::Loop)) {
        return;
    }
    for clause in reading.clauses.iter_mut().filter(|clause| clause.role == Role::Act) {
        let at = clause.span.end;
        let Some(frame) = clause.frame.as_mut() else { continue };
        let to = frame.arguments.iter().any(|argument| matches!(argument.preposition.as_str(), "to" | "for" | "in"));
        let sends = matches!(frame.verb.as_ref().map(|verb| verb.lemma.as_str()), Some("send" | "email" | "mail"));
        if sends && frame.recipients.is_empty() && !to && frame.objects.iter().any(greets) {
            let head = "customer".to_owned();
            frame.recipients.push(Phrase { span: at..at, head, determiner: Determiner::The, ..Phrase::default() });
        }
    }
}

/// "When someone writes “help” in our Discord": a message comes, and it has to have these words.
pub(in crate::plan) fn said(known: &Knowledge, reading: &mut Reading, at: usize) -> Option<()> {
    let clause = reading.clauses.get(at).filter(|clause| clause.role == Role::Trigger)?.clone();
    let mut frame = clause.frame.clone()?;
    let verb = frame.verb.as_ref().is_some_and(|verb| SPEAKS.contains(&verb.lemma.as_str()));
    let chat = |phrase: &Phrase| phrase.services.iter().any(|service| known.channel(service).is_some());
    let arguments = frame.arguments.iter().map(|argument| &argument.phrase);
    let placed = frame.objects.iter().chain(arguments).any(chat);
    let quoted = |phrase: &Phrase| {
        let text =
            |at: &usize| matches!(reading.tokens.get(*at).and_then(|token| token.value()), Some(Value::Quoted(_)));
        phrase.values.iter().any(text)
    };
    // "I write “12.50 lunch” and it adds a row": an example.
    let opens = |at: usize| {
        word(reading, at)
            .is_some_and(|word| matches!(word, "when" | "whenever" | "if" | "once" | "every" | "each" | "as"))
    };
    let literal = (clause.span.start..clause.span.end).take(3).any(opens);
    let words = frame.objects.iter().position(quoted).filter(|_| verb && placed && literal)?;
    let words = frame.objects.remove(words);
    let start = clause.span.start..clause.span.start;
    let message = Phrase { span: start.clone(), head: "message".to_owned(), ..Phrase::default() };
    if !frame.objects.iter().any(|phrase| phrase.head == "message") {
        frame.objects.push(Phrase { determiner: Determiner::Some, ..message.clone() });
    }
    let contain = Verb { lemma: "contain".to_owned(), particle: None, span: start };
    let subject = Some(Phrase { determiner: Determiner::The, ..message });
    let test = Frame { verb: Some(contain), subject, objects: vec![words], ..Frame::default() };
    let test = Clause { role: Role::Condition, under: Some(at), frame: Some(test), ..clause.clone() };
    splice(reading, at, vec![Clause { frame: Some(frame), ..clause }, test]);
    for later in reading.clauses.iter_mut().skip(at + 2).filter(|later| later.under == Some(at)) {
        later.under = Some(at + 1);
    }
    Some(())
}

/// "Post it to #videos with a short summary": the summary is written first, and both are posted.
pub(in crate::plan) fn accompanied(known: &Knowledge, reading: &mut Reading, at: usize) -> Option<usize> {
    let clause = reading.clauses.get(at).filter(|clause| clause.role == Role::Act)?.clone();
    let mut frame = clause.frame.clone()?;
    let verb = frame.verb.clone()?;
    let [object] = frame.objects.as_slice() else { return None };
    let hands = known.is(&verb.lemma, Class::Tell) || known.is(&verb.lemma, Class::Store);
    let made = |argument: &Argument| {
        let phrase = &argument.phrase;
        let last = phrase.head.rsplit(' ').next().unwrap_or_default();
        argument.preposition == "with"
            && known.is_product(last)
            && !known.is_carrier(last)
            && phrase
                .values
                .iter()
                .all(|at| matches!(reading.tokens.get(*at).and_then(|token| token.value()), Some(Value::Number(_))))
            && phrase.services.is_empty()
            && matches!(phrase.determiner, Determiner::Some | Determiner::None | Determiner::Count(_))
    };
    let with = frame.arguments.iter().position(made).filter(|_| hands)?;
    let named = if object.pronoun { antecedent(known, reading, &clause, object)? } else { object.clone() };
    if !matches!(named.determiner, Determiner::The | Determiner::Each | Determiner::Mine) {
        return None;
    }
    let written = frame.arguments.remove(with).phrase;
    let write = Verb { lemma: "write".to_owned(), particle: None, span: written.span.start..written.span.start };
    let from = written.span.start.saturating_sub(1);
    let both = Phrase { determiner: Determiner::The, tail: None, ..written.clone() };
    let (span, end) = (from..written.span.end, clause.span.end);
    frame.objects = vec![named, both];
    let make = Frame { verb: Some(write), objects: vec![written], ..Frame::default() };
    let make = Clause { span: span.clone(), frame: Some(make), ..clause.clone() };
    let rest = clause.span.start..if span.end >= end { from } else { end };
    let post = Clause { span: rest, frame: Some(frame), ..clause };
    splice(reading, at, vec![make, post]);
    Some(2)
}

/// What "it" is: what the event that the act waits for brings.
fn antecedent(known: &Knowledge, reading: &Reading, clause: &Clause, it: &Phrase) -> Option<Phrase> {
    let event = reading.clauses.get(clause.under?).filter(|event| event.role == Role::Trigger)?;
    let frame = event.frame.as_ref()?;
    let thing = |phrase: &&Phrase| {
        !phrase.pronoun
            && !phrase.head.is_empty()
            && !known.is_person(&phrase.head)
            && !phrase.head.ends_with("channel")
    };
    let thing = frame.objects.iter().chain(&frame.subject).find(thing)?;
    Some(Phrase {
        span: it.span.clone(),
        determiner: Determiner::The,
        modifiers: Vec::new(),
        tail: None,
        ..thing.clone()
    })
}
