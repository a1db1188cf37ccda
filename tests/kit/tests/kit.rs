//! Tests of the kit: a fault that is not played proves nothing, and a lost answer would be blamed on the function.
#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a panic fails the test"
)]

use std::{
    io::ErrorKind,
    path::Path,
    sync::Arc,
    time::{Duration, SystemTime},
};

use kit::{
    behaviour::{Act, Behaviour},
    private_tls::{Greeting, PrivateTls},
    runtime_api::{ANSWER_LIMIT, Environment},
    server::FaultyServer,
    unreachable::{ClosedPort, UNKNOWN_NAME},
    wire::{Connection, Message},
};
use rustls::{ClientConfig, RootCertStore, crypto::ring, pki_types::ServerName};
use serde_json::{Value, json};
use tokio::{io::AsyncReadExt, net::TcpStream};
use tokio_rustls::TlsConnector;

const REQUEST: &str = "POST /api/generate-agent HTTP/1.1\r\nHost: g\r\nX-One: 1\r\nContent-Length: 4\r\n\r\nbody";
const AMPLE: Duration = Duration::from_secs(20);

async fn connect(url: &str) -> TcpStream {
    let address = url.split_once("://").expect("a scheme").1;
    TcpStream::connect(address).await.expect("a listening server")
}

/// Sends [`REQUEST`].
async fn request(server: &FaultyServer) -> Connection {
    let mut connection = Connection::new(connect(&server.url()).await);
    connection.send(REQUEST.as_bytes()).await.unwrap();
    connection
}

async fn answer(connection: &mut Connection) -> Message {
    connection.receive().await.expect("an answer").expect("an answer before the end")
}

/// What the client receives for [`REQUEST`].
async fn fault(behaviour: Behaviour) -> std::io::Result<Option<Message>> {
    let server = FaultyServer::start(behaviour).await;
    request(&server).await.receive().await
}

#[tokio::test]
async fn a_request_is_recorded_as_it_was_sent() {
    let server = FaultyServer::start(Behaviour::good()).await;
    let mut connection = request(&server).await;
    assert_eq!(answer(&mut connection).await.start_line, "HTTP/1.1 200 Status");
    let seen = server.requests();
    assert_eq!((seen[0].method.as_str(), seen[0].path.as_str()), ("POST", "/api/generate-agent"));
    assert_eq!((seen[0].header("x-one"), seen[0].body.as_str()), (Some("1"), "body"));
}

#[tokio::test]
async fn a_sequence_of_behaviours_continues_over_all_connections() {
    let inner = Behaviour::Then(vec![Behaviour::answers(501, ""), Behaviour::answers(502, "")]);
    let server = FaultyServer::start(Behaviour::Then(vec![Behaviour::answers(500, ""), inner])).await;
    let mut first = request(&server).await;
    assert_eq!(answer(&mut first).await.word(1), "500");
    first.send(REQUEST.as_bytes()).await.unwrap();
    assert_eq!(answer(&mut first).await.word(1), "501");
    assert_eq!(answer(&mut request(&server).await).await.word(1), "502");
    assert_eq!(answer(&mut request(&server).await).await.word(1), "502");
    assert_eq!((server.requests().len(), server.connections()), (4, 3));
    assert_eq!(server.requests()[1].connection, 0);
}

#[tokio::test]
async fn a_reset_is_a_reset_and_a_close_is_a_close() {
    let reset =
        [Behaviour::resets(), Behaviour::partial_headers(Act::Reset), Behaviour::partial_body(200, 9, Act::Reset)];
    for behaviour in reset {
        assert_eq!(fault(behaviour).await.unwrap_err().kind(), ErrorKind::ConnectionReset);
    }
    assert!(fault(Behaviour::closes()).await.unwrap().is_none());
    let cut = [
        Behaviour::partial_headers(Act::Close),
        Behaviour::partial_body(200, 9, Act::Close),
        Behaviour::partial_chunks(Act::Close),
    ];
    for behaviour in cut {
        assert_eq!(fault(behaviour).await.unwrap_err().kind(), ErrorKind::UnexpectedEof);
    }
}

#[tokio::test]
async fn a_good_answer_arrives_before_the_connection_closes() {
    let server = FaultyServer::start(Behaviour::good_then_closes()).await;
    let mut connection = request(&server).await;
    assert_eq!(answer(&mut connection).await.word(1), "200");
    assert!(connection.receive().await.unwrap().is_none());
}

#[tokio::test]
async fn informational_answers_come_before_the_good_one() {
    let server = FaultyServer::start(Behaviour::good().after_informational()).await;
    let mut connection = request(&server).await;
    let mut statuses = Vec::new();
    for _ in 0..3 {
        statuses.push(answer(&mut connection).await.word(1).to_owned());
    }
    assert_eq!(statuses, ["102", "103", "200"]);
}

#[tokio::test]
async fn an_endless_answer_sends_more_than_20_megabytes() {
    for behaviour in [Behaviour::endless_chunks(200), Behaviour::endless_length(200), Behaviour::endless_headers()] {
        let server = FaultyServer::start(behaviour).await;
        let mut stream = connect(&server.url()).await;
        tokio::io::AsyncWriteExt::write_all(&mut stream, REQUEST.as_bytes()).await.unwrap();
        let mut bytes = vec![0; 20_000_000];
        stream.read_exact(&mut bytes).await.expect("at least 20 MB");
    }
}

#[tokio::test]
async fn a_hanging_server_sends_nothing_more() {
    for (behaviour, says) in [
        (Behaviour::hangs(), ""),
        (Behaviour::partial_headers(Act::Hang), "HTTP/1.1 200 OK\r\nContent-Type: application/js"),
    ] {
        let server = FaultyServer::start(behaviour).await;
        let mut stream = connect(&server.url()).await;
        tokio::io::AsyncWriteExt::write_all(&mut stream, REQUEST.as_bytes()).await.unwrap();
        let mut said = Vec::new();
        let silence = tokio::time::timeout(Duration::from_millis(300), stream.read_to_end(&mut said)).await;
        assert!(silence.is_err(), "it ended: {said:?}");
        assert_eq!(String::from_utf8_lossy(&said), says);
    }
}

#[tokio::test]
async fn a_closed_port_refuses_and_an_unknown_name_does_not_resolve() {
    let closed = ClosedPort::take();
    let refused = TcpStream::connect(closed.url().replace("http://", "")).await;
    assert_eq!(refused.unwrap_err().kind(), ErrorKind::ConnectionRefused);
    let name = UNKNOWN_NAME.replace("http://", "");
    assert!(tokio::net::lookup_host((name, 80)).await.is_err());
}

#[tokio::test]
async fn a_handshake_fails_for_the_chosen_reason() {
    let config = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_root_certificates(RootCertStore::empty())
        .with_no_client_auth();
    let connector = TlsConnector::from(Arc::new(config));
    let name = ServerName::try_from("127.0.0.1").unwrap();
    let server = FaultyServer::start(Behaviour::good()).await;
    let private = PrivateTls::in_front_of(server.port()).await;
    for (greeting, why) in [(Greeting::Plain, "InvalidContentType"), (Greeting::Unknown, "UnknownIssuer")] {
        private.greet(greeting);
        let failed = connector.connect(name.clone(), connect(&private.url()).await).await.unwrap_err();
        assert!(format!("{failed:?}").contains(why), "{failed:?}");
    }
}

fn toy() -> &'static Path {
    Path::new(env!("CARGO_BIN_EXE_toy-function"))
}

#[tokio::test]
async fn an_event_reaches_the_function_and_its_answer_comes_back() {
    let environment = Environment::start(toy(), &[]).await;
    for number in 0..3 {
        let before = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap().as_millis();
        let answer = environment.invoke(&json!({"number": number}), AMPLE).await;
        let payload = answer.payload.expect("an answer");
        assert_eq!((&payload["event"]["number"], &payload["request_id"]), (&json!(number), &json!(answer.request_id)));
        let deadline: u128 = payload["deadline_ms"].as_str().and_then(|text| text.parse().ok()).expect("a number");
        assert!(deadline >= before + AMPLE.as_millis(), "{deadline}");
    }
    assert!(environment.peak_memory_bytes() > 500_000);
}

#[tokio::test]
async fn a_failed_invocation_does_not_look_like_an_answer() {
    let environment = Environment::start(toy(), &[]).await;
    let failed = environment.invoke(&json!({"do": "fail"}), AMPLE).await;
    assert_eq!((failed.lambda_error_type(), failed.payload.is_none()), (Some("Toy.Failed"), true));
    let large = environment.invoke(&json!({"bytes": ANSWER_LIMIT}), AMPLE).await;
    assert_eq!(large.payload.and_then(|text| text.as_str().map(str::len)), Some(ANSWER_LIMIT - 2));
    let too_large = environment.invoke(&json!({"bytes": ANSWER_LIMIT + 1}), AMPLE).await;
    assert_eq!(too_large.lambda_error_type(), Some("Function.ResponseSizeTooLarge"));
    assert!(environment.is_alive());
    let died = environment.invoke(&json!({"do": "die"}), AMPLE).await;
    assert_eq!(died.lambda_error_type(), Some("Runtime.ExitError"));
    assert!(!environment.is_alive());
}

#[tokio::test]
async fn no_log_line_is_lost_even_after_the_answer() {
    let environment = Environment::start(toy(), &[]).await;
    environment.invoke(&json!({}), AMPLE).await;
    environment.invoke(&json!({}), AMPLE).await;
    let mut logs = environment.finish().await;
    logs.sort();
    assert_eq!(logs, ["after the answer", "after the answer", "ready", "to stderr"]);
}

#[tokio::test]
async fn a_refused_start_comes_with_its_reason() {
    let refused = Environment::try_start(toy(), &[("TOY_START", "refuse")]).await.expect_err("it refuses");
    assert_eq!(refused.exit.code(), Some(3));
    assert_eq!(refused.report.map(|report: Value| report["errorMessage"].clone()), Some(json!("not today")));
    assert!(refused.logs.contains(&"ready".to_owned()));
}
