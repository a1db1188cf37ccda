//! Wiring: configuration -> generator -> function -> Lambda.

use std::process::ExitCode;

use catalog::Catalog;

fn main() -> ExitCode {
    shared::runtime::run(Catalog::new, generator::builtin)
}
