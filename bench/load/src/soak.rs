//! Many invocations of one process: no wrong answer, and it holds at the end what it held at the beginning.

use std::time::{Duration, Instant};

use futures_util::{StreamExt, stream};

use crate::{
    gauge::{Level, Reading},
    mixture::Kind,
    report::{Report, decimal, megabytes},
    stage::{ALL, Role, Stage},
};

/// Processes that are under load side by side: while one works, what sends to it waits.
const AT_ONCE: usize = 2;
/// How often each kind of invocation comes before the run, by when every pool and cache is as large as it gets.
const WARM_UP: usize = 5;
/// Looks at a process in a run.
const LOOKS: usize = 1_000;
/// Looks that are compared, at either end.
const TENTH: usize = LOOKS / 10;
/// Memory may be more at the end by a twentieth and this many KB: an allocator's pages, not what grows with each request.
const SLACK: u64 = 512;
/// Wrong answers that are shown.
const SHOWN: usize = 5;

/// When the invocations come that take megabytes. What they leave behind of the heap comes and goes, and would hide in a
/// short run what grows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Large {
    /// Among the others.
    Throughout,
    /// Once all is measured, once each.
    AtTheEnd,
}

/// What one process has come to.
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
    /// For a worker: jobs that are to end, and ends that were written.
    ends: Option<(usize, usize)>,
}

/// Sends `invocations` to each binary in each role whose name `chosen` takes.
pub async fn run(invocations: usize, large: Large, chosen: impl Fn(&str) -> bool) -> Report {
    let runs = ALL.into_iter().filter(|(name, _)| chosen(name)).map(|(name, role)| {
        // A task of its own, so that two of them use two cores.
        tokio::spawn(soak(name, role, invocations, large))
    });
    let mut soaked = stream::iter(runs).buffered(AT_ONCE);
    let about = "Each binary is one process, invoked again and again, one invocation after the other: good requests over \
                 every trigger, wrong and large ones, and every fault of a generator. Every answer is held against the \
                 contract. Memory (MB) and file descriptors are those of the first and the last tenth of the \
                 invocations.";
    let mut report = Report::new("Soak", about);
    let mut rows = Vec::new();
    while let Some(soaked) = soaked.next().await {
        let soaked = soaked.expect("a run does not panic");
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
    let (late, kinds): (Vec<_>, Vec<_>) =
        (0..stage.kinds.len()).partition(|kind| stage.kinds[*kind].is_large && large == Large::AtTheEnd);
    let turns = shuffled(&stage.kinds, &kinds);
    let mut wrong = Vec::new();
    for _ in 0..WARM_UP {
        for kind in &kinds {
            wrong.extend(stage.send(*kind).await.err());
        }
    }
    let ended_before = stage.aws.as_ref().map(|aws| aws.ends());
    let mut to_end = 0;
    let (mut readings, every, begin) = (Vec::with_capacity(LOOKS), invocations.div_ceil(LOOKS), Instant::now());
    for (number, kind) in turns.iter().cycle().take(invocations).enumerate() {
        to_end += usize::from(stage.kinds[*kind].ends_a_job);
        wrong.extend(stage.send(*kind).await.err());
        if number % every == 0 {
            readings.extend(Reading::of(stage.function.pid()));
        }
    }
    let elapsed = begin.elapsed();
    for kind in late {
        wrong.extend(stage.send(kind).await.err());
    }
    let level = |readings: &[Reading]| Level::of(readings).expect("the process has been looked at");
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

/// A round of those `chosen`: each as often as its share, in an order that is mixed, and the same every time.
fn shuffled(kinds: &[Kind], chosen: &[usize]) -> Vec<usize> {
    let mut turns: Vec<usize> = chosen.iter().flat_map(|kind| std::iter::repeat_n(*kind, kinds[*kind].share)).collect();
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
            complaints.push(format!("{what}: {due} operations were to end, and {ended} did"));
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
