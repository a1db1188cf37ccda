//! What a service that publishes cannot send: a request, an invitation, a message to one person.

use crate::{
    catalogue::{Action, Block},
    plan::{
        clauses::act::Act,
        steps::build::{Builder, Part, Unserved},
    },
    reading::{Argument, Determiner, Phrase},
};

impl<'k> Builder<'k, '_> {
    /// "a Slack notification": says nothing of what it tells.
    pub(in crate::plan) fn is_notice(&self, phrase: &Phrase) -> bool {
        let bare = phrase.modifiers.is_empty() && phrase.tail.is_none() && phrase.values.is_empty();
        bare && matches!(phrase.head.as_str(), "notification" | "alert" | "ping" | "heads-up")
    }

    /// "Send connection requests on LinkedIn": a post is read by everybody, and is none.
    pub(in crate::plan) fn is_private(&mut self, act: &Act<'_>, block: &'k Block) -> bool {
        const PRIVATE: [&str; 6] = ["request", "invitation", "invite", "inmail", "dm", "message"];
        let sends = matches!(act.plain_lemma(), "send" | "dm" | "message" | "invite");
        let private = |phrase: &Phrase| {
            let last = phrase.head.rsplit(' ').next().unwrap_or_default();
            PRIVATE.contains(&last)
                && !(last == "message" && phrase.modifiers.is_empty() && phrase.head == last && !phrase.plural)
        };
        // "Send the invitation to our event": everybody is invited.
        let public = |argument: &Argument| {
            let phrase = &argument.phrase;
            let last = phrase.head.rsplit(' ').next().unwrap_or_default();
            let nobody = !phrase.plural && !self.known.is_person(last) && !self.known.is_item_person(last);
            let named = matches!(phrase.determiner, Determiner::Mine | Determiner::The | Determiner::Some);
            matches!(argument.preposition.as_str(), "to" | "for") && phrase.services.is_empty() && nobody && named
        };
        let invites = |phrase: &Phrase| matches!(phrase.head.as_str(), "invitation" | "invite");
        if act.frame.objects.iter().all(invites) && act.frame.arguments.iter().any(public) {
            return false;
        }
        let meaning = self.known.meaning(block);
        if !(sends && meaning.action == Action::Publish && act.frame.objects.iter().any(private)) {
            return false;
        }
        let what = meaning.service.clone();
        let (text, span) = (act.text().to_owned(), act.clause.span.clone());
        self.unserved.push(Unserved { text, what, kind: Part::Work, span });
        true
    }
}
