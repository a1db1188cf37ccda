//! The matrix as a person reads it: `docs/FAULTS.md`. What it says comes from the rows that the tests hold; how long things
//! took comes from the last long run. `FAULTS_WRITE=1` writes it, anything else compares.

use std::{
    collections::BTreeMap,
    fmt::Write,
    fs,
    path::{Path, PathBuf},
    time::{Duration, SystemTime},
};

use kit::{binaries::workspace, operations::Operation};
use uuid::Uuid;

use crate::{
    asked::Trigger,
    fault::{Fault, Outcome, Pace},
    functions::LINES,
    line::Line,
    list, platform, receivers,
    times::is_long,
};

const HEADING: &str = "\
# Faults

What a caller sees when the Agent Generator, the network, Lambda's clock or the table fails. Every row is played from
outside, to the binaries as they ship, over real sockets, in every function and by every trigger that it concerns. `make
test` plays all of it with short deadlines, and fails where a row of this page says something else. `make faults` plays it
with the 28 s that an API function has in production, freezes functions for ten minutes, and writes this page.
";

const READING: &str = "\
In every cell the tests also hold: the message for the person and the code of the function that failed (as `openapi.yaml` has
them), the headers, that nothing names where the generator is (in the answer or in the log), that the answer comes before the
deadline, that the process stays below the 256 MB of its function, and that it serves the next request well once the
generator is well.

**Calls** is how often the function tried; where a call got through to the generator, it counted as many. **Time** is what
the rows promise, **longest** what was measured, over all functions and triggers. *At once* is as long as the work itself
takes. *Deadline* is half a second before the invocation's, 5 s at most for `health`.

| by | a failure is |
|---|---|
| REST API, HTTP API, Function URL | the status of the row, the error as the body; `Retry-After` where the row has one |
| direct invocation | the error as the payload |
| EventBridge | a failed invocation: `errorType` is the row's class, `errorMessage` the message |
| `health`, however it comes | 503 and `{\"status\": \"unhealthy\", \"generator\", \"blocks_loaded\", \"error_type\"}` with the row's class |
| a jobs queue | a class to be tried again: the message stays, the operation is `accepted`; any other: it is `failed` with that class. A job's call is never repeated within the invocation |

`generate` that is given a goal asks twice; where the first call fails, the error is that of `decompose`.
";

/// Notes how long the answer to a fault took, where this is the long run.
pub(crate) fn measured(fault: &Fault, elapsed: Duration) {
    if is_long() {
        fs::create_dir_all(times()).expect("a folder for what was measured");
        // A file for each: tests are processes, and share nothing else.
        let text = format!("{}\t{}\n", elapsed.as_millis(), fault.name);
        fs::write(times().join(Uuid::new_v4().to_string()), text).expect("a file for what was measured");
    }
}

fn times() -> PathBuf {
    Path::new(env!("CARGO_TARGET_TMPDIR")).join("faults")
}

/// The longest that each fault took, in milliseconds.
fn longest() -> BTreeMap<String, u64> {
    let mut longest = BTreeMap::new();
    for entry in fs::read_dir(times()).into_iter().flatten().flatten() {
        let text = fs::read_to_string(entry.path()).unwrap_or_default();
        let Some((milliseconds, name)) = text.trim_end().split_once('\t') else { continue };
        let known = longest.entry(name.to_owned()).or_default();
        *known = milliseconds.parse().unwrap_or(0).max(*known);
    }
    longest
}

fn page() -> String {
    let longest = longest();
    let parts = list::parts();
    let faults: Vec<&Fault> = parts.iter().flat_map(|(_, faults)| faults).collect();
    let of_line = |line: &Line| faults.iter().filter(|fault| line.is_concerned(fault)).count();
    let cells: usize = LINES.iter().map(of_line).sum();
    let mut page = format!("{HEADING}\n{}\n\n{READING}", machine());
    let (faults, lines) = (faults.len(), LINES.len());
    let _ = write!(page, "\n{faults} faults of a generator, and {lines} ways to ask a function, are {cells} cells.\n");
    for (theme, faults) in &parts {
        let head = "| fault | status | `error_type` | again? | calls | time | of | longest |\n|---|---|---|---|---|---|---|---|";
        let _ = write!(page, "\n## {theme}\n\n{head}\n");
        for fault in faults {
            let seconds =
                longest.get(fault.name).map_or("–".to_owned(), |ms| format!("{:.2} s", *ms as f64 / 1000.0));
            let _ = writeln!(page, "| {} | {seconds} |", row(fault));
        }
    }
    page + &platform_part()
}

fn row(fault: &Fault) -> String {
    let told = match fault.outcome {
        Outcome::Good => "200 | – | –".to_owned(),
        Outcome::Fails(error_type) => {
            let (status, again) = Operation::consequence(error_type);
            let again = if fault.retryable.unwrap_or(again) { "yes" } else { "no" };
            let after = fault.retry_after.map(|(lowest, highest)| {
                if lowest == highest {
                    format!(", after {lowest} s")
                } else {
                    format!(", after {lowest} to {highest} s")
                }
            });
            format!("{status} | `{error_type}` | {again}{}", after.unwrap_or_default())
        }
    };
    let time = match fault.pace {
        Pace::AtOnce => "at once".to_owned(),
        Pace::AtLeast(least) => format!("{} s and jitter", least.as_secs()),
        Pace::UntilTheEnd => "deadline".to_owned(),
        Pace::ErrorBody => "5 s, or deadline".to_owned(),
        Pace::OneSecond => "1 s".to_owned(),
    };
    let kinds = ["decompose", "generate", "patch", "catalog", "health"];
    let of = match fault.of.len() {
        5 => "all".to_owned(),
        _ => kinds
            .into_iter()
            .filter(|kind| fault.of.contains(kind))
            .map(|kind| format!("`{kind}`"))
            .collect::<Vec<_>>()
            .join(", "),
    };
    let of = if fault.over_http_alone { format!("{of} over HTTP") } else { of };
    let name = if fault.takes_jobs_over {
        format!("{} (a job has been taken over)", fault.name)
    } else {
        fault.name.to_owned()
    };
    format!("{name} | {told} | {} | {time} | {of}", fault.calls)
}

fn platform_part() -> String {
    let mut part = "\n## What operations are kept in\n\n\
        The table fails for `operations` (its state over every gateway, a completion over REST), and for `generate` and `patch`\n\
        that are to work in the background. Nothing has begun, and no generator is asked. A completion, a job or a webhook on\n\
        its queue stays there.\n\n\
        | the table | status | `error_type` | again? | calls |\n|---|---|---|---|---|\n"
        .to_owned();
    for failing in platform::failing() {
        let (status, again) = Operation::consequence(failing.error_type);
        let again = if again { "yes" } else { "no" };
        let _ =
            writeln!(part, "| {} | {status} | `{}` | {again} | {} |", failing.name, failing.error_type, failing.calls);
    }
    part.push_str(
        "\n## Receivers of webhooks\n\nA receiver has 15 s. What stays on the queue is sent again, later each time.\n\n\
        | the receiver | the message | calls | time |\n|---|---|---|---|\n",
    );
    for receiving in receivers::receiving() {
        let (message, time) =
            (if receiving.stays { "stays" } else { "leaves" }, if receiving.is_silent { "15 s" } else { "at once" });
        let _ = writeln!(part, "| {} | {message} | {} | {time} |", receiving.name, receiving.calls);
    }
    part
}

/// What was measured when, and where.
fn machine() -> String {
    let read = |path| fs::read_to_string(path).unwrap_or_default();
    let processors = read("/proc/cpuinfo");
    let model =
        processors.lines().find_map(|line| line.strip_prefix("model name")?.split_once(": ")).map(|(_, name)| name);
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let date = httpdate::fmt_http_date(SystemTime::now());
    let (model, date) = (model.unwrap_or("an unknown processor"), date.get(5..16).unwrap_or_default());
    format!("{MEASURED}{date}, {model}, {cores} cores, Linux {}.", read("/proc/sys/kernel/osrelease").trim())
}

const MEASURED: &str = "Measured: ";

/// What a page promises: all but what was measured.
fn promises(page: &str) -> Vec<&str> {
    let mut is_measured = false;
    let lines = page.lines().filter(|line| !line.starts_with(MEASURED));
    lines
        .map(|line| {
            is_measured = line.starts_with('|') && (is_measured || line.ends_with("| longest |"));
            if is_measured { line.trim_end_matches(" |").rsplit_once(" | ").map_or(line, |(row, _)| row) } else { line }
        })
        .collect()
}

#[test]
fn the_document_says_what_the_tests_hold() {
    let path = workspace().join("docs/FAULTS.md");
    let page = page();
    if std::env::var("FAULTS_WRITE").is_ok_and(|value| value == "1") {
        fs::write(&path, &page).expect("docs/FAULTS.md can be written");
    }
    let written = fs::read_to_string(&path).unwrap_or_default();
    for (is, should) in promises(&written).into_iter().zip(promises(&page)) {
        assert_eq!(is, should, "docs/FAULTS.md is out of date: `make faults` writes it");
    }
    assert_eq!(
        promises(&written).len(),
        promises(&page).len(),
        "docs/FAULTS.md is out of date: `make faults` writes it"
    );
}

#[test]
fn every_function_is_asked_by_every_trigger_that_it_has() {
    let triggers = |function: &str| {
        let of_function = LINES.iter().filter(|line| line.asked.name == function);
        of_function.map(|line| line.trigger).collect::<Vec<_>>()
    };
    let http = [Trigger::Rest, Trigger::HttpApi, Trigger::FunctionUrl, Trigger::Direct];
    for function in ["decompose", "generate", "patch"] {
        assert_eq!(triggers(function), [&http[..], &[Trigger::EventBridge]].concat(), "{function}");
    }
    for function in ["blocks", "health"] {
        assert_eq!(triggers(function), http, "{function}");
    }
}

#[test]
fn no_two_faults_have_one_name() {
    let mut names: Vec<&str> = list::all().iter().map(|fault| fault.name).collect();
    names.sort_unstable();
    assert!(names.windows(2).all(|pair| pair[0] != pair[1]), "{names:?}");
}
