//! Any line as the header `Authorization`, and the rest as a key set.

use std::sync::OnceLock;

use authorizer::{Audience, AudienceClaim, Authorizer, IssuerKeys, Key, KeySource, NotAuthenticated};
use lambda::Service;
use serde_json::json;
use shared::{
    failure::Failure,
    invocation::{Clock, Invocation},
    request_log::RequestLog,
    timestamp::Timestamp,
};
use tokio::time::{Duration, Instant};

use crate::world::{answered, run};

/// The keys of RFC 7515, A.2 and A.3. Their tokens, which are among the stored inputs, have no audience.
const KEYS: &str = include_str!("../keys.json");
/// The issuer of those tokens, and a time at which they are valid.
const ISSUER: &str = "joe";
const THEN: f64 = 1_300_000_000.0;
const METHOD: &str = "arn:aws:execute-api:eu-west-1:123456789012:api/v1/POST/generate";

/// An issuer with these keys.
#[derive(Debug, Clone)]
pub(crate) struct Published(Vec<Key>);

impl KeySource for Published {
    async fn fetch(&self, _: Instant, _: &mut RequestLog) -> Result<Vec<Key>, Failure> {
        Ok(self.0.clone())
    }
}

/// An authorizer that trusts the RFC's keys.
pub(crate) fn authorizer() -> Authorizer<Published> {
    static KNOWN: OnceLock<Vec<Key>> = OnceLock::new();
    trusting(KNOWN.get_or_init(|| Key::parse_set(KEYS.as_bytes()).expect("the keys")).clone())
}

fn trusting(keys: Vec<Key>) -> Authorizer<Published> {
    let audience = Audience { claim: AudienceClaim::Aud, name: "agents".to_owned() };
    Authorizer { issuer: ISSUER.to_owned(), audience, keys: IssuerKeys::new(Published(keys)) }
}

/// A token that no issuer signed for this audience is denied, and no key set makes the function panic.
pub fn check(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    let (header, set) = text.split_once('\n').unwrap_or((&text, ""));
    run(async {
        let end = Instant::now() + Duration::from_secs(30);
        let invocation = Invocation { clock: Clock::at(Timestamp(THEN)), end, request_id: "r" };
        let principal = authorizer().principal(header, invocation, &mut RequestLog::default()).await;
        assert!(matches!(principal, Err(NotAuthenticated::Denied(_))), "{header:?} is {principal:?}");
        let question = json!({"type": "TOKEN", "authorizationToken": header, "methodArn": METHOD});
        let answer = answered(&Service::new(authorizer()).with_requests(), &question).await;
        assert_eq!(answer["policyDocument"]["Statement"][0]["Effect"], "Deny", "{answer}");
        assert_eq!(answer["principalId"], "nobody", "{answer}");
        if let Some(keys) = Key::parse_set(set.as_bytes()) {
            // Any outcome is fine: the issuer did not publish this key set.
            let _ = trusting(keys).principal(header, invocation, &mut RequestLog::default()).await;
        }
    });
}
