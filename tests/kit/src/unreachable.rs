//! Addresses at which a server cannot be reached.

use std::time::Duration;

use tokio::{
    net::{TcpListener, TcpSocket, TcpStream},
    time::timeout,
};

/// Does not resolve: the domain `invalid` is reserved for that (RFC 6761).
pub const UNKNOWN_NAME: &str = "http://agent-generator.invalid";

/// A port that refuses connections, reserved until it is dropped.
#[derive(Debug)]
pub struct ClosedPort {
    // Bound but not listening: the kernel refuses connections and keeps the port.
    socket: TcpSocket,
    port: u16,
}

impl ClosedPort {
    pub fn take() -> Self {
        let socket = TcpSocket::new_v4().expect("a socket");
        socket.bind("127.0.0.1:0".parse().expect("an address")).expect("a port of the loopback interface");
        let port = socket.local_addr().expect("a bound socket has an address").port();
        Self { socket, port }
    }

    pub fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    pub fn port(&self) -> u16 {
        self.port
    }

    /// Starts to listen.
    pub fn open(self) -> TcpListener {
        self.socket.listen(64).expect("a bound socket listens")
    }
}

/// A listening port whose accept queue is full: new connections wait forever.
#[derive(Debug)]
pub struct FullQueue {
    listener: TcpListener,
    _queue: Vec<TcpStream>,
    port: u16,
}

impl FullQueue {
    /// Listens on a free port and fills the queue.
    ///
    /// # Panics
    /// If the system's queue has no limit.
    pub async fn start() -> Self {
        let socket = TcpSocket::new_v4().expect("a socket");
        socket.bind("127.0.0.1:0".parse().expect("an address")).expect("a port of the loopback interface");
        let listener = socket.listen(1).expect("a bound socket listens");
        let address = listener.local_addr().expect("a bound socket has an address");
        let mut queue = Vec::new();
        // While there is room, connecting takes microseconds.
        while let Ok(stream) = timeout(Duration::from_millis(300), TcpStream::connect(address)).await {
            queue.push(stream.expect("a listening socket does not refuse"));
            assert!(queue.len() < 1000, "the queue has no limit");
        }
        Self { listener, _queue: queue, port: address.port() }
    }

    pub fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    pub fn port(&self) -> u16 {
        self.port
    }

    /// Closes the queued connections, so that new ones can be accepted.
    pub fn open(self) -> TcpListener {
        self.listener
    }
}
