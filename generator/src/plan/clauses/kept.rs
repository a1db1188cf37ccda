//! "Write a report in Notion", "write a mail for each and save it as a draft": what is written is kept, and where.

use super::{
    act::names,
    recut::{splice, word},
};
use crate::{
    knowledge::{Class, Knowledge},
    reading::{Argument, Clause, Determiner, Frame, Phrase, Reading, Role, Verb},
};

pub(in crate::plan) fn settle(known: &Knowledge, reading: &mut Reading) {
    let mut at = 0;
    while at < reading.clauses.len() {
        let _ = drafted(known, reading, at);
        let _ = prepared(known, reading, at);
        at += placed(known, reading, at).unwrap_or(1);
    }
}

/// A text that is made in a place: it is made first, and then put there. Nothing is read there.
fn placed(known: &Knowledge, reading: &mut Reading, at: usize) -> Option<usize> {
    let clause = reading.clauses.get(at).filter(|clause| clause.role == Role::Act)?.clone();
    let frame = clause.frame.clone().filter(|frame| !frame.passive && !frame.negated && frame.subject.is_none())?;
    let verb = &frame.verb.as_ref()?.lemma;
    let makes = known.composes(verb) || matches!(verb.as_str(), "make" | "create" | "produce" | "prepare" | "build");
    let [text] = frame.objects.as_slice() else { return None };
    let new = matches!(text.determiner, Determiner::Some | Determiner::None | Determiner::Each);
    let bare = text.services.is_empty() && text.values.is_empty() && text.tail.is_none() && !text.pronoun;
    if !(makes && new && bare) {
        return None;
    }
    let place = frame.arguments.iter().position(|argument| {
        // "an article on Notion" is about it, "on a new Notion page" is there.
        let there = argument.preposition == "on" && argument.phrase.determiner == Determiner::Some;
        let inside = there || matches!(argument.preposition.as_str(), "in" | "into" | "to" | "inside");
        inside && argument.phrase.services.iter().any(|service| keeps(known, service, text))
    })?;
    // "a summary of our tasks in Notion": those are read there.
    let start = frame.arguments.get(place)?.phrase.span.start;
    let fixed = frame.arguments.get(place)?.phrase.determiner == Determiner::Some;
    let between = frame.arguments.iter().filter(|other| other.phrase.span.start < start);
    // "as a draft in Notion": the draft is there.
    let draft = between.clone().next_back().is_some_and(|last| is_draft(&last.phrase));
    if !(fixed || draft || between.clone().all(|other| other.phrase.pronoun)) {
        return None;
    }
    let mut arguments = frame.arguments.clone();
    let Argument { preposition, phrase: place } = arguments.remove(place);
    let last = place.span.end + 1 >= clause.span.end
        || arguments.iter().all(|other| other.phrase.span.end <= start) && frame.complement.is_none();
    // "in just one Notion page": it need not stand right before the place.
    let behind = |at: &usize| word(reading, *at).is_some_and(|word| preposition.split(' ').next() == Some(word));
    let cut = if last { (clause.span.start..start).rev().find(behind)? } else { clause.span.end };
    let it = if text.plural { "them" } else { "it" };
    let it = Phrase { span: cut..cut, head: it.to_owned(), pronoun: true, plural: text.plural, ..Phrase::default() };
    let keep = Frame {
        verb: Some(Verb { lemma: "save".to_owned(), particle: None, span: cut..cut }),
        objects: vec![it],
        arguments: vec![Argument { preposition: "to".to_owned(), phrase: place }],
        ..Frame::default()
    };
    let write = Frame { arguments, ..frame };
    let all = vec![
        Clause { span: clause.span.start..cut, frame: Some(write), ..clause.clone() },
        Clause { span: cut..clause.span.end, frame: Some(keep), ..clause },
    ];
    splice(reading, at, all);
    Some(2)
}

/// Whether a service has a place for texts, and no thing of its own that is called so.
fn keeps(known: &Knowledge, service: &str, text: &Phrase) -> bool {
    let catalogue = &known.catalogue;
    let own = || catalogue.blocks_of(service).iter().filter_map(|at| catalogue.blocks().get(*at));
    let stores = |block: &&crate::catalogue::Block| {
        !block.trigger && [Class::Store, Class::Make].iter().any(|class| known.serves(block, *class))
    };
    let called = names(text);
    let theirs = own().any(|block| called.iter().any(|name| known.meaning(block).objects.contains(name)));
    let written = called.iter().any(|name| known.is_product(name) || known.is_writable(name));
    written && !theirs && known.channel(service).is_none() && own().any(|block| stores(&block))
}

/// "Write a mail for each and save as Gmail drafts", "leave it in my drafts": one act, which makes drafts. Nothing is sent.
fn drafted(known: &Knowledge, reading: &mut Reading, at: usize) -> Option<()> {
    let kept = reading.clauses.get(at).filter(|clause| clause.role == Role::Act)?;
    let frame = kept.frame.as_ref().filter(|frame| !frame.negated && as_draft(known, frame))?;
    let own = |service: &&String| *service != "Gmail";
    let arguments = frame.arguments.iter().map(|argument| &argument.phrase);
    if arguments.chain(&frame.objects).flat_map(|phrase| &phrase.services).any(|service| own(&service)) {
        return None;
    }
    let before = at.checked_sub(1)?;
    let written = reading.clauses.get(before).filter(|before| before.role == Role::Act)?;
    let write = written.frame.as_ref().filter(|frame| !frame.negated && !frame.passive)?;
    let composes = known.composes(&write.verb.as_ref()?.lemma);
    let [letter] = write.objects.as_slice() else { return None };
    if !(composes && is_letter(known, letter) && letter.services.iter().all(|service| service == "Gmail")) {
        return None;
    }
    // An answer to an issue is no mail: no mailbox has a place for it.
    let phrases = |frame: &Frame| -> Vec<Phrase> {
        let arguments = frame.arguments.iter().map(|argument| &argument.phrase);
        frame.objects.iter().chain(arguments).chain(&frame.subject).cloned().collect()
    };
    let mails = |frame: &Frame| {
        frame.verb.as_ref().is_some_and(|verb| matches!(verb.lemma.as_str(), "email" | "mail"))
            || phrases(frame).iter().any(|phrase| is_mail(known, phrase))
    };
    let heard = reading.clauses.iter().take(at).filter_map(|clause| clause.frame.as_ref()).any(mails);
    if is_answer(letter) && !heard && !mails(frame) {
        // "leave it as a draft": what is written goes nowhere.
        let stays = matches!(frame.verb.as_ref()?.lemma.as_str(), "leave" | "keep");
        reading.clauses.get_mut(at).filter(|_| stays)?.role = Role::LeadIn;
        return None;
    }
    let end = kept.span.end;
    let place = Phrase {
        span: end..end,
        head: "draft".to_owned(),
        determiner: Determiner::Some,
        services: vec!["Gmail".to_owned()],
        ..Phrase::default()
    };
    reading.clauses.get_mut(at)?.role = Role::LeadIn;
    let frame = reading.clauses.get_mut(before)?.frame.as_mut()?;
    frame.arguments.push(Argument { preposition: "as".to_owned(), phrase: place });
    Some(())
}

/// "Prepare the newsletter as a draft": it is written, for nobody has it yet, and kept where the goal says.
fn prepared(known: &Knowledge, reading: &mut Reading, at: usize) -> Option<()> {
    let clause = reading.clauses.get(at).filter(|clause| clause.role == Role::Act)?;
    let frame = clause.frame.as_ref()?;
    let verb = frame.verb.as_ref()?.lemma.as_str();
    let makes = matches!(verb, "prepare" | "create" | "make" | "build" | "produce" | "put") || known.composes(verb);
    let as_draft = frame.arguments.iter().any(|argument| argument.preposition == "as" && is_draft(&argument.phrase));
    let [letter] = frame.objects.as_slice() else { return None };
    if !(makes && as_draft) {
        return None;
    }
    let heard = |frame: &Frame| frame.objects.iter().any(|phrase| phrase.head == letter.head);
    let there = reading.clauses.iter().take(at).filter_map(|clause| clause.frame.as_ref()).any(heard);
    let new = matches!(letter.determiner, Determiner::The | Determiner::Mine | Determiner::None);
    let kept = |service: &String| service == "Gmail" || keeps(known, service, letter);
    let kept = frame.arguments.iter().flat_map(|argument| &argument.phrase.services).all(kept);
    if !(new && !there && kept && is_letter(known, letter)) {
        return None;
    }
    let frame = reading.clauses.get_mut(at)?.frame.as_mut()?;
    frame.objects.first_mut()?.determiner = Determiner::Some;
    "write".clone_into(&mut frame.verb.as_mut()?.lemma);
    Some(())
}

/// "Save as Gmail drafts", "leave them in my drafts".
fn as_draft(known: &Knowledge, frame: &Frame) -> bool {
    let verb = frame.verb.as_ref().map_or("", |verb| verb.lemma.as_str());
    let kept = frame.arguments.iter().any(|argument| {
        matches!(argument.preposition.as_str(), "as" | "in" | "to" | "into") && is_draft(&argument.phrase)
    });
    let puts = matches!(verb, "save" | "keep" | "store" | "leave" | "put" | "create" | "add" | "file" | "place");
    puts && kept && frame.objects.iter().all(|phrase| phrase.pronoun || is_letter(known, phrase))
}

fn is_draft(phrase: &Phrase) -> bool {
    phrase.head.rsplit(' ').next().is_some_and(|last| matches!(last, "draft" | "drafts"))
}

/// What somebody could get by mail.
fn is_letter(known: &Knowledge, phrase: &Phrase) -> bool {
    let last = phrase.head.rsplit(' ').next().unwrap_or_default();
    known.is_carrier(last) || is_answer(phrase) || matches!(last, "newsletter" | "letter" | "invitation")
}

fn is_answer(phrase: &Phrase) -> bool {
    matches!(phrase.head.rsplit(' ').next(), Some("reply" | "answer" | "response"))
}

/// A mail, or where mails are.
fn is_mail(known: &Knowledge, phrase: &Phrase) -> bool {
    let read = |name: &String| known.source(name).is_some_and(|block| block.name == "GmailReadBlock");
    phrase.services.iter().any(|service| service == "Gmail") || names(phrase).iter().any(read)
}
