//! Wiring: configuration -> generator -> function -> Lambda.

use std::{process::ExitCode, sync::Arc};

use decompose::Decompose;

fn main() -> ExitCode {
    shared::runtime::run(Decompose::new, || Arc::new(generator::Builtin::new()))
}
