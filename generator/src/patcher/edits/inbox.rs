//! Which mails an inbox is read for: its search, in Gmail's own words.

use std::collections::HashSet;

use super::{Edit, value::amount_of};
use crate::{
    patcher::{find::Field, refused::Refused, wish::Act},
    reading::{self, Value as Typed},
};

/// What mails are called.
const MAILS: [&str; 7] = ["mail", "mails", "email", "emails", "message", "messages", "ones"];
/// What is said of them, and how Gmail is asked for it.
const SIGNS: [(&str, &str); 8] = [
    ("unread", "is:unread"),
    ("starred", "is:starred"),
    ("important", "is:important"),
    ("attachment", "has:attachment"),
    ("attachments", "has:attachment"),
    ("attached", "has:attachment"),
    ("promotions", "category:promotions"),
    ("promotional", "category:promotions"),
];
/// What may stand beside these words.
const PLAIN: [&str; 34] = [
    "only",
    "the",
    "a",
    "an",
    "my",
    "all",
    "any",
    "new",
    "read",
    "summarise",
    "summarize",
    "take",
    "use",
    "include",
    "process",
    "with",
    "that",
    "which",
    "have",
    "has",
    "are",
    "is",
    "from",
    "gmail",
    "inbox",
    "look",
    "at",
    "just",
    "me",
    "consider",
    "skip",
    "ignore",
    "exclude",
    "files",
];

/// What says since when.
const AGES: [&str; 16] = [
    "last",
    "past",
    "day",
    "days",
    "week",
    "today",
    "yesterday",
    "since",
    "of",
    "in",
    "within",
    "month",
    "months",
    "weeks",
    "hour",
    "hours",
];

/// "from the last 3 days", "of today": since when, as Gmail is asked for it.
fn newer_than(text: &str) -> Option<String> {
    let has = |words: &str| text.ends_with(words) || text.contains(&format!("{words} "));
    let days = match () {
        () if has(" last day") || has(" past day") || has(" today") || has(" since yesterday") => 1.0,
        () if has(" last week") || has(" past week") => 7.0,
        () if has(" last month") || has(" past month") => 30.0,
        () => {
            let back = [" last ", " past "].iter().find_map(|word| text.split_once(word))?.1;
            let (amount, unit) = amount_of(back)?;
            match unit {
                "days" => amount,
                "hours" => amount / 24.0,
                _ => return None,
            }
        }
    };
    (days.fract() == 0.0).then(|| format!("newer_than:{days:.0}d"))
}

impl Edit<'_, '_> {
    /// "only unread mails", "skip mails from bob@example.com": the search of the one step that reads an inbox.
    pub(super) fn inbox(&mut self, text: &str) -> Option<Result<(), Refused>> {
        let mut reads = self.canvas.working();
        reads.retain(|at| self.canvas.is(*at, |block| block.name == "GmailReadBlock"));
        let [at] = *reads.as_slice() else { return None };
        let lower = text.to_lowercase().replace("e-mail", "email");
        let first = lower.split(' ').next().unwrap_or_default();
        let without = ["skip", "ignore", "exclude"].contains(&first) || matches!(self.operation.act, Act::Remove(_));
        if !(self.operation.only || without || matches!(self.operation.act, Act::Limit(_))) {
            return None;
        }
        let mut asked: Vec<String> = Vec::new();
        let (mut from, mut whose) = (false, false);
        let age = newer_than(&lower);
        if let Some(age) = &age {
            asked.push(age.clone());
        }
        for token in &reading::tokens(&lower) {
            let raw = token.raw(&lower);
            match token.value() {
                // "only email bob@example.com" is no search.
                Some(Typed::Email(_)) if from => {
                    asked.push(format!("from:{raw}"));
                    (from, whose) = (false, false);
                }
                Some(Typed::Duration(_) | Typed::Number(_)) if age.is_some() => from = false,
                Some(_) => return None,
                // "from my boss (boss@example.com)": the address says who that is.
                None if from && age.is_none() && token.word().is_some() => whose = true,
                None if age.is_some() && AGES.contains(&raw) => from = false,
                None if raw == "from" => from = true,
                None => match SIGNS.iter().find(|(word, _)| *word == raw) {
                    Some((_, sign)) => asked.push((*sign).to_owned()),
                    None if MAILS.contains(&raw) || PLAIN.contains(&raw) || token.mark().is_some() => {}
                    None => return None,
                },
            }
        }
        // All of them have to hold at once.
        let kinds: HashSet<&str> = asked.iter().filter_map(|sign| sign.split(':').next()).collect();
        let either = lower.split(' ').any(|word| word == "or");
        if whose || asked.is_empty() || asked.len() > 1 && (kinds.len() < asked.len() || either || without) {
            return None;
        }
        let old = self.canvas.value(at, "query").and_then(|value| value.as_str()).unwrap_or_default().to_owned();
        let mut query = old;
        for sign in asked {
            let sign = if without { format!("-{sign}") } else { sign };
            if !query.split(' ').any(|part| part == sign) {
                query = format!("{query} {sign}").trim().to_owned();
            }
        }
        Some(self.put_value(&Field { at, name: "query".to_owned() }, query.into()))
    }
}
