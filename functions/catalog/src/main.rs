//! Configuration -> generator -> function -> Lambda.

use std::process::ExitCode;

use catalog::Catalog;
use generator::config::Config;
use lambda::Service;

fn main() -> ExitCode {
    lambda::start(&["http_client"], async || {
        // Blocks and health need no language model.
        let upstream = generator::connect_without_model(&Config::from_env()?).await?;
        Ok(Service::new(Catalog::new(upstream)).with_requests())
    })
}
