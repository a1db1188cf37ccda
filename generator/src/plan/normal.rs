//! Brings the forms of one and the same act together: passive, "a message goes to …", "our channel gets a message".

use super::know::Knowledge;
use crate::reading::{Argument, Determiner, Frame, Phrase, Reading, Role};

/// What moves is what is sent: "new results go to #leads".
const MOTION: [&str; 9] = ["go", "land", "come", "appear", "arrive", "show", "end", "flow", "be"];
const GETS: [&str; 4] = ["get", "receive", "hear", "see"];

pub(super) fn normalise(known: &Knowledge, reading: &mut Reading) {
    for clause in &mut reading.clauses {
        if clause.role != Role::Act {
            continue;
        }
        let Some(frame) = &mut clause.frame else { continue };
        let lemma = frame.verb.as_ref().map(|verb| verb.lemma.clone()).unwrap_or_default();
        if frame.objects.is_empty() && (frame.passive || MOTION.contains(&lemma.as_str())) {
            let moves = frame.subject.as_ref().is_some_and(|subject| !subject.pronoun && !known.is_person(&subject.head));
            if moves {
                frame.objects.extend(frame.subject.take());
            }
        }
        gets(known, frame, &lemma);
        contains(known, frame);
    }
}

/// "The mail should tell me the price": a mail with the price in it.
fn contains(known: &Knowledge, frame: &mut Frame) {
    let lemma = frame.verb.as_ref().map(|verb| verb.lemma.clone()).unwrap_or_default();
    let says = matches!(lemma.as_str(), "tell" | "contain" | "say" | "include" | "show" | "have" | "list" | "give" | "name");
    let Some(subject) = frame.subject.clone().filter(|subject| says && known.is_carrier(&subject.head)) else { return };
    if let Some(verb) = &mut frame.verb {
        verb.lemma = "send".to_owned();
    }
    frame.subject = None;
    frame.arguments.push(Argument { preposition: "by".to_owned(), phrase: subject });
}

/// "our Slack channel gets a message", "I get a mail", "the team hears of it": the one who gets it is told it.
fn gets(known: &Knowledge, frame: &mut Frame, lemma: &str) {
    if !GETS.contains(&lemma) {
        return;
    }
    let carried = frame.objects.iter().any(|phrase| known.is_carrier(&phrase.head) && !phrase.plural);
    let Some(subject) = frame.subject.clone() else {
        // "How do I get a mail for every form": the person is told.
        if carried && lemma != "see" && frame.recipients.is_empty() && frame.objects.iter().any(|phrase| phrase.determiner == Determiner::Some) {
            if let Some(verb) = &mut frame.verb {
                verb.lemma = "send".to_owned();
            }
            frame.recipients.push(Phrase { head: "me".to_owned(), pronoun: true, ..Phrase::default() });
        }
        return;
    };
    let over = frame.arguments.iter().any(|argument| argument.phrase.services.iter().any(|service| known.channel(service).is_some()));
    let channel = subject.services.iter().any(|service| known.channel(service).is_some());
    let person = known.is_person(&subject.head) || matches!(subject.head.as_str(), "i" | "we");
    if over && (person || subject.pronoun) {
        if let Some(verb) = &mut frame.verb {
            verb.lemma = "send".to_owned();
        }
        for argument in &mut frame.arguments {
            if argument.preposition == "as" {
                argument.preposition = "by".to_owned();
            }
        }
        frame.subject = None;
        return;
    }
    if !(carried && (channel || person)) && !(person && lemma == "hear") {
        return;
    }
    if let Some(verb) = &mut frame.verb {
        verb.lemma = "send".to_owned();
        verb.particle = None;
    }
    frame.subject = None;
    if channel {
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
