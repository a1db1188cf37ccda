//! Counts instructions with valgrind: the same number in every run, however busy the machine is.

use std::{
    env, fs,
    process::{Command, Stdio},
    sync::atomic::{AtomicUsize, Ordering},
};

use load::report::{Report, decimal};

use crate::{
    sample::asked,
    subject::{Places, Subject},
};

/// Invocations of a short and a long run: the difference is warm.
const SHORT: usize = 10;
const LONG: usize = 50;

/// Instructions of one process.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Executed {
    /// From its start to its end, without an invocation.
    pub(crate) start: u64,
    /// In each warm invocation.
    pub(crate) invocation: u64,
}

/// Whether valgrind is installed.
pub(crate) fn is_here() -> bool {
    let mut valgrind = Command::new("valgrind");
    valgrind.arg("--version").stdout(Stdio::null()).stderr(Stdio::null()).status().is_ok_and(|status| status.success())
}

/// Adds a table of the instructions of each subject, if valgrind is installed.
pub(crate) async fn tell(subjects: &[Subject], places: &Places, report: &mut Report) {
    if !is_here() {
        return;
    }
    report.section("Instructions", "Counted by valgrind, in millions: the same in every run.");
    let mut rows = Vec::new();
    for subject in subjects {
        let executed = Executed::by(*subject, places).await;
        let [start, invocation] = [executed.start, executed.invocation].map(|count| decimal(count as f64 / 1e6, 2));
        rows.push(vec![subject.name(), start, invocation]);
    }
    report.table(1, &["", "start and end", "a warm invocation"], &rows);
}

impl Executed {
    pub(crate) async fn by(subject: Subject, places: &Places) -> Self {
        let start = instructions(subject, places, 0).await;
        let (short, long) = (instructions(subject, places, SHORT).await, instructions(subject, places, LONG).await);
        Self { start, invocation: (long - short) / (LONG - SHORT) as u64 }
    }
}

/// Runs a subject under valgrind, from its start to its end.
async fn instructions(subject: Subject, places: &Places, invocations: usize) -> u64 {
    static RUNS: AtomicUsize = AtomicUsize::new(0);
    let run = RUNS.fetch_add(1, Ordering::Relaxed);
    let profile = env::temp_dir().join(format!("cost-{}-{run}.callgrind", std::process::id()));
    let out = format!("--callgrind-out-file={}", profile.display());
    let under = ["valgrind", "--tool=callgrind", "--log-file=/dev/null", &out].map(str::to_owned);
    let mut stage = subject.start(places, &under).await;
    for _ in 0..invocations {
        asked(&mut stage).await;
    }
    stage.function.end().await;
    let text = fs::read_to_string(&profile).expect("valgrind writes its profile");
    let _ = fs::remove_file(&profile);
    totals(&text).unwrap_or_else(|| panic!("valgrind counted nothing of {}", subject.name()))
}

fn totals(profile: &str) -> Option<u64> {
    profile.lines().find_map(|line| line.strip_prefix("totals: ")?.trim().parse().ok())
}

#[cfg(test)]
mod tests {
    use super::totals;

    #[test]
    fn a_profile_without_a_total_is_not_taken_for_a_count() {
        assert_eq!(totals("events: Ir\nfn=main\n16 1\ntotals: 14\n"), Some(14));
        assert_eq!(totals("events: Ir\nfn=main\n16 1\n"), None);
    }
}
