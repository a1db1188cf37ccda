//! What an invocation costs, of the binaries that ship, each as a process under a Lambda Runtime API on the loopback
//! interface, with a generator that answers at once.
//!
//! `cost measure` prints tables and what they have to show, and draws them into the file that CHART names. FLOORS is the
//! folder of `bench-empty` and `bench-forwarder`, PEER that of the Python peer, PEER_PYTHON its interpreter.
//! `cost guard` holds counts of instructions and bytes, which every machine counts alike, against those that are stored;
//! `cost guard --store` stores them. `cost order` writes functions/order.ld, from programs that have their names. Ends with an
//! error where something costs more than it may.
#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "this measures what ships and does not ship: a panic is a failed run, and a report is what it is for"
)]

mod callgrind;
mod chart;
mod guard;
mod measure;
mod order;
mod promise;
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
        ["order"] => told(order::run(&Places::from_environment()).await),
        _ => {
            eprintln!("usage: cost measure | cost guard [--store] | cost order");
            ExitCode::from(2)
        }
    }
}

fn told(report: Report) -> ExitCode {
    print!("{}", report.text);
    report.complaints.iter().for_each(|complaint| eprintln!("error: {complaint}"));
    if report.complaints.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
