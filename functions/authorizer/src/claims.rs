//! Validates a token's claims: issuer, audience, times, subject (RFC 7519).

use serde::Deserialize;
use shared::timestamp::Timestamp;

use crate::denied::Denied;

/// Clock skew that is tolerated, in seconds.
const LEEWAY: f64 = 60.0;
/// The end of the year 9999, in seconds. A later `exp` is in milliseconds and would never expire.
const MAX_EXPIRY: f64 = 253_402_300_799.0;
/// In characters: OpenID Connect Core, section 2.
const MAX_SUBJECT: usize = 255;

/// Parsing fails if a claim is missing, has another type, or appears twice.
#[derive(Debug, Deserialize)]
pub struct Claims {
    iss: String,
    sub: String,
    aud: Audience,
    exp: f64,
    nbf: Option<f64>,
    iat: Option<f64>,
}

#[derive(Debug, Deserialize)]
#[serde(untagged)]
enum Audience {
    One(String),
    Several(Vec<String>),
}

impl Audience {
    fn contains(&self, name: &str) -> bool {
        match self {
            Self::One(one) => one == name,
            Self::Several(several) => several.iter().any(|one| one == name),
        }
    }
}

impl Claims {
    /// Returns the subject if the token is from `issuer`, for `audience`, and valid at `now`.
    pub fn subject(self, issuer: &str, audience: &str, now: Timestamp) -> Result<String, Denied> {
        if self.iss != issuer {
            return Err(Denied::WrongIssuer);
        }
        if !self.aud.contains(audience) {
            return Err(Denied::WrongAudience);
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
        let is_name = (1..=MAX_SUBJECT).contains(&self.sub.chars().count()) && !self.sub.chars().any(char::is_control);
        if is_name { Ok(self.sub) } else { Err(Denied::BadClaim) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: f64 = 1_795_305_600.0;

    fn subject(claims: &str) -> Result<String, Denied> {
        let claims: Claims = serde_json::from_str(claims).map_err(|_| Denied::BadClaim)?;
        claims.subject("https://id", "agents", Timestamp(NOW))
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
        for aud in ["7", "null", r#"["agents",7]"#, r#"{"agents":1}"#] {
            assert_eq!(of(r#""https://id""#, aud), Err(Denied::BadClaim), "{aud}");
        }
    }

    #[test]
    fn a_subject_that_could_be_confused_with_another_is_rejected() {
        let of = |sub: &str| subject(&format!(r#"{{"iss":"https://id","sub":{sub},"aud":"agents","exp":9999999999}}"#));
        let longest = "ü".repeat(255);
        assert_eq!(of(&format!(r#""{longest}""#)), Ok(longest.clone()));
        for sub in [r#""""#, &format!(r#""{longest}x""#), r#""a\u0000""#, r#""a\n""#, "7", "null", r#"["u"]"#] {
            assert_eq!(of(sub), Err(Denied::BadClaim), "{sub}");
        }
        assert_eq!(subject(r#"{"iss":"https://id","aud":"agents","exp":9999999999}"#), Err(Denied::BadClaim));
    }
}
