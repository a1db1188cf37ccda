//! What happens in a chat: "a Slack bot that answers when somebody mentions it", "a bot that people send a link to".

use super::recut::{reread, splice, word};
use crate::{
    catalogue::Action,
    knowledge::{Class, Knowledge},
    reading::{Argument, Clause, Determiner, Frame, Phrase, Reading, Role, Value, Verb},
};

/// What people do in a chat.
const SPEAKS: [&str; 12] =
    ["mention", "message", "text", "ask", "write", "send", "post", "say", "ping", "dm", "tag", "type"];
/// What a bot does that somebody sends something to.
const TAKES: [&str; 4] = ["take", "accept", "get", "receive"];

/// "A Slack bot that answers when somebody mentions it": what happens, happens in the chat of the bot.
pub(in crate::plan) fn in_chat(known: &Knowledge, reading: &mut Reading) -> Option<()> {
    let _ = sent_to(known, reading);
    let _ = serves(known, reading);
    let leads = reading.clauses.iter().filter(|clause| matches!(clause.role, Role::LeadIn | Role::Title));
    let words: Vec<&str> = leads.flat_map(|lead| lead.span.clone()).filter_map(|at| word(reading, at)).collect();
    let chats = ["Slack", "Discord", "Telegram"];
    let bot = words.iter().any(|word| known.is_agent(word));
    let chat = chats.into_iter().find(|chat| bot && words.iter().any(|word| chat.eq_ignore_ascii_case(word)))?;
    handed(known, reading);
    // "I tell it “add lunch on Friday” and it …"
    for at in 0..reading.clauses.len() {
        let Some(clause) = reading.clauses.get(at) else { break };
        let Some(frame) = clause.frame.as_ref().filter(|_| matches!(clause.role, Role::Background | Role::Act)) else {
            continue;
        };
        let (speaks, who) = (speaks(frame), frame.subject.as_ref().is_some_and(|who| is_speaker(known, who)));
        let it = |phrase: &Phrase| phrase.head == "it" || known.is_agent(&phrase.head);
        let arguments = frame.arguments.iter().filter(|to| to.preposition == "to").map(|to| &to.phrase);
        // "that I can send a link to": to the bot.
        let last = clause.span.clone().rev().find_map(|at| reading.tokens.get(at)?.word());
        let ahead = at.checked_sub(1).and_then(|lead| reading.clauses.get(lead)).map(|lead| lead.role);
        let bot = last == Some("to") && ahead == Some(Role::LeadIn);
        if !speaks || !who || !bot && !frame.recipients.iter().chain(&frame.objects).chain(arguments).any(it) {
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
        let (verb, person) = (speaks(frame), frame.subject.as_ref().is_some_and(|who| is_speaker(known, who)));
        let arguments = frame.arguments.iter().map(|argument| &argument.phrase);
        let placed = frame
            .objects
            .iter()
            .chain(arguments)
            .any(|phrase| phrase.services.iter().any(|service| chats.contains(&service.as_str())));
        if !verb || !person || placed {
            continue;
        }
        let at = clause.span.start;
        if frame.objects.iter().all(|phrase| phrase.pronoun || known.is_agent(&phrase.head)) {
            let head = "message".to_owned();
            frame.objects.push(Phrase { span: at..at, head, determiner: Determiner::Some, ..Phrase::default() });
        }
        let head = "message".to_owned();
        let phrase = Phrase { span: at..at, head, services: vec![chat.to_owned()], ..Phrase::default() };
        frame.arguments.push(Argument { preposition: "in".to_owned(), phrase });
    }
    Some(())
}

/// "A chatbot for our FAQ page that answers questions": what it does, with what it is for.
fn serves(known: &Knowledge, reading: &mut Reading) -> Option<()> {
    let first = reading.clauses.first().filter(|clause| clause.role == Role::Act)?.clone();
    let frame = first.frame.as_ref().filter(|frame| frame.verb.is_none())?;
    let ([bot], [for_what]) = (frame.objects.as_slice(), frame.arguments.as_slice()) else { return None };
    let thing = &for_what.phrase;
    let tail = thing.tail.clone().filter(|_| known.is_agent(&bot.head) && for_what.preposition == "for")?;
    matches!(word(reading, tail.start), Some("that" | "which" | "who")).then_some(())?;
    let mut acts = reread(known, reading, tail.start + 1..first.span.end, None);
    let frame = acts.first_mut()?.frame.as_mut().filter(|frame| frame.verb.is_some())?;
    frame.subject = None;
    let end = thing.span.end.min(tail.start);
    let about = Phrase { span: thing.span.start..end, tail: None, ..thing.clone() };
    frame.arguments.push(Argument { preposition: "about".to_owned(), phrase: about });
    acts.iter_mut().for_each(|act| act.sentence = first.sentence);
    let lead = Clause { span: first.span.start..tail.start + 1, role: Role::LeadIn, frame: None, ..first };
    acts.insert(0, lead);
    splice(reading, 0, acts);
    Some(())
}

/// "A Telegram bot I can send a link to": the bot, and what one does with it.
fn sent_to(known: &Knowledge, reading: &mut Reading) -> Option<()> {
    let first = reading.clauses.first().filter(|clause| clause.role == Role::Act)?.clone();
    let frame = first.frame.as_ref().filter(|frame| frame.verb.is_none() && frame.arguments.is_empty())?;
    let [bot] = frame.objects.as_slice() else { return None };
    let tail = bot.tail.clone().filter(|_| known.is_agent(&bot.head) && !bot.services.is_empty())?;
    let who =
        tail.clone().take(2).find(|at| matches!(word(reading, *at), Some("i" | "we" | "you" | "people" | "users")))?;
    let sends = |at: usize| matches!(word(reading, at), Some("send" | "forward" | "share" | "give" | "drop" | "paste"));
    tail.clone().skip(1).take(4).find(|at| sends(*at))?;
    let end = tail.clone().rev().find(|at| word(reading, *at) == Some("to"))?;
    let mut acts = reread(known, reading, who..end, None);
    let [act] = acts.as_mut_slice() else { return None };
    act.frame.as_ref()?.verb.as_ref()?;
    (act.sentence, act.role, act.span.end) = (first.sentence, Role::Act, first.span.end);
    let lead = Clause { span: first.span.start..who, role: Role::LeadIn, frame: None, ..first };
    acts.insert(0, lead);
    splice(reading, 0, acts);
    Some(())
}

/// "… where people send a link and it answers", "… that takes a link and sends back a summary": what is sent to it starts it.
fn handed(known: &Knowledge, reading: &mut Reading) -> Option<()> {
    let acts = |clause: &Clause| matches!(clause.role, Role::Act | Role::Trigger | Role::Condition);
    let at = reading.clauses.iter().position(acts)?;
    for clause in reading.clauses.iter_mut().skip(at) {
        let Some(frame) = clause.frame.as_mut().filter(|_| clause.role == Role::Act) else { continue };
        let Some(verb) = frame.verb.as_mut().filter(|verb| verb.lemma == "send") else { continue };
        if verb.particle.as_deref() == Some("back") && frame.recipients.is_empty() {
            (verb.lemma, verb.particle) = ("reply".to_owned(), None);
            let with = std::mem::take(&mut frame.objects).into_iter();
            let with = with.map(|phrase| Argument { preposition: "with".to_owned(), phrase });
            frame.arguments.splice(0..0, with);
        }
    }
    let scheduled = reading.schedule.is_some();
    let clause = reading.clauses.get_mut(at).filter(|clause| clause.role == Role::Act && clause.under.is_none())?;
    let frame = clause.frame.as_mut().filter(|frame| !frame.negated && !frame.passive)?;
    let verb = frame.verb.as_mut()?;
    let who = frame.subject.as_ref().map(|who| is_speaker(known, who));
    let given = |phrase: &Phrase| !phrase.pronoun && !known.is_agent(&phrase.head) && phrase.values.is_empty();
    // "A bot that gets my unread mails": nobody sends them to it.
    let open = |phrase: &Phrase| {
        let any = matches!(phrase.determiner, Determiner::Some | Determiner::None);
        any && phrase.services.is_empty() || phrase.head.ends_with("link")
    };
    let takes = who.is_none() && !scheduled && TAKES.contains(&verb.lemma.as_str()) && frame.objects.iter().all(open);
    let sends =
        who == Some(true) && matches!(verb.lemma.as_str(), "send" | "share" | "post" | "forward" | "paste" | "drop");
    let alone = frame.arguments.iter().all(|argument| matches!(argument.preposition.as_str(), "to" | "about" | "with"));
    if frame.objects.is_empty() || !frame.objects.iter().all(given) || !alone || !(takes || sends) {
        return None;
    }
    "send".clone_into(&mut verb.lemma);
    if takes {
        let at = verb.span.start;
        let head = "somebody".to_owned();
        frame.subject = Some(Phrase { span: at..at, head, pronoun: true, ..Phrase::default() });
    }
    (clause.role, clause.under) = (Role::Trigger, None);
    for later in reading.clauses.iter_mut().skip(at + 1) {
        let waits = matches!(later.role, Role::Act | Role::Condition | Role::Loop | Role::Otherwise(_));
        if waits && later.under.is_none() {
            later.under = Some(at);
        }
    }
    Some(())
}

/// "When someone writes “help” in our Discord": a message comes, and it has to have these words.
pub(in crate::plan) fn said(known: &Knowledge, reading: &mut Reading, at: usize) -> Option<()> {
    let clause = reading.clauses.get(at).filter(|clause| clause.role == Role::Trigger)?.clone();
    let mut frame = clause.frame.clone()?;
    let verb = frame.verb.as_ref().is_some_and(|verb| SPEAKS.contains(&verb.lemma.as_str()));
    let sends =
        |service: &String| known.channel(service).is_some_and(|block| known.meaning(block).action == Action::Send);
    let chat = |phrase: &Phrase| phrase.services.iter().any(sends);
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

fn speaks(frame: &Frame) -> bool {
    frame.verb.as_ref().is_some_and(|verb| verb.lemma == "tell" || SPEAKS.contains(&verb.lemma.as_str()))
}

/// Somebody who can speak to a bot.
fn is_speaker(known: &Knowledge, who: &Phrase) -> bool {
    matches!(who.head.as_str(), "i" | "we" | "you" | "someone" | "somebody" | "people" | "anyone" | "user")
        || known.is_person(&who.head) && !who.pronoun
}
