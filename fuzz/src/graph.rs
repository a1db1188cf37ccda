//! Any text as a change request and an agent (two lines): validator, fixer and patcher of the built-in generator.

use std::sync::OnceLock;

use generator::{
    Builtin,
    catalogue::Catalogue,
    fixer::{self, Reach},
    validator,
};
use serde_json::{Value, value::RawValue};
use shared::{error_type::ErrorType, port::Draft};

/// The blocks of the built-in generator.
pub(crate) fn catalogue() -> &'static Catalogue {
    static CATALOGUE: OnceLock<Catalogue> = OnceLock::new();
    CATALOGUE.get_or_init(|| Catalogue::embedded().unwrap())
}

/// Fixing is idempotent, a value that is not an agent stays unchanged, and a patch introduces no fault.
pub fn check(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    let Some((wish, agent)) = text.split_once('\n') else { return };
    // Parsed like the functions do, with their limit of depth.
    let Ok(raw) = shared::json::parse(agent) else { return };
    let Ok(agent) = serde_json::from_str::<Value>(raw.get()) else { return };
    let catalogue = catalogue();
    validator::faults(catalogue, &agent);
    for reach in [Reach::All, Reach::of_change(&Value::Null, &agent)] {
        let once = fixer::fix(catalogue, agent.clone(), &reach);
        assert_eq!(fixer::fix(catalogue, once.clone(), &reach).to_string(), once.to_string(), "of {agent}");
        if !agent.is_object() {
            assert_eq!(once, agent);
        }
    }
    patched(wish, &agent, raw);
}

fn patched(wish: &str, before: &Value, raw: &RawValue) {
    if wish.trim().is_empty() {
        return;
    }
    match Builtin::new().patch_now(wish, raw) {
        Ok(Draft::Agent(after, _)) => {
            let after: Value = serde_json::from_str(after.get()).expect("a JSON agent");
            assert_eq!(validator::faults_of_change(catalogue(), before, &after), Vec::<String>::new(), "{after}");
        }
        Ok(Draft::ClarifyingQuestions(questions)) => assert!((1..=5).contains(&questions.len()), "{questions:?}"),
        Err(failure) => {
            let class = &failure.error_type;
            assert!(matches!(class, ErrorType::PatchError | ErrorType::ValidationError), "{failure:?}");
        }
    }
}
