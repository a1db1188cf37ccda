//! Any graph, random or hostile, is judged without a crash, and every change to a valid agent leaves a valid one.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "in a test a panic is the report")]

mod strategies;

use generator::{
    Builtin,
    fixer::{self, Reach},
    patcher::list,
    validator,
};
use proptest::prelude::*;
use serde_json::{Value, value::to_raw_value};
use shared::{error_type::ErrorType, port::Draft};
use strategies::{CATALOGUE, addressed, graph, patches, valid, wish};

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_graph_is_judged_and_fixes_are_idempotent(graph in graph()) {
        drop(validator::faults(&CATALOGUE, &graph));
        let once = fixer::fix(&CATALOGUE, graph.clone(), &Reach::All);
        drop(validator::faults(&CATALOGUE, &once));
        let twice = fixer::fix(&CATALOGUE, once.clone(), &Reach::All);
        prop_assert_eq!(twice.to_string(), once.to_string());
        prop_assert_eq!(&once["extra"], &graph["extra"]);
        // Each fix by itself.
        for fix in fixer::FIXES {
            let once = fixer::fix_one(&CATALOGUE, graph.clone(), &Reach::All, fix.name).unwrap();
            let twice = fixer::fix_one(&CATALOGUE, once.clone(), &Reach::All, fix.name).unwrap();
            prop_assert_eq!(twice.to_string(), once.to_string(), "{}", fix.name);
        }
    }

    #[test]
    fn fixes_reach_only_what_the_change_touched(before in graph(), after in graph()) {
        let untouched = fixer::fix(&CATALOGUE, before.clone(), &Reach::of_change(&before, &before));
        prop_assert_eq!(untouched.to_string(), before.to_string());
        let reach = Reach::of_change(&before, &after);
        let once = fixer::fix(&CATALOGUE, after, &reach);
        let twice = fixer::fix(&CATALOGUE, once.clone(), &reach);
        prop_assert_eq!(twice.to_string(), once.to_string());
    }

    #[test]
    fn fixes_leave_a_valid_agent_unchanged(agent in valid()) {
        let fixed = fixer::fix(&CATALOGUE, agent.clone(), &Reach::All);
        prop_assert_eq!(fixed.to_string(), agent.to_string());
    }

    #[test]
    fn applied_patches_leave_a_valid_agent(agent in valid(), patches in patches()) {
        let before = agent.to_string();
        let patches = addressed(&agent, &patches);
        match list::read(&patches).and_then(|patches| list::apply(&CATALOGUE, &agent, &patches)) {
            Ok(after) => prop_assert_eq!(validator::faults(&CATALOGUE, &after), Vec::<String>::new()),
            Err(failure) => prop_assert!(
                matches!(failure.error_type, ErrorType::PatchError | ErrorType::ValidationError | ErrorType::LlmParseError),
                "{failure:?}"
            ),
        }
        prop_assert_eq!(agent.to_string(), before, "the given agent is never half changed");
    }

    #[test]
    fn a_granted_request_leaves_a_valid_agent(agent in valid(), wishes in prop::collection::vec(wish(), 1..3)) {
        match Builtin::new().patch_now(&wishes.join(". "), &to_raw_value(&agent).unwrap()) {
            Ok(Draft::Agent(after, account)) => {
                let after: Value = serde_json::from_str(after.get()).unwrap();
                let edit = account.edit.unwrap();
                prop_assert!(after != agent || edit.changes.is_empty(), "{:?}", edit.changes);
                let count = |agent: &Value| agent["nodes"].as_array().map_or(0, Vec::len);
                prop_assert!(count(&after) == count(&agent) || !edit.changes.is_empty());
                prop_assert!(account.explanation.chars().count() <= 600, "{}", account.explanation);
                prop_assert_eq!(validator::faults(&CATALOGUE, &after), Vec::<String>::new());
            }
            Ok(Draft::ClarifyingQuestions(questions)) => prop_assert!(!questions.is_empty()),
            Err(failure) => prop_assert!(
                matches!(failure.error_type, ErrorType::PatchError | ErrorType::ValidationError),
                "{failure:?}"
            ),
        }
    }
}
