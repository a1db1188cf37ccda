//! What an invocation costs. Runs the binaries that ship, each as a process under a Lambda Runtime API on the loopback
//! interface, with a generator that answers at once.
//!
//! `cost measure` prints tables, and limits with the figures they apply to. `cost guard` compares counts of instructions and
//! bytes with the stored ones; `cost guard --store` stores them. Both end with an error if something costs more than it may.
//! FLOORS is the folder of `bench-empty` and `bench-forwarder`, PEER that of the Python peer, PEER_PYTHON its interpreter.
#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "this measures what ships and does not ship: a panic is a failed run, and a report is what it is for"
)]

mod callgrind;
mod guard;
mod limit;
mod listening;
mod measure;
mod sample;
mod scale;
mod sizes;
mod subject;

use std::{env, process::ExitCode};

use load::report::Report;

use crate::subject::Places;

#[tokio::main]
async fn main() -> ExitCode {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match arguments.as_slice() {
        ["measure"] => told(measure::run(&Places::from_environment()).await),
        ["guard"] => told(guard::run(&Places::from_environment(), false).await),
        ["guard", "--store"] => told(guard::run(&Places::from_environment(), true).await),
        _ => {
            eprintln!("usage: cost measure | cost guard [--store]");
            ExitCode::from(2)
        }
    }
}

fn told(report: Report) -> ExitCode {
    print!("{}", report.text);
    report.complaints.iter().for_each(|complaint| eprintln!("error: {complaint}"));
    if report.complaints.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
