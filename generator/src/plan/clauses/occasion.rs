//! "Post each new video of my channel to #videos": what happens again and again, and what is done with it; "post it with
//! a summary": what is written first.

use super::{
    act::{core, names},
    recut::splice,
};
use crate::{
    knowledge::{Class, Knowledge},
    reading::{Argument, Clause, Determiner, Frame, Phrase, Reading, Role, Value, Verb},
};

/// Verbs of a change, not of something that arrives.
pub(in crate::plan) const CHANGES: [&str; 6] = ["change", "differ", "alter", "vary", "flip", "switch"];

/// "Webhook receives an order -> …": what calls the agent starts it.
pub(in crate::plan) fn called(known: &Knowledge, reading: &mut Reading) -> Option<()> {
    let first = reading.clauses.first().filter(|clause| clause.role == Role::Act)?;
    let frame = first.frame.as_ref().filter(|frame| !frame.negated && !frame.passive)?;
    let who = frame.subject.as_ref().filter(|who| names(who).iter().any(|noun| known.trigger(noun).is_some()))?;
    let gets =
        matches!(frame.verb.as_ref()?.lemma.as_str(), "receive" | "get" | "fire" | "arrive" | "come" | "trigger");
    (gets && who.determiner != Determiner::Mine && reading.clauses.len() > 1).then_some(())?;
    reading.clauses.first_mut()?.role = Role::Trigger;
    for clause in reading.clauses.iter_mut().skip(1) {
        if clause.under.is_none() && matches!(clause.role, Role::Act | Role::Condition | Role::Loop) {
            clause.under = Some(0);
        }
    }
    Some(())
}

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
    let mut inside: Vec<Argument> = Vec::new();
    // "Log each new Stripe subscription in a sheet": it comes from there, and goes here.
    let stores = known.is(&verb.lemma, Class::Store);
    frame.arguments.retain(|argument| {
        let near = argument.phrase.span.start <= end + 2 && argument.phrase.span.start >= end;
        let holds = matches!(argument.preposition.as_str(), "of" | "from" | "in" | "on" | "at" | "by");
        if argument.phrase.span == thing.span {
            return true;
        }
        let from = inside.iter().map(|argument| &argument.phrase).chain([&thing]);
        let elsewhere =
            from.flat_map(|phrase| &phrase.services).any(|service| !argument.phrase.services.contains(service));
        let kept = stores
            && !ahead
            && matches!(argument.preposition.as_str(), "in" | "on")
            && !argument.phrase.services.is_empty();
        if kept && elsewhere {
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
        // The event says where it comes from.
        services: if stores && !ahead && !thing.head.is_empty() { Vec::new() } else { thing.services.clone() },
        ..thing.clone()
    };
    let whole = |argument: &mut Argument| argument.preposition == "for" && argument.phrase.span == thing.span;
    if of.is_some() && frame.objects.iter().all(|object| object.determiner == Determiner::Some) {
        // "For each new row write a mail": written about what came.
        frame.arguments.extract_if(.., whole).for_each(drop);
    }
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

/// "When the number of stars passes 1000": how many there are now, not an event of one of them.
pub(in crate::plan) fn amounts(reading: &mut Reading) {
    for clause in reading.clauses.iter_mut().filter(|clause| clause.role == Role::Trigger) {
        let counts = clause
            .frame
            .as_ref()
            .and_then(|frame| frame.subject.as_ref())
            .is_some_and(|subject| matches!(subject.head.as_str(), "number" | "count" | "amount" | "total"));
        let number = |at: usize| {
            matches!(reading.tokens.get(at).and_then(|token| token.value()), Some(Value::Number(_) | Value::Amount(_)))
        };
        if counts && clause.span.clone().any(number) {
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
    let mut greeted = false;
    for clause in reading.clauses.iter_mut().filter(|clause| clause.role == Role::Act) {
        let at = clause.span.end;
        let Some(frame) = clause.frame.as_mut() else { continue };
        let to = frame.arguments.iter().any(|argument| matches!(argument.preposition.as_str(), "to" | "for" | "in"));
        let sends = matches!(frame.verb.as_ref().map(|verb| verb.lemma.as_str()), Some("send" | "email" | "mail"));
        // "… and then a tips email": the next one to them as well.
        let next = |phrase: &Phrase| {
            let last = phrase.head.rsplit(' ').next().unwrap_or_default();
            let text = matches!(last, "email" | "mail" | "message" | "survey" | "newsletter" | "reminder");
            text && phrase.determiner == Determiner::Some && phrase.services.is_empty()
        };
        let fits = |phrase: &Phrase| greets(phrase) || greeted && next(phrase);
        if sends && frame.recipients.is_empty() && !to && frame.objects.iter().any(fits) {
            greeted = true;
            let head = "customer".to_owned();
            frame.recipients.push(Phrase { span: at..at, head, determiner: Determiner::The, ..Phrase::default() });
        }
    }
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
