//! Configuration -> tables -> function -> Lambda.

use std::process::ExitCode;

use lambda::Service;
use shared::environment::variable;
use stream::Stream;

fn main() -> ExitCode {
    lambda::start(&["http_client", "lifecycle", "lifecycle_aws"], async || {
        let log_reader = lifecycle_aws::watching(variable)?;
        Ok(Service::new(Stream { log_reader }).with_streams())
    })
}
