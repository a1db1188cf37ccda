//! Any lines as messages of a queue: CONTRACT 6.5 and 7.

use std::collections::HashSet;

use lambda::{Function, Service};
use serde_json::Value;
use shared::json::Object;
use test_support::batch;

use crate::world::{Mood, OPERATION_ID, World, answered, run};

/// The maximum batch size of these functions.
const MOST: usize = 10;

/// A message leaves its queue only after its work has ended.
pub fn check(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    let bodies: Vec<&str> = text.split('\n').take(MOST).collect();
    let event = batch(&bodies);
    run(async {
        for mood in Mood::ALL {
            let world = World::new(mood).await;
            worked(&world, &world.generate, &bodies).await;
            let world = World::new(mood).await;
            worked(&world, &world.patch, &bodies).await;
        }
        let world = World::new(Mood::Helpful).await;
        let kept = kept(&answered(&world.operations, &event).await);
        assert_eq!(kept.len() < bodies.len(), world.has_ended(OPERATION_ID), "{event}");
        // No operation here has a callback, so a message with an operation id is done.
        let kept = self::kept(&answered(&world.deliver, &event).await);
        assert!(gone(&bodies, &kept).all(|body| named(body).is_some()), "{event}");
    });
}

async fn worked<F: Function>(world: &World, worker: &Service<F>, bodies: &[&str]) {
    let kept = kept(&answered(worker, &batch(bodies)).await);
    for body in gone(bodies, &kept) {
        assert!(named(body).is_some_and(|operation_id| world.has_ended(&operation_id)), "{body}");
    }
}

/// The ids of the messages that stay on the queue.
fn kept(answer: &Value) -> HashSet<String> {
    let failures = answer["batchItemFailures"].as_array().expect("the messages that stay");
    failures.iter().map(|failure| failure["itemIdentifier"].as_str().expect("a name").to_owned()).collect()
}

/// The bodies of the messages that leave the queue.
fn gone<'a>(bodies: &'a [&str], kept: &HashSet<String>) -> impl Iterator<Item = &'a str> {
    bodies.iter().enumerate().filter(|(at, _)| !kept.contains(&format!("m{at}"))).map(|(_, body)| *body)
}

fn named(body: &str) -> Option<String> {
    let object = Object::parse(body).ok()?;
    object.string("operation_id").map(std::borrow::Cow::into_owned)
}
