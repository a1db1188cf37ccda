//! `make eval`: how good a planner is, in figures. `--misses` also shows what went wrong, for the tuning set alone.
//! Ends with an error where the figures fall short of what is promised.

// The figures are what this program is for.
#![allow(clippy::print_stdout, reason = "a report for a terminal")]

mod measure;

use std::{
    env,
    error::Error,
    time::{Duration, Instant},
};

use generator::Builtin;
use measure::{Set, figures, measured, misses};

/// A clause, to be repeated.
const CLAUSE: &str = "summarise a web page, then ";

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let planner = Builtin::new();
    let verdicts = measured(&planner).await?;
    for (name, set) in [("tuning set", Some(Set::Tune)), ("test set", Some(Set::Test)), ("all goals", None)] {
        let figures = figures(&verdicts, set);
        println!("{name}");
        for (what, share) in [
            ("agents that hold", figures.valid),
            ("agents as expected", figures.built),
            ("vague recognised", figures.vague),
            ("unachievable recognised", figures.unachievable),
            ("choices asked about", figures.asked),
        ] {
            println!("  {what:<24}{share}");
        }
    }
    for (what, goal) in [
        ("a goal of ten clauses", CLAUSE.repeat(10)),
        ("a goal of 20,000 characters", CLAUSE.repeat(20_000 / CLAUSE.len())),
    ] {
        // The best of a few: what the machine does beside it is no matter.
        let mut best = Duration::MAX;
        for _ in 0..5 {
            let begun = Instant::now();
            planner.decompose_now(&goal, None).map_err(|failure| failure.service_error)?;
            best = best.min(begun.elapsed());
        }
        println!("{what:<28}{best:.1?}");
    }
    if env::args().any(|argument| argument == "--misses") {
        misses(&verdicts).iter().for_each(|miss| println!("\n{miss}"));
    }
    let broken = figures(&verdicts, None).broken_promises();
    if broken.is_empty() { Ok(()) } else { Err(broken.join("; ").into()) }
}
