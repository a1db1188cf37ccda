//! The X-Ray trace of an invocation reaches the services it calls.

use lifecycle::ports::OperationStore;
use lifecycle_aws::Table;
use shared::trace;
use tokio::{io::AsyncReadExt, net::TcpListener};

use crate::{
    on_aws::{BUCKET, TABLE, clients_at},
    rules::BEGIN,
};

/// What the table is asked with, in lower case.
async fn asked(trace: Option<&str>) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let table = Table::new(&clients_at(&format!("http://{}", listener.local_addr().unwrap())), TABLE, Some(BUCKET));
    let asked = async {
        let (mut stream, _) = listener.accept().await.unwrap();
        let mut head = Vec::new();
        while !head.windows(4).any(|end| end == b"\r\n\r\n") {
            assert!(stream.read_buf(&mut head).await.unwrap() > 0);
        }
        String::from_utf8_lossy(&head).to_ascii_lowercase()
    };
    tokio::select! {
        head = asked => head,
        answered = trace::scope(trace.map(str::to_owned), table.get("op-1", BEGIN)) => panic!("{answered:?}"),
    }
}

#[tokio::test]
async fn a_worker_is_found_in_the_trace_of_the_request_that_started_it() {
    let head = asked(Some("Root=1-5bef4de7-ad49b0e8;Parent=9a9197af;Sampled=1")).await;
    assert!(head.contains("x-amzn-trace-id: root=1-5bef4de7-ad49b0e8;parent=9a9197af;sampled=1"), "{head}");
}

#[tokio::test]
async fn a_call_without_a_valid_trace_is_made_without_one() {
    for trace in [None, Some("Root=1\r\nx-amz-target: y")] {
        let head = asked(trace).await;
        assert!(!head.contains("x-amzn-trace-id") && !head.contains("x-amz-target: y"), "{head}");
    }
}
