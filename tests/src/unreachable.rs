//! Addresses at which no generator can be reached, each for a reason of its own.

use std::time::Duration;

use tokio::{
    net::{TcpListener, TcpSocket, TcpStream},
    task::{JoinHandle, JoinSet},
    time::timeout,
};

use crate::wire::Connection;

/// A name that no resolver knows: the `invalid` domain is reserved for that (RFC 6761).
pub const UNKNOWN_NAME: &str = "http://agent-generator.invalid";

/// A port that nobody listens on, and that nobody can take while this lives.
#[derive(Debug)]
pub struct ClosedPort {
    // Bound, but not listening: the kernel refuses every connection, and gives the port to no one else.
    _socket: TcpSocket,
    port: u16,
}

impl ClosedPort {
    /// Takes a free port of the loopback interface.
    pub fn take() -> Self {
        let socket = TcpSocket::new_v4().expect("a socket");
        socket.bind("127.0.0.1:0".parse().expect("an address")).expect("a port of the loopback interface");
        let port = socket.local_addr().expect("a bound socket has an address").port();
        Self { _socket: socket, port }
    }

    /// An address that refuses.
    pub fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }
}

/// A server that lets a connection wait for ever: its queue is full, and it accepts nobody.
#[derive(Debug)]
pub struct FullQueue {
    _listener: TcpListener,
    _queue: Vec<TcpStream>,
    port: u16,
}

impl FullQueue {
    /// Listens on a free port of the loopback interface, and fills the queue.
    ///
    /// # Panics
    /// Where the system queues without end.
    pub async fn start() -> Self {
        let socket = TcpSocket::new_v4().expect("a socket");
        socket.bind("127.0.0.1:0".parse().expect("an address")).expect("a port of the loopback interface");
        let listener = socket.listen(1).expect("a bound socket listens");
        let address = listener.local_addr().expect("a bound socket has an address");
        let mut queue = Vec::new();
        // Where there is room, a connection of the loopback interface is made in microseconds.
        while let Ok(stream) = timeout(Duration::from_millis(300), TcpStream::connect(address)).await {
            queue.push(stream.expect("a listening socket does not refuse"));
            assert!(queue.len() < 1000, "the queue takes everybody");
        }
        Self { _listener: listener, _queue: queue, port: address.port() }
    }

    /// Its address.
    pub fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }
}

/// A server whose TLS handshake never succeeds. It ends when it is dropped.
#[derive(Debug)]
pub struct BadTls {
    port: u16,
    accepting: JoinHandle<()>,
}

impl BadTls {
    /// Answers a TLS greeting in plain text.
    pub async fn plain() -> Self {
        Self::start(|mut connection| async move {
            let _ = connection.send(b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n").await;
            connection.until_closed().await;
        })
        .await
    }

    /// Takes the greeting and says nothing.
    pub async fn silent() -> Self {
        Self::start(|mut connection| async move { connection.until_closed().await }).await
    }

    /// Its address.
    pub fn url(&self) -> String {
        format!("https://127.0.0.1:{}", self.port)
    }

    async fn start<F, S>(serve: S) -> Self
    where
        F: Future<Output = ()> + Send + 'static,
        S: Fn(Connection) -> F + Send + 'static,
    {
        let listener = listen().await;
        let port = listener.local_addr().expect("a bound socket has an address").port();
        let accepting = tokio::spawn(async move {
            let mut served = JoinSet::new();
            while let Ok((stream, _)) = listener.accept().await {
                served.spawn(serve(Connection::new(stream)));
            }
        });
        Self { port, accepting }
    }
}

impl Drop for BadTls {
    fn drop(&mut self) {
        self.accepting.abort();
    }
}

async fn listen() -> TcpListener {
    TcpListener::bind("127.0.0.1:0").await.expect("a port of the loopback interface")
}
