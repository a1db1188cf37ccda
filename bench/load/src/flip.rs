//! A generator that changes between good and each of its faults: every answer is one of the contract's, and in time.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex},
    time::{Duration, Instant},
};

use futures_util::future::join_all;
use kit::{actions::AMPLE, answer::Answer, behaviour::Behaviour, binaries::function, changing_server::ChangingServer};

use crate::{
    contract::{self, Expected},
    faults,
    lambda::Function,
    mixture::{ASKING, NEAR, event_of, result_of},
    report::Report,
};

/// The time that an invocation has while the generator changes by the clock: a fault that lasts must not take all of it.
const LIMIT: Duration = Duration::from_secs(1);
/// Wrong answers that are shown.
const SHOWN: usize = 5;

/// How often each class was answered, and the slowest such answer.
type Classes = BTreeMap<String, (usize, Duration)>;

/// What the callers have got.
#[derive(Debug, Default)]
struct Tally {
    classes: Mutex<Classes>,
    wrong: Mutex<Vec<String>>,
}

impl Tally {
    fn take(&self, name: &str, answer: &Answer, expected: &Expected, limit: Duration) {
        let mut classes = self.classes.lock().expect("no thread panicked with the classes");
        let (count, slowest) = classes.entry(contract::name(answer)).or_default();
        (*count, *slowest) = (*count + 1, answer.elapsed.max(*slowest));
        drop(classes);
        let held = if answer.elapsed > limit { Err("past its deadline".to_owned()) } else { expected.hold(answer) };
        if let Err(wrong) = held {
            self.wrong.lock().expect("no thread panicked with the list").push(format!("{name}: {wrong}"));
        }
    }

    fn report(&self, about: &str) -> Report {
        let mut report = Report::new("A generator that comes and goes", about);
        let classes = self.classes.lock().expect("no thread panicked with the classes");
        let rows = classes.iter().map(|(class, (count, slowest))| {
            vec![class.clone(), count.to_string(), format!("{} ms", slowest.as_millis())]
        });
        report.table(1, &["answer", "how often", "slowest"], &rows.collect::<Vec<_>>());
        let wrong = self.wrong.lock().expect("no thread panicked with the list");
        report.text.push_str(&format!("Wrong or late answers: {}.\n\n", wrong.len()));
        report.complaints.extend(wrong.iter().take(SHOWN).cloned());
        if wrong.len() > SHOWN {
            report.complaints.push(format!("{} wrong answers while the generator changed", wrong.len()));
        }
        report
    }
}

/// Changes by the count of requests: `each` good ones, then `each` of a fault, and so through all of them, for every
/// function. The class of each answer is known beforehand.
pub async fn by_count(each: usize) -> Report {
    let tally = Arc::new(Tally::default());
    let callers = ASKING.map(|name| {
        let tally = Arc::clone(&tally);
        tokio::spawn(async move { call_by_count(name, each, &tally).await })
    });
    for caller in join_all(callers).await {
        caller.expect("a caller does not panic");
    }
    tally.report("Each function asks a generator that changes between good and each fault after a few requests.")
}

async fn call_by_count(name: &'static str, each: usize, tally: &Tally) {
    let generator = ChangingServer::start(Behaviour::good()).await;
    let mut function = Function::start(&function(name), &[("AGENT_GENERATOR_URL", &generator.url())]).await;
    let (good, event) = (Arc::new(Behaviour::good()), event_of(name).to_string().into_bytes());
    for fault in faults::all() {
        let limit = if fault.lasts { NEAR } else { AMPLE };
        let turns = [(&good, result_of(name), AMPLE), (&fault.behaviour, fault.expected(), limit)];
        for (behaviour, expected, limit) in turns {
            generator.behave(behaviour);
            for _ in 0..each {
                let answer = function.invoke(&event, limit).await;
                tally.take(&format!("{name}, {}", fault.name), &answer, &expected, limit);
            }
        }
    }
}

/// Changes by the clock, `every` so often, for `length`, under one caller of each function. Which fault an answer meets
/// is chance, so any of their classes is right.
pub async fn by_time(length: Duration, every: Duration) -> Report {
    let (tally, end) = (Arc::new(Tally::default()), Instant::now() + length);
    let generator = Arc::new(ChangingServer::start(Behaviour::good()).await);
    let callers = ASKING.map(|name| {
        let (tally, generator) = (Arc::clone(&tally), Arc::clone(&generator));
        tokio::spawn(async move { call_until(end, name, &generator, &tally).await })
    });
    let good = Arc::new(Behaviour::good());
    let mut ticks = tokio::time::interval(every);
    for behaviour in faults::all().iter().cycle().flat_map(|fault| [&good, &fault.behaviour]) {
        ticks.tick().await;
        if Instant::now() >= end {
            break;
        }
        generator.behave(behaviour);
    }
    for caller in join_all(callers).await {
        caller.expect("a caller does not panic");
    }
    tally.report(&format!(
        "One caller of each function that asks a generator, for {} s, while the generator changes every {} ms between good \
         and each of its faults. An invocation has {} ms.",
        length.as_secs(),
        every.as_millis(),
        LIMIT.as_millis()
    ))
}

async fn call_until(end: Instant, name: &'static str, generator: &ChangingServer, tally: &Tally) {
    let mut function = Function::start(&function(name), &[("AGENT_GENERATOR_URL", &generator.url())]).await;
    let event = event_of(name).to_string().into_bytes();
    let failed = faults::all().into_iter().map(|fault| fault.expected());
    let expected = Expected::OneOf(std::iter::once(result_of(name)).chain(failed).collect());
    while Instant::now() < end {
        let answer = function.invoke(&event, LIMIT).await;
        tally.take(name, &answer, &expected, LIMIT);
    }
}
