//! What a phrase about mails says, as a Gmail search.

use super::cover::is_empty;
use crate::{
    plan::clauses::act::words,
    reading::{Mark, Phrase, Reading, Role, Span, TokenKind, Value, is_month},
};

pub(in crate::plan) const STARRED: &str = "is:starred";

/// Mails that stay as they are: read once more, they are no news.
pub(in crate::plan) fn stays(query: &str) -> bool {
    query.contains(STARRED) || query.contains("is:unread")
}

/// The search, and the parts of the phrase that it cannot express.
pub(in crate::plan) fn query(reading: &Reading, phrase: &Phrase, repeats: bool) -> (Option<String>, Vec<Span>) {
    let mut parts: Vec<String> = Vec::new();
    let mut open: Vec<Span> = Vec::new();
    let mut at = phrase.span.start;
    let mut fresh = false;
    while at < phrase.span.end {
        let (part, length) = part(reading, at, phrase.span.end);
        match part {
            Part::Search(text) => {
                fresh |= text.starts_with("is:unread") || text.contains("er_than:");
                if !parts.contains(&text) {
                    parts.push(text);
                }
            }
            Part::Open => match open.last_mut().filter(|run| run.end == at) {
                Some(run) => run.end = at + length,
                None => open.push(at..at + length),
            },
            Part::Nothing => {
                if let Some(run) = open.last_mut().filter(|run| run.end == at) {
                    run.end = at + length;
                }
            }
        }
        at += length;
    }
    // "when I star a mail"
    let event =
        reading.clauses.iter().find(|clause| clause.role == Role::Trigger && clause.span.contains(&phrase.span.start));
    let verb = event.and_then(|clause| clause.frame.as_ref()?.verb.as_ref());
    if verb.is_some_and(|verb| verb.lemma == "star") {
        (parts, fresh) = (vec![STARRED.to_owned()], true);
    }
    // "when a mail arrives at support@acme.com"
    let mail = |at: &usize| match reading.tokens.get(*at).map(|token| &token.kind) {
        Some(TokenKind::Value(Value::Email(mail))) => Some(format!("to:{mail}")),
        _ => None,
    };
    let arguments = event.iter().filter_map(|clause| clause.frame.as_ref()).flat_map(|frame| &frame.arguments);
    let places = arguments.filter(|argument| matches!(argument.preposition.as_str(), "at" | "to"));
    parts.extend(places.flat_map(|argument| &argument.phrase.values).filter_map(mail));
    for run in &mut open {
        while run.end > run.start + 1 && is_nothing(reading, run.end - 1) {
            run.end -= 1;
        }
    }
    open.retain(|run| !words(reading, run).is_empty());
    if repeats && !fresh {
        parts.insert(0, "is:unread".to_owned());
    }
    // "Look through the last 50 mails": read ones too.
    if parts.is_empty() && !repeats {
        parts.push("in:inbox".to_owned());
    }
    let query = (!parts.is_empty()).then(|| parts.join(" "));
    (query, open)
}

enum Part {
    Search(String),
    Open,
    Nothing,
}

fn is_nothing(reading: &Reading, at: usize) -> bool {
    match reading.tokens.get(at).map(|token| &token.kind) {
        Some(TokenKind::Word(word)) => is_empty(word),
        Some(TokenKind::Mark(_)) => true,
        _ => false,
    }
}

fn word(reading: &Reading, at: usize) -> &str {
    match reading.tokens.get(at).map(|token| &token.kind) {
        Some(TokenKind::Word(word)) => word,
        _ => "",
    }
}

fn written_large(reading: &Reading, at: usize) -> bool {
    reading.tokens.get(at).is_some_and(|token| token.raw(&reading.text).starts_with(char::is_uppercase))
}

/// How many tokens before the bracket with an address in it, if nothing but a name stands between.
fn in_brackets(reading: &Reading, at: usize, end: usize) -> Option<usize> {
    let kind = |at: usize| reading.tokens.get(at).map(|token| &token.kind);
    let open = (at..end.min(at + 4)).find(|at| !matches!(kind(*at), Some(TokenKind::Word(_))))?;
    let address = matches!(kind(open + 1), Some(TokenKind::Value(Value::Email(_)))) && open + 1 < end;
    (address && kind(open) == Some(&TokenKind::Mark(Mark::Open))).then_some(open - at + 1)
}

/// How the token at `at` narrows a search, with how many tokens it takes.
fn part(reading: &Reading, at: usize, end: usize) -> (Part, usize) {
    let next =
        |ahead: usize| if at + ahead < end { reading.tokens.get(at + ahead).map(|token| &token.kind) } else { None };
    let search = |text: String, length: usize| (Part::Search(text), length);
    match reading.tokens.get(at).map(|token| &token.kind) {
        Some(TokenKind::Word(text)) => match text.as_str() {
            "unread" => search("is:unread".to_owned(), 1),
            "new" | "incoming" | "fresh" | "unseen" => search("is:unread".to_owned(), 1),
            "starred" | "star" => search(STARRED.to_owned(), 1),
            "attachment" | "attachments" => search("has:attachment".to_owned(), 1),
            "marketing" | "promotional" | "promotion" | "promotions" => search("category:promotions".to_owned(), 1),
            "weekend" => search("newer_than:3d".to_owned(), 1),
            "today" | "day" | "night" | "overnight" | "yesterday" => search("newer_than:1d".to_owned(), 1),
            "week" => search("newer_than:7d".to_owned(), 1),
            "month" => search("newer_than:31d".to_owned(), 1),
            "label" | "labelled" | "labeled" | "tagged" | "subject" | "from" => {
                let key = match text.as_str() {
                    "subject" => "subject",
                    "from" => "from",
                    _ => "label",
                };
                match next(1) {
                    Some(TokenKind::Value(Value::Quoted(value) | Value::Email(value))) => {
                        search(format!("{key}:\"{value}\""), 2)
                    }
                    // "translate them from German to English": nobody has sent it.
                    Some(TokenKind::Word(_)) if key == "from" && word(reading, at + 2) == "to" => (Part::Nothing, 4),
                    Some(TokenKind::Word(name))
                        if key == "from"
                            && name != "gmail"
                            && written_large(reading, at + 1)
                            && !is_month(&reading.text, reading.tokens.get(at + 1)) =>
                    {
                        search(format!("from:{name}"), 2)
                    }
                    // "from May": nobody is called so.
                    _ if key == "from" && is_month(&reading.text, reading.tokens.get(at + 1)) => (Part::Open, 2),
                    // "from my accountant (anna@acme.example)": the address says who.
                    _ if key == "from" => (Part::Nothing, in_brackets(reading, at + 1, end).unwrap_or(1)),
                    _ => (Part::Open, 1),
                }
            }
            "email" | "emails" | "mail" | "mails" | "inbox" | "message" | "messages" | "gmail" | "mailbox" | "last"
            | "past" | "older" | "than" | "hour" | "account" | "folder" | "tab" | "category" => (Part::Nothing, 1),
            text if is_empty(text) => (Part::Nothing, 1),
            _ => (Part::Open, 1),
        },
        Some(TokenKind::Value(Value::Duration(minutes))) => {
            let older = (1..3).any(|back| word(reading, at.wrapping_sub(back)) == "older");
            let side = if older { "older" } else { "newer" };
            search(format!("{side}_than:{}d", minutes.div_ceil(1440).max(1)), 1)
        }
        Some(TokenKind::Value(Value::Email(mail))) => {
            let got = matches!(word(reading, at.wrapping_sub(1)), "at" | "to" | "in" | "on" | "for" | "reaches");
            search(format!("{}:{mail}", if got { "to" } else { "from" }), 1)
        }
        Some(TokenKind::Value(Value::Number(_))) => (Part::Nothing, 1),
        Some(TokenKind::Value(_)) if word(reading, at.wrapping_sub(1)) != "label" => (Part::Open, 1),
        _ => (Part::Nothing, 1),
    }
}
