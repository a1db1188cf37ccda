//! The SDK's clients, over the project's own HTTP client.

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

use crate::{http::OverReqwest, resources::OPERATIONS_TABLE};

/// A call is made at most this often: all of them may be repeated, as each is one conditional write, a read, or a message
/// that does no harm twice.
pub(crate) const ATTEMPTS: u32 = 4;
/// The wait before a repeat, with full jitter.
pub(crate) const BACKOFF: Backoff = Backoff { first: Duration::from_millis(50), longest: Duration::from_secs(2) };
/// The services answer in milliseconds. One that does not answer by then is asked again.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(2);
pub(crate) const ATTEMPT_TIMEOUT: Duration = Duration::from_secs(5);
const CALL_TIMEOUT: Duration = Duration::from_secs(15);

/// A client of the SDK that is built when it is first used, and then shared. Building one reads the table of AWS's partitions
/// and compiles its patterns, 0.46 million instructions, and most requests need none. Each
/// adapter holds its own: a function links the services that it names, and not the third for being held beside them.
pub(crate) type OnFirstUse<C> = Arc<LazyLock<C, Box<dyn FnOnce() -> C + Send>>>;

pub(crate) fn on_first_use<C: 'static>(clients: &Clients, build: fn(&Clients) -> C) -> OnFirstUse<C> {
    let clients = clients.clone();
    Arc::new(LazyLock::new(Box::new(move || build(&clients))))
}

/// What all adapters share: read once at start, connected when first needed. A clone shares its connections.
#[derive(Debug, Clone)]
pub struct Clients {
    dynamodb: SdkConfig,
    sqs: SdkConfig,
    eventbridge: SdkConfig,
    pub(crate) s3: AwsService,
    pub(crate) http: reqwest::Client,
}

impl Clients {
    /// From the environment that Lambda gives to every function.
    ///
    /// # Errors
    /// The first variable that does not hold.
    pub fn from_env() -> Result<Self, BadConfig> {
        Self::from_environment(environment::variable)
    }

    /// From an environment given as a function from name to value.
    ///
    /// # Errors
    /// The first variable that does not hold.
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
        let http = connect::builder(OPERATIONS_TABLE, https, given(CERTIFICATES).as_deref())?
            .connect_timeout(CONNECT_TIMEOUT)
            .build()
            .map_err(|_| connect::unbuildable(OPERATIONS_TABLE))?;
        let config = SdkConfig::builder()
            .behavior_version(BehaviorVersion::v2026_01_12())
            .region(Region::new(s3.region.clone()))
            .credentials_provider(SharedCredentialsProvider::new(s3.credentials.clone()))
            .http_client(OverReqwest::new(http.clone()))
            // Said here, so that a newer SDK does not change how long a caller waits.
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

    /// A client of DynamoDB.
    #[must_use]
    pub fn dynamodb(&self) -> aws_sdk_dynamodb::Client {
        aws_sdk_dynamodb::Client::new(&self.dynamodb)
    }

    /// A client of SQS.
    #[must_use]
    pub fn sqs(&self) -> aws_sdk_sqs::Client {
        aws_sdk_sqs::Client::new(&self.sqs)
    }

    /// A client of EventBridge.
    #[must_use]
    pub fn eventbridge(&self) -> aws_sdk_eventbridge::Client {
        aws_sdk_eventbridge::Client::new(&self.eventbridge)
    }
}

/// The table's name in errors.
pub(crate) const TABLE: &str = "operations table";

/// What the table or the bucket holds is not what these adapters write.
pub(crate) fn malformed() -> PortError {
    PortError { service: TABLE, code: "malformed item".to_owned() }
}

/// What broke on the way to `service`, or its error's code: by type, and without the text, which quotes names and values.
pub(crate) fn port_error<E: ProvideErrorMetadata, R>(service: &'static str, error: &SdkError<E, R>) -> PortError {
    let code = match error {
        SdkError::ServiceError(error) => error.err().code().unwrap_or("unclassified"),
        SdkError::TimeoutError(_) => "timeout",
        SdkError::DispatchFailure(failure) if failure.is_timeout() => "timeout",
        SdkError::DispatchFailure(_) => "connection",
        SdkError::ResponseError(_) => "unreadable answer",
        _ => "unsendable request",
    };
    PortError { service, code: code.to_owned() }
}
