//! Where the generator is.

use http_client::http_address;
use reqwest::Url;
use shared::environment::BadConfig;

/// The variable that names the generator.
pub(crate) const URL: &str = "AGENT_GENERATOR_URL";

/// Which generator a function calls.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum GeneratorAddress {
    /// None: every request is answered with `service_not_configured`.
    NotConfigured,
    /// The one that ships with the project, in-process.
    Builtin,
    /// A remote one.
    Remote(Url),
}

impl GeneratorAddress {
    /// Parses a value that is not empty.
    ///
    /// # Errors
    /// It is neither `builtin` nor an http or https address without credentials, query and fragment.
    pub(crate) fn parse(value: &str) -> Result<Self, BadConfig> {
        if value == "builtin" {
            return Ok(Self::Builtin);
        }
        http_address(URL, value, "must be `builtin`, an http:// or https:// address, or empty").map(Self::Remote)
    }
}
