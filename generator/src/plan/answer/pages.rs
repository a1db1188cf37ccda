//! What is asked of pages and posts that no step does: to tell what is new there, to notice that one is gone, to answer a post.

use crate::{
    plan::{
        model::{Binding, Reason},
        steps::{build::Builder, lost},
    },
    reading::{Role, Span, Token},
};

/// What a page is read with.
const READERS: [&str; 3] = ["ExtractWebsiteContentBlock", "FirecrawlScrapeBlock", "SendWebRequestBlock"];

impl Builder<'_, '_> {
    pub(in crate::plan) fn leave_pages(&mut self) {
        self.leave_uncompared();
        self.leave_unanswering();
        self.leave_replies();
    }

    /// "Mail me what is new": the pages are read anew each time, and nothing compares them with the last time.
    fn leave_uncompared(&mut self) {
        let reads = self.draft.every_step().any(|step| self.block_is(step, |name| READERS.contains(&name)));
        let keeps = self.draft.every_step().any(|step| self.block_is(step, |name| name == "PersistInformationBlock"));
        if !reads || keeps || self.reading.schedule.is_none() {
            return;
        }
        let word = |at: usize| self.reading.tokens.get(at).and_then(Token::word).unwrap_or_default();
        let new = |at: usize| matches!(word(at), "new" | "changed" | "changes" | "different");
        // "what is new", "what's changed", "what changed"
        let news = |at: &usize| word(*at).starts_with("what") && (new(at + 1) || new(at + 2));
        let acts = self.reading.clauses.iter().filter(|clause| clause.role == Role::Act);
        let spans: Vec<Span> = acts
            .filter_map(|clause| {
                let at = clause.span.clone().find(news)?;
                Some(lost::around(self.reading, clause, at))
            })
            .collect();
        for span in spans {
            let told = "all of it is read each time: no step compares it with what was there the last time";
            self.leave(self.text(&span), Reason::NotSupported, told);
        }
    }

    /// "Alert me if one does not answer": a page that cannot be read ends its step, and nothing comes out of it.
    fn leave_unanswering(&mut self) {
        const DOWN: [&str; 9] =
            ["down", "offline", "online", "unreachable", "reachable", "answer", "respond", "load", "up"];
        let guards = self.reading.clauses.iter();
        let guards = guards.filter(|clause| matches!(clause.role, Role::Condition | Role::Trigger));
        let judged = |text: &str| {
            self.draft.every_step().any(|step| {
                let condition = step.binding("condition");
                self.block_is(step, |name| name == "AIConditionBlock")
                    && matches!(condition, Some(Binding::Value(value)) if value.as_str().is_some_and(|said| text.contains(said)))
            })
        };
        let page = |name: &str| READERS.contains(&name) && name != "SendWebRequestBlock";
        let reads = self.draft.every_step().any(|step| self.block_is(step, page));
        let found: Vec<Span> = guards
            .filter_map(|clause| {
                let down = clause.frame.as_ref()?.verb.as_ref().is_some_and(|verb| DOWN.contains(&verb.lemma.as_str()));
                let last = clause.span.clone().rev().find_map(|at| self.reading.tokens.get(at)?.word());
                (down || last.is_some_and(|word| DOWN.contains(&word))).then_some(clause.span.clone())
            })
            .filter(|span| reads && judged(self.text(span)))
            .collect();
        for span in found {
            let told = "a page that cannot be read ends its step: nothing is sent then";
            self.leave(self.text(&span), Reason::NotSupported, told);
        }
    }

    /// "Reply to new mentions on X": what is posted stands alone.
    fn leave_replies(&mut self) {
        let posts = |at: usize| {
            self.draft.step(at).is_some_and(|step| {
                let whole = step.binding("in_reply_to_tweet_id").is_none() && step.binding("quote_tweet_id").is_none();
                whole && self.block_is(step, |name| name == "TwitterPostTweetBlock" || name.starts_with("PostTo"))
            })
        };
        let answers = |lemma: &str| matches!(lemma, "reply" | "answer" | "respond" | "comment");
        let texts: Vec<&str> = self
            .acts_built()
            .into_iter()
            .filter(|(act, steps)| answers(act.plain_lemma()) && steps.clone().any(posts))
            .map(|(act, _)| act.text())
            .collect();
        for text in texts {
            self.leave(text, Reason::NotSupported, "it is posted by itself, and not as an answer to what was written");
        }
    }
}
