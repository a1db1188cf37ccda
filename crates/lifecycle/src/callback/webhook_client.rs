//! The HTTP client that posts webhooks.

use std::{fmt, sync::Arc, time::Duration};

use http_client::{
    Fault,
    connect::{builder, unbuildable},
    fault::{Stage, fault, find},
    response::seconds_to_wait,
};
use lambda_http::http::HeaderMap;
use reqwest::{Client, Response};
use shared::environment::BadConfig;
use tokio::time::{Instant, timeout_at};

use super::{
    resolver::{Lookup, NotPublic, PublicResolver, SystemLookup},
    url::CallbackUrl,
};

const CERTIFICATES: &str = "SSL_CERT_FILE";
/// Bytes read of an answer, of which only the status counts.
const MAX_ANSWER: usize = 4 * 1024;
/// How long to read the rest of an answer after its headers, so that the receiver is not cut off.
const DRAIN_TIMEOUT: Duration = Duration::from_secs(1);

/// Posts over TLS, without a proxy, without following redirects, and without keeping connections.
#[derive(Clone)]
pub struct WebhookClient {
    /// Dials public addresses only.
    public: Client,
    /// Dials any address.
    trusted: Client,
}

/// A receiver's answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Posted {
    pub status: u16,
    pub retry_after: Option<Duration>,
}

/// Why there is no answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PostFault {
    /// Nothing was dialled.
    #[error("the name resolves to a private address")]
    NotPublic,
    /// The call failed. The text never contains an address.
    #[error("{0}")]
    Failed(&'static str),
}

impl WebhookClient {
    /// Trusts the public root certificates and those in `certificate_file`.
    pub fn new(certificate_file: Option<&str>) -> Result<Self, BadConfig> {
        Self::with_lookup(Arc::new(SystemLookup), certificate_file)
    }

    /// Like [`Self::new`], with another DNS.
    pub fn with_lookup(lookup: Arc<dyn Lookup>, certificate_file: Option<&str>) -> Result<Self, BadConfig> {
        let client = || {
            let builder = builder(CERTIFICATES, true, certificate_file)?;
            // No idle connections: each delivery has to check the addresses, and Lambda freezes this process in
            // between.
            Ok::<_, BadConfig>(builder.https_only(true).pool_max_idle_per_host(0))
        };
        let built = |client: reqwest::Result<Client>| client.map_err(|_| unbuildable(CERTIFICATES));
        Ok(Self {
            public: built(client()?.dns_resolver(PublicResolver(lookup)).build())?,
            trusted: built(client()?.build())?,
        })
    }

    /// Posts `body` and returns the status by `deadline`.
    pub async fn post(
        &self,
        url: &CallbackUrl,
        headers: HeaderMap,
        body: String,
        deadline: Instant,
    ) -> Result<Posted, PostFault> {
        let client = if url.is_trusted() { &self.trusted } else { &self.public };
        let sent = client.post(url.url().clone()).headers(headers).body(body).send();
        let out_of_time = |_| PostFault::Failed(Fault::OutOfTime.reason());
        let mut response =
            timeout_at(deadline, sent).await.map_err(out_of_time)?.map_err(|error| post_fault(&error))?;
        let retry_after = seconds_to_wait(response.headers()).map(Duration::from_secs);
        let drain_end = deadline.min(Instant::now() + DRAIN_TIMEOUT);
        // The status counts even if reading the rest fails.
        let _ = timeout_at(drain_end, drain(&mut response)).await;
        Ok(Posted { status: response.status().as_u16(), retry_after })
    }
}

fn post_fault(error: &reqwest::Error) -> PostFault {
    if find::<NotPublic>(error, |_| true) {
        return PostFault::NotPublic;
    }
    let stage = if error.is_connect() { Stage::Connecting } else { Stage::Sent };
    PostFault::Failed(fault(error, stage).reason())
}

/// Reads and discards the body, at most [`MAX_ANSWER`] bytes.
async fn drain(response: &mut Response) {
    let mut bytes = 0;
    while let Ok(Some(chunk)) = response.chunk().await {
        bytes += chunk.len();
        if bytes > MAX_ANSWER {
            return;
        }
    }
}

impl fmt::Debug for WebhookClient {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("WebhookClient").finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use std::{
        net::SocketAddr,
        sync::atomic::{AtomicUsize, Ordering},
    };

    use super::{
        super::{resolver::Addresses, trusted::TrustedHosts},
        *,
    };

    /// Resolves to a public address at first, and to this host from then on.
    #[derive(Debug, Default)]
    struct Rebinding(AtomicUsize);

    impl Lookup for Rebinding {
        fn addresses<'a>(&'a self, _: &'a str) -> Addresses<'a> {
            let first = self.0.fetch_add(1, Ordering::Relaxed) == 0;
            let address = if first { [93, 184, 216, 34] } else { [127, 0, 0, 1] };
            Box::pin(async move { Ok(vec![SocketAddr::from((address, 0))]) })
        }
    }

    async fn posted(client: &WebhookClient, url: &CallbackUrl) -> Result<Posted, PostFault> {
        let deadline = Instant::now() + Duration::from_secs(15);
        client.post(url, HeaderMap::new(), "{}".to_owned(), deadline).await
    }

    #[tokio::test]
    async fn a_name_that_turns_private_after_it_was_accepted_is_not_dialled() {
        let names = Arc::new(Rebinding::default());
        let client = WebhookClient::with_lookup(Arc::<Rebinding>::clone(&names), None).unwrap();
        let url = CallbackUrl::parse("https://rebinding.example/hook", &TrustedHosts::default()).unwrap();
        assert_eq!(url.look_up(&*names).await, Ok(()));
        assert_eq!(posted(&client, &url).await, Err(PostFault::NotPublic));
        assert_eq!(names.0.load(Ordering::Relaxed), 2, "one look-up per delivery");
    }

    #[tokio::test]
    async fn a_name_that_is_trusted_on_one_port_is_not_trusted_on_another() {
        let client = WebhookClient::new(None).unwrap();
        let trusted = TrustedHosts::parse("localhost:8443").unwrap();
        let url = CallbackUrl::parse("https://localhost/hook", &trusted).unwrap();
        assert_eq!(posted(&client, &url).await, Err(PostFault::NotPublic));
    }

    #[tokio::test]
    async fn a_fault_does_not_contain_the_address() {
        #[derive(Debug)]
        struct Unresolved;
        impl Lookup for Unresolved {
            fn addresses<'a>(&'a self, name: &'a str) -> Addresses<'a> {
                Box::pin(async move { Err(format!("no such name: {name}").into()) })
            }
        }
        let client = WebhookClient::with_lookup(Arc::new(Unresolved), None).unwrap();
        let url = CallbackUrl::parse("https://gone.example/hunter2", &TrustedHosts::default()).unwrap();
        let fault = posted(&client, &url).await.unwrap_err();
        assert_eq!(fault, PostFault::Failed("the address could not be reached"));
    }
}
