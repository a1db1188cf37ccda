//! Parses a signed token: RFC 7515, compact serialisation. Uses the header only to choose among the issuer's keys; ignores
//! keys and URLs that the header brings along (`jwk`, `jku`, `x5c`, `x5u`).

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use serde::{
    Deserialize,
    de::{DeserializeOwned, IgnoredAny},
};
use shared::json;

use crate::{algorithm::Algorithm, claims::Claims, denied::Denied};

/// In bytes. The gateway limits all headers together to 10,240 bytes.
const MAX_TOKEN: usize = 8 * 1024;
/// Accepted values of `typ`. Claims of other types (a log-out, a proof of possession) mean something else.
const TYPES: [&str; 4] = ["jwt", "at+jwt", "application/jwt", "application/at+jwt"];

/// A token whose signature has not been checked.
#[derive(Debug)]
pub struct Token<'a> {
    /// As claimed by the header.
    pub algorithm: Algorithm,
    /// As claimed by the header.
    pub key_id: Option<String>,
    pub signature: Vec<u8>,
    /// The bytes that the signature covers.
    pub signed: &'a [u8],
    claims: &'a str,
}

/// Parsing fails if a member appears twice: two parsers could read different headers.
#[derive(Deserialize)]
struct Header {
    alg: String,
    kid: Option<String>,
    typ: Option<String>,
    /// Extensions that a reader must understand. We support none.
    crit: Option<IgnoredAny>,
}

impl<'a> Token<'a> {
    /// Parses the value of the header `Authorization`.
    pub fn from_header(header: &'a str) -> Result<Self, Denied> {
        let (scheme, token) = header.split_once(' ').ok_or(Denied::Malformed)?;
        // One space or more: RFC 6750, section 2.1.
        let token = token.trim_start_matches(' ');
        if !scheme.eq_ignore_ascii_case("bearer") || token.len() > MAX_TOKEN {
            return Err(Denied::Malformed);
        }
        Self::parse(token)
    }

    fn parse(text: &'a str) -> Result<Self, Denied> {
        let (signed, signature) = text.rsplit_once('.').ok_or(Denied::Malformed)?;
        let (header, claims) = signed.split_once('.').ok_or(Denied::Malformed)?;
        // An encrypted token has five parts.
        if claims.contains('.') {
            return Err(Denied::Malformed);
        }
        let header: Header = parse(header).ok_or(Denied::Malformed)?;
        let is_for_access = header.typ.is_none_or(|typ| TYPES.contains(&&*typ.to_ascii_lowercase()));
        if header.crit.is_some() || !is_for_access {
            return Err(Denied::NotForAccess);
        }
        Ok(Self {
            algorithm: Algorithm::from_name(&header.alg).ok_or(Denied::WrongAlgorithm)?,
            key_id: header.kid,
            signature: decode(signature)?,
            signed: signed.as_bytes(),
            claims,
        })
    }

    /// Parses the claims. Before [`Key::check`](crate::Key::check) they may only serve to reject the token.
    pub fn claims(&self) -> Result<Claims, Denied> {
        parse(self.claims).ok_or(Denied::BadClaim)
    }
}

/// Parses a part that is JSON. Also checks what serde skips: all of it is UTF-8, and not nested too deeply. Rejects a byte
/// order mark, which no issuer writes.
fn parse<T: DeserializeOwned>(part: &str) -> Option<T> {
    let text = String::from_utf8(decode(part).ok()?).ok().filter(|text| json::without_mark(text) == text)?;
    serde_json::from_str(json::parse(&text).ok()?.get()).ok()
}

/// Rejects padding and non-canonical trailing bits, so that a token has only one spelling.
fn decode(text: &str) -> Result<Vec<u8>, Denied> {
    BASE64_URL_SAFE_NO_PAD.decode(text).map_err(|_| Denied::Malformed)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn token(header: impl AsRef<[u8]>) -> Result<Option<String>, Denied> {
        let text = format!("Bearer {}.e30.AA", BASE64_URL_SAFE_NO_PAD.encode(header));
        Token::from_header(&text).map(|token| token.key_id)
    }

    #[test]
    fn a_header_that_parsers_could_read_differently_is_rejected() {
        assert_eq!(token(r#"{"alg":"ES256","kid":"a"}"#), Ok(Some("a".to_owned())));
        let deep = format!(r#"{{"alg":"ES256","x":{}{}}}"#, "[".repeat(200), "]".repeat(200));
        let twice = [r#"{"alg":"ES256","alg":"none"}"#, r#"{"alg":"ES256","kid":"a","kid":"b"}"#];
        let marked = "\u{feff}{\"alg\":\"ES256\"}";
        for header in twice.into_iter().chain(["[]", "{}", "", "{", &deep, marked]) {
            assert_eq!(token(header), Err(Denied::Malformed), "{header}");
        }
        assert_eq!(token(b"{\"alg\":\"ES256\",\"x\":\"\xff\"}"), Err(Denied::Malformed));
    }

    #[test]
    fn a_token_of_another_type_or_with_critical_extensions_is_rejected() {
        for typ in ["JWT", "at+jwt", "application/AT+JWT"] {
            assert!(token(format!(r#"{{"alg":"RS256","typ":"{typ}"}}"#)).is_ok(), "{typ}");
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
