//! A generator as a fault has it, at an address that a process is started with; and how it gets well again.

use kit::{
    behaviour::Behaviour,
    faulty::FaultyGenerator,
    names::{Names, Resolves},
    private_tls::{Greeting, PrivateTls},
    unreachable::{ClosedPort, FullQueue},
};

use crate::fault::Place;

/// Where a function is sent for its generator.
#[derive(Debug)]
pub(crate) struct Site {
    url: String,
    port: u16,
    /// None where nobody serves yet.
    generator: Option<FaultyGenerator>,
    front: Front,
}

/// What stands before the generator.
#[derive(Debug)]
enum Front {
    Nothing,
    Closed(ClosedPort),
    Full(FullQueue),
    Tls(PrivateTls),
    Named(Names),
}

impl Site {
    /// A generator at `place`.
    pub(crate) async fn at(place: &Place) -> Self {
        let well = Behaviour::good_at_last;
        match place {
            Place::There(behaviour) => Self::of(FaultyGenerator::start(behaviour.clone()).await),
            Place::Refused => {
                let closed = ClosedPort::take();
                Self { url: closed.url(), port: closed.port(), generator: None, front: Front::Closed(closed) }
            }
            Place::FullQueue => {
                let full = FullQueue::start().await;
                Self { url: full.url(), port: full.port(), generator: None, front: Front::Full(full) }
            }
            Place::Tls(greeting) => {
                let generator = FaultyGenerator::start(well()).await;
                let tls = PrivateTls::greeting(generator.port(), *greeting).await;
                Self { url: tls.url(), port: tls.port(), generator: Some(generator), front: Front::Tls(tls) }
            }
            Place::TlsForPlain => {
                let site = Box::pin(Self::at(&Place::Tls(Greeting::Proper))).await;
                Self { url: site.url.replace("https://", "http://"), ..site }
            }
            Place::Named(resolve) => {
                let site = Self::of(FaultyGenerator::start(well()).await);
                let url = format!("http://agent-generator.test:{}", site.port);
                Self { url, front: Front::Named(Names::that(*resolve)), ..site }
            }
        }
    }

    fn of(generator: FaultyGenerator) -> Self {
        Self { url: generator.url(), port: generator.port(), generator: Some(generator), front: Front::Nothing }
    }

    /// What a process has to be started with.
    pub(crate) fn variables(&self) -> Vec<(&str, &str)> {
        let mut variables = vec![("AGENT_GENERATOR_URL", self.url.as_str())];
        match &self.front {
            Front::Tls(tls) => variables.push(("SSL_CERT_FILE", tls.certificate_file())),
            Front::Named(names) => variables.extend(names.variables()),
            Front::Nothing | Front::Closed(_) | Front::Full(_) => {}
        }
        variables
    }

    /// Makes the generator well from the next request on; each connection has one. False where it cannot be: it speaks TLS
    /// where the address says that it does not.
    pub(crate) fn heal(&mut self) -> bool {
        match std::mem::replace(&mut self.front, Front::Nothing) {
            Front::Nothing => {}
            Front::Closed(closed) => self.generator = Some(FaultyGenerator::on(closed.open(), Behaviour::good())),
            Front::Full(full) => self.generator = Some(FaultyGenerator::on(full.open(), Behaviour::good())),
            Front::Tls(tls) => {
                tls.greet(Greeting::Proper);
                self.front = Front::Tls(tls);
            }
            Front::Named(names) => {
                names.now(Resolves::Here);
                self.front = Front::Named(names);
            }
        }
        self.generator().behave(Behaviour::good_at_last());
        !(matches!(self.front, Front::Tls(_)) && self.url.starts_with("http://"))
    }

    /// The generator.
    ///
    /// # Panics
    /// Where nobody serves yet.
    pub(crate) fn generator(&self) -> &FaultyGenerator {
        self.generator.as_ref().expect("a generator that serves")
    }

    /// How many requests have arrived whole.
    pub(crate) fn arrived(&self) -> usize {
        self.generator.as_ref().map_or(0, |generator| generator.requests().len())
    }

    /// What no answer and no line of the log may name.
    pub(crate) fn secrets(&self) -> [String; 3] {
        ["127.0.0.1".to_owned(), format!(":{}", self.port), "agent-generator.test".to_owned()]
    }
}
