//! An Agent Generator on a raw socket, which answers as it is told and remembers what it was asked.

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

use crate::{
    behaviour::{Act, Behaviour, canned},
    wire::{self, Connection},
};

/// A request as it arrived.
#[derive(Debug, Clone)]
pub struct Seen {
    /// The method, in capitals.
    pub method: String,
    /// The path, with its query.
    pub path: String,
    /// Name and value of every header.
    pub headers: Vec<(String, String)>,
    /// The body's bytes as text.
    pub body: String,
    /// Which connection it came on, counted from 0.
    pub connection: usize,
}

impl Seen {
    /// The first value of a header, whatever the case of its name.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
    }

    /// The body as JSON.
    ///
    /// # Panics
    /// Where it is none.
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.body).expect("a generator is asked in JSON")
    }
}

#[derive(Debug)]
struct State {
    behaviour: Arc<Behaviour>,
    /// How many requests had come when the behaviour began.
    begun: usize,
    connections: usize,
    requests: Vec<Seen>,
}

/// A generator that fails on demand. It ends when it is dropped.
#[derive(Debug)]
pub struct FaultyGenerator {
    port: u16,
    state: Arc<Mutex<State>>,
    /// Tells of each request.
    arrivals: Arc<Notify>,
    closing: watch::Sender<()>,
    /// How many connections are open.
    open: Arc<watch::Sender<usize>>,
    accepting: JoinHandle<()>,
}

impl FaultyGenerator {
    /// Listens on a free port of the loopback interface and answers with `behaviour`.
    pub async fn start(behaviour: Behaviour) -> Self {
        Self::on(TcpListener::bind("127.0.0.1:0").await.expect("a port of the loopback interface"), behaviour)
    }

    /// The same, where somebody listens already.
    pub fn on(listener: TcpListener, behaviour: Behaviour) -> Self {
        let port = listener.local_addr().expect("a bound socket has an address").port();
        let behaviour = Arc::new(behaviour);
        let state = Arc::new(Mutex::new(State { behaviour, begun: 0, connections: 0, requests: Vec::new() }));
        let arrivals = Arc::new(Notify::new());
        let (closing, open) = (watch::channel(()).0, Arc::new(watch::channel(0).0));
        let counted = (Arc::clone(&state), Arc::clone(&arrivals));
        let accepting = tokio::spawn(accept(listener, counted, closing.clone(), Arc::clone(&open)));
        Self { port, state, arrivals, closing, open, accepting }
    }

    /// Behaves like this from the next request on; a sequence begins with its first.
    pub fn behave(&self, behaviour: Behaviour) {
        let mut state = self.state();
        state.begun = state.requests.len();
        state.behaviour = Arc::new(behaviour);
    }

    /// Closes every connection in good order, as a server does that was restarted.
    pub async fn close_connections(&self) {
        self.closing.send_replace(());
        let mut open = self.open.subscribe();
        open.wait_for(|open| *open == 0).await.expect("the generator lives");
    }

    /// Waits until so many requests have arrived whole, those before among them.
    pub async fn until_asked(&self, times: usize) {
        loop {
            let arrival = self.arrivals.notified();
            if self.state().requests.len() >= times {
                return;
            }
            arrival.await;
        }
    }

    /// Its address, without a slash at the end.
    pub fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// Its port, which no answer may name.
    pub fn port(&self) -> u16 {
        self.port
    }

    /// Every request that arrived whole, in that order.
    pub fn requests(&self) -> Vec<Seen> {
        self.state().requests.clone()
    }

    /// How many connections were made.
    pub fn connections(&self) -> usize {
        self.state().connections
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().expect("no thread panicked with the state")
    }
}

impl Drop for FaultyGenerator {
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
    // The connections end with this task, and so with the generator.
    let mut served = JoinSet::new();
    while let Ok((stream, _)) = listener.accept().await {
        let number = {
            let mut state = state.lock().expect("no thread panicked with the state");
            state.connections += 1;
            state.connections - 1
        };
        open.send_modify(|open| *open += 1);
        let (state, arrivals, open) = (Arc::clone(&state), Arc::clone(&arrivals), Arc::clone(&open));
        let mut closing = closing.subscribe();
        served.spawn(async move {
            // A client that goes away amid an answer is what many of these tests are about.
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
            let mut state = state.lock().expect("no thread panicked with the state");
            let turn = state.requests.len() - state.begun;
            state.requests.push(Seen {
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

/// Does with a connection what `acts` say, for a request of `path`; gives it back where the next request may follow.
pub(crate) async fn play(mut connection: Connection, path: &str, acts: &[Act]) -> io::Result<Option<Connection>> {
    for act in acts {
        match act {
            Act::Canned => connection.send(&good(path, &[])).await?,
            Act::CannedWith(name, value) => connection.send(&good(path, &[(name, value)])).await?,
            Act::Wait(time) => tokio::time::sleep(*time).await,
            Act::Gather(barrier) => {
                barrier.wait().await;
            }
            Act::Send(bytes) => connection.send(bytes).await?,
            Act::SendForever(bytes, every) => loop {
                connection.send(bytes).await?;
                tokio::time::sleep(*every).await;
            },
            Act::Hang => {
                connection.until_closed().await;
                return Ok(None);
            }
            Act::Close => return Ok(None),
            Act::Reset => {
                connection.reset();
                return Ok(None);
            }
        }
    }
    Ok(Some(connection))
}

fn good(path: &str, more: &[(&str, &str)]) -> Vec<u8> {
    let headers = [&[("Content-Type", "application/json")], more].concat();
    wire::answer(200, &headers, canned(path).to_string().as_bytes())
}
