//! An issuer of access tokens with one key.

use std::time::{Duration, SystemTime};

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use ring::{
    rand::SystemRandom,
    signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair},
};
use serde_json::{Value, json};

/// `aud` of the tokens.
pub const AUDIENCE: &str = "agents";
const KEY_ID: &str = "k";
/// Longer than any run.
const DAY: Duration = Duration::from_secs(24 * 60 * 60);

#[derive(Debug)]
pub struct Issuer {
    url: String,
    key: EcdsaKeyPair,
}

impl Issuer {
    /// With a new key.
    pub fn new(url: String) -> Self {
        let (algorithm, random) = (&ECDSA_P256_SHA256_FIXED_SIGNING, SystemRandom::new());
        let made = EcdsaKeyPair::generate_pkcs8(algorithm, &random).expect("a key");
        let key = EcdsaKeyPair::from_pkcs8(algorithm, made.as_ref(), &random).expect("the new key");
        Self { url, key }
    }

    /// Also its name (`iss`).
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Configuration and key set in one document, served at every path.
    pub fn document(&self) -> Value {
        let (x, y) = self.key.public_key().as_ref()[1..].split_at(32);
        let [x, y] = [x, y].map(|bytes| URL_SAFE_NO_PAD.encode(bytes));
        let key = json!({"kty": "EC", "kid": KEY_ID, "use": "sig", "crv": "P-256", "x": x, "y": y});
        json!({"issuer": self.url, "jwks_uri": self.url, "keys": [key]})
    }

    /// Valid for a day.
    pub fn token(&self) -> String {
        self.signed(KEY_ID, AUDIENCE, SystemTime::now() + DAY)
    }

    /// Expired a day ago.
    pub fn expired(&self) -> String {
        self.signed(KEY_ID, AUDIENCE, SystemTime::now() - DAY)
    }

    pub fn for_another_audience(&self) -> String {
        self.signed(KEY_ID, "another", SystemTime::now() + DAY)
    }

    /// `kid` is not in the key set.
    pub fn of_unknown_key(&self) -> String {
        self.signed("unknown", AUDIENCE, SystemTime::now() + DAY)
    }

    fn signed(&self, key_id: &str, audience: &str, end: SystemTime) -> String {
        let end = end.duration_since(SystemTime::UNIX_EPOCH).expect("a date after 1970").as_secs();
        let header = json!({"alg": "ES256", "kid": key_id, "typ": "JWT"});
        let claims = json!({"iss": self.url, "sub": "ada", "aud": audience, "exp": end});
        let [header, claims] = [header, claims].map(|part| URL_SAFE_NO_PAD.encode(part.to_string()));
        let text = format!("{header}.{claims}");
        let signature = self.key.sign(&SystemRandom::new(), text.as_bytes()).expect("a signature");
        format!("{text}.{}", URL_SAFE_NO_PAD.encode(signature))
    }
}
