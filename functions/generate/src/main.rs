//! Wiring: configuration -> generator -> function -> Lambda.

use std::process::ExitCode;

use generate::Generate;

fn main() -> ExitCode {
    shared::runtime::run(Generate::new, generator::builtin)
}
