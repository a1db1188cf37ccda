//! Any bytes as what Lambda hands over, to every function: CONTRACT 1.

use serde::Deserialize;
use serde_json::Value;
use shared::{function::Function, runtime::Service, testing::handled, trigger::Event};

use crate::{
    answer,
    token::authorizer,
    world::{Mood, PLANTED, World, run},
};

/// Each function answers as its trigger is answered, or says that the event is none of its own; and nothing of a
/// generator's insides is in it.
pub fn check(data: &[u8]) {
    run(async {
        let world = World::new(Mood::of(data)).await;
        one(&Service::new(authorizer()), data, false).await;
        one(&world.catalog, data, false).await;
        one(&world.decompose, data, false).await;
        one(&world.deliver, data, true).await;
        one(&world.generate, data, true).await;
        one(&world.operations, data, true).await;
        one(&world.patch, data, true).await;
    });
}

async fn one<F: Function>(service: &Service<F>, data: &[u8], has_queue: bool) {
    // As the runtime reads it.
    let event = Event::deserialize(&mut serde_json::Deserializer::from_slice(data)).expect("reading never fails");
    let answered = handled(service, data).await;
    let asks_for_it = data.windows(PLANTED.len()).any(|part| part == PLANTED.as_bytes());
    assert!(asks_for_it || !format!("{answered:?}").contains(PLANTED), "{answered:?}");
    match (event, answered) {
        (Event::Http(_), Ok(answer)) if !F::ROUTES.is_empty() => answer::http(&answer),
        (Event::Direct(_), Ok(body)) if F::TAKES_PAYLOADS => answer::payload(&body),
        (Event::EventBridge(_), Ok(body)) if F::TAKES_PAYLOADS => {
            assert_ne!(body["type"], "error", "{body}");
            answer::payload(&body);
        }
        (Event::Direct(_), Err((class, message))) if F::FAILS_ON_ERROR => known(&class, &message),
        (Event::EventBridge(_), Err((class, message))) if F::TAKES_PAYLOADS => known(&class, &message),
        (Event::Queue(_), Ok(answer)) if has_queue => {
            assert!(answer["batchItemFailures"].as_array().is_some_and(|all| all.iter().all(is_failure)), "{answer}");
        }
        (event, Err((class, message))) => {
            let is_taken = match event {
                Event::Http(_) => !F::ROUTES.is_empty(),
                Event::Direct(_) | Event::EventBridge(_) => F::TAKES_PAYLOADS,
                Event::Queue(_) => has_queue,
                Event::Unknown(_) => false,
            };
            assert!(!is_taken && class == "Runtime.UnknownEvent", "{class}: {message}");
        }
        (event, Ok(answer)) => panic!("{event:?} is answered with {answer}"),
    }
}

/// An invocation that fails does so with a class that the contract has.
fn known(class: &str, message: &str) {
    answer::class(class);
    assert!(class != "unexpected_error" && !message.is_empty(), "{class}: {message}");
}

fn is_failure(failure: &Value) -> bool {
    failure["itemIdentifier"].is_string()
}
