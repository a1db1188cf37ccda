//! `make eval`: measures the quality of the planner that `PLANNER` configures, with the project's own goals or with the
//! JSON lines that `GOALS` names, then the changes by words, with the own wishes or those that `WISHES` names. Other goals
//! or wishes are measured alone. `VERBOSE=1` or `-v` lists what went wrong. Planning by rules and with its own lines, it
//! writes the figures into `docs/QUALITY.md`, and fails if they are below what is promised.

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
    floors::{broken_floors, broken_recall_floors, broken_wish_floors},
    goal::lines,
    judge::Verdict,
    measured, misses, own_goals,
    paraphrases::{Alike, alike},
    recall, used,
    wishes::{
        figures::{self, rows},
        fulfilled,
        wish::{own_wishes, wishes},
    },
};
use shared::{failure::ModelUse, port::AgentGenerator};

const CLAUSE: &str = "summarise a web page, then ";
const REPORT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/QUALITY.md");
/// The marks around what is written into the report.
const FIGURES: [&str; 2] = ["<!-- figures: written by make eval -->\n", "<!-- end of figures -->\n"];
const REACH: [&str; 2] = ["<!-- reach: written by make eval -->\n", "<!-- end of reach -->\n"];
const CHANGES: [&str; 2] = ["<!-- changes: written by make eval -->\n", "<!-- end of changes -->\n"];

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let config = Config::from_env()?;
    let planner = generator::builtin(&config, None)?;
    let by_rules = matches!(config.planner, Planner::Rules);
    let verbose =
        env::args().any(|argument| argument == "-v") || env::var("VERBOSE").is_ok_and(|value| !value.is_empty());
    let named = |name| env::var(name).ok().filter(|path| !path.is_empty());
    let (other_goals, other_wishes) = (named("GOALS"), named("WISHES"));
    let mut broken = Vec::new();
    if other_goals.is_some() || other_wishes.is_none() {
        broken.extend(measure_goals(&planner, other_goals.as_deref(), by_rules, verbose).await?);
    }
    if other_wishes.is_some() || other_goals.is_none() {
        broken.extend(measure_wishes(&planner, other_wishes.as_deref(), by_rules, verbose).await?);
    }
    if broken.is_empty() { Ok(()) } else { Err(broken.join("; ").into()) }
}

/// Returns the broken promises.
async fn measure_goals(
    planner: &dyn AgentGenerator,
    other: Option<&str>,
    by_rules: bool,
    verbose: bool,
) -> Result<Vec<String>, Box<dyn Error>> {
    let goals = other.map_or_else(own_goals, |path| lines(&read(path)?))?;
    let verdicts = measured(planner, goals).await?;
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
        alike_now = alike(planner).await?;
        println!("{}", wordings(&alike_now));
    }
    if verbose {
        misses(&verdicts).iter().chain(&alike_now.differ).for_each(|miss| println!("\n{miss}"));
    }
    if other.is_some() || !by_rules {
        return Ok(Vec::new());
    }
    let reach = recall::table().await?;
    println!("{}", terminal(&reach));
    write(REACH, &reach)?;
    write(FIGURES, &format!("{}\n{}\n", table(&rows), wordings(&alike_now)))?;
    let mut broken = broken_floors(&verdicts, &alike_now);
    broken.extend(broken_recall_floors().await?);
    Ok(broken)
}

/// Returns the broken promises.
async fn measure_wishes(
    planner: &dyn AgentGenerator,
    other: Option<&str>,
    by_rules: bool,
    verbose: bool,
) -> Result<Vec<String>, Box<dyn Error>> {
    let given = other.map_or_else(own_wishes, |path| wishes(&read(path)?))?;
    let (verdicts, alike) = fulfilled(planner, given).await?;
    let rows = figures::table(&rows(&verdicts));
    println!("\n{}", terminal(&rows));
    if other.is_none() {
        println!("{}", figures::wordings(&alike));
    }
    if verbose {
        verdicts.iter().filter_map(|verdict| verdict.miss()).for_each(|miss| println!("\n{miss}"));
    }
    if other.is_some() || !by_rules {
        return Ok(Vec::new());
    }
    write(CHANGES, &format!("{rows}\n{}\n", figures::wordings(&alike)))?;
    Ok(broken_wish_floors(&verdicts, &alike))
}

fn read(path: &str) -> Result<String, Box<dyn Error>> {
    fs::read_to_string(path).map_err(|error| format!("{path}: {error}").into())
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
fn write([begin, end]: [&str; 2], figures: &str) -> Result<(), Box<dyn Error>> {
    let text = fs::read_to_string(REPORT)?;
    let (before, rest) = text.split_once(begin).ok_or("docs/QUALITY.md has no place for the figures")?;
    let (_, after) = rest.split_once(end).ok_or("docs/QUALITY.md has no end of the figures")?;
    Ok(fs::write(REPORT, format!("{before}{begin}{figures}{end}{after}"))?)
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
