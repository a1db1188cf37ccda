//! What clauses of a wish say: conditions, and orders that are none.

use super::tables::TABLES;

/// Signs as words: "age >= 18" is "age is at least 18".
pub(in crate::patcher) fn spelt(condition: &str) -> String {
    [
        (">=", "is at least"),
        ("<=", "is at most"),
        ("==", "is exactly"),
        ("!=", "is not"),
        (">", "is over"),
        ("<", "is under"),
    ]
    .iter()
    .fold(
        condition.to_owned(),
        |text, (sign, words)| if text.contains(sign) { text.replace(sign, words) } else { text },
    )
}

/// Without "only if".
pub(in crate::patcher) fn bare_condition(text: &str) -> &str {
    let lower = text.to_lowercase();
    let opens = |opener: &&str| lower.strip_prefix(*opener).is_some_and(|rest| rest.starts_with(' '));
    // "unless" is a part of what it says.
    let openers =
        TABLES.conditions.split('|').filter(|opener| !opener.starts_with("unless") && !opener.contains("except"));
    let opener = openers.filter(opens).max_by_key(|opener| opener.len());
    opener.and_then(|opener| text.get(opener.len() + 1..)).unwrap_or(text)
}

/// "do nothing"
pub(in crate::patcher) fn is_idle(text: &str) -> bool {
    let lower = text.trim().to_lowercase();
    matches!(
        lower.as_str(),
        "do nothing"
            | "nothing"
            | "send nothing"
            | "post nothing"
            | "not"
            | "nothing should happen"
            | "nothing happens"
            | "stop"
            | "stop there"
            | "stop here"
            | "stop the run"
            | "end the run"
            | "end there"
            | "the agent should stop"
            | "don't do anything"
            | "do not do anything"
            | "don't go on"
            | "do not go on"
            | "don't continue"
            | "do not continue"
            | "quit"
            | "skip the run"
    )
}

/// "sales should not get a message", "X should only happen": the order, and whether it is forbidden.
pub(in crate::patcher) fn ruled(text: &str) -> Option<(String, bool)> {
    let lower = text.to_lowercase();
    let words = [
        (" should only ", false),
        (" must only ", false),
        (" may only ", false),
        (" should not ", true),
        (" shouldn't ", true),
        (" must not ", true),
        (" mustn't ", true),
        (" should never ", true),
        (" should no longer ", true),
        (" does not ", true),
        (" doesn't ", true),
        (" do not ", true),
        (" don't ", true),
        (" should ", false),
        (" only ", false),
    ];
    let (at, length, forbidden) =
        words.iter().find_map(|(word, forbidden)| lower.find(word).map(|at| (at, word.len(), *forbidden)))?;
    let (subject, rest) = (text.get(..at)?.trim(), text.get(at + length..)?.trim());
    let empty = [
        "happen",
        "happens",
        "run",
        "runs",
        "be sent",
        "be done",
        "be made",
        "be created",
        "be run",
        "be executed",
        "start",
        "go out",
        "go",
        "come",
        "be used",
        "be posted",
        "be published",
        "fire",
        "work",
    ];
    let rest = if empty.contains(&rest.to_lowercase().as_str()) { "" } else { rest };
    (!subject.is_empty()).then(|| (format!("{subject} {rest}").trim().to_owned(), forbidden))
}
