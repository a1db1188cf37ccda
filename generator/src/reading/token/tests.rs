use super::tokens;
use crate::reading::{TokenKind, Value};

/// The tokens of a text, one a word: values by their kind, marks by theirs.
fn shown(text: &str) -> Vec<String> {
    let show = |kind: TokenKind| match kind {
        TokenKind::Word(word) => word,
        TokenKind::Value(value) => format!("{value:?}"),
        TokenKind::Mark(mark) => format!("<{mark:?}>"),
    };
    tokens(text).into_iter().map(|token| show(token.kind)).collect()
}

#[test]
fn what_a_person_names_is_one_value() {
    for (text, value) in [
        ("https://example.com/feed.xml,", Value::Url("https://example.com/feed.xml".to_owned())),
        ("bob@example.com.", Value::Email("bob@example.com".to_owned())),
        ("#general", Value::Channel("#general".to_owned())),
        ("half past nine", Value::Time(9, 30)),
        ("an hour and a half", Value::Duration(90)),
    ] {
        assert_eq!(tokens(text).first().and_then(|token| token.value()), Some(&value), "{text}");
    }
}

#[test]
fn words_are_in_the_spelling_of_the_vocabulary() {
    assert_eq!(shown("Summarize the team's to-dos"), ["summarise", "the", "team", "todos"]);
}
