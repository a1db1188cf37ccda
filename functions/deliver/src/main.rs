//! Configuration -> operations and webhook client -> function -> Lambda.

use std::{process::ExitCode, sync::Arc};

use deliver::Deliver;
use http_client::aws::Secret;
use lambda::Service;
use lifecycle::{callback::WebhookClient, settings::Settings};
use shared::environment::{CERTIFICATES, given, variable};

fn main() -> ExitCode {
    lambda::start(&["deliver", "http_client", "lifecycle", "lifecycle_aws"], async || {
        let (store, queue) = lifecycle_aws::deliveries(variable)?;
        let function = Deliver {
            store: Arc::new(store),
            visibility: Arc::new(queue),
            keys: Secret::cached("WEBHOOK_SECRET_ARN", variable)?,
            client: WebhookClient::new(given(variable, CERTIFICATES).as_deref())?,
            trusted: Settings::from_environment(variable)?.trusted_hosts,
        };
        Ok(Service::new(function).with_queue())
    })
}
