//! An authorizer that can be asked about any header at any time of day.

use authorizer::{Audience, AudienceClaim, Authorizer, IssuerKeys, KeySource, NotAuthenticated};
use serde_json::{Value, json};
use shared::{
    invocation::{Clock, Invocation},
    request_log::RequestLog,
    timestamp::Timestamp,
};
use tokio::time::{Duration, Instant};

use crate::{published::Published, signer::Signer};

pub(crate) const ISSUER: &str = "https://id.example.com/";
pub(crate) const AUDIENCE: &str = "https://agents.example.com";
/// 2026-11-22.
pub(crate) const NOW: f64 = 1_795_305_600.0;
pub(crate) const ADA: &str = "https://id.example.com/#ada";

pub(crate) fn authorizer<S: KeySource>(source: S) -> Authorizer<S> {
    let audience = Audience { claim: AudienceClaim::Aud, name: AUDIENCE.to_owned() };
    Authorizer { issuer: ISSUER.to_owned(), audience, keys: IssuerKeys::new(source) }
}

/// Claims that are valid from [`NOW`] until the year 2286.
pub(crate) fn claims() -> Value {
    json!({"iss": ISSUER, "sub": "ada", "aud": AUDIENCE, "exp": 9_999_999_999_u64, "iat": NOW - 9.0, "scope": "agents"})
}

/// Returns the principal, or the name of the reason.
pub(crate) async fn at<S: KeySource>(
    authorizer: &Authorizer<S>,
    header: &str,
    time: f64,
) -> Result<String, &'static str> {
    let end = Instant::now() + Duration::from_secs(30);
    let invocation = Invocation { clock: Clock::at(Timestamp(time)), end, request_id: "r" };
    authorizer.principal(header, invocation, &mut RequestLog::default()).await.map_err(|error| match error {
        NotAuthenticated::Denied(denied) => denied.name(),
        NotAuthenticated::Unavailable(_) => "unavailable",
    })
}

/// Like [`at`], but takes a bare token and the time [`NOW`].
pub(crate) async fn now<S: KeySource>(authorizer: &Authorizer<S>, token: &str) -> Result<String, &'static str> {
    at(authorizer, &format!("Bearer {token}"), NOW).await
}

/// An issuer with a key of each algorithm, and the authorizer that trusts it.
pub(crate) struct Trust {
    pub(crate) rsa: Signer,
    pub(crate) p256: Signer,
    pub(crate) authorizer: Authorizer<Published>,
}

impl Trust {
    pub(crate) fn new() -> Self {
        let (rsa, p256) = (Signer::rsa("rsa-1"), Signer::p256("ec-1"));
        let authorizer = authorizer(Published::keys(&[rsa.jwk(), p256.jwk()]));
        Self { rsa, p256, authorizer }
    }

    pub(crate) fn signers(&self) -> [&Signer; 2] {
        [&self.rsa, &self.p256]
    }

    /// Asserts that the token is rejected for this reason.
    pub(crate) async fn refuses(&self, token: &str, reason: &str) {
        assert_eq!(now(&self.authorizer, token).await, Err(reason), "{token}");
    }
}
