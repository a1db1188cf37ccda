//! Goals near to one that cannot become an agent: without the part that cannot be done, or made of the nouns that are there.

use crate::{
    knowledge::capitalised,
    plan::{
        clauses::act::Act,
        steps::build::{Builder, Part, Unserved},
        wording::english::{self, plural, tidy, written},
    },
    reading::{Kind, Phrase, Role, Span},
};

/// Bytes of a goal that is worth rewriting.
const LONGEST: usize = 1_500;
/// For a goal in which nothing is named that an agent could work on.
pub(in crate::plan) const LAST: &str =
    "Every morning, search the web for news about a topic that I give, sum them up and send me the summary by e-mail.";

impl Builder<'_, '_> {
    /// The goal without what cannot be done: with another service of the same kind, with what the person gives in place of
    /// what cannot be read, or without the act.
    pub(in crate::plan) fn near(&self, parts: &[Unserved]) -> Vec<String> {
        let mut found = Vec::new();
        if self.reading.text.len() > LONGEST {
            return found;
        }
        if parts.iter().all(|part| part.what.is_some()) && !parts.is_empty() {
            for at in 0..2 {
                let mut text = Some(self.without(&[], false));
                for part in parts {
                    let name = part.what.as_deref().unwrap_or_default();
                    // A table takes no files, and a document no records.
                    let storage = self.known.is_kind(name, Kind::Storage);
                    let other =
                        self.known.instead_of(name).get(at).filter(|_| !storage).map(|other| (*other).to_owned());
                    text = text.zip(other).and_then(|(text, other)| replaced(&text, name, &other));
                }
                found.extend(text);
            }
        }
        if parts.iter().any(|part| matches!(part.kind, Part::Source | Part::Trigger)) {
            found.push(self.without(parts, true));
        }
        found.push(self.without(parts, false));
        for part in parts.iter().filter(|part| matches!(part.kind, Part::Reach | Part::Outside)) {
            let act = self
                .reading
                .clauses
                .iter()
                .position(|clause| clause.span == part.span)
                .and_then(|at| Act::of(self.reading, at));
            if let Some(act) = act.filter(|act| act.frame.verb.is_some()) {
                found.push(format!("Remind me by e-mail to {}.", english::small(&act.instruction())));
            }
        }
        found.retain(|goal| goal.len() > 10);
        found
    }

    /// The text without some clauses, and without greetings and reasons; with what the person gives in their place if
    /// `given`. Empty if nothing is left that works by itself.
    fn without(&self, parts: &[Unserved], given: bool) -> String {
        let mut pieces: Vec<(String, usize)> = Vec::new();
        let mut run: Option<Span> = None;
        let mut acts = 0;
        let piece = |run: Span| (self.text(&run).to_owned(), self.sentence_of(run.start).unwrap_or_default());
        for (at, clause) in self.reading.clauses.iter().enumerate() {
            let gone = parts.iter().find(|part| part.span.start < clause.span.end && clause.span.start < part.span.end);
            let aside = matches!(clause.role, Role::Politeness | Role::Background | Role::LeadIn);
            let joins = run.as_ref().is_some_and(|run| self.sentence_of(run.start) == Some(clause.sentence));
            if gone.is_some() || aside || !joins {
                pieces.extend(run.take().map(piece));
            }
            match gone {
                None if aside => {}
                None => {
                    let start = run.map_or(clause.span.start, |run| run.start);
                    run = Some(start..clause.span.end);
                    let act =
                        Act::of(self.reading, at).filter(|act| clause.role == Role::Act && act.frame.verb.is_some());
                    let alone = given || acts > 0;
                    acts += usize::from(act.is_some_and(|act| act.phrases().any(|phrase| alone || !phrase.pronoun)));
                }
                Some(part) if given && matches!(part.kind, Part::Source | Part::Trigger) => {
                    let mut things = clause.frame.iter().flat_map(|frame| frame.objects.iter().chain(&frame.subject));
                    if let Some(thing) = things.find(|phrase| !phrase.head.is_empty() && !phrase.pronoun) {
                        let piece = (format!("take the {} that I give you", number(thing)), clause.sentence);
                        if pieces.last() != Some(&piece) {
                            pieces.push(piece);
                        }
                    }
                }
                Some(_) => {}
            }
        }
        pieces.extend(run.map(piece));
        if acts == 0 {
            return String::new();
        }
        let mut text = String::new();
        let mut sentence = None;
        for (piece, at) in &pieces {
            let piece = tidy(piece);
            match sentence {
                _ if piece.is_empty() => continue,
                Some(before) if before == *at => text.push_str(&format!(" and {piece}")),
                Some(_) => text.push_str(&format!(". {}", capitalised(piece))),
                None => text.push_str(&capitalised(piece)),
            }
            sentence = Some(*at);
        }
        if text.is_empty() { text } else { format!("{text}.") }
    }

    fn sentence_of(&self, token: usize) -> Option<usize> {
        self.reading.clauses.iter().find(|clause| clause.span.contains(&token)).map(|clause| clause.sentence)
    }

    /// Goals made of the nouns that are there.
    pub(in crate::plan) fn of_nouns(&self) -> Vec<String> {
        let mut found = Vec::new();
        let frames = self.reading.clauses.iter().filter_map(|clause| clause.frame.as_ref());
        let phrases: Vec<&Phrase> = frames
            .flat_map(|frame| {
                frame
                    .objects
                    .iter()
                    .chain(frame.arguments.iter().map(|argument| &argument.phrase))
                    .chain(&frame.subject)
            })
            .collect();
        let said = |phrase: &Phrase| {
            let head = phrase.head.as_str();
            let known = self.known;
            !head.is_empty()
                && !phrase.pronoun
                && !known.is_vague(head)
                && !known.is_generic(head)
                && !known.is_person(head)
                && !known.is_agent(head)
        };
        for phrase in phrases.iter().filter(|phrase| said(phrase)) {
            let read = self.known.source(&phrase.head).is_some_and(|block| self.known.meaning(block).service.is_some());
            let name = written(&plural(&phrase.head));
            if read {
                found
                    .push(format!("Every morning, read my new {name}, sum them up and send me the summary by e-mail."));
            } else if self.known.is_record(&phrase.head) {
                found.push(format!("Take the {name} that I paste, extract the most important data of each and add them to a Google Sheet."));
            }
        }
        for service in
            phrases.iter().flat_map(|phrase| &phrase.services).filter(|service| self.known.has_service(service))
        {
            let posts = |block: &&crate::catalogue::Block| {
                self.known.meaning(block).action == crate::catalogue::Action::Publish
            };
            if self.known.channel(service).filter(posts).is_some() {
                found.push(format!("Every morning, write a post about a topic that I give and post it on {service}."));
            }
            found.push(format!(
                "Every morning, read what is new in {service}, sum it up and send me the summary by e-mail."
            ));
        }
        let known = |phrase: &Phrase| {
            phrase.plural
                || self.known.is_askable(&phrase.head)
                || self.text(&phrase.span).chars().all(char::is_uppercase)
        };
        for phrase in phrases.iter().filter(|phrase| said(phrase) && known(phrase)).take(2) {
            let name = phrase.modifiers.iter().chain([&phrase.head]).cloned().collect::<Vec<_>>().join(" ");
            let name = if phrase.plural { plural(&name) } else { name };
            found.push(format!(
                "Every morning, search the web for news about {name}, sum them up and send me the summary by e-mail."
            ));
        }
        found.truncate(4);
        found.push(LAST.to_owned());
        found
    }
}

fn number(phrase: &Phrase) -> String {
    if phrase.plural { plural(&phrase.head) } else { phrase.head.clone() }
}

/// `text` with each `name` in it replaced, in any case; `None` if it is not there.
fn replaced(text: &str, name: &str, other: &str) -> Option<String> {
    let (lower, name) = (text.to_lowercase(), name.to_lowercase());
    // Small letters of another length would shift the places.
    if lower.len() != text.len() || name.is_empty() || !lower.contains(&name) {
        return None;
    }
    let mut out = String::new();
    let mut rest = 0;
    for (at, _) in lower.match_indices(&name) {
        let before = text.get(rest..at)?;
        rest = at + name.len();
        // "Send me an SMS": one message over the other.
        let message = name == "sms";
        match before.strip_suffix(" an ").filter(|_| message) {
            Some(before) if !lower.get(rest..)?.starts_with(" message") => {
                out.push_str(&format!("{before} a {other} message"));
            }
            _ => out.push_str(&format!("{before}{other}")),
        }
    }
    out.push_str(text.get(rest..)?);
    Some(out)
}
