//! Any bytes as an event, to every function: CONTRACT 1.

use lambda::{Function, Service, trigger::Event};
use serde_json::Value;
use test_support::handled;

use crate::{
    answer,
    token::authorizer,
    world::{Mood, PLANTED, World, run},
};

/// Each function answers in the format of the trigger, or rejects the event as unknown. No answer contains a generator's internals.
pub fn check(data: &[u8]) {
    run(async {
        let world = World::new(Mood::of(data)).await;
        let requests = Takes { http: true, payloads: true, ..Takes::default() };
        one(
            &Service::new(authorizer()).with_requests(),
            data,
            Takes { payloads: true, fails: true, authorizer: true, ..Takes::default() },
        )
        .await;
        one(&world.catalog, data, requests).await;
        one(&world.decompose, data, requests).await;
        one(&world.deliver, data, Takes { queue: true, ..Takes::default() }).await;
        one(&world.generate, data, Takes { queue: true, ..requests }).await;
        one(&world.operations, data, Takes { queue: true, fails: true, ..requests }).await;
        one(&world.patch, data, Takes { queue: true, ..requests }).await;
    });
}

/// What a function takes.
#[derive(Clone, Copy, Default)]
struct Takes {
    http: bool,
    payloads: bool,
    /// The error of a payload fails the invocation.
    fails: bool,
    /// The gateway asks it about tokens.
    authorizer: bool,
    queue: bool,
}

async fn one<F: Function>(service: &Service<F>, data: &[u8], takes: Takes) {
    let event = Event::parse(data);
    let answered = handled(service, data).await;
    let asks_for_it = data.windows(PLANTED.len()).any(|part| part == PLANTED.as_bytes());
    assert!(asks_for_it || !format!("{answered:?}").contains(PLANTED), "{answered:?}");
    match (event, answered) {
        (Event::Http(event), Ok(answer)) if takes.http => answer::http(&answer, event.method == "HEAD"),
        (Event::Direct(_), Ok(body)) if takes.payloads => answer::payload(&body),
        (Event::EventBridge(_), Ok(body)) if takes.payloads => {
            assert_ne!(body["type"], "error", "{body}");
            answer::payload(&body);
        }
        (Event::Ping(ping), Ok(answer)) => {
            assert!(answer["message"].as_str().is_some_and(|message| message.contains(ping.what)), "{answer}");
        }
        (Event::Authorizer(_), Ok(body)) if takes.authorizer => answer::payload(&body),
        (Event::Authorizer(_), Err((class, message))) if takes.authorizer => known(&class, &message),
        (Event::Direct(_), Err((class, message))) if takes.fails => known(&class, &message),
        (Event::EventBridge(_), Err((class, message))) if takes.payloads => known(&class, &message),
        (Event::Queue(_), Ok(answer)) if takes.queue => {
            assert!(answer["batchItemFailures"].as_array().is_some_and(|all| all.iter().all(is_failure)), "{answer}");
        }
        (event, Err((class, message))) => {
            let is_taken = match event {
                Event::Http(_) => takes.http,
                Event::Direct(_) | Event::EventBridge(_) => takes.payloads,
                Event::Queue(_) => takes.queue,
                Event::Authorizer(_) => takes.authorizer,
                Event::Ping(_) => true,
                Event::Foreign(_) | Event::Unknown(_) => false,
            };
            assert!(!is_taken && class == "Runtime.UnknownEvent", "{class}: {message}");
        }
        (event, Ok(answer)) => panic!("{event:?} is answered with {answer}"),
    }
}

/// A failed invocation has a class of the contract.
fn known(class: &str, message: &str) {
    answer::class(class);
    assert!(class != "unexpected_error" && !message.is_empty(), "{class}: {message}");
}

fn is_failure(failure: &Value) -> bool {
    failure["itemIdentifier"].is_string()
}
