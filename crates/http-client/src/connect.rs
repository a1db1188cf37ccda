//! How a connection is made: names, certificates, and whether it was made for this call.

use std::{
    error::Error,
    net::SocketAddr,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    task::{Context, Poll},
    time::Duration,
};

use reqwest::{
    Client, ClientBuilder,
    dns::{Addrs, Name, Resolve, Resolving},
    redirect,
};
use rustls::{
    ClientConfig, RootCertStore,
    pki_types::{CertificateDer, pem::PemObject},
};
use shared::environment::{BadConfig, CERTIFICATES};
use tower::{Layer, Service};

/// Idle connections are dropped before the 60 s after which common load balancers drop theirs.
const POOL_IDLE: Duration = Duration::from_secs(50);

/// The name of a host did not resolve. A type of its own, so that the failure is told by type.
#[derive(Debug, thiserror::Error)]
#[error("the name did not resolve")]
pub struct NotResolved(#[source] std::io::Error);

/// The addresses of `name`, as the system resolves it.
///
/// # Errors
/// It does not resolve.
pub async fn look_up(name: &str) -> Result<Vec<SocketAddr>, NotResolved> {
    // Port 0 stands for the port of the address's scheme.
    Ok(tokio::net::lookup_host((name, 0)).await.map_err(NotResolved)?.collect())
}

/// Resolves as the system does, and marks the failure.
#[derive(Debug)]
struct SystemResolver;

impl Resolve for SystemResolver {
    fn resolve(&self, name: Name) -> Resolving {
        Box::pin(async move {
            let addresses = look_up(name.as_str()).await?;
            Ok::<Addrs, Box<dyn Error + Send + Sync>>(Box::new(addresses.into_iter()))
        })
    }
}

tokio::task_local! {
    /// Whether a connection was dialled for the call that this task makes.
    pub(crate) static DIALLED: Arc<AtomicBool>;
}

/// Notes in [`DIALLED`] that a connection is made. A call that fails without having dialled used a pooled connection,
/// which the other side may have closed while this environment was frozen.
#[derive(Debug, Clone)]
struct NoteDialling;

impl<S> Layer<S> for NoteDialling {
    type Service = Noted<S>;

    fn layer(&self, connector: S) -> Noted<S> {
        Noted(connector)
    }
}

/// A connector under [`NoteDialling`].
#[derive(Debug, Clone)]
struct Noted<S>(S);

impl<S: Service<Target>, Target> Service<Target> for Noted<S> {
    type Response = S::Response;
    type Error = S::Error;
    type Future = S::Future;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        self.0.poll_ready(context)
    }

    fn call(&mut self, target: Target) -> S::Future {
        // Outside a call there is nobody to tell.
        let _ = DIALLED.try_with(|dialled| dialled.store(true, Ordering::Relaxed));
        self.0.call(target)
    }
}

/// The client of exchanges: [`builder`]'s, with the system's names; `https` where it is to speak TLS. `variable` is what
/// asks for it.
///
/// # Errors
/// The certificate file does not hold, or no client can be built here.
pub fn client(variable: &'static str, https: bool, certificate_file: Option<&str>) -> Result<Client, BadConfig> {
    builder(variable, https, certificate_file)?
        .dns_resolver(SystemResolver)
        .connector_layer(NoteDialling)
        .pool_idle_timeout(POOL_IDLE)
        .build()
        .map_err(|_| unbuildable(variable))
}

/// What every client has: it follows no redirect, uses no proxy, and says who we are. `variable` is what asks for it.
///
/// # Errors
/// The certificate file does not hold, or this build has no such TLS.
pub fn builder(
    variable: &'static str,
    https: bool,
    certificate_file: Option<&str>,
) -> Result<ClientBuilder, BadConfig> {
    Ok(Client::builder()
        .tls_backend_preconfigured(tls(variable, https, certificate_file)?)
        .redirect(redirect::Policy::none())
        .no_proxy()
        .user_agent(concat!("agent-generator-functions/", env!("CARGO_PKG_VERSION"))))
}

/// What `variable` is told where its client cannot be built.
#[must_use]
pub fn unbuildable(variable: &'static str) -> BadConfig {
    BadConfig::new(variable, "needs an HTTP client that cannot be built here")
}

/// The TLS of a client: ring, TLS 1.2 and 1.3, the public roots that are in the binary and those in
/// `certificate_file`. Without roots where `trusting` is false, for a client that speaks plain HTTP alone.
///
/// # Errors
/// The certificate file cannot be read, or holds no certificate; this build has no such TLS.
fn tls(variable: &'static str, trusting: bool, certificate_file: Option<&str>) -> Result<ClientConfig, BadConfig> {
    let bad = |rule: &'static str| BadConfig::new(CERTIFICATES, rule);
    let mut roots = RootCertStore::empty();
    if trusting {
        roots.extend(webpki_roots::TLS_SERVER_ROOTS.iter().cloned());
        if let Some(path) = certificate_file {
            let certificates = CertificateDer::pem_file_iter(path)
                .and_then(Iterator::collect::<Result<Vec<_>, _>>)
                .map_err(|_| bad("must name a readable file of certificates in PEM"))?;
            let (added, _) = roots.add_parsable_certificates(certificates);
            if added == 0 {
                return Err(bad("names a file without a certificate that can be used"));
            }
        }
    }
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let versions = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|_| unbuildable(variable))?;
    Ok(versions.with_root_certificates(roots).with_no_client_auth())
}
