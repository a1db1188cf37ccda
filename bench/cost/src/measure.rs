//! `cost measure`: everything that is measured, and the limits that the figures must keep.

use std::path::PathBuf;

use crate::{
    callgrind,
    limit::{self, Limit},
    listening,
    sample::{MEGABYTE, Sample, Spread, asked, peak},
    scale::{self, Curve, LINEAR, Shared},
    sizes,
    subject::{
        EMPTY, FORWARDER, LARGE, MCP, PEER, PLANNED, Places, Program, REMOTE, Subject, Task, USUAL, WITH_TABLE, ours,
    },
};
use load::{
    report::{Report, decimal},
    stage::{Role, Stage},
};

/// In each round every subject runs once, in a fresh process, with this many warm invocations.
const ROUNDS: usize = 15;
const INVOCATIONS: usize = 200;
/// The same for what takes megabytes.
const LARGE_ROUNDS: usize = 3;
const LARGE_INVOCATIONS: usize = 10;
/// Fresh processes for what a large agent adds to peak memory, and small requests before it.
const FRESH: usize = 3;
const SMALL_BEFORE: usize = 50;
/// How much more one of four processes may cost than one alone: they and this program share the cores and their caches.
const ALONGSIDE: f64 = 1.5;
/// Most MB of each binary, stripped. `deliver`, `operations` and `stream` link the AWS SDK, `decompose` the planner, `generate` and
/// `patch` both, `mcp` both and the library.
const BINARIES: [(&str, f64); 11] = [
    ("authorizer", 6.5),
    ("catalog", 6.5),
    ("decompose", 9.5),
    ("deliver", 12.0),
    ("generate", 13.5),
    ("library", 12.0),
    ("mcp", 15.0),
    ("operations", 12.0),
    ("page", 6.5),
    ("patch", 13.5),
    ("stream", 12.0),
];
/// Subjects whose instructions are counted.
const COMPARED: [Subject; 5] = [EMPTY, FORWARDER, REMOTE, PLANNED, PEER];

/// Heading, figure of a sample, decimals.
type Column = (&'static str, fn(&Sample) -> f64, usize);

const COLUMNS: [Column; 6] = [
    ("start, ms", |sample| sample.start, 1),
    ("first invocation, ms", |sample| sample.first, 1),
    ("processor time, ms", |sample| sample.processor, 3),
    ("p50, ms", |sample| sample.half, 2),
    ("p99, ms", |sample| sample.most, 2),
    ("peak memory, MB", |sample| sample.peak, 1),
];
const START: Column = COLUMNS[0];
const PROCESSOR: Column = COLUMNS[2];
const PEAK: Column = COLUMNS[5];

#[derive(Debug)]
struct Measured(Vec<(Subject, Vec<Sample>)>);

pub(crate) async fn run(places: &Places) -> Report {
    let mut report = Report::default();
    eprintln!("Small requests, in {ROUNDS} rounds ...");
    let small = Measured::take(&USUAL, places, ROUNDS, INVOCATIONS).await;
    report.section("A small request", &format!(
        "Start: from the start of the process to its first request for work. Processor time, p50 and p99: of warm invocations. \
         Medians of {ROUNDS} fresh processes with {INVOCATIONS} warm invocations each; least and most in brackets."
    ));
    report.table(1, &small.columns(), &small.rows(|_| String::new()));
    eprintln!("Large ones ...");
    let large = Measured::take(&LARGE, places, LARGE_ROUNDS, LARGE_INVOCATIONS).await;
    report.section(
        "A request of 1 MB, an agent of 4 MB, a batch of ten jobs",
        &format!("As above, from {LARGE_ROUNDS} processes with {LARGE_INVOCATIONS} invocations each."),
    );
    report.table(1, &large.columns(), &large.rows(|subject| format!(", {}", subject.task.name())));
    eprintln!("Instructions ...");
    callgrind::tell(&COMPARED, places, &mut report).await;
    bytes(places, &mut report);
    eprintln!("Cost against size ...");
    let curves = scale::curves(places).await;
    grown(&curves, &mut report);
    eprintln!("Processes side by side ...");
    let side_by_side = scale::side_by_side(places).await;
    report.section("Processes side by side", "`generate`, remote, each process invoked without a pause.");
    let row = |(processes, cost): &(usize, Spread)| vec![processes.to_string(), shown(cost, PROCESSOR.2)];
    report.table(
        0,
        &["processes", "processor time of an invocation, ms"],
        &side_by_side.iter().map(row).collect::<Vec<_>>(),
    );
    let shared = scale::in_one_process(places).await;
    report.section(
        "Many invocations in one process",
        "`generate`, remote, with `AWS_LAMBDA_MAX_CONCURRENCY`; the generator answers once all requests have arrived.",
    );
    let row = |shared: &Shared| {
        vec![shared.at_once.to_string(), decimal(shared.processor, PROCESSOR.2), decimal(shared.peak, PEAK.2)]
    };
    report.table(
        0,
        &["at once", "processor time of an invocation, ms", "peak memory of the process, MB"],
        &shared.iter().map(row).collect::<Vec<_>>(),
    );
    eprintln!("Memory of a large agent ...");
    let mut limits = small.limits();
    limits.push(memory_of_an_agent(places).await);
    limits.extend(BINARIES.map(|(binary, limit)| {
        let size = sizes::megabytes(sizes::plain(&places.of(Program::Ours, binary)));
        Limit::new(format!("size of `{binary}`, MB"), size, limit)
    }));
    limits.extend(curves.iter().map(|curve| Limit::new(format!("exponent: {}", curve.what), curve.exponent(), LINEAR)));
    eprintln!("A caller who listens ...");
    limits.extend(listening::limits(places).await);
    let (alone, most) = (side_by_side[0].1.median, side_by_side[side_by_side.len() - 1].1.median);
    limits.push(Limit::new("processor time of one of four processes to that of one alone", most / alone, ALONGSIDE));
    report.section("Limits", "Ratios are medians of the ratios within each round; milliseconds and MB are medians.");
    limit::tell(&limits, &mut report);
    report
}

impl Measured {
    /// Subjects take turns, so that what else the machine does falls on all of them.
    async fn take(subjects: &[Subject], places: &Places, rounds: usize, invocations: usize) -> Self {
        let mut measured: Vec<_> = subjects.iter().map(|subject| (*subject, Vec::new())).collect();
        for _ in 0..rounds {
            for (subject, samples) in &mut measured {
                samples.push(Sample::take(*subject, places, invocations).await);
            }
        }
        Self(measured)
    }

    fn columns(&self) -> Vec<&'static str> {
        [""].into_iter().chain(COLUMNS.map(|(name, ..)| name)).collect()
    }

    fn rows(&self, more: impl Fn(&Subject) -> String) -> Vec<Vec<String>> {
        let row = |(subject, samples): &(Subject, Vec<Sample>)| {
            let figures = COLUMNS.map(|(_, of, digits)| shown(&Spread::of(samples.iter().map(of)), digits));
            [subject.name() + &more(subject)].into_iter().chain(figures).collect()
        };
        self.0.iter().map(row).collect()
    }

    /// A column of a subject, round by round.
    fn rounds(&self, subject: Subject, (_, of, _): Column) -> impl Iterator<Item = f64> {
        let (_, samples) = self.0.iter().find(|(known, _)| *known == subject).expect("a subject that was measured");
        samples.iter().map(of)
    }

    fn of(&self, subject: Subject, column: Column) -> f64 {
        Spread::of(self.rounds(subject, column)).median
    }

    /// Median of the ratios within each round, since the processor's speed changes between rounds.
    fn ratio(&self, column: Column, one: Subject, other: Subject) -> f64 {
        let rounds = self.rounds(one, column).zip(self.rounds(other, column));
        Spread::of(rounds.map(|(one, other)| one / other)).median
    }

    fn limits(&self) -> Vec<Limit> {
        let mut limits = vec![
            Limit::new(
                "processor time of `generate`, remote, to the forwarder's",
                self.ratio(PROCESSOR, REMOTE, FORWARDER),
                1.25,
            ),
            Limit::new(
                "processor time of `generate`, remote, to the peer's",
                self.ratio(PROCESSOR, REMOTE, PEER),
                1.0 / 3.0,
            ),
        ];
        let remote = ["decompose", "generate", "patch"].map(|binary| ours(binary, Role::Remote, Task::Usual));
        let with_table = ["generate", "patch"].map(|binary| ours(binary, Role::Worker, Task::Usual));
        for one in remote.iter().chain(&with_table) {
            limits.push(Limit::new(
                format!("start of {}, to the forwarder's", one.name()),
                self.ratio(START, *one, FORWARDER),
                1.6,
            ));
            limits.push(Limit::new(
                format!("start of {}, to the peer's", one.name()),
                self.ratio(START, *one, PEER),
                0.05,
            ));
        }
        limits.extend(remote.map(|one| {
            let what = format!("peak memory of {}, to the forwarder's", one.name());
            Limit::new(what, self.ratio(PEAK, one, FORWARDER), 1.5)
        }));
        limits.push(Limit::new(
            "start of `mcp` to that of `generate`, both with tables and queues",
            self.ratio(START, MCP, WITH_TABLE),
            1.3,
        ));
        limits.push(Limit::new(
            "start of `decompose`, built-in, to the empty function's",
            self.ratio(START, PLANNED, EMPTY),
            2.5,
        ));
        limits.push(Limit::new(
            "processor time of planning a goal of three clauses, ms",
            self.of(PLANNED, PROCESSOR),
            1.0,
        ));
        limits
    }
}

fn bytes(places: &Places, report: &mut Report) {
    report.section(
        "Size",
        "In MB of 1,048,576 bytes, as Lambda counts. The peer also needs Python, which Lambda's runtime has.",
    );
    let ours = BINARIES.iter().map(|(binary, _)| (format!("`{binary}`"), places.of(Program::Ours, binary)));
    let others = [EMPTY, FORWARDER, PEER].map(|subject| (subject.name(), places.of(subject.program, subject.binary)));
    let row = |(name, path): (String, PathBuf)| {
        let sizes = [sizes::plain(&path), sizes::zipped(&path)].map(|size| decimal(sizes::megabytes(size), 2));
        [name].into_iter().chain(sizes).collect()
    };
    report.table(1, &["", "plain", "in a zip file"], &others.into_iter().chain(ours).map(row).collect::<Vec<_>>());
}

fn grown(curves: &[Curve], report: &mut Report) {
    report.section(
        "Cost against size",
        "Processor time, ms. The cost, less that of the smallest size, grows with the size to the power of the \
         exponent: 1 is linear.",
    );
    let row = |curve: &Curve| {
        let points: Vec<_> = curve.points.iter().map(|(size, cost)| format!("{size}: {cost:.2}")).collect();
        vec![curve.what.to_owned(), points.join(", "), decimal(curve.exponent(), 2)]
    };
    report.table(2, &["what grows", "size: cost", "exponent"], &curves.iter().map(row).collect::<Vec<_>>());
}

/// What passing an agent of 4 MB through adds to the peak memory of a fresh process, in multiples of the agent's size.
async fn memory_of_an_agent(places: &Places) -> Limit {
    let (mut without, mut with, mut size) = (Vec::new(), Vec::new(), 0.0);
    for _ in 0..FRESH {
        let mut stage = after_small_requests(places).await;
        without.push(peak(&stage));
        stage = after_small_requests(places).await;
        Task::LargeReply.set(&mut stage.cases[0], REMOTE.binary);
        size = asked(&mut stage).await.body()["agent_json"].to_string().len() as f64 / MEGABYTE;
        with.push(peak(&stage));
    }
    let added = Spread::of(with).median - Spread::of(without).median;
    Limit::new("extra peak memory of an agent of 4 MB that is passed through, to its size", added / size, 2.5)
}

async fn after_small_requests(places: &Places) -> Stage {
    let mut stage = REMOTE.start(places, &[]).await;
    for _ in 0..SMALL_BEFORE {
        asked(&mut stage).await;
    }
    stage
}

fn shown(spread: &Spread, digits: usize) -> String {
    let [median, least, most] = [spread.median, spread.least, spread.most].map(|figure| decimal(figure, digits));
    format!("{median} ({least} – {most})")
}
