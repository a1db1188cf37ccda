//! What a service that publishes cannot send: a request, an invitation, a message to one person.

use crate::{
    catalogue::{Action, Block},
    plan::{
        clauses::act::Act,
        steps::build::{Builder, Part, Unserved},
    },
    reading::Phrase,
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
