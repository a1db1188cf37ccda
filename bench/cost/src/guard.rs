//! `cost guard`: compares instructions, bytes and the ratio to the forwarder with the stored ones.
//!
//! All machines of an architecture count alike: the compiler is pinned, and valgrind shows libc and ring the same processor
//! everywhere. Another libc counts differently. Each architecture has a file of its own.

use std::{collections::BTreeMap, env::consts::ARCH, fs, path::PathBuf};

use futures_util::{StreamExt, stream};
use kit::binaries;
use load::{report::Report, stage::Role};

use crate::{
    callgrind::{Executed, is_here},
    sizes,
    subject::{EMPTY, FORWARDER, PLANNED, Places, Program, REMOTE, Subject, Task, ours},
};

/// Processes counted side by side.
const AT_ONCE: usize = 2;
/// Percent by which a figure may exceed the stored one. Below by more than this, the table asks to store it.
const SLACK: u64 = 10;

const GUARDED: [Subject; 9] = [
    EMPTY,
    FORWARDER,
    REMOTE,
    ours("decompose", Role::Remote, Task::Usual),
    ours("patch", Role::Remote, Task::Usual),
    PLANNED,
    ours("generate", Role::Builtin, Task::Usual),
    ours("patch", Role::Builtin, Task::Usual),
    ours("generate", Role::Worker, Task::Usual),
];
const BINARIES: [&str; 11] = [
    "authorizer",
    "catalog",
    "decompose",
    "deliver",
    "generate",
    "library",
    "mcp",
    "operations",
    "page",
    "patch",
    "stream",
];

type Figures = BTreeMap<String, u64>;

/// Counts, stores the figures if told to `store`, and compares.
pub(crate) async fn run(places: &Places, store: bool) -> Report {
    let about = "Instructions and bytes, which do not depend on how busy a machine is, compared with the stored ones.";
    let mut report = Report::new("Guard", about);
    if !is_here() {
        report.complaints.push("valgrind is needed (Debian, Ubuntu: apt install valgrind)".to_owned());
        return report;
    }
    let now = counted(places).await;
    if store {
        let text = serde_json::to_string_pretty(&now).expect("numbers are JSON");
        fs::write(file(), format!("{text}\n")).expect("the tree can be written");
        report.text.push_str("Stored.\n");
    }
    match fs::read_to_string(file()) {
        Ok(text) => compare(&serde_json::from_str(&text).expect("what is stored is JSON"), &now, &mut report),
        Err(error) => report.complaints.push(format!("{}: {error}; `make guard STORE=1` makes it", file().display())),
    }
    report
}

fn file() -> PathBuf {
    binaries::workspace().join(format!("bench/cost/guard.{ARCH}.json"))
}

async fn counted(places: &Places) -> Figures {
    let counting = GUARDED.into_iter().map(async |subject| (subject, Executed::by(subject, places).await));
    let counts: Vec<_> = stream::iter(counting).buffered(AT_ONCE).collect().await;
    let of = |wanted| counts.iter().find(|(subject, _)| *subject == wanted).map_or(1, |(_, count)| count.invocation);
    let ratio = of(REMOTE) * 100 / of(FORWARDER);
    let mut figures = Figures::from([("percent of the forwarder, an invocation of `generate`".to_owned(), ratio)]);
    for (subject, count) in &counts {
        figures.insert(format!("instructions, start and end, {}", subject.name()), count.start);
        figures.insert(format!("instructions, an invocation, {}", subject.name()), count.invocation);
    }
    let bytes = |binary| (format!("bytes, `{binary}`"), sizes::plain(&places.of(Program::Ours, binary)));
    figures.extend(BINARIES.map(bytes));
    figures
}

/// Adds the table, and a complaint for each figure that is too high or only on one side.
fn compare(stored: &Figures, now: &Figures, report: &mut Report) {
    let mut rows = Vec::new();
    for name in stored.keys().chain(now.keys().filter(|name| !stored.contains_key(*name))) {
        let (before, after) = (stored.get(name), now.get(name));
        let verdict = match (before, after) {
            (Some(before), Some(after)) if after * 100 > before * (100 + SLACK) => Err("more"),
            (Some(before), Some(after)) if after * 100 < before * (100 - SLACK) => Ok("less: `make guard STORE=1`"),
            (Some(_), Some(_)) => Ok("as before"),
            _ => Err("only on one side"),
        };
        let shown = |figure: Option<&u64>| figure.map_or_else(|| "-".to_owned(), u64::to_string);
        let (before, after) = (shown(before), shown(after));
        if let Err(wrong) = verdict {
            report.complaints.push(format!("{name}: {after} instead of {before}, {wrong}"));
        }
        rows.push(vec![name.clone(), before, after, verdict.unwrap_or_else(|wrong| wrong).to_owned()]);
    }
    report.table(1, &["what", "stored", "now", ""], &rows);
}

#[cfg(test)]
mod tests {
    use load::report::Report;

    use super::{Figures, compare};

    fn compared(stored: &[(&str, u64)], now: &[(&str, u64)]) -> Report {
        let figures = |all: &[(&str, u64)]| all.iter().map(|(name, figure)| ((*name).to_owned(), *figure)).collect();
        let (stored, now): (Figures, Figures) = (figures(stored), figures(now));
        let mut report = Report::default();
        compare(&stored, &now, &mut report);
        report
    }

    #[test]
    fn a_change_that_makes_invocations_dearer_does_not_pass() {
        assert_eq!(compared(&[("start", 1_000)], &[("start", 1_100)]).complaints, [""; 0]);
        assert_eq!(compared(&[("start", 1_000)], &[("start", 1_101)]).complaints.len(), 1);
    }

    #[test]
    fn a_figure_that_nothing_is_held_against_does_not_pass() {
        assert_eq!(compared(&[("old", 1)], &[("new", 1)]).complaints.len(), 2);
    }

    #[test]
    fn what_was_gained_is_stored_and_not_spent_again() {
        let report = compared(&[("start", 1_000)], &[("start", 899)]);
        assert_eq!(report.complaints, [""; 0]);
        assert!(report.text.contains("STORE=1"), "{}", report.text);
    }
}
