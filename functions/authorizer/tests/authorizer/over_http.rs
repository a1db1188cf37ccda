//! An issuer on a real socket, over TLS.

use std::time::Duration;

use authorizer::{Authorizer, Issuer, IssuerKeys, NotAuthenticated, Settings};
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
    fixture::{AUDIENCE, NOW, claims},
    signer::Signer,
};

const CONFIGURATION: &str = "/tenant/.well-known/openid-configuration";

/// Makes a wrong value for a member of the configuration.
type Wrong = fn(&Served) -> Value;

/// An issuer and an authorizer that trusts its certificate.
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
            "JWT_AUDIENCE" => Some(AUDIENCE.to_owned()),
            _ => None,
        };
        let Settings { issuer, address, audience } = Settings::from_environment(variable).unwrap();
        let keys = IssuerKeys::new(Issuer::new(issuer.clone(), address, certificate_file).unwrap());
        Authorizer { issuer, audience, keys }
    }

    fn configuration(&self) -> Value {
        json!({"issuer": self.authorizer.issuer, "jwks_uri": format!("{}/keys/?p=1", self.tls.url())})
    }

    /// Sets the answers to the requests for the configuration and for the keys.
    fn answers(&self, configuration: Behaviour, keys: Behaviour) {
        self.server.behave(Behaviour::Then(vec![configuration, keys]));
    }

    fn keys(&self) -> Value {
        json!({"keys": [self.signer.jwk()]})
    }

    /// Sends a valid token. Returns the principal or the class of the failure, and the log.
    async fn ask_within(&self, time: Duration) -> (Result<String, ErrorType>, RequestLog) {
        let mut claims = claims();
        claims["iss"] = json!(self.authorizer.issuer);
        let header = format!("Bearer {}", self.signer.token(&claims));
        let mut log = RequestLog::default();
        let invocation = Invocation { clock: Clock::at(Timestamp(NOW)), end: Instant::now() + time, request_id: "r" };
        let result = self.authorizer.principal(&header, invocation, &mut log).await;
        let result = result.map_err(|error| match error {
            NotAuthenticated::Unavailable(failure) => failure.error_type,
            NotAuthenticated::Denied(denied) => panic!("{denied:?}"),
        });
        (result, log)
    }

    async fn ask(&self) -> Result<String, ErrorType> {
        self.ask_within(Duration::from_secs(20)).await.0
    }
}

#[tokio::test]
async fn the_keys_are_found_through_the_issuers_configuration() {
    let served = Served::start().await;
    served.answers(Behaviour::says(served.configuration()), Behaviour::says(served.keys()));
    let (principal, log) = served.ask_within(Duration::from_secs(20)).await;
    assert_eq!(principal.unwrap(), format!("{}#ada", served.authorizer.issuer));
    let paths: Vec<_> = served.server.requests().into_iter().map(|request| request.path).collect();
    assert_eq!(paths, [CONFIGURATION, "/keys/?p=1"]);
    assert_eq!((log.attempts, log.upstream_status), (2, Some(200)));
    // The second request uses the cached keys.
    assert!(served.ask().await.is_ok());
    assert_eq!(served.server.requests().len(), 2);
}

#[tokio::test]
async fn a_configuration_that_points_elsewhere_lets_nobody_in() {
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
        assert_eq!(served.ask().await, Err(ErrorType::InvalidResponse), "{configuration}");
        assert_eq!(served.server.requests().len(), 1, "{configuration}");
    }
}

#[tokio::test]
async fn an_issuer_with_a_broken_answer_lets_nobody_in() {
    let deep = format!(r#"{{"keys":{}{}}}"#, "[".repeat(500), "]".repeat(500));
    let large = format!(r#"{{"keys":[],"padding":"{}"}}"#, "x".repeat(64 * 1024));
    for (keys, class) in [
        (Behaviour::answers(200, "<html>"), ErrorType::InvalidResponse),
        (Behaviour::answers(200, "{}"), ErrorType::InvalidResponse),
        (Behaviour::answers(200, r#"{"keys":{}}"#), ErrorType::InvalidResponse),
        (Behaviour::answers(200, large), ErrorType::InvalidResponse),
        (Behaviour::answers(200, deep), ErrorType::InvalidResponse),
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
        assert_eq!(served.ask().await, Err(class), "{keys:?}");
    }
}

#[tokio::test]
async fn a_slow_issuer_does_not_hold_a_caller_beyond_the_deadline() {
    for keys in [Behaviour::hangs(), Behaviour::drips(Duration::from_millis(50))] {
        let served = Served::start().await;
        served.answers(Behaviour::says(served.configuration()), keys);
        let begin = Instant::now();
        let (result, _) = served.ask_within(Duration::from_millis(500)).await;
        assert_eq!(result, Err(ErrorType::Timeout));
        assert!(begin.elapsed() < Duration::from_secs(3), "{:?}", begin.elapsed());
    }
}

#[tokio::test]
async fn an_issuer_without_a_trusted_certificate_is_rejected() {
    let mut served = Served::start().await;
    served.answers(Behaviour::says(served.configuration()), Behaviour::says(served.keys()));
    served.authorizer = Served::trusting(&served.tls, None);
    assert_eq!(served.ask().await, Err(ErrorType::ConnectionError));
    assert!(served.server.requests().is_empty());
}

#[tokio::test]
async fn keys_are_fetched_at_the_start_and_an_issuer_that_is_down_does_not_prevent_it() {
    let served = Served::start().await;
    served.answers(Behaviour::says(served.configuration()), Behaviour::says(served.keys()));
    served.authorizer.keys.prepare(Clock::at(Timestamp(NOW))).await;
    let (result, log) = served.ask_within(Duration::from_secs(20)).await;
    assert!(result.is_ok());
    assert_eq!((log.attempts, served.server.requests().len()), (0, 2));
    let down = Served::start().await;
    down.server.behave(Behaviour::resets());
    down.authorizer.keys.prepare(Clock::at(Timestamp(NOW))).await;
    assert_eq!(down.ask().await, Err(ErrorType::RequestError));
}
