use super::{Vocabulary, read};

/// Every token lies in exactly one clause, and `under` points at a clause.
fn covered(text: &str) {
    let reading = read(&Vocabulary::standard(), text);
    let mut at = 0;
    for clause in &reading.clauses {
        assert_eq!(clause.span.start, at, "{text}");
        at = clause.span.end;
        assert!(clause.under.is_none_or(|under| under < reading.clauses.len()), "{text}");
    }
    assert_eq!(at, reading.tokens.len(), "{text}");
}

#[test]
fn no_token_is_lost_or_read_twice() {
    for text in [
        "",
        "...",
        "Hi! When a mail comes (from Bob), post it to #news and, if it is urgent, call me: now -> then; else: nothing.",
        "and and and, or, if when so that to to by by without",
        "( ( ) ) : : , , if if the the of of",
    ] {
        covered(text);
    }
}
