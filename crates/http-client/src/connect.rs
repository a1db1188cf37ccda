//! Builds HTTP clients: name resolution, certificates, and a note of whether a call dialled a new connection.

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

/// Below the 60 s after which common load balancers drop idle connections.
const POOL_IDLE: Duration = Duration::from_secs(50);

/// A host name did not resolve. [`crate::fault`] finds this type in the chain of an error's sources.
#[derive(Debug, thiserror::Error)]
#[error("the name did not resolve")]
pub struct NotResolved(#[source] std::io::Error);

/// Resolves `name` as the system does.
pub async fn look_up(name: &str) -> Result<Vec<SocketAddr>, NotResolved> {
    // Port 0: the client fills in the port of the address or its scheme.
    Ok(tokio::net::lookup_host((name, 0)).await.map_err(NotResolved)?.collect())
}

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
    /// Whether a connection was dialled for this task's call.
    pub(crate) static DIALLED: Arc<AtomicBool>;
}

/// Sets [`DIALLED`] when a connection is made. A call that fails without dialling used a pooled connection, which the
/// server may have closed while Lambda had this process frozen.
#[derive(Debug, Clone)]
struct NoteDialling;

impl<S> Layer<S> for NoteDialling {
    type Service = Noted<S>;

    fn layer(&self, connector: S) -> Noted<S> {
        Noted(connector)
    }
}

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
        // Fails outside a call, where nothing reads the note.
        let _ = DIALLED.try_with(|dialled| dialled.store(true, Ordering::Relaxed));
        self.0.call(target)
    }
}

/// Builds the client of [`crate::HttpClient`]. Without `https` no root certificates are loaded. Errors name `variable`,
/// whose service the client is for, or the variable of the certificate file.
pub fn client(variable: &'static str, https: bool, certificate_file: Option<&str>) -> Result<Client, BadConfig> {
    builder(variable, https, certificate_file)?
        .dns_resolver(SystemResolver)
        .connector_layer(NoteDialling)
        .pool_idle_timeout(POOL_IDLE)
        .build()
        .map_err(|_| unbuildable(variable))
}

/// Every client's settings: TLS, no redirects, no proxy, our user agent. Parameters as for [`client`].
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
