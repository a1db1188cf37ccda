//! Any line as the header `Authorization` that the gateway asks the authorizer about, and what follows as a set of keys.

use std::sync::OnceLock;

use authorizer::{Authorizer, IssuerKeys, Key, KeySource, Unchecked};
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

/// The keys of RFC 7515, A.2 and A.3. Of their tokens, which are among the kept inputs, none is for anybody in particular.
const KEYS: &str = include_str!("../keys.json");
/// Who signed those tokens, and a time when they counted.
const ISSUER: &str = "joe";
const THEN: f64 = 1_300_000_000.0;
const METHOD: &str = "arn:aws:execute-api:eu-west-1:123456789012:api/v1/POST/generate";

/// An issuer that has these keys.
#[derive(Debug, Clone)]
pub(crate) struct Published(Vec<Key>);

impl KeySource for Published {
    async fn read(&self, _: Instant, _: &mut RequestLog) -> Result<Vec<Key>, Failure> {
        Ok(self.0.clone())
    }
}

/// An authorizer that trusts the keys that are known.
pub(crate) fn authorizer() -> Authorizer<Published> {
    static KNOWN: OnceLock<Vec<Key>> = OnceLock::new();
    trusting(KNOWN.get_or_init(|| Key::set(KEYS.as_bytes()).expect("the keys")).clone())
}

fn trusting(keys: Vec<Key>) -> Authorizer<Published> {
    let (issuer, audience) = (ISSUER.to_owned(), "agents".to_owned());
    Authorizer { issuer, audience, keys: IssuerKeys::new(Published(keys)) }
}

/// Nobody gets in whose token no issuer has signed for us, whatever it says of itself; and no set of keys stops the function.
pub fn check(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    let (header, set) = text.split_once('\n').unwrap_or((&text, ""));
    run(async {
        let end = Instant::now() + Duration::from_secs(30);
        let invocation = Invocation { clock: Clock::at(Timestamp(THEN)), end, request_id: "r" };
        let principal = authorizer().principal(header, invocation, &mut RequestLog::default()).await;
        assert!(matches!(principal, Err(Unchecked::Denied(_))), "{header:?} is {principal:?}");
        let question = json!({"type": "TOKEN", "authorizationToken": header, "methodArn": METHOD});
        let answer = answered(&Service::new(authorizer()).with_requests(), &question).await;
        assert_eq!(answer["policyDocument"]["Statement"][0]["Effect"], "Deny", "{answer}");
        assert_eq!(answer["principalId"], "nobody", "{answer}");
        if let Some(keys) = Key::set(set.as_bytes()) {
            // A set that the issuer did not publish may let anybody in.
            let _ = trusting(keys).principal(header, invocation, &mut RequestLog::default()).await;
        }
    });
}
