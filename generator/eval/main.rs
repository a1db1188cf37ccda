//! `make eval`: measures the quality of the planner that `PLANNER` configures, with the project's own goals or with the
//! JSON lines that `GOALS` names. `VERBOSE=1` or `-v` lists what went wrong. Planning by rules and with the own goals,
//! it writes the figures into `docs/QUALITY.md`, and fails if they are below what is promised.

#![allow(clippy::print_stdout, reason = "a report for a terminal")]

mod measure;

use std::{
    env,
    error::Error,
    fs,
    time::{Duration, Instant},
};

use generator::{
    Builtin,
    config::{Config, Planner},
};
use measure::{
    failures,
    figures::{by_source, table},
    floors::broken_floors,
    goal::lines,
    judge::Verdict,
    measured, misses, own_goals,
    paraphrases::{Alike, alike},
    used,
};
use shared::failure::ModelUse;

const CLAUSE: &str = "summarise a web page, then ";
const REPORT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/QUALITY.md");
const BEGIN: &str = "<!-- figures: written by make eval -->\n";
const END: &str = "<!-- end of figures -->\n";

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let config = Config::from_env()?;
    let planner = generator::builtin(&config, None)?;
    let by_rules = matches!(config.planner, Planner::Rules);
    let verbose =
        env::args().any(|argument| argument == "-v") || env::var("VERBOSE").is_ok_and(|value| !value.is_empty());
    let other = env::var("GOALS").ok().filter(|path| !path.is_empty());

    let goals = match &other {
        Some(path) => lines(&fs::read_to_string(path).map_err(|error| format!("{path}: {error}"))?)?,
        None => own_goals()?,
    };
    let verdicts = measured(&planner, goals).await?;
    let rows = by_source(&verdicts);
    println!("{}", terminal(&table(&rows)));
    if let Some((half, longest)) = rows.last().and_then(|(_, all)| all.took()) {
        println!("a plan takes {half:.1?} (half of the goals), at most {longest:.1?}");
    }
    if by_rules {
        timings();
    } else {
        println!("{}", cost(&verdicts));
        if let [first, ..] = failures(&verdicts).as_slice() {
            println!("{} goals got no answer; the first: {}", failures(&verdicts).len(), first.service_error);
        }
    }
    let mut alike_now = Alike::default();
    if other.is_none() {
        alike_now = alike(&planner).await?;
        println!("{}", wordings(&alike_now));
    }
    if verbose {
        misses(&verdicts).iter().chain(&alike_now.differ).for_each(|miss| println!("\n{miss}"));
    }
    if other.is_some() || !by_rules {
        return Ok(());
    }
    write(&format!("{}\n{}\n", table(&rows), wordings(&alike_now)))?;
    let broken = broken_floors(&verdicts, &alike_now);
    if broken.is_empty() { Ok(()) } else { Err(broken.join("; ").into()) }
}

fn wordings(alike: &Alike) -> String {
    format!("The same blocks in all three wordings: {}; in at least two: {}.", alike.all, alike.two)
}

/// The table in columns of one width.
fn terminal(markdown: &str) -> String {
    let rows = || markdown.lines().filter(|line| !line.starts_with("|--"));
    let cells = |line: &str| line.trim_matches('|').split('|').map(|cell| cell.trim().to_owned()).collect::<Vec<_>>();
    let width = |at: usize| rows().filter_map(|line| cells(line).get(at).map(|cell| cell.chars().count())).max();
    let shown = rows().map(|line| {
        let padded = cells(line).into_iter().enumerate().map(|(at, cell)| {
            let width = width(at).unwrap_or_default();
            format!("{cell:<width$}")
        });
        padded.collect::<Vec<_>>().join("  ")
    });
    shown.collect::<Vec<_>>().join("\n")
}

/// Puts the figures between the two marks.
fn write(figures: &str) -> Result<(), Box<dyn Error>> {
    let text = fs::read_to_string(REPORT)?;
    let (before, rest) = text.split_once(BEGIN).ok_or("docs/QUALITY.md has no place for the figures")?;
    let (_, after) = rest.split_once(END).ok_or("docs/QUALITY.md has no end of the figures")?;
    Ok(fs::write(REPORT, format!("{before}{BEGIN}{figures}{END}{after}"))?)
}

fn timings() {
    let planner = Builtin::new();
    for (what, goal) in [
        ("a goal of ten clauses", CLAUSE.repeat(10)),
        ("a goal of 20,000 characters", CLAUSE.repeat(20_000 / CLAUSE.len())),
    ] {
        // The best of five, so that other load on the machine does not count.
        let mut best = Duration::MAX;
        for _ in 0..5 {
            let begun = Instant::now();
            // That a goal asks for too much is an answer, too.
            drop(planner.decompose_now(&goal, None));
            best = best.min(begun.elapsed());
        }
        println!("{what:<28}{best:.1?}");
    }
}

/// Model and tokens.
fn cost(verdicts: &[Verdict]) -> String {
    match used(verdicts) {
        Some(ModelUse { model, input_tokens, output_tokens }) => {
            format!("planned by {model}: {input_tokens} tokens read, {output_tokens} written, {} goals", verdicts.len())
        }
        None => "planned by a language model that was never reached".to_owned(),
    }
}
