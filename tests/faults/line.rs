//! One line of the matrix's many: a function, asked by one trigger, with every fault that concerns it.

use std::{fmt, future::pending, sync::Arc, time::Duration};

use kit::{answer::Answer, behaviour::Behaviour, binaries, runtime_api::Environment};
use serde_json::{Value, json};
use tokio::{sync::Semaphore, task::JoinSet, time::sleep};

use crate::{
    answers::{differences, from_good},
    asked::{Asked, Trigger},
    document,
    fault::{Amid, Before, Deadline, Fault, Outcome, Pace, Place},
    list,
    site::Site,
    times::{AMPLE, ERROR_BODY, HEALTH, OPERATORS, RESERVE, frozen, is_long, near},
};

/// How many processes wait at once, which costs the machine little; in the long run all lines wait side by side.
fn at_once() -> usize {
    if is_long() { 8 } else { 48 }
}
/// The memory that a function has in production.
const MEMORY: u64 = 256 * 1024 * 1024;
/// Lambda never was so long ago.
const LONG_AGO_MS: &str = "1000";

/// A function, asked by one trigger.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Line {
    pub(crate) asked: &'static Asked,
    pub(crate) trigger: Trigger,
}

/// What was found wrong.
#[derive(Debug, Clone)]
enum Wrong {
    /// With the time that an answer took.
    Late(String),
    /// With what it tells, or with anything else.
    Told(String),
}

impl Wrong {
    fn of(self, fault: &Fault) -> Self {
        let named = |text: String| format!("{}: {text}", fault.name);
        match self {
            Self::Late(text) => Self::Late(named(text)),
            Self::Told(text) => Self::Told(named(text)),
        }
    }
}

impl fmt::Display for Wrong {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (Self::Late(text) | Self::Told(text)) = self;
        write!(formatter, "- {text}")
    }
}

/// The requests of a process, and how often each was tried at least and at most.
type Tried = Vec<(String, usize, usize)>;

impl Line {
    /// Whether a fault is one for it.
    pub(crate) fn is_concerned(self, fault: &Fault) -> bool {
        fault.of.contains(&self.asked.kind)
            // Steps that go on to the generator are not sent to the caller.
            && (!fault.over_http_alone || (self.trigger.is_http() && self.asked.answered + 1 == self.asked.calls))
            && (self.asked.answered == 0 || fault.is_plain())
    }

    /// Plays every fault that concerns it, and tells of all that went wrong.
    pub(crate) async fn hold(self) {
        let (plain, own): (Vec<Fault>, Vec<Fault>) =
            list::all().into_iter().filter(|fault| self.is_concerned(fault)).partition(Fault::is_plain);
        assert!(!plain.is_empty(), "{self:?} has no faults");
        // First what costs the machine something, then what waits: deadlines are told from a machine that is idle.
        let mut wrong = self.play(&plain).await;
        let permits = Arc::new(Semaphore::new(at_once()));
        let mut playing = JoinSet::new();
        for fault in own {
            let permits = Arc::clone(&permits);
            playing.spawn(async move {
                let _permit = permits.acquire_owned().await.expect("nobody closes the permits");
                let faults = [fault];
                match self.play(&faults).await.as_slice() {
                    // A machine that is busy with other tests is late too: who is late twice, is late.
                    [Wrong::Late(_)] => self.play(&faults).await,
                    wrong => wrong.to_vec(),
                }
            });
        }
        wrong.extend(playing.join_all().await.concat());
        let wrong: Vec<String> = wrong.iter().map(Wrong::to_string).collect();
        assert!(wrong.is_empty(), "{} wrong of {self:?}:\n{}", wrong.len(), wrong.join("\n"));
    }

    /// Plays faults one after the other to one process; what is wrong with it.
    async fn play(self, faults: &[Fault]) -> Vec<Wrong> {
        let mut site = Site::at(&faults[0].place).await;
        let mut variables = site.variables();
        let is_far = faults.iter().any(|fault| fault.deadline == Deadline::Far);
        variables.extend(is_far.then_some(("AGENT_GENERATOR_TIMEOUT", OPERATORS)));
        let environment = Environment::started(&binaries::function(self.asked.function), &variables).await;
        let (mut wrong, mut tried) = (Vec::new(), Vec::new());
        for fault in faults {
            let of_fault = self.fault(fault, &environment, &mut site, &mut tried).await;
            wrong.extend(of_fault.into_iter().map(|wrong| wrong.of(fault)));
        }
        let memory = environment.peak_memory_bytes();
        if memory > MEMORY {
            wrong.push(Wrong::Told(format!("it took {memory} bytes of memory")));
        }
        wrong.extend(from_log(&environment.finish().await, &tried, &site.secrets()).into_iter().map(Wrong::Told));
        wrong
    }

    async fn fault(self, fault: &Fault, environment: &Environment, site: &mut Site, tried: &mut Tried) -> Vec<Wrong> {
        let mut wrong = self.prepare(fault, environment, site).await;
        let (begun, limit) = (site.arrived(), limit(fault));
        let answer = self.ask(fault, environment, site, limit).await;
        wrong.extend(differences(fault, self.asked, self.trigger, &answer, &site.secrets()));
        // What the function does when all is well, where it goes on to the end.
        let others = if fault.outcome == Outcome::Good { self.asked.calls - 1 } else { self.asked.answered };
        let arrived = site.arrived() - begun;
        if arrived != fault.arrivals() + others {
            wrong.push(format!("{arrived} calls arrived, not {}", fault.arrivals() + others));
        }
        let spare = usize::from(matches!(fault.before, Before::KeptAndClosed | Before::FrozenAndClosed));
        tried.push((answer.request_id.clone(), fault.calls + others, fault.calls + others + spare));
        if !wrong.is_empty() {
            wrong.push(answer.everything().chars().take(900).collect());
        }
        if !environment.is_alive() {
            wrong.push("the process ended".to_owned());
        } else if site.heal() {
            wrong.extend(self.is_well(environment).await);
        }
        document::measured(fault, answer.elapsed);
        let late = from_pace(fault, self.asked, limit, answer.elapsed).map(Wrong::Late);
        late.into_iter().chain(wrong.into_iter().map(Wrong::Told)).collect()
    }

    /// Has happen what happens before the request.
    async fn prepare(self, fault: &Fault, environment: &Environment, site: &Site) -> Vec<String> {
        let mut wrong = Vec::new();
        if fault.before != Before::Start {
            site.generator().behave(Behaviour::good());
            wrong = self.is_well(environment).await;
        }
        let is_frozen = matches!(fault.before, Before::Frozen | Before::FrozenAndClosed);
        if is_frozen {
            environment.process().freeze();
        }
        if matches!(fault.before, Before::KeptAndClosed | Before::FrozenAndClosed) {
            site.generator().close_connections().await;
        }
        if is_frozen {
            sleep(frozen()).await;
            environment.process().thaw();
        }
        if let Place::There(behaviour) = &fault.place {
            let answered = vec![Behaviour::good_at_last(); self.asked.answered];
            let turns = answered.into_iter().chain([behaviour.clone()]).collect();
            site.generator().behave(Behaviour::Then(turns));
        }
        wrong
    }

    async fn ask(self, fault: &Fault, environment: &Environment, site: &Site, limit: Duration) -> Answer {
        let payload = self.asked.event(self.trigger).to_string();
        let asking = async {
            match fault.deadline {
                Deadline::Over => environment.invoke_by(payload, Some(LONG_AGO_MS.to_owned()), limit).await,
                Deadline::Far => environment.invoke_by(payload, Some(u64::MAX.to_string()), limit).await,
                Deadline::True | Deadline::NearlyOver => environment.invoke_bytes(payload, limit).await,
            }
        };
        let freezing = async {
            if fault.amid != Amid::Runs {
                site.generator().until_asked(site.arrived() + 1).await;
                environment.process().freeze();
                sleep(if fault.amid == Amid::FrozenBriefly { Duration::from_millis(600) } else { limit }).await;
                environment.process().thaw();
            }
            pending().await
        };
        tokio::select! {
            answer = asking => answer,
            () = freezing => unreachable!("it waits for ever"),
        }
    }

    /// What is wrong with the process where the generator is well.
    async fn is_well(self, environment: &Environment) -> Vec<String> {
        let answer = environment.invoke(&self.asked.event(self.trigger), AMPLE).await;
        let wrong = from_good(self.asked, self.trigger, &answer);
        wrong.into_iter().map(|wrong| format!("with a generator that is well, {wrong}: {answer:?}")).collect()
    }
}

/// What the invocation is given.
fn limit(fault: &Fault) -> Duration {
    match (fault.deadline, fault.pace) {
        (Deadline::NearlyOver, _) => Duration::from_millis(400),
        (_, Pace::UntilTheEnd | Pace::ErrorBody) => near(),
        _ => AMPLE,
    }
}

/// What is wrong with the time that an answer took.
fn from_pace(fault: &Fault, asked: &Asked, limit: Duration, elapsed: Duration) -> Option<String> {
    let end = limit.saturating_sub(RESERVE).min(if asked.is_health() { HEALTH } else { AMPLE });
    let least = match fault.pace {
        Pace::AtOnce => Duration::ZERO,
        Pace::AtLeast(least) => least,
        Pace::UntilTheEnd if fault.amid == Amid::FrozenPastDeadline => limit,
        Pace::UntilTheEnd => end,
        Pace::ErrorBody => end.min(ERROR_BODY),
        Pace::OneSecond => Duration::from_secs(1),
    };
    // Who was frozen past its deadline answers as soon as it can; who waits for nothing is ready well before it is up.
    let most = match fault.pace {
        Pace::UntilTheEnd if fault.amid == Amid::FrozenPastDeadline => limit + Duration::from_secs(2),
        Pace::UntilTheEnd | Pace::ErrorBody => least + RESERVE,
        Pace::AtOnce if fault.deadline == Deadline::NearlyOver => limit,
        Pace::AtOnce | Pace::AtLeast(_) | Pace::OneSecond => least + Duration::from_secs(10),
    };
    // Deadlines are told in whole milliseconds.
    let least = least.saturating_sub(Duration::from_millis(5));
    let in_time = (least..most).contains(&elapsed);
    (!in_time).then(|| format!("it took {elapsed:?}, not {least:?} to {most:?}"))
}

/// What is wrong with the log of a process: each request in it was tried as often as it should, and nothing is named.
fn from_log(logs: &[String], tried: &Tried, secrets: &[String]) -> Vec<String> {
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
            wrong.push(format!("attempts are {attempts:?}, not {least}: {of_request:?}"));
        }
    }
    let told = logs.iter().filter(|line| secrets.iter().any(|secret| line.contains(secret.as_str())));
    wrong.extend(told.map(|line| format!("the log names where the generator is: {line}")));
    wrong
}
