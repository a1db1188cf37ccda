//! Reads which issuer and audience to accept tokens for.

use http_client::http_address;
use reqwest::Url;
use shared::environment::{BadConfig, given};

pub(crate) const ISSUER: &str = "JWT_ISSUER";
const AUDIENCE: &str = "JWT_AUDIENCE";
const FORM: &str = "must be an https:// address";

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settings {
    /// `JWT_ISSUER`: must equal a token's `iss`, including a trailing slash.
    pub issuer: String,
    /// `JWT_ISSUER` as a URL: the issuer's configuration is below it.
    pub address: Url,
    /// `JWT_AUDIENCE`: must be in a token's `aud`.
    pub audience: String,
}

impl Settings {
    /// Fails at the first missing or invalid variable. Both are required: without an audience, tokens meant for other
    /// services would be accepted.
    pub fn from_environment(variable: impl Fn(&str) -> Option<String>) -> Result<Self, BadConfig> {
        let issuer = given(&variable, ISSUER).ok_or(BadConfig::new(ISSUER, FORM))?;
        let address = http_address(ISSUER, &issuer, FORM)?;
        // Over plain HTTP an attacker could replace the keys.
        if address.scheme() != "https" {
            return Err(BadConfig::new(ISSUER, FORM));
        }
        let audience = given(&variable, AUDIENCE);
        let audience = audience.ok_or(BadConfig::new(AUDIENCE, "must be the audience that tokens are issued for"))?;
        Ok(Self { issuer, address, audience })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(issuer: &str, audience: &str) -> Result<Settings, &'static str> {
        let variable = |name: &str| Some(if name == ISSUER { issuer } else { audience }.to_owned());
        Settings::from_environment(variable).map_err(|bad| bad.variable)
    }

    #[test]
    fn the_issuer_is_kept_exactly_as_configured() {
        for issuer in ["https://id.example.com", "https://id.example.com/", "https://id.example.com/realms/a"] {
            assert_eq!(parse(issuer, "agents").unwrap().issuer, issuer);
        }
    }

    #[test]
    fn an_insecure_configuration_prevents_the_start() {
        for issuer in ["", "http://id.example.com", "id.example.com", "https://me@id.example.com", "https://h?a=b"] {
            assert_eq!(parse(issuer, "agents"), Err(ISSUER), "{issuer}");
        }
        assert_eq!(parse("https://id.example.com", " "), Err(AUDIENCE));
    }
}
