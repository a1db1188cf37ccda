//! Wiring: configuration -> generator and operations -> function -> Lambda.

use std::process::ExitCode;

use generate::Generate;
use shared::{
    environment::variable,
    operations::{aws, durable::WithOperations},
    upstream::Upstream,
};

fn main() -> ExitCode {
    shared::runtime::start(async |config| {
        let upstream = Upstream::connect(config, generator::builtin).await?;
        Ok(WithOperations::new(Generate::new(upstream), aws::platform(variable)?))
    })
}
