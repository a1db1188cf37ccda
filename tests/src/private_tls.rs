//! TLS before a generator, with a certificate that only those trust who were given it: a company's own authority.

use std::{path::PathBuf, sync::Arc};

use rustls::{
    ServerConfig,
    crypto::ring,
    pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer},
};
use tokio::{
    io::copy_bidirectional,
    net::{TcpListener, TcpStream},
    task::{JoinHandle, JoinSet},
};
use tokio_rustls::TlsAcceptor;
use uuid::Uuid;

/// A server for 127.0.0.1 that takes TLS off and passes on what is in it. It ends when it is dropped.
#[derive(Debug)]
pub struct PrivateTls {
    port: u16,
    certificate_file: PathBuf,
    accepting: JoinHandle<()>,
}

impl PrivateTls {
    /// Stands before the server on `port` of the loopback interface.
    pub async fn before(port: u16) -> Self {
        let made = rcgen::generate_simple_self_signed(["127.0.0.1".to_owned()]).expect("a certificate");
        let certificate_file = std::env::temp_dir().join(format!("certificate-{}.pem", Uuid::new_v4()));
        std::fs::write(&certificate_file, made.cert.pem()).expect("a file for the certificate");
        let key = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(made.signing_key.serialize_der()));
        let config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
            .with_safe_default_protocol_versions()
            .expect("the provider's protocol versions")
            .with_no_client_auth()
            .with_single_cert(vec![made.cert.der().clone()], key)
            .expect("a key that belongs to its certificate");
        let acceptor = TlsAcceptor::from(Arc::new(config));
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port of the loopback interface");
        let own = listener.local_addr().expect("a bound socket has an address").port();
        let accepting = tokio::spawn(async move {
            let mut served = JoinSet::new();
            while let Ok((stream, _)) = listener.accept().await {
                let acceptor = acceptor.clone();
                served.spawn(async move {
                    // A client that does not trust the certificate ends the handshake: that is its right.
                    let Ok(mut outside) = acceptor.accept(stream).await else { return };
                    let Ok(mut inside) = TcpStream::connect(("127.0.0.1", port)).await else { return };
                    let _ = copy_bidirectional(&mut outside, &mut inside).await;
                });
            }
        });
        Self { port: own, certificate_file, accepting }
    }

    /// Its address.
    pub fn url(&self) -> String {
        format!("https://127.0.0.1:{}", self.port)
    }

    /// The certificate to trust, in PEM.
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
