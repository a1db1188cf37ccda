//! A generator that alternates between good and each fault: every answer must follow the contract and come in time.

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
    report::Report,
    workload::{NEAR, WITH_GENERATOR, event_of, result_of},
};

/// The limit of an invocation in [`by_time`]: short, because some faults last until the deadline.
const LIMIT: Duration = Duration::from_secs(1);
/// The number of wrong answers in the report.
const SHOWN: usize = 5;

/// Count and slowest answer of each class.
type Classes = BTreeMap<String, (usize, Duration)>;

/// The answers to all callers.
#[derive(Debug, Default)]
struct Tally {
    classes: Mutex<Classes>,
    wrong: Mutex<Vec<String>>,
}

impl Tally {
    fn record(&self, name: &str, (answer, is_late): (&Answer, bool), expected: &Expected) {
        let mut classes = self.classes.lock().expect("an unpoisoned lock");
        let (count, slowest) = classes.entry(contract::name(answer)).or_default();
        (*count, *slowest) = (*count + 1, answer.elapsed.max(*slowest));
        drop(classes);
        let held = if is_late { Err("after its deadline".to_owned()) } else { expected.check(answer) };
        if let Err(wrong) = held {
            self.wrong.lock().expect("an unpoisoned lock").push(format!("{name}: {wrong}"));
        }
    }

    fn report(&self, about: &str) -> Report {
        let mut report = Report::new("An unreliable generator", about);
        let classes = self.classes.lock().expect("an unpoisoned lock");
        let rows = classes.iter().map(|(class, (count, slowest))| {
            vec![class.clone(), count.to_string(), format!("{} ms", slowest.as_millis())]
        });
        report.table(1, &["answer", "count", "slowest"], &rows.collect::<Vec<_>>());
        let wrong = self.wrong.lock().expect("an unpoisoned lock");
        report.text.push_str(&format!("Wrong or late answers: {}.\n\n", wrong.len()));
        report.complaints.extend(wrong.iter().take(SHOWN).cloned());
        if wrong.len() > SHOWN {
            report.complaints.push(format!("{} wrong answers from an unreliable generator", wrong.len()));
        }
        report
    }
}

/// Every function sends `each` requests to a good generator, then `each` to one with a fault, for all faults. The class of each
/// answer is known.
pub async fn by_count(each: usize) -> Report {
    let tally = Arc::new(Tally::default());
    let callers = WITH_GENERATOR.map(|name| {
        let tally = Arc::clone(&tally);
        tokio::spawn(async move { call_by_count(name, each, &tally).await })
    });
    for caller in join_all(callers).await {
        caller.expect("a caller that does not panic");
    }
    tally.report("Each function calls a generator that alternates between good and each fault after a few requests.")
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
                let is_late = function.is_late(&answer, limit);
                tally.record(&format!("{name}, {}", fault.name), (&answer, is_late), &expected);
            }
        }
    }
}

/// The generator changes after `every`, for `length`, under one caller of each function. Any class of any fault is right,
/// because the fault that an answer meets is random.
pub async fn by_time(length: Duration, every: Duration) -> Report {
    let (tally, end) = (Arc::new(Tally::default()), Instant::now() + length);
    let generator = Arc::new(ChangingServer::start(Behaviour::good()).await);
    let callers = WITH_GENERATOR.map(|name| {
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
        caller.expect("a caller that does not panic");
    }
    tally.report(&format!(
        "One caller per function that calls a generator, for {} s. Every {} ms the generator changes between good and each \
         fault. An invocation has {} ms.",
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
        tally.record(name, (&answer, function.is_late(&answer, LIMIT)), &expected);
    }
}
