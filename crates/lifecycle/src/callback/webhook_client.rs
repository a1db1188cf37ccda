//! The client that calls back.

use std::{fmt, sync::Arc, time::Duration};

use http_client::{
    Fault,
    connect::{builder, unbuildable},
    fault::{fault, find},
    response::seconds_to_wait,
};
use lambda_http::http::HeaderMap;
use reqwest::{Client, Response};
use shared::environment::BadConfig;
use tokio::time::{Instant, timeout_at};

use super::{
    CallbackUrl, Lookup, SystemLookup,
    resolver::{NotPublic, PublicResolver},
};

const CERTIFICATES: &str = "SSL_CERT_FILE";
/// No more of an answer is taken: the status says all.
const MAX_ANSWER: usize = 4 * 1024;
/// A receiver that has answered gets this long to finish, so that it is not cut off amid its answer.
const PATIENCE_WITH_AN_ANSWER: Duration = Duration::from_secs(1);

/// Those who want to be called back, as they are reached: over TLS, without a proxy, without following.
#[derive(Clone)]
pub struct WebhookClient {
    /// Dials public addresses alone.
    public: Client,
    /// Dials whatever a name says.
    trusted: Client,
}

/// A receiver's answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Posted {
    /// The HTTP status.
    pub status: u16,
    /// How long the receiver asks to be left alone.
    pub retry_after: Option<Duration>,
}

/// There was no answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PostFault {
    /// The name leads into a private network: nothing was dialled.
    #[error("the name leads into a private network")]
    NotPublic,
    /// The exchange failed, in words that name no address.
    #[error("{0}")]
    Failed(&'static str),
}

impl WebhookClient {
    /// A client that trusts the public roots and those in `certificate_file`.
    ///
    /// # Errors
    /// The certificate file does not hold.
    pub fn new(certificate_file: Option<&str>) -> Result<Self, BadConfig> {
        Self::with_lookup(Arc::new(SystemLookup), certificate_file)
    }

    /// The same, where `lookup` knows the names.
    ///
    /// # Errors
    /// The certificate file does not hold.
    pub fn with_lookup(lookup: Arc<dyn Lookup>, certificate_file: Option<&str>) -> Result<Self, BadConfig> {
        let client = || {
            let builder = builder(CERTIFICATES, true, certificate_file)?;
            // No connection is kept: each delivery looks at the addresses anew, and this process is frozen between them.
            Ok::<_, BadConfig>(builder.https_only(true).pool_max_idle_per_host(0))
        };
        let built = |client: reqwest::Result<Client>| client.map_err(|_| unbuildable(CERTIFICATES));
        Ok(Self {
            public: built(client()?.dns_resolver(PublicResolver(lookup)).build())?,
            trusted: built(client()?.build())?,
        })
    }

    /// Posts `body` to `url`, and has the status by `deadline`. Of the answer nothing else is kept.
    ///
    /// # Errors
    /// The rules of the network refuse the address, or there was no answer.
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
        let mut response = timeout_at(deadline, sent).await.map_err(out_of_time)?.map_err(|error| told(&error))?;
        let retry_after = seconds_to_wait(response.headers()).map(Duration::from_secs);
        let patience = deadline.min(Instant::now() + PATIENCE_WITH_AN_ANSWER);
        // The status is known: however the rest ends, it stands.
        let _ = timeout_at(patience, take(&mut response)).await;
        Ok(Posted { status: response.status().as_u16(), retry_after })
    }
}

fn told(error: &reqwest::Error) -> PostFault {
    if find::<NotPublic>(error, |_| true) {
        return PostFault::NotPublic;
    }
    // Every call dials: no connection is kept.
    PostFault::Failed(fault(error, true).reason())
}

/// Takes the answer to its end, or as much as is taken of one.
async fn take(response: &mut Response) {
    let mut taken = 0;
    while let Ok(Some(chunk)) = response.chunk().await {
        taken += chunk.len();
        if taken > MAX_ANSWER {
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
        super::{Addresses, TrustedHosts},
        *,
    };

    /// A name that is public when it is looked at, and this host from then on.
    #[derive(Debug, Default)]
    struct Rebinding(AtomicUsize);

    impl Lookup for Rebinding {
        fn addresses<'a>(&'a self, _: &'a str) -> Addresses<'a> {
            let first = self.0.fetch_add(1, Ordering::Relaxed) == 0;
            let address = if first { [93, 184, 216, 34] } else { [127, 0, 0, 1] };
            Box::pin(async move { Ok(vec![SocketAddr::from((address, 0))]) })
        }
    }

    async fn posted(receivers: &WebhookClient, url: &CallbackUrl) -> Result<Posted, PostFault> {
        let deadline = Instant::now() + Duration::from_secs(15);
        receivers.post(url, HeaderMap::new(), "{}".to_owned(), deadline).await
    }

    #[tokio::test]
    async fn a_name_that_turns_private_after_it_was_given_is_not_dialled() {
        let names = Arc::new(Rebinding::default());
        let receivers = WebhookClient::with_lookup(Arc::<Rebinding>::clone(&names), None).unwrap();
        let url = CallbackUrl::parse("https://rebinding.example/hook", &TrustedHosts::default()).unwrap();
        assert_eq!(url.look_up(&*names).await, Ok(()));
        assert_eq!(posted(&receivers, &url).await, Err(PostFault::NotPublic));
        assert_eq!(names.0.load(Ordering::Relaxed), 2, "a name is looked up once for a delivery");
    }

    #[tokio::test]
    async fn a_name_that_is_trusted_on_one_port_is_not_trusted_on_another() {
        let receivers = WebhookClient::new(None).unwrap();
        let trusted = TrustedHosts::parse("localhost:8443").unwrap();
        let url = CallbackUrl::parse("https://localhost/hook", &trusted).unwrap();
        assert_eq!(posted(&receivers, &url).await, Err(PostFault::NotPublic));
    }

    #[tokio::test]
    async fn a_fault_names_no_address() {
        #[derive(Debug)]
        struct Nobody;
        impl Lookup for Nobody {
            fn addresses<'a>(&'a self, name: &'a str) -> Addresses<'a> {
                Box::pin(async move { Err(format!("no such name: {name}").into()) })
            }
        }
        let receivers = WebhookClient::with_lookup(Arc::new(Nobody), None).unwrap();
        let url = CallbackUrl::parse("https://gone.example/hunter2", &TrustedHosts::default()).unwrap();
        let fault = posted(&receivers, &url).await.unwrap_err();
        assert_eq!(fault, PostFault::Failed("the address could not be reached"));
    }
}
