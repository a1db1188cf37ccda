//! A server on a raw socket that answers as it is told and records every request.

use std::{
    io,
    sync::{Arc, Mutex, MutexGuard},
};

use serde_json::Value;
use tokio::{
    net::TcpListener,
    sync::{Notify, watch},
    task::{JoinHandle, JoinSet},
};

use crate::{behaviour::Behaviour, play::play, wire::Connection};

#[derive(Debug, Clone)]
pub struct ReceivedRequest {
    pub method: String,
    /// With the query.
    pub path: String,
    /// Names and values as they were sent.
    pub headers: Vec<(String, String)>,
    /// Decoded lossily.
    pub body: String,
    /// The number of its connection, counted from 0.
    pub connection: usize,
}

impl ReceivedRequest {
    /// The first value of a header; the case of its name does not matter.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
    }

    /// # Panics
    /// If the body is not JSON.
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.body).expect("a request in JSON")
    }
}

#[derive(Debug)]
struct State {
    behaviour: Arc<Behaviour>,
    /// The number of requests received before this behaviour.
    received_before: usize,
    connections: usize,
    requests: Vec<ReceivedRequest>,
}

/// Plays an Agent Generator, a service of AWS, an issuer or a receiver of webhooks. Stops when it is dropped.
#[derive(Debug)]
pub struct FaultyServer {
    port: u16,
    state: Arc<Mutex<State>>,
    /// Notified of each request.
    arrivals: Arc<Notify>,
    closing: watch::Sender<()>,
    /// The number of open connections.
    open: Arc<watch::Sender<usize>>,
    accepting: JoinHandle<()>,
}

impl FaultyServer {
    /// Listens on a free port.
    pub async fn start(behaviour: Behaviour) -> Self {
        Self::on(TcpListener::bind("127.0.0.1:0").await.expect("a port of the loopback interface"), behaviour)
    }

    /// Serves a socket that already listens.
    pub fn on(listener: TcpListener, behaviour: Behaviour) -> Self {
        let port = listener.local_addr().expect("a bound socket has an address").port();
        let behaviour = Arc::new(behaviour);
        let state = Arc::new(Mutex::new(State { behaviour, received_before: 0, connections: 0, requests: Vec::new() }));
        let arrivals = Arc::new(Notify::new());
        let (closing, open) = (watch::channel(()).0, Arc::new(watch::channel(0).0));
        let counted = (Arc::clone(&state), Arc::clone(&arrivals));
        let accepting = tokio::spawn(accept(listener, counted, closing.clone(), Arc::clone(&open)));
        Self { port, state, arrivals, closing, open, accepting }
    }

    /// Takes effect with the next request; a sequence starts at its first behaviour.
    pub fn behave(&self, behaviour: Behaviour) {
        let mut state = self.state();
        state.received_before = state.requests.len();
        state.behaviour = Arc::new(behaviour);
    }

    /// Closes every connection in order, as a restarting server does.
    pub async fn close_connections(&self) {
        self.closing.send_replace(());
        let mut open = self.open.subscribe();
        open.wait_for(|open| *open == 0).await.expect("the server is still running");
    }

    /// Waits until the total number of complete requests reaches `times`.
    pub async fn until_received(&self, times: usize) {
        loop {
            let arrival = self.arrivals.notified();
            if self.state().requests.len() >= times {
                return;
            }
            arrival.await;
        }
    }

    /// Without a slash at the end.
    pub fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    pub fn port(&self) -> u16 {
        self.port
    }

    /// Every complete request, in the order of arrival.
    pub fn requests(&self) -> Vec<ReceivedRequest> {
        self.state().requests.clone()
    }

    /// The number of connections ever accepted.
    pub fn connections(&self) -> usize {
        self.state().connections
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().expect("an unpoisoned lock")
    }
}

impl Drop for FaultyServer {
    fn drop(&mut self) {
        self.accepting.abort();
    }
}

async fn accept(
    listener: TcpListener,
    (state, arrivals): (Arc<Mutex<State>>, Arc<Notify>),
    closing: watch::Sender<()>,
    open: Arc<watch::Sender<usize>>,
) {
    // Dropping this task drops the connections with it.
    let mut served = JoinSet::new();
    while let Ok((stream, _)) = listener.accept().await {
        let number = {
            let mut state = state.lock().expect("an unpoisoned lock");
            state.connections += 1;
            state.connections - 1
        };
        open.send_modify(|open| *open += 1);
        let (state, arrivals, open) = (Arc::clone(&state), Arc::clone(&arrivals), Arc::clone(&open));
        let mut closing = closing.subscribe();
        served.spawn(async move {
            // Clients that hang up during an answer are expected.
            tokio::select! {
                _ = serve(Connection::new(stream), number, &state, &arrivals) => {}
                _ = closing.changed() => {}
            }
            open.send_modify(|open| *open -= 1);
        });
    }
}

async fn serve(mut connection: Connection, number: usize, state: &Mutex<State>, arrivals: &Notify) -> io::Result<()> {
    while let Some(request) = connection.receive().await? {
        let path = request.word(1).to_owned();
        let (behaviour, turn) = {
            let mut state = state.lock().expect("an unpoisoned lock");
            let turn = state.requests.len() - state.received_before;
            state.requests.push(ReceivedRequest {
                method: request.word(0).to_owned(),
                path: path.clone(),
                body: String::from_utf8_lossy(&request.body).into_owned(),
                headers: request.headers,
                connection: number,
            });
            (Arc::clone(&state.behaviour), turn)
        };
        arrivals.notify_waiters();
        let Some(still_open) = play(connection, &path, behaviour.acts(turn)).await? else { return Ok(()) };
        connection = still_open;
    }
    Ok(())
}
