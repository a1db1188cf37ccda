//! TLS in front of a server, with a certificate from a private authority, or with a faulty handshake.

use std::{path::PathBuf, sync::Arc};

use rcgen::{CertificateParams, KeyPair, date_time_ymd};
use rustls::{
    ServerConfig,
    crypto::ring,
    pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer},
};
use tokio::{
    io::{AsyncWriteExt, copy_bidirectional},
    net::{TcpListener, TcpStream},
    sync::watch,
    task::{JoinHandle, JoinSet},
};
use tokio_rustls::TlsAcceptor;
use uuid::Uuid;

/// How the handshake begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Greeting {
    /// With a certificate in [`PrivateTls::certificate_file`].
    Proper,
    /// With a certificate from an unknown authority.
    Unknown,
    /// With a certificate that expired in 2001; it is in the file too.
    Expired,
    /// With another host's certificate; it is in the file too.
    OtherHost,
    /// With plain HTTP instead of TLS.
    Plain,
    /// Never.
    Silent,
}

/// Terminates TLS on 127.0.0.1 and forwards the bytes. Stops when it is dropped.
#[derive(Debug)]
pub struct PrivateTls {
    port: u16,
    certificate_file: PathBuf,
    greeting: watch::Sender<Greeting>,
    accepting: JoinHandle<()>,
}

/// One acceptor per certificate.
struct Acceptors {
    proper: TlsAcceptor,
    unknown: TlsAcceptor,
    expired: TlsAcceptor,
    other_host: TlsAcceptor,
}

impl PrivateTls {
    /// Forwards to the server on `port`.
    pub async fn in_front_of(port: u16) -> Self {
        Self::with_greeting(port, Greeting::Proper).await
    }

    /// Starts with this greeting; [`Self::greet`] changes it.
    pub async fn with_greeting(port: u16, greeting: Greeting) -> Self {
        let own = "127.0.0.1";
        let (proper, trusted) = acceptor(own, 2100);
        let (expired, trusted_once) = acceptor(own, 2001);
        let (other_host, trusted_elsewhere) = acceptor("generator.example", 2100);
        let acceptors = Acceptors { proper, unknown: acceptor(own, 2100).0, expired, other_host };
        let certificate_file = std::env::temp_dir().join(format!("certificate-{}.pem", Uuid::new_v4()));
        let certificates = [trusted, trusted_once, trusted_elsewhere].concat();
        std::fs::write(&certificate_file, certificates).expect("a file for the certificates");
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port of the loopback interface");
        let own = listener.local_addr().expect("a bound socket has an address").port();
        let (greeting, current) = watch::channel(greeting);
        let accepting = tokio::spawn(async move {
            let acceptors = Arc::new(acceptors);
            let mut served = JoinSet::new();
            while let Ok((stream, _)) = listener.accept().await {
                // Without it, an answer in two packets waits 40 ms for a delayed acknowledgement.
                let _ = stream.set_nodelay(true);
                let greeting = *current.borrow();
                served.spawn(greet(stream, greeting, Arc::clone(&acceptors), port));
            }
        });
        Self { port: own, certificate_file, greeting, accepting }
    }

    /// Takes effect with the next connection.
    pub fn greet(&self, greeting: Greeting) {
        self.greeting.send_replace(greeting);
    }

    pub fn url(&self) -> String {
        format!("https://127.0.0.1:{}", self.port)
    }

    pub fn port(&self) -> u16 {
        self.port
    }

    /// The certificates to trust, as a PEM file.
    pub fn certificate_file(&self) -> &str {
        self.certificate_file.to_str().expect("a path in UTF-8")
    }
}

impl Drop for PrivateTls {
    fn drop(&mut self) {
        self.accepting.abort();
        let _ = std::fs::remove_file(&self.certificate_file);
    }
}

async fn greet(mut stream: TcpStream, greeting: Greeting, acceptors: Arc<Acceptors>, port: u16) {
    let acceptor = match greeting {
        Greeting::Proper => &acceptors.proper,
        Greeting::Unknown => &acceptors.unknown,
        Greeting::Expired => &acceptors.expired,
        Greeting::OtherHost => &acceptors.other_host,
        Greeting::Plain => {
            let _ = stream.write_all(b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n").await;
            return until_closed(stream).await;
        }
        Greeting::Silent => return until_closed(stream).await,
    };
    // Clients that do not trust the certificate hang up here.
    let Ok(mut outside) = acceptor.accept(stream).await else { return };
    let Ok(mut inside) = TcpStream::connect(("127.0.0.1", port)).await else { return };
    let _ = copy_bidirectional(&mut outside, &mut inside).await;
}

async fn until_closed(mut stream: TcpStream) {
    let _ = tokio::io::copy(&mut stream, &mut tokio::io::sink()).await;
}

/// An acceptor with a certificate for `host` valid until 1 January of `year`, and the certificate in PEM.
fn acceptor(host: &str, year: i32) -> (TlsAcceptor, String) {
    let key = KeyPair::generate().expect("a key");
    let mut params = CertificateParams::new([host.to_owned()]).expect("the name of a host");
    (params.not_before, params.not_after) = (date_time_ymd(2000, 1, 1), date_time_ymd(year, 1, 1));
    let certificate = params.self_signed(&key).expect("a certificate");
    let pem = certificate.pem();
    let key = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(key.serialize_der()));
    let config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .expect("the provider's protocol versions")
        .with_no_client_auth()
        .with_single_cert(vec![certificate.der().clone()], key)
        .expect("a key that belongs to its certificate");
    (TlsAcceptor::from(Arc::new(config)), pem)
}
