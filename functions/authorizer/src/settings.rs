//! Reads which issuer and audience to accept tokens for.

use http_client::http_address;
use reqwest::Url;
use shared::environment::{BadConfig, given};

use crate::audience::{Audience, AudienceClaim};

pub(crate) const ISSUER: &str = "JWT_ISSUER";
const AUDIENCE: &str = "JWT_AUDIENCE";
const AUDIENCE_CLAIM: &str = "JWT_AUDIENCE_CLAIM";
const FORM: &str = "must be an https:// address";

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settings {
    /// `JWT_ISSUER`: must equal a token's `iss`, including a trailing slash.
    pub issuer: String,
    /// `JWT_ISSUER` as a URL: the issuer's configuration is below it.
    pub address: Url,
    /// `JWT_AUDIENCE`, which a token must have in the claim `JWT_AUDIENCE_CLAIM`: `aud` unless that is set.
    pub audience: Audience,
}

impl Settings {
    /// Fails at the first missing or invalid variable. Issuer and audience are required: without an audience, tokens meant
    /// for other services would be accepted.
    pub fn from_environment(variable: impl Fn(&str) -> Option<String>) -> Result<Self, BadConfig> {
        let issuer = given(&variable, ISSUER).ok_or(BadConfig::new(ISSUER, FORM))?;
        let address = http_address(ISSUER, &issuer, FORM)?;
        // Over plain HTTP an attacker could replace the keys.
        if address.scheme() != "https" {
            return Err(BadConfig::new(ISSUER, FORM));
        }
        let audience = given(&variable, AUDIENCE);
        let name = audience.ok_or(BadConfig::new(AUDIENCE, "must be the audience that tokens are issued for"))?;
        let claim = given(&variable, AUDIENCE_CLAIM);
        let claim = claim.map_or(Some(AudienceClaim::Aud), |claim| AudienceClaim::from_name(&claim));
        let claim = claim.ok_or(BadConfig::new(AUDIENCE_CLAIM, "must be aud or client_id"))?;
        Ok(Self { issuer, address, audience: Audience { claim, name } })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(issuer: &str, audience: &str) -> Result<Settings, &'static str> {
        parse_with_claim(issuer, audience, "")
    }

    fn parse_with_claim(issuer: &str, audience: &str, claim: &str) -> Result<Settings, &'static str> {
        let variable = |name: &str| match name {
            ISSUER => Some(issuer.to_owned()),
            AUDIENCE => Some(audience.to_owned()),
            _ => Some(claim.to_owned()),
        };
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
        for claim in ["azp", "AUD", "aud,client_id"] {
            assert_eq!(parse_with_claim("https://id.example.com", "agents", claim), Err(AUDIENCE_CLAIM), "{claim}");
        }
    }

    #[test]
    fn the_audience_is_in_aud_unless_the_configuration_says_otherwise() {
        for (name, claim) in
            [("", AudienceClaim::Aud), ("aud", AudienceClaim::Aud), ("client_id", AudienceClaim::ClientId)]
        {
            let settings = parse_with_claim("https://id.example.com", "agents", name).unwrap();
            assert_eq!(settings.audience, Audience { claim, name: "agents".to_owned() });
        }
    }
}
