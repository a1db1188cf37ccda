//! Validates a token's claims: issuer, audience, times, caller (RFC 7519).

use serde::Deserialize;
use shared::timestamp::Timestamp;

use crate::{
    audience::{Audience, AudienceClaim},
    caller::Caller,
    denied::Denied,
};

/// Clock skew that is tolerated, in seconds.
const LEEWAY: f64 = 60.0;
/// The end of the year 9999, in seconds. A later `exp` is in milliseconds and would never expire.
const MAX_EXPIRY: f64 = 253_402_300_799.0;
/// Amazon Cognito's `token_use` of an access token. With `client_id` as the audience, an identity token of the same
/// application must not pass for one.
const ACCESS: &str = "access";

/// Parsing fails if a claim has another type, appears twice, or is missing and not an `Option`. A null counts as absent.
#[derive(Debug, Deserialize)]
pub struct Claims {
    iss: String,
    sub: Option<String>,
    aud: Option<Audiences>,
    client_id: Option<String>,
    token_use: Option<String>,
    exp: f64,
    nbf: Option<f64>,
    iat: Option<f64>,
}

#[derive(Debug, Deserialize)]
#[serde(untagged)]
enum Audiences {
    One(String),
    Several(Vec<String>),
}

impl Audiences {
    fn contains(&self, name: &str) -> bool {
        match self {
            Self::One(one) => one == name,
            Self::Several(several) => several.iter().any(|one| one == name),
        }
    }
}

impl Claims {
    /// Returns the caller if the token is from `issuer`, for `audience`, and valid at `now`.
    pub fn caller(self, issuer: &str, audience: &Audience, now: Timestamp) -> Result<Caller, Denied> {
        if self.iss != issuer {
            return Err(Denied::WrongIssuer);
        }
        let is_for_us = match audience.claim {
            AudienceClaim::Aud => self.aud.as_ref().map(|aud| aud.contains(&audience.name)),
            AudienceClaim::ClientId => self.client_id.as_ref().map(|client| *client == audience.name),
        };
        if !is_for_us.ok_or(Denied::BadClaim)? {
            return Err(Denied::WrongAudience);
        }
        if audience.claim == AudienceClaim::ClientId && self.token_use.is_some_and(|token_use| token_use != ACCESS) {
            return Err(Denied::NotForAccess);
        }
        let Timestamp(now) = now;
        if self.exp > MAX_EXPIRY {
            return Err(Denied::BadClaim);
        }
        if self.exp + LEEWAY <= now {
            return Err(Denied::Expired);
        }
        if [self.nbf, self.iat].into_iter().flatten().any(|start| start - LEEWAY > now) {
            return Err(Denied::NotYetValid);
        }
        Caller::of(self.sub, self.client_id)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: f64 = 1_795_305_600.0;

    fn caller_by(claim: AudienceClaim, claims: &str) -> Result<Caller, Denied> {
        let claims: Claims = serde_json::from_str(claims).map_err(|_| Denied::BadClaim)?;
        claims.caller("https://id", &Audience { claim, name: "agents".to_owned() }, Timestamp(NOW))
    }

    fn subject(claims: &str) -> Result<String, Denied> {
        match caller_by(AudienceClaim::Aud, claims)? {
            Caller::Subject(name) => Ok(name),
            Caller::Client(name) => panic!("{name} is an application"),
        }
    }

    fn with(more: &str) -> Result<String, Denied> {
        subject(&format!(r#"{{"iss":"https://id","sub":"u","aud":"agents",{more}}}"#))
    }

    #[test]
    fn a_minute_of_clock_skew_is_tolerated_and_no_more() {
        let valid = || Ok("u".to_owned());
        assert_eq!(with(&format!(r#""exp":{}"#, NOW - 59.0)), valid());
        assert_eq!(with(&format!(r#""exp":{}"#, NOW - 60.0)), Err(Denied::Expired));
        for begin in ["nbf", "iat"] {
            assert_eq!(with(&format!(r#""exp":{},"{begin}":{}"#, NOW + 9.0, NOW + 60.0)), valid());
            assert_eq!(with(&format!(r#""exp":{},"{begin}":{}"#, NOW + 9.0, NOW + 61.0)), Err(Denied::NotYetValid));
        }
    }

    #[test]
    fn a_time_is_a_number_of_seconds() {
        for time in ["1795305601", "1795305600.5", "1.7953056005e9"] {
            assert_eq!(with(&format!(r#""exp":{time}"#)), Ok("u".to_owned()), "{time}");
        }
        // In milliseconds, out of range, as text, and not a number at all.
        for time in ["1795305601000", "1e300", "1e999", "\"1795305601\"", "null", "true", "[1795305601]", "{}"] {
            assert_eq!(with(&format!(r#""exp":{time}"#)), Err(Denied::BadClaim), "{time}");
        }
        assert_eq!(with(r#""exp":-1"#), Err(Denied::Expired));
        for begin in [r#""nbf":"0""#, r#""iat":"0""#, r#""exp":9999999999"#] {
            assert_eq!(with(&format!(r#""exp":9999999999,{begin}"#)), Err(Denied::BadClaim), "{begin}");
        }
    }

    #[test]
    fn a_token_from_another_issuer_or_for_another_audience_is_rejected() {
        let of = |iss: &str, aud: &str| subject(&format!(r#"{{"iss":{iss},"sub":"u","aud":{aud},"exp":9999999999}}"#));
        assert_eq!(of(r#""https://id""#, r#"["other","agents"]"#), Ok("u".to_owned()));
        for iss in [r#""https://id/""#, r#""https://ID""#, r#""https://id.evil.example""#, r#""""#] {
            assert_eq!(of(iss, r#""agents""#), Err(Denied::WrongIssuer), "{iss}");
        }
        assert_eq!(of(r#"["https://id"]"#, r#""agents""#), Err(Denied::BadClaim));
        for aud in [r#""agents ""#, r#""agent""#, "[]", r#"["other"]"#] {
            assert_eq!(of(r#""https://id""#, aud), Err(Denied::WrongAudience), "{aud}");
        }
        for aud in ["7", "null", r#"["agents",null]"#, r#"["agents",7]"#, r#"{"agents":1}"#] {
            assert_eq!(of(r#""https://id""#, aud), Err(Denied::BadClaim), "{aud}");
        }
    }

    #[test]
    fn a_subject_that_could_be_confused_with_another_is_rejected() {
        let of = |sub: &str| subject(&format!(r#"{{"iss":"https://id","sub":{sub},"aud":"agents","exp":9999999999}}"#));
        let longest = "ü".repeat(255);
        assert_eq!(of(&format!(r#""{longest}""#)), Ok(longest.clone()));
        for sub in [r#""""#, &format!(r#""{longest}x""#), r#""a\u0000""#, r#""a\n""#, "7", r#"["u"]"#] {
            assert_eq!(of(sub), Err(Denied::BadClaim), "{sub}");
        }
    }

    #[test]
    fn callers_who_are_not_named_share_nothing() {
        let of = |more: &str| {
            caller_by(AudienceClaim::Aud, &format!(r#"{{"iss":"https://id","aud":"agents","exp":9999999999{more}}}"#))
        };
        for nobody in ["", r#","sub":null"#, r#","sub":null,"client_id":null"#] {
            assert_eq!(of(nobody), Err(Denied::Unnamed), "{nobody}");
        }
        for client in [r#","client_id":"batch""#, r#","sub":null,"client_id":"batch""#] {
            assert_eq!(of(client), Ok(Caller::Client("batch".to_owned())), "{client}");
        }
        assert_eq!(of(r#","sub":"u","client_id":"batch""#), Ok(Caller::Subject("u".to_owned())));
        for bad in [r#""""#, r#""a\n""#, "7"] {
            assert_eq!(of(&format!(r#","client_id":{bad}"#)), Err(Denied::BadClaim), "{bad}");
            assert_eq!(of(&format!(r#","sub":{bad},"client_id":"batch""#)), Err(Denied::BadClaim), "{bad}");
        }
    }

    #[test]
    fn an_access_token_without_aud_is_accepted_by_its_client_if_the_stack_says_so() {
        let cognito = r#""iss":"https://id","sub":"u","client_id":"agents","token_use":"access","exp":9999999999"#;
        let by_client = |claims: &str| caller_by(AudienceClaim::ClientId, claims);
        assert_eq!(by_client(&format!("{{{cognito}}}")), Ok(Caller::Subject("u".to_owned())));
        assert_eq!(caller_by(AudienceClaim::Aud, &format!("{{{cognito}}}")), Err(Denied::BadClaim));
        for (changed, reason) in [
            (cognito.replace("agents", "another"), Denied::WrongAudience),
            (cognito.replace(r#""agents""#, r#"["agents"]"#), Denied::BadClaim),
            (cognito.replace(r#""client_id""#, r#""aud""#), Denied::BadClaim),
            (cognito.replace(r#""access""#, r#""id""#), Denied::NotForAccess),
            (format!(r#"{cognito},"client_id":"agents""#), Denied::BadClaim),
        ] {
            assert_eq!(by_client(&format!("{{{changed}}}")), Err(reason), "{changed}");
        }
    }
}
