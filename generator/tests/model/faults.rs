//! A model that is busy, broken or unreachable: the same for every API.

use std::{sync::Arc, time::Duration};

use generator::model::ChatModel;
use http_client::Limits;
use kit::{
    behaviour::{Act, Behaviour},
    server::FaultyServer,
    unreachable::{ClosedPort, UNKNOWN_NAME},
};
use tokio::time::Instant;

use crate::{AMPLE, asked, asked_within, bedrock, failure, model, openai, server, told};

type Adapter = (fn(&FaultyServer) -> Arc<dyn ChatModel>, fn() -> Behaviour);

const ADAPTERS: [Adapter; 2] = [(openai::at, openai::good), (bedrock::at, bedrock::good)];

fn busy(status: u16, after: &str) -> Behaviour {
    Behaviour::answers_with(status, &[("Retry-After", after)], "{}")
}

#[tokio::test]
async fn every_error_status_has_its_error_type() {
    for (at, _) in ADAPTERS {
        for (status, class, text) in [
            (429, "llm_rate_limit", "the language model rate limited: status 429"),
            (529, "llm_rate_limit", "the language model rate limited: status 529"),
            (503, "service_unavailable", "the language model unavailable: status 503"),
            (408, "llm_timeout", "the language model timed out: status 408"),
            (504, "llm_timeout", "the language model timed out: status 504"),
            (302, "http_error", "HTTP error calling the language model: status 302"),
            (403, "http_error", "HTTP error calling the language model: status 403"),
            (404, "http_error", "HTTP error calling the language model: status 404"),
            (500, "http_error", "HTTP error calling the language model: status 500"),
        ] {
            let server = server([Behaviour::answers(status, "{}")]).await;
            let completion = asked(&*at(&server), AMPLE).await;
            assert_eq!(told(&completion), (class, Some(status), text));
            assert_eq!((completion.attempts, server.requests().len()), (1, 1), "{status}: work may have begun");
            assert_eq!(completion.upstream_status, Some(status));
        }
    }
}

#[tokio::test]
async fn a_model_that_is_busy_for_a_second_is_asked_again() {
    for (at, good) in ADAPTERS {
        let server = server([busy(429, "1"), good()]).await;
        let completion = asked(&*at(&server), AMPLE).await;
        assert!(completion.result.is_ok(), "{completion:?}");
        assert_eq!(completion.attempts, 2);
    }
}

#[tokio::test]
async fn a_busy_model_is_asked_once_if_a_queue_repeats_the_job() {
    for (at, good) in ADAPTERS {
        let server = server([busy(429, "1"), good()]).await;
        let completion = asked_within(&*at(&server), Limits::once_by(Instant::now() + AMPLE)).await;
        assert_eq!((told(&completion).0, completion.attempts), ("llm_rate_limit", 1));
        assert_eq!(server.requests().len(), 1);
    }
}

#[tokio::test]
async fn the_retry_after_of_a_busy_model_is_passed_on() {
    for (at, _) in ADAPTERS {
        for (status, class) in [(429, "llm_rate_limit"), (503, "service_unavailable")] {
            let server = server([busy(status, "40")]).await;
            let completion = asked(&*at(&server), AMPLE).await;
            assert_eq!((told(&completion).0, failure(&completion).retry_after), (class, Some(40)));
            assert_eq!(completion.attempts, 1);
        }
    }
}

#[tokio::test]
async fn a_model_that_hangs_is_given_up_at_the_deadline_and_not_asked_again() {
    let late = Duration::from_millis(400);
    for (at, _) in ADAPTERS {
        for behaviour in [Behaviour::hangs(), Behaviour::partial_body(200, 9, Act::Hang)] {
            let server = server([behaviour]).await;
            let completion = asked(&*at(&server), late).await;
            assert_eq!(told(&completion), ("llm_timeout", None, "the language model request timed out"));
            assert_eq!((completion.attempts, server.requests().len()), (1, 1));
        }
        let server = server([Behaviour::good()]).await;
        let completion = asked(&*at(&server), Duration::ZERO).await;
        assert_eq!((told(&completion).0, completion.attempts), ("llm_timeout", 0));
        assert_eq!(server.connections(), 0, "no time was left to ask");
    }
}

#[tokio::test]
async fn a_broken_connection_is_not_taken_for_an_answer() {
    let broke = "Request error calling the language model: the connection broke before the answer was complete";
    for (at, _) in ADAPTERS {
        for (behaviour, text) in [
            (Behaviour::partial_body(200, 9, Act::Close), broke),
            (Behaviour::partial_chunks(Act::Reset), broke),
            (Behaviour::closes(), broke),
            (
                Behaviour::bytes("SSH-2.0-x\r\n\r\n"),
                "Request error calling the language model: the answer was not HTTP",
            ),
        ] {
            let server = server([behaviour]).await;
            let completion = asked(&*at(&server), AMPLE).await;
            assert_eq!((told(&completion).0, told(&completion).2), ("request_error", text));
            assert_eq!(server.requests().len(), 1);
        }
    }
}

#[tokio::test]
async fn an_unreachable_model_is_asked_three_times() {
    let closed = ClosedPort::take();
    let refused = "the connection was refused";
    for (url, reason) in [(closed.url().as_str(), refused), (UNKNOWN_NAME, "the name did not resolve")] {
        let openai = model(&[("PLANNER", "openai"), ("OPENAI_BASE_URL", url), ("OPENAI_MODEL", "m")]);
        for model in [openai, bedrock::at_url(url)] {
            let completion = asked(&*model, AMPLE).await;
            let text = format!("Could not connect to the language model: {reason}");
            assert_eq!(told(&completion), ("connection_error", None, text.as_str()));
            assert_eq!(completion.attempts, 3);
        }
    }
}
