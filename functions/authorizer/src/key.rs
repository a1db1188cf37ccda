//! The issuer's public keys (RFC 7517), and the check of a signature. The key decides the algorithm, not the token.

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use ring::signature::{ECDSA_P256_SHA256_FIXED, RSA_PKCS1_2048_8192_SHA256, RsaPublicKeyComponents, UnparsedPublicKey};
use serde::Deserialize;
use serde_json::value::RawValue;
use shared::json;

use crate::{algorithm::Algorithm, denied::Denied, token::Token};

/// A larger set is rejected.
const MAX_KEYS: usize = 100;
/// Shorter keys can be factored: RFC 7518, section 3.3.
const MIN_RSA_BITS: usize = 2048;
/// Bytes of a P-256 coordinate.
const COORDINATE: usize = 32;

#[derive(Debug, Clone)]
pub struct Key {
    /// The key's `kid`.
    pub id: Option<String>,
    public: Public,
}

#[derive(Debug, Clone)]
enum Public {
    Rsa {
        modulus: Vec<u8>,
        exponent: Vec<u8>,
    },
    /// An uncompressed point: 4, x, y.
    P256(Vec<u8>),
}

impl Key {
    /// Skips keys that cannot sign our tokens: another type, use or curve, or too short. Returns `None` if `text` is not a
    /// key set or is too large.
    #[must_use]
    pub fn parse_set(text: &[u8]) -> Option<Vec<Self>> {
        #[derive(Deserialize)]
        struct Set<'a> {
            #[serde(borrow)]
            keys: Vec<&'a RawValue>,
        }
        let text = json::parse(std::str::from_utf8(text).ok()?).ok()?;
        let Set { keys } = serde_json::from_str(text.get()).ok()?;
        (keys.len() <= MAX_KEYS).then(|| keys.into_iter().filter_map(|key| Jwk::parse(key)?.into_key()).collect())
    }

    #[must_use]
    pub fn algorithm(&self) -> Algorithm {
        match self.public {
            Public::Rsa { .. } => Algorithm::Rs256,
            Public::P256(_) => Algorithm::Es256,
        }
    }

    /// Checks that this key has signed `token`, with the key's own algorithm.
    pub fn check(&self, token: &Token<'_>) -> Result<(), Denied> {
        if token.algorithm != self.algorithm() {
            return Err(Denied::WrongAlgorithm);
        }
        let checked = match &self.public {
            Public::Rsa { modulus, exponent } => RsaPublicKeyComponents { n: modulus, e: exponent }.verify(
                &RSA_PKCS1_2048_8192_SHA256,
                token.signed,
                &token.signature,
            ),
            Public::P256(point) => {
                UnparsedPublicKey::new(&ECDSA_P256_SHA256_FIXED, point).verify(token.signed, &token.signature)
            }
        };
        checked.map_err(|_| Denied::BadSignature)
    }
}

/// A key as published. Parsing fails if a member appears twice.
#[derive(Deserialize)]
struct Jwk {
    kty: String,
    kid: Option<String>,
    #[serde(rename = "use")]
    purpose: Option<String>,
    key_ops: Option<Vec<String>>,
    alg: Option<String>,
    crv: Option<String>,
    n: Option<String>,
    e: Option<String>,
    x: Option<String>,
    y: Option<String>,
}

impl Jwk {
    fn parse(raw: &RawValue) -> Option<Self> {
        serde_json::from_str(raw.get()).ok()
    }

    /// Returns `None` if the key cannot sign our tokens.
    fn into_key(self) -> Option<Key> {
        let is_for_signing = self.purpose.as_deref().is_none_or(|purpose| purpose == "sig")
            && self.key_ops.as_ref().is_none_or(|uses| uses.iter().any(|name| name == "verify"));
        let public = match self.kty.as_str() {
            "RSA" => rsa(self.n.as_deref()?, self.e.as_deref()?)?,
            "EC" if self.crv.as_deref() == Some("P-256") => p256(self.x.as_deref()?, self.y.as_deref()?)?,
            _ => return None,
        };
        let key = Key { id: self.kid, public };
        let has_our_algorithm = self.alg.is_none_or(|alg| Algorithm::from_name(&alg) == Some(key.algorithm()));
        (is_for_signing && has_our_algorithm).then_some(key)
    }
}

fn rsa(n: &str, e: &str) -> Option<Public> {
    let (modulus, exponent) = (number(n)?, number(e)?);
    let unused = modulus.first()?.leading_zeros() as usize;
    let bits = modulus.len().checked_mul(8)?.checked_sub(unused)?;
    (bits >= MIN_RSA_BITS).then_some(Public::Rsa { modulus, exponent })
}

fn p256(x: &str, y: &str) -> Option<Public> {
    let [x, y] = [x, y].map(|text| decode(text).filter(|bytes| bytes.len() == COORDINATE));
    Some(Public::P256([vec![4], x?, y?].concat()))
}

/// Strips leading zeros, which some issuers add.
fn number(text: &str) -> Option<Vec<u8>> {
    let bytes = decode(text)?;
    let start = bytes.iter().position(|byte| *byte != 0)?;
    bytes.get(start..).map(<[u8]>::to_vec)
}

fn decode(text: &str) -> Option<Vec<u8>> {
    BASE64_URL_SAFE_NO_PAD.decode(text).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Key and token of RFC 7515, A.2 and A.3.
    const VECTORS: [(&str, &str); 2] = [
        (
            r#"{"kty":"RSA","e":"AQAB","n":"ofgWCuLjybRlzo0tZWJjNiuSfb4p4fAkd_wWJcyQoTbji9k0l8W26mPddxHmfHQp-Vaw-4qPCJrcS2mJPMEzP1Pt0Bm4d4QlL-yRT-SFd2lZS-pCgNMsD1W_YpRPEwOWvG6b32690r2jZ47soMZo9wGzjb_7OMg0LOL-bSf63kpaSHSXndS5z5rexMdbBYUsLA9e-KXBdQOS-UTo7WTBEMa2R2CapHg665xsmtdVMTBQY4uDZlxvb3qCo5ZwKh9kG4LT6_I5IhlJH7aGhyxXFvUK-DWNmoudF8NAco9_h9iaGNj8q2ethFkMLs91kzk2PAcDTW9gb54h4FRWyuXpoQ"}"#,
            "eyJhbGciOiJSUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ.cC4hiUPoj9Eetdgtv3hF80EGrhuB__dzERat0XF9g2VtQgr9PJbu3XOiZj5RZmh7AAuHIm4Bh-0Qc_lF5YKt_O8W2Fp5jujGbds9uJdbF9CUAr7t1dnZcAcQjbKBYNX4BAynRFdiuB--f_nZLgrnbyTyWzO75vRK5h6xBArLIARNPvkSjtQBMHlb1L07Qe7K0GarZRmB_eSN9383LcOLn6_dO--xi12jzDwusC-eOkHWEsqtFZESc6BfI7noOPqvhJ1phCnvWh6IeYI2w9QOYEUipUTI8np6LbgGY9Fs98rqVt5AXLIhWkWywlVmtVrBp0igcN_IoypGlUPQGe77Rw",
        ),
        (
            r#"{"kty":"EC","crv":"P-256","x":"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU","y":"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0"}"#,
            "eyJhbGciOiJFUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ.DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJqPP3-Kg6NU1Q",
        ),
    ];

    #[test]
    fn the_examples_of_rfc_7515_verify_with_their_own_key_only() {
        let [rsa, p256] = VECTORS.map(|(key, token)| {
            let header = format!("Bearer {token}");
            let keys = Key::parse_set(format!(r#"{{"keys":[{key}]}}"#).as_bytes()).unwrap();
            let checked = keys[0].check(&Token::from_header(&header).unwrap());
            assert_eq!(checked, Ok(()), "{key}");
            (keys[0].clone(), header)
        });
        assert_eq!(rsa.0.check(&Token::from_header(&p256.1).unwrap()), Err(Denied::WrongAlgorithm));
        assert_eq!(p256.0.check(&Token::from_header(&rsa.1).unwrap()), Err(Denied::WrongAlgorithm));
    }
}
