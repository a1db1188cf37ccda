//! `make read GOAL="…"`: prints what is understood of a goal before any block is thought of, one clause a line.
//! `make read CHANGES="…"`: the same of a change in words, one operation a line.

#![allow(clippy::print_stdout, reason = "a report for a terminal")]

use std::{env, error::Error};

use generator::{
    knowledge::Knowledge,
    patcher,
    reading::{Vocabulary, read, show},
};

fn main() -> Result<(), Box<dyn Error>> {
    let given = |name: &str| env::var(name).ok().filter(|text| !text.trim().is_empty());
    match (given("GOAL"), given("CHANGES")) {
        (_, Some(wish)) => print!("{}", patcher::show(&Knowledge::embedded()?, &wish)?),
        (Some(goal), None) => print!("{}", show(&read(&Vocabulary::standard()?, &goal))),
        (None, None) => {
            return Err("say what to read: make read GOAL=\"Sum up a web page and mail it to me\", \
                or make read CHANGES=\"Mail it at 8 instead of 9\""
                .into());
        }
    }
    Ok(())
}
