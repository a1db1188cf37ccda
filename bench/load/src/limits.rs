//! What the largest legal request of each [`hostile`](crate::hostile) shape costs: processor time, peak memory, and whether
//! it is answered in time.

use std::time::Duration;

use crate::{
    contract,
    gauge::Reading,
    hostile::{Hostile, shapes},
    report::{Report, decimal, megabytes},
    stage::{Role, Stage},
};

const FUNCTIONS: [&str; 8] =
    ["decompose", "generate", "patch", "catalog", "operations", "library", "deliver", "authorizer"];
/// Of one core.
const PROCESSOR: Duration = Duration::from_secs(1);
/// In KB; half of what a function has.
const MEMORY: u64 = 128 * 1024;
/// The time-out of a function behind the gateway.
const TIME: Duration = Duration::from_secs(28);

/// One request to a fresh process.
struct Cost {
    function: &'static str,
    role: Role,
    kind: &'static str,
    of: String,
    processor: Duration,
    /// In KB.
    peak: u64,
    answer: String,
}

/// Which shapes are sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shapes {
    /// All. None may take more than a second of a core.
    Every,
    /// Two of each kind, which have to be answered in time.
    Costliest,
}

/// Sends `which` to a fresh process each, of every function that `chosen` accepts.
pub async fn run(chosen: impl Fn(&str) -> bool, which: Shapes) -> Report {
    let about = "Each request is as large as it may be and goes to a fresh process, whose start counts. Processor time is in \
                 seconds of one core, memory is the peak in MB. The bounds are 1 s and 128 MB.";
    let mut report = Report::new("The worst of each kind", about);
    let mut costs: Vec<Cost> = Vec::new();
    for function in FUNCTIONS.into_iter().filter(|function| chosen(function)) {
        for shape in shapes(function) {
            let is_same = |cost: &&Cost| cost.group() == (shape.function, shape.role.name(), shape.kind);
            if which == Shapes::Costliest && costs.iter().filter(is_same).count() == 2 {
                continue;
            }
            match cost(shape.build()).await {
                Ok(cost) => {
                    report.complaints.extend(cost.complaints(which == Shapes::Every));
                    costs.push(cost);
                }
                Err(complaint) => report.complaints.push(complaint),
            }
        }
    }
    let worst = costs.chunk_by(|one, next| one.group() == next.group()).map(worst_of).collect::<Vec<_>>();
    let columns = ["function", "with", "large", "shapes", "processor, s", "of", "peak, MB", "of"];
    report.table(3, &columns, &worst);
    report.section("Every shape", "`large` is repeated or filled with `of` up to its limit.");
    let rows: Vec<_> = costs.iter().map(Cost::row).collect();
    report.table(5, &["function", "with", "large", "of", "answer", "processor, s", "peak, MB"], &rows);
    report
}

async fn cost(hostile: Hostile) -> Result<Cost, String> {
    let Hostile { function, role, kind, of, event, behaviour } = hostile;
    let mut stage = Stage::set(function, role).await;
    let answer = stage.ask_with(&event, &behaviour, TIME).await;
    let reading = Reading::of(stage.function.pid());
    let complaint = |what: &str| format!("{function}, {kind} of {of}: {what}");
    let Some(reading) = reading else {
        return Err(complaint(&format!("the process ended: {:?}", answer.error)));
    };
    if stage.function.is_late(&answer, TIME) {
        return Err(complaint("no answer by the deadline"));
    }
    if let Some(error) = &answer.error {
        return Err(complaint(&format!("the invocation failed: {error}")));
    }
    let answer = contract::name(&answer);
    Ok(Cost { function, role, kind, of, processor: reading.processor, peak: reading.peak, answer })
}

/// A row for all shapes of a kind.
fn worst_of(costs: &[Cost]) -> Vec<String> {
    let slowest = costs.iter().max_by_key(|cost| cost.processor).expect("a kind has shapes");
    let largest = costs.iter().max_by_key(|cost| cost.peak).expect("a kind has shapes");
    vec![
        slowest.function.to_owned(),
        slowest.role.name().to_owned(),
        slowest.kind.to_owned(),
        costs.len().to_string(),
        decimal(slowest.processor.as_secs_f64(), 2),
        slowest.of.clone(),
        megabytes(largest.peak),
        largest.of.clone(),
    ]
}

impl Cost {
    fn group(&self) -> (&'static str, &'static str, &'static str) {
        (self.function, self.role.name(), self.kind)
    }

    fn complaints(&self, is_timed: bool) -> Vec<String> {
        let name = format!("{}, {} of {}", self.function, self.kind, self.of);
        let slow = is_timed && self.processor > PROCESSOR;
        let slow = slow.then(|| format!("{name}: {:.2} s of the processor", self.processor.as_secs_f64()));
        let large = (self.peak > MEMORY).then(|| format!("{name}: {} MB", megabytes(self.peak)));
        slow.into_iter().chain(large).collect()
    }

    fn row(&self) -> Vec<String> {
        vec![
            self.function.to_owned(),
            self.role.name().to_owned(),
            self.kind.to_owned(),
            self.of.clone(),
            self.answer.clone(),
            decimal(self.processor.as_secs_f64(), 2),
            megabytes(self.peak),
        ]
    }
}
