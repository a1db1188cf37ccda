//! Writes the text of a message before it goes out.

use crate::{
    plan::{
        clauses::act::{Act, names},
        steps::build::Builder,
    },
    reading::{Determiner, Phrase, TokenKind, Value},
};

/// What a message has beside what was read.
const ADDED: [&str; 8] = ["comment", "caption", "intro", "introduction", "remark", "hook", "opinion", "takeaway"];

impl<'k, 'r> Builder<'k, 'r> {
    /// "tweet each new post with a short comment": the comment is written.
    pub(in crate::plan) fn adds_words(&self, act: &Act<'r>) -> bool {
        act.arguments(&["with", "along with", "including"]).map(|argument| &argument.phrase).any(|phrase| {
            let added = ADDED.contains(&phrase.head.rsplit(' ').next().unwrap_or_default());
            added && phrase.determiner == Determiner::Some && phrase.values.is_empty() && self.refer(phrase).is_none()
        })
    }

    /// "sends me a prioritised summary": the text is written first. `None` if there is neither a language model nor data.
    pub(in crate::plan) fn write_first(&mut self, act: &Act<'r>) -> Option<usize> {
        let data: Vec<usize> = self.thought_about(act).into_iter().map(|at| self.page_behind(at)).collect();
        if self.of_refused(act, &data) || self.of_nothing(act, &data) {
            return None;
        }
        // The words of the person, up to the place where it goes.
        let goes = |phrase: &Phrase| {
            self.known.is_person(&phrase.head) && phrase.services.is_empty()
                || phrase.head == "email"
                || phrase.services.iter().any(|service| self.known.channel(service).is_some())
                || phrase.values.iter().any(|at| {
                    matches!(
                        self.reading.tokens.get(*at).map(|token| &token.kind),
                        Some(TokenKind::Value(Value::Channel(_) | Value::Email(_)))
                    )
                })
        };
        let start = act.frame.objects.iter().map(|phrase| phrase.span.start).min().unwrap_or(act.clause.span.start);
        let inside = act.frame.objects.iter().chain(act.frame.arguments.iter().map(|argument| &argument.phrase));
        let end = inside
            .filter(|phrase| phrase.span.start >= start && !goes(phrase))
            .map(|phrase| phrase.span.end)
            .max()
            .unwrap_or(start);
        // Where it goes stands in the message's own inputs.
        let mut pieces = Vec::new();
        let mut from = start;
        let ways = act.arguments(&["to", "at", "on", "in", "via", "by", "over"]).map(|argument| &argument.phrase);
        for way in ways.filter(|way| goes(way) && way.span.start > start && way.span.end < end) {
            pieces.push(self.text(&(from..(way.span.start - 1).max(from))));
            from = way.span.end.max(from);
        }
        pieces.push(self.text(&(from..end)));
        let pieces = pieces.join(" ");
        let words = match pieces.trim() {
            "" => format!("Write the message for this: {}", act.instruction()),
            pieces => format!("Write {pieces}"),
        };
        let manners = self.manners(act);
        let step = self.ask_model(act, &words, &manners, &data, None);
        let nouns: Vec<String> = act.frame.objects.iter().flat_map(names).collect();
        self.made(step, nouns, None, &data);
        for phrase in &act.frame.objects {
            self.cover.add(&phrase.span);
        }
        for argument in act.frame.arguments.iter().filter(|argument| !goes(&argument.phrase)) {
            self.cover.add(&argument.phrase.span);
        }
        self.draft.data.len().checked_sub(1)
    }
}
