//! However much a caller asks for at once, it ends: by its deadline, or because a limit is told.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "in a test a panic is the report")]

mod opaque;
mod worst;

use std::cell::Cell;

use generator::{Builtin, Watch};
use shared::{
    error_type::ErrorType,
    failure::Failure,
    limits::{CHANGES, CLAUSES, STEPS},
};
use worst::{Request, cases, text};

/// Long enough that not all of an agent is opened; in a debug build 5 MiB take seconds.
const SHORT: usize = 200_000;

/// Ends the work at its `checks`th look at the time.
fn stopped(request: &Request, checks: usize) -> Result<(), Failure> {
    let left = Cell::new(checks);
    let over = || {
        left.set(left.get().saturating_sub(1));
        left.get() == 0
    };
    request.ask(&Builtin::new(), Watch::new(&over))
}

#[test]
fn the_worst_of_each_kind_does_not_begin_when_its_time_is_over() {
    for case in cases(SHORT) {
        let failure = stopped(&case.request, 1).err();
        assert_eq!(failure.map(|failure| failure.error_type), Some(ErrorType::Timeout), "{}", case.name);
    }
}

#[test]
fn the_worst_of_each_kind_ends_amid_its_work_when_its_time_is_over() {
    for case in cases(SHORT).into_iter().filter(|case| !case.name.starts_with("one wish: ")) {
        // By the third look the first step, clause or change is done.
        match stopped(&case.request, 3).map_err(|failure| failure.error_type) {
            Ok(()) => assert!(!case.repeats, "{} has one look at the time for all it does", case.name),
            Err(
                ErrorType::Timeout | ErrorType::RequestTooLarge | ErrorType::ValidationError | ErrorType::PatchError,
            ) => {}
            Err(other) => panic!("{}: {other}", case.name),
        }
    }
}

/// How often a request looks at the time.
fn looks(request: &Request) -> usize {
    let count = Cell::new(0);
    let over = || {
        count.set(count.get() + 1);
        false
    };
    drop(request.ask(&Builtin::new(), Watch::new(&over)));
    count.get()
}

#[test]
fn the_time_is_looked_at_for_every_clause_step_and_change() {
    let goal = |clauses| Request::Decompose { goal: "search the web for cats. ".repeat(clauses), context: None };
    let steps =
        |count| Request::Generate { instructions: text(serde_json::json!({"steps": vec!["summarize it"; count]})) };
    let agent = text(worst::agent("Summarise a web page and e-mail the summary"));
    let changes = |count| Request::Patch { wish: "rename it to x. ".repeat(count), agent: agent.clone() };
    for (few, many) in [(goal(5), goal(25)), (steps(5), steps(25)), (changes(5), changes(20))] {
        assert!(looks(&many) >= looks(&few) + 15, "{} and {}", looks(&few), looks(&many));
    }
}

fn refused(request: &Request) -> String {
    let failure = request.ask(&Builtin::new(), Watch::NONE).unwrap_err();
    assert_eq!(failure.error_type, ErrorType::RequestTooLarge, "{failure:?}");
    failure.service_error
}

#[test]
fn a_person_who_asks_for_too_much_at_once_reads_the_limit() {
    let goal = |clauses| Request::Decompose { goal: "search the web for cats. ".repeat(clauses), context: None };
    assert_eq!(refused(&goal(CLAUSES.most + 1)), "The goal asks for 101 things at once. The limit is 100.");
    let agent = text(worst::agent("Summarise a web page and e-mail the summary"));
    let wish = |changes| Request::Patch { wish: "rename it to x. ".repeat(changes), agent: agent.clone() };
    assert_eq!(refused(&wish(CHANGES.most + 1)), "The request asks for 21 changes at once. The limit is 20.");
    assert!(wish(CHANGES.most).ask(&Builtin::new(), Watch::NONE).is_ok());
    // One change, and one step, that is a goal of its own.
    let add = Request::Patch { wish: format!("add {}", "search the web for cats, ".repeat(120)), agent: agent.clone() };
    assert!(refused(&add).contains("The limit is"));
    let long = |step| (0..40).map(|at| format!("search the web for cats{step}x{at}, then ")).collect::<String>();
    let steps: Vec<String> = (0..20).map(long).collect();
    let steps = Request::Generate { instructions: text(serde_json::json!({"steps": steps})) };
    assert!(refused(&steps).contains(&format!("The limit is {}.", STEPS.most)));
}

#[test]
fn an_agent_with_too_many_small_values_is_refused_by_number() {
    let nodes: Vec<_> = (0..900)
        .map(|at| {
            let values = (0..120).map(|name| (format!("v{name}"), 0.into()));
            serde_json::json!({"id": at.to_string(), "block_id": "b", "input_default": values.collect::<serde_json::Map<_, _>>()})
        })
        .collect();
    let agent = text(serde_json::json!({"name": "n", "nodes": nodes, "links": []}));
    let told = refused(&Request::Patch { wish: "rename it to x".to_owned(), agent });
    assert!(told.starts_with("The request has 11") && told.ends_with("The limit is 100,000."), "{told}");
}
