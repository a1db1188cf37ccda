mod named;
mod properties;
mod times;
mod words;

use super::tokens;
use crate::reading::{TokenKind, Value};

/// The tokens of a text: words as they are, values with their kind, marks by name.
fn shown(text: &str) -> String {
    let show = |kind: TokenKind| match kind {
        TokenKind::Word(word) => word,
        TokenKind::Value(value) => match value {
            Value::Url(text) => format!("url({text})"),
            Value::Email(text) => format!("email({text})"),
            Value::Channel(text) => format!("channel({text})"),
            Value::Handle(text) => format!("handle({text})"),
            Value::Subreddit(text) => format!("subreddit({text})"),
            Value::Repository(text) => format!("repository({text})"),
            Value::Quoted(text) => format!("quoted({text})"),
            Value::Number(number) => format!("number({number})"),
            Value::Amount(text) => format!("amount({text})"),
            Value::Duration(minutes) => format!("minutes({minutes})"),
            Value::Time(hour, minute) => format!("time({hour}:{minute:02})"),
            Value::Date(text) => format!("date({text})"),
            Value::Placeholder(text) => format!("placeholder({text})"),
            Value::Identifier(text) => format!("identifier({text})"),
            Value::Path(text) => format!("path({text})"),
        },
        TokenKind::Mark(mark) => format!("{mark:?}").to_uppercase(),
    };
    tokens(text).into_iter().map(|token| show(token.kind)).collect::<Vec<_>>().join(" ")
}

/// Each text has exactly these tokens.
fn hold(cases: &[(&str, &str)]) {
    let wrong: Vec<String> = cases
        .iter()
        .filter_map(|(text, expected)| {
            let found = shown(text);
            (found != *expected).then(|| format!("{text}\n  is  {found}\n  not {expected}"))
        })
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
