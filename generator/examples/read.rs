//! `make read GOAL="…"`: prints what is understood of a goal before any block is thought of, one clause a line.

#![allow(clippy::print_stdout, reason = "a report for a terminal")]

use std::{env, error::Error};

use generator::reading::{Vocabulary, read, show};

fn main() -> Result<(), Box<dyn Error>> {
    let goal = env::var("GOAL").ok().filter(|goal| !goal.trim().is_empty());
    let goal = goal.ok_or("GOAL is not set: make read GOAL=\"Sum up a web page and mail it to me\"")?;
    print!("{}", show(&read(&Vocabulary::standard()?, &goal)));
    Ok(())
}
