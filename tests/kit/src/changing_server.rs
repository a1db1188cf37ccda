//! A server whose behaviour changes while it runs. It records no requests, so that long runs do not fill the memory.

use std::{
    io,
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use tokio::{
    net::TcpListener,
    task::{JoinHandle, JoinSet},
    time::timeout,
};

use crate::{behaviour::Behaviour, play::play, wire::Connection};

/// Stops when it is dropped.
#[derive(Debug)]
pub struct ChangingServer {
    port: u16,
    state: Arc<State>,
    accepting: JoinHandle<()>,
}

#[derive(Debug)]
struct State {
    behaviour: Mutex<Arc<Behaviour>>,
    /// Idle connections are closed after this time.
    keep_alive: Duration,
    requests: AtomicUsize,
    connections: AtomicUsize,
}

impl ChangingServer {
    /// Listens on a free port and keeps idle connections.
    pub async fn start(behaviour: Behaviour) -> Self {
        Self::with_keep_alive(behaviour, Duration::MAX).await
    }

    /// Closes idle connections after `keep_alive`.
    pub async fn with_keep_alive(behaviour: Behaviour, keep_alive: Duration) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port of the loopback interface");
        let port = listener.local_addr().expect("a bound socket has an address").port();
        let state = Arc::new(State {
            behaviour: Mutex::new(Arc::new(behaviour)),
            keep_alive,
            requests: AtomicUsize::default(),
            connections: AtomicUsize::default(),
        });
        let accepting = tokio::spawn(accept(listener, Arc::clone(&state)));
        Self { port, state, accepting }
    }

    /// Takes effect with the next request. Of a sequence only the first behaviour is ever played.
    pub fn behave(&self, behaviour: &Arc<Behaviour>) {
        *self.state.behaviour.lock().expect("an unpoisoned lock") = Arc::clone(behaviour);
    }

    /// Without a slash at the end.
    pub fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    pub fn port(&self) -> u16 {
        self.port
    }

    /// The number of complete requests.
    pub fn requests(&self) -> usize {
        self.state.requests.load(Ordering::Relaxed)
    }

    /// The number of connections ever accepted.
    pub fn connections(&self) -> usize {
        self.state.connections.load(Ordering::Relaxed)
    }
}

impl Drop for ChangingServer {
    fn drop(&mut self) {
        self.accepting.abort();
    }
}

async fn accept(listener: TcpListener, state: Arc<State>) {
    // Dropping this task drops the connections with it.
    let mut served = JoinSet::new();
    while let Ok((stream, _)) = listener.accept().await {
        state.connections.fetch_add(1, Ordering::Relaxed);
        // Frees the finished tasks.
        while served.try_join_next().is_some() {}
        let state = Arc::clone(&state);
        served.spawn(async move {
            // Clients that hang up during an answer are expected.
            let _ = serve(Connection::new(stream), &state).await;
        });
    }
}

async fn serve(mut connection: Connection, state: &State) -> io::Result<()> {
    while let Ok(received) = timeout(state.keep_alive, connection.receive()).await {
        let Some(request) = received? else { return Ok(()) };
        state.requests.fetch_add(1, Ordering::Relaxed);
        let behaviour = Arc::clone(&state.behaviour.lock().expect("an unpoisoned lock"));
        let Some(still_open) = play(connection, request.word(1), behaviour.acts(0)).await? else { return Ok(()) };
        connection = still_open;
    }
    Ok(())
}
