//! What the person hands to the agent, and what is asked of it: "if I paste a transcript", "I give you a company and you tell
//! me what they do", "tell me when it is out and mail it to me".

use super::{
    act::is_web,
    recut::{remove, splice, word},
};
use crate::{
    knowledge::{Class, Knowledge},
    reading::{Clause, Determiner, Frame, Phrase, Reading, Role, Value, Verb},
};

/// Texts that have parts to be taken out.
const TEXTS: [&str; 19] = [
    "pdf",
    "posting",
    "file",
    "text",
    "receipt",
    "invoice",
    "email",
    "letter",
    "message",
    "contract",
    "transcript",
    "resume",
    "cv",
    "ad",
    "offer",
    "order",
    "document",
    "note",
    "bill",
];
/// Somebody or something that the web knows of.
const KNOWN: [&str; 13] = [
    "company",
    "brand",
    "business",
    "firm",
    "startup",
    "product",
    "person",
    "city",
    "country",
    "book",
    "film",
    "movie",
    "competitor",
];

const THEY: [&str; 7] = ["they", "it", "he", "she", "their", "its", "them"];

pub(in crate::plan) fn settle(known: &Knowledge, reading: &mut Reading) {
    for at in (0..reading.clauses.len()).rev() {
        let _ = given(known, reading, at);
        let _ = tells_later(known, reading, at);
        let _ = taken_out(reading, at);
        let _ = said_again(known, reading, at);
        let _ = made_of_it(known, reading, at);
        let _ = looked_up(known, reading, at);
        let _ = portrayed(known, reading, at);
        let _ = aided(known, reading, at);
        let _ = each_that_came(reading, at);
        let _ = chat(reading, at);
        let _ = unanswered(reading, at);
    }
}

/// "If I paste a transcript, …": it starts the agent, and is nothing to be tested.
fn given(known: &Knowledge, reading: &mut Reading, at: usize) -> Option<()> {
    let clause = reading.clauses.get_mut(at).filter(|clause| clause.role == Role::Condition)?;
    let frame = clause.frame.as_ref().filter(|frame| !frame.negated && clause.under.is_none())?;
    let lemma = &frame.verb.as_ref()?.lemma;
    let who = frame.subject.as_ref()?;
    let hands = known.is(lemma, Class::Hand) && !matches!(lemma.as_str(), "have" | "want" | "say" | "tell" | "ask");
    let you = frame.recipients.iter().any(|to| to.head == "you");
    let own = matches!(who.head.as_str(), "i" | "we" | "user");
    (own && hands && (you || !matches!(lemma.as_str(), "send" | "write" | "mention"))).then_some(())?;
    frame.objects.first().filter(|phrase| phrase.determiner == Determiner::Some && phrase.services.is_empty())?;
    clause.role = Role::Trigger;
    Some(())
}

/// "Tell me when it is out and mail it to me": told by that mail.
fn tells_later(known: &Knowledge, reading: &mut Reading, at: usize) -> Option<()> {
    let clause = reading.clauses.get(at).filter(|clause| clause.role == Role::Act)?;
    let frame = clause.frame.as_ref()?;
    let lemma = &frame.verb.as_ref()?.lemma;
    let me = |phrase: &Phrase| matches!(phrase.head.as_str(), "me" | "us");
    let bare = frame.objects.iter().all(me) && frame.arguments.is_empty();
    let tells = known.is(lemma, Class::Tell) || lemma == "let";
    let guard = clause.under.filter(|guard| *guard > at)?;
    (tells && bare && frame.recipients.iter().all(me)).then_some(())?;
    let sends = |next: &Clause| {
        let frame = next.frame.as_ref()?;
        let verb = frame.verb.as_ref().filter(|verb| known.is(&verb.lemma, Class::Tell))?;
        let mut to = frame.recipients.iter().chain(frame.arguments.iter().map(|argument| &argument.phrase));
        let way = matches!(verb.lemma.as_str(), "mail" | "email")
            || to.clone().any(|phrase| phrase.services.iter().any(|name| known.channel(name).is_some()))
            || to.clone().any(|phrase| phrase.head == "email" || !phrase.values.is_empty());
        (way && (to.any(me) || frame.objects.iter().any(|phrase| phrase.pronoun))).then_some(())
    };
    let mut later =
        reading.clauses.iter().skip(guard + 1).filter(|next| next.role == Role::Act && next.under == Some(guard));
    later.find_map(sends)?;
    let clause = reading.clauses.get_mut(at)?;
    (clause.role, clause.frame) = (Role::LeadIn, None);
    Some(())
}

pub(super) fn is_text(phrase: &Phrase) -> bool {
    let last = phrase.head.rsplit(' ').next().unwrap_or_default();
    TEXTS.contains(&last) && phrase.services.is_empty() && phrase.values.is_empty()
}

/// What the person hands over in front of `at`.
fn handed_before(reading: &Reading, at: usize) -> Option<&Phrase> {
    let before = at.checked_sub(1).and_then(|before| reading.clauses.get(before))?;
    let frame = before.frame.as_ref()?;
    let lemma = frame.verb.as_ref()?.lemma.as_str();
    let hands = matches!(
        lemma,
        "give" | "paste" | "enter" | "provide" | "upload" | "forward" | "send" | "share" | "hand" | "submit" | "drop"
    );
    let to_you = frame.recipients.iter().any(|to| to.head == "you");
    let mine = frame.subject.as_ref().is_some_and(|who| matches!(who.head.as_str(), "i" | "we" | "user"));
    let given = match before.role {
        Role::Trigger => mine || to_you,
        Role::Act => mine && to_you,
        _ => false,
    };
    frame.objects.first().filter(|phrase| hands && given && phrase.services.is_empty())
}

/// "When I forward you a receipt, get the shop and the total", "take the date from the PDF": they stand in it, and are not
/// looked for elsewhere.
fn taken_out(reading: &mut Reading, at: usize) -> Option<()> {
    let handed = handed_before(reading, at).is_some_and(is_text);
    let frame = reading.clauses.get_mut(at).filter(|clause| clause.role == Role::Act)?.frame.as_mut()?;
    let part = |phrase: &Phrase| {
        let own = matches!(phrase.determiner, Determiner::The | Determiner::None);
        // "get the attachments from the mail"
        let file =
            matches!(phrase.head.rsplit(' ').next(), Some("attachment" | "file" | "image" | "picture" | "photo"));
        own && !file
            && !phrase.pronoun
            && phrase.services.is_empty()
            && phrase.values.is_empty()
            && !phrase.head.is_empty()
    };
    let within = match frame.arguments.as_slice() {
        [] => handed && frame.objects.len() > 1,
        [from] => {
            // The rows of a table are read as they are.
            let table = from.phrase.modifiers.iter().any(|word| matches!(word.as_str(), "csv" | "excel" | "xlsx"))
                || from.phrase.head.starts_with("csv");
            let text = is_text(&from.phrase) && !table;
            matches!(from.preposition.as_str(), "from" | "out of") && text && !frame.objects.is_empty()
        }
        _ => false,
    };
    let parts = within && frame.objects.iter().all(part);
    let verb = frame.verb.as_mut().filter(|verb| parts && verb.particle.is_none())?;
    matches!(verb.lemma.as_str(), "get" | "take" | "find" | "read" | "pull" | "note" | "fetch").then_some(())?;
    "extract".clone_into(&mut verb.lemma);
    Some(())
}

/// "An agent that drafts replies to reviews. I paste the review and get a friendly reply": what it is for, then how it works.
fn said_again(known: &Knowledge, reading: &mut Reading, at: usize) -> Option<()> {
    handed_before(reading, at)?;
    let object = |clause: &Clause| {
        let frame = clause.frame.as_ref().filter(|_| clause.role == Role::Act)?;
        let [only] = frame.objects.as_slice() else { return None };
        Some((frame.verb.as_ref()?.lemma.clone(), only.clone()))
    };
    let (lemma, made) = reading.clauses.get(at).and_then(object)?;
    let gets = matches!(lemma.as_str(), "get" | "receive" | "give" | "write" | "have") && !made.head.is_empty();
    let mut acts = (0..at).filter(|before| reading.clauses.get(*before).is_some_and(|clause| clause.role == Role::Act));
    let first = acts.next().filter(|_| acts.next().is_none() && gets)?;
    let (writes, before) = reading.clauses.get(first).and_then(object)?;
    let same = known.composes(&writes) && before.head == made.head && before.services.is_empty();
    same.then(|| reading.clauses.get_mut(first).map(|clause| clause.role = Role::Title)).flatten()
}

/// "I paste a job ad and get a cover letter": made of the text that was handed over, and looked for nowhere.
fn made_of_it(known: &Knowledge, reading: &mut Reading, at: usize) -> Option<()> {
    handed_before(reading, at).filter(|phrase| is_text(phrase))?;
    let frame = reading.clauses.get_mut(at).filter(|clause| clause.role == Role::Act)?.frame.as_mut()?;
    let made = |phrase: &Phrase| {
        let new = phrase.determiner == Determiner::Some && phrase.services.is_empty() && phrase.values.is_empty();
        new && !known.is_carrier(&phrase.head)
    };
    let gets = frame.subject.as_ref().is_none_or(|who| matches!(who.head.as_str(), "i" | "we"));
    let verb = frame.verb.as_mut().filter(|_| gets && !frame.objects.is_empty() && frame.objects.iter().all(made))?;
    matches!(verb.lemma.as_str(), "get" | "receive" | "have").then_some(())?;
    "write".clone_into(&mut verb.lemma);
    frame.subject = None;
    Some(())
}

/// "I give you a company name and you tell me what they do": looked up first.
fn looked_up(known: &Knowledge, reading: &mut Reading, at: usize) -> Option<()> {
    let thing = handed_before(reading, at)?.clone();
    let mut words = thing.modifiers.iter().map(String::as_str).chain(thing.head.split(' '));
    (words.any(|word| KNOWN.contains(&word)) && !known.is_product(&thing.head)).then_some(())?;
    let clause = reading.clauses.get(at).filter(|clause| clause.role == Role::Act)?.clone();
    let frame = clause.frame.as_ref()?;
    let tells = known.is(&frame.verb.as_ref()?.lemma, Class::Tell);
    let asked = frame.complement.clone().filter(|_| tells)?;
    let first = word(reading, asked.start)?;
    let theirs = asked.clone().filter_map(|at| word(reading, at)).any(|word| THEY.contains(&word));
    (matches!(first, "what" | "who" | "where" | "when" | "how" | "which") && theirs).then_some(())?;
    let start = clause.span.start;
    let verb = Verb { lemma: "research".to_owned(), particle: None, span: start..start };
    let thing = Phrase { span: start..start, determiner: Determiner::The, tail: None, ..thing };
    let look = Frame { verb: Some(verb), objects: vec![thing], ..Frame::default() };
    let mut told = frame.clone();
    "write".clone_into(&mut told.verb.as_mut()?.lemma);
    told.subject = None;
    told.recipients.clear();
    let look = Clause { span: start..start, frame: Some(look), ..clause.clone() };
    splice(reading, at, vec![look, Clause { frame: Some(told), ..clause }]);
    Some(())
}

/// "Compare two products that I name, using reviews from the web": these are searched for first.
fn aided(known: &Knowledge, reading: &mut Reading, at: usize) -> Option<()> {
    let told = |clause: &Clause| matches!(clause.role, Role::Act | Role::Trigger);
    let clause = reading.clauses.get(at).filter(|clause| clause.role == Role::Act)?.clone();
    let frame = clause.frame.as_ref().filter(|frame| frame.subject.is_none() && !frame.negated)?;
    let lemma = &frame.verb.as_ref()?.lemma;
    let thinks = known.is(lemma, Class::Think) && !known.composes(lemma) && !known.is(lemma, Class::Search);
    let aid = |preposition: &str| {
        matches!(preposition, "using" | "with" | "with the help of" | "based on" | "on the basis of" | "by means of")
    };
    let arguments = &frame.arguments;
    let of = arguments.iter().position(|argument| {
        matches!(argument.preposition.as_str(), "from" | "on" | "of" | "found on") && is_web(&argument.phrase)
    })?;
    let help = arguments.get(..of)?.iter().any(|argument| aid(&argument.preposition));
    let thing = frame.objects.first().filter(|thing| {
        !thing.pronoun
            && thing.services.is_empty()
            && thing.values.iter().all(|value| {
                matches!(reading.tokens.get(*value).and_then(|token| token.value()), Some(Value::Number(_)))
            })
            && matches!(thing.determiner, Determiner::Some | Determiner::Count(_) | Determiner::None)
    });
    let thing = thing.filter(|_| thinks && help && !reading.clauses.iter().take(at).any(told))?.clone();
    let start = clause.span.start;
    let verb = Verb { lemma: "research".to_owned(), particle: None, span: start..start };
    let look = Frame { verb: Some(verb), objects: vec![thing], ..Frame::default() };
    let mut judged = frame.clone();
    judged.arguments.remove(of);
    let look = Clause { span: start..start, frame: Some(look), ..clause.clone() };
    splice(reading, at, vec![look, Clause { frame: Some(judged), ..clause }]);
    Some(())
}

/// "Write a profile of a person", "tell me about a city that I name": looked up first, for whoever writes knows nothing of it.
fn portrayed(known: &Knowledge, reading: &mut Reading, at: usize) -> Option<()> {
    const PORTRAITS: [&str; 8] =
        ["profile", "portrait", "brief", "briefing", "dossier", "overview", "backgrounder", "fact sheet"];
    let told = |clause: &Clause| matches!(clause.role, Role::Act | Role::Trigger);
    if reading.clauses.get(..at)?.iter().any(told) {
        return None;
    }
    let clause = reading.clauses.get(at).filter(|clause| clause.role == Role::Act)?.clone();
    let frame = clause.frame.as_ref().filter(|frame| frame.subject.is_none() && !frame.negated)?;
    let lemma = &frame.verb.as_ref()?.lemma;
    let me = |phrase: &Phrase| matches!(phrase.head.as_str(), "me" | "us");
    let text = frame.objects.iter().any(|phrase| PORTRAITS.contains(&phrase.head.as_str()));
    let writes = text && (known.composes(lemma) || lemma == "give");
    let tells = lemma == "tell" && frame.objects.is_empty() && frame.recipients.iter().all(me);
    let about = frame.arguments.iter().find(|argument| {
        let phrase = &argument.phrase;
        let last = phrase.head.rsplit(' ').next().unwrap_or_default();
        matches!(argument.preposition.as_str(), "of" | "about" | "on" | "for")
            && KNOWN.contains(&last)
            && phrase.determiner == Determiner::Some
            && phrase.services.is_empty()
            && phrase.values.is_empty()
    });
    // "and the weather there", "from our Airtable base": it is read elsewhere.
    let named = |phrase: &Phrase| !phrase.services.is_empty();
    let more = frame.arguments.iter().filter(|of| matches!(of.preposition.as_str(), "of" | "about" | "on")).count() > 1;
    let read = frame.objects.iter().chain(frame.arguments.iter().map(|of| &of.phrase)).any(named);
    let thing = about.filter(|_| (writes || tells) && !more && !read)?.phrase.clone();
    let start = clause.span.start;
    let verb = Verb { lemma: "research".to_owned(), particle: None, span: start..start };
    let look = Frame { verb: Some(verb), objects: vec![thing], ..Frame::default() };
    let mut told = frame.clone();
    if let Some(verb) = told.verb.as_mut().filter(|_| tells) {
        "write".clone_into(&mut verb.lemma);
        verb.span.end = told.recipients.last().map_or(verb.span.end, |me| me.span.end);
        told.recipients.clear();
    }
    let look = Clause { span: start..start, frame: Some(look), ..clause.clone() };
    splice(reading, at, vec![look, Clause { frame: Some(told), ..clause }]);
    Some(())
}

/// "Thank the customer if the total is over 100, and log every order": every one that comes, whatever its total is.
fn each_that_came(reading: &mut Reading, at: usize) -> Option<()> {
    let clause = reading.clauses.get(at).filter(|clause| clause.role == Role::Act)?;
    let guard = reading.clauses.get(clause.under?)?;
    matches!(guard.role, Role::Condition | Role::Otherwise(_)).then_some(())?;
    let mut outer = guard.under?;
    if let Role::Otherwise(of) = guard.role {
        outer = reading.clauses.get(of)?.under?;
    }
    let event = reading.clauses.get(outer).filter(|event| event.role == Role::Trigger)?.frame.as_ref()?;
    let object = clause.frame.as_ref()?.objects.first()?;
    matches!(object.determiner, Determiner::Each | Determiner::All).then_some(())?;
    let mut came = event.subject.iter().chain(&event.objects);
    came.any(|phrase| phrase.head == object.head).then_some(())?;
    reading.clauses.get_mut(at)?.under = Some(outer);
    Some(())
}

/// "…, chat 4711": the chat of what is said before, and nothing to do.
fn chat(reading: &mut Reading, at: usize) -> Option<()> {
    let clause = reading.clauses.get(at).filter(|clause| clause.role == Role::Act)?;
    let frame = clause.frame.as_ref()?;
    let words: Vec<&str> = clause.span.clone().filter_map(|at| word(reading, at)).collect();
    let number = frame.objects.iter().chain(frame.arguments.iter().map(|argument| &argument.phrase));
    let values = number.flat_map(|phrase| &phrase.values).count();
    (matches!(words.as_slice(), ["chat"] | ["and", "chat"] | ["chat", "id"]) && values == 1).then_some(())?;
    let end = clause.span.end;
    let before = at.checked_sub(1).and_then(|before| reading.clauses.get_mut(before))?;
    before.span.end = end;
    remove(reading, at);
    Some(())
}

/// "when it has no answer", "if it doesn't know": a look at what the bot answered, and no event.
fn unanswered(reading: &mut Reading, at: usize) -> Option<()> {
    let clause = reading.clauses.get(at).filter(|clause| clause.role == Role::Trigger)?;
    let frame = clause.frame.as_ref()?;
    let it = frame.subject.as_ref().is_some_and(|subject| matches!(subject.head.as_str(), "it" | "bot"));
    let lacks = |phrase: &Phrase| phrase.head == "answer" && phrase.determiner == Determiner::No;
    let lemma = frame.verb.as_ref()?.lemma.as_str();
    let none = matches!(lemma, "have" | "find") && frame.objects.iter().any(lacks);
    let unable = matches!(lemma, "answer" | "know" | "help") && frame.negated;
    let answers = |before: &Clause| {
        before.frame.as_ref().and_then(|frame| frame.verb.as_ref()).is_some_and(|verb| verb.lemma == "answer")
    };
    (it && (none || unable) && reading.clauses.get(..at)?.iter().any(answers)).then_some(())?;
    let mut acts = reading.clauses.iter().enumerate().filter(|(_, act)| act.under == Some(at));
    acts.next()?;
    reading.clauses.get_mut(at)?.role = Role::Condition;
    Some(())
}
