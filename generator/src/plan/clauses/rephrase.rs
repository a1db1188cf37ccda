//! Frames that say the same in other words: what is done, with what, from what.

use std::collections::HashSet;

use super::act::is_web;
use crate::{
    knowledge::{Class, Knowledge},
    reading::{Argument, Determiner, Frame, Kind, Phrase, Token, Value, Verb, schedule::WEEKDAYS},
};

/// "the notes are turned into a post": into which, not what.
pub(in crate::plan) fn turned(frame: &mut Frame, lemma: &str) {
    let Some(verb) = frame.verb.as_mut().filter(|verb| verb.particle.as_deref() == Some("into")) else { return };
    if frame.passive && matches!(lemma, "turn" | "convert" | "make" | "transform") {
        verb.particle = None;
        let into = frame.objects.drain(..).map(|phrase| Argument { preposition: "into".to_owned(), phrase });
        frame.arguments.extend(into);
    }
}

/// "starred mails become tasks": tasks are made from them.
pub(in crate::plan) fn became(frame: &mut Frame, lemma: &str) {
    let things = !frame.objects.is_empty() && frame.subject.as_ref().is_some_and(|subject| !subject.head.is_empty());
    let Some(verb) = frame.verb.as_mut().filter(|_| things && lemma == "become") else { return };
    "create".clone_into(&mut verb.lemma);
    let from = frame.subject.take().filter(|subject| !subject.pronoun);
    frame.arguments.splice(0..0, from.map(|phrase| Argument { preposition: "from".to_owned(), phrase }));
}

/// "Grade, subject and length are asked": the first of them is one of them.
pub(in crate::plan) fn listed(frame: &mut Frame) {
    let ahead = |verb: &Verb, object: &Phrase| object.span.end <= verb.span.start;
    let all = frame.verb.as_ref().is_some_and(|verb| frame.objects.iter().all(|object| ahead(verb, object)));
    if frame.passive && all && !frame.objects.is_empty() {
        let first = frame.subject.take_if(|subject| !subject.pronoun);
        frame.objects.splice(0..0, first);
    }
}

/// "save it as a Gmail draft": as a draft, in Gmail.
pub(in crate::plan) fn drafted(frame: &mut Frame) {
    let draft = |argument: &&mut Argument| argument.preposition == "as" && argument.phrase.head.ends_with("draft");
    let Some(draft) = frame.arguments.iter_mut().find(draft) else { return };
    let services = std::mem::take(&mut draft.phrase.services);
    if !services.is_empty() {
        let phrase = Phrase { span: draft.phrase.span.clone(), services, ..Phrase::default() };
        frame.arguments.push(Argument { preposition: "in".to_owned(), phrase });
    }
}

/// What takes a few words to say.
const FACTS: [&str; 27] = [
    "amount", "total", "sum", "price", "cost", "budget", "quantity", "number", "id", "code", "date", "deadline",
    "time", "name", "address", "phone", "sender", "subject", "title", "position", "role", "company", "country", "city",
    "status", "priority", "link",
];

/// "forward their amount and due date": what is said of them goes out, and not the mails. An invoice goes with its mail.
pub(in crate::plan) fn forwarded(frame: &mut Frame) {
    let Some(verb) = frame.verb.as_mut().filter(|verb| verb.lemma == "forward" && verb.particle.is_none()) else {
        return;
    };
    let first = frame.objects.first().is_some_and(|phrase| phrase.determiner == Determiner::Theirs);
    let fact = |phrase: &Phrase| phrase.head.rsplit(' ').next().is_some_and(|last| FACTS.contains(&last));
    if first && frame.objects.iter().all(fact) {
        "send".clone_into(&mut verb.lemma);
    }
}

/// "leave the summary in Notion", "leave it on Slack": it is put there.
pub(in crate::plan) fn left(known: &Knowledge, frame: &mut Frame) {
    let Some(verb) = frame.verb.as_mut().filter(|verb| verb.lemma == "leave" && verb.particle.is_none()) else {
        return;
    };
    let made =
        |phrase: &Phrase| phrase.pronoun || phrase.determiner == Determiner::The && known.is_product(&phrase.head);
    let place = |argument: &Argument| {
        matches!(argument.preposition.as_str(), "in" | "on") && !argument.phrase.services.is_empty()
    };
    let things = !frame.objects.is_empty() && frame.objects.iter().all(made);
    if things && !frame.negated && frame.arguments.iter().any(place) {
        "put".clone_into(&mut verb.lemma);
    }
}

/// "order them by priority", "order the tasks by date": nobody buys what is there. `heard`: what the goal spoke of before.
pub(in crate::plan) fn ordered(tokens: &[Token], heard: &HashSet<String>, frame: &mut Frame) {
    // "order paper by Thursday": until when, and not in which order.
    let time = |phrase: &Phrase| {
        let value = |at: &usize| tokens.get(*at).is_some_and(|token| !matches!(token.value(), Some(Value::Quoted(_))));
        let day = matches!(phrase.head.as_str(), "today" | "tonight" | "tomorrow" | "noon" | "midnight" | "end");
        let which = |word: &String| matches!(word.as_str(), "next" | "coming" | "following");
        day || WEEKDAYS.contains(&phrase.head.as_str())
            || phrase.values.iter().any(value)
            || phrase.modifiers.iter().any(which)
    };
    let Some(verb) = frame.verb.as_mut().filter(|verb| verb.lemma == "order" && verb.particle.is_none()) else {
        return;
    };
    let by = |argument: &Argument| {
        argument.preposition == "by" && argument.phrase.services.is_empty() && !time(&argument.phrase)
    };
    let way = |argument: &Argument| matches!(argument.phrase.head.as_str(), "email" | "phone" | "post" | "mail");
    let there = |phrase: &Phrase| phrase.pronoun || !phrase.services.is_empty() || heard.contains(&phrase.head);
    let there = !frame.objects.is_empty() && frame.objects.iter().all(there);
    if there && frame.arguments.iter().any(|argument| by(argument) && !way(argument)) {
        "sort".clone_into(&mut verb.lemma);
    }
}

/// "type in a topic": the topic is entered.
pub(in crate::plan) fn typed(frame: &mut Frame) {
    let typed = |verb: &&mut Verb| verb.lemma == "type" && frame.objects.is_empty();
    let Some(verb) = frame.verb.as_mut().filter(typed) else { return };
    let what =
        frame.arguments.iter().position(|argument| argument.preposition == "in" && argument.phrase.services.is_empty());
    if let Some(what) = what {
        "enter".clone_into(&mut verb.lemma);
        verb.particle = None;
        frame.objects.push(frame.arguments.remove(what).phrase);
    }
}

/// "it comes up with a script": it is written.
pub(in crate::plan) fn conceived(frame: &mut Frame) {
    let Some(verb) = frame.verb.as_mut().filter(|verb| verb.lemma == "come") else { return };
    let with = frame.arguments.iter().position(|argument| argument.preposition == "with");
    let (Some("up"), Some(with), true) = (verb.particle.as_deref(), with, frame.objects.is_empty()) else { return };
    "write".clone_into(&mut verb.lemma);
    verb.particle = None;
    let script = frame.arguments.remove(with).phrase;
    verb.span.end = verb.span.end.max(script.span.start);
    frame.objects.push(script);
    frame.subject = None;
}

/// "Give me feedback on my resume": the resume is reviewed.
pub(in crate::plan) fn commented(frame: &mut Frame) {
    let about = |argument: &Argument| matches!(argument.preposition.as_str(), "on" | "about" | "for" | "regarding");
    let Some(verb) = frame.verb.as_mut().filter(|verb| {
        matches!(verb.lemma.as_str(), "give" | "provide" | "offer" | "get" | "share") && verb.particle.is_none()
    }) else {
        return;
    };
    let [said] = frame.objects.as_slice() else { return };
    let judges =
        matches!(said.head.as_str(), "feedback" | "advice" | "criticism" | "critique" | "suggestion" | "pointer");
    let Some(at) = frame.arguments.iter().position(about).filter(|_| judges && frame.subject.is_none()) else { return };
    if frame.arguments.iter().any(|argument| !argument.phrase.services.is_empty()) {
        return;
    }
    "review".clone_into(&mut verb.lemma);
    let reviewed = frame.arguments.remove(at).phrase;
    verb.span.end = verb.span.end.max(reviewed.span.start);
    frame.objects = vec![reviewed];
    frame.recipients.clear();
}

/// "Ask GPT-4 for a joke": it is written.
pub(in crate::plan) fn asked(known: &Knowledge, frame: &mut Frame) {
    let model = |phrase: &Phrase| {
        phrase.services.iter().any(|service| known.is_kind(service, Kind::Model))
            || matches!(phrase.head.as_str(), "ai" | "llm" | "model" | "language model" | "ai model")
    };
    let Some(verb) = frame.verb.as_mut().filter(|verb| verb.lemma == "ask") else { return };
    if !frame.objects.iter().chain(&frame.recipients).any(model) {
        return;
    }
    if verb.particle.as_deref() != Some("for") {
        let Some(wanted) = frame.arguments.iter().position(|argument| argument.preposition == "for") else { return };
        frame.objects = vec![frame.arguments.remove(wanted).phrase];
    }
    let Some(wanted) = frame.objects.first() else { return };
    "write".clone_into(&mut verb.lemma);
    verb.particle = None;
    verb.span.end = verb.span.end.max(wanted.span.start);
    frame.recipients.clear();
}

/// "Turn the answers in my sheet into a list": they come from there.
pub(in crate::plan) fn recast(frame: &mut Frame) {
    let recasts = |verb: &Verb| matches!(verb.lemma.as_str(), "turn" | "convert" | "transform");
    let into =
        frame.arguments.iter().find(|argument| argument.preposition == "into").map(|into| into.phrase.span.start);
    let Some(into) = into.filter(|_| frame.verb.as_ref().is_some_and(recasts)) else { return };
    for argument in frame.arguments.iter_mut().filter(|argument| argument.phrase.span.end <= into) {
        if matches!(argument.preposition.as_str(), "in" | "on") && !argument.phrase.services.is_empty() {
            "from".clone_into(&mut argument.preposition);
        }
    }
}

/// "Turn a YouTube video into a transcript": it has one.
pub(in crate::plan) fn transcribed(frame: &mut Frame) {
    let film = |phrase: &Phrase| phrase.services.iter().any(|service| service == "YouTube");
    let text = |argument: &Argument| {
        argument.preposition != "from" && matches!(argument.phrase.head.as_str(), "transcript" | "transcription")
    };
    let Some(verb) = frame.verb.as_mut().filter(|verb| matches!(verb.lemma.as_str(), "turn" | "convert" | "transform"))
    else {
        return;
    };
    if let Some(into) = frame.arguments.iter().position(text).filter(|_| frame.objects.iter().any(film)) {
        "transcribe".clone_into(&mut verb.lemma);
        frame.arguments.remove(into);
    }
}

/// "Look for jobs on the web", "find jobs on the web": the web is searched for them.
pub(in crate::plan) fn looked(frame: &mut Frame) {
    let web = |argument: &Argument| {
        matches!(argument.preposition.as_str(), "on" | "in" | "across") && is_web(&argument.phrase)
    };
    let Some(verb) = frame.verb.as_mut() else { return };
    let looks = match verb.lemma.as_str() {
        "look" | "hunt" => verb.particle.as_deref() == Some("for"),
        "find" => frame.objects.iter().all(|phrase| !phrase.pronoun && phrase.values.is_empty()),
        _ => false,
    };
    let wanted = looks && !frame.objects.is_empty();
    let Some(place) = frame.arguments.iter().position(web).filter(|_| wanted) else { return };
    "search".clone_into(&mut verb.lemma);
    verb.particle = None;
    let web = frame.arguments.remove(place).phrase;
    let wanted = std::mem::replace(&mut frame.objects, vec![web]);
    let wanted = wanted.into_iter().map(|phrase| Argument { preposition: "for".to_owned(), phrase });
    frame.arguments.splice(0..0, wanted);
}

/// "Track mentions of the brand on Reddit": Reddit is searched for them.
pub(in crate::plan) fn mentioned(known: &Knowledge, frame: &mut Frame) {
    let Some(verb) = frame.verb.as_mut().filter(|verb| known.is(&verb.lemma, Class::Fetch)) else { return };
    let arguments = frame.arguments.iter().map(|argument| &argument.phrase);
    let mention = frame.objects.iter().chain(arguments).find(|phrase| phrase.head == "mention").cloned();
    let of = frame.arguments.iter().position(|argument| matches!(argument.preposition.as_str(), "of" | "about"));
    let (Some(mention), Some(of)) = (mention, of) else { return };
    let bare = |phrase: &Phrase| !phrase.services.is_empty() && phrase.values.is_empty() && phrase.head.is_empty();
    let place = |argument: &Argument| {
        matches!(argument.preposition.as_str(), "on" | "in" | "across" | "from" | "at") && bare(&argument.phrase)
    };
    let said = frame.arguments.iter().filter(|argument| place(argument)).map(|argument| &argument.phrase);
    let mut places: Vec<Phrase> = said.chain(frame.objects.iter().filter(|phrase| bare(phrase))).cloned().collect();
    if places.is_empty() {
        return;
    }
    if matches!(verb.lemma.as_str(), "track" | "monitor" | "watch" | "follow") {
        places.iter_mut().for_each(|place| place.modifiers.push("new".to_owned()));
    }
    "search".clone_into(&mut verb.lemma);
    verb.particle = None;
    let topic = frame.arguments.remove(of).phrase;
    frame.arguments.retain(|argument| !place(argument) && argument.phrase.span != mention.span);
    let about = Phrase { span: mention.span.start..topic.span.end, values: topic.values, ..mention };
    frame.arguments.insert(0, Argument { preposition: "for".to_owned(), phrase: about });
    frame.objects = places;
}

/// "Remind its author with a comment": it is commented on.
pub(in crate::plan) fn told_in_comment(known: &Knowledge, frame: &mut Frame) {
    let comment = |argument: &Argument| {
        let phrase = &argument.phrase;
        let new = matches!(phrase.determiner, Determiner::Some | Determiner::None) && phrase.services.is_empty();
        matches!(argument.preposition.as_str(), "with" | "in" | "by" | "via" | "through")
            && new
            && matches!(phrase.head.as_str(), "comment" | "review comment")
    };
    let Some(verb) = frame.verb.as_mut().filter(|verb| known.is(&verb.lemma, Class::Tell)) else { return };
    let told = !frame.passive && frame.subject.is_none() && frame.objects.is_empty() && !frame.recipients.is_empty();
    let Some(at) = frame.arguments.iter().position(comment).filter(|_| told) else { return };
    frame.arguments.remove(at);
    "comment".clone_into(&mut verb.lemma);
    frame.recipients.clear();
}

/// "Post it as a comment on the issue": the issue is commented on.
pub(in crate::plan) fn posted_as_comment(known: &Knowledge, frame: &mut Frame) {
    let shape = |argument: &Argument| {
        argument.preposition == "as" && argument.phrase.head == "comment" && argument.phrase.services.is_empty()
    };
    let Some(verb) = frame.verb.as_mut().filter(|verb| known.is(&verb.lemma, Class::Tell)) else { return };
    let it = matches!(frame.objects.as_slice(), [only] if only.pronoun);
    let on =
        frame.arguments.iter().any(|argument| matches!(argument.preposition.as_str(), "on" | "to" | "under" | "in"));
    let Some(at) = frame.arguments.iter().position(shape).filter(|_| it && on && !frame.passive) else { return };
    frame.arguments.remove(at);
    "comment".clone_into(&mut verb.lemma);
}

/// "the top post of r/programming": read there.
pub(in crate::plan) fn of_subreddit(tokens: &[Token], frame: &mut Frame) {
    let posts = |phrase: &Phrase| {
        matches!(
            phrase.head.rsplit(' ').next(),
            Some("post" | "thread" | "discussion" | "story" | "question" | "submission")
        )
    };
    if !frame.objects.iter().any(posts) {
        return;
    }
    let room = |at: &usize| matches!(tokens.get(*at).and_then(Token::value), Some(Value::Subreddit(_)));
    for argument in &mut frame.arguments {
        if argument.preposition == "of" && argument.phrase.values.iter().any(room) {
            "from".clone_into(&mut argument.preposition);
        }
    }
}

/// "Transcribe a YouTube interview": a video, whatever it shows.
pub(in crate::plan) fn filmed(known: &Knowledge, frame: &mut Frame) {
    const FILMS: [&str; 11] = [
        "interview",
        "talk",
        "lecture",
        "podcast",
        "episode",
        "tutorial",
        "speech",
        "keynote",
        "webinar",
        "clip",
        "recording",
    ];
    // "write a YouTube tutorial": that is to be made.
    if frame.verb.as_ref().is_none_or(|verb| known.composes(&verb.lemma) && frame.arguments.is_empty()) {
        return;
    }
    let made = frame.verb.as_ref().is_some_and(|verb| known.composes(&verb.lemma));
    let arguments = frame.arguments.iter_mut().map(|argument| &mut argument.phrase);
    for phrase in frame.objects.iter_mut().filter(|_| !made).chain(arguments) {
        let film = phrase.services.iter().any(|service| service == "YouTube") && !phrase.plural;
        if film && FILMS.contains(&phrase.head.as_str()) {
            "video".clone_into(&mut phrase.head);
        }
    }
}
