//! Any text as a plan, as a list of edits, and as an agent, of somebody who builds by themselves.

use std::sync::OnceLock;

use generator::{
    Builtin,
    problem::Problem,
    validator,
    workbench::{Built, Patched, Workbench},
};
use serde_json::{Value, value::RawValue};
use shared::error_type::ErrorType;
use tokio::time::{Duration, Instant};

use crate::{graph::catalogue, world::run};

const AGENT: &str = include_str!("../agent.json");

/// A plan becomes an agent that keeps every rule, as an edited one does, or a list of problems that is not empty; an agent is valid or has problems,
/// and once repaired it needs no repair. Each problem says where it is.
pub fn check(data: &[u8]) {
    static WORKBENCH: OnceLock<Workbench> = OnceLock::new();
    let workbench = WORKBENCH.get_or_init(|| Workbench::new(Builtin::new()));
    let text = String::from_utf8_lossy(data);
    let Ok(raw) = shared::json::parse(&text) else { return };
    let agent: &RawValue = serde_json::from_str(AGENT).expect("a JSON agent");
    run(async {
        match workbench.build(raw, None, end()).await {
            Ok(Built::Agent { agent, .. }) => holds(&agent),
            Ok(Built::Misfits { problems, more_problems }) => {
                assert!((1..=50).contains(&problems.len()) && (more_problems == 0 || problems.len() == 50), "{raw}");
                problems.iter().for_each(is_told);
            }
            Err(failure) => assert_eq!(failure.error_type, ErrorType::RequestTooLarge, "{}", failure.service_error),
        }
        match workbench.patch(agent, raw, end()).await {
            Ok(Patched::Agent { agent, .. }) => holds(&agent),
            Ok(Patched::Misfits { problems, more_problems }) => {
                assert!((1..=50).contains(&problems.len()) && (more_problems == 0 || problems.len() == 50), "{raw}");
                assert!(problems.iter().all(|problem| !problem.is_empty()), "{problems:?}");
            }
            Err(failure) => assert_eq!(failure.error_type, ErrorType::RequestTooLarge, "{}", failure.service_error),
        }
        if !shared::json::is_object(raw) {
            return;
        }
        match workbench.check(raw, end()).await {
            Ok(checked) => {
                checked.problems.iter().for_each(is_told);
                if checked.valid {
                    holds(&checked.agent);
                }
                let again =
                    workbench.check(&checked.agent, end()).await.expect("what was checked can be checked again");
                assert_eq!((again.agent.get(), again.fixed.len()), (checked.agent.get(), 0));
                assert_eq!(again.problems, checked.problems);
            }
            Err(failure) => assert_eq!(failure.error_type, ErrorType::RequestTooLarge, "{}", failure.service_error),
        }
    });
}

fn end() -> Instant {
    Instant::now() + Duration::from_secs(20)
}

fn is_told(problem: &Problem) {
    assert!(!problem.message.is_empty() && problem.fix.as_deref() != Some(""), "{problem:?}");
    // What an assistant reads of one problem; its cause may be megabytes long.
    let length = problem.path.len() + problem.message.len() + problem.fix.as_ref().map_or(0, String::len);
    assert!(length < 4_000, "{length}: {problem:?}");
}

fn holds(agent: &RawValue) {
    let agent: Value = serde_json::from_str(agent.get()).expect("a JSON agent");
    assert_eq!(validator::faults(catalogue(), &agent), Vec::<String>::new(), "{agent}");
}
