//! Wiring: configuration -> generator -> function -> Lambda.

use std::{process::ExitCode, sync::Arc};

use patch::Patch;

fn main() -> ExitCode {
    shared::runtime::run(Patch::new, || Arc::new(generator::Builtin::new()))
}
