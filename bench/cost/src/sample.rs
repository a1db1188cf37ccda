//! Figures of one process, from its start to its last invocation.

use std::time::Duration;

use kit::answer::Answer;
use load::{contract::Expected, gauge::Reading, stage::Stage};
use nix::{time::clock_getcpuclockid, unistd::Pid};

use crate::subject::{Places, Subject};

pub(crate) const MEGABYTE: f64 = 1_048_576.0;
/// Invocations before the measured ones, to fill pools and caches.
const WARM_UP: usize = 20;
/// A start takes milliseconds and the machine may be busy: the median of this many counts.
const STARTS: usize = 5;

#[derive(Debug, Clone, Copy)]
pub(crate) struct Sample {
    /// From its start to its first request for work, in ms.
    pub(crate) start: f64,
    /// First invocation, in ms.
    pub(crate) first: f64,
    /// Processor time of a warm invocation, in ms.
    pub(crate) processor: f64,
    /// Median of warm invocations, in ms.
    pub(crate) half: f64,
    /// Their 99th percentile, in ms.
    pub(crate) most: f64,
    /// Peak resident memory, in MB.
    pub(crate) peak: f64,
}

#[derive(Debug, Clone, Copy)]
pub(crate) struct Spread {
    pub(crate) median: f64,
    pub(crate) least: f64,
    pub(crate) most: f64,
}

impl Sample {
    /// Starts a subject and invokes it `count` times once it is warm.
    ///
    /// # Panics
    /// If an answer is wrong.
    pub(crate) async fn take(subject: Subject, places: &Places, count: usize) -> Self {
        let mut starts = Vec::new();
        for _ in 1..STARTS {
            starts.push(subject.start(places, &[]).await.function.start_time());
        }
        let mut stage = subject.start(places, &[]).await;
        starts.push(stage.function.start_time());
        starts.sort();
        let start = starts[STARTS / 2];
        let first = asked(&mut stage).await;
        for _ in 0..WARM_UP.min(count) {
            asked(&mut stage).await;
        }
        let (processor, mut times) = warm(&mut stage, count).await;
        times.sort();
        let at = |percent: usize| milliseconds(times[(times.len() * percent / 100).min(times.len() - 1)]);
        let (start, first) = (milliseconds(start), milliseconds(first.elapsed));
        Self { start, first, processor, half: at(50), most: at(99), peak: peak(&stage) }
    }
}

impl Spread {
    /// # Panics
    /// If there is no figure.
    pub(crate) fn of(figures: impl IntoIterator<Item = f64>) -> Self {
        let mut figures: Vec<f64> = figures.into_iter().collect();
        figures.sort_by(f64::total_cmp);
        Self { median: figures[figures.len() / 2], least: figures[0], most: figures[figures.len() - 1] }
    }
}

/// Invokes a process `count` times. Returns the processor time of each in ms, on average, and how long each took.
pub(crate) async fn warm(stage: &mut Stage, count: usize) -> (f64, Vec<Duration>) {
    let before = processor_time(stage.function.pid());
    let mut times = Vec::with_capacity(count);
    for _ in 0..count {
        times.push(asked(stage).await.elapsed);
    }
    let spent = processor_time(stage.function.pid()) - before;
    (milliseconds(spent) / count as f64, times)
}

/// Invokes a process once.
///
/// # Panics
/// If the answer is wrong.
pub(crate) async fn asked(stage: &mut Stage) -> Answer {
    let answer = stage.ask(0).await;
    // Other programs only have to succeed.
    let held = match &stage.cases[0].expected {
        Expected::OneOf(none) if none.is_empty() => {
            if answer.status() == Some(200) {
                Ok(())
            } else {
                Err(answer.everything())
            }
        }
        expected => expected.check(&answer),
    };
    if let Err(wrong) = held {
        panic!("{}: {wrong}", stage.cases[0].name);
    }
    answer
}

/// Processor time of all threads of a process, ended ones included.
pub(crate) fn processor_time(pid: u32) -> Duration {
    let pid = Pid::from_raw(i32::try_from(pid).expect("the id of a process"));
    clock_getcpuclockid(pid).and_then(nix::time::ClockId::now).expect("a process that runs has a clock").into()
}

/// Peak resident memory of a process, in MB.
pub(crate) fn peak(stage: &Stage) -> f64 {
    let reading = Reading::of(stage.function.pid()).expect("a process that runs");
    reading.peak as f64 / 1024.0
}

pub(crate) fn milliseconds(time: Duration) -> f64 {
    time.as_secs_f64() * 1_000.0
}

#[cfg(test)]
mod tests {
    use super::Spread;

    #[test]
    fn a_single_slow_round_does_not_change_what_is_reported() {
        let spread = Spread::of([0.2, 9.0, 0.1]);
        assert_eq!((spread.least, spread.median, spread.most), (0.1, 0.2, 9.0));
    }
}
