//! Configuration -> generator -> function -> Lambda.

use std::process::ExitCode;

use catalog::Catalog;
use generator::config::Config;
use lambda::Service;

fn main() -> ExitCode {
    lambda::start(&["http_client"], async || {
        // No model is asked for a list of blocks.
        let upstream = generator::connect_without_model(&Config::from_env()?).await?;
        Ok(Service::new(Catalog::new(upstream)).with_requests())
    })
}
