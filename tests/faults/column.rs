//! One column of the matrix: a request through one trigger, with every fault that concerns it.

use std::{fmt, future::pending, sync::Arc, time::Duration};

use kit::{
    answer::Answer,
    behaviour::Behaviour,
    binaries,
    runtime_api::{DEADLINE, Environment},
};
use serde_json::{Value, json};
use tokio::{sync::Semaphore, task::JoinSet, time::sleep};

use crate::{
    answers::{check_good, differences},
    fault::{Connection, Deadline, Fault, Outcome, Place, Process, Timing},
    limits::{AMPLE, ERROR_BODY, HEALTH, OPERATOR_SECONDS, RESERVE, TOOL_MARGIN, frozen, is_long, near},
    list, measured,
    request::{Request, Trigger},
    upstream::Upstream,
};

/// The number of processes that wait at the same time. In the long run all columns wait at the same time too.
fn at_once() -> usize {
    if is_long() { 8 } else { 48 }
}
/// The memory of a function in production.
const MEMORY: u64 = 256 * 1024 * 1024;
/// A deadline in 2001.
const LONG_AGO_MS: &str = "978307200000";

#[derive(Debug, Clone, Copy)]
pub(crate) struct Column {
    pub(crate) request: &'static Request,
    pub(crate) trigger: Trigger,
}

#[derive(Debug, Clone)]
enum Wrong {
    /// The answer came too early or too late.
    Late(String),
    /// Anything else.
    Other(String),
}

impl Wrong {
    fn of(self, fault: &Fault) -> Self {
        let named = |text: String| format!("{}: {text}", fault.name);
        match self {
            Self::Late(text) => Self::Late(named(text)),
            Self::Other(text) => Self::Other(named(text)),
        }
    }
}

impl fmt::Display for Wrong {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (Self::Late(text) | Self::Other(text)) = self;
        write!(formatter, "- {text}")
    }
}

/// Each request of a process, with the lowest and highest number of attempts.
type Tried = Vec<(String, usize, usize)>;

impl Column {
    /// Whether the fault can happen to this request.
    pub(crate) fn is_concerned(self, fault: &Fault) -> bool {
        fault.kinds.contains(&self.request.kind)
            // Only the last answer is sent on to the caller.
            && (!fault.only_over_http || (self.trigger.is_http() && self.request.answered + 1 == self.request.calls))
            && (self.request.answered == 0 || fault.is_plain())
    }

    /// Plays every fault that concerns it and reports all that went wrong.
    pub(crate) async fn check(self) {
        let (plain, own): (Vec<Fault>, Vec<Fault>) =
            list::all().into_iter().filter(|fault| self.is_concerned(fault)).partition(Fault::is_plain);
        assert!(!plain.is_empty(), "{self:?} has no faults");
        // Plain faults need the processor; the others wait. One after the other, so that the deadlines are measured on an
        // idle machine.
        let mut wrong = self.play(&plain).await;
        let permits = Arc::new(Semaphore::new(at_once()));
        let mut playing = JoinSet::new();
        for fault in own {
            let permits = Arc::clone(&permits);
            playing.spawn(async move {
                let _permit = permits.acquire_owned().await.expect("an open semaphore");
                let faults = [fault];
                match self.play(&faults).await.as_slice() {
                    // The machine may have been busy: only being late twice counts.
                    [Wrong::Late(_)] => self.play(&faults).await,
                    wrong => wrong.to_vec(),
                }
            });
        }
        wrong.extend(playing.join_all().await.concat());
        let wrong: Vec<String> = wrong.iter().map(Wrong::to_string).collect();
        assert!(wrong.is_empty(), "{} wrong of {self:?}:\n{}", wrong.len(), wrong.join("\n"));
    }

    /// Plays faults to one process, one after the other.
    async fn play(self, faults: &[Fault]) -> Vec<Wrong> {
        let mut upstream = Upstream::at(&faults[0].place).await;
        let mut variables = upstream.variables();
        let is_far = faults.iter().any(|fault| fault.deadline == Deadline::Far);
        variables.extend(is_far.then_some(("AGENT_GENERATOR_TIMEOUT", OPERATOR_SECONDS)));
        let environment = Environment::start(&binaries::function(self.request.binary(self.trigger)), &variables).await;
        let (mut wrong, mut tried) = (Vec::new(), Vec::new());
        for fault in faults {
            let of_fault = self.fault(fault, &environment, &mut upstream, &mut tried).await;
            wrong.extend(of_fault.into_iter().map(|wrong| wrong.of(fault)));
        }
        let memory = environment.peak_memory_bytes();
        if memory > MEMORY {
            wrong.push(Wrong::Other(format!("{memory} bytes of memory")));
        }
        wrong.extend(check_log(&environment.finish().await, &tried, &upstream.secrets()).into_iter().map(Wrong::Other));
        wrong
    }

    async fn fault(
        self,
        fault: &Fault,
        environment: &Environment,
        upstream: &mut Upstream,
        tried: &mut Tried,
    ) -> Vec<Wrong> {
        let mut wrong = self.prepare(fault, environment, upstream).await;
        let (begun, limit) = (upstream.arrived(), limit(fault));
        let answer = self.ask(fault, environment, upstream, limit).await;
        wrong.extend(differences(fault, self.request, self.trigger, &answer, &upstream.secrets()));
        // The calls that are answered well.
        let others = if fault.outcome == Outcome::Good { self.request.calls - 1 } else { self.request.answered };
        let arrived = upstream.arrived() - begun;
        if arrived != fault.arrivals() + others {
            wrong.push(format!("{arrived} calls arrived, expected {}", fault.arrivals() + others));
        }
        let spare = usize::from(matches!(fault.connection, Connection::KeptAndClosed | Connection::FrozenAndClosed));
        tried.push((answer.request_id.clone(), fault.calls + others, fault.calls + others + spare));
        if !wrong.is_empty() {
            wrong.push(answer.everything().chars().take(900).collect());
        }
        if !environment.is_alive() {
            wrong.push("the process ended".to_owned());
        } else if upstream.recover() {
            wrong.extend(self.check_recovered(environment).await);
        }
        measured::store(fault, answer.elapsed);
        let late = self.check_time(fault, limit, answer.elapsed).map(Wrong::Late);
        late.into_iter().chain(wrong.into_iter().map(Wrong::Other)).collect()
    }

    /// Brings the connection and the process into the state before the request.
    async fn prepare(self, fault: &Fault, environment: &Environment, upstream: &Upstream) -> Vec<String> {
        let mut wrong = Vec::new();
        if fault.connection != Connection::Fresh {
            upstream.generator().behave(Behaviour::good());
            wrong = self.check_recovered(environment).await;
        }
        let is_frozen = matches!(fault.connection, Connection::Frozen | Connection::FrozenAndClosed);
        if is_frozen {
            environment.process().freeze();
        }
        if matches!(fault.connection, Connection::KeptAndClosed | Connection::FrozenAndClosed) {
            upstream.generator().close_connections().await;
        }
        if is_frozen {
            sleep(frozen()).await;
            environment.process().thaw();
        }
        if let Place::Listening(behaviour) = &fault.place {
            let answered = vec![Behaviour::good_with_connection_close(); self.request.answered];
            let turns = answered.into_iter().chain([behaviour.clone()]).collect();
            upstream.generator().behave(Behaviour::Then(turns));
        }
        wrong
    }

    async fn ask(self, fault: &Fault, environment: &Environment, upstream: &Upstream, limit: Duration) -> Answer {
        let payload = self.request.event(self.trigger).to_string();
        let asking = async {
            match fault.deadline {
                Deadline::Passed => environment.invoke_with_headers(payload, &[(DEADLINE, LONG_AGO_MS)], limit).await,
                Deadline::Far => {
                    environment.invoke_with_headers(payload, &[(DEADLINE, &u64::MAX.to_string())], limit).await
                }
                Deadline::Real | Deadline::Near => environment.invoke_bytes(payload, limit).await,
            }
        };
        let freezing = async {
            if fault.process != Process::Runs {
                upstream.generator().until_received(upstream.arrived() + 1).await;
                environment.process().freeze();
                sleep(if fault.process == Process::FrozenBriefly { Duration::from_millis(600) } else { limit }).await;
                environment.process().thaw();
            }
            pending().await
        };
        tokio::select! {
            answer = asking => answer,
            () = freezing => unreachable!("freezing never returns"),
        }
    }

    /// What is wrong with the time of an answer.
    fn check_time(self, fault: &Fault, limit: Duration, elapsed: Duration) -> Option<String> {
        // A tool leaves time to tell of its failure.
        let margin = if self.trigger == Trigger::Assistant { TOOL_MARGIN } else { Duration::ZERO };
        let end = limit.saturating_sub(RESERVE + margin).min(if self.request.is_health() { HEALTH } else { AMPLE });
        let least = match fault.timing {
            Timing::AtOnce => Duration::ZERO,
            Timing::AtLeast(least) => least,
            Timing::UntilDeadline if fault.process == Process::FrozenPastDeadline => limit,
            Timing::UntilDeadline => end,
            Timing::ErrorBody => end.min(ERROR_BODY),
            Timing::OneSecond => Duration::from_secs(1),
        };
        // A process thawed after its deadline answers as soon as it can.
        let most = match fault.timing {
            Timing::UntilDeadline if fault.process == Process::FrozenPastDeadline => limit + Duration::from_secs(2),
            Timing::UntilDeadline | Timing::ErrorBody => least + RESERVE,
            Timing::AtOnce if fault.deadline == Deadline::Near => limit,
            Timing::AtOnce | Timing::AtLeast(_) | Timing::OneSecond => least + Duration::from_secs(10),
        };
        // Lambda's deadline is in whole milliseconds.
        let least = least.saturating_sub(Duration::from_millis(5));
        let in_time = (least..most).contains(&elapsed);
        (!in_time).then(|| format!("it took {elapsed:?}, expected {least:?} to {most:?}"))
    }

    /// What is wrong with an answer from a good generator.
    async fn check_recovered(self, environment: &Environment) -> Vec<String> {
        let answer = environment.invoke(&self.request.event(self.trigger), AMPLE).await;
        let wrong = check_good(self.request, self.trigger, &answer);
        wrong.into_iter().map(|wrong| format!("with a good generator, {wrong}: {answer:?}")).collect()
    }
}

/// The time limit of the invocation.
fn limit(fault: &Fault) -> Duration {
    match (fault.deadline, fault.timing) {
        (Deadline::Near, _) => Duration::from_millis(400),
        (_, Timing::UntilDeadline | Timing::ErrorBody) => near(),
        _ => AMPLE,
    }
}

/// What is wrong with a log: it must have one line per request with the right number of attempts, and no secret.
fn check_log(logs: &[String], tried: &Tried, secrets: &[String]) -> Vec<String> {
    let lines: Vec<Value> = logs
        .iter()
        .filter_map(|line| serde_json::from_str::<Value>(line).ok())
        .map(|line| line.get("fields").filter(|fields| fields.get("outcome").is_some()).cloned().unwrap_or(line))
        .filter(|line| line.get("outcome").is_some())
        .collect();
    let mut wrong = Vec::new();
    for (request_id, least, most) in tried {
        let of_request: Vec<&Value> = lines.iter().filter(|line| line["request_id"] == json!(request_id)).collect();
        let attempts = of_request.first().and_then(|line| line["attempts"].as_u64()).map(|attempts| attempts as usize);
        if of_request.len() != 1 || !attempts.is_some_and(|attempts| (*least..=*most).contains(&attempts)) {
            wrong.push(format!("attempts are {attempts:?}, expected {least}: {of_request:?}"));
        }
    }
    let told = logs.iter().filter(|line| secrets.iter().any(|secret| line.contains(secret.as_str())));
    wrong.extend(told.map(|line| format!("the log contains the generator's address: {line}")));
    wrong
}
