//! Wiring: configuration -> the issuer and its keys -> function -> Lambda.

use std::process::ExitCode;

use authorizer::{Authorizer, Issuer, IssuerKeys, Settings};
use shared::{environment::variable, invocation::Clock};

fn main() -> ExitCode {
    shared::runtime::start(async |config| {
        let Settings { issuer, address, audience } = Settings::read(variable)?;
        let source = Issuer::new(issuer.clone(), address, config.certificate_file.as_deref())?;
        let keys = IssuerKeys::new(source);
        // A start is time that nobody waits for. An issuer that is down must not keep us from starting: it is asked again.
        keys.prepare(Clock::system()).await;
        Ok(Authorizer { issuer, audience, keys })
    })
}
