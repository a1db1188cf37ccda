//! Short versions of the long runs: large faults show in seconds.

use std::time::Duration;

use kit::{behaviour::Behaviour, binaries::function, changing_server::ChangingServer};
use load::{
    flip, frozen,
    lambda::Function,
    limits::{self, Shapes},
    outage::{self, Outage},
    soak::{self, Large},
    workload::{NEAR, event_of},
};

async fn soak(binary: &str) {
    soak::run(2_000, Large::AtTheEnd, |name| name == binary).await.assert_well();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_busy_decompose_gives_no_wrong_answer_and_does_not_leak() {
    soak("decompose").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_busy_generate_gives_no_wrong_answer_and_does_not_leak() {
    soak("generate").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_busy_patch_gives_no_wrong_answer_and_does_not_leak() {
    soak("patch").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_busy_catalog_gives_no_wrong_answer_and_does_not_leak() {
    soak("catalog").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_busy_mcp_gives_no_wrong_answer_and_does_not_leak() {
    soak("mcp").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_busy_operations_gives_no_wrong_answer_and_does_not_leak() {
    soak("operations").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_busy_stream_gives_no_wrong_answer_and_does_not_leak() {
    soak("stream").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_busy_library_gives_no_wrong_answer_and_does_not_leak() {
    soak("library").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_busy_deliver_gives_no_wrong_answer_and_does_not_leak() {
    soak("deliver").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_busy_authorizer_gives_no_wrong_answer_and_does_not_leak() {
    soak("authorizer").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_busy_page_gives_no_wrong_answer_and_does_not_leak() {
    soak("page").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_unreliable_generator_never_causes_a_wrong_answer() {
    flip::by_count(2).await.assert_well();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn retries_add_less_than_a_fifth_to_the_calls_of_a_generator_that_is_down() {
    let outages = [(Outage::Refused, 6), (Outage::Unavailable, 6), (Outage::Hanging, 6)];
    outage::run(300, &outages).await.assert_well();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_first_request_to_a_thawed_process_succeeds() {
    frozen::run(Duration::from_secs(2)).await.assert_well();
}

/// Otherwise the runs above would take any answer for one of a busy machine.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_answer_for_which_the_function_itself_waited_too_long_is_late() {
    let generator = ChangingServer::start(Behaviour::hangs()).await;
    let mut decompose = Function::start(&function("decompose"), &[("AGENT_GENERATOR_URL", &generator.url())]).await;
    let answer = decompose.invoke(event_of("decompose").to_string().as_bytes(), Duration::from_secs(2)).await;
    assert!(decompose.is_late(&answer, NEAR), "{:?}", answer.elapsed);
    assert!(!decompose.is_late(&answer, answer.elapsed));
}

/// In time and within half of the memory; what it costs the processor is measured by `make limits`.
async fn worst_requests(binary: &str) {
    limits::run(|name| name == binary, Shapes::Costliest).await.assert_well();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_legal_request_stops_decompose() {
    worst_requests("decompose").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_legal_request_stops_generate() {
    worst_requests("generate").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_legal_request_stops_patch() {
    worst_requests("patch").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_legal_request_stops_the_other_functions() {
    for binary in ["catalog", "operations", "deliver", "authorizer"] {
        worst_requests(binary).await;
    }
}
