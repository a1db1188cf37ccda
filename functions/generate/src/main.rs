//! Wiring: configuration -> generator -> function -> Lambda.

use std::{process::ExitCode, sync::Arc};

use generate::Generate;

fn main() -> ExitCode {
    shared::runtime::run(Generate::new, || Arc::new(generator::Builtin::new()))
}
