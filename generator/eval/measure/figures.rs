//! Adds up verdicts, by set and by source.

use std::{fmt, fmt::Write as _};

use tokio::time::Duration;

use super::{
    goal::{Kind, Set},
    judge::{Checks, Verdict},
};

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Share {
    pub(crate) hits: usize,
    pub(crate) of: usize,
}

impl Share {
    pub(crate) fn count(&mut self, hit: bool) {
        self.hits += usize::from(hit);
        self.of += 1;
    }

    /// False if nothing was counted.
    pub(crate) fn is_at_least(self, percent: usize) -> bool {
        self.of > 0 && self.hits * 100 >= percent * self.of
    }
}

impl fmt::Display for Share {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.hits * 100 + self.of / 2).checked_div(self.of) {
            Some(percent) => write!(f, "{} of {} ({percent} %)", self.hits, self.of),
            None => f.write_str("-"),
        }
    }
}

#[derive(Debug, Clone, Default)]
pub(crate) struct Figures {
    /// All that the goal says about its answer holds.
    pub(crate) right: Share,
    pub(crate) kind: Share,
    pub(crate) blocks: Share,
    pub(crate) cron: Share,
    pub(crate) values: Share,
    /// Refusals, questions and `left_out` name what they must.
    pub(crate) named: Share,
    /// Agents that drop nothing in silence.
    pub(crate) complete: Share,
    /// Content words that stand somewhere.
    pub(crate) words: Share,
    pub(crate) valid: Share,
    /// Agents that do something outside that nobody asked for.
    pub(crate) unasked: usize,
    /// Questions if an agent, a refusal or a suggestion would be right, and a question would not.
    pub(crate) needless: usize,
    /// Goals that are called impossible or vague, and are not.
    pub(crate) refused: usize,
    took: Vec<Duration>,
}

impl Figures {
    fn count(&mut self, verdict: &Verdict) {
        self.right.count(verdict.right());
        self.kind.count(verdict.kind_right);
        self.took.push(verdict.took);
        verdict.valid.into_iter().for_each(|valid| self.valid.count(valid));
        verdict.said.into_iter().for_each(|named| self.named.count(named));
        if !verdict.kind_right {
            self.needless += usize::from(verdict.kind == Some(Kind::Ask));
            self.refused += usize::from(matches!(verdict.kind, Some(Kind::Refuse | Kind::Vague)));
        }
        if let Some(Checks { blocks, cron, values, left_out, unasked, covered }) = &verdict.agent {
            for (share, check) in [
                (&mut self.blocks, blocks),
                (&mut self.cron, cron),
                (&mut self.values, values),
                (&mut self.named, left_out),
            ] {
                check.iter().for_each(|hit| share.count(*hit));
            }
            self.complete.count(covered.dropped.is_empty());
            self.words.hits += covered.of - covered.dropped.len();
            self.words.of += covered.of;
            self.unasked += usize::from(!unasked.is_empty());
        }
    }

    /// How long a plan takes: half of them at most this, and the longest.
    pub(crate) fn took(&self) -> Option<(Duration, Duration)> {
        let mut took = self.took.clone();
        took.sort_unstable();
        Some((*took.get(took.len() / 2)?, *took.last()?))
    }
}

pub(crate) fn figures<'a>(verdicts: impl IntoIterator<Item = &'a Verdict>) -> Figures {
    verdicts.into_iter().fold(Figures::default(), |mut figures, verdict| {
        figures.count(verdict);
        figures
    })
}

/// The figures of each set, of each source in the order of the goals, and of all.
pub(crate) fn by_source(verdicts: &[Verdict]) -> Vec<(String, Figures)> {
    let mut rows = Vec::new();
    for (name, set) in [("set: tuned", Set::Tune), ("set: test", Set::Test), ("set: aside", Set::Aside)] {
        rows.push((name.to_owned(), figures(verdicts.iter().filter(|verdict| verdict.goal.set == Some(set)))));
    }
    let mut sources: Vec<&str> = Vec::new();
    for verdict in verdicts {
        if !sources.contains(&verdict.goal.source.as_str()) {
            sources.push(&verdict.goal.source);
        }
    }
    rows.extend(
        sources.into_iter().map(|source| {
            (source.to_owned(), figures(verdicts.iter().filter(|verdict| verdict.goal.source == source)))
        }),
    );
    rows.retain(|(_, figures)| figures.right.of > 0);
    rows.push(("**all**".to_owned(), figures(verdicts)));
    rows
}

/// In Markdown.
pub(crate) fn table(rows: &[(String, Figures)]) -> String {
    let mut text = "| goals | right | kind of answer | blocks | schedule | values | named | nothing dropped | words kept \
        | unasked acts | needless questions | wrong refusals | valid agents |\n|---|---|---|---|---|---|---|---|---|---|---|---|---|\n"
        .to_owned();
    for (name, row) in rows {
        let Figures { right, kind, blocks, cron, values, named, complete, words, valid, .. } = row;
        let _ = writeln!(
            text,
            "| {name} | {right} | {kind} | {blocks} | {cron} | {values} | {named} | {complete} | {words} | {} | {} | {} | {valid} |",
            row.unasked, row.needless, row.refused,
        );
    }
    text
}
