//! Whose tokens count, and for whom they have to be made.

use http_client::http_address;
use reqwest::Url;
use shared::environment::{BadConfig, given};

/// The variable that names the issuer.
pub(crate) const ISSUER: &str = "JWT_ISSUER";
/// The variable that names the audience.
const AUDIENCE: &str = "JWT_AUDIENCE";
const FORM: &str = "must be an https:// address";

/// What the environment says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settings {
    /// `JWT_ISSUER`: the text that a token's `iss` has to equal, to the last slash.
    pub issuer: String,
    /// The same as an address: its configuration is under it.
    pub address: Url,
    /// `JWT_AUDIENCE`: who a token's `aud` has to name.
    pub audience: String,
}

impl Settings {
    /// Reads an environment given as a function from name to value.
    ///
    /// # Errors
    /// The first variable that does not hold. Neither may be absent: a token for somebody else would count.
    pub fn from_environment(variable: impl Fn(&str) -> Option<String>) -> Result<Self, BadConfig> {
        let issuer = given(&variable, ISSUER).ok_or(BadConfig::new(ISSUER, FORM))?;
        let address = http_address(ISSUER, &issuer, FORM)?;
        // Whoever stands between us and the issuer could hand us keys of his own.
        if address.scheme() != "https" {
            return Err(BadConfig::new(ISSUER, FORM));
        }
        let audience = given(&variable, AUDIENCE);
        let audience = audience.ok_or(BadConfig::new(AUDIENCE, "must name whom the tokens are made for"))?;
        Ok(Self { issuer, address, audience })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(issuer: &str, audience: &str) -> Result<Settings, &'static str> {
        let variable = |name: &str| Some(if name == ISSUER { issuer } else { audience }.to_owned());
        Settings::from_environment(variable).map_err(|bad| bad.variable)
    }

    #[test]
    fn an_issuer_is_compared_as_it_is_written() {
        for issuer in ["https://id.example.com", "https://id.example.com/", "https://id.example.com/realms/a"] {
            assert_eq!(read(issuer, "agents").unwrap().issuer, issuer);
        }
    }

    #[test]
    fn an_authorizer_that_would_trust_anybody_does_not_start() {
        for issuer in ["", "http://id.example.com", "id.example.com", "https://me@id.example.com", "https://h?a=b"] {
            assert_eq!(read(issuer, "agents"), Err(ISSUER), "{issuer}");
        }
        assert_eq!(read("https://id.example.com", " "), Err(AUDIENCE));
    }
}
