//! Addresses at which no generator can be reached, each for a reason of its own.

use std::time::Duration;

use tokio::{
    net::{TcpListener, TcpSocket, TcpStream},
    time::timeout,
};

/// A name that no resolver knows: the `invalid` domain is reserved for that (RFC 6761).
pub const UNKNOWN_NAME: &str = "http://agent-generator.invalid";

/// A port that nobody listens on, and that nobody can take while this lives.
#[derive(Debug)]
pub struct ClosedPort {
    // Bound, but not listening: the kernel refuses every connection, and gives the port to no one else.
    socket: TcpSocket,
    port: u16,
}

impl ClosedPort {
    /// Takes a free port of the loopback interface.
    pub fn take() -> Self {
        let socket = TcpSocket::new_v4().expect("a socket");
        socket.bind("127.0.0.1:0".parse().expect("an address")).expect("a port of the loopback interface");
        let port = socket.local_addr().expect("a bound socket has an address").port();
        Self { socket, port }
    }

    /// An address that refuses.
    pub fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// Its port.
    pub fn port(&self) -> u16 {
        self.port
    }

    /// Opens the port: whoever comes from now on may be served.
    pub fn open(self) -> TcpListener {
        self.socket.listen(64).expect("a bound socket listens")
    }
}

/// A server that lets a connection wait for ever: its queue is full, and it accepts nobody.
#[derive(Debug)]
pub struct FullQueue {
    listener: TcpListener,
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
        Self { listener, _queue: queue, port: address.port() }
    }

    /// Its address.
    pub fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// Its port.
    pub fn port(&self) -> u16 {
        self.port
    }

    /// Lets those in the queue go; whoever comes from now on may be served.
    pub fn open(self) -> TcpListener {
        self.listener
    }
}
