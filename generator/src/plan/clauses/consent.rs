//! "Publish it after my OK", "post it, but not without Anna's approval", "once my boss has signed it off": the forms in which a
//! person is to agree before something goes out. Each becomes what "once I approve" is: a guard that the act hangs under.

use super::{
    approval::{CONSENT, is_sending, wants},
    recut::{JOINTS, is_joint, reread, splice, word},
};
use crate::{
    knowledge::{Class, Knowledge},
    reading::{Clause, Frame, Phrase, Reading, Role, Span, Verb},
};

/// More clauses are not looked at.
const CLAUSES: usize = 200;
/// Words before it, at most: "after the final written okay".
const REACH: usize = 4;

pub(in crate::plan) fn settle(known: &Knowledge, reading: &mut Reading) {
    // Every consent that is found reads a part again.
    if reading.clauses.len() > CLAUSES {
        return;
    }
    for at in (0..reading.clauses.len()).rev() {
        let _ = agreed(known, reading, at)
            .or_else(|| must(known, reading, at))
            .or_else(|| held_back(known, reading, at))
            .or_else(|| on_condition(known, reading, at))
            .or_else(|| looked_at(known, reading, at))
            .or_else(|| wants(reading, at));
    }
}

/// "Once my boss has signed it off", "when I have okayed it", "as soon as it is approved by Anna".
fn agreed(known: &Knowledge, reading: &mut Reading, at: usize) -> Option<()> {
    let clause = reading.clauses.get(at)?;
    (at > 0 && matches!(clause.role, Role::Condition | Role::Trigger)).then_some(())?;
    let frame = clause.frame.as_ref().filter(|frame| !frame.negated)?;
    (agrees(known, reading, clause, frame)).then_some(())?;
    guard(reading.clauses.get_mut(at)?);
    Some(())
}

/// Whether a clause says that somebody agrees.
pub(in crate::plan) fn agrees(known: &Knowledge, reading: &Reading, clause: &Clause, frame: &Frame) -> bool {
    let lemma = frame.verb.as_ref().map_or("", |verb| verb.lemma.as_str());
    let has = |sought: &str| clause.span.clone().any(|token| word(reading, token) == Some(sought));
    let given = || clause.span.clone().any(|token| is_consent(reading, token));
    let agrees = match lemma {
        "okay" | "okayed" | "ok" | "oked" | "greenlight" => true,
        "sign" => has("off"),
        "give" | "have" | "get" => given(),
        "be" => given() || has("happy") || has("fine"),
        // "When Anna approves a pull request" is an event.
        "approve" | "confirm" => frame.passive || frame.objects.iter().all(|object| object.pronoun),
        "say" => given() || has("yes") || has("so"),
        // "after I have checked it"
        "see" | "check" | "read" | "review" => {
            let own = frame.subject.as_ref().is_some_and(|who| matches!(who.head.as_str(), "i" | "we"));
            own && !frame.objects.is_empty() && frame.objects.iter().all(|object| object.pronoun)
        }
        _ => false,
    };
    let by = frame.arguments.iter().find(|argument| argument.preposition == "by").map(|argument| &argument.phrase);
    let subject = frame.subject.as_ref();
    let who = if frame.passive { by.filter(|_| subject.is_some_and(|subject| subject.pronoun)) } else { subject };
    let person = |phrase: &Phrase| {
        let raw = reading.tokens.get(phrase.span.start).map_or("", |token| token.raw(&reading.text));
        let name = raw.starts_with(char::is_uppercase) && phrase.services.is_empty();
        matches!(phrase.head.as_str(), "i" | "we" | "he" | "she" | "somebody" | "someone")
            || known.is_person(&phrase.head) && phrase.head != "customer"
            || name && phrase.modifiers.is_empty()
    };
    agrees && who.is_some_and(person)
}

/// "I must approve every tweet", "every tweet has to be approved by me first": of what is sent before.
fn must(known: &Knowledge, reading: &mut Reading, at: usize) -> Option<()> {
    let clause = reading.clauses.get(at).filter(|clause| matches!(clause.role, Role::Background | Role::Act))?;
    let frame = clause.frame.as_ref().filter(|frame| !frame.negated)?;
    let verb = frame.verb.as_ref()?;
    let approves = matches!(verb.lemma.as_str(), "approve" | "okay")
        || verb.lemma == "sign" && verb.particle.as_deref() == Some("off");
    let mine =
        |phrase: &Phrase| matches!(phrase.head.as_str(), "i" | "we" | "me" | "us") || known.is_person(&phrase.head);
    let by = frame.arguments.iter().find(|argument| argument.preposition == "by").map(|argument| &argument.phrase);
    let who = if frame.passive { by } else { frame.subject.as_ref() };
    let modal = clause.span.clone().any(|token| {
        word(reading, token)
            .is_some_and(|word| matches!(word, "must" | "have" | "has" | "need" | "needs" | "should" | "want"))
    });
    (approves && modal && who.is_some_and(mine)).then_some(())?;
    let sent = sent_around(known, reading, at, at);
    under(reading, &sent, at)?;
    guard(reading.clauses.get_mut(at)?);
    Some(())
}

/// The act before `before` that sends something out and waits for nothing; without one, all that do behind `after`.
fn sent_around(known: &Knowledge, reading: &Reading, before: usize, after: usize) -> Vec<usize> {
    let sends = |(_, clause): &(usize, &Clause)| clause.under.is_none() && is_sending(known, clause);
    let mut told = reading.clauses.iter().enumerate().take(before).filter(sends).map(|(at, _)| at);
    match told.next_back() {
        Some(last) => vec![last],
        None => reading.clauses.iter().enumerate().skip(after + 1).filter(sends).map(|(at, _)| at).collect(),
    }
}

/// Lets some acts wait for what is said at `guard`. `None` if there are none.
fn under(reading: &mut Reading, acts: &[usize], guard: usize) -> Option<()> {
    for at in acts {
        reading.clauses.get_mut(*at)?.under = Some(guard);
    }
    (!acts.is_empty()).then_some(())
}

/// "Don't publish it until I have seen it", "…, but not before my boss gives his okay", "hold it back until I approve".
fn held_back(known: &Knowledge, reading: &mut Reading, at: usize) -> Option<()> {
    let clause = reading.clauses.get(at).filter(|clause| clause.role == Role::Restriction)?;
    matches!(word(reading, clause.span.start), Some("before" | "until")).then_some(())?;
    let frame = clause.frame.as_ref().filter(|frame| !frame.negated)?;
    agrees(known, reading, clause, frame).then_some(())?;
    let act = reading.clauses.get(at.checked_sub(1)?).filter(|act| act.role == Role::Act && act.under.is_none())?;
    let verb = act.frame.as_ref()?.verb.as_ref()?.lemma.clone();
    let end = (act.span.clone()).rev().find(|token| {
        !word(reading, *token)
            .map_or_else(|| is_joint(reading, *token), |word| matches!(word, "not" | "but" | "never" | "and"))
    })?;
    let trailing = end + 1 < act.span.end
        && act.span.clone().skip(end - act.span.start).any(|token| word(reading, token) == Some("not"));
    let nothing =
        act.frame.as_ref()?.subject.as_ref().is_some_and(|who| matches!(who.head.as_str(), "nothing" | "it" | "they"));
    let denied = act.frame.as_ref()?.negated || nothing;
    let sent = sent_around(known, reading, at - 1, at);
    if matches!(verb.as_str(), "hold" | "keep" | "wait") {
        // What is told next waits: "until I approve it and post it".
        if let Some(rest) = frame.complement.clone() {
            let mut acts = reread(known, reading, rest.clone(), None);
            let sentence = clause.sentence;
            acts.iter_mut().for_each(|act| (act.under, act.sentence) = (Some(at), sentence));
            let mut own = Clause { span: clause.span.start..rest.start, ..clause.clone() };
            guard(&mut own);
            reading.clauses.get_mut(at - 1)?.role = Role::LeadIn;
            acts.insert(0, own);
            splice(reading, at, acts);
            return Some(());
        }
        let next = reading.clauses.get_mut(at + 1).filter(|next| next.role == Role::Act && next.under.is_none());
        match next {
            Some(next) => next.under = Some(at),
            None => under(reading, &sent, at)?,
        }
        reading.clauses.get_mut(at - 1)?.role = Role::LeadIn;
    } else if denied && !sent.is_empty() {
        // "Post it. Nothing is posted before I have seen it."
        under(reading, &sent, at)?;
        reading.clauses.get_mut(at - 1)?.role = Role::LeadIn;
    } else {
        (denied || trailing).then_some(())?;
        let act = reading.clauses.get_mut(at - 1)?;
        act.under = Some(at);
        act.span.end = end + 1;
        let frame = act.frame.as_mut()?;
        (frame.negated, frame.passive) = (false, false);
        if nothing {
            frame.subject = None;
            let span = act.span.start..act.span.start + 1;
            frame.objects = vec![Phrase { span, head: "it".to_owned(), pronoun: true, ..Phrase::default() }];
        }
    }
    guard(reading.clauses.get_mut(at)?);
    Some(())
}

/// "after my OK", "with the approval of my manager", "not without Anna's permission", behind the act or in a clause of its own.
fn on_condition(known: &Knowledge, reading: &mut Reading, at: usize) -> Option<()> {
    let clause = reading.clauses.get(at)?.clone();
    let said = matches!(clause.role, Role::Act | Role::Restriction);
    // "Nothing goes out without my okay" is no event.
    let forbids = matches!(clause.role, Role::Trigger | Role::Background)
        && matches!(word(reading, clause.span.start), Some("nothing" | "no" | "never"));
    (said || forbids).then_some(())?;
    let cut = clause.span.clone().find(|token| consent_at(known, reading, &clause, *token).is_some())?;
    let end = (clause.span.start..cut).rev().find(|token| {
        let light = |word: &str| {
            JOINTS.contains(&word) || matches!(word, "only" | "not" | "never" | "strictly" | "just" | "nothing")
        };
        !word(reading, *token).map_or_else(|| is_joint(reading, *token), light)
    });
    let without = word(reading, cut) == Some("without");
    let denied = (clause.span.start..cut).any(|token| {
        word(reading, token).is_some_and(|word| matches!(word, "not" | "never" | "nothing" | "don't" | "no"))
    });
    let Some(end) = end.filter(|_| !(without && denied)) else {
        // "Nothing is posted without my permission: write …, and post it": what is only written waits for nobody.
        let mut own: Vec<usize> = (0..reading.clauses.len()).collect();
        own.retain(|index| reading.clauses.get(*index).is_some_and(|clause| clause.under == Some(at)));
        let sent = if own.is_empty() { sent_around(known, reading, at, at) } else { own };
        under(reading, &sent, at)?;
        for act in sent {
            if let Some(act) = reading.clauses.get_mut(act).filter(|act| !is_sending(known, act)) {
                act.under = None;
            }
        }
        guard(reading.clauses.get_mut(at)?);
        return Some(());
    };
    let mut all = reread(known, reading, clause.span.start..end + 1, None);
    // What stands behind the consent belongs to what is done.
    let behind = consent_at(known, reading, &clause, cut)? + 1;
    let rest = clause.frame.iter().flat_map(|frame| &frame.arguments).filter(|other| other.phrase.span.start > behind);
    if let Some(act) = all.last_mut().and_then(|act| act.frame.as_mut()) {
        act.arguments.extend(rest.filter(|other| other.preposition != "by" && other.preposition != "of").cloned());
    }
    let last = all.last_mut().filter(|last| last.frame.as_ref().is_some_and(|frame| frame.verb.is_some()))?;
    last.role = Role::Act;
    let place = at + all.len();
    for part in &mut all {
        (part.under, part.sentence) = (clause.under, clause.sentence);
    }
    let mut agreed = Clause { span: end + 1..clause.span.end, frame: clause.frame.clone(), ..clause.clone() };
    guard(&mut agreed);
    agreed.under = None;
    all.last_mut()?.under = Some(place);
    all.push(agreed);
    splice(reading, at, all);
    Some(())
}

/// "Let me check it, then publish it": what a person looks at before it goes out is decided by them.
fn looked_at(known: &Knowledge, reading: &mut Reading, at: usize) -> Option<()> {
    let next = reading.clauses.get(at + 1).filter(|next| next.role == Role::Act)?.frame.as_ref()?;
    let sends = next.verb.as_ref().is_some_and(|verb| known.is(&verb.lemma, Class::Tell));
    let clause = reading.clauses.get(at).filter(|clause| clause.role == Role::Act && sends)?;
    let let_me = matches!(word(reading, clause.span.start), Some("let"))
        || matches!(word(reading, clause.span.start + 1), Some("let"));
    let frame = clause.frame.as_ref().filter(|_| let_me)?;
    let me = frame.subject.as_ref().is_some_and(|subject| matches!(subject.head.as_str(), "me" | "us"));
    let look = frame.objects.first().is_some_and(|object| object.head == "look");
    let looks = match frame.verb.as_ref()?.lemma.as_str() {
        "check" | "read" | "see" | "inspect" | "proofread" | "edit" => true,
        "have" | "take" => look,
        _ => false,
    };
    (me && looks).then_some(())?;
    let frame = reading.clauses.get_mut(at)?.frame.as_mut()?;
    "approve".clone_into(&mut frame.verb.as_mut()?.lemma);
    if look {
        frame.objects.clear();
    }
    Some(())
}

/// Where consent is spoken of from a token on, if behind it stands nothing but whose it is, or where things go.
fn consent_at(known: &Knowledge, reading: &Reading, clause: &Clause, token: usize) -> Option<usize> {
    let end = clause.span.end;
    let preposition = word(reading, token)?;
    matches!(preposition, "after" | "upon" | "with" | "without" | "following" | "pending" | "awaiting").then_some(())?;
    let noun = (token + 1..end.min(token + 2 + REACH)).find(|noun| {
        is_consent(reading, *noun) || preposition == "pending" && word(reading, *noun) == Some("review")
    })?;
    let of = |word: &str| matches!(word, "of" | "from" | "by");
    let whose = (token + 1..noun).any(|token| {
        word(reading, token).is_some_and(|word| {
            matches!(word, "my" | "our" | "his" | "her" | "their") || word.ends_with("'s") || word.ends_with("’s")
        })
    });
    let after = noun + 1..end;
    let behind = after.clone().find(|token| word(reading, *token).is_some_and(|word| !matches!(word, "light" | "up")));
    // "with the approval of my manager", not "after confirmation of the payment"
    let somebody = |token: usize| {
        let raw = reading.tokens.get(token).map_or("", |token| token.raw(&reading.text));
        raw.starts_with(char::is_uppercase)
            || word(reading, token).is_some_and(|word| {
                known.is_person(word) || matches!(word, "my" | "our" | "me" | "us" | "somebody" | "someone")
            })
    };
    let person = behind
        .is_some_and(|token| word(reading, token).is_some_and(of) && (token + 1..end.min(token + 3)).any(somebody));
    let loose = matches!(preposition, "with" | "without");
    let apart = |token: usize| {
        word(reading, token).is_some_and(|word| matches!(word, "to" | "in" | "on" | "for" | "and" | "of"))
    };
    if (token + 1..noun).any(apart) {
        return None;
    }
    // "after my OK on Medium": what stands behind it is where it goes.
    let place = behind.is_some_and(|token| {
        word(reading, token).is_some_and(|word| matches!(word, "on" | "to" | "in" | "by" | "via"))
    });
    (behind.is_none() || person && end - noun <= 2 + REACH || place && whose).then_some(())?;
    (!loose || whose || person).then_some(noun)
}

fn is_consent(reading: &Reading, token: usize) -> bool {
    let next = |sought: &str| word(reading, token + 1) == Some(sought);
    word(reading, token).is_some_and(|word| match word {
        "green" => next("light"),
        "thumbs" => next("up"),
        _ => CONSENT.contains(&word),
    })
}

/// A guard that a person decides.
fn guard(clause: &mut Clause) {
    let span: Span = clause.span.start..clause.span.start + 1;
    let person = Phrase { span: span.clone(), head: "human".to_owned(), ..Phrase::default() };
    let verb = Verb { lemma: "approve".to_owned(), particle: None, span };
    clause.role = Role::Trigger;
    clause.frame = Some(Frame { verb: Some(verb), subject: Some(person), ..Frame::default() });
}
