//! `make eval`: measures the quality of the planner that `PLANNER` configures. `--misses` lists what went wrong in the
//! tuning set. Fails if the rules fall short of what is promised for them; nothing is promised for a language model.

#![allow(clippy::print_stdout, reason = "a report for a terminal")]

mod measure;

use std::{
    env,
    error::Error,
    time::{Duration, Instant},
};

use generator::{
    Builtin,
    config::{Config, Planner},
};
use measure::{Set, Verdict, failures, figures, measured, misses, used};
use shared::failure::ModelUse;

const CLAUSE: &str = "summarise a web page, then ";

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let config = Config::from_env()?;
    let planner = generator::builtin(&config, None)?;
    let verdicts = measured(&planner).await?;
    for (name, set) in [("tuning set", Some(Set::Tune)), ("test set", Some(Set::Test)), ("all goals", None)] {
        let figures = figures(&verdicts, set);
        println!("{name}");
        for (what, share) in [
            ("valid agents", figures.valid),
            ("agents as expected", figures.built),
            ("vague recognised", figures.vague),
            ("unachievable recognised", figures.unachievable),
            ("choices asked about", figures.asked),
        ] {
            println!("  {what:<24}{share}");
        }
    }
    let by_rules = matches!(config.planner, Planner::Rules);
    if by_rules {
        timings()?;
    } else {
        println!("{}", cost(&verdicts));
        if let [first, ..] = failures(&verdicts).as_slice() {
            println!("{} goals got no answer; the first: {}", failures(&verdicts).len(), first.service_error);
        }
    }
    if env::args().any(|argument| argument == "--misses") {
        misses(&verdicts).iter().for_each(|miss| println!("\n{miss}"));
    }
    let broken = figures(&verdicts, None).broken_promises();
    if broken.is_empty() || !by_rules { Ok(()) } else { Err(broken.join("; ").into()) }
}

fn timings() -> Result<(), Box<dyn Error>> {
    let planner = Builtin::new();
    for (what, goal) in [
        ("a goal of ten clauses", CLAUSE.repeat(10)),
        ("a goal of 20,000 characters", CLAUSE.repeat(20_000 / CLAUSE.len())),
    ] {
        // The best of five, so that other load on the machine does not count.
        let mut best = Duration::MAX;
        for _ in 0..5 {
            let begun = Instant::now();
            planner.decompose_now(&goal, None).map_err(|failure| failure.service_error)?;
            best = best.min(begun.elapsed());
        }
        println!("{what:<28}{best:.1?}");
    }
    Ok(())
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
