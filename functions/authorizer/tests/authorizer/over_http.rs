//! An issuer on a real socket, with TLS before it.

use std::time::Duration;

use authorizer::{Authorizer, Issuer, IssuerKeys, Settings, Unchecked};
use kit::{behaviour::Behaviour, private_tls::PrivateTls, server::FaultyServer};
use serde_json::{Value, json};
use shared::{
    error_type::ErrorType,
    invocation::{Clock, Invocation},
    request_log::RequestLog,
    timestamp::Timestamp,
};
use tokio::time::Instant;

use crate::{
    bench::{AUDIENCE, NOW, claims},
    signer::Signer,
};

const CONFIGURATION: &str = "/tenant/.well-known/openid-configuration";

/// What a configuration has in the place of what belongs there.
type Wrong = fn(&Served) -> Value;

/// An issuer, and the authorizer that trusts its certificate.
struct Served {
    server: FaultyServer,
    tls: PrivateTls,
    signer: Signer,
    authorizer: Authorizer,
}

impl Served {
    async fn start() -> Self {
        let server = FaultyServer::start(Behaviour::hangs()).await;
        let tls = PrivateTls::in_front_of(server.port()).await;
        let authorizer = Self::trusting(&tls, Some(tls.certificate_file()));
        Self { server, tls, signer: Signer::p256("k"), authorizer }
    }

    fn trusting(tls: &PrivateTls, certificate_file: Option<&str>) -> Authorizer {
        let variable = |name: &str| match name {
            "JWT_ISSUER" => Some(format!("{}/tenant/", tls.url())),
            _ => Some(AUDIENCE.to_owned()),
        };
        let Settings { issuer, address, audience } = Settings::from_environment(variable).unwrap();
        let keys = IssuerKeys::new(Issuer::new(issuer.clone(), address, certificate_file).unwrap());
        Authorizer { issuer, audience, keys }
    }

    fn configuration(&self) -> Value {
        json!({"issuer": self.authorizer.issuer, "jwks_uri": format!("{}/keys/?p=1", self.tls.url())})
    }

    /// Answers the question for the configuration with one of these, that for the keys with the other.
    fn answers(&self, configuration: Behaviour, keys: Behaviour) {
        self.server.behave(Behaviour::Then(vec![configuration, keys]));
    }

    fn keys(&self) -> Value {
        json!({"keys": [self.signer.jwk()]})
    }

    /// What a good token comes to within this time: its principal, or the class of the failure; and what the log has.
    async fn asked_within(&self, time: Duration) -> (Result<String, ErrorType>, RequestLog) {
        let mut claims = claims();
        claims["iss"] = json!(self.authorizer.issuer);
        let header = format!("Bearer {}", self.signer.token(&claims));
        let mut record = RequestLog::default();
        let invocation = Invocation { clock: Clock::at(Timestamp(NOW)), end: Instant::now() + time, request_id: "r" };
        let result = self.authorizer.principal(&header, invocation, &mut record).await;
        let result = result.map_err(|error| match error {
            Unchecked::Unavailable(failure) => failure.error_type,
            Unchecked::Denied(denied) => panic!("{denied:?}"),
        });
        (result, record)
    }

    async fn asked(&self) -> Result<String, ErrorType> {
        self.asked_within(Duration::from_secs(20)).await.0
    }
}

#[tokio::test]
async fn the_issuers_own_configuration_says_where_its_keys_are() {
    let served = Served::start().await;
    served.answers(Behaviour::says(served.configuration()), Behaviour::says(served.keys()));
    let (principal, record) = served.asked_within(Duration::from_secs(20)).await;
    assert_eq!(principal.unwrap(), format!("{}#ada", served.authorizer.issuer));
    let paths: Vec<_> = served.server.requests().into_iter().map(|request| request.path).collect();
    assert_eq!(paths, [CONFIGURATION, "/keys/?p=1"]);
    assert_eq!((record.attempts, record.upstream_status), (2, Some(200)));
    // And they are kept.
    assert!(served.asked().await.is_ok());
    assert_eq!(served.server.requests().len(), 2);
}

#[tokio::test]
async fn keys_that_are_not_the_issuers_own_let_nobody_in() {
    let wrong: [(&str, Wrong); 8] = [
        ("issuer", |_| json!("https://id.example.com/")),
        ("issuer", |served| json!(served.tls.url())),
        ("issuer", |_| Value::Null),
        ("jwks_uri", |served| json!(format!("{}/keys", served.server.url()))),
        ("jwks_uri", |_| json!("file:///etc/passwd")),
        ("jwks_uri", |served| json!(served.tls.url().replace("://", "://me:secret@"))),
        ("jwks_uri", |_| json!("/keys")),
        ("jwks_uri", |served| json!([served.tls.url()])),
    ];
    for (key, value) in wrong {
        let served = Served::start().await;
        let mut configuration = served.configuration();
        configuration[key] = value(&served);
        served.answers(Behaviour::says(configuration.clone()), Behaviour::says(served.keys()));
        assert_eq!(served.asked().await, Err(ErrorType::InvalidResponse), "{configuration}");
        assert_eq!(served.server.requests().len(), 1, "{configuration}");
    }
}

#[tokio::test]
async fn an_issuer_that_talks_nonsense_lets_nobody_in() {
    let large = format!(r#"{{"keys":[],"padding":"{}"}}"#, "x".repeat(64 * 1024));
    for (keys, class) in [
        (Behaviour::answers(200, "<html>"), ErrorType::InvalidResponse),
        (Behaviour::answers(200, "{}"), ErrorType::InvalidResponse),
        (Behaviour::answers(200, r#"{"keys":{}}"#), ErrorType::InvalidResponse),
        (Behaviour::answers(200, large), ErrorType::InvalidResponse),
        (Behaviour::endless_length(200), ErrorType::InvalidResponse),
        (Behaviour::answers(404, "{}"), ErrorType::HttpError),
        (Behaviour::answers(500, "{}"), ErrorType::HttpError),
        (Behaviour::answers(503, "{}"), ErrorType::ServiceUnavailable),
        (Behaviour::answers(429, "{}"), ErrorType::RateLimit),
        (Behaviour::answers_with(302, &[("Location", "https://127.0.0.1:1/keys")], ""), ErrorType::HttpError),
        (Behaviour::resets(), ErrorType::RequestError),
    ] {
        let served = Served::start().await;
        served.answers(Behaviour::says(served.configuration()), keys.clone());
        assert_eq!(served.asked().await, Err(class), "{keys:?}");
    }
}

#[tokio::test]
async fn an_issuer_that_is_slow_does_not_hold_a_caller_up_for_longer_than_the_invocation_has() {
    for keys in [Behaviour::hangs(), Behaviour::drips(Duration::from_millis(50))] {
        let served = Served::start().await;
        served.answers(Behaviour::says(served.configuration()), keys);
        let begin = Instant::now();
        let (result, _) = served.asked_within(Duration::from_millis(500)).await;
        assert_eq!(result, Err(ErrorType::Timeout));
        assert!(begin.elapsed() < Duration::from_secs(3), "{:?}", begin.elapsed());
    }
}

#[tokio::test]
async fn whoever_only_says_that_he_is_the_issuer_is_not_believed() {
    let mut served = Served::start().await;
    served.answers(Behaviour::says(served.configuration()), Behaviour::says(served.keys()));
    served.authorizer = Served::trusting(&served.tls, None);
    assert_eq!(served.asked().await, Err(ErrorType::ConnectionError));
    assert!(served.server.requests().is_empty());
}

#[tokio::test]
async fn the_keys_are_there_before_the_first_caller_waits_for_them_and_an_issuer_that_is_down_does_not_stop_the_start()
{
    let served = Served::start().await;
    served.answers(Behaviour::says(served.configuration()), Behaviour::says(served.keys()));
    served.authorizer.keys.prepare(Clock::at(Timestamp(NOW))).await;
    let (result, record) = served.asked_within(Duration::from_secs(20)).await;
    assert!(result.is_ok());
    assert_eq!((record.attempts, served.server.requests().len()), (0, 2));
    let down = Served::start().await;
    down.server.behave(Behaviour::resets());
    down.authorizer.keys.prepare(Clock::at(Timestamp(NOW))).await;
    assert_eq!(down.asked().await, Err(ErrorType::RequestError));
}
