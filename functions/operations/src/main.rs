//! Wiring: configuration -> operations -> function -> Lambda.

use std::process::ExitCode;

use operations::{InternalKey, Operations};
use shared::{aws::Secret, environment::variable, operations::aws};

fn main() -> ExitCode {
    shared::runtime::start(async |_| {
        let key = InternalKey(Secret::kept("INTERNAL_KEY_SECRET_ARN", variable)?);
        Ok(Operations { completions: aws::completions(variable)?, key })
    })
}
