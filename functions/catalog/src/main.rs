//! Wiring: configuration -> generator -> function -> Lambda.

use std::process::ExitCode;

use catalog::Catalog;

fn main() -> ExitCode {
    // No model is asked for a list of blocks.
    shared::runtime::run(Catalog::new, generator::rules)
}
