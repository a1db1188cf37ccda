//! "Let me approve it before it is posted", "… and after approval post it": what a person decides first, as clauses.

use super::{
    act::names,
    recut::{JOINTS, remove, reread, splice, word},
};
use crate::{
    knowledge::{Class, Knowledge},
    reading::{Argument, Clause, Frame, Phrase, Reading, Role, Verb},
};

/// What a person gives who agrees. Of two words the first.
pub(in crate::plan) const CONSENT: [&str; 13] = [
    "ok",
    "okay",
    "approval",
    "sign-off",
    "signoff",
    "go-ahead",
    "permission",
    "consent",
    "blessing",
    "confirmation",
    "clearance",
    "green",
    "thumbs",
];

/// "Show them to me first", "send me the draft before you post it": a person is to say whether it goes on.
pub(in crate::plan) fn shown(known: &Knowledge, reading: &mut Reading) {
    for at in 0..reading.clauses.len() {
        shows(reading, at);
        asks(reading, at);
        asks_before(reading, at);
        let _ = for_approval(known, reading, at);
        let _ = by_you(reading, at);
    }
}

/// "Email them for approval before posting": whoever gets them decides.
fn for_approval(known: &Knowledge, reading: &mut Reading, at: usize) -> Option<()> {
    let clause = reading.clauses.get(at).filter(|clause| clause.role == Role::Act)?;
    let frame = clause.frame.as_ref().filter(|frame| !frame.negated && !is_sign_off(clause))?;
    let verb = &frame.verb.as_ref()?.lemma;
    let agrees = |argument: &Argument| {
        let last = argument.phrase.head.rsplit(' ').next().unwrap_or_default();
        argument.preposition == "for" && (CONSENT.contains(&last) || last == "review") && argument.phrase.tail.is_none()
    };
    let sends = known.is(verb, Class::Tell) && frame.arguments.iter().any(agrees);
    let goes_on = reading.clauses.len() > at + 1 || frame.complement.is_some();
    (sends && goes_on).then_some(())?;
    let start = clause.span.start;
    let frame = reading.clauses.get_mut(at)?.frame.as_mut()?;
    "approve".clone_into(&mut frame.verb.as_mut()?.lemma);
    let things = |phrase: &mut Phrase| phrase.pronoun && matches!(phrase.head.as_str(), "it" | "them");
    let things: Vec<Phrase> = frame.recipients.extract_if(.., things).collect();
    if frame.objects.is_empty() {
        frame.objects = things;
    }
    frame.recipients.clear();
    frame.arguments.retain(|argument| !matches!(argument.phrase.head.as_str(), "me" | "us"));
    frame.subject = Some(Phrase { span: start..start, head: "human".to_owned(), ..Phrase::default() });
    Some(())
}

/// "You approve it, or edit it in Slack": the one whom a template speaks to is a person.
fn by_you(reading: &mut Reading, at: usize) -> Option<()> {
    let clause = reading.clauses.get(at)?;
    let (sentence, acts) = (clause.sentence, clause.role == Role::Act);
    let frame = reading.clauses.get_mut(at)?.frame.as_mut()?;
    let decides = matches!(frame.verb.as_ref()?.lemma.as_str(), "approve" | "confirm" | "okay");
    let you = frame.subject.as_mut().filter(|subject| decides && subject.head == "you")?;
    (you.head, you.pronoun) = ("human".to_owned(), false);
    let next =
        reading.clauses.get(at + 1).filter(|next| acts && next.role == Role::Act && next.sentence == sentence)?;
    let changes = next.frame.as_ref().and_then(|frame| frame.verb.as_ref()).is_some_and(|verb| {
        matches!(verb.lemma.as_str(), "edit" | "change" | "adjust" | "reject" | "decline" | "revise" | "modify")
    });
    (changes && word(reading, next.span.start) == Some("or")).then_some(())?;
    let next = reading.clauses.get_mut(at + 1)?;
    next.role = Role::LeadIn;
    let (end, places) = (next.span.end, next.frame.take()?.arguments);
    let clause = reading.clauses.get_mut(at)?;
    clause.span.end = clause.span.end.max(end);
    clause.frame.as_mut()?.arguments.extend(places);
    Some(())
}

/// "Improve it, and post it after I approve": what goes out waits, what is thought about does not.
pub(in crate::plan) fn late(known: &Knowledge, reading: &mut Reading) {
    let decides = |clause: &Clause| {
        let verb = clause.frame.as_ref().and_then(|frame| frame.verb.as_ref());
        clause.role == Role::Trigger && verb.is_some_and(|verb| matches!(verb.lemma.as_str(), "approve" | "confirm"))
    };
    let guards: Vec<bool> = reading.clauses.iter().map(decides).collect();
    for at in 0..reading.clauses.len() {
        let Some(clause) = reading.clauses.get_mut(at) else { return };
        let later = clause.under.is_some_and(|guard| guard > at && guards.get(guard) == Some(&true));
        let lemma = clause.frame.as_ref().and_then(|frame| frame.verb.as_ref()).map(|verb| verb.lemma.as_str());
        let thinks = |lemma: &str| {
            let out = [Class::Tell, Class::Store, Class::Make, Class::Change, Class::Outside];
            !out.iter().any(|class| known.is(lemma, *class)) || known.composes(lemma)
        };
        if later && clause.role == Role::Act && lemma.is_some_and(thinks) {
            clause.under = None;
        }
    }
}

/// "ask Maria to approve it": she decides.
fn asks(reading: &mut Reading, at: usize) -> Option<()> {
    let clause = reading.clauses.get(at).filter(|clause| clause.role == Role::Act)?;
    let frame = clause.frame.as_ref()?;
    let asks = matches!(frame.verb.as_ref()?.lemma.as_str(), "ask" | "get" | "have" | "need" | "request" | "wait");
    let told = frame.complement.clone().filter(|_| asks)?;
    let verb = word(reading, told.start + usize::from(word(reading, told.start) == Some("to")))?;
    matches!(verb, "approve" | "confirm" | "review" | "okay" | "ok").then_some(())?;
    let who = frame.recipients.first().or(frame.objects.first()).cloned()?;
    let frame = reading.clauses.get_mut(at)?.frame.as_mut()?;
    "approve".clone_into(&mut frame.verb.as_mut()?.lemma);
    (frame.complement, frame.recipients, frame.objects) = (None, Vec::new(), Vec::new());
    frame.subject = Some(Phrase { head: "human".to_owned(), ..who });
    Some(())
}

/// "Before the newsletter goes out I want to approve it": the one who says so decides.
pub(super) fn wants(reading: &mut Reading, at: usize) -> Option<()> {
    let lead = at.checked_sub(1).and_then(|before| reading.clauses.get(before))?;
    let own = lead.role == Role::LeadIn && matches!(word(reading, lead.span.start), Some("i" | "we"));
    let start = lead.span.start;
    let before = at.checked_sub(2).into_iter().chain([at + 1]).find(|before| {
        reading.clauses.get(*before).is_some_and(|clause| {
            clause.role == Role::Restriction && word(reading, clause.span.start) == Some("before")
        })
    });
    let clause = reading.clauses.get_mut(at).filter(|clause| clause.role == Role::Act && own)?;
    let frame = clause.frame.as_mut().filter(|frame| frame.subject.is_none())?;
    let lemma = frame.verb.as_ref()?.lemma.as_str();
    let looks = matches!(lemma, "review" | "see" | "check" | "read");
    if !(matches!(lemma, "approve" | "confirm" | "okay") || looks && before.is_some()) {
        return None;
    }
    frame.subject = Some(Phrase { span: start..start + 1, head: "i".to_owned(), pronoun: true, ..Phrase::default() });
    "approve".clone_into(&mut frame.verb.as_mut()?.lemma);
    if let Some(before) = before.filter(|before| *before < at) {
        reading.clauses.get_mut(before)?.role = Role::Background;
    }
    Some(())
}

/// "Ask me before it is sent": the one who is asked decides.
fn asks_before(reading: &mut Reading, at: usize) -> Option<()> {
    let next = reading.clauses.get(at + 1);
    let before = next.is_some_and(|next| word(reading, next.span.start) == Some("before"));
    let clause = reading.clauses.get_mut(at).filter(|clause| clause.role == Role::Act && before)?;
    let frame = clause.frame.as_mut().filter(|frame| frame.objects.is_empty() && frame.complement.is_none())?;
    let verb = frame.verb.as_mut().filter(|verb| verb.lemma == "ask")?;
    let [who] = frame.recipients.as_slice() else { return None };
    frame.subject = Some(Phrase { head: "me".to_owned(), ..who.clone() });
    "approve".clone_into(&mut verb.lemma);
    frame.recipients.clear();
    Some(())
}

fn shows(reading: &mut Reading, at: usize) -> Option<()> {
    let clause = reading.clauses.get(at).filter(|clause| clause.role == Role::Act)?;
    let frame = clause.frame.as_ref()?;
    let shows = matches!(frame.verb.as_ref()?.lemma.as_str(), "show" | "send" | "run" | "give" | "forward" | "present");
    let told = frame.recipients.iter().chain(frame.arguments.iter().map(|argument| &argument.phrase));
    let me = told.into_iter().find(|phrase| matches!(phrase.head.as_str(), "me" | "us"))?.clone();
    let waits = clause.span.clone().any(|token| match (word(reading, token), word(reading, token + 1)) {
        (Some("first"), None | Some("before" | "and" | "so")) => true,
        (Some("before"), Some(next)) => {
            matches!(next, "you" | "it" | "they" | "anything" | "that") || next.len() > 4 && next.ends_with("ing")
        }
        _ => false,
    });
    let goes_on =
        reading.clauses.len() > at + 1 || clause.span.clone().any(|token| word(reading, token) == Some("before"));
    let frame = reading.clauses.get_mut(at).filter(|_| shows && waits && goes_on)?.frame.as_mut()?;
    "approve".clone_into(&mut frame.verb.as_mut()?.lemma);
    frame.recipients.clear();
    frame.arguments.retain(|argument| argument.phrase != me);
    frame.subject = Some(me);
    Some(())
}

/// "let me approve it before it is posted", "… and after approval post it": what a person decides first.
pub(in crate::plan) fn approved(known: &Knowledge, reading: &mut Reading, at: usize) -> Option<usize> {
    let clause = reading.clauses.get(at)?.clone();
    let signs = (0..=at).any(|before| reading.clauses.get(before).is_some_and(is_sign_off));
    if !signs {
        return None;
    }
    if matches!(clause.role, Role::Restriction | Role::Trigger | Role::Condition)
        && word(reading, clause.span.start) == Some("before")
    {
        let mut acts = reread(known, reading, clause.span.start + 1..clause.span.end, None);
        for act in &mut acts {
            (act.under, act.sentence, act.role) = (clause.under, clause.sentence, Role::Act);
            act_on_it(act);
        }
        // "before it is sent": by an act that is told after this.
        let bare = acts.iter().all(|act| {
            act.frame
                .as_ref()
                .is_none_or(|frame| frame.arguments.is_empty() && frame.objects.iter().all(|phrase| phrase.pronoun))
        });
        let answers = |clause: &Clause| {
            let verb = clause.frame.as_ref().and_then(|frame| frame.verb.as_ref());
            verb.is_some_and(|verb| matches!(verb.lemma.as_str(), "answer" | "reply" | "respond"))
        };
        let mut others =
            reading.clauses.iter().enumerate().filter(|(other, clause)| *other != at && !is_sign_off(clause));
        // "before it goes out": nothing is said of where.
        let told = acts.first().is_some_and(|act| is_sending(known, act));
        if bare && (!told || others.any(|(_, other)| is_sending(known, other) || answers(other))) {
            let sign_off = at
                .checked_sub(1)
                .and_then(|before| reading.clauses.get_mut(before))
                .filter(|before| is_sign_off(before));
            if let Some(sign_off) = sign_off {
                sign_off.span.end = clause.span.end;
                remove(reading, at);
                return Some(0);
            }
        }
        let first = acts.first_mut()?;
        first.span.start = clause.span.start;
        let count = acts.len();
        splice(reading, at, acts);
        return Some(count);
    }
    if clause.role != Role::Act {
        return None;
    }
    let cut = clause.span.clone().skip(1).find(|token| match word(reading, *token) {
        Some("before") => is_sign_off(&clause),
        Some("after" | "upon" | "with") => {
            (1..=3).any(|next| matches!(word(reading, token + next), Some("approval" | "sign-off" | "confirmation")))
        }
        _ => false,
    })?;
    let before = word(reading, cut) == Some("before");
    let (label, rest) = if before {
        (cut..cut, cut + 1..clause.span.end)
    } else {
        let noun = (cut..clause.span.end)
            .find(|token| matches!(word(reading, *token), Some("approval" | "sign-off" | "confirmation")))?;
        (cut..noun + 1, noun + 1..clause.span.end)
    };
    let end = (clause.span.start..cut)
        .rev()
        .find(|token| word(reading, *token).is_some_and(|word| !JOINTS.contains(&word)))?
        + 1;
    let mut all = reread(known, reading, clause.span.start..end, None);
    if let Some(sign_off) = all.first_mut().filter(|first| before && !is_sign_off(first)) {
        sign_off.frame = clause.frame.clone().map(|frame| Frame { complement: None, ..frame });
    }
    let mut acts = reread(known, reading, rest, None);
    posted(known, reading, at, &mut acts);
    if acts.is_empty() {
        return None;
    }
    for part in &mut all {
        (part.under, part.sentence) = (clause.under, clause.sentence);
    }
    let under = if label.is_empty() {
        clause.under
    } else {
        let guard = at + all.len();
        let phrase = Phrase { span: label.clone(), head: "approval".to_owned(), ..Phrase::default() };
        let frame = Some(Frame { objects: vec![phrase], ..Frame::default() });
        all.push(Clause {
            span: end..label.end,
            role: Role::Condition,
            sentence: clause.sentence,
            under: clause.under.filter(|under| *under < at),
            frame,
        });
        Some(guard)
    };
    for act in &mut acts {
        (act.under, act.sentence) = (under, clause.sentence);
        act_on_it(act);
    }
    all.extend(acts);
    let count = all.len();
    splice(reading, at, all);
    Some(count)
}

/// "Write posts for X and LinkedIn and let me approve them before posting": what is approved goes where it was written for.
fn posted(known: &Knowledge, reading: &mut Reading, at: usize, acts: &mut [Clause]) -> Option<()> {
    let frame = acts.first_mut()?.frame.as_mut()?;
    let named = frame.verb.as_ref().map(|verb| verb.lemma.clone());
    let named = named.or_else(|| frame.objects.first().map(|phrase| phrase.head.clone()))?;
    let gerund = |verb: &str| named.strip_suffix("ing") == Some(verb.trim_end_matches('e'));
    let lemma = ["post", "publish", "send", "share"].into_iter().find(|verb| named == *verb || gerund(verb))?;
    let alone =
        frame.arguments.is_empty() && (frame.verb.is_some() && frame.objects.is_empty() || named.ends_with("ing"));
    let channel = |phrase: &Phrase| phrase.services.iter().any(|service| known.channel(service).is_some());
    let places = |argument: &Argument| argument.preposition == "for" && channel(&argument.phrase);
    let writes = |frame: &Frame| frame.verb.as_ref().is_some_and(|verb| known.composes(&verb.lemma));
    let before = reading.clauses.get_mut(..at)?.iter_mut().filter_map(|clause| clause.frame.as_mut());
    let text =
        before.filter(|frame| writes(frame)).find(|frame| frame.arguments.iter().any(places)).filter(|_| alone)?;
    let (to, rest) = std::mem::take(&mut text.arguments).into_iter().partition(places);
    text.arguments = rest;
    let to: Vec<Argument> = to;
    let span = frame.objects.first().map_or(0..0, |phrase| phrase.span.clone());
    frame.verb.get_or_insert(Verb { lemma: String::new(), particle: None, span: span.clone() }).lemma =
        lemma.to_owned();
    frame.arguments = to.into_iter().map(|argument| Argument { preposition: "to".to_owned(), ..argument }).collect();
    frame.objects =
        vec![Phrase { span: span.end..span.end, head: "it".to_owned(), pronoun: true, ..Phrase::default() }];
    Some(())
}

/// "it is posted", "you post it": the one who does it is the agent.
fn act_on_it(act: &mut Clause) {
    let Some(frame) = &mut act.frame else { return };
    let Some(subject) = frame.subject.take_if(|subject| subject.pronoun || frame.passive) else { return };
    if frame.objects.is_empty() {
        frame.objects.push(subject);
    }
    frame.passive = false;
}

/// Whether an act sends or keeps something, and does not only write it.
pub(super) fn is_sending(known: &Knowledge, clause: &Clause) -> bool {
    let frame = clause.frame.as_ref().filter(|frame| clause.role == Role::Act && !frame.negated);
    let out = [Class::Tell, Class::Store, Class::Change];
    frame.and_then(|frame| frame.verb.as_ref()).is_some_and(|verb| match verb.lemma.as_str() {
        "post" | "tweet" | "publish" | "share" => true,
        // What is answered is written by the same act: it waits behind that.
        "answer" | "reply" | "respond" => false,
        lemma => !known.composes(lemma) && out.iter().any(|class| known.is(lemma, *class)),
    })
}

/// Whether an act only lets a person decide.
pub(in crate::plan) fn is_sign_off(clause: &Clause) -> bool {
    let Some(frame) = clause.frame.as_ref().filter(|_| clause.role == Role::Act) else { return false };
    let lemma = frame.verb.as_ref().map_or("", |verb| verb.lemma.as_str());
    let heads = frame.objects.iter().chain(frame.arguments.iter().map(|argument| &argument.phrase)).flat_map(names);
    let picks = matches!(lemma, "pick" | "choose" | "select") && frame.subject.as_ref().is_some_and(|who| who.pronoun);
    (matches!(lemma, "approve" | "confirm" | "review" | "accept" | "sign") || picks)
        && frame
            .subject
            .as_ref()
            .is_some_and(|subject| matches!(subject.head.as_str(), "me" | "i" | "us" | "we") || !subject.pronoun)
        || matches!(lemma, "ask" | "get" | "wait" | "request" | "need" | "require")
            && heads.into_iter().any(|head| CONSENT.contains(&head.as_str()))
}
