//! Wiring: configuration -> operations and receivers -> function -> Lambda.

use std::{process::ExitCode, sync::Arc};

use deliver::Deliver;
use shared::{
    aws::Secret,
    callback::Receivers,
    environment::variable,
    operations::{aws, settings::Settings},
};

fn main() -> ExitCode {
    shared::runtime::start(async |config| {
        let (store, queue) = aws::deliveries(variable)?;
        Ok(Deliver {
            store: Arc::new(store),
            visibility: Arc::new(queue),
            keys: Secret::kept("WEBHOOK_SECRET_ARN", variable)?,
            receivers: Receivers::new(config.certificate_file.as_deref())?,
            trusted: Settings::read(variable)?.trusted_hosts,
        })
    })
}
