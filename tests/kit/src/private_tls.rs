//! TLS before a generator, with a certificate that only those trust who were given it: a company's own authority. It can
//! greet its clients badly too.

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

/// How a client is greeted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Greeting {
    /// With the certificate of [`PrivateTls::certificate_file`].
    Proper,
    /// With one that nobody vouches for.
    Unknown,
    /// With one that was good until 2001; it is in the file too.
    Expired,
    /// With one of another host; it is in the file too.
    OtherHost,
    /// In plain text.
    Plain,
    /// Not at all.
    Silent,
}

/// A server for 127.0.0.1 that takes TLS off and passes on what is in it. It ends when it is dropped.
#[derive(Debug)]
pub struct PrivateTls {
    port: u16,
    certificate_file: PathBuf,
    greeting: watch::Sender<Greeting>,
    accepting: JoinHandle<()>,
}

/// What the server can show.
struct Faces {
    proper: TlsAcceptor,
    unknown: TlsAcceptor,
    expired: TlsAcceptor,
    other_host: TlsAcceptor,
}

impl PrivateTls {
    /// Stands before the server on `port` of the loopback interface.
    pub async fn before(port: u16) -> Self {
        Self::greeting(port, Greeting::Proper).await
    }

    /// The same with this greeting, until [`Self::greet`] changes it.
    pub async fn greeting(port: u16, greeting: Greeting) -> Self {
        let own = "127.0.0.1";
        let (proper, trusted) = face(own, 2100);
        let (expired, trusted_once) = face(own, 2001);
        let (other_host, trusted_elsewhere) = face("generator.example", 2100);
        let faces = Faces { proper, unknown: face(own, 2100).0, expired, other_host };
        let certificate_file = std::env::temp_dir().join(format!("certificate-{}.pem", Uuid::new_v4()));
        let certificates = [trusted, trusted_once, trusted_elsewhere].concat();
        std::fs::write(&certificate_file, certificates).expect("a file for the certificates");
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port of the loopback interface");
        let own = listener.local_addr().expect("a bound socket has an address").port();
        let (greeting, current) = watch::channel(greeting);
        let accepting = tokio::spawn(async move {
            let faces = Arc::new(faces);
            let mut served = JoinSet::new();
            while let Ok((stream, _)) = listener.accept().await {
                // What is sent in two pieces would otherwise wait for the other side's delayed acknowledgement, 40 ms.
                let _ = stream.set_nodelay(true);
                let greeting = *current.borrow();
                served.spawn(greet(stream, greeting, Arc::clone(&faces), port));
            }
        });
        Self { port: own, certificate_file, greeting, accepting }
    }

    /// Greets like this from the next connection on.
    pub fn greet(&self, greeting: Greeting) {
        self.greeting.send_replace(greeting);
    }

    /// Its address.
    pub fn url(&self) -> String {
        format!("https://127.0.0.1:{}", self.port)
    }

    /// Its port.
    pub fn port(&self) -> u16 {
        self.port
    }

    /// The certificates to trust, in PEM.
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

async fn greet(mut stream: TcpStream, greeting: Greeting, faces: Arc<Faces>, port: u16) {
    let acceptor = match greeting {
        Greeting::Proper => &faces.proper,
        Greeting::Unknown => &faces.unknown,
        Greeting::Expired => &faces.expired,
        Greeting::OtherHost => &faces.other_host,
        Greeting::Plain => {
            let _ = stream.write_all(b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n").await;
            return until_closed(stream).await;
        }
        Greeting::Silent => return until_closed(stream).await,
    };
    // A client that does not trust the certificate ends the handshake: that is its right.
    let Ok(mut outside) = acceptor.accept(stream).await else { return };
    let Ok(mut inside) = TcpStream::connect(("127.0.0.1", port)).await else { return };
    let _ = copy_bidirectional(&mut outside, &mut inside).await;
}

async fn until_closed(mut stream: TcpStream) {
    let _ = tokio::io::copy(&mut stream, &mut tokio::io::sink()).await;
}

/// What shows a certificate of `host` that is good until the first day of `year`, and that certificate in PEM.
fn face(host: &str, year: i32) -> (TlsAcceptor, String) {
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
