//! Wiring: configuration -> generator -> function -> Lambda.

use std::process::ExitCode;

use patch::Patch;

fn main() -> ExitCode {
    shared::runtime::run(Patch::new, generator::builtin)
}
