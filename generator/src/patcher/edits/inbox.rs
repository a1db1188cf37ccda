//! Which mails an inbox is read for: its search, in Gmail's own words.

use super::Edit;
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
        for token in &reading::tokens(&lower) {
            let raw = token.raw(&lower);
            match token.value() {
                // "only email bob@example.com" is no search.
                Some(Typed::Email(_)) if from => {
                    asked.push(format!("from:{raw}"));
                    (from, whose) = (false, false);
                }
                Some(_) => return None,
                // "from my boss (boss@example.com)": the address says who that is.
                None if from && token.word().is_some() => whose = true,
                None if raw == "from" => from = true,
                None => match SIGNS.iter().find(|(word, _)| *word == raw) {
                    Some((_, sign)) => asked.push((*sign).to_owned()),
                    None if MAILS.contains(&raw) || PLAIN.contains(&raw) || token.mark().is_some() => {}
                    None => return None,
                },
            }
        }
        if whose {
            return None;
        }
        // Two of them would have to hold at once.
        let [sign] = asked.as_slice() else { return None };
        let sign = if without { format!("-{sign}") } else { sign.clone() };
        let old = self.canvas.value(at, "query").and_then(|value| value.as_str()).unwrap_or_default().to_owned();
        let query =
            if old.split(' ').any(|part| part == sign) { old } else { format!("{old} {sign}").trim().to_owned() };
        Some(self.put_value(&Field { at, name: "query".to_owned() }, query.into()))
    }
}
