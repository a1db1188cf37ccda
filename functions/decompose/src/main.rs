//! Wiring: configuration -> generator -> function -> Lambda.

use std::process::ExitCode;

use decompose::Decompose;

fn main() -> ExitCode {
    shared::runtime::run(Decompose::new, generator::builtin)
}
