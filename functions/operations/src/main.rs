//! Configuration -> operations -> function -> Lambda.

use std::process::ExitCode;

use http_client::aws::Secret;
use lambda::Service;
use operations::{InternalKey, Operations};
use shared::environment::variable;

fn main() -> ExitCode {
    lambda::start(&["http_client", "lifecycle", "lifecycle_aws"], async || {
        let key = InternalKey(Secret::cached("INTERNAL_KEY_SECRET_ARN", variable)?);
        let (completions, sweeper, progress) = lifecycle_aws::completions(variable)?;
        let function = Operations { completions, key, sweeper, progress };
        Ok(Service::new(function).with_requests().with_queue())
    })
}
