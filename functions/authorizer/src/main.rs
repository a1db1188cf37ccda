//! Configuration -> the issuer and its keys -> function -> Lambda.

use std::process::ExitCode;

use authorizer::{Authorizer, Issuer, IssuerKeys, Settings};
use lambda::Service;
use shared::{
    environment::{CERTIFICATES, given, variable},
    invocation::Clock,
};

fn main() -> ExitCode {
    lambda::start(&["authorizer", "http_client"], async || {
        let Settings { issuer, address, audience } = Settings::from_environment(variable)?;
        let certificate_file = given(variable, CERTIFICATES);
        let keys = IssuerKeys::new(Issuer::new(issuer.clone(), address, certificate_file.as_deref())?);
        // Fetched during init, when no caller waits. The function also starts if the issuer is down: it retries later.
        keys.prepare(Clock::system()).await;
        Ok(Service::new(Authorizer { issuer, audience, keys }).with_requests())
    })
}
