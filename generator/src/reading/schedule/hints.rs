//! Rhythms that may be those of something else: "a weekly report", "one post a day", "I waste hours every week".

use super::{
    every::unit,
    found::{Sure, What},
    often::adverb,
    view::View,
};
use crate::reading::{Mark, Span};

/// "I waste hours every week", "mails that come in each day": how it is today.
pub(super) fn lamented(view: View<'_>, span: &Span, begin: usize) -> bool {
    let who = ["i", "we", "they", "people", "customers", "users", "that", "which", "you"];
    let happens = [
        "waste", "spend", "lose", "get", "gets", "receive", "receives", "struggle", "forget", "miss", "come", "comes",
        "arrive", "arrives", "came", "wasting", "spending",
    ];
    let pair = |at: usize| view.is(at, &who) && (view.is(at + 1, &happens) || view.is(at + 2, &happens));
    let clause = (begin.max(span.start.saturating_sub(6))..span.start).rev().take_while(|at| view.mark(*at).is_none());
    clause.into_iter().any(pair) || pair(span.end) || pair(span.end + 1)
}

/// Words that cannot stand between "daily" and what is daily.
const AFTER_ADVERB: [&str; 46] = [
    "at", "in", "on", "around", "by", "to", "from", "for", "with", "into", "about", "via", "and", "or", "but", "then",
    "the", "a", "an", "my", "our", "me", "us", "it", "its", "this", "that", "all", "any", "each", "every", "as",
    "when", "if", "between", "during", "except", "using", "so", "please", "plus", "unless", "while", "of", "them",
    "is",
];
const RUNS: [&str; 26] = [
    "run",
    "runs",
    "running",
    "send",
    "sends",
    "sent",
    "execute",
    "executes",
    "scheduled",
    "schedule",
    "triggered",
    "triggers",
    "repeat",
    "repeats",
    "posted",
    "delivered",
    "check",
    "checks",
    "checked",
    "update",
    "updates",
    "updated",
    "mailed",
    "emailed",
    "refresh",
    "refreshes",
];
/// What an agent makes: "a daily digest" is made each day.
const PRODUCTS: [&str; 73] = [
    "report",
    "digest",
    "summary",
    "briefing",
    "brief",
    "newsletter",
    "mail",
    "email",
    "update",
    "reminder",
    "post",
    "message",
    "roundup",
    "round-up",
    "recap",
    "review",
    "overview",
    "notification",
    "alert",
    "idea",
    "tip",
    "news",
    "check",
    "backup",
    "workflow",
    "run",
    "job",
    "agent",
    "automation",
    "quote",
    "forecast",
    "reports",
    "digests",
    "summaries",
    "emails",
    "mails",
    "updates",
    "reminders",
    "posts",
    "messages",
    "ideas",
    "tips",
    "quotes",
    "alerts",
    "notifications",
    "schedule",
    "cron",
    "task",
    "tweet",
    "tweets",
    "joke",
    "routine",
    "bulletin",
    "rundown",
    "snapshot",
    "trigger",
    "screenshot",
    "screenshots",
    "list",
    "analysis",
    "audit",
    "scan",
    "scrape",
    "export",
    "sync",
    "picture",
    "image",
    "lesson",
    "meme",
    "synopsis",
    "monitor",
    "monitoring",
    "weather",
];

/// "Monthly recurring revenue", "daily active users": a figure, not when it is told.
const MEASURED: [&str; 5] = ["active", "recurring", "average", "unique", "returning"];

/// "daily", "weekly" as an adverb, or before what the agent makes.
pub(super) fn frequency(view: View<'_>, at: usize, begin: usize) -> Option<(Span, What)> {
    let word = view.word(at)?;
    let rhythm = adverb(word)?;
    let said = |sure| Some((at..at + 1, What::Rhythm(rhythm.clone(), sure)));
    let next = view.word(at + 1);
    // "on a daily basis"
    if next == Some("basis") {
        let start = if view.is(at.saturating_sub(2), &["on"]) { at.saturating_sub(2) } else { at };
        return Some((start..at + 2, What::Rhythm(rhythm, Sure::Explicit)));
    }
    let before = at.checked_sub(1);
    let adverbial = word != "annual"
        && (view.token(at + 1).is_none_or(|token| token.word().is_none())
            || next.is_some_and(|next| AFTER_ADVERB.contains(&next) || adverb(next).is_some())
            || before.is_some_and(|before| view.is(before, &RUNS)));
    if adverbial {
        return if lamented(view, &(at..at + 1), begin) { None } else { said(Sure::Explicit) };
    }
    let product = (1..=4).take_while(|more| view.word(at + more).is_some_and(|word| !AFTER_ADVERB.contains(&word)));
    if let Some(product) = product.map(|more| at + more).find(|at| view.is(*at, &PRODUCTS)) {
        // "the weekly reports of my team" are there already.
        let theirs = ["the", "these", "those", "their", "all", "our", "his", "her", "such"];
        let plural = view.word(product).is_some_and(|word| word.ends_with('s') && word != "news");
        let there = plural && before.is_some_and(|before| view.is(before, &theirs));
        return if there { None } else { said(Sure::Hint) };
    }
    // "Daily Reddit trends to Notion:", but not "weekly content plans".
    let heading = (1..10).find_map(|more| match view.token(at + more) {
        Some(token) => Some(token.mark()? == Mark::Colon),
        None => Some(more > 3),
    });
    if at == 0 && heading == Some(true) && next.is_some_and(|next| !MEASURED.contains(&next)) {
        return said(Sure::Hint);
    }
    // "Daily take the mails and …"
    let objects = ["the", "all", "my", "our", "a", "any", "every", "at", "through", "into", "up", "over", "out"];
    let orders = at == begin && view.is(at + 2, &objects);
    if orders && next.is_some() { said(Sure::Explicit) } else { None }
}

/// "one post a day", "a summary per week".
pub(super) fn a_day(view: View<'_>, at: usize, begin: usize) -> Option<(Span, What)> {
    if !view.is(at, &["a", "per"]) {
        return None;
    }
    let rhythm = view.word(at + 1).and_then(unit)?;
    let product = at.checked_sub(1).filter(|before| *before >= begin && view.is(*before, &PRODUCTS))?;
    let counted = (begin.max(product.saturating_sub(3))..product)
        .any(|at| view.number(at).is_some() || view.is(at, &["one", "a", "an"]));
    (counted && !lamented(view, &(at..at + 2), begin)).then_some((at..at + 2, What::Rhythm(rhythm, Sure::Hint)))
}
