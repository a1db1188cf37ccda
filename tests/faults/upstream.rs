//! The generator of one row: starts it with its fault, and removes the fault.

use kit::{
    behaviour::Behaviour,
    dns::{Resolution, ScriptedDns},
    private_tls::{Greeting, PrivateTls},
    server::FaultyServer,
    unreachable::{ClosedPort, FullQueue},
};

use crate::fault::Place;

/// The generator that a function calls.
#[derive(Debug)]
pub(crate) struct Upstream {
    url: String,
    port: u16,
    /// `None` until the port is opened.
    generator: Option<FaultyServer>,
    front: Front,
}

/// What is in front of the generator.
#[derive(Debug)]
enum Front {
    Nothing,
    Closed(ClosedPort),
    Full(FullQueue),
    Tls(PrivateTls),
    Dns(ScriptedDns),
}

impl Upstream {
    pub(crate) async fn at(place: &Place) -> Self {
        let good = Behaviour::good_with_connection_close;
        match place {
            Place::Listening(behaviour) => Self::of(FaultyServer::start(behaviour.clone()).await),
            Place::Refused => {
                let closed = ClosedPort::take();
                Self { url: closed.url(), port: closed.port(), generator: None, front: Front::Closed(closed) }
            }
            Place::FullQueue => {
                let full = FullQueue::start().await;
                Self { url: full.url(), port: full.port(), generator: None, front: Front::Full(full) }
            }
            Place::Tls(greeting) => {
                let generator = FaultyServer::start(good()).await;
                let tls = PrivateTls::with_greeting(generator.port(), *greeting).await;
                Self { url: tls.url(), port: tls.port(), generator: Some(generator), front: Front::Tls(tls) }
            }
            Place::PlainTextToTls => {
                let upstream = Box::pin(Self::at(&Place::Tls(Greeting::Proper))).await;
                Self { url: upstream.url.replace("https://", "http://"), ..upstream }
            }
            Place::Resolving(resolve) => {
                let upstream = Self::of(FaultyServer::start(good()).await);
                let url = format!("http://agent-generator.test:{}", upstream.port);
                Self { url, front: Front::Dns(ScriptedDns::new(*resolve)), ..upstream }
            }
        }
    }

    fn of(generator: FaultyServer) -> Self {
        Self { url: generator.url(), port: generator.port(), generator: Some(generator), front: Front::Nothing }
    }

    /// The environment to start the function with.
    pub(crate) fn variables(&self) -> Vec<(&str, &str)> {
        let mut variables = vec![("AGENT_GENERATOR_URL", self.url.as_str())];
        match &self.front {
            Front::Tls(tls) => variables.push(("SSL_CERT_FILE", tls.certificate_file())),
            Front::Dns(dns) => variables.extend(dns.variables()),
            Front::Nothing | Front::Closed(_) | Front::Full(_) => {}
        }
        variables
    }

    /// Removes the fault; from then on each connection serves one request. False if the fault is in the address itself
    /// (`http://` for TLS).
    pub(crate) fn recover(&mut self) -> bool {
        match std::mem::replace(&mut self.front, Front::Nothing) {
            Front::Nothing => {}
            Front::Closed(closed) => self.generator = Some(FaultyServer::on(closed.open(), Behaviour::good())),
            Front::Full(full) => self.generator = Some(FaultyServer::on(full.open(), Behaviour::good())),
            Front::Tls(tls) => {
                tls.greet(Greeting::Proper);
                self.front = Front::Tls(tls);
            }
            Front::Dns(dns) => {
                dns.set(Resolution::Localhost);
                self.front = Front::Dns(dns);
            }
        }
        self.generator().behave(Behaviour::good_with_connection_close());
        !(matches!(self.front, Front::Tls(_)) && self.url.starts_with("http://"))
    }

    /// # Panics
    /// If the port is not open.
    pub(crate) fn generator(&self) -> &FaultyServer {
        self.generator.as_ref().expect("an open port")
    }

    /// The number of complete requests.
    pub(crate) fn arrived(&self) -> usize {
        self.generator.as_ref().map_or(0, |generator| generator.requests().len())
    }

    /// What no answer and no log line may contain.
    pub(crate) fn secrets(&self) -> [String; 3] {
        ["127.0.0.1".to_owned(), format!(":{}", self.port), "agent-generator.test".to_owned()]
    }
}
