//! Configuration -> generator -> function -> Lambda.

use std::process::ExitCode;

use decompose::Decompose;
use generator::config::Config;
use lambda::Service;

fn main() -> ExitCode {
    lambda::start(&["http_client"], async || {
        let upstream = generator::connect(&Config::from_env()?).await?;
        Ok(Service::new(Decompose::new(upstream)).with_requests())
    })
}
