//! Words that only one service has: "our subreddit", "a tag of acme/web".

use crate::{
    knowledge::{Class, Knowledge},
    reading::{Phrase, Reading, Role, Token, Value},
};

pub(in crate::plan) fn settle(known: &Knowledge, reading: &mut Reading) {
    let tokens = &reading.tokens;
    let repository = |at: &usize| matches!(tokens.get(*at).and_then(Token::value), Some(Value::Repository(_)));
    let mut hub = false;
    for clause in &mut reading.clauses {
        let role = clause.role;
        let Some(frame) = clause.frame.as_mut() else { continue };
        let lemma = frame.verb.as_ref().map(|verb| verb.lemma.clone()).unwrap_or_default();
        let posts = role == Role::Act && known.is(&lemma, Class::Tell);
        for argument in frame.arguments.iter_mut().filter(|_| posts) {
            let to = matches!(argument.preposition.as_str(), "to" | "in" | "into" | "on");
            let phrase = &mut argument.phrase;
            if to && phrase.head == "subreddit" && phrase.services.is_empty() && phrase.values.is_empty() {
                phrase.services.push("Reddit".to_owned());
                "to".clone_into(&mut argument.preposition);
            }
        }
        let arguments = frame.arguments.iter().map(|argument| &argument.phrase);
        let mut all = frame.objects.iter().chain(arguments).chain(&frame.subject);
        hub |= all
            .any(|phrase| phrase.services.iter().any(|name| name == "GitHub") || phrase.values.iter().any(repository));
        if !hub || !matches!(role, Role::Act | Role::Trigger | Role::Condition) {
            continue;
        }
        let arguments = frame.arguments.iter_mut().map(|argument| &mut argument.phrase);
        for phrase in frame.objects.iter_mut().chain(arguments).chain(&mut frame.subject) {
            in_git(phrase, &lemma);
        }
    }
}

/// "a tag", "the branches": those of the repository.
fn in_git(phrase: &mut Phrase, lemma: &str) {
    let makes = matches!(lemma, "add" | "label" | "set" | "give");
    if !makes && matches!(phrase.head.as_str(), "tag" | "branch") {
        phrase.head = format!("git {}", phrase.head);
    }
}
