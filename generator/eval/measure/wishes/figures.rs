//! Adds up what came of the wishes: by set, by size of the agent, by kind of wish.

use std::fmt::Write as _;

use super::{
    super::{figures::Share, goal::Set},
    alike::Alike,
    judge::{Outcome, Verdict},
};

/// Nodes of a small agent, at most; of a large one, at least.
const SMALL: usize = 6;
const LARGE: usize = 100;

#[derive(Debug, Clone, Default)]
pub(crate) struct Figures {
    pub(crate) right: Share,
    /// Of the test set.
    test: Share,
    pub(crate) silent: Share,
    partly: usize,
    unasked: usize,
    needless: usize,
    refused: usize,
}

type Row = (String, Figures);

pub(crate) fn figures<'a>(verdicts: impl IntoIterator<Item = &'a Verdict>) -> Figures {
    verdicts.into_iter().fold(Figures::default(), |mut figures, verdict| {
        let is = |outcome| verdict.outcome == outcome;
        figures.right.count(is(Outcome::Right));
        if verdict.wish.set == Some(Set::Test) {
            figures.test.count(is(Outcome::Right));
        }
        figures.silent.count(is(Outcome::Silent));
        figures.partly += usize::from(is(Outcome::Partly));
        figures.unasked += usize::from(is(Outcome::Unasked));
        figures.needless += usize::from(is(Outcome::Needless));
        figures.refused += usize::from(is(Outcome::Refused));
        figures
    })
}

/// Kinds come in the order of the wishes.
pub(crate) fn rows(verdicts: &[Verdict]) -> Vec<Row> {
    let mut rows: Vec<Row> = Vec::new();
    let mut row = |name: &str, is_of: &dyn Fn(&Verdict) -> bool| {
        rows.push((name.to_owned(), figures(verdicts.iter().filter(|verdict| is_of(verdict)))));
    };
    row("set: tuned", &|verdict| verdict.wish.set == Some(Set::Tune));
    row("set: test", &|verdict| verdict.wish.set == Some(Set::Test));
    row("agent: small", &|verdict| verdict.nodes <= SMALL);
    row("agent: medium", &|verdict| verdict.nodes > SMALL && verdict.nodes < LARGE);
    row("agent: large", &|verdict| verdict.nodes >= LARGE);
    row("agent: shuffled", &|verdict| verdict.wish.shuffled);
    row("agent: unknown block", &|verdict| verdict.is_unknown);
    let mut kinds: Vec<&str> = Vec::new();
    for verdict in verdicts {
        if !kinds.contains(&verdict.wish.kind.as_str()) {
            kinds.push(&verdict.wish.kind);
        }
    }
    for kind in kinds {
        row(kind, &|verdict| verdict.wish.kind == kind);
    }
    rows.retain(|(_, figures)| figures.right.of > 0);
    rows.push(("**all**".to_owned(), figures(verdicts)));
    rows
}

/// In Markdown.
pub(crate) fn table(rows: &[Row]) -> String {
    let mut text = "| wishes | right | of the test set | partly | unasked | silent success | needless questions | wrong refusals |\n\
        |---|---|---|---|---|---|---|---|\n"
        .to_owned();
    for (name, Figures { right, test, silent, partly, unasked, needless, refused }) in rows {
        let _ =
            writeln!(text, "| {name} | {right} | {test} | {partly} | {unasked} | {silent} | {needless} | {refused} |");
    }
    text
}

pub(crate) fn wordings(alike: &Alike) -> String {
    format!("The same change in all three wordings: {}; all three right: {}.", alike.same, alike.right)
}
