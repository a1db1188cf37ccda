//! The issuer's keys: RFC 7517. A key has one algorithm, whatever a token says.

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use ring::signature::{ECDSA_P256_SHA256_FIXED, RSA_PKCS1_2048_8192_SHA256, RsaPublicKeyComponents, UnparsedPublicKey};
use serde::Deserialize;
use serde_json::value::RawValue;

use crate::{denied::Denied, token::Token};

/// A larger set is none that an issuer publishes.
const MAX_KEYS: usize = 100;
/// What RSA needs today; what is shorter can be factored.
const MIN_RSA_BITS: usize = 2048;
/// A coordinate of P-256.
const COORDINATE: usize = 32;

/// How a token may be signed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Algorithm {
    /// RSA, PKCS #1 v1.5, with SHA-256.
    Rs256,
    /// ECDSA on P-256, with SHA-256.
    Es256,
}

impl Algorithm {
    /// The algorithm of this name. There is none for `none`, and none whose key is a secret that two share.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        match name {
            "RS256" => Some(Self::Rs256),
            "ES256" => Some(Self::Es256),
            _ => None,
        }
    }
}

/// A key that signs tokens.
#[derive(Debug, Clone)]
pub struct Key {
    /// What tokens call it.
    pub id: Option<String>,
    public: Public,
}

#[derive(Debug, Clone)]
enum Public {
    Rsa {
        modulus: Vec<u8>,
        exponent: Vec<u8>,
    },
    /// Uncompressed: 4, x, y.
    P256(Vec<u8>),
}

impl Key {
    /// The keys of a set that can sign tokens for us; others stand in it too. `None` where it is no set, or one that is
    /// too large.
    #[must_use]
    pub fn set(text: &[u8]) -> Option<Vec<Self>> {
        #[derive(Deserialize)]
        struct Set<'a> {
            #[serde(borrow)]
            keys: Vec<&'a RawValue>,
        }
        let Set { keys } = serde_json::from_slice(text).ok()?;
        (keys.len() <= MAX_KEYS).then(|| keys.into_iter().filter_map(|key| Jwk::read(key)?.key()).collect())
    }

    /// Its algorithm, and no other.
    #[must_use]
    pub fn algorithm(&self) -> Algorithm {
        match self.public {
            Public::Rsa { .. } => Algorithm::Rs256,
            Public::P256(_) => Algorithm::Es256,
        }
    }

    /// Makes sure that it has signed `token`.
    ///
    /// # Errors
    /// It has not, or the token names another algorithm.
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

/// A key as it is published. One that gives something twice is not read.
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
    fn read(raw: &RawValue) -> Option<Self> {
        serde_json::from_str(raw.get()).ok()
    }

    /// The key, where it is one that signs tokens for us.
    fn key(self) -> Option<Key> {
        let signs = self.purpose.as_deref().is_none_or(|purpose| purpose == "sig")
            && self.key_ops.as_ref().is_none_or(|uses| uses.iter().any(|name| name == "verify"));
        let public = match self.kty.as_str() {
            "RSA" => rsa(self.n.as_deref()?, self.e.as_deref()?)?,
            "EC" if self.crv.as_deref() == Some("P-256") => p256(self.x.as_deref()?, self.y.as_deref()?)?,
            _ => return None,
        };
        let key = Key { id: self.kid, public };
        let is_ours = self.alg.is_none_or(|alg| Algorithm::named(&alg) == Some(key.algorithm()));
        (signs && is_ours).then_some(key)
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

/// A number without the zeros that some issuers put before it.
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

    /// RFC 7515, A.2 and A.3: key, and token.
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
    fn the_standards_own_tokens_are_signed_by_the_standards_own_keys() {
        let [rsa, p256] = VECTORS.map(|(key, token)| {
            let header = format!("Bearer {token}");
            let keys = Key::set(format!(r#"{{"keys":[{key}]}}"#).as_bytes()).unwrap();
            let checked = keys[0].check(&Token::bearer(&header).unwrap());
            assert_eq!(checked, Ok(()), "{key}");
            (keys[0].clone(), header)
        });
        assert_eq!(rsa.0.check(&Token::bearer(&p256.1).unwrap()), Err(Denied::WrongAlgorithm));
        assert_eq!(p256.0.check(&Token::bearer(&rsa.1).unwrap()), Err(Denied::WrongAlgorithm));
    }
}
