//! `make load`: the long runs, one after the other, and their tables. With names of runs as arguments, those alone; with
//! names of binaries, `soak` has those alone.
//! COUNT: invocations of each binary in `soak`. FLIP_SECONDS, FROZEN_SECONDS: how long those last. Ends with an error
//! where something was found.

// The tables are what this program is for.
#![allow(clippy::print_stdout, clippy::print_stderr, reason = "a report for a terminal")]

use std::{env, error::Error, process::ExitCode, time::Duration};

use load::{
    flip, frozen,
    outage::{self, Outage},
    report::Report,
    soak::{self, Large},
    stage::ALL,
};

const RUNS: [&str; 4] = ["soak", "flip", "outage", "frozen"];
const REQUESTS_IN_AN_OUTAGE: usize = 1_000;
/// A fresh process has something to repeat with: in one an outage costs least, in many most.
const OUTAGES: [(Outage, usize); 5] = [
    (Outage::Refused, 1),
    (Outage::Refused, 20),
    (Outage::Unavailable, 1),
    (Outage::Unavailable, 20),
    (Outage::Hanging, 20),
];

#[tokio::main]
async fn main() -> Result<ExitCode, Box<dyn Error>> {
    let is_binary = |name: &str| ALL.iter().any(|(binary, _)| *binary == name);
    let (runs, binaries): (Vec<_>, Vec<_>) = env::args().skip(1).partition(|name| !is_binary(name));
    if let Some(unknown) = runs.iter().find(|name| !RUNS.contains(&name.as_str())) {
        return Err(format!("no such run or binary: {unknown}; the runs are {}", RUNS.join(", ")).into());
    }
    let wanted = |run: &str| runs.is_empty() || runs.iter().any(|name| name == run);
    let chosen = |binary: &str| binaries.is_empty() || binaries.iter().any(|name| name == binary);
    let (count, flip_seconds) = (number("COUNT", 100_000)?, number("FLIP_SECONDS", 60)?);
    let frozen_seconds = number("FROZEN_SECONDS", 600)?;
    // Those who are frozen need nothing of the machine: they are, while the others run.
    let frozen = wanted("frozen").then(|| tokio::spawn(frozen::run(seconds(frozen_seconds))));
    let mut complaints = Vec::new();
    if wanted("soak") {
        complaints.extend(told(soak::run(usize::try_from(count)?, Large::Throughout, chosen).await));
    }
    if wanted("flip") {
        complaints.extend(told(flip::by_time(seconds(flip_seconds), Duration::from_secs(1)).await));
    }
    if wanted("outage") {
        complaints.extend(told(outage::run(REQUESTS_IN_AN_OUTAGE, &OUTAGES).await));
    }
    if let Some(frozen) = frozen {
        complaints.extend(told(frozen.await?));
    }
    complaints.iter().for_each(|complaint| eprintln!("error: {complaint}"));
    Ok(if complaints.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// Prints a report, and gives back its complaints.
fn told(report: Report) -> Vec<String> {
    print!("{}", report.text);
    report.complaints
}

/// The positive number in a variable, where it is set.
fn number(variable: &str, default: u64) -> Result<u64, Box<dyn Error>> {
    match env::var(variable).ok().filter(|value| !value.trim().is_empty()) {
        None => Ok(default),
        Some(value) => match value.trim().parse() {
            Ok(number) if number > 0 => Ok(number),
            _ => Err(format!("{variable}={value} is not a positive whole number").into()),
        },
    }
}

fn seconds(number: u64) -> Duration {
    Duration::from_secs(number)
}
