//! Writes the text of a message before it goes out.

use crate::{
    catalogue::{Action, Block},
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
        let data = self.thought_about(act).into_iter().map(|at| self.unjudged(act, at)).collect::<Vec<_>>();
        let mut data: Vec<usize> = data.into_iter().map(|at| self.page_behind(at)).collect();
        if data.is_empty() {
            data.extend(self.news_about(act));
        }
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
        let verb = act.frame.verb.as_ref().map_or(start, |verb| verb.span.start);
        let pieces = match act.frame.objects.first().filter(|_| act.frame.passive && start < verb) {
            // "Qualified posts are sent together with a reply": what is sent, and what goes with it.
            Some(thing) => {
                let beside = act.frame.arguments.iter().filter(|argument| !goes(&argument.phrase));
                let beside = beside.map(|with| format!("{} {}", with.preposition, self.text(&with.phrase.span)));
                std::iter::once(self.text(&thing.span).to_owned()).chain(beside).collect::<Vec<_>>().join(" ")
            }
            None => pieces.join(" "),
        };
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

    /// "Judge the application, and mail everybody a thank-you": nobody outside reads what was thought of them.
    fn unjudged(&self, act: &Act<'r>, datum: usize) -> usize {
        let origin = self.judged.iter().find(|(made, _)| *made == datum).map(|(_, origin)| *origin);
        origin.filter(|_| self.writes_to_others(act)).unwrap_or(datum)
    }

    /// A message of its own to others, in place of the judgement about them.
    pub(in crate::plan) fn answered_with(&mut self, act: &Act<'r>, datum: usize) -> usize {
        let origin = self.unjudged(act, datum);
        if origin == datum {
            return datum;
        }
        let words = format!("Write the message for this: {}", act.instruction());
        let manners = self.manners(act);
        let step = self.ask_model(act, &words, &manners, &[origin], None);
        self.made(step, act.frame.objects.iter().flat_map(names).collect(), None, &[origin]);
        self.draft.data.len() - 1
    }

    fn writes_to_others(&self, act: &Act<'r>) -> bool {
        let letter = |phrase: &Phrase| phrase.determiner == Determiner::Some && phrase.services.is_empty();
        self.goes_to_others(act) && act.frame.objects.first().is_some_and(letter)
    }

    /// "When it is merged, write the notes and post them": the notes, and not what started it.
    pub(in crate::plan) fn pending_for(&self, act: &Act<'r>) -> Vec<usize> {
        let mut pending = self.pending();
        let of = |at: usize| self.draft.data.get(at);
        let it = |phrase: &Phrase| phrase.pronoun && matches!(phrase.head.as_str(), "it" | "them");
        let said = !act.frame.objects.is_empty() && act.frame.objects.iter().all(it);
        if said && pending.iter().any(|at| of(*at).is_some_and(|datum| datum.made)) {
            let event = |at: usize| {
                let block = of(at).and_then(|datum| self.draft.block(datum.flow.step));
                block.is_some_and(|block| block.trigger)
            };
            pending.retain(|at| !event(*at));
        }
        pending
    }

    /// "tell me which of my unread mails are urgent": they are read first.
    pub(in crate::plan) fn read_asked(&mut self, act: &Act<'r>) {
        let of = act.arguments(&["of"]).map(|argument| &argument.phrase).find(|phrase| {
            let asked = act.frame.complement.as_ref().is_some_and(|span| span.contains(&phrase.span.start));
            asked && act.frame.objects.is_empty() && self.fetchable(act, phrase)
        });
        if let Some(of) = of.filter(|_| !self.draft.has_data()) {
            self.fetch(act, of, &[]);
        }
    }

    /// "Send me the number of GitHub stars": who asks is told, and nothing is put there.
    pub(in crate::plan) fn is_for_me(&self, act: &Act<'r>, block: &Block) -> bool {
        let me = |phrase: &Phrase| matches!(phrase.head.as_str(), "me" | "us");
        let sends = matches!(act.plain_lemma(), "send" | "give" | "tell" | "show");
        let out = self.known.delivers(block) && self.known.meaning(block).action != Action::Send;
        let placed = act.places().iter().any(|place| !place.services.is_empty());
        sends && out && !placed && act.frame.recipients.iter().any(me)
    }
}
