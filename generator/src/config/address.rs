//! Which generator a function calls.

use http_client::http_address;
use reqwest::Url;
use shared::environment::BadConfig;

pub(crate) const URL: &str = "AGENT_GENERATOR_URL";

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum GeneratorAddress {
    /// Every request is answered with `service_not_configured`.
    NotConfigured,
    /// In the same process.
    Builtin,
    Remote(Url),
}

impl GeneratorAddress {
    /// Parses a value that is not empty. An address has no credentials, query or fragment.
    pub(crate) fn parse(value: &str) -> Result<Self, BadConfig> {
        if value == "builtin" {
            return Ok(Self::Builtin);
        }
        http_address(URL, value, "must be `builtin`, an http:// or https:// address, or empty").map(Self::Remote)
    }
}
