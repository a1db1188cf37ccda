//! An Agent Generator on a raw socket, which answers as it is told and remembers what it was asked.

use std::{
    io,
    sync::{Arc, Mutex},
};

use serde_json::Value;
use tokio::{
    net::TcpListener,
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

#[derive(Debug, Default)]
struct Counts {
    connections: usize,
    requests: Vec<Seen>,
}

/// A generator that fails on demand. It ends when it is dropped.
#[derive(Debug)]
pub struct FaultyGenerator {
    port: u16,
    counts: Arc<Mutex<Counts>>,
    accepting: JoinHandle<()>,
}

impl FaultyGenerator {
    /// Listens on a free port of the loopback interface and answers with `behaviour`.
    pub async fn start(behaviour: Behaviour) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port of the loopback interface");
        let port = listener.local_addr().expect("a bound socket has an address").port();
        let counts = Arc::new(Mutex::new(Counts::default()));
        let accepting = tokio::spawn(accept(listener, Arc::new(behaviour), Arc::clone(&counts)));
        Self { port, counts, accepting }
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
        self.counts.lock().expect("no thread panicked with the counts").requests.clone()
    }

    /// How many connections were made.
    pub fn connections(&self) -> usize {
        self.counts.lock().expect("no thread panicked with the counts").connections
    }
}

impl Drop for FaultyGenerator {
    fn drop(&mut self) {
        self.accepting.abort();
    }
}

async fn accept(listener: TcpListener, behaviour: Arc<Behaviour>, counts: Arc<Mutex<Counts>>) {
    // The connections end with this task, and so with the generator.
    let mut served = JoinSet::new();
    while let Ok((stream, _)) = listener.accept().await {
        let number = {
            let mut counts = counts.lock().expect("no thread panicked with the counts");
            counts.connections += 1;
            counts.connections - 1
        };
        let (behaviour, counts) = (Arc::clone(&behaviour), Arc::clone(&counts));
        served.spawn(async move {
            // A client that goes away amid an answer is what many of these tests are about.
            let _ = serve(Connection::new(stream), number, &behaviour, &counts).await;
        });
    }
}

async fn serve(
    mut connection: Connection,
    number: usize,
    behaviour: &Behaviour,
    counts: &Mutex<Counts>,
) -> io::Result<()> {
    while let Some(request) = connection.receive().await? {
        let path = request.word(1).to_owned();
        let turn = {
            let mut counts = counts.lock().expect("no thread panicked with the counts");
            counts.requests.push(Seen {
                method: request.word(0).to_owned(),
                path: path.clone(),
                body: String::from_utf8_lossy(&request.body).into_owned(),
                headers: request.headers,
                connection: number,
            });
            counts.requests.len() - 1
        };
        for act in behaviour.acts(turn) {
            match act {
                Act::Canned => {
                    let body = canned(&path).to_string();
                    connection
                        .send(&wire::answer(200, &[("Content-Type", "application/json")], body.as_bytes()))
                        .await?;
                }
                Act::Send(bytes) => connection.send(bytes).await?,
                Act::SendForever(bytes, every) => loop {
                    connection.send(bytes).await?;
                    tokio::time::sleep(*every).await;
                },
                Act::Hang => {
                    connection.until_closed().await;
                    return Ok(());
                }
                Act::Close => return Ok(()),
                Act::Reset => {
                    connection.reset();
                    return Ok(());
                }
            }
        }
    }
    Ok(())
}
