//! A signed token, taken apart: RFC 7515 in its compact form. Of its header, only what chooses among the issuer's keys
//! counts: a key or an address that it brings along is never looked at.

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use serde::{Deserialize, de::IgnoredAny};

use crate::{claims::Claims, denied::Denied, key::Algorithm};

/// A longer token is not looked at. The gateway takes headers of 10,240 bytes, all together.
const MAX_TOKEN: usize = 8 * 1024;
/// What a token may say that it is; of anything else (a log-out, a proof of possession) the claims mean something else.
const TYPES: [&str; 4] = ["jwt", "at+jwt", "application/jwt", "application/at+jwt"];

/// A token whose signature nobody has looked at yet.
#[derive(Debug)]
pub struct Token<'a> {
    /// The algorithm that it says it is signed with.
    pub algorithm: Algorithm,
    /// The key that it says it is signed with.
    pub key_id: Option<String>,
    /// The signature.
    pub signature: Vec<u8>,
    /// What is signed.
    pub signed: &'a [u8],
    claims: &'a str,
}

/// A key that is given twice makes it unreadable: two readers could read two different headers.
#[derive(Deserialize)]
struct Header {
    alg: String,
    kid: Option<String>,
    typ: Option<String>,
    /// What a reader has to understand. We understand nothing of it.
    crit: Option<IgnoredAny>,
}

impl<'a> Token<'a> {
    /// The token in the header `Authorization`.
    ///
    /// # Errors
    /// There is none, or it is none that could count.
    pub fn bearer(header: &'a str) -> Result<Self, Denied> {
        let (scheme, token) = header.split_once(' ').ok_or(Denied::Malformed)?;
        if !scheme.eq_ignore_ascii_case("bearer") || token.len() > MAX_TOKEN {
            return Err(Denied::Malformed);
        }
        Self::parse(token)
    }

    /// The token that `text` is.
    ///
    /// # Errors
    /// It is none, or none that could count.
    fn parse(text: &'a str) -> Result<Self, Denied> {
        let (signed, signature) = text.rsplit_once('.').ok_or(Denied::Malformed)?;
        let (header, claims) = signed.split_once('.').ok_or(Denied::Malformed)?;
        // An encrypted token has five parts.
        if claims.contains('.') {
            return Err(Denied::Malformed);
        }
        let header: Header = serde_json::from_slice(&decode(header)?).map_err(|_| Denied::Malformed)?;
        let is_for_access = header.typ.is_none_or(|typ| TYPES.contains(&&*typ.to_ascii_lowercase()));
        if header.crit.is_some() || !is_for_access {
            return Err(Denied::NotForAccess);
        }
        Ok(Self {
            algorithm: Algorithm::named(&header.alg).ok_or(Denied::WrongAlgorithm)?,
            key_id: header.kid,
            signature: decode(signature)?,
            signed: signed.as_bytes(),
            claims,
        })
    }

    /// What it claims, to be asked only once its signature has been checked.
    ///
    /// # Errors
    /// It claims too little, or something that cannot be.
    pub fn claims(&self) -> Result<Claims, Denied> {
        serde_json::from_slice(&decode(self.claims)?).map_err(|_| Denied::BadClaim)
    }
}

/// Base64 for URLs, without padding, in the one form that each text has.
fn decode(text: &str) -> Result<Vec<u8>, Denied> {
    BASE64_URL_SAFE_NO_PAD.decode(text).map_err(|_| Denied::Malformed)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn token(header: &str) -> Result<Option<String>, Denied> {
        let text = format!("Bearer {}.e30.AA", BASE64_URL_SAFE_NO_PAD.encode(header));
        Token::bearer(&text).map(|token| token.key_id)
    }

    #[test]
    fn a_header_in_which_two_readers_read_two_things_is_refused() {
        assert_eq!(token(r#"{"alg":"ES256","kid":"a"}"#), Ok(Some("a".to_owned())));
        for header in [r#"{"alg":"ES256","alg":"none"}"#, r#"{"alg":"ES256","kid":"a","kid":"b"}"#, "[]", "{}", "", "{"]
        {
            assert_eq!(token(header), Err(Denied::Malformed), "{header}");
        }
    }

    #[test]
    fn a_token_that_is_no_access_token_is_refused_and_so_is_one_that_wants_to_be_understood() {
        for typ in ["JWT", "at+jwt", "application/AT+JWT"] {
            assert!(token(&format!(r#"{{"alg":"RS256","typ":"{typ}"}}"#)).is_ok(), "{typ}");
        }
        for header in [
            r#"{"alg":"RS256","typ":"logout+jwt"}"#,
            r#"{"alg":"RS256","crit":["b64"],"b64":false}"#,
            r#"{"alg":"RS256","crit":[]}"#,
        ] {
            assert_eq!(token(header), Err(Denied::NotForAccess), "{header}");
        }
    }
}
