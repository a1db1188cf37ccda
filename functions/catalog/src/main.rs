//! Wiring: configuration -> generator -> function -> Lambda.

use std::{process::ExitCode, sync::Arc};

use catalog::Catalog;

fn main() -> ExitCode {
    shared::runtime::run(Catalog::new, || Arc::new(generator::Builtin::new()))
}
