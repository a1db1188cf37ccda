//! A generator that is down: retries must neither multiply its load nor make a caller wait past the deadline.

use std::{sync::Arc, time::Duration};

use futures_util::{StreamExt, stream};
use kit::{
    actions::AMPLE, behaviour::Behaviour, binaries::function, changing_server::ChangingServer, unreachable::ClosedPort,
};

use crate::{
    contract::Expected,
    faults::unavailable,
    lambda::Function,
    report::{Report, decimal},
    workload::{NEAR, event_of},
};

/// The limit of calls per request.
const MOST: f64 = 1.2;
/// Processes at the same time; they mostly wait.
const AT_ONCE: usize = 10;
const FUNCTION: &str = "decompose";
/// The number of wrong answers in the report.
const SHOWN: usize = 3;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outage {
    Refused,
    /// 503 with `Retry-After: 1`.
    Unavailable,
    /// It reads requests and never answers.
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

/// The sum over several processes.
#[derive(Debug, Default)]
struct Counted {
    requests: u32,
    /// According to the answers.
    calls: u32,
    slowest: Duration,
    wrong: Vec<String>,
}

/// Sends `requests` in each outage, from the given number of fresh processes.
pub async fn run(requests: usize, outages: &[(Outage, usize)]) -> Report {
    let about = "Requests to decompose while its generator is down, one after the other in each process. Calls are attempts, even \
                 if they do not reach the generator. The processes are fresh, each with a full budget of retries.";
    let mut report = Report::new("Outage", about);
    let mut rows = Vec::new();
    for (outage, processes) in outages {
        let counted = count(*outage, requests / processes, *processes, &mut report.complaints).await;
        let per_request = f64::from(counted.calls) / f64::from(counted.requests.max(1));
        if per_request >= MOST {
            let (name, per_request) = (outage.name(), decimal(per_request, 3));
            report.complaints.push(format!("a generator that {name} got {per_request} calls per request"));
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
            _ => unavailable(),
        },
    );
    let generator = ChangingServer::start(behaviour).await;
    let url: Arc<str> = if outage == Outage::Refused { closed.url() } else { generator.url() }.into();
    let runs = (0..processes).map(|_| tokio::spawn(call(outage, Arc::clone(&url), each)));
    let counted = stream::iter(runs).buffer_unordered(AT_ONCE).fold(Counted::default(), async |mut sum, part| {
        let part = part.expect("a caller that does not panic");
        sum.requests += part.requests;
        sum.calls += part.calls;
        sum.slowest = sum.slowest.max(part.slowest);
        sum.wrong.extend(part.wrong);
        sum
    });
    let counted = counted.await;
    let what = outage.name();
    complaints.extend(counted.wrong.iter().take(SHOWN).map(|wrong| format!("a generator that {what}: {wrong}")));
    // A call that timed out on its way counts but may not arrive; the reverse is impossible.
    let seen = generator.requests();
    if u32::try_from(seen).is_ok_and(|seen| seen > counted.calls) {
        complaints.push(format!("a generator that {what} got {seen} calls; the answers say {}", counted.calls));
    }
    counted
}

async fn call(outage: Outage, url: Arc<str>, each: usize) -> Counted {
    let mut process = Function::start(&function(FUNCTION), &[("AGENT_GENERATOR_URL", &url)]).await;
    let (event, expected) = (event_of(FUNCTION).to_string().into_bytes(), Expected::error(outage.error_type()));
    let mut counted = Counted::default();
    for _ in 0..each {
        let answer = process.invoke(&event, outage.limit()).await;
        counted.requests += 1;
        counted.slowest = counted.slowest.max(answer.elapsed);
        if process.is_late(&answer, outage.limit()) {
            counted.wrong.push(format!("after its deadline, in {:?}", answer.elapsed));
        }
        counted.wrong.extend(expected.check(&answer).err());
        match answer.body()["details"]["attempts"].as_u64().and_then(|attempts| u32::try_from(attempts).ok()) {
            Some(attempts) => counted.calls += attempts,
            None => counted.wrong.push("the answer has no number of attempts".to_owned()),
        }
    }
    counted
}
