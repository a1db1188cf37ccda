//! How far back or ahead a source is read.

use crate::{
    catalogue::Block,
    plan::{model::Reason, steps::build::Builder, wording::time},
    reading::{Phrase, Span, Token, TokenKind, Value},
};

impl Builder<'_, '_> {
    /// How many days ahead: "today's meetings", "the appointments of the week".
    pub(super) fn days_ahead(&self, phrase: &Phrase) -> Option<(u32, usize)> {
        let after = (phrase.span.end..phrase.span.end + 8)
            .take_while(|at| self.reading.tokens.get(*at).is_some_and(|token| token.mark().is_none()));
        let mut around = (phrase.span.start.saturating_sub(1)..phrase.span.end).chain(after);
        around.find_map(|at| {
            let days = match &self.reading.tokens.get(at)?.kind {
                TokenKind::Value(Value::Duration(minutes)) if *minutes >= 1440 => minutes / 1440,
                TokenKind::Word(word) if is_near(word) => 1,
                TokenKind::Word(word) => match word.as_str() {
                    "tomorrow" | "tomorrows" => 2,
                    "week" | "weeks" => 7,
                    _ => return None,
                },
                _ => return None,
            };
            Some((days, at))
        })
    }

    /// How many minutes back: what the phrase says, else the time between two runs, else a day.
    pub(super) fn window(&self, phrase: &Phrase) -> u32 {
        let said = phrase.span.clone().find_map(|at| match &self.reading.tokens.get(at)?.kind {
            TokenKind::Value(Value::Duration(minutes)) => Some(*minutes),
            _ => None,
        });
        said.unwrap_or_else(|| self.interval())
    }

    /// "AI over the last 24 hours", of a service that takes words and no time: when is none of the words.
    pub(super) fn without_period(&mut self, block: &Block, span: Span) -> Span {
        const LEADS: [&str; 7] = ["from", "over", "in", "within", "during", "of", "for"];
        let word = |at: usize| self.reading.tokens.get(at).and_then(Token::word);
        let long = |at: usize| {
            let value = self.reading.tokens.get(at).and_then(Token::value);
            matches!(value, Some(Value::Duration(_) | Value::Number(_))) || word(at).is_some_and(is_long)
        };
        let last = |at: &usize| {
            let back = word(*at).is_some_and(|word| matches!(word, "last" | "past" | "previous" | "this"));
            back && *at + 1 < span.end && (at + 1..span.end).all(long)
        };
        let Some(back) = span.clone().find(last).filter(|_| self.known.meaning(block).service.is_some()) else {
            return span;
        };
        let the = back - usize::from(back > span.start && word(back - 1) == Some("the"));
        let lead = the > span.start && word(the - 1).is_some_and(|word| LEADS.contains(&word));
        let start = the - usize::from(lead);
        if start == span.start {
            return span;
        }
        let text = self.text(&(start..span.end)).to_owned();
        self.leave(&text, Reason::NotSupported, "what it finds may be older: this step takes no time");
        self.cover.add(&(start..span.end));
        span.start..start
    }

    /// Minutes between two runs.
    pub(in crate::plan) fn interval(&self) -> u32 {
        match self.reading.schedule.as_ref().map(|schedule| schedule.cron.as_str()) {
            Some(cron) => time::interval(cron),
            None if self.polls => 15,
            None => 1440,
        }
    }
}

pub(super) fn is_near(word: &str) -> bool {
    matches!(word, "today" | "todays" | "today's" | "day" | "tonight")
}

fn is_long(word: &str) -> bool {
    is_period(word.strip_suffix('s').unwrap_or(word))
}

pub(super) fn is_period(word: &str) -> bool {
    matches!(word, "day" | "week" | "weekend" | "month" | "quarter" | "year" | "hour")
}

/// Something that has entries of its own: five of them are not five entries.
pub(in crate::plan) fn is_holder(head: &str) -> bool {
    let last = head.rsplit(' ').next().unwrap_or_default();
    matches!(
        last,
        "feed"
            | "account"
            | "inbox"
            | "mailbox"
            | "calendar"
            | "subreddit"
            | "website"
            | "site"
            | "spreadsheet"
            | "blog"
    )
}

/// Picked by more than when it came: "most important", "best", "cheapest".
pub(super) fn is_ranked(phrase: &Phrase) -> bool {
    let timed = |word: &str| matches!(word, "latest" | "newest" | "oldest" | "earliest" | "recent");
    let ranks = |word: &String| matches!(word.as_str(), "most" | "best" | "worst" | "least") || word.ends_with("est");
    phrase.modifiers.iter().any(ranks) && !phrase.modifiers.iter().any(|word| timed(word))
}
