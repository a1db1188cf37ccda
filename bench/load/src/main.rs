//! `make load` and `make limits`: runs the load tests one after the other and prints their tables. Arguments select runs, and binaries for `soak`.
//!
//! COUNT is the number of invocations per binary in `soak`; FLIP_SECONDS and FROZEN_SECONDS are the lengths of those runs. Exits
//! with an error if a run found a fault.

#![allow(clippy::print_stdout, clippy::print_stderr, reason = "a report for a terminal")]

use std::{env, error::Error, process::ExitCode, time::Duration};

use load::{
    flip, frozen,
    limits::{self, Shapes},
    outage::{self, Outage},
    report::Report,
    soak::{self, Large},
    stage::ALL,
};

const RUNS: [&str; 5] = ["soak", "flip", "outage", "frozen", LIMITS];
/// Only if it is asked for: `make limits`.
const LIMITS: &str = "limits";
const REQUESTS_IN_AN_OUTAGE: usize = 1_000;
/// With numbers of processes. Each fresh process has a budget for retries, so many processes are the worst case.
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
    let wanted = |run: &str| (runs.is_empty() && run != LIMITS) || runs.iter().any(|name| name == run);
    let chosen = |binary: &str| binaries.is_empty() || binaries.iter().any(|name| name == binary);
    let (count, flip_seconds) = (number("COUNT", 100_000)?, number("FLIP_SECONDS", 60)?);
    let frozen_seconds = number("FROZEN_SECONDS", 600)?;
    // Frozen processes need no processor: they wait while the other runs work.
    let frozen = wanted("frozen").then(|| tokio::spawn(frozen::run(seconds(frozen_seconds))));
    let mut complaints = Vec::new();
    if wanted("soak") {
        complaints.extend(printed(soak::run(usize::try_from(count)?, Large::Throughout, chosen).await));
    }
    if wanted("flip") {
        complaints.extend(printed(flip::by_time(seconds(flip_seconds), Duration::from_secs(1)).await));
    }
    if wanted("outage") {
        complaints.extend(printed(outage::run(REQUESTS_IN_AN_OUTAGE, &OUTAGES).await));
    }
    if wanted(LIMITS) {
        complaints.extend(printed(limits::run(chosen, Shapes::Every).await));
    }
    if let Some(frozen) = frozen {
        complaints.extend(printed(frozen.await?));
    }
    complaints.iter().for_each(|complaint| eprintln!("error: {complaint}"));
    Ok(if complaints.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// Prints a report and returns its complaints.
fn printed(report: Report) -> Vec<String> {
    print!("{}", report.text);
    report.complaints
}

/// The positive number in a variable, or the default.
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
