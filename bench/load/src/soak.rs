//! Many invocations of one process: no wrong answer, and no growth of memory or file descriptors.

use std::time::{Duration, Instant};

use futures_util::{StreamExt, stream};

use crate::{
    gauge::{Level, Reading},
    report::{Report, decimal, megabytes},
    stage::{ALL, Role, Stage},
    workload::Case,
};

/// Processes under load at the same time.
const AT_ONCE: usize = 2;
/// Invocations of each case before the run, so that pools and caches have their final size.
const WARM_UP: usize = 5;
/// Readings of a process in a run.
const READINGS: usize = 1_000;
/// Readings at either end that are compared.
const TENTH: usize = READINGS / 10;
/// Memory may grow by a twentieth and this many KB: pages of the allocator, not a leak.
const SLACK: u64 = 512;
/// The number of wrong answers in the report.
const SHOWN: usize = 5;

/// When the invocations come that need megabytes. In a short run their heap would hide a small leak.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Large {
    Throughout,
    /// After the last reading, once each.
    AtTheEnd,
}

/// The result for one process.
#[derive(Debug)]
struct Soaked {
    name: &'static str,
    role: Role,
    invocations: usize,
    elapsed: Duration,
    wrong: Vec<String>,
    first: Level,
    last: Level,
    peak: u64,
    /// For a worker: the number of jobs that should end, and of those that did.
    ends: Option<(usize, usize)>,
}

/// Sends `invocations` to each binary that `chosen` accepts, in each of its roles.
pub async fn run(invocations: usize, large: Large, chosen: impl Fn(&str) -> bool) -> Report {
    let runs = ALL.into_iter().filter(|(name, _)| chosen(name)).map(|(name, role)| {
        // Separate tasks, to use two cores.
        tokio::spawn(soak(name, role, invocations, large))
    });
    let mut soaked = stream::iter(runs).buffered(AT_ONCE);
    let about = "Each binary is one process that gets one invocation after the other: good requests through every trigger, wrong \
                 and large ones, and every fault of a generator. Every answer is checked against the contract. Memory (MB) \
                 and file descriptors are those of the first and the last tenth of the invocations.";
    let mut report = Report::new("Soak", about);
    let mut rows = Vec::new();
    while let Some(soaked) = soaked.next().await {
        let soaked = soaked.expect("a run that does not panic");
        report.complaints.extend(soaked.complaints());
        rows.push(soaked.row());
    }
    let columns = [
        "binary",
        "with",
        "invocations",
        "per second",
        "wrong answers",
        "memory, first",
        "last",
        "peak",
        "descriptors, first",
        "last",
    ];
    report.table(2, &columns, &rows);
    report
}

async fn soak(name: &'static str, role: Role, invocations: usize, large: Large) -> Soaked {
    let mut stage = Stage::set(name, role).await;
    let (late, cases): (Vec<_>, Vec<_>) =
        (0..stage.cases.len()).partition(|case| stage.cases[*case].is_large && large == Large::AtTheEnd);
    let turns = shuffled(&stage.cases, &cases);
    let mut wrong = Vec::new();
    for _ in 0..WARM_UP {
        for case in &cases {
            wrong.extend(stage.send(*case).await.err());
        }
    }
    let ended_before = stage.aws.as_ref().map(|aws| aws.ends());
    let mut to_end = 0;
    let (mut readings, every, begin) = (Vec::with_capacity(READINGS), invocations.div_ceil(READINGS), Instant::now());
    for (number, case) in turns.iter().cycle().take(invocations).enumerate() {
        to_end += usize::from(stage.cases[*case].ends_a_job);
        wrong.extend(stage.send(*case).await.err());
        if number % every == 0 {
            readings.extend(Reading::of(stage.function.pid()));
        }
    }
    let elapsed = begin.elapsed();
    for case in late {
        wrong.extend(stage.send(case).await.err());
    }
    let level = |readings: &[Reading]| Level::of(readings).expect("at least one reading");
    let tenth = TENTH.min(readings.len());
    let ended = stage.aws.as_ref().zip(ended_before).map(|(aws, before)| aws.ends() - before);
    Soaked {
        name,
        role,
        invocations,
        elapsed,
        wrong,
        first: level(&readings[..tenth]),
        last: level(&readings[readings.len() - tenth..]),
        peak: Reading::of(stage.function.pid()).map_or(0, |reading| reading.peak),
        ends: ended.filter(|_| role == Role::Worker).map(|ended| (to_end, ended)),
    }
}

/// One round of the `chosen` cases, each as often as its share, in a random but reproducible order.
fn shuffled(cases: &[Case], chosen: &[usize]) -> Vec<usize> {
    let mut turns: Vec<usize> = chosen.iter().flat_map(|case| std::iter::repeat_n(*case, cases[*case].share)).collect();
    fastrand::Rng::with_seed(7).shuffle(&mut turns);
    turns
}

impl Soaked {
    fn complaints(&self) -> Vec<String> {
        let what = format!("{}, {}", self.name, self.role.name());
        let mut complaints: Vec<_> = self.wrong.iter().take(SHOWN).map(|wrong| format!("{what}: {wrong}")).collect();
        if self.wrong.len() > SHOWN {
            complaints.push(format!("{what}: {} wrong answers", self.wrong.len()));
        }
        if self.last.resident > self.first.resident + self.first.resident / 20 + SLACK {
            complaints.push(format!("{what}: memory grew from {} to {} KB", self.first.resident, self.last.resident));
        }
        if self.last.descriptors > self.first.descriptors {
            let (first, last) = (self.first.descriptors, self.last.descriptors);
            complaints.push(format!("{what}: open file descriptors grew from {first} to {last}"));
        }
        if let Some((due, ended)) = self.ends.filter(|(due, ended)| due != ended) {
            complaints.push(format!("{what}: {due} operations should end, and {ended} did"));
        }
        complaints
    }

    fn row(&self) -> Vec<String> {
        let per_second = f64::from(u32::try_from(self.invocations).unwrap_or(u32::MAX)) / self.elapsed.as_secs_f64();
        vec![
            self.name.to_owned(),
            self.role.name().to_owned(),
            self.invocations.to_string(),
            decimal(per_second, 0),
            self.wrong.len().to_string(),
            megabytes(self.first.resident),
            megabytes(self.last.resident),
            megabytes(self.peak),
            self.first.descriptors.to_string(),
            self.last.descriptors.to_string(),
        ]
    }
}
