//! Writes `docs/FAULTS.md` from the rows that the tests play (`FAULTS_WRITE=1`), or compares the page with them. The measured
//! times come from the last long run and are not compared.

use std::{fmt::Write, fs, time::SystemTime};

use kit::{actions::Action, binaries::workspace};

use crate::{
    assistants,
    column::Column,
    columns::COLUMNS,
    fault::{Fault, Outcome, Timing},
    list, measured,
    request::Trigger,
    streams, table, webhooks,
};

const HEADING: &str = "\
# Faults

What a caller sees when the Agent Generator, the network, Lambda's clock or the table fails. The tests play every row over
real sockets, with the release binaries, in every function and through every trigger that it concerns. `make test` plays all
of it with short deadlines and fails if a row of this page is out of date. `make faults` plays it with production's limit of
28 s, freezes functions for ten minutes, and writes this page.
";

const READING: &str = "\
In every cell the tests also check the message and the code (as in `openapi.yaml`), the headers, that neither the answer nor
the log contains the generator's address, that the answer comes before the deadline, that the process stays below the 256 MB
of its function, and that the next request succeeds once the fault is gone.

**Calls** is the number of attempts; the generator counts the same number if they reach it. **Time** is the promise,
**longest** the longest time measured over all functions and triggers. *At once* is the time of the work itself. *Deadline* is
half a second before the invocation's, 5 s at most for `health`.

| trigger | a failure is |
|---|---|
| REST API, HTTP API, Function URL | the row's status, with the error as the body; `Retry-After` if the row has one |
| direct invocation | the error as the payload |
| EventBridge | a failed invocation: `errorType` is the row's class, `errorMessage` the message |
| a tool of `mcp` | a result with `isError`, status 200: the row's class, message and `retryable`, and `next`, which says what to do. The deadline comes 200 ms earlier |
| `health`, any trigger | 503 and `{\"status\": \"unhealthy\", \"generator\", \"blocks_loaded\", \"error_type\"}` with the row's class |
| a jobs queue | retryable: the message stays and the operation is `accepted`; otherwise the operation is `failed` with that class. A job never repeats a call within the invocation |

`generate` with a goal calls twice; if the first call fails, the error is that of `decompose`.
";

fn page() -> String {
    let longest = measured::longest();
    let parts = list::parts();
    let faults: Vec<&Fault> = parts.iter().flat_map(|(_, faults)| faults).collect();
    let in_column = |column: &Column| faults.iter().filter(|fault| column.is_concerned(fault)).count();
    let cells: usize = COLUMNS.iter().map(in_column).sum();
    let mut page = format!("{HEADING}\n{}\n\n{READING}", machine());
    let (faults, columns) = (faults.len(), COLUMNS.len());
    let _ =
        write!(page, "\n{faults} faults of a generator and {columns} ways to call a function make {cells} cells.\n");
    for (theme, faults) in &parts {
        let head = "| fault | status | `error_type` | retryable | calls | time | functions | longest |\n|---|---|---|---|---|---|---|---|";
        let _ = write!(page, "\n## {theme}\n\n{head}\n");
        for fault in faults {
            let seconds =
                longest.get(fault.name).map_or("–".to_owned(), |ms| format!("{:.2} s", *ms as f64 / 1000.0));
            let _ = writeln!(page, "| {} | {seconds} |", row(fault));
        }
    }
    page + &other_faults()
}

fn row(fault: &Fault) -> String {
    let answer = match fault.outcome {
        Outcome::Good => "200 | – | –".to_owned(),
        Outcome::Fails(error_type) => {
            let (status, again) = Action::consequence(error_type);
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
    let time = match fault.timing {
        Timing::AtOnce => "at once".to_owned(),
        Timing::AtLeast(least) => format!("{} s plus jitter", least.as_secs()),
        Timing::UntilDeadline => "deadline".to_owned(),
        Timing::ErrorBody => "5 s, or deadline".to_owned(),
        Timing::OneSecond => "1 s".to_owned(),
    };
    let kinds = ["decompose", "generate", "patch", "catalog", "health"];
    let of = match fault.kinds.len() {
        5 => "all".to_owned(),
        _ => kinds
            .into_iter()
            .filter(|kind| fault.kinds.contains(kind))
            .map(|kind| format!("`{kind}`"))
            .collect::<Vec<_>>()
            .join(", "),
    };
    let of = if fault.only_over_http { format!("{of} over HTTP") } else { of };
    let name =
        if fault.takes_jobs_over { format!("{} (a job: taken over)", fault.name) } else { fault.name.to_owned() };
    format!("{name} | {answer} | {} | {time} | {of}", fault.calls)
}

fn other_faults() -> String {
    let mut part = "\n## The operations table\n\n\
        The table fails for `operations` (a status over every gateway; a list, events, a task, a cancellation, a completion\n\
        and events of a generator over REST), for `stream` (before a stream begins), for the tools of `mcp` that follow, stop or begin\n\
        background work (a result with `isError`), and when `generate` and `patch` are asked for it. Nothing is started and no generator is\n\
        called. A completion, a job or a webhook stays on its queue.\n\n\
        | the table | status | `error_type` | retryable | calls |\n|---|---|---|---|---|\n"
        .to_owned();
    for fault in table::faults() {
        let (status, again) = Action::consequence(fault.error_type);
        let again = if again { "yes" } else { "no" };
        let _ = writeln!(part, "| {} | {status} | `{}` | {again} | {} |", fault.name, fault.error_type, fault.calls);
    }
    part.push_str(
        "\n## Streams and the log\n\nOnce a stream has begun, or a worker has: a stream reads again what it could not read.\n\n\
        | what happens | what is seen of it |\n|---|---|\n",
    );
    for (name, seen) in streams::rows() {
        let _ = writeln!(part, "| {name} | {seen} |");
    }
    part.push_str(
        "\n## The library's table\n\n\
        The faults of the table above, of the library's. A kept agent that cannot be read (`GET /agents/{id}`, `patch` by `agent_id`,\n\
        the tools of `mcp`) is that error, and no generator is called. An agent that was made with `\"save\": true` is in the answer, status 200,\n\
        with `saved` false and that `error_type` (for an assistant in `save_error`), after 5 s at most. So is one\n\
        that a generator brings by itself, in the result of its operation. A request that could use kept agents as steps goes on without them.\n",
    );
    part.push_str("\n## Assistants\n\nWhat is wrong with a message itself. Nothing is asked of a generator.\n\n");
    part.push_str("| the message | what is seen of it |\n|---|---|\n");
    for (name, seen) in assistants::rows() {
        let _ = writeln!(part, "| {name} | {seen} |");
    }
    part.push_str(
        "\n## Receivers of webhooks\n\nA receiver has 15 s. A message that stays on the queue is sent again, with longer and longer pauses.\n\n\
        | the receiver | the message | calls | time |\n|---|---|---|---|\n",
    );
    for case in webhooks::receivers() {
        let (message, time) =
            (if case.stays { "stays" } else { "leaves" }, if case.is_silent { "15 s" } else { "at once" });
        let _ = writeln!(part, "| {} | {message} | {} | {time} |", case.name, case.calls);
    }
    part
}

/// When and where the times were measured.
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

/// The page without its measured parts.
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
fn the_page_lists_what_the_tests_check() {
    let path = workspace().join("docs/FAULTS.md");
    let page = page();
    if std::env::var("FAULTS_WRITE").is_ok_and(|value| value == "1") {
        fs::write(&path, &page).expect("docs/FAULTS.md can be written");
    }
    let written = fs::read_to_string(&path).unwrap_or_default();
    for (is, should) in promises(&written).into_iter().zip(promises(&page)) {
        assert_eq!(is, should, "docs/FAULTS.md is out of date: run `make faults`");
    }
    assert_eq!(promises(&written).len(), promises(&page).len(), "docs/FAULTS.md is out of date: run `make faults`");
}

#[test]
fn every_function_is_called_through_every_trigger_that_it_has() {
    let triggers = |function: &str| {
        let of_function = COLUMNS.iter().filter(|column| column.request.name == function);
        of_function.map(|column| column.trigger).collect::<Vec<_>>()
    };
    let http = [Trigger::Rest, Trigger::HttpApi, Trigger::FunctionUrl, Trigger::Direct];
    for function in ["decompose", "generate", "patch"] {
        assert_eq!(triggers(function), [&http[..], &[Trigger::EventBridge, Trigger::Assistant]].concat(), "{function}");
    }
    for function in ["blocks", "health"] {
        assert_eq!(triggers(function), http, "{function}");
    }
}

#[test]
fn no_two_faults_share_a_name() {
    let mut names: Vec<&str> = list::all().iter().map(|fault| fault.name).collect();
    names.sort_unstable();
    assert!(names.windows(2).all(|pair| pair[0] != pair[1]), "{names:?}");
}
