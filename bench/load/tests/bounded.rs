//! The long runs in short: what they would find in an hour shows in seconds where it is gross.

use std::time::Duration;

use load::{
    flip, frozen,
    outage::{self, Outage},
    soak::{self, Large},
};

async fn soak(binary: &str) {
    soak::run(2_000, Large::AtTheEnd, |name| name == binary).await.assert_well();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_busy_decompose_answers_nobody_wrongly_and_does_not_grow() {
    soak("decompose").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_busy_generate_answers_nobody_wrongly_and_does_not_grow() {
    soak("generate").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_busy_patch_answers_nobody_wrongly_and_does_not_grow() {
    soak("patch").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_busy_catalog_answers_nobody_wrongly_and_does_not_grow() {
    soak("catalog").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_busy_operations_answers_nobody_wrongly_and_does_not_grow() {
    soak("operations").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_busy_deliver_answers_nobody_wrongly_and_does_not_grow() {
    soak("deliver").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_busy_authorizer_answers_nobody_wrongly_and_does_not_grow() {
    soak("authorizer").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_generator_that_comes_and_goes_costs_nobody_a_proper_answer() {
    flip::by_count(2).await.assert_well();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_generator_that_is_down_is_not_asked_much_more_often_than_before() {
    let outages = [(Outage::Refused, 6), (Outage::Unavailable, 6), (Outage::Hanging, 6)];
    outage::run(300, &outages).await.assert_well();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_first_request_to_a_thawed_process_succeeds() {
    frozen::run(Duration::from_secs(2)).await.assert_well();
}
