//! The SDK's clients over the project's HTTP client, and how their errors are reported.

use std::{
    sync::{Arc, LazyLock},
    time::Duration,
};

use aws_config::{BehaviorVersion, Region, SdkConfig, retry::RetryConfig, timeout::TimeoutConfig};
use aws_credential_types::provider::SharedCredentialsProvider;
use aws_sdk_dynamodb::error::{ProvideErrorMetadata, SdkError};
use http_client::{
    aws::{AwsService, S3, settings},
    connect,
};
use shared::{
    backoff::Backoff,
    environment::{self, BadConfig, CERTIFICATES},
    port_error::PortError,
};

use crate::http::OverReqwest;

/// Blamed for a client that cannot be built.
const ENDPOINT: &str = "AWS_ENDPOINT_URL";

/// Attempts per call. Every call may be repeated: it is a conditional write, a read, or a message that does no harm
/// twice.
pub const ATTEMPTS: u32 = 4;
/// With full jitter.
pub const BACKOFF: Backoff = Backoff { first: Duration::from_millis(50), longest: Duration::from_secs(2) };
/// The services answer in milliseconds, so a call that takes this long is repeated.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(2);
pub(crate) const ATTEMPT_TIMEOUT: Duration = Duration::from_secs(5);
const CALL_TIMEOUT: Duration = Duration::from_secs(15);

/// An SDK client that is built on first use and then shared: building one costs 0.46 million instructions, and most
/// requests need none. Each adapter holds its own, so that a function links only the services that it uses.
pub type OnFirstUse<C> = Arc<LazyLock<C, Box<dyn FnOnce() -> C + Send>>>;

#[must_use]
pub fn on_first_use<C: 'static>(clients: &Clients, build: fn(&Clients) -> C) -> OnFirstUse<C> {
    let clients = clients.clone();
    Arc::new(LazyLock::new(Box::new(move || build(&clients))))
}

/// Configuration and HTTP client of all adapters. Read once at start; connects on first use. Clones share connections.
#[derive(Debug, Clone)]
pub struct Clients {
    dynamodb: SdkConfig,
    sqs: SdkConfig,
    eventbridge: SdkConfig,
    pub(crate) s3: AwsService,
    pub(crate) http: reqwest::Client,
}

impl Clients {
    pub fn from_env() -> Result<Self, BadConfig> {
        Self::from_environment(environment::variable)
    }

    /// # Errors
    /// Names the first missing or invalid variable.
    pub fn from_environment(variable: impl Fn(&str) -> Option<String>) -> Result<Self, BadConfig> {
        let given = |name: &str| environment::given(&variable, name);
        let s3 = AwsService::from_environment(S3, S3, "AWS_ENDPOINT_URL_S3", settings::region(&given)?, &given)?;
        let endpoints = [
            settings::endpoint("AWS_ENDPOINT_URL_DYNAMODB", &given)?,
            settings::endpoint("AWS_ENDPOINT_URL_SQS", &given)?,
            settings::endpoint("AWS_ENDPOINT_URL_EVENTBRIDGE", &given)?,
        ];
        let https = s3.endpoint.scheme() == "https"
            || endpoints.iter().any(|endpoint| endpoint.as_ref().is_none_or(|endpoint| endpoint.scheme() == "https"));
        let http = connect::builder(ENDPOINT, https, given(CERTIFICATES).as_deref())?
            .connect_timeout(CONNECT_TIMEOUT)
            .build()
            .map_err(|_| connect::unbuildable(ENDPOINT))?;
        let config = SdkConfig::builder()
            .behavior_version(BehaviorVersion::v2026_01_12())
            .region(Region::new(s3.region.clone()))
            .credentials_provider(SharedCredentialsProvider::new(s3.credentials.clone()))
            .http_client(OverReqwest::new(http.clone()))
            // Explicit, so that a newer SDK does not change how long a caller waits.
            .retry_config(
                RetryConfig::standard()
                    .with_max_attempts(ATTEMPTS)
                    .with_initial_backoff(BACKOFF.first)
                    .with_max_backoff(BACKOFF.longest),
            )
            .timeout_config(
                TimeoutConfig::builder()
                    .operation_attempt_timeout(ATTEMPT_TIMEOUT)
                    .operation_timeout(CALL_TIMEOUT)
                    .build(),
            )
            .build();
        let [dynamodb, sqs, eventbridge] = endpoints.map(|endpoint| {
            let mut config = config.to_builder();
            config.set_endpoint_url(endpoint.map(String::from));
            config.build()
        });
        Ok(Self { dynamodb, sqs, eventbridge, s3, http })
    }

    #[must_use]
    pub fn dynamodb(&self) -> aws_sdk_dynamodb::Client {
        aws_sdk_dynamodb::Client::new(&self.dynamodb)
    }

    #[must_use]
    pub fn sqs(&self) -> aws_sdk_sqs::Client {
        aws_sdk_sqs::Client::new(&self.sqs)
    }

    #[must_use]
    pub fn eventbridge(&self) -> aws_sdk_eventbridge::Client {
        aws_sdk_eventbridge::Client::new(&self.eventbridge)
    }
}

/// The error codes of a call that is wrong in itself.
const MALFORMED_CALLS: [&str; 3] = ["ValidationException", "SerializationException", "InvalidMessageContents"];

/// Keeps the error code, or the kind of fault. Drops the text, which quotes names and values.
pub fn port_error<E: ProvideErrorMetadata, R>(service: &'static str, error: &SdkError<E, R>) -> PortError {
    let code = match error {
        SdkError::ServiceError(error) => match error.err().code().unwrap_or("unclassified") {
            code if MALFORMED_CALLS.contains(&code) => return PortError::malformed_call(service),
            code => code,
        },
        SdkError::TimeoutError(_) => "timeout",
        SdkError::DispatchFailure(failure) if failure.is_timeout() => "timeout",
        SdkError::DispatchFailure(_) => "connection",
        SdkError::ResponseError(_) => "unreadable answer",
        _ => "unsendable request",
    };
    PortError { service, code: code.to_owned() }
}
