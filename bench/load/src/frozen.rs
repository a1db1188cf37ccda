//! Freezes a process between two invocations, as Lambda does, until its connections are closed: the next request must still
//! succeed.

use std::time::Duration;

use futures_util::future::join_all;
use kit::{
    actions::AMPLE, behaviour::Behaviour, binaries::function, changing_server::ChangingServer, private_tls::PrivateTls,
    runtime_api::Environment,
};

use crate::{
    report::Report,
    workload::{WITH_GENERATOR, event_of, result_of},
};

/// The generator's keep-alive; shorter if the freeze is shorter.
const KEEP_ALIVE: Duration = Duration::from_secs(5);

/// Freezes every function that calls a generator, all at the same time, over HTTP and over TLS.
pub async fn run(length: Duration) -> Report {
    let keep_alive = KEEP_ALIVE.min(length / 4);
    let about = format!(
        "Processes frozen for {} s between two invocations, as Lambda does, while the generator closes connections that are \
         idle for {} ms. The table has the first request after that.",
        length.as_secs(),
        keep_alive.as_millis()
    );
    let mut report = Report::new("Frozen", &about);
    let runs = WITH_GENERATOR.into_iter().flat_map(|name| [(name, false), (name, true)]);
    let thawed = join_all(runs.map(|(name, tls)| tokio::spawn(freeze(name, tls, length, keep_alive)))).await;
    let mut rows = Vec::new();
    for thawed in thawed {
        let (row, complaint) = thawed.expect("a run that does not panic");
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
    let private = PrivateTls::in_front_of(generator.port()).await;
    let url = if tls { private.url() } else { generator.url() };
    let variables = [("AGENT_GENERATOR_URL", url.as_str()), ("SSL_CERT_FILE", private.certificate_file())];
    let environment = Environment::start(&function(name), &variables).await;
    let expected = result_of(name);
    let first = environment.invoke(&event_of(name), AMPLE).await;
    environment.process().freeze();
    tokio::time::sleep(length).await;
    environment.process().thaw();
    let asked = generator.requests();
    let answer = environment.invoke(&event_of(name), AMPLE).await;
    let held = expected.check(&first).and_then(|()| expected.check(&answer));
    // An answer over the old connection would prove nothing.
    let is_new = generator.connections() == 2 && generator.requests() > asked;
    let held = held
        .and_then(|()| if is_new { Ok(()) } else { Err("the connection was not closed during the freeze".to_owned()) });
    let outcome = if held.is_ok() { "succeeds" } else { "fails" };
    let transport = if tls { "https" } else { "http" };
    let row = [name, transport, outcome].map(str::to_owned);
    let row = row.into_iter().chain([format!("{} ms", answer.elapsed.as_millis())]).collect();
    (row, held.err().map(|wrong| format!("{name} over {transport}, thawed: {wrong}")))
}
