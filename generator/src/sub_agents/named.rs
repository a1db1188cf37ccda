//! Finds where a text names an agent. A name may be words that mean something else, so it counts only if the text says
//! that it is an agent, or runs it.

use std::ops::Range;

/// Stand before or behind the name of an agent.
const KINDS: [&str; 10] =
    ["agent", "agents", "assistant", "bot", "workflow", "automation", "sub-agent", "subagent", "called", "named"];
/// Run what they stand before.
const RUNS: [&str; 10] = ["run", "execute", "invoke", "launch", "use", "call", "start", "trigger", "reuse", "rerun"];
/// Lead to what may be an agent, if it is written as its name is.
const LEADS: [&str; 14] =
    ["my", "our", "with", "through", "via", "by", "to", "into", "let", "have", "ask", "from", "of", "and"];
/// Between the two.
const BETWEEN: [&str; 7] = ["my", "our", "the", "existing", "own", "saved", "library"];

/// The names that stand in the text, in order; none lies in another. Of two that begin at the same place the longer counts.
pub(super) fn find<'n>(text: &str, names: impl Iterator<Item = &'n str>) -> Vec<Range<usize>> {
    let mut found: Vec<Range<usize>> = Vec::new();
    for name in names.map(str::trim).filter(|name| name.chars().any(char::is_alphanumeric)) {
        let begins = |at: &usize| !before(text, *at).is_some_and(char::is_alphanumeric);
        let starts = text.char_indices().map(|(at, _)| at).filter(begins);
        found.extend(starts.filter_map(|at| Some(at..at + matched(text.get(at..)?, name)?)));
    }
    found.sort_by_key(|range| (range.start, std::cmp::Reverse(range.end)));
    let names = |range: &Range<usize>, last: Option<usize>| is_agent(text, range, last);
    let mut all: Vec<Range<usize>> = Vec::new();
    for range in found {
        let last = all.last().map(|last| last.end);
        if last.is_none_or(|end| range.start >= end) && names(&range, last) {
            all.push(range);
        }
    }
    all
}

fn before(text: &str, at: usize) -> Option<char> {
    text.get(..at)?.chars().next_back()
}

/// The length of the name at the start of the text, in any case.
fn matched(text: &str, name: &str) -> Option<usize> {
    let mut left = text.char_indices();
    for c in name.chars() {
        let (_, other) = left.next()?;
        if other != c && !other.to_lowercase().eq(c.to_lowercase()) {
            return None;
        }
    }
    let rest = left.as_str();
    (!rest.starts_with(char::is_alphanumeric)).then(|| text.len() - rest.len())
}

/// `last` is where the name before ends: in "Lead scorer and Mailer" both are agents.
fn is_agent(text: &str, range: &Range<usize>, last: Option<usize>) -> bool {
    let (ahead, behind) = (text.get(..range.start).unwrap_or_default(), text.get(range.end..).unwrap_or_default());
    let name = text.get(range.clone()).unwrap_or_default();
    let next = behind.split_whitespace().next().map(bare).unwrap_or_default();
    let mut words = ahead.split_whitespace().rev().take(6).map(bare).filter(|word| !word.is_empty()).peekable();
    let own = words.peek().cloned().unwrap_or_default();
    let first = words.find(|word| !BETWEEN.contains(&word.as_str())).unwrap_or_default();
    let several = name.contains(' ');
    let proper = name.chars().any(char::is_uppercase);
    let listed = last.is_some_and(|end| {
        let between = text.get(end..range.start).unwrap_or_default();
        between.split_whitespace().map(bare).all(|word| {
            word.is_empty() || BETWEEN.contains(&word.as_str()) || matches!(word.as_str(), "and" | "then" | "agent")
        })
    });
    listed
        || KINDS.contains(&next.as_str())
        || KINDS.contains(&first.as_str())
        || is_running(&first) && (several || proper)
        || (LEADS.contains(&first.as_str()) || LEADS.contains(&own.as_str())) && proper && several
}

/// Whether a verb, in any form that stands before a name, runs what it is about.
pub(crate) fn is_running(verb: &str) -> bool {
    let form = |base: &&str| match base.strip_suffix('e') {
        Some(stem) => verb.strip_prefix(stem).is_some_and(|rest| matches!(rest, "e" | "es" | "ing")),
        None => verb.strip_prefix(base).is_some_and(|rest| matches!(rest, "" | "s" | "es" | "ing" | "ning")),
    };
    RUNS.iter().any(form)
}

/// A word without the signs around it.
fn bare(word: &str) -> String {
    word.trim_matches(|c: char| !c.is_alphanumeric()).to_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn named(text: &str) -> Vec<&str> {
        let names = ["Lead scorer", "Lead scorer v2", "Summary", "Send e-mail", "Ärger-Melder", "  "];
        find(text, names.into_iter()).into_iter().map(|range| &text[range]).collect()
    }

    #[test]
    fn a_name_counts_if_the_person_speaks_of_an_agent() {
        for (text, expected) in [
            ("Run my agent Lead scorer and mail the score", vec!["Lead scorer"]),
            ("use lead scorer on each row", vec!["lead scorer"]),
            ("pass it to the Lead scorer v2 agent", vec!["Lead scorer v2"]),
            ("Score it with Lead scorer, post it", vec!["Lead scorer"]),
            ("Run Lead scorer and then my Ärger-Melder", vec!["Lead scorer", "Ärger-Melder"]),
            ("call my agent “Summary”", vec!["Summary"]),
            (
                "after launching Lead scorer, running Ärger-Melder, it uses Summary",
                vec!["Lead scorer", "Ärger-Melder", "Summary"],
            ),
            ("my agent called Summary gets the text", vec!["Summary"]),
        ] {
            assert_eq!(named(text), expected, "{text}");
        }
    }

    #[test]
    fn words_that_happen_to_be_a_name_stay_words() {
        for text in [
            "Write a summary of the page",
            "send e-mail to ann@example.com",
            "Post the Summary to Slack",
            "a lead scorer would be nice",
            "Send us Lead scorer news",
            "Lead scorers are mailed",
            "",
        ] {
            assert_eq!(named(text), [""; 0], "{text}");
        }
    }
}
