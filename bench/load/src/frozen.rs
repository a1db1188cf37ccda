//! Frozen and thawed, as Lambda does with a process between two invocations: the connections that it keeps are gone by
//! then, and nobody may notice.

use std::time::Duration;

use futures_util::future::join_all;
use kit::{
    actions::AMPLE, behaviour::Behaviour, binaries::function, changing_server::ChangingServer, private_tls::PrivateTls,
    runtime_api::Environment,
};

use crate::{
    mixture::{ASKING, event_of, result_of},
    report::Report,
};

/// A generator closes connections that were idle for so long; sooner where nobody is frozen for longer.
const KEEP_ALIVE: Duration = Duration::from_secs(5);

/// Freezes every function that asks a generator for `length`, all at once, over plain HTTP and over TLS.
pub async fn run(length: Duration) -> Report {
    let keep_alive = KEEP_ALIVE.min(length / 4);
    let about = format!(
        "Processes that were stopped for {} s between two invocations, as Lambda freezes them, while their generator closed \
         the connections that were idle for {} ms. What the first request after that got, and how soon.",
        length.as_secs(),
        keep_alive.as_millis()
    );
    let mut report = Report::new("Frozen", &about);
    let runs = ASKING.into_iter().flat_map(|name| [(name, false), (name, true)]);
    let thawed = join_all(runs.map(|(name, tls)| tokio::spawn(freeze(name, tls, length, keep_alive)))).await;
    let mut rows = Vec::new();
    for thawed in thawed {
        let (row, complaint) = thawed.expect("a run does not panic");
        rows.push(row);
        report.complaints.extend(complaint);
    }
    report.table(3, &["binary", "generator", "first request", "answered in"], &rows);
    report
}

async fn freeze(
    name: &'static str,
    tls: bool,
    length: Duration,
    keep_alive: Duration,
) -> (Vec<String>, Option<String>) {
    let generator = ChangingServer::with_keep_alive(Behaviour::good(), keep_alive).await;
    let before = PrivateTls::in_front_of(generator.port()).await;
    let url = if tls { before.url() } else { generator.url() };
    let variables = [("AGENT_GENERATOR_URL", url.as_str()), ("SSL_CERT_FILE", before.certificate_file())];
    let environment = Environment::start(&function(name), &variables).await;
    let expected = result_of(name);
    let first = environment.invoke(&event_of(name), AMPLE).await;
    environment.process().freeze();
    tokio::time::sleep(length).await;
    environment.process().thaw();
    let asked = generator.requests();
    let answer = environment.invoke(&event_of(name), AMPLE).await;
    let held = expected.hold(&first).and_then(|()| expected.hold(&answer));
    // An answer that came over the old connection would prove nothing.
    let is_new = generator.connections() == 2 && generator.requests() > asked;
    let held =
        held.and_then(|()| if is_new { Ok(()) } else { Err("the connection was not closed meanwhile".to_owned()) });
    let outcome = if held.is_ok() { "succeeds" } else { "fails" };
    let transport = if tls { "https" } else { "http" };
    let row = [name, transport, outcome].map(str::to_owned);
    let row = row.into_iter().chain([format!("{} ms", answer.elapsed.as_millis())]).collect();
    (row, held.err().map(|wrong| format!("{name} over {transport}, thawed: {wrong}")))
}
