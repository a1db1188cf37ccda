//! Any text as an operator's block catalogue: rejected with a reason, or usable.

use generator::{
    Builtin,
    catalogue::{Catalogue, CatalogueError},
    validator,
};
use serde_json::{Value, json, value::to_raw_value};
use shared::{
    error_type::ErrorType,
    port::{Decomposition, Draft},
};

/// Goals that need the blocks of the stored inputs.
const GOALS: [&str; 2] = ["Summarise a text", "Read an RSS feed and e-mail me a summary of each entry"];

/// A catalogue is rejected with the entry and the reason; an accepted one gives valid agents or a reasoned failure.
pub fn check(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    let builtin = match Builtin::from_catalogue(text) {
        Ok(builtin) => builtin,
        Err(error) => return refused(&error),
    };
    let catalogue = Catalogue::from_json(text).expect("the same once more");
    for goal in GOALS {
        let decomposed = builtin.decompose_now(goal, None).expect("a result");
        let Decomposition::Instructions { steps, .. } = decomposed else { continue };
        let instructions = to_raw_value(&json!({"type": "instructions", "steps": steps})).expect("JSON");
        match builtin.generate_now(&instructions) {
            Ok(Draft::Agent(agent, _)) => {
                let agent: Value = serde_json::from_str(agent.get()).expect("a JSON agent");
                assert_eq!(validator::faults(&catalogue, &agent), Vec::<String>::new(), "{agent}");
            }
            other => panic!("{steps} are promised, and {other:?}"),
        }
    }
    let wish = builtin.patch_now("Rename the agent to Bob", &to_raw_value(&json!({"nodes": [], "links": []})).unwrap());
    if let Err(failure) = wish {
        assert_ne!(failure.error_type, ErrorType::UnexpectedError, "{failure:?}");
    }
}

fn refused(error: &CatalogueError) {
    let reason = error.to_string();
    assert!(reason.contains("block catalogue"), "{reason}");
    match error {
        CatalogueError::Entry { number, reason, .. } => assert!(*number > 0 && !reason.is_empty(), "{reason}"),
        CatalogueError::DuplicateId { number, first, .. } | CatalogueError::DuplicateName { number, first, .. } => {
            assert!(first < number && *first > 0, "{reason}");
        }
        CatalogueError::Damaged(error) => panic!("no text can damage what is embedded: {error}"),
        CatalogueError::NotJson(_) | CatalogueError::Unreadable(_) | CatalogueError::Missing(_) => {}
    }
}
