//! A generator that is down: repeats must not add to its troubles, nor make anybody wait past a deadline.

use std::{sync::Arc, time::Duration};

use futures_util::{StreamExt, stream};
use kit::{
    actions::AMPLE, behaviour::Behaviour, binaries::function, changing_server::ChangingServer, unreachable::ClosedPort,
};

use crate::{
    contract::Expected,
    faults::comes_back_soon,
    lambda::Function,
    mixture::{NEAR, event_of},
    report::{Report, decimal},
};

/// A generator that is down is asked less often than this for each request.
const MOST: f64 = 1.2;
/// Processes that ask at the same time; most of the time they wait.
const AT_ONCE: usize = 10;
const FUNCTION: &str = "decompose";
/// Wrong answers that are shown.
const SHOWN: usize = 3;

/// How a generator is down.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outage {
    /// Nobody listens.
    Refused,
    /// It says that it will be back in a second, again and again.
    Unavailable,
    /// It takes requests and answers none.
    Hanging,
}

impl Outage {
    fn name(self) -> &'static str {
        match self {
            Self::Refused => "refuses connections",
            Self::Unavailable => "answers 503, Retry-After: 1",
            Self::Hanging => "never answers",
        }
    }

    fn error_type(self) -> &'static str {
        match self {
            Self::Refused => "connection_error",
            Self::Unavailable => "service_unavailable",
            Self::Hanging => "timeout",
        }
    }

    fn limit(self) -> Duration {
        if self == Self::Hanging { NEAR } else { AMPLE }
    }
}

/// What the requests of some processes have come to.
#[derive(Debug, Default)]
struct Counted {
    requests: u32,
    /// As the answers tell.
    calls: u32,
    slowest: Duration,
    wrong: Vec<String>,
}

/// Sends `requests` in each outage, from as many fresh processes as stand with it.
pub async fn run(requests: usize, outages: &[(Outage, usize)]) -> Report {
    let about = "Requests to decompose while its generator is down, one after the other in each process. A call is each \
                 time that the generator was asked, or would have been; the processes are fresh, each with whatever it may \
                 repeat.";
    let mut report = Report::new("Outage", about);
    let mut rows = Vec::new();
    for (outage, processes) in outages {
        let counted = count(*outage, requests / processes, *processes, &mut report.complaints).await;
        let per_request = f64::from(counted.calls) / f64::from(counted.requests.max(1));
        if per_request >= MOST {
            let (name, per_request) = (outage.name(), decimal(per_request, 3));
            report.complaints.push(format!("a generator that {name} was asked {per_request} times for each request"));
        }
        rows.push(vec![
            outage.name().to_owned(),
            processes.to_string(),
            counted.requests.to_string(),
            counted.calls.to_string(),
            decimal(per_request, 3),
            format!("{} ms", counted.slowest.as_millis()),
            format!("{} ms", outage.limit().as_millis()),
        ]);
    }
    let columns = ["the generator", "processes", "requests", "calls", "calls per request", "slowest", "deadline"];
    report.table(1, &columns, &rows);
    report
}

async fn count(outage: Outage, each: usize, processes: usize, complaints: &mut Vec<String>) -> Counted {
    let (closed, behaviour) = (
        ClosedPort::take(),
        match outage {
            Outage::Hanging => Behaviour::hangs(),
            _ => comes_back_soon(),
        },
    );
    let generator = ChangingServer::start(behaviour).await;
    let url: Arc<str> = if outage == Outage::Refused { closed.url() } else { generator.url() }.into();
    let runs = (0..processes).map(|_| tokio::spawn(ask(outage, Arc::clone(&url), each)));
    let counted = stream::iter(runs).buffer_unordered(AT_ONCE).fold(Counted::default(), async |mut sum, part| {
        let part = part.expect("a caller does not panic");
        sum.requests += part.requests;
        sum.calls += part.calls;
        sum.slowest = sum.slowest.max(part.slowest);
        sum.wrong.extend(part.wrong);
        sum
    });
    let counted = counted.await;
    let what = outage.name();
    complaints.extend(counted.wrong.iter().take(SHOWN).map(|wrong| format!("a generator that {what}: {wrong}")));
    // A call that ran out of time on its way was made, but may not have arrived: never the other way round.
    let seen = generator.requests();
    if u32::try_from(seen).is_ok_and(|seen| seen > counted.calls) {
        complaints.push(format!("a generator that {what} was asked {seen} times; the answers say {}", counted.calls));
    }
    counted
}

async fn ask(outage: Outage, url: Arc<str>, each: usize) -> Counted {
    let mut process = Function::start(&function(FUNCTION), &[("AGENT_GENERATOR_URL", &url)]).await;
    let (event, expected) = (event_of(FUNCTION).to_string().into_bytes(), Expected::error(outage.error_type()));
    let mut counted = Counted::default();
    for _ in 0..each {
        let answer = process.invoke(&event, outage.limit()).await;
        counted.requests += 1;
        counted.slowest = counted.slowest.max(answer.elapsed);
        if answer.elapsed > outage.limit() {
            counted.wrong.push(format!("{:?}, past its deadline", answer.elapsed));
        }
        counted.wrong.extend(expected.hold(&answer).err());
        match answer.body()["details"]["attempts"].as_u64().and_then(|attempts| u32::try_from(attempts).ok()) {
            Some(attempts) => counted.calls += attempts,
            None => counted.wrong.push("the answer does not say how often the generator was asked".to_owned()),
        }
    }
    counted
}
