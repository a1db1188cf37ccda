//! "Slack gets a message", "I'd like to receive a digest by mail", "a sheet is filled with them": whoever gets something
//! is sent it, wherever something is kept it is added to.

use super::recut::{reread, word};
use crate::{
    catalogue::Action,
    knowledge::{Class, Knowledge},
    reading::{Argument, Clause, Determiner, Frame, Mark, Phrase, Reading, Role, Token, Value, Verb},
};

const GETS: [&str; 8] = ["get", "receive", "hear", "see", "have", "find", "want", "need"];
const PARTS_OF_A_POST: [&str; 9] =
    ["caption", "bio", "hook", "headline", "script", "idea", "hashtag", "description", "outline"];
/// In front of "I want".
const FRONTED: [&str; 9] = ["by", "via", "on", "through", "over", "in", "from", "out of", "of"];
const OVER: [&str; 7] = ["by", "via", "on", "through", "over", "in", "as"];

pub(in crate::plan) fn received(known: &Knowledge, reading: &mut Reading) {
    let acts = reading.clauses.iter().any(|clause| clause.role == Role::Act);
    let starts = reading.clauses.iter().any(|clause| clause.role == Role::Trigger);
    let mut wished = false;
    for at in 0..reading.clauses.len() {
        let place = fronted(known, reading, at);
        if let (Some(place), Some(next)) = (place, reading.clauses.get_mut(at + 1)) {
            let frame = next.frame.get_or_insert_with(Frame::default);
            frame.arguments.extend(place);
            let sent = frame.arguments.iter().any(|argument| over(known, argument));
            if frame.verb.is_none() && next.role == Role::Act && sent {
                let start = next.span.start;
                frame.verb = Some(Verb { lemma: "send".to_owned(), particle: None, span: start..start });
                frame.recipients.push(me());
            }
        }
        let arrow = at > 0 && follows_arrow(reading, at);
        // "YouTube video -> transcript" begins with what there is.
        let chain = arrow || follows_arrow(reading, at + 1);
        let Some(clause) = reading.clauses.get_mut(at) else { return };
        if arrow {
            linked(known, clause);
        }
        if !acts && is_wish(known, clause) {
            clause.role = Role::Act;
        }
        if clause.role == Role::Trigger
            && let Some(frame) = &mut clause.frame
        {
            written_to(&reading.tokens, frame);
        }
        if clause.role == Role::Act
            && let Some(frame) = &mut clause.frame
        {
            if !chain {
                headed(known, clause.span.start, frame, starts);
            }
            worded(known, clause.span.start, frame);
            filled(known, frame);
            gets(known, frame, wished);
            holds(known, frame);
        }
        wished = clause.role == Role::LeadIn;
    }
}

/// "When a customer writes to support@acme.com": a mail arrives there.
fn written_to(tokens: &[Token], frame: &mut Frame) {
    let mail = |at: &usize| matches!(tokens.get(*at).and_then(Token::value), Some(Value::Email(_)));
    let address = |argument: &Argument| argument.preposition == "to" && argument.phrase.values.iter().any(mail);
    let writes = frame.objects.is_empty() && frame.arguments.iter().any(address);
    let Some(verb) = frame.verb.as_mut().filter(|verb| writes && verb.lemma == "write") else { return };
    "arrive".clone_into(&mut verb.lemma);
    if let Some(who) = &mut frame.subject {
        let span = who.span.end..who.span.end;
        *who = Phrase { head: "email".to_owned(), determiner: Determiner::Some, span, ..Phrase::default() };
    }
}

fn me() -> Phrase {
    Phrase { head: "me".to_owned(), pronoun: true, ..Phrase::default() }
}

/// "On Telegram I want to be told …": the place is that of the act.
fn fronted(known: &Knowledge, reading: &Reading, at: usize) -> Option<Vec<Argument>> {
    let clause = reading.clauses.get(at).filter(|clause| clause.role == Role::LeadIn)?;
    word(reading, clause.span.start).filter(|first| FRONTED.contains(first) || *first == "out")?;
    let narrator = |at: &usize| matches!(word(reading, *at), Some("i" | "we" | "you"));
    let end = clause.span.clone().find(narrator)?;
    let read = reread(known, reading, clause.span.start..end, Some("put")).into_iter().next()?.frame?;
    let place: Vec<Argument> = read
        .arguments
        .into_iter()
        .filter(|argument| over(known, argument) || matches!(argument.preposition.as_str(), "from" | "of" | "out of"))
        .collect();
    (!place.is_empty()).then_some(place)
}

fn over(known: &Knowledge, argument: &Argument) -> bool {
    let phrase = &argument.phrase;
    let mail = phrase.head == "email" && phrase.determiner == Determiner::None;
    let channel = phrase.services.iter().any(|service| known.channel(service).is_some());
    OVER.contains(&argument.preposition.as_str()) && (mail || channel)
}

/// "Every evening I get a mail with …", where nothing else is asked for.
fn is_wish(known: &Knowledge, clause: &Clause) -> bool {
    let Some(frame) = clause.frame.as_ref().filter(|_| clause.role == Role::Background) else { return false };
    let narrator = frame.subject.as_ref().is_some_and(|subject| matches!(subject.head.as_str(), "i" | "we"));
    let gets = frame.verb.as_ref().is_some_and(|verb| matches!(verb.lemma.as_str(), "get" | "receive"));
    let carried =
        frame.objects.iter().any(|phrase| known.is_carrier(&phrase.head) && phrase.determiner == Determiner::Some);
    narrator && gets && carried && !frame.negated
}

/// "a mail with a summary of the page": the summary, by mail.
fn holds(known: &Knowledge, frame: &mut Frame) {
    let plain = |phrase: &Phrase| {
        known.is_carrier(&phrase.head)
            && !phrase.plural
            && phrase.determiner == Determiner::Some
            && phrase.tail.is_none()
    };
    let [carrier] = frame.objects.as_slice() else { return };
    let inside = |argument: &Argument| matches!(argument.preposition.as_str(), "with" | "containing");
    let from = frame.arguments.iter().any(|argument| matches!(argument.preposition.as_str(), "of" | "from"));
    // "with a quote about patience"
    let topic = |phrase: &Phrase| {
        let about = frame.arguments.iter().find(|other| other.phrase.span.start == phrase.span.end + 1);
        about.is_some_and(|other| other.preposition == "about")
    };
    let told = |argument: &Argument| {
        let Argument { phrase, .. } = argument;
        let label = matches!(phrase.head.as_str(), "subject" | "title") && !phrase.values.is_empty();
        inside(argument)
            && !label
            && (known.is_product(&phrase.head) && phrase.determiner != Determiner::None && phrase.values.is_empty()
                || from && phrase.determiner != Determiner::Some
                || matches!(phrase.determiner, Determiner::Count(_))
                || phrase.determiner == Determiner::Some && phrase.services.is_empty() && topic(phrase))
    };
    if !(plain(carrier) && carrier.modifiers.is_empty() && frame.arguments.iter().any(told)) {
        return;
    }
    let (held, rest) = std::mem::take(&mut frame.arguments).into_iter().partition(inside);
    let held: Vec<Argument> = held;
    frame.arguments = rest;
    let objects = held.into_iter().map(|argument| argument.phrase).collect();
    for phrase in std::mem::replace(&mut frame.objects, objects) {
        let (preposition, head) =
            if phrase.services.is_empty() { ("by", phrase.head.clone()) } else { ("on", String::new()) };
        let preposition = preposition.to_owned();
        frame.arguments.push(Argument { preposition, phrase: Phrase { head, determiner: Determiner::None, ..phrase } });
    }
}

/// "A Todoist task when a row is added", "Discord message for each new post": made, or sent.
fn headed(known: &Knowledge, start: usize, frame: &mut Frame, starts: bool) -> Option<()> {
    let [first] = frame.objects.as_slice() else { return None };
    let [service] = first.services.as_slice() else { return None };
    let new = matches!(first.determiner, Determiner::Some | Determiner::None) && !first.plural;
    let each = |argument: &Argument| {
        argument.preposition == "for" && matches!(argument.phrase.determiner, Determiner::Each | Determiner::Some)
    };
    if frame.verb.is_some() || !new || !first.values.is_empty() || first.tail.is_some() {
        return None;
    }
    let sent = known.channel(service).is_some() && known.is_carrier(&first.head);
    let catalogue = &known.catalogue;
    let makes = |at: &usize| {
        let block = catalogue.blocks().get(*at);
        block
            .is_some_and(|block| known.serves(block, Class::Make) && known.meaning(block).objects.contains(&first.head))
    };
    let kept = !known.is_product(&first.head) && catalogue.blocks_of(service).iter().any(makes);
    let lemma = match (sent, kept) {
        (true, _) if frame.arguments.iter().any(each) => "send",
        // "Input: a GitHub repository" is there.
        (false, true) if starts || frame.arguments.iter().any(each) => "create",
        _ => return None,
    };
    frame.verb = Some(Verb { lemma: lemma.to_owned(), particle: None, span: start..start });
    Some(())
}

fn follows_arrow(reading: &Reading, at: usize) -> bool {
    let start = reading.clauses.get(at).map_or(0, |clause| clause.span.start);
    start.checked_sub(1).and_then(|before| reading.tokens.get(before)?.mark()) == Some(Mark::Arrow)
}

/// "… -> Notion page", "… -> Google Sheet": made or kept there.
fn linked(known: &Knowledge, clause: &mut Clause) {
    let start = clause.span.start;
    let Some(frame) = clause.frame.as_mut().filter(|frame| frame.verb.is_none()) else { return };
    let [phrase] = frame.objects.as_mut_slice() else { return };
    let there = phrase.services.iter().any(|service| known.channel(service).is_none() && known.has_service(service));
    let named = matches!(phrase.determiner, Determiner::Mine | Determiner::The | Determiner::Each) || phrase.plural;
    if !there || named || clause.role != Role::Act {
        return;
    }
    let new = phrase.modifiers.iter().any(|word| word == "new");
    let mut lemma = "create";
    if phrase.head.is_empty() {
        let it = Phrase { span: start..start, head: "it".to_owned(), pronoun: true, ..Phrase::default() };
        let phrase = std::mem::replace(phrase, it);
        let (verb, preposition) = if new { ("save", "as") } else { ("add", "to") };
        frame.arguments.push(Argument { preposition: preposition.to_owned(), phrase });
        lemma = verb;
    }
    frame.verb = Some(Verb { lemma: lemma.to_owned(), particle: None, span: start..start });
}

/// "I want an Instagram caption": a part of a post is a text to write, and nothing to publish.
fn worded(known: &Knowledge, start: usize, frame: &mut Frame) {
    let part = |phrase: &Phrase| {
        let head = phrase.head.rsplit(' ').next().unwrap_or_default();
        PARTS_OF_A_POST.contains(&head) && phrase.services.iter().any(|service| known.channel(service).is_some())
    };
    let there = |phrase: &Phrase| matches!(phrase.determiner, Determiner::Mine | Determiner::The | Determiner::Each);
    if frame.verb.is_none() && matches!(frame.objects.as_slice(), [phrase] if part(phrase) && !there(phrase)) {
        frame.verb = Some(Verb { lemma: "write".to_owned(), particle: None, span: start..start });
    }
}

/// "Fill Airtable with the cafés", "Airtable should be filled with them".
fn filled(known: &Knowledge, frame: &mut Frame) {
    let Some(verb) = frame.verb.as_mut().filter(|verb| matches!(verb.lemma.as_str(), "fill" | "populate")) else {
        return;
    };
    let kept = |phrase: &Phrase| {
        !phrase.services.is_empty() && !phrase.services.iter().any(|name| known.channel(name).is_some())
    };
    let Some(with) = frame.arguments.iter().position(|argument| argument.preposition == "with") else { return };
    let place = if frame.passive {
        frame.subject.take_if(|subject| kept(subject))
    } else {
        frame.objects.pop_if(|phrase| kept(phrase))
    };
    let Some(place) = place else { return };
    verb.lemma = "add".to_owned();
    frame.passive = false;
    frame.objects = vec![frame.arguments.remove(with).phrase];
    frame.arguments.push(Argument { preposition: "to".to_owned(), phrase: place });
}

/// "our Slack channel gets a message", "I get a mail", "the team hears of it": the one who gets it is told it.
fn gets(known: &Knowledge, frame: &mut Frame, wished: bool) {
    let Some(verb) = frame.verb.as_mut() else { return };
    let told = frame.passive && matches!(verb.lemma.as_str(), "tell" | "notify" | "inform" | "alert");
    let lemma = verb.lemma.clone();
    if !told && !GETS.contains(&lemma.as_str()) {
        return;
    }
    let carried = frame.objects.iter().any(|phrase| known.is_carrier(&phrase.head) && !phrase.plural);
    let mails = frame.objects.iter().any(|phrase| phrase.plural && known.is_carrier(&phrase.head));
    // "get the mails in Gmail" reads them.
    let reads = |argument: &Argument| argument.preposition == "in" && mails;
    let way = frame.arguments.iter().any(|argument| over(known, argument) && !reads(argument));
    let wants = matches!(lemma.as_str(), "want" | "need");
    if wants && frame.subject.is_none() && frame.recipients.is_empty() && !frame.objects.is_empty() {
        // "I give a text and want a picture of it"
        verb.lemma = "make".to_owned();
        return;
    }
    let Some(subject) = frame.subject.clone() else {
        // "How do I get a mail for every form", "(I'd like to) receive the figures by mail"
        let one = frame.objects.iter().any(|phrase| phrase.determiner == Determiner::Some);
        let digest =
            matches!(lemma.as_str(), "get" | "receive") && frame.objects.iter().any(|phrase| sent_as(known, phrase));
        let told =
            carried && one && lemma != "see" || digest || wished && (way || told) && lemma != "have" && lemma != "find";
        if told && frame.recipients.is_empty() {
            verb.lemma = "send".to_owned();
            frame.passive = false;
            frame.recipients.push(me());
        }
        return;
    };
    let channel = subject.services.iter().any(|service| known.channel(service).is_some());
    let kept = !channel && !subject.services.is_empty() && lemma != "have" && lemma != "see";
    let who = subject.head.rsplit(' ').next().unwrap_or_default();
    let person = known.is_person(who) || matches!(who, "i" | "we");
    let way = frame.arguments.iter().any(|argument| {
        argument.phrase.services.iter().any(|service| known.channel(service).is_some()) || over(known, argument)
    });
    // "boss@firm.example should receive a summary"
    let address = subject.head.is_empty() && !subject.values.is_empty() && subject.services.is_empty();
    if address && !frame.objects.is_empty() {
        verb.lemma = "send".to_owned();
        frame.subject = None;
        return frame.arguments.push(Argument { preposition: "to".to_owned(), phrase: subject });
    }
    let needed = wants && carried && (person || channel);
    if (wants || matches!(lemma.as_str(), "have" | "find")) && !(person && way || needed) {
        return;
    }
    if way && (person || subject.pronoun) && !told {
        verb.lemma = "send".to_owned();
        if wants {
            frame.recipients.push(subject);
        }
        for argument in &mut frame.arguments {
            if argument.preposition == "as" {
                argument.preposition = "by".to_owned();
            }
        }
        frame.subject = None;
        return;
    }
    let said = |preposition: &str| frame.arguments.iter().position(|argument| argument.preposition == preposition);
    let about = said("about").or_else(|| said("of"));
    if (frame.objects.is_empty() || lemma == "hear")
        && (channel || told && person)
        && let Some(about) = about
    {
        let about = frame.arguments.remove(about).phrase;
        let of = std::mem::replace(&mut frame.objects, vec![about]);
        frame.arguments.extend(of.into_iter().map(|phrase| Argument { preposition: "of".to_owned(), phrase }));
    }
    let said = !frame.objects.is_empty() || frame.complement.is_some();
    if !(channel && said || kept && !frame.objects.is_empty() || person && (carried || told || lemma == "hear")) {
        return;
    }
    if !told {
        verb.lemma = if kept { "add" } else { "send" }.to_owned();
        verb.particle = None;
    }
    frame.passive = false;
    frame.subject = None;
    if channel || kept {
        frame.arguments.push(Argument { preposition: "to".to_owned(), phrase: subject });
    } else {
        let head = match subject.head.as_str() {
            "i" => "me".to_owned(),
            "we" => "us".to_owned(),
            other => other.to_owned(),
        };
        frame.recipients.push(Phrase { head, ..subject });
    }
}

/// "a Telegram digest", "an email summary": a text that names the way it comes.
fn sent_as(known: &Knowledge, phrase: &Phrase) -> bool {
    let channel = |service: &String| {
        let block = known.channel(service);
        block.is_some_and(|block| known.meaning(block).action == Action::Send)
    };
    let by_mail = phrase.modifiers.iter().any(|word| word == "email") || phrase.head.starts_with("email ");
    let head = phrase.head.strip_prefix("email ").unwrap_or(&phrase.head);
    let text = known.is_product(head) && (by_mail || phrase.services.iter().any(channel));
    text && phrase.determiner == Determiner::Some && !phrase.plural
}

/// "tell me what the weather in Rome is like", "what is in my calendar", "what the query returns": the thing itself.
pub(in crate::plan) fn asked(known: &Knowledge, reading: &mut Reading, at: usize) -> Option<()> {
    let clause = reading.clauses.get(at).filter(|clause| clause.role == Role::Act)?;
    let frame = clause.frame.as_ref().filter(|frame| frame.objects.is_empty())?;
    let lemma = &frame.verb.as_ref()?.lemma;
    let span = frame.complement.clone().filter(|_| known.is(lemma, Class::Tell) || lemma == "see")?;
    if !matches!(word(reading, span.start), Some("what" | "how")) {
        return None;
    }
    let be =
        |at: usize| matches!(word(reading, at), Some("is" | "are" | "looks" | "look" | "returns" | "shows" | "says"));
    let verb = (span.start + 1..span.end).find(|at| be(*at))?;
    let (thing, mut rest) = if verb == span.start + 1 {
        let inside = matches!(word(reading, verb + 1), Some("in" | "on" | "inside")).then_some(verb + 2)?;
        (inside..span.end, span.end)
    } else {
        (span.start + 1..verb, verb + 1)
    };
    if word(reading, rest) == Some("like") {
        rest += 1;
    }
    // "what it says about costs"
    if rest < span.end && matches!(word(reading, verb), Some("says" | "shows" | "returns")) {
        return None;
    }
    let read = reread(known, reading, thing, Some("send")).into_iter().next()?.frame?;
    let more = reread(known, reading, rest..span.end, Some("look")).into_iter().next().and_then(|clause| clause.frame);
    if read.objects.is_empty() {
        return None;
    }
    let frame = reading.clauses.get_mut(at)?.frame.as_mut()?;
    frame.complement = None;
    frame.objects = read.objects;
    frame.arguments.extend(read.arguments);
    frame.arguments.extend(more.into_iter().flat_map(|frame| frame.arguments));
    Some(())
}
