//! Builds HTTP clients: name resolution, certificates, settings.

use std::{
    future::Future,
    net::SocketAddr,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll},
    time::Duration,
};

use bytes::Bytes;
use http_body_util::Full;
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder};
use hyper_util::{
    client::legacy::{
        Client,
        connect::{HttpConnector, dns::Name},
    },
    rt::{TokioExecutor, TokioTimer},
};
use reqwest::{ClientBuilder, redirect};
use rustls::{
    ClientConfig, RootCertStore,
    pki_types::{CertificateDer, pem::PemObject},
};
use shared::environment::{BadConfig, CERTIFICATES};
use tower::Service;

use crate::counting::Counting;

/// Below the 60 s after which common load balancers drop idle connections.
const POOL_IDLE: Duration = Duration::from_secs(50);

/// Between probes of an idle connection, so that one to a dead host is noticed.
const KEEP_ALIVE: Duration = Duration::from_secs(15);

/// Sent by every client.
pub(crate) const USER_AGENT: &str = concat!("agent-generator-functions/", env!("CARGO_PKG_VERSION"));

/// A host name did not resolve. [`crate::fault`] finds this type in the chain of an error's sources.
#[derive(Debug, thiserror::Error)]
#[error("the name did not resolve")]
pub struct NotResolved(#[source] std::io::Error);

/// Resolves `name` as the system does.
pub async fn look_up(name: &str) -> Result<Vec<SocketAddr>, NotResolved> {
    // Port 0: the client fills in the port of the address or its scheme.
    Ok(tokio::net::lookup_host((name, 0)).await.map_err(NotResolved)?.collect())
}

/// [`look_up`] as the client asks for it.
#[derive(Debug, Clone)]
pub struct SystemResolver;

impl Service<Name> for SystemResolver {
    type Response = std::vec::IntoIter<SocketAddr>;
    type Error = NotResolved;
    type Future = Pin<Box<dyn Future<Output = Result<Self::Response, NotResolved>> + Send>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), NotResolved>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, name: Name) -> Self::Future {
        Box::pin(async move { Ok(look_up(name.as_str()).await?.into_iter()) })
    }
}

/// Connections that are kept for the next request.
pub(crate) type Pool = Client<Counting<HttpsConnector<HttpConnector<SystemResolver>>>, Full<Bytes>>;

/// Builds the connections of [`crate::HttpClient`]: HTTP/1.1, no redirects, no proxy. Without `https` no root certificates
/// are loaded. Errors name `variable`, whose service the client is for, or the variable of the certificate file.
pub(crate) fn pool(variable: &'static str, https: bool, certificate_file: Option<&str>) -> Result<Pool, BadConfig> {
    let mut tcp = HttpConnector::new_with_resolver(SystemResolver);
    tcp.enforce_http(false);
    tcp.set_nodelay(true);
    tcp.set_keepalive(Some(KEEP_ALIVE));
    let tls = HttpsConnectorBuilder::new().with_tls_config(tls(variable, https, certificate_file)?);
    let connector = Counting(tls.https_or_http().enable_http1().wrap_connector(tcp));
    Ok(Client::builder(TokioExecutor::new())
        .pool_idle_timeout(POOL_IDLE)
        .pool_timer(TokioTimer::new())
        .build(connector))
}

/// The settings of clients that need more of reqwest than [`crate::HttpClient`]: TLS, no redirects, no proxy, our user agent. Parameters as for
/// [`crate::HttpClient::new`].
pub fn builder(
    variable: &'static str,
    https: bool,
    certificate_file: Option<&str>,
) -> Result<ClientBuilder, BadConfig> {
    Ok(reqwest::Client::builder()
        .tls_backend_preconfigured(tls(variable, https, certificate_file)?)
        .redirect(redirect::Policy::none())
        .no_proxy()
        .user_agent(USER_AGENT))
}

#[must_use]
pub fn unbuildable(variable: &'static str) -> BadConfig {
    BadConfig::new(variable, "needs an HTTP client that cannot be built here")
}

/// ring, TLS 1.2 and 1.3, the public roots in the binary and those in `certificate_file`.
fn tls(variable: &'static str, https: bool, certificate_file: Option<&str>) -> Result<ClientConfig, BadConfig> {
    let bad = |rule: &'static str| BadConfig::new(CERTIFICATES, rule);
    let mut roots = RootCertStore::empty();
    if https {
        roots.extend(webpki_roots::TLS_SERVER_ROOTS.iter().cloned());
        if let Some(path) = certificate_file {
            let certificates = CertificateDer::pem_file_iter(path)
                .and_then(Iterator::collect::<Result<Vec<_>, _>>)
                .map_err(|_| bad("must name a readable file of certificates in PEM"))?;
            let (added, _) = roots.add_parsable_certificates(certificates);
            if added == 0 {
                return Err(bad("must name a file with at least one usable certificate"));
            }
        }
    }
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let versions = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|_| unbuildable(variable))?;
    Ok(versions.with_root_certificates(roots).with_no_client_auth())
}
