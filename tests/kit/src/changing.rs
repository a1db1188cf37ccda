//! An Agent Generator whose behaviour is changed while it runs. It remembers no request, so that it lasts for long runs.

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

use crate::{behaviour::Behaviour, faulty::play, wire::Connection};

/// A generator that does as it was last told. It ends when it is dropped.
#[derive(Debug)]
pub struct ChangingGenerator {
    port: u16,
    state: Arc<State>,
    accepting: JoinHandle<()>,
}

#[derive(Debug)]
struct State {
    behaviour: Mutex<Arc<Behaviour>>,
    /// A connection on which nothing is asked for so long is closed.
    keep_alive: Duration,
    requests: AtomicUsize,
    connections: AtomicUsize,
}

impl ChangingGenerator {
    /// Listens on a free port of the loopback interface, and keeps idle connections.
    pub async fn start(behaviour: Behaviour) -> Self {
        Self::with_keep_alive(behaviour, Duration::MAX).await
    }

    /// The same, but an idle connection is closed after `keep_alive`.
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

    /// Behaves like this from the next request on. A sequence begins anew with each request.
    pub fn behave(&self, behaviour: &Arc<Behaviour>) {
        *self.state.behaviour.lock().expect("no thread panicked with the behaviour") = Arc::clone(behaviour);
    }

    /// Its address, without a slash at the end.
    pub fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// Its port.
    pub fn port(&self) -> u16 {
        self.port
    }

    /// How many requests have arrived whole.
    pub fn requests(&self) -> usize {
        self.state.requests.load(Ordering::Relaxed)
    }

    /// How many connections were made.
    pub fn connections(&self) -> usize {
        self.state.connections.load(Ordering::Relaxed)
    }
}

impl Drop for ChangingGenerator {
    fn drop(&mut self) {
        self.accepting.abort();
    }
}

async fn accept(listener: TcpListener, state: Arc<State>) {
    // The connections end with this task, and so with the generator.
    let mut served = JoinSet::new();
    while let Ok((stream, _)) = listener.accept().await {
        state.connections.fetch_add(1, Ordering::Relaxed);
        // Those that have ended are forgotten.
        while served.try_join_next().is_some() {}
        let state = Arc::clone(&state);
        served.spawn(async move {
            // A client that goes away amid an answer is what much of this is about.
            let _ = serve(Connection::new(stream), &state).await;
        });
    }
}

async fn serve(mut connection: Connection, state: &State) -> io::Result<()> {
    while let Ok(received) = timeout(state.keep_alive, connection.receive()).await {
        let Some(request) = received? else { return Ok(()) };
        state.requests.fetch_add(1, Ordering::Relaxed);
        let behaviour = Arc::clone(&state.behaviour.lock().expect("no thread panicked with the behaviour"));
        let Some(still_open) = play(connection, request.word(1), behaviour.acts(0)).await? else { return Ok(()) };
        connection = still_open;
    }
    Ok(())
}
